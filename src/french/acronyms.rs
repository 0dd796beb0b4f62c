//! Acronyms that a text explains itself: « Organisation de l'unité africaine (OUA) », « l'OUA (Organisation de l'unité
//! africaine) », « Forces armées maliennes – `FAMa` ».

mod letters;
mod ties;

use std::ops::{Range, RangeInclusive};

use super::analyzer::Token;
use super::elision::is_apostrophe;
use letters::{Fit, Piece, fit, is_link, push_pieces};
use ties::Tie;

/// Letters of an acronym.
const LETTERS: RangeInclusive<usize> = 2..=10;
/// An acronym of fewer letters is believed in brackets only, and only where every word begins with one of them.
const CLEAR: usize = 3;
/// An acronym written as a word (Minusma) of fewer letters is believed only where all of them fit strictly.
const LONG_WORD: usize = 6;
/// Words with something to say that a long form may have beside those that give letters.
const SKIPPED: u8 = 2;
/// Bytes between two words of a long form at most.
const GAP: usize = 12;
/// Places at most where a long form behind its acronym is tried to end.
const ENDS: usize = 4;

/// An acronym with the words that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acronym {
    /// Bytes of the acronym, half-open.
    pub short: Range<usize>,
    /// Bytes of the long form, half-open; it never begins with an article.
    pub long: Range<usize>,
    /// The token that is the acronym.
    pub short_token: usize,
    /// The tokens of the long form.
    pub long_tokens: Range<usize>,
    /// Whether every letter begins a word, in order, and every word but function words gives one.
    pub strict: bool,
}

/// The acronyms that a text explains, in its order, once for every place where it does. `tokens` are those of the text.
///
/// The letters are held against the words before and behind by a form of Schwartz and Hearst's algorithm (PSB 2003)
/// for French. Words in brackets may fit loosely; behind a comma, a dash or « ou », every letter has to begin a word.
/// Time is linear in the text.
#[must_use]
pub fn acronyms(text: &str, tokens: &[Token<'_>]) -> Vec<Acronym> {
    let finder = Finder { text, tokens };
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        // Most words end here.
        if token.surface.as_bytes().first().is_none_or(u8::is_ascii_lowercase) || !finder.could_be(at) {
            continue;
        }
        if let Some(shape) = shape(token) {
            found.extend(finder.before(at, shape).or_else(|| finder.after(at, shape)));
        }
    }
    found
}

/// How an acronym is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// With two capitals, or one and a figure: `FAMa`, G5.
    Letters,
    /// As a word: Minusma. Believed in brackets only.
    Word,
}

/// How a word is written, if acronyms are written so. Roman numerals are none.
fn shape(token: &Token<'_>) -> Option<Shape> {
    let surface = token.surface;
    // Two bytes a letter, and a point behind each.
    if surface.len() > 3 * LETTERS.end() || !LETTERS.contains(&token.terms.exact.chars().count()) {
        return None;
    }
    let (mut capitals, mut figures, mut numeral) = (0, 0, true);
    let mut before = ' ';
    for c in surface.chars() {
        if !(c.is_alphanumeric() || c == '.') {
            return None;
        }
        capitals += usize::from(c.is_uppercase());
        figures += usize::from(c.is_ascii_digit() && !before.is_ascii_digit());
        numeral &= matches!(c, 'I' | 'V' | 'X');
        before = c;
    }
    match capitals {
        0 => None,
        _ if numeral => None,
        _ if capitals + figures > 1 => Some(Shape::Letters),
        _ => (surface.starts_with(char::is_uppercase) && surface.len() >= CLEAR).then_some(Shape::Word),
    }
}

/// Whether letters fit well enough to be believed.
fn is_believed(fit: Fit, letters: usize, shape: Shape, tie: Tie) -> bool {
    let weak = usize::from(fit.inner + fit.links);
    if weak * 2 > letters || letters < CLEAR && (weak > 0 || fit.behind || tie == Tie::Apposition) {
        return false;
    }
    let loose = || {
        let least = if shape == Shape::Word { LONG_WORD } else { CLEAR };
        let doubly = fit.inner > 0 && fit.skipped > 0;
        fit.firm && letters >= least + usize::from(doubly) && fit.skipped <= SKIPPED
    };
    fit.is_strict() || tie == Tie::Brackets && loose()
}

/// What stands between two words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing that parts them.
    Joins,
    /// A comma or a line end, which a name may go over.
    Parts,
    /// Anything else.
    Breaks,
}

/// A text in which acronyms are looked for.
struct Finder<'t> {
    text: &'t str,
    tokens: &'t [Token<'t>],
}

impl<'t> Finder<'t> {
    /// Whether a word could be an acronym at first sight: it begins with a capital or a figure, and a bracket stands
    /// beside it where a small letter follows.
    fn could_be(&self, at: usize) -> bool {
        let mut chars = self.tokens[at].surface.chars();
        let (Some(first), Some(second)) = (chars.next(), chars.next()) else { return false };
        if !(first.is_uppercase() || first.is_ascii_digit() && !second.is_ascii_digit()) {
            return false;
        }
        let opens = |at: usize| self.behind(at).bytes().any(|b| matches!(b, b'(' | b'['));
        !second.is_lowercase() || opens(at) || at.checked_sub(1).is_some_and(opens)
    }

    /// The long form that stands before an acronym.
    fn before(&self, at: usize, shape: Shape) -> Option<Acronym> {
        let (end, tie) = self.tie_before(at, shape)?;
        let letters = self.letters(at);
        if !self.ends_with(end.checked_sub(1)?, &letters) {
            return None;
        }
        let pieces = self.pieces_before(end, most_words(letters.len()));
        let (first, found) = fit(&letters, &pieces, true, |fit| is_believed(fit, letters.len(), shape, tie))?;
        self.acronym(at, pieces[first].token..end, found)
    }

    /// The long form that stands behind an acronym.
    fn after(&self, at: usize, shape: Shape) -> Option<Acronym> {
        let (start, tie) = self.tie_after(at, shape)?;
        let letters = self.letters(at);
        let pieces = self.pieces_after(start, most_words(letters.len()));
        // What is elided before the first word is no part of it.
        let pieces = &pieces[pieces.iter().position(Piece::can_begin)?..];
        let (first, last) = (pieces[0].token, pieces[pieces.len() - 1].token);
        let ends = (first..=last).filter(|&end| self.gap(end) != Gap::Joins && self.ends_with(end, &letters));
        ends.take(ENDS).find_map(|end| {
            let filled = self.behind(end).trim_start().starts_with([')', ']']);
            let tie = if tie == Tie::Bracket && filled { Tie::Brackets } else { tie };
            let upto = pieces.partition_point(|piece| piece.token <= end);
            let believed = |fit: Fit| is_believed(fit, letters.len(), shape, tie);
            let (_, found) = fit(&letters, &pieces[..upto], false, believed)?;
            self.acronym(at, first..end + 1, found)
        })
    }

    /// Whether a word may be the last of a long form: it gives the last letter, or is what a number counts.
    fn ends_with(&self, at: usize, letters: &[char]) -> bool {
        let exact = &self.tokens[at].terms.exact;
        let gives = letters.last().is_some_and(|&last| last.is_ascii_digit() || exact.contains(last));
        gives && !is_link(&self.tokens[at])
    }

    /// The letters of an acronym, folded.
    fn letters(&self, at: usize) -> Vec<char> {
        self.tokens[at].terms.exact.chars().collect()
    }

    /// An acronym with its long form, which has two words with something to say, and not the acronym itself.
    fn acronym(&self, at: usize, long: Range<usize>, found: Fit) -> Option<Acronym> {
        let (short, words) = (&self.tokens[at], &self.tokens[long.clone()]);
        let enough = words.iter().filter(|word| !is_link(word)).count() > 1;
        let other = words.iter().all(|word| word.terms.exact != short.terms.exact);
        (enough && other).then(|| Acronym {
            short: short.start..short.end,
            long: words[0].start..words[words.len() - 1].end,
            short_token: at,
            long_tokens: long,
            strict: found.is_strict(),
        })
    }

    /// What stands behind a token, up to the next one.
    fn behind(&self, at: usize) -> &'t str {
        let end = self.tokens.get(at + 1).map_or(self.text.len(), |next| next.start);
        &self.text[self.tokens[at].end..end]
    }

    /// What stands between a token and the next.
    fn gap(&self, at: usize) -> Gap {
        let gap = self.behind(at);
        if gap == " " {
            return Gap::Joins;
        }
        if gap.len() > GAP || at + 1 >= self.tokens.len() {
            return Gap::Breaks;
        }
        let (mut lines, mut commas, mut spaces, mut hyphens) = (0, 0, 0, 0);
        for c in gap.chars() {
            match c {
                '\n' => lines += 1,
                ',' => commas += 1,
                '-' | '\u{2010}' | '\u{2011}' => hyphens += 1,
                '\t' => return Gap::Breaks,
                '\r' | '&' | '\u{ad}' => {}
                // What is elided.
                c if is_apostrophe(c) || c.is_alphabetic() => {}
                c if c.is_whitespace() => spaces += 1,
                _ => return Gap::Breaks,
            }
        }
        if lines > 1 || commas > 1 || hyphens > 0 && spaces + lines + commas > 0 {
            Gap::Breaks
        } else if lines + commas > 0 {
            Gap::Parts
        } else {
            Gap::Joins
        }
    }

    /// What before a token could be its long form: at most so many words that have something to say.
    fn pieces_before(&self, end: usize, most: usize) -> Vec<Piece<'t>> {
        let (mut first, mut words) = (end, 0);
        while first > 0 && words < most && end - first < 2 * most {
            if first < end && self.gap(first - 1) == Gap::Breaks {
                break;
            }
            first -= 1;
            words += usize::from(!is_link(&self.tokens[first]));
        }
        self.pieces(first..end)
    }

    /// What from a token on could be the long form of an acronym before it.
    fn pieces_after(&self, start: usize, most: usize) -> Vec<Piece<'t>> {
        let (mut end, mut words) = (start, 0);
        while end < self.tokens.len() && words < most && end - start < 2 * most {
            words += usize::from(!is_link(&self.tokens[end]));
            end += 1;
            if self.gap(end - 1) == Gap::Breaks {
                break;
            }
        }
        self.pieces(start..end)
    }

    fn pieces(&self, range: Range<usize>) -> Vec<Piece<'t>> {
        let mut pieces = Vec::with_capacity(2 * range.len());
        for at in range {
            let before = at.checked_sub(1).map(|before| (self.gap(before), &self.tokens[before]));
            let parted = before.is_some_and(|(gap, _)| gap == Gap::Parts);
            let joined = before.filter(|(gap, _)| *gap == Gap::Joins).map(|(_, before)| before);
            push_pieces(&mut pieces, self.text, at, &self.tokens[at], parted, joined);
        }
        pieces
    }
}

/// Words with something to say that the long form of an acronym has at most, after Schwartz and Hearst.
fn most_words(letters: usize) -> usize {
    (letters + 5).min(2 * letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::french::Analyzer;

    #[test]
    fn ranges_and_tokens_tell_the_same() {
        let text = "L'Organisation de l'unité africaine (OUA) et la F.A.O (Fonds d'aide ordinaire).";
        let tokens = Analyzer::new().analyze(text);
        let found = acronyms(text, &tokens);
        let told: Vec<_> = found.iter().map(|found| (&text[found.short.clone()], &text[found.long.clone()])).collect();
        assert_eq!(told, [("OUA", "Organisation de l'unité africaine"), ("F.A.O", "Fonds d'aide ordinaire")]);
        for found in &found {
            assert_eq!(tokens[found.short_token].start..tokens[found.short_token].end, found.short);
            let words = &tokens[found.long_tokens.clone()];
            assert_eq!(words[0].start..words[words.len() - 1].end, found.long);
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_found_is_apart_and_on_boundaries(
            text in "([A-Zéa]{1,3}|l'|du|[a-zé]{2,4}|[(),.–-]|\\[|\\]|\n| ){0,60}|\\PC{0,60}"
        ) {
            let tokens = Analyzer::new().analyze(&text);
            let mut last = None;
            for found in acronyms(&text, &tokens) {
                assert!(text.get(found.short.clone()).is_some() && text.get(found.long.clone()).is_some());
                assert!(found.short.end <= found.long.start || found.long.end <= found.short.start);
                assert!(last < Some(found.short.start));
                assert!(!is_link(&tokens[found.long_tokens.end - 1]));
                last = Some(found.short.start);
            }
        }

        #[test]
        fn initials_in_brackets_are_found_strictly(
            words in proptest::collection::vec("[bdfgk][a-z]{4,8}", 3..9),
            capital in proptest::bool::ANY,
        ) {
            let short: String = words.iter().map(|word| word[..1].to_uppercase()).collect();
            let short = if capital { format!("{}{}", &short[..1], short[1..].to_lowercase()) } else { short };
            let text = format!("Selon la {} ({short}).", words.join(" "));
            let tokens = Analyzer::new().analyze(&text);
            let found = acronyms(&text, &tokens);
            // Another beginning may be the cheaper one where words begin alike, and none is better than the whole.
            assert!(found.len() == 1 && found[0].strict, "{text}: {found:?}");
        }
    }
}
