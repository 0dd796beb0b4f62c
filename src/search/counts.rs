//! Counts of facets: the reports of a plan and its filters, found as for hits, and the values of each.

use std::collections::BTreeMap;
use std::time::Instant;

use tantivy::query::EnableScoring;
use tantivy::{DocId, SegmentReader};

use super::dates::DateColumns;
use super::filters::{Clause, Filters, facet_fields};
use super::plan::Plan;
use super::request::FacetRequest;
use super::tally::{Node, Rows, Tally};
use super::{Request, SearchError, Searcher, filtered, in_passage, matching, micros};
use crate::counts::{FacetAnswer, FacetCounts};
use crate::facet::FacetKind;
use crate::index::IndexError;

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
        let (total, facets) = self.count_facets(&plan, &filters, request, wanted)?;
        let warnings = self.warnings(&plan, request, total)?;
        Ok(FacetAnswer { took_us: micros(started), total, facets, warnings })
    }

    /// The number of reports that answer, and the counts of each kind of facet.
    pub(super) fn count_facets(
        &self,
        plan: &Plan,
        filters: &Filters,
        request: &Request,
        wanted: &FacetRequest,
    ) -> Result<(u64, BTreeMap<FacetKind, FacetCounts>), SearchError> {
        let mut found = BTreeMap::new();
        let mut total = 0;
        let mut answering: Option<Docs> = None;
        for &kind in &wanted.by {
            let chosen = filters.wanted(kind);
            let mut tally = Tally::new(chosen.unwrap_or_default());
            if chosen.is_some() {
                // What the other filters leave tells both what is selected and what might be instead.
                let docs = self.docs(plan, filters.clauses(self.reader.fields(), Some(kind)), request)?;
                self.count_values(&mut tally, kind, filters, &docs)?;
            } else {
                let docs = match answering.take() {
                    Some(docs) => docs,
                    None => self.docs(plan, filters.clauses(self.reader.fields(), None), request)?,
                };
                self.count_values(&mut tally, kind, filters, &docs)?;
                answering = Some(docs);
            }
            total = tally.total();
            found.insert(kind, tally.counts(chosen.is_some(), wanted.depth, wanted.limit));
        }
        Ok((total, found))
    }

    fn count_values(
        &self,
        tally: &mut Tally,
        kind: FacetKind,
        filters: &Filters,
        docs: &Docs,
    ) -> Result<(), SearchError> {
        let filtered = filters.wanted(kind).is_some();
        for (segment, docs) in self.reader.searcher().segment_readers().iter().zip(docs) {
            let rows = self.values(tally, kind, filters, segment, docs)?;
            let mut values: Vec<Node> = Vec::new();
            for at in 0..docs.len() {
                values.clear();
                values.extend(rows.iter().flat_map(|rows| rows.of(at)));
                tally.count(&values, filtered);
            }
        }
        Ok(())
    }

    /// The values of some reports of a segment, in each of the fields that hold them.
    pub(super) fn values(
        &self,
        tally: &mut Tally,
        kind: FacetKind,
        filters: &Filters,
        segment: &SegmentReader,
        docs: &[DocId],
    ) -> Result<Vec<Rows<Node>>, SearchError> {
        if kind == FacetKind::Date {
            // Facets of dates hold no span that crosses the end of a year; what filters read holds all.
            let columns = DateColumns::open(segment, filters.mentions)?;
            return Ok(vec![tally.dates(&columns, filters.dates(), docs)]);
        }
        let schema = self.reader.searcher().schema();
        let fields = facet_fields(self.reader.fields(), kind, filters.mentions);
        let rows = fields.into_iter().map(|field| tally.facets(segment, schema.get_field_name(field), docs));
        Ok(rows.collect::<Result<_, IndexError>>()?)
    }

    /// The reports that hold a plan and some clauses, as [`Searcher::search`] finds them.
    pub(super) fn docs(&self, plan: &Plan, clauses: Vec<Clause>, request: &Request) -> Result<Docs, SearchError> {
        let searcher = self.reader.searcher();
        let mut found: Docs = vec![Vec::new(); searcher.segment_readers().len()];
        if in_passage(plan, request) {
            self.by_passage(plan, clauses, |evidence| {
                if let Some(docs) = found.get_mut(evidence.address.segment_ord as usize) {
                    docs.push(evidence.address.doc_id);
                }
            })?;
            return Ok(found);
        }
        let query = filtered(matching::query(plan, self.reader.fields()), clauses);
        let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
        for (segment, found) in searcher.segment_readers().iter().zip(&mut found) {
            weight.for_each_no_score(segment, &mut |docs| match segment.alive_bitset() {
                Some(alive) => found.extend(docs.iter().filter(|&&doc| alive.is_alive(doc))),
                None => found.extend(docs),
            })?;
        }
        Ok(found)
    }
}
