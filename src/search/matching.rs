//! First pass: the plan as a stock tantivy query over reports.

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::plan::{Likeness, Plan, Tree, Variant, Way};
use super::rarity::{Rarity, inverse, reports};
use super::rows::RowQuery;
use super::weights::{EXACT, TITLE_FIRST_PASS};
use crate::index::{Fields, IndexReader};
use crate::query::Part;

/// Terms of one word that are scored one by one; of more, all count the same.
const SCORED_TERMS: usize = 16;

/// The query that finds the reports of a plan, and scores nothing worth to be compared.
pub(super) fn query(plan: &Plan, fields: &Fields) -> Box<dyn Query> {
    Matching { plan, fields, relaxed: false, rarities: None }.tree(&plan.tree)
}

/// The query that finds the reports of a plan and scores them much as the second pass will: a name by the rarity that it
/// has under all its spellings, what is only near what was asked for by no more than that has.
pub(super) fn scored_query(plan: &Plan, reader: &IndexReader, rarities: &[Vec<Rarity>]) -> Box<dyn Query> {
    let rarities = Some((rarities, reader.searcher(), reports(reader)));
    Matching { plan, fields: reader.fields(), relaxed: false, rarities }.tree(&plan.tree)
}

/// The query that finds every report which may hold a passage of a plan: exclusions are left to the passages.
pub(super) fn relaxed_query(plan: &Plan, fields: &Fields) -> Box<dyn Query> {
    Matching { plan, fields, relaxed: true, rarities: None }.tree(&plan.tree)
}

struct Matching<'a> {
    plan: &'a Plan,
    fields: &'a Fields,
    relaxed: bool,
    /// Rarities of the plan's variants, the index that has those of single words, and its number of reports; nothing where
    /// nothing is scored.
    rarities: Option<(&'a [Vec<Rarity>], &'a Searcher, u64)>,
}

impl Matching<'_> {
    fn tree(&self, tree: &Tree) -> Box<dyn Query> {
        match tree {
            Tree::Everything => Box::new(AllQuery),
            Tree::Slot(slot) => self.slot(*slot),
            Tree::Filter(filter) => Box::new(ConstScoreQuery::new(self.plan.filters[*filter].box_clone(), 0.0)),
            Tree::Any(parts) if parts.is_empty() => Box::new(EmptyQuery),
            Tree::Any(parts) => {
                Box::new(BooleanQuery::new(parts.iter().map(|part| (Occur::Should, self.tree(part))).collect()))
            }
            Tree::Several(least, parts) => {
                let parts = parts.iter().map(|part| self.tree(part)).collect();
                Box::new(BooleanQuery::union_with_minimum_required_clauses(parts, *least))
            }
            Tree::All(parts) => {
                let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
                for part in parts {
                    match part {
                        Tree::Not(_) if self.relaxed => {}
                        Tree::Not(inner) => clauses.push((Occur::MustNot, self.tree(inner))),
                        _ => clauses.push((Occur::Must, self.tree(part))),
                    }
                }
                if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                    clauses.push((Occur::Must, Box::new(AllQuery)));
                }
                Box::new(BooleanQuery::new(clauses))
            }
            Tree::Not(_) if self.relaxed => Box::new(AllQuery),
            Tree::Not(inner) => {
                Box::new(BooleanQuery::new(vec![(Occur::Must, Box::new(AllQuery)), (Occur::MustNot, self.tree(inner))]))
            }
        }
    }

    /// A slot in the parts of a report that it is looked for in; in the text alone where passages are asked for.
    fn slot(&self, at: usize) -> Box<dyn Query> {
        let slot = &self.plan.slots[at];
        let text = (self.fields.body, 1.0);
        let title = (self.fields.title, TITLE_FIRST_PASS);
        let searched = match slot.part {
            _ if slot.named => vec![(self.fields.mention, 1.0)],
            Some(Part::Title) => vec![title],
            Some(Part::Text) => vec![text],
            None if self.relaxed => vec![text],
            None => vec![text, title],
        };
        let stems = slot.variants.iter().any(|variant| variant.likeness == Likeness::Stem);
        // What is added to a word is another reading of it, of which the best counts; its own terms count together.
        let mut own: Vec<Box<dyn Query>> = Vec::new();
        let mut others: Vec<Box<dyn Query>> = Vec::new();
        for (field, weight) in searched {
            for (number, variant) in slot.variants.iter().enumerate() {
                let weight = weight * slot.boost * variant.weight;
                if is_other(variant) {
                    let whole = if variant.likeness == Likeness::Whole { 1.0 + EXACT } else { 1.0 };
                    let weigh = |way| weight * whole * self.against_own(at, number, way, field);
                    others.extend(variant.ways.iter().map(|way| boosted(way_query(way, field), weigh(way))));
                } else {
                    let weight = weight * if stems && variant.likeness == Likeness::Exact { EXACT } else { 1.0 };
                    own.extend(variant.ways.iter().map(|way| boosted(way_query(way, field), weight)));
                }
            }
        }
        let own = any(own);
        if others.is_empty() {
            return own;
        }
        others.push(own);
        Box::new(DisjunctionMaxQuery::new(others))
    }

    /// The rarity of a variant against that which a spelling of it would be scored by.
    fn against_own(&self, slot: usize, variant: usize, way: &Way, field: Field) -> f32 {
        let Some((rarities, searcher, reports)) = self.rarities else { return 1.0 };
        let Some(rarity) = rarities.get(slot).and_then(|slot| slot.get(variant)) else { return 1.0 };
        if way.terms().is_some_and(|terms| terms.len() > SCORED_TERMS) {
            return rarity.report;
        }
        let own = |term: &String| {
            let found = searcher.doc_freq(&Term::from_field_text(field, term)).unwrap_or(0);
            inverse(found, reports)
        };
        let own: f32 = way.steps.iter().filter_map(|step| step.terms.first()).map(own).sum();
        if own > 0.0 { rarity.report / own } else { 1.0 }
    }
}

/// Whether a variant is another reading of the word.
fn is_other(variant: &Variant) -> bool {
    variant.added || variant.ways.len() > 1
}

/// A spelling in a field.
fn way_query(way: &Way, field: Field) -> Box<dyn Query> {
    let term = |term: &String| Term::from_field_text(field, term);
    let one = |term| -> Box<dyn Query> { Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) };
    match way.terms() {
        Some(terms) if terms.len() > SCORED_TERMS => {
            Box::new(ConstScoreQuery::new(Box::new(TermSetQuery::new(terms.iter().map(term))), 1.0))
        }
        Some(terms) => any(terms.iter().map(term).map(one).collect()),
        None if way.slop.is_none() && way.steps.iter().all(|step| step.terms.len() == 1) => {
            let words = way.steps.iter().map(|step| (step.offset as usize, term(&step.terms[0])));
            Box::new(PhraseQuery::new_with_offset(words.collect()))
        }
        None => Box::new(RowQuery { field, way: way.clone() }),
    }
}

/// Any of some queries.
fn any(mut queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match queries.len() {
        0 => Box::new(EmptyQuery),
        1 => queries.swap_remove(0),
        _ => Box::new(BooleanQuery::union(queries)),
    }
}

fn boosted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    if (weight - 1.0).abs() < f32::EPSILON { query } else { Box::new(BoostQuery::new(query, weight)) }
}
