//! A query resolved against the analysis, the names and the index: a boolean tree whose leaves are what has to be
//! found, and what of it counts for the rank.

use std::ops::Range;

use tantivy::query::{Occur, Query};

use crate::facet::{FacetKind, FacetPath};
use crate::hit::Expansion;
use crate::query::Part;

/// What to find, how it combines, and how it counts.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) slots: Vec<Slot>,
    /// Filters within the query that ask whole reports.
    pub(super) filters: Vec<Box<dyn Query>>,
    pub(super) tree: Tree,
    /// What counts for the rank, each once.
    pub(super) concepts: Vec<Concept>,
    /// Words that stand next to each other in the query.
    pub(super) pairs: Vec<Pair>,
    /// Words of the query that were left out, because they say too little.
    pub(super) dropped: Vec<String>,
    /// What the user should know of how the query was read.
    pub(super) warnings: Vec<String>,
    /// Values of filters that nothing of the index has, as they are told; only where that is no error.
    pub(super) unknown: Vec<String>,
    /// Values of filters within the query, as written, and the facets that they stand for.
    pub(super) facets: Vec<(String, FacetKind, Vec<FacetPath>)>,
    /// What the query was widened by.
    pub(super) expanded: Vec<Expansion>,
    /// Whether the query has signs and no word.
    pub(super) nothing: bool,
    /// The query in the canonical form of the language.
    pub(super) canonical: String,
}

/// A boolean tree over slots and filters, by number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Tree {
    /// Every report.
    #[default]
    Everything,
    /// Reports that hold a slot.
    Slot(usize),
    /// Reports that a filter lets through.
    Filter(usize),
    /// All of them.
    All(Vec<Tree>),
    /// At least one.
    Any(Vec<Tree>),
    /// At least so many, of more.
    Several(usize, Vec<Tree>),
    /// None of it.
    Not(Box<Tree>),
}

/// A word, a phrase or a name to find.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Slot {
    /// As the user wrote it.
    pub(super) label: String,
    /// The bytes of the query that it stands at.
    pub(super) span: Range<usize>,
    /// What it may be, the best of which counts.
    pub(super) variants: Vec<Variant>,
    /// The part of a report that has to hold it; any where none is named.
    pub(super) part: Option<Part>,
    /// How much it counts against other slots.
    pub(super) boost: f32,
    /// Slots of the words that it stands for together; it is as rare as they are.
    pub(super) instead_of: Vec<usize>,
    /// Whether it is marked where it stands.
    pub(super) marked: bool,
    /// Whether its terms are names and dates that passages tell, not words.
    pub(super) named: bool,
}

/// One thing that a slot may be, however it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Variant {
    /// Its spellings: where any of them stands, it stands.
    pub(super) ways: Vec<Way>,
    /// How sure it is that this is meant, up to 1.
    pub(super) weight: f32,
    /// Which part of the score it gives.
    pub(super) likeness: Likeness,
    /// Whether the query does not say it itself.
    pub(super) added: bool,
}

/// How like the word of the query a variant is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// Has a stem in common.
    Stem,
    /// Is the word itself, which counts on top of its stem.
    Exact,
    /// Is all that the word has: a name, a number, a phrase.
    Whole,
}

/// One spelling: a word, or several that stand together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Way {
    pub(super) steps: Vec<Step>,
    /// How many other words may stand among those of the steps, which then come in any order.
    pub(super) slop: Option<u32>,
}

/// One word of a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// Positions after the first word.
    pub(super) offset: u32,
    /// Any of these terms.
    pub(super) terms: Vec<String>,
}

/// What counts once for the rank: the best of several readings of the same words, each a row of slots. Of several, the
/// first is of the words one by one.
pub(super) type Concept = Vec<Vec<usize>>;

/// Two slots that stand next to each other in the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) first: usize,
    pub(super) second: usize,
}

impl Way {
    /// A word by any of some terms.
    pub(super) fn word(terms: Vec<String>) -> Self {
        Self { steps: vec![Step { offset: 0, terms }], slop: None }
    }

    /// The only word's terms; nothing of several words.
    pub(super) fn terms(&self) -> Option<&[String]> {
        if let [step] = self.steps.as_slice() { Some(&step.terms) } else { None }
    }
}

impl Variant {
    /// What the query itself says.
    pub(super) fn written(way: Way, likeness: Likeness) -> Self {
        Self { ways: vec![way], weight: 1.0, likeness, added: false }
    }

    /// What is added to it.
    pub(super) fn added(ways: Vec<Way>, weight: f32, likeness: Likeness) -> Self {
        Self { ways, weight, likeness, added: true }
    }
}

impl Slot {
    /// What the query says at some bytes.
    pub(super) fn new(label: &str, span: Range<usize>, variants: Vec<Variant>) -> Self {
        Self {
            label: label.to_owned(),
            span,
            variants,
            part: None,
            boost: 1.0,
            instead_of: Vec::new(),
            marked: true,
            named: false,
        }
    }

    /// Any of some terms of the `mention` field: a filter that a passage has to hold.
    pub(super) fn named(terms: Vec<String>) -> Self {
        let variants = vec![Variant::written(Way::word(terms), Likeness::Whole)];
        Self { marked: false, named: true, ..Self::new("", 0..0, variants) }
    }

    /// Every spelling of every variant.
    pub(super) fn ways(&self) -> impl Iterator<Item = &Way> {
        self.variants.iter().flat_map(|variant| &variant.ways)
    }
}

impl Plan {
    /// Whether nothing of it counts for the rank, so that all answers are equal.
    pub(super) fn unranked(&self) -> bool {
        self.concepts.is_empty()
    }

    /// For each slot, the numbers of its variants among those of all slots.
    pub(super) fn variants(&self) -> Vec<Range<usize>> {
        let mut end = 0;
        let numbers = |slot: &Slot| {
            let start = end;
            end += slot.variants.len();
            start..end
        };
        self.slots.iter().map(numbers).collect()
    }

    /// Adds a slot, or finds the one that says the same.
    pub(super) fn add(&mut self, slot: Slot) -> usize {
        let same = |other: &Slot| {
            other.variants == slot.variants
                && other.part == slot.part
                && other.instead_of == slot.instead_of
                && other.named == slot.named
        };
        if let Some(known) = self.slots.iter().position(same) {
            self.slots[known].marked |= slot.marked;
            self.slots[known].boost = self.slots[known].boost.max(slot.boost);
            return known;
        }
        self.slots.push(slot);
        self.slots.len() - 1
    }

    /// Wants, beside the query, at least so many of some slots, which all count for the rank, and none of what a filter
    /// lets through.
    pub(super) fn resemble(&mut self, slots: &[Slot], least: usize, none_of: Box<dyn Query>) {
        let mut parts = vec![std::mem::take(&mut self.tree)];
        parts.retain(|tree| *tree != Tree::Everything);
        let mut added: Vec<usize> = Vec::with_capacity(slots.len());
        for slot in slots {
            let slot = self.add(slot.clone());
            if !added.contains(&slot) {
                added.push(slot);
            }
            let concept = vec![vec![slot]];
            if !self.concepts.contains(&concept) {
                self.concepts.push(concept);
            }
        }
        let least = least.min(added.len());
        let shared: Vec<Tree> = added.into_iter().map(Tree::Slot).collect();
        parts.push(if least > 1 { Tree::Several(least, shared) } else { Tree::Any(shared) });
        self.filters.push(none_of);
        parts.push(Tree::Not(Box::new(Tree::Filter(self.filters.len() - 1))));
        self.tree = Tree::All(parts);
    }

    /// Wants, beside the query, each of some slots or, where that is said, none of it.
    pub(super) fn narrow(&mut self, filters: Vec<(Slot, Occur)>) {
        let mut parts = vec![std::mem::take(&mut self.tree)];
        parts.retain(|tree| *tree != Tree::Everything);
        for (slot, occur) in filters {
            let tree = Tree::Slot(self.add(slot));
            parts.push(if occur == Occur::MustNot { Tree::Not(Box::new(tree)) } else { tree });
        }
        self.tree = join(parts, Tree::All).unwrap_or_default();
    }
}

/// Nothing, the one part, or all of them joined.
pub(super) fn join(mut parts: Vec<Tree>, join: impl FnOnce(Vec<Tree>) -> Tree) -> Option<Tree> {
    if parts.len() > 1 { Some(join(parts)) } else { parts.pop() }
}
