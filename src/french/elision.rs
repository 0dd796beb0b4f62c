//! Elision: what an article, a pronoun or a conjunction leaves before an apostrophe. Shared with the build script.

use crate::fold::fold;

/// What is elided. Sorted.
pub(crate) const ELIDED: [&str; 16] =
    ["c", "d", "j", "jusqu", "l", "lorsqu", "m", "n", "presqu", "puisqu", "qu", "quelqu", "quoiqu", "s", "t", "z"];

/// Words whose first letters only look elided (Côte d'Ivoire is one name).
const WHOLE: [&str; 1] = ["d'ivoire"];

/// Whether a character is an apostrophe, straight or curly.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// The bytes that are elided before a word: `l'` of `l'armée`, none of N'Djamena or aujourd'hui.
///
/// A vowel or a mute h has to follow, which tells the pronoun from names such as N'Gourma.
pub(crate) fn elision(word: &str) -> Option<usize> {
    let (apostrophe, mark) = word.char_indices().find(|&(_, c)| is_apostrophe(c))?;
    let rest = &word[apostrophe + mark.len_utf8()..];
    let prefix = word[..apostrophe].to_lowercase();
    ELIDED.binary_search(&prefix.as_str()).ok()?;
    let first = fold(rest.get(..rest.chars().next()?.len_utf8())?).to_lowercase();
    if !first.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']) {
        return None;
    }
    let whole = fold(&word.to_lowercase()).replace(is_apostrophe, "'");
    (!WHOLE.contains(&whole.as_str())).then_some(apostrophe + mark.len_utf8())
}
