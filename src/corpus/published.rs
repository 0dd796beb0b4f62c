//! Publication days, in every way that records, pages and bylines write them.

use chrono::{DateTime, NaiveDate};

use crate::date::{DateSpan, Precision, month_number, weekday};
use crate::french::fold;

/// What may stand between a day and an hour.
const BEFORE_TIME: [&str; 7] = ["a", "|", "-", "–", "—", ",", "at"];

/// Names of time zones after an hour. The day is the one that is written: zones do not move it.
const ZONES: [&str; 8] = ["cet", "cest", "gmt", "local", "locales", "tu", "utc", "z"];

/// Reads a day: ISO 8601 and RFC 3339, RFC 2822, `9 janvier 2025`, `jeudi 9 janvier 2025 à 17h30`, `09/01/2025` (the
/// day first). Of a date-time the day is kept as written, in its own time zone.
///
/// # Errors
/// Why it is no day, for people.
pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    let text = text.trim();
    if let Some((day, "")) = day_at_start(text) {
        return Ok(day);
    }
    if let Ok(moment) = DateTime::parse_from_rfc2822(text) {
        return Ok(moment.date_naive());
    }
    match text.parse::<DateSpan>() {
        Ok(_) => Err(format!("“{text}” is not a single day")),
        Err(error) => Err(error.to_string()),
    }
}

/// A day, with an hour or not, at the start of `text`, and the trimmed rest.
pub(super) fn day_at_start(text: &str) -> Option<(NaiveDate, &str)> {
    let text = text.trim();
    let (day, rest) = numeric(text).or_else(|| in_words(text))?;
    Some((day, without_time(rest)))
}

/// Whether `text` is nothing but an hour: `17h30`, `à 17:30 TU`.
pub(super) fn is_hour(text: &str) -> bool {
    !text.is_empty() && without_time(text).is_empty()
}

/// The ISO day that a file name starts with: `2025-01-09-embuscade.txt`.
pub(super) fn in_file_name(name: &str) -> Option<NaiveDate> {
    let (day, rest) = name.split_at_checked(10)?;
    if rest.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    single(day)
}

/// `2025-01-09`, `2025/01/09`, `9/1/2025`, `09.01.2025`.
fn numeric(text: &str) -> Option<(NaiveDate, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '/' | '.')).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let digits = digits.trim_end_matches(['.', '-', '/']);
    let separator = digits.chars().find(|c| !c.is_ascii_digit())?;
    let parts: Vec<u32> = digits.split(separator).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let year_first = digits.find(separator) == Some(4);
    let (year, month, day) = match parts[..] {
        [year, month, day] if year_first => (year, month, day),
        [day, month, year] if (1000..10_000).contains(&year) => (year, month, day),
        _ => return None,
    };
    Some((NaiveDate::from_ymd_opt(year.try_into().ok()?, month, day)?, rest))
}

/// `9 janvier 2025`, `le jeudi 1er mars 2025`.
fn in_words(text: &str) -> Option<(NaiveDate, &str)> {
    let mut rest = text;
    let mut parts = Vec::new();
    while parts.len() < 3 {
        rest = rest.trim_start();
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let folded = key(word);
        let first = parts.is_empty();
        match parts.len() {
            0 if first && (folded == "le" || weekday(&folded).is_some()) => {}
            0 if folded.starts_with(|c: char| c.is_ascii_digit()) && folded.len() <= 3 => parts.push(folded),
            1 if month_number(&folded).is_some() => parts.push(folded),
            2 => {
                let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                let (year, after) = rest.split_at(digits);
                if after.starts_with(char::is_alphanumeric) {
                    return None;
                }
                parts.push(year.to_owned());
                rest = after.strip_prefix('.').unwrap_or(after);
                break;
            }
            _ => return None,
        }
        if after.is_empty() {
            return None;
        }
        rest = after;
    }
    Some((single(&parts.join(" "))?, rest))
}

fn single(text: &str) -> Option<NaiveDate> {
    text.parse::<DateSpan>()
        .ok()
        .filter(|span| span.precision == Precision::Day && span.from == span.to)
        .map(|s| s.from)
}

/// What follows an hour, or all of `text` where there is none.
fn without_time(text: &str) -> &str {
    let mut rest = text.trim_start();
    if let Some(after) = rest.strip_prefix(['T', 't', ',']) {
        rest = after.trim_start();
    }
    let (first, after) = split_word(rest);
    if BEFORE_TIME.contains(&key_sign(first).as_str()) {
        rest = after;
    }
    let (time, after) = split_word(rest);
    if !is_time(time) {
        return text.trim_start();
    }
    let (zone, last) = split_word(after);
    let is_zone = ZONES.contains(&key(zone).as_str())
        || zone.strip_prefix(['+', '-']).is_some_and(|hours| hours.starts_with(|c: char| c.is_ascii_digit()));
    if is_zone { last } else { after }
}

/// `17:30`, `17h30`, `17h`, `17:30:00.000+01:00`.
fn is_time(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.', ')']);
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = word.get(digits..).unwrap_or_default();
    (1..=2).contains(&digits)
        && rest.starts_with([':', 'h', 'H'])
        && rest.chars().all(|c| c.is_ascii_digit() || ":hH.+-Zzmns".contains(c))
}

fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let (word, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
    (word, rest.trim_start())
}

/// A word as the tables have it.
fn key(word: &str) -> String {
    fold(&word.to_lowercase()).trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

fn key_sign(word: &str) -> String {
    fold(&word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days() {
        for text in [
            "2025-01-09",
            "2025-01-09 17:30",
            "2025-01-09 17:30:00 +0000",
            "2025-01-09T17:30:00Z",
            "2025-01-09T23:30:00.000-05:00",
            "2025/01/09",
            "09/01/2025",
            "9.1.2025 - 17h30",
            "Thu, 09 Jan 2025 17:30:00 +0000",
            "9 janvier 2025",
            "Jeudi 9 janvier 2025 à 17h30",
            "jeu. 09 janv. 2025, 17:30 GMT",
            "le 9 JANVIER 2025.",
        ] {
            assert_eq!(day(text).map(|day| day.to_string()), Ok("2025-01-09".to_owned()), "{text}");
        }
        assert_eq!(day("1er mars 2025"), Ok(NaiveDate::from_ymd_opt(2025, 3, 1).unwrap()));
    }

    #[test]
    fn refuses_what_is_no_day() {
        for text in
            ["", "hier", "2025", "2025-01", "2025-02-30", "31/31/2025", "9 janvier", "9 janvier 2025 au soir", "é"]
        {
            assert!(day(text).is_err(), "{text}");
        }
        assert_eq!(day("2025-01").unwrap_err(), "“2025-01” is not a single day");
    }

    #[test]
    fn leaves_the_rest() {
        for (text, rest) in [
            ("9 janvier 2025 à 10h00 par Awa", "par Awa"),
            ("9 janvier 2025, mis à jour", ", mis à jour"),
            ("09/01/2025 - 17:30 TU - RFI", "- RFI"),
        ] {
            assert_eq!(day_at_start(text).map(|(_, rest)| rest), Some(rest), "{text}");
        }
    }

    #[test]
    fn reads_file_names() {
        assert!(in_file_name("2025-01-09-embuscade.txt").is_some());
        assert!(in_file_name("2025-01-09.txt").is_some());
        for name in ["2025-01-091.txt", "2025-13-09.txt", "2025-01.txt", "a", "ééééééééé"] {
            assert_eq!(in_file_name(name), None, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,20}|[0-9T .:/hà-]{0,24}|(le |jeudi )?[0-9]{1,2} mai [0-9]{0,5}.{0,9}") {
            let _ = day(&text);
            let _ = day_at_start(&text);
            let _ = in_file_name(&text);
        }
    }
}
