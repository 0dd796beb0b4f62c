//! `vigie show`: a report or passage whole.

use std::io::{self, Write};

use chrono::Utc;
use clap::{Args, ValueEnum};

use super::{Common, Status};
use crate::render;
use crate::search::{Request, Searcher};

/// Show a report or a passage whole, with its citation
///
/// ID is the id of a report, that of a passage (id#3), or the place that the last line of a hit shows. A report is shown
/// with all its passages, each with its number and its bytes in the stored text.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie show mali/2024-08-16-embuscade-diallassagou.txt
  vigie show sample_corpus/radio/breves.ndjson:e05-radio#1
  vigie show e05-radio --highlight 'gendarme embuscade'
  vigie show e05-radio --format bibtex >> sources.bib")]
pub(super) struct Arguments {
    /// The report or passage
    #[arg(value_name = "ID")]
    id: String,
    /// Mark what this query would mark in hits
    #[arg(long, value_name = "QUERY")]
    highlight: Option<String>,
    /// Mark the words of the query alone, not other names, synonyms or spellings
    #[arg(long, requires = "highlight")]
    no_expand: bool,
    /// Format of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// One page of HTML, complete in itself
    Html,
    /// Quotes, with their citations as footnotes
    Markdown,
    /// An entry for biblatex
    Bibtex,
    /// An array of one item, as Zotero reads it
    CslJson,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let reader = common.open()?;
    let query = arguments.highlight.as_deref();
    let request =
        query.map(|query| Request { query: query.to_owned(), expand: !arguments.no_expand, ..Request::default() });
    let whole = Searcher::new(&reader).whole(&arguments.id, request.as_ref())?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => render::whole_text(&mut out, common.style(), &whole)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &whole)?;
            writeln!(out)?;
        }
        Format::Html => render::whole_html(&mut out, &whole, query, Utc::now(), common.language())?,
        Format::Markdown => render::whole_markdown(&mut out, &whole, common.language())?,
        Format::Bibtex => render::bibtex(&mut out, &[whole.cited])?,
        Format::CslJson => render::csl_json(&mut out, &[whole.cited])?,
    }
    out.flush()?;
    Ok(Status::Done)
}
