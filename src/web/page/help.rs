//! The query language beside the search box: the examples of `vigie help query`, as links.

use std::sync::LazyLock;

use crate::query::HELP;

/// What can be written, under one heading.
#[derive(Debug)]
pub(super) struct Section {
    /// In English, to be told.
    pub(super) heading: &'static str,
    pub(super) examples: Vec<Example>,
}

/// A query, and what it finds, in English, to be told.
#[derive(Debug)]
pub(super) struct Example {
    pub(super) query: &'static str,
    pub(super) finds: &'static str,
}

/// All sections that have examples.
pub(super) static SECTIONS: LazyLock<Vec<Section>> = LazyLock::new(|| {
    let mut sections: Vec<Section> = Vec::new();
    for line in HELP.lines() {
        if let Some(heading) = line.strip_prefix('#') {
            sections.push(Section { heading: heading.trim_start_matches('#').trim(), examples: Vec::new() });
        } else if let (Some(example), Some(section)) = (line.strip_prefix("    "), sections.last_mut()) {
            let (query, finds) = example.split_once("  ").unwrap_or((example, ""));
            section.examples.push(Example { query: query.trim(), finds: finds.trim() });
        }
    }
    sections.retain(|section| !section.examples.is_empty());
    // What is looked for first on a page.
    sections.sort_by_key(|section| section.heading != "Filters");
    sections
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn every_example_is_a_query_and_told_in_french() {
        assert!(SECTIONS.len() >= 4);
        for section in &*SECTIONS {
            assert_ne!(Lang::Fr.tell(section.heading), section.heading);
            for example in &section.examples {
                assert!(crate::query::parse(example.query).is_ok(), "{}", example.query);
                if !example.finds.is_empty() {
                    assert_ne!(Lang::Fr.tell(example.finds), example.finds);
                }
            }
        }
    }
}
