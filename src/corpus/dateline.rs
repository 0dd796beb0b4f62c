//! Datelines: place, day and agency before a text, `AFP - Bamako, le 9 janvier 2025.`

use chrono::NaiveDate;

use super::published::day_at_start;
use crate::french::fold;

/// What a dateline tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dateline {
    pub(super) day: NaiveDate,
    pub(super) source: Option<String>,
}

/// Agencies and others that dispatches are taken over from, folded.
const AGENCIES: [&str; 25] = [
    "afp",
    "agence anadolu",
    "agence france-presse",
    "aib",
    "amap",
    "anadolu",
    "anp",
    "ap",
    "apa",
    "apanews",
    "aps",
    "associated press",
    "atpe",
    "belga",
    "dpa",
    "efe",
    "map",
    "panapress",
    "reuters",
    "rfi",
    "sputnik",
    "tap",
    "tass",
    "xinhua",
    "xinhuanet",
];

/// What happened rather than a place, at the start of lines such as `Attaque d'Inata, le 14 novembre 2021`.
const EVENTS: [&str; 14] = [
    "assaut",
    "attaque",
    "attaques",
    "attentat",
    "bilan",
    "combats",
    "date",
    "embuscade",
    "enlevement",
    "explosion",
    "incident",
    "massacre",
    "raid",
    "tuerie",
];

/// The longest place, in words: `Fait à Ouagadougou`.
const PLACE: usize = 3;

/// A day that a place is named with: alone on its line (`Bamako, le 9 janvier 2025`), or with an agency before the
/// text (`BAMAKO, 9 janvier 2025 (AFP) - L'armée …`). It stays in the text.
pub(super) fn read(line: &str) -> Option<Dateline> {
    let (before, line) = agency_before(line);
    let (place, day, rest) = place_and_day(line)?;
    let (place, within) = agency_after(place);
    let (after, rest) = match within {
        None => agency_at_start(rest),
        within => (within, rest),
    };
    let source = before.or(after).or(within);
    let alone = rest.trim_matches(|c: char| c == '.' || c.is_whitespace()).is_empty();
    let ended = line.get(..line.len() - rest.len()).is_some_and(|start| start.trim_end().ends_with('.'));
    let apart = ended || rest.starts_with(['.', ':', '-', '–', '—']);
    // Without an agency, « le » tells a dateline from the heading of a chronicle.
    let marked = source.is_some() || line.contains(" le ");
    (is_place(place) && marked && (alone || source.is_some() && apart))
        .then(|| Dateline { day, source: source.map(str::to_owned) })
}

/// Whether a name is that of an agency.
pub(super) fn is_agency(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && AGENCIES.binary_search(&fold(&name.to_lowercase()).as_str()).is_ok()
}

/// Whether a line is nothing but the word « Date »: below it stands the day of an event as often as any other.
pub(super) fn is_day_label(line: &str) -> bool {
    let word = line.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(&*fold(&word.to_lowercase()), "date" | "dates")
}

/// Whether a line tells the day of what is reported: `Date : 23 mars 2019`.
pub(super) fn is_event_day(line: &str) -> bool {
    let end = line.find(|c: char| !c.is_alphabetic()).unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    let rest = rest.trim_start();
    is_day_label(word) && (rest.is_empty() || rest.starts_with([':', '|']) || day_at_start(rest).is_some())
}

/// `AFP - `, `(AFP) `, `RFI/`.
fn agency_before(line: &str) -> (Option<&str>, &str) {
    let within = line.strip_prefix('(').and_then(|line| line.split_once(')'));
    // « Agence France-Presse » has a hyphen of its own.
    let found = within.or_else(|| line.split_once(" - ").filter(|(name, _)| is_agency(name))).or_else(|| {
        let at = line.find(|c: char| is_sign(c) && !c.is_whitespace())?;
        Some(line.split_at(at))
    });
    match found.map(|(name, rest)| (name.trim(), rest)) {
        Some((name, rest)) if is_agency(name) => (Some(name), rest.trim_start_matches(is_sign)),
        _ => (None, line),
    }
}

/// `BAMAKO (AFP)`.
fn agency_after(place: &str) -> (&str, Option<&str>) {
    match place.strip_suffix(')').and_then(|place| place.rsplit_once('(')) {
        Some((place, name)) if is_agency(name.trim()) => (place.trim_end(), Some(name.trim())),
        _ => (place, None),
    }
}

/// `(AFP) - L'armée …`.
fn agency_at_start(rest: &str) -> (Option<&str>, &str) {
    match rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        Some((name, rest)) if is_agency(name.trim()) => (Some(name.trim()), rest.trim_start()),
        _ => (None, rest),
    }
}

fn place_and_day(line: &str) -> Option<(&str, NaiveDate, &str)> {
    [", le ", " le ", ", "].into_iter().find_map(|sign| {
        let (place, rest) = line.split_once(sign)?;
        let (day, rest) = day_at_start(rest)?;
        Some((place.trim_end_matches(','), day, rest))
    })
}

fn is_place(place: &str) -> bool {
    let folded = fold(&place.to_lowercase());
    let first = folded.split_whitespace().next().unwrap_or_default();
    (1..=PLACE).contains(&place.split_whitespace().count())
        && place.starts_with(char::is_uppercase)
        && place.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '(' | ')' | ','))
        && EVENTS.binary_search(&first).is_err()
}

fn is_sign(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':' | '/' | ',' | '|' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(AGENCIES.is_sorted_by(|a, b| a < b));
        assert!(EVENTS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn knows_datelines() {
        for (line, source) in [
            ("Bamako, le 9 janvier 2025", None),
            ("Bamako le 09/01/2025", None),
            ("Fait à Ouagadougou, le 9 janvier 2025.", None),
            ("AFP - Bamako, le 9 janvier 2025.", Some("AFP")),
            ("AFP – Bamako, le 9 janvier 2025. L'armée a publié un bilan.", Some("AFP")),
            ("BAMAKO, 9 janvier 2025 (Xinhua) -- L'armée a publié un bilan.", Some("Xinhua")),
            ("Bamako (APA), le 9 janvier 2025 – L'armée a publié un bilan.", Some("APA")),
            ("Bamako, le 9 janvier 2025 (Reuters)", Some("Reuters")),
            ("(Agence Anadolu) Bamako, 9 janvier 2025", Some("Agence Anadolu")),
            ("Agence France-Presse - Bamako, le 9 janvier 2025.", Some("Agence France-Presse")),
        ] {
            let found = read(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                (Some(found.day), found.source.as_deref()),
                (NaiveDate::from_ymd_opt(2025, 1, 9), source),
                "{line}"
            );
        }
    }

    #[test]
    fn leaves_events_and_sentences_alone() {
        for line in [
            "Bamako, le 9 janvier 2025, l'armée a publié un bilan.",
            "Bamako, le 9 janvier 2025 – L'armée a publié un bilan.",
            "Ogossagou, 23 mars 2019",
            "Massacre d'Ogossagou, le 23 mars 2019",
            "Date : le 23 mars 2019",
            "Lieu et date : Ogossagou, le 23 mars 2019",
            "attaqué le 9 janvier 2025",
            "Selon l'AFP, le 9 janvier 2025, l'armée a tiré.",
            "",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn knows_the_day_of_an_event() {
        for line in ["Date : 23 mars 2019", "DATE", "Date\t23 mars 2019", "Date | 23 mars 2019", "Date 23/03/2019"] {
            assert!(is_event_day(line), "{line}");
        }
        for line in ["Date limite", "Une date noire", "23 mars 2019", ""] {
            assert!(!is_event_day(line), "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(line in "\\PC{0,30}|[(]?(AFP|RFI|é)[)]?[ -]{0,3}(Gao|é)?,? (le )?9 mai 2024[. (]{0,3}(AFP|é)?.{0,9}") {
            let _ = (read(&line), is_event_day(&line));
        }
    }
}
