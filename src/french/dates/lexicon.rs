//! The words that dates are made of, in tables: all folded, sorted.

use chrono::Weekday;

use crate::date::{month_number, weekday};

/// A word that may make a date of what stands around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::french) enum Core {
    /// Begins with a digit.
    Number,
    /// « premier ».
    First,
    /// A month.
    Month,
    /// A day of the week.
    Weekday(Weekday),
    /// « hier ».
    Yesterday,
    /// « aujourd'hui ».
    Today,
    /// « nuit ».
    Night,
    /// « matin », « soir » …
    PartOfDay,
    /// « veille ».
    Eve,
    /// « lendemain », « surlendemain »: so many days after.
    DayAfter(i64),
    /// « même ».
    Same,
    /// A unit of time, and whether it stands in the plural.
    Unit(Unit, Count),
    /// « week-end ».
    Weekend,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::french) enum Unit {
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// Singular, plural, or one form for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::french) enum Count {
    One,
    Many,
    Either,
}

const CORES: [(&str, Core); 29] = [
    ("an", Core::Unit(Unit::Year, Count::One)),
    ("annee", Core::Unit(Unit::Year, Count::One)),
    ("annees", Core::Unit(Unit::Year, Count::Many)),
    ("ans", Core::Unit(Unit::Year, Count::Many)),
    ("aujourdhui", Core::Today),
    ("heures", Core::Unit(Unit::Hour, Count::Many)),
    ("hier", Core::Yesterday),
    ("jour", Core::Unit(Unit::Day, Count::One)),
    ("journee", Core::PartOfDay),
    ("jours", Core::Unit(Unit::Day, Count::Many)),
    ("lendemain", Core::DayAfter(1)),
    ("matin", Core::PartOfDay),
    ("matinee", Core::PartOfDay),
    ("meme", Core::Same),
    ("midi", Core::PartOfDay),
    ("mois", Core::Unit(Unit::Month, Count::Either)),
    ("nuit", Core::Night),
    ("premier", Core::First),
    ("semaine", Core::Unit(Unit::Week, Count::One)),
    ("semaines", Core::Unit(Unit::Week, Count::Many)),
    ("soir", Core::PartOfDay),
    ("soiree", Core::PartOfDay),
    ("surlendemain", Core::DayAfter(2)),
    ("temps", Core::Unit(Unit::Day, Count::Many)),
    ("veille", Core::Eve),
    ("week", Core::Weekend),
    ("weekend", Core::Weekend),
    ("weekends", Core::Weekend),
    ("weeks", Core::Weekend),
];

/// What a folded word may make a date of.
pub(in crate::french) fn core(exact: &str) -> Option<Core> {
    if exact.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(Core::Number);
    }
    if let Ok(at) = CORES.binary_search_by_key(&exact, |&(word, _)| word) {
        return Some(CORES[at].1);
    }
    full_weekday(exact).map(Core::Weekday).or_else(|| month_number(exact).map(|_| Core::Month))
}

/// A weekday by its whole name: the short forms are other words of French (mer, jeu).
pub(super) fn full_weekday(exact: &str) -> Option<Weekday> {
    (exact.len() > 4).then(|| weekday(exact)).flatten()
}

/// Which way a date without a year lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing is said: news looks back.
    #[default]
    Open,
    /// « ce », « aujourd'hui »: the nearest one.
    This,
    /// « hier », beside its date.
    Yesterday,
    /// « dernier »: before the day of writing.
    Last,
    /// « prochain »: after it.
    Next,
    /// « de la semaine dernière ».
    LastWeek,
    /// « suivant »: after the last day told.
    Following,
}

const LOOKS: [(&str, Look); 13] = [
    ("dernier", Look::Last),
    ("derniere", Look::Last),
    ("derniers", Look::Last),
    ("ecoule", Look::Last),
    ("ecoulee", Look::Last),
    ("passe", Look::Last),
    ("passee", Look::Last),
    ("passes", Look::Last),
    ("prochain", Look::Next),
    ("prochaine", Look::Next),
    ("prochains", Look::Next),
    ("suivant", Look::Following),
    ("suivante", Look::Following),
];

/// Which way an adjective after a date points.
pub(super) fn look(exact: &str) -> Option<Look> {
    LOOKS.binary_search_by_key(&exact, |&(word, _)| word).ok().map(|at| LOOKS[at].1)
}

const NUMBERS: [(&str, i64); 21] = [
    ("cinq", 5),
    ("deux", 2),
    ("dix", 10),
    ("douze", 12),
    ("huit", 8),
    ("neuf", 9),
    ("onze", 11),
    ("quarante", 40),
    ("quatorze", 14),
    ("quatre", 4),
    ("quinze", 15),
    ("seize", 16),
    ("sept", 7),
    ("six", 6),
    ("soixante", 60),
    ("treize", 13),
    ("trente", 30),
    ("trois", 3),
    ("un", 1),
    ("une", 1),
    ("vingt", 20),
];

/// A number of one or two digits, or in one word.
pub(super) fn number(exact: &str) -> Option<i64> {
    if exact.len() <= 2 && exact.bytes().all(|b| b.is_ascii_digit()) {
        return exact.parse().ok();
    }
    NUMBERS.binary_search_by_key(&exact, |&(word, _)| word).ok().map(|at| NUMBERS[at].1)
}

macro_rules! word_set {
    ($(#[$doc:meta])* $name:ident, $table:ident, [$($word:literal),+ $(,)?]) => {
        const $table: &[&str] = &[$($word),+];
        $(#[$doc])*
        pub(super) fn $name(exact: &str) -> bool {
            $table.binary_search(&exact).is_ok()
        }
    };
}

word_set! {
    /// What is counted in people, things and money, after a number that looks like a year.
    is_counted, COUNTED, [
        "agents", "annees", "ans", "casques", "cfa", "civils", "combattants", "deplaces", "djihadistes", "dollars",
        "eleves", "emplois", "enfants", "euros", "familles", "fcfa", "femmes", "fois", "francs", "gendarmes",
        "habitants", "hectares", "heures", "hommes", "jihadistes", "jours", "kilometres", "km", "litres", "m",
        "menages", "mercenaires", "metres", "militaires", "milliards", "millions", "mois", "morts", "motos",
        "personnes", "places", "policiers", "rebelles", "refugies", "soldats", "terroristes", "tetes", "tonnes",
        "tues", "unites", "vehicules", "victimes", "villageois", "volontaires",
    ]
}

word_set! {
    /// Words before a number that make it a year.
    leads_year, LEADS_YEAR, [
        "an", "annee", "annees", "apres", "automne", "avant", "courant", "debut", "depuis", "des", "en", "ete", "fin",
        "hiver", "mi", "milieu", "printemps", "semestre", "trimestre",
    ]
}

word_set! {
    /// What has a year after « de »: coup d'État de 2020, au cours de 2023.
    has_year, HAS_YEAR, [
        "accord", "accords", "alger", "attaque", "attaques", "attentat", "attentats", "bataille", "constitution",
        "coup", "coups", "courant", "cours", "crise", "debut", "ebola", "election", "elections", "etat", "etats",
        "ete", "famine", "fin", "guerre", "inondations", "insurrection", "legislatives", "massacre", "milieu",
        "municipales", "mutinerie", "offensive", "partir", "presidentielle", "prise", "putsch", "rebellion",
        "referendum", "revolution", "secheresse", "siege", "sommet", "soulevement", "transition",
    ]
}

word_set! {
    /// What has two years with a hyphen between them as its time: la période 2020-2021.
    has_years, HAS_YEARS, ["annee", "annees", "campagne", "en", "exercice", "periode", "saison"]
}

word_set! {
    /// Words before a month that make it one.
    leads_month, LEADS_MONTH, ["courant", "debut", "depuis", "des", "en", "fin", "mi", "mois"]
}

word_set! {
    /// What bears a day as its name, after « du ».
    bears_day, BEARS_DAY, [
        "aeroport", "alliance", "avenue", "bd", "boulevard", "camp", "caserne", "coalition", "collectif", "ecole",
        "front", "groupe", "hopital", "lycee", "mouvement", "movement", "parc", "place", "plateforme", "pont",
        "quartier", "rond-point", "rue", "stade", "universite",
    ]
}

word_set! {
    /// What stands after the number of a day and is counted by no number: « mardi 7 au matin », « mardi 7 a eu lieu ».
    follows_day, FOLLOWS_DAY, [
        "a", "alors", "apres", "au", "aussi", "autour", "aux", "avaient", "avait", "avant", "avec", "car", "ce",
        "cette", "chez", "comme", "contre", "dans", "deja", "depuis", "devant", "durant", "en", "encore", "entre",
        "est", "et", "etaient", "etait", "eut", "furent", "fut", "il", "ils", "la", "le", "les", "lors", "lorsque",
        "mais", "matin", "matinee", "midi", "non", "ont", "par", "pendant", "peu", "plusieurs", "pour", "pres",
        "puis", "quand", "sans", "se", "selon", "soir", "soiree", "sous", "sur", "tard", "tot", "un", "une", "vers",
    ]
}

word_set! {
    /// What makes another day of a weekday, each year the same: vendredi saint.
    is_feast, FEASTS, ["gras", "noir", "saint"]
}

word_set! {
    /// Words of what is to come.
    is_future, FUTURE, [
        "attendu", "attendue", "attendues", "attendus", "devraient", "devrait", "doit", "doivent", "prevoient",
        "prevoit", "prevu", "prevue", "prevues", "prevus",
    ]
}

word_set! {
    /// What only ends like a verb in the future.
    only_ends_so, NO_FUTURE, ["agora", "camera", "cholera", "front", "opera", "para", "tiara"]
}

word_set! {
    /// Words that begin another clause, of which the verb is not ours.
    parts_clauses, CLAUSES, ["apres", "car", "dont", "mais", "ou", "que", "qui", "selon"]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<'a>(words: impl IntoIterator<Item = &'a str>) -> bool {
        words.into_iter().is_sorted_by(|a, b| a < b)
    }

    #[test]
    fn tables_are_sorted() {
        assert!(sorted(CORES.map(|(word, _)| word)));
        assert!(sorted(LOOKS.map(|(word, _)| word)));
        assert!(sorted(NUMBERS.map(|(word, _)| word)));
        for table in [
            COUNTED,
            LEADS_YEAR,
            HAS_YEAR,
            HAS_YEARS,
            LEADS_MONTH,
            BEARS_DAY,
            FOLLOWS_DAY,
            FEASTS,
            FUTURE,
            NO_FUTURE,
            CLAUSES,
        ] {
            assert!(sorted(table.iter().copied()), "{table:?}");
        }
    }

    #[test]
    fn short_names_of_weekdays_are_no_cores() {
        for word in ["mer", "jeu", "mar", "attaque"] {
            assert_eq!(core(word), None, "{word}");
        }
    }
}
