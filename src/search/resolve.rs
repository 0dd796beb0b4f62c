//! From the syntax tree to the plan: what each word, phrase and filter of a query stands for in this index.

mod mend;
mod telling;
mod widen;
mod words;

use std::ops::Range;
use std::sync::Arc;

use super::dictionary::Dictionary;
use super::filters::{Asks, Leaf};
use super::plan::{Likeness, Plan, Slot, Step, Tree, Variant, Way, join};
use super::weights::FUZZY;
use super::{Clock, Match, Request, SearchError};
use crate::facet::FacetKind;
use crate::french::{Analyzer, Token};
use crate::hit::Expansion;
use crate::index::IndexReader;
use crate::query::{Expr, Form, Part, QueryError};
use crate::vocabulary::Vocabulary;
pub(super) use telling::telling;
use words::Row;

/// Phrases with a distance in one query: each reads all positions of its words.
const MOST_DISTANCES: usize = 20;
/// Factors within factors go no further than one does.
const LEAST_BOOST: f32 = 0.01;
const MOST_BOOST: f32 = 1000.0;
/// Words that carry a meaning in a full name, at least.
const FULL_NAME: usize = 3;

/// The plan of a query; none asks for everything.
///
/// # Errors
/// If a filter within the query names nothing, the index cannot be read, or the time is over.
pub(super) fn resolve(
    query: Option<&Expr>,
    request: &Request,
    dictionary: &Dictionary<'_>,
    analyzer: &mut Analyzer,
    forgiving: bool,
    clock: Clock,
) -> Result<Plan, SearchError> {
    let mut resolver = Resolver::new(request, dictionary, analyzer)?;
    resolver.first = query.map_or(0, |query| query.span().start);
    resolver.forgiving = forgiving;
    resolver.clock = clock;
    let Some(query) = query else { return Ok(resolver.plan) };
    let place = Place { negated: false, part: None, boost: 1.0 };
    let mut tree = resolver.tree(query, place)?;
    if tree.is_none() && !resolver.plan.dropped.is_empty() {
        // Nothing but function words: then they are what is meant.
        resolver.keep_stops = true;
        resolver.plan = Plan::default();
        tree = resolver.tree(query, place)?;
    }
    let mut plan = resolver.plan;
    // Signs without a word find nothing; a date without bounds asks for nothing.
    plan.tree = tree.unwrap_or_else(|| if has_words(query) { Tree::Any(Vec::new()) } else { Tree::Everything });
    plan.canonical = query.to_string();
    Ok(plan)
}

/// Whether a query asks for more than facets.
fn has_words(query: &Expr) -> bool {
    match query {
        Expr::Word { .. } | Expr::Phrase { .. } => true,
        Expr::Facet { .. } => false,
        Expr::Within { inner, .. } | Expr::Boost { inner, .. } | Expr::Not(inner) => has_words(inner),
        Expr::Side(parts) | Expr::And(parts) | Expr::Or(parts) => parts.iter().any(has_words),
    }
}

/// Where in a query something stands.
#[derive(Clone, Copy)]
struct Place {
    negated: bool,
    part: Option<Part>,
    boost: f32,
}

struct Resolver<'r> {
    request: &'r Request,
    reader: &'r IndexReader,
    dictionary: &'r Dictionary<'r>,
    vocabulary: Arc<Vocabulary>,
    analyzer: &'r mut Analyzer,
    plan: Plan,
    /// Whether a value that nothing of the index has is found nowhere, instead of an error.
    forgiving: bool,
    /// When to give up.
    clock: Clock,
    /// Where in the query the first of its words stands.
    first: usize,
    /// How many of its phrases have a distance.
    distances: usize,
    /// How many of its words were mended.
    mended: usize,
    /// Whether function words are looked for.
    keep_stops: bool,
}

impl<'r> Resolver<'r> {
    fn new(
        request: &'r Request,
        dictionary: &'r Dictionary<'r>,
        analyzer: &'r mut Analyzer,
    ) -> Result<Self, SearchError> {
        let reader = dictionary.reader();
        Ok(Self {
            request,
            reader,
            dictionary,
            vocabulary: reader.vocabulary()?,
            analyzer,
            plan: Plan::default(),
            first: 0,
            distances: 0,
            mended: 0,
            keep_stops: false,
            forgiving: false,
            clock: Clock::default(),
        })
    }
}

impl Resolver<'_> {
    /// The tree of an expression; nothing where all its words were dropped.
    fn tree(&mut self, expr: &Expr, place: Place) -> Result<Option<Tree>, SearchError> {
        self.clock.check()?;
        Ok(match expr {
            Expr::Word { text, form: Form::Plain, span } => {
                // Of one word there are several where it is a name of several parts that any of will do.
                let trees = self.words(&[(text, span)], place)?;
                join(trees, if self.request.matching == Match::Any { Tree::Any } else { Tree::All })
            }
            Expr::Word { text, form, span } => self.formed(text, *form, span, place)?,
            Expr::Phrase { text, slop, span } => self.phrase(text, *slop, span, place)?,
            Expr::Within { part, inner, .. } => self.tree(inner, Place { part: Some(*part), ..place })?,
            Expr::Boost { inner, by } => {
                let boost = (place.boost * by.get()).clamp(LEAST_BOOST, MOST_BOOST);
                self.tree(inner, Place { boost, ..place })?
            }
            Expr::Facet { kind, value, span } => {
                let lacking = self.forgiving.then_some(&mut self.plan.unknown);
                let leaf = Leaf::new(self.reader, *kind, value, self.request, lacking);
                let leaf = leaf.map_err(|error| self.at(span, value, error))?;
                leaf.map(|leaf| self.filter(value, *kind, leaf))
            }
            Expr::Side(parts) => self.side(parts, place)?,
            Expr::And(parts) => join(self.each(parts, place)?, Tree::All),
            Expr::Or(parts) => join(self.each(parts, place)?, Tree::Any),
            Expr::Not(inner) => match self.tree(inner, Place { negated: !place.negated, ..place })? {
                Some(Tree::Not(twice)) => Some(*twice),
                tree => tree.map(|tree| Tree::Not(Box::new(tree))),
            },
        })
    }

    fn filter(&mut self, value: &str, kind: FacetKind, leaf: Leaf) -> Tree {
        if !leaf.paths.is_empty() {
            self.plan.facets.push((value.to_owned(), kind, leaf.paths));
        }
        match leaf.asks {
            Asks::Passages(terms) => Tree::Slot(self.plan.add(Slot::named(terms))),
            Asks::Reports(query) => {
                self.plan.filters.push(query);
                Tree::Filter(self.plan.filters.len() - 1)
            }
        }
    }

    fn each(&mut self, parts: &[Expr], place: Place) -> Result<Vec<Tree>, SearchError> {
        let mut found = Vec::with_capacity(parts.len());
        for part in parts {
            found.extend(self.tree(part, place)?);
        }
        Ok(found)
    }

    /// An error of a filter, told at its place in the query.
    fn at(&self, span: &Range<usize>, value: &str, error: SearchError) -> SearchError {
        if matches!(error, SearchError::Index(_)) {
            return error;
        }
        let several = value.contains(',').then(|| "several values stand in brackets: (Gao Mopti)".to_owned());
        let error = QueryError { message: error.to_string(), span: span.clone(), hint: several.or(error.hint()) };
        SearchError::Query { query: self.request.query.clone(), error }
    }

    /// What stands side by side: all of it; or any of it, and still all of its filters and none of what is excluded.
    fn side(&mut self, parts: &[Expr], place: Place) -> Result<Option<Tree>, SearchError> {
        let mut trees = Vec::new();
        let mut rest = parts;
        while let Some(first) = rest.first() {
            let plain = rest.iter().map_while(|part| match part {
                Expr::Word { text, form: Form::Plain, span } => Some((text.as_str(), span)),
                _ => None,
            });
            let plain: Vec<(&str, &Range<usize>)> = plain.collect();
            if plain.is_empty() {
                trees.extend(self.tree(first, place)?);
                rest = &rest[1..];
            } else {
                trees.extend(self.words(&plain, place)?);
                rest = &rest[plain.len()..];
            }
        }
        if self.request.matching == Match::All {
            return Ok(join(trees, Tree::All));
        }
        let bound = |tree: &Tree| matches!(tree, Tree::Not(_)) || self.is_filter(tree);
        let (mut all, wanted): (Vec<Tree>, Vec<Tree>) = trees.into_iter().partition(bound);
        all.extend(join(wanted, Tree::Any));
        Ok(join(all, Tree::All))
    }

    /// Whether a tree asks for facets only.
    fn is_filter(&self, tree: &Tree) -> bool {
        match tree {
            Tree::Everything | Tree::Filter(_) => true,
            Tree::Slot(slot) => self.plan.slots[*slot].named,
            Tree::All(parts) | Tree::Any(parts) | Tree::Several(_, parts) => {
                parts.iter().all(|part| self.is_filter(part))
            }
            Tree::Not(inner) => self.is_filter(inner),
        }
    }

    /// Tells what a part of the query was widened by.
    fn tell(&mut self, told: Expansion) {
        if !self.plan.expanded.contains(&told) {
            self.plan.expanded.push(told);
        }
    }

    /// Lets something count for the rank, once.
    fn count(&mut self, concept: Vec<Vec<usize>>) {
        if concept.iter().any(|slots| !slots.is_empty()) && !self.plan.concepts.contains(&concept) {
            self.plan.concepts.push(concept);
        }
    }

    /// A word of which only a part, or nearly all, has to stand there.
    fn formed(
        &mut self,
        text: &str,
        form: Form,
        span: &Range<usize>,
        place: Place,
    ) -> Result<Option<Tree>, SearchError> {
        let row = Row::new(&[(text, span.clone())]);
        let tokens = self.analyzer.analyze(&row.text);
        let Some((last, before)) = tokens.split_last() else { return Ok(None) };
        let exact = &last.terms.exact;
        let variants: Vec<(Vec<String>, f32)> = match form {
            Form::Plain => vec![(vec![exact.clone()], 1.0)],
            Form::Prefix => vec![(self.dictionary.beginning(exact)?.into_keys().collect(), 1.0)],
            Form::Fuzzy(edits) => self.near(last, edits)?,
        };
        let variant = |(terms, weight): (Vec<String>, f32)| {
            let step = |(offset, token): (u32, &Token<'_>)| Step { offset, terms: vec![token.terms.exact.clone()] };
            let mut steps: Vec<Step> = (0_u32..).zip(before).map(step).collect();
            let offset = u32::try_from(before.len()).unwrap_or(u32::MAX);
            steps.push(Step { offset, terms });
            Variant { weight, ..Variant::written(Way { steps, slop: None }, Likeness::Whole) }
        };
        let variants = variants.into_iter().map(variant).collect();
        Ok(Some(self.leaf(Slot::new(&row.text, span.clone(), variants), place)))
    }

    /// The words of the index so many edits away, by how near they are; from one known name never to another.
    fn near(&self, token: &Token<'_>, edits: u8) -> Result<Vec<(Vec<String>, f32)>, SearchError> {
        let typed = &token.terms.exact;
        let names = |word: &str| !self.vocabulary.look_up(word).is_empty();
        let is_name = names(token.surface);
        let mut found: Vec<(Vec<String>, f32)> = vec![(vec![typed.clone()], 1.0)];
        for nearness in 1..=edits {
            let known: Vec<String> = found.iter().flat_map(|(terms, _)| terms.clone()).collect();
            let near = self.dictionary.near(typed, nearness)?.into_keys();
            let near = near.filter(|term| !(known.contains(term) || is_name && names(term)));
            found.push((near.collect(), FUZZY.powi(i32::from(nearness))));
        }
        found.retain(|(terms, _)| !terms.is_empty());
        Ok(found)
    }

    /// Words between quotes: as they stand; or within a distance, each in any inflection. The full name of a group finds
    /// its acronyms too.
    fn phrase(
        &mut self,
        text: &str,
        slop: Option<u32>,
        span: &Range<usize>,
        place: Place,
    ) -> Result<Option<Tree>, SearchError> {
        let row = Row::new(&[(text, span.clone())]);
        let tokens = self.analyzer.analyze(&row.text);
        let way = if slop.is_some() {
            self.in_a_row(&tokens)?
        } else {
            let step = |(offset, token): (u32, &Token<'_>)| Step { offset, terms: vec![token.terms.exact.clone()] };
            let steps: Vec<Step> = (0..).zip(&tokens).map(step).collect();
            (!steps.is_empty()).then_some(Way { steps, slop: None })
        };
        let Some(mut way) = way else { return Ok(None) };
        way.slop = slop.filter(|_| tokens.len() > 1);
        if way.slop.is_some() {
            self.distances += 1;
            if self.distances > MOST_DISTANCES {
                let message = format!("more than {MOST_DISTANCES} phrases with a distance");
                let hint = Some("ask for some of them at a time".to_owned());
                let error = QueryError { message, span: span.clone(), hint };
                return Err(SearchError::Query { query: self.request.query.clone(), error });
            }
        }
        let mut written = Variant::written(way, Likeness::Whole);
        let mut others = Vec::new();
        // Two words between quotes are meant as they stand; who quotes more may quote the long form of an acronym.
        let long = tokens.iter().filter(|token| !token.is_stop()).count() >= FULL_NAME;
        if long && slop.is_none() && !place.negated {
            let found = self.widen(&row, &tokens, place, Reach::Acronyms)?;
            for widening in found.into_iter().filter(|widening| widening.tokens == (0..tokens.len())) {
                written.ways.extend(widening.same);
                others.extend(widening.variants);
                widening.told.into_iter().for_each(|told| self.tell(told));
            }
        }
        others.insert(0, written);
        Ok(Some(self.leaf(Slot::new(&row.text, span.clone(), others), place)))
    }

    /// A slot that counts by itself.
    fn leaf(&mut self, slot: Slot, place: Place) -> Tree {
        let slot = Slot { part: place.part, boost: place.boost, marked: !place.negated, ..slot };
        let added = self.plan.add(slot);
        if !place.negated {
            self.count(vec![vec![added]]);
        }
        Tree::Slot(added)
    }
}

/// How far words are widened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// To acronyms of the whole.
    Acronyms,
    /// To other names and acronyms of the same.
    Names,
    /// To all that says the same or nearly.
    All,
}
