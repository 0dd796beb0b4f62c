//! Counts of facets: the reports of a plan and its filters, found as for hits, and the values of each.

use std::collections::BTreeMap;
use std::time::Instant;

use tantivy::DocId;

use super::filters::{Clause, Filters};
use super::matching::Matching;
use super::plan::{Plan, Tree};
use super::request::FacetRequest;
use super::tally::told;
use super::{CHUNK, Known, Request, SearchError, Searcher, in_passage, micros, warnings};
use crate::counts::{FacetAnswer, FacetCounts};
use crate::facet::FacetKind;
use crate::index::{Having, Tally};

/// Reports by segment, in the order of the index.
pub(super) type Docs = Vec<Vec<DocId>>;

impl Searcher<'_> {
    /// Counts the reports that answer a request by the values of facets, exactly.
    ///
    /// # Errors
    /// As [`Searcher::search`].
    pub fn facets(&mut self, request: &Request, wanted: &FacetRequest) -> Result<FacetAnswer, SearchError> {
        let started = Instant::now();
        let (plan, filters) = self.prepare(&Request { facets: Some(wanted.clone()), ..request.clone() })?;
        let mut facets = BTreeMap::new();
        let total = match self.count_facets(&plan, &filters, request, wanted, &mut facets) {
            Ok(total) => total,
            Err(error) => {
                return Err(error.knowing(|| Known { facets, expanded: plan.expanded, ..Known::default() }));
            }
        };
        let mut warnings = warnings(&plan, request, self.laxer(&plan, request, total)?);
        warnings.extend(self.lost_counts(&plan, &filters));
        Ok(FacetAnswer { took_us: micros(started), total, facets, expanded: plan.expanded, warnings })
    }

    /// The number of reports that answer; the counts of each kind of facet are added to `found` as they are made.
    pub(super) fn count_facets(
        &mut self,
        plan: &Plan,
        filters: &Filters,
        request: &Request,
        wanted: &FacetRequest,
        found: &mut BTreeMap<FacetKind, FacetCounts>,
    ) -> Result<u64, SearchError> {
        let clauses = filters.clauses(self.reader.fields(), None);
        if counts_all(plan, &clauses) {
            for &kind in &wanted.by {
                self.clock.check()?;
                let counts = self.reader.facet_totals(kind, filters.mentions, wanted.depth, wanted.limit)?;
                found.insert(kind, counts);
            }
            return Ok(self.reader.reports());
        }
        let answering = self.docs(plan, &clauses, request)?;
        for &kind in &wanted.by {
            let chosen = filters.wanted(kind);
            let counts = if chosen.is_some() {
                // What the other filters leave tells both what is selected and what might be instead.
                let plan = self.plan(request, filters, Some(kind))?;
                let docs = self.docs(&plan, &filters.clauses(self.reader.fields(), Some(kind)), request)?;
                self.count_values(kind, filters, &docs, &answering, wanted)?
            } else {
                self.count_values(kind, filters, &answering, &answering, wanted)?
            };
            found.insert(kind, counts);
        }
        Ok(answering.iter().map(|docs| docs.len() as u64).sum())
    }

    /// What whoever asked for the counts of all reports should know of them.
    pub(super) fn lost_counts(&self, plan: &Plan, filters: &Filters) -> Option<String> {
        counts_all(plan, &filters.clauses(self.reader.fields(), None)).then(|| self.reader.lost_counts()).flatten()
    }

    /// Counts some reports by their values, and those of them that answer.
    fn count_values(
        &self,
        kind: FacetKind,
        filters: &Filters,
        docs: &Docs,
        answering: &Docs,
        wanted: &FacetRequest,
    ) -> Result<FacetCounts, SearchError> {
        self.clock.check()?;
        let values = self.reader.facet_values(kind, filters.mentions, docs)?;
        let mut tally = Tally::of(values.tree());
        let mut having = Having::default();
        for (segment, (docs, answering)) in docs.iter().zip(answering).enumerate() {
            let mut answering = answering.iter().peekable();
            for docs in docs.chunks(CHUNK) {
                self.clock.check()?;
                values.read(segment, docs, &mut having);
                for (at, doc) in docs.iter().enumerate() {
                    // Both are in the order of the index.
                    tally.count(having.of(at), answering.next_if(|answers| *answers == doc).is_some());
                }
            }
        }
        Ok(told(values.tree(), &tally, filters.wanted(kind), wanted.depth, wanted.limit))
    }

    /// The reports that hold a plan and some clauses, as [`Searcher::search`] finds them.
    pub(super) fn docs(&self, plan: &Plan, clauses: &[Clause], request: &Request) -> Result<Docs, SearchError> {
        self.clock.check()?;
        if in_passage(plan, request) {
            let mut found: Docs = vec![Vec::new(); self.reader.searcher().segment_readers().len()];
            self.by_passage(plan, clauses, |evidence, _| {
                if let Some(docs) = found.get_mut(evidence.address.segment_ord as usize) {
                    docs.push(evidence.address.doc_id);
                }
            })?;
            return Ok(found);
        }
        Matching::new(plan, &self.dictionary, clauses).docs(self.clock)
    }
}

/// Whether all reports answer.
fn counts_all(plan: &Plan, clauses: &[Clause]) -> bool {
    plan.tree == Tree::Everything && clauses.is_empty()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::annotate::{Annotated, Annotator, DateFacet, Facet, Knowledge, Role};
    use crate::counts::{FacetCount, Unit};
    use crate::index::IndexReader;
    use crate::report::Report;
    use crate::search::TimelineRequest;
    use crate::vocabulary::Vocabulary;

    /// Two reports: one about Mopti in 2024 that recalls Gao in 2012, one about Gao and nothing else.
    fn index() -> IndexReader {
        with_reports(IndexReader::of)
    }

    fn with_reports(index: impl FnOnce(&[Annotated<'_>]) -> IndexReader) -> IndexReader {
        let report = |id: &str, region: &str, date: &str| Report {
            id: id.to_owned(),
            text: "Une attaque.".to_owned(),
            groups: vec!["Alpha".parse().unwrap()],
            regions: vec![region.parse().unwrap()],
            dates: vec![date.parse().unwrap()],
            ..Report::default()
        };
        let reports = [report("a", "Mali/Mopti", "2024-08-15"), report("b", "Mali/Gao", "2025-01-09")];
        let mut annotator = Annotator::new(Arc::new(Knowledge::new(Arc::clone(Vocabulary::builtin()))));
        let mut annotated: Vec<_> = reports.iter().map(|report| annotator.annotate(report)).collect();
        let facet = |path: &str| Facet {
            id: None,
            path: path.parse().unwrap(),
            other: None,
            role: Role::Mention,
            mentions: Vec::new(),
        };
        annotated[0].groups.extend([facet("Alpha"), facet("Beta")]);
        annotated[0].regions.extend([facet("Mali/Gao"), facet("Niger")]);
        annotated[0].dates.extend(["2012", "2024-08"].map(|span| DateFacet {
            span: span.parse().unwrap(),
            role: Role::Mention,
            mentions: Vec::new(),
        }));
        index(&annotated)
    }

    fn request(json: &str) -> Request {
        serde_json::from_str(json).unwrap()
    }

    /// The values of a kind with their counts, in words.
    fn told(reader: &IndexReader, kind: FacetKind, json: &str) -> String {
        fn flat(values: &[FacetCount]) -> Vec<String> {
            let one = |value: &FacetCount| [vec![format!("{} {}", value.path, value.count)], flat(&value.children)];
            values.iter().flat_map(one).flatten().collect()
        }
        let wanted = FacetRequest { by: vec![kind], ..FacetRequest::default() };
        flat(&Searcher::new(reader).facets(&request(json), &wanted).unwrap().facets[&kind].values).join(", ")
    }

    #[test]
    fn mentions_count_where_they_are_asked_for_and_once_a_report() {
        let reader = index();
        let mentions = r#"{"mentions":true}"#;
        assert_eq!(told(&reader, FacetKind::Region, "{}"), "/Mali 2, /Mali/Gao 1, /Mali/Mopti 1");
        assert_eq!(told(&reader, FacetKind::Region, mentions), "/Mali 2, /Mali/Gao 2, /Mali/Mopti 1, /Niger 1");
        assert_eq!(told(&reader, FacetKind::Group, mentions), "/Alpha 2, /Beta 1");
        assert_eq!(told(&reader, FacetKind::Date, "{}"), "/2024 1, /2024/08 1, /2025 1, /2025/01 1");
        assert_eq!(told(&reader, FacetKind::Date, mentions), "/2012 1, /2024 1, /2024/08 1, /2025 1, /2025/01 1");
    }

    #[test]
    fn filters_ask_mentions_where_that_is_wanted() {
        let reader = index();
        let mut searcher = Searcher::new(&reader);
        for (json, count) in [
            (r#"{"regions":["Gao"]}"#, 1),
            (r#"{"regions":["Gao"],"mentions":true}"#, 2),
            (r#"{"regions":["!Gao"],"mentions":true}"#, 0),
            (r#"{"groups":["Beta"],"mentions":true}"#, 1),
            (r#"{"dates":["2012"]}"#, 0),
            (r#"{"dates":["2012"],"mentions":true}"#, 1),
        ] {
            assert_eq!(searcher.count(&request(json)).unwrap(), count, "{json}");
        }
        // What is only mentioned has no name for who does not ask for it.
        assert!(matches!(searcher.count(&request(r#"{"groups":["Beta"]}"#)), Err(SearchError::UnknownFacet { .. })));
    }

    #[test]
    fn counts_of_all_reports_are_those_of_each() {
        let reader = index();
        for kind in FacetKind::ALL {
            for mentions in [false, true] {
                // A filter that lets everything through has every report read.
                let all = format!(r#"{{"mentions":{mentions}}}"#);
                let each = format!(r#"{{"mentions":{mentions},"query":"attaque"}}"#);
                assert_eq!(told(&reader, kind, &all), told(&reader, kind, &each), "{kind:?}");
            }
        }
    }

    #[test]
    fn counts_of_all_reports_leave_out_what_was_dropped() {
        // The first segment loses one of its two reports, the second keeps its only one, the third has none left.
        let dropped = |id: &str, annotated: &[Annotated<'_>]| {
            let [a, b] = annotated else { panic!() };
            let (first, rest) = if id == "a" { (b, a) } else { (a, b) };
            let segments: [&[Annotated<'_>]; 3] = [annotated, std::slice::from_ref(first), std::slice::from_ref(rest)];
            IndexReader::of_segments(&segments, &[id.to_owned()])
        };
        for id in ["a", "b"] {
            let reader = with_reports(|annotated| dropped(id, annotated));
            let segments = reader.searcher().segment_readers();
            assert!(segments.iter().any(tantivy::SegmentReader::has_deletes) && segments.len() > 1, "{id}");
            assert_eq!(reader.reports(), 2);
            for kind in FacetKind::ALL {
                for mentions in [false, true] {
                    let all = format!(r#"{{"mentions":{mentions}}}"#);
                    let each = format!(r#"{{"mentions":{mentions},"query":"attaque"}}"#);
                    assert_eq!(told(&reader, kind, &all), told(&reader, kind, &each), "{kind:?} without {id}");
                }
            }
        }
        let reader = with_reports(|annotated| dropped("a", annotated));
        assert_eq!(told(&reader, FacetKind::Region, "{}"), "/Mali 2, /Mali/Gao 2");
    }

    #[test]
    fn timelines_take_in_mentions() {
        let reader = index();
        let years = |json: &str| {
            let wanted = TimelineRequest { by: Unit::Year, ..TimelineRequest::default() };
            let answer = Searcher::new(&reader).timeline(&request(json), &wanted).unwrap();
            let busy = answer.timeline.into_iter().filter(|bucket| bucket.count > 0);
            busy.map(|bucket| (bucket.period.unwrap(), bucket.count)).collect::<Vec<_>>()
        };
        assert_eq!(years("{}"), [("2024".to_owned(), 1), ("2025".to_owned(), 1)]);
        let all = [("2012".to_owned(), 1), ("2024".to_owned(), 1), ("2025".to_owned(), 1)];
        assert_eq!(years(r#"{"mentions":true}"#), all);
    }
}
