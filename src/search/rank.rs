//! Scores: BM25 over the whole report, its stems and its exact words, and over its best passage.
//!
//! BM25F after Robertson, Zaragoza and Taylor, « Simple BM25 extension to multiple weighted fields » (CIKM 2004):
//! the frequencies of text and title are weighted and normed before they saturate.

use tantivy::Term;

use super::evidence::{Evidence, SlotEvidence, TermEvidence};
use super::plan::{Plan, Slot};
use super::weights::{B, EXACT, K1, PASSAGE, PASSAGE_WORDS, TITLE, TITLE_B};
use crate::index::{GAP, IndexError, IndexReader};

/// Statistics of the index and of the terms of a plan.
pub(super) struct Ranker {
    body_length: f32,
    title_length: f32,
    /// Rarity of each term of each slot; of a phrase, the sum over its words.
    rarity: Vec<Vec<f32>>,
}

/// What a report scores.
#[derive(Clone, Debug, Default)]
pub(super) struct Scored {
    /// The whole.
    pub(super) score: f32,
    /// The report's part of it.
    pub(super) report: f32,
    /// One a passage.
    pub(super) passages: Vec<f32>,
}

impl Scored {
    /// The best passage, from 0; the first of equals.
    pub(super) fn best_passage(&self) -> usize {
        let best = |best: usize, at: usize| if self.passages[at] > self.passages[best] { at } else { best };
        (0..self.passages.len()).reduce(best).unwrap_or(0)
    }

    /// Leaves passages that do not answer out of the choice.
    pub(super) fn keep(&mut self, answering: &[bool]) {
        for (score, answers) in self.passages.iter_mut().zip(answering) {
            if !answers {
                *score = f32::NEG_INFINITY;
            }
        }
        self.score = self.passage_score(self.best_passage());
    }

    /// What one passage scores as a hit of its own.
    pub(super) fn passage_score(&self, passage: usize) -> f32 {
        self.report + PASSAGE * self.passages.get(passage).copied().unwrap_or(0.0)
    }
}

impl Ranker {
    /// Reads the statistics that a plan needs.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn new(reader: &IndexReader, plan: &Plan) -> Result<Self, IndexError> {
        let (searcher, fields) = (reader.searcher(), reader.fields());
        let docs: u64 = searcher.segment_readers().iter().map(|segment| u64::from(segment.max_doc())).sum();
        let mean = |field| -> Result<f32, IndexError> {
            let mut tokens = 0;
            for segment in searcher.segment_readers() {
                tokens += segment.inverted_index(field)?.total_num_tokens();
            }
            Ok((as_f32(tokens) / as_f32(docs.max(1))).max(1.0))
        };
        let rarity_of = |term: &str| -> Result<f32, IndexError> {
            let body = searcher.doc_freq(&Term::from_field_text(fields.body, term))?;
            let title = searcher.doc_freq(&Term::from_field_text(fields.title, term))?;
            let found = as_f32(body.max(title));
            Ok((1.0 + (as_f32(docs) - found + 0.5).max(0.5) / (found + 0.5)).ln())
        };
        let mut rarity = Vec::with_capacity(plan.slots.len());
        for slot in &plan.slots {
            let mut terms = Vec::new();
            if !slot.scored {
                rarity.push(terms);
                continue;
            }
            if let [step] = slot.steps.as_slice() {
                for alternative in &step.alternatives {
                    terms.push(rarity_of(&alternative.term)?);
                }
            } else {
                let mut sum = 0.0;
                for step in &slot.steps {
                    let mut least = f32::INFINITY;
                    for alternative in &step.alternatives {
                        least = least.min(rarity_of(&alternative.term)?);
                    }
                    sum += least;
                }
                terms.push(sum);
            }
            rarity.push(terms);
        }
        Ok(Self { body_length: mean(fields.body)?, title_length: mean(fields.title)?, rarity })
    }

    /// Scores a report.
    pub(super) fn score(&self, plan: &Plan, evidence: &Evidence) -> Scored {
        let body_norm = 1.0 - B + B * evidence.body_length as f32 / self.body_length;
        let title_norm = 1.0 - TITLE_B + TITLE_B * evidence.title_length as f32 / self.title_length;
        let mut scored = Scored { passages: vec![0.0; evidence.passages()], ..Scored::default() };
        let passage_norms: Vec<f32> =
            evidence.starts.windows(2).map(|pair| 1.0 - B + B * passage_words(pair) / PASSAGE_WORDS).collect();
        for ((slot, found), rarity) in plan.slots.iter().zip(&evidence.slots).zip(&self.rarity) {
            if !slot.scored {
                continue;
            }
            scored.report += combine(slot, found, rarity, |term| {
                saturate(term.body.len() as f32 / body_norm + TITLE * term.title as f32 / title_norm)
            });
            let by_passage: Vec<Vec<u32>> = found.terms.iter().map(|term| evidence.by_passage(&term.body)).collect();
            for (at, score) in scored.passages.iter_mut().enumerate() {
                let mut counts = by_passage.iter();
                *score += combine(slot, found, rarity, |_| {
                    counts.next().map_or(0.0, |counts| saturate(counts[at] as f32 / passage_norms[at]))
                });
            }
        }
        scored.score = scored.passage_score(scored.best_passage());
        scored
    }
}

/// The words between the starts of a passage and of the next.
fn passage_words(pair: &[u32]) -> f32 {
    (pair[1] - pair[0]).saturating_sub(GAP) as f32
}

/// A slot's score: its best stem, and its best exact term on top. A word that is only exact counts as both.
fn combine(slot: &Slot, found: &SlotEvidence, rarity: &[f32], mut weight: impl FnMut(&TermEvidence) -> f32) -> f32 {
    let phrase = slot.steps.len() > 1;
    let (mut stem, mut exact) = (0.0_f32, 0.0_f32);
    let mut stems = false;
    for (at, (term, rarity)) in found.terms.iter().zip(rarity).enumerate() {
        let score = rarity * weight(term);
        if phrase || slot.steps[0].alternatives[at].exact {
            exact = exact.max(score);
        } else {
            stems = true;
            stem = stem.max(score);
        }
    }
    if stems { stem + EXACT * exact } else { (1.0 + EXACT) * exact }
}

/// What a weighted frequency adds.
fn saturate(frequency: f32) -> f32 {
    frequency * (K1 + 1.0) / (frequency + K1)
}

fn as_f32(count: u64) -> f32 {
    count as f32
}
