//! The walk over all reports that answer: how many there are, which, and the best of them, in one go.

#[cfg(test)]
mod tests;

use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::lists::Part;
use super::matching::Matching;
use super::sieve::{Desk, Scores, Sieve};
use super::window::{Bits, WINDOW};
use super::{Clock, SearchError};

/// The fewest reports that the best are told from at one time.
const FEWEST: usize = 64;

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
            found.list(base, &mut docs[segment as usize]);
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

    /// How many reports answer, and the best of them: as many as are wanted.
    ///
    /// # Errors
    /// As [`Matching::count`].
    pub(super) fn best(&self, wanted: usize, clock: Clock) -> Result<Best, SearchError> {
        let mut best = Best::new(wanted);
        let (mut desk, mut scores) = (Desk::default(), Scores::new());
        self.walk(clock, |segment, base, found, sieve| {
            best.total += u64::from(found.count());
            let mut of = found.clone();
            sieve.drop_hopeless(best.least, &mut of);
            sieve.score(base, &of, &mut desk, &mut scores);
            for place in of.places() {
                best.meet(scores.take(place), DocAddress::new(segment, base + place));
            }
            best.cut();
        })?;
        Ok(best)
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

/// The best of the reports that answer; of equals, those that stand first in the index.
pub(super) struct Best {
    /// How many reports answer.
    pub(super) total: u64,
    wanted: usize,
    /// What a report needs to be worth more than, to be kept.
    least: Score,
    /// In no order until they are asked for.
    kept: Vec<Ranked>,
}

impl Best {
    fn new(wanted: usize) -> Self {
        Self { total: 0, wanted: wanted.max(1), least: Score::NEG_INFINITY, kept: Vec::new() }
    }

    /// Meets the reports in the order of the index.
    fn meet(&mut self, score: Score, address: DocAddress) {
        if score <= self.least {
            return;
        }
        self.kept.push(Ranked::of(score, address));
        if self.kept.len() >= self.wanted.saturating_mul(2).max(FEWEST) {
            self.cut();
        }
    }

    /// Keeps no more than are wanted.
    fn cut(&mut self) {
        if self.wanted < self.kept.len() {
            let (_, last, _) = self.kept.select_nth_unstable(self.wanted - 1);
            self.least = last.score();
            self.kept.truncate(self.wanted);
        }
    }

    /// The best `pool` in no order, and behind them those up to the place `end`, best first.
    pub(super) fn found(mut self, pool: usize, end: usize) -> Vec<DocAddress> {
        self.wanted = self.wanted.min(end.max(pool).max(1));
        self.cut();
        if pool < self.kept.len() {
            if pool > 0 {
                self.kept.select_nth_unstable(pool - 1);
            }
            self.kept[pool..].sort_unstable();
        }
        self.kept.into_iter().map(Ranked::address).collect()
    }
}

/// A report with what it is worth, as one number, of which the best report has the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ranked(u128);

impl Ranked {
    /// No report is worth less than nothing.
    fn of(score: Score, address: DocAddress) -> Self {
        debug_assert!(score.is_sign_positive());
        let [score, segment, doc] = [!score.to_bits(), address.segment_ord, address.doc_id].map(u128::from);
        Self(score << 64 | segment << 32 | doc)
    }

    fn part(self, shift: u32) -> u32 {
        u32::try_from(self.0 >> shift & u128::from(u32::MAX)).unwrap_or(u32::MAX)
    }

    fn score(self) -> Score {
        Score::from_bits(!self.part(64))
    }

    fn address(self) -> DocAddress {
        DocAddress::new(self.part(32), self.part(0))
    }
}
