//! Days and spans of days, with the precision in which they were given.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// How finely a date is known. A month is never told as its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// One or more whole days, each of them known.
    Day,
    /// Known to the month.
    Month,
    /// Known to the year.
    Year,
}

impl Precision {
    /// From the finest.
    pub(crate) const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];
}

/// A span of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DateSpan {
    /// First day.
    pub from: NaiveDate,
    /// Last day, not before the first.
    pub to: NaiveDate,
    /// How finely the span is known.
    pub precision: Precision,
}

/// A range to filter by; an open end has no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DateRange {
    /// First day, included.
    pub from: Option<NaiveDate>,
    /// Last day, included.
    pub to: Option<NaiveDate>,
}

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// None of the forms that are read.
    #[error(
        "“{0}” is not a date; write 2024, 2024-08, 2024-08-15, 15/08/2024, 15 août 2024, or a range such as 2024-08..2024-10"
    )]
    Form(String),
    /// A day that no calendar has.
    #[error("“{0}” is not a day of the calendar")]
    Calendar(String),
    /// The end stands before the start.
    #[error("“{0}” ends before it starts")]
    Order(String),
}

/// French month names, folded (no accents), with the common short forms of the press.
pub(crate) const MONTHS: [(&str, u32); 23] = [
    ("janvier", 1),
    ("janv", 1),
    ("jan", 1),
    ("fevrier", 2),
    ("fevr", 2),
    ("fev", 2),
    ("mars", 3),
    ("avril", 4),
    ("avr", 4),
    ("mai", 5),
    ("juin", 6),
    ("juillet", 7),
    ("juil", 7),
    ("aout", 8),
    ("septembre", 9),
    ("sept", 9),
    ("octobre", 10),
    ("oct", 10),
    ("novembre", 11),
    ("nov", 11),
    ("decembre", 12),
    ("dec", 12),
    ("dece", 12),
];

/// French names of the days of the week, folded, with the short forms of the press. Sorted.
pub(crate) const WEEKDAYS: [(&str, Weekday); 14] = [
    ("dim", Weekday::Sun),
    ("dimanche", Weekday::Sun),
    ("jeu", Weekday::Thu),
    ("jeudi", Weekday::Thu),
    ("lun", Weekday::Mon),
    ("lundi", Weekday::Mon),
    ("mar", Weekday::Tue),
    ("mardi", Weekday::Tue),
    ("mer", Weekday::Wed),
    ("mercredi", Weekday::Wed),
    ("sam", Weekday::Sat),
    ("samedi", Weekday::Sat),
    ("ven", Weekday::Fri),
    ("vendredi", Weekday::Fri),
];

/// The day of the week of a French name, by its folded name or short form (without the stop).
#[must_use]
pub fn weekday(folded: &str) -> Option<Weekday> {
    WEEKDAYS.binary_search_by_key(&folded, |&(name, _)| name).ok().map(|at| WEEKDAYS[at].1)
}

/// The number of a French month, from 1, by its folded name or short form (without the stop).
#[must_use]
pub fn month_number(folded: &str) -> Option<u32> {
    MONTHS.iter().find(|(name, _)| *name == folded).map(|&(_, number)| number)
}

impl DateSpan {
    /// One day.
    #[must_use]
    pub fn day(day: NaiveDate) -> Self {
        Self { from: day, to: day, precision: Precision::Day }
    }

    /// A whole month, or nothing where the calendar has no such month.
    #[must_use]
    pub fn month(year: i32, month: u32) -> Option<Self> {
        let from = NaiveDate::from_ymd_opt(year, month, 1)?;
        let to = from.checked_add_months(Months::new(1))?.checked_sub_days(Days::new(1))?;
        Some(Self { from, to, precision: Precision::Month })
    }

    /// A whole year.
    #[must_use]
    pub fn year(year: i32) -> Option<Self> {
        let from = NaiveDate::from_ymd_opt(year, 1, 1)?;
        Some(Self { from, to: NaiveDate::from_ymd_opt(year, 12, 31)?, precision: Precision::Year })
    }

    /// Whether all its days are of the years 0 to 9999, which are those that a date is written with.
    #[must_use]
    pub fn is_written(self) -> bool {
        let years = 0..=9999;
        years.contains(&self.from.year()) && years.contains(&self.to.year())
    }

    /// The facet of the span: `/2024/08/15`, `/2024/08`, `/2024`, by the finest unit that holds all of it.
    ///
    /// Nothing for a span that crosses the end of a year.
    #[must_use]
    pub fn facet(&self) -> Option<crate::facet::FacetPath> {
        let (from, to) = (self.from, self.to);
        if from.year() != to.year() {
            return None;
        }
        let text = if self.precision == Precision::Day && from == to {
            from.format("%Y/%m/%d").to_string()
        } else if self.precision <= Precision::Month && from.month() == to.month() {
            from.format("%Y/%m").to_string()
        } else {
            from.format("%Y").to_string()
        };
        text.parse().ok()
    }
}

impl fmt::Display for DateSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.precision {
            Precision::Year if self.from.year() == self.to.year() => write!(f, "{}", self.from.format("%Y")),
            Precision::Month if (self.from.year(), self.from.month()) == (self.to.year(), self.to.month()) => {
                write!(f, "{}", self.from.format("%Y-%m"))
            }
            _ if self.from == self.to => write!(f, "{}", self.from),
            _ => write!(f, "{}..{}", self.from, self.to),
        }
    }
}

impl FromStr for DateSpan {
    type Err = DateError;

    /// Reads `2024`, `2024-08`, `2024-08-15`, a date-time (of which the day is kept), `août 2024`, `15 août 2024`,
    /// `1er mars 2024`, or two of them joined by `..`.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let text = text.trim();
        if let Some((from, to)) = text.split_once("..") {
            let (from, to) = (single(from)?, single(to)?);
            if to.to < from.from {
                return Err(DateError::Order(text.to_owned()));
            }
            return Ok(Self { from: from.from, to: to.to, precision: from.precision.max(to.precision) });
        }
        single(text)
    }
}

impl DateRange {
    /// The overlap of two ranges; it may hold no day at all.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { from: self.from.into_iter().chain(other.from).max(), to: self.to.into_iter().chain(other.to).min() }
    }

    /// Whether no bound is set.
    #[must_use]
    pub fn is_open(self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
}

impl FromStr for DateRange {
    type Err = DateError;

    /// Reads what [`DateSpan`] reads, and ranges with an open end: `2024-08..`, `..2024`.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let text = text.trim();
        let end = |part: &str| if part.trim().is_empty() { Ok(None) } else { single(part).map(Some) };
        if let Some((from, to)) = text.split_once("..") {
            let range = Self { from: end(from)?.map(|span| span.from), to: end(to)?.map(|span| span.to) };
            return match (range.from, range.to) {
                (None, None) => Err(DateError::Form(text.to_owned())),
                (Some(from), Some(to)) if to < from => Err(DateError::Order(text.to_owned())),
                _ => Ok(range),
            };
        }
        single(text).map(|span| Self { from: Some(span.from), to: Some(span.to) })
    }
}

/// One date without `..`.
fn single(text: &str) -> Result<DateSpan, DateError> {
    let text = text.trim();
    let form = || DateError::Form(text.to_owned());
    let calendar = || DateError::Calendar(text.to_owned());
    if let Some(written) = slashed(text) {
        return written;
    }
    if text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(char::is_whitespace) || is_date_time(text) {
        // What stands behind a day is a time, or nothing that belongs to a date.
        let day = text.get(..10).filter(|_| is_date_time(text)).unwrap_or(text);
        return iso(day, text);
    }
    let folded = crate::fold::fold(&text.to_lowercase());
    let mut words: Vec<&str> = folded.split_whitespace().map(|word| word.trim_end_matches('.')).collect();
    let year = words.pop().and_then(year_number).ok_or_else(form)?;
    let month = words.pop().and_then(month_number).ok_or_else(form)?;
    match words.pop() {
        None => DateSpan::month(year, month).ok_or_else(calendar),
        Some(day) if words.is_empty() => {
            let day = day.strip_suffix("er").unwrap_or(day).parse().map_err(|_| form())?;
            NaiveDate::from_ymd_opt(year, month, day).map(DateSpan::day).ok_or_else(calendar)
        }
        Some(_) => Err(form()),
    }
}

/// `15/08/2024` and `08/2024`, as French writes them; nothing where there is no slash.
fn slashed(text: &str) -> Option<Result<DateSpan, DateError>> {
    let parts: Vec<&str> = text.split('/').collect();
    let number = |part: &str, digits: std::ops::RangeInclusive<usize>| {
        let fits = digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if fits { part.parse::<u32>().ok() } else { None }
    };
    let year = |part: &str| number(part, 4..=4).and_then(|year| i32::try_from(year).ok());
    let span = match parts.as_slice() {
        [_] => return None,
        [month, of] => number(month, 1..=2).zip(year(of)).map(|(month, year)| DateSpan::month(year, month)),
        [day, month, of] => number(day, 1..=2)
            .zip(number(month, 1..=2))
            .zip(year(of))
            .map(|((day, month), year)| NaiveDate::from_ymd_opt(year, month, day).map(DateSpan::day)),
        _ => None,
    };
    let read = span.ok_or_else(|| DateError::Form(text.to_owned()));
    Some(read.and_then(|span| span.ok_or_else(|| DateError::Calendar(text.to_owned()))))
}

/// `2024-08-15 17:30` and `2024-08-15T17:30:00Z`.
fn is_date_time(text: &str) -> bool {
    text.get(..10).is_some_and(|day| day.bytes().filter(|&b| b == b'-').count() == 2)
        && text.get(10..11).is_some_and(|sep| sep == "T" || sep == " ")
        && text[11..].split_once(':').is_some_and(|(hour, _)| hour.len() <= 2 && hour.parse::<u8>().is_ok())
}

fn iso(day: &str, whole: &str) -> Result<DateSpan, DateError> {
    let form = || DateError::Form(whole.to_owned());
    let calendar = || DateError::Calendar(whole.to_owned());
    let parts: Vec<&str> = day.split('-').collect();
    let two = |part: &str| if part.len() == 2 { part.parse::<u32>().map_err(|_| form()) } else { Err(form()) };
    let year = year_number(parts[0]).ok_or_else(form)?;
    match parts[1..] {
        [] => DateSpan::year(year).ok_or_else(calendar),
        [month] => DateSpan::month(year, two(month)?).ok_or_else(calendar),
        [month, day] => NaiveDate::from_ymd_opt(year, two(month)?, two(day)?).map(DateSpan::day).ok_or_else(calendar),
        _ => Err(form()),
    }
}

/// A year of four digits.
fn year_number(text: &str) -> Option<i32> {
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> String {
        text.parse::<DateSpan>().map_or_else(|e| e.to_string(), |s| format!("{} {} {:?}", s.from, s.to, s.precision))
    }

    #[test]
    fn reads_every_documented_form() {
        for (text, want) in [
            ("2024", "2024-01-01 2024-12-31 Year"),
            ("2024-02", "2024-02-01 2024-02-29 Month"),
            ("2024-08-15", "2024-08-15 2024-08-15 Day"),
            ("2024-08-15T17:30:00+00:00", "2024-08-15 2024-08-15 Day"),
            ("2024-08-15 17:30", "2024-08-15 2024-08-15 Day"),
            ("15 août 2024", "2024-08-15 2024-08-15 Day"),
            ("15/08/2024", "2024-08-15 2024-08-15 Day"),
            ("8/2024", "2024-08-01 2024-08-31 Month"),
            ("1er MARS 2024", "2024-03-01 2024-03-01 Day"),
            ("aout 2024", "2024-08-01 2024-08-31 Month"),
            ("2024-08..2024-10", "2024-08-01 2024-10-31 Month"),
            ("2024-05-03..2024-05-04", "2024-05-03 2024-05-04 Day"),
        ] {
            assert_eq!(span(text), want, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "hier",
            "24-08-15",
            "2024-13",
            "2024-02-30",
            "31 juin 2024",
            "2024-8-1",
            "2025..2024",
            "é",
            "2024tués",
            "2024-08-15 3 morts",
        ] {
            assert!(text.parse::<DateSpan>().is_err(), "{text}");
        }
    }

    #[test]
    fn weekdays_are_sorted() {
        assert!(WEEKDAYS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn a_range_may_be_open() {
        let range: DateRange = "..2024".parse().unwrap();
        assert_eq!((range.from, range.to), (None, NaiveDate::from_ymd_opt(2024, 12, 31)));
        assert!("..".parse::<DateRange>().is_err());
    }

    #[test]
    fn prints_what_it_reads() {
        for text in ["2024", "2024-08", "2024-08-15", "2024-05-03..2024-05-04"] {
            assert_eq!(text.parse::<DateSpan>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn the_facet_is_never_finer_than_the_date() {
        for (text, want) in [
            ("2024", "/2024"),
            ("2024-08", "/2024/08"),
            ("2024-08-15", "/2024/08/15"),
            ("2024-05-03..2024-05-04", "/2024/05"),
            ("2024-05-31..2024-06-01", "/2024"),
        ] {
            assert_eq!(text.parse::<DateSpan>().unwrap().facet().unwrap().to_string(), want, "{text}");
        }
        assert_eq!("2023-12-31..2024-01-01".parse::<DateSpan>().unwrap().facet(), None);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,20}|[0-9T .:-]{0,24}") {
            let _ = text.parse::<DateSpan>();
            let _ = text.parse::<DateRange>();
        }
    }
}
