//! Citations, and what became of their quotes, for people.

use std::io::{self, Write};

use super::verbatim;
use crate::citation::Verdict;
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
pub(crate) fn verdict(out: &mut dyn Write, line: usize, verdict: &Verdict) -> io::Result<()> {
    let Verdict { standing, place, start, end, .. } = verdict;
    let told = format!("{line}: {:<7} {place}, octets {start}-{end}", standing.name());
    let now = match (&verdict.moved_to, &verdict.place_now) {
        (Some(span), Some(place)) => format!(" (now {place}, octets {}-{})", span.start, span.end),
        (None, Some(place)) => format!(" (the report is now read from {place})"),
        _ => String::new(),
    };
    writeln!(out, "{}", verbatim(&(told + &now)))
}

/// Writes what looks like a citation and cannot be read, on one line.
///
/// # Errors
/// The writer's own.
pub(crate) fn broken(out: &mut dyn Write, line: usize, text: &str) -> io::Result<()> {
    writeln!(out, "{}", verbatim(&format!("{line}: unreadable {text}")))
}
