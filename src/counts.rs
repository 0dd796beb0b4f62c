//! What leaves beside hits: how many reports have each value of a facet, and how many fall into each period.
//!
//! All counts are of reports, exactly, once each.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::facet::{FacetKind, FacetPath};
use crate::hit::Expansion;

/// How many reports of an answer have each value of a facet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCounts {
    /// Whether the request filters by values of this kind; then each value has a [`Choice`].
    pub filtered: bool,
    /// Reports of the answer without any value.
    pub without: u64,
    /// The broadest values, most frequent first, those of one frequency by name.
    pub values: Vec<FacetCount>,
    /// Broadest values that are not shown.
    pub more: usize,
}

/// How many reports have one value, or a value below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCount {
    /// The value.
    pub path: FacetPath,
    /// Reports of the answer that have it.
    pub count: u64,
    /// What filtering by it would give, where the request filters by values of its kind already.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
    /// The values right below, in the order of the broadest.
    pub children: Vec<FacetCount>,
    /// Values right below that are not shown.
    pub more: usize,
}

/// What a value would do to a request that filters by values of its kind. All else of the request is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Whether the request filters by this value.
    pub selected: bool,
    /// Reports that would answer if the value were added to those selected.
    pub if_added: u64,
    /// Reports that would answer if the value were chosen instead of those selected.
    pub if_chosen_instead: u64,
}

impl FacetCount {
    /// What its place among its siblings goes by: the reports that have it, whatever values of its kind are selected.
    #[must_use]
    pub fn weight(&self) -> u64 {
        self.choice.map_or(self.count, |choice| choice.if_chosen_instead)
    }
}

/// The counts of one or more facets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetAnswer {
    /// Microseconds from the query's text to the finished counts.
    pub took_us: u64,
    /// Reports that answer the request.
    pub total: u64,
    /// By kind.
    pub facets: BTreeMap<FacetKind, FacetCounts>,
    /// What the query was widened by.
    #[serde(default)]
    pub expanded: Vec<Expansion>,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// The length of the periods of a timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Days
    Day,
    /// Weeks of ISO 8601, from Monday
    Week,
    /// Months
    #[default]
    Month,
    /// Years
    Year,
}

impl Unit {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// The reports of one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// `2024-08-15`, `2024-W33`, `2024-08`, `2024`; nothing where no date is known.
    pub period: Option<String>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day, included.
    pub to: Option<NaiveDate>,
    /// Length of the period: that asked for, or a longer one where reports are dated no finer.
    pub unit: Option<Unit>,
    /// Reports with a date in the period, once each.
    pub count: u64,
    /// Reports of the period by value, where a split was asked for; a report counts once for each value it has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub split: Vec<Part>,
}

/// The reports of a period that have one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The path of a facet, `other` for any that is not shown, or `none` where there is no value at all.
    pub value: String,
    /// Reports, once each.
    pub count: u64,
}

/// A histogram of reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Microseconds from the query's text to the finished counts.
    pub took_us: u64,
    /// Reports that answer the request: those of a period, those in `coarser` and those in `undated`.
    pub total: u64,
    /// Reports that no period of the length asked for holds, because their dates are known less finely.
    pub coarser: u64,
    /// Reports without any date.
    pub undated: u64,
    /// Periods in order without a gap from the first to the last with reports; then, longer ones of what is dated no
    /// finer; then one of what has no date.
    pub timeline: Vec<Bucket>,
    /// What the query was widened by.
    #[serde(default)]
    pub expanded: Vec<Expansion>,
    /// What the user should know.
    pub warnings: Vec<String>,
}

impl Timeline {
    /// The periods of the length asked for.
    #[must_use]
    pub fn periods(&self, unit: Unit) -> &[Bucket] {
        let end = self.timeline.iter().position(|bucket| bucket.unit != Some(unit));
        &self.timeline[..end.unwrap_or(self.timeline.len())]
    }
}
