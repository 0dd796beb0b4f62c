//! `vigie cite`: citations of reports and passages, and whether their quotes still stand.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};
use serde_json::json;

use super::file::each_line;
use super::{Common, Status};
use crate::citation::{Named, Standing, named};
use crate::index::IndexReader;
use crate::render;
use crate::search::{SearchError, Searcher};
use crate::whole::Cited;

/// Cite reports and passages, or check citations
///
/// An ID is that of a report or of a passage (id#3), or the place that hits show; - reads one a line from standard
/// input, where a line may also be a citation, a hit or an answer in JSON. BibTeX and CSL-JSON have one entry a report,
/// which names the passages that were given.
///
/// --check reads such lines and tells for each citation whether its quote still stands: at the same bytes (stands), at
/// others of the same report (moved), not any more (changed), or whether the report itself is gone. Exit status 1 if
/// one of them does not stand, 3 if all that were read do but some lines hold no citation.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie cite e05-radio 'e05-radio#1'
  vigie search embuscade -n 0 --format jsonl | vigie cite - --format bibtex > sources.bib
  vigie cite --check article.txt")]
pub(super) struct Arguments {
    /// Reports or passages; - reads them from standard input
    #[arg(value_name = "ID", required_unless_present = "check", conflicts_with = "check")]
    ids: Vec<String>,
    /// Check the citations of a text, or of JSON lines; - reads standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    check: Option<PathBuf>,
    /// Format of the citations [with --check: text or json]
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line each
    Text,
    /// One JSON array; with --check one object
    Json,
    /// Entries for biblatex
    Bibtex,
    /// One array, as Zotero reads it
    CslJson,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    if let Some(file) = &arguments.check {
        let wrong = matches!(arguments.format, Format::Bibtex | Format::CslJson);
        anyhow::ensure!(!wrong, "--check: what it finds is told as text or json; choose one of them with --format");
        return check(&common.open()?, file, arguments.format);
    }
    let reader = common.open()?;
    let mut searcher = Searcher::new(&reader);
    let mut cited: Vec<Cited> = Vec::new();
    let mut status = Status::Done;
    for id in &arguments.ids {
        if id != "-" {
            cited.push(searcher.whole(id, None)?.cited);
            continue;
        }
        each_line(Path::new("-"), |number, line| {
            let found = named(line);
            if found.is_empty() && !line.trim().is_empty() {
                status = Status::Partial;
                common.note(&format!("line {number} names no report"))?;
            }
            for Named { name, .. } in found {
                match searcher.whole(&name, None) {
                    Ok(whole) => cited.push(whole.cited),
                    Err(error @ (SearchError::UnknownReport { .. } | SearchError::UnknownPassage { .. })) => {
                        status = Status::Partial;
                        common.note(&format!("line {number}: {error}"))?;
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            Ok(())
        })?;
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => render::cited::text(&mut out, &cited)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &cited)?;
            writeln!(out)?;
        }
        Format::Bibtex => render::bibtex(&mut out, &cited)?,
        Format::CslJson => render::csl_json(&mut out, &cited)?,
    }
    out.flush()?;
    Ok(if cited.is_empty() && status == Status::Done { Status::Nothing } else { status })
}

/// Tells of each citation of a file whether its quote still stands.
fn check(reader: &IndexReader, file: &Path, format: Format) -> anyhow::Result<Status> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut counts: BTreeMap<&str, usize> = ["stands", "moved", "changed", "gone"].map(|name| (name, 0)).into();
    let (mut told, mut unread) = (Vec::new(), Vec::new());
    each_line(file, |number, line| {
        let found = named(line);
        let references: Vec<_> = found.iter().filter_map(|named| Some((named.reference.as_ref()?, named))).collect();
        if references.is_empty() && !line.trim().is_empty() {
            unread.push(number);
        }
        for (reference, named) in references {
            let verdict = reader.verdict(reference, named.quote.as_deref())?;
            let name = match verdict.standing {
                Standing::Stands => "stands",
                Standing::Moved => "moved",
                Standing::Changed => "changed",
                Standing::Gone => "gone",
            };
            *counts.entry(name).or_default() += 1;
            if format == Format::Json {
                let mut value = serde_json::to_value(&verdict)?;
                value["line"] = number.into();
                told.push(value);
            } else {
                render::cited::verdict(&mut out, number, &verdict)?;
            }
        }
        Ok(())
    })?;
    let [stands, moved, changed, gone] = ["stands", "moved", "changed", "gone"].map(|name| counts[name]);
    if format == Format::Json {
        let counts = json!({ "stands": stands, "moved": moved, "changed": changed, "gone": gone });
        let value = json!({ "citations": told, "counts": counts, "lines_without_citation": unread });
        serde_json::to_writer_pretty(&mut out, &value)?;
        writeln!(out)?;
    } else {
        let all = stands + moved + changed + gone;
        let plural = if all == 1 { "" } else { "s" };
        let sum = format!("{all} citation{plural}: stands {stands}, moved {moved}, changed {changed}, gone {gone}");
        let lines: Vec<String> = unread.iter().take(SHOWN).map(ToString::to_string).collect();
        let more = if unread.len() > SHOWN { ", …" } else { "" };
        let without = match unread.len() {
            0 => String::new(),
            n => format!("; lines without a citation: {n} ({}{more})", lines.join(", ")),
        };
        writeln!(out, "{sum}{without}")?;
    }
    out.flush()?;
    Ok(if moved + changed + gone > 0 {
        Status::Faulty
    } else if !unread.is_empty() {
        Status::Partial
    } else if stands == 0 {
        Status::Nothing
    } else {
        Status::Done
    })
}

/// Lines without a citation that are told by their number.
const SHOWN: usize = 10;
