//! `vigie watch`: what is new for saved queries.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{ArgGroup, Args, ValueEnum, ValueHint};

use super::{Common, Status, file};
use crate::hit::Answer;
use crate::index::{IndexReader, Seen, Selection};
use crate::query;
use crate::render::alerts::{self, Alert};
use crate::render::{self, Context, Mode};
use crate::search::saved::{self, NamedRequest, SavedError};
use crate::search::{SearchError, Searcher};

/// The name of the tables of requests.
const TABLE: &str = "query";

/// Tell what is new for saved queries
///
/// Only reports that were added or changed since the last run answer, or since a digest. Nothing keeps running: let cron
/// or CI call it after `vigie index`. Exit status 0 if there is something new, 1 if there is nothing, 3 if a query could not
/// be asked of this index: the others are answered, but nothing counts as seen, so that nothing is lost. A value of a filter
/// that no report has finds nothing and is told.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = ArgGroup::new("since").required(true).args(["state", "since_digest"]))]
pub(super) struct Arguments {
    /// The queries: tables [[query]] in TOML, each with a name and the keys of a request; - reads standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    queries: PathBuf,
    /// Tell what is new since the last run with this file, which remembers the reports of the index. Where it is missing
    /// or empty it is made, and nothing counts as new
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    state: Option<PathBuf>,
    /// Tell what is new since the index had this digest (`vigie info`), of which the first eight digits will do
    #[arg(long, value_name = "DIGEST")]
    since_digest: Option<String>,
    /// Tell all that answers, new or not, and remember it as seen
    #[arg(long, requires = "state")]
    all: bool,
    /// Format of the output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

/// Examples, for people who learn by them.
const EXAMPLES: &str = "\
Examples:
  vigie index --prune reports/ && vigie watch --queries saved.toml --state seen.jsonl
  vigie watch --queries saved.toml --since-digest 1f3a09c2 --format rss > feed.xml

saved.toml:
  [[query]]
  name = \"Embuscades au Mali\"
  query = \"embuscade OU attaque\"
  regions = [\"Mali\"]
  limit = 20                          # the best of what is new; all of it without";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// An alert a line: the name of the query, a stable id, the hit
    Jsonl,
    /// A feed, RSS 2.0
    Rss,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let saved = read(&arguments.queries)?;
    let state = arguments.state.as_deref().map(State::open).transpose()?;
    let reader = common.open()?;
    let mut searcher = match (&state, &arguments.since_digest) {
        (None, Some(digest)) => Searcher::among(&reader, reader.changed_since(digest)?),
        _ if arguments.all => Searcher::new(&reader),
        (Some(State { seen: Some(seen), .. }), _) => Searcher::among(&reader, reader.unseen(seen)?),
        _ => Searcher::among(&reader, Selection::default()),
    }
    .forgiving();
    // All queries are asked before anything is told, so that one that cannot be read costs no alert of another.
    let (mut answers, mut failed) = (Vec::new(), false);
    for NamedRequest { name, request, .. } in &saved {
        // A filter value that is nowhere is told, and asked for along with the others: a later report may have it.
        let asked = searcher.unknown(request).and_then(|unknown| Ok((unknown, searcher.search_only(request)?)));
        match asked {
            Ok((unknown, answer)) => {
                unknown.iter().try_for_each(|unknown| common.note(&format!("“{name}”: {unknown}")))?;
                let (told, total) = (answer.hits.len(), answer.total);
                if request.limit > 0 && told == request.limit && (told as u64) < total {
                    common.note(&format!(
                        "“{name}”: the best {told} of {total} reports that answer, as its limit wants it"
                    ))?;
                }
                answers.push(answer);
            }
            Err(error @ SearchError::Index(_)) => return Err(error.into()),
            Err(error) => {
                failed = true;
                let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
                common.note(&format!("“{name}” was not answered: {error}{hint}"))?;
                answers.push(Answer::default());
            }
        }
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(common, arguments.format, &saved, &answers, &mut out)?;
    // Nothing counts as seen before it was told.
    out.flush()?;
    if let Some(state) = state {
        let first = state.seen.is_none() && !arguments.all;
        if failed && !first {
            common.note("a query was not answered, so nothing counts as seen: the next run tells all of this again")?;
            return Ok(Status::Partial);
        }
        let seen = state.remember(&reader)?;
        if first {
            common.note(&format!("reports that count as seen from now on: {seen}; the next run tells what is new"))?;
        }
    }
    Ok(match answers.iter().all(|answer| answer.hits.is_empty()) {
        _ if failed => Status::Partial,
        true => Status::Nothing,
        false => Status::Done,
    })
}

fn write(
    common: &Common,
    format: Format,
    saved: &[NamedRequest],
    answers: &[Answer],
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let found = || saved.iter().zip(answers).filter(|(_, answer)| !answer.hits.is_empty());
    let alerts = found().flat_map(|(named, answer)| answer.hits.iter().map(|hit| Alert { query: &named.name, hit }));
    match format {
        Format::Jsonl => alerts::jsonl(out, alerts)?,
        Format::Rss => alerts::rss(out, alerts, common.language())?,
        Format::Text => {
            let mut renderer = render::Format::Text.renderer(common.style(), Mode::Batch);
            renderer.begin(out)?;
            for (named, answer) in found() {
                let asked = serde_json::to_value(&named.request)?;
                let context = Context { query: &named.request.query, request: &asked, command: None };
                renderer.answer(out, &context, answer)?;
            }
            renderer.end(out)?;
        }
    }
    Ok(())
}

/// The requests of a file; all that is new, where they have no limit.
fn read(path: &Path) -> anyhow::Result<Vec<NamedRequest>> {
    let told = || file::name(path);
    let mut saved = saved::read(&file::text(path)?, TABLE, &[]).with_context(told)?;
    for named in &mut saved {
        let without = ["facets", "fields", "offset", "timeline"];
        if let Some((key, &line)) = named.lines.iter().find(|(key, _)| without.contains(&key.as_str())) {
            let why = format!("“{key}” has no meaning for alerts");
            return Err(
                anyhow::Error::from(SavedError::new(line, why, Some("leave it out".to_owned()))).context(told())
            );
        }
        // A query that nobody can read is an error before anything is asked.
        if let Err(error) = query::parse(&named.request.query) {
            let error = SearchError::Query { query: named.request.query.clone(), error };
            let line = named.lines.get("query").copied().unwrap_or(named.line);
            return Err(anyhow::Error::from(error).context(format!("{}: line {line}: “{}”", told(), named.name)));
        }
        if !named.lines.contains_key("limit") {
            named.request.limit = 0;
        }
    }
    Ok(saved)
}

/// The file of seen reports.
struct State<'p> {
    path: &'p Path,
    /// Nothing before the first run.
    seen: Option<Seen>,
}

impl<'p> State<'p> {
    fn open(path: &'p Path) -> anyhow::Result<Self> {
        let seen = Seen::read(path).with_context(|| path.display().to_string())?;
        // Told now, not after the alerts were.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        anyhow::ensure!(folder.is_dir(), "{}: no such folder to write the state into", folder.display());
        Ok(Self { path, seen })
    }

    /// Writes that all reports of an index were seen; tells how many.
    fn remember(self, reader: &IndexReader) -> anyhow::Result<usize> {
        let before = self.seen.clone();
        let mut seen = self.seen.unwrap_or_default();
        seen.take(reader)?;
        if before.as_ref() != Some(&seen) {
            seen.write(self.path).with_context(|| self.path.display().to_string())?;
        }
        Ok(seen.len())
    }
}
