//! The list of all hits that answer, of which every page is a slice.
//!
//! The whole list is known by a few bytes a report or, where passages are asked for, a passage. Evidence and texts are
//! read for a block of it at a time, so that a list of any length is written in the same memory.

use std::cmp::Ordering;

use tantivy::DocAddress;

use super::evidence::{Gathered, gather};
use super::filters::Clause;
use super::matching::Matching;
use super::order::{Best, Columns, Spot};
use super::plan::Plan;
use super::present::marker;
use super::rank::Ranker;
use super::rarity::rarities;
use super::scope::answering;
use super::{Collapse, Request, SearchError, Searcher, Sort, in_passage, page_end};
use crate::hit::Hit;

/// Reports or passages whose evidence is read at one time.
const BLOCK: usize = 1024;
/// Hits whose texts are held at one time.
const PART: usize = 64;

/// What a request finds, in order.
pub(super) struct Listing {
    /// Reports that answer, exactly.
    pub(super) total: u64,
    /// As far as the page that was asked for may need it.
    order: Order,
}

enum Order {
    /// Reports; the scores of the second pass put the first so many of them into their order, the others have it.
    Reports(Vec<DocAddress>, usize),
    /// Passages.
    Passages(Vec<Spot>),
}

/// A passage to show: its report's place in the list of evidence, and its number there, from 0.
pub(super) struct Pick {
    pub(super) report: usize,
    pub(super) passage: usize,
    pub(super) score: f32,
}

/// A part of the list.
struct Block {
    reports: Gathered,
    /// In order, as far as the page that was asked for may need them.
    picks: Vec<Pick>,
}

impl Searcher<'_> {
    /// The list that a request asks for; of so many reports that answer, the second pass ranks as many as `pool` tells.
    pub(super) fn list(
        &self,
        plan: &Plan,
        ranker: &Ranker<'_>,
        filters: &[Clause],
        request: &Request,
        pool: fn(usize) -> usize,
    ) -> Result<Listing, SearchError> {
        let sort = request.sort(plan.unranked());
        if in_passage(plan, request) {
            let mut best = Best::new(self.reader, ranker, sort, request)?;
            self.by_passage(plan, filters, |evidence, answering| best.meet(&evidence, &answering))?;
            return Ok(Listing { total: best.met, order: Order::Passages(best.found()) });
        }
        self.clock.check()?;
        let matching = Matching::new(plan, &self.dictionary, filters);
        if sort != Sort::Relevance {
            let found = matching.addresses(self.clock)?;
            let (total, end) = (found.len(), page_end(request, found.len()));
            return Ok(Listing { total: total as u64, order: Order::Reports(self.by_date(found, sort, end)?, 0) });
        }
        let most = page_end(request, usize::MAX).max(pool(usize::MAX));
        let best = matching.scored(ranker.rarities()).best(most, self.clock)?;
        let reports = usize::try_from(best.total).unwrap_or(usize::MAX);
        let (total, pool) = (best.total, pool(reports));
        Ok(Listing { total, order: Order::Reports(best.found(pool, page_end(request, reports)), pool) })
    }

    /// The number of reports that answer a request, exactly, and the ids of the page that it asks for, in the order in
    /// which the first pass gathers reports: what a ranking of one's own begins with.
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn candidates(&mut self, request: &Request) -> Result<(u64, Vec<String>), SearchError> {
        let (plan, filters) = self.prepare(request)?;
        let rarities = rarities(&self.dictionary, &plan)?;
        let ranker = Ranker::new(self.reader, &plan, rarities)?;
        let listing = self.list(&plan, &ranker, &filters.clauses(self.reader.fields(), None), request, |_| 0)?;
        let columns = Columns::open(self.reader)?;
        let gathered: Vec<DocAddress> = match listing.order {
            Order::Reports(reports, _) => reports,
            Order::Passages(spots) => spots.iter().map(|spot| spot.address).collect(),
        };
        let page = request.offset.min(gathered.len())..page_end(request, gathered.len());
        Ok((listing.total, gathered[page].iter().map(|&address| columns.id(address)).collect()))
    }

    /// The first of some reports by date, those of one day by id; undated ones come last.
    fn by_date(&self, found: Vec<DocAddress>, sort: Sort, wanted: usize) -> Result<Vec<DocAddress>, SearchError> {
        let columns = Columns::open(self.reader)?;
        let mut dated: Vec<(i32, DocAddress)> =
            found.into_iter().map(|address| (columns.day(address, sort), address)).collect();
        let order = |a: &(i32, DocAddress), b: &(i32, DocAddress)| a.0.cmp(&b.0).then_with(|| columns.by_id(a.1, b.1));
        if wanted < dated.len() {
            dated.select_nth_unstable_by(wanted, order);
            dated.truncate(wanted);
        }
        dated.sort_unstable_by(order);
        Ok(dated.into_iter().map(|(_, address)| address).collect())
    }

    /// Hands on the hits of the page that was asked for, in order, some at a time; says whether these were all, and not
    /// only those that there was time for.
    pub(super) fn each_part<E: From<SearchError>>(
        &mut self,
        plan: &Plan,
        ranker: &Ranker<'_>,
        listing: &Listing,
        request: &Request,
        mut each: impl FnMut(Vec<Hit>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let columns = Columns::open(self.reader)?;
        let marker = marker(plan);
        let by_score = request.sort(plan.unranked()) == Sort::Relevance;
        let end = page_end(request, usize::MAX);
        let whole = matches!(listing.order, Order::Passages(_));
        let (mut met, mut least) = (0, f32::INFINITY);
        for number in 0.. {
            let mut block = match self.block(plan, ranker, &columns, listing, request, number) {
                Ok(Some(block)) => block,
                Ok(None) => break,
                Err(error) if error.is_late() => return Ok(false),
                Err(error) => return Err(error.into()),
            };
            if by_score {
                // Nothing scores more than what it stands below.
                for pick in &mut block.picks {
                    least = least.min(pick.score);
                    pick.score = least;
                }
            }
            let here = block.picks.len();
            let (from, to) = (request.offset.saturating_sub(met).min(here), end.saturating_sub(met).min(here));
            let mut rank = met + from;
            for picks in block.picks[from..to].chunks(PART) {
                let mut hits = Vec::with_capacity(picks.len());
                for pick in picks {
                    if self.clock.check().is_err() {
                        if !hits.is_empty() {
                            each(hits)?;
                        }
                        return Ok(false);
                    }
                    rank += 1;
                    let evidence = block.reports.of(pick.report);
                    // One that answers by its title or its filters shows a passage all the same.
                    let answering = answering(plan, &evidence, whole).into_iter().filter(|&yes| yes).count().max(1);
                    let report = (evidence.address, answering);
                    let mut hit = self.present(rank, pick, report, &columns, &marker, request)?;
                    hit.explanation = request.explain.then(|| ranker.explain(&evidence, pick.passage));
                    hits.push(hit);
                }
                each(hits)?;
            }
            met += here;
            if met >= end {
                break;
            }
        }
        Ok(true)
    }

    /// A part of the list by its number, or nothing where the list has ended.
    fn block(
        &self,
        plan: &Plan,
        ranker: &Ranker<'_>,
        columns: &Columns,
        listing: &Listing,
        request: &Request,
        number: usize,
    ) -> Result<Option<Block>, SearchError> {
        Ok(match &listing.order {
            Order::Reports(docs, pool) => {
                let (best, behind) = docs.split_at((*pool).min(docs.len()));
                let blocks = std::iter::once(best).chain(behind.chunks(BLOCK)).filter(|docs| !docs.is_empty());
                match blocks.enumerate().nth(number) {
                    Some((first, docs)) => {
                        let columns = Some(columns).filter(|_| first == 0 && !best.is_empty());
                        Some(self.of_reports(plan, ranker, columns, docs, request)?)
                    }
                    None => None,
                }
            }
            Order::Passages(spots) => match spots.chunks(BLOCK).nth(number) {
                Some(spots) => Some(self.of_passages(plan, spots)?),
                None => None,
            },
        })
    }

    /// The passages to show of some reports, which are in order but where columns are given that put equals into theirs.
    fn of_reports(
        &self,
        plan: &Plan,
        ranker: &Ranker<'_>,
        by_score: Option<&Columns>,
        docs: &[DocAddress],
        request: &Request,
    ) -> Result<Block, SearchError> {
        let reports = gather(self.reader, plan, docs, self.clock)?;
        let mut picks = Vec::with_capacity(reports.len());
        for (report, evidence) in reports.iter().enumerate() {
            let scored = ranker.score(&evidence);
            let best = scored.best_passage();
            let pick = |passage| Pick { report, passage, score: scored.passage_score(passage) };
            match request.collapse {
                Collapse::Report => picks.push(pick(best)),
                Collapse::None => {
                    let answering = answering(plan, &evidence, false);
                    let wanted = (0..answering.len()).filter(|&at| answering[at] || at == best);
                    picks.extend(wanted.map(pick));
                }
            }
        }
        let of = |pick: &Pick| reports.of(pick.report);
        let by_date = request.sort(plan.unranked()) != Sort::Relevance;
        let order = |a: &Pick, b: &Pick| {
            let score = if by_date { Ordering::Equal } else { b.score.total_cmp(&a.score) };
            let reports = match by_score {
                Some(columns) => score.then_with(|| columns.by_id(of(a).address, of(b).address)),
                None => of(a).place.cmp(&of(b).place).then(score),
            };
            reports.then(a.passage.cmp(&b.passage))
        };
        let end = page_end(request, picks.len());
        if end < picks.len() {
            picks.select_nth_unstable_by(end, order);
        }
        picks[..end].sort_unstable_by(order);
        Ok(Block { reports, picks })
    }

    /// Some passages with the evidence of their reports.
    fn of_passages(&self, plan: &Plan, spots: &[Spot]) -> Result<Block, SearchError> {
        let mut docs: Vec<DocAddress> = spots.iter().map(|spot| spot.address).collect();
        docs.sort_unstable();
        docs.dedup();
        let reports = gather(self.reader, plan, &docs, self.clock)?;
        let picks = spots.iter().map(|spot| Pick {
            // Evidence comes in the order of the index.
            report: docs.partition_point(|doc| *doc < spot.address),
            passage: spot.passage as usize,
            score: spot.score,
        });
        Ok(Block { picks: picks.collect(), reports })
    }
}
