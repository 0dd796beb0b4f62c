//! Scores: BM25 over the whole report, its lead and its best passage, and the query's words side by side.
//!
//! BM25F after Robertson, Zaragoza and Taylor, « Simple BM25 extension to multiple weighted fields » (CIKM 2004):
//! the frequencies of text and title are weighted and normed before they saturate. Pairs after Metzler and Croft, « A
//! Markov random field model for term dependencies » (SIGIR 2005), with BM25 in place of a language model.

use std::ops::Range;

use super::evidence::Evidence;
use super::plan::{Likeness, Pair, Plan, Variant};
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
    /// For each slot, the numbers of its variants among those of all slots.
    variants: Vec<Range<usize>>,
    /// Pairs of words of the plan.
    pairs: Vec<Meant>,
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
            variants: plan.variants(),
            pairs: Vec::new(),
        };
        let meant = |slot: usize| {
            let variants = plan.slots[slot].variants.iter().zip(ranker.variants[slot].clone());
            variants.filter(|(variant, _)| is_meant(variant)).map(|(_, number)| number).collect()
        };
        let pair = |pair: &Pair| Meant {
            first: meant(pair.first),
            second: meant(pair.second),
            rarity: ranker.pair_rarity(pair),
        };
        ranker.pairs = plan.pairs.iter().map(pair).collect();
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
    pub(super) fn score(&self, evidence: &Evidence<'_>) -> Scored {
        let view = self.view(evidence);
        let mut scored = Scored {
            report: self.words(&view) + LEAD_SHARE * self.lead(&view) + PAIR * self.side_by_side(&view),
            passages: self.passages(&view),
            ..Scored::default()
        };
        scored.score = scored.passage_score(scored.best_passage());
        scored
    }

    /// The score of one passage of a report by its parts.
    pub(super) fn explain(&self, evidence: &Evidence<'_>, passage: usize) -> Explanation {
        let view = self.view(evidence);
        let words = self.plan.concepts.iter().map(|concept| {
            // Of several readings, the last is all the words at once.
            let slots = concept.last().into_iter().flatten();
            let labels: Vec<&str> = slots.map(|&slot| self.plan.slots[slot].label.as_str()).collect();
            Share { term: labels.join(" "), score: self.word(&view, concept) }
        });
        let words: Vec<Share> = words.collect();
        Explanation {
            report: self.words(&view),
            lead: LEAD_SHARE * self.lead(&view),
            pairs: PAIR * self.side_by_side(&view),
            passage: PASSAGE * self.passages(&view).get(passage).copied().unwrap_or(0.0),
            words,
        }
    }

    fn view<'e>(&self, evidence: &'e Evidence<'e>) -> View<'e> {
        View {
            evidence,
            held: evidence.held().collect(),
            sides: self.pairs.iter().map(|pair| pair.sides(evidence)).collect(),
            body_norm: norm(B, evidence.body_length as f32, self.body_length),
            title_norm: norm(TITLE_B, evidence.title_length as f32, self.title_length),
        }
    }

    /// What the whole report says of the query.
    fn words(&self, view: &View<'_>) -> f32 {
        total(self.plan.concepts.iter().map(|concept| self.word(view, concept)))
    }

    fn word(&self, view: &View<'_>, concept: &[Vec<usize>]) -> f32 {
        let evidence = view.evidence;
        let frequency = |at: usize| {
            let variant = view.held[at];
            view.frequency(evidence.body(variant).len(), evidence.title(variant).len())
        };
        self.concept(view, concept, |rarity| rarity.report, frequency)
    }

    /// What its title and first words say.
    fn lead(&self, view: &View<'_>) -> f32 {
        let evidence = view.evidence;
        let end = evidence.lead_end();
        let norm = norm(B, evidence.lead_length as f32, self.lead_length);
        let frequency = |at: usize| {
            let variant = view.held[at];
            let body = evidence.body(variant).partition_point(|&position| position < end);
            (body + evidence.title(variant).len()) as f32 / norm
        };
        total(self.plan.concepts.iter().map(|concept| self.concept(view, concept, |rarity| rarity.lead, frequency)))
    }

    /// What each passage says.
    fn passages(&self, view: &View<'_>) -> Vec<f32> {
        // How often each passage has each variant that the report holds, then each pair; one passage behind the other.
        let (evidence, held) = (view.evidence, view.held.len());
        let columns = held + view.sides.len();
        let mut counts = vec![0_u32; evidence.passages() * columns];
        let bodies = view.held.iter().map(|&variant| evidence.body(variant));
        for (column, places) in bodies.chain(view.sides.iter().map(|sides| &*sides.body)).enumerate() {
            evidence.passages_of(places).for_each(|passage| counts[passage * columns + column] += 1);
        }
        let score = |(at, pair): (usize, &[u32])| {
            let counts = &counts[at * columns..(at + 1) * columns];
            if counts.iter().all(|&count| count == 0) {
                return 0.0;
            }
            let norm = norm(B, (pair[1] - pair[0]).saturating_sub(GAP) as f32, PASSAGE_WORDS);
            let frequency = |column: usize| counts[column] as f32 / norm;
            let concepts = self.plan.concepts.iter();
            let words = total(concepts.map(|concept| self.concept(view, concept, |rarity| rarity.report, frequency)));
            let pairs = (held..columns).zip(&self.pairs);
            words + PAIR * total(pairs.map(|(column, pair)| pair.rarity * saturate(frequency(column))))
        };
        evidence.starts.windows(2).enumerate().map(score).collect()
    }

    /// What words of the query that stand side by side add.
    fn side_by_side(&self, view: &View<'_>) -> f32 {
        let pairs = view.sides.iter().zip(&self.pairs);
        total(pairs.map(|(sides, pair)| pair.rarity * saturate(view.frequency(sides.body.len(), sides.title))))
    }

    /// What a concept scores: its best reading. `frequency` tells the normed frequency of a variant, by its place among
    /// those that the report holds.
    fn concept(
        &self,
        view: &View<'_>,
        concept: &[Vec<usize>],
        rarity: fn(Rarity) -> f32,
        frequency: impl Fn(usize) -> f32,
    ) -> f32 {
        // The first of several readings are the words one by one.
        let several = concept.len() > 1;
        let reading = |(at, slots): (usize, &Vec<usize>)| {
            let apart = if several && at == 0 { SCATTERED } else { 1.0 };
            apart * total(slots.iter().map(|&slot| self.slot(view, slot, rarity, &frequency)))
        };
        concept.iter().enumerate().map(reading).fold(0.0, f32::max)
    }

    /// A slot's score: its best stem, and its best exact term on top. What is all that a word has counts as both.
    fn slot(&self, view: &View<'_>, at: usize, of: fn(Rarity) -> f32, frequency: &impl Fn(usize) -> f32) -> f32 {
        let (slot, numbers) = (&self.plan.slots[at], &self.variants[at]);
        let (mut stem, mut exact) = (0.0_f32, 0.0_f32);
        // What does not stand there adds nothing, nor does what has no rarity.
        let first = view.held.partition_point(|&number| number < numbers.start);
        for (place, &number) in (first..).zip(&view.held[first..]).take_while(|(_, number)| numbers.contains(number)) {
            let number = number - numbers.start;
            let (variant, Some(rarity)) = (&slot.variants[number], self.rarities[at].get(number)) else { continue };
            let score = variant.weight * of(*rarity) * saturate(frequency(place));
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

/// Two words of the query, by the variants that it says.
struct Meant {
    first: Vec<usize>,
    second: Vec<usize>,
    rarity: f32,
}

impl Meant {
    /// Where the two stand side by side, in the order of the query.
    fn sides(&self, evidence: &Evidence<'_>) -> Sides {
        let body = self.followed(|variant| evidence.body(variant));
        Sides { body, title: self.followed(|variant| evidence.title(variant)).len() }
    }

    /// The places of the first that a place of the second follows closely; in order, each once.
    fn followed<'e>(&self, places: impl Fn(usize) -> &'e [u32]) -> Vec<u32> {
        let follows = |place: u32, row: &[u32]| {
            let next = row.get(row.partition_point(|&other| other <= place));
            next.is_some_and(|&other| other - place <= PAIR_REACH)
        };
        let mut found = Vec::new();
        for row in self.first.iter().map(|&variant| places(variant)) {
            for &place in row {
                if self.second.iter().any(|&variant| follows(place, places(variant))) {
                    found.push(place);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// What a report has of the query.
struct View<'e> {
    evidence: &'e Evidence<'e>,
    /// The variants that stand in it, by their numbers among those of all slots, in order.
    held: Vec<usize>,
    /// One a pair.
    sides: Vec<Sides>,
    /// How much its lengths count.
    body_norm: f32,
    title_norm: f32,
}

/// Where two words stand side by side.
struct Sides {
    /// Positions in the text.
    body: Vec<u32>,
    /// How often in the title.
    title: usize,
}

impl View<'_> {
    /// The weighted and normed frequency of what stands so often in text and title.
    fn frequency(&self, body: usize, title: usize) -> f32 {
        body as f32 / self.body_norm + TITLE * title as f32 / self.title_norm
    }
}

/// Whether a variant is what the query says, or the likeliest that it was meant to say.
fn is_meant(variant: &Variant) -> bool {
    variant.weight >= 1.0
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
