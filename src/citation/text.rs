//! The citations of a text that is read line by line, over the ends of lines, and what looks like one and is none.
//!
//! Lines go together until one is blank; the signs of a quoted mail (`> `) and spaces before them do not count. A line
//! that is a hit or an answer in JSON stands for itself.

use std::ops::Range;

use super::lines::{Named, of_json_line};
use super::read::{DASHES, Read, is_space, read};
use super::{BYTES, HASH};

/// Characters before and behind the mark of a broken citation that are told.
const AROUND: (usize, usize) = (40, 60);

/// What a text holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mention {
    /// A citation, or a hit with the bytes of its passage.
    Cited(Named),
    /// A byte range or a hash of a citation that cannot be read, with what stands around it.
    Broken(String),
}

/// Reads a text line by line.
#[derive(Debug, Default)]
pub struct TextReader {
    /// The lines that go together, without what stands before each, parted by line ends.
    text: String,
    /// Where each of them starts, and its number.
    lines: Vec<(usize, usize)>,
}

impl TextReader {
    /// Takes a line, with its number. Gives what the text holds up to it, as far as it is known, in order: the number of
    /// the line on which a citation ends, or on which a broken one has its range or hash, and what it is.
    pub fn line(&mut self, number: usize, line: &str) -> Vec<(usize, Mention)> {
        let line = line.trim_start_matches('\u{feff}');
        if let Some(named) = of_json_line(line) {
            let mut found = self.end();
            let cited = named.into_iter().filter(|named| named.reference.is_some());
            found.extend(cited.map(|named| (number, Mention::Cited(named))));
            return found;
        }
        let line = line.trim_end().trim_start_matches(|c: char| c.is_whitespace() || c == '>');
        if line.is_empty() {
            return self.end();
        }
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.lines.push((self.text.len(), number));
        self.text.push_str(line);
        Vec::new()
    }

    /// Gives what is left when there are no more lines.
    pub fn end(&mut self) -> Vec<(usize, Mention)> {
        let read = read(&self.text);
        let broken = broken(&self.text, &read).into_iter().map(|at| (at, Mention::Broken(around(&self.text, at))));
        let mut found: Vec<(usize, Mention)> = broken.collect();
        found.extend(read.into_iter().map(|Read { reference, at }| (at.end - 1, Mention::Cited(reference.into()))));
        found.sort_by_key(|&(at, _)| at);
        let number = |at: usize| self.lines[self.lines.partition_point(|&(start, _)| start <= at) - 1].1;
        let found = found.into_iter().map(|(at, mention)| (number(at), mention)).collect();
        self.text.clear();
        self.lines.clear();
        found
    }
}

/// Where a text has the range or, if there is none before it, the hash of a citation that was not read.
fn broken(text: &str, read: &[Read]) -> Vec<usize> {
    let is_read = |at: usize| {
        let next = read.partition_point(|read| read.at.end <= at);
        read.get(next).is_some_and(|read| read.at.contains(&at))
    };
    let ranges = text.match_indices(BYTES).filter_map(|(at, _)| range(text, at)).filter(|range| !is_read(range.start));
    let ranges: Vec<Range<usize>> = ranges.collect();
    let apart = |at: usize| text[..at].chars().next_back().is_none_or(|c| is_space(c) && c != '\t' || c == '(');
    let hashes = text.match_indices(HASH).map(|(at, _)| at).filter(|&at| {
        let digits = text[at + HASH.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
        let before = text[..at].trim_end_matches(|c: char| is_space(c) || c == ',').len();
        digits && apart(at) && !is_read(at) && !ranges.iter().any(|range| range.end == before)
    });
    let mut found: Vec<usize> = ranges.iter().map(|range| range.start).chain(hashes).collect();
    found.sort_unstable();
    found
}

/// The byte range of a citation that starts with the word at a place, if it is one.
fn range(text: &str, at: usize) -> Option<Range<usize>> {
    if text[..at].ends_with(char::is_alphanumeric) {
        return None;
    }
    let after = &text[at + BYTES.len()..];
    let from = after.trim_start_matches(is_space);
    let dash = from.trim_start_matches(|c: char| c.is_ascii_digit());
    let to = dash.trim_start_matches(is_space).trim_start_matches(DASHES);
    let dashed = to.len() < dash.trim_start_matches(is_space).len();
    let to = to.trim_start_matches(is_space);
    let rest = to.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbers = dash.len() < from.len() && rest.len() < to.len();
    (from.len() < after.len() && dashed && numbers).then(|| at..text.len() - rest.len())
}

/// What stands around a place, on one line.
fn around(text: &str, at: usize) -> String {
    let start = text[..at].char_indices().rev().nth(AROUND.0 - 1).map_or(0, |(start, _)| start);
    let end = text[at..].char_indices().nth(AROUND.1).map_or(text.len(), |(end, _)| at + end);
    let (before, after) = (if start > 0 { "…" } else { "" }, if end < text.len() { "…" } else { "" });
    format!("{before}{}{after}", text[start..end].replace('\n', " ").trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a text that hold something: the place of a citation, or what is broken.
    fn told(text: &str) -> Vec<(usize, String)> {
        let mut reader = TextReader::default();
        let mut found: Vec<_> = (1..).zip(text.lines()).flat_map(|(number, line)| reader.line(number, line)).collect();
        found.extend(reader.end());
        let told = |mention| match mention {
            Mention::Cited(named) => named.name,
            Mention::Broken(around) => format!("? {around}"),
        };
        found.into_iter().map(|(line, mention)| (line, told(mention))).collect()
    }

    const CITE: &str = "a/b.txt#1, octets 4-5, b3:1f2e3d4c5b6a";

    #[test]
    fn a_citation_goes_over_line_ends() {
        let words: Vec<&str> = "Awa, « Un titre », a/b.txt#1, octets 4-5, b3:1f2e3d4c5b6a".split(' ').collect();
        for at in 1..words.len() {
            let (one, two) = (words[..at].join(" "), words[at..].join(" "));
            for (before, between) in [("", "\n"), ("> ", "\r\n> "), ("  ", " \n  "), ("> > ", "\n> >  ")] {
                let text = format!("Avant.\n\n{before}{one}{between}{two}.\nAprès");
                assert_eq!(told(&text), [(4, "a/b.txt#1".to_owned())], "{text}");
            }
        }
        let mut quoted = told("x, \"a, b/c,\n  d e.txt#1\", octets\n4-5,\nb3:1f2e3d4c5b6a");
        assert_eq!(quoted.remove(0), (4, "a, b/c, d e.txt#1".to_owned()));
        // One a line, and nothing over a blank line.
        let other = CITE.replace("b.txt", "c.txt");
        let want = [(1, "a/b.txt#1".to_owned()), (2, "a/c.txt#1".to_owned())];
        assert_eq!(told(&format!("{CITE}\n{other}")), want);
        assert_eq!(told(&format!("{CITE}.\n{other}")), want);
        assert_eq!(told("a#1, octets 4-5,\n\nb3:1f2e3d4c5b6a").len(), 2);
    }

    #[test]
    fn what_looks_like_a_citation_is_told() {
        for (text, lines) in [
            (
                "Un texte sur les octets, 4-5 ou b3, b3: rien.\n\n\"hash\":\"b3:1f2e3d4c5b6a\",4,b3:1f2e3d4c5b6a",
                &[][..],
            ),
            (CITE, &[][..]),
            ("a#1, octets 4 - 5, b3:1f2e3d4c5b6a", &[1]),
            ("a#1, octets 4-5", &[1]),
            ("a#1, b3:1f2e3d4c5b6a", &[1]),
            ("a#1,\noctets 5-4,\nb3:1f2e3d4c5b6a\n\na#1, octets 5-6, b3:1f2e", &[2, 5]),
            ("{\"id\":\"octets 4-5\"}", &[]),
        ] {
            let broken: Vec<usize> =
                told(text).into_iter().filter(|(_, told)| told.starts_with('?')).map(|(line, _)| line).collect();
            assert_eq!(broken, lines, "{text}");
        }
        let long = format!("{} octets 1-2 {}", "é".repeat(99), "è".repeat(99));
        let told = told(&long).remove(0).1;
        assert!(told.starts_with("? …é") && told.contains("octets 1-2") && told.ends_with("è…"), "{told}");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "([a-zé ,;>\\n\"\\\\&#0-9-]|octets |b3:|b3:1f2e3d4c5b6a| 1-2|, ){0,60}") {
            let lines = text.lines().count();
            proptest::prop_assert!(told(&text).iter().all(|(line, _)| (1..=lines).contains(line)));
        }
    }
}
