//! Reading evidence: one forward pass a term over the reports of a segment.

use tantivy::columnar::Column;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::EnableScoring;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, TantivyError};

use super::sources::Source;
use super::{Gathered, Report};
use crate::index::{Fields, IndexError, IndexReader};
use crate::search::plan::Plan;
use crate::search::rows::stands;

impl Gathered {
    /// Reads what is known of some reports of a segment beside the words of the query.
    pub(super) fn read_reports(
        &mut self,
        segment: &SegmentReader,
        fields: &Fields,
        starts: &Column<u64>,
        docs: &[(DocAddress, usize)],
    ) -> Result<(), IndexError> {
        let norms = |field| segment.get_fieldnorms_reader(field);
        let (body, title, lead) = (norms(fields.body)?, norms(fields.title)?, norms(fields.lead)?);
        for &(address, place) in docs {
            let doc = address.doc_id;
            self.reports.push(Report {
                address,
                place,
                body_length: body.fieldnorm(doc),
                title_length: title.fieldnorm(doc),
                lead_length: lead.fieldnorm(doc),
            });
            self.starts.all.extend(starts.values_for_doc(doc).filter_map(|start| u32::try_from(start).ok()));
            self.starts.close(self.reports.len());
        }
        Ok(())
    }

    /// Reads where a row stands in the reports of a segment that were read last.
    pub(super) fn read_row(
        &mut self,
        segment: &SegmentReader,
        row: usize,
        source: &Source<'_>,
        docs: &[DocId],
    ) -> Result<(), IndexError> {
        let first = self.reports.len() - docs.len();
        // Whatever a row is made of stands before it.
        let (made_of, others) = self.rows.split_at_mut(row);
        let Some(lists) = others.first_mut() else { return Ok(()) };
        match source {
            Source::Word(field, terms) => {
                let inverted = segment.inverted_index(*field)?;
                if let [term] = *terms {
                    each_position(&inverted, *field, term, docs, |at, postings| {
                        lists.close(first + at);
                        postings.append_positions_with_offset(0, &mut lists.all);
                    })?;
                } else {
                    any_position(&inverted, *field, terms, docs, |at, position| {
                        lists.close(first + at);
                        lists.all.push(position);
                    })?;
                }
            }
            Source::Together { way, words, in_text } => {
                for at in first..self.reports.len() {
                    lists.close(at);
                    if words.iter().all(|&word| !made_of[word].of(at).is_empty()) {
                        let words: Vec<&[u32]> = words.iter().map(|&word| made_of[word].of(at)).collect();
                        lists.all.extend(stands(way, &words, if *in_text { self.starts.of(at) } else { &[] }));
                    }
                }
            }
            Source::Any(rows) => {
                for at in first..self.reports.len() {
                    lists.close(at);
                    let from = lists.all.len();
                    let mut several = false;
                    for places in rows.iter().map(|&row| made_of[row].of(at)).filter(|places| !places.is_empty()) {
                        several |= lists.all.len() > from;
                        lists.all.extend_from_slice(places);
                    }
                    if several {
                        let mut places = lists.all.split_off(from);
                        places.sort_unstable();
                        places.dedup();
                        lists.all.append(&mut places);
                    }
                }
            }
        }
        lists.close(self.reports.len());
        Ok(())
    }

    /// Reads which filters let them through.
    pub(super) fn read_filters(
        &mut self,
        reader: &IndexReader,
        segment: &SegmentReader,
        plan: &Plan,
        docs: &[DocId],
    ) -> Result<(), IndexError> {
        let mut scorers = Vec::with_capacity(plan.filters.len());
        for filter in &plan.filters {
            let weight = filter.weight(EnableScoring::disabled_from_searcher(reader.searcher()))?;
            scorers.push(weight.scorer(segment, 1.0)?);
        }
        for &doc in docs {
            for through in &mut scorers {
                let here = if through.doc() < doc { through.seek(doc) } else { through.doc() };
                self.filters.push(here == doc && here != TERMINATED);
            }
        }
        Ok(())
    }
}

/// Hands on the postings of a term at each of some reports, which are in order, that has it, with the report's place
/// among them.
fn each_position(
    inverted: &InvertedIndexReader,
    field: Field,
    term: &str,
    docs: &[DocId],
    mut each: impl FnMut(usize, &mut SegmentPostings),
) -> Result<(), IndexError> {
    let term = Term::from_field_text(field, term);
    let postings = inverted.read_postings(&term, IndexRecordOption::WithFreqsAndPositions);
    let Some(mut postings) = postings.map_err(TantivyError::from)? else { return Ok(()) };
    let mut at = 0;
    while let Some(&wanted) = docs.get(at) {
        let doc = if postings.doc() < wanted { postings.seek(wanted) } else { postings.doc() };
        if doc == wanted {
            each(at, &mut postings);
            at += 1;
        } else {
            at += docs[at..].partition_point(|&wanted| wanted < doc);
        }
    }
    Ok(())
}

/// Hands on the positions of any of some terms in some reports, which are in order: report by report, each position once
/// and in order.
fn any_position(
    inverted: &InvertedIndexReader,
    field: Field,
    terms: &[String],
    docs: &[DocId],
    mut each: impl FnMut(usize, u32),
) -> Result<(), IndexError> {
    let (mut found, mut here) = (Vec::new(), Vec::new());
    for term in terms {
        each_position(inverted, field, term, docs, |at, postings| {
            postings.positions(&mut here);
            found.extend(here.iter().map(|&position| (at, position)));
        })?;
    }
    found.sort_unstable();
    found.dedup();
    for (at, position) in found {
        each(at, position);
    }
    Ok(())
}
