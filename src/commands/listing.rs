//! What every command that lists hits takes: which of them to show, and how.

use clap::Args;

use super::Common;
use super::question::{choice, dialect, flag};
use crate::render::{Dialect, Format, Mode, Render};
use crate::search::{Collapse, Request, Sort};

/// Which hits to show, and how.
#[derive(Debug, Args)]
pub(super) struct Listing {
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
    /// Tell what was looked for, and what the score of each hit is made of
    #[arg(long)]
    explain: bool,
    /// Format of the answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: Format,
    /// CSV for a French Excel: semicolons, byte order mark, decimal commas; with --format csv
    #[arg(long)]
    excel_fr: bool,
}

impl Listing {
    /// # Errors
    /// If the format cannot tell what it is asked to.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if self.explain && self.is_table() {
            anyhow::bail!("--explain: fixed columns have no place for reasons; choose another --format");
        }
        dialect(self.excel_fr, self.format == Format::Csv).map(drop)
    }

    /// Whether the format has rows of fixed columns.
    fn is_table(&self) -> bool {
        matches!(self.format, Format::Trec | Format::Csv | Format::Tsv)
    }

    /// Whether the format holds hits and nothing else, so that what else is told goes beside it.
    pub(super) fn is_bare(&self) -> bool {
        self.is_table() || self.format == Format::Jsonl
    }

    /// A request of these hits.
    pub(super) fn of(&self, request: Request) -> Request {
        Request {
            sort: self.sort,
            limit: self.limit.unwrap_or(if self.format == Format::Trec { 100 } else { 10 }),
            offset: self.offset,
            collapse: self.collapse,
            explain: self.explain,
            fields: (self.format == Format::Trec).then(|| vec!["id".to_owned()]),
            ..request
        }
    }

    /// What writes the answers.
    pub(super) fn renderer(&self, common: &Common, mode: Mode) -> Box<dyn Render> {
        if self.excel_fr { Format::table(Dialect::EXCEL_FR, mode) } else { self.format.renderer(common.style(), mode) }
    }

    /// The flags that list in the same way, from the first hit on.
    pub(super) fn flags(&self) -> Vec<String> {
        let mut flags = Vec::new();
        flags.extend(choice("sort", &self.sort));
        flags.extend(choice("collapse", &self.collapse));
        flags.extend(self.limit.map(|limit| flag("limit", &limit.to_string())));
        flags.extend(self.explain.then(|| "--explain".to_owned()));
        flags.extend(choice("format", &self.format));
        flags.extend(self.excel_fr.then(|| "--excel-fr".to_owned()));
        flags
    }
}
