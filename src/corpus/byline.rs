//! Lines that tell who wrote an article, where it appeared and when.

use chrono::NaiveDate;

use super::published::{day_at_start, is_hour};
use crate::french::fold;

/// What a byline tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Byline {
    pub(super) author: Option<String>,
    pub(super) source: Option<String>,
    pub(super) published: Option<NaiveDate>,
    pub(super) title: Option<String>,
    pub(super) url: Option<String>,
    /// Whether part of the line told none of these, such as the day of a change.
    pub(super) more: bool,
}

/// What follows a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Author,
    Published,
    Source,
    Title,
    Url,
    /// Nothing that a report has a field for.
    Other,
}

/// Folded labels at the start of a line or of a part of it; a longer one stands before its beginning.
const LABELS: [(&str, Label); 24] = [
    ("auteur", Label::Author),
    ("date de publication", Label::Published),
    ("date", Label::Published),
    ("derniere mise a jour", Label::Other),
    ("ecrit par", Label::Author),
    ("lecture", Label::Other),
    ("lien", Label::Url),
    ("mis a jour", Label::Other),
    ("mis en ligne le", Label::Published),
    ("mise a jour", Label::Other),
    ("modifie", Label::Other),
    ("paru le", Label::Published),
    ("par", Label::Author),
    ("poste le", Label::Published),
    ("post le", Label::Published),
    ("propos recueillis par", Label::Author),
    ("publie le", Label::Published),
    ("publie par", Label::Author),
    ("publie", Label::Published),
    ("redige par", Label::Author),
    ("source", Label::Source),
    ("temps de lecture", Label::Other),
    ("titre", Label::Title),
    ("url", Label::Url),
];

/// Words that names are joined and preceded by, in lower case.
const PARTICLES: [&str; 27] = [
    "a",
    "ag",
    "al",
    "au",
    "aux",
    "avec",
    "ben",
    "bin",
    "correspondant",
    "correspondante",
    "de",
    "des",
    "du",
    "el",
    "en",
    "envoye",
    "et",
    "la",
    "le",
    "les",
    "nos",
    "notre",
    "ould",
    "redaction",
    "special",
    "speciale",
    "stagiaire",
];

/// Capitalized words that no person's name at the end of an article has.
const NO_NAMES: [&str; 40] = [
    "actualite",
    "afrique",
    "al-qaida",
    "ansarul",
    "armee",
    "armees",
    "bilan",
    "boko",
    "burkina",
    "centre",
    "communique",
    "conseil",
    "cote",
    "dine",
    "direction",
    "est",
    "etat",
    "etat-major",
    "faso",
    "forces",
    "front",
    "groupe",
    "haram",
    "islam",
    "islamique",
    "katiba",
    "la",
    "le",
    "les",
    "macina",
    "mali",
    "ministere",
    "niger",
    "nord",
    "operation",
    "ouest",
    "republique",
    "sahel",
    "sud",
    "tchad",
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

/// A day that a place is named with: `Bamako, le 9 janvier 2025`. It stays in the text.
pub(super) fn dateline(line: &str) -> Option<NaiveDate> {
    let (place, rest) = line.split_once(", le ").or_else(|| line.split_once(" le "))?;
    let words = place.split_whitespace().count();
    let (day, rest) = day_at_start(rest)?;
    let short = (1..=3).contains(&words) && place.starts_with(char::is_uppercase);
    (short && rest.trim_matches('.').is_empty()).then_some(day)
}

/// A line that is nothing but a person's name, as authors sign with: `Amina DIALLO`, `– Amina D.`.
pub(super) fn signature(line: &str) -> Option<String> {
    let name = line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '(' | ')' | '*' | '_'));
    let words: Vec<&str> = name.split_whitespace().collect();
    let fits = (2..=5).contains(&words.len()) && name.chars().count() <= 40;
    let named = words.iter().all(|word| {
        let folded = fold(&word.to_lowercase());
        is_name(word) && NO_NAMES.binary_search(&folded.as_str()).is_err() || matches!(&*folded, "ag" | "de" | "ould")
    });
    let mixed = name.chars().any(char::is_lowercase) && words.iter().filter(|word| is_name(word)).count() >= 2;
    let bounded = words.first().is_some_and(|word| is_name(word) && !word.ends_with('.'));
    (fits && named && mixed && bounded).then(|| name.to_owned())
}

impl Byline {
    /// Takes a part of the line in, or tells that it is no part of a byline.
    fn part(&mut self, part: &str) -> bool {
        let Some((label, rest, colon)) = label(part) else {
            // A day alone, and what may follow it.
            let day = day_at_start(part);
            let hour = self.published.is_some() && is_hour(part);
            return hour || day.is_some_and(|(day, rest)| self.after_day(day, rest));
        };
        match label {
            Label::Other => {
                self.more = true;
                colon || rest.starts_with(|c: char| c.is_ascii_digit()) || rest.to_lowercase().starts_with("le ")
            }
            Label::Published => {
                let rest = rest.strip_prefix("le ").unwrap_or(rest);
                day_at_start(rest).is_some_and(|(day, rest)| self.after_day(day, rest))
            }
            Label::Source => colon && is_short_name(rest) && self.source.replace(rest.to_owned()).is_none(),
            Label::Author => self.by(rest),
            Label::Title | Label::Url => false,
        }
    }

    /// The words after a day: nothing, an author, or the day of a change.
    fn after_day(&mut self, day: NaiveDate, rest: &str) -> bool {
        self.published.get_or_insert(day);
        let rest = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '.' | ';'));
        rest.is_empty() || matches!(label(rest), Some((Label::Author | Label::Other, ..))) && self.part(rest)
    }

    /// `Amina D., le 9 janvier 2025`.
    fn by(&mut self, rest: &str) -> bool {
        let day = rest.match_indices(',').find_map(|(at, _)| Some((at, day_at_start(rest.get(at + 1..)?)?)));
        let (names, after) = match day {
            Some((at, (day, after))) => (rest.get(..at).unwrap_or_default(), Some((day, after))),
            None => (rest, None),
        };
        let names = names.trim().trim_end_matches([',', ';']);
        if self.author.is_some() || !is_byline_name(names) {
            return false;
        }
        self.author = Some(names.to_owned());
        after.is_none_or(|(day, rest)| self.after_day(day, rest))
    }
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

/// One or more names as a byline has them: capitalized words and particles, no sentence.
fn is_byline_name(names: &str) -> bool {
    let words: Vec<&str> = names.split_whitespace().collect();
    let known = |word: &&str| {
        let folded = fold(&word.to_lowercase());
        let folded = folded.trim_matches(|c: char| !c.is_alphanumeric());
        let tail = folded.rsplit('\'').next().unwrap_or(folded);
        is_name(word) || PARTICLES.binary_search(&tail).is_ok() || word.chars().all(|c| !c.is_alphanumeric())
    };
    let newsroom = fold(&names.to_lowercase()).contains("redaction");
    let initial = words.last().is_some_and(|word| word.chars().count() <= 3);
    (1..=10).contains(&words.len())
        && words.iter().all(known)
        && (newsroom || words.iter().any(|word| is_name(word)))
        && (!names.ends_with('.') || initial)
}

fn is_url(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && !text.contains(char::is_whitespace)
}

fn is_short_name(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= 60 && !text.ends_with('.')
}

/// A capitalized word of letters, hyphens and apostrophes, or an initial with its stop.
fn is_name(word: &str) -> bool {
    let word = word.trim_end_matches([',', ';', '/', '.', ')']).trim_start_matches(['(', '/']);
    let start = word.split(['\'', '-']).next_back().unwrap_or(word);
    (word.starts_with(char::is_uppercase) || start.starts_with(char::is_uppercase))
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '.' | '/' | '&'))
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
    fn tables_are_sorted() {
        assert!(PARTICLES.is_sorted_by(|a, b| a < b));
        assert!(NO_NAMES.is_sorted_by(|a, b| a < b));
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
            ("Date : 2025-01-09", "- 2025-01-09 -"),
            ("Source : Échantillon B", "- - Échantillon B"),
            ("Mis à jour le 10 janvier 2025", "- - -"),
        ] {
            assert_eq!(told(line), want, "{line}");
        }
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
            "Un bilan lourd",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn knows_signatures() {
        for line in ["Awa KEÏTA", "– Oumar Ag Mohamed", "Awa K.", "Jean-Baptiste N'Diaye"] {
            assert!(signature(line).is_some(), "{line}");
        }
        for line in
            ["Burkina Faso", "BILAN PROVISOIRE", "Boko Haram", "Un bilan lourd", "Awa", "Le Ministre", "A. B.", ""]
        {
            assert_eq!(signature(line), None, "{line}");
        }
    }

    #[test]
    fn knows_datelines() {
        let day = NaiveDate::from_ymd_opt(2025, 1, 9);
        assert_eq!(dateline("Bamako, le 9 janvier 2025"), day);
        assert_eq!(dateline("Fait à Ouagadougou, le 9 janvier 2025."), day);
        assert_eq!(dateline("Bamako, le 9 janvier 2025, l'armée a publié un bilan."), None);
        assert_eq!(dateline("attaqué le 9 janvier 2025"), None);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(line in "\\PC{0,30}|(Par|Publié le|Source|mis à jour) ?:? ?[A-Za-zé0-9,. -]{0,30}") {
            let _ = (read(&line), dateline(&line), signature(&line));
        }
    }
}
