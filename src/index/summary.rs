//! What a run did, in numbers and names.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::identity::Meeting;
use crate::annotate::{Annotated, Role};
use crate::corpus::{Note, Skip};

/// Names that stayed open which are told.
const OPEN: usize = 10;

/// How much annotation found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Reports annotated.
    pub reports: u64,
    /// Of them, those with a group or force.
    pub groups: u64,
    /// Those with a place.
    pub regions: u64,
    /// Those with a date of an event.
    pub dates: u64,
    /// The most frequent names that stayed open, with the reports that hold them.
    pub unresolved: Vec<OpenName>,
    /// All of them, while they are counted.
    #[serde(skip)]
    open: FxHashMap<String, u64>,
}

/// A name that stayed open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenName {
    /// As written.
    pub name: String,
    /// Reports that hold it.
    pub reports: u64,
}

impl Coverage {
    /// What one report holds.
    pub(super) fn of(annotated: &Annotated<'_>) -> Self {
        let has = |mut roles: Box<dyn Iterator<Item = Role> + '_>| u64::from(roles.any(|role| role != Role::Mention));
        Self {
            reports: 1,
            groups: has(Box::new(annotated.groups.iter().map(|facet| facet.role))),
            regions: has(Box::new(annotated.regions.iter().map(|facet| facet.role))),
            dates: has(Box::new(annotated.dates.iter().map(|date| date.role))),
            unresolved: Vec::new(),
            open: annotated.open_names().map(|name| (name.to_owned(), 1)).collect(),
        }
    }

    /// Adds what another report holds.
    pub(super) fn add(&mut self, other: Self) {
        self.reports += other.reports;
        self.groups += other.groups;
        self.regions += other.regions;
        self.dates += other.dates;
        for (name, reports) in other.open {
            *self.open.entry(name).or_default() += reports;
        }
    }

    /// Sorts out the most frequent names that stayed open.
    pub(super) fn finish(&mut self) {
        self.unresolved = most_frequent(self.open.drain(), OPEN);
    }
}

/// The most frequent names, by the number of reports and then by name; 0 takes all.
pub(crate) fn most_frequent(names: impl Iterator<Item = (String, u64)>, most: usize) -> Vec<OpenName> {
    let mut names: Vec<OpenName> = names.map(|(name, reports)| OpenName { name, reports }).collect();
    names.sort_unstable_by(|a, b| b.reports.cmp(&a.reports).then_with(|| a.name.cmp(&b.name)));
    if most > 0 {
        names.truncate(most);
    }
    names
}

/// What a run did. Every input that was skipped or left undated is named.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// New reports.
    pub added: u64,
    /// Reports replaced, because their content is another.
    pub updated: u64,
    /// Reports that were in the index as they are.
    pub unchanged: u64,
    /// Reports dropped.
    pub removed: u64,
    /// Their ids.
    pub removed_ids: Vec<String>,
    /// Inputs that gave no report.
    pub skipped: Vec<Skip>,
    /// Ids that several records bear, of this run or of files that are still there; the last one holds.
    pub duplicates: Vec<String>,
    /// Ids of the reports read without any date.
    pub undated: Vec<String>,
    /// Reports read, by language.
    pub languages: BTreeMap<String, u64>,
    /// What was left out of inputs, or could not be read of them.
    pub notes: Vec<Note>,
    /// What annotation found in the reports that were written.
    pub annotated: Coverage,
    /// Bytes of the files met, packed as they are on disk, those of standard input too.
    pub bytes: u64,
    /// Bytes of text read.
    pub text_bytes: u64,
    /// Reports in the index afterwards.
    pub reports: u64,
    /// Digest of the index afterwards ([`IndexReader::digest`](super::IndexReader::digest)).
    pub digest: String,
    /// Seconds of the whole run.
    pub seconds: f64,
    /// Whether the run was only to tell.
    pub dry_run: bool,
    /// Whether the index was changed. Not in a dry run, nor where nothing had to be.
    pub written: bool,
}

impl Summary {
    /// Reports that the run met.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.added + self.updated + self.unchanged
    }

    /// The counter of reports that meet the index so.
    pub(super) fn count(&mut self, meeting: Meeting) -> &mut u64 {
        match meeting {
            Meeting::New => &mut self.added,
            Meeting::Changed => &mut self.updated,
            Meeting::Same => &mut self.unchanged,
        }
    }
}
