//! Days told by their number without the name of a month: « mardi 7 », « dans la nuit du 6 au 7 », « le 12 du mois ».

use chrono::{Datelike, NaiveDate};

use super::calendar::{shift, span};
use super::days::{Lead, Spot};
use super::forms::{Found, Month, Point};
use super::lexicon::{Look, follows_day, look};
use super::reader::{Gap, Reader};
use super::resolve::Context;
use super::{DateRule, Why};
use crate::date::DateSpan;

/// How far from publication such a day is looked for, in days: about two months.
const REACH: i64 = 62;

/// The most days from the first to the last of a span that tells no month.
const LONGEST_SPAN: i64 = 30;

impl Reader<'_, '_> {
    /// Gives the last of some days its month as one to be looked for, where its number can only be that of a day.
    pub(super) fn number_without_month(&self, spots: &mut [Spot], lead: Lead, is_range: bool) -> bool {
        let [before @ .., last] = spots else { return false };
        let is_night = match before {
            [first] if lead == Lead::Night && is_range => are_neighbours(&first.point, &last.point),
            _ => false,
        };
        if !is_night && (last.point.weekday.is_none() || !self.is_no_count(last.end)) {
            return false;
        }
        last.point.month = Some(Month::Nearest);
        if let Some(look) = look(self.next(last.end)) {
            last.point.look = look;
            last.end += 1;
        }
        true
    }

    /// « courant », « du mois en cours », « de ce mois », « du mois dernier » at `at`: months from that of writing.
    pub(super) fn month_of_writing(&self, at: usize) -> Option<(i32, usize)> {
        let words = [self.next(at), self.next(at + 1), self.next(at + 2), self.next(at + 3)];
        match words {
            ["courant", ..] => Some((0, at + 1)),
            ["du", "mois", "en", "cours"] => Some((0, at + 4)),
            ["du", "mois", "courant", _] | ["de", "ce", "mois", _] => Some((0, at + 3)),
            ["du", "mois", "dernier" | "passe" | "ecoule", _] => Some((-1, at + 3)),
            ["du", "mois", "prochain", _] => Some((1, at + 3)),
            _ => None,
        }
    }

    /// Where « du mois » ends that begins at `at` and says of no other month: « du mois de mai », « du mois suivant ».
    pub(super) fn same_month(&self, at: usize) -> Option<usize> {
        let end = at + 2;
        let other = self.has_complement(end) || look(self.next(end)).is_some() || self.month_at(end).is_some();
        (self.next(at) == "du" && self.next(at + 1) == "mois" && !other).then_some(end)
    }

    /// Whether what stands at `at` cannot be counted by a number before it: a sign, an end, a word that begins another
    /// part of the sentence, a verb.
    fn is_no_count(&self, at: usize) -> bool {
        let rest = &self.text[self.end(at)..];
        let trimmed = rest.trim_start();
        let Some(sign) = trimmed.chars().next() else { return true };
        if !sign.is_alphanumeric() {
            // « 7,5 millions », « 17:30 », « 6-8 », « 7 % ».
            let after = trimmed[sign.len_utf8()..].chars().next();
            let parts =
                matches!(sign, ',' | '.' | ':' | ';' | '!' | '?' | '…' | '(' | ')' | '«' | '»' | '"' | '”' | '[' | ']');
            let dash = matches!(sign, '-' | '–' | '—') && trimmed.len() < rest.len();
            return (parts || dash) && !after.is_some_and(|after| after.is_ascii_digit());
        }
        if self.gap(at) != Gap::Space {
            return true;
        }
        let elision = self.elision(at).to_lowercase();
        if !elision.is_empty() {
            return matches!(elision.as_str(), "l" | "lorsqu" | "s");
        }
        let word = self.word(at);
        // « mardi 7 à 10 soldats », but « mardi 7 à 10 heures ».
        let counts_on = matches!(word, "a" | "contre" | "sur")
            && self.next(at + 1).starts_with(|c: char| c.is_ascii_digit())
            && self.hour_after(at) == at;
        !counts_on && (follows_day(word) || look(word).is_some() || self.is_future(at))
    }
}

/// Whether two days may be an evening and the morning after it.
fn are_neighbours(first: &Point, last: &Point) -> bool {
    match (first.day, last.day) {
        (Some(first), Some(1)) => first >= 28,
        (Some(first), Some(last)) => first + 1 == last,
        _ => false,
    }
}

/// Whether a day has all that a point tells of it.
fn fits(point: &Point, day: NaiveDate) -> bool {
    let month = match point.month {
        Some(Month::Named(month)) => month == day.month(),
        _ => true,
    };
    month
        && point.day.is_none_or(|number| number == day.day())
        && point.weekday.is_none_or(|weekday| weekday == day.weekday())
        && point.year.is_none_or(|year| year == day.year())
}

impl Context<'_, '_, '_> {
    /// The day of a number without a month.
    pub(super) fn numbered_day(&self, point: &Point, found: &Found) -> Result<NaiveDate, Why> {
        self.nearest(point.look, found, |day| fits(point, day))
    }

    /// A span whose last day is such a day: « du 6 au 7 » of a night, « du lundi 6 au mercredi 8 ».
    pub(super) fn numbered_span(&self, from: &Point, to: &Point, found: &Found) -> Result<DateSpan, Why> {
        let longest = if found.rule == DateRule::Night { 1 } else { LONGEST_SPAN };
        let first = |last| (1..=longest).filter_map(|back| shift(last, -back)).find(|&day| fits(from, day));
        let last = self.nearest(to.look, found, |day| fits(to, day) && first(day).is_some())?;
        Ok(span(first(last).ok_or(Why::NotNear)?, last))
    }

    /// The nearest day that `is` the one told, on the side of publication that the text looks to.
    fn nearest(&self, look: Look, found: &Found, is: impl Fn(NaiveDate) -> bool) -> Result<NaiveDate, Why> {
        let search = |from: NaiveDate, mut steps: std::ops::RangeInclusive<i64>, way: i64| {
            steps.find_map(|step| shift(from, way * step).filter(|&day| is(day))).ok_or(Why::NotNear)
        };
        if look == Look::Following {
            let (_, told) = self.story.ok_or(Why::NoDayBefore)?;
            return search(told, 1..=REACH, 1);
        }
        let writing = self.writing.ok_or(Why::NoPublication)?;
        match look {
            Look::Next => search(writing, 1..=REACH, 1),
            Look::Last | Look::LastWeek => search(writing, 1..=REACH, -1),
            Look::Yesterday => search(writing, 1..=1, -1),
            Look::Open | Look::This if self.reader.is_to_come(found) => search(writing, 0..=REACH, 1),
            Look::This => {
                let (past, future) = (search(writing, 0..=REACH, -1), search(writing, 1..=REACH, 1));
                past.into_iter().chain(future).min_by_key(|day| (*day - writing).abs()).ok_or(Why::NotNear)
            }
            Look::Open | Look::Following => search(writing, 0..=REACH, -1),
        }
    }
}
