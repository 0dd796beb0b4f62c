//! Passages: the paragraph-sized slices of a report that are ranked and shown.

use std::ops::Range;

use crate::french::{Token, sentences, trim};

/// A passage over this many words is cut at sentence ends.
const LONG: usize = 150;
/// A passage under this many words is joined to its neighbour.
const SHORT: usize = 30;
/// A sentence over this many words, which is no sentence, is cut anywhere between two words.
const RUNAWAY: usize = 300;
/// A paragraph of at most this many words and no final stop is a heading.
const HEADING: usize = 14;

/// One passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Bytes of the report's text, half-open, without white space around.
    pub bytes: Range<usize>,
    /// Its tokens, as places in the list that the text was split with.
    pub tokens: Range<usize>,
}

/// Splits a text into passages: paragraphs, the long ones cut at sentence ends, the short ones and headings joined to
/// what follows. Together they hold every token, in order, without overlap; a text of no word gives one passage.
#[must_use]
pub fn passages(text: &str, tokens: &[Token<'_>]) -> Vec<Passage> {
    let place = |byte: usize| tokens.partition_point(|token| token.start < byte);
    let make = |bytes: Range<usize>| Passage { tokens: place(bytes.start)..place(bytes.end), bytes };
    let mut found: Vec<Passage> = Vec::new();
    let mut heading = false;
    for paragraph in paragraphs(text) {
        let is_heading = is_heading(&text[paragraph.clone()], make(paragraph.clone()).tokens.len());
        for piece in cut(text, tokens, paragraph, &make) {
            let size = piece.tokens.len();
            match found.last_mut() {
                Some(last) if joins(last.tokens.len(), size, heading, is_heading) => {
                    last.bytes.end = piece.bytes.end;
                    last.tokens.end = piece.tokens.end;
                }
                _ => found.push(piece),
            }
            heading = is_heading;
        }
    }
    if found.is_empty() {
        found.push(make(trim(text, 0..text.len())));
    }
    found
}

/// Whether a piece of `size` words goes into the passage before it, of `before` words.
fn joins(before: usize, size: usize, after_heading: bool, is_heading: bool) -> bool {
    if before + size > LONG {
        return before == 0;
    }
    after_heading || !is_heading && (before < SHORT || size < SHORT)
}

/// A short line without a stop, which titles what follows.
fn is_heading(paragraph: &str, words: usize) -> bool {
    words <= HEADING && !paragraph.ends_with(['.', '!', '…', '»', '”', '"', ';', ','])
}

/// Paragraphs: blank lines part them, and so does a line end that no wrapped line has.
pub(crate) fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = trim(text, start..start + line.len());
        start += line.len();
        if range.is_empty() {
            open = false;
            continue;
        }
        match found.last_mut() {
            Some(last) if open && is_wrapped(&text[last.clone()], &text[range.clone()]) => last.end = range.end,
            _ => found.push(range),
        }
        open = true;
    }
    found
}

/// Whether a line goes on with the sentence of the line before, as in a text that was broken to a width.
fn is_wrapped(before: &str, line: &str) -> bool {
    let last = before.rsplit('\n').next().unwrap_or(before);
    if line.starts_with(['-', '–', '—', '•', '*']) || last.ends_with(['.', '!', '?', '…', ':', '»']) {
        // A sentence may end where the line does; the next one then starts at the same width.
        return last.chars().count() >= 60
            && last.chars().count() <= 100
            && line.chars().count() >= 40
            && !line.starts_with(['-', '–', '—', '•', '*'])
            && before.contains('\n');
    }
    line.starts_with(char::is_lowercase) || (60..=100).contains(&last.chars().count())
}

/// Cuts a paragraph into pieces of at most [`LONG`] words where its sentences allow.
fn cut(
    text: &str,
    tokens: &[Token<'_>],
    paragraph: Range<usize>,
    make: &impl Fn(Range<usize>) -> Passage,
) -> Vec<Passage> {
    let whole = make(paragraph.clone());
    if whole.tokens.len() <= LONG {
        return vec![whole];
    }
    // Pieces of one size read better than full ones and a scrap.
    let target = whole.tokens.len().div_ceil(whole.tokens.len().div_ceil(LONG));
    let mut pieces: Vec<Passage> = Vec::new();
    for sentence in sentences(&text[paragraph.clone()]) {
        let sentence = paragraph.start + sentence.start..paragraph.start + sentence.end;
        for part in cut_runaway(text, tokens, sentence, make) {
            match pieces.last_mut() {
                Some(last) if last.tokens.len() < target && last.tokens.len() + part.tokens.len() <= LONG => {
                    last.bytes.end = part.bytes.end;
                    last.tokens.end = part.tokens.end;
                }
                _ => pieces.push(part),
            }
        }
    }
    pieces
}

/// Cuts what has no sentence end for [`RUNAWAY`] words, between two words.
fn cut_runaway(
    text: &str,
    tokens: &[Token<'_>],
    sentence: Range<usize>,
    make: &impl Fn(Range<usize>) -> Passage,
) -> Vec<Passage> {
    let whole = make(sentence.clone());
    if whole.tokens.len() <= RUNAWAY {
        return vec![whole];
    }
    let inner = whole.tokens.clone().skip(LONG).step_by(LONG).map(|at| tokens[at].start);
    let cuts: Vec<usize> = std::iter::once(sentence.start).chain(inner).chain([sentence.end]).collect();
    cuts.windows(2).map(|pair| make(trim(text, pair[0]..pair[1]))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::french::Analyzer;

    fn split(text: &str) -> Vec<&str> {
        let tokens = Analyzer::new().analyze(text);
        passages(text, &tokens).into_iter().map(|passage| &text[passage.bytes]).collect()
    }

    fn sentence(words: usize) -> String {
        format!("Mot{}.", " mot".repeat(words - 1))
    }

    #[test]
    fn paragraphs_are_passages() {
        let (a, b) = (sentence(40), sentence(50));
        assert_eq!(split(&format!("{a}\n\n{b}")), [&a, &b]);
        assert_eq!(split(&format!("{a}\n{b}")), [&a, &b]);
    }

    #[test]
    fn a_heading_goes_with_what_follows() {
        let (a, b) = (sentence(40), sentence(50));
        let headed = format!("Un bilan lourd\n\n{b}");
        assert_eq!(split(&format!("{a}\n\n{headed}")), [&a, &headed]);
    }

    #[test]
    fn short_paragraphs_are_joined() {
        assert_eq!(split("Un.\n\nDeux mots.\n\nTrois mots ici.").len(), 1);
    }

    #[test]
    fn long_paragraphs_are_cut_at_sentence_ends() {
        let text = [sentence(60), sentence(60), sentence(60), sentence(60)].join(" ");
        let parts = split(&text);
        assert_eq!(parts.len(), 2);
        assert!(parts.iter().all(|part| part.ends_with('.')));
    }

    #[test]
    fn a_wrapped_text_is_no_row_of_paragraphs() {
        let text = "Les villageois de la commune ont fui vers la ville voisine dans la nuit\n\
                    et les secours sont arrivés au petit matin selon un élu joint par notre\n\
                    rédaction.";
        assert_eq!(split(text).len(), 1);
    }

    #[test]
    fn what_has_no_sentence_is_cut_between_words() {
        let text = "mot ".repeat(1000);
        assert!(split(&text).iter().all(|part| part.split(' ').count() <= 150));
        assert_eq!(split(&"mot,".repeat(1000)).len(), 7);
        assert_eq!(split(""), [""]);
    }

    proptest::proptest! {
        #[test]
        fn every_token_is_in_one_passage(text in "([A-Zé]?[a-z]{1,6}[ .\n]{1,3}){0,400}") {
            let tokens = Analyzer::new().analyze(&text);
            let mut next = 0;
            for passage in passages(&text, &tokens) {
                assert_eq!(passage.tokens.start, next);
                next = passage.tokens.end;
                assert!(tokens[passage.tokens.clone()].iter().all(|t| t.start >= passage.bytes.start && t.end <= passage.bytes.end));
            }
            assert_eq!(next, tokens.len());
        }
    }
}
