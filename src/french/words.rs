//! Where words stand: UAX #29 (`segments`), then the rules of French for points, apostrophes, hyphens and numbers.

use std::ops::Range;

use super::elision::{elision as elided, is_apostrophe, is_elided};
use super::name_flags::{ALWAYS, APOSTROPHE};
use super::segments::segments;
use super::tables::Tables;
use crate::fold::fold;

/// Finds the byte ranges of the words of a text, in order, without what is elided before them.
pub(super) fn words(text: &str, found: &mut Vec<Range<usize>>) {
    segments(text, |word, plain| {
        if !plain {
            split(text, word, found);
        } else if !is_loose_elision(text, &word) {
            push(text, word, found);
        }
    });
}

/// Splits one UAX #29 word where French does.
fn split(text: &str, mut range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let word = &text[range.clone()];
    if let Some(cut) = lost_space(word) {
        split(text, range.start..range.start + cut, found);
        split(text, range.start + cut..range.end, found);
        return;
    }
    if word.bytes().all(|b| b.is_ascii_alphanumeric()) {
        if !is_loose_elision(text, &range) {
            push(text, range, found);
        }
        return;
    }
    while let Some(cut) = elision(&text[range.clone()]) {
        range.start += cut;
    }
    let word = &text[range.clone()];
    let has_digit = word.bytes().any(|b| b.is_ascii_digit());
    let splits = |c: char| matches!(c, '_' | ':' | '·' | '\u{2027}' | '\u{202f}') || c == '.' && !has_digit;
    if word.contains(splits) && !is_dotted_acronym(word) {
        for (offset, part) in word.split(splits).map(|part| (part.as_ptr() as usize - word.as_ptr() as usize, part)) {
            if !part.is_empty() {
                split(text, range.start + offset..range.start + offset + part.len(), found);
            }
        }
        return;
    }
    if !is_loose_elision(text, &range) {
        push(text, range, found);
    }
}

/// Where a word of two lost its space, as pages do that were made into text: `votreMSA`, `dépensesL'Assurance`.
///
/// Both sides have to be words, names or acronyms, so that `WhatsApp` stays whole.
fn lost_space(word: &str) -> Option<usize> {
    let mut before = ' ';
    let turn = |(at, c): (usize, char)| {
        let turns = before.is_lowercase() && c.is_uppercase();
        before = c;
        turns.then_some(at)
    };
    let cut = word.char_indices().find_map(turn)?;
    let (left, right) = word.split_at(cut);
    let right = &right[elision(right).unwrap_or(0)..];
    let tables = Tables::get();
    let known = |part: &str| {
        let folded = fold(&part.to_lowercase());
        folded.len() > 1 && (tables.is_word(&folded) || tables.name(&folded) & ALWAYS != 0)
    };
    let acronym = right.len() > 1 && right.chars().all(char::is_uppercase);
    (known(left) && (acronym || known(right))).then_some(cut)
}

/// The bytes that are elided before a word, none before a name that has the apostrophe as its own.
fn elision(word: &str) -> Option<usize> {
    let cut = elided(word)?;
    let own = || {
        let whole = fold(&word.to_lowercase()).replace(is_apostrophe, "");
        Tables::get().name(&whole) & APOSTROPHE != 0
    };
    (!(word.starts_with(char::is_uppercase) && own())).then_some(cut)
}

/// An elided article that stands apart from its word: the `l` of `l'« État »`.
fn is_loose_elision(text: &str, range: &Range<usize>) -> bool {
    matches!(text.as_bytes().get(range.end), Some(b'\'' | 0xE2))
        && text[range.end..].starts_with(is_apostrophe)
        && is_elided(&text[range.clone()])
}

/// `C.E.D.E.A.O`: single letters between stops.
pub(super) fn is_dotted_acronym(word: &str) -> bool {
    let mut letters = 0;
    word.split('.').all(|part| {
        letters += 1;
        let mut chars = part.chars();
        chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    }) && letters > 1
}

/// Adds a word, or joins it to the one before it as in `15 000`: one to three digits, then groups of three, each after
/// one (no-break) space.
fn push(text: &str, word: Range<usize>, found: &mut Vec<Range<usize>>) {
    let digits = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    if word.len() == 3
        && digits(&text[word.clone()])
        && let Some(last) = found.last_mut()
        && matches!(&text[last.end..word.start], " " | "\u{a0}" | "\u{202f}" | "\u{2009}")
    {
        let head = text[last.clone()].split(['\u{20}', '\u{a0}', '\u{202f}', '\u{2009}']).next().unwrap_or("");
        if head.len() <= 3 && digits(head) && !head.starts_with('0') {
            last.end = word.end;
            return;
        }
    }
    found.push(word);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        words(text, &mut found);
        found
    }

    fn surfaces(text: &str) -> Vec<&str> {
        ranges(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn elided_articles_are_no_part_of_a_word() {
        assert_eq!(surfaces("l’Armée, L'ARMÉE, qu'ils, jusqu'à, Lorsqu’elle"), ["Armée", "ARMÉE", "ils", "à", "elle"]);
        assert_eq!(surfaces("d'« État », l'\u{a0}est"), ["État", "est"]);
        assert_eq!(
            surfaces("aujourd'hui N'Djamena n’gourma Côte d'Ivoire"),
            ["aujourd'hui", "N'Djamena", "n’gourma", "Côte", "d'Ivoire"]
        );
    }

    #[test]
    fn hyphens_and_lost_spaces_split() {
        assert_eq!(surfaces("Gourma-Rharous Al-Qaïda"), ["Gourma", "Rharous", "Al", "Qaïda"]);
        assert_eq!(surfaces("terrorisme.Les a_b Bamako:attaque"), ["terrorisme", "Les", "a", "b", "Bamako", "attaque"]);
    }

    #[test]
    fn a_lost_space_is_found_between_known_words() {
        assert_eq!(
            surfaces("votreMSA dépensesL'Assurance MaliLes WhatsApp FAMa CMFPRs"),
            ["votre", "MSA", "dépenses", "Assurance", "Mali", "Les", "WhatsApp", "FAMa", "CMFPRs"]
        );
    }

    #[test]
    fn acronyms_and_hours_stay_whole() {
        assert_eq!(surfaces("l'O.N.U. à 17h30, C.E.D.E.A.O"), ["O.N.U", "à", "17h30", "C.E.D.E.A.O"]);
    }

    #[test]
    fn digit_groups_are_one_number() {
        assert_eq!(
            surfaces("15 000 et 1\u{a0}234\u{202f}567 le 15 août 2024 100 fois"),
            ["15 000", "et", "1\u{a0}234\u{202f}567", "le", "15", "août", "2024", "100", "fois"]
        );
    }

    proptest::proptest! {
        #[test]
        fn ranges_are_ordered_and_on_boundaries(text in "\\PC{0,60}|[a-zéÉ'’. 0-9\u{a0}-]{0,60}") {
            let mut end = 0;
            for range in ranges(&text) {
                assert!(range.start >= end && range.start < range.end && text.get(range.clone()).is_some());
                end = range.end;
            }
        }
    }
}
