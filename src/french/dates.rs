//! Date expressions of a French report: where they stand, and which days they mean.
//!
//! Two passes. The first reads forms (`forms`: what is written, by `days`, `digits`, `periods` and `relative`), each from the
//! word that makes it a date (a number, a month, a weekday, « veille », « nuit » …) outwards; whether a word does is among
//! its terms, looked up once for all places where it stands. The second turns forms into days, in the order of the text (`resolve`):
//! against the publication day, else against a full date before them, else not at all, and says why.
//!
//! Hours are no part of a date. What is known to a week, or to « ces derniers jours », has the bounds of that time
//! and the precision of a month: no day of it is known.

mod calendar;
mod clause;
mod days;
mod digits;
mod forms;
mod lexicon;
mod numbered;
mod periods;
mod reader;
mod relative;
mod resolve;
mod units;

pub(super) use lexicon::{Core, core};

use std::fmt;
use std::ops::Range;

use chrono::NaiveDate;

use super::Token;
use crate::date::DateSpan;

/// One date expression of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateMention {
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The form that was read.
    pub rule: DateRule,
    /// The days that it means.
    pub reading: Reading,
}

/// The form of a date expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateRule {
    /// Day, month and year: « 8 janvier 2025 », « 08/01/2025 ».
    Full,
    /// Day and month: « le 9 janvier ».
    DayMonth,
    /// A day of the week: « mardi dernier », « mardi 7 ».
    Weekday,
    /// By its distance to another day: « hier », « la veille », « il y a deux jours ».
    Relative,
    /// A night: « dans la nuit du 3 au 4 mai ».
    Night,
    /// From one day to another: « du 5 au 7 juin ».
    Range,
    /// One month or more: « mi-mars », « de mai à octobre 2019 ».
    Month,
    /// One year or more: « début 2024 ».
    Year,
    /// A time without a day of its own: « la semaine dernière », « ces derniers jours ».
    Vague,
}

impl DateRule {
    /// The name in outputs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::DayMonth => "day_month",
            Self::Weekday => "weekday",
            Self::Relative => "relative",
            Self::Night => "night",
            Self::Range => "range",
            Self::Month => "month",
            Self::Year => "year",
            Self::Vague => "vague",
        }
    }
}

impl fmt::Display for DateRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a date expression means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// These days, as finely as they are known.
    Days(DateSpan),
    /// No days that the text and its publication day would give.
    Unresolved(Why),
}

/// Why a date expression has no days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Why {
    /// Its year, or the day that it counts from, needs the publication day.
    #[error("no publication date")]
    NoPublication,
    /// 31 juin, or a day of a year of more than four digits.
    #[error("not a day of the calendar")]
    NotADay,
    /// « la veille » with no day before it in the text, and no publication day.
    #[error("no day before it in the text")]
    NoDayBefore,
    /// « le lendemain de l'attaque ».
    #[error("counted from an event that has no date")]
    FromEvent,
    /// Too near a day to come, and too far back in the past.
    #[error("may lie before or after the publication date")]
    PastOrFuture,
    /// « lundi 7 », where no such Monday is near.
    #[error("no such day near the publication date")]
    NotNear,
    /// « du 7 au 5 juin 2024 ».
    #[error("ends before it starts")]
    Backwards,
}

/// The date expressions of `text`, whose tokens are `tokens`: in order, never overlapping, the longest reading of
/// each. `published` is the day of publication where it is known; news looks back from it.
///
/// Ranges are bytes of `text`, half-open, on character boundaries.
#[must_use]
pub fn dates(text: &str, tokens: &[Token<'_>], published: Option<NaiveDate>) -> Vec<DateMention> {
    dates_outside(text, tokens, published, &[])
}

/// The same as [`dates`], leaving out what touches one of the byte ranges `taken`: a name owns the date in it
/// (Plateforme du 14 juin 2014).
#[must_use]
pub fn dates_outside(
    text: &str,
    tokens: &[Token<'_>],
    published: Option<NaiveDate>,
    taken: &[Range<usize>],
) -> Vec<DateMention> {
    let reader = reader::Reader::new(text, tokens);
    let mut found = forms::read(&reader);
    let mut taken = taken.to_vec();
    taken.sort_unstable_by_key(|name| name.start);
    // Names do not overlap: the last that begins before a form ends is the only one that can touch it.
    found.retain(|form| {
        let before = taken.partition_point(|name| name.start < form.end);
        taken[..before].last().is_none_or(|name| form.start >= name.end)
    });
    resolve::resolve(&reader, &found, published)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::french::Analyzer;

    fn check(text: &str, published: Option<NaiveDate>) {
        let tokens = Analyzer::new().analyze(text);
        let mut end = 0;
        for mention in dates(text, &tokens, published) {
            assert!(mention.start >= end && mention.start < mention.end, "{text:?} {mention:?}");
            assert!(text.get(mention.start..mention.end).is_some(), "{text:?} {mention:?}");
            if let Reading::Days(span) = mention.reading {
                assert!(span.from <= span.to, "{text:?} {mention:?}");
            }
            end = mention.end;
        }
    }

    #[test]
    fn what_is_taken_is_left_out() {
        let text = "La Plateforme du 14 juin 2014 a parlé le 3 mai 2021.";
        let tokens = Analyzer::new().analyze(text);
        let surfaces = |taken: &[Range<usize>]| -> Vec<String> {
            dates_outside(text, &tokens, None, taken).iter().map(|m| text[m.start..m.end].to_owned()).collect()
        };
        assert_eq!(surfaces(&[]), ["le 3 mai 2021"]);
        assert_eq!(surfaces(std::slice::from_ref(&(40..43))), Vec::<String>::new());
    }

    #[test]
    fn years_at_the_ends_of_the_calendar_do_not_panic() {
        for text in
            ["hier, il y a 99 ans, la veille, la semaine dernière, ce 29 février", "dans la nuit du 1er au 2 mai"]
        {
            for day in [NaiveDate::MIN, NaiveDate::MAX] {
                check(text, Some(day));
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_keeps_the_order_and_the_boundaries(text in "\\PC{0,80}", day in -800_000..800_000_i32) {
            check(&text, NaiveDate::from_num_days_from_ce_opt(day));
        }

        #[test]
        fn words_of_dates_in_any_order_keep_them_too(
            words in proptest::collection::vec(proptest::sample::select(PIECES.to_vec()), 0..14),
            glue in proptest::sample::select(vec![" ", "\u{a0}", "\n", "-", ", ", "", "/", "’", ". ", " ("]),
            day in proptest::option::of(700_000..760_000_i32),
        ) {
            check(&words.join(glue), day.and_then(NaiveDate::from_num_days_from_ce_opt));
            check(&words.join(" "), day.and_then(NaiveDate::from_num_days_from_ce_opt));
        }
    }

    const PIECES: &[&str] = &[
        "le",
        "les",
        "du",
        "au",
        "de",
        "à",
        "et",
        "entre",
        "en",
        "ce",
        "cette",
        "la",
        "dans",
        "nuit",
        "veille",
        "hier",
        "lundi",
        "dimanche",
        "dernier",
        "prochain",
        "3",
        "31",
        "30",
        "29",
        "1er",
        "12",
        "mai",
        "février",
        "déc.",
        "2024",
        "2021",
        "1999",
        "08/01/2025",
        "2025-01-08",
        "il",
        "y",
        "a",
        "deux",
        "semaines",
        "jours",
        "après",
        "mois",
        "courant",
        "soir",
        "même",
        "jour",
        "d’",
        "l’",
        "lendemain",
        "avant",
        "vers",
        "17h30",
        "week-end",
        "aujourd’hui",
        "depuis",
        "début",
        "mi",
        "é",
        "sera",
        ",",
        "31.12.24",
        "derniers",
        "ans",
        "semestre",
        "été",
    ];
}
