//! Keys: the form in which names are looked up. Shared with the build script.

use super::{elision, fold, fold_char, is_apostrophe};

/// Function words that a name may be typed without. Folded, sorted.
const LINKS: [&str; 15] =
    ["a", "au", "aux", "dans", "de", "des", "du", "en", "et", "la", "le", "les", "par", "pour", "sur"];

/// The keys of a name: its words in lower case, folded, without what is elided before them, run together; and the
/// same with everything that could be elided, where a name may have its apostrophe as its own (`L'Oudalan`).
///
/// Words are run together because French writes the same name as one, with hyphens or with spaces.
pub(crate) fn keys(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let bare: String = words(&lower).map(|word| whole(elided(word))).collect();
    let full: String = words(&lower).map(whole).collect();
    let mut keys = vec![bare];
    if keys[0] != full {
        keys.push(full);
    }
    keys.retain(|key| !key.is_empty());
    keys
}

/// Whether a name has a key. The same as to look for it among [`keys`], which most names need not be
/// made into.
#[allow(dead_code, reason = "the build script asks for the keys themselves")]
pub(crate) fn has_key(name: &str, key: &str) -> bool {
    // How a sigma is lowered depends on what stands around it.
    if name.contains(|c| is_apostrophe(c) || c == 'Σ') {
        return keys(name).iter().any(|own| own == key);
    }
    if name.is_ascii() {
        let letters = name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
        return !key.is_empty() && letters.eq(key.bytes());
    }
    let (mut rest, mut fits) = (key.chars(), !key.is_empty());
    let is_letter = |c: &char| c.is_alphanumeric() || is_mark(*c);
    let mut letters = name.chars().flat_map(char::to_lowercase).filter(is_letter);
    while fits && let Some(c) = letters.next() {
        fold_char(c, |c| fits &= rest.next() == Some(c));
    }
    fits && rest.next().is_none()
}

/// The key of a name without its function words, where it has some and at least two other words:
/// `groupesoutienislammusulmans`.
pub(crate) fn bare_key(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let words: Vec<String> = words(&lower).map(|word| whole(elided(word))).filter(|word| !word.is_empty()).collect();
    let kept: Vec<&str> = words.iter().map(String::as_str).filter(|word| !is_link(word)).collect();
    (kept.len() > 1 && kept.len() < words.len()).then(|| kept.concat())
}

/// A name as it is written, its words run together without what is elided before them: the spelling of its key.
#[allow(dead_code, reason = "the build script looks nothing up")]
pub(crate) fn spelled(name: &str) -> String {
    words(name).map(|word| elided(word).replace(is_apostrophe, "")).collect()
}

/// Whether a folded word is one that a name may be typed without.
pub(crate) fn is_link(word: &str) -> bool {
    LINKS.binary_search(&word).is_ok()
}

/// What stands between spaces, hyphens and other signs; some of it empty.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !(c.is_alphanumeric() || is_apostrophe(c) || is_mark(c)))
}

/// A word folded, without its apostrophes.
fn whole(word: &str) -> String {
    fold(word).replace(is_apostrophe, "")
}

/// Marks that NFC leaves behind a letter, and modifier letters, which folding drops.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | 'ʿ' | 'ʾ' | 'ʼ')
}

/// A word without what is elided before it.
fn elided(mut word: &str) -> &str {
    while let Some(cut) = elision(word) {
        word = &word[cut..];
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_name_has_its_keys(name in "[A-Ca-cΣÉéœʿ\u{301}' ’,.-]{0,8}", other in "[a-c]{0,3}") {
            let all = keys(&name);
            for key in all.iter().map(String::as_str).chain([other.as_str(), ""]) {
                proptest::prop_assert_eq!(has_key(&name, key), all.iter().any(|own| own == key), "{} {}", name, key);
            }
        }
    }

    #[test]
    fn a_name_may_be_typed_without_its_function_words() {
        assert!(LINKS.is_sorted());
        let bare = |name| bare_key(name).unwrap_or_default();
        assert_eq!(bare("Groupe de soutien à l’islam et aux musulmans"), "groupesoutienislammusulmans");
        assert_eq!(bare("Le Caire"), "");
        assert_eq!(bare("Katiba Macina"), "");
    }
}
