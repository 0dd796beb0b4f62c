//! A number for each of many dates in a row, of which few are met: one date of the year 1 takes no room for all between.

/// Dates whose numbers stand together.
const PAGE: usize = 1024;

/// Numbers by place, 0 where none was set.
pub(super) struct Numbers {
    pages: Vec<Option<Box<[u32; PAGE]>>>,
    len: usize,
}

impl Numbers {
    /// Of so many places.
    pub(super) fn of(len: usize) -> Self {
        Self { pages: vec![None; len.div_ceil(PAGE)], len }
    }

    /// The number of a place; nothing beyond the last.
    pub(super) fn get(&self, at: usize) -> Option<u32> {
        if at >= self.len {
            return None;
        }
        Some(self.pages.get(at / PAGE)?.as_ref().map_or(0, |page| page[at % PAGE]))
    }

    /// The same, to be set.
    pub(super) fn get_mut(&mut self, at: usize) -> Option<&mut u32> {
        if at >= self.len {
            return None;
        }
        let page = self.pages.get_mut(at / PAGE)?;
        Some(&mut page.get_or_insert_with(|| Box::new([0; PAGE]))[at % PAGE])
    }

    /// Those that are not 0, with their places, in order.
    pub(super) fn set(&self) -> impl Iterator<Item = (usize, u32)> {
        let pages = (0..).step_by(PAGE).zip(&self.pages).filter_map(|(first, page)| Some((first, page.as_ref()?)));
        let all = pages.flat_map(|(first, page)| (first..).zip(page.iter().copied()));
        all.filter(|(_, number)| *number != 0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    proptest::proptest! {
        #[test]
        fn numbers_are_a_map(len in 0..5_000_usize, some in proptest::collection::btree_map(0..6_000_usize, 1..9_u32, 0..40)) {
            let mut numbers = Numbers::of(len);
            for (&at, &number) in &some {
                proptest::prop_assert_eq!(numbers.get_mut(at).map(|place| *place = number).is_some(), at < len);
            }
            let want: BTreeMap<usize, u32> = some.range(..len).map(|(&at, &number)| (at, number)).collect();
            proptest::prop_assert!((0..len).all(|at| numbers.get(at) == Some(want.get(&at).copied().unwrap_or(0))));
            proptest::prop_assert_eq!(numbers.get(len), None);
            proptest::prop_assert_eq!(numbers.set().collect::<BTreeMap<_, _>>(), want);
        }
    }
}
