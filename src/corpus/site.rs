//! What stands above an article on its site: the site's name and the names of its sections.

use super::furniture::{LONGEST, key};

/// Words that names of media start with.
const MEDIA: [&str; 11] =
    ["agence", "gazette", "hebdo", "journal", "l'agence", "magazine", "radio", "studio", "tele", "television", "tv"];

/// Words that make a line of [`SECTION_WORDS`] a site's section, whatever follows it.
const SECTION_HEADS: [&str; 14] = [
    "accueil",
    "actu",
    "actualite",
    "actualites",
    "actus",
    "breves",
    "depeches",
    "flash",
    "home",
    "info",
    "infos",
    "news",
    "rubrique",
    "une",
];

/// Words that a section of a site may be named with.
const SECTION_WORDS: [&str; 43] = [
    "a",
    "accueil",
    "actu",
    "actualite",
    "actualites",
    "actus",
    "africa",
    "africaine",
    "africaines",
    "afrique",
    "breves",
    "burkina",
    "culture",
    "de",
    "defense",
    "depeches",
    "du",
    "economie",
    "en",
    "faso",
    "flash",
    "home",
    "info",
    "infos",
    "international",
    "internationale",
    "internationales",
    "la",
    "les",
    "mali",
    "monde",
    "news",
    "niger",
    "politique",
    "rubrique",
    "sahel",
    "securite",
    "societe",
    "sport",
    "tchad",
    "toutes",
    "une",
    "world",
];

/// The longest name of a site, in words.
const NAME: usize = 4;

/// A site's section above the title, such as `Actualités Monde` or `Accueil > Afrique > Mali`: surely (`Some(true)`),
/// or only where a title follows (`Some(false)`).
pub(super) fn section(line: &str) -> Option<bool> {
    let key = key(line);
    let words: Vec<&str> = key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let crumbs = line.contains(['>', '»', '›']) && matches!(words.first(), Some(&("accueil" | "home")));
    if crumbs && line.chars().count() <= LONGEST {
        return Some(true);
    }
    let all = (1..=5).contains(&words.len()) && words.iter().all(|word| SECTION_WORDS.binary_search(word).is_ok());
    all.then(|| words.iter().any(|word| SECTION_HEADS.binary_search(word).is_ok()))
}

/// Whether a line may be the name of a site: a few words that are no sentence.
pub(super) fn may_be_name(line: &str) -> bool {
    (1..=NAME).contains(&line.split_whitespace().count())
        && line.starts_with(char::is_uppercase)
        && line.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '\'' | '-' | '.' | '&'))
        && !line.ends_with('.')
}

/// Whether a line is named as media are, such as `Radio Tamani`: each of its words starts as names do.
pub(super) fn is_media(line: &str) -> bool {
    let key = key(line);
    let first = key.split_whitespace().next().unwrap_or_default();
    may_be_name(line)
        && MEDIA.binary_search(&first).is_ok()
        && line.split_whitespace().count() > 1
        && line.split_whitespace().all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_numeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for words in [&MEDIA[..], &SECTION_HEADS, &SECTION_WORDS] {
            assert!(words.is_sorted_by(|a, b| a < b));
        }
        assert!(SECTION_HEADS.iter().all(|word| SECTION_WORDS.contains(word)));
    }

    #[test]
    fn knows_media() {
        for line in ["Radio Tamani", "Studio Échantillon", "TV 7"] {
            assert!(is_media(line), "{line}");
        }
        for line in ["Radio", "Radio Tamani attaquée à Gao", "Mali", "Radio Tamani : un journaliste tué", ""] {
            assert!(!is_media(line), "{line}");
        }
    }

    #[test]
    fn knows_sections() {
        for (line, want) in [
            ("Actualités Monde", Some(true)),
            ("Accueil > Afrique > Région de Mopti", Some(true)),
            ("À la une", Some(true)),
            ("Mali", Some(false)),
            ("Burkina Faso / Sécurité", Some(false)),
            ("Mali : attaque à Ménaka", None),
            ("", None),
        ] {
            assert_eq!(section(line), want, "{line}");
        }
    }
}
