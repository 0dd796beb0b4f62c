//! How periods are called in French and English: in full, and short beside each other.

use chrono::{Datelike, NaiveDate};

use crate::counts::{Bucket, Unit};
use crate::lang::Lang;

/// Months in full and short, from January.
const FRENCH: [(&str, &str); 12] = [
    ("janvier", "janv."),
    ("février", "févr."),
    ("mars", "mars"),
    ("avril", "avr."),
    ("mai", "mai"),
    ("juin", "juin"),
    ("juillet", "juil."),
    ("août", "août"),
    ("septembre", "sept."),
    ("octobre", "oct."),
    ("novembre", "nov."),
    ("décembre", "déc."),
];

/// The month of a day in full.
pub(super) fn month(day: NaiveDate, lang: Lang) -> String {
    match lang {
        Lang::En => day.format("%B").to_string(),
        Lang::Fr => french(day).0.to_owned(),
    }
}

/// A period in full: `15 août 2024`, `semaine du 12 août 2024`, `août 2024`, `2024`.
pub(super) fn long(bucket: &Bucket, lang: Lang) -> String {
    let (Some(day), Some(unit)) = (bucket.from, bucket.unit) else {
        return lang.tell("undated").into_owned();
    };
    match unit {
        Unit::Year => day.year().to_string(),
        Unit::Month => format!("{} {}", month(day, lang), day.year()),
        Unit::Week => lang.tell(format!("week of {}", whole(day, lang))).into_owned(),
        Unit::Day => whole(day, lang),
    }
}

/// A period among others of its length: `15`, `12.8.`, `août`, `2024`.
pub(super) fn short(bucket: &Bucket, unit: Unit, lang: Lang) -> String {
    let Some(day) = bucket.from else { return String::new() };
    match (unit, lang) {
        (Unit::Year, _) => day.year().to_string(),
        (Unit::Month, Lang::En) => day.format("%b").to_string(),
        (Unit::Month, Lang::Fr) => french(day).1.to_owned(),
        (Unit::Week | Unit::Day, _) => day.day().to_string(),
    }
}

/// A day with its month and year.
pub(super) fn whole(day: NaiveDate, lang: Lang) -> String {
    let number = match (lang, day.day()) {
        (Lang::Fr, 1) => "1er".to_owned(),
        (_, number) => number.to_string(),
    };
    format!("{number} {} {}", month(day, lang), day.year())
}

fn french(day: NaiveDate) -> (&'static str, &'static str) {
    usize::try_from(day.month0()).ok().and_then(|month| FRENCH.get(month)).copied().unwrap_or_default()
}
