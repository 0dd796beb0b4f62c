//! The walk over all reports that answer: how many there are, which, and the best of them, in one go.

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

    fn found(mut self) -> Vec<DocAddress> {
        self.cut();
        self.kept.sort_unstable_by(better);
        self.kept.into_iter().map(|(_, address)| address).collect()
    }
}

fn better(a: &(Score, DocAddress), b: &(Score, DocAddress)) -> std::cmp::Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::super::plan::{Likeness, Plan, Slot, Step, Tree, Variant, Way};
    use super::super::rarity::Rarity;
    use super::*;
    use crate::index::IndexReader;

    /// Words of reports: every so many reports have one.
    const WORDS: [(&str, usize); 6] = [("a", 1), ("b", 2), ("c", 3), ("d", 50), ("e", 700), ("f", 4099)];
    /// Some windows of reports.
    const REPORTS: usize = 9_000;

    fn words(report: usize) -> Vec<&'static str> {
        WORDS.iter().filter(|(_, every)| report % every == every / 2).map(|(word, _)| *word).collect()
    }

    fn is_dropped(report: usize) -> bool {
        report % 11 == 3
    }

    static ALL: LazyLock<IndexReader> = LazyLock::new(|| index(&[]));
    static SOME: LazyLock<IndexReader> = LazyLock::new(|| {
        index(&(0..REPORTS).filter(|&report| is_dropped(report)).map(|at| format!("r{at}")).collect::<Vec<_>>())
    });

    fn index(dropped: &[String]) -> IndexReader {
        IndexReader::of_terms(&(0..REPORTS).map(words).collect::<Vec<_>>(), dropped)
    }

    /// What a slot asks for: words that stand side by side, in a reading or another.
    type Asked = Vec<Vec<usize>>;

    fn slot(asked: &Asked) -> Slot {
        let step =
            |(word, offset): (&usize, u32)| Step { offset, terms: vec![WORDS[*word].0.to_owned(), "x".to_owned()] };
        let variant = |(at, row): (usize, &Vec<usize>)| {
            let way = Way { steps: row.iter().zip(0..).map(step).collect(), slop: None };
            if at == 0 {
                Variant::written(way, Likeness::Stem)
            } else {
                Variant::added(vec![way], 0.5, Likeness::Whole)
            }
        };
        Slot::new("", 0..0, asked.iter().enumerate().map(variant).collect())
    }

    fn holds_slot(asked: &Asked, report: usize) -> bool {
        let words = words(report);
        let stands = |row: &Vec<usize>| {
            let row: Vec<&str> = row.iter().map(|&word| WORDS[word].0).collect();
            words.windows(row.len()).any(|here| here == row)
        };
        asked.iter().any(stands)
    }

    fn holds(tree: &Tree, slots: &[Asked], report: usize) -> bool {
        let all = |parts: &[Tree]| parts.iter().filter(|part| holds(part, slots, report)).count();
        match tree {
            Tree::Everything | Tree::Filter(_) => true,
            Tree::Slot(slot) => holds_slot(&slots[*slot], report),
            Tree::All(parts) => all(parts) == parts.len(),
            Tree::Any(parts) => all(parts) > 0,
            Tree::Several(least, parts) => all(parts) >= *least,
            Tree::Not(inner) => !holds(inner, slots, report),
        }
    }

    fn trees() -> impl Strategy<Value = Tree> {
        let leaf = prop_oneof![8 => (0_usize..6).prop_map(Tree::Slot), 1 => Just(Tree::Everything)];
        leaf.prop_recursive(3, 12, 4, |inner| {
            let parts = || prop::collection::vec(inner.clone(), 1..4);
            prop_oneof![
                3 => parts().prop_map(Tree::All),
                3 => parts().prop_map(Tree::Any),
                1 => (1_usize..3, parts()).prop_map(|(least, parts)| Tree::Several(least, parts)),
                2 => inner.clone().prop_map(|inner| Tree::Not(Box::new(inner))),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_walk_finds_what_the_tree_says(
            tree in trees(),
            slots in prop::collection::vec(prop::collection::vec(prop::collection::vec(0_usize..6, 1..3), 1..3), 6),
            wanted in 1_usize..3_000,
        ) {
            let plan = Plan { slots: slots.iter().map(slot).collect(), tree, ..Plan::default() };
            let rarities: Vec<Vec<Rarity>> =
                slots.iter().map(|slot| vec![Rarity { report: 1.0, lead: 1.0 }; slot.len()]).collect();
            for (reader, dropped) in [(&*ALL, false), (&*SOME, true)] {
                let answers = |report: &usize| !(dropped && is_dropped(*report)) && holds(&plan.tree, &slots, *report);
                let want: Vec<DocId> = (0..REPORTS).zip(0..).filter(|(report, _)| answers(report)).map(|(_, doc)| doc).collect();
                let matching = || Matching::new(&plan, reader, &[]);
                prop_assert_eq!(&matching().docs(Clock::default()).unwrap(), &vec![want.clone()]);
                prop_assert_eq!(matching().count(Clock::default()).unwrap(), want.len() as u64);
                let best = |wanted| matching().scored(&rarities).best(wanted, Clock::default()).unwrap();
                let (total, all) = best(REPORTS);
                prop_assert_eq!((total, all.len()), (want.len() as u64, want.len()));
                let (total, first) = best(wanted);
                prop_assert_eq!(total, want.len() as u64);
                prop_assert_eq!(&first, &all[..wanted.min(all.len())]);
            }
        }
    }

    #[test]
    fn a_report_is_worth_its_best_reading() {
        let reader = IndexReader::of_terms(&[vec!["a"], vec!["a", "b"], vec!["b"], vec!["c"]], &[]);
        let plan = Plan { slots: vec![slot(&vec![vec![0], vec![1]])], tree: Tree::Slot(0), ..Plan::default() };
        let rarities = vec![vec![Rarity { report: 0.4, lead: 0.4 }; 2]];
        let (total, best) = Matching::new(&plan, &reader, &[]).scored(&rarities).best(9, Clock::default()).unwrap();
        // Both readings together would put the second report first, which is longer.
        assert_eq!((total, best.iter().map(|address| address.doc_id).collect::<Vec<_>>()), (3, vec![0, 1, 2]));
    }
}
