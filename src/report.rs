//! What enters: a report, as read and normalized.

use chrono::NaiveDate;

use crate::date::DateSpan;
use crate::facet::FacetPath;

/// One article, dispatch or communiqué.
///
/// `text` is the stored text: NFC, one kind of apostrophe and line end, nothing invisible. Every offset that vigie
/// tells is a byte offset into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Unique in an index: the record's own, else its path below the given root (with line or content hash where a
    /// file holds several).
    pub id: String,
    /// Headline, given or found in the text.
    pub title: Option<String>,
    /// The stored text. Never empty.
    pub text: String,
    /// Who published it.
    pub source: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Publication day.
    pub published: Option<NaiveDate>,
    /// ISO 639-1 code where there is one, else ISO 639-3; given or detected; `und` where neither could tell.
    pub lang: String,
    /// Groups given by the record.
    pub groups: Vec<FacetPath>,
    /// Regions given by the record.
    pub regions: Vec<FacetPath>,
    /// Event dates given by the record.
    pub dates: Vec<DateSpan>,
    /// The file it was read from, as given on the command line joined with the path below it, with `/`.
    pub path: String,
}
