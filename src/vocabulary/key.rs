//! Keys: the form in which names are looked up. Shared with the build script.

use super::{elision, fold, is_apostrophe};

/// The keys of a name: its words in lower case, folded, without what is elided before them, run together; and the
/// same with everything that could be elided, where a name may have its apostrophe as its own (`L'Oudalan`).
///
/// Words are run together because French writes the same name as one, with hyphens or with spaces.
pub(crate) fn keys(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let words = || lower.split(|c: char| !(c.is_alphanumeric() || is_apostrophe(c) || is_mark(c)));
    let whole = |word: &str| fold(word).replace(is_apostrophe, "");
    let bare: String = words().map(|word| whole(elided(word))).collect();
    let full: String = words().map(whole).collect();
    let mut keys = vec![bare];
    if keys[0] != full {
        keys.push(full);
    }
    keys.retain(|key| !key.is_empty());
    keys
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
