//! Folding: what is left of a word when accents do not count. Shared with the build script.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Drops accents and other combining marks and opens ligatures: `Cédéao` → `Cedeao`, `œuvre` → `oeuvre`.
///
/// Case is kept. Other scripts keep their letters; only marks that NFD splits off are dropped.
#[must_use]
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfd().filter(|&c| !is_combining_mark(c)) {
        match c {
            'œ' => out.push_str("oe"),
            'Œ' => out.push_str("OE"),
            'æ' => out.push_str("ae"),
            'Æ' => out.push_str("AE"),
            'ʿ' | 'ʾ' | 'ʼ' => {}
            _ => out.push(c),
        }
    }
    out
}
