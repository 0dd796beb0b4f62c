//! `vigie cite`: citations of reports and passages, and whether their quotes still stand.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};
use serde_json::json;

use super::file::{each_line, name};
use super::{Common, Status};
use crate::citation::{Mention, Named, TextReader, named};
use crate::render;
use crate::search::{SearchError, Searcher};
use crate::whole::{Cited, Whole};

/// Cite reports and passages, or check citations
///
/// An ID is that of a report or of a passage (id#3), or the place that hits show; - reads one a line from standard
/// input, where a line may also be a citation, a hit or an answer in JSON. BibTeX and CSL-JSON have one entry a report,
/// which names the passages that were given.
///
/// --check reads any text, page, table, .bib or JSON, also where lines are wrapped, and tells for each citation, with the
/// line it ends on, whether its quote still stands: where it says (stands), elsewhere in the report or in another one
/// (moved), not any more (changed), or whether the report itself is gone. Exit status 1 if one of them does not stand or
/// there is none, 3 if all do but some of what looks like a citation cannot be read.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie cite e05-radio 'e05-radio#1'
  vigie search embuscade -n 0 --format jsonl | vigie cite - --format bibtex > sources.bib
  vigie cite --check article.txt")]
pub(super) struct Arguments {
    /// Reports or passages; - reads them from standard input
    #[arg(value_name = "ID", required_unless_present = "check", conflicts_with = "check")]
    ids: Vec<String>,
    /// Check the citations of a text, a page, a table or JSON; - reads standard input
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
        return check(common, file, arguments.format);
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
            for named in found {
                match whole(&mut searcher, &named) {
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

/// What a name stands for, by the first of its readings that anything is called.
fn whole(searcher: &mut Searcher<'_>, named: &Named) -> Result<Whole, SearchError> {
    let mut first = None;
    for name in named.names() {
        match searcher.whole_if_any(name, None) {
            Ok(Some(whole)) => return Ok(whole),
            Ok(None) => {}
            Err(error @ SearchError::UnknownPassage { .. }) => {
                first.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
    }
    let unknown = || SearchError::UnknownReport { name: named.name.clone(), near: Vec::new() };
    Err(first.unwrap_or_else(unknown))
}

/// Tells of each citation of a file whether its quote still stands.
fn check(common: &Common, file: &Path, format: Format) -> anyhow::Result<Status> {
    let reader = common.open()?;
    let (mut text, mut found) = (TextReader::default(), Vec::new());
    each_line(file, |number, line| {
        found.extend(text.line(number, line));
        Ok(())
    })?;
    found.extend(text.end());
    let cited = found.iter().filter_map(|(_, mention)| match mention {
        Mention::Cited(named) => Some((named.reference.as_ref()?, named.quote.as_deref())),
        Mention::Broken(_) => None,
    });
    let verdicts = reader.verdicts(&cited.collect::<Vec<_>>())?;
    let mut counts: BTreeMap<&str, usize> = ["stands", "moved", "changed", "gone"].map(|name| (name, 0)).into();
    for verdict in &verdicts {
        *counts.entry(verdict.standing.name()).or_default() += 1;
    }
    let [stands, moved, changed, gone] = ["stands", "moved", "changed", "gone"].map(|name| counts[name]);
    let (all, broken) = (verdicts.len(), found.len() - verdicts.len());
    let (mut told, mut verdicts) = (Vec::new(), verdicts.into_iter());
    for (line, mention) in &found {
        match mention {
            Mention::Cited(_) => told.extend(verdicts.next().map(|verdict| (*line, Ok(verdict)))),
            Mention::Broken(around) => told.push((*line, Err(around))),
        }
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    if format == Format::Json {
        let (mut citations, mut unreadable) = (Vec::new(), Vec::new());
        for (line, told) in told {
            match told {
                Ok(verdict) => {
                    let mut value = serde_json::to_value(&verdict)?;
                    value["line"] = line.into();
                    citations.push(value);
                }
                Err(text) => unreadable.push(json!({ "line": line, "text": text })),
            }
        }
        let counts = json!({ "stands": stands, "moved": moved, "changed": changed, "gone": gone });
        let value = json!({ "citations": citations, "counts": counts, "unreadable": unreadable });
        serde_json::to_writer_pretty(&mut out, &value)?;
        writeln!(out)?;
    } else {
        for (line, told) in told {
            match told {
                Ok(verdict) => render::cited::verdict(&mut out, line, &verdict, common.language())?,
                Err(text) => render::cited::broken(&mut out, line, text, common.language())?,
            }
        }
        let plural = if all == 1 { "" } else { "s" };
        let unreadable = if broken > 0 { format!("; unreadable {broken}") } else { String::new() };
        let lang = common.language();
        let sum = format!("{all} citation{plural}: stands {stands}, moved {moved}, changed {changed}, gone {gone}");
        writeln!(out, "{}{}", lang.tell(sum), lang.tell(unreadable))?;
    }
    out.flush()?;
    Ok(if moved + changed + gone > 0 {
        Status::Faulty
    } else if broken > 0 {
        Status::Partial
    } else if all == 0 {
        common.note(&format!("{} holds no citation", name(file)))?;
        Status::Nothing
    } else {
        Status::Done
    })
}
