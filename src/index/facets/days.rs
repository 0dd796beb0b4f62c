//! The date columns: which there are, and which dates their numbers stand for.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

use super::super::layout::column;
use super::tree::BETWEEN;
use crate::date::{DateSpan, Precision};

/// The date columns: of what reports are about, then of what they only mention.
const COLUMNS: [(Precision, &str); 6] = [
    (Precision::Day, column::DAY),
    (Precision::Month, column::MONTH),
    (Precision::Year, column::YEAR),
    (Precision::Day, column::MENTIONED_DAY),
    (Precision::Month, column::MENTIONED_MONTH),
    (Precision::Year, column::MENTIONED_YEAR),
];

/// The last year that a date is written with.
const LAST_YEAR: i64 = 9999;
/// The first and the last day of the years from 0 to that one, numbered from the Common Era.
const FIRST_DAY: i64 = -365;
const LAST_DAY: i64 = 3_652_059;

/// The columns to be read, with mentions or without.
pub(crate) fn date_columns(mentions: bool) -> &'static [(Precision, &'static str)] {
    if mentions { &COLUMNS } else { &COLUMNS[..3] }
}

/// The numbers that stand for a date in a column, the first and the last one included.
pub(crate) fn calendar(precision: Precision) -> RangeInclusive<i64> {
    match precision {
        Precision::Day => FIRST_DAY..=LAST_DAY,
        Precision::Month => 0..=LAST_YEAR * 12 + 11,
        Precision::Year => 0..=LAST_YEAR,
    }
}

/// The days that a number of a date column stands for.
pub(crate) fn date_of(precision: Precision, number: i64) -> Option<DateSpan> {
    match precision {
        Precision::Day => i32::try_from(number).ok().and_then(NaiveDate::from_num_days_from_ce_opt).map(DateSpan::day),
        Precision::Month => {
            let month = u32::try_from(number.rem_euclid(12) + 1).ok()?;
            DateSpan::month(i32::try_from(number.div_euclid(12)).ok()?, month)
        }
        Precision::Year => DateSpan::year(i32::try_from(number).ok()?),
    }
}

/// Writes the facet of a number of a date column as the index writes facets; nothing for what is no date.
pub(super) fn write_facet(precision: Precision, number: i64, into: &mut String) {
    let span = date_of(precision, number).filter(|_| calendar(precision).contains(&number));
    let Some(day) = span.map(|span| span.from) else { return };
    // A formatter takes as long for one of these as it takes to count ten reports.
    let year = day.year().unsigned_abs();
    two(into, year / 100);
    two(into, year % 100);
    for part in [day.month(), day.day()].into_iter().take(2 - precision as usize) {
        into.push(char::from(BETWEEN));
        two(into, part);
    }
}

/// Writes the last two digits of a number.
fn two(into: &mut String, number: u32) {
    into.extend([number / 10 % 10, number % 10].map(|digit| char::from_digit(digit, 10).unwrap_or('0')));
}

#[cfg(test)]
mod tests {
    use super::super::super::document::{day_number, month_number};
    use super::*;

    fn date_facet(precision: Precision, number: i64) -> String {
        let mut facet = String::new();
        write_facet(precision, number, &mut facet);
        facet
    }

    #[test]
    fn numbers_stand_for_the_dates_that_they_were_made_of() {
        for text in ["2024-02", "0000-01", "2024-02-29", "0000-01-01", "9999-12-31", "9999-12", "0001", "9999"] {
            let date: DateSpan = text.parse().unwrap();
            let number = [day_number(date.from), month_number(date.from), i64::from(date.from.year())];
            let number = number[date.precision as usize];
            assert_eq!(date_of(date.precision, number), Some(date));
            assert!(calendar(date.precision).contains(&number), "{text}");
            assert_eq!(date_facet(date.precision, number), date.facet().unwrap().names().join("\0"));
        }
        assert_eq!((date_of(Precision::Day, i64::MAX), date_of(Precision::Month, i64::MIN)), (None, None));
        for precision in Precision::ALL {
            let (first, last) = calendar(precision).into_inner();
            assert!(!date_facet(precision, first).is_empty() && !date_facet(precision, last).is_empty());
            assert_eq!(date_facet(precision, first - 1) + &date_facet(precision, last + 1), "");
        }
    }

    #[test]
    fn facets_of_later_dates_sort_behind() {
        for precision in Precision::ALL {
            let first = *calendar(precision).start();
            let facets: Vec<String> = (first..first + 5000).map(|number| date_facet(precision, number)).collect();
            assert!(facets.is_sorted(), "{precision:?}");
        }
    }
}
