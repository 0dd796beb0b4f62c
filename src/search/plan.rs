//! A query resolved against the analysis: a boolean tree whose leaves are the words and phrases to find.

use tantivy::query::Occur;

use crate::corpus::normalize_line;
use crate::french::{Analyzer, Token};
use crate::index::{Alternative, query_terms};
use crate::query::Expr;

/// What to find and how it combines.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) slots: Vec<Slot>,
    pub(super) tree: Tree,
    /// Words of the query that were left out, because they say too little.
    pub(super) dropped: Vec<String>,
    /// Whether the query asks for nothing, so that everything answers.
    pub(super) wordless: bool,
}

/// A boolean tree over slots, by number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Tree {
    /// Every report.
    #[default]
    Everything,
    /// Reports that hold a slot.
    Slot(usize),
    /// All of them.
    All(Vec<Tree>),
    /// At least one.
    Any(Vec<Tree>),
    /// None of it.
    Not(Box<Tree>),
}

/// A word or a phrase to find.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Slot {
    /// As the user wrote it.
    pub(super) label: String,
    /// One step a word; several stand at fixed distances.
    pub(super) steps: Vec<Step>,
    /// Whether it counts for the rank.
    pub(super) scored: bool,
    /// Whether it is marked where it stands.
    pub(super) marked: bool,
    /// Whether its terms are names and dates that passages tell, not words.
    pub(super) named: bool,
}

impl Slot {
    /// Any of some terms of the `mention` field: a filter that a passage has to hold.
    pub(super) fn named(terms: Vec<String>) -> Self {
        let alternatives = terms.into_iter().map(|term| Alternative { term, exact: true }).collect();
        let steps = vec![Step { offset: 0, alternatives }];
        Self { label: String::new(), steps, scored: false, marked: false, named: true }
    }
}

/// One word of a slot.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Step {
    /// Positions after the first word.
    pub(super) offset: u32,
    pub(super) alternatives: Vec<Alternative>,
}

/// How words side by side combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    All,
    Any,
}

impl Plan {
    /// Resolves a query; none asks for everything.
    pub(super) fn new(query: Option<&Expr>, side: Side, analyzer: &mut Analyzer) -> Self {
        let mut planner = Planner { analyzer, side, plan: Self::default(), keep_stops: false };
        if let Some(query) = query {
            let tree = planner.tree(query, false);
            planner.plan.tree = tree.unwrap_or_else(|| {
                // Nothing but function words: then they are what is meant.
                planner.keep_stops = true;
                planner.plan.dropped.clear();
                planner.tree(query, false).unwrap_or(Tree::Any(Vec::new()))
            });
        }
        planner.plan.wordless = planner.plan.tree == Tree::Everything;
        planner.plan
    }

    /// Wants, beside the query, each of some slots or, where that is said, none of it.
    pub(super) fn narrow(&mut self, filters: Vec<(Slot, Occur)>) {
        let mut parts = vec![std::mem::take(&mut self.tree)];
        parts.retain(|tree| *tree != Tree::Everything);
        for (slot, occur) in filters {
            let tree = Tree::Slot(self.slots.len());
            self.slots.push(slot);
            parts.push(if occur == Occur::MustNot { Tree::Not(Box::new(tree)) } else { tree });
        }
        self.tree = join(parts, Tree::All).unwrap_or_default();
    }
}

struct Planner<'a> {
    analyzer: &'a mut Analyzer,
    side: Side,
    plan: Plan,
    keep_stops: bool,
}

impl Planner<'_> {
    /// The tree of an expression; nothing where all its words were dropped.
    fn tree(&mut self, expr: &Expr, negated: bool) -> Option<Tree> {
        match expr {
            Expr::Word { text, span, .. } => self.word(text, span.start, negated),
            Expr::Phrase { text, .. } => self.phrase(text, negated),
            Expr::Side(parts) if self.side == Side::Any => self.any_of_side(parts, negated),
            Expr::Side(parts) | Expr::And(parts) => {
                let parts: Vec<Tree> = parts.iter().filter_map(|part| self.tree(part, negated)).collect();
                join(parts, Tree::All)
            }
            Expr::Or(parts) => {
                let parts: Vec<Tree> = parts.iter().filter_map(|part| self.tree(part, negated)).collect();
                join(parts, Tree::Any)
            }
            Expr::Within { inner, .. } | Expr::Boost { inner, .. } => self.tree(inner, negated),
            Expr::Facet { .. } => None,
            Expr::Not(inner) => match self.tree(inner, !negated)? {
                Tree::Not(twice) => Some(*twice),
                tree => Some(Tree::Not(Box::new(tree))),
            },
        }
    }

    /// Any of what is asked for, and still none of what is excluded.
    fn any_of_side(&mut self, parts: &[Expr], negated: bool) -> Option<Tree> {
        let (mut wanted, mut all) = (Vec::new(), Vec::new());
        for part in parts {
            match self.tree(part, negated) {
                Some(not @ Tree::Not(_)) => all.push(not),
                Some(tree) => wanted.push(tree),
                None => {}
            }
        }
        all.extend(join(wanted, Tree::Any));
        join(all, Tree::All)
    }

    fn word(&mut self, text: &str, at: usize, negated: bool) -> Option<Tree> {
        let text = &normalize_line(text);
        let mut tokens = self.analyzer.analyze(text);
        if let Some(first) = tokens.first_mut() {
            // Only the first word of a query has its capital for nothing.
            first.opens = at == 0;
        }
        let kept: Vec<(u32, &Token<'_>)> =
            (0..).zip(&tokens).filter(|(_, token)| self.keep_stops || negated || !token.is_stop()).collect();
        if kept.is_empty() {
            self.plan.dropped.extend(tokens.iter().map(|token| token.surface.to_owned()));
        }
        let (&(first, _), rest) = kept.split_first()?;
        let words: Vec<Slot> = kept
            .iter()
            .map(|(_, token)| Slot {
                label: token.surface.to_owned(),
                steps: vec![Step { offset: 0, alternatives: query_terms(token) }],
                scored: !negated,
                marked: !negated && rest.is_empty(),
                named: false,
            })
            .collect();
        if rest.is_empty() {
            return words.into_iter().next().map(|word| self.add(word));
        }
        // Parts of one word stand side by side, or are written in one, and count one by one.
        let steps =
            kept.iter().map(|&(at, token)| Step { offset: at - first, alternatives: stems_only(query_terms(token)) });
        let whole =
            Slot { label: text.to_owned(), steps: steps.collect(), scored: false, marked: !negated, named: false };
        let mut ways = vec![self.add(whole)];
        if let Some((joined, _)) = tokens.first().and_then(|token| token.joined.clone()) {
            let alternatives = vec![Alternative { term: joined, exact: true }];
            let steps = vec![Step { offset: 0, alternatives }];
            ways.push(self.add(Slot { label: text.to_owned(), steps, scored: false, marked: !negated, named: false }));
        }
        for word in words.into_iter().filter(|word| word.scored) {
            self.add(word);
        }
        join(ways, Tree::Any)
    }

    fn phrase(&mut self, text: &str, negated: bool) -> Option<Tree> {
        let text = &normalize_line(text);
        let exact = |token: &Token<'_>| vec![Alternative { term: token.terms.exact.clone(), exact: true }];
        let tokens = self.analyzer.analyze(text);
        let steps: Vec<Step> =
            (0..).zip(&tokens).map(|(offset, token)| Step { offset, alternatives: exact(token) }).collect();
        (!steps.is_empty())
            .then(|| self.add(Slot { label: text.to_owned(), steps, scored: !negated, marked: !negated, named: false }))
    }

    fn add(&mut self, slot: Slot) -> Tree {
        // A word that is written twice is one word.
        let known = self.plan.slots.iter().position(|other| other.steps == slot.steps && other.scored == slot.scored);
        if let Some(known) = known {
            self.plan.slots[known].marked |= slot.marked;
            return Tree::Slot(known);
        }
        self.plan.slots.push(slot);
        Tree::Slot(self.plan.slots.len() - 1)
    }
}

/// What a part of a hyphenated word stands for: its stems where it has some, which find the exact word too.
fn stems_only(mut alternatives: Vec<Alternative>) -> Vec<Alternative> {
    if alternatives.iter().any(|alternative| !alternative.exact) {
        alternatives.retain(|alternative| !alternative.exact || alternative.term.starts_with('@'));
    }
    alternatives
}

fn join(mut parts: Vec<Tree>, join: impl FnOnce(Vec<Tree>) -> Tree) -> Option<Tree> {
    if parts.len() > 1 { Some(join(parts)) } else { parts.pop() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(text: &str, side: Side) -> Plan {
        Plan::new(crate::query::parse(text).unwrap().as_ref(), side, &mut Analyzer::new())
    }

    #[test]
    fn stop_words_go_unless_they_are_all_there_is() {
        let some = plan("l'attaque de la ville", Side::All);
        assert_eq!(some.slots.iter().map(|slot| slot.label.as_str()).collect::<Vec<_>>(), ["attaque", "ville"]);
        assert_eq!(some.dropped, ["de", "la"]);
        assert_eq!(plan("de la", Side::All).slots.len(), 2);
    }

    #[test]
    fn a_hyphenated_word_is_a_phrase_that_scores_by_its_parts() {
        let plan = plan("Gourma-Rharous", Side::All);
        assert_eq!(plan.tree, Tree::Any(vec![Tree::Slot(0), Tree::Slot(1)]));
        assert_eq!(plan.slots[0].steps.len(), 2);
        assert_eq!(plan.slots.iter().filter(|slot| slot.scored).count(), 2);
    }

    #[test]
    fn exclusion_holds_when_any_word_will_do() {
        let tree = plan("a1 b2 -c3", Side::Any).tree;
        assert!(
            matches!(&tree, Tree::All(parts) if matches!(parts[0], Tree::Not(_)) && matches!(parts[1], Tree::Any(_)))
        );
    }
}
