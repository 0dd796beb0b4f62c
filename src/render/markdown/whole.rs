//! A report, or one of its passages, in Markdown.

use std::io::{self, Write};

use super::super::terminal::Shown;
use super::escape::{inline, line, link, quote};
use super::{labelled, list, notes, spans};
use crate::lang::Lang;
use crate::whole::Whole;

/// Writes a report: its title, what is known of it, and its passages as quotes, each with its citation as a footnote; `lang` is
/// the language of all that is not the report's.
///
/// # Errors
/// The writer's own.
pub fn markdown(out: &mut dyn Write, whole: &Whole, lang: Lang) -> io::Result<()> {
    let info = &whole.cited.report.info;
    let title = info.title.as_deref().filter(|title| !title.trim().is_empty());
    let marks = if title.is_some() { spans(&whole.title_marks) } else { Vec::new() };
    let title = Shown::new(title.unwrap_or(&info.id), 0, &marks).on_one_line();
    writeln!(out, "# {}\n", inline(&title, 0..title.text.len()))?;
    let joined = |values: Vec<String>| values.join(", ");
    let about = [
        ("author", whole.cited.report.author.clone().unwrap_or_default()),
        ("source", info.source.clone().unwrap_or_default()),
        ("published", info.published.map(|day| day.to_string()).unwrap_or_default()),
        ("path", info.path.clone()),
        ("groups", joined(whole.groups.iter().map(ToString::to_string).collect())),
        ("regions", joined(whole.regions.iter().map(ToString::to_string).collect())),
        ("dates", joined(whole.dates.iter().map(ToString::to_string).collect())),
    ];
    let told: Vec<String> = about
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| labelled(name, value, lang))
        .collect();
    // It is told already.
    list(out, &told, Lang::En)?;
    list(out, &notes(&whole.expanded, &whole.warnings, true), lang)?;
    let url = info.url.as_deref().map(link).unwrap_or_default();
    for passage in &whole.passages {
        let text = Shown::new(&passage.passage.text, passage.passage.start, &spans(&passage.marks));
        let n = passage.passage.ordinal;
        writeln!(out, "{}[^{n}]\n\n[^{n}]: {}{url}\n", quote(&text), line(&passage.cite))?;
    }
    Ok(())
}
