//! What is being typed at a place of a query that need not be whole: a word, words between quotes, the value of a field.

use std::ops::Range;

use super::fields::Field;
use super::lexer::{chunk_end, operator};
use super::quotes::{closers, is_quote};
use crate::facet::FacetKind;

/// Words before the cursor that a name may begin with.
const MOST_WORDS: usize = 6;

/// What ends at a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Typed {
    /// Where it stands.
    pub(crate) inside: Inside,
    /// The bytes at which the last words before the cursor begin, in order; the last of them is the word that is being
    /// typed, and empty words are none. Hyphens and apostrophes part words.
    pub(crate) words: Vec<usize>,
    /// One past the last byte of the word that the cursor stands in or behind.
    pub(crate) end: usize,
}

/// Where something is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inside {
    /// Among plain words.
    Plain,
    /// Between quotes, or in a part of the report: only words can stand there.
    Words,
    /// In the value of a filter, which has these bytes, its quotes included.
    Value(FacetKind, Range<usize>),
}

/// What ends at a byte of a text, which is on a character boundary. Never an error: what cannot be read is plain text.
pub(crate) fn typed(text: &str, cursor: usize) -> Typed {
    let mut at = 0;
    // What brackets hold: the values of a kind of facet, the words of a part, or anything.
    let mut brackets: Vec<Option<Field>> = Vec::new();
    let mut field: Option<Field> = None;
    let mut words: Vec<usize> = Vec::new();
    let nothing = |inside| Typed { inside, words: Vec::new(), end: cursor };
    while at < cursor {
        let Some(c) = text[at..].chars().next() else { break };
        let next = at + c.len_utf8();
        let here = field.or(brackets.last().copied().flatten());
        if c.is_whitespace() {
            field = None;
            at = next;
        } else if c == '(' {
            brackets.push(here);
            (field, at) = (None, next);
            words.clear();
        } else if c == ')' {
            brackets.pop();
            (field, at) = (None, next);
            words.clear();
        } else if let Some(closing) = closers(c) {
            let closer = text[next..].char_indices().find(|(_, c)| closing.contains(c));
            let (inner_end, after) = closer.map_or((text.len(), text.len()), |(length, c)| {
                let end = next + length;
                (end, end + c.len_utf8())
            });
            if closer.is_none() || inner_end >= cursor {
                // What an open quote holds ends with the word at the cursor: what follows may be the rest of the query.
                let whole = at..if closer.is_some() { after } else { word_end(text, cursor) };
                let mut inner = Vec::new();
                pieces(text, next..cursor, &mut inner);
                let inside = if here.is_some() { inside(here, whole) } else { Inside::Words };
                return finish(text, cursor, inside, inner);
            }
            (field, at) = (None, after);
            words.clear();
        } else if is_quote(c) {
            at = next;
        } else {
            let end = chunk_end(text, at);
            let lead = text[at..end].find(char::is_alphanumeric).unwrap_or(end - at);
            let signed = text[at..at + lead].contains(['-', '!']);
            let start = at + lead;
            if here.is_none()
                && let Some((found, length)) = Field::before_value(&text[start..end])
            {
                words.clear();
                field = Some(found);
                at = start + length;
                if at > cursor {
                    return nothing(Inside::Plain);
                }
                // The sign that excludes the value.
                at += text[at..].find(|c| !matches!(c, '!' | '-')).unwrap_or(0);
                continue;
            }
            if signed || here.is_some() {
                words.clear();
            }
            if end < cursor {
                if operator(&text[at..end]).is_some() {
                    words.clear()
                } else {
                    pieces(text, at..end, &mut words)
                }
                (field, at) = (None, end);
                continue;
            }
            let first = text[at..start].rfind(['-', '!']).map_or(at, |sign| at + sign + 1);
            pieces(text, at..cursor, &mut words);
            return finish(text, cursor, inside(here, first..end), words);
        }
    }
    nothing(Inside::Plain)
}

/// Where something stands that a field is for.
fn inside(field: Option<Field>, value: Range<usize>) -> Inside {
    match field {
        Some(Field::Facet(kind)) => Inside::Value(kind, value),
        Some(Field::Part(_)) => Inside::Words,
        None => Inside::Plain,
    }
}

fn finish(text: &str, cursor: usize, inside: Inside, mut words: Vec<usize>) -> Typed {
    let typing = text[..cursor].chars().next_back().is_some_and(char::is_alphanumeric);
    if !typing {
        words.clear();
    }
    words.drain(..words.len().saturating_sub(MOST_WORDS));
    Typed { inside, words, end: word_end(text, cursor) }
}

/// Where the word ends that the cursor stands in.
fn word_end(text: &str, cursor: usize) -> usize {
    text[cursor..].find(|c: char| !c.is_alphanumeric()).map_or(text.len(), |length| cursor + length)
}

/// Adds where the words of some bytes begin.
fn pieces(text: &str, bytes: Range<usize>, found: &mut Vec<usize>) {
    let mut before = ' ';
    for (at, c) in text[bytes.clone()].char_indices() {
        if c.is_alphanumeric() && !before.is_alphanumeric() {
            found.push(bytes.start + at);
        }
        before = c;
    }
}

/// A value of a kind of facet as the query language writes it: in quotes where it needs them.
pub(crate) fn value(kind: FacetKind, value: &str) -> String {
    if Field::Facet(kind).is_bare(value) { value.to_owned() } else { super::quotes::quoted(value) }
}

/// A filter as the query language writes it.
pub(crate) fn filter(kind: FacetKind, name: &str) -> String {
    format!("{}{}", Field::Facet(kind).name(), value(kind, name))
}
