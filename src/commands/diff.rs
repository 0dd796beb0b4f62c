//! `vigie diff`: what two indexes differ in.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum, ValueHint};

use super::question::Manner;
use super::{Common, Status, file};
use crate::diff::{Comparison, Difference, Queries, Sides};
use crate::index::IndexReader;
use crate::render::diff;
use crate::search::Request;

/// Tell what two indexes differ in
///
/// Compares reports by id and content, vocabularies, and how many reports have each value of each facet; with --queries
/// also which results are gained, lost and moved among the first. Exit status 0 means that all of it is the same, 1 that
/// something differs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie diff vigie-index.old vigie-index
  vigie diff old new --queries questions.tsv --match any -n 5
  vigie diff old new --depth 3 --format json | jq .reports.gained")]
pub(super) struct Arguments {
    /// Directory of the first index
    #[arg(value_name = "A", value_hint = ValueHint::DirPath)]
    a: PathBuf,
    /// Directory of the second
    #[arg(value_name = "B", value_hint = ValueHint::DirPath)]
    b: PathBuf,
    /// Compare what queries find too: lines of id<TAB>query, or requests as JSON; - reads standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    queries: Option<PathBuf>,
    /// Hits of each query that are compared; 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10, requires = "queries")]
    limit: usize,
    /// Levels of facets that are compared; dates have years, months and days
    #[arg(long, value_name = "N", default_value_t = 2)]
    depth: usize,
    /// Format of the differences
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    manner: Manner,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let (a, b) = (IndexReader::open(&arguments.a)?, IndexReader::open(&arguments.b)?);
    let queries = arguments.queries.as_deref().map(|file| compare(arguments, file, &a, &b)).transpose()?;
    let mut found = Difference::of(&a, &b, arguments.depth)?;
    let failed = queries.as_ref().map_or(0, |queries| queries.failed.len());
    for (id, why) in queries.iter().flat_map(|queries| &queries.failed) {
        common.note(&format!("query {id} failed: {why}"))?;
    }
    if let Some(queries) = queries {
        found.with(queries);
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => {
            let names = Sides { a: arguments.a.display().to_string(), b: arguments.b.display().to_string() };
            diff::text(&mut out, &found, &names, common.verbose, common.language())?;
        }
        Format::Json => {
            serde_json::to_writer(&mut out, &found).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(match (found.same, failed) {
        (false, _) => Status::Faulty,
        (true, 0) => Status::Done,
        (true, _) => Status::Partial,
    })
}

/// Asks both indexes the queries of a file.
fn compare(arguments: &Arguments, path: &Path, a: &IndexReader, b: &IndexReader) -> anyhow::Result<Queries> {
    let template = Request { limit: arguments.limit, ..arguments.manner.request(String::new()) };
    let mut comparison = Comparison::new(a, b);
    for line in file::requests(path)? {
        let (request, wrong) = line?.request(&template);
        comparison.ask(&request, wrong.map(|error| error.to_string()))?;
    }
    let found = comparison.finish();
    anyhow::ensure!(found.asked > 0, "{}: no query in it", file::name(path));
    Ok(found)
}
