//! Arithmetic of days, weeks and months; nothing where the calendar ends.

use chrono::{Datelike, Months, NaiveDate, TimeDelta, Weekday};

use crate::date::{DateSpan, Precision};

/// A leap year.
const LEAP: i32 = 2024;

/// The most years between two days of February 29.
const LEAP_GAP: i32 = 8;

/// A day that comes back each year, except February 29.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct YearDay {
    month: u32,
    day: u32,
}

impl YearDay {
    /// Nothing where no year has it.
    pub(super) fn new(month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(LEAP, month, day).map(|_| Self { month, day })
    }

    pub(super) fn of(self, year: i32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, self.month, self.day)
    }

    /// The last one on or before a day.
    pub(super) fn until(self, day: NaiveDate) -> Option<NaiveDate> {
        (0..=LEAP_GAP).filter_map(|back| self.of(day.year().checked_sub(back)?)).find(|found| *found <= day)
    }

    /// The first one after a day.
    pub(super) fn after(self, day: NaiveDate) -> Option<NaiveDate> {
        (0..=LEAP_GAP).filter_map(|on| self.of(day.year().checked_add(on)?)).find(|found| *found > day)
    }
}

/// So many days from a day.
pub(super) fn shift(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    day.checked_add_signed(TimeDelta::try_days(days)?)
}

/// So many months from a day; the last day of a shorter month.
pub(super) fn shift_months(day: NaiveDate, months: i64) -> Option<NaiveDate> {
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    if months < 0 { day.checked_sub_months(count) } else { day.checked_add_months(count) }
}

/// The last such weekday on or before a day.
pub(super) fn weekday_until(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    shift(day, -i64::from(day.weekday().days_since(weekday)))
}

/// The first such weekday on or after a day.
pub(super) fn weekday_from(day: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    shift(day, i64::from(weekday.days_since(day.weekday())))
}

/// From `before` days before a day to `after` after it, none of them known to be meant.
pub(super) fn about(day: NaiveDate, before: i64, after: i64) -> Option<DateSpan> {
    Some(DateSpan { from: shift(day, -before)?, to: shift(day, after)?, precision: Precision::Month })
}

/// The days from one to another, each known.
pub(super) fn span(from: NaiveDate, to: NaiveDate) -> DateSpan {
    DateSpan { from, to, precision: Precision::Day }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn finds_the_years_of_a_day() {
        let leap = YearDay::new(2, 29).unwrap();
        assert_eq!(leap.until(day("2023-05-01")), Some(day("2020-02-29")));
        assert_eq!(leap.after(day("2024-02-29")), Some(day("2028-02-29")));
        assert_eq!(YearDay::new(6, 31), None);
        assert_eq!(YearDay::new(2, 30), None);
        let july = YearDay::new(7, 6).unwrap();
        assert_eq!(july.until(day("2025-01-09")), Some(day("2024-07-06")));
        assert_eq!(july.until(day("2024-07-06")), Some(day("2024-07-06")));
    }

    #[test]
    fn finds_weekdays() {
        assert_eq!(weekday_until(day("2025-01-09"), Weekday::Thu), Some(day("2025-01-09")));
        assert_eq!(weekday_until(day("2025-01-09"), Weekday::Fri), Some(day("2025-01-03")));
        assert_eq!(weekday_from(day("2025-01-09"), Weekday::Wed), Some(day("2025-01-15")));
    }

    #[test]
    fn ends_with_the_calendar() {
        assert_eq!(shift(NaiveDate::MAX, 1), None);
        assert_eq!(shift_months(NaiveDate::MIN, -1), None);
        assert_eq!(about(NaiveDate::MIN, 3, 3), None);
        assert_eq!(YearDay::new(1, 1).unwrap().after(NaiveDate::MAX), None);
    }
}
