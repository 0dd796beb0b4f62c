//! `vigie similar`: what is like a report or a passage.

use std::io::{self, Write};

use clap::Args;

use super::listing::Listing;
use super::question::Filters;
use super::{Common, Status};
use crate::hit::Answer;
use crate::render::{self, Context, Format, Mode};
use crate::search::{Part, Request, Scope, Searcher, SimilarRequest};
use crate::whole::Cited;

/// Find reports like one, or like a passage of it
///
/// ID is the id of a report, that of a passage (id#3), or the place that the last line of a hit shows. What tells most of
/// it is looked for: its rarest words, the groups and places that it names, the days of its events. Reports that share an
/// eighth of that are listed, the likest first, with what they share marked; itself is left out. What was looked for,
/// --explain tells.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie similar mali/2024-08-16-embuscade-diallassagou.txt
  vigie similar sample_corpus/radio/breves.ndjson:e05-radio#1
  vigie similar e05-radio --since 2024-08 --until 2024-09
  vigie similar e05-radio --source '!Échantillon C' --limit 3 --format jsonl")]
pub(super) struct Arguments {
    /// The report or passage
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    listing: Listing,
    /// Where enough must be shared, and every filter hold
    #[arg(long = "in", value_name = "SCOPE", default_value = "report")]
    scope: Scope,
    /// Look for names as the report writes them alone, not for their other forms
    #[arg(long)]
    no_expand: bool,
    // Last, because what follows a heading stands below it.
    #[command(flatten)]
    filters: Filters,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    arguments.listing.check()?;
    let reader = common.open()?;
    let mut searcher = Searcher::new(&reader);
    let cited = searcher.whole(&arguments.id, None)?.cited;
    let request = arguments.request();
    let asked = serde_json::to_value(SimilarRequest { similar: &cited.id, request: &request })?;
    let head = common.language().tell(head(&cited)).into_owned();
    // A document is called by what was asked; text says it in a line of its own.
    let named = matches!(arguments.listing.format, Format::Html | Format::Markdown);
    let context = Context { query: if named { &head } else { "" }, request: &asked, command: None };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut renderer = arguments.listing.renderer(common, Mode::Single);
    let mut told = Answer::default();
    searcher.stream_similar(&arguments.id, &request, |part| -> anyhow::Result<()> {
        match part {
            Part::Answer(answer) => {
                if arguments.listing.format == Format::Text {
                    writeln!(out, "{}\n", render::verbatim(&head))?;
                }
                renderer.begin(&mut out)?;
                renderer.answer(&mut out, &context, &answer)?;
                told = Answer { hits: Vec::new(), ..*answer };
            }
            Part::Hits(hits) => renderer.more(&mut out, &context, &hits)?,
        }
        Ok(())
    })?;
    renderer.end(&mut out)?;
    out.flush()?;
    if arguments.listing.is_bare() {
        render::aside(&context, &told).iter().try_for_each(|note| common.note(note))?;
    }
    Ok(if told.total == 0 { Status::Nothing } else { Status::Done })
}

/// What answers are like, by its title and where it stands.
fn head(cited: &Cited) -> String {
    match cited.report.info.title.as_deref().map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => format!("like “{}” ({})", title.replace('\n', " "), cited.place),
        None => format!("like {}", cited.place),
    }
}

impl Arguments {
    /// The request that the flags make.
    fn request(&self) -> Request {
        let asked = Request { scope: self.scope, expand: !self.no_expand, ..Request::default() };
        self.listing.of(self.filters.narrow(asked))
    }
}
