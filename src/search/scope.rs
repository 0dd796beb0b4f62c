//! Which passages answer: those that hold the whole query, or any word of it.

use super::evidence::Evidence;
use super::plan::{Plan, Tree};

/// For each passage, whether it answers: holds the whole query, or, where the report may, any word of it.
pub(super) fn answering(plan: &Plan, evidence: &Evidence, whole: bool) -> Vec<bool> {
    let holds = |slot: usize| -> Vec<bool> {
        let mut held = vec![false; evidence.passages()];
        for &position in evidence.slots[slot].terms.iter().flat_map(|term| &term.body) {
            if let Some(passage) = held.get_mut(evidence.passage_of(position)) {
                *passage = true;
            }
        }
        held
    };
    if whole {
        return holding(&plan.tree, evidence.passages(), &holds);
    }
    let marked = (0..plan.slots.len()).filter(|&slot| plan.slots[slot].marked && evidence.slots[slot].in_body());
    either(marked.map(holds), evidence.passages())
}

/// For each passage, whether a tree holds in it.
fn holding(tree: &Tree, passages: usize, holds: &impl Fn(usize) -> Vec<bool>) -> Vec<bool> {
    match tree {
        Tree::Everything => vec![true; passages],
        Tree::Slot(slot) => holds(*slot),
        Tree::Any(parts) => either(parts.iter().map(|part| holding(part, passages, holds)), passages),
        Tree::Not(inner) => holding(inner, passages, holds).into_iter().map(|held| !held).collect(),
        Tree::All(parts) => {
            let parts = parts.iter().map(|part| holding(part, passages, holds));
            parts.fold(vec![true; passages], |all, part| all.iter().zip(part).map(|(&a, b)| a && b).collect())
        }
    }
}

fn either(parts: impl Iterator<Item = Vec<bool>>, passages: usize) -> Vec<bool> {
    parts.fold(vec![false; passages], |any, part| any.iter().zip(part).map(|(&a, b)| a || b).collect())
}
