//! `vigie facets`: counts of reports by group, region, date and source.

use std::io::{self, Write};

use clap::builder::{RangedU64ValueParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::question::{Question, dialect};
use super::{Common, Status};
use crate::facet::FacetKind;
use crate::render;
use crate::search::{DEEPEST, FacetRequest, Request, Searcher};

/// Count reports by group, region, date or source
///
/// Each report counts once for a value, and once for every broader value above it. Where a filter of the same kind is
/// given, each value has two more counts: the reports that would answer if it were added to those selected, and if it
/// were chosen instead of them.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie facets --by region
  vigie facets embuscade --by group,region --depth 3
  vigie facets --by group --group JNIM --since 2024
  vigie facets --by date,source --format csv")]
pub(super) struct Arguments {
    /// What to count by; several with commas
    #[arg(long, value_name = "KIND", required = true, value_delimiter = ',')]
    by: Vec<FacetKind>,
    /// Levels to show [default: 2, with --format csv all]
    #[arg(long, value_name = "N", value_parser = depth())]
    depth: Option<usize>,
    /// Most values to show below each; 0 shows all [default: 20, with --format csv all]
    #[arg(short = 'n', long, value_name = "N")]
    limit: Option<usize>,
    /// Format of the counts
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: CountFormat,
    /// CSV for a French Excel: semicolons, byte order mark, decimal commas; with --format csv
    #[arg(long)]
    excel_fr: bool,
    #[command(flatten)]
    question: Question,
}

/// The formats that counts are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum CountFormat {
    /// For people: a tree with bars
    Text,
    /// One object with the request and its counts
    Json,
    /// One row a value
    Csv,
}

/// Reads a level of facets.
pub(super) fn depth() -> impl TypedValueParser<Value = usize> {
    RangedU64ValueParser::<usize>::new().range(1..=DEEPEST as u64)
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let dialect = dialect(arguments.excel_fr, arguments.format == CountFormat::Csv)?;
    let reader = common.open()?;
    let default = FacetRequest::default();
    let (depth, limit) =
        if arguments.format == CountFormat::Csv { (DEEPEST, 0) } else { (default.depth, default.limit) };
    let wanted = FacetRequest {
        by: arguments.by.clone(),
        depth: arguments.depth.unwrap_or(depth),
        limit: arguments.limit.unwrap_or(limit),
    };
    let request = arguments.question.request();
    let answer = Searcher::new(&reader).facets(&request, &wanted)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        CountFormat::Text => {
            writeln!(out, "{}", common.language().tell(render::found(&request.query, answer.total)))?;
            render::facets::text(&mut out, common.style(), &answer.facets)?;
        }
        CountFormat::Json => {
            let asked = serde_json::to_value(Request { facets: Some(wanted), ..request })?;
            render::exchange(&mut out, &asked, &answer)?;
            writeln!(out)?;
        }
        CountFormat::Csv => render::facets::csv(&mut out, dialect, &answer)?,
    }
    out.flush()?;
    if arguments.format != CountFormat::Json {
        render::notes(&answer.expanded, &answer.warnings, false).iter().try_for_each(|note| common.note(note))?;
    }
    Ok(if answer.total == 0 { Status::Nothing } else { Status::Done })
}
