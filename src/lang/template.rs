//! One side of a row: text with holes for values and forms that go by a number.

use std::ops::Range;

/// What is done to a value before it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// It stands as it is.
    Plain,
    /// It is a message.
    Message,
    /// It is a number, which has a decimal comma.
    Decimal,
    /// In English: it begins with a digit, else the message is another. In French it stands as it is.
    Digit,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Text as it stands.
    Text(String),
    /// The value of a number, from 0.
    Hole(usize, Manner),
    /// One of two forms, by the value of a number.
    Forms { by: usize, one: String, many: String },
}

/// Reads a template.
///
/// # Errors
/// What is wrong with it, for the test of the table.
pub(super) fn parse(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let (mut rest, mut next, mut last) = (text, 0, None);
    while let Some(start) = rest.find(['{', '[']) {
        let (before, inside) = rest.split_at(start);
        let piece = if inside.starts_with('{') {
            hole(inside, &mut next).inspect(|(piece, _)| {
                if let Piece::Hole(at, _) = piece {
                    last = Some(*at);
                }
            })
        } else {
            forms(inside, last)?
        };
        if let Some((piece, length)) = piece {
            push(&mut pieces, before);
            pieces.push(piece);
            rest = &inside[length..];
        } else {
            push(&mut pieces, &rest[..=start]);
            rest = &inside[1..];
        }
    }
    push(&mut pieces, rest);
    Ok(pieces)
}

/// Adds text, to the text before it where there is some.
fn push(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(last)) => last.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

/// `{}`, `{1}`, `{*}`, `{1,}`, `{#}`; and its bytes. Any other brace is text.
fn hole(text: &str, next: &mut usize) -> Option<(Piece, usize)> {
    let end = text.find('}')?;
    let inside = &text[1..end];
    let signs = [('*', Manner::Message), (',', Manner::Decimal), ('#', Manner::Digit)];
    let (number, manner) = signs
        .iter()
        .find_map(|&(sign, manner)| Some((inside.strip_suffix(sign)?, manner)))
        .unwrap_or((inside, Manner::Plain));
    let at = if number.is_empty() { *next } else { number.parse().ok()? };
    *next = at + 1;
    Some((Piece::Hole(at, manner), end + 1))
}

/// `[one|many]`, `[0:one|many]`; and its bytes. Any other bracket is text.
fn forms(text: &str, last: Option<usize>) -> Result<Option<(Piece, usize)>, String> {
    let Some(end) = text.find(']') else { return Ok(None) };
    let Some((one, many)) = text[1..end].split_once('|') else { return Ok(None) };
    let numbered = one.split_once(':').and_then(|(number, one)| Some((number.parse().ok()?, one)));
    let (by, one) = match (numbered, last) {
        (Some((by, one)), _) => (by, one),
        (None, Some(last)) => (last, one),
        (None, None) => return Err(format!("no number stands before {}", &text[..=end])),
    };
    Ok(Some((Piece::Forms { by, one: one.to_owned(), many: many.to_owned() }, end + 1)))
}

/// A template as messages are held against: text and holes in turn, with its forms chosen in one way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pattern {
    /// Text before the first hole, between holes and behind the last.
    texts: Vec<String>,
    /// The numbers of the holes.
    holes: Vec<usize>,
    /// The numbers of those that begin with a digit.
    digits: Vec<usize>,
}

impl Pattern {
    /// All patterns of a template: two for each choice of form.
    pub(super) fn of(pieces: &[Piece]) -> Vec<Self> {
        let mut patterns = vec![Self { texts: vec![String::new()], ..Self::default() }];
        for piece in pieces {
            match piece {
                Piece::Text(text) => patterns.iter_mut().for_each(|pattern| pattern.extend(text)),
                Piece::Hole(at, manner) => {
                    for pattern in &mut patterns {
                        pattern.holes.push(*at);
                        pattern.digits.extend((*manner == Manner::Digit).then_some(*at));
                        pattern.texts.push(String::new());
                    }
                }
                Piece::Forms { one, many, .. } => {
                    let mut others = patterns.clone();
                    for (pattern, other) in patterns.iter_mut().zip(&mut others) {
                        pattern.extend(one);
                        other.extend(many);
                    }
                    patterns.append(&mut others);
                }
            }
        }
        patterns
    }

    fn extend(&mut self, text: &str) {
        if let Some(last) = self.texts.last_mut() {
            last.push_str(text);
        }
    }

    /// Whether no hole comes first.
    pub(super) fn begins_with_text(&self) -> bool {
        self.texts.first().is_some_and(|text| !text.is_empty())
    }

    /// Bytes that are not holes.
    pub(super) fn literal(&self) -> usize {
        self.texts.iter().map(String::len).sum()
    }

    /// The values of a message, by their numbers, as bytes of it; nothing if it is not of this pattern. A value ends
    /// where the text behind it first stands, the last one with the message. One that a message begins with holds no
    /// colon and space, and no closing quote where it stands in quotes.
    pub(super) fn values(&self, message: &str) -> Option<Vec<Range<usize>>> {
        let (first, rest) = self.texts.split_first()?;
        let Some((last, between)) = rest.split_last() else { return (message == first).then(Vec::new) };
        let mut at = message.starts_with(first.as_str()).then_some(first.len())?;
        let end = message.len().checked_sub(last.len()).filter(|end| *end >= at && message.ends_with(last.as_str()))?;
        let mut values = vec![0..0; self.holes.iter().max()? + 1];
        let (last_hole, holes) = self.holes.split_last()?;
        for (hole, text) in holes.iter().zip(between) {
            let stop = at + message.get(at..end)?.find(text.as_str())?;
            *values.get_mut(*hole)? = at..stop;
            at = stop + text.len();
        }
        *values.get_mut(*last_hole)? = at..end;
        // A message does not begin with the place of another.
        let opening = self.holes.first().filter(|_| first.is_empty()).and_then(|hole| values.get(*hole).cloned());
        let quoted = self.holes.first().filter(|_| first == "“").and_then(|hole| values.get(*hole).cloned());
        let is_other = opening.is_some_and(|value| message[value].contains(": "))
            || quoted.is_some_and(|value| message[value].contains('”'))
            || self.digits.iter().any(|hole| !message[values[*hole].clone()].starts_with(|c: char| c.is_ascii_digit()));
        (!is_other).then_some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values<'m>(template: &str, message: &'m str) -> Option<Vec<&'m str>> {
        let patterns = Pattern::of(&parse(template).unwrap());
        let found = patterns.iter().find_map(|pattern| pattern.values(message))?;
        Some(found.into_iter().map(|bytes| &message[bytes]).collect())
    }

    #[test]
    fn a_message_gives_its_values() {
        for (template, message, want) in [
            ("done", "done", Some(vec![])),
            ("done", "undone", None),
            ("{}: {*}", "a: b: c", Some(vec!["a", "b: c"])),
            ("{} [report|reports] of {}", "1 report of all", Some(vec!["1", "all"])),
            ("{} [report|reports] of {}", "2 reports of all", Some(vec!["2", "all"])),
            ("“{}” is é", "“” is é", Some(vec![""])),
            ("{}é", "é", Some(vec![""])),
            ("aa{}aa", "aaa", None),
            ("[1] {}", "[1] x", Some(vec!["x"])),
            ("{} of {}", "a: b of c", None),
            ("{}: {*}", "a:1: b of c", Some(vec!["a:1", "b of c"])),
            ("{\"id\"} {}", "{\"id\"} x", Some(vec!["x"])),
            ("“{}” is {}", "“a” b: “c” is d", None),
            ("“{}” {}: “{}” is {}", "“a” b: “c” is d", Some(vec!["a", "b", "c", "d"])),
            ("{#} to {#}", "2024 to 2025", Some(vec!["2024", "2025"])),
            ("{#} to {#}", "failed to open", None),
        ] {
            assert_eq!(values(template, message), want, "{template} / {message}");
        }
        assert!(parse("[a|b] {}").is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_message_is_read_without_panic(template in "[{}\\[\\]|*,:é0-9a ]{0,20}", message in "\\PC{0,30}") {
            if let Ok(pieces) = parse(&template) {
                for pattern in Pattern::of(&pieces) {
                    for bytes in pattern.values(&message).unwrap_or_default() {
                        proptest::prop_assert!(message.get(bytes).is_some());
                    }
                }
            }
        }
    }
}
