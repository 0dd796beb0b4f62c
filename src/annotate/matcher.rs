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

/// Where the walks from the root by one word end, of words that were met.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// By the number of the word: [`NOT_MET`], [`NOWHERE`], else [`SOMEWHERE`] and the place among `walks`.
    ends: Vec<u32>,
    walks: Vec<Walk>,
}

const NOT_MET: u32 = 0;
const NOWHERE: u32 = 1;
const SOMEWHERE: u32 = 2;

impl Memory {
    fn start(&mut self, vocabulary: &Vocabulary, terms: &Held) -> Option<Walk> {
        let walk = || vocabulary.walk(vocabulary.root(), &terms.exact);
        let Some(number) = terms.number() else { return walk() };
        if number >= self.ends.len() {
            self.ends.resize(number + 1, NOT_MET);
        }
        match self.ends[number] {
            NOWHERE => None,
            NOT_MET => {
                let fresh = walk();
                self.ends[number] = match fresh {
                    Some(_) => u32::try_from(self.walks.len()).map_or(NOT_MET, |place| place.saturating_add(SOMEWHERE)),
                    None => NOWHERE,
                };
                self.walks.extend(fresh);
                fresh
            }
            end => self.walks.get((end - SOMEWHERE) as usize).copied(),
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
        // Most words begin no name: what else is asked of them can wait.
        let start = memory.start(vocabulary, &tokens[at].terms).filter(|_| may_begin(&tokens[at]));
        let next = start.and_then(|start| longest(vocabulary, start, text, tokens, at));
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

/// The longest name that begins with a token, by which the walk from the root came so far.
fn longest<'v>(
    vocabulary: &'v Vocabulary,
    mut walk: Walk,
    text: &str,
    tokens: &[Token<'_>],
    first: usize,
) -> Option<Found<'v>> {
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
    if gap == " " {
        return true;
    }
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
    flags & ACCENTS == 0 || lower(surface()).eq(lower(reading.spelling))
}

/// A spelling, hyphens and kinds of apostrophes aside.
fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().map(|c| match c {
        '-' | '\u{2010}' | '\u{2011}' | '\u{a0}' => ' ',
        '\u{2019}' => '\'',
        c => c,
    })
}

/// The same in lower case.
fn lower(text: &str) -> impl Iterator<Item = char> + '_ {
    plain(text).flat_map(char::to_lowercase)
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
