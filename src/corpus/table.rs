//! CSV and TSV: a record a row, columns by header, read in constant memory.

use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};

use super::keys::{self, Unknown};
use super::lines;
use super::open::{self, LIMIT};
use super::record::{Draft, Place};
use super::{Item, Items, Note, Skip, Task};

/// Fields whose values are lists, joined by `|`.
const LISTS: [&str; 3] = ["dates", "groups", "regions"];

/// Reads every row; one that does not have the header's columns is left out and the others stay. `delimiter` is only
/// a first guess: the header decides between comma, semicolon and tab.
pub(super) fn read(task: Task, delimiter: u8) -> Items {
    let started = open::open(&task.found, &task.meter).and_then(|bytes| {
        let mut stream = lines::stream(bytes, task.options.encoding).map_err(|reason| task.found.skip(None, reason))?;
        if stream.empty {
            return Err(task.found.skip(None, "empty"));
        }
        let delimiter = delimiter_of(stream.reader.fill_buf().unwrap_or_default(), delimiter);
        let taken = Arc::new(Taken::default());
        let bounded = Bounded { bytes: stream.reader, taken: Arc::clone(&taken), limit: LIMIT };
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(bounded);
        let mut header = ByteRecord::new();
        reader.read_byte_record(&mut header).map_err(|error| task.found.skip(Some(1), reason(&task, &error)))?;
        let columns: Vec<String> =
            header.iter().map(|name| lines::text(name, stream.fallback).0.trim().to_owned()).collect();
        check(&task, &columns, delimiter)?;
        let note = stream.note.map(|what| Note::new(task.found.path.clone(), None, what));
        Ok((columns, reader, taken, stream.fallback, note))
    });
    match started {
        Err(skip) => Box::new(std::iter::once(Item::Skip(skip))),
        Ok((columns, reader, taken, fallback, note)) => {
            let unknown = Unknown::default();
            let columns = columns.into_iter().map(|name| Column::new(name, &task)).collect();
            let rows = Rows { task, columns, reader, taken, fallback, unknown, any: false, ended: false };
            Box::new(note.map(Item::Note).into_iter().chain(rows))
        }
    }
}

/// A table without a column of texts is left out as a whole.
fn check(task: &Task, columns: &[String], delimiter: u8) -> Result<(), Skip> {
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    if keys::holders(&names, &task.options.columns).iter().any(|(field, _)| *field == "text") {
        return Ok(());
    }
    let delimiter = if delimiter == b'\t' { "tab".to_owned() } else { char::from(delimiter).to_string() };
    let hint = keys::hint(&format!("columns, cut at “{delimiter}”"), names.into_iter());
    Err(Skip { hint: Some(hint), ..task.found.skip(Some(1), "no column “text”") })
}

struct Column {
    name: String,
    /// Whether its values are lists.
    list: bool,
}

impl Column {
    fn new(name: String, task: &Task) -> Self {
        let field = keys::field_of_column(&name, &task.options.columns);
        Self { list: field.is_some_and(|field| LISTS.contains(&field)), name }
    }

    fn value(&self, value: &str) -> Value {
        if self.list {
            let values = value.split('|').map(str::trim).filter(|value| !value.is_empty());
            return Value::Array(values.map(|value| Value::String(value.to_owned())).collect());
        }
        Value::String(value.to_owned())
    }
}

struct Rows {
    task: Task,
    columns: Vec<Column>,
    reader: csv::Reader<Bounded>,
    taken: Arc<Taken>,
    fallback: bool,
    unknown: Unknown,
    any: bool,
    ended: bool,
}

impl Iterator for Rows {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let mut row = ByteRecord::new();
        while !self.ended {
            self.taken.row.store(0, Ordering::Relaxed);
            match self.reader.read_byte_record(&mut row) {
                Ok(true) if row.iter().all(|value| value.trim_ascii().is_empty()) => {}
                Ok(true) => {
                    self.any = true;
                    return Some(self.record(&row));
                }
                Ok(false) => {
                    self.ended = true;
                    if !self.any {
                        return Some(Item::Skip(self.task.found.skip(None, "empty: a header without rows")));
                    }
                }
                Err(error) => {
                    self.ended = true;
                    let line = self.reader.position().line();
                    return Some(Item::Skip(self.task.found.skip(Some(line), reason(&self.task, &error))));
                }
            }
        }
        self.unknown.note(&self.task.found).map(Item::Note)
    }
}

impl Rows {
    fn record(&mut self, row: &ByteRecord) -> Item {
        // After empty lines, this is the first of them.
        let line = row.position().map_or(0, csv::Position::line);
        let place = Place::at_line(&self.task.found, line);
        let last = self.reader.position().line();
        if last > line + 1 && self.taken.within_quotes() {
            return Item::Skip(place.skip(format!("a quote is not closed; the row takes in all lines up to {last}")));
        }
        if row.len() != self.columns.len() {
            let reason = format!("{} columns where the header has {}", row.len(), self.columns.len());
            let mut skip = place.skip(reason);
            skip.hint = Some("a quote may not be closed, or a value with the delimiter not be quoted".to_owned());
            return Item::Skip(skip);
        }
        let mut map = Map::new();
        let mut notes = Vec::new();
        for (column, value) in self.columns.iter().zip(row) {
            let (value, note) = lines::text(value, self.fallback);
            notes.extend(note);
            if value.trim().is_empty() {
                continue;
            }
            if map.contains_key(&column.name) {
                notes.push(format!("a second column “{}”, left out", column.name));
                continue;
            }
            map.insert(column.name.clone(), column.value(&value));
        }
        notes.dedup();
        match Draft::take(&mut map, &self.task.options.columns) {
            Err(reason) => Item::Skip(place.skip(reason)),
            Ok(mut draft) => {
                self.unknown.count(map.keys());
                draft.notes.extend(notes);
                // The column is there, only its cell is empty.
                draft.hint = None;
                draft.finish(&place, &self.task.options)
            }
        }
    }
}

/// What the header is cut at: the one of comma, semicolon and tab that it has most of, outside quotes.
fn delimiter_of(start: &[u8], otherwise: u8) -> u8 {
    let mut quoted = false;
    let mut counts = [(otherwise, 0), (b';', 0), (b'\t', 0), (b',', 0)];
    for &byte in start {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => counts.iter_mut().filter(|(of, _)| *of == byte).for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    // The first of equals, so that the extension decides a tie.
    counts.into_iter().rev().max_by_key(|&(_, count)| count).map_or(otherwise, |(delimiter, _)| delimiter)
}

fn reason(task: &Task, error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => error.to_string(),
        csv::ErrorKind::Io(error) => open::reason(&task.found, error),
        _ => error.to_string(),
    }
}

/// What was taken from a table.
#[derive(Default)]
struct Taken {
    /// Bytes since the last row.
    row: AtomicUsize,
    /// Whether an odd number of quotes came so far.
    quoted: AtomicBool,
    ended: AtomicBool,
}

impl Taken {
    /// Whether the table ended before its last quote was closed.
    fn within_quotes(&self) -> bool {
        self.ended.load(Ordering::Relaxed) && self.quoted.load(Ordering::Relaxed)
    }
}

/// Stops at a row that never ends, as one does whose quote is not closed.
struct Bounded {
    bytes: Box<dyn BufRead + Send>,
    taken: Arc<Taken>,
    limit: usize,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        let quotes = buffer.iter().take(count).filter(|&&byte| byte == b'"').count();
        self.taken.quoted.fetch_xor(quotes % 2 == 1, Ordering::Relaxed);
        self.taken.ended.fetch_or(count == 0 && !buffer.is_empty(), Ordering::Relaxed);
        if self.taken.row.fetch_add(count, Ordering::Relaxed) + count > self.limit {
            let reason = format!("a row longer than {} MiB; a quote may not be closed", self.limit >> 20);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, reason));
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_the_delimiter() {
        for (start, otherwise, want) in [
            ("id,text\na;b;c", b',', b','),
            ("id;text;\"a,b,c,d\"\n", b',', b';'),
            ("id\ttext", b',', b'\t'),
            ("text", b'\t', b'\t'),
            ("", b',', b','),
        ] {
            assert_eq!(delimiter_of(start.as_bytes(), otherwise), want, "{start}");
        }
    }
}
