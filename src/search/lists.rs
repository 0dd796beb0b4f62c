//! What is read of the index a window at a time: the postings of a term, a row of words, the days of columns, and what
//! else a query of the library finds.

use std::ops::RangeInclusive;

use tantivy::columnar::Column;
use tantivy::postings::{BlockSegmentPostings, SegmentPostings};
use tantivy::query::Scorer;
use tantivy::{DocId, DocSet, TERMINATED};

use super::window::{Bits, WINDOW};

/// A report is sought in a list where so many others of the list would be read for each.
const SOUGHT: u64 = 24;

/// Reports of a window with how often each has what was looked for, in order.
#[derive(Default)]
pub(super) struct Found {
    pub(super) places: Vec<u32>,
    pub(super) times: Vec<u32>,
}

impl Found {
    /// Begins with another window.
    pub(super) fn anew(&mut self) -> &mut Self {
        self.places.clear();
        self.times.clear();
        self
    }

    pub(super) fn push(&mut self, place: u32, times: u32) {
        self.places.push(place);
        self.times.push(times);
    }

    /// Adds those of some reports that are wanted.
    fn extend(&mut self, part: Part<'_>, docs: &[DocId], times: &[u32]) {
        let before = self.places.len();
        self.places.extend(docs.iter().map(|doc| doc - part.base));
        self.times.extend_from_slice(times);
        if let Some(wanted) = part.wanted {
            // Without a branch, which nothing could foretell.
            let mut kept = before;
            for at in before..self.places.len() {
                let place = self.places[at];
                (self.places[kept], self.times[kept]) = (place, self.times[at]);
                kept += usize::from(wanted.has(place));
            }
            self.places.truncate(kept);
            self.times.truncate(kept);
        }
    }
}

/// The part of a window in which a part of a query is looked for: from `base` on, in those reports alone that are wanted,
/// if some are. Others may be found beside them.
#[derive(Clone, Copy)]
pub(super) struct Part<'w> {
    pub(super) base: DocId,
    pub(super) wanted: Option<&'w Bits>,
    /// Reports of the segment.
    pub(super) reports: u32,
}

impl<'w> Part<'w> {
    /// Those that are wanted, where it is less work to seek each of them in a list of so many reports than to read all that
    /// the list has here.
    fn few(&self, listed: u32) -> Option<&'w Bits> {
        let here = u64::from(listed) * u64::from(WINDOW) / u64::from(self.reports.max(1));
        self.wanted.filter(|wanted| u64::from(wanted.count()) * SOUGHT < here)
    }

    /// The report behind the last of the window.
    fn end(&self) -> DocId {
        (self.base + WINDOW).min(self.reports)
    }

    pub(super) fn all(&self) -> Bits {
        Bits::first(self.reports - self.base)
    }
}

/// The postings of a term.
pub(super) struct List {
    postings: BlockSegmentPostings,
    /// The place of the report at hand in its block.
    at: usize,
}

impl List {
    pub(super) fn new(postings: BlockSegmentPostings) -> Self {
        Self { postings, at: 0 }
    }

    /// The report at hand.
    pub(super) fn doc(&self) -> DocId {
        self.postings.doc(self.at)
    }

    /// How many reports it has.
    pub(super) fn len(&self) -> u32 {
        self.postings.doc_freq()
    }

    /// Goes to the first report from `target` on.
    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.at = self.postings.seek(target);
        }
        self.doc()
    }

    /// Adds the reports of a window to `bits`; to `found`, if it is given, with how often each has the term.
    pub(super) fn read(&mut self, part: Part<'_>, bits: &mut Bits, mut found: Option<&mut Found>) {
        if let Some(wanted) = part.few(self.len()) {
            for place in wanted.places() {
                if self.seek(part.base + place) == part.base + place {
                    bits.set(place);
                    if let Some(found) = &mut found {
                        found.push(place, self.postings.freq(self.at));
                    }
                }
            }
            return;
        }
        self.seek(part.base);
        let end = part.end();
        while self.doc() < end {
            let docs = &self.postings.docs()[self.at..];
            let here = if docs[docs.len() - 1] < end { docs.len() } else { docs.partition_point(|&doc| doc < end) };
            bits.set_all(docs[..here].iter().map(|doc| doc - part.base));
            if let Some(found) = &mut found {
                found.extend(part, &docs[..here], &self.postings.freqs()[self.at..self.at + here]);
            }
            if here < docs.len() {
                self.at += here;
                return;
            }
            // Behind the last block stands an empty one.
            self.postings.advance();
            self.at = 0;
        }
    }
}

/// One word of a row: the postings of each of its terms.
pub(super) struct Word {
    pub(super) lists: Vec<List>,
    pub(super) positions: Vec<SegmentPostings>,
}

impl Word {
    fn doc(&self) -> DocId {
        self.lists.iter().map(List::doc).min().unwrap_or(TERMINATED)
    }

    pub(super) fn len(&self) -> u32 {
        self.lists.iter().map(List::len).fold(0, u32::saturating_add)
    }

    fn read(&mut self, part: Part<'_>) -> Bits {
        let mut bits = Bits::NONE;
        self.lists.iter_mut().for_each(|list| list.read(part, &mut bits, None));
        bits
    }
}

/// The reports of a window that have every one of some words, of which the rarest are asked first.
pub(super) fn having_all(words: &mut [Word], order: &[usize], part: Part<'_>) -> Bits {
    let mut bits = part.wanted.cloned().unwrap_or_else(|| part.all());
    for &word in order {
        if bits.is_empty() {
            break;
        }
        let here = words[word].read(Part { wanted: Some(&bits), ..part });
        bits.keep(&here);
    }
    bits
}

/// The first report, from that at hand on, that may have every one of some words.
pub(super) fn may_have_all(words: &[Word]) -> DocId {
    words.iter().map(Word::doc).max().unwrap_or(TERMINATED)
}

/// Columns of days, months or years, and the numbers of each that are looked for.
pub(super) struct Days(pub(super) Vec<(Column<i64>, RangeInclusive<i64>)>);

impl Days {
    pub(super) fn read(&self, part: Part<'_>, bits: &mut Bits) {
        let mut docs = Vec::new();
        for (column, range) in &self.0 {
            if let Some(wanted) = part.few(part.reports) {
                let holds =
                    |place: &u32| column.values_for_doc(part.base + place).any(|number| range.contains(&number));
                wanted.places().filter(holds).for_each(|place| bits.set(place));
            } else {
                docs.clear();
                column.get_docids_for_value_range(range.clone(), part.base..part.end(), &mut docs);
                bits.set_all(docs.iter().map(|doc| doc - part.base));
            }
        }
    }
}

/// What a query of the library finds.
pub(super) struct Queried(pub(super) Box<dyn Scorer>);

impl Queried {
    pub(super) fn doc(&self) -> DocId {
        self.0.doc()
    }

    pub(super) fn len(&self) -> u32 {
        self.0.size_hint()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.0.doc() < target { self.0.seek(target) } else { self.0.doc() }
    }

    pub(super) fn read(&mut self, part: Part<'_>, bits: &mut Bits, mut found: Option<&mut Found>) {
        let mut meet = |place| {
            bits.set(place);
            if let Some(found) = &mut found {
                found.push(place, 1);
            }
        };
        if let Some(wanted) = part.few(self.len()) {
            wanted.places().filter(|place| self.seek(part.base + place) == part.base + place).for_each(meet);
            return;
        }
        let mut doc = self.seek(part.base);
        while doc < part.end() {
            meet(doc - part.base);
            doc = self.0.advance();
        }
    }
}
