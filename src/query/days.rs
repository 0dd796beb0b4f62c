//! The value of `date:`: one word, or the words of a French date.

use std::ops::Range;

use super::QueryError;
use super::lexer::chunk_end;
use super::signs::{self, Weight};
use crate::date::{DateError, DateRange};

/// The most words of a date: `1er août 2024 .. 15 août 2024`.
const MOST_WORDS: usize = 7;
/// No word of a date is longer, in bytes.
const LONGEST_WORD: usize = 40;

/// Reads the longest date that a text begins with, which stands at a byte of the query: its text, its length with what
/// is behind it in bytes, and its factors.
///
/// # Errors
/// If the text begins with no date, or a factor is out of its range.
pub(super) fn read(text: &str, start: usize) -> Result<(&str, usize, Vec<Weight>), QueryError> {
    let mut wrong = (text, DateError::Form(text.to_owned()));
    for &end in word_ends(text).iter().rev() {
        let (value, weights) = signs::value(&text[..end], start)?;
        // The last word was nothing but punctuation.
        if value.ends_with(char::is_whitespace) {
            continue;
        }
        match range(value) {
            Ok(()) => return Ok((value, end, weights)),
            // That June has no 31st says more than that « 31 » is no date.
            Err(error) if matches!(wrong.1, DateError::Form(_)) => wrong = (value, error),
            Err(_) => {}
        }
    }
    let (value, error) = wrong;
    Err(no_date(value, &error, start..start + value.len()))
}

/// Checks a date that stands between quotes.
///
/// # Errors
/// If it is none.
pub(super) fn check(value: &str, span: Range<usize>) -> Result<(), QueryError> {
    strictly(value).map_err(|error| no_date(value, &error, span))
}

fn no_date(value: &str, error: &DateError, span: Range<usize>) -> QueryError {
    let message = match error {
        DateError::Form(_) => format!("“{value}” is not a date"),
        DateError::Calendar(_) | DateError::Order(_) => error.to_string(),
    };
    let hint =
        "write 2024, 2024-08, 2024-08-15, 15 août 2024, août 2024, or a range such as 2024-08..2024-10 or 2024..";
    QueryError::new(message, span, hint)
}

/// Where the first words of a text end.
fn word_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut at = 0;
    while ends.len() < MOST_WORDS {
        let start = at + text[at..].find(|c: char| !c.is_whitespace()).unwrap_or(text.len() - at);
        let end = chunk_end(text, start);
        // The value itself is a word of any length, so that it is told whole.
        if end == start || !ends.is_empty() && end - start > LONGEST_WORD {
            break;
        }
        ends.push(end);
        at = end;
    }
    ends
}

/// Whether words without quotes are a date, or a range of them.
///
/// A day in digits stands alone: `date:2024-08-15 17 morts` has no time of day. Spaces stand on both sides of `..` or
/// on none: `date:2024.. 2025` is an open range and a word.
fn range(value: &str) -> Result<(), DateError> {
    let mixed = |part: &str| part.trim().contains(char::is_whitespace) && part.contains('-');
    let lopsided = value
        .split_once("..")
        .is_some_and(|(from, to)| from.ends_with(char::is_whitespace) != to.starts_with(char::is_whitespace));
    if lopsided || value.split("..").any(mixed) {
        return Err(DateError::Form(value.to_owned()));
    }
    strictly(value)
}

/// Whether a text is a date, or a range of them, and nothing else. [`DateRange`] does not look at what stands behind
/// a day, be it a time or not.
fn strictly(value: &str) -> Result<(), DateError> {
    let is_time = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b":.+-Zz".contains(&b));
    for part in value.split("..").map(str::trim).filter(|part| part.starts_with(|c: char| c.is_ascii_digit())) {
        let day = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
        let behind = day.strip_prefix(['T', 't']);
        let behind = behind.or_else(|| day.strip_prefix(char::is_whitespace).filter(|_| part.contains('-')));
        if behind.is_some_and(|time| !is_time(time)) {
            return Err(DateError::Form(value.to_owned()));
        }
    }
    value.parse::<DateRange>().map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_date_is_read() {
        for (text, want) in [
            ("15 août 2024 embuscade", "15 août 2024"),
            ("août\u{a0}2024, à Gao", "août\u{a0}2024"),
            ("2024 août 2025", "2024"),
            ("2024-08-15 17 morts", "2024-08-15"),
            ("2024-08-15 17:30", "2024-08-15"),
            ("1er août 2024 .. 15 août 2024 à Gao", "1er août 2024 .. 15 août 2024"),
            ("2024-08..2024-10", "2024-08..2024-10"),
            ("2024.. 2025", "2024.."),
            ("2024 .. 2025", "2024 .. 2025"),
            ("2024 ..", "2024"),
            ("2024\u{a0}?", "2024"),
            ("2024 ^2", "2024"),
            ("..15 août 2024", "..15 août 2024"),
            ("15 août \"2024\" 2024", ""),
            ("2024^2 mot", "2024"),
        ] {
            let read = read(text, 0);
            assert_eq!(read.as_ref().map_or("", |(value, ..)| value), want, "{text}");
            assert!(
                read.is_err()
                    || text[..read.unwrap().1].trim_end_matches(['.', ',', ' ', '^', '2']).len() <= want.len()
            );
        }
    }

    #[test]
    fn what_is_wrong_is_told_of_all_that_was_meant() {
        for (text, want) in [
            ("31 juin 2024 x", "31 juin 2024"),
            ("hier soir", "hier"),
            ("2024tués", "2024tués"),
            ("2025..2024", "2025..2024"),
        ] {
            let error = read(text, 3).unwrap_err();
            assert_eq!(error.span, 3..3 + want.len(), "{error:?}");
            assert!(error.message.starts_with(&format!("“{want}” ")), "{error}");
        }
    }
}
