//! The one normalization of a text: what comes out is the stored text, to which every offset refers.

use unicode_normalization::{IsNormalized, UnicodeNormalization, char::canonical_combining_class, is_nfc_quick};

/// Characters that stand for an apostrophe when a letter is next to them. U+0374 is here because NFC would turn it
/// into U+02B9 behind our back.
const APOSTROPHES: [char; 11] = [
    '\u{02B9}', '\u{02BB}', '\u{02BC}', '\u{02BD}', '\u{0374}', '\u{2018}', '\u{2019}', '\u{201B}', '\u{2032}',
    '\u{A78C}', '\u{FF07}',
];

/// Accents that are typed for an apostrophe: only when they stand between two letters. The Greek two become the
/// others under NFC.
const LONE_ACCENTS: [char; 4] = ['\u{0060}', '\u{00B4}', '\u{1FEF}', '\u{1FFD}'];

/// Letters that typesetting joined or raised, as they come out of printed pages: `conﬂit`, `3ᵉ`.
const TYPESET: [(char, &str); 11] = [
    ('\u{02B3}', "r"),
    ('\u{02E2}', "s"),
    ('\u{1D48}', "d"),
    ('\u{1D49}', "e"),
    ('\u{FB00}', "ff"),
    ('\u{FB01}', "fi"),
    ('\u{FB02}', "fl"),
    ('\u{FB03}', "ffi"),
    ('\u{FB04}', "ffl"),
    ('\u{FB05}', "st"),
    ('\u{FB06}', "st"),
];

/// What the bytes 0x80 to 0x9F mean in Windows-1252. They come as U+0080 to U+009F out of pages that said Latin-1;
/// dropping them would glue `l\u{92}armée` together. U+0085 is a line end (NEL) and not in the table.
#[rustfmt::skip]
const WINDOWS_1252: [Option<char>; 32] = [
    Some('€'), None, Some('‚'), Some('ƒ'), Some('„'), None, Some('†'), Some('‡'),
    Some('ˆ'), Some('‰'), Some('Š'), Some('‹'), Some('Œ'), None, Some('Ž'), None,
    None, Some('‘'), Some('’'), Some('“'), Some('”'), Some('•'), Some('–'), Some('—'),
    Some('˜'), Some('™'), Some('š'), Some('›'), Some('œ'), None, Some('ž'), Some('Ÿ'),
];

/// The stored text of `text`.
///
/// - NFC, never NFKC: the spaces U+00A0 and U+202F stay what they are;
/// - soft hyphens, zero-width characters, bidirectional controls and other control characters are dropped (tab stays;
///   U+0080 to U+009F are read as Windows-1252, where they come from);
/// - letters that typesetting joined or raised are those letters;
/// - apostrophe-like characters next to a letter are `'`, and so are `` ` `` and `´` between two letters;
/// - every line end is `\n`; U+2029 and form feed end a paragraph; lines end without spaces; at most one blank line
///   stands between two others, none at the start or the end.
///
/// Normalizing twice changes nothing.
#[must_use]
pub fn normalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut composed = true;
    let mut chars = text.chars();
    loop {
        // Most of a text stays as it is.
        let (plain, rest) = chars.as_str().split_at(plain_bytes(chars.as_str()));
        out.push_str(plain);
        chars = rest.chars();
        let Some(raw) = chars.next() else { break };
        composed &= is_composed(raw);
        match raw {
            '\r' if chars.as_str().starts_with('\n') => {}
            '\n' | '\r' | '\u{0B}' | '\u{85}' | '\u{2028}' => end_line(&mut out),
            '\u{0C}' | '\u{2029}' => {
                end_line(&mut out);
                end_line(&mut out);
            }
            _ => match visible(raw) {
                None => {}
                Some(c) if APOSTROPHES.contains(&c) => {
                    let letter = after_letter(&out) || next_is_letter(&chars);
                    out.push(if letter { '\'' } else { c });
                }
                Some(c) if LONE_ACCENTS.contains(&c) => {
                    let letters = after_letter(&out) && next_is_letter(&chars);
                    out.push(if letters { '\'' } else { c });
                }
                Some(c) => match TYPESET.binary_search_by_key(&c, |(typeset, _)| *typeset) {
                    Ok(at) => out.push_str(TYPESET[at].1),
                    Err(_) => out.push(c),
                },
            },
        }
    }
    out.truncate(out.trim_end().len());
    out.drain(..out.len() - out.trim_start().len());
    if composed || is_nfc_quick(out.chars()) == IsNormalized::Yes {
        return out;
    }
    out.nfc().collect()
}

/// The bytes that a text begins with of characters that stay what they are wherever they stand, and are composed: most
/// of ASCII, no-break spaces, quotation marks, and the letters from `À` to `ž`.
fn plain_bytes(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += match byte {
            b' '..=b'_' | b'a'..=b'~' | b'\t' => 1,
            0xC2 if matches!(bytes.get(at + 1), Some(0xA0 | 0xAB | 0xBB)) => 2,
            0xC3 | 0xC4 => 2,
            0xC5 if bytes.get(at + 1) != Some(&0xBF) => 2,
            _ => break,
        };
    }
    at
}

/// Whether a character is composed wherever it stands, and so is what it becomes; soon told of what French is written
/// with.
fn is_composed(c: char) -> bool {
    c < '\u{300}' || matches!(c, '\u{2010}'..='\u{2027}' | '\u{202F}' | '€')
}

/// The stored form of a value that stands on one line, such as a title: normalized, white space collapsed.
#[must_use]
pub fn normalize_line(text: &str) -> String {
    if is_plain_line(text) {
        return text.to_owned();
    }
    normalize(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a value is as it is stored: plain, its words one space apart.
fn is_plain_line(text: &str) -> bool {
    let spaced = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
    !spaced && !text.contains(['\t', '\u{A0}']) && plain_bytes(text) == text.len()
}

fn end_line(out: &mut String) {
    out.truncate(out.trim_end_matches(|c: char| c != '\n' && c.is_whitespace()).len());
    if !out.ends_with("\n\n") {
        out.push('\n');
    }
}

/// The character as it is kept, or nothing where it has no ink.
fn visible(c: char) -> Option<char> {
    match c {
        '\u{80}'..='\u{9F}' => WINDOWS_1252.get(c as usize - 0x80).copied().flatten(),
        '\u{AD}'
        | '\u{061C}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// Whether `text` ends with a letter, or with the marks of a decomposed one.
fn after_letter(text: &str) -> bool {
    text.chars().rev().find(|&c| canonical_combining_class(c) == 0).is_some_and(is_letter)
}

fn next_is_letter(rest: &std::str::Chars<'_>) -> bool {
    let ends_line = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}');
    rest.clone().take_while(|&c| !ends_line(c)).find_map(visible).is_some_and(is_letter)
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && canonical_combining_class(c) == 0 && !APOSTROPHES.contains(&c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_typesetting_did_to_letters_is_undone() {
        assert_eq!(
            normalize("un con\u{fb02}it, une o\u{fb00}ensive, la 3\u{1d49} région"),
            "un conflit, une offensive, la 3e région"
        );
        assert!(TYPESET.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn cases() {
        for (text, want) in [
            ("", ""),
            ("déjà propre\n\nvoilà", "déjà propre\n\nvoilà"),
            ("Me\u{301}naka", "Ménaka"),
            ("Mé\u{AD}na\u{200B}ka\u{FEFF}", "Ménaka"),
            ("l’armée, l‘armée, lʼarmée, l′armée, l＇armée, l`armée, l´armée", &"l'armée, ".repeat(7)[..68]),
            ("l\u{92}arm\u{e9}e du c\u{9c}ur", "l'armée du cœur"),
            ("l’\u{AD}armée l’« État » d’15 hommes", "l'armée l'« État » d'15 hommes"),
            ("30′ et 5 ’ ; `code` ´", "30′ et 5 ’ ; `code` ´"),
            ("e\u{301}’", "é'"),
            ("\u{1D1BB}`a", "\u{1D1B9}\u{1D165}`a"),
            ("15\u{202F}000\u{A0}km ; \u{B4} ; ½", "15\u{202F}000\u{A0}km ; \u{B4} ; ½"),
            ("a\r\nb\rc\u{85}d\u{2028}e", "a\nb\nc\nd\ne"),
            ("a\u{2029}b\u{0C}c", "a\n\nb\n\nc"),
            ("a  \t\nb\u{A0}\n\n\n\nc\n \n \n", "a\nb\n\nc"),
            ("\n\n  a\tb\u{7}\u{0}", "a\tb"),
            ("\u{202B}arabe\u{202C}\u{2067}x\u{2069}", "arabex"),
        ] {
            assert_eq!(normalize(text), want, "{text:?}");
        }
    }

    #[test]
    fn tables_are_sorted() {
        assert!(APOSTROPHES.is_sorted());
        assert!(LONE_ACCENTS.is_sorted());
    }

    #[test]
    fn a_line_has_no_line_ends() {
        assert_eq!(normalize_line(" L’armée\n  avance\u{A0}! "), "L'armée avance !");
    }

    proptest! {
        #[test]
        fn is_idempotent_and_nfc(text in any::<String>()) {
            let once = normalize(&text);
            prop_assert_eq!(&normalize(&once), &once);
            prop_assert!(unicode_normalization::is_nfc(&once));
        }

        #[test]
        fn is_idempotent_on_what_it_changes(
            text in "[a-cé '\u{300}-\u{304}\u{2b9}-\u{2bd}\u{374}\u{1fef}\u{1ffd}`´’‘\r\n\u{80}-\u{a0}\u{ad}\u{200b}\u{2000}-\u{2003}]{0,12}"
        ) {
            let once = normalize(&text);
            prop_assert_eq!(&normalize(&once), &once);
            prop_assert!(unicode_normalization::is_nfc(&once));
        }
    }

    #[test]
    fn what_is_plain_stays_what_it_is_wherever_it_stands() {
        let mut plain = 0;
        for c in '\0'..'\u{3000}' {
            let own = c.to_string();
            if plain_bytes(&own) == own.len() {
                plain += 1;
                for text in [format!("a{c}a"), format!("« {c} »"), format!("a{c}'"), format!("\u{93}{c}\u{301}a")] {
                    let composed = text.replace('\u{93}', "“").nfc().collect::<String>();
                    assert_eq!(normalize(&text), composed, "{c:?}");
                }
            }
            assert!(!is_composed(c) || is_nfc_quick([c, 'a'].into_iter()) == IsNormalized::Yes, "{c:?}");
        }
        assert!(plain > 280);
    }

    proptest::proptest! {
        #[test]
        fn a_line_is_a_text_on_one_line(text in "[a-cé’ \t\u{a0}\n]{0,12}|\\PC{0,12}") {
            let words = normalize(&text).split_whitespace().collect::<Vec<_>>().join(" ");
            proptest::prop_assert_eq!(normalize_line(&text), words);
            proptest::prop_assert!(text.is_char_boundary(plain_bytes(&text)));
        }
    }
}
