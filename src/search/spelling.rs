//! Slips of the keyboard: which words of the index one that it does not have may stand for.
//!
//! Candidates are words at one edit (two, in a long word): those of the index, and those of French of which the index
//! has another inflection. They are ranked by how likely the slip is and how common the word; after Damerau, « A
//! technique for computer detection and correction of spelling errors » (1964), for the edits, and Kernighan, Church and
//! Gale, « A spelling correction program based on a noisy channel model » (1990), for weighing both.

use super::dictionary::{Dictionary, Terms};
use super::weights::{
    DOUBLING, LEAST_LIKELY, LONG_WORD, MOST_CANDIDATES, ONE_LETTER, PER_COST, PER_LN_FREQUENCY, SUBSTITUTION, SWAP,
    TWO_EDITS,
};
use crate::french::{Analyzer, Token, fold, near_words};
use crate::index::IndexError;
use crate::vocabulary::{Target, Vocabulary};

/// A word that may be meant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    pub(super) term: String,
    /// Against the likeliest, which has 1.
    pub(super) weight: f32,
    /// What the slip costs: how unlikely it is by itself.
    pub(super) cost: f32,
}

/// The words that a misspelt one may stand for, the likeliest first; none where the index has nothing like it.
///
/// # Errors
/// If the index cannot be read.
pub(super) fn candidates(
    word: &str,
    dictionary: &Dictionary<'_>,
    analyzer: &mut Analyzer,
) -> Result<Vec<Candidate>, IndexError> {
    let edits = if word.chars().count() >= LONG_WORD { 2 } else { 1 };
    let mut near = dictionary.near(word, edits)?;
    for other in near_words(word, edits) {
        let mut inflections = 0;
        for stem in analyzer.analyze(&other).iter().flat_map(Token::stems) {
            inflections = dictionary.reports(&format!("~{stem}"), None)?.max(inflections);
        }
        if inflections > 0 {
            let known = near.entry(other).or_default();
            *known = inflections.max(*known);
        }
    }
    Ok(likeliest(word, &near))
}

/// A folded term of the index as the vocabulary spells it, where it is a name.
pub(super) fn as_written(term: &str, vocabulary: &Vocabulary) -> String {
    let spelled = vocabulary.look_up(term).into_iter().find_map(|reading| match reading.target {
        _ if !reading.spelling.is_empty() => Some(reading.spelling.to_owned()),
        Target::Place(place) => Some(vocabulary.place_name(place).to_owned()),
        _ => None,
    });
    spelled.filter(|name| fold(&name.to_lowercase()) == term).unwrap_or_else(|| term.to_owned())
}

/// The field that a misspelt one may be: `groupes`, `régoin`.
pub(super) fn near_field(word: &str) -> Option<&'static str> {
    const FIELDS: [&str; 9] = ["groupe", "région", "date", "titre", "source", "texte", "group", "region", "title"];
    let word = fold(&word.to_lowercase());
    let near = |field: &&&str| strsim::osa_distance(&fold(field), &word) <= field.len() / 4;
    FIELDS.iter().find(near).copied().filter(|_| word.len() > 3)
}

fn likeliest(word: &str, near: &Terms) -> Vec<Candidate> {
    let typed: Vec<char> = word.chars().collect();
    let mut scored: Vec<(f32, f32, &str)> = near
        .iter()
        .filter(|(term, _)| *term != word && term.chars().count() > 2 && !term.contains(|c: char| c.is_ascii_digit()))
        .map(|(term, &reports)| {
            let likely = PER_LN_FREQUENCY * (1.0 + reports as f32).ln();
            let cost = cost(&typed, &term.chars().collect::<Vec<_>>());
            (likely - PER_COST * cost, cost, term.as_str())
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(b.2)));
    let best = scored.first().map_or(0.0, |(score, ..)| *score);
    let weighed = scored.into_iter().map(|(score, cost, term)| Candidate {
        term: term.to_owned(),
        weight: (score - best).exp(),
        cost,
    });
    weighed.take(MOST_CANDIDATES).filter(|candidate| candidate.weight >= LEAST_LIKELY).collect()
}

/// Whether a word is another but for an evident slip: a letter too many, too few, doubled, or two swapped.
pub(super) fn is_evident(typed: &str, meant: &str) -> bool {
    let letters = |word: &str| word.chars().collect::<Vec<_>>();
    cost(&letters(typed), &letters(meant)) <= ONE_LETTER
}

/// What a slip from one word to another costs.
fn cost(typed: &[char], meant: &[char]) -> f32 {
    let start = typed.iter().zip(meant).take_while(|(a, b)| a == b).count();
    let rest = (typed[start..].iter().rev()).zip(meant[start..].iter().rev());
    let end = rest.take_while(|(a, b)| a == b).count();
    // A letter beside its like: typed twice, or once instead of twice.
    let letter = |word: &[char]| {
        let like = |at: Option<usize>| at.and_then(|at| word.get(at)) == word.get(start);
        if like(start.checked_sub(1)) || like(start.checked_add(1)) { DOUBLING } else { ONE_LETTER }
    };
    match (&typed[start..typed.len() - end], &meant[start..meant.len() - end]) {
        ([_], []) => letter(typed),
        ([], [_]) => letter(meant),
        ([_], [_]) => SUBSTITUTION,
        ([a, b], [c, d]) if a == d && b == c => SWAP,
        _ => TWO_EDITS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn costs(typed: &str, meant: &str) -> f32 {
        cost(&typed.chars().collect::<Vec<_>>(), &meant.chars().collect::<Vec<_>>())
    }

    #[test]
    fn slips_cost_what_they_are() {
        for (typed, meant, expected) in [
            ("attaqque", "attaque", DOUBLING),
            ("ataque", "attaque", DOUBLING),
            ("armmee", "armee", DOUBLING),
            ("attauqe", "attaque", SWAP),
            ("mbuscade", "embuscade", ONE_LETTER),
            ("mebuscade", "embuscade", SWAP),
            ("embuscadx", "embuscade", SUBSTITUTION),
            ("embuscad", "embuscade", ONE_LETTER),
            ("embscad", "embuscade", TWO_EDITS),
        ] {
            assert!((costs(typed, meant) - expected).abs() < f32::EPSILON, "{typed} {meant}");
        }
    }

    #[test]
    fn misspelt_fields_are_near_one() {
        for (word, field) in [("groupes", Some("groupe")), ("Régoin", Some("région")), ("titres", Some("titre"))] {
            assert_eq!(near_field(word), field, "{word}");
        }
        for word in ["Bamako", "http", "17", "lieu", "tout"] {
            assert_eq!(near_field(word), None, "{word}");
        }
    }

    #[test]
    fn common_words_and_likely_slips_come_first() {
        let near = |words: &[(&str, u64)]| words.iter().map(|(word, n)| ((*word).to_owned(), *n)).collect::<Terms>();
        let found = likeliest("attauqe", &near(&[("attaque", 40), ("attauqe", 1), ("attacue", 1)]));
        assert_eq!(found[0], Candidate { term: "attaque".to_owned(), weight: 1.0, cost: SWAP });
        assert!(found.iter().all(|candidate| candidate.term != "attauqe"));
        let found = likeliest("gendarne", &near(&[("gendarme", 90), ("gendarde", 1)]));
        assert_eq!(found[0].term, "gendarme");
    }

    proptest::proptest! {
        #[test]
        fn every_slip_has_a_cost(a in "[ab]{1,6}", b in "[ab]{1,6}") {
            proptest::prop_assert!(a == b || costs(&a, &b) > 0.0);
        }
    }
}
