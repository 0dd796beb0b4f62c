//! Citations read back out of a text, from its end, whatever it went through.
//!
//! The line may be wrapped, a dash may have another length and a space another kind, as word processors and TeX put them
//! in. A place may be written as a format has it (`dialects`); which one it was the text does not tell, so all readings
//! are given.

use std::ops::Range;

use super::dialects::readings;
use super::{BYTES, DIGITS, HASH, Reference};

/// Bytes before a citation that are read in other dialects than the plain one. Paths are shorter.
const FAR: usize = 32 * 1024;

/// A citation where it stands.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) reference: Reference,
    /// From its place to its hash, in bytes of the text.
    pub(super) at: Range<usize>,
}

/// The citations that a text holds, from its first to its last; none where there is none. A line end is a space.
#[must_use]
pub fn references(text: &str) -> Vec<Reference> {
    read(text).into_iter().map(|read| read.reference).collect()
}

/// The citations that a text holds, with where they stand, in order.
pub(super) fn read(text: &str) -> Vec<Read> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(read) = last(rest) {
        rest = &text[..read.at.start];
        found.push(read);
    }
    found.reverse();
    found
}

/// The last citation of a text.
fn last(text: &str) -> Option<Read> {
    // A title may hold what looks like a hash.
    for (at, _) in text.rmatch_indices(HASH).filter(|(at, _)| starts_with_hash(&text[*at..])) {
        let end = at + HASH.len() + DIGITS;
        let read = || {
            let before = text[..at].trim_end().strip_suffix(',')?;
            let (before, to) = number(before)?;
            let dashed = before.strip_suffix("--").or_else(|| before.strip_suffix(DASHES))?;
            let (before, from) = number(dashed)?;
            let before = before.trim_end_matches(is_space).strip_suffix(BYTES)?.trim_end().strip_suffix(',')?;
            (from <= to).then_some((before, from..to))
        };
        if let Some((before, bytes)) = read() {
            let (start, places) = places(before);
            let reference = Reference { places, bytes, hash: text[at..end].to_owned() };
            return Some(Read { reference, at: start..end });
        }
    }
    None
}

/// What may stand between the two numbers.
pub(super) const DASHES: [char; 4] = ['-', '\u{2010}', '\u{2011}', '\u{2013}'];

/// Whether a character stands for a space; the tilde does in TeX.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '~'
}

/// Whether a text starts with a hash.
pub(super) fn starts_with_hash(text: &str) -> bool {
    let Some((digits, rest)) = text.strip_prefix(HASH).and_then(|text| text.split_at_checked(DIGITS)) else {
        return false;
    };
    digits.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
        && !rest.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// The number that a text ends with, and what stands before it.
fn number(text: &str) -> Option<(&str, usize)> {
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    Some((before, text[before.len()..].parse().ok()?))
}

/// Where the place that a text ends with begins, and what it may be, the likeliest first: between quotes before bare.
fn places(text: &str) -> (usize, Vec<String>) {
    let plain = last_place(text);
    let start = plain.start;
    let mut from = text.len().saturating_sub(FAR);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    // A place stands behind the citation before it.
    let hash = text[from..].rmatch_indices(HASH).find(|(at, _)| starts_with_hash(&text[from + at..]));
    from += hash.map_or(0, |(at, _)| at);
    let mut found = vec![plain];
    found.extend(readings(&text[from..]).map(|text| last_place(&text)));
    found.sort_by_key(|place| (place.text.is_empty(), !place.quoted));
    let mut places: Vec<String> = Vec::new();
    for Place { text, quoted, .. } in found {
        // Of a bare place over two lines, the first may be no part of it.
        let short = text.rsplit_once('\n').map(|(_, last)| last.to_owned()).filter(|last| !last.is_empty());
        let bare = || short.into_iter().chain([text.replace('\n', " ")]).collect();
        let read: Vec<String> = if quoted { vec![text.clone()] } else { bare() };
        for place in read {
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    (start, places)
}

/// A place that a text ends with.
struct Place {
    start: usize,
    text: String,
    quoted: bool,
}

/// The place that a text ends with, as it is.
fn last_place(text: &str) -> Place {
    if let Some(inside) = text.strip_suffix('"') {
        // The quotes inside a place have a backslash before them.
        let opens = |at: &usize| !text[..*at].ends_with('\\');
        let opening = inside.rmatch_indices('"').map(|(at, _)| at).find(opens);
        let read = |start: usize| {
            let text = serde_json::from_str(&text[start..].replace('\n', " ")).ok()?;
            Some(Place { start, text, quoted: true })
        };
        if let Some(found) = opening.and_then(read) {
            return found;
        }
    }
    let part = |(at, sign): (usize, &str)| text[at + sign.len()..].starts_with([' ', '\n']).then_some(at + 2);
    let mut start = text.rmatch_indices([',', ';']).find_map(part).unwrap_or(0);
    if starts_with_hash(&text[start..]) {
        // The end of another citation, with nothing but a space or the end of a line between.
        start += HASH.len() + DIGITS;
        let closing = text[start..].find('\n').filter(|end| !text[start..start + end].contains(char::is_alphanumeric));
        start += closing.unwrap_or(0);
    }
    Place { start, text: text[start..].trim().to_owned(), quoted: false }
}
