//! What leaves: hits, and the answer that holds them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::date::DateSpan;
use crate::facet::FacetPath;

/// The report of a hit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportInfo {
    /// Unique in the index.
    pub id: String,
    /// Headline.
    pub title: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// The file it was read from.
    pub path: String,
    /// Publication day.
    pub published: Option<NaiveDate>,
}

/// The passage of a hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassageInfo {
    /// Report id, `#`, ordinal.
    pub id: String,
    /// Place in the report, from 1.
    pub ordinal: usize,
    /// First byte in the report's stored text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// The bytes between.
    pub text: String,
}

/// A byte range of the report's stored text, half-open, on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A place to highlight: whole surface words of the report's stored text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The word or phrase of the query that stands here, as the user wrote it.
    pub term: String,
}

/// A ranked passage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// From 1, over all pages.
    pub rank: usize,
    /// Higher is better; comparable within one answer only.
    pub score: f32,
    /// Its report.
    pub report: ReportInfo,
    /// The passage itself.
    pub passage: PassageInfo,
    /// The sentences of the passage that answer best.
    pub fragment: Span,
    /// In order, without overlap, all inside the passage.
    pub marks: Vec<Mark>,
    /// Groups of the report.
    pub groups: Vec<FacetPath>,
    /// Regions of the report.
    pub regions: Vec<FacetPath>,
    /// Event dates of the report.
    pub dates: Vec<DateSpan>,
    /// How many passages of the report answer the query.
    pub passages_in_report: usize,
    /// Source, title, day and place, ready to be quoted.
    pub cite: String,
}

/// The answer to a request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The request's own, given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Microseconds from the query's text to the finished answer.
    pub took_us: u64,
    /// Reports that answer, exactly.
    pub total: u64,
    /// The page of hits that was asked for.
    pub hits: Vec<Hit>,
    /// What the user should know: words that were dropped, names that are in no report.
    pub warnings: Vec<String>,
}

/// The citation of a passage: `Source, « Titre », 2024-08-16, chemin#3`.
#[must_use]
pub fn citation(report: &ReportInfo, ordinal: usize) -> String {
    let place = report.url.as_deref().filter(|_| report.path.is_empty()).unwrap_or(&report.path);
    let parts = [
        report.source.clone(),
        report.title.as_ref().map(|title| format!("« {title} »")),
        report.published.map(|day| day.to_string()),
        Some(format!("{place}#{ordinal}")),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
