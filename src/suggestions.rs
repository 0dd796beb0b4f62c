//! What leaves while a query is typed: how its word at the cursor may go on.

use serde::{Deserialize, Serialize};

use crate::facet::FacetPath;

/// How the word at the cursor may go on, the likeliest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestions {
    /// The query as far as it is typed, given back.
    pub typed: String,
    /// The byte of it that the cursor stands before, given back; on a character boundary.
    pub cursor: usize,
    /// Microseconds that the answer took.
    pub took_us: u64,
    /// One a name or word; none for an empty word.
    pub suggestions: Vec<Completion>,
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// What it is.
    pub kind: CompletionKind,
    /// What to show: the name of the group, place or source, or the word.
    pub name: String,
    /// Its other name that begins as what was typed, where its own does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Of a place, what it lies in: `Bankass (Mali)`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// The facet; none of a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<FacetPath>,
    /// How many reports have the facet, exactly; of a word, how many have it as it is written, in the text or, where these
    /// are more, in the title.
    pub reports: u64,
    /// The first byte of what was typed that it stands for.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What to write instead, in the query language: `groupe:JNIM`, `région:Mali/Mopti/Bankass`, or the bare word.
    pub insert: String,
}

/// What a completion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CompletionKind {
    /// An armed group or force.
    Group,
    /// A place.
    Region,
    /// Who published.
    Source,
    /// A word of the reports.
    Word,
}
