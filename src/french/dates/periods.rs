//! Months and years, alone, in a row, or from one to another: only where a word says that they are meant.

use super::DateRule;
use super::forms::{Finder, Form};
use super::lexicon::{Look, has_year, has_years, is_counted, leads_month, leads_year, look};
use super::reader::{Gap, Reader};

/// The first and the last year that stand without a month.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// A month of a year, told or not, and one past its last token.
type MonthSpot = (u32, Option<i32>, usize);

impl Finder<'_, '_, '_> {
    /// Months from the one at `at`.
    pub(super) fn months(&mut self, at: usize) -> usize {
        let Some((month, year, end)) = self.reader.month_spot(at) else { return at };
        let lead = self.back(at, 1);
        let elided = self.reader.elision(at).eq_ignore_ascii_case("d");
        let from = lead == "de" || lead == "entre" || elided;
        if let Some(next) = self.reader.joined(end, from)
            && let Some((last, last_year, last_end)) = self.reader.month_spot(next)
            && (from || leads_month(lead) || last_year.is_some())
        {
            let first_year = year.or(last_year.map(|year| if month > last { year - 1 } else { year }));
            let is_list = self.reader.word(end) == "et" && lead != "entre";
            if is_list {
                self.keep_month(at, end, month, first_year, Look::Open);
                return self.keep_month(next, last_end, last, last_year, Look::Open);
            }
            let first = if from && !elided { at - 1 } else { self.part_before(at) };
            return self.keep(first, last_end, DateRule::Month, Form::Months((month, first_year), (last, last_year)));
        }
        let look = look(self.reader.next(end));
        let of_month = elided && self.reader.word(at.wrapping_sub(1)) == "mois";
        let parted = self.reader.gap(at) == Gap::Hyphen && at > 0 && self.reader.word(at - 1) == "mi";
        let is_led = leads_month(lead) || of_month || parted || lead == "de" && self.back(at, 2) == "mois";
        if year.is_none() && look.is_none() && !is_led {
            return end;
        }
        let end = end + usize::from(look.is_some());
        self.keep_month(at, end, month, year, look.unwrap_or_default())
    }

    fn keep_month(&mut self, at: usize, end: usize, month: u32, year: Option<i32>, look: Look) -> usize {
        let first = self.part_before(at);
        self.keep(first, end, DateRule::Month, Form::Month(month, year, look))
    }

    /// The word that tells a part of what begins at `at`: « mi », « début », « fin », « courant »; else `at`.
    fn part_before(&self, at: usize) -> usize {
        let hyphen = at > self.floor && self.reader.gap(at) == Gap::Hyphen && self.reader.word(at - 1) == "mi";
        let part = hyphen || matches!(self.back(at, 1), "debut" | "fin" | "mi" | "courant");
        at - usize::from(part)
    }

    /// Years from the one at `at`.
    pub(super) fn years(&mut self, at: usize) -> usize {
        let Some(year) = self.reader.lone_year(at) else { return at };
        let (lead, before) = (self.back(at, 1), self.back(at, 2));
        if let Some((last, next)) = self.reader.last_year(at, lead) {
            if year < last {
                let first = if matches!(lead, "de" | "entre") { at - 1 } else { at };
                return self.keep(first, next + 1, DateRule::Year, Form::Years(year, last));
            }
            return at;
        }
        let parted = at > self.floor && self.reader.gap(at) == Gap::Hyphen && self.reader.word(at - 1) == "mi";
        if !(parted || leads_year(lead) || lead == "de" && has_year(before)) {
            return at;
        }
        let first = self.part_before(at);
        let mut end = self.keep(first, at + 1, DateRule::Year, Form::Years(year, year));
        while let Some((year, next)) = self.reader.another_year(end) {
            end = self.keep(next, next + 1, DateRule::Year, Form::Years(year, year));
        }
        end
    }
}

impl Reader<'_, '_> {
    /// The month at `at` with its year.
    fn month_spot(&self, at: usize) -> Option<MonthSpot> {
        let (month, end) = self.month_at(at)?;
        let year = self.year_after_month(end);
        Some((month, year, end + usize::from(year.is_some())))
    }

    /// Where the month is that another one is joined to, which ends before `at`.
    fn joined(&self, at: usize, from: bool) -> Option<usize> {
        match (self.gap(at), self.word(at)) {
            (Gap::Hyphen, _) => Some(at),
            (Gap::Space, "a" | "et" | "au") => {
                // « de février à fin août ».
                let part = from && matches!(self.next(at + 1), "debut" | "fin" | "mi");
                let next = at + 1 + usize::from(part);
                matches!(self.gap(next), Gap::Space | Gap::Hyphen).then_some(next)
            }
            _ => None,
        }
    }

    /// The year at `at`, as far back as reports go without telling a month.
    fn lone_year(&self, at: usize) -> Option<i32> {
        self.year_at(at).filter(|year| YEARS.contains(year))
    }

    /// The year that the one at `at` reaches to, and its place: « de 2012 à 2015 », « la période 2020-2021 ».
    fn last_year(&self, at: usize, lead: &str) -> Option<(i32, usize)> {
        let joins = match (self.gap(at + 1), self.word(at + 1)) {
            (Gap::Hyphen, _) if has_years(lead) => return Some((self.lone_year(at + 1)?, at + 1)),
            (Gap::Space, "a") => matches!(lead, "de" | "depuis"),
            (Gap::Space, "et") => lead == "entre",
            _ => false,
        };
        let next = at + 2;
        (joins && self.gap(next) == Gap::Space).then_some((self.lone_year(next)?, next))
    }

    /// The next year of « en 2020, 2021 et 2022 » after a year that ends before `at`.
    fn another_year(&self, at: usize) -> Option<(i32, usize)> {
        let next = match (self.gap(at), self.word(at)) {
            (Gap::Comma, _) => at,
            (Gap::Space, "et" | "puis") if self.next(at + 1) == "en" => at + 2,
            (Gap::Space, "et" | "puis") => at + 1,
            _ => return None,
        };
        let year = self.lone_year(next)?;
        // « en 2012, 2013 soldats » has one year.
        let counted = is_counted(self.next(next + 1)) || self.next(next + 1) == "de";
        (!counted && (next == at || self.gap(next) == Gap::Space)).then_some((year, next))
    }
}
