//! From forms to days, in the order of the text: what is not told comes from the day of writing, from a full date
//! before it, or stays open.

use chrono::{Datelike, NaiveDate, Weekday};

use super::calendar::{YearDay, shift, shift_months, span, weekday_from, weekday_until};
use super::forms::{Form, Found, From, Month, Point};
use super::lexicon::{Look, Unit};
use super::reader::Reader;
use super::units::{at_distance, lately, moved, whole};
use super::{DateMention, Reading, Why};
use crate::date::{DateSpan, Precision};

/// How far a day to come may be told without its year and without a word of the future, in days, before the same day
/// a year earlier is no longer believed either.
const SOON: i64 = 60;

/// A day so soon after publication is the one meant: pages are dated by the clock of their server.
const AT_ONCE: i64 = 2;

/// A day that « dernier » or « prochain » says to lie on the other side of publication by so few days casts doubt on
/// the day of publication.
const DOUBT: i64 = 7;

/// How far from a full date in the text a day without a year is still the nearest one, in days.
const NEAR: i64 = 120;

/// The mentions of the forms of a text.
pub(super) fn resolve(reader: &Reader<'_, '_>, found: &[Found], published: Option<NaiveDate>) -> Vec<DateMention> {
    let years: Vec<i32> = found.iter().filter_map(|found| year(&found.form)).collect();
    let mut context = Context {
        reader,
        years,
        writing: published,
        newest: None,
        last: None,
        story: None,
        eve: None,
        year: None,
        full: None,
    };
    found
        .iter()
        .map(|found| {
            let reading = match context.read(found) {
                Ok(span) if span.is_written() => Reading::Days(span),
                Ok(_) => Reading::Unresolved(Why::NotADay),
                Err(why) => Reading::Unresolved(why),
            };
            context.learn(found, reading);
            DateMention { start: found.start, end: found.end, rule: found.rule, reading }
        })
        .collect()
}

/// The last year that a form tells.
fn year(form: &Form) -> Option<i32> {
    match form {
        Form::Day(point) | Form::Days(_, point) => point.year,
        Form::Month(_, year, _) | Form::Months(_, (_, year)) => *year,
        Form::Years(_, last) => Some(*last),
        _ => None,
    }
}

/// What the text has told so far.
pub(super) struct Context<'r, 'a, 't> {
    pub(super) reader: &'r Reader<'a, 't>,
    /// The years that stand in the text.
    years: Vec<i32>,
    /// The day of publication, or one that the text tells as its own.
    pub(super) writing: Option<NaiveDate>,
    /// The newest full date so far.
    newest: Option<NaiveDate>,
    /// The last days told: those of « le même jour ».
    last: Option<(NaiveDate, NaiveDate)>,
    /// The last days told without a look back from others (« la veille », « deux jours plus tôt »): what the story
    /// goes on from.
    pub(super) story: Option<(NaiveDate, NaiveDate)>,
    /// What « le lendemain » was counted from, as long as the story stays on that day.
    eve: Option<(NaiveDate, NaiveDate)>,
    /// The last year told.
    year: Option<i32>,
    /// The last full date that is the time of its sentence, not an attribute (« l'accord du … »), and its end.
    full: Option<(NaiveDate, usize)>,
}

/// The calendar ends somewhere.
fn known<T>(day: Option<T>) -> Result<T, Why> {
    day.ok_or(Why::NotADay)
}

impl Context<'_, '_, '_> {
    fn read(&self, found: &Found) -> Result<DateSpan, Why> {
        let writing = self.writing.ok_or(Why::NoPublication);
        match found.form {
            Form::Day(point) => self.day(&point, found).map(DateSpan::day),
            Form::Days(from, to) => self.days(&from, &to, found),
            Form::Month(month, year, look) => self.month(month, year, look, found),
            Form::Months(from, to) => self.months(from, to, found),
            Form::Years(from, to) => {
                let (from, to) = (known(DateSpan::year(from))?, known(DateSpan::year(to))?);
                Ok(DateSpan { from: from.from, to: to.to, precision: Precision::Year })
            }
            Form::Offset(days, From::Writing) => known(shift(writing?, days)).map(DateSpan::day),
            // « le lendemain … le surlendemain » count from the same day.
            Form::Offset(2, From::LastDay) if let Some((_, to)) = self.eve => known(shift(to, 2)).map(DateSpan::day),
            Form::Offset(days, From::LastDay) => self.counted_from_last(days),
            Form::LastNight => known(shift(writing?, -1)).and_then(|eve| Ok(span(eve, writing?))),
            Form::SomeNight => match self.last {
                Some((from, to)) => Ok(span(from, to)),
                None => known(shift(writing?, -1)).and_then(|eve| Ok(span(eve, writing?))),
            },
            // Days are counted from the morning after a night.
            Form::Distance(count, unit, From::LastDay) => {
                let (_, to) = self.story.ok_or(Why::NoDayBefore)?;
                self.is_told(to, count, unit, found)?;
                known(at_distance(to, count, unit))
            }
            Form::Distance(count, unit, From::Writing) => known(at_distance(writing?, count, unit)),
            Form::Whole(unit, count) => known(whole(writing?, unit, count)),
            Form::Lately(unit) => known(lately(writing?, unit)),
            Form::Weekend(look) => {
                let days = i64::from(look == Look::Next) * 7 - i64::from(look == Look::Last);
                let start = known(shift(writing?, days))?;
                let saturday = known(weekday_until(start, Weekday::Sat))?;
                // On a Sunday, the last weekend is the one before.
                let running = look == Look::Last && saturday.iso_week() == writing?.iso_week();
                let saturday = known(shift(saturday, -7 * i64::from(running)))?;
                Ok(span(saturday, known(shift(saturday, 1))?))
            }
            Form::FromEvent => Err(Why::FromEvent),
        }
    }

    /// Remembers what later dates count from.
    fn learn(&mut self, found: &Found, reading: Reading) {
        self.year = year(&found.form).or(self.year);
        let Reading::Days(days) = reading else { return };
        if days.precision != Precision::Day || self.is_birth(found) {
            return;
        }
        self.eve = match found.form {
            Form::Offset(1, From::LastDay) => self.story,
            Form::Offset(..=0, From::LastDay) | Form::Distance(..0, _, From::LastDay) => self.eve,
            _ => None,
        };
        self.last = Some((days.from, days.to));
        if !matches!(found.form, Form::Offset(..0, From::LastDay) | Form::Distance(..0, _, From::LastDay)) {
            self.story = self.last;
        }
        if let Form::Day(point) | Form::Days(_, point) = found.form
            && point.year.is_some()
        {
            self.newest = self.newest.max(Some(days.to));
            let attribute = matches!(self.reader.back(found.tokens.0, 1), "de" | "depuis" | "du" | "des");
            self.full = (!attribute).then_some((days.to, found.end));
            if self.writing.is_none() {
                self.writing = match point.look {
                    Look::This => Some(days.to),
                    Look::Yesterday => shift(days.to, 1),
                    _ => None,
                };
            }
        }
    }

    /// Whether a day is one on which someone was born.
    fn is_birth(&self, found: &Found) -> bool {
        matches!(self.reader.back(found.tokens.0, 1), "ne" | "nee" | "nes" | "nees" | "naissance")
    }

    /// So many days from the last ones told. « la veille » is that of publication where none is told.
    fn counted_from_last(&self, days: i64) -> Result<DateSpan, Why> {
        let told = if days == 0 { self.last } else { self.story };
        let writing = self.writing.filter(|_| days < 0).map(|day| (day, day));
        let (from, to) = told.or(writing).ok_or(Why::NoDayBefore)?;
        match days {
            0 => Ok(span(from, to)),
            1.. => known(shift(to, days)).map(DateSpan::day),
            _ => known(shift(from, days)).map(DateSpan::day),
        }
    }

    /// Whether so many units from a day are told as past, or of a story that is to come: what lies after publication
    /// otherwise was counted from another day.
    fn is_told(&self, from: NaiveDate, count: i64, unit: Unit, found: &Found) -> Result<(), Why> {
        let Some(writing) = self.writing.filter(|_| count > 0) else { return Ok(()) };
        let to_come = unit == Unit::Day && (from > writing || self.reader.is_to_come(found));
        let day = known(moved(from, count, unit))?;
        if day <= writing || to_come { Ok(()) } else { Err(Why::PastOrFuture) }
    }

    fn day(&self, point: &Point, found: &Found) -> Result<NaiveDate, Why> {
        match (point.day, point.month, point.year) {
            (Some(day), Some(Month::Named(month)), Some(year)) => known(NaiveDate::from_ymd_opt(year, month, day)),
            (Some(day), Some(Month::Named(month)), None) => {
                let day = known(YearDay::new(month, day))?;
                self.day_of_year(day, point, found)
            }
            (Some(day), Some(Month::FromWriting(months)), _) => {
                let writing = self.writing.ok_or(Why::NoPublication)?;
                known(shift_months(known(writing.with_day(1))?, months.into()).and_then(|first| first.with_day(day)))
            }
            (Some(_), Some(Month::Nearest), _) => self.numbered_day(point, found),
            (Some(day), Some(Month::Running), _) => {
                let writing = self.writing.ok_or(Why::NoPublication)?;
                let day = known(writing.with_day(day))?;
                if day <= writing || self.reader.is_to_come(found) { Ok(day) } else { Err(Why::PastOrFuture) }
            }
            _ => self.weekday(point.weekday.ok_or(Why::NotADay)?, point.look, found),
        }
    }

    /// A day without its year.
    fn day_of_year(&self, day: YearDay, point: &Point, found: &Found) -> Result<NaiveDate, Why> {
        if let Some(year) = self.year.filter(|_| self.is_of_same_year(found)) {
            return known(day.of(year));
        }
        let Some(writing) = self.writing else { return self.day_without_writing(day, point) };
        let doubtful = |other: Option<NaiveDate>| other.is_some_and(|day| (day - writing).num_days().abs() <= DOUBT);
        match point.look {
            Look::Last if doubtful(day.after(writing)) => return Err(Why::PastOrFuture),
            Look::Last | Look::LastWeek => return known(shift(writing, -1).and_then(|eve| day.until(eve))),
            Look::Next if doubtful(day.until(writing)) => return Err(Why::PastOrFuture),
            Look::Next => return known(day.after(writing)),
            Look::Following => {
                let (_, told) = self.story.ok_or(Why::NoDayBefore)?;
                return known(day.after(told));
            }
            Look::This | Look::Yesterday => {
                let nearest = day.until(writing).into_iter().chain(day.after(writing));
                return known(nearest.min_by_key(|day| (*day - writing).abs()));
            }
            Look::Open => {}
        }
        if let Some(told) = self.told_beside(found) {
            let days = day.until(told).into_iter().chain(day.after(told));
            return known(days.min_by_key(|day| (*day - told).abs()));
        }
        let (past, future) = (known(day.until(writing))?, day.after(writing));
        let Some(future) = future else { return Ok(past) };
        let (since, until) = ((writing - past).num_days(), (future - writing).num_days());
        if until < since && (until <= AT_ONCE || self.reader.is_to_come(found)) {
            return Ok(future);
        }
        if until > SOON {
            return Ok(past);
        }
        if until > DOUBT && self.reader.is_past(found) {
            return Ok(past);
        }
        match point.weekday.map(|weekday| (past.weekday() == weekday, future.weekday() == weekday)) {
            Some((true, false)) => Ok(past),
            Some((false, true)) => Ok(future),
            _ => Err(Why::PastOrFuture),
        }
    }

    /// « le 5 novembre de la même année ».
    fn is_of_same_year(&self, found: &Found) -> bool {
        let end = found.tokens.1;
        let words = [self.reader.next(end), self.reader.next(end + 1), self.reader.next(end + 2)];
        words == ["de", "la", "meme"] && self.reader.next(end + 3) == "annee"
    }

    /// The full date that stands before a day in the same sentence and lends it its year.
    fn told_beside(&self, found: &Found) -> Option<NaiveDate> {
        let (told, end) = self.full?;
        let between = self.reader.text.get(end..found.start)?;
        (!between.contains(['.', '!', '?', '\n'])).then_some(told)
    }

    /// A day without its year in a text of unknown day: near the newest full date before it, or where its weekday
    /// leaves one of the years of the text.
    fn day_without_writing(&self, day: YearDay, point: &Point) -> Result<NaiveDate, Why> {
        let newest_year = self.years.iter().max().copied();
        if let Some(newest) = self.newest.filter(|newest| newest_year.is_none_or(|year| year <= newest.year())) {
            let (past, future) = (day.until(newest), day.after(newest));
            let ahead = future.map_or(i64::MAX, |day| (day - newest).num_days());
            let behind = past.map_or(i64::MAX, |day| (newest - day).num_days());
            let same_year = past.is_some_and(|day| day.year() == newest.year());
            return if behind <= ahead && (same_year || behind <= NEAR) {
                known(past)
            } else if ahead <= NEAR {
                known(future)
            } else {
                Err(Why::NoPublication)
            };
        }
        let (Some(weekday), Some(newest_year)) = (point.weekday, newest_year) else { return Err(Why::NoPublication) };
        let mut agree = (newest_year - 4..=newest_year + 1).filter_map(|year| day.of(year));
        let mut agree = agree.by_ref().filter(|day| day.weekday() == weekday);
        match (agree.next(), agree.next()) {
            (Some(day), None) if self.years.contains(&day.year()) => Ok(day),
            _ => Err(Why::NoPublication),
        }
    }

    fn weekday(&self, weekday: Weekday, look: Look, found: &Found) -> Result<NaiveDate, Why> {
        if look == Look::Following {
            let (_, told) = self.story.ok_or(Why::NoDayBefore)?;
            return known(shift(told, 1).and_then(|day| weekday_from(day, weekday)));
        }
        let Some(writing) = self.writing else {
            // Beside a full date only its neighbours are certain.
            let newest = self.newest.ok_or(Why::NoPublication)?;
            let near = [0, -1, 1].into_iter().filter_map(|days| shift(newest, days));
            return near.into_iter().find(|day| day.weekday() == weekday).ok_or(Why::NoPublication);
        };
        let next = || shift(writing, 1).and_then(|day| weekday_from(day, weekday));
        known(match look {
            Look::Next => next(),
            Look::Last => shift(writing, -1).and_then(|day| weekday_until(day, weekday)),
            Look::LastWeek => {
                let week = shift(writing, -7).and_then(|day| weekday_until(day, Weekday::Mon));
                week.and_then(|monday| weekday_from(monday, weekday))
            }
            Look::Yesterday => shift(writing, -1),
            Look::Open | Look::This if self.reader.is_to_come(found) => next(),
            Look::Open | Look::This | Look::Following => weekday_until(writing, weekday),
        })
    }

    fn days(&self, from: &Point, to: &Point, found: &Found) -> Result<DateSpan, Why> {
        if to.month == Some(Month::Nearest) {
            return self.numbered_span(from, to, found);
        }
        let to_day = self.day(to, found)?;
        let from_day = match (from.day, from.month, from.year) {
            (None, ..) => {
                let weekday = from.weekday.ok_or(Why::NotADay)?;
                known(shift(to_day, -1).and_then(|day| weekday_until(day, weekday)))?
            }
            (Some(day), Some(Month::Named(month)), None) => known(known(YearDay::new(month, day))?.until(to_day))?,
            _ => self.day(from, found)?,
        };
        if from_day > to_day {
            return Err(Why::Backwards);
        }
        Ok(span(from_day, to_day))
    }

    /// A month, of its year or of the one that its middle would lie in.
    fn month(&self, month: u32, year: Option<i32>, look: Look, found: &Found) -> Result<DateSpan, Why> {
        if let Some(year) = year {
            return known(DateSpan::month(year, month));
        }
        let running = self.writing.map(|writing| (writing.year(), writing.month()));
        match (look, running) {
            (Look::Open, Some((year, own))) if own == month => known(DateSpan::month(year, month)),
            (Look::Last, Some((year, own))) => known(DateSpan::month(year - i32::from(month >= own), month)),
            (Look::Next, Some((year, own))) => known(DateSpan::month(year + i32::from(month <= own), month)),
            _ => {
                let middle = known(YearDay::new(month, 15))?;
                let day = self.day_of_year(middle, &Point { look, ..Point::default() }, found)?;
                known(DateSpan::month(day.year(), month))
            }
        }
    }

    fn months(&self, from: (u32, Option<i32>), to: (u32, Option<i32>), found: &Found) -> Result<DateSpan, Why> {
        let last = self.month(to.0, to.1, Look::Open, found)?;
        let year = from.1.unwrap_or(last.from.year() - i32::from(from.0 > to.0));
        let first = known(DateSpan::month(year, from.0))?;
        if first.from > last.to {
            return Err(Why::Backwards);
        }
        Ok(DateSpan { from: first.from, to: last.to, precision: Precision::Month })
    }
}
