//! From the named values of a record to a checked report: what is wrong is left out and noted, never guessed at.

use std::fmt::Display;
use std::str::FromStr;

use chrono::NaiveDate;
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;

use super::normalize::{normalize, normalize_line};
use super::walk::Found;
use super::{Item, Note, ReadOptions, Skip, keys, language, published};
use crate::report::Report;

/// A report before it is checked.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) id: Option<String>,
    pub(super) title: Option<String>,
    /// The stored text.
    pub(super) text: String,
    pub(super) source: Option<String>,
    pub(super) url: Option<String>,
    pub(super) author: Option<String>,
    pub(super) published: Option<String>,
    /// What the file's name says, where the report itself says nothing.
    pub(super) published_by_name: Option<NaiveDate>,
    /// The day of a change, where nothing else tells a day.
    pub(super) updated: Option<NaiveDate>,
    pub(super) lang: Option<String>,
    /// Whether `lang` is the report's own, or only the template's of the page it stands on, to which detection is
    /// preferred.
    pub(super) lang_of_page: bool,
    pub(super) groups: Vec<String>,
    pub(super) regions: Vec<String>,
    pub(super) dates: Vec<String>,
    pub(super) notes: Vec<String>,
    /// What to do about a text that is missing.
    pub(super) hint: Option<String>,
}

impl Draft {
    /// Takes the known fields out of `map`; what stays in it is unknown. `text` is taken too where there is one.
    pub(super) fn take(map: &mut Map<String, Value>, columns: &[(String, String)]) -> Result<Self, String> {
        let mut draft = Self::default();
        let all: Vec<&str> = map.keys().map(String::as_str).collect();
        if !all.is_empty() && all.iter().all(|key| keys::field_of_column(key, columns) != Some("text")) {
            draft.hint = Some(keys::hint("keys", all.into_iter()));
        }
        map.retain(|_, value| !is_none(value));
        let names = map.iter().filter(|(key, value)| is_named(key, value, columns)).map(|(key, _)| key.as_str());
        let held = keys::holders(&names.collect::<Vec<_>>(), columns);
        for (field, key) in held.into_iter().map(|(field, key)| (field, key.to_owned())).collect::<Vec<_>>() {
            let Some(value) = map.remove(&key) else { continue };
            match (field, value) {
                ("text", Value::String(text)) => draft.text = normalize(&text),
                ("text", other) => return Err(format!("text is {}, not a string", kind(&other))),
                ("groups", value) => draft.groups = draft.list(field, value),
                ("regions", value) => draft.regions = draft.list(field, value),
                ("dates", value) => draft.dates = draft.list(field, value),
                (_, value) => {
                    let value = draft.line(field, value);
                    draft.set(field, value);
                }
            }
        }
        Ok(draft)
    }

    fn set(&mut self, field: &str, value: Option<String>) {
        match field {
            "id" => self.id = value,
            "title" => self.title = value,
            "source" => self.source = value,
            "url" => self.url = value,
            "author" => self.author = value,
            "published" => self.published = value,
            "lang" => self.lang = value,
            _ => {}
        }
    }

    /// A value of one line; an empty one is none.
    fn line(&mut self, field: &str, value: Value) -> Option<String> {
        match value {
            // Whoever looks for an id writes it as it was given: a path may hold any space and any apostrophe.
            Value::String(id) if field == "id" => Some(plain_id(&id)).filter(|id| !id.is_empty()),
            Value::String(text) => line(&text),
            Value::Number(number) if field == "id" => Some(number.to_string()),
            // Several authors.
            Value::Array(values) if field == "author" && values.iter().all(Value::is_string) => {
                let names: Vec<String> = values.iter().filter_map(Value::as_str).map(normalize_line).collect();
                Some(names.join(", ")).filter(|names| !names.is_empty())
            }
            other => {
                self.notes.push(format!("{field} is {}, not a string; left out", kind(&other)));
                None
            }
        }
    }

    /// A list of strings; a string alone is a list of one.
    fn list(&mut self, field: &str, value: Value) -> Vec<String> {
        let values = match value {
            Value::Array(values) => values,
            Value::String(text) if text.trim().is_empty() => Vec::new(),
            text @ Value::String(_) => vec![text],
            other => {
                self.notes.push(format!("{field} is {}, not an array of strings; left out", kind(&other)));
                Vec::new()
            }
        };
        let mut strings = Vec::with_capacity(values.len());
        for value in values {
            match value {
                Value::String(text) => strings.push(normalize_line(&text)),
                other => self.notes.push(format!("{field} holds {}, not a string; left out", kind(&other))),
            }
        }
        strings
    }

    /// Checks every field.
    pub(super) fn finish(mut self, place: &Place<'_>, options: &ReadOptions) -> Item {
        if self.text.is_empty() {
            return Item::Skip(Skip { hint: self.hint, ..place.skip("no text") });
        }
        let mut notes = std::mem::take(&mut self.notes);
        let published = self.published(&mut notes, options);
        let lang = self.lang(&mut notes);
        let report = Report {
            id: self.id.filter(|id| !id.is_empty()).unwrap_or_else(|| place.id.clone()),
            title: self.title.as_deref().and_then(line),
            source: self.source.as_deref().and_then(line),
            url: self.url.as_deref().and_then(line),
            author: self.author.as_deref().and_then(line),
            published,
            lang,
            groups: each("groups", &self.groups, &mut notes),
            regions: each("regions", &self.regions, &mut notes),
            dates: each("dates", &self.dates, &mut notes),
            path: place.found.path.clone(),
            text: self.text,
        };
        Item::Report(Box::new(report), notes.into_iter().map(|what| place.note(what)).collect())
    }

    fn published(&self, notes: &mut Vec<String>, options: &ReadOptions) -> Option<NaiveDate> {
        let given = self.published.as_deref().and_then(|text| {
            published::day(text).map_err(|why| notes.push(format!("published is left out: {why}"))).ok()
        });
        given.or(self.published_by_name).or(self.updated).or(options.published)
    }

    fn lang(&self, notes: &mut Vec<String>) -> String {
        let given = self.lang.as_deref().and_then(|tag| {
            let code = language::code(tag);
            if code.is_none() {
                notes.push(format!("lang is left out: “{tag}” is not a language code such as fr"));
            }
            code
        });
        match given {
            Some(code) if !self.lang_of_page => code,
            given => match language::detect(&self.text) {
                None => given.unwrap_or_else(|| "und".to_owned()),
                Some(found) => {
                    if let Some(code) = given.filter(|code| code != found) {
                        notes.push(format!("the page says its language is {code}, its text looks like {found}"));
                    }
                    found.to_owned()
                }
            },
        }
    }
}

/// A value of one line, or nothing where it is empty.
fn line(text: &str) -> Option<String> {
    Some(normalize_line(text)).filter(|line| !line.is_empty())
}

/// An id as paths have it: composed, on one line.
fn plain_id(id: &str) -> String {
    let id: String = id.nfc().map(|c| if c.is_control() { ' ' } else { c }).collect();
    id.trim().to_owned()
}

/// Parses every value of a list; a bad one is left out and noted, and the others stay.
fn each<T: FromStr<Err: Display>>(field: &str, values: &[String], notes: &mut Vec<String>) -> Vec<T> {
    let parse = |text: &String| text.parse().map_err(|why| notes.push(format!("{field}: left out: {why}"))).ok();
    values.iter().filter_map(parse).collect()
}

/// Whether a value is the same as none.
fn is_none(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// Whether a key may hold a field: an alias only with a value that the field may have, for it may mean anything.
fn is_named(key: &str, value: &Value, columns: &[(String, String)]) -> bool {
    let own = keys::FIELDS.contains(&key) || columns.iter().any(|(_, name)| name == key);
    own || value.is_string() || value.is_array() && keys::field(key) != Some("text")
}

/// What a JSON value is, with its article.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Where a record stands.
pub(super) struct Place<'a> {
    pub(super) found: &'a Found,
    /// Line of the file, from 1, where it holds several records.
    pub(super) line: Option<u64>,
    /// Which of the file's records it is, from 1, where lines say little: an array may stand on one.
    pub(super) record: Option<u64>,
    /// The id of a record that gives none.
    pub(super) id: String,
}

impl<'a> Place<'a> {
    /// The only report of a file.
    pub(super) fn alone(found: &'a Found) -> Self {
        Self { found, line: None, record: None, id: found.id.clone() }
    }

    /// A record of a file in which a record stays on its line.
    pub(super) fn at_line(found: &'a Found, line: u64) -> Self {
        Self { found, line: Some(line), record: None, id: format!("{}#L{line}", found.id) }
    }

    /// A record of an array, where lines say little: the id is of the text, and so moves with it.
    pub(super) fn by_text(found: &'a Found, line: u64, record: u64, text: &str) -> Self {
        let hash = blake3::hash(text.as_bytes()).to_hex();
        let id = format!("{}#{}", found.id, hash.get(..8).unwrap_or_default());
        Self { found, line: Some(line), record: Some(record), id }
    }

    pub(super) fn note(&self, what: impl Into<String>) -> Note {
        Note::new(self.found.path.clone(), self.line, self.told(what.into()))
    }

    pub(super) fn skip(&self, reason: impl Into<String>) -> Skip {
        self.found.skip(self.line, self.told(reason.into()))
    }

    fn told(&self, what: String) -> String {
        match self.record {
            Some(record) => format!("record {record}: {what}"),
            None => what,
        }
    }
}
