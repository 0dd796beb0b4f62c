//! What the evidence of a plan is read from: rows of words, each once, however many words of the query ask for it.

use rustc_hash::FxHashMap;
use tantivy::schema::Field;

use crate::index::Fields;
use crate::query::Part;
use crate::search::plan::{Plan, Slot, Variant, Way};

/// What the rows of a plan are read from, each once: those that others are made of come first.
pub(super) struct Sources<'p> {
    pub(super) all: Vec<Source<'p>>,
    words: FxHashMap<(Field, &'p [String]), usize>,
    /// For each variant of each slot, one slot behind the other, its rows.
    pub(super) variants: Vec<Rows>,
}

pub(super) enum Source<'p> {
    /// A word by any of some terms.
    Word(Field, &'p [String]),
    /// Words that stand together, each by its row; in the text, none of them in different passages.
    Together { way: &'p Way, words: Vec<usize>, in_text: bool },
    /// Any of some rows.
    Any(Vec<usize>),
}

impl<'p> Sources<'p> {
    /// What a plan needs.
    pub(super) fn of(plan: &'p Plan, fields: &Fields) -> Self {
        let mut sources = Self { all: Vec::new(), words: FxHashMap::default(), variants: Vec::new() };
        for slot in &plan.slots {
            for variant in &slot.variants {
                let rows = sources.variant(slot, variant, fields);
                sources.variants.push(rows);
            }
        }
        sources
    }

    fn variant(&mut self, slot: &Slot, variant: &'p Variant, fields: &Fields) -> Rows {
        let text = if slot.named { fields.mention } else { fields.body };
        let body = (slot.part != Some(Part::Title)).then(|| self.ways(text, true, &variant.ways));
        let titled = slot.part != Some(Part::Text) && !slot.named;
        let title = titled.then(|| self.ways(fields.title, false, &variant.ways));
        Rows { body: body.flatten(), title: title.flatten() }
    }

    fn ways(&mut self, field: Field, in_text: bool, ways: &'p [Way]) -> Option<usize> {
        let rows: Vec<usize> = ways.iter().map(|way| self.way(field, in_text, way)).collect();
        if rows.len() > 1 { Some(self.add(Source::Any(rows))) } else { rows.first().copied() }
    }

    fn way(&mut self, field: Field, in_text: bool, way: &'p Way) -> usize {
        if let Some(terms) = way.terms() {
            return self.word(field, terms);
        }
        let words = way.steps.iter().map(|step| self.word(field, &step.terms)).collect();
        self.add(Source::Together { way, words, in_text })
    }

    fn word(&mut self, field: Field, terms: &'p [String]) -> usize {
        if let Some(&known) = self.words.get(&(field, terms)) {
            return known;
        }
        let row = self.add(Source::Word(field, terms));
        self.words.insert((field, terms), row);
        row
    }

    fn add(&mut self, source: Source<'p>) -> usize {
        self.all.push(source);
        self.all.len() - 1
    }
}

/// The rows that a variant has in the text and in the title, where it is looked for there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rows {
    pub(super) body: Option<usize>,
    pub(super) title: Option<usize>,
}
