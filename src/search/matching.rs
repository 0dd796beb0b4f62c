//! First pass: the plan as a stock tantivy query over reports.

use tantivy::Term;
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, EmptyQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::plan::{Plan, Slot, Step, Tree};
use super::weights::{EXACT, TITLE_FIRST_PASS};
use crate::index::Fields;

/// The most ways to read a phrase of words with several terms each.
const MOST_READINGS: usize = 16;

/// The query that finds the reports of a plan.
pub(super) fn query(plan: &Plan, fields: &Fields) -> Box<dyn Query> {
    tree_query(&plan.tree, &plan.slots, fields, false)
}

/// The query that finds every report which may hold a passage of a plan: exclusions are left to the passages.
pub(super) fn relaxed_query(plan: &Plan, fields: &Fields) -> Box<dyn Query> {
    tree_query(&plan.tree, &plan.slots, fields, true)
}

fn tree_query(tree: &Tree, slots: &[Slot], fields: &Fields, relaxed: bool) -> Box<dyn Query> {
    match tree {
        Tree::Everything => Box::new(AllQuery),
        Tree::Slot(slot) => slot_query(&slots[*slot], fields, relaxed),
        Tree::Any(parts) if parts.is_empty() => Box::new(EmptyQuery),
        Tree::Any(parts) => {
            let parts = parts.iter().map(|part| (Occur::Should, tree_query(part, slots, fields, relaxed)));
            Box::new(BooleanQuery::new(parts.collect()))
        }
        Tree::All(parts) => {
            let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
            for part in parts {
                match part {
                    Tree::Not(_) if relaxed => {}
                    Tree::Not(inner) => clauses.push((Occur::MustNot, tree_query(inner, slots, fields, relaxed))),
                    _ => clauses.push((Occur::Must, tree_query(part, slots, fields, relaxed))),
                }
            }
            if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
                clauses.push((Occur::Must, Box::new(AllQuery)));
            }
            Box::new(BooleanQuery::new(clauses))
        }
        Tree::Not(_) if relaxed => Box::new(AllQuery),
        Tree::Not(inner) => Box::new(BooleanQuery::new(vec![
            (Occur::Must, Box::new(AllQuery)),
            (Occur::MustNot, tree_query(inner, slots, fields, relaxed)),
        ])),
    }
}

/// A slot in body or title; in the body alone where passages are asked for.
fn slot_query(slot: &Slot, fields: &Fields, body_only: bool) -> Box<dyn Query> {
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    let searched = if slot.named {
        &[(fields.mention, 1.0)][..]
    } else if body_only {
        &[(fields.body, 1.0)][..]
    } else {
        &[(fields.body, 1.0), (fields.title, TITLE_FIRST_PASS)]
    };
    for &(field, weight) in searched {
        if let [step] = slot.steps.as_slice() {
            for alternative in &step.alternatives {
                let term =
                    TermQuery::new(Term::from_field_text(field, &alternative.term), IndexRecordOption::WithFreqs);
                let alone = step.alternatives.len() == 1;
                let weight = if alternative.exact && !alone { weight * EXACT } else { weight };
                clauses.push((Occur::Should, boosted(Box::new(term), weight)));
            }
        } else {
            for reading in readings(&slot.steps, field) {
                clauses.push((Occur::Should, boosted(Box::new(PhraseQuery::new_with_offset(reading)), weight)));
            }
        }
    }
    if clauses.len() == 1 { clauses.swap_remove(0).1 } else { Box::new(BooleanQuery::new(clauses)) }
}

fn boosted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    if (weight - 1.0).abs() < f32::EPSILON { query } else { Box::new(BoostQuery::new(query, weight)) }
}

/// The phrases that a row of steps can stand for.
fn readings(steps: &[Step], field: Field) -> Vec<Vec<(usize, Term)>> {
    let mut found: Vec<Vec<(usize, Term)>> = vec![Vec::new()];
    for step in steps {
        let longer = |reading: &Vec<(usize, Term)>| {
            let terms = step.alternatives.iter().map(|alternative| Term::from_field_text(field, &alternative.term));
            terms.map(|term| [reading.as_slice(), &[(step.offset as usize, term)]].concat()).collect::<Vec<_>>()
        };
        found = found.iter().flat_map(longer).take(MOST_READINGS).collect();
    }
    found
}
