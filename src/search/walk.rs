//! The walk over all reports that answer: how many there are, which, and the best of them, in one go.

#[cfg(test)]
mod tests;

use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::lists::Part;
use super::matching::Matching;
use super::sieve::{Desk, Scores, Sieve};
use super::window::{Bits, WINDOW};
use super::{Clock, SearchError};

/// The fewest reports that are put into order at one time.
const FEWEST: usize = 1024;

impl Matching<'_> {
    /// How many reports answer.
    ///
    /// # Errors
    /// If the index cannot be read, or the time is over.
    pub(super) fn count(&self, clock: Clock) -> Result<u64, SearchError> {
        let mut total = 0;
        self.walk(clock, |_, _, found, _| total += u64::from(found.count()))?;
        Ok(total)
    }

    /// The reports that answer, by segment, in the order of the index.
    ///
    /// # Errors
    /// As [`Matching::count`].
    pub(super) fn docs(&self, clock: Clock) -> Result<Vec<Vec<DocId>>, SearchError> {
        let mut docs = vec![Vec::new(); self.searcher().segment_readers().len()];
        self.walk(clock, |segment, base, found, _| {
            docs[segment as usize].extend(found.places().map(|place| base + place));
        })?;
        Ok(docs)
    }

    /// The reports that answer, in the order of the index.
    ///
    /// # Errors
    /// As [`Matching::count`].
    pub(super) fn addresses(&self, clock: Clock) -> Result<Vec<DocAddress>, SearchError> {
        let mut addresses = Vec::new();
        self.walk(clock, |segment, base, found, _| {
            addresses.extend(found.places().map(|place| DocAddress::new(segment, base + place)));
        })?;
        Ok(addresses)
    }

    /// How many reports answer, and the best of them: as many as are wanted, best first, equals in the order of the index.
    ///
    /// # Errors
    /// As [`Matching::count`].
    pub(super) fn best(&self, wanted: usize, clock: Clock) -> Result<(u64, Vec<DocAddress>), SearchError> {
        let (total, best) = self.ranked(wanted, clock)?;
        Ok((total, best.into_iter().map(|(_, address)| address).collect()))
    }

    /// The same, each with what it is worth.
    fn ranked(&self, wanted: usize, clock: Clock) -> Result<(u64, Vec<(Score, DocAddress)>), SearchError> {
        let mut total = 0;
        let mut best = Best { wanted: wanted.max(1), least: Score::NEG_INFINITY, kept: Vec::new() };
        let (mut desk, mut scores) = (Desk::new(), Scores::new());
        self.walk(clock, |segment, base, found, sieve| {
            total += u64::from(found.count());
            sieve.score(base, found, &mut desk, &mut scores);
            for place in found.places() {
                best.meet(scores.take(place), DocAddress::new(segment, base + place));
            }
        })?;
        Ok((total, best.found()))
    }

    /// Goes through all reports that answer, a window at a time.
    fn walk(
        &self,
        clock: Clock,
        mut each: impl FnMut(SegmentOrdinal, DocId, &Bits, &Sieve<'_>),
    ) -> Result<(), SearchError> {
        for (number, segment) in (0..).zip(self.searcher().segment_readers()) {
            let mut sieve = self.open(number)?;
            let mut base = sieve.next(0);
            while base < segment.max_doc() {
                // Next to a window, a look at the clock costs nothing.
                clock.check()?;
                let part = Part { base, wanted: None, reports: segment.max_doc() };
                let found = alive(sieve.find(part), base, segment);
                each(number, base, &found, &sieve);
                base = sieve.next(base + WINDOW);
            }
        }
        Ok(())
    }
}

/// What was found without those reports that were dropped since.
fn alive(found: &Bits, base: DocId, segment: &SegmentReader) -> Bits {
    let Some(alive) = segment.alive_bitset() else { return found.clone() };
    let mut here = Bits::NONE;
    found.places().filter(|place| alive.is_alive(base + place)).for_each(|place| here.set(place));
    here
}

/// The best reports met so far, in the order of the index.
struct Best {
    wanted: usize,
    /// What a report needs to be worth more than, to be kept.
    least: Score,
    kept: Vec<(Score, DocAddress)>,
}

impl Best {
    fn meet(&mut self, score: Score, address: DocAddress) {
        if score <= self.least {
            return;
        }
        self.kept.push((score, address));
        if self.kept.len() >= self.wanted.saturating_mul(2).max(FEWEST) {
            self.cut();
        }
    }

    /// Keeps no more than are wanted; of equals, those that were met first.
    fn cut(&mut self) {
        if self.wanted < self.kept.len() {
            let (_, last, _) = self.kept.select_nth_unstable_by(self.wanted - 1, better);
            self.least = last.0;
            self.kept.truncate(self.wanted);
        }
    }

    fn found(mut self) -> Vec<(Score, DocAddress)> {
        self.cut();
        self.kept.sort_unstable_by(better);
        self.kept
    }
}

fn better(a: &(Score, DocAddress), b: &(Score, DocAddress)) -> std::cmp::Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}
