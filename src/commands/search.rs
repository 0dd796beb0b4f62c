//! `vigie search`: ranked passages.

use std::io::{self, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;

use clap::{Args, ValueHint};

use super::question::{Question, choice, dialect, flag};
use super::{Common, Status, file};
use crate::hit::Answer;
use crate::index::IndexReader;
use crate::render::{self, Context, Dialect, Failure, Fault, Format, Mode, Render};
use crate::search::{self, Collapse, Part, Request, SearchError, Searcher, Sort};

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
    /// Order of hits
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    sort: Sort,
    /// Most hits to show; 0 shows all [default: 10, with --format trec 100]
    #[arg(short = 'n', long, value_name = "N")]
    limit: Option<usize>,
    /// Hits to leave out before the first
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// What becomes of several passages of one report
    #[arg(long, value_name = "HOW", default_value = "report")]
    collapse: Collapse,
    /// Show the number of reports only
    #[arg(short, long)]
    count: bool,
    /// Tell how the query was read, and what the score of each hit is made of
    #[arg(long, conflicts_with = "count")]
    explain: bool,
    /// Format of the answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// CSV for a French Excel: semicolons, byte order mark, decimal commas; with --format csv
    #[arg(long)]
    excel_fr: bool,
    #[command(flatten)]
    question: Question,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    if arguments.explain && matches!(arguments.format, Format::Trec | Format::Csv | Format::Tsv) {
        anyhow::bail!("--explain: fixed columns have no place for reasons; choose another --format");
    }
    dialect(arguments.excel_fr, arguments.format == Format::Csv)?;
    if arguments.count && !matches!(arguments.format, Format::Text | Format::Json | Format::Jsonl) {
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
        match arguments.format {
            Format::Json | Format::Jsonl => writeln!(out, "{}", serde_json::json!({ "total": total }))?,
            _ => writeln!(out, "{total}")?,
        }
        out.flush()?;
        return Ok(if total == 0 { Status::Nothing } else { Status::Done });
    }
    let asked = serde_json::to_value(&request)?;
    let command = arguments.command(common);
    let context = Context { query: &request.query, request: &asked, command: Some(&command) };
    let mut renderer = arguments.renderer(common, Mode::Single);
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
    if matches!(arguments.format, Format::Jsonl | Format::Trec | Format::Csv | Format::Tsv) {
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
    let mut renderer = arguments.renderer(common, Mode::Batch);
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
        Request {
            sort: self.sort,
            limit: self.limit.unwrap_or(if self.format == Format::Trec { 100 } else { 10 }),
            offset: self.offset,
            collapse: self.collapse,
            explain: self.explain,
            fields: (self.format == Format::Trec).then(|| vec!["id".to_owned()]),
            ..self.question.request()
        }
    }

    /// What writes the answers.
    fn renderer(&self, common: &Common, mode: Mode) -> Box<dyn Render> {
        if self.excel_fr { Format::table(Dialect::EXCEL_FR, mode) } else { self.format.renderer(common.style(), mode) }
    }

    /// The command line that asks another query in the same way, but for the query; from the first hit on.
    fn command(&self, common: &Common) -> String {
        let mut words = vec!["vigie search".to_owned()];
        words.extend(common.index_flag());
        words.extend(self.question.flags());
        words.extend(choice("sort", &self.sort));
        words.extend(choice("collapse", &self.collapse));
        words.extend(self.limit.map(|limit| flag("limit", &limit.to_string())));
        words.extend(self.explain.then(|| "--explain".to_owned()));
        words.extend(choice("format", &self.format));
        words.extend(self.excel_fr.then(|| "--excel-fr".to_owned()));
        // What was given against a setting has to be given again, be it a default.
        let against = common.settings.overriding.iter().filter(|flag| !words.contains(flag)).cloned();
        words.extend(against.collect::<Vec<_>>());
        words.join(" ")
    }
}
