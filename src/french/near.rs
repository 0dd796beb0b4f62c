//! Words of French that are spelled almost like another.

use std::sync::OnceLock;

use fst::{IntoStreamer, Streamer};
use levenshtein_automata::LevenshteinAutomatonBuilder;

use super::tables::Tables;

/// The folded words of French at most so many edits (1 or 2) of one character from a folded form, two swapped ones
/// being one edit; in alphabetical order.
pub(crate) fn near_words(folded: &str, edits: u8) -> Vec<String> {
    static BUILDERS: [OnceLock<LevenshteinAutomatonBuilder>; 2] = [OnceLock::new(), OnceLock::new()];
    let edits = edits.clamp(1, 2);
    let builder = BUILDERS[usize::from(edits - 1)].get_or_init(|| LevenshteinAutomatonBuilder::new(edits, true));
    let mut found = Vec::new();
    let mut stream = Tables::get().lexicon().search(builder.build_dfa(folded)).into_stream();
    while let Some(word) = stream.next() {
        found.extend(std::str::from_utf8(word).ok().map(str::to_owned));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_lead_to_words() {
        for (typed, meant, edits) in [
            ("elcteur", "electeur", 1),
            ("attauqe", "attaque", 1),
            ("mbuscade", "embuscade", 1),
            ("ebuscad", "embuscade", 2),
        ] {
            assert!(near_words(typed, edits).iter().any(|word| word == meant), "{typed}");
        }
        assert!(near_words("xxxxxxxx", 2).is_empty());
    }
}
