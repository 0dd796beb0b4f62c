//! Search: requests in, answers out. The one path that a query takes, whoever asks.
//!
//! 1. The query becomes a plan (`resolve`, `plan`): a boolean tree over the words, phrases, names and filters to find,
//!    with what else they may be called or how else spelled (`spelling`), as far as the index has it (`dictionary`).
//! 2. Boolean queries over reports (`matching`, `rows`, `filters`) count the answer exactly and gather the best few
//!    hundred.
//! 3. The positions of the query's terms in those (`evidence`) give the score (`rank`, `rarity`, `weights`), the passages
//!    that answer (`scope`), their order (`order`) and the best of them.
//! 4. Only the hits that are shown are read and marked (`present`).
//! 5. What finds nothing is told with what might (`remedy`), and all of it with its reasons (`explain`), if asked.
//!
//! Counts go over the reports of the same plan and filters, all of them, and read their columns (`counts`, `tally`,
//! `timeline`).

mod counts;
mod dates;
mod dictionary;
mod error;
mod evidence;
mod explain;
mod filters;
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
mod spelling;
mod tally;
mod timeline;
mod weights;

use std::cmp::Ordering;
use std::time::Instant;

use tantivy::DocAddress;
use tantivy::collector::{Count, DocSetCollector, TopDocs};
use tantivy::query::{BooleanQuery, Occur, Query};

pub use crate::facet::FacetKind;
use crate::french::Analyzer;
use crate::hit::{Answer, ExpansionKind, Explanation};
use crate::index::IndexReader;
use crate::query;
pub use error::SearchError;
use evidence::{Evidence, gather};
use filters::{Clause, Filters};
use order::{Best, Columns};
use plan::{Plan, Tree};
use rank::Ranker;
use rarity::{Rarity, rarities};
pub use request::{Collapse, DEEPEST, FacetRequest, Match, Request, RequestError, Scope, Sort, Split, TimelineRequest};
use resolve::resolve;
use scope::answering;
use weights::{LEAST_POOL, MOST_POOL, PER_POOL};

/// Words left out that are told one by one.
const DROPPED: usize = 10;
/// Reports whose positions are read at one time where every candidate has to be looked at.
const CHUNK: usize = 4096;

/// Answers requests over one open index. One a thread: it remembers the words it has analysed.
pub struct Searcher<'i> {
    reader: &'i IndexReader,
    analyzer: Analyzer,
}

/// A passage to show: its report's place in the list of evidence, and its number there, from 0.
struct Pick {
    report: usize,
    passage: usize,
    score: f32,
}

impl<'i> Searcher<'i> {
    /// A searcher over an open index.
    #[must_use]
    pub fn new(reader: &'i IndexReader) -> Self {
        Self { reader, analyzer: Analyzer::new() }
    }

    /// Answers a request.
    ///
    /// # Errors
    /// If the query or a filter cannot be understood, or the index cannot be read.
    pub fn search(&mut self, request: &Request) -> Result<Answer, SearchError> {
        self.answer(request, true)
    }

    /// Answers a request, and tells what to do where nothing answers, if that is wanted.
    fn answer(&mut self, request: &Request, remedied: bool) -> Result<Answer, SearchError> {
        let started = Instant::now();
        let (plan, filters) = self.prepare(request)?;
        let clauses = filters.clauses(self.reader.fields(), None);
        let ranker = Ranker::new(self.reader, &plan, rarities(self.reader, &plan)?)?;
        let (total, gathered) = if in_passage(&plan, request) {
            let mut best = Best::new(self.reader, &plan, &ranker, request)?;
            self.by_passage(&plan, clauses, |evidence, answering| best.meet(evidence, &answering))?;
            (best.met, best.found())
        } else {
            self.by_report(&plan, ranker.rarities(), clauses, request)?
        };
        // Of passages, all that were met were scored.
        let pool =
            if in_passage(&plan, request) { usize::MAX } else { pool(usize::try_from(total).unwrap_or(usize::MAX)) };
        let page = self.rank(&plan, &ranker, gathered, pool, request)?;
        let mut answer = Answer { id: request.id.clone(), total, ..Answer::default() };
        answer.hits = self.present(&plan, &page, request)?;
        if total == 0 && remedied {
            self.remedy(&plan, request, &mut answer)?;
        }
        answer.warnings.splice(0..0, warnings(&plan, request, None));
        if request.explain {
            answer.resolved = Some(self.resolved(&plan)?);
        }
        answer.expanded.clone_from(&plan.expanded);
        if let Some(wanted) = &request.facets {
            answer.facets = Some(self.count_facets(&plan, &filters, request, wanted)?.1);
        }
        if let Some(wanted) = &request.timeline {
            answer.timeline = Some(self.count_periods(&plan, &filters, request, wanted)?.timeline);
        }
        answer.took_us = micros(started);
        Ok(answer)
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
            self.by_passage(&plan, clauses, |_, _| total += 1)?;
            return Ok(total);
        }
        let query = filtered(matching::query(&plan, self.reader.fields()), clauses);
        Ok(self.reader.searcher().search(&query, &Count)? as u64)
    }

    /// What a request asks for: its plan and its filters.
    fn prepare(&mut self, request: &Request) -> Result<(Plan, Filters), SearchError> {
        request.check()?;
        let filters = Filters::new(self.reader, request)?;
        Ok((self.plan(request, &filters, None)?, filters))
    }

    /// The plan of a request, with what its filters want of passages, but for the values of one kind, if it is named.
    fn plan(&mut self, request: &Request, filters: &Filters, without: Option<FacetKind>) -> Result<Plan, SearchError> {
        let expr =
            query::parse(&request.query).map_err(|error| SearchError::Query { query: request.query.clone(), error })?;
        let mut plan = resolve(expr.as_ref(), request, self.reader, &mut self.analyzer)?;
        plan.nothing = expr.is_none() && !request.query.trim().is_empty();
        plan.narrow(filters.of_passages(self.reader, without)?);
        Ok(plan)
    }

    /// Counts the reports that answer, and gathers the best of them with their evidence.
    fn by_report(
        &self,
        plan: &Plan,
        rarities: &[Vec<Rarity>],
        filters: Vec<Clause>,
        request: &Request,
    ) -> Result<(u64, Vec<Evidence>), SearchError> {
        let query = filtered(matching::scored_query(plan, self.reader, rarities), filters);
        let searcher = self.reader.searcher();
        let total = searcher.search(&query, &Count)?;
        let docs: Vec<DocAddress> = if total == 0 {
            Vec::new()
        } else if request.sort(plan.unranked()) == Sort::Relevance {
            let gathered = page_end(request, total).max(pool(total)).min(total);
            let best = searcher.search(&query, &TopDocs::with_limit(gathered).order_by_score())?;
            best.into_iter().map(|(_, address)| address).collect()
        } else {
            self.by_date(&query, request.sort(true), page_end(request, total).max(1))?
        };
        Ok((total as u64, gather(self.reader, plan, &docs)?))
    }

    /// The first reports by date, those of one day by id; undated ones come last.
    fn by_date(&self, query: &dyn Query, sort: Sort, limit: usize) -> Result<Vec<DocAddress>, SearchError> {
        let searcher = self.reader.searcher();
        let columns = Columns::open(self.reader)?;
        let found = searcher.search(query, &DocSetCollector)?.into_iter();
        let mut dated: Vec<(i64, DocAddress)> = found.map(|address| (columns.day(address, sort), address)).collect();
        dated.sort_unstable();
        // Of the last day that is shown, ids decide; they are read for no others.
        let Some(&(last, _)) = dated.get(limit.saturating_sub(1)) else {
            return Ok(dated.into_iter().map(|(_, address)| address).collect());
        };
        let first_of_last = dated.partition_point(|&(day, _)| day < last);
        let end = dated.partition_point(|&(day, _)| day <= last);
        let mut tied = Vec::with_capacity(end - first_of_last);
        for &(_, address) in &dated[first_of_last..end] {
            tied.push((columns.id(address), address));
        }
        tied.sort_unstable();
        let before = dated[..first_of_last].iter().map(|&(_, address)| address);
        Ok(before.chain(tied.into_iter().map(|(_, address)| address)).take(limit).collect())
    }

    /// Hands on the evidence of each report of which one passage holds the whole query, and which of its passages do:
    /// candidates first, then their positions, a few thousand reports at a time.
    fn by_passage(
        &self,
        plan: &Plan,
        filters: Vec<Clause>,
        mut each: impl FnMut(Evidence, Vec<bool>),
    ) -> Result<(), SearchError> {
        let query = filtered(matching::relaxed_query(plan, self.reader.fields()), filters);
        let mut candidates: Vec<DocAddress> =
            self.reader.searcher().search(&query, &DocSetCollector)?.into_iter().collect();
        candidates.sort_unstable();
        for chunk in candidates.chunks(CHUNK) {
            for evidence in gather(self.reader, plan, chunk)? {
                let answering = answering(plan, &evidence, true);
                if answering.contains(&true) {
                    each(evidence, answering);
                }
            }
        }
        Ok(())
    }

    /// Scores what was gathered, and picks the passages of the page that was asked for.
    fn rank(
        &self,
        plan: &Plan,
        ranker: &Ranker<'_>,
        gathered: Vec<Evidence>,
        pool: usize,
        request: &Request,
    ) -> Result<Ranked, SearchError> {
        let in_passage = in_passage(plan, request);
        let mut page = Ranked::default();
        for evidence in gathered {
            let answering = answering(plan, &evidence, in_passage);
            let mut scored = ranker.score(&evidence);
            if in_passage {
                scored.keep(&answering);
            }
            let report = page.reports.len();
            match request.collapse {
                Collapse::Report => {
                    let passage = scored.best_passage();
                    page.picks.push(Pick { report, passage, score: scored.score });
                }
                Collapse::None => {
                    let best = scored.best_passage();
                    let passages = (0..answering.len()).filter(|&at| answering[at] || at == best);
                    page.picks.extend(passages.map(|passage| Pick {
                        report,
                        passage,
                        score: scored.passage_score(passage),
                    }));
                }
            }
            // One that answers by its title or its filters shows a passage all the same.
            page.reports.push((evidence, answering.iter().filter(|&&yes| yes).count().max(1)));
        }
        self.order(&mut page, request.sort(plan.unranked()), pool)?;
        let end = page_end(request, page.picks.len());
        page.picks.truncate(end);
        page.picks.drain(..request.offset.min(end));
        if request.explain {
            let explain = |pick: &Pick| ranker.explain(&page.reports[pick.report].0, pick.passage);
            page.explanations = page.picks.iter().map(explain).collect();
        }
        Ok(page)
    }

    /// Puts picks into their order, equals by id. What the second pass did not rank follows in the order of the first, so
    /// that every page is a part of the same list.
    fn order(&self, page: &mut Ranked, sort: Sort, pool: usize) -> Result<(), SearchError> {
        let columns = Columns::open(self.reader)?;
        let mut keys = Vec::with_capacity(page.reports.len());
        for (evidence, _) in &page.reports {
            let behind = if sort == Sort::Relevance { (evidence.place + 1).saturating_sub(pool) } else { 0 };
            keys.push(((columns.day(evidence.address, sort), behind), columns.id(evidence.address)));
        }
        page.picks.sort_by(|a, b| {
            let ((place_a, id_a), (place_b, id_b)) = (&keys[a.report], &keys[b.report]);
            let score = if sort == Sort::Relevance { b.score.total_cmp(&a.score) } else { Ordering::Equal };
            place_a.cmp(place_b).then(score).then(id_a.cmp(id_b)).then(a.passage.cmp(&b.passage))
        });
        if sort == Sort::Relevance {
            // Nothing scores more than what it stands below.
            let mut least = f32::INFINITY;
            for pick in &mut page.picks {
                least = least.min(pick.score);
                pick.score = least;
            }
        }
        page.ids = keys.into_iter().map(|(_, id)| id).collect();
        Ok(())
    }
}

/// What is to be shown.
#[derive(Default)]
struct Ranked {
    /// Evidence of each gathered report, and how many of its passages answer.
    reports: Vec<(Evidence, usize)>,
    /// Their ids.
    ids: Vec<String>,
    /// The page, in order.
    picks: Vec<Pick>,
    /// Why each of them stands there, where that is asked for.
    explanations: Vec<Explanation>,
}

/// What the user should know of an answer; `laxer` is what any of the words finds where all find nothing.
fn warnings(plan: &Plan, request: &Request, laxer: Option<u64>) -> Vec<String> {
    let mut warnings = Vec::new();
    for told in plan.expanded.iter().filter(|told| told.kind == ExpansionKind::Spelling) {
        let words: Vec<String> = told.to.iter().map(|word| format!("« {word} »")).collect();
        warnings.push(format!("« {} » lu comme {}", told.term, words.join(", ")));
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

/// A query with the filters' clauses beside it.
fn filtered(query: Box<dyn Query>, mut filters: Vec<Clause>) -> Box<dyn Query> {
    if filters.is_empty() {
        return query;
    }
    filters.push((Occur::Must, query));
    Box::new(BooleanQuery::new(filters))
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
