//! What leaves when a report is asked for by name: all of it, or one of its passages.

use serde::{Deserialize, Serialize};

use crate::date::DateSpan;
use crate::facet::FacetPath;
use crate::hit::{Expansion, Mark, PassageInfo, ReportInfo};

/// A report with what hits do not tell of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholeReport {
    /// What hits tell.
    #[serde(flatten)]
    pub info: ReportInfo,
    /// Who wrote it.
    pub author: Option<String>,
    /// Code of its language.
    pub lang: String,
}

/// A passage of a report that is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WholePassage {
    /// What hits tell.
    #[serde(flatten)]
    pub passage: PassageInfo,
    /// What to highlight: in order, without overlap, in bytes of the report's stored text.
    pub marks: Vec<Mark>,
    /// Groups that the passage tells itself.
    pub groups: Vec<FacetPath>,
    /// Regions, likewise.
    pub regions: Vec<FacetPath>,
    /// Event dates, likewise.
    pub dates: Vec<DateSpan>,
    /// Its citation.
    pub cite: String,
}

/// A report, or a passage of it, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whole {
    /// What is cited: the report, or the passage that was asked for.
    #[serde(flatten)]
    pub cited: Cited,
    /// Groups of the report.
    pub groups: Vec<FacetPath>,
    /// Regions of the report.
    pub regions: Vec<FacetPath>,
    /// Event dates of the report.
    pub dates: Vec<DateSpan>,
    /// How many passages the report has.
    pub passages_in_report: usize,
    /// All of them, or the one that was asked for.
    pub passages: Vec<WholePassage>,
    /// What the query to highlight was widened by.
    pub expanded: Vec<Expansion>,
    /// What the user should know of that query.
    pub warnings: Vec<String>,
    /// Marks in the title, as byte ranges of it.
    #[serde(skip)]
    pub title_marks: Vec<Mark>,
}

/// Where a quote is from: all that citations are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cited {
    /// Report id; of a passage also `#` and its ordinal.
    pub id: String,
    /// Where it stands, as hits show it.
    pub place: String,
    /// Place of the passage in the report, from 1; none of a whole report.
    pub ordinal: Option<usize>,
    /// First byte of the quote in the report's stored text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Short hash of these bytes.
    pub hash: String,
    /// All of this on one line.
    pub cite: String,
    /// The report.
    pub report: WholeReport,
}
