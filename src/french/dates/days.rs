//! Days by weekday, number and month: alone, from one to another, or in a row.

use super::DateRule;
use super::forms::{Finder, Form, Month, Point};
use super::lexicon::{Look, bears_day, full_weekday, is_counted, is_feast, look};
use super::reader::{Gap, Reader};
use crate::date::month_number;

/// What stands before a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    Nothing,
    /// « le », « les ».
    Article,
    /// « ce ».
    This,
    /// « du », « de », « des ».
    Of,
    /// « entre », « entre le ».
    Between,
    /// « nuit », « nuit du ».
    Night,
}

/// A day in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) point: Point,
    pub(super) first: usize,
    pub(super) end: usize,
    /// Where it ends when only its weekday counts.
    weekday_end: usize,
}

impl Spot {
    /// A number without a month, which it takes from the day after it.
    fn is_bare(&self) -> bool {
        self.point.day.is_some() && self.point.month.is_none()
    }
}

/// How two days hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Join {
    To,
    And,
}

/// Days that hang together.
pub(super) struct Series {
    pub(super) spots: Vec<Spot>,
    /// Whether they are the ends of one span.
    pub(super) is_range: bool,
}

/// More days than a sentence has in a row.
const LONGEST: usize = 12;

impl Finder<'_, '_, '_> {
    /// Days from the weekday or number at `at`. `Some` without a mention is the name of something.
    pub(super) fn days(&mut self, at: usize) -> Option<usize> {
        let (lead, first) = self.lead(at);
        let series = self.reader.series(at, lead)?;
        let end = series.spots.last()?.end;
        if let [spot] = series.spots[..] {
            if lead == Lead::Of && bears_day(self.back(at, 2)) {
                return Some(end);
            }
            let no_month = spot.point.day.is_none() || spot.point.month == Some(Month::Nearest);
            let weekday_alone = no_month && spot.point.look == Look::Open;
            if weekday_alone && self.is_any(at, end) || self.reader.is_each_year(end) {
                return Some(end);
            }
        }
        Some(self.keep_days(series, lead, first))
    }

    /// Whether a weekday from `at` to before `end` is no certain one: « un vendredi », « le 2e mercredi », « mardi gras ».
    fn is_any(&self, at: usize, end: usize) -> bool {
        let before = self.back(at, 1);
        let counted = before.starts_with(|c: char| c.is_ascii_digit());
        counted || matches!(before, "un" | "chaque" | "premier" | "dernier") || is_feast(self.reader.next(end))
    }

    /// Keeps days as mentions; `first` is the word that leads them.
    pub(super) fn keep_days(&mut self, mut series: Series, lead: Lead, first: usize) -> usize {
        if lead == Lead::This && series.spots[0].point.look == Look::Open {
            series.spots[0].point.look = Look::This;
        }
        if let (true, [from, .., to]) = (series.is_range, &series.spots[..]) {
            let rule = if lead == Lead::Night { DateRule::Night } else { DateRule::Range };
            return self.keep(first, to.end, rule, Form::Days(from.point, to.point));
        }
        let mut end = first;
        for (place, spot) in series.spots.iter().enumerate() {
            let has_lead = place == 0 && matches!(lead, Lead::Article | Lead::This | Lead::Night);
            let first = if has_lead { first } else { spot.first };
            let rule = if lead == Lead::Night { DateRule::Night } else { rule(&spot.point) };
            end = self.keep(first, spot.end, rule, Form::Day(spot.point));
        }
        end
    }

    /// What stands before the day at `at`, and where that begins.
    pub(super) fn lead(&self, at: usize) -> (Lead, usize) {
        match (self.back(at, 1), self.back(at, 2)) {
            ("le" | "les", "entre") => (Lead::Between, at - 2),
            ("le" | "les", _) => (Lead::Article, at - 1),
            ("ce" | "cet", _) => (Lead::This, at - 1),
            ("du" | "de" | "des", _) => (Lead::Of, at - 1),
            ("entre", _) => (Lead::Between, at - 1),
            _ => (Lead::Nothing, at),
        }
    }
}

/// The rule of a single day.
fn rule(point: &Point) -> DateRule {
    match (point.day, point.year) {
        (None, _) => DateRule::Weekday,
        _ if point.month == Some(Month::Nearest) => DateRule::Weekday,
        (_, Some(_)) => DateRule::Full,
        (_, None) => DateRule::DayMonth,
    }
}

impl Reader<'_, '_> {
    /// Days that hang together from the weekday or number at `at`.
    pub(super) fn series(&self, at: usize, lead: Lead) -> Option<Series> {
        let mut spots = vec![self.spot(at)?];
        let mut is_range = false;
        while let Some((join, next)) = self.join(&spots[spots.len() - 1], lead) {
            let Some(spot) = self.spot(next).filter(|_| spots.len() < LONGEST) else { break };
            is_range = join == Join::To || lead == Lead::Between;
            spots.push(spot);
            if is_range {
                break;
            }
        }
        while spots.last().is_some_and(Spot::is_bare) {
            if self.number_without_month(&mut spots, lead, is_range) {
                break;
            }
            let Some(last) = spots.last_mut() else { break };
            if last.point.weekday.is_some() {
                (last.point.day, last.end) = (None, last.weekday_end);
            } else {
                spots.pop();
            }
        }
        is_range &= spots.len() == 2;
        for place in (1..spots.len()).rev() {
            let later = spots[place].point;
            inherit(&mut spots[place - 1], &later, is_range);
        }
        (!spots.is_empty() && spots.iter().all(|spot| !spot.is_bare())).then_some(Series { spots, is_range })
    }

    /// What joins another day to one, and where that begins.
    fn join(&self, spot: &Spot, lead: Lead) -> Option<(Join, usize)> {
        let at = spot.end;
        let join = match (self.gap(at), self.word(at)) {
            (Gap::Hyphen | Gap::Slash, _) if spot.is_bare() => return Some((Join::To, at)),
            (Gap::Hyphen, _) if spot.point.month.is_some() => {
                let whole = self.day_of_month(at).is_some_and(|(point, _)| point.month.is_some());
                return whole.then_some((Join::To, at));
            }
            (Gap::Comma, _) if spot.is_bare() => return Some((Join::And, at)),
            (Gap::Space, "au") => Join::To,
            (Gap::Space, "a") if matches!(lead, Lead::Of | Lead::Between | Lead::Night) => Join::To,
            (Gap::Space, "et") => Join::And,
            _ => return None,
        };
        let next = at + 1;
        let article = matches!(self.next(next), "le" | "les" | "du" | "au" | "celle" | "celui");
        let next = next + usize::from(article);
        (self.gap(next) == Gap::Space).then_some((join, next))
    }

    /// One day.
    fn spot(&self, at: usize) -> Option<Spot> {
        let mut spot = Spot { point: Point::default(), first: at, end: at + 1, weekday_end: at + 1 };
        if let Some(weekday) = full_weekday(self.word(at)) {
            spot.point.weekday = Some(weekday);
            let part = self.part_of_day_after(at + 1);
            if let Some((point, end)) = self.day_after_weekday(at + 1, part) {
                spot.point = Point { weekday: Some(weekday), ..point };
                spot.end = end;
            } else {
                spot.end = part;
            }
            spot.weekday_end = part;
        } else {
            (spot.point, spot.end) = self.day_of_month(at)?;
        }
        if let Some(look) = look(self.next(spot.end)).filter(|_| !spot.is_bare()) {
            spot.point.look = look;
            spot.end += 1;
        }
        if spot.point.day.is_none() && self.is_of_last_week(spot.end) {
            spot.point.look = Look::LastWeek;
            spot.end += 4;
        }
        // « le 4 juin (vendredi) ».
        if let (None, Some(weekday), Gap::Open) =
            (spot.point.weekday, full_weekday(self.word(spot.end)), self.gap(spot.end))
        {
            spot.point.weekday = Some(weekday);
            spot.end += 1;
        }
        Some(spot)
    }

    /// « de chaque année » at `at`.
    fn is_each_year(&self, at: usize) -> bool {
        self.next(at) == "de" && self.next(at + 1) == "chaque"
    }

    /// « de la semaine dernière » at `at`.
    fn is_of_last_week(&self, at: usize) -> bool {
        let words = [self.next(at), self.next(at + 1), self.next(at + 2)];
        words == ["de", "la", "semaine"] && look(self.next(at + 3)) == Some(Look::Last)
    }

    /// « jeudi 15 août », « vendredi (25 juin 2021) », « lundi vers 17h30, le 3 mai »: the day of a weekday that ends
    /// before `at`, whose part of the day ends before `part`.
    fn day_after_weekday(&self, at: usize, part: usize) -> Option<(Point, usize)> {
        if self.gap(at) == Gap::Space
            && let Some(found) = self.day_of_month(at)
        {
            return Some(found);
        }
        // « jeudi dernier, 3 juin ».
        let part = part + usize::from(look(self.next(part)) == Some(Look::Last) && self.gap(part + 1) == Gap::Comma);
        let place = self.hour_after(part);
        if !matches!(self.gap(place), Gap::Space | Gap::Comma | Gap::Open) {
            return None;
        }
        let article = self.word(place) == "le" && self.gap(place + 1) == Gap::Space;
        self.day_of_month(place + usize::from(article)).filter(|(point, _)| point.month.is_some())
    }

    /// Where « soir », « matin », « après-midi » or « dans l'après-midi » end that begin at `at`.
    pub(super) fn part_of_day_after(&self, at: usize) -> usize {
        let within = match self.next(at) {
            "dans" | "en" if self.next(at + 1) == "la" => at + 2,
            "dans" | "en" => at + 1,
            _ => at,
        };
        match self.next(within) {
            "soir" | "matin" | "midi" | "matinee" | "soiree" => within + 1,
            "apres" if self.word(within + 1) == "midi" => within + 2,
            _ => at,
        }
    }

    /// Where an hour ends that begins at `at`: « vers 17h30 », « à 5 h », « aux environs de 16 heures ».
    pub(super) fn hour_after(&self, at: usize) -> usize {
        if !matches!(self.gap(at), Gap::Space | Gap::Comma) {
            return at;
        }
        let clock = match (self.word(at), self.next(at + 1), self.next(at + 2)) {
            ("aux", "environs", "de") => at + 3,
            ("vers" | "a", _, _) => at + 1,
            _ => at,
        };
        let word = self.word(clock);
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=2).contains(&digits) {
            return at;
        }
        match &word[digits..] {
            "" if matches!(self.next(clock + 1), "h" | "heure" | "heures") => {
                let minutes = self.next(clock + 2);
                let has = minutes.len() == 2 && minutes.bytes().all(|b| b.is_ascii_digit());
                clock + 2 + usize::from(has && month_number(self.next(clock + 3)).is_none())
            }
            rest if rest.starts_with('h') => clock + 1,
            _ => at,
        }
    }

    /// A number of a day, with month and year where they stand.
    pub(super) fn day_of_month(&self, at: usize) -> Option<(Point, usize)> {
        let (day, end) = self.day_number(at)?;
        let mut point = Point { day: Some(day), ..Point::default() };
        let by_hyphens = self.gap(end) == Gap::Hyphen;
        if let Some((month, after)) = self.month_at(end).filter(|_| by_hyphens || self.gap(end) == Gap::Space) {
            let year = if by_hyphens {
                self.year_at(after).filter(|_| self.gap(after) == Gap::Hyphen)
            } else {
                self.year_after_month(after)
            };
            if year.is_some() || !by_hyphens {
                (point.month, point.year) = (Some(Month::Named(month)), year);
                return Some((point, after + usize::from(year.is_some())));
            }
        }
        if let Some((months, after)) = self.month_of_writing(end) {
            point.month = Some(Month::FromWriting(months));
            return Some((point, after));
        }
        if let Some(after) = self.same_month(end) {
            point.month = Some(Month::Running);
            return Some((point, after));
        }
        Some((point, end))
    }

    /// A day's number from 1 to 31: `8`, `08`, `1er`, `1 er`, « premier ».
    fn day_number(&self, at: usize) -> Option<(u32, usize)> {
        let word = self.word(at);
        match word {
            "1er" | "1ere" | "1ᵉʳ" | "premier" => return Some((1, at + 1)),
            "1" if self.next(at + 1) == "er" => return Some((1, at + 2)),
            _ => {}
        }
        let digits = (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
        let day = digits.then(|| word.parse().ok()).flatten()?;
        (1..=31).contains(&day).then_some((day, at + 1))
    }

    /// A month by its name, and one past it. A short form has its stop, or a year after it.
    pub(super) fn month_at(&self, at: usize) -> Option<(u32, usize)> {
        let month = month_number(self.word(at))?;
        let surface = self.surface(at);
        let other = match self.word(at) {
            // Maï-Maï folds to the month, twice.
            "mai" => {
                !surface.eq_ignore_ascii_case("mai")
                    || self.gap(at + 1) == Gap::Hyphen && self.word(at + 1) == "mai"
                    || self.gap(at) == Gap::Hyphen && at > 0 && self.word(at - 1) == "mai"
            }
            // A number and a first name otherwise.
            "sept" | "jan" => {
                let stop = self.text[self.tokens[at].end..].starts_with('.');
                !stop && self.year_after_month(at + 1).is_none()
            }
            _ => false,
        };
        (!other).then_some((month, at + 1))
    }

    /// The year at `at`, after a month and the stop of its short form.
    pub(super) fn year_after_month(&self, at: usize) -> Option<i32> {
        let stop = at > 0 && self.gap(at) == Gap::Dot && self.word(at - 1).len() < 6 && !self.is_whole_month(at - 1);
        self.year_at(at).filter(|_| stop || self.gap(at) == Gap::Space)
    }

    /// Whether a name of a month as short as the short forms is no short form.
    fn is_whole_month(&self, at: usize) -> bool {
        matches!(self.word(at), "mars" | "avril" | "mai" | "juin" | "aout")
    }

    /// A number of four digits that is no count of anything.
    pub(super) fn year_at(&self, at: usize) -> Option<i32> {
        let surface = self.surface(at);
        if surface.len() != 4 || !surface.bytes().all(|b| b.is_ascii_digit()) || is_counted(self.next(at + 1)) {
            return None;
        }
        surface.parse().ok().filter(|year| (1000..=2100).contains(year))
    }
}

/// What the earlier of two days takes from the later one.
fn inherit(spot: &mut Spot, later: &Point, is_range: bool) {
    let point = &mut spot.point;
    if point.day.is_none() {
        return;
    }
    if point.month.is_none() {
        (point.month, point.year) = (later.month, later.year);
        if let (true, Some(Month::Named(month)), true) = (is_range, point.month, point.day > later.day) {
            point.month = Some(Month::Named(if month == 1 { 12 } else { month - 1 }));
            point.year = point.year.map(|year| if month == 1 { year - 1 } else { year });
        }
    } else if let (Some(Month::Named(own)), Some(Month::Named(next)), None) = (point.month, later.month, point.year) {
        point.year = later.year.map(|year| if own > next { year - 1 } else { year });
    }
    if point.look == Look::Open {
        point.look = later.look;
    }
}
