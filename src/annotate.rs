//! Annotation: what of a report is searched, filtered and counted: its tokens, its passages and its facets.

use crate::date::DateSpan;
use crate::facet::FacetPath;
use crate::french::{Analyzer, Token};
use crate::passages::{Passage, passages};
use crate::report::Report;

/// A report, analysed once.
#[derive(Debug)]
pub struct Annotated<'r> {
    /// The report itself.
    pub report: &'r Report,
    /// Tokens of the title.
    pub title: Vec<Token<'r>>,
    /// Tokens of the text.
    pub tokens: Vec<Token<'r>>,
    /// Passages of the text; at least one.
    pub passages: Vec<Passage>,
    /// Armed groups and forces, without repetition.
    pub groups: Vec<FacetPath>,
    /// Places, without repetition.
    pub regions: Vec<FacetPath>,
    /// Days of what is reported, in order; empty where no event has a date.
    pub events: Vec<DateSpan>,
    /// Groups that are only mentioned: background, affiliation.
    pub mentioned_groups: Vec<FacetPath>,
    /// Places that are only mentioned: background, dateline.
    pub mentioned_regions: Vec<FacetPath>,
    /// Dates that are only mentioned.
    pub mentioned_dates: Vec<DateSpan>,
}

/// Analyses a report and collects its facets: those that its record gives.
pub fn annotate<'r>(report: &'r Report, analyzer: &mut Analyzer) -> Annotated<'r> {
    let tokens = analyzer.analyze(&report.text);
    Annotated {
        report,
        title: report.title.as_deref().map(|title| analyzer.analyze(title)).unwrap_or_default(),
        passages: passages(&report.text, &tokens),
        tokens,
        groups: unique(&report.groups),
        regions: unique(&report.regions),
        events: unique(&report.dates),
        // A record gives what happened, and nothing beside it.
        mentioned_groups: Vec::new(),
        mentioned_regions: Vec::new(),
        mentioned_dates: Vec::new(),
    }
}

impl Annotated<'_> {
    /// The dates to filter and count by: those of the events, else the day of publication.
    #[must_use]
    pub fn dates(&self) -> Vec<DateSpan> {
        if self.events.is_empty() {
            self.report.published.map(DateSpan::day).into_iter().collect()
        } else {
            self.events.clone()
        }
    }
}

/// Sorted, each once.
fn unique<T: Clone + Ord>(values: &[T]) -> Vec<T> {
    let mut values = values.to_vec();
    values.sort_unstable();
    values.dedup();
    values
}
