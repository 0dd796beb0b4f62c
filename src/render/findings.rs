//! What `vigie check` found, for people.

use std::io::{self, Write};
use std::path::Path;

use super::{counted, verbatim};
use crate::vocabulary::check::{Findings, Severity};

/// Writes one finding a line, `file:line: what (why)`, which editors can jump to, then a line with the counts.
///
/// # Errors
/// The writer's own.
pub fn text(out: &mut dyn Write, found: &Findings, dir: &Path) -> io::Result<()> {
    for finding in &found.findings {
        let line = finding.line.map(|line| format!("{line}:")).unwrap_or_default();
        let severity = if finding.severity == Severity::Warning { "warning: " } else { "" };
        let told = format!("{}:{line} {severity}{} ({})", dir.join(&finding.file).display(), finding.what, finding.why);
        writeln!(out, "{}", verbatim(&told))?;
    }
    writeln!(
        out,
        "{}, {}: {}, {}",
        counted(found.places, "place"),
        counted(found.actors, "actor"),
        counted(found.count(Severity::Error), "error"),
        counted(found.count(Severity::Warning), "warning"),
    )
}
