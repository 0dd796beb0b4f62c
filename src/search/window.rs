//! A window: some thousands of reports that stand one after the other, as a set of which each takes one bit.

use std::array;

/// Reports of a window.
pub(super) const WINDOW: u32 = 4096;
/// Bits of a word.
const BITS: usize = u64::BITS as usize;
const WORDS: usize = WINDOW as usize / BITS;

/// Some of the reports of a window, by their places in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bits([u64; WORDS]);

impl Bits {
    /// None of the reports.
    pub(super) const NONE: Self = Self([0; WORDS]);

    /// The first so many of the reports.
    pub(super) fn first(count: u32) -> Self {
        let count = count.min(WINDOW) as usize;
        Self(array::from_fn(|word| match count.saturating_sub(word * BITS) {
            left if left >= BITS => u64::MAX,
            left => (1 << left) - 1,
        }))
    }

    pub(super) fn set(&mut self, place: u32) {
        self.0[place as usize / BITS % WORDS] |= 1 << (place as usize % BITS);
    }

    /// Sets places that come in order, by words.
    pub(super) fn set_all(&mut self, places: impl Iterator<Item = u32>) {
        let (mut at, mut word) = (0, 0_u64);
        for place in places {
            let here = place as usize / BITS % WORDS;
            if here != at {
                self.0[at] |= word;
                (at, word) = (here, 0);
            }
            word |= 1 << (place as usize % BITS);
        }
        self.0[at] |= word;
    }

    pub(super) fn has(&self, place: u32) -> bool {
        self.0[place as usize / BITS % WORDS] >> (place as usize % BITS) & 1 == 1
    }

    /// Keeps what both have.
    pub(super) fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= other);
    }

    /// Adds what another has.
    pub(super) fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// Drops what another has.
    pub(super) fn drop(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word &= !other);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    pub(super) fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Adds the places to a list, each counted on from `base`, in order.
    pub(super) fn list(&self, base: u32, into: &mut Vec<u32>) {
        into.reserve(self.count() as usize);
        for (first, &word) in (base..).step_by(BITS).zip(&self.0) {
            let mut rest = word;
            while rest != 0 {
                into.push(first + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
    }

    /// The places, in order.
    pub(super) fn places(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).step_by(BITS).zip(&self.0).flat_map(|(first, &word)| {
            let ones = std::iter::successors((word != 0).then_some(word), |word| {
                let rest = word & (word - 1);
                (rest != 0).then_some(rest)
            });
            ones.map(move |word| first + word.trailing_zeros())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::btree_set;

    use super::*;

    fn bits(places: &BTreeSet<u32>) -> Bits {
        let mut bits = Bits::NONE;
        for &place in places {
            bits.set(place);
        }
        bits
    }

    #[test]
    fn the_first_reports_of_a_window_are_counted_from_its_start() {
        for count in [0, 1, 63, 64, 65, WINDOW - 1, WINDOW] {
            assert!(Bits::first(count).places().eq(0..count), "{count}");
        }
        assert_eq!(Bits::first(u32::MAX).count(), WINDOW);
    }

    proptest::proptest! {
        #[test]
        fn bits_are_sets(a in btree_set(0..WINDOW, 0..80), b in btree_set(0..WINDOW, 0..80)) {
            let (mut kept, mut both, mut less) = (bits(&a), bits(&a), Bits::NONE);
            less.set_all(a.iter().copied());
            kept.keep(&bits(&b));
            both.add(&bits(&b));
            less.drop(&bits(&b));
            proptest::prop_assert!(kept.places().eq(a.intersection(&b).copied()));
            proptest::prop_assert!(both.places().eq(a.union(&b).copied()));
            proptest::prop_assert!(less.places().eq(a.difference(&b).copied()));
            let mut listed = vec![0];
            less.list(7, &mut listed);
            proptest::prop_assert!(listed[1..].iter().copied().eq(less.places().map(|place| 7 + place)));
            proptest::prop_assert_eq!((both.count() as usize, less.is_empty()), (a.union(&b).count(), a.is_subset(&b)));
            proptest::prop_assert!((0..WINDOW).all(|place| kept.has(place) == (a.contains(&place) && b.contains(&place))));
        }
    }
}
