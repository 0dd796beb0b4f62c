//! Second pass: where the words of a query stand in the reports that the first pass gathered.
//!
//! One forward pass a term over the gathered reports, in the order of the index; no stored text is read.

use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocId, DocSet, SegmentReader};

use super::plan::{Plan, Slot};
use crate::index::{Fields, IndexError, IndexReader, column};

/// What the query's words do in one report.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub(super) address: DocAddress,
    /// Length of the text, in terms.
    pub(super) body_length: u32,
    /// Length of the title, in terms.
    pub(super) title_length: u32,
    /// Positions of the passages' first words, then the position after the last passage and a gap.
    pub(super) starts: Vec<u32>,
    /// One a slot.
    pub(super) slots: Vec<SlotEvidence>,
}

/// What one slot does in one report.
#[derive(Clone, Debug, Default)]
pub(super) struct SlotEvidence {
    /// For a word, one a term; for a phrase, one for all of it.
    pub(super) terms: Vec<TermEvidence>,
}

/// Where one term stands.
#[derive(Clone, Debug, Default)]
pub(super) struct TermEvidence {
    /// Positions in the text, in order.
    pub(super) body: Vec<u32>,
    /// How often it stands in the title.
    pub(super) title: u32,
}

impl SlotEvidence {
    /// Whether the slot stands in the text at all.
    pub(super) fn in_body(&self) -> bool {
        self.terms.iter().any(|term| !term.body.is_empty())
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
}

/// Reads the evidence of reports, in the order of the index.
///
/// # Errors
/// If the index cannot be read.
pub(super) fn gather(
    reader: &IndexReader,
    plan: &Plan,
    mut docs: Vec<DocAddress>,
) -> Result<Vec<Evidence>, IndexError> {
    docs.sort_unstable();
    let mut found = Vec::with_capacity(docs.len());
    for chunk in docs.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
        let segment = reader.searcher().segment_reader(chunk[0].segment_ord);
        gather_segment(segment, reader.fields(), plan, chunk, &mut found)?;
    }
    Ok(found)
}

fn gather_segment(
    segment: &SegmentReader,
    fields: &Fields,
    plan: &Plan,
    docs: &[DocAddress],
    found: &mut Vec<Evidence>,
) -> Result<(), IndexError> {
    let starts = segment.fast_fields().u64(column::PASSAGE)?;
    let norms = [segment.get_fieldnorms_reader(fields.body)?, segment.get_fieldnorms_reader(fields.title)?];
    let first = found.len();
    found.extend(docs.iter().map(|&address| Evidence {
        address,
        body_length: norms[0].fieldnorm(address.doc_id),
        title_length: norms[1].fieldnorm(address.doc_id),
        starts: starts.values_for_doc(address.doc_id).filter_map(|start| u32::try_from(start).ok()).collect(),
        slots: vec![SlotEvidence::default(); plan.slots.len()],
    }));
    let found = &mut found[first..];
    let ids: Vec<DocId> = docs.iter().map(|address| address.doc_id).collect();
    for (at, slot) in plan.slots.iter().enumerate() {
        let body = slot_positions(segment, if slot.named { fields.mention } else { fields.body }, slot, &ids)?;
        let title = if slot.named {
            vec![vec![Vec::new()]; ids.len()]
        } else {
            slot_positions(segment, fields.title, slot, &ids)?
        };
        for (evidence, (body, title)) in found.iter_mut().zip(body.into_iter().zip(title)) {
            let terms = body.into_iter().zip(title.into_iter().chain(std::iter::repeat(Vec::new())));
            evidence.slots[at].terms = terms
                .map(|(body, title)| TermEvidence { body, title: u32::try_from(title.len()).unwrap_or(u32::MAX) })
                .collect();
        }
    }
    Ok(())
}

/// For each report, the positions of each term of a word, or of the whole phrase.
fn slot_positions(
    segment: &SegmentReader,
    field: Field,
    slot: &Slot,
    docs: &[DocId],
) -> Result<Vec<Vec<Vec<u32>>>, IndexError> {
    let mut steps = Vec::with_capacity(slot.steps.len());
    for step in &slot.steps {
        let mut terms: Vec<Vec<Vec<u32>>> = Vec::with_capacity(step.alternatives.len());
        for alternative in &step.alternatives {
            terms.push(positions(segment, field, &alternative.term, docs)?);
        }
        steps.push((step.offset, terms));
    }
    let by_doc = |doc: usize| match steps.as_mut_slice() {
        [(_, terms)] => terms.iter_mut().map(|docs| std::mem::take(&mut docs[doc])).collect(),
        steps => vec![phrase(steps.iter().map(|(offset, terms)| (*offset, terms.iter().map(|docs| &docs[doc]))))],
    };
    Ok((0..docs.len()).map(by_doc).collect())
}

/// The positions of a term in each of some reports, which are in order.
fn positions(segment: &SegmentReader, field: Field, term: &str, docs: &[DocId]) -> Result<Vec<Vec<u32>>, IndexError> {
    let mut found = vec![Vec::new(); docs.len()];
    let inverted = segment.inverted_index(field)?;
    let term = Term::from_field_text(field, term);
    let postings = inverted.read_postings(&term, IndexRecordOption::WithFreqsAndPositions);
    let Some(mut postings) = postings.map_err(tantivy::TantivyError::from)? else { return Ok(found) };
    for (&doc, positions) in docs.iter().zip(&mut found) {
        if postings.doc() < doc {
            postings.seek(doc);
        }
        if postings.doc() == doc {
            postings.positions(positions);
        }
    }
    Ok(found)
}

/// Where a row of words stands: the positions of its first word.
fn phrase<'a>(steps: impl Iterator<Item = (u32, impl Iterator<Item = &'a Vec<u32>>)>) -> Vec<u32> {
    let mut found: Option<Vec<u32>> = None;
    for (offset, terms) in steps {
        let mut here: Vec<u32> = terms.flatten().filter_map(|position| position.checked_sub(offset)).collect();
        here.sort_unstable();
        here.dedup();
        found = Some(match found {
            None => here,
            Some(before) => before.into_iter().filter(|position| here.binary_search(position).is_ok()).collect(),
        });
    }
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_stands_where_all_its_words_do() {
        let (a, b, c) = (vec![1, 5, 9], vec![2, 10], vec![6]);
        let found = phrase([(0, vec![&a].into_iter()), (1, vec![&b, &c].into_iter())].into_iter());
        assert_eq!(found, [1, 5, 9]);
    }

    #[test]
    fn positions_fall_into_their_passages() {
        let evidence = Evidence {
            address: DocAddress::new(0, 0),
            body_length: 0,
            title_length: 0,
            starts: vec![0, 40, 100],
            slots: Vec::new(),
        };
        assert_eq!(evidence.by_passage(&[0, 10, 40, 90]), [2, 2]);
    }
}
