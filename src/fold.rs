//! Folding: what is left of a word when accents do not count. Shared with the build script.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Drops accents and other combining marks and opens ligatures: `Cédéao` → `Cedeao`, `œuvre` → `oeuvre`.
///
/// Case is kept. Other scripts keep their letters; only marks that NFD splits off are dropped.
#[must_use]
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| fold_char(c, |c| out.push(c)));
    out
}

/// Hands on what folding leaves of a character.
pub(crate) fn fold_char(c: char, mut each: impl FnMut(char)) {
    if c.is_ascii() {
        return each(c);
    }
    decompose_canonical(c, |c| match c {
        'œ' => ['o', 'e'].into_iter().for_each(&mut each),
        'Œ' => ['O', 'E'].into_iter().for_each(&mut each),
        'æ' => ['a', 'e'].into_iter().for_each(&mut each),
        'Æ' => ['A', 'E'].into_iter().for_each(&mut each),
        'ʿ' | 'ʾ' | 'ʼ' => {}
        _ if is_combining_mark(c) => {}
        _ => each(c),
    });
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn accents_go_and_ligatures_open() {
        assert_eq!(fold("Cédéao, NŒUD, cæcum, e\u{301}té, Saʿd"), "Cedeao, NOEUD, caecum, ete, Sad");
    }

    proptest::proptest! {
        #[test]
        fn what_is_left_is_what_nfd_has_beside_marks(text in "[a-cé\u{300}-\u{330}각ắ\u{1e9b}ᾳ]{0,8}|\\PC{0,20}") {
            let split: String = text.nfd().filter(|&c| !is_combining_mark(c)).collect();
            let opened = split.replace('œ', "oe").replace('Œ', "OE").replace('æ', "ae").replace('Æ', "AE");
            proptest::prop_assert_eq!(fold(&text), opened.replace(['ʿ', 'ʾ', 'ʼ'], ""));
        }
    }
}
