//! What a run did, in numbers and names.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::document::half;
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
}

/// A name that stayed open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenName {
    /// As written.
    pub name: String,
    /// Reports that hold it.
    pub reports: u64,
}

/// What annotation found in one report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) groups: bool,
    pub(super) regions: bool,
    pub(super) dates: bool,
    /// Names that stayed open, once each.
    pub(super) open: BTreeSet<String>,
}

impl Found {
    pub(super) fn of(annotated: &Annotated<'_>) -> Self {
        let reports = |role: Role| role != Role::Mention;
        Self {
            groups: annotated.groups.iter().any(|facet| reports(facet.role)),
            regions: annotated.regions.iter().any(|facet| reports(facet.role)),
            dates: annotated.dates.iter().any(|date| reports(date.role)),
            open: annotated.open_names().map(str::to_owned).collect(),
        }
    }
}

/// What annotation found in the reports of a run: of several records of one id, in that which came last.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// By the hash of their ids.
    reports: FxHashMap<u64, Short>,
    /// The numbers of names.
    names: FxHashMap<String, u32>,
}

/// What was found in a report, with numbers for names: there may be millions.
#[derive(Debug)]
struct Short {
    groups: bool,
    regions: bool,
    dates: bool,
    open: Box<[u32]>,
}

impl Findings {
    /// Takes what was found in the report of an id, in the place of what was found before.
    pub(super) fn enter(&mut self, id: &str, found: Found) {
        let Found { groups, regions, dates, open } = found;
        let mut number = |name| {
            let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            *self.names.entry(name).or_insert(next)
        };
        let open = open.into_iter().map(&mut number).collect();
        self.reports.insert(key(id), Short { groups, regions, dates, open });
    }

    /// Whether a date was found in the report of an id.
    pub(super) fn has_date(&self, id: &str) -> bool {
        self.reports.get(&key(id)).is_some_and(|found| found.dates)
    }

    /// The sum of it, with the most frequent names that stayed open.
    pub(super) fn coverage(self) -> Coverage {
        let mut times = vec![0; self.names.len()];
        let mut coverage = Coverage::default();
        for found in self.reports.values() {
            coverage.reports += 1;
            coverage.groups += u64::from(found.groups);
            coverage.regions += u64::from(found.regions);
            coverage.dates += u64::from(found.dates);
            found.open.iter().for_each(|&name| times[name as usize] += 1);
        }
        let names = self.names.into_iter().map(|(name, number)| (name, times[number as usize]));
        coverage.unresolved = most_frequent(names.filter(|(_, reports)| *reports > 0), OPEN);
        coverage
    }
}

/// The number that stands for an id.
fn key(id: &str) -> u64 {
    half(&blake3::hash(id.as_bytes()))
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
    /// Whether names and dates were looked for in the texts.
    pub annotation: bool,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_one_id_the_last_report_counts() {
        let found = |dates, open: &[&str]| Found {
            groups: true,
            dates,
            open: open.iter().map(|name| (*name).to_owned()).collect(),
            ..Found::default()
        };
        let mut findings = Findings::default();
        findings.enter("a", found(true, &["Ali", "Oumar"]));
        findings.enter("b", found(false, &["Oumar"]));
        findings.enter("a", found(false, &["Oumar", "Issa"]));
        let coverage = findings.coverage();
        assert_eq!((coverage.reports, coverage.groups, coverage.regions, coverage.dates), (2, 2, 0, 0));
        let open = |name: &str, reports| OpenName { name: name.to_owned(), reports };
        assert_eq!(coverage.unresolved, [open("Oumar", 2), open("Issa", 1)]);
    }
}
