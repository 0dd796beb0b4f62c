//! The words that were met: the terms of each are made once a process, and lent to all that analyse.

use std::ops::Deref;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use rust_stemmers::Stemmer;
use rustc_hash::FxHashMap;

use super::terms::{Terms, terms};

/// Words that are kept, for as long as the process runs: those met first, among which are nearly all that stand often.
const MOST: u32 = 1 << 16;
/// Bytes of the longest of them: what is longer is no word, and would fill the memory.
pub(super) const LONGEST: usize = 64;

/// The terms of a word in a text.
#[derive(Clone, Debug)]
pub enum Held {
    /// Kept by the process: the same for all places where the word stands.
    Kept(Kept),
    /// Counted by who holds them: the word is too long to be kept, or came when the memory was full.
    Own(Arc<Terms>),
}

/// The terms of a word that is kept.
#[derive(Clone, Copy, Debug)]
pub struct Kept {
    number: u32,
    terms: &'static Terms,
}

impl Held {
    /// The number of a word that is kept: from 0, in the order in which the process met them. Others have none.
    pub(crate) fn number(&self) -> Option<usize> {
        match self {
            Self::Kept(kept) => Some(kept.number as usize),
            Self::Own(_) => None,
        }
    }
}

impl Deref for Held {
    type Target = Terms;

    fn deref(&self) -> &Terms {
        match self {
            Self::Kept(kept) => kept.terms,
            Self::Own(own) => own,
        }
    }
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

/// The words that are kept. They are never let go, so that terms can be lent without being counted: what they take is
/// bounded by their number and their length.
pub(super) struct Words {
    kept: RwLock<FxHashMap<Box<str>, Kept>>,
    most: u32,
}

impl Words {
    pub(super) fn new(most: u32) -> Self {
        Self { kept: RwLock::default(), most }
    }

    /// Those of the process.
    pub(super) fn shared() -> &'static Self {
        static SHARED: LazyLock<Words> = LazyLock::new(|| Words::new(MOST));
        &SHARED
    }

    /// The terms of a word, kept from now on where there is room.
    pub(super) fn terms(&self, surface: &str, stemmer: &Stemmer) -> Held {
        let fresh = || terms(surface, stemmer);
        if surface.len() > LONGEST {
            return Held::Own(Arc::new(fresh()));
        }
        let is_full = {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(&known) = kept.get(surface) {
                return Held::Kept(known);
            }
            kept.len() >= self.most as usize
        };
        let terms = fresh();
        if is_full {
            return Held::Own(Arc::new(terms));
        }
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have met it meanwhile.
        if let Some(&known) = kept.get(surface) {
            return Held::Kept(known);
        }
        match u32::try_from(kept.len()) {
            Ok(number) if number < self.most => {
                let word = Kept { number, terms: Box::leak(Box::new(terms)) };
                kept.insert(surface.into(), word);
                Held::Kept(word)
            }
            _ => Held::Own(Arc::new(terms)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::french::terms::stemmer;

    #[test]
    fn words_are_kept_up_to_a_number_and_a_length() {
        let words = Words::new(2);
        let number = |surface: &str| words.terms(surface, &stemmer()).number();
        let long = "x".repeat(LONGEST + 1);
        let met = ["armée", &long, "Armée", "armée", "embuscade", "Armée"];
        assert_eq!(met.map(number), [Some(0), None, Some(1), Some(0), None, Some(1)]);
        for surface in met {
            assert_eq!(*words.terms(surface, &stemmer()), terms(surface, &stemmer()), "{surface}");
        }
    }

    #[test]
    fn threads_share_what_they_meet() {
        let words = Words::new(50);
        let met: Vec<String> = (0..100).map(|at| format!("mot{at}")).collect();
        let all = || met.iter().map(|word| words.terms(word, &stemmer()).number()).collect::<Vec<_>>();
        std::thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(all))));
        let mut numbers: Vec<usize> = all().into_iter().flatten().collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..50).collect::<Vec<_>>());
    }
}
