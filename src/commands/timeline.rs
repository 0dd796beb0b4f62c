//! `vigie timeline`: how many reports fall into each day, week, month or year.

use std::io::{self, Write};

use clap::{Args, ValueEnum};

use super::facets::depth;
use super::question::{Question, dialect};
use super::{Common, Status};
use crate::counts::Unit;
use crate::render;
use crate::search::{Request, Searcher, Split, TimelineRequest};

/// Count reports by day, week, month or year
///
/// By the dates of events, else of publication, as --date filters. A report counts once in every period that one of
/// its dates touches. Periods without reports are shown between the others; reports that are dated only to a longer
/// period stand after them, then those without a date.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie timeline --by year
  vigie timeline embuscade --region Mopti --since 2024 --until 2024
  vigie timeline --by week --since 2024-08 --until 2024-10 --split group
  vigie timeline --split region --format svg > timeline.svg")]
pub(super) struct Arguments {
    /// Length of the periods
    #[arg(long, value_name = "UNIT", default_value = "month")]
    by: Unit,
    /// Count by the day of publication
    #[arg(long)]
    by_published: bool,
    /// Count the most frequent values of a facet apart
    #[arg(long, value_name = "KIND")]
    split: Option<Split>,
    /// The level of those values
    #[arg(long, value_name = "N", default_value = "1", value_parser = depth(), requires = "split")]
    depth: usize,
    /// How many of those values; 0 for all. The rest counts as other
    #[arg(long, value_name = "N", default_value = "5", requires = "split")]
    top: usize,
    /// Format of the counts
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TimelineFormat,
    /// CSV for a French Excel: semicolons, byte order mark, decimal commas; with --format csv
    #[arg(long)]
    excel_fr: bool,
    #[command(flatten)]
    question: Question,
}

/// The formats that timelines are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TimelineFormat {
    /// For people: a bar a period
    Text,
    /// One row a period
    Csv,
    /// One object with the request and its counts
    Json,
    /// A bar chart
    Svg,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let dialect = dialect(arguments.excel_fr, arguments.format == TimelineFormat::Csv)?;
    let reader = common.open()?;
    let mut wanted = TimelineRequest {
        by: arguments.by,
        published: arguments.by_published,
        split: arguments.split,
        depth: arguments.depth,
        top: arguments.top,
    };
    if arguments.format == TimelineFormat::Svg && !(1..=render::COLOURS).contains(&wanted.top) {
        wanted.top = render::COLOURS;
        common.note(&format!("a chart tells {} values apart; all others count as other", render::COLOURS))?;
    }
    let request = arguments.question.request();
    let answer = Searcher::new(&reader).timeline(&request, &wanted)?;
    let heading = heading(&request, &wanted, answer.total);
    let mut out = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        TimelineFormat::Text => {
            writeln!(out, "{}", common.language().tell(heading))?;
            if answer.total > 0 {
                writeln!(out)?;
                render::timeline::text(&mut out, common.style(), wanted.by, &answer.timeline)?;
            }
        }
        TimelineFormat::Csv => render::timeline::csv(&mut out, dialect, &answer.timeline)?,
        TimelineFormat::Json => {
            let asked = serde_json::to_value(Request { timeline: Some(wanted), ..request })?;
            render::exchange(&mut out, &asked, &answer)?;
            writeln!(out)?;
        }
        TimelineFormat::Svg => {
            let lang = common.language();
            let (subject, heading) = (arguments.question.subject(lang), lang.tell(heading));
            let title =
                if subject.is_empty() { heading.into_owned() } else { format!("{subject}{}{heading}", lang.colon()) };
            render::svg(&mut out, &title, wanted.by, &answer, lang)?;
        }
    }
    out.flush()?;
    if arguments.format != TimelineFormat::Json {
        render::notes(&answer.expanded, &answer.warnings, false).iter().try_for_each(|note| common.note(note))?;
    }
    Ok(if answer.total == 0 { Status::Nothing } else { Status::Done })
}

/// How many reports, and by which of their dates.
fn heading(request: &Request, wanted: &TimelineRequest, total: u64) -> String {
    let found = render::found(&request.query, total);
    let dates = if wanted.published { "publication" } else { "events, else of publication" };
    if total == 0 { found } else { format!("{found} by {} of {dates}", wanted.by.name()) }
}
