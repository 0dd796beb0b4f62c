//! Days told by their distance to another: « hier », « la veille », « il y a deux jours », « la semaine dernière »,
//! and nights.

use super::DateRule::{Night, Relative, Vague};
use super::days::Lead;
use super::forms::{Finder, Form, From};
use super::lexicon::{Count, Look, Unit, look, number};
use super::reader::{Gap, Reader};
use crate::french::Kind;

/// How many words of a sentence tell whether « aujourd'hui » is a day in it.
const SENTENCE: usize = 14;

impl Finder<'_, '_, '_> {
    /// « dans la nuit du 3 au 4 mai », « cette nuit », « la nuit dernière ».
    pub(super) fn night(&mut self, at: usize) -> usize {
        let article = self.back(at, 1);
        let within = self.back(at, 2) == "dans";
        let first = match article {
            "la" | "cette" => at - 1 - usize::from(within),
            _ => at,
        };
        let of = matches!(self.reader.next(at + 1), "de" | "du" | "des");
        let day = at + 1 + usize::from(of);
        if self.reader.gap(day) == Gap::Space
            && let Some(series) = self.reader.series(day, Lead::Night)
        {
            return self.keep_days(series, Lead::Night, first);
        }
        match article {
            "cette" if self.reader.is_there(at + 1) => {
                self.keep(first, at + 2, Relative, Form::Offset(0, From::LastDay))
            }
            "cette" => self.keep(first, at + 1, Night, Form::LastNight),
            "la" if look(self.reader.next(at + 1)) == Some(Look::Last) => {
                self.keep(first, at + 2, Night, Form::LastNight)
            }
            "la" if within && !self.reader.has_complement(at + 1) => self.keep(first, at + 1, Night, Form::SomeNight),
            _ => at,
        }
    }

    /// « hier », « avant-hier », « hier mercredi 18 février », « hier soir ».
    pub(super) fn yesterday(&mut self, at: usize) -> usize {
        if at > self.floor
            && self.reader.word(at - 1) == "avant"
            && matches!(self.reader.gap(at), Gap::Hyphen | Gap::Space)
        {
            let end = self.reader.part_of_day_after(at + 1);
            return self.keep(at - 1, end, Relative, Form::Offset(-2, From::Writing));
        }
        let end = self.reader.part_of_day_after(at + 1);
        self.beside(at, end, Look::Yesterday)
            .unwrap_or_else(|| self.keep(at, end, Relative, Form::Offset(-1, From::Writing)))
    }

    /// « aujourd'hui » where it is a day; « le Mali fait aujourd'hui face à … » tells these times.
    pub(super) fn today(&mut self, at: usize) -> usize {
        if let Some(end) = self.beside(at, at + 1, Look::This) {
            return end;
        }
        if self.reader.is_day_of_news(at) {
            return self.keep(at, at + 1, Relative, Form::Offset(0, From::Writing));
        }
        at
    }

    /// A date right after what begins at `at` and ends before `end`, and tells the same day: « hier mercredi 18
    /// février », « le lendemain, 26 décembre ».
    fn beside(&mut self, at: usize, end: usize, look: Look) -> Option<usize> {
        let open = matches!(self.reader.gap(end), Gap::Space | Gap::Comma | Gap::Open);
        let article = self.reader.word(end) == "le" && self.reader.gap(end + 1) == Gap::Space;
        let day = end + usize::from(article);
        let mut series = self.reader.series(day, Lead::Nothing).filter(|series| open && series.spots.len() == 1)?;
        let near = matches!(self.reader.gap(end), Gap::Space);
        if series.spots[0].point.day.is_none() && !near {
            return None;
        }
        if look != Look::Open {
            series.spots[0].point.look = look;
        }
        series.spots[0].first = at;
        Some(self.keep_days(series, Lead::Nothing, at))
    }

    /// « ce matin », « cet après-midi », « ce soir-là ».
    pub(super) fn part_of_day(&mut self, at: usize) -> usize {
        let noon = self.reader.word(at) == "midi";
        let hyphens = [Gap::Hyphen, Gap::Space].contains(&self.reader.gap(at));
        let place = match at.checked_sub(1) {
            Some(last) if noon && hyphens && self.reader.word(last) == "apres" => last,
            _ if noon => return at,
            _ => at,
        };
        match self.back(place, 1) {
            "ce" | "cet" | "cette" if self.reader.is_there(at + 1) => {
                self.keep(place - 1, at + 2, Relative, Form::Offset(0, From::LastDay))
            }
            "ce" | "cet" | "cette" => self.keep(place - 1, at + 1, Relative, Form::Offset(0, From::Writing)),
            "le" if self.reader.next(at + 1) == "meme" => {
                self.keep(place - 1, at + 2, Relative, Form::Offset(0, From::LastDay))
            }
            _ => at,
        }
    }

    /// « la veille », « l'avant-veille ».
    pub(super) fn eve(&mut self, at: usize) -> usize {
        let before = at > self.floor && self.reader.word(at - 1) == "avant" && self.reader.gap(at) == Gap::Hyphen;
        let (first, days) = match self.back(at, 1) {
            _ if before => (at - 1, -2),
            "la" => (at - 1, -1),
            _ => return at,
        };
        // « la veille sécuritaire » keeps watch.
        let next = self.reader.next(at + 1);
        if next.ends_with("ique") || next.ends_with("aire") {
            return at;
        }
        self.counted(first, at + 1, days)
    }

    /// « le lendemain », « le surlendemain ».
    pub(super) fn day_after(&mut self, at: usize, days: i64) -> usize {
        match self.back(at, 1) {
            "le" | "au" => self.counted(at - 1, at + 1, days),
            _ => at,
        }
    }

    /// So many days from the last day told, unless the text says from which event.
    fn counted(&mut self, first: usize, end: usize, days: i64) -> usize {
        // « le lendemain, 26 décembre »: the date says which day.
        if let Some(end) = self.beside(first, end, Look::Open) {
            return end;
        }
        let form = if self.reader.has_complement(end) { Form::FromEvent } else { Form::Offset(days, From::LastDay) };
        self.keep(first, end, Relative, form)
    }

    /// « le même jour », « la même nuit ».
    pub(super) fn same(&mut self, at: usize) -> usize {
        let day = matches!(self.reader.next(at + 1), "jour" | "soir" | "nuit" | "matin" | "journee" | "date");
        match self.back(at, 1) {
            "le" | "la" if day => self.keep(at - 1, at + 2, Relative, Form::Offset(0, From::LastDay)),
            _ => at,
        }
    }

    /// What a unit of time is part of.
    pub(super) fn unit(&mut self, at: usize, unit: Unit, count: Count) -> usize {
        let lead = self.back(at, 1);
        if number(lead).is_some() {
            return self.count_before(at).map_or(at, |(count, first)| self.distance(at, first, unit, count));
        }
        if matches!(lead, "derniers" | "dernieres") && count != Count::One && unit != Unit::Hour {
            let ours = matches!(self.back(at, 2), "ces" | "les");
            return if ours { self.keep(at - 2, at + 1, Vague, Form::Lately(unit)) } else { at };
        }
        if lead == "quelques" && self.is_ago(at - 1) {
            return self.keep(at - 4, at + 1, Vague, Form::Lately(unit));
        }
        if count == Count::Many {
            return at;
        }
        let after = self.reader.next(at + 1);
        if unit == Unit::Day {
            return match lead {
                "ce" if self.reader.is_there(at + 1) => {
                    self.keep(at - 1, at + 2, Relative, Form::Offset(0, From::LastDay))
                }
                "ce" if self.back(at, 2) != "a" => self.keep(at - 1, at + 1, Relative, Form::Offset(0, From::Writing)),
                "le" if after == "meme" => self.keep(at - 1, at + 2, Relative, Form::Offset(0, From::LastDay)),
                "le" if after == "suivant" => self.keep(at - 1, at + 2, Relative, Form::Offset(1, From::LastDay)),
                _ => at,
            };
        }
        let first = at - usize::from(matches!(lead, "la" | "le" | "ce" | "cette"));
        match (look(after), lead) {
            (Some(Look::Last), _) => self.keep(first, at + 2, Vague, Form::Whole(unit, -1)),
            (Some(Look::Next), _) => self.keep(first, at + 2, Vague, Form::Whole(unit, 1)),
            (_, "ce" | "cette") if !self.reader.is_there(at + 1) && after != "de" && !self.reader.month_follows(at) => {
                let near = usize::from(self.reader.gap(at + 1) == Gap::Hyphen && self.reader.word(at + 1) == "ci");
                self.keep(first, at + 1 + near, Vague, Form::Whole(unit, 0))
            }
            _ => at,
        }
    }

    /// The number of words or digits that ends before `at`, and where it begins: « vingt-quatre ».
    fn count_before(&self, at: usize) -> Option<(i64, usize)> {
        let mut first = at - 1;
        let mut count = number(self.reader.word(first))?;
        while first > self.floor && self.reader.gap(first) == Gap::Hyphen {
            let before = number(self.reader.word(first - 1))?;
            // Tens and units add up; in « quatre-vingts » they multiply.
            if before < 10 {
                return None;
            }
            count += before;
            first -= 1;
        }
        Some((count, first))
    }

    /// « il y a deux jours », « deux jours plus tôt », « 24 heures après l'annonce »: `count` units, of which the
    /// number begins at `first` and the unit is at `at`.
    fn distance(&mut self, at: usize, first: usize, unit: Unit, count: i64) -> usize {
        let (count, unit) = match unit {
            Unit::Hour if count > 0 && count % 24 == 0 => (count / 24, Unit::Day),
            Unit::Hour => return at,
            _ => (count, unit),
        };
        let rule = if unit == Unit::Day { Relative } else { Vague };
        if self.is_ago(first) {
            return self.keep(first - 3, at + 1, rule, Form::Distance(-count, unit, From::Writing));
        }
        if matches!(self.back(first, 1), "voici" | "voila") {
            return self.keep(first - 1, at + 1, rule, Form::Distance(-count, unit, From::Writing));
        }
        let (sign, end) = match (self.reader.next(at + 1), self.reader.next(at + 2)) {
            ("plus", "tot") => (-1, at + 3),
            ("plus", "tard") => (1, at + 3),
            ("auparavant" | "avant", _) => (-1, at + 2),
            ("apres", _) => (1, at + 2),
            _ => return at,
        };
        // « le 28 mai, soit deux jours plus tôt » tells the same day again.
        if self.back(first, 1) == "soit" || self.reader.is_length(first) {
            return at;
        }
        // « trois jours plus tard, le 1er juin ».
        let apart = unit == Unit::Day && matches!(self.reader.gap(end), Gap::Comma | Gap::Open);
        if let Some(end) = apart.then(|| self.beside(first, end, Look::Open)).flatten() {
            return end;
        }
        // « deux jours après le 5 mai »: that day is read, and no other.
        let article = usize::from(self.reader.next(end) == "le");
        if !apart && self.reader.series(end + article, Lead::Nothing).is_some() {
            return at;
        }
        // « dix ans après la guerre » dates nothing.
        if unit != Unit::Day && matches!(self.reader.next(end - 1), "apres" | "avant") && !self.reader.stands_alone(end)
        {
            return at;
        }
        let form = match self.reader.next(end - 1) {
            // « trois jours après le carnage »: told of a day before that of the sentence, unless it begins with it.
            "apres" if self.reader.has_noun(end) && self.opens(first) => Form::Distance(count, unit, From::LastDay),
            "apres" if self.reader.has_noun(end) => Form::Distance(-count, unit, From::LastDay),
            "avant" if self.reader.has_noun(end) => Form::FromEvent,
            _ => Form::Distance(sign * count, unit, From::LastDay),
        };
        self.keep(first, end, rule, form)
    }

    /// Whether « il y a » stands before the token at `at`.
    fn is_ago(&self, at: usize) -> bool {
        self.back(at, 1) == "a" && self.back(at, 2) == "y" && self.back(at, 3) == "il"
    }

    fn opens(&self, at: usize) -> bool {
        self.reader.tokens[at].opens
    }

    /// « le week-end dernier », « ce week-end ».
    pub(super) fn weekend(&mut self, at: usize) -> usize {
        let split = self.reader.word(at) == "week";
        if split && self.reader.word(at + 1) != "end" {
            return at;
        }
        let end = at + 1 + usize::from(split);
        let lead = self.back(at, 1);
        let first = at - usize::from(matches!(lead, "le" | "ce"));
        match look(self.reader.next(end)) {
            Some(look @ (Look::Last | Look::Next)) => self.keep(first, end + 1, Relative, Form::Weekend(look)),
            _ if lead == "ce" && !self.reader.is_there(end) => {
                self.keep(first, end, Relative, Form::Weekend(Look::This))
            }
            _ => end,
        }
    }
}

impl Reader<'_, '_> {
    /// « -là » at `at`.
    fn is_there(&self, at: usize) -> bool {
        self.gap(at) == Gap::Hyphen && self.word(at) == "la"
    }

    /// Whether what begins at `at` says of what: « de l'attaque », « d'une attaque ».
    pub(super) fn has_complement(&self, at: usize) -> bool {
        matches!(self.next(at), "de" | "du" | "des")
            || self.gap(at) == Gap::Space && self.elision(at).eq_ignore_ascii_case("d")
    }

    /// Whether the count at `at` tells how long something lasts, or how far off it is at most: « un deuil de trois
    /// jours », « pendant deux jours après ».
    fn is_length(&self, at: usize) -> bool {
        const LENGTHS: [&str; 8] = ["ces", "de", "des", "durant", "les", "pendant", "pour", "ses"];
        LENGTHS.contains(&self.back(at, 1)) || self.elision(at).eq_ignore_ascii_case("d")
    }

    /// Whether a sign stands before `at`, or the end.
    fn stands_alone(&self, at: usize) -> bool {
        self.gap(at) != Gap::Space
    }

    /// Whether a noun with its article begins at `at`.
    fn has_noun(&self, at: usize) -> bool {
        let articles = ["le", "la", "les", "un", "une", "ce", "cet", "cette", "ces", "son", "sa", "leur", "que", "des"];
        articles.contains(&self.next(at)) || self.gap(at) == Gap::Space && self.elision(at).eq_ignore_ascii_case("l")
    }

    /// Whether « mois » at `at` has its month after it: « ce mois d'avril ».
    fn month_follows(&self, at: usize) -> bool {
        self.month_at(at + 1).is_some()
    }

    /// Whether « aujourd'hui » at `at` tells a day: something has been done, in the sentence that it opens or right
    /// before it.
    fn is_day_of_news(&self, at: usize) -> bool {
        if self.tokens[at].opens {
            let sentence =
                (at + 1..at + SENTENCE).take_while(|&place| !matches!(self.gap(place), Gap::Other | Gap::Dot));
            return sentence.into_iter().any(|place| matches!(self.word(place), "a" | "ont") && self.is_done(place));
        }
        let close = |place: usize| (place + 1..=at).all(|next| self.gap(next) == Gap::Space);
        (2..=3).any(|step| at >= step && close(at - step) && self.is_done(at - step) && self.is_participle(at - 1))
    }

    /// Whether a verb of the past in two words begins at `at`: « a tué », « ont été tués ».
    pub(super) fn is_done(&self, at: usize) -> bool {
        matches!(self.word(at), "a" | "ont" | "ete" | "avait" | "avaient")
            && (1..=2).any(|step| self.is_participle(at + step))
    }

    /// Whether the word at `at` may be a past participle.
    fn is_participle(&self, at: usize) -> bool {
        const ENDS: [&str; 15] =
            ["é", "és", "ée", "ées", "i", "is", "ie", "ies", "u", "us", "ue", "ues", "mort", "morts", "ert"];
        let Some(token) = self.tokens.get(at) else { return false };
        let verb = token.terms.kind != Kind::Stop && ENDS.iter().any(|end| token.surface.ends_with(end));
        token.surface == "été" || verb && token.surface.starts_with(char::is_lowercase)
    }
}
