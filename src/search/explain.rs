//! Reasons: how a query was read, down to the terms of the index.

use tantivy::schema::Term;

use super::plan::{Plan, Slot, Step, Way};
use super::rarity::{reports, spelled};
use super::{SearchError, Searcher};
use crate::hit::{Resolved, ResolvedTerm, ResolvedWord};
use crate::index::facet;
use crate::query::Part;

/// Terms of one word that are told one by one; the rest is counted.
const TOLD: usize = 12;

impl Searcher<'_> {
    /// How a query was read.
    pub(super) fn resolved(&self, plan: &Plan) -> Result<Resolved, SearchError> {
        let (dictionary, most) = (&self.dictionary, reports(self.reader));
        let mut words = Vec::new();
        for slot in plan.slots.iter().filter(|slot| !slot.named) {
            let mut finds = Vec::new();
            for variant in &slot.variants {
                for way in &variant.ways {
                    let weight = variant.weight * slot.boost;
                    let reports = spelled(dictionary, way, slot.part, most)?.reports;
                    let term = row(slot, way);
                    // A form that is its own stem counts twice and is told once.
                    if finds.iter().all(|known: &ResolvedTerm| known.term != term) {
                        finds.push(ResolvedTerm { term, weight, reports });
                    }
                }
            }
            words.push(ResolvedWord { term: slot.label.clone(), finds });
        }
        for (value, kind, paths) in &plan.facets {
            let mut finds = Vec::new();
            for path in paths {
                let mut reports = 0;
                for field in self.reader.fields().of_kind(*kind, false) {
                    reports += self.reader.searcher().doc_freq(&Term::from_facet(field, &facet(path)))?;
                }
                finds.push(ResolvedTerm { term: path.to_string(), weight: 1.0, reports });
            }
            words.push(ResolvedWord { term: value.clone(), finds });
        }
        Ok(Resolved { query: plan.canonical.clone(), words, dropped: plan.dropped.clone() })
    }
}

/// A row of words as text.
fn row(slot: &Slot, way: &Way) -> String {
    let words: Vec<String> = way.steps.iter().map(any).collect();
    let row = words.join(" ");
    let row = match way.slop {
        Some(words) => format!("{row} (within {words} words)"),
        None => row,
    };
    match slot.part {
        Some(Part::Title) => format!("{row} (in the title)"),
        Some(Part::Text) => format!("{row} (in the text)"),
        None => row,
    }
}

/// The terms of one word.
fn any(step: &Step) -> String {
    let told = step.terms.iter().take(TOLD).map(String::as_str).collect::<Vec<_>>().join("|");
    match step.terms.len().checked_sub(TOLD) {
        Some(more) if more > 0 => format!("{told}|… {more} more"),
        _ => told,
    }
}
