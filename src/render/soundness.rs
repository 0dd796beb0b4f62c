//! Whether an index is sound, for people.

use std::io::{self, Write};
use std::path::Path;

use super::{counted, line, verbatim};
use crate::index::{Fault, Soundness};
use crate::lang::Lang;

/// Findings that are shown unless all are wanted.
const SHOWN: usize = 20;

/// Writes what is wrong, one finding a line and all of those listed where `all` says so; then what was checked.
///
/// # Errors
/// The writer's own.
pub(crate) fn text(out: &mut dyn Write, found: &Soundness, index: &Path, all: bool, lang: Lang) -> io::Result<()> {
    let shown = if all { found.findings.len() } else { SHOWN.min(found.findings.len()) };
    for Fault { file, report, what, .. } in &found.findings[..shown] {
        let told = match (file, report) {
            (Some(file), _) => format!("{}: {}", index.join(file).display(), lang.tell(what.as_str())),
            (_, Some(report)) => lang.tell(format!("report “{report}”: {what}")).into_owned(),
            _ => lang.tell(what.as_str()).into_owned(),
        };
        writeln!(out, "{}", verbatim(&told))?;
    }
    let more = found.count() - shown as u64;
    if more > 0 {
        line(out, lang, if all { format!("… {more} more") } else { format!("… {more} more (-v shows them)") })?;
    }
    if found.count() > 0 {
        writeln!(out)?;
    }
    let mut row = |name: &str, value: String| writeln!(out, "{:<10}{}", lang.tell(name), lang.tell(value));
    let verdict = match found.count() {
        0 => "sound".to_owned(),
        count => format!("{}; rebuild it with `vigie index --rebuild` over the same inputs", counted(count, "finding")),
    };
    row("index", verbatim(&format!("{}: {}", index.display(), lang.tell(verdict))))?;
    let bytes = found.bytes as f64 / 1e6;
    row("files", format!("{} of {bytes:.1} MB, each compared with its checksum", counted(found.files, "file")))?;
    let (reports, passages) = (counted(found.reports, "report"), counted(found.passages, "passage"));
    row("reports", format!("{reports} with {passages}, analysed anew and compared"))?;
    let (terms, places) = (counted(found.terms, "term"), counted(found.postings, "place"));
    row("terms", format!("{terms} at {places}, compared"))?;
    if found.unread_segments > 0 {
        let segments = counted(found.unread_segments, "segment");
        row("unread", format!("{segments} of which a file is wrong"))?;
    }
    if found.dead > 0 {
        row("dead", format!("{} replaced or dropped, not merged away yet", counted(found.dead, "report")))?;
    }
    if !found.stray.is_empty() {
        let files = counted(found.stray.len() as u64, "file");
        row("stray", format!("{files} of no commit, removed when something is written next"))?;
    }
    row("seconds", lang.decimal(format!("{:.1}", found.seconds)))
}
