//! What of the counts of an answer is asked for.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::counts::Unit;
use crate::facet::FacetKind;

/// The deepest level of facets that counts are told of.
pub const DEEPEST: usize = 16;

/// Which facets to count, and how much of the counts to tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FacetRequest {
    /// Kinds of facets; at least one.
    pub by: Vec<FacetKind>,
    /// Levels, from 1 to [`DEEPEST`].
    pub depth: usize,
    /// Most values below each; 0 for all.
    pub limit: usize,
}

impl Default for FacetRequest {
    fn default() -> Self {
        Self { by: vec![FacetKind::Group, FacetKind::Region], depth: 2, limit: 20 }
    }
}

/// A kind of facet that a timeline can be split by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// Armed groups and forces
    Group,
    /// Places
    Region,
}

impl From<Split> for FacetKind {
    fn from(split: Split) -> Self {
        match split {
            Split::Group => Self::Group,
            Split::Region => Self::Region,
        }
    }
}

/// How to spread reports over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimelineRequest {
    /// Length of the periods.
    pub by: Unit,
    /// Whether the day of publication counts, instead of the dates of events.
    pub published: bool,
    /// Which values to count apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    /// The level of those values, from 1 to [`DEEPEST`].
    pub depth: usize,
    /// How many of the most frequent values stand for themselves; 0 for all.
    pub top: usize,
}

impl Default for TimelineRequest {
    fn default() -> Self {
        Self { by: Unit::default(), published: false, split: None, depth: 1, top: 5 }
    }
}
