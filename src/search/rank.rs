//! Scores: BM25 over the whole report, its lead and its best passage, and the query's words side by side.
//!
//! BM25F after Robertson, Zaragoza and Taylor, « Simple BM25 extension to multiple weighted fields » (CIKM 2004):
//! the frequencies of text and title are weighted and normed before they saturate. Pairs after Metzler and Croft, « A
//! Markov random field model for term dependencies » (SIGIR 2005), with BM25 in place of a language model.

use super::evidence::Evidence;
use super::plan::{Likeness, Pair, Plan, Slot, Variant};
use super::rarity::{Rarity, reports};
use super::weights::{B, EXACT, K1, LEAD_SHARE, PAIR, PAIR_REACH, PASSAGE, PASSAGE_WORDS, SCATTERED, TITLE, TITLE_B};
use crate::hit::{Explanation, Share};
use crate::index::{GAP, IndexError, IndexReader};

/// Statistics of the index and of what a plan asks for.
pub(super) struct Ranker<'p> {
    plan: &'p Plan,
    body_length: f32,
    title_length: f32,
    lead_length: f32,
    rarities: Vec<Vec<Rarity>>,
    /// Rarity of each pair.
    pairs: Vec<f32>,
}

/// What a report scores.
#[derive(Clone, Debug, Default)]
pub(super) struct Scored {
    /// The whole.
    pub(super) score: f32,
    /// The report's part of it: its words, its lead, its pairs.
    report: f32,
    /// One a passage.
    passages: Vec<f32>,
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

/// How each variant of each slot of a report fares, in one of the ways to look at it.
struct View<'v> {
    rarity: fn(Rarity) -> f32,
    /// Saturated frequency of a variant of a slot.
    weight: &'v dyn Fn(usize, usize) -> f32,
}

impl<'p> Ranker<'p> {
    /// Reads the statistics that a plan needs beside its rarities.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn new(reader: &IndexReader, plan: &'p Plan, rarities: Vec<Vec<Rarity>>) -> Result<Self, IndexError> {
        let (searcher, fields) = (reader.searcher(), reader.fields());
        let reports = reports(reader);
        let mean = |field| -> Result<f32, IndexError> {
            let mut tokens = 0;
            for segment in searcher.segment_readers() {
                tokens += segment.inverted_index(field)?.total_num_tokens();
            }
            Ok((tokens as f32 / reports.max(1) as f32).max(1.0))
        };
        let mut ranker = Self {
            plan,
            body_length: mean(fields.body)?,
            title_length: mean(fields.title)?,
            lead_length: mean(fields.lead)?,
            rarities,
            pairs: Vec::new(),
        };
        ranker.pairs = plan.pairs.iter().map(|pair| ranker.pair_rarity(pair)).collect();
        Ok(ranker)
    }

    /// How rare it is that two words stand side by side: as both together. How often they really do, only all their
    /// positions would tell, and what is gathered tells another thing at each page.
    fn pair_rarity(&self, pair: &Pair) -> f32 {
        let of = |slot: usize| {
            let variants = self.plan.slots[slot].variants.iter().zip(&self.rarities[slot]);
            let meant = variants.filter(|(variant, _)| is_meant(variant)).map(|(_, rarity)| rarity.report);
            meant.reduce(f32::min).unwrap_or(0.0) * self.plan.slots[slot].boost.min(1.0)
        };
        of(pair.first) + of(pair.second)
    }

    /// The rarity of each variant of each slot.
    pub(super) fn rarities(&self) -> &[Vec<Rarity>] {
        &self.rarities
    }

    /// Scores a report.
    pub(super) fn score(&self, evidence: &Evidence) -> Scored {
        let mut scored = Scored {
            report: self.words(evidence) + LEAD_SHARE * self.lead(evidence) + PAIR * self.side_by_side(evidence),
            passages: self.passages(evidence),
            ..Scored::default()
        };
        scored.score = scored.passage_score(scored.best_passage());
        scored
    }

    /// The score of one passage of a report by its parts.
    pub(super) fn explain(&self, evidence: &Evidence, passage: usize) -> Explanation {
        let scored = self.score(evidence);
        let words = self.plan.concepts.iter().map(|concept| {
            // Of several readings, the last is all the words at once.
            let slots = concept.last().into_iter().flatten();
            let labels: Vec<&str> = slots.map(|&slot| self.plan.slots[slot].label.as_str()).collect();
            Share { term: labels.join(" "), score: self.word(evidence, concept) }
        });
        let words: Vec<Share> = words.collect();
        Explanation {
            report: self.words(evidence),
            lead: LEAD_SHARE * self.lead(evidence),
            pairs: PAIR * self.side_by_side(evidence),
            passage: PASSAGE * scored.passages.get(passage).copied().unwrap_or(0.0),
            words,
        }
    }

    /// What the whole report says of the query.
    fn words(&self, evidence: &Evidence) -> f32 {
        total(self.plan.concepts.iter().map(|concept| self.word(evidence, concept)))
    }

    fn word(&self, evidence: &Evidence, concept: &[Vec<usize>]) -> f32 {
        let body_norm = norm(B, evidence.body_length as f32, self.body_length);
        let title_norm = norm(TITLE_B, evidence.title_length as f32, self.title_length);
        let weight = |slot: usize, variant: usize| {
            let places = &evidence.slots[slot].variants[variant];
            saturate(places.body.len() as f32 / body_norm + TITLE * places.title.len() as f32 / title_norm)
        };
        self.concept(concept, &View { rarity: |rarity| rarity.report, weight: &weight })
    }

    /// What its title and first words say.
    fn lead(&self, evidence: &Evidence) -> f32 {
        let end = evidence.lead_end();
        let norm = norm(B, evidence.lead_length as f32, self.lead_length);
        let weight = |slot: usize, variant: usize| {
            let places = &evidence.slots[slot].variants[variant];
            let found = places.body.partition_point(|&position| position < end) + places.title.len();
            saturate(found as f32 / norm)
        };
        let view = View { rarity: |rarity| rarity.lead, weight: &weight };
        total(self.plan.concepts.iter().map(|concept| self.concept(concept, &view)))
    }

    /// What each passage says.
    fn passages(&self, evidence: &Evidence) -> Vec<f32> {
        let counts: Vec<Vec<Vec<u32>>> = evidence
            .slots
            .iter()
            .map(|slot| slot.variants.iter().map(|places| evidence.by_passage(&places.body)).collect())
            .collect();
        let pairs: Vec<Vec<u32>> =
            self.plan.pairs.iter().map(|pair| evidence.by_passage(&self.sides(evidence, pair).0)).collect();
        let passage = |(at, pair): (usize, &[u32])| {
            let norm = norm(B, (pair[1] - pair[0]).saturating_sub(GAP) as f32, PASSAGE_WORDS);
            let weight = |slot: usize, variant: usize| saturate(counts[slot][variant][at] as f32 / norm);
            let view = View { rarity: |rarity| rarity.report, weight: &weight };
            let words: f32 = total(self.plan.concepts.iter().map(|concept| self.concept(concept, &view)));
            let pairs = pairs.iter().zip(&self.pairs);
            words + PAIR * total(pairs.map(|(counts, rarity)| rarity * saturate(counts[at] as f32 / norm)))
        };
        evidence.starts.windows(2).enumerate().map(passage).collect()
    }

    /// What words of the query that stand side by side add.
    fn side_by_side(&self, evidence: &Evidence) -> f32 {
        let body_norm = norm(B, evidence.body_length as f32, self.body_length);
        let title_norm = norm(TITLE_B, evidence.title_length as f32, self.title_length);
        let pairs = self.plan.pairs.iter().zip(&self.pairs).map(|(pair, rarity)| {
            let (body, title) = self.sides(evidence, pair);
            rarity * saturate(body.len() as f32 / body_norm + TITLE * title as f32 / title_norm)
        });
        total(pairs)
    }

    /// Where two words stand side by side, in the order of the query: positions in the text, and how often in the title.
    fn sides(&self, evidence: &Evidence, pair: &Pair) -> (Vec<u32>, usize) {
        let meant = |slot: usize| {
            let variants = self.plan.slots[slot].variants.iter().zip(&evidence.slots[slot].variants);
            variants.filter(|(variant, _)| is_meant(variant)).map(|(_, places)| places)
        };
        let body = |slot| merged(meant(slot).map(|places| places.body.as_slice()));
        let title = |slot| merged(meant(slot).map(|places| places.title.as_slice()));
        let text = followed(&body(pair.first), &body(pair.second));
        (text, followed(&title(pair.first), &title(pair.second)).len())
    }

    /// What a concept scores: its best reading.
    fn concept(&self, concept: &[Vec<usize>], view: &View<'_>) -> f32 {
        // The first of several readings are the words one by one.
        let several = concept.len() > 1;
        let reading = |(at, slots): (usize, &Vec<usize>)| {
            let apart = if several && at == 0 { SCATTERED } else { 1.0 };
            apart * total(slots.iter().map(|&slot| self.slot(slot, view)))
        };
        concept.iter().enumerate().map(reading).fold(0.0, f32::max)
    }

    /// A slot's score: its best stem, and its best exact term on top. What is all that a word has counts as both.
    fn slot(&self, at: usize, view: &View<'_>) -> f32 {
        let slot: &Slot = &self.plan.slots[at];
        let (mut stem, mut exact) = (0.0_f32, 0.0_f32);
        for (number, (variant, rarity)) in slot.variants.iter().zip(&self.rarities[at]).enumerate() {
            let score = variant.weight * (view.rarity)(*rarity) * (view.weight)(at, number);
            if variant.likeness != Likeness::Exact {
                stem = stem.max(score);
            }
            if variant.likeness != Likeness::Stem {
                exact = exact.max(score);
            }
        }
        slot.boost * (stem + EXACT * exact)
    }
}

/// Whether a variant is what the query says, or the likeliest that it was meant to say.
fn is_meant(variant: &Variant) -> bool {
    variant.weight >= 1.0
}

/// All places, in order.
fn merged<'a>(places: impl Iterator<Item = &'a [u32]>) -> Vec<u32> {
    let mut all: Vec<u32> = places.flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The places that one of the others follows closely.
fn followed(first: &[u32], second: &[u32]) -> Vec<u32> {
    let follows = |&&place: &&u32| {
        let next = second.partition_point(|&other| other <= place);
        second.get(next).is_some_and(|&other| other - place <= PAIR_REACH)
    };
    first.iter().filter(follows).copied().collect()
}

/// A sum, of nothing 0: the empty sum of floats is -0, which people would see.
fn total(scores: impl Iterator<Item = f32>) -> f32 {
    scores.fold(0.0, |sum, score| sum + score)
}

/// How much a length counts against the usual one.
fn norm(b: f32, length: f32, usual: f32) -> f32 {
    1.0 - b + b * length / usual
}

/// What a weighted frequency adds.
fn saturate(frequency: f32) -> f32 {
    frequency * (K1 + 1.0) / (frequency + K1)
}
