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
    let width = STANDINGS.iter().map(|standing| lang.tell(word(*standing)).chars().count()).max().unwrap_or(0);
    let word = lang.tell(word(*standing));
    let told = format!("{line}: {word:<width$} {place}, octets {start}-{end}");
    let now = match (&verdict.moved_to, &verdict.place_now) {
        (Some(span), Some(place)) => format!(" {}", lang.tell(moved(place, span))),
        (None, Some(place)) => format!(" {}", lang.tell(format!("(the report is now read from {place})"))),
        _ => String::new(),
    };
    writeln!(out, "{}", verbatim(&(told + &now)))
}

/// All that can become of a quote.
pub(crate) const STANDINGS: [Standing; 4] = [Standing::Stands, Standing::Moved, Standing::Changed, Standing::Gone];

/// What became of a quote, in one word, which is its key too.
pub(crate) fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Stands => "stands",
        Standing::Moved => "moved",
        Standing::Changed => "changed",
        Standing::Gone => "gone",
    }
}

fn moved(place: &str, to: &Span) -> String {
    format!("(now {place}, octets {}-{})", to.start, to.end)
}
