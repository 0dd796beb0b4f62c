//! Search: requests in, answers out. The one path that a query takes, whoever asks.
//!
//! 1. The query becomes a plan (`resolve`, `plan`): a boolean tree over the words, phrases, names and filters to find,
//!    with what else they may be called or how else spelled (`spelling`), as far as the index has it (`dictionary`).
//! 2. One walk over all reports (`matching`, `walk`) counts the answer exactly and gathers the best few hundred: a boolean
//!    tree (`sieve`) over postings, rows of words and filters (`lists`, `rows`, `filters`), a window of reports (`window`)
//!    at a time.
//! 3. The positions of the query's terms in those (`evidence`) give the score (`rank`, `rarity`, `weights`), the passages
//!    that answer (`scope`), their order (`order`) and the best of them.
//! 4. The list of what answers (`listing`) is gone through in parts; only the hits that are shown are read and
//!    marked (`present`).
//! 5. What finds nothing is told with what might (`remedy`), and all of it with its reasons (`explain`), if asked.
//!
//! What is like a report or a passage (`similar`) is asked for by what tells most of it, over the same path.
//!
//! A batch (`batch`) answers many requests, in order; an export (`export`) hands on whole reports.
//! A report or passage that is asked for by name is marked in the same way (`whole`).
//!
//! Counts go over the reports of the same plan and filters, all of them, and read their columns (`counts`, `tally`,
//! `timeline`). A search that has only so much time (`clock`) tells what is known when that is over.

mod among;
mod batch;
mod clock;
mod counts;
mod dates;
mod dictionary;
mod error;
mod evidence;
mod explain;
mod export;
mod filters;
mod listing;
mod lists;
mod matching;
mod names;
mod order;
mod plan;
mod present;
mod rank;
mod rarity;
mod remedy;
mod request;
mod resolve;
mod rows;
pub mod saved;
mod scope;
mod sieve;
mod similar;
mod spelling;
mod suggest;
mod tally;
mod timeline;
mod walk;
mod weights;
mod whole;
mod window;
mod worth;

use std::sync::Arc;
use std::time::Instant;

pub use batch::{RequestLine, RequestLines, batch};
use clock::Clock;
pub use clock::Known;

pub use crate::facet::FacetKind;
use crate::french::Analyzer;
use crate::hit::{Answer, ExpansionKind, Hit};
use crate::index::{IndexReader, Selection};
use crate::query;
use dictionary::Dictionary;
pub use error::SearchError;
use evidence::{Evidence, gather};
pub use export::Exported;
use filters::{Clause, Filters};
use matching::Matching;
use plan::{Plan, Tree};
use rank::Ranker;
use rarity::rarities;
pub use request::{Collapse, DEEPEST, FacetRequest, Match, Request, RequestError, Scope, Sort, Split, TimelineRequest};
pub(crate) use request::{WrongKey, is_known};
use resolve::resolve;
use scope::answering;
use similar::Like;
pub use similar::SimilarRequest;
use weights::{LEAST_POOL, MOST_POOL, PER_POOL};

/// Words left out that are told one by one.
const DROPPED: usize = 10;
/// Reports whose positions are read at one time where every candidate has to be looked at.
const CHUNK: usize = 4096;

/// Answers requests over one open index. One a thread: it remembers the words it has analysed.
pub struct Searcher<'i> {
    reader: &'i IndexReader,
    dictionary: Dictionary<'i>,
    analyzer: Analyzer,
    /// The only reports that may answer, if there is such a bound.
    among: Option<Arc<Selection>>,
    /// Whether a value of a filter that nothing of the index has is found nowhere, instead of an error.
    forgiving: bool,
    /// What every answer has to be like, if anything.
    like: Option<Like>,
    /// When to give up.
    clock: Clock,
}

/// What comes of a request that is answered in parts.
#[derive(Clone, Debug)]
pub enum Part {
    /// First: all but the hits, and the first of these.
    Answer(Box<Answer>),
    /// Then, as often as there are more: the hits that follow.
    Hits(Vec<Hit>),
}

impl<'i> Searcher<'i> {
    /// A searcher over an open index.
    #[must_use]
    pub fn new(reader: &'i IndexReader) -> Self {
        Self {
            reader,
            dictionary: Dictionary::new(reader),
            analyzer: Analyzer::new(),
            among: None,
            forgiving: false,
            like: None,
            clock: Clock::default(),
        }
    }

    /// A searcher that knows only some of the reports; how rare a word is, all of them tell.
    #[must_use]
    pub fn among(reader: &'i IndexReader, selection: Selection) -> Self {
        Self { among: Some(Arc::new(selection)), ..Self::new(reader) }
    }

    /// The same searcher with an analyzer that may have met some words already.
    #[must_use]
    pub fn with_analyzer(self, analyzer: Analyzer) -> Self {
        Self { analyzer, ..self }
    }

    /// The analyzer of a searcher that is no longer needed, with the words that it has met.
    #[must_use]
    pub fn into_analyzer(self) -> Analyzer {
        self.analyzer
    }

    /// The same searcher, to which a value of a filter that nothing of the index has is no error: it is found nowhere.
    #[must_use]
    pub fn forgiving(self) -> Self {
        Self { forgiving: true, ..self }
    }

    /// The values of a request's filters, and of those in its query, that nothing of the index has, each as it is told.
    ///
    /// # Errors
    /// If the request cannot be asked of this index.
    pub fn unknown(&mut self, request: &Request) -> Result<Vec<String>, SearchError> {
        let (plan, filters) = self.prepare(request)?;
        Ok([filters.unknown, plan.unknown].concat())
    }

    /// Answers a request.
    ///
    /// # Errors
    /// If the query or a filter cannot be understood, or the index cannot be read.
    pub fn search(&mut self, request: &Request) -> Result<Answer, SearchError> {
        self.answer(request, true)
    }

    /// As [`Searcher::search`], without looking for what else might answer where nothing does.
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn search_only(&mut self, request: &Request) -> Result<Answer, SearchError> {
        self.answer(request, false)
    }

    /// Answers a request in parts, so that a list of any length is told in the same memory: the same hits in the same
    /// order. The time that the answer tells is that to its first part.
    ///
    /// # Errors
    /// As [`Searcher::search`], and what `each` fails with, which ends it.
    pub fn stream<E: From<SearchError>>(
        &mut self,
        request: &Request,
        each: impl FnMut(Part) -> Result<(), E>,
    ) -> Result<(), E> {
        self.in_parts(request, true, each)
    }

    /// Answers a request, and tells what to do where nothing answers, if that is wanted.
    fn answer(&mut self, request: &Request, remedied: bool) -> Result<Answer, SearchError> {
        collected(|each| self.in_parts(request, remedied, each))
    }

    fn in_parts<E: From<SearchError>>(
        &mut self,
        request: &Request,
        remedied: bool,
        mut each: impl FnMut(Part) -> Result<(), E>,
    ) -> Result<(), E> {
        let started = Instant::now();
        let (plan, filters) = self.prepare(request)?;
        let rarities = rarities(&self.dictionary, &plan).map_err(SearchError::from)?;
        let ranker = Ranker::new(self.reader, &plan, rarities).map_err(SearchError::from)?;
        let listing = self.list(&plan, &ranker, &filters.clauses(self.reader.fields(), None), request, pool);
        let widened = || Known { expanded: plan.expanded.clone(), ..Known::default() };
        let listing = listing.map_err(|error| error.knowing(widened))?;
        let mut answer = Answer { id: request.id.clone(), total: listing.total, ..Answer::default() };
        let filled = self.fill(&plan, &filters, request, remedied, &mut answer);
        filled.map_err(|error| error.knowing(|| answer.clone().into()))?;
        let mut first = Some(answer);
        let whole = |answer: Answer, hits| Part::Answer(Box::new(Answer { hits, took_us: micros(started), ..answer }));
        let told_all = self.each_part(&plan, &ranker, &listing, request, |hits| match first.take() {
            Some(answer) => each(whole(answer, hits)),
            None => each(Part::Hits(hits)),
        })?;
        if let Some(answer) = first.take() {
            // A page may be empty.
            each(whole(answer, Vec::new()))?;
        }
        if told_all { Ok(()) } else { Err(E::from(SearchError::Late { known: Box::default() })) }
    }

    /// Adds to an answer all but its hits.
    fn fill(
        &mut self,
        plan: &Plan,
        filters: &Filters,
        request: &Request,
        remedied: bool,
        answer: &mut Answer,
    ) -> Result<(), SearchError> {
        answer.expanded.clone_from(&plan.expanded);
        if answer.total == 0 && remedied {
            self.remedy(plan, request, answer)?;
        }
        answer.warnings.splice(0..0, warnings(plan, request, None));
        if request.explain {
            answer.resolved = Some(self.resolved(plan)?);
        }
        if let Some(wanted) = &request.facets {
            self.count_facets(plan, filters, request, wanted, answer.facets.get_or_insert_default())?;
            answer.warnings.extend(self.lost_counts(plan, filters));
        }
        if let Some(wanted) = &request.timeline {
            answer.timeline = Some(self.count_periods(plan, filters, request, wanted)?.timeline);
        }
        Ok(())
    }

    /// Counts the reports that answer a request, exactly.
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn count(&mut self, request: &Request) -> Result<u64, SearchError> {
        let (plan, filters) = self.prepare(request)?;
        let clauses = filters.clauses(self.reader.fields(), None);
        if in_passage(&plan, request) {
            let mut total = 0;
            self.by_passage(&plan, &clauses, |_, _| total += 1)?;
            return Ok(total);
        }
        Matching::new(&plan, &self.dictionary, &clauses).count(self.clock)
    }

    /// What a request asks for: its plan and its filters.
    fn prepare(&mut self, request: &Request) -> Result<(Plan, Filters), SearchError> {
        request.check()?;
        self.clock.check()?;
        let filters = Filters::new(self.reader, request, self.among.as_ref(), self.forgiving)?;
        Ok((self.plan(request, &filters, None)?, filters))
    }

    /// The plan of a request, with what its filters want of passages, but for the values of one kind, if it is named.
    fn plan(&mut self, request: &Request, filters: &Filters, without: Option<FacetKind>) -> Result<Plan, SearchError> {
        let expr =
            query::parse(&request.query).map_err(|error| SearchError::Query { query: request.query.clone(), error })?;
        let mut plan =
            resolve(expr.as_ref(), request, &self.dictionary, &mut self.analyzer, self.forgiving, self.clock)?;
        plan.nothing = expr.is_none() && !request.query.trim().is_empty();
        plan.narrow(filters.of_passages(self.reader, without)?);
        self.like.iter().for_each(|like| like.add_to(&mut plan));
        Ok(plan)
    }

    /// Hands on the evidence of each report of which one passage holds the whole query, and which of its passages do:
    /// candidates first, then their positions, a few thousand reports at a time.
    fn by_passage(
        &self,
        plan: &Plan,
        filters: &[Clause],
        mut each: impl FnMut(Evidence<'_>, Vec<bool>),
    ) -> Result<(), SearchError> {
        let candidates = Matching::new(plan, &self.dictionary, filters).relaxed().addresses(self.clock)?;
        for chunk in candidates.chunks(CHUNK) {
            for evidence in gather(self.reader, plan, chunk, self.clock)?.iter() {
                let answering = answering(plan, &evidence, true);
                if answering.contains(&true) {
                    each(evidence, answering);
                }
            }
        }
        Ok(())
    }
}

/// The answer whose parts are handed on; where the time ends behind the first of them, they are what is known.
fn collected(
    ask: impl FnOnce(&mut dyn FnMut(Part) -> Result<(), SearchError>) -> Result<(), SearchError>,
) -> Result<Answer, SearchError> {
    let started = Instant::now();
    let mut told: Option<Answer> = None;
    let outcome = ask(&mut |part| {
        match part {
            Part::Answer(first) => told = Some(*first),
            Part::Hits(more) => told.get_or_insert_default().hits.extend(more),
        }
        Ok(())
    });
    match (outcome, told) {
        (Ok(()), told) => Ok(Answer { took_us: micros(started), ..told.unwrap_or_default() }),
        (Err(error), Some(answer)) => Err(error.knowing(|| answer.into())),
        (Err(error), None) => Err(error),
    }
}

/// What the user should know of an answer; `laxer` is what any of the words finds where all find nothing.
fn warnings(plan: &Plan, request: &Request, laxer: Option<u64>) -> Vec<String> {
    let mut warnings = Vec::new();
    for told in plan.expanded.iter().filter(|told| told.kind == ExpansionKind::Spelling) {
        let words: Vec<String> = told.to.iter().map(|word| format!("« {word} »")).collect();
        warnings.push(format!("« {} » read as {}", told.term, words.join(", ")));
    }
    warnings.extend(plan.warnings.iter().cloned());
    if !plan.dropped.is_empty() && !plan.slots.is_empty() && request.matching == Match::All {
        let mut words: Vec<&str> = Vec::new();
        for word in &plan.dropped {
            if !words.iter().any(|known| known.eq_ignore_ascii_case(word)) {
                words.push(word);
            }
        }
        let more = words.len().saturating_sub(DROPPED);
        words.truncate(DROPPED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        warnings.push(format!("left out as too common: {}{more}", words.join(", ")));
    }
    if plan.nothing {
        warnings.push("nothing to look for in the query: all that the filters hold is listed".to_owned());
    }
    if let Some(any) = laxer {
        warnings.push(format!("all of it together is in no report; with --match any, {any} answer"));
    }
    warnings
}

/// Microseconds since then.
fn micros(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// How many reports the second pass ranks of so many that answer, whatever page is asked for.
fn pool(total: usize) -> usize {
    (total / PER_POOL).clamp(LEAST_POOL, MOST_POOL)
}

/// The end of the page that was asked for, in a list of so many.
fn page_end(request: &Request, total: usize) -> usize {
    if request.limit == 0 { total } else { request.offset.saturating_add(request.limit).min(total) }
}

/// Whether one passage has to hold the whole query.
fn in_passage(plan: &Plan, request: &Request) -> bool {
    request.scope == Scope::Passage && plan.tree != Tree::Everything
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pool_grows_with_what_answers_and_stays_bounded() {
        for (total, ranked) in [(0, LEAST_POOL), (2_000, LEAST_POOL), (4_000, 500), (1_000_000, MOST_POOL)] {
            assert_eq!(pool(total), ranked);
        }
    }
}
