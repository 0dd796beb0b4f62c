//! First pass: the plan as a stock tantivy query over reports.

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::plan::{Likeness, Plan, Slot, Tree, Variant, Way};
use super::rows::RowQuery;
use super::weights::{EXACT, TITLE_FIRST_PASS};
use crate::index::Fields;
use crate::query::Part;

/// Terms of one word that are scored one by one; of more, all count the same.
const SCORED_TERMS: usize = 16;

/// The query that finds the reports of a plan.
pub(super) fn query(plan: &Plan, fields: &Fields) -> Box<dyn Query> {
    Matching { plan, fields, relaxed: false }.tree(&plan.tree)
}

/// The query that finds every report which may hold a passage of a plan: exclusions are left to the passages.
pub(super) fn relaxed_query(plan: &Plan, fields: &Fields) -> Box<dyn Query> {
    Matching { plan, fields, relaxed: true }.tree(&plan.tree)
}

struct Matching<'a> {
    plan: &'a Plan,
    fields: &'a Fields,
    relaxed: bool,
}

impl Matching<'_> {
    fn tree(&self, tree: &Tree) -> Box<dyn Query> {
        match tree {
            Tree::Everything => Box::new(AllQuery),
            Tree::Slot(slot) => self.slot(&self.plan.slots[*slot]),
            Tree::Filter(filter) => Box::new(ConstScoreQuery::new(self.plan.filters[*filter].box_clone(), 0.0)),
            Tree::Any(parts) if parts.is_empty() => Box::new(EmptyQuery),
            Tree::Any(parts) => {
                Box::new(BooleanQuery::new(parts.iter().map(|part| (Occur::Should, self.tree(part))).collect()))
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
    fn slot(&self, slot: &Slot) -> Box<dyn Query> {
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
            for variant in &slot.variants {
                let weight = weight
                    * slot.boost
                    * variant.weight
                    * if stems && variant.likeness == Likeness::Exact { EXACT } else { 1.0 };
                let found = variant.ways.iter().map(|way| boosted(way_query(way, field), weight));
                if is_other(variant) { others.extend(found) } else { own.extend(found) }
            }
        }
        let own = any(own);
        if others.is_empty() {
            return own;
        }
        others.push(own);
        Box::new(DisjunctionMaxQuery::new(others))
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
