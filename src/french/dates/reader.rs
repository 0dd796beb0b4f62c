//! The tokens of a text and what stands between them, asked from any place without a care for the ends.

use crate::french::Token;
use crate::french::is_apostrophe;

/// What stands between two tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    /// White space of one line end at most, or nothing; an elided article counts for nothing.
    Space,
    Comma,
    Dot,
    Hyphen,
    Slash,
    /// An opening bracket.
    Open,
    /// Something that parts: another sign, a blank line, an end of the text.
    Other,
}

/// A text with its tokens.
pub(super) struct Reader<'a, 't> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token<'t>],
}

impl<'a, 't> Reader<'a, 't> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token<'t>]) -> Self {
        Self { text, tokens }
    }

    /// The exact form of a token, empty past the ends.
    pub(super) fn word(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.terms.exact.as_str())
    }

    /// The word at `at` where only space parts it from the one before.
    pub(super) fn next(&self, at: usize) -> &'a str {
        if self.gap(at) == Gap::Space { self.word(at) } else { "" }
    }

    /// The word `count` places before `at` where only space stands from there to `at`.
    pub(super) fn back(&self, at: usize, count: usize) -> &'a str {
        let Some(first) = at.checked_sub(count) else { return "" };
        if (first + 1..=at).all(|place| self.gap(place) == Gap::Space) { self.word(first) } else { "" }
    }

    /// As written, empty past the ends.
    pub(super) fn surface(&self, at: usize) -> &'t str {
        self.tokens.get(at).map_or("", |token| token.surface)
    }

    /// What stands before the token at `at`.
    pub(super) fn gap(&self, at: usize) -> Gap {
        let (Some(between), Some(token)) = (self.between(at), self.tokens.get(at)) else { return Gap::Other };
        if between == " " {
            return Gap::Space;
        }
        let between = if token.elided { without_elision(between).0 } else { between };
        let blank = between.bytes().filter(|&b| b == b'\n').count() > 1;
        match between.trim() {
            _ if blank => Gap::Other,
            "" => Gap::Space,
            "," => Gap::Comma,
            "." => Gap::Dot,
            "-" | "\u{2010}" | "\u{2011}" | "–" | "—" => Gap::Hyphen,
            "/" => Gap::Slash,
            "(" => Gap::Open,
            _ => Gap::Other,
        }
    }

    /// The text before the token at `at`, from the token before it.
    pub(super) fn between(&self, at: usize) -> Option<&'a str> {
        let last = self.tokens.get(at.checked_sub(1)?)?;
        self.text.get(last.end..self.tokens.get(at)?.start)
    }

    /// What is elided before the token at `at`: `d`, `l`, `jusqu`; empty where nothing is.
    pub(super) fn elision(&self, at: usize) -> &'a str {
        let Some(token) = self.tokens.get(at).filter(|token| token.elided) else { return "" };
        let from = at.checked_sub(1).map_or(0, |last| self.tokens[last].end);
        self.text.get(from..token.start).map_or("", |between| without_elision(between).1)
    }

    /// The byte at which a mention begins whose first token is `at`: an elided article belongs to it.
    pub(super) fn start(&self, at: usize) -> usize {
        let start = self.tokens[at].start;
        let article = self.elision(at);
        if !matches!(article, "l" | "L") {
            return start;
        }
        let head = self.text[..start].trim_end_matches(is_apostrophe);
        head.strip_suffix(article).map_or(start, str::len)
    }

    /// One past the last byte of a mention that ends before the token at `end`.
    pub(super) fn end(&self, end: usize) -> usize {
        self.tokens[end - 1].end
    }
}

/// What is before an elided article, and the article without its apostrophe.
fn without_elision(between: &str) -> (&str, &str) {
    let head = between.trim_end_matches(is_apostrophe);
    let rest = head.trim_end_matches(char::is_alphabetic);
    (rest, &head[rest.len()..])
}
