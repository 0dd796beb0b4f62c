//! The time that a search has, and what is known of its answer when that is over.

use std::collections::BTreeMap;
use std::time::Instant;

use serde::Serialize;

use super::{SearchError, Searcher};
use crate::counts::{Bucket, FacetCounts};
use crate::facet::FacetKind;
use crate::hit::{Answer, Expansion, Hit};

/// When a search has to end; it may take all its time where that is nowhere.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock(Option<Instant>);

impl Clock {
    /// A clock that stops at a moment.
    pub(super) fn until(deadline: Instant) -> Self {
        Self(Some(deadline))
    }

    /// Looks whether there is time left: between the steps of a search, and every few thousand reports within one.
    ///
    /// # Errors
    /// [`SearchError::Late`] where there is none; nothing is known then.
    pub(super) fn check(self) -> Result<(), SearchError> {
        match self.0 {
            Some(deadline) if Instant::now() >= deadline => Err(SearchError::Late { known: Box::default() }),
            _ => Ok(()),
        }
    }
}

/// What was found of an answer before the time was over. What is there is as the whole answer would have it, but for the
/// list of hits, of which it has the first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Known {
    /// Reports that answer, exactly, if they were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// The first hits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hits: Vec<Hit>,
    /// The kinds of facets that were counted.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub facets: BTreeMap<FacetKind, FacetCounts>,
    /// The histogram, if it was counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Vec<Bucket>>,
    /// What the query was widened by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expanded: Vec<Expansion>,
}

impl From<Answer> for Known {
    /// What is known where the answer has its total.
    fn from(answer: Answer) -> Self {
        Self {
            total: Some(answer.total),
            hits: answer.hits,
            facets: answer.facets.unwrap_or_default(),
            timeline: answer.timeline,
            expanded: answer.expanded,
        }
    }
}

impl SearchError {
    /// The same error; if the time is over, with what is known.
    pub(crate) fn knowing(self, known: impl FnOnce() -> Known) -> Self {
        match self {
            Self::Late { .. } => Self::Late { known: Box::new(known()) },
            error => error,
        }
    }

    /// Whether the time is over.
    pub(super) fn is_late(&self) -> bool {
        matches!(self, Self::Late { .. })
    }
}

impl Searcher<'_> {
    /// The same searcher, which gives up at a moment: [`SearchError::Late`] then tells what is known. It is looked at
    /// between the steps of a search and within long ones, so that the thread is free soon after.
    #[must_use]
    pub fn until(self, deadline: Instant) -> Self {
        Self { clock: Clock::until(deadline), ..self }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::index::IndexReader;
    use crate::search::pool;
    use crate::search::{FacetRequest, Request, TimelineRequest};

    fn index() -> IndexReader {
        IndexReader::of_texts(&[("Kidal", "Une embuscade à Kidal."), ("Mopti", "Une embuscade à Mopti.")])
    }

    fn request() -> Request {
        Request {
            query: "embuscade".to_owned(),
            facets: Some(FacetRequest::default()),
            timeline: Some(TimelineRequest::default()),
            ..Request::default()
        }
    }

    #[test]
    fn every_way_to_ask_ends_with_its_time() {
        let (reader, request) = (index(), request());
        let mut searcher = Searcher::new(&reader).until(Instant::now());
        let late = |error: Option<SearchError>| error.is_some_and(|error| error.is_late());
        assert!(late(searcher.search(&request).err()));
        assert!(late(searcher.count(&request).err()));
        assert!(late(searcher.facets(&request, &FacetRequest::default()).err()));
        assert!(late(searcher.timeline(&request, &TimelineRequest::default()).err()));
        assert!(late(searcher.whole("r0", Some(&request)).err()));
        assert!(late(searcher.export(&request, |_| Ok::<_, SearchError>(())).err()));
        assert!(late(searcher.stream(&request, |_| Ok::<_, SearchError>(())).err()));
    }

    #[test]
    fn one_with_time_left_answers_as_ever() {
        let (reader, request) = (index(), request());
        let mut searcher = Searcher::new(&reader).until(Instant::now() + Duration::from_hours(1));
        let bare = |answer: Answer| Answer { took_us: 0, ..answer };
        let answer = bare(searcher.search(&request).unwrap());
        assert_eq!(answer, bare(Searcher::new(&reader).search(&request).unwrap()));
        assert_eq!(answer.total, 2);
    }

    #[test]
    fn hits_that_were_told_are_known_where_the_time_ends_behind_them() {
        let reader = index();
        let mut searcher = Searcher::new(&reader);
        let (plan, filters) = searcher.prepare(&request()).unwrap();
        // The list is made, and then the time is over: the first part is told all the same.
        let rarities = super::super::rarities(&searcher.dictionary, &plan).unwrap();
        let ranker = super::super::Ranker::new(&reader, &plan, rarities).unwrap();
        let listing = searcher.list(&plan, &ranker, &filters.clauses(reader.fields(), None), &request(), pool).unwrap();
        searcher.clock = Clock::until(Instant::now());
        let mut answer = Answer { total: listing.total, ..Answer::default() };
        let error = searcher.fill(&plan, &filters, &request(), true, &mut answer).unwrap_err();
        assert!(error.is_late());
        let SearchError::Late { known } = error.knowing(|| answer.into()) else { panic!() };
        assert_eq!((known.total, known.hits.len()), (Some(2), 0));
    }
}
