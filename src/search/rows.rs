//! Rows of words: phrases whose words may each be any of some terms, exactly as they stand or near each other in any
//! order; as a query over reports, and over the positions of one.

use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use super::plan::Way;
use crate::index::{GAP, column};
use crate::proximity::together;

/// Where a row stands, given the positions of each of its words, in order: the positions of its first word.
///
/// Within a distance, the words may come in any order, and every new coming together counts; a word that is asked for
/// twice has to stand twice. `starts` are the positions at which passages begin, which no row crosses; nothing where
/// there is only one.
pub(super) fn stands(way: &Way, rows: &[&[u32]], starts: &[u32]) -> Vec<u32> {
    if rows.iter().any(|row| row.is_empty()) {
        return Vec::new();
    }
    if let Some(slop) = way.slop {
        let passage = |position: u32| starts.partition_point(|&start| start <= position);
        let found = together(rows, slop).into_iter();
        let ends = found.filter_map(|places| Some((*places.first()?, *places.last()?)));
        return ends.filter(|(first, last)| passage(*first) == passage(*last)).map(|(first, _)| first).collect();
    }
    // A gap of positions parts passages, so that fixed distances cannot cross it.
    let words = || way.steps.iter().map(|step| step.offset).zip(rows);
    let Some((offset, rarest)) = words().min_by_key(|(_, row)| row.len()) else { return Vec::new() };
    let firsts = rarest.iter().filter_map(|position| position.checked_sub(offset));
    firsts.filter(|first| words().all(|(offset, row)| row.binary_search(&(first + offset)).is_ok())).collect()
}

/// The reports in which a row stands.
#[derive(Clone, Debug)]
pub(super) struct RowQuery {
    pub(super) field: Field,
    pub(super) way: Way,
}

impl Query for RowQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let bm25 = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } => {
                let terms = self.way.steps.iter().filter_map(|step| step.terms.first());
                let terms: Vec<Term> = terms.map(|term| Term::from_field_text(self.field, term)).collect();
                Some(Bm25Weight::for_terms(statistics_provider, &terms)?)
            }
            EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(RowWeight { query: self.clone(), bm25 }))
    }
}

struct RowWeight {
    query: RowQuery,
    bm25: Option<Bm25Weight>,
}

impl Weight for RowWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let RowQuery { field, way, .. } = &self.query;
        let inverted = reader.inverted_index(*field)?;
        let mut words = Vec::with_capacity(way.steps.len());
        for step in &way.steps {
            let mut postings = Vec::with_capacity(step.terms.len());
            for term in &step.terms {
                let term = Term::from_field_text(*field, term);
                postings.extend(inverted.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?);
            }
            if postings.is_empty() {
                return Ok(Box::new(EmptyScorer));
            }
            words.push(Word { postings, positions: Vec::new() });
        }
        // Shorter distances cannot bridge the gap between two passages.
        let starts = if way.slop.is_some_and(|slop| slop as usize + way.steps.len() > GAP as usize) {
            Some(reader.fast_fields().u64(column::PASSAGE)?)
        } else {
            None
        };
        let norms = match &self.bm25 {
            Some(_) => reader.fieldnorms_readers().get_field(*field)?,
            None => None,
        };
        let norms = norms.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1));
        let bm25 = self.bm25.as_ref().map(|weight| weight.boost_by(boost));
        let mut scorer = RowScorer { words, way: way.clone(), starts, norms, bm25, doc: 0, times: 0 };
        scorer.settle(0);
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not hold the row")));
        }
        Ok(Explanation::new("row of words", scorer.score()))
    }
}

/// The postings of one word: those of any of its terms.
struct Word {
    postings: Vec<SegmentPostings>,
    positions: Vec<u32>,
}

impl Word {
    /// The first report from `target` on that has the word.
    fn seek(&mut self, target: DocId) -> DocId {
        let forward = |postings: &mut SegmentPostings| {
            if postings.doc() < target { postings.seek(target) } else { postings.doc() }
        };
        self.postings.iter_mut().map(forward).min().unwrap_or(TERMINATED)
    }

    /// Reads where the word stands in a report.
    fn read(&mut self, doc: DocId) {
        self.positions.clear();
        let mut here = Vec::new();
        for postings in self.postings.iter_mut().filter(|postings| postings.doc() == doc) {
            postings.positions(&mut here);
            self.positions.append(&mut here);
        }
        self.positions.sort_unstable();
        self.positions.dedup();
    }
}

struct RowScorer {
    words: Vec<Word>,
    way: Way,
    starts: Option<Column<u64>>,
    norms: FieldNormReader,
    bm25: Option<Bm25Weight>,
    doc: DocId,
    /// How often the row stands in it.
    times: u32,
}

impl RowScorer {
    /// Goes to the first report from `target` on in which the row stands.
    fn settle(&mut self, mut target: DocId) -> DocId {
        loop {
            let mut doc = target;
            // Each word in turn moves the others on, until all are in one report.
            let mut agreed = 0;
            let mut at = 0;
            while agreed < self.words.len() && doc < TERMINATED {
                let found = self.words[at].seek(doc);
                agreed = if found == doc { agreed + 1 } else { 1 };
                doc = found;
                at = (at + 1) % self.words.len();
            }
            self.doc = doc;
            if doc >= TERMINATED {
                self.doc = TERMINATED;
                return TERMINATED;
            }
            self.words.iter_mut().for_each(|word| word.read(doc));
            let rows: Vec<&[u32]> = self.words.iter().map(|word| word.positions.as_slice()).collect();
            let starts = self.starts.iter().flat_map(|starts| starts.values_for_doc(doc));
            let starts: Vec<u32> = starts.filter_map(|start| u32::try_from(start).ok()).collect();
            self.times = u32::try_from(stands(&self.way, &rows, &starts).len()).unwrap_or(u32::MAX);
            if self.times > 0 {
                return doc;
            }
            target = doc + 1;
        }
    }
}

impl DocSet for RowScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.settle(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target { self.doc } else { self.settle(target) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let of = |word: &Word| word.postings.iter().map(DocSet::size_hint).fold(0, u32::saturating_add);
        self.words.iter().map(of).min().unwrap_or(0)
    }
}

impl Scorer for RowScorer {
    fn score(&mut self) -> Score {
        self.bm25.as_ref().map_or(1.0, |bm25| bm25.score(self.norms.fieldnorm_id(self.doc), self.times))
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::Step;
    use super::*;

    fn way(offsets: &[u32], slop: Option<u32>) -> Way {
        Way { steps: offsets.iter().map(|&offset| Step { offset, terms: Vec::new() }).collect(), slop }
    }

    #[test]
    fn a_phrase_stands_where_all_its_words_do() {
        assert_eq!(stands(&way(&[0, 1], None), &[&[1, 5, 9], &[2, 6, 10]], &[]), [1, 5, 9]);
        assert_eq!(stands(&way(&[0, 2], None), &[&[1, 5, 9], &[2, 7]], &[]), [5]);
        assert!(stands(&way(&[0, 1], None), &[&[1], &[]], &[]).is_empty());
    }

    #[test]
    fn words_near_each_other_come_in_any_order() {
        let near = way(&[0, 1], Some(5));
        assert_eq!(stands(&near, &[&[10], &[16]], &[]), [10]);
        assert_eq!(stands(&near, &[&[16], &[10]], &[]), [10]);
        assert!(stands(&near, &[&[10], &[17]], &[]).is_empty());
        assert_eq!(stands(&way(&[0, 1], Some(30)), &[&[10], &[40]], &[0, 60]), [10]);
        assert!(stands(&way(&[0, 1], Some(30)), &[&[10], &[40]], &[0, 36]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn what_stands_as_a_phrase_stands_near(
            a in proptest::collection::btree_set(0_u32..40, 0..8),
            b in proptest::collection::btree_set(0_u32..40, 0..8),
        ) {
            let (a, b): (Vec<u32>, Vec<u32>) = (a.into_iter().collect(), b.into_iter().collect());
            let phrase = stands(&way(&[0, 1], None), &[&a, &b], &[]);
            let near = stands(&way(&[0, 1], Some(0)), &[&a, &b], &[]);
            proptest::prop_assert!(a == b || phrase.is_empty() || !near.is_empty());
        }
    }
}
