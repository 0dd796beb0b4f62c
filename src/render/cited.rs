//! Citations, and what became of their quotes, for people.

use std::io::{self, Write};

use super::verbatim;
use crate::citation::{Standing, Verdict};
use crate::hit::Span;
use crate::lang::Lang;
use crate::whole::Cited;

/// Writes one citation a line.
///
/// # Errors
/// The writer's own.
pub(crate) fn text(out: &mut dyn Write, cited: &[Cited]) -> io::Result<()> {
    cited.iter().try_for_each(|cited| writeln!(out, "{}", verbatim(&cited.cite)))
}

/// Writes what became of a quote, on one line.
///
/// # Errors
/// The writer's own.
pub(crate) fn verdict(out: &mut dyn Write, line: usize, verdict: &Verdict, lang: Lang) -> io::Result<()> {
    let Verdict { standing, place, start, end, .. } = verdict;
    let width = STANDINGS.iter().map(|standing| lang.tell(standing.name()).chars().count()).max().unwrap_or(0);
    let word = lang.tell(standing.name());
    let told = format!("{line}: {word:<width$} {place}, octets {start}-{end}");
    let now = match (&verdict.moved_to, &verdict.place_now) {
        (Some(span), Some(place)) => format!(" {}", lang.tell(moved(place, span))),
        (None, Some(place)) => format!(" {}", lang.tell(format!("(the report is now read from {place})"))),
        _ => String::new(),
    };
    writeln!(out, "{}", verbatim(&(told + &now)))
}

/// All that can become of a quote.
const STANDINGS: [Standing; 4] = [Standing::Stands, Standing::Moved, Standing::Changed, Standing::Gone];

fn moved(place: &str, to: &Span) -> String {
    format!("(now {place}, octets {}-{})", to.start, to.end)
}

/// Writes what looks like a citation and cannot be read, on one line.
///
/// # Errors
/// The writer's own.
pub(crate) fn broken(out: &mut dyn Write, line: usize, text: &str, lang: Lang) -> io::Result<()> {
    writeln!(out, "{}", verbatim(&format!("{line}: {} {text}", lang.tell("unreadable"))))
}
