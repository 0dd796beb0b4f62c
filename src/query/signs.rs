//! The signs behind a word, a quote or a bracket: `*`, `~1`, `^2`, and the punctuation of prose, which is none.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::{Factor, Form, QueryError};
use crate::french::is_apostrophe;

/// The least letters before the star of a prefix: with fewer it would find half the dictionary.
const LEAST_LETTERS: usize = 2;
/// The most edits of a word written `frappe~2`.
const MOST_EDITS: u8 = 2;
/// The most words that may stand among those of a phrase: more than a passage has.
const MOST_APART: u32 = 1000;

/// A factor, and the bytes of the query where it stands.
pub(super) type Weight = (Factor, Range<usize>);

/// A word without its signs.
#[derive(Debug, PartialEq)]
pub(super) struct Signed<'t> {
    pub(super) text: &'t str,
    pub(super) form: Form,
    /// The byte of the query after the word and the sign of its form.
    pub(super) end: usize,
    /// In the order of the query; more than one is for the parser to refuse.
    pub(super) weights: Vec<Weight>,
}

impl<'t> Signed<'t> {
    /// Takes the signs from a word that begins with a letter or a digit and stands at a byte of the query. A star is
    /// none where one stands before the word too, as in `**gras**`.
    ///
    /// Each turn drops something from the end: punctuation, a factor, or signs that say nothing where they stand. So
    /// the text that is left is read as a plain word when it is printed.
    ///
    /// # Errors
    /// If a factor or a number of edits is out of its range.
    pub(super) fn read(word: &'t str, start: usize, prefix: bool) -> Result<Self, QueryError> {
        let mut weights = Vec::new();
        let mut text = word;
        let (text, form, length) = loop {
            text = text.trim_end_matches(|c| !ends_word(c) && c != '*' && c != '~');
            if let Some((rest, weight)) = weight_at_end(text, start)? {
                weights.push(weight);
                text = rest;
                continue;
            }
            if let Some((rest, edits)) = fuzzy(text, start)? {
                break (rest, Form::Fuzzy(edits), text.len());
            }
            let unstarred = text.trim_end_matches('*');
            if prefix && unstarred.len() < text.len() && letters_at_end(unstarred) >= LEAST_LETTERS {
                break (unstarred, Form::Prefix, text.len());
            }
            let rest = text.trim_end_matches(['*', '~']);
            if rest.len() == text.len() {
                break (text, Form::Plain, text.len());
            }
            text = rest;
        };
        weights.reverse();
        Ok(Self { text, form, end: start + length, weights })
    }
}

/// A bare value without the punctuation and the factors behind it. `2024..` keeps its points.
///
/// # Errors
/// If a factor is out of its range.
pub(super) fn value(mut text: &str, start: usize) -> Result<(&str, Vec<Weight>), QueryError> {
    let mut weights = Vec::new();
    loop {
        let mut rest = text.trim_end_matches([',', ';', ':', '!', '?', '…']);
        if rest.ends_with('.') && !rest.ends_with("..") {
            rest = &rest[..rest.len() - 1];
        }
        if let Some((before, weight)) = weight_at_end(rest, start)? {
            weights.push(weight);
            rest = before;
        }
        if rest.len() == text.len() {
            weights.reverse();
            return Ok((text, weights));
        }
        text = rest;
    }
}

/// What stands right behind a closing quote or bracket.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Behind {
    /// A distance.
    pub(super) slop: Option<u32>,
    /// The byte of the query after it, or after the quote or bracket.
    pub(super) slop_end: usize,
    /// The byte after all of it.
    pub(super) end: usize,
    pub(super) weights: Vec<Weight>,
}

impl Behind {
    /// Reads the signs behind what closes at a byte of the query. Only a phrase has a distance.
    ///
    /// # Errors
    /// If a number is missing or out of its range, or a sign stands where it means nothing.
    pub(super) fn read(text: &str, start: usize, phrase: bool) -> Result<Self, QueryError> {
        let text = text.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '~');
        let mut behind = Self { slop: None, slop_end: start, end: start, weights: Vec::new() };
        let mut signs = text;
        while let Some((rest, weight)) = weight_at_end(signs, start)? {
            behind.weights.push(weight);
            signs = rest;
        }
        behind.weights.reverse();
        let span = start..start + text.len();
        if let Some(number) = signs.strip_prefix('~').filter(|number| number.bytes().all(|b| b.is_ascii_digit())) {
            if !phrase && number.is_empty() {
                return Ok(Self { slop: None, slop_end: start, end: start, weights: Vec::new() });
            }
            if !phrase {
                return Err(QueryError::new(
                    format!("{signs} has no quoted words before it"),
                    span,
                    "a distance stands behind a phrase: \"gendarmes tués\"~5",
                ));
            }
            behind.slop_end = start + signs.len();
            behind.slop = number.parse().ok().filter(|slop| *slop <= MOST_APART);
            if behind.slop.is_none() {
                return Err(QueryError::new(
                    format!("{signs} is not a distance"),
                    start..behind.slop_end,
                    format!("write how many other words may stand among them, from ~0 to ~{MOST_APART}"),
                ));
            }
        } else if signs.starts_with(['~', '^']) && signs[1..].starts_with(|c: char| c.is_ascii_digit()) {
            return Err(QueryError::new(
                format!("{text} cannot be read here"),
                span,
                "a distance comes first, then a factor: \"gendarmes tués\"~5^2",
            ));
        } else if !signs.is_empty() {
            return Ok(Self { slop: None, slop_end: start, end: start, weights: Vec::new() });
        }
        behind.end = start + text.len();
        Ok(behind)
    }
}

/// Whether a word can end so: with a letter, a digit, their marks, or the apostrophe of an elision (`l'« État »`).
fn ends_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || is_apostrophe(c)
}

/// Letters and digits at the end of a text.
fn letters_at_end(text: &str) -> usize {
    let run = text.chars().rev().take_while(|&c| c.is_alphanumeric() || is_combining_mark(c));
    run.filter(|c| c.is_alphanumeric()).take(LEAST_LETTERS).count()
}

/// A word and the edits that it may differ by.
fn fuzzy(text: &str, start: usize) -> Result<Option<(&str, u8)>, QueryError> {
    let signed = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let Some(word) = signed.strip_suffix('~').filter(|word| letters_at_end(word) > 0) else { return Ok(None) };
    let number = &text[signed.len()..];
    match if number.is_empty() { Ok(1) } else { number.parse() } {
        Ok(edits @ 1..=MOST_EDITS) => Ok(Some((word, edits))),
        _ => Err(QueryError::new(
            format!("~{number} is not a number of edits"),
            start + word.len()..start + text.len(),
            "write ~1 or ~2 behind a word; more words between others are \"gendarmes tués\"~5",
        )),
    }
}

/// The factor at the end of a text that stands at a byte of the query, and what is before it.
fn weight_at_end(text: &str, start: usize) -> Result<Option<(&str, Weight)>, QueryError> {
    let signed = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
    let number = text[signed.len()..].replace(',', ".");
    let (Some(rest), Ok(number)) = (signed.strip_suffix('^'), number.parse()) else { return Ok(None) };
    let span = start + rest.len()..start + text.len();
    match Factor::new(number) {
        Some(factor) => Ok(Some((rest, (factor, span)))),
        None => Err(QueryError::new(
            format!("{} is not a factor", &text[rest.len()..]),
            span,
            "write one from ^0.01 to ^1000; ^1 changes nothing",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A word as it is read: text, form, factors.
    fn read(word: &str) -> String {
        match Signed::read(word, 0, true) {
            Ok(signed) => {
                assert!(word.is_char_boundary(signed.end) && word.starts_with(signed.text));
                let weights: Vec<_> = signed.weights.iter().map(|(factor, _)| factor.get().to_string()).collect();
                format!("{} {:?} {}", signed.text, signed.form, weights.join(" ")).trim_end().to_owned()
            }
            Err(error) => error.message,
        }
    }

    #[test]
    fn signs_are_read_behind_words() {
        for (word, want) in [
            ("djihad*", "djihad Prefix"),
            ("djihad*,", "djihad Prefix"),
            ("djihad*^2", "djihad Prefix 2"),
            ("frappe~", "frappe Fuzzy(1)"),
            ("frappe~2^1,5;", "frappe Fuzzy(2) 1.5"),
            ("mot^.5", "mot Plain 0.5"),
            ("mot^2^3", "mot Plain 2 3"),
            ("l'ar*", "l'ar Prefix"),
            ("frappe~1*", "frappe Fuzzy(1)"),
        ] {
            assert_eq!(read(word), want, "{word}");
        }
    }

    #[test]
    fn what_says_nothing_is_punctuation() {
        for (word, want) in [
            ("Mopti.", "Mopti"),
            ("O.N.U.", "O.N.U"),
            ("l'", "l'"),
            ("l’armée", "l’armée"),
            ("tue\u{301},", "tue\u{301}"),
            ("a*", "a"),
            ("d'a*", "d'a"),
            ("mot^", "mot"),
            ("mot*~", "mot"),
            ("mot^deux", "mot^deux"),
            ("x~y", "x~y"),
            ("100%", "100"),
            ("mot^1.2.3", "mot^1.2.3"),
        ] {
            assert_eq!(read(word), format!("{want} Plain"), "{word}");
        }
        assert_eq!(Signed::read("gras**", 0, false).unwrap().form, Form::Plain);
    }

    #[test]
    fn numbers_have_bounds() {
        for word in ["mot^0", "mot^5000", "mot~3", "mot~0", "mot~12345678901234567890"] {
            assert!(read(word).contains(" is not a "), "{word}: {}", read(word));
        }
        let error = Signed::read("mot^0", 10, true).unwrap_err();
        assert_eq!(error.span, 13..15);
    }

    #[test]
    fn values_keep_their_points() {
        for (text, want) in
            [("JNIM,", "JNIM"), ("2024..", "2024.."), ("2024.", "2024"), ("rfi.fr^2", "rfi.fr"), ("a?!", "a")]
        {
            assert_eq!(value(text, 0).unwrap().0, want, "{text}");
        }
    }

    #[test]
    fn behind_a_quote_stand_a_distance_and_a_factor() {
        let read =
            |text: &str| Behind::read(text, 0, true).map(|behind| (behind.slop, behind.weights.len(), behind.end));
        assert_eq!(read("~5"), Ok((Some(5), 0, 2)));
        assert_eq!(read("~5^2,5,"), Ok((Some(5), 1, 6)));
        assert_eq!(read("^2"), Ok((None, 1, 2)));
        assert_eq!(read("~x"), Ok((None, 0, 0)));
        assert!(read("~").is_err() && read("~1001").is_err() && read("^2~5").is_err());
        assert!(Behind::read("~5", 0, false).is_err());
        assert_eq!(Behind::read("~", 0, false).unwrap().end, 0);
    }
}
