//! Second pass: where the words of a query stand in the reports that the first pass gathered.
//!
//! One forward pass a term over the gathered reports, in the order of the index; no stored text is read.

use tantivy::postings::Postings;
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocId, DocSet, SegmentReader, TERMINATED};

use super::plan::{Plan, Slot, Way};
use super::rows::stands;
use super::{Clock, SearchError};
use crate::index::{Fields, GAP, IndexError, IndexReader, LEAD, column};
use crate::query::Part;

/// What the query's words do in one report.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub(super) address: DocAddress,
    /// Its place among those gathered, from 0.
    pub(super) place: usize,
    /// Length of the text, in terms.
    pub(super) body_length: u32,
    /// Length of the title, in terms.
    pub(super) title_length: u32,
    /// Length of the lead, in terms.
    pub(super) lead_length: u32,
    /// Positions of the passages' first words, then the position after the last passage and a gap.
    pub(super) starts: Vec<u32>,
    /// One a slot.
    pub(super) slots: Vec<SlotEvidence>,
    /// For each filter of the plan, whether it lets the report through.
    pub(super) filters: Vec<bool>,
}

/// What one slot does in one report.
#[derive(Clone, Debug, Default)]
pub(super) struct SlotEvidence {
    /// One a variant.
    pub(super) variants: Vec<Places>,
}

/// Where something stands, in order: a phrase by its first word.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// Positions in the text.
    pub(super) body: Vec<u32>,
    /// Positions in the title.
    pub(super) title: Vec<u32>,
}

impl SlotEvidence {
    /// Whether the slot stands in the text at all.
    pub(super) fn in_body(&self) -> bool {
        self.variants.iter().any(|places| !places.body.is_empty())
    }

    /// Whether the slot stands in the title.
    pub(super) fn in_title(&self) -> bool {
        self.variants.iter().any(|places| !places.title.is_empty())
    }
}

impl Evidence {
    /// The number of passages.
    pub(super) fn passages(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The passage that holds a position, from 0.
    pub(super) fn passage_of(&self, position: u32) -> usize {
        self.starts.partition_point(|&start| start <= position).saturating_sub(1)
    }

    /// For each passage, how often a term's positions stand in it.
    pub(super) fn by_passage(&self, positions: &[u32]) -> Vec<u32> {
        let mut counts = vec![0; self.passages()];
        for &position in positions {
            if let Some(count) = counts.get_mut(self.passage_of(position)) {
                *count += 1;
            }
        }
        counts
    }

    /// The position after the last word of the text that belongs to the lead.
    pub(super) fn lead_end(&self) -> u32 {
        let mut left = LEAD;
        for pair in self.starts.windows(2) {
            let words = (pair[1] - pair[0]).saturating_sub(GAP);
            if words >= left {
                return pair[0] + left;
            }
            left -= words;
        }
        u32::MAX
    }
}

/// Reads the evidence of reports, which comes in the order of the index.
///
/// # Errors
/// If the index cannot be read, or the time is over.
pub(super) fn gather(
    reader: &IndexReader,
    plan: &Plan,
    best: &[DocAddress],
    clock: Clock,
) -> Result<Vec<Evidence>, SearchError> {
    let mut docs: Vec<(DocAddress, usize)> = best.iter().copied().zip(0..).collect();
    docs.sort_unstable();
    let mut found = Vec::with_capacity(docs.len());
    for chunk in docs.chunk_by(|a, b| a.0.segment_ord == b.0.segment_ord) {
        let segment = reader.searcher().segment_reader(chunk[0].0.segment_ord);
        gather_segment(reader, segment, plan, chunk, clock, &mut found)?;
    }
    Ok(found)
}

fn gather_segment(
    reader: &IndexReader,
    segment: &SegmentReader,
    plan: &Plan,
    docs: &[(DocAddress, usize)],
    clock: Clock,
    found: &mut Vec<Evidence>,
) -> Result<(), SearchError> {
    let fields = reader.fields();
    let starts = segment.fast_fields().u64(column::PASSAGE)?;
    let norms = |field| segment.get_fieldnorms_reader(field);
    let (body, title, lead) = (norms(fields.body)?, norms(fields.title)?, norms(fields.lead)?);
    let first = found.len();
    found.extend(docs.iter().map(|&(address, place)| Evidence {
        address,
        place,
        body_length: body.fieldnorm(address.doc_id),
        title_length: title.fieldnorm(address.doc_id),
        lead_length: lead.fieldnorm(address.doc_id),
        starts: starts.values_for_doc(address.doc_id).filter_map(|start| u32::try_from(start).ok()).collect(),
        slots: vec![SlotEvidence::default(); plan.slots.len()],
        filters: Vec::with_capacity(plan.filters.len()),
    }));
    let found = &mut found[first..];
    let ids: Vec<DocId> = docs.iter().map(|(address, _)| address.doc_id).collect();
    // Only a distance may reach from one passage into the next.
    let reaches = plan.slots.iter().flat_map(Slot::ways).any(|way| way.slop.is_some());
    let starts: Vec<Vec<u32>> =
        if reaches { found.iter().map(|evidence| evidence.starts.clone()).collect() } else { Vec::new() };
    for (at, slot) in plan.slots.iter().enumerate() {
        clock.check()?;
        for (evidence, variants) in found.iter_mut().zip(slot_places(segment, fields, slot, &ids, &starts)?) {
            evidence.slots[at].variants = variants;
        }
    }
    for filter in &plan.filters {
        let weight = filter.weight(EnableScoring::disabled_from_searcher(reader.searcher()))?;
        let mut through = weight.scorer(segment, 1.0)?;
        for evidence in &mut *found {
            let doc = evidence.address.doc_id;
            let here = if through.doc() < doc { through.seek(doc) } else { through.doc() };
            evidence.filters.push(here == doc && here != TERMINATED);
        }
    }
    Ok(())
}

/// For each report, the places of each variant of a slot.
fn slot_places(
    segment: &SegmentReader,
    fields: &Fields,
    slot: &Slot,
    docs: &[DocId],
    starts: &[Vec<u32>],
) -> Result<Vec<Vec<Places>>, IndexError> {
    let mut found = vec![vec![Places::default(); slot.variants.len()]; docs.len()];
    let body = if slot.named { fields.mention } else { fields.body };
    for (at, variant) in slot.variants.iter().enumerate() {
        for way in &variant.ways {
            if slot.part != Some(Part::Title) {
                add(segment, body, way, docs, starts, |doc, places| join(&mut found[doc][at].body, places))?;
            }
            if slot.part != Some(Part::Text) && !slot.named {
                add(segment, fields.title, way, docs, &[], |doc, places| join(&mut found[doc][at].title, places))?;
            }
        }
    }
    Ok(found)
}

/// Joins the places of one spelling to those of others.
fn join(known: &mut Vec<u32>, more: Vec<u32>) {
    if known.is_empty() {
        *known = more;
    } else if !more.is_empty() {
        known.extend(more);
        known.sort_unstable();
        known.dedup();
    }
}

/// Hands on where a spelling stands in each of some reports, by the report's place in the list.
fn add(
    segment: &SegmentReader,
    field: Field,
    way: &Way,
    docs: &[DocId],
    starts: &[Vec<u32>],
    mut each: impl FnMut(usize, Vec<u32>),
) -> Result<(), IndexError> {
    if let Some(terms) = way.terms() {
        for term in terms {
            positions(segment, field, term, docs, &mut each)?;
        }
        return Ok(());
    }
    // For each step, the positions of its terms in each report.
    let mut steps: Vec<Vec<Vec<u32>>> = Vec::with_capacity(way.steps.len());
    for step in &way.steps {
        let mut here = vec![Vec::new(); docs.len()];
        for term in &step.terms {
            positions(segment, field, term, docs, &mut |doc, places| join(&mut here[doc], places))?;
        }
        steps.push(here);
    }
    for doc in 0..docs.len() {
        let rows: Vec<&[u32]> = steps.iter().map(|step| step[doc].as_slice()).collect();
        let places = stands(way, &rows, starts.get(doc).map_or(&[], Vec::as_slice));
        if !places.is_empty() {
            each(doc, places);
        }
    }
    Ok(())
}

/// Hands on the positions of a term in those of some reports, which are in order, that have it.
fn positions(
    segment: &SegmentReader,
    field: Field,
    term: &str,
    docs: &[DocId],
    each: &mut dyn FnMut(usize, Vec<u32>),
) -> Result<(), IndexError> {
    let inverted = segment.inverted_index(field)?;
    let term = Term::from_field_text(field, term);
    let postings = inverted.read_postings(&term, IndexRecordOption::WithFreqsAndPositions);
    let Some(mut postings) = postings.map_err(tantivy::TantivyError::from)? else { return Ok(()) };
    for (at, &doc) in docs.iter().enumerate() {
        if postings.doc() < doc {
            postings.seek(doc);
        }
        if postings.doc() == doc {
            let mut found = Vec::new();
            postings.positions(&mut found);
            each(at, found);
        }
        if postings.doc() == TERMINATED {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(starts: Vec<u32>) -> Evidence {
        Evidence {
            address: DocAddress::new(0, 0),
            place: 0,
            body_length: 0,
            title_length: 0,
            lead_length: 0,
            starts,
            slots: Vec::new(),
            filters: Vec::new(),
        }
    }

    #[test]
    fn positions_fall_into_their_passages() {
        assert_eq!(evidence(vec![0, 40, 100]).by_passage(&[0, 10, 40, 90]), [2, 2]);
    }

    #[test]
    fn the_lead_ends_after_so_many_words_whatever_the_gaps() {
        assert_eq!(evidence(vec![0, 200]).lead_end(), 100);
        assert_eq!(evidence(vec![0, 60 + GAP, 200 + GAP]).lead_end(), 100 + GAP);
        assert_eq!(evidence(vec![0, 60 + GAP]).lead_end(), u32::MAX);
    }
}
