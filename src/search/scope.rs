//! Which passages answer: those that hold the whole query, or any word of it.

use super::evidence::Evidence;
use super::plan::{Plan, Tree};
use crate::query::Part;

/// For each passage, whether it answers: holds the whole query, or, where the report may, any word of it.
pub(super) fn answering(plan: &Plan, evidence: &Evidence, whole: bool) -> Vec<bool> {
    let passages = evidence.passages();
    let holds = |slot: usize| -> Vec<bool> {
        // What the title has to hold, every passage of the report has.
        if plan.slots[slot].part == Some(Part::Title) {
            return vec![evidence.slots[slot].in_title(); passages];
        }
        let mut held = vec![false; passages];
        for &position in evidence.slots[slot].variants.iter().flat_map(|places| &places.body) {
            if let Some(passage) = held.get_mut(evidence.passage_of(position)) {
                *passage = true;
            }
        }
        held
    };
    if whole {
        return holding(&plan.tree, evidence, &holds);
    }
    let marked = (0..plan.slots.len()).filter(|&slot| plan.slots[slot].marked && evidence.slots[slot].in_body());
    either(marked.map(holds), passages)
}

/// For each passage, whether a tree holds in it.
fn holding(tree: &Tree, evidence: &Evidence, holds: &impl Fn(usize) -> Vec<bool>) -> Vec<bool> {
    let passages = evidence.passages();
    match tree {
        Tree::Everything => vec![true; passages],
        Tree::Slot(slot) => holds(*slot),
        Tree::Filter(filter) => vec![evidence.filters[*filter]; passages],
        Tree::Any(parts) => either(parts.iter().map(|part| holding(part, evidence, holds)), passages),
        Tree::Several(least, parts) => {
            let parts: Vec<Vec<bool>> = parts.iter().map(|part| holding(part, evidence, holds)).collect();
            let held = |at: usize| parts.iter().filter(|part| part[at]).count() >= *least;
            (0..passages).map(held).collect()
        }
        Tree::Not(inner) => holding(inner, evidence, holds).into_iter().map(|held| !held).collect(),
        Tree::All(parts) => {
            let parts = parts.iter().map(|part| holding(part, evidence, holds));
            parts.fold(vec![true; passages], |all, part| all.iter().zip(part).map(|(&a, b)| a && b).collect())
        }
    }
}

fn either(parts: impl Iterator<Item = Vec<bool>>, passages: usize) -> Vec<bool> {
    parts.fold(vec![false; passages], |any, part| any.iter().zip(part).map(|(&a, b)| a || b).collect())
}
