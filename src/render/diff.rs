//! What two indexes differ in, for people.

use std::io::{self, Write};

use super::{counted, line, verbatim};
use crate::diff::{Difference, Names, Query, Sides};
use crate::lang::Lang;

/// Lines that are shown of each list unless all are wanted.
const SHOWN: usize = 10;

/// A list that may be cut.
struct List {
    most: usize,
    lang: Lang,
}

impl List {
    fn write<T>(&self, out: &mut dyn Write, items: &[T], line: impl Fn(&T) -> String) -> io::Result<()> {
        for item in items.iter().take(self.most) {
            writeln!(out, "{}", verbatim(&line(item)))?;
        }
        match items.len().saturating_sub(self.most) {
            0 => Ok(()),
            more => writeln!(out, "  {}", self.lang.tell(format!("… {more} more (-v shows them)"))),
        }
    }
}

/// Writes what differs between two indexes, which are called by the names given; all of each list where `all` says so.
///
/// # Errors
/// The writer's own.
pub(crate) fn text(
    out: &mut dyn Write,
    found: &Difference,
    index: &Sides<String>,
    all: bool,
    lang: Lang,
) -> io::Result<()> {
    let lists = List { most: if all { usize::MAX } else { SHOWN }, lang };
    let reports = &found.reports;
    for (name, index, count) in [("a", &index.a, reports.count.a), ("b", &index.b, reports.count.b)] {
        writeln!(out, "{name}  {}: {}", verbatim(index), lang.tell(counted(count, "report")))?;
    }
    if !found.vocabulary.same() {
        let told = |names: &Names| format!("{} places, {} actors, {}", names.places, names.actors, names.hash);
        writeln!(out)?;
        line(out, lang, format!("vocabulary: {} → {}", told(&found.vocabulary.a), told(&found.vocabulary.b)))?;
    }
    let [gained, lost, changed] = [&reports.gained, &reports.lost, &reports.changed].map(Vec::len);
    let unchanged = reports.unchanged;
    writeln!(out)?;
    line(out, lang, format!("reports: {gained} gained, {lost} lost, {changed} changed, {unchanged} unchanged"))?;
    for (sign, ids) in [("+", &reports.gained), ("-", &reports.lost), ("~", &reports.changed)] {
        lists.write(out, ids, |id| format!("  {sign} {id}"))?;
    }
    for (kind, facets) in &found.facets {
        if facets.same() {
            continue;
        }
        let values = counted(facets.values.len(), "value");
        writeln!(out)?;
        line(out, lang, format!("{}: {values} of other counts, to depth {}", kind.name(), found.depth))?;
        if !facets.without.same() {
            writeln!(out, "  {}", lang.tell(format!("none: {}", change(facets.without))))?;
        }
        lists.write(out, &facets.values, |value| format!("  {}: {}", value.path, change(value.reports)))?;
    }
    if let Some(queries) = &found.queries {
        writeln!(out)?;
        let told = match (queries.asked, queries.differing.len()) {
            (1, 1) => "1 query: 1 differs".to_owned(),
            (1, differing) => format!("1 query: {differing} differ"),
            (asked, 1) => format!("{asked} queries: 1 differs"),
            (asked, differing) => format!("{asked} queries: {differing} differ"),
        };
        line(out, lang, told)?;
        for differing in queries.differing.iter().take(lists.most) {
            query(out, differing, &lists)?;
        }
        let more = queries.differing.len().saturating_sub(lists.most);
        if more > 0 {
            line(out, lang, format!("… {more} more (-v shows them)"))?;
        }
    }
    if !found.same {
        return Ok(());
    }
    writeln!(out)?;
    line(out, lang, "the same".to_owned())
}

/// `37 → 36 (-1)`.
fn change(reports: Sides<u64>) -> String {
    let Sides { a, b } = reports;
    let sign = if b < a { '-' } else { '+' };
    format!("{a} → {b} ({sign}{})", a.abs_diff(b))
}

fn query(out: &mut dyn Write, query: &Query, list: &List) -> io::Result<()> {
    let side = |total: Option<u64>| total.map_or("-".to_owned(), |total| total.to_string());
    let lang = list.lang;
    let total = lang.tell(match (query.total.a, query.total.b) {
        (Some(a), Some(b)) if a == b => counted(a, "report"),
        (a, b) => format!("{} → {} reports", side(a), side(b)),
    });
    writeln!(out, "{}", verbatim(&format!("  {}: {} ({total})", query.id, query.query)))?;
    for (name, error) in [("a", &query.error.a), ("b", &query.error.b)] {
        if let Some(error) = error {
            let told = lang.tell(format!("{name} cannot answer: {error}"));
            writeln!(out, "    {}", verbatim(&told))?;
        }
    }
    list.write(out, &query.gained, |hit| format!("    + {} {}", hit.id, lang.tell(format!("at {}", hit.rank))))?;
    list.write(out, &query.lost, |hit| format!("    - {} {}", hit.id, lang.tell(format!("from {}", hit.rank))))?;
    list.write(out, &query.moved, |hit| format!("    ~ {} {} → {}", hit.id, hit.ranks.a, hit.ranks.b))
}
