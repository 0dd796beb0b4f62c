//! What leaves: hits, and the answer that holds them.

use std::collections::BTreeMap;

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::counts::{Bucket, FacetCounts};
use crate::date::DateSpan;
use crate::facet::{FacetKind, FacetPath};

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
    /// Who wrote it; told in the citation.
    #[serde(skip)]
    pub author: Option<String>,
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
    /// Marks in the title, as byte ranges of it; for people, who see why a report is there.
    #[serde(skip)]
    pub title_marks: Vec<Mark>,
    /// The passage itself.
    pub passage: PassageInfo,
    /// The sentences of the passage that answer best.
    pub fragment: Span,
    /// In order, without overlap, all inside the passage.
    pub marks: Vec<Mark>,
    /// Groups of the passage.
    pub groups: Vec<FacetPath>,
    /// Regions of the passage.
    pub regions: Vec<FacetPath>,
    /// Event dates of the passage.
    pub dates: Vec<DateSpan>,
    /// Which of these three the passage does not tell itself, and has from its report.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inherited: Vec<Cow<'static, str>>,
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
    /// Counts of facets, where they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facets: Option<BTreeMap<FacetKind, FacetCounts>>,
    /// A histogram, where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Vec<Bucket>>,
    /// What the user should know: words that were left out, and what any of the words finds where all find nothing.
    pub warnings: Vec<String>,
}

/// Where a passage stands: `path#3`, or `path:id#3` where the file holds several records.
#[must_use]
pub fn place(report: &ReportInfo, ordinal: usize) -> String {
    let ReportInfo { id, path, .. } = report;
    let file = id.rfind('#').map_or(id.as_str(), |at| &id[..at]);
    if path.is_empty() {
        format!("{}#{ordinal}", report.url.as_deref().unwrap_or(id))
    } else if path.ends_with(id.as_str()) {
        format!("{path}#{ordinal}")
    } else if path.ends_with(file) {
        format!("{path}{}#{ordinal}", &id[file.len()..])
    } else {
        format!("{path}:{id}#{ordinal}")
    }
}

/// The citation of a passage: `Auteur, Source, « Titre », 2024-08-16, chemin#3`.
#[must_use]
pub fn citation(report: &ReportInfo, ordinal: usize) -> String {
    // « La rédaction » is nobody.
    let author = report.author.clone().filter(|author| !author.to_lowercase().contains("rédaction"));
    let parts = [
        author,
        report.source.clone(),
        report.title.as_ref().map(|title| format!("« {title} »")),
        report.published.map(|day| day.to_string()),
        Some(place(report, ordinal)),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_names_the_record_where_a_file_holds_several() {
        let place = |id: &str, path: &str| {
            let report = ReportInfo { id: id.to_owned(), path: path.to_owned(), ..ReportInfo::default() };
            place(&report, 3)
        };
        assert_eq!(place("a/b.txt", "docs/a/b.txt"), "docs/a/b.txt#3");
        assert_eq!(place("b.jsonl#L12", "docs/b.jsonl"), "docs/b.jsonl#L12#3");
        assert_eq!(place("e05-radio", "docs/b.jsonl"), "docs/b.jsonl:e05-radio#3");
    }
}
