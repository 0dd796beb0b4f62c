//! Words by UAX #29, as the library finds them, for lines of the characters that French is written with: letters of
//! Latin-1 and Latin Extended-A, figures, and common punctuation. What has any other character is the library's.
//!
//! Unicode Standard Annex #29, rules `WB5` to `WB13b`; a word has to hold a letter or a figure.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Hands on the words of a text in order, as byte ranges, each with whether it is plain: letters and figures without
/// anything between, and no capital behind its first character.
pub(super) fn segments(text: &str, mut each: impl FnMut(Range<usize>, bool)) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // No word goes over the end of a line.
        if !known_segments(line, &mut |word, plain| each(start + word.start..start + word.end, plain)) {
            for (at, word) in line.unicode_word_indices() {
                each(start + at..start + at + word.len(), false);
            }
        }
        start += line.len();
    }
}

/// What a character is to the rules.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Parts words.
    Break,
    /// A letter that is no capital.
    Letter,
    /// A letter that may be a capital.
    Capital,
    Figure,
    /// Joins two letters, and two figures: `.`, apostrophes.
    Mid,
    /// Joins two letters.
    MidLetter,
    /// Joins two figures.
    MidNumber,
    /// Joins anything: `_`, the narrow space of numbers.
    Join,
    /// Not known here.
    Other,
}

impl Class {
    fn is_letter(self) -> bool {
        matches!(self, Self::Letter | Self::Capital)
    }
}

/// The classes of ASCII.
const ASCII: [Class; 128] = {
    let mut classes = [Class::Break; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'a'..=b'z' => Class::Letter,
            b'A'..=b'Z' => Class::Capital,
            b'0'..=b'9' => Class::Figure,
            b'.' | b'\'' => Class::Mid,
            b':' => Class::MidLetter,
            b',' | b';' => Class::MidNumber,
            b'_' => Class::Join,
            _ => Class::Break,
        };
        byte += 1;
    }
    classes
};

/// The class of the character at a byte, and its length in bytes; a break of no length at the end.
fn class(bytes: &[u8], at: usize) -> (Class, usize) {
    let Some(&first) = bytes.get(at) else { return (Class::Break, 0) };
    if first < 0x80 {
        return (ASCII[usize::from(first)], 1);
    }
    let second = bytes.get(at + 1).copied().unwrap_or(0);
    match first {
        // no-break space, ¡ to ©, «, ¬, ® to ±, ´, ¶, », ¿
        0xC2 => match second {
            0xA0..=0xA9 | 0xAB | 0xAC | 0xAE..=0xB1 | 0xB4 | 0xB6 | 0xBB | 0xBF => (Class::Break, 2),
            0xB7 => (Class::MidLetter, 2),
            _ => (Class::Other, 2),
        },
        // À to ÿ; × and ÷ are no letters.
        0xC3 => match second {
            0x97 | 0xB7 => (Class::Break, 2),
            0x80..=0x9E => (Class::Capital, 2),
            _ => (Class::Letter, 2),
        },
        // Latin Extended-A
        0xC4 | 0xC5 => (Class::Capital, 2),
        0xE2 => match (second, bytes.get(at + 2).copied().unwrap_or(0)) {
            // ‐ to ―, “ to ‟, † to •, …, ‰, ‹, ›, €
            (0x80, 0x90..=0x95 | 0x9A..=0xA2 | 0xA6 | 0xB0 | 0xB9 | 0xBA) | (0x82, 0xAC) => (Class::Break, 3),
            (0x80, 0x98 | 0x99) => (Class::Mid, 3),
            (0x80, 0xAF) => (Class::Join, 3),
            _ => (Class::Other, 3),
        },
        _ => (Class::Other, 1),
    }
}

/// Hands on the words of a line if all of its characters are known; else nothing.
fn known_segments(line: &str, each: &mut impl FnMut(Range<usize>, bool)) -> bool {
    let bytes = line.as_bytes();
    if !is_known(bytes) {
        return false;
    }
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let (first, length) = class(bytes, at);
        at += length;
        if !(first.is_letter() || matches!(first, Class::Figure | Class::Join)) {
            continue;
        }
        let (mut last, mut any, mut plain) = (first, first != Class::Join, first != Class::Join);
        loop {
            // Most of a word is small letters of ASCII.
            while bytes.get(at).is_some_and(u8::is_ascii_lowercase) {
                (last, any) = (Class::Letter, true);
                at += 1;
            }
            let (next, length) = class(bytes, at);
            match next {
                Class::Letter | Class::Figure => any = true,
                Class::Capital => (any, plain) = (true, false),
                Class::Join => plain = false,
                Class::Mid | Class::MidLetter | Class::MidNumber => {
                    let behind = class(bytes, at + length).0;
                    let letters = next != Class::MidNumber && last.is_letter() && behind.is_letter();
                    let figures = next != Class::MidLetter && last == Class::Figure && behind == Class::Figure;
                    if !(letters || figures) {
                        break;
                    }
                    plain = false;
                }
                Class::Break | Class::Other => break,
            }
            last = next;
            at += length;
        }
        if any {
            each(start..at, plain);
        }
    }
    true
}

/// Whether all characters of a line are known.
fn is_known(bytes: &[u8]) -> bool {
    const EIGHT: usize = size_of::<u64>();
    let mut at = 0;
    while at < bytes.len() {
        // All of ASCII is known.
        let eight = bytes.get(at..at + EIGHT).and_then(|eight| eight.try_into().ok()).map(u64::from_ne_bytes);
        if eight.is_some_and(|eight| eight & 0x8080_8080_8080_8080 == 0) {
            at += EIGHT;
            continue;
        }
        let (class, length) = class(bytes, at);
        if class == Class::Other {
            return false;
        }
        at += length;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        segments(text, |word, _| found.push(word));
        found
    }

    fn expected(text: &str) -> Vec<Range<usize>> {
        text.unicode_word_indices().map(|(at, word)| at..at + word.len()).collect()
    }

    #[test]
    fn every_known_character_has_its_class() {
        let known: Vec<char> = ('\0'..'\u{3000}').filter(|c| is_known(c.to_string().as_bytes())).collect();
        assert!(known.len() > 350);
        for c in known {
            for text in
                ["a{}b", "1{}2", "a{}1", "1{}a", " {}", "{}{}", "a{}{}a", "_{}_", "a{} b", "É{}É", "1{}'2", "a.{}b"]
            {
                let text = text.replace("{}", &c.to_string());
                assert_eq!(found(&text), expected(&text), "{text:?}");
                let text = format!("é {text}");
                assert_eq!(found(&text), expected(&text), "{text:?}");
            }
        }
    }

    #[test]
    fn plain_words_are_letters_and_figures_alone() {
        let mut words = Vec::new();
        segments("Élu à l'été : MSA, km2 2.5 a_b", |word, plain| words.push((word, plain)));
        assert_eq!(
            words.into_iter().map(|(_, plain)| plain).collect::<Vec<_>>(),
            [true, true, false, false, true, false, false]
        );
    }

    proptest::proptest! {
        #[test]
        fn words_are_those_of_the_library(
            text in "[a-cA-C0-2é' ’.,:;_·\u{2018}\u{202f}\u{a0}\\-\n«»ŒÿŸ…]{0,30}",
            other in "\\PC{0,20}|[a-c1 '’.,_\u{301}\u{200d}\u{ad}\u{93e}\u{5d0}\"²ªクा😀🇲🇱\r\n\u{2028}]{0,20}",
        ) {
            proptest::prop_assert_eq!(found(&text), expected(&text));
            for mixed in [format!("{text}{other}"), format!("{other}{text}"), format!("{text}\n{other}\n{text}"), other] {
                proptest::prop_assert_eq!(found(&mixed), expected(&mixed), "{:?}", mixed);
            }
        }
    }
}
