//! What is being typed at a place of a query that need not be whole: a word, words between quotes, the value of a field.

use std::ops::Range;

use super::fields::Field;
use super::lexer::{chunk_end, operator};
use super::quotes::{closers, is_quote};
use crate::facet::FacetKind;
use crate::french::elision;

/// Words before the cursor that a name may begin with.
const MOST_WORDS: usize = 6;

/// What ends at a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Typed {
    /// Where it stands.
    pub(crate) inside: Inside,
    /// The last words before the cursor, in order; the last of them is the word that is being typed, and empty words are
    /// none. Hyphens and apostrophes part words.
    pub(crate) words: Vec<Word>,
    /// One past the last byte of the word that the cursor stands in or behind.
    pub(crate) end: usize,
}

/// Where a word begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// Its first byte.
    pub(crate) at: usize,
    /// Where a filter may begin that stands in the place of it and what follows: with what is elided before it. Behind a
    /// hyphen, none may.
    pub(crate) filter: Option<usize>,
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
    let mut words: Vec<Word> = Vec::new();
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
                if here.is_some() || operator(&text[at..end]).is_some() {
                    words.clear();
                } else {
                    pieces(text, at..end, &mut words);
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

fn finish(text: &str, cursor: usize, inside: Inside, mut words: Vec<Word>) -> Typed {
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

/// Adds where the words of some bytes begin, which spaces part from what stands before.
fn pieces(text: &str, bytes: Range<usize>, found: &mut Vec<Word>) {
    let (mut before, mut run) = (' ', bytes.start);
    for (at, c) in text[bytes.clone()].char_indices() {
        let at = bytes.start + at;
        if c.is_whitespace() {
            run = at + c.len_utf8();
        } else if c.is_alphanumeric() && !before.is_alphanumeric() {
            let first = text[run..at].rfind(['-', '!']).map_or(run, |sign| run + sign + 1);
            let bare = !text[run..first].contains(char::is_alphanumeric);
            found.push(Word { at, filter: Some(first).filter(|_| bare && is_elided(&text[first..at], c)) });
        }
        before = c;
    }
}

/// Whether what stands before a word in a row of characters is elided, or holds no letter.
fn is_elided(before: &str, first: char) -> bool {
    let whole = format!("{before}{first}");
    let mut rest = whole.trim_start_matches(|c: char| !c.is_alphanumeric());
    while let Some(cut) = elision(rest) {
        rest = &rest[cut..];
    }
    rest.chars().eq([first])
}

/// A value of a kind of facet as the query language writes it: in quotes where it needs them.
pub(crate) fn value(kind: FacetKind, value: &str) -> String {
    if Field::Facet(kind).is_bare(value) { value.to_owned() } else { super::quotes::quoted(value) }
}

/// A filter as the query language writes it.
pub(crate) fn filter(kind: FacetKind, name: &str) -> String {
    format!("{}{}", Field::Facet(kind).name(), value(kind, name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is typed before a bar, as its words; in a field with its bytes.
    fn told(text: &str) -> (Inside, Vec<&str>) {
        let typed = typed(text, text.len());
        (typed.inside, typed.words.iter().map(|word| &text[word.at..]).collect())
    }

    #[test]
    fn words_stand_where_a_query_has_them() {
        for (text, words) in [
            ("attaque burk", &["attaque burk", "burk"][..]),
            ("l'arm", &["l'arm", "arm"]),
            ("a OU b", &["b"]),
            ("a ou b", &["a ou b", "ou b", "b"]),
            ("a -b", &["b"]),
            ("(a) b", &["b"]),
            ("\"a\" b", &["b"]),
            ("groupe:JNIM b", &["b"]),
            ("a b c d e f g", &["b c d e f g", "c d e f g", "d e f g", "e f g", "f g", "g"]),
            ("a ", &[]),
            ("a,", &[]),
            ("17:30 b", &["17:30 b", "30 b", "b"]),
        ] {
            assert_eq!(told(text), (Inside::Plain, words.to_vec()), "{text}");
        }
    }

    #[test]
    fn a_field_or_a_quote_decides_what_is_typed() {
        let value = |kind, bytes| Inside::Value(kind, bytes);
        for (text, inside, words) in [
            ("groupe:jn", value(FacetKind::Group, 7..9), &["jn"][..]),
            ("-GROUP:!jn", value(FacetKind::Group, 8..10), &["jn"]),
            ("région:\"mop t", value(FacetKind::Region, 8..14), &["mop t", "t"]),
            ("région:(a \"b c\" d", value(FacetKind::Region, 17..18), &["d"]),
            ("région:(a) b", Inside::Plain, &["b"]),
            ("source:@rf", value(FacetKind::Source, 7..10), &["rf"]),
            ("date:20", value(FacetKind::Date, 5..7), &["20"]),
            ("a \"b c", Inside::Words, &["b c", "c"]),
            ("titre:(a b", Inside::Words, &["b"]),
            ("titre:b", Inside::Words, &["b"]),
            ("lieu:b", Inside::Plain, &["lieu:b", "b"]),
        ] {
            assert_eq!(told(text), (inside, words.to_vec()), "{text}");
        }
    }

    #[test]
    fn a_filter_takes_what_is_elided_and_nothing_else() {
        let starts = |text: &str| -> Vec<Option<usize>> {
            typed(text, text.len()).words.iter().map(|word| word.filter).collect()
        };
        assert_eq!(starts("l'arm"), [Some(0), Some(0)]);
        assert_eq!(starts("a jusqu’à"), [Some(0), Some(2), Some(2)]);
        assert_eq!(starts("-Gourma-Rh"), [Some(1), None]);
        assert_eq!(starts("aujourd'hui"), [Some(0), None]);
    }

    proptest! {
        #[test]
        fn words_are_before_the_cursor(text in "[a-zé :'\"«»()!-]{0,30}|groupe:\\PC{0,12}|\\PC{0,20}", at in 0..40_usize) {
            let cursor = text.floor_char_boundary(at);
            let typed = typed(&text, cursor);
            prop_assert!(typed.end >= cursor && text.is_char_boundary(typed.end));
            for word in typed.words {
                prop_assert!(word.at < cursor && text[word.at..].starts_with(char::is_alphanumeric));
                prop_assert!(word.filter.is_none_or(|filter| filter <= word.at && text.is_char_boundary(filter)));
            }
            if let Inside::Value(_, bytes) = typed.inside {
                prop_assert!(text.get(bytes.clone()).is_some() && bytes.start <= cursor && bytes.end >= cursor);
            }
        }
    }
}
