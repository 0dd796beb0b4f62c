//! What `vigie check` found, for people.

use std::io::{self, Write};
use std::path::Path;

use super::{counted, line, verbatim};
use crate::lang::Lang;
use crate::vocabulary::check::{Findings, Severity};

/// Writes one finding a line, `file:line: what (why)`, which editors can jump to, then a line with the counts.
///
/// # Errors
/// The writer's own.
pub fn text(out: &mut dyn Write, found: &Findings, dir: &Path, lang: Lang) -> io::Result<()> {
    for finding in &found.findings {
        let number = finding.line.map(|line| format!("{line}:")).unwrap_or_default();
        let (mut what, why) = (lang.tell(finding.what.as_str()), lang.tell(finding.why.as_str()));
        if finding.severity == Severity::Warning {
            what = lang.tell(format!("warning: {}", finding.what));
        }
        let told = format!("{}:{number} {what} ({why})", dir.join(&finding.file).display());
        writeln!(out, "{}", verbatim(&told))?;
    }
    let counts = format!(
        "{}, {}: {}, {}",
        counted(found.places, "place"),
        counted(found.actors, "actor"),
        counted(found.count(Severity::Error), "error"),
        counted(found.count(Severity::Warning), "warning"),
    );
    line(out, lang, counts)
}
