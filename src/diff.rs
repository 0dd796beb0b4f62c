//! What two indexes differ in: reports, vocabulary, counts of facets, and the results of queries.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::counts::{FacetCount, FacetCounts};
use crate::facet::{FacetKind, FacetPath};
use crate::hit::Answer;
use crate::index::{IndexError, IndexReader};
use crate::search::{Collapse, FacetRequest, Request, SearchError, Searcher};

/// The kinds of facets that are compared.
const KINDS: [FacetKind; 4] = [FacetKind::Group, FacetKind::Region, FacetKind::Date, FacetKind::Source];

/// Something of the one index and of the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sides<T> {
    /// Of the first index.
    pub a: T,
    /// Of the second.
    pub b: T,
}

impl<T: PartialEq> Sides<T> {
    /// Whether both are the same.
    pub fn same(&self) -> bool {
        self.a == self.b
    }
}

/// Reports by id and content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reports {
    /// How many there are.
    pub count: Sides<u64>,
    /// Those of the second index alone, by id.
    pub gained: Vec<String>,
    /// Those of the first alone.
    pub lost: Vec<String>,
    /// Those of one id and other content.
    pub changed: Vec<String>,
    /// How many are the same.
    pub unchanged: u64,
}

/// A value of a facet whose count differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Value {
    /// The value.
    pub path: FacetPath,
    /// Reports that have it.
    #[serde(flatten)]
    pub reports: Sides<u64>,
}

/// The counts of a kind of facets that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facets {
    /// Reports without any value.
    pub without: Sides<u64>,
    /// Values of which the counts differ, those that differ most first, then by path.
    pub values: Vec<Value>,
}

/// A result that stands at another place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Id of the report, or of the passage where each passage is a hit.
    pub id: String,
    /// Its ranks, from 1.
    #[serde(flatten)]
    pub ranks: Sides<usize>,
}

/// A result that one answer has and the other has not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Placed {
    /// Id of the report, or of the passage where each passage is a hit.
    pub id: String,
    /// Its rank in the answer that has it, from 1.
    pub rank: usize,
}

/// A query of which the answers differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Query {
    /// Id of the request.
    pub id: String,
    /// What is asked.
    pub query: String,
    /// Reports that answer; nothing where the query cannot be asked.
    pub total: Sides<Option<u64>>,
    /// Why it cannot be asked.
    pub error: Sides<Option<String>>,
    /// Hits of the second answer alone.
    pub gained: Vec<Placed>,
    /// Hits of the first alone.
    pub lost: Vec<Placed>,
    /// Hits of both at other places.
    pub moved: Vec<Moved>,
}

/// The queries that were asked of both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Queries {
    /// How many.
    pub asked: u64,
    /// Of them, those that neither index could answer, with the reason.
    pub failed: Vec<(String, String)>,
    /// Those of which the answers differ, in order.
    pub differing: Vec<Query>,
}

/// A vocabulary in short.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Names {
    /// Hash of its tables.
    pub hash: String,
    /// Places.
    pub places: usize,
    /// Actors.
    pub actors: usize,
}

/// What two indexes differ in. Both were written by this version of vigie: others cannot be opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Whether all that was compared is the same.
    pub same: bool,
    /// The vocabularies.
    pub vocabulary: Sides<Names>,
    /// The reports.
    pub reports: Reports,
    /// Levels of facets that were compared.
    pub depth: usize,
    /// By kind.
    pub facets: BTreeMap<FacetKind, Facets>,
    /// The queries, where there are any.
    pub queries: Option<Queries>,
}

impl Facets {
    /// Whether nothing differs.
    #[must_use]
    pub fn same(&self) -> bool {
        self.without.same() && self.values.is_empty()
    }
}

impl Difference {
    /// Compares two indexes but for queries; facets down to `depth` levels.
    ///
    /// # Errors
    /// If one of them cannot be read, or no facet has such a depth.
    pub fn of(a: &IndexReader, b: &IndexReader, depth: usize) -> Result<Self, SearchError> {
        let wanted = FacetRequest { by: KINDS.to_vec(), depth, limit: 0 };
        let counts = |reader| Ok::<_, SearchError>(Searcher::new(reader).facets(&Request::default(), &wanted)?.facets);
        let (counts_a, counts_b) = (counts(a)?, counts(b)?);
        let facets: BTreeMap<FacetKind, Facets> =
            KINDS.iter().map(|kind| (*kind, facets(counts_a.get(kind), counts_b.get(kind)))).collect();
        let vocabulary = Sides { a: names(a)?, b: names(b)? };
        let reports = reports(a, b)?;
        let mut difference = Self { same: false, vocabulary, reports, depth, facets, queries: None };
        difference.settle();
        Ok(difference)
    }

    /// Adds what requests find in both indexes.
    pub fn with(&mut self, queries: Queries) {
        self.queries = Some(queries);
        self.settle();
    }

    fn settle(&mut self) {
        let Reports { gained, lost, changed, .. } = &self.reports;
        self.same = [gained, lost, changed].iter().all(|ids| ids.is_empty())
            && self.vocabulary.same()
            && self.facets.values().all(Facets::same)
            && self.queries.as_ref().is_none_or(|queries| queries.differing.is_empty());
    }
}

fn names(reader: &IndexReader) -> Result<Names, IndexError> {
    let vocabulary = reader.vocabulary()?;
    let (places, actors) = vocabulary.sizes();
    Ok(Names { hash: vocabulary.fingerprint().to_owned(), places, actors })
}

fn reports(a: &IndexReader, b: &IndexReader) -> Result<Reports, IndexError> {
    let mut old: FxHashMap<String, u64> = a.contents()?.into_iter().collect();
    let new = b.contents()?;
    let mut found = Reports { count: Sides { a: old.len() as u64, b: new.len() as u64 }, ..Reports::default() };
    for (id, hash) in new {
        match old.remove(&id) {
            None => found.gained.push(id),
            Some(before) if before != hash => found.changed.push(id),
            Some(_) => found.unchanged += 1,
        }
    }
    found.lost = old.into_keys().collect();
    for ids in [&mut found.gained, &mut found.lost, &mut found.changed] {
        ids.sort_unstable();
    }
    Ok(found)
}

fn facets(a: Option<&FacetCounts>, b: Option<&FacetCounts>) -> Facets {
    fn gather(
        values: &[FacetCount],
        side: fn(&mut Sides<u64>) -> &mut u64,
        into: &mut BTreeMap<FacetPath, Sides<u64>>,
    ) {
        for value in values {
            *side(into.entry(value.path.clone()).or_default()) = value.count;
            gather(&value.children, side, into);
        }
    }
    let mut counts = BTreeMap::new();
    let mut found = Facets::default();
    if let Some(a) = a {
        found.without.a = a.without;
        gather(&a.values, |sides| &mut sides.a, &mut counts);
    }
    if let Some(b) = b {
        found.without.b = b.without;
        gather(&b.values, |sides| &mut sides.b, &mut counts);
    }
    counts.retain(|_, reports| !reports.same());
    found.values = counts.into_iter().map(|(path, reports)| Value { path, reports }).collect();
    // The paths are in order.
    found.values.sort_by_key(|value| std::cmp::Reverse(value.reports.a.abs_diff(value.reports.b)));
    found
}

/// Asks both indexes, request by request.
pub struct Comparison<'i> {
    a: Searcher<'i>,
    b: Searcher<'i>,
    found: Queries,
}

impl<'i> Comparison<'i> {
    /// A comparison of two open indexes, before the first request.
    #[must_use]
    pub fn new(a: &'i IndexReader, b: &'i IndexReader) -> Self {
        Self { a: Searcher::new(a), b: Searcher::new(b), found: Queries::default() }
    }

    /// Asks both a request, of which `wrong` tells why it cannot be read.
    ///
    /// # Errors
    /// If an index cannot be read. A request that cannot be answered is told with its reason.
    pub fn ask(&mut self, request: &Request, wrong: Option<String>) -> Result<(), IndexError> {
        self.found.asked += 1;
        let id = request.id.clone().unwrap_or_default();
        if let Some(why) = wrong {
            self.found.failed.push((id, why));
            return Ok(());
        }
        let request = Request { fields: Some(vec!["id".to_owned()]), ..request.clone() };
        let (a, b) = (answer(&mut self.a, &request)?, answer(&mut self.b, &request)?);
        let (ranks_a, ranks_b) = (ranks(&a, &request), ranks(&b, &request));
        let total = |answer: &Result<Answer, String>| answer.as_ref().ok().map(|answer| answer.total);
        let mut query = Query {
            id,
            query: request.query,
            total: Sides { a: total(&a), b: total(&b) },
            error: Sides { a: a.err(), b: b.err() },
            ..Query::default()
        };
        if let (Some(why), Some(_)) = (&query.error.a, &query.error.b) {
            self.found.failed.push((query.id, why.clone()));
            return Ok(());
        }
        let of = |ranks: &[String]| -> FxHashMap<String, usize> { ranks.iter().cloned().zip(1..).collect() };
        let (places_a, places_b) = (of(&ranks_a), of(&ranks_b));
        for (id, &rank) in ranks_b.iter().filter_map(|id| Some((id, places_b.get(id)?))) {
            match places_a.get(id) {
                None => query.gained.push(Placed { id: id.clone(), rank }),
                Some(&before) if before != rank => {
                    query.moved.push(Moved { id: id.clone(), ranks: Sides { a: before, b: rank } });
                }
                Some(_) => {}
            }
        }
        let kept: BTreeSet<&String> = ranks_b.iter().collect();
        let lost = ranks_a.iter().zip(1..).filter(|(id, _)| !kept.contains(id));
        query.lost = lost.map(|(id, rank)| Placed { id: id.clone(), rank }).collect();
        let same_hits = query.gained.is_empty() && query.lost.is_empty() && query.moved.is_empty();
        if !(same_hits && query.total.same() && query.error.same()) {
            self.found.differing.push(query);
        }
        Ok(())
    }

    /// What was found.
    #[must_use]
    pub fn finish(self) -> Queries {
        self.found
    }
}

/// An answer, or why there is none.
fn answer(searcher: &mut Searcher<'_>, request: &Request) -> Result<Result<Answer, String>, IndexError> {
    match searcher.search(request) {
        Ok(answer) => Ok(Ok(answer)),
        Err(SearchError::Index(error)) => Err(error),
        Err(error) => Ok(Err(error.to_string())),
    }
}

/// The ids of an answer, in order.
fn ranks(answer: &Result<Answer, String>, request: &Request) -> Vec<String> {
    let hits = answer.iter().flat_map(|answer| &answer.hits);
    let id = |hit: &crate::hit::Hit| match request.collapse {
        Collapse::Report => hit.report.id.clone(),
        Collapse::None => hit.passage.id.clone(),
    };
    hits.map(id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(query: &str) -> Request {
        Request { id: Some("q".to_owned()), query: query.to_owned(), ..Request::default() }
    }

    #[test]
    fn the_same_is_told_as_such() {
        let index = || IndexReader::of_texts(&[("", "Une embuscade à Gao."), ("", "Une mine à Mopti.")]);
        let (a, b) = (index(), index());
        let mut found = Difference::of(&a, &b, 2).unwrap();
        assert!(found.same && found.reports.unchanged == 2);
        let mut comparison = Comparison::new(&a, &b);
        comparison.ask(&request("embuscade"), None).unwrap();
        comparison.ask(&request("\"embuscade"), None).unwrap();
        found.with(comparison.finish());
        assert!(found.same, "a query that neither can answer is no difference");
        let queries = found.queries.unwrap();
        assert_eq!((queries.asked, queries.failed.len()), (2, 1));
    }

    #[test]
    fn results_gained_lost_and_moved() {
        let mine = "Le marché. Une mine a sauté sur la route, loin de la ville, hier, sans faire de victime.";
        let a = IndexReader::of_texts(&[("", "Une mine."), ("", mine), ("", "Rien.")]);
        let b = IndexReader::of_texts(&[("", "Rien."), ("", mine), ("", "Une mine, une mine.")]);
        let mut comparison = Comparison::new(&a, &b);
        comparison.ask(&request("mine"), None).unwrap();
        let found = comparison.finish();
        let [query] = &found.differing[..] else { panic!("{found:?}") };
        assert_eq!(query.gained, [Placed { id: "r2".to_owned(), rank: 1 }]);
        assert_eq!(query.lost, [Placed { id: "r0".to_owned(), rank: 1 }]);
        assert_eq!((query.moved.len(), query.total), (0, Sides { a: Some(2), b: Some(2) }));
        let mut comparison = Comparison::new(&a, &b);
        let first = Request { limit: 1, offset: 1, ..request("mine") };
        comparison.ask(&first, None).unwrap();
        assert!(comparison.finish().differing.is_empty(), "the second hit is the same");
    }

    #[test]
    fn counts_of_facets_are_compared_as_deep_as_wanted() {
        let a = IndexReader::of_texts(&[("", "Une attaque à Gao, au Mali."), ("", "Rien.")]);
        let b = IndexReader::of_texts(&[("", "Une attaque à Mopti, au Mali."), ("", "Une attaque à Mopti, au Mali.")]);
        let told = |depth| {
            let found = Difference::of(&a, &b, depth).unwrap();
            let regions = &found.facets[&FacetKind::Region];
            let values =
                regions.values.iter().map(|value| format!("{} {} {}", value.path, value.reports.a, value.reports.b));
            (found.same, regions.without, values.collect::<Vec<_>>())
        };
        let without = Sides { a: 1, b: 0 };
        assert_eq!(told(1), (false, without, vec!["/Mali 1 2".to_owned()]));
        let deeper = ["/Mali/Mopti 0 2", "/Mali 1 2", "/Mali/Gao 1 0"].map(str::to_owned).to_vec();
        assert_eq!(told(2), (false, without, deeper));
    }
}
