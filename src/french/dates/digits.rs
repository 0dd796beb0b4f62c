//! Days in digits alone: `08/01/2025`, `8-1-2025`, `08.01.25`, `2025-01-08`.

use super::DateRule;
use super::days::Lead;
use super::forms::{Finder, Form, Month, Point};
use super::lexicon::Look;

impl Finder<'_, '_, '_> {
    /// The day in digits that begins at `at`; returns the first token after it.
    pub(super) fn numeric(&mut self, at: usize) -> Option<usize> {
        let (text, start) = (self.reader.text, self.reader.tokens[at].start);
        let rest = &text.as_bytes()[start..];
        let head = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if head > 4 || !matches!(rest.get(head), Some(b'/' | b'-' | b'.')) {
            return None;
        }
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, '/' | '-' | '.');
        if text[..start].ends_with(is_part) {
            return None;
        }
        let length = text[start..].find(|c| !is_part(c)).unwrap_or(rest.len());
        let digits = text[start..start + length].trim_end_matches(['/', '-', '.']);
        let after = &text[start + digits.len()..];
        let (day, month, year) = in_digits(digits)?;
        let time = after.starts_with(['T', 't']) && after[1..].starts_with(|c: char| c.is_ascii_digit());
        if after.starts_with(char::is_alphanumeric) && !time {
            return None;
        }
        let stop = start + digits.len();
        let end = at + self.reader.tokens[at..].iter().take_while(|token| token.start < stop).count();
        let (lead, first) = self.lead(at);
        let mut point =
            Point { day: Some(day), month: Some(Month::Named(month)), year: Some(year), ..Point::default() };
        if lead == Lead::This {
            point.look = Look::This;
        }
        let first = if matches!(lead, Lead::Article | Lead::This) { first } else { at };
        self.keep(first, end, DateRule::Full, Form::Day(point));
        if let Some(found) = self.found.last_mut() {
            found.end = stop;
        }
        Some(end)
    }
}

/// Day, month and year of digits with one sign between.
fn in_digits(digits: &str) -> Option<(u32, u32, i32)> {
    let sign = digits.find(|c: char| !c.is_ascii_digit())?;
    let sign = &digits[sign..=sign];
    let mut parts = digits.split(sign);
    let (a, b, c) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |part: &str| part.parse::<u32>().ok();
    let year = |part: &str| part.parse::<i32>().ok().filter(|year| (1800..=2100).contains(year));
    if parts.next().is_some() {
        return None;
    }
    match (a.len(), b.len(), c.len()) {
        (4, 1..=2, 1..=2) if sign != "." => Some((number(c)?, number(b)?, year(a)?)),
        (1..=2, 1..=2, 4) => Some((number(a)?, number(b)?, year(c)?)),
        (2, 2, 2) if sign != "-" => {
            let (day, month, short) = (number(a)?, number(b)?, number(c)?);
            let century = if short < 50 { 2000 } else { 1900 };
            let real = (1..=31).contains(&day) && (1..=12).contains(&month);
            real.then(|| Some((day, month, century + i32::try_from(short).ok()?))).flatten()
        }
        _ => None,
    }
}
