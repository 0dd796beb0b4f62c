//! `vigie search`: ranked passages.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueHint};

use super::question::{Question, choice, dialect, flag};
use super::{Common, Status};
use crate::render::{self, Context, Dialect, Failure, Fault, Format, Mode, Render};
use crate::search::{Collapse, Request, SearchError, Searcher, Sort};

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
  vigie search --queries questions.tsv --match any --format trec")]
pub(super) struct Arguments {
    /// Batch: lines of id<TAB>query, or requests as JSON; - reads standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["query", "count"])]
    queries: Option<PathBuf>,
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
    let reader = common.open()?;
    let mut searcher = Searcher::new(&reader);
    let mut out = io::BufWriter::new(io::stdout().lock());
    match &arguments.queries {
        Some(file) => batch(common, arguments, &mut searcher, file, &mut out),
        None => single(common, arguments, &mut searcher, &mut out),
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
        writeln!(out, "{total}")?;
        out.flush()?;
        return Ok(if total == 0 { Status::Nothing } else { Status::Done });
    }
    let answer = searcher.search(&request)?;
    let asked = serde_json::to_value(&request)?;
    let command = arguments.command(common);
    let context = Context { query: &request.query, request: &asked, command: Some(&command) };
    let mut renderer = arguments.renderer(common, Mode::Single);
    renderer.begin(out)?;
    renderer.answer(out, &context, &answer)?;
    renderer.end(out)?;
    out.flush()?;
    if matches!(arguments.format, Format::Jsonl | Format::Trec | Format::Csv | Format::Tsv) {
        render::aside(&context, &answer).iter().try_for_each(|note| common.note(note))?;
    }
    Ok(if answer.total == 0 { Status::Nothing } else { Status::Done })
}

fn batch(
    common: &Common,
    arguments: &Arguments,
    searcher: &mut Searcher<'_>,
    file: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let mut lines: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(file).with_context(|| file.display().to_string())?;
        Box::new(BufReader::new(file))
    };
    let template = arguments.request();
    let mut renderer = arguments.renderer(common, Mode::Batch);
    let mut status = Status::Done;
    let (mut line, mut number) = (Vec::new(), 0);
    renderer.begin(out)?;
    while lines.read_until(b'\n', &mut line).with_context(|| file.display().to_string())? > 0 {
        number += 1;
        let bytes = std::mem::take(&mut line);
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let (request, wrong) = template.with_line(&bytes, number);
        let answer = wrong.map_or(Ok(()), Err).map_err(SearchError::from).and_then(|()| searcher.search(&request));
        let asked = serde_json::to_value(&request)?;
        let context = Context { query: &request.query, request: &asked, command: None };
        match answer {
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
    }
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
        words.join(" ")
    }
}
