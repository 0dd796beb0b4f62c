//! Why a search gives no answer, and what to do about it.

use chrono::NaiveDate;

use super::{Known, RequestError};
use crate::index::IndexError;
use crate::query::QueryError;

/// Why a search gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query cannot be read.
    #[error("query: {error}")]
    Query {
        /// As given.
        query: String,
        /// What is wrong with it, and where.
        error: QueryError,
    },
    /// A timeline of more rows than anyone reads.
    #[error("by {unit}, the timeline from {from} to {to} has {rows} rows; the most is {most}")]
    LongTimeline {
        /// Length of its periods.
        unit: &'static str,
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
        /// How many there would be.
        rows: u64,
        /// How many there may be.
        most: u64,
        /// The least length of which there are few enough.
        coarser: Option<&'static str>,
    },
    /// A timeline of more values apart than anyone reads.
    #[error("the timeline has {rows} rows and {counts} counts of values in them; the most is {most}")]
    WideTimeline {
        /// Its periods.
        rows: u64,
        /// Counts of values, over all periods.
        counts: u64,
        /// How many there may be.
        most: u64,
    },
    /// Something else of the request cannot be read.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// No facet of that name.
    #[error("no {kind} is named “{name}” in this index")]
    UnknownFacet {
        /// Group, region or source.
        kind: &'static str,
        /// As given.
        name: String,
        /// Facets of similar names.
        near: Vec<String>,
        /// Whether the index has any facet of this kind.
        any: bool,
    },
    /// No report or passage is called so.
    #[error("no report is called “{name}” in this index")]
    UnknownReport {
        /// As given.
        name: String,
        /// Ids that are spelled almost like it.
        near: Vec<String>,
    },
    /// A passage that a report does not have.
    #[error("“{report}” has no passage {ordinal}")]
    UnknownPassage {
        /// Its id.
        report: String,
        /// As given, from 1.
        ordinal: usize,
        /// How many it has.
        count: usize,
    },
    /// Several places of that name.
    #[error("several {kind}s are named “{name}”: {}", .paths.join(", "))]
    AmbiguousFacet {
        /// Group, region or source.
        kind: &'static str,
        /// As given.
        name: String,
        /// Whole paths.
        paths: Vec<String>,
    },
    /// The time that the search had is over.
    #[error("the search took longer than it may")]
    Late {
        /// What it found until then.
        known: Box<Known>,
    },
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(error.into())
    }
}

impl SearchError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Query { error, .. } => error.hint.clone(),
            Self::Request(error) => error.hint(),
            Self::UnknownReport { near, .. } if near.is_empty() => {
                Some("ids are those that `vigie search --format jsonl` shows as report.id and passage.id".to_owned())
            }
            Self::UnknownFacet { kind, any: false, .. } => Some(format!("no report of this index has a {kind}")),
            Self::UnknownFacet { near, .. } if near.is_empty() => None,
            Self::UnknownFacet { near, .. } | Self::UnknownReport { near, .. } => {
                Some(format!("there is {}", near.join(", ")))
            }
            Self::UnknownPassage { count: 1, .. } => Some("it has one passage".to_owned()),
            Self::UnknownPassage { count, .. } => Some(format!("it has {count} passages")),
            Self::LongTimeline { coarser, .. } => Some(match coarser {
                Some(unit) => format!("count by {unit}, or bound the dates with --since and --until"),
                None => "bound the dates with --since and --until".to_owned(),
            }),
            Self::WideTimeline { .. } => {
                Some("ask for longer periods, for broader values, or for fewer of them".to_owned())
            }
            Self::AmbiguousFacet { .. } => Some("give the whole path".to_owned()),
            Self::Late { .. } => Some("ask for less: fewer words with a star, narrower filters, fewer hits".to_owned()),
            Self::Index(error) => error.hint(),
        }
    }

    /// The query, and the bytes of it that the error is about, where it is about some.
    #[must_use]
    pub fn span(&self) -> Option<(&str, std::ops::Range<usize>)> {
        if let Self::Query { query, error } = self { Some((query, error.span.clone())) } else { None }
    }
}
