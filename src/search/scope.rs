//! Which passages answer: those that hold the whole query, or any word of it.

use super::evidence::Evidence;
use super::plan::{Plan, Tree};
use crate::query::Part;

/// For each passage, whether it answers: holds the whole query, or, where the report may, any word of it.
pub(super) fn answering(plan: &Plan, evidence: &Evidence<'_>, whole: bool) -> Vec<bool> {
    let passages = evidence.passages();
    if whole {
        let holds = |slot: usize| -> Vec<bool> {
            // What the title has to hold, every passage of the report has.
            let everywhere = plan.slots[slot].part == Some(Part::Title) && evidence.in_title(slot);
            let mut held = vec![everywhere; passages];
            mark(evidence, slot, &mut held);
            held
        };
        return holding(&plan.tree, evidence, &holds);
    }
    let mut held = vec![false; passages];
    for slot in (0..plan.slots.len()).filter(|&slot| plan.slots[slot].marked) {
        mark(evidence, slot, &mut held);
    }
    held
}

/// Marks the passages that hold a slot.
fn mark(evidence: &Evidence<'_>, slot: usize, held: &mut [bool]) {
    for variant in evidence.variants(slot) {
        evidence.passages_of(evidence.body(variant)).for_each(|passage| held[passage] = true);
    }
}

/// For each passage, whether a tree holds in it.
fn holding(tree: &Tree, evidence: &Evidence<'_>, holds: &impl Fn(usize) -> Vec<bool>) -> Vec<bool> {
    let passages = evidence.passages();
    match tree {
        Tree::Everything => vec![true; passages],
        Tree::Slot(slot) => holds(*slot),
        Tree::Filter(filter) => vec![evidence.passes(*filter); passages],
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
