//! Times told by units from a day: so many weeks before it, its whole month, the last days before it.

use chrono::{Datelike, NaiveDate, Weekday};

use super::calendar::{about, shift, shift_months, weekday_until};
use super::lexicon::Unit;
use crate::date::{DateSpan, Precision};

/// The day so many units from a day.
pub(super) fn moved(day: NaiveDate, count: i64, unit: Unit) -> Option<NaiveDate> {
    match unit {
        Unit::Hour | Unit::Day => shift(day, count),
        Unit::Week => shift(day, count * 7),
        Unit::Month => shift_months(day, count),
        Unit::Year => shift_months(day, count * 12),
    }
}

/// A time so many units from a day: « il y a deux jours » is a day, « il y a trois semaines » the days around it.
pub(super) fn at_distance(day: NaiveDate, count: i64, unit: Unit) -> Option<DateSpan> {
    let day = moved(day, count, unit)?;
    match unit {
        Unit::Hour | Unit::Day => Some(DateSpan::day(day)),
        Unit::Week => about(day, 3, 3),
        Unit::Month => DateSpan::month(day.year(), day.month()),
        Unit::Year => DateSpan::year(day.year()),
    }
}

/// A whole week (of which no day is known), month or year, so many from that of a day.
pub(super) fn whole(day: NaiveDate, unit: Unit, count: i64) -> Option<DateSpan> {
    match unit {
        Unit::Hour | Unit::Day => shift(day, count).map(DateSpan::day),
        Unit::Week => about(weekday_until(shift(day, count * 7)?, Weekday::Mon)?, 0, 6),
        Unit::Month | Unit::Year => at_distance(day, count, unit),
    }
}

/// The last days, weeks, months or years before a day, and itself.
pub(super) fn lately(day: NaiveDate, unit: Unit) -> Option<DateSpan> {
    match unit {
        Unit::Hour | Unit::Day => about(day, 7, 0),
        Unit::Week => about(day, 28, 0),
        Unit::Month => Some(DateSpan { from: shift_months(day, -3)?, to: day, precision: Precision::Month }),
        Unit::Year => Some(DateSpan { from: shift_months(day, -36)?, to: day, precision: Precision::Year }),
    }
}
