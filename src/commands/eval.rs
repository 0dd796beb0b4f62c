//! `vigie eval`: how well judged queries are ranked.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum, ValueHint};

use super::file::{name, open, requests};
use super::question::Manner;
use super::{Common, Status};
use crate::eval::{DEPTH, Run, evaluate, read_judgements, read_run};
use crate::render::{column, eval};
use crate::search::{Collapse, Request, SearchError, Searcher, Sort};

/// Queries that are named where some are left out.
const NAMED: usize = 5;

/// Measure how well judged queries are ranked
///
/// Asks the queries of a file, as `vigie search --queries` does, and compares what they find with judgements: nDCG@10,
/// MRR@10 and recall@100, equal to those of trec_eval (ndcg_cut.10, recip_rank with -M 10, recall.100). Means are over all
/// judged queries (its -c): one that was not asked, or that cannot be read, counts 0. Queries without a judgement
/// are left out. Both are told. What a request says of limit, offset, sort, collapse, fields, facets, timeline and explain
/// changes nothing: always the best hundred reports are looked at. Judged queries are usually whole questions: ask them with --match any.
#[derive(Debug, Args)]
#[allow(clippy::doc_markdown, reason = "it is shown as it stands")]
#[command(after_help = "Examples:
  vigie eval --queries queries.tsv --qrels qrels.txt --match any
  vigie eval --queries queries.tsv --qrels qrels.txt --match any --per-query --format csv
  vigie eval --run other-engine.trec --qrels qrels.txt

Judgements are lines of: QUERY 0 REPORT GRADE. What is graded 1 or more is relevant. Ids stand
there as --format trec writes them: white space, control characters and % percent-encoded (a space is %20).")]
pub(super) struct Arguments {
    /// The queries: lines of id<TAB>query, or requests as JSON; - reads standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present = "run")]
    queries: Option<PathBuf>,
    /// The judgements
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    qrels: PathBuf,
    /// Score a run in the format of TREC instead of asking the index
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "queries")]
    run: Option<PathBuf>,
    /// Tell the figures of each query too
    #[arg(long)]
    per_query: bool,
    /// Format of the figures
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
    /// A row a query with --per-query, then one for all
    Csv,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let stdin = Some(Path::new("-"));
    if arguments.qrels.as_path() == Path::new("-")
        && [&arguments.queries, &arguments.run].iter().any(|file| file.as_deref() == stdin)
    {
        anyhow::bail!("--qrels: only one file can be standard input");
    }
    let judged = read_judgements(open(&arguments.qrels)?).with_context(|| name(&arguments.qrels))?;
    let (file, run, failed) = match (&arguments.run, &arguments.queries) {
        (Some(file), _) => (file, read_run(open(file)?).with_context(|| name(file))?, Vec::new()),
        (None, Some(file)) => {
            let (run, failed) = asked(common, arguments, file)?;
            (file, run, failed)
        }
        (None, None) => anyhow::bail!("--queries or --run names what to measure"),
    };
    if !run.keys().any(|query| judged.contains_key(query)) {
        let of = |id: Option<&String>| id.map_or("nothing".to_owned(), |id| format!("“{id}”"));
        let (asked, judged) = (of(run.keys().next()), of(judged.keys().next()));
        let (file, qrels) = (name(file), name(&arguments.qrels));
        anyhow::bail!("{file}: none of its queries is judged in {qrels}: the first is {asked} here, {judged} there");
    }
    let found = evaluate(&run, &judged);
    let mut out = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => eval::text(&mut out, &found, arguments.per_query, common.language())?,
        Format::Csv => eval::csv(&mut out, &found, arguments.per_query)?,
        Format::Json => {
            let mut value = serde_json::to_value(&found)?;
            if !arguments.per_query {
                value.as_object_mut().map(|object| object.shift_remove("per_query"));
            }
            let failed = failed.iter().map(|(id, error)| serde_json::json!({ "id": id, "error": error }));
            value["failed"] = failed.collect();
            serde_json::to_writer(&mut out, &value).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    let told = |ids: &[String], one: &str, many: &str| match ids.len() {
        0 => Ok(()),
        1 => common.note(&format!("1 {one}: {}", listed(ids))),
        count => common.note(&format!("{count} {many}: {}", listed(ids))),
    };
    let unjudged = ("query without judgement was left out", "queries without judgement were left out");
    let missing = ("judged query was not asked, and counts 0", "judged queries were not asked, and count 0");
    told(&found.unjudged, unjudged.0, unjudged.1)?;
    told(&found.missing, missing.0, missing.1)?;
    Ok(if failed.is_empty() { Status::Done } else { Status::Partial })
}

/// Asks the queries of a file. Gives what they find, and what could not be read, with the reason.
fn asked(common: &Common, arguments: &Arguments, file: &Path) -> anyhow::Result<(Run, Vec<(String, String)>)> {
    let lines = requests(file)?;
    let reader = common.open()?;
    let mut searcher = Searcher::new(&reader);
    let template = arguments.manner.request(String::new());
    let (mut run, mut failed) = (Run::new(), Vec::new());
    for line in lines {
        let line = line?;
        let (request, wrong) = line.request(&template);
        let request = as_measured(request);
        let id = column(request.id.as_deref().unwrap_or_default());
        if run.contains_key(&id) {
            anyhow::bail!("{}: line {}: a second query has the id “{id}”", name(file), line.number());
        }
        let answer = wrong.map_or(Ok(()), Err).map_err(SearchError::from).and_then(|()| searcher.search(&request));
        let mut found: Vec<String> = Vec::new();
        match answer {
            Ok(answer) => {
                for hit in answer.hits {
                    let report = column(&hit.report.id);
                    if !found.contains(&report) {
                        found.push(report);
                    }
                }
            }
            Err(error @ SearchError::Index(_)) => return Err(error.into()),
            Err(error) => {
                common.note(&format!("query {id} failed, and finds nothing: {error}"))?;
                failed.push((id.clone(), error.to_string()));
            }
        }
        run.insert(id, found);
    }
    Ok((run, failed))
}

/// A request of which the figures mean the same for all: the best reports, whatever page or form of them it asks for.
fn as_measured(request: Request) -> Request {
    Request {
        limit: DEPTH,
        offset: 0,
        sort: Sort::Relevance,
        collapse: Collapse::Report,
        fields: Some(vec!["id".to_owned()]),
        facets: None,
        timeline: None,
        explain: false,
        ..request
    }
}

/// The first of some ids.
fn listed(ids: &[String]) -> String {
    let more = if ids.len() > NAMED { ", …" } else { "" };
    format!("{}{more}", ids[..ids.len().min(NAMED)].join(", "))
}
