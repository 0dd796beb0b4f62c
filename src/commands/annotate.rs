//! `vigie annotate`: the names and dates that the indexer finds.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use clap::{Args, ValueEnum, ValueHint};

use super::{Common, Status};
use crate::annotate::{Annotator, Knowledge};
use crate::corpus::{Corpus, Item, ReadOptions};
use crate::render::annotation;
use crate::vocabulary::Vocabulary;

/// Show the groups, places and dates that the indexer finds
///
/// Reads what `index` reads; standard input may also hold one plain text. Prints one JSON line a report, or with
/// `--format text` the text with everything found marked.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Files and folders; - reads JSON lines or one text from standard input
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, default_value = "-", hide_default_value = true)]
    paths: Vec<PathBuf>,
    /// Publication date of reports without one
    #[arg(long, value_name = "DATE", value_parser = super::index::day)]
    published: Option<NaiveDate>,
    /// Format of the output
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// One line of JSON a report
    Json,
    /// The text with everything found marked
    Text,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let options = ReadOptions { published: arguments.published, plain_input: true, ..ReadOptions::default() };
    let corpus = Corpus::open(&arguments.paths, options)?;
    let vocabulary = common.vocabulary()?.unwrap_or_else(|| Arc::clone(Vocabulary::builtin()));
    let mut annotator = Annotator::new(Arc::new(Knowledge::new(vocabulary)));
    let mut out = io::BufWriter::new(io::stdout().lock());
    let (mut reports, mut skipped) = (0, 0);
    for item in corpus {
        match item {
            Item::Report(report, notes) => {
                reports += 1;
                if common.verbose {
                    notes.iter().try_for_each(|note| common.note(&note.to_string()))?;
                }
                let annotated = annotator.annotate(&report);
                match arguments.format {
                    Format::Json => annotation::json(&mut out, &annotated)?,
                    Format::Text => annotation::text(&mut out, &annotated, common.style())?,
                }
                out.flush()?;
            }
            Item::Note(note) => common.note(&note.to_string())?,
            // Told only where it is asked for.
            Item::Known(_) | Item::End(_) => {}
            Item::Skip(skip) => {
                skipped += 1;
                common.note(&format!("skipped: {skip}"))?;
            }
        }
    }
    Ok(match (reports, skipped) {
        (_, 1..) => Status::Partial,
        (0, 0) => Status::Nothing,
        _ => Status::Done,
    })
}
