//! `vigie search`: ranked passages.

use std::io::{self, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use clap::{Args, ValueHint};

use super::listing::Listing;
use super::question::Question;
use super::{Common, Status, file};
use crate::hit::Answer;
use crate::index::IndexReader;
use crate::render::{self, Context, Failure, Fault, Format, Mode};
use crate::search::{self, Part, Request, SearchError, Searcher};

/// Find passages
///
/// Words are found in every inflection; "quoted words" as they stand; -word excludes; OU joins alternatives;
/// `vigie help query` tells the whole language. Filters of one kind are alternatives, filters of several kinds hold
/// together. A query that begins with a dash stands after --, or is written with SAUF. Without a query all that the
/// filters hold is listed, newest first. What the query was widened by is told, and --no-expand turns that off.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie search embuscade gendarme
  vigie search '\"forces armées\" Mopti -civils' --since 2024-08
  vigie search -- -civils
  vigie search 'attaque OU embuscade' --group JNIM --sort newest --format jsonl
  vigie search Mopti --limit 0 --format jsonl > mopti.jsonl
  vigie search --queries questions.tsv --match any --format trec
  vigie search --queries requests.jsonl --jobs 0 --format jsonl")]
pub(super) struct Arguments {
    /// Batch: lines of id<TAB>query, or requests as JSON; - reads standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["query", "count"])]
    queries: Option<PathBuf>,
    /// Requests of a batch that are answered at the same time, 0 for one a core; answers stay in order [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(0..=256))]
    jobs: Option<u16>,
    /// Show the number of reports only
    #[arg(short, long, conflicts_with = "explain")]
    count: bool,
    #[command(flatten)]
    listing: Listing,
    #[command(flatten)]
    question: Question,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    arguments.listing.check()?;
    if arguments.count && !matches!(arguments.listing.format, Format::Text | Format::Json | Format::Jsonl) {
        anyhow::bail!("--count: a number is told as text, json or jsonl; choose one of them with --format");
    }
    if arguments.jobs.is_some() && arguments.queries.is_none() {
        anyhow::bail!("--jobs: a single query has no jobs; give a batch with --queries FILE");
    }
    let reader = common.open()?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    match &arguments.queries {
        Some(file) => batch(common, arguments, &reader, file, &mut out),
        None => single(common, arguments, &mut Searcher::new(&reader), &mut out),
    }
}

fn single(
    common: &Common,
    arguments: &Arguments,
    searcher: &mut Searcher<'_>,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let request = arguments.request();
    if arguments.count {
        let total = searcher.count(&request)?;
        match arguments.listing.format {
            Format::Json | Format::Jsonl => writeln!(out, "{}", serde_json::json!({ "total": total }))?,
            _ => writeln!(out, "{total}")?,
        }
        out.flush()?;
        return Ok(if total == 0 { Status::Nothing } else { Status::Done });
    }
    let asked = serde_json::to_value(&request)?;
    let command = arguments.command(common);
    let context = Context { query: &request.query, request: &asked, command: Some(&command) };
    let mut renderer = arguments.listing.renderer(common, Mode::Single);
    let mut head = Answer::default();
    searcher.stream(&request, |part| -> anyhow::Result<()> {
        match part {
            Part::Answer(answer) => {
                renderer.begin(out)?;
                renderer.answer(out, &context, &answer)?;
                head = Answer { hits: Vec::new(), ..*answer };
            }
            Part::Hits(hits) => renderer.more(out, &context, &hits)?,
        }
        Ok(())
    })?;
    renderer.end(out)?;
    out.flush()?;
    if arguments.listing.is_bare() {
        render::aside(&context, &head).iter().try_for_each(|note| common.note(note))?;
    }
    Ok(if head.total == 0 { Status::Nothing } else { Status::Done })
}

fn batch(
    common: &Common,
    arguments: &Arguments,
    reader: &IndexReader,
    path: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let lines = file::requests(path)?;
    let jobs = match arguments.jobs.unwrap_or(1) {
        0 => thread::available_parallelism().map_or(1, NonZero::get),
        jobs => usize::from(jobs),
    };
    let mut renderer = arguments.listing.renderer(common, Mode::Batch);
    let mut status = Status::Done;
    renderer.begin(out)?;
    search::batch(reader, &arguments.request(), lines, jobs, |request, outcome| {
        let asked = serde_json::to_value(request)?;
        let context = Context { query: &request.query, request: &asked, command: None };
        match outcome {
            Ok(answer) => renderer.answer(out, &context, &answer)?,
            Err(error @ SearchError::Index(_)) => return Err(error.into()),
            Err(error) => {
                status = Status::Partial;
                common.note(&format!("query {} failed: {error}", request.id.as_deref().unwrap_or_default()))?;
                let (start, end) = error.span().map(|(_, span)| (span.start, span.end)).unzip();
                let error = Fault { message: error.to_string(), start, end, hint: error.hint() };
                renderer.failure(out, &context, &Failure { id: request.id.clone(), error })?;
            }
        }
        // Whoever feeds requests through a pipe may wait for this answer before sending the next.
        Ok(out.flush()?)
    })?;
    renderer.end(out)?;
    out.flush()?;
    Ok(status)
}

impl Arguments {
    /// The request that the flags make.
    fn request(&self) -> Request {
        self.listing.of(self.question.request())
    }

    /// The command line that asks another query in the same way, but for the query; from the first hit on.
    fn command(&self, common: &Common) -> String {
        let mut words = vec!["vigie search".to_owned()];
        words.extend(common.index_flag());
        words.extend(self.question.flags());
        words.extend(self.listing.flags());
        // What was given against a setting has to be given again, be it a default.
        let against = common.settings.overriding.iter().filter(|flag| !words.contains(flag)).cloned();
        words.extend(against.collect::<Vec<_>>());
        words.join(" ")
    }
}
