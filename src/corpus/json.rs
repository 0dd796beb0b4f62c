//! JSON files: one record or an array of them, taken apart record by record so that one that is broken costs no other.

use std::io::{self, BufRead};

use super::jsonl::draft;
use super::keys::Unknown;
use super::lines;
use super::open::{self, LIMIT};
use super::record::Place;
use super::{Item, Items, Note, Skip, Task};

/// Reads the record, or every record of the array.
pub(super) fn read(task: Task) -> Items {
    let skip = match open::open(&task.found, &task.meter) {
        Err(skip) => skip,
        Ok(bytes) => match lines::stream(bytes, task.options.encoding) {
            Err(reason) => task.found.skip(None, reason),
            Ok(stream) if stream.empty => task.found.skip(None, "empty"),
            Ok(stream) => {
                let note = stream.note.map(|what| Item::Note(Note::new(task.found.path.clone(), None, what)));
                let scanner = Scanner { reader: stream.reader, line: 1, limit: LIMIT };
                let (fallback, unknown) = (stream.fallback, Unknown::default());
                let records = Records { task, scanner, fallback, unknown, count: 0, array: false, ended: false };
                return Box::new(note.into_iter().chain(records));
            }
        },
    };
    Box::new(std::iter::once(Item::Skip(skip)))
}

struct Records {
    task: Task,
    scanner: Scanner,
    fallback: bool,
    unknown: Unknown,
    count: u64,
    /// Whether an array is open.
    array: bool,
    ended: bool,
}

impl Iterator for Records {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if !self.ended {
            match self.step() {
                Ok(Some(item)) => return Some(item),
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    let reason = open::reason(&self.task.found, &error);
                    return Some(Item::Skip(self.task.found.skip(Some(self.scanner.line), reason)));
                }
            }
        }
        self.unknown.note(&self.task.found).map(Item::Note)
    }
}

impl Records {
    fn step(&mut self) -> io::Result<Option<Item>> {
        let first = loop {
            match self.scanner.peek()? {
                Some(b'[') if !self.array => {
                    self.array = true;
                    self.scanner.pass();
                }
                Some(b']') if self.array => {
                    self.array = false;
                    self.scanner.pass();
                }
                Some(b',') => self.scanner.pass(),
                other => break other,
            }
        };
        let line = self.scanner.line;
        let skip = |reason: &str| Ok(Some(Item::Skip(self.task.found.skip(Some(line), reason))));
        if first.is_none() {
            self.ended = true;
            return match (self.array, self.count) {
                (true, _) => skip("broken JSON: the array is not closed; its last records may be missing"),
                (false, 0) => skip("no record"),
                (false, _) => Ok(None),
            };
        }
        self.count += 1;
        let value = self.scanner.value()?;
        // A record that stands alone is named by its file; a second one, in a file of several, is not.
        let alone = !self.array && self.count == 1 && !matches!(self.scanner.peek(), Ok(Some(_)));
        let (task, count) = (&self.task, self.count);
        let place = |text: &str| {
            if alone { Place::alone(&task.found) } else { Place::by_text(&task.found, line, count, text) }
        };
        let Some(value) = value else {
            let reason = format!("a record longer than {} MiB", LIMIT >> 20);
            return Ok(Some(Item::Skip(Skip { line: Some(line), ..place("").skip(reason) })));
        };
        let (text, note) = lines::text(&value, self.fallback);
        Ok(Some(match draft(&text, task, &mut self.unknown) {
            Err(reason) => {
                // Prose would be told word by word.
                self.ended = !self.array && !value.starts_with(b"{");
                Item::Skip(Skip { line: Some(line), ..place("").skip(reason) })
            }
            Ok(mut draft) => {
                draft.notes.extend(note);
                let place = place(&draft.text);
                draft.finish(&place, &task.options)
            }
        }))
    }
}

/// Cuts a stream of JSON into its values without understanding them.
struct Scanner {
    reader: Box<dyn BufRead + Send>,
    /// The current line, from 1.
    line: u64,
    /// The longest value, in bytes.
    limit: usize,
}

impl Scanner {
    /// The next byte that is no white space.
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.byte()? {
                Some(byte) if byte.is_ascii_whitespace() => self.pass(),
                other => return Ok(other),
            }
        }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                buffer => return Ok(buffer?.first().copied()),
            }
        }
    }

    /// Goes over one byte, which must have been looked at.
    fn pass(&mut self) {
        if matches!(self.byte(), Ok(Some(b'\n'))) {
            self.line += 1;
        }
        self.reader.consume(1);
    }

    /// The value that starts here, as far as it goes; nothing for one over the limit, which is passed over.
    fn value(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut out = Vec::new();
        let mut length = 0;
        let mut state = State::default();
        loop {
            let buffer = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                buffer => buffer?,
            };
            let end = buffer.iter().position(|&byte| state.ends_before(byte));
            let used = end.unwrap_or(buffer.len());
            let part = buffer.get(..used).unwrap_or_default();
            let last = end.is_some() || buffer.is_empty();
            self.line += part.iter().map(|&b| u64::from(b == b'\n')).sum::<u64>();
            length += used;
            if length <= self.limit {
                out.extend_from_slice(part);
            } else {
                out = Vec::new();
            }
            self.reader.consume(used);
            if last {
                return Ok((length <= self.limit).then_some(out));
            }
        }
    }
}

/// Where in a value the scanner is.
#[derive(Default)]
struct State {
    depth: usize,
    inside: Inside,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Inside {
    /// No byte was taken yet: the first always is, so that every value moves the scanner on.
    #[default]
    Nothing,
    Value,
    String,
    /// After a backslash in a string.
    Escape,
    /// The value is complete: the next byte is not part of it.
    Complete,
}

impl State {
    /// Takes the next byte in, or tells that the value ends before it.
    fn ends_before(&mut self, byte: u8) -> bool {
        let closed = if self.depth == 0 { Inside::Complete } else { Inside::Value };
        self.inside = match (self.inside, byte) {
            (Inside::Complete, _) => return true,
            (Inside::Value, b',' | b']' | b' ' | b'\t' | b'\r' | b'\n') if self.depth == 0 => return true,
            (Inside::String, b'\\') => Inside::Escape,
            (Inside::String, b'"') => closed,
            (Inside::String | Inside::Escape, _) | (_, b'"') => Inside::String,
            (_, b'{' | b'[') => {
                self.depth += 1;
                Inside::Value
            }
            (_, b'}' | b']') if self.depth > 0 => {
                self.depth -= 1;
                if self.depth == 0 { Inside::Complete } else { Inside::Value }
            }
            _ => Inside::Value,
        };
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &'static str, limit: usize) -> Vec<Option<String>> {
        let mut scanner = Scanner { reader: Box::new(text.as_bytes()), line: 1, limit };
        let mut out = Vec::new();
        while let Some(byte) = scanner.peek().unwrap() {
            if byte == b',' {
                scanner.pass();
            } else {
                out.push(scanner.value().unwrap().map(|value| String::from_utf8(value).unwrap()));
            }
        }
        out
    }

    #[test]
    fn cuts_values() {
        let text = r#" {"a":"}\"{"} , "b,c" 12, {"d":[1,{}]}{"e": "#;
        let want = [r#"{"a":"}\"{"}"#, r#""b,c""#, "12", r#"{"d":[1,{}]}"#, r#"{"e": "#];
        assert_eq!(values(text, 99), want.map(|value| Some(value.to_owned())));
        assert_eq!(values(r#"{"a":"longue"} {}"#, 4), [None, Some("{}".to_owned())]);
    }
}
