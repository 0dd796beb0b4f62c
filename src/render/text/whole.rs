//! A report, or one of its passages, for people at a terminal.

use std::io::{self, Write};

use super::super::Style;
use super::super::notes::notes;
use super::super::terminal::{BOLD, DIM, PLAIN, Shown, verbatim};
use super::{INDENT, Mode, Text, few, spans};
use crate::facet::FacetPath;
use crate::whole::{Whole, WholePassage};

/// Writes a report: its title and what is known of it, then its passages, then the citation on one line.
///
/// # Errors
/// The writer's own.
pub fn text(out: &mut dyn Write, style: Style, whole: &Whole) -> io::Result<()> {
    let text = Text::new(style, Mode::Single);
    let (report, info) = (&whole.cited.report, &whole.cited.report.info);
    let title = info.title.as_deref().filter(|title| !title.trim().is_empty());
    let marks = if title.is_some() { spans(&whole.title_marks) } else { Vec::new() };
    text.block(out, "", &Shown::new(title.unwrap_or(&info.id), 0, &marks).on_one_line(), BOLD)?;
    let paths = |paths: &[FacetPath]| paths.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let about = [
        ("report", info.id.clone()),
        ("author", report.author.clone().unwrap_or_default()),
        ("source", info.source.clone().unwrap_or_default()),
        ("published", info.published.map(|day| day.to_string()).unwrap_or_default()),
        ("url", info.url.clone().unwrap_or_default()),
        ("path", info.path.clone()),
        ("language", report.lang.clone()),
        ("groups", paths(&whole.groups)),
        ("regions", paths(&whole.regions)),
        ("dates", whole.dates.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    ];
    for (name, value) in about.iter().filter(|(_, value)| !value.trim().is_empty()) {
        if matches!(*name, "report" | "url" | "path") {
            // On one line however long, so that it can be copied.
            text.paint(out, DIM, &format!("{INDENT}{:<11}{}", text.tell(*name), verbatim(value)))?;
            writeln!(out)?;
        } else {
            text.block(out, &format!("{INDENT}{:<11}", text.tell(*name)), &Shown::line(value), DIM)?;
        }
    }
    for passage in &whole.passages {
        writeln!(out)?;
        write_passage(&text, out, passage)?;
    }
    writeln!(out)?;
    text.paint(out, DIM, &verbatim(&whole.cited.cite))?;
    writeln!(out)?;
    notes(&whole.expanded, &whole.warnings, false)
        .iter()
        .try_for_each(|note| text.block(out, &text.tell("note: "), &Shown::line(&text.tell(note.as_str())), DIM))
}

/// Writes a passage below its number, its bytes and what it tells itself.
fn write_passage(text: &Text, out: &mut dyn Write, whole: &WholePassage) -> io::Result<()> {
    let passage = &whole.passage;
    let names = |paths: &[FacetPath]| few(paths.iter().map(|path| path.name().to_owned()));
    let dates = few(whole.dates.iter().map(ToString::to_string));
    let bytes = text.tell(format!("bytes {}-{}", passage.start, passage.end)).into_owned();
    let parts = [Some(bytes), dates, names(&whole.groups), names(&whole.regions)];
    let heading = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    text.block(out, &format!("#{} · ", passage.ordinal), &Shown::line(&heading), DIM)?;
    let shown = Shown::new(&passage.text, passage.start, &spans(&whole.marks));
    text.block(out, INDENT, &shown, PLAIN)
}
