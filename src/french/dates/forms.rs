//! What was written, before it is known which days it means; and the walk over a text that reads it.

use chrono::Weekday;

use super::DateRule;
use super::lexicon::{Core, Look, Unit};
use super::reader::Reader;

/// A date expression and its place.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    /// First token, and one past the last.
    pub(super) tokens: (usize, usize),
    pub(super) rule: DateRule,
    pub(super) form: Form,
}

/// A day as far as it is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) weekday: Option<Weekday>,
    pub(super) day: Option<u32>,
    pub(super) month: Option<Month>,
    pub(super) year: Option<i32>,
    pub(super) look: Look,
}

/// Which month a day is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Month {
    /// By its name.
    Named(u32),
    /// « courant », « du mois en cours », « du mois dernier »: so many months from that of writing.
    FromWriting(i32),
    /// « du mois »: that of writing, if the day has come.
    Running,
    /// Not told: that of the nearest day with its number.
    Nearest,
}

/// What a distance is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// The day of writing.
    Writing,
    /// The last day told before it.
    LastDay,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Day(Point),
    Days(Point, Point),
    /// A month of a year, told or not.
    Month(u32, Option<i32>, Look),
    Months((u32, Option<i32>), (u32, Option<i32>)),
    Years(i32, i32),
    /// So many days from a day.
    Offset(i64, From),
    /// The night before the day of writing.
    LastNight,
    /// « dans la nuit » alone: of the last day told, else the last night.
    SomeNight,
    /// So many units from a day; days are exact, all else is not.
    Distance(i64, Unit, From),
    /// A whole unit, so many from that of writing.
    Whole(Unit, i64),
    /// The units just before the day of writing.
    Lately(Unit),
    Weekend(Look),
    /// Counted from an event without a date.
    FromEvent,
}

/// The forms of a text, in order, never overlapping.
pub(super) fn read(reader: &Reader<'_, '_>) -> Vec<Found> {
    let mut finder = Finder { reader, found: Vec::new(), floor: 0 };
    let mut at = 0;
    while let Some(token) = reader.tokens.get(at) {
        let next = token.terms.core.map_or(at, |core| finder.read(at, core));
        at = next.max(at + 1);
    }
    finder.found
}

/// The forms found so far.
pub(super) struct Finder<'r, 'a, 't> {
    pub(super) reader: &'r Reader<'a, 't>,
    pub(super) found: Vec<Found>,
    /// The first token that no mention has.
    pub(super) floor: usize,
}

impl Finder<'_, '_, '_> {
    /// Reads what the core at `at` is part of; returns the first token after it.
    fn read(&mut self, at: usize, core: Core) -> usize {
        match core {
            Core::Number => self.numeric(at).or_else(|| self.days(at)).unwrap_or_else(|| self.years(at)),
            Core::Weekday(_) | Core::First => self.days(at).unwrap_or(at),
            Core::Month => self.months(at),
            Core::Night => self.night(at),
            Core::Yesterday => self.yesterday(at),
            Core::Today => self.today(at),
            Core::PartOfDay => self.part_of_day(at),
            Core::Eve => self.eve(at),
            Core::DayAfter(days) => self.day_after(at, days),
            Core::Same => self.same(at),
            Core::Unit(unit, count) => self.unit(at, unit, count),
            Core::Weekend => self.weekend(at),
        }
    }

    /// Keeps a form over the tokens from `first` to before `end`; returns `end`.
    pub(super) fn keep(&mut self, first: usize, end: usize, rule: DateRule, form: Form) -> usize {
        let first = first.max(self.floor);
        let (start, mut stop) = (self.reader.start(first), self.reader.end(end));
        // « vendredi (25 juin 2021) » with both brackets.
        let text = self.reader.text;
        let opened = text.get(start..stop).is_some_and(|form| form.contains('('));
        stop += usize::from(opened && text[stop..].starts_with(')'));
        self.found.push(Found { start, end: stop, tokens: (first, end), rule, form });
        self.floor = end;
        end
    }

    /// The word `count` places before `at`, where only space stands between and no mention has it.
    pub(super) fn back(&self, at: usize, count: usize) -> &str {
        if at < self.floor + count { "" } else { self.reader.back(at, count) }
    }
}
