//! Marks that pages leave within their text: numbers of footnotes, links to edit a section.

use crate::french::fold;

/// What the words between brackets start with, folded, where they are no part of the text.
const WORDS: [&str; 9] = [
    "citation necessaire",
    "modifier",
    "modifier le code",
    "modifier le wikicode",
    "non neutre",
    "ref necessaire",
    "ref souhaitee",
    "reference necessaire",
    "source insuffisante",
];

/// Words before the number of a note: `[note 1]`, `[N 1]`.
const NOTES: [&str; 5] = ["a", "alpha", "n", "nb", "note"];

/// The longest mark, in bytes.
const LONGEST: usize = 60;

/// A text without its marks, and how many there were. A mark stands behind something on its line; at the start of a
/// line, it is the number of the note itself.
pub(super) fn without(text: &str) -> (String, usize) {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut count) = (text, 0);
    while let Some(at) = rest.find('[') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let inside = from.get(1..).unwrap_or_default();
        let end = inside.find([']', '\n', '[']).filter(|&end| end <= LONGEST && inside[end..].starts_with(']'));
        let stands_behind = !out.is_empty() && !out.trim_end_matches([' ', '\u{A0}', '\u{202F}']).ends_with('\n');
        match end.and_then(|end| Some((inside.get(..end)?, inside.get(end + 1..)?))) {
            Some((mark, after)) if stands_behind && is_mark(mark) => {
                let kept = out.trim_end_matches([' ', '\u{A0}', '\u{202F}']).len();
                out.truncate(kept);
                count += 1;
                // The comma between two marks.
                let next = after.strip_prefix(',').map(str::trim_start).filter(|next| starts_with_mark(next));
                rest = next.unwrap_or(after);
            }
            _ => {
                out.push('[');
                rest = inside;
            }
        }
    }
    out.push_str(rest);
    (out, count)
}

fn starts_with_mark(text: &str) -> bool {
    let inside = text.strip_prefix('[').and_then(|text| text.split_once(']'));
    inside.is_some_and(|(mark, _)| is_mark(mark))
}

/// What stands between brackets: a number of up to three digits, with a word for notes before it or not, or known
/// words, joined by bars.
fn is_mark(inside: &str) -> bool {
    let folded = fold(&inside.to_lowercase());
    let is_number = |text: &str| (1..=3).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let numbered = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            [number] => is_number(number),
            [word, number] => is_number(number) && NOTES.binary_search(&word).is_ok(),
            _ => false,
        }
    };
    let known = |part: &str| {
        let words: Vec<&str> = part.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        WORDS.binary_search(&words.join(" ").as_str()).is_ok()
    };
    numbered(&folded) || folded.split('|').all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(WORDS.is_sorted_by(|a, b| a < b));
        assert!(NOTES.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn takes_marks_out() {
        for (text, want, count) in [
            ("Un bilan lourd[1].", "Un bilan lourd.", 1),
            ("Un bilan lourd [12], selon l'armée[note 3].", "Un bilan lourd, selon l'armée.", 2),
            ("lourd[1],[2],[3], puis", "lourd, puis", 3),
            ("lourd[1][2] puis", "lourd puis", 2),
            ("Contexte[modifier | modifier le code]\n\nsuite", "Contexte\n\nsuite", 1),
            ("Contexte [modifier le wikicode]", "Contexte", 1),
            ("un chiffre[réf. nécessaire] ici", "un chiffre ici", 1),
        ] {
            assert_eq!(without(text), (want.to_owned(), count), "{text}");
        }
    }

    #[test]
    fn leaves_brackets_of_the_text_alone() {
        for text in [
            "« Il [le chef] a fui »",
            "les accords [de 2015]",
            "en [2015]",
            "la suite […] du texte",
            "[1] Voir le rapport.\n[2] Ibid.",
            "pas fermé [1",
            "[[1",
            "a [\n1]",
            "",
        ] {
            assert_eq!(without(text), (text.to_owned(), 0), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "([\\[\\]|, \n]|1|é|modifier|note ){0,30}") {
            let (out, count) = without(&text);
            proptest::prop_assert!(out.len() + 3 * count <= text.len());
        }
    }
}
