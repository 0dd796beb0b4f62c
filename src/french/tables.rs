//! The tables that `build.rs` compiled, embedded in the binary: stems, lexicon and names.

use std::sync::OnceLock;

use fst::{Map, Set};

/// A hash of every table that the chain was built from.
pub(super) const FINGERPRINT: &str = include_str!(concat!(env!("OUT_DIR"), "/tables.fingerprint"));

/// Whether a folded form in lower case is a word of French.
pub(crate) fn is_word(folded: &str) -> bool {
    Tables::get().is_word(folded)
}

/// Whether a folded form in lower case is French: a word of the lexicon, or an adverb that is made of one (lourdement,
/// récemment, constamment, absolument), of which the lexicon has few.
pub(crate) fn is_french(folded: &str) -> bool {
    let tables = Tables::get();
    let adverb = || {
        let adjective = |ending, own| Some(format!("{}{own}", folded.strip_suffix(ending)?));
        let adjectives = [adjective("emment", "ent"), adjective("amment", "ant"), adjective("ment", "")];
        adjectives.into_iter().flatten().any(|word| tables.is_word(&word))
    };
    tables.is_word(folded) || adverb()
}

/// Look-ups for a word that the analysis meets for the first time.
#[derive(Debug)]
pub(super) struct Tables {
    stems: Map<&'static [u8]>,
    /// A line each.
    stem_list: &'static str,
    lexicon: Set<&'static [u8]>,
    names: Map<&'static [u8]>,
}

impl Tables {
    /// The tables, read on first use.
    #[allow(clippy::expect_used, reason = "the build script wrote these bytes, and every test reads them")]
    pub(super) fn get() -> &'static Self {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(|| {
            let stems: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/stems.fst"));
            let lexicon: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.fst"));
            let names: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/names.fst"));
            Self {
                stems: Map::new(stems).expect("compiled table of stems"),
                stem_list: include_str!(concat!(env!("OUT_DIR"), "/stems.txt")),
                lexicon: Set::new(lexicon).expect("compiled lexicon"),
                names: Map::new(names).expect("compiled table of names"),
            }
        })
    }

    /// The stems of a lower-case form where the stemmer alone would not give them; mostly one, never more than two.
    pub(super) fn stems(&self, lower: &str) -> impl Iterator<Item = &'static str> {
        let packed = self.stems.get(lower).unwrap_or(0);
        [packed & 0xffff_ffff, packed >> 32]
            .into_iter()
            .filter_map(|place| usize::try_from(place).ok()?.checked_sub(1))
            .filter_map(|place| self.stem_list.get(place..)?.lines().next())
    }

    /// Whether a folded form is a word of French.
    pub(super) fn is_word(&self, folded: &str) -> bool {
        self.lexicon.contains(folded)
    }

    /// The folded words of French.
    pub(super) fn lexicon(&self) -> &Set<&'static [u8]> {
        &self.lexicon
    }

    /// What the table of names says of a folded or lower-case form (see `name_flags`).
    pub(super) fn name(&self, form: &str) -> u64 {
        self.names.get(form).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adverbs_are_words_by_what_they_are_made_of() {
        for word in ["recemment", "violemment", "constamment", "lourdement", "absolument", "attaque"] {
            assert!(is_french(word), "{word}");
        }
        for word in ["embuscde", "xyzment", "gendrame"] {
            assert!(!is_french(word), "{word}");
        }
    }
}
