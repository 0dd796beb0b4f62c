//! Lines that tell who wrote an article, where it appeared and when.

use chrono::NaiveDate;

use super::dateline::is_agency;
use super::names::are_names;
use super::published::{day_at_start, is_hour};
use crate::french::fold;

/// What a byline tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Byline {
    pub(super) author: Option<String>,
    pub(super) source: Option<String>,
    pub(super) published: Option<NaiveDate>,
    /// The day of a change.
    pub(super) updated: Option<NaiveDate>,
    pub(super) title: Option<String>,
    pub(super) url: Option<String>,
    /// Whether a label says whose day or name it is: a day alone might be that of an event.
    pub(super) sure: bool,
    /// Whether part of the line told none of these, such as the time that reading takes.
    more: bool,
}

/// What follows a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Author,
    Published,
    Source,
    Title,
    Updated,
    Url,
    /// Nothing that a report has a field for.
    Other,
}

/// Folded labels at the start of a line or of a part of it; a longer one stands before its beginning. « Date » is none:
/// it is the label of an event's day as often.
const LABELS: [(&str, Label); 27] = [
    ("auteur", Label::Author),
    ("date de mise en ligne", Label::Published),
    ("date de parution", Label::Published),
    ("date de publication", Label::Published),
    ("derniere mise a jour", Label::Updated),
    ("diffuse le", Label::Published),
    ("ecrit par", Label::Author),
    ("lecture", Label::Other),
    ("lien", Label::Url),
    ("mis a jour", Label::Updated),
    ("mis en ligne", Label::Published),
    ("mise a jour", Label::Updated),
    ("mise en ligne", Label::Published),
    ("modifie", Label::Updated),
    ("paru le", Label::Published),
    ("par", Label::Author),
    ("poste le", Label::Published),
    ("post le", Label::Published),
    ("propos recueillis par", Label::Author),
    ("publication", Label::Published),
    ("publie par", Label::Author),
    ("publie", Label::Published),
    ("redige par", Label::Author),
    ("source", Label::Source),
    ("temps de lecture", Label::Other),
    ("titre", Label::Title),
    ("url", Label::Url),
];

/// The longest line that can be a byline, in characters.
const LONGEST: usize = 140;

/// Reads a line such as `Par : Amina D.`, `Publié le 9 janvier 2025 à 17h30 par Amina D. | Source : Radio`; nothing
/// where any part of it is something else.
pub(super) fn read(line: &str) -> Option<Byline> {
    if line.chars().count() > LONGEST {
        return None;
    }
    let mut byline = Byline::default();
    // These two are read whole: dashes and bars are their own.
    match label(line) {
        Some((Label::Title, title, true)) if !title.is_empty() => byline.title = Some(title.to_owned()),
        Some((Label::Url, url, true)) if is_url(url) => byline.url = Some(url.to_owned()),
        _ if is_url(line) => byline.url = Some(line.to_owned()),
        _ => {}
    }
    if byline != Byline::default() {
        return Some(byline);
    }
    for part in line.split(['|', '•', '·', '–', '—']).flat_map(|part| part.split(" - ")) {
        let part = part.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '(' | ')' | '*' | '_'));
        if !part.is_empty() && !byline.part(part) {
            return None;
        }
    }
    (byline != Byline::default()).then_some(byline)
}

impl Byline {
    /// Takes a part of the line in, or tells that it is no part of a byline.
    fn part(&mut self, part: &str) -> bool {
        let Some((label, rest, colon)) = label(part) else {
            if is_agency(part) && self.source.is_none() {
                self.source = Some(part.to_owned());
                return true;
            }
            // A day alone, and what may follow it.
            let day = day_at_start(part);
            let hour = (self.published.is_some() || self.updated.is_some()) && is_hour(part);
            return hour || day.is_some_and(|(day, rest)| self.after_day(day, rest));
        };
        match label {
            Label::Other => {
                self.more = true;
                colon || is_time_or_day(rest)
            }
            Label::Published => {
                self.sure = true;
                labelled_day(rest).is_some_and(|(day, rest)| self.after_day(day, rest))
            }
            Label::Updated => {
                let day = labelled_day(rest);
                self.more = true;
                self.updated = self.updated.or(day.map(|(day, _)| day));
                day.is_some_and(|(_, rest)| rest.is_empty()) || colon || is_time_or_day(rest)
            }
            Label::Source => colon && is_short_name(rest) && self.source.replace(rest.to_owned()).is_none(),
            Label::Author => {
                self.sure = true;
                self.by(rest)
            }
            Label::Title | Label::Url => false,
        }
    }

    /// The words after a day: nothing, an author, or the day of a change.
    fn after_day(&mut self, day: NaiveDate, rest: &str) -> bool {
        self.published.get_or_insert(day);
        let rest = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '.' | ';'));
        rest.is_empty()
            || matches!(label(rest), Some((Label::Author | Label::Other | Label::Updated, ..))) && self.part(rest)
    }

    /// `Amina D., le 9 janvier 2025`, `AFP le 09.01.2025 à 17h30`.
    fn by(&mut self, rest: &str) -> bool {
        let mut starts = rest.match_indices([',', ' ']);
        let day = starts.find_map(|(at, _)| Some((at, day_at_start(rest.get(at + 1..)?)?)));
        let (names, after) = match day {
            Some((at, (day, after))) => (rest.get(..at).unwrap_or_default(), Some((day, after))),
            None => (rest, None),
        };
        let names = names.trim();
        let names = names.strip_suffix(" le").unwrap_or(names).trim_end_matches([',', ';', ' ']);
        if self.author.is_some() || !are_names(names) {
            return false;
        }
        self.author = Some(names.to_owned());
        if is_agency(names) {
            self.source.get_or_insert_with(|| names.to_owned());
        }
        after.is_none_or(|(day, rest)| self.after_day(day, rest))
    }
}

/// The day in `le 10 janvier 2025`, `le : 10/01/2025` or without these, and what follows it.
fn labelled_day(text: &str) -> Option<(NaiveDate, &str)> {
    let rest = text.strip_prefix("le").filter(|rest| rest.starts_with([' ', ':'])).unwrap_or(text);
    day_at_start(rest.trim_start_matches([' ', ':']))
}

/// `5 min`, `le 10 janvier 2025`.
fn is_time_or_day(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) || text.to_lowercase().starts_with("le ")
}

/// The label that a part starts with, what follows it, and whether a colon stands between them.
fn label(part: &str) -> Option<(Label, &str, bool)> {
    LABELS.iter().find_map(|&(phrase, label)| {
        let rest = after_folded(part, phrase)?;
        let trimmed = rest.trim_start();
        match trimmed.strip_prefix(':') {
            Some(rest) => Some((label, rest.trim(), true)),
            None if trimmed.len() < rest.len() => Some((label, trimmed.trim_end(), false)),
            None => None,
        }
    })
}

/// What follows `phrase` at the start of `text`, whatever its case and accents.
fn after_folded<'a>(text: &'a str, phrase: &str) -> Option<&'a str> {
    let end = text.char_indices().nth(phrase.chars().count()).map_or(text.len(), |(at, _)| at);
    let (start, rest) = text.split_at(end);
    (fold(&start.to_lowercase()) == phrase).then_some(rest)
}

fn is_url(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

fn is_short_name(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= 60 && !text.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> String {
        read(line).map_or_else(String::new, |byline| {
            let day = byline.published.map(|day| day.to_string());
            let parts = [byline.author, day, byline.source];
            parts.into_iter().map(|part| part.unwrap_or_else(|| "-".to_owned())).collect::<Vec<_>>().join(" ")
        })
    }

    #[test]
    fn no_label_hides_a_longer_one() {
        for (at, (phrase, _)) in LABELS.iter().enumerate() {
            assert!(LABELS[..at].iter().all(|(before, _)| !phrase.starts_with(before)), "{phrase}");
        }
    }

    #[test]
    fn reads_bylines() {
        for (line, want) in [
            ("Par : Awa K.", "Awa K. - -"),
            ("par Awa Keïta et Oumar D.", "Awa Keïta et Oumar D. - -"),
            ("Par la rédaction", "la rédaction - -"),
            ("Par notre correspondant à Gao, Awa Keïta", "notre correspondant à Gao, Awa Keïta - -"),
            ("Auteur : Awa Keïta", "Awa Keïta - -"),
            ("Publié le 9 janvier 2025", "- 2025-01-09 -"),
            ("Publié le : 09/01/2025 - 17:30", "- 2025-01-09 -"),
            ("Publié le 9 janvier 2025 à 17h30 par Awa Keïta", "Awa Keïta 2025-01-09 -"),
            ("Par Awa Keïta, le 9 janvier 2025", "Awa Keïta 2025-01-09 -"),
            ("Par Awa Keïta | jeudi 9 janvier 2025 à 10:00", "Awa Keïta 2025-01-09 -"),
            ("Publié le 9 janvier 2025, mis à jour le 10 janvier 2025", "- 2025-01-09 -"),
            ("9 janvier 2025", "- 2025-01-09 -"),
            ("Publié le 9 janvier 2025 à 18h20 – Mis à jour le 10 janvier 2025", "- 2025-01-09 -"),
            ("Mis en ligne le 09/01/2025", "- 2025-01-09 -"),
            ("Mis en ligne le : 09/01/2025 à 18h", "- 2025-01-09 -"),
            ("Par AFP le 09.01.2025 à 18h20", "AFP 2025-01-09 AFP"),
            ("Par Awa Keïta 09/01/2025", "Awa Keïta 2025-01-09 -"),
            ("RFI - 09/01/2025 - 17:30", "- 2025-01-09 RFI"),
            ("Source : Échantillon B", "- - Échantillon B"),
            ("Mis à jour le 10 janvier 2025", "- - -"),
        ] {
            assert_eq!(told(line), want, "{line}");
        }
    }

    #[test]
    fn the_day_of_a_change_is_told_apart() {
        for line in [
            "Mis à jour le 10 janvier 2025",
            "Modifié le : 10/01/2025 - 08:00",
            "Publié le 9 janvier 2025, mis à jour le 10/01/2025 à 10:00",
        ] {
            assert_eq!(read(line).unwrap().updated, NaiveDate::from_ymd_opt(2025, 1, 10), "{line}");
        }
        assert_eq!(read("Mis à jour : il y a deux heures").unwrap().updated, None);
    }

    #[test]
    fn reads_titles_and_addresses() {
        assert_eq!(read("Titre : Mali - un bilan").unwrap().title.as_deref(), Some("Mali - un bilan"));
        for line in ["https://exemple.invalid/a-b", "URL : https://exemple.invalid/a-b"] {
            assert_eq!(read(line).unwrap().url.as_deref(), Some("https://exemple.invalid/a-b"), "{line}");
        }
    }

    #[test]
    fn leaves_sentences_alone() {
        for line in [
            "",
            "Par ailleurs, deux soldats ont été blessés.",
            "Par peur des représailles, les habitants ont fui vers Sévaré",
            "Le 9 janvier 2025, l'armée a repoussé une attaque.",
            "Source de tensions, la mine reste fermée",
            "9 janvier 2025 : une date noire",
            "Date limite",
            "Date : 9 janvier 2025",
            "Date 9 janvier 2025",
            "Date | 9 janvier 2025",
            "Un bilan lourd",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(line in "\\PC{0,30}|(Par|Publié le|Source|mis à jour) ?:? ?[A-Za-zé0-9,. -]{0,30}") {
            let _ = read(&line);
        }
    }
}
