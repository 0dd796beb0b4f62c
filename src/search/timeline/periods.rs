//! The periods of a timeline: which holds a day, which days it holds, how it is written.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate};

use crate::counts::Unit;
use crate::date::Precision;
use crate::index::{day_number, month_number};

/// A period, by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Period {
    /// Of the length asked for.
    Asked(NaiveDate),
    /// A longer one, for reports that have no finer date.
    Coarser(Precision, NaiveDate),
}

impl Period {
    /// The numbers of a column of dates of some precision that fall into it, none of them less finely known than it is long.
    pub(super) fn numbers(self, unit: Unit, precision: Precision) -> RangeInclusive<i64> {
        let days = match self {
            Self::Asked(first) => unit.days(first),
            Self::Coarser(precision, first) => Unit::from(precision).days(first),
        };
        let number = match precision {
            Precision::Day => day_number,
            Precision::Month => month_number,
            Precision::Year => |day: NaiveDate| i64::from(day.year()),
        };
        number(*days.start())..=number(*days.end())
    }
}

impl From<Precision> for Unit {
    fn from(precision: Precision) -> Self {
        match precision {
            Precision::Day => Self::Day,
            Precision::Month => Self::Month,
            Precision::Year => Self::Year,
        }
    }
}

impl Unit {
    /// The first day of the period that holds a day.
    pub(super) fn first(self, day: NaiveDate) -> NaiveDate {
        let first = match self {
            Self::Day => Some(day),
            Self::Week => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))),
            Self::Month => day.with_day(1),
            Self::Year => NaiveDate::from_yo_opt(day.year(), 1),
        };
        first.unwrap_or(day)
    }

    /// The days of the period that begins with a day.
    pub(super) fn days(self, first: NaiveDate) -> RangeInclusive<NaiveDate> {
        let next = match self {
            Self::Day => None,
            Self::Week => first.checked_add_days(Days::new(7)),
            Self::Month if first.month() < 12 => NaiveDate::from_ymd_opt(first.year(), first.month() + 1, 1),
            Self::Month | Self::Year => NaiveDate::from_yo_opt(first.year() + 1, 1),
        };
        first..=next.and_then(|next| next.pred_opt()).unwrap_or(first)
    }

    /// How many periods there are from one to another, both included, each named by its first day.
    pub(super) fn between(self, first: NaiveDate, last: NaiveDate) -> u64 {
        let steps = match self {
            Self::Day => (last - first).num_days(),
            Self::Week => (last - first).num_weeks(),
            Self::Month => month_number(last) - month_number(first),
            Self::Year => i64::from(last.year()) - i64::from(first.year()),
        };
        u64::try_from(steps + 1).unwrap_or(0)
    }

    /// How the period that begins with a day is written.
    pub(super) fn label(self, first: NaiveDate) -> String {
        match self {
            Self::Day => first.to_string(),
            Self::Week => first.format("%G-W%V").to_string(),
            Self::Month => format!("{:04}-{:02}", first.year(), first.month()),
            Self::Year => format!("{:04}", first.year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::DateSpan;

    #[test]
    fn a_period_holds_its_days_and_is_written_as_they_are() {
        let day = |text: &str| text.parse::<DateSpan>().unwrap().from;
        for (unit, within, first, last, label) in [
            (Unit::Day, "2024-02-29", "2024-02-29", "2024-02-29", "2024-02-29"),
            (Unit::Week, "2025-01-01", "2024-12-30", "2025-01-05", "2025-W01"),
            (Unit::Month, "2024-02-15", "2024-02-01", "2024-02-29", "2024-02"),
            (Unit::Month, "0999-12-31", "0999-12-01", "0999-12-31", "0999-12"),
            (Unit::Month, "9999-12-31", "9999-12-01", "9999-12-31", "9999-12"),
            (Unit::Year, "0000-06-01", "0000-01-01", "0000-12-31", "0000"),
            (Unit::Year, "2023-12-31", "2023-01-01", "2023-12-31", "2023"),
        ] {
            let start = unit.first(day(within));
            assert_eq!(start, day(first));
            assert_eq!((unit.days(start), unit.label(start)), (day(first)..=day(last), label.to_owned()));
        }
    }

    #[test]
    fn numbers_of_a_period_are_those_of_its_days() {
        let first = NaiveDate::from_ymd_opt(2023, 2, 1).unwrap();
        let month = Period::Asked(first);
        assert_eq!(month.numbers(Unit::Month, Precision::Day).count(), 28);
        assert_eq!(month.numbers(Unit::Month, Precision::Month), 2023 * 12 + 1..=2023 * 12 + 1);
        let year = Period::Asked(NaiveDate::from_ymd_opt(2024, 1, 1).unwrap());
        assert_eq!(year.numbers(Unit::Year, Precision::Day).count(), 366);
        assert_eq!(year.numbers(Unit::Year, Precision::Month).count(), 12);
        let coarser = Period::Coarser(Precision::Month, first);
        assert_eq!(coarser.numbers(Unit::Day, Precision::Month).count(), 1);
    }
}
