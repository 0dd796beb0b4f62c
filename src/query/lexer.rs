//! Query text → tokens with spans.

use std::ops::Range;

use super::QueryError;

/// A token of the query language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lexeme {
    Word(String),
    Phrase(String),
    And,
    Or,
    Not,
    /// A dash right before a word, a phrase or a bracket.
    Minus,
    Open,
    Close,
}

/// Words that are operators where they stand in capitals.
const OPERATORS: [(&str, Lexeme); 6] = [
    ("AND", Lexeme::And),
    ("ET", Lexeme::And),
    ("NOT", Lexeme::Not),
    ("OR", Lexeme::Or),
    ("OU", Lexeme::Or),
    ("SAUF", Lexeme::Not),
];

/// Splits a query into tokens.
///
/// # Errors
/// If a quote is opened and never closed.
pub(super) fn lex(text: &str) -> Result<Vec<(Lexeme, Range<usize>)>, QueryError> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let after = at + c.len_utf8();
        if c.is_whitespace() {
            at = after;
        } else if let Some(closing) = closing_quote(c) {
            let Some(length) = text[after..].find(closing) else {
                return Err(QueryError {
                    message: format!("the quote {c} is opened and never closed"),
                    span: at..after,
                    hint: Some(format!("close it with {closing}, or leave it out")),
                });
            };
            let end = after + length;
            let inner = text[after..end].trim();
            at = end + closing.len_utf8();
            if !inner.is_empty() {
                found.push((Lexeme::Phrase(inner.to_owned()), after - c.len_utf8()..at));
            }
        } else if c == '(' || c == ')' {
            found.push((if c == '(' { Lexeme::Open } else { Lexeme::Close }, at..after));
            at = after;
        } else if c == '-' && text[after..].starts_with(|next: char| next.is_alphanumeric() || "(\"«“".contains(next))
        {
            found.push((Lexeme::Minus, at..after));
            at = after;
        } else {
            let length = text[at..].find(|c: char| c.is_whitespace() || ends_word(c)).unwrap_or(text.len() - at);
            let length = digit_groups(&text[at..], length.max(c.len_utf8()));
            let word = &text[at..at + length];
            let operator = OPERATORS.iter().find(|(name, _)| *name == word);
            let lexeme = operator.map_or_else(|| Lexeme::Word(word.to_owned()), |(_, lexeme)| lexeme.clone());
            found.push((lexeme, at..at + word.len()));
            at += word.len();
        }
    }
    Ok(found)
}

/// The quote that closes what a quote opens.
fn closing_quote(c: char) -> Option<char> {
    match c {
        '"' => Some('"'),
        '«' => Some('»'),
        '“' => Some('”'),
        _ => None,
    }
}

/// The length of a word with the groups of three digits that go on with it: `15 000` is one number.
fn digit_groups(text: &str, mut length: usize) -> usize {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if length > 3 || !digits(&text[..length]) {
        return length;
    }
    while let Some(space) =
        text[length..].chars().next().filter(|c| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}'))
    {
        let start = length + space.len_utf8();
        let end = text[start..].find(|c: char| c.is_whitespace() || ends_word(c)).map_or(text.len(), |len| start + len);
        if end - start != 3 || !digits(&text[start..end]) {
            break;
        }
        length = end;
    }
    length
}

fn ends_word(c: char) -> bool {
    closing_quote(c).is_some() || matches!(c, '(' | ')')
}
