//! Dates, numbers and names as a page tells them, in its language.

use chrono::{Datelike, NaiveDate};

use crate::date::{DateSpan, Precision};
use crate::facet::{FacetKind, FacetPath};
use crate::lang::Lang;
use crate::render::shown;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The broadest groups, by their names in the vocabulary.
const CATEGORIES: [(&str, &str); 9] = [
    ("autodefense", "self-defence groups"),
    ("etatique", "state forces"),
    ("generique", "actors without a name"),
    ("inconnu", "not known"),
    ("international", "international forces"),
    ("jihadiste", "jihadist groups"),
    ("mercenaire", "mercenary companies"),
    ("milice", "armed militias"),
    ("rebelle", "rebel groups"),
];

/// A number with its thousands apart.
pub(in crate::web) fn number(lang: Lang, number: u64) -> String {
    let digits = number.to_string();
    let mut told = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push_str(match lang {
                Lang::En => ",",
                Lang::Fr => "\u{202f}",
            });
        }
        told.push(digit);
    }
    told
}

/// A number of things in words, with its thousands apart: `12 345 rapports`. `what` is one of them, in English.
pub(in crate::web) fn counted(lang: Lang, count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    let told = lang.tell(format!("{count} {what}{plural}"));
    told.replacen(&count.to_string(), &number(lang, count), 1)
}

/// A day: `15 août 2024`.
pub(super) fn day(lang: Lang, day: NaiveDate) -> String {
    let first = if lang == Lang::Fr && day.day() == 1 { "er" } else { "" };
    format!("{}{first} {}", day.day(), month(lang, day))
}

/// The month of a day: `août 2024`.
fn month(lang: Lang, day: NaiveDate) -> String {
    format!("{} {}", lang.tell(MONTHS[day.month0() as usize]), day.year())
}

/// A span of days, as finely as it is known: `août 2024`, `3 mai 2024 – 4 mai 2024`.
pub(super) fn span(lang: Lang, span: &DateSpan) -> String {
    let (from, to) = (span.from, span.to);
    let single = match span.precision {
        Precision::Year => (from.year() == to.year()).then(|| from.year().to_string()),
        Precision::Month => ((from.year(), from.month()) == (to.year(), to.month())).then(|| month(lang, from)),
        Precision::Day => (from == to).then(|| day(lang, from)),
    };
    let end = |at: NaiveDate| match span.precision {
        Precision::Year => at.year().to_string(),
        Precision::Month => month(lang, at),
        Precision::Day => day(lang, at),
    };
    single.unwrap_or_else(|| {
        if span.precision == Precision::Day && (from.year(), from.month()) == (to.year(), to.month()) {
            format!("{}–{}", from.day(), day(lang, to))
        } else {
            format!("{} – {}", end(from), end(to))
        }
    })
}

/// A date of a filter as people read it; what is no date stays as it is.
pub(super) fn asked(lang: Lang, text: &str) -> String {
    if let Ok(read) = text.parse::<DateSpan>() {
        return span(lang, &read);
    }
    let one = |text: &str| text.parse::<DateSpan>().map_or_else(|_| text.to_owned(), |read| span(lang, &read));
    match text.split_once("..") {
        Some((from, "")) => lang.tell(format!("from {} on", one(from))).into_owned(),
        Some(("", to)) => lang.tell(format!("until {}", one(to))).into_owned(),
        _ => text.to_owned(),
    }
}

/// The narrowest name of a facet, for people.
pub(super) fn name(lang: Lang, kind: FacetKind, path: &FacetPath) -> String {
    let names = path.names();
    match (kind, names) {
        (FacetKind::Group, [only]) => match CATEGORIES.iter().find(|(known, _)| known == only) {
            Some((_, told)) => lang.tell(*told).into_owned(),
            None => text(only),
        },
        (FacetKind::Date, names) => asked(lang, &names.join("-")),
        // A slash of a source is another sign in its path.
        (FacetKind::Source, _) => text(&path.name().replace('\u{2215}', "/")),
        _ => text(path.name()),
    }
}

/// All names of a facet as people read them, broadest first.
pub(super) fn steps(lang: Lang, kind: FacetKind, path: &FacetPath) -> String {
    match (kind, path.names()) {
        (FacetKind::Group, [broadest, below @ ..]) => {
            let broadest = name(lang, kind, &FacetPath::of(vec![broadest.clone()]));
            let below = below.iter().map(|name| text(name));
            std::iter::once(broadest).chain(below).collect::<Vec<_>>().join(" › ")
        }
        (FacetKind::Source | FacetKind::Date, _) => name(lang, kind, path),
        (_, names) => text(&names.join(" › ")),
    }
}

/// Tells facets of one name apart by as many of the names above them as that takes: `Diallassagou (Bankass)`. `told` are
/// the names of the paths, in their order.
pub(super) fn tell_apart<'n>(paths: &[FacetPath], told: impl Iterator<Item = &'n mut String>) {
    let told: Vec<&mut String> = told.collect();
    let names: Vec<String> = told.iter().map(|name| (**name).clone()).collect();
    for (at, name) in told.into_iter().enumerate() {
        let same = |other: &usize| *other != at && names[*other] == names[at] && paths[*other] != paths[at];
        let others: Vec<usize> = (0..names.len()).filter(same).collect();
        let above = |at: usize, steps: usize| -> Vec<&str> {
            paths[at].names().iter().rev().skip(1).take(steps).map(String::as_str).collect()
        };
        let deepest = paths[at].names().len();
        if let Some(steps) =
            (1..deepest).find(|&steps| others.iter().all(|&other| above(other, steps) != above(at, steps)))
            && !others.is_empty()
        {
            *name = format!("{name} ({})", text(&above(at, steps).join(", ")));
        }
    }
}

/// A text of others, without what would turn the order of what stands around it.
pub(super) fn text(text: &str) -> String {
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_those_of_the_language() {
        assert_eq!(number(Lang::Fr, 12_345), "12\u{202f}345");
        assert_eq!([0, 999, 1_000, 1_234_567].map(|n| number(Lang::En, n)), ["0", "999", "1,000", "1,234,567"]);
        let told = |lang, text: &str| span(lang, &text.parse().unwrap());
        for (text, french, english) in [
            ("2024-08-15", "15 août 2024", "15 August 2024"),
            ("2024-08-01", "1er août 2024", "1 August 2024"),
            ("2024-08", "août 2024", "August 2024"),
            ("2024", "2024", "2024"),
            ("2024-05-03..2024-05-04", "3–4 mai 2024", "3–4 May 2024"),
            ("2024-05-31..2024-06-01", "31 mai 2024 – 1er juin 2024", "31 May 2024 – 1 June 2024"),
            ("2024-08..2024-10", "août 2024 – octobre 2024", "August 2024 – October 2024"),
        ] {
            assert_eq!((told(Lang::Fr, text).as_str(), told(Lang::En, text).as_str()), (french, english), "{text}");
        }
        assert_eq!(asked(Lang::Fr, "2024-08.."), "à partir de août 2024");
        assert_eq!(asked(Lang::En, "..2024"), "until 2024");
        assert_eq!(asked(Lang::En, "hier"), "hier");
    }

    #[test]
    fn categories_of_the_vocabulary_have_a_name() {
        for category in ["jihadiste", "rebelle", "milice", "autodefense", "mercenaire", "etatique", "international"] {
            let path: FacetPath = category.parse().unwrap();
            assert_ne!(name(Lang::En, FacetKind::Group, &path), category);
        }
        assert!(CATEGORIES.is_sorted());
    }

    #[test]
    fn names_are_told_apart_by_what_is_above_them() {
        let told = |paths: &[&str]| -> Vec<String> {
            let paths: Vec<FacetPath> = paths.iter().map(|path| path.parse().unwrap()).collect();
            let mut names: Vec<String> = paths.iter().map(|path| name(Lang::Fr, FacetKind::Region, path)).collect();
            tell_apart(&paths, names.iter_mut());
            names
        };
        let two = ["Mali/Mopti/Bankass/Diallassagou", "Mali/Mopti/Koro/Diallassagou", "Mali"];
        assert_eq!(told(&two), ["Diallassagou (Bankass)", "Diallassagou (Koro)", "Mali"]);
        let divided = ["Mali/Mopti/Bankass/Diallassagou", "Mali/Bandiagara/Bankass/Diallassagou"];
        assert_eq!(told(&divided), ["Diallassagou (Bankass, Mopti)", "Diallassagou (Bankass, Bandiagara)"]);
        assert_eq!(told(&["Mali/Mopti", "Mali/Mopti/Mopti"]), ["Mopti (Mali)", "Mopti (Mopti)"]);
        let path: FacetPath = "etatique/FAMa".parse().unwrap();
        assert_eq!(steps(Lang::Fr, FacetKind::Group, &path), "forces étatiques › FAMa");
    }

    #[test]
    fn signs_that_turn_a_line_are_shown_as_such() {
        assert_eq!(text("a\u{202e}b"), "a\u{fffd}b");
    }
}
