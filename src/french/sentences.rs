//! Where sentences end: UAX #29, then what French abbreviations and quotes need.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Abbreviations after which a sentence goes on, lower case, without their stop. Sorted.
const ABBREVIATIONS: [&str; 33] = [
    "adj", "art", "av", "bd", "brig", "cap", "cdt", "cf", "col", "cne", "dr", "env", "ex", "gal", "gén", "hab", "lt",
    "m", "mgr", "min", "mlle", "mm", "mme", "no", "p", "pp", "pr", "prof", "sgt", "st", "ste", "tél", "vol",
];

/// The sentences of a text as byte ranges, in order, without the white space around them.
///
/// A line end always ends a sentence.
#[must_use]
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (start, piece) in text.split_sentence_bound_indices() {
        let mut range = start..start + piece.len();
        if let Some(last) = found.last_mut().filter(|last| !text[(*last).clone()].ends_with(['\n', '\r'])) {
            // The quote that closes after a space belongs to what it closes.
            last.end += closing(piece);
            range.start = last.end;
        }
        let piece = &text[range.clone()];
        match found.last_mut() {
            Some(last) if goes_on(&text[last.clone()], piece) => last.end = range.end,
            _ => found.push(range),
        }
    }
    found.into_iter().map(|range| trim(text, range)).filter(|range| !range.is_empty()).collect()
}

/// Shrinks a range to what is no white space.
pub(crate) fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start().len());
    start..start + piece.trim().len()
}

/// The bytes of closing quotes and brackets at the start of a piece, with the space before them.
fn closing(piece: &str) -> usize {
    let rest = piece.trim_start().trim_start_matches(['»', '”', '’', ')', ']']);
    if rest.len() == piece.trim_start().len() { 0 } else { piece.len() - rest.len() }
}

/// Whether the sentence before a break really ends there.
fn goes_on(before: &str, after: &str) -> bool {
    if before.ends_with(['\n', '\r']) {
        return false;
    }
    let before = before.trim_end();
    let next = after.trim_start();
    if next.is_empty() || next.starts_with(char::is_lowercase) {
        return true;
    }
    let Some(stem) = before.strip_suffix('.') else { return false };
    let word =
        stem.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '«' | '\'' | '’' | '-')).next().unwrap_or("");
    let mut letters = word.chars();
    let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    initial || word == "n°" || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn stops_end_sentences() {
        assert_eq!(
            split("Il part. Elle reste ! Pourquoi ? Parce que."),
            ["Il part.", "Elle reste !", "Pourquoi ?", "Parce que."]
        );
    }

    #[test]
    fn abbreviations_and_initials_do_not() {
        for text in ["Le gén. Touré et M. Diallo parlent.", "Le communiqué n°. 12 de A. B. est lu.", "Env. 30 morts."]
        {
            assert_eq!(split(text), [text]);
        }
    }

    #[test]
    fn a_closing_quote_belongs_to_its_sentence() {
        assert_eq!(
            split("« Nous partons. » dit-il. « Oui. » Il part."),
            ["« Nous partons. » dit-il.", "« Oui. »", "Il part."]
        );
    }

    #[test]
    fn a_line_end_ends_a_sentence() {
        assert_eq!(split("Un titre sans point\nle texte.\n\nFin"), ["Un titre sans point", "le texte.", "Fin"]);
    }

    proptest::proptest! {
        #[test]
        fn covers_all_but_white_space(text in "\\PC{0,60}|[A-Za-zé .!?«»\n]{0,60}") {
            let mut end = 0;
            for range in sentences(&text) {
                assert!(text[end..range.start].trim().is_empty());
                end = range.end;
            }
            assert!(text[end..].trim().is_empty());
        }
    }
}
