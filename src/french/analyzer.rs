//! The one analyzer: text → tokens. Index, queries, highlighter and matcher all call it.

use std::sync::Arc;

use rust_stemmers::Stemmer;
use rustc_hash::FxHashMap;

use super::terms::{Kind, Terms, stemmer, terms};
use super::words::words;
use super::{stopwords, tables};

/// Raised by hand whenever the same text may give other tokens than before.
const CHAIN_VERSION: u32 = 1;

/// Surface forms kept with their terms; a run over the press meets fewer.
const CACHE: usize = 1 << 16;

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
    pub terms: Arc<Terms>,
    /// Whether a stop, a line end or an opening quote stands before it, or nothing at all.
    pub opens: bool,
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

    /// Whether it is a function word, or may be one.
    #[must_use]
    pub fn is_stop(&self) -> bool {
        self.terms.kind == Kind::Stop || self.common().is_some() && stopwords::is_stop(&self.terms.exact)
    }
}

/// The chain with its memory of words already seen. Not shared between threads: each has its own.
pub struct Analyzer {
    stemmer: Stemmer,
    cache: FxHashMap<Box<str>, Arc<Terms>>,
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
        Self { stemmer: stemmer(), cache: FxHashMap::default() }
    }

    /// What the tokens of a text depend on besides the text: the version of the chain and a hash of its tables.
    #[must_use]
    pub fn fingerprint() -> String {
        format!("{CHAIN_VERSION}-{}", tables::FINGERPRINT)
    }

    /// The tokens of a normalized (NFC) text, in order. Ranges are bytes, half-open, on character boundaries, and
    /// never overlap.
    pub fn analyze<'t>(&mut self, text: &'t str) -> Vec<Token<'t>> {
        let mut last = 0;
        words(text)
            .into_iter()
            .map(|range| {
                let opens = last == 0 && !text[..range.start].contains(char::is_alphanumeric)
                    || opens(&text[last..range.start]);
                last = range.end;
                let surface = &text[range.clone()];
                Token { surface, start: range.start, end: range.end, terms: self.terms(surface), opens }
            })
            .collect()
    }

    /// The terms of one surface form.
    fn terms(&mut self, surface: &str) -> Arc<Terms> {
        if let Some(known) = self.cache.get(surface) {
            return Arc::clone(known);
        }
        let fresh = Arc::new(terms(surface, &self.stemmer));
        if self.cache.len() < CACHE {
            self.cache.insert(surface.into(), Arc::clone(&fresh));
        }
        fresh
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
    fn the_cache_changes_nothing() {
        let text = "Les attaques des jihadistes, les attaques à Diré : dire, Dire.";
        let mut warm = Analyzer::new();
        warm.analyze(text);
        let again: Vec<_> = warm.analyze(text).into_iter().map(|t| t.terms).collect();
        let fresh: Vec<_> = Analyzer::new().analyze(text).into_iter().map(|t| t.terms).collect();
        assert_eq!(again, fresh);
    }
}
