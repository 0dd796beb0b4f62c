//! Rendering: how answers are written, one file a format behind one trait.
//!
//! A new format is a file that implements [`Render`], a variant of [`Format`] and a line in [`Format::renderer`].

pub mod alerts;
pub(crate) mod annotation;
mod asked;
mod bars;
mod bibtex;
mod chart;
pub(crate) mod cited;
mod csl;
mod dialect;
pub(crate) mod diff;
pub(crate) mod eval;
pub(crate) mod expectations;
pub mod facets;
pub mod findings;
mod grid;
mod html;
pub(crate) mod info;
mod json;
mod jsonl;
mod markdown;
mod notes;
pub mod records;
#[cfg(test)]
mod samples;
pub(crate) mod scale;
pub(crate) mod settings;
mod shell;
pub(crate) mod soundness;
pub mod summary;
mod table;
mod terminal;
mod text;
pub mod timeline;
mod trec;

pub use bibtex::bibtex;
pub use chart::{COLOURS, svg};
pub use csl::csl_json;
pub use dialect::{Cell, Dialect, Rows, joined};
pub use html::whole as whole_html;
pub(crate) use html::{Marked, Text, links, shown};
pub use json::exchange;
pub use markdown::whole as whole_markdown;
pub use notes::{aside, notes};
pub(crate) use shell::quoted;
pub(crate) use terminal::verbatim;
pub use text::{found, whole as whole_text};
pub(crate) use trec::column;

use std::any::Any;
use std::fmt;
use std::io::{self, Write};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::hit::{Answer, Hit};
use crate::lang::Lang;

/// Writes answers in one format.
///
/// A run calls `begin` once, then `answer` or `failure` for each request in order, then `end` once. Every error is
/// the writer's own, [`io::ErrorKind::BrokenPipe`] among them. Nothing is buffered here: give it a buffered writer.
pub trait Render {
    /// Writes what stands before the first answer.
    fn begin(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    /// Writes the answer to one request.
    fn answer(&mut self, out: &mut dyn Write, context: &Context<'_>, answer: &Answer) -> io::Result<()>;

    /// Writes hits that follow those of the answer that was written last, which has some: a single answer comes in parts
    /// where it is long. What stands below all hits waits for [`Render::end`] then.
    fn more(&mut self, out: &mut dyn Write, context: &Context<'_>, hits: &[Hit]) -> io::Result<()>;

    /// Writes why a request has no answer.
    fn failure(&mut self, out: &mut dyn Write, context: &Context<'_>, failure: &Failure) -> io::Result<()>;

    /// Writes what stands after the last answer.
    fn end(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// The question that an answer belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The query as the user wrote it; empty where there are only filters.
    pub query: &'a str,
    /// The whole request, for formats that give it back.
    pub request: &'a Value,
    /// The command line that asked, without its query, for people to ask another one; none in a batch.
    pub command: Option<&'a str>,
}

/// Something to write as JSON: as it is, or with its hits cut down to the `fields` of the request.
#[derive(Serialize)]
#[serde(untagged)]
enum Shaped<'a, T> {
    Whole(&'a T),
    Cut(Value),
}

impl Context<'_> {
    /// A hit, or only the fields of it that the request names; `id` is that of the report.
    fn hit<'h>(&self, hit: &'h Hit) -> io::Result<Shaped<'h, Hit>> {
        let Some(fields) = self.request.get("fields").and_then(Value::as_array) else { return Ok(Shaped::Whole(hit)) };
        let whole = serde_json::to_value(hit)?;
        let named = fields.iter().filter_map(Value::as_str).map(|name| {
            let value = if name == "id" { &whole["report"]["id"] } else { &whole[name] };
            (name.to_owned(), value.clone())
        });
        Ok(Shaped::Cut(Value::Object(named.collect())))
    }

    /// An answer with its hits, those of laxer queries too, as [`Context::hit`] gives them.
    fn answer<'a>(&self, answer: &'a Answer) -> io::Result<Shaped<'a, Answer>> {
        if !self.request["fields"].is_array() {
            return Ok(Shaped::Whole(answer));
        }
        let mut cut = serde_json::to_value(Answer { hits: Vec::new(), ..answer.clone() })?;
        cut["hits"] = self.hits(&answer.hits)?;
        if let Some(relaxed) = &answer.relaxed {
            cut["relaxed"]["hits"] = self.hits(&relaxed.hits)?;
        }
        Ok(Shaped::Cut(cut))
    }

    fn hits(&self, hits: &[Hit]) -> io::Result<Value> {
        let hits = hits.iter().map(|hit| Ok(serde_json::to_value(self.hit(hit)?)?));
        Ok(Value::Array(hits.collect::<io::Result<_>>()?))
    }

    /// What to paste to ask another query: the command line, or the query alone where there is none.
    fn asking(&self, query: &str) -> String {
        self.command.map_or_else(|| verbatim(query), |command| shell::asking(command, query))
    }
}

/// A request that could not be answered: `{"id","error":{"message","start","end","hint"}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The request's own, given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Why.
    pub error: Fault,
}

/// What is wrong with a request, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What is wrong and why, in one sentence.
    pub message: String,
    /// First byte of the query that is wrong; nothing where it is another part of the request.
    pub start: Option<usize>,
    /// One past the last byte of the query that is wrong.
    pub end: Option<usize>,
    /// What to write instead.
    pub hint: Option<String>,
}

/// Something that should never happen: a fault of the program, or of a file that it trusts.
#[derive(Debug, thiserror::Error)]
#[error("something is broken: {0}")]
pub struct Broken(String);

impl From<Box<dyn Any + Send>> for Broken {
    /// What a panic says of itself.
    fn from(panic: Box<dyn Any + Send>) -> Self {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Self(text.unwrap_or_else(|| "for an unknown reason".to_owned()))
    }
}

/// Writes a message on a line of its own.
fn line(out: &mut dyn Write, lang: Lang, message: String) -> io::Result<()> {
    writeln!(out, "{}", lang.tell(message))
}

/// A number of things, in words: `1 actor`, `2 actors`.
fn counted<N: Copy + fmt::Display + PartialEq + From<u8>>(count: N, what: &str) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// The error below one of writing CSV, which hides that nobody reads any more.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

/// When the program runs. For its tests it is always the same moment.
fn now() -> DateTime<Utc> {
    if cfg!(test) { DateTime::UNIX_EPOCH } else { Utc::now() }
}

/// The formats that answers are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people: wrapped passages with their marks in colour
    #[default]
    Text,
    /// One object with the request and its hits; in a batch an array of them
    Json,
    /// One hit a line; in a batch one answer a line
    Jsonl,
    /// TREC run files: qid Q0 report rank score vigie
    Trec,
    /// One row a hit under a header, as RFC 4180 has it; --excel-fr for spreadsheets
    Csv,
    /// The same with tabs; line ends and tabs in cells become spaces
    Tsv,
    /// One page of HTML to be sent and printed, complete in itself
    Html,
    /// Quotes, with their sources as footnotes
    Markdown,
}

/// Whether a run answers one request or a list of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// One.
    #[default]
    Single,
    /// A list, of which some may fail.
    Batch,
}

/// How `text` looks, and the language of formats for people. Those of machines have one look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to write ANSI colours.
    pub color: bool,
    /// Columns of the terminal. A word that is wider stands alone on its line, whole.
    pub width: usize,
    /// The language of all that is not a report's.
    pub lang: Lang,
}

impl Default for Style {
    /// What suits a pipe: no colour, 80 columns.
    fn default() -> Self {
        Self { color: false, width: 80, lang: Lang::En }
    }
}

impl Format {
    /// The renderer of this format.
    #[must_use]
    pub fn renderer(self, style: Style, mode: Mode) -> Box<dyn Render> {
        match self {
            Self::Text => Box::new(text::Text::new(style, mode)),
            Self::Json => Box::new(json::Json::new(mode)),
            Self::Jsonl => Box::new(jsonl::Jsonl::new(mode)),
            Self::Trec => Box::new(trec::Trec::default()),
            Self::Csv => Self::table(Dialect::CSV, mode),
            Self::Tsv => Self::table(Dialect::TSV, mode),
            Self::Html => Box::new(html::Html::new(mode, now(), style.lang)),
            Self::Markdown => Box::new(markdown::Markdown::new(mode, now(), style.lang)),
        }
    }

    /// A renderer of rows in a dialect of one's own.
    #[must_use]
    pub fn table(dialect: Dialect, mode: Mode) -> Box<dyn Render> {
        Box::new(table::Table::new(dialect, mode))
    }
}
