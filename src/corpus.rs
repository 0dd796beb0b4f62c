//! Reading: from files of any format and encoding to reports with normalized text.
//!
//! [`Corpus::open`] lists the files under the given paths; iterating reads them one after the other and gives an
//! [`Item`] for every report, for every input that was left out, and for what is worth telling about a file. Nothing
//! is dropped in silence, and nothing stops the reading of the rest.
//!
//! | extension | holds | ids |
//! | --- | --- | --- |
//! | `.txt` | one report; title, byline and page furniture are found by their look | path below the given root |
//! | `.md`, `.markdown` | one report, with YAML (`---`) or TOML (`+++`) front matter or none | path |
//! | `.html`, `.htm`, `.xhtml` | one page, of which the article is taken | path |
//! | `.jsonl`, `.ndjson`, `-` | a record a line | its own, else `path#L12` |
//! | `.csv`, `.tsv` | a record a row, columns by header | its own, else `path#L12` |
//! | `.json` | a record or an array of records | its own, else path, or `path#` and 8 digits of the text's hash |
//!
//! Each may be packed as `.gz` or `.zst`. Records are those of `schema/record.schema.json`.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::report::Report;

mod byline;
mod comments;
mod dateline;
mod encoding;
mod format;
mod front_matter;
mod furniture;
mod html;
mod json;
mod jsonl;
mod keys;
mod language;
mod lines;
mod markdown;
mod marks;
mod names;
mod normalize;
mod open;
mod page;
mod page_data;
mod plain;
mod published;
mod record;
mod site;
mod stamp;
mod table;
mod walk;

pub(crate) use lines::{Line, next_line};
pub use normalize::{normalize, normalize_line};
pub use stamp::Stamp;

use format::Format;
use open::Meter;
use walk::{Entry, Found};

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The encoding of every file, whatever it looks like; found out where nothing is given.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// Fields and the columns (or keys) that hold them: `("text", "contenu")`.
    pub columns: Vec<(String, String)>,
    /// The publication day of reports that do not tell theirs.
    pub published: Option<NaiveDate>,
    /// Whether standard input may be one plain text: it is where it does not begin with a brace.
    pub plain_input: bool,
    /// Whether reading is to end: waiting for standard input does then. What was read is a skip.
    pub stop: Option<Arc<AtomicBool>>,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A report, with what is to be told about it.
    Report(Box<Report>, Vec<Note>),
    /// Something of a file as a whole that is to be told. Nothing was left out.
    Note(Note),
    /// A file or a record that was left out.
    Skip(Skip),
    /// The next file is one of those that are known ([`Corpus::ask_for`]), and these are its bytes: [`Corpus::pass`] goes
    /// over it, else it is read.
    Known(Stamp),
    /// All items of a file came. These were its bytes, if all of them were read: nothing for standard input. Only given
    /// where it was asked for ([`Corpus::ask_for`]).
    End(Option<Stamp>),
}

/// Something that a careful reader may want to know: what was left out of a report, how a file was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The file, as [`Report::path`] has it.
    pub path: String,
    /// Line in the file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// What is to be told.
    pub what: String,
}

/// A file or a record that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skip {
    /// The file, as [`Report::path`] has it.
    pub path: String,
    /// Line in the file, from 1; nothing for the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Why.
    pub reason: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Why nothing can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CorpusError {
    /// A given path does not exist.
    #[error("{path}: no such file or folder")]
    Missing {
        /// The path, as given.
        path: String,
    },
    /// A column was mapped to a field that records do not have.
    #[error("“{field}” is not a field of a record")]
    Field {
        /// The field, as given.
        field: String,
    },
}

impl CorpusError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Missing { .. } => {
                "give files or folders that exist, or - for JSON lines on standard input".to_owned()
            }
            Self::Field { .. } => format!("the fields are {}", keys::FIELDS.join(", ")),
        }
    }
}

impl Note {
    fn new(path: String, line: Option<u64>, what: impl Into<String>) -> Self {
        Self { path, line, what: what.into() }
    }
}

/// `path:12: what`.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        tell(f, &self.path, self.line, &self.what)
    }
}

/// `path:12: reason`, without the hint.
impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        tell(f, &self.path, self.line, &self.reason)
    }
}

fn tell(f: &mut fmt::Formatter<'_>, path: &str, line: Option<u64>, what: &str) -> fmt::Result {
    match line {
        Some(line) => write!(f, "{path}:{line}: {what}"),
        None => write!(f, "{path}: {what}"),
    }
}

/// The files to read, and how far reading has come.
pub struct Corpus {
    entries: VecDeque<Entry>,
    options: Arc<ReadOptions>,
    /// The file being read.
    current: Option<(Found, Items)>,
    /// Files of which is asked before they are read, by their true paths, where the ends of files are told.
    known: Option<HashSet<PathBuf>>,
    /// The file that was asked for, to be read unless it is passed.
    asked: Option<Found>,
    files: usize,
    total: u64,
    /// Sizes of the files that are done.
    done: u64,
    /// Bytes of standard input that are done.
    input: u64,
    /// What is taken from the current file; shared with its reader.
    meter: Arc<Meter>,
}

impl Corpus {
    /// Lists the files under `paths` (`-` is standard input), in the order of the paths and sorted below each.
    ///
    /// Folders are walked through links; hidden files and what `.vigieignore` names are left out, and a file that is
    /// reached twice is read once.
    ///
    /// # Errors
    /// A path that does not exist, or a mapped field that records do not have. Nothing is read then.
    pub fn open(paths: &[PathBuf], options: ReadOptions) -> Result<Self, CorpusError> {
        if let Some((field, _)) = options.columns.iter().find(|(field, _)| !keys::FIELDS.contains(&field.as_str())) {
            return Err(CorpusError::Field { field: field.clone() });
        }
        let entries = walk::walk(paths)?;
        let sizes = entries.iter().filter_map(|entry| match entry {
            Entry::File(found) => Some(found.size),
            Entry::Skip(_) | Entry::Note(_) => None,
        });
        Ok(Self {
            files: sizes.clone().count(),
            total: sizes.sum(),
            entries: entries.into(),
            options: Arc::new(options),
            current: None,
            known: None,
            asked: None,
            done: 0,
            input: 0,
            meter: Arc::default(),
        })
    }

    /// Size in bytes of the files listed, packed as they are; 0 for standard input.
    #[must_use]
    pub fn total_bytes(&self) -> u64 {
        self.total
    }

    /// How many files there are to read, standard input included, those of unknown format not.
    #[must_use]
    pub fn files(&self) -> usize {
        self.files
    }

    /// Bytes read so far, at most [`Corpus::total_bytes`].
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        let current = self.current.as_ref().map_or(0, |(found, _)| self.meter.bytes().min(found.size));
        self.done + current
    }

    /// Bytes of the files that are done, packed as they are, those of standard input too.
    #[must_use]
    pub fn bytes_done(&self) -> u64 {
        self.done + self.input
    }

    /// Tells the end of each file from now on, and asks before it reads one of those that are `known`, given by their
    /// true paths ([`Stamp::file`]): its bytes are hashed first.
    pub fn ask_for(&mut self, known: HashSet<PathBuf>) {
        self.known = Some(known);
    }

    /// Goes over the file that [`Item::Known`] told last, as if it had been read.
    pub fn pass(&mut self) {
        self.done += self.asked.take().map_or(0, |found| found.size);
    }

    fn start(&mut self, found: Found) -> Items {
        self.meter = Arc::new(Meter::new(self.known.is_some(), self.options.stop.clone()));
        let mut found = found;
        if found.file.is_none() && self.options.plain_input && !begins_with_brace() {
            found.format = Format::Plain;
        }
        let task = Task { options: Arc::clone(&self.options), meter: Arc::clone(&self.meter), found };
        match task.found.format {
            Format::Csv => table::read(task, b','),
            Format::Tsv => table::read(task, b'\t'),
            Format::Json => json::read(task),
            Format::JsonLines => jsonl::read(task),
            Format::Html => task.alone(html::read),
            Format::Markdown => task.alone(markdown::read),
            Format::Plain => task.alone(plain::read),
        }
    }
}

impl Corpus {
    fn is_known(&self, file: &PathBuf) -> bool {
        self.known.as_ref().is_some_and(|known| known.contains(file))
    }

    /// Closes the current file.
    fn end(&mut self) -> Option<Item> {
        let (found, items) = self.current.take()?;
        drop(items);
        match found.file {
            Some(_) => self.done += found.size,
            None => self.input += self.meter.bytes(),
        }
        self.known.as_ref()?;
        Some(Item::End(self.meter.hash().and_then(|hash| Stamp::new(&found, hash, &self.options))))
    }
}

impl Iterator for Corpus {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some((_, items)) = &mut self.current {
                if let Some(item) = items.next() {
                    return Some(item);
                }
                if let Some(end) = self.end() {
                    return Some(end);
                }
            }
            if let Some(found) = self.asked.take() {
                self.current = Some((found.clone(), self.start(found)));
                continue;
            }
            match self.entries.pop_front()? {
                Entry::Skip(skip) => return Some(Item::Skip(skip)),
                Entry::Note(note) => return Some(Item::Note(note)),
                Entry::File(found) => {
                    let known = found.real.as_ref().is_some_and(|real| self.is_known(real));
                    // What cannot be hashed is read, which tells why.
                    let stamp = known.then(|| Stamp::of(&found, &self.options)).flatten();
                    self.asked = Some(found);
                    if let Some(stamp) = stamp {
                        return Some(Item::Known(stamp));
                    }
                }
            }
        }
    }
}

/// Whether standard input begins with a brace, white space aside; nothing is taken from it.
fn begins_with_brace() -> bool {
    let mut input = std::io::stdin().lock();
    let start = std::io::BufRead::fill_buf(&mut input).unwrap_or_default();
    start.trim_ascii_start().starts_with(b"{")
}

/// What bytes hold that stand in no file: one record as JSON, or one plain text. As standard input they have no path, and
/// without an id of its own the record has none that means anything.
#[must_use]
pub fn single(bytes: &[u8], is_record: bool, options: ReadOptions) -> Item {
    let format = if is_record { Format::JsonLines } else { Format::Plain };
    let task = Task { found: Found::input(format), options: Arc::new(options), meter: Arc::default() };
    if is_record { jsonl::single(bytes, &task) } else { task.drafted(plain::read(bytes, &task)) }
}

/// What a reader makes of a file.
type Items = Box<dyn Iterator<Item = Item> + Send>;

/// A file to read, and how.
struct Task {
    found: Found,
    options: Arc<ReadOptions>,
    meter: Arc<Meter>,
}

impl Task {
    /// Reads a file of one report with `reader`, which makes a draft of its bytes or tells why not.
    fn alone(self, reader: fn(&[u8], &Task) -> Result<record::Draft, String>) -> Items {
        let item = match open::whole(&self.found, &self.meter) {
            Err(skip) => Item::Skip(skip),
            Ok(bytes) => self.drafted(reader(&bytes, &self)),
        };
        Box::new(std::iter::once(item))
    }

    /// What becomes of the draft of a file of one report.
    fn drafted(&self, draft: Result<record::Draft, String>) -> Item {
        match draft {
            Err(reason) => Item::Skip(self.found.skip(None, reason)),
            Ok(mut draft) => {
                let name = self.found.id.rsplit('/').next().unwrap_or_default();
                draft.published_by_name = published::in_file_name(name);
                draft.finish(&record::Place::alone(&self.found), &self.options)
            }
        }
    }
}
