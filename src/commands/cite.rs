//! `vigie cite`: citations of reports and passages, and whether their quotes still stand.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum, ValueHint};
use serde_json::json;

use super::{Common, Status};
use crate::citation::{Named, named};
use crate::index::IndexReader;
use crate::lang::Lang;
use crate::render;
use crate::render::cited::{STANDINGS, word};
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
        return check(&common.open()?, file, arguments.format, common.language());
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
fn check(reader: &IndexReader, file: &Path, format: Format, lang: Lang) -> anyhow::Result<Status> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut counts: BTreeMap<&str, usize> = STANDINGS.map(|standing| (word(standing), 0)).into();
    let (mut told, mut unread) = (Vec::new(), Vec::new());
    each_line(file, |number, line| {
        let found = named(line);
        let references: Vec<_> = found.iter().filter_map(|named| Some((named.reference.as_ref()?, named))).collect();
        if references.is_empty() && !line.trim().is_empty() {
            unread.push(number);
        }
        for (reference, named) in references {
            let verdict = reader.verdict(reference, named.quote.as_deref())?;
            *counts.entry(word(verdict.standing)).or_default() += 1;
            if format == Format::Json {
                let mut value = serde_json::to_value(&verdict)?;
                value["line"] = number.into();
                told.push(value);
            } else {
                render::cited::verdict(&mut out, number, &verdict, lang)?;
            }
        }
        Ok(())
    })?;
    let [stands, moved, changed, gone] = STANDINGS.map(|standing| counts[word(standing)]);
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
        writeln!(out, "{}{}", lang.tell(sum), lang.tell(without))?;
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

/// Hands on each line of a file, with its number from 1.
fn each_line(file: &Path, mut each: impl FnMut(usize, &str) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let stdin = file == Path::new("-");
    let name = if stdin { "standard input".to_owned() } else { file.display().to_string() };
    let mut lines: Box<dyn BufRead> = if stdin {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(file).with_context(|| name.clone())?))
    };
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if lines.read_until(b'\n', &mut line).with_context(|| name.clone())? == 0 {
            break;
        }
        let wrong = || format!("{name}: line {number} is not UTF-8");
        each(number, std::str::from_utf8(&line).with_context(wrong)?)?;
    }
    Ok(())
}
