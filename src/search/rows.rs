//! Rows of words: phrases whose words may each be any of some terms, exactly as they stand or near each other in any
//! order; over the reports of a segment, and over the positions of one report.

use tantivy::columnar::Column;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentOrdinal};

use super::dictionary::Dictionary;
use super::lists::{Found, List, Part, Word, having_all, may_have_all};
use super::plan::Way;
use super::window::Bits;
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
    in_order(way, rows).collect()
}

/// How often a row stands in a report, given the positions of each of its words.
fn times(way: &Way, rows: &[Vec<u32>], starts: &[u32]) -> usize {
    if way.slop.is_none() {
        return in_order(way, rows).count();
    }
    let rows: Vec<&[u32]> = rows.iter().map(Vec::as_slice).collect();
    stands(way, &rows, starts).len()
}

/// Where the words of a row stand at fixed distances.
fn in_order<'r, R: AsRef<[u32]>>(way: &'r Way, rows: &'r [R]) -> impl Iterator<Item = u32> + 'r {
    let words = move || way.steps.iter().map(|step| step.offset).zip(rows.iter().map(AsRef::as_ref));
    let rarest = words().min_by_key(|(_, row)| row.len());
    let firsts = rarest.into_iter().flat_map(|(offset, row)| row.iter().filter_map(move |at| at.checked_sub(offset)));
    firsts.filter(move |first| words().all(|(offset, row)| row.binary_search(&(first + offset)).is_ok()))
}

/// The reports of a segment in which a row stands.
pub(super) struct Row<'p> {
    way: &'p Way,
    words: Vec<Word>,
    /// The words, rarest first.
    order: Vec<usize>,
    /// Where passages begin, if the row could reach from one into the next.
    starts: Option<Column<u64>>,
    /// Where each word stands in the report at hand.
    rows: Vec<Vec<u32>>,
}

impl<'p> Row<'p> {
    /// The row in a field of a segment; nothing where one of its words does not stand there.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn open(
        dictionary: &Dictionary<'_>,
        number: SegmentOrdinal,
        field: Field,
        way: &'p Way,
    ) -> tantivy::Result<Option<Self>> {
        let segment = dictionary.reader().searcher().segment_reader(number);
        let inverted = segment.inverted_index(field)?;
        let mut words: Vec<Word> = Vec::with_capacity(way.steps.len());
        for step in &way.steps {
            let mut word = Word { lists: Vec::new(), positions: Vec::new() };
            for term in &step.terms {
                let entry = dictionary.entry(field, term)?;
                let Some(info) = &entry.postings[number as usize] else { continue };
                let docs = inverted.read_block_postings_from_terminfo(info, IndexRecordOption::Basic)?;
                word.lists.push(List::new(docs));
                let positions = IndexRecordOption::WithFreqsAndPositions;
                word.positions.push(inverted.read_postings_from_terminfo(info, positions)?);
            }
            if word.lists.is_empty() {
                return Ok(None);
            }
            words.push(word);
        }
        // Shorter distances cannot bridge the gap between two passages.
        let starts = if way.slop.is_some_and(|slop| slop as usize + way.steps.len() > GAP as usize) {
            Some(segment.fast_fields().u64(column::PASSAGE)?)
        } else {
            None
        };
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_by_key(|&word| words[word].len());
        let rows = vec![Vec::new(); words.len()];
        Ok(Some(Self { way, words, order, starts, rows }))
    }

    /// The first report, from that at hand on, that may have it.
    pub(super) fn doc(&self) -> DocId {
        may_have_all(&self.words)
    }

    /// How many reports have it, at most.
    pub(super) fn len(&self) -> u32 {
        self.words.iter().map(Word::len).min().unwrap_or(0)
    }

    /// Adds the reports of a window to `bits`; to `found`, if it is given, with how often the row stands in each.
    pub(super) fn read(&mut self, part: Part<'_>, bits: &mut Bits, mut found: Option<&mut Found>) {
        for place in having_all(&mut self.words, &self.order, part).places() {
            let doc = part.base + place;
            for (word, row) in self.words.iter_mut().zip(&mut self.rows) {
                read_positions(&mut word.positions, doc, row);
            }
            let starts = self.starts.iter().flat_map(|starts| starts.values_for_doc(doc));
            let starts: Vec<u32> = starts.filter_map(|start| u32::try_from(start).ok()).collect();
            let times = times(self.way, &self.rows, &starts);
            if times > 0 {
                bits.set(place);
                if let Some(found) = &mut found {
                    found.push(place, u32::try_from(times).unwrap_or(u32::MAX));
                }
            }
        }
    }
}

/// Reads where any of some terms stand in a report.
fn read_positions(terms: &mut [SegmentPostings], doc: DocId, row: &mut Vec<u32>) {
    row.clear();
    let several = terms.len() > 1;
    for postings in terms {
        if postings.doc() < doc {
            postings.seek(doc);
        }
        if postings.doc() == doc {
            postings.append_positions_with_offset(0, row);
        }
    }
    if several {
        row.sort_unstable();
        row.dedup();
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
            let plain: Vec<u32> = a.iter().copied().filter(|at| b.contains(&(at + 1))).collect();
            proptest::prop_assert_eq!(&phrase, &plain);
            proptest::prop_assert_eq!(times(&way(&[0, 1], None), &[a.clone(), b.clone()], &[]), plain.len());
            let near = stands(&way(&[0, 1], Some(0)), &[&a, &b], &[]);
            proptest::prop_assert!(a == b || phrase.is_empty() || !near.is_empty());
        }
    }
}
