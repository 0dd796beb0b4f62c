//! The patterns of `dispatches.txt`: sections of alternatives, each a row of plain text and slots.

use std::collections::HashMap;

use super::random::{Random, Zipf};

/// A part of an alternative.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// Text as it is.
    Text(String),
    /// What another section or the writer gives; with a capital where it begins with one.
    Slot(String, bool),
}

/// All sections, by name.
#[derive(Debug)]
pub(crate) struct Grammar(HashMap<String, Section>);

/// The alternatives of a section.
#[derive(Debug)]
struct Section {
    alternatives: Vec<Vec<Piece>>,
    /// How often each is taken; all alike where there is none.
    zipf: Option<Zipf>,
}

/// What is added to the rank of an alternative in a list whose first ones come more often.
const ADDED: u64 = 4;

impl Grammar {
    /// The patterns of a text.
    pub(crate) fn new(text: &str) -> Self {
        let mut sections: HashMap<String, Section> = HashMap::new();
        let mut open: Option<(String, bool)> = None;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(head) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                let name = head.trim_end_matches([' ', '=']);
                open = Some((name.to_owned(), head.ends_with('=')));
                continue;
            }
            let (name, alike) = open.as_ref().expect("a line stands below the head of a section");
            let empty = || Section { alternatives: Vec::new(), zipf: None };
            let section = sections.entry(name.clone()).or_insert_with(empty);
            section.alternatives.extend(line.split(" | ").map(pieces));
            section.zipf = (!alike).then(|| Zipf::new(section.alternatives.len(), ADDED));
        }
        Self(sections)
    }

    /// An alternative of a section, if there is such a section.
    pub(crate) fn one(&self, section: &str, random: &mut Random) -> Option<&[Piece]> {
        let section = self.0.get(section)?;
        Some(match &section.zipf {
            Some(zipf) => &section.alternatives[zipf.place(random)],
            None => random.one::<Vec<Piece>>(&section.alternatives),
        })
    }
}

/// The parts of one alternative.
fn pieces(mut text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    while let Some((before, rest)) = text.split_once('{') {
        let (name, rest) = rest.split_once('}').expect("a slot ends");
        if !before.is_empty() {
            found.push(Piece::Text(before.to_owned()));
        }
        found.push(Piece::Slot(name.to_lowercase(), name.starts_with(char::is_uppercase)));
        text = rest;
    }
    if !text.is_empty() {
        found.push(Piece::Text(text.to_owned()));
    }
    found
}
