//! Names of people, as articles are signed with.

use crate::french::fold;

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
const NO_NAMES: [&str; 41] = [
    "actualite",
    "afrique",
    "al-qaida",
    "ansarul",
    "armee",
    "armees",
    "avec",
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

/// One or more names as a byline has them: capitalized words and particles, no sentence.
pub(super) fn are_names(names: &str) -> bool {
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

    #[test]
    fn tables_are_sorted() {
        assert!(PARTICLES.is_sorted_by(|a, b| a < b));
        assert!(NO_NAMES.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn knows_signatures() {
        for line in ["Awa KEÏTA", "– Oumar Ag Mohamed", "Awa K.", "Jean-Baptiste N'Diaye"] {
            assert!(signature(line).is_some(), "{line}");
        }
        for line in [
            "Burkina Faso",
            "Avec AFP",
            "BILAN PROVISOIRE",
            "Boko Haram",
            "Un bilan lourd",
            "Awa",
            "Le Ministre",
            "A. B.",
            "",
        ] {
            assert_eq!(signature(line), None, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(line in "\\PC{0,30}") {
            let _ = (signature(&line), are_names(&line));
        }
    }
}
