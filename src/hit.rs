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
    /// Short hash of these bytes, as [`crate::citation::hash`] gives it.
    #[serde(default)]
    pub hash: String,
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

/// What a part of the query was widened by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expansion {
    /// The words of the query, as written.
    pub term: String,
    /// The first byte of the query that it is about.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Why.
    pub kind: ExpansionKind,
    /// What is looked for as well, the likeliest first.
    pub to: Vec<String>,
}

/// Why a query was widened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExpansionKind {
    /// Other names of the same group or place.
    Name,
    /// An acronym that the corpus explains, or what it stands for.
    Acronym,
    /// Words of the same meaning.
    Synonym,
    /// A country and the adjective of its people.
    Demonym,
    /// A slip of the keyboard.
    Spelling,
}

/// What a hit scores, by its parts; their sum is its score.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The words, in the whole report.
    pub report: f32,
    /// The words, in the title and the first hundred words.
    pub lead: f32,
    /// Words of the query side by side.
    pub pairs: f32,
    /// The words, in the passage.
    pub passage: f32,
    /// What each word adds to `report`.
    pub words: Vec<Share>,
}

/// What a word of the query scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// As written.
    pub term: String,
    /// How much.
    pub score: f32,
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
    /// Where the passage is from, as [`crate::citation`] writes it.
    pub cite: String,
    /// What its score is made of, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
}

/// What a laxer query finds. None of it answers the query that was asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relaxed {
    /// How its words combine: `any`.
    #[serde(rename = "match")]
    pub matching: Cow<'static, str>,
    /// Reports that it finds, exactly.
    pub total: u64,
    /// The best of them.
    pub hits: Vec<Hit>,
}

/// A query that finds something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// In the query language.
    pub query: String,
    /// Reports that it finds, exactly.
    pub total: u64,
}

/// How a query was read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Resolved {
    /// The query in canonical form: every bracket and operator that was read into it.
    pub query: String,
    /// What is looked for.
    pub words: Vec<ResolvedWord>,
    /// Words that were left out.
    pub dropped: Vec<String>,
}

/// A word or phrase of a query, and what in the index is looked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResolvedWord {
    /// As written.
    pub term: String,
    /// The terms of the index, each with its weight.
    pub finds: Vec<ResolvedTerm>,
}

/// A term, or a row of them, of the index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResolvedTerm {
    /// The term as `schema/index.md` has it; the words of a row with spaces between.
    pub term: String,
    /// How much it counts, up to 1.
    pub weight: f32,
    /// How many reports have it; of a row, how many have its rarest word.
    pub reports: u64,
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
    /// What the query was widened by.
    #[serde(default)]
    pub expanded: Vec<Expansion>,
    /// What any of the words finds, where all of them together find nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relaxed: Option<Relaxed>,
    /// Queries that find something, where this one finds nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<Suggestion>,
    /// How the query was read, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<Resolved>,
    /// What the user should know: words that were left out, and what any of the words finds where all find nothing.
    pub warnings: Vec<String>,
}

/// Where a passage stands: `path#3`, or `path:id#3` where the file holds several records.
#[must_use]
pub fn place(report: &ReportInfo, ordinal: usize) -> String {
    format!("{}#{ordinal}", whole_place(report))
}

/// Where a report stands: `path`, or `path:id` where the file holds several records. What came from nowhere that can be
/// looked at again, such as standard input, has its url instead of a path, or its id alone.
#[must_use]
pub fn whole_place(report: &ReportInfo) -> String {
    let ReportInfo { id, path, .. } = report;
    let file = id.rfind('#').map_or(id.as_str(), |at| &id[..at]);
    // Standard input is nowhere to look again.
    let path = if path.is_empty() || path == "-" { report.url.as_deref().unwrap_or(id) } else { path };
    if path.ends_with(id.as_str()) {
        path.to_owned()
    } else if path.ends_with(file) {
        format!("{path}{}", &id[file.len()..])
    } else {
        format!("{path}:{id}")
    }
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
        assert_eq!(place("e05-radio", "-"), "e05-radio#3");
        let url = Some("https://exemple.invalid/5".to_owned());
        let report = ReportInfo { id: "e05-radio".to_owned(), path: "-".to_owned(), url, ..ReportInfo::default() };
        assert_eq!(whole_place(&report), "https://exemple.invalid/5:e05-radio");
    }
}
