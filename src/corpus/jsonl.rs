//! JSON lines: a record a line, read in constant memory.

use std::io::BufRead;

use serde_json::{Map, Value};

use super::keys::Unknown;
use super::lines::{self, Line};
use super::open::{self, LIMIT};
use super::record::{Draft, Place, kind};
use super::{Item, Items, Note, Task};

/// Reads every line; a broken one is left out and the others stay.
pub(super) fn read(task: Task) -> Items {
    let skip = match open::open(&task.found, &task.meter) {
        Err(skip) => skip,
        Ok(bytes) => match lines::stream(bytes, task.options.encoding) {
            Err(reason) => task.found.skip(None, reason),
            Ok(stream) => {
                let note = stream.note.map(|what| Item::Note(Note::new(task.found.path.clone(), None, what)));
                let (reader, fallback) = (stream.reader, stream.fallback);
                let (line, unknown) = (Vec::new(), Unknown::default());
                let records = JsonLines { task, reader, fallback, line, number: 0, any: false, ended: false, unknown };
                return Box::new(note.into_iter().chain(records));
            }
        },
    };
    Box::new(std::iter::once(Item::Skip(skip)))
}

struct JsonLines {
    task: Task,
    reader: Box<dyn BufRead + Send>,
    fallback: bool,
    line: Vec<u8>,
    number: u64,
    /// Whether anything stood on a line so far.
    any: bool,
    ended: bool,
    unknown: Unknown,
}

impl Iterator for JsonLines {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        while !self.ended {
            self.number += 1;
            let found = &self.task.found;
            match lines::next_line(&mut self.reader, &mut self.line, LIMIT) {
                Ok(Line::Whole) if self.line.trim_ascii().is_empty() => {}
                Ok(Line::Whole) => {
                    self.any = true;
                    return Some(self.record());
                }
                Ok(Line::TooLong) => {
                    self.any = true;
                    let reason = format!("a record longer than {} MiB", LIMIT >> 20);
                    return Some(Item::Skip(found.skip(Some(self.number), reason)));
                }
                Ok(Line::End) => {
                    self.ended = true;
                    if !self.any {
                        return Some(Item::Skip(found.skip(None, "empty")));
                    }
                }
                Err(error) => {
                    self.ended = true;
                    self.any = true;
                    return Some(Item::Skip(found.skip(Some(self.number), open::reason(found, &error))));
                }
            }
        }
        self.unknown.note(&self.task.found).map(Item::Note)
    }
}

impl JsonLines {
    fn record(&mut self) -> Item {
        let (text, note) = lines::text(&self.line, self.fallback);
        let place = Place::at_line(&self.task.found, self.number);
        match draft(&text, &self.task, &mut self.unknown) {
            Err(reason) => Item::Skip(place.skip(reason)),
            Ok(mut draft) => {
                draft.notes.extend(note);
                draft.finish(&place, &self.task.options)
            }
        }
    }
}

/// The record that some bytes are, as if they stood alone on standard input; keys that no field has are a note of it.
pub(super) fn single(bytes: &[u8], task: &Task) -> Item {
    let mut unknown = Unknown::default();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}'),
        Err(_) => return Item::Skip(task.found.skip(None, "not UTF-8")),
    };
    match draft(text, task, &mut unknown) {
        Err(reason) => Item::Skip(task.found.skip(None, reason)),
        Ok(draft) => match draft.finish(&Place::at_line(&task.found, 1), &task.options) {
            Item::Report(report, mut notes) => {
                notes.extend(unknown.note(&task.found));
                Item::Report(report, notes)
            }
            other => other,
        },
    }
}

/// The record that `text` is, or why it is none; keys that no field has are counted.
pub(super) fn draft(text: &str, task: &Task, unknown: &mut Unknown) -> Result<Draft, String> {
    let mut map = object(text)?;
    let mut draft = Draft::take(&mut map, &task.options.columns)?;
    unknown.count(map.keys());
    draft.hint = unknown.once(draft.hint);
    Ok(draft)
}

/// The object that `text` is, or why it is none.
fn object(text: &str) -> Result<Map<String, Value>, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(other) => Err(format!("{}, not a record", kind(&other))),
        Err(error) => {
            let told = error.to_string();
            let cause = told.rfind(" at line ").and_then(|end| told.get(..end)).unwrap_or(&told);
            // Within a record that stands on several lines, the line counts from the record's own.
            let line = if error.line() > 1 { format!("line {} of the record, ", error.line()) } else { String::new() };
            let bytes = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default().as_bytes();
            let before = String::from_utf8_lossy(bytes.get(..error.column()).unwrap_or(bytes));
            Err(format!("broken JSON: {cause} ({line}column {})", before.chars().count()))
        }
    }
}
