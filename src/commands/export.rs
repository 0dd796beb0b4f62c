//! `vigie export`: whole reports, ready to be indexed again.

use std::io::{self, Write};

use clap::{Args, ValueEnum};

use super::question::{Question, dialect};
use super::{Common, Status};
use crate::render::{self, records};
use crate::search::{Request, Searcher};

/// Write whole reports, all of them or those of a query
///
/// Each report is told with all that its record gave: `vigie index -` reads the lines back as the same reports. What was
/// found in its text stands under keys of its own, which begin with “found” and which indexing passes over. Reports come in the order of their ids, so that two exports of the same reports are the same bytes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie export > corpus.jsonl
  vigie export embuscade --group JNIM --since 2024 --format csv --excel-fr > embuscades.csv
  vigie export | vigie index --index copy -")]
pub(super) struct Arguments {
    /// Most reports to write; 0 writes all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 0)]
    limit: usize,
    /// Format of the reports
    #[arg(long, value_name = "FORMAT", default_value = "jsonl")]
    format: RecordFormat,
    /// CSV for a French Excel: semicolons, a byte order mark, decimal commas; goes with --format csv
    #[arg(long)]
    excel_fr: bool,
    #[command(flatten)]
    question: Question,
}

/// The formats that reports are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RecordFormat {
    /// One record a line
    Jsonl,
    /// One row a report under a header, as RFC 4180 has it; --excel-fr for spreadsheets
    Csv,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let dialect = dialect(arguments.excel_fr, arguments.format == RecordFormat::Csv)?;
    let reader = common.open()?;
    let mut searcher = Searcher::new(&reader);
    let request = Request { limit: arguments.limit, ..arguments.question.request() };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let exported = match arguments.format {
        RecordFormat::Jsonl => {
            searcher.export(&request, |stored| -> anyhow::Result<()> { Ok(records::line(&mut out, &stored)?) })?
        }
        RecordFormat::Csv => {
            // A query that cannot be read leaves no table.
            searcher.count(&request)?;
            dialect.begin(&mut out)?;
            let mut rows = dialect.rows(&mut out);
            records::header(&mut rows)?;
            let exported =
                searcher.export(&request, |stored| -> anyhow::Result<()> { Ok(records::row(&mut rows, &stored)?) })?;
            rows.end()?;
            exported
        }
    };
    out.flush()?;
    render::notes(&exported.expanded, &exported.warnings, false).iter().try_for_each(|note| common.note(note))?;
    Ok(if exported.total == 0 { Status::Nothing } else { Status::Done })
}
