//! The groups, places and sources of an index by all their names, to be looked up by how these begin.
//!
//! One list a reader, made when it is first asked for: a name takes its own bytes and a few numbers, so that the list
//! grows with what the reports name, not with the reports.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, SegmentReader, TERMINATED, TantivyError};

use super::{IndexError, IndexReader};
use crate::facet::{FacetKind, FacetPath};
use crate::french::{fold, is_apostrophe, is_stop};
use crate::vocabulary::Vocabulary;

/// A facet that reports have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) kind: FacetKind,
    pub(crate) path: FacetPath,
    /// How many reports have it, exactly.
    pub(crate) reports: u64,
}

/// The facets of an index and all their names.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    values: Vec<Value>,
    /// Names as they are written.
    names: Vec<Box<str>>,
    /// The same as they are looked up, one after the other.
    keys: String,
    /// Every word that begins a name or stands in it, in the order of what is looked up.
    entries: Vec<Entry>,
}

/// A name, or its end from one of its words on.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Its bytes among the keys.
    start: u32,
    end: u32,
    value: u32,
    name: u32,
    /// Whether it is the whole name.
    whole: bool,
}

/// How a name begins as what was typed; better ones are less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// It is all of it.
    Same,
    /// It begins so.
    Start,
    /// One of its later words does.
    Later,
}

/// A name that was found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameMatch<'n> {
    pub(crate) value: &'n Value,
    /// As it is written.
    pub(crate) name: &'n str,
    pub(crate) fit: Fit,
}

impl Roster {
    fn new(values: Vec<Value>, vocabulary: &Vocabulary) -> Self {
        let mut roster = Self { values: distinct(values, vocabulary), ..Self::default() };
        let mut actors: BTreeMap<FacetPath, Vec<&str>> = BTreeMap::new();
        for actor in vocabulary.actors() {
            if let Some(path) = vocabulary.actor_path(actor) {
                actors.entry(path).or_default().extend(vocabulary.actor_names(actor));
            }
        }
        for at in 0..roster.values.len() {
            let Value { kind, path, .. } = roster.values[at].clone();
            let mut names: Vec<&str> = vec![path.name()];
            match kind {
                FacetKind::Group => names.extend(actors.get(&path).into_iter().flatten()),
                FacetKind::Region => {
                    let place = vocabulary.place(&path.to_string());
                    names.extend(place.into_iter().flat_map(|place| vocabulary.place_names(place)));
                }
                FacetKind::Source | FacetKind::Date => {}
            }
            let mut known: Vec<String> = Vec::new();
            for name in names {
                let (key, words) = key(name);
                // Of names that are looked up alike, the first is the one to show.
                if !key.is_empty() && !known.contains(&key) {
                    roster.add(at, name, &key, &words);
                    known.push(key);
                }
            }
        }
        let Self { keys, entries, .. } = &mut roster;
        let text = |entry: &Entry| &keys[entry.start as usize..entry.end as usize];
        entries.sort_by(|a, b| text(a).cmp(text(b)).then(a.value.cmp(&b.value)).then(a.name.cmp(&b.name)));
        entries.shrink_to_fit();
        keys.shrink_to_fit();
        roster
    }

    /// Adds a name. Past four gigabytes of names there is none to be added.
    fn add(&mut self, value: usize, name: &str, key: &str, words: &[usize]) {
        let number = |n: usize| u32::try_from(n).ok();
        let (Some(value), Some(number_of_name)) = (number(value), number(self.names.len())) else { return };
        let (Some(first), Some(end)) = (number(self.keys.len()), number(self.keys.len() + key.len())) else { return };
        self.keys.push_str(key);
        self.names.push(name.into());
        // Nobody begins a name with « de » that has it in the middle.
        let tells = |at: usize| at == 0 || !is_stop(key[at..].split(' ').next().unwrap_or_default());
        let starts = words.iter().filter(|&&at| tells(at)).filter_map(|&at| Some(first + number(at)?));
        let entry = |start| Entry { start, end, value, name: number_of_name, whole: start == first };
        self.entries.extend(starts.map(entry));
    }

    /// The names that begin with a text as [`key`] gives it, or of which a later word does; in no order that means anything,
    /// and of one facet maybe several.
    pub(crate) fn beginning<'n, 'k>(&'n self, key: &'k str) -> impl Iterator<Item = NameMatch<'n>> + use<'n, 'k> {
        let text = |entry: &Entry| &self.keys[entry.start as usize..entry.end as usize];
        let first = self.entries.partition_point(|entry| text(entry) < key);
        let found = self.entries[first..].iter().take_while(move |entry| text(entry).starts_with(key));
        found.map(move |entry| NameMatch {
            value: &self.values[entry.value as usize],
            name: &self.names[entry.name as usize],
            fit: match (entry.whole, text(entry).len() == key.len()) {
                (true, true) => Fit::Same,
                (true, false) => Fit::Start,
                (false, _) => Fit::Later,
            },
        })
    }

    /// Whether a name of this kind is that of one facet alone.
    pub(crate) fn is_unique(&self, kind: FacetKind, name: &str) -> bool {
        let (key, _) = key(name);
        let mut bearers = self.beginning(&key).filter(|found| found.fit == Fit::Same && found.value.kind == kind);
        let first = bearers.next();
        first.is_some_and(|first| bearers.all(|other| other.value.path == first.value.path))
    }
}

/// Facets without those of a place in the newer of its two divisions, where as many reports have both under one name.
fn distinct(mut values: Vec<Value>, vocabulary: &Vocabulary) -> Vec<Value> {
    let regions = values.iter().filter(|value| value.kind == FacetKind::Region);
    let reports: BTreeMap<&FacetPath, u64> = regions.map(|value| (&value.path, value.reports)).collect();
    let mut dropped: BTreeSet<FacetPath> = BTreeSet::new();
    for (&path, &count) in &reports {
        let Some(place) = vocabulary.place(&path.to_string()) else { continue };
        let Some(other) = vocabulary.other_division(place) else { continue };
        let other_path = vocabulary.place_path(other);
        if other_path.name() != path.name() || reports.get(&other_path) != Some(&count) {
            continue;
        }
        // Tables tell the newer division of a place, and a few places of it the older one, which is of a lower tier.
        let both = vocabulary.other_division(other) == Some(place) && other_path < *path;
        let is_newer =
            vocabulary.tier(other) < vocabulary.tier(place) || vocabulary.tier(other) == vocabulary.tier(place) && both;
        dropped.insert(if is_newer { path.clone() } else { other_path });
    }
    values.retain(|value| value.kind != FacetKind::Region || !dropped.contains(&value.path));
    values
}

/// A name as it is looked up, and at which bytes of that its words begin: folded, in small letters, one space between
/// words, none for an apostrophe, behind which a word begins all the same.
pub(crate) fn key(name: &str) -> (String, Vec<usize>) {
    let (mut key, mut words) = (String::with_capacity(name.len()), Vec::new());
    let mut parts = true;
    let mut spaced = false;
    for c in fold(&name.to_lowercase()).chars() {
        if c.is_alphanumeric() {
            if spaced && !key.is_empty() {
                key.push(' ');
            }
            if parts {
                words.push(key.len());
            }
            key.push(c);
            (parts, spaced) = (false, false);
        } else {
            parts = true;
            spaced |= !is_apostrophe(c);
        }
    }
    (key, words)
}

impl IndexReader {
    /// The groups, places and sources that reports have, by all their names; made when it is first asked for.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn roster(&self) -> Result<&Roster, IndexError> {
        self.kept.once(&self.kept.names, || {
            let mut values = Vec::new();
            for kind in [FacetKind::Group, FacetKind::Region, FacetKind::Source] {
                values.extend(self.values(kind)?);
            }
            Ok(Roster::new(values, &*self.vocabulary()?))
        })
    }

    /// Every facet of a kind that reports have, with its ancestors, in order, and how many have each.
    fn values(&self, kind: FacetKind) -> Result<Vec<Value>, IndexError> {
        let fields = self.fields();
        let field = match kind {
            FacetKind::Group => fields.group,
            FacetKind::Region => fields.region,
            FacetKind::Date => fields.date,
            FacetKind::Source => fields.source,
        };
        let mut found: BTreeMap<FacetPath, u64> = BTreeMap::new();
        for segment in self.searcher().segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let mut terms = inverted.terms().stream().map_err(TantivyError::from)?;
            while terms.advance() {
                let names = std::str::from_utf8(terms.key()).unwrap_or_default().replace('\0', "/");
                let Ok(path) = names.parse::<FacetPath>() else { continue };
                let reports = if segment.has_deletes() {
                    let postings = inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic);
                    alive(segment, postings.map_err(TantivyError::from)?)
                } else {
                    u64::from(terms.value().doc_freq)
                };
                if reports > 0 {
                    *found.entry(path).or_default() += reports;
                }
            }
        }
        Ok(found.into_iter().map(|(path, reports)| Value { kind, path, reports }).collect())
    }
}

/// How many of some reports were not dropped.
fn alive(segment: &SegmentReader, mut postings: impl DocSet) -> u64 {
    let mut reports = 0;
    while postings.doc() != TERMINATED {
        reports += u64::from(!segment.is_deleted(postings.doc()));
        postings.advance();
    }
    reports
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_looked_up_without_accents_signs_and_capitals() {
        for (name, want, words) in [
            ("Côte d'Ivoire", "cote divoire", &[0, 5, 6][..]),
            ("N’Djaména", "ndjamena", &[0, 1]),
            ("Gourma-Rharous", "gourma rharous", &[0, 7]),
            (" RFI ∕ AFP ", "rfi afp", &[0, 4]),
            ("…", "", &[]),
        ] {
            assert_eq!(key(name), (want.to_owned(), words.to_vec()), "{name}");
        }
    }
}
