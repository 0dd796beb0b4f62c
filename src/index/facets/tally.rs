//! Counting reports by their values: each report once for a value and once for every one above it.

use super::tree::{Node, ROOT, Tree};

/// Counts of reports, one for each value of a tree.
pub(crate) struct Tally {
    counters: Vec<Counter>,
    /// The report that is being counted, from 1.
    report: u32,
    /// Reports that answer.
    total: u64,
}

/// What changes with each report, with what is needed to go on from it: apart from the names, so that it stays near.
#[derive(Clone, Copy, Debug, Default)]
struct Counter {
    parent: Node,
    /// The last report that was counted here.
    seen: u32,
    /// Reports that have the value.
    reports: u32,
    /// Those of them that answer.
    answering: u32,
}

impl Tally {
    /// Nothing counted yet of the values of a tree.
    pub(crate) fn of(tree: &Tree) -> Self {
        let counter = |&parent: &Node| Counter { parent, ..Counter::default() };
        Self { counters: tree.parents().iter().map(counter).collect(), report: 0, total: 0 }
    }

    /// Counts a report that has these values, and whether it answers.
    pub(crate) fn count<'v>(&mut self, values: impl Iterator<Item = &'v [Node]>, answers: bool) {
        self.report += 1;
        self.total += u64::from(answers);
        for &value in values.flatten() {
            let mut counter = &mut self.counters[value as usize];
            // Once a report here, so once above.
            while counter.seen != self.report {
                counter.seen = self.report;
                counter.reports += 1;
                counter.answering += u32::from(answers);
                let parent = counter.parent;
                counter = &mut self.counters[parent as usize];
            }
        }
    }

    /// Reports that have a value; none of one that the tree lacks.
    pub(crate) fn reports(&self, node: Node) -> u64 {
        self.counters.get(node as usize).map_or(0, |counter| counter.reports.into())
    }

    /// Those of them that answer.
    pub(crate) fn answering(&self, node: Node) -> u64 {
        self.counters.get(node as usize).map_or(0, |counter| counter.answering.into())
    }

    /// Reports that answer.
    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Reports that answer without any value.
    pub(crate) fn without(&self) -> u64 {
        self.total - self.answering(ROOT)
    }
}
