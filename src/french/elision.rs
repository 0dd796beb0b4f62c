//! Elision: what an article, a pronoun or a conjunction leaves before an apostrophe. Shared with the build script.

use crate::fold::fold;

/// What is elided.
const ELIDED: [&str; 16] =
    ["c", "d", "j", "jusqu", "l", "lorsqu", "m", "n", "presqu", "puisqu", "qu", "quelqu", "quoiqu", "s", "t", "z"];

/// Words whose first letters only look elided (Côte d'Ivoire is one name).
const WHOLE: [&str; 1] = ["d'ivoire"];

/// Whether a character is an apostrophe, straight or curly.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

/// Whether a word is what is elided before another, whatever its case.
pub(crate) fn is_elided(word: &str) -> bool {
    ELIDED.iter().any(|elided| elided.eq_ignore_ascii_case(word))
}

/// The bytes that are elided before a word: `l'` of `l'armée`, none of N'Djamena or aujourd'hui.
///
/// A vowel or a mute h has to follow, which tells the pronoun from names such as N'Gourma.
pub(crate) fn elision(word: &str) -> Option<usize> {
    let (apostrophe, mark) = word.char_indices().find(|&(_, c)| is_apostrophe(c))?;
    let (prefix, rest) = (&word[..apostrophe], &word[apostrophe + mark.len_utf8()..]);
    let mut letters = rest.chars();
    if !is_elided(prefix) || !is_vowel(letters.next()?) {
        return None;
    }
    let mut could_be_whole =
        || matches!(prefix, "d" | "D") && letters.next().is_some_and(|c| matches!(c, 'v' | 'V') || !c.is_ascii());
    let is_whole = || WHOLE.contains(&fold(&word.to_lowercase()).replace(is_apostrophe, "'").as_str());
    (!(could_be_whole() && is_whole())).then_some(apostrophe + mark.len_utf8())
}

/// Whether a letter is a vowel, or an h, which may be mute; accents do not count.
fn is_vowel(letter: char) -> bool {
    const VOWELS: [char; 7] = ['a', 'e', 'i', 'o', 'u', 'y', 'h'];
    match letter {
        'é' | 'É' | 'ê' | 'î' | 'œ' => true,
        _ if letter.is_ascii() => VOWELS.contains(&letter.to_ascii_lowercase()),
        _ => fold(letter.encode_utf8(&mut [0; 4])).to_lowercase().starts_with(VOWELS),
    }
}
