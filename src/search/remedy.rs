//! Remedies: what to offer where a query finds nothing.

use super::plan::{Plan, Slot};
use super::spelling::{as_written, is_evident};
use super::{Match, Request, Scope, SearchError, Searcher};
use crate::french::is_french;
use crate::hit::{Answer, Relaxed, Suggestion};

/// Hits of a laxer query, at most: what answers nothing is no list to be worked through.
const RELAXED: usize = 10;
/// Queries that are tried in all: each is another search.
const MOST_TRIED: usize = 5;
/// Other spellings of one word that are tried.
const TRIED: usize = 3;
/// Bytes of the longest query that others are told for: they repeat all of it.
const LONGEST: usize = 200;
/// Letters of the shortest word that others are tried for.
const SHORT: usize = 3;
/// Letters from which two slips are looked for.
const LONG: usize = 6;

impl Searcher<'_> {
    /// Adds to an answer without hits what any of its words finds, and queries that are spelled almost like it and
    /// find something.
    pub(super) fn remedy(&mut self, plan: &Plan, request: &Request, answer: &mut Answer) -> Result<(), SearchError> {
        if let Some(laxer) = laxer(plan, request) {
            let found = self.answer(&laxer, false)?;
            if found.total > 0 {
                answer.relaxed = Some(Relaxed { matching: "any".into(), total: found.total, hits: found.hits });
            }
        }
        answer.suggestions = self.suggestions(plan, request)?;
        let filtered = !(request.groups.is_empty() && request.regions.is_empty() && plan.facets.is_empty());
        if filtered && !self.reader.annotated() {
            let told = "the index was made with --no-annotate: filters find what records give, no names in texts";
            answer.warnings.push(told.to_owned());
        }
        if request.scope == Scope::Passage {
            let anywhere = self.count(&Request { scope: Scope::Report, ..request.clone() })?;
            if anywhere > 0 {
                let reports = if anywhere == 1 { "1 report does" } else { &format!("{anywhere} reports do") };
                let told = format!("no single passage has all of it; without --in passage, {reports}");
                answer.warnings.push(told);
            }
        }
        Ok(())
    }

    /// How many reports any of the words finds, where all of them together find nothing.
    pub(super) fn laxer(&mut self, plan: &Plan, request: &Request, total: u64) -> Result<Option<u64>, SearchError> {
        match laxer(plan, request).filter(|_| total == 0) {
            Some(laxer) => Ok(Some(self.count(&laxer)?).filter(|&total| total > 0)),
            None => Ok(None),
        }
    }

    /// Queries that differ in one word or phrase which the index lacks, the one that finds most first.
    fn suggestions(&mut self, plan: &Plan, request: &Request) -> Result<Vec<Suggestion>, SearchError> {
        let mut tried: Vec<String> = Vec::new();
        if request.query.len() > LONGEST {
            return Ok(Vec::new());
        }
        for slot in plan.slots.iter().filter(|slot| slot.marked) {
            self.clock.check()?;
            for other in self.others(slot)? {
                let Some((before, after)) =
                    request.query.get(..slot.span.start).zip(request.query.get(slot.span.end..))
                else {
                    continue;
                };
                let query = format!("{before}{other}{after}");
                if !tried.contains(&query) {
                    tried.push(query);
                }
            }
        }
        let mut found = Vec::new();
        for query in tried.into_iter().take(MOST_TRIED) {
            let total = self.count(&Request { query: query.clone(), ..request.clone() });
            // A word put in another's place may make a query that cannot be read.
            match total {
                Ok(total) if total > 0 => found.push(Suggestion { query, total }),
                Ok(_) | Err(SearchError::Query { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        found.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.query.cmp(&b.query)));
        Ok(found)
    }

    /// What might stand in the place of a slot: words that are spelled almost like one that the index lacks; the words
    /// of a phrase without their quotes.
    fn others(&mut self, slot: &Slot) -> Result<Vec<String>, SearchError> {
        let tokens = self.analyzer.analyze(&slot.label);
        let [token] = tokens.as_slice() else {
            let quoted = slot.span.len() > slot.label.len();
            return Ok(if quoted { vec![slot.label.clone()] } else { Vec::new() });
        };
        let word = &token.terms.exact;
        let vocabulary = self.reader.vocabulary()?;
        // Who types a name means it, and no other.
        let name = !vocabulary.look_up(token.surface).is_empty();
        if name || word.chars().count() < SHORT || self.dictionary.reports(word, None)? > 0 {
            return Ok(Vec::new());
        }
        let edits = if word.chars().count() >= LONG { 2 } else { 1 };
        let mut near: Vec<(u64, String)> =
            self.dictionary.near(word, edits)?.into_iter().map(|(term, reports)| (reports, term)).collect();
        // What is French was mostly meant as it stands.
        let french = is_french(word);
        near.retain(|(_, term)| term.chars().count() >= SHORT && (!french || is_evident(word, term)));
        near.sort_by_key(|(reports, term)| (strsim::osa_distance(term, word), std::cmp::Reverse(*reports)));
        near.truncate(TRIED);
        Ok(near.into_iter().map(|(_, term)| as_written(&term, &vocabulary)).collect())
    }
}

/// A request for any of the words where all were asked for.
fn laxer(plan: &Plan, request: &Request) -> Option<Request> {
    let several = request.matching == Match::All && plan.concepts.len() > 1;
    several.then(|| Request {
        matching: Match::Any,
        limit: if request.limit == 0 { RELAXED } else { request.limit.min(RELAXED) },
        offset: 0,
        facets: None,
        timeline: None,
        explain: false,
        ..request.clone()
    })
}
