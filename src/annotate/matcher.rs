//! The matcher: one pass over the tokens, leftmost-longest, for every name of the vocabulary.

use std::ops::Range;

use crate::french::{Held, Kind, Token, is_apostrophe};
use crate::vocabulary::{ACCENTS, CAPITAL, CAPITALS, EXACT, Reading, SPELLED, Vocabulary, Walk};

/// Most words of a name.
const LONGEST: usize = 14;

/// A name in a text: its tokens, and what it may stand for.
#[derive(Clone, Debug)]
pub(super) struct Found<'v> {
    pub(super) tokens: Range<usize>,
    pub(super) readings: Vec<Reading<'v>>,
}

/// Where the walks end from the root by one word, by the numbers of the words that were met.
#[derive(Debug, Default)]
pub(super) struct Memory(Vec<Start>);

/// Where a walk by one word ends.
#[derive(Clone, Copy, Debug)]
enum Start {
    NotMet,
    Nowhere,
    At(Walk),
}

impl Memory {
    fn start(&mut self, vocabulary: &Vocabulary, terms: &Held) -> Option<Walk> {
        let walk = || vocabulary.walk(vocabulary.root(), &terms.exact);
        let Some(number) = terms.number() else { return walk() };
        if number >= self.0.len() {
            self.0.resize(number + 1, Start::NotMet);
        }
        match self.0[number] {
            Start::At(walk) => Some(walk),
            Start::Nowhere => None,
            Start::NotMet => {
                let fresh = walk();
                self.0[number] = fresh.map_or(Start::Nowhere, Start::At);
                fresh
            }
        }
    }
}

/// The names of a text, in order, without overlap.
pub(super) fn scan<'v>(
    vocabulary: &'v Vocabulary,
    memory: &mut Memory,
    text: &str,
    tokens: &[Token<'_>],
) -> Vec<Found<'v>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let next = if may_begin(&tokens[at]) { longest(vocabulary, memory, text, tokens, at) } else { None };
        at = next.as_ref().map_or(at + 1, |found| found.tokens.end);
        found.extend(next);
    }
    found
}

/// Whether a name may begin with a token: no function word in lower case, no number.
fn may_begin(token: &Token<'_>) -> bool {
    match token.terms.kind {
        Kind::Stop => is_capital(token),
        Kind::Number => token.surface.ends_with(char::is_alphabetic),
        _ => true,
    }
}

/// The longest name that begins with a token.
fn longest<'v>(
    vocabulary: &'v Vocabulary,
    memory: &mut Memory,
    text: &str,
    tokens: &[Token<'_>],
    first: usize,
) -> Option<Found<'v>> {
    let mut walk = memory.start(vocabulary, &tokens[first].terms)?;
    let mut best = None;
    for end in first + 1.. {
        let readings: Vec<Reading<'v>> = vocabulary
            .readings(walk)
            .filter(|reading| is_spelled(reading, text, &tokens[first..end]) && !is_cut(text, tokens, end))
            .collect();
        if !readings.is_empty() {
            best = Some(Found { tokens: first..end, readings });
        }
        let Some(next) = tokens.get(end).filter(|_| end - first < LONGEST) else { break };
        if !runs_on(&text[tokens[end - 1].end..next.start]) {
            break;
        }
        let Some(further) = vocabulary.walk(walk, &next.terms.exact) else { break };
        walk = further;
    }
    best
}

/// Whether what stands between two words can stand inside a name: white space without a blank line, hyphens,
/// slashes, what is elided.
fn runs_on(gap: &str) -> bool {
    let lines = gap.bytes().filter(|&byte| byte == b'\n').count();
    let plain = gap
        .trim_end_matches(is_apostrophe)
        .trim_end_matches(|c: char| gap.ends_with(is_apostrophe) && c.is_alphabetic());
    lines < 2
        && plain
            .chars()
            .all(|c| c.is_whitespace() || matches!(c, '-' | '\u{2010}' | '\u{2011}' | '/') || is_apostrophe(c))
}

/// Whether a name would end before the point of the compass that belongs to it: `Centre` of `Centre-Nord`.
fn is_cut(text: &str, tokens: &[Token<'_>], end: usize) -> bool {
    tokens.get(end).is_some_and(|next| {
        text[tokens[end - 1].end..next.start] == *"-"
            && matches!(next.terms.exact.as_str(), "nord" | "sud" | "est" | "ouest" | "centre")
    })
}

/// Whether a token begins with a capital.
pub(super) fn is_capital(token: &Token<'_>) -> bool {
    token.surface.starts_with(char::is_uppercase)
}

/// Whether the spelling is what a reading asks for.
fn is_spelled(reading: &Reading<'_>, text: &str, tokens: &[Token<'_>]) -> bool {
    let flags = reading.flags;
    let surface = || &text[tokens[0].start..tokens[tokens.len() - 1].end];
    // Keys run words together: `Bouar à` is not Bouara.
    let spaced =
        tokens.windows(2).filter(|pair| text[pair[0].end..pair[1].start].contains(char::is_whitespace)).count();
    if spaced >= reading.words() {
        return false;
    }
    if flags & EXACT != 0 {
        return surface() == reading.spelling;
    }
    if flags & CAPITAL != 0 && !is_capital(&tokens[0]) || flags & CAPITALS != 0 && !tokens.iter().any(is_capital) {
        return false;
    }
    if flags & SPELLED != 0 && plain(surface()).ne(plain(reading.spelling)) {
        return false;
    }
    let lower = |text: &'_ str| plain(text).flat_map(char::to_lowercase).collect::<String>();
    flags & ACCENTS == 0 || lower(surface()) == lower(reading.spelling)
}

/// A spelling, hyphens and kinds of apostrophes aside.
fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().map(|c| match c {
        '-' | '\u{2010}' | '\u{2011}' | '\u{a0}' => ' ',
        '\u{2019}' => '\'',
        c => c,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::french::Analyzer;

    fn names(text: &str) -> Vec<String> {
        let tokens = Analyzer::new().analyze(text);
        scan(Vocabulary::builtin(), &mut Memory::default(), text, &tokens)
            .into_iter()
            .map(|found| text[tokens[found.tokens.start].start..tokens[found.tokens.end - 1].end].to_owned())
            .collect()
    }

    #[test]
    fn the_longest_name_wins_and_consumes_its_words() {
        assert_eq!(names("le Groupe de soutien à l’islam et aux musulmans (JNIM)").len(), 2);
        assert_eq!(names("la Katiba Macina, près de Gourma-Rharous"), ["Katiba Macina", "Gourma-Rharous"]);
        assert_eq!(names("au Burkina Faso et en Côte d'Ivoire"), ["Burkina Faso", "Côte d'Ivoire"]);
    }

    #[test]
    fn case_tells_acronyms_and_places_from_words() {
        assert_eq!(names("la fama du mali, kati"), Vec::<String>::new());
        assert_eq!(names("les FAMa au Mali"), ["FAMa", "Mali"]);
    }

    #[test]
    fn a_stop_parts_names() {
        assert_eq!(names("Burkina. Faso"), ["Burkina", "Faso"]);
    }
}
