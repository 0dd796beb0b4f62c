//! The closing summary of `vigie index`, for people.

use std::io::{self, Write};
use std::path::Path;

use super::line;
use super::terminal::verbatim;
use crate::corpus::{Note, Skip};
use crate::index::{Coverage, Summary};
use crate::lang::Lang;

/// Ids that are named before the rest is counted.
const NAMED: usize = 5;

/// Writes what a run did: counts first, then every input that was skipped with its reason, then what else to know;
/// `verbose` names every report without a date and all that was left out of inputs.
///
/// # Errors
/// The writer's own.
pub fn text(out: &mut dyn Write, summary: &Summary, index: &Path, verbose: bool, lang: Lang) -> io::Result<()> {
    let would = if summary.written { "written to" } else { "nothing written to" };
    let counts = format!(
        "{} read, {would} {}: {} added, {} updated, {} unchanged, {} removed, {} skipped; {} {}",
        reports(summary.read()),
        index.display(),
        summary.added,
        summary.updated,
        summary.unchanged,
        summary.removed,
        summary.skipped.len(),
        summary.reports,
        if summary.dry_run { "would be in the index" } else { "in the index" },
    );
    line(out, lang, counts)?;
    let [files, text] = [summary.bytes, summary.text_bytes].map(|bytes| bytes as f64 / 1e6);
    line(out, lang, format!("{files:.1} MB of files, {text:.1} MB of text in {:.1} s", summary.seconds))?;
    if !summary.languages.is_empty() {
        let languages: Vec<String> = summary.languages.iter().map(|(code, count)| format!("{code} {count}")).collect();
        line(out, lang, format!("languages: {}", languages.join(", ")))?;
    }
    if summary.annotation {
        coverage(out, &summary.annotated, lang)?;
    } else {
        let told = "not annotated: groups, regions and dates are those that the records give";
        line(out, lang, told.to_owned())?;
    }
    ids(out, "removed", &summary.removed_ids, verbose, lang)?;
    ids(out, "without any date", &summary.undated, verbose, lang)?;
    ids(out, "given more than once, of which the last holds", &summary.duplicates, true, lang)?;
    if !summary.skipped.is_empty() {
        line(out, lang, format!("skipped: {}", summary.skipped.len()))?;
        for skip in &summary.skipped {
            let told = Skip { reason: lang.tell(skip.reason.as_str()).into_owned(), ..skip.clone() };
            writeln!(out, "  {}", verbatim(&told.to_string()))?;
            if let Some(hint) = &skip.hint {
                writeln!(out, "    {}", lang.tell(format!("hint: {}", verbatim(hint))))?;
            }
        }
    }
    if verbose {
        for note in &summary.notes {
            let told = Note { what: lang.tell(note.what.as_str()).into_owned(), ..note.clone() };
            writeln!(out, "{}{}", lang.tell("note: "), verbatim(&told.to_string()))?;
        }
    } else if !summary.notes.is_empty() {
        line(out, lang, format!("notes: {} (-v shows them)", summary.notes.len()))?;
    }
    Ok(())
}

/// How many reports have a group, a region, a date; and the names that stayed open.
fn coverage(out: &mut dyn Write, found: &Coverage, lang: Lang) -> io::Result<()> {
    if found.reports == 0 {
        return Ok(());
    }
    let of = |count: u64| format!("{count} ({:.0} %)", 100.0 * count as f64 / found.reports as f64);
    let (groups, regions, dates) = (of(found.groups), of(found.regions), of(found.dates));
    let told = format!("annotated: {groups} with a group, {regions} with a region, {dates} with the date of an event");
    line(out, lang, told)?;
    if !found.unresolved.is_empty() {
        let names: Vec<String> =
            found.unresolved.iter().map(|open| format!("{} {}", verbatim(&open.name), open.reports)).collect();
        line(out, lang, format!("names that stayed open, with reports: {}", names.join(", ")))?;
    }
    Ok(())
}

fn reports(count: u64) -> String {
    if count == 1 { "1 report".to_owned() } else { format!("{count} reports") }
}

fn ids(out: &mut dyn Write, what: &str, ids: &[String], all: bool, lang: Lang) -> io::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let shown = if all { ids.len() } else { NAMED.min(ids.len()) };
    let named: Vec<_> = ids[..shown].iter().map(|id| verbatim(id)).collect();
    let rest = if shown < ids.len() { format!(" and {} more", ids.len() - shown) } else { String::new() };
    line(out, lang, format!("{what}: {} ({}{rest})", ids.len(), named.join(", ")))
}
