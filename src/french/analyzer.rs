//! The one analyzer: text → tokens. Index, queries, highlighter and matcher all call it.

use std::ops::Range;
use std::sync::Arc;

use rust_stemmers::Stemmer;
use rustc_hash::FxHashMap;

use super::elision::is_apostrophe;
use super::memory::{Held, Kept, LONGEST, Words};
use super::terms::{Kind, STEM, Terms, stemmer};
use super::words::words;
use super::{stopwords, tables};

/// Raised by hand whenever the same text may give other tokens than before.
const CHAIN_VERSION: u32 = 2;

/// Bytes of the longest words that are looked up as one number.
const SHORT: usize = size_of::<u128>();
/// Words that an analyzer remembers for itself, once the process has no room for more.
const OWN: usize = 1 << 16;
/// Words of a text up to which the memory of their places is kept.
const KEPT: usize = 1 << 16;

/// One word of a text.
#[derive(Clone, Debug)]
pub struct Token<'t> {
    /// As written.
    pub surface: &'t str,
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What the index stores.
    pub terms: Held,
    /// Whether a stop, a line end or an opening quote stands before it, or nothing at all.
    pub opens: bool,
    /// Whether an article was elided before it, as in `d'or`: what follows is a noun.
    pub elided: bool,
    /// Of the first of several words joined by hyphens: all their exact terms in one (`pickup` of `pick-up`), and the
    /// byte after the last of them.
    pub joined: Option<Box<(String, usize)>>,
}

impl Token<'_> {
    /// The stems in this place: those of the terms, and the ordinary reading of a capital at a sentence start.
    pub fn stems(&self) -> impl Iterator<Item = &str> {
        self.terms.stems.iter().map(String::as_str).chain(self.common())
    }

    /// The stem of the ordinary word that a name at a sentence start may be.
    #[must_use]
    pub fn common(&self) -> Option<&str> {
        self.terms.common.as_deref().filter(|_| self.opens)
    }

    /// The terms that the index has in this place besides [those of the word](super::Terms::marked), each with the mark before
    /// it: that of words joined by hyphens, and the ordinary reading of a name.
    pub(crate) fn marked(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let joined = self.joined.as_deref().map(|(joined, _)| ("", joined.as_str()));
        joined.into_iter().chain(self.common().map(|common| (STEM, common)))
    }

    /// Whether it is a function word, or may be one. After an article that was elided, `or` and `est` are none.
    #[must_use]
    pub fn is_stop(&self) -> bool {
        let stop = self.terms.kind == Kind::Stop || self.common().is_some() && stopwords::is_stop(&self.terms.exact);
        stop && !(self.elided && stopwords::is_noun(&self.terms.exact))
    }
}

/// The chain with the words that it met. Not shared between threads: each has its own.
pub struct Analyzer {
    stemmer: Stemmer,
    words: &'static Words,
    /// Words of up to [`SHORT`] bytes, by these bytes: found without a look at any other memory.
    short: FxHashMap<u128, Kept>,
    /// Longer words.
    long: FxHashMap<Box<str>, Kept>,
    /// Words that the process had no room for: forgotten, all at once, when there are [`OWN`].
    own: FxHashMap<Box<str>, Arc<Terms>>,
    /// Where the words of the text stand, kept for its memory.
    places: Vec<Range<usize>>,
}

impl Default for Analyzer {
    fn default() -> Self {
        Self::new()
    }
}

impl Analyzer {
    /// An analyzer that has seen nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::with(Words::shared())
    }

    fn with(words: &'static Words) -> Self {
        let (short, long, own) = (FxHashMap::default(), FxHashMap::default(), FxHashMap::default());
        Self { stemmer: stemmer(), words, short, long, own, places: Vec::new() }
    }

    /// How many words it remembers.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.short.len() + self.long.len() + self.own.len()
    }

    /// What the tokens of a text depend on besides the text: the version of the chain and a hash of its tables.
    #[must_use]
    pub fn fingerprint() -> String {
        format!("{CHAIN_VERSION}-{}", tables::FINGERPRINT)
    }

    /// The tokens of a normalized (NFC) text, in order. Ranges are bytes, half-open, on character boundaries, and
    /// never overlap.
    pub fn analyze<'t>(&mut self, text: &'t str) -> Vec<Token<'t>> {
        let mut found = std::mem::take(&mut self.places);
        words(text, &mut found);
        let mut tokens: Vec<Token<'t>> = Vec::with_capacity(found.len());
        let (mut last, mut row) = (0, 0);
        for Range { start, end } in found.drain(..) {
            // Most words stand one space apart.
            let apart = start - last == 1 && text.as_bytes()[last] == b' ';
            let gap = if apart { " " } else { &text[last..start] };
            last = end;
            let opens = tokens.is_empty() || !apart && opens(gap);
            let elided = !apart && is_article(gap);
            if apart || !matches!(gap, "-" | "\u{2010}" | "\u{2011}") {
                if tokens.len() > row + 1 {
                    join(&mut tokens[row..]);
                }
                row = tokens.len();
            }
            let terms = self.terms(text, start, end);
            tokens.push(Token { surface: &text[start..end], start, end, terms, opens, elided, joined: None });
        }
        join(&mut tokens[row..]);
        if tokens.len() <= KEPT {
            self.places = found;
        }
        tokens
    }

    /// The terms of the word at some bytes.
    fn terms(&mut self, text: &str, start: usize, end: usize) -> Held {
        let surface = &text[start..end];
        let key = short_key(text, start, end);
        let known = match key {
            Some(key) => self.short.get(&key),
            None => self.long.get(surface),
        };
        if let Some(&known) = known {
            return Held::Kept(known);
        }
        if let Some(own) = self.own.get(surface) {
            return Held::Own(Arc::clone(own));
        }
        let fresh = self.words.terms(surface, &self.stemmer);
        match (&fresh, key) {
            (Held::Kept(kept), Some(key)) => drop(self.short.insert(key, *kept)),
            (Held::Kept(kept), None) => drop(self.long.insert(surface.into(), *kept)),
            (Held::Own(own), _) if surface.len() <= LONGEST => {
                if self.own.len() >= OWN {
                    self.own.clear();
                }
                self.own.insert(surface.into(), Arc::clone(own));
            }
            (Held::Own(_), _) => {}
        }
        fresh
    }
}

/// The bytes of a word as one number, if there are at most [`SHORT`] and the last is not zero, so that no two words have
/// the same.
fn short_key(text: &str, start: usize, end: usize) -> Option<u128> {
    let bytes = text.as_bytes();
    let len = end - start;
    if len > SHORT || bytes[start..end].last().is_none_or(|&last| last == 0) {
        return None;
    }
    match bytes.get(start..start + SHORT).and_then(|around| around.try_into().ok()) {
        // What stands behind the word is cut off.
        Some(around) => Some(u128::from_le_bytes(around) & (u128::MAX >> (8 * (SHORT - len)))),
        None => Some(bytes[start..end].iter().rev().fold(0, |key, &byte| key << 8 | u128::from(byte))),
    }
}

/// Whether what stands before a word is an article or a preposition that was elided: `l'est`, not `s'est`.
fn is_article(gap: &str) -> bool {
    gap.strip_suffix(is_apostrophe).is_some_and(|elided| elided.ends_with(['l', 'L', 'd', 'D']))
}

/// Most words that a hyphenated one is made of.
const JOINED: usize = 4;

/// Tells the first of words joined by hyphens what they are together.
fn join(row: &mut [Token<'_>]) {
    if (2..=JOINED).contains(&row.len()) {
        let whole = row.iter().map(|token| token.terms.exact.as_str()).collect();
        row[0].joined = Some(Box::new((whole, row[row.len() - 1].end)));
    }
}

/// Whether what stands between two words lets a sentence begin.
fn opens(gap: &str) -> bool {
    gap.len() > 1 && gap.contains(['.', '!', '?', '…', '\n', '«', '“', '"', ':', '•', '–', '—']) || gap == "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        Analyzer::new().analyze(text).iter().flat_map(|t| t.stems().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn ranges_give_the_surface_back() {
        let text = "L’armée a repoussé 15 000 assaillants à N’Djamena.";
        for token in Analyzer::new().analyze(text) {
            assert_eq!(&text[token.start..token.end], token.surface);
        }
    }

    #[test]
    fn a_capital_at_a_sentence_start_keeps_the_ordinary_reading() {
        assert_eq!(stems("au Centre"), ["au", "@centre"]);
        assert_eq!(stems("Centre"), ["@centre", "centr"]);
    }

    #[test]
    fn a_noun_stands_behind_an_elided_article_only() {
        let stops = |text: &str| -> Vec<bool> { Analyzer::new().analyze(text).iter().map(Token::is_stop).collect() };
        assert_eq!(stops("que s'est-il passé"), [true, true, true, false]);
        assert_eq!(stops("l'est du pays"), [false, true, false]);
        assert_eq!(stops("d'or"), [false]);
    }

    #[test]
    fn words_that_begin_alike_are_told_apart() {
        let text =
            "a ab anticonstitutionn anticonstitutionnel anticonstitutionnellement constitutionnelle constitutionnell";
        let mut analyzer = Analyzer::new();
        for text in [text, &text.split(' ').rev().collect::<Vec<_>>().join(" ")] {
            for token in analyzer.analyze(text) {
                assert_eq!(token.terms.exact, token.surface);
            }
        }
    }

    #[test]
    fn words_that_the_process_has_no_room_for_are_remembered_here() {
        let text = "L'armée a repoussé des assaillants à Anticonstitutionnellement-Ville.";
        let mut analyzer = Analyzer::with(Box::leak(Box::new(Words::new(3))));
        let plain = Analyzer::new().analyze(text).into_iter().map(|token| token.terms).collect::<Vec<_>>();
        for _ in 0..2 {
            let terms = analyzer.analyze(text).into_iter().map(|token| token.terms).collect::<Vec<_>>();
            assert_eq!(terms, plain);
            assert_eq!((analyzer.own.len(), analyzer.remembered()), (plain.len() - 3, plain.len()));
        }
        let again = analyzer.analyze("assaillants").swap_remove(0).terms;
        assert!(matches!(again, Held::Own(terms) if Arc::strong_count(&terms) == 2));
    }

    #[test]
    fn the_cache_changes_nothing() {
        let text = "Les attaques des jihadistes, les attaques à Diré : dire, Dire.";
        let mut warm = Analyzer::new();
        warm.analyze(text);
        let again: Vec<_> = warm.analyze(text).into_iter().map(|t| t.terms).collect();
        let fresh: Vec<_> = Analyzer::new().analyze(text).into_iter().map(|t| t.terms).collect();
        assert_eq!(again, fresh);
    }
}
