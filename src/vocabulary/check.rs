//! What is wrong with the tables of a vocabulary: every finding with the file and the line to mend.

mod actors;
mod places;
mod synonyms;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use unicode_normalization::is_nfc;

use super::VocabularyError;
use super::compile::{LEVELS, compile};
use super::key::keys;
use super::rows::{ACTORS, DEMONYMS, LEVEL_CUES, PLACES, Row, RowError, Rows, SURNAMES, SYNONYMS, list, table, words};
use super::synonyms::stem;

/// The columns that each table may have; the first are those that it has to have.
const COLUMNS: [(&str, usize, &[&str]); 5] = [
    (
        ACTORS,
        2,
        &[
            "id",
            "name",
            "acronym",
            "category",
            "parent",
            "countries",
            "active_from",
            "active_to",
            "aliases",
            "context_free",
            "context_aliases",
            "cues",
            "facet",
            "notes",
            "source",
        ],
    ),
    (
        PLACES,
        3,
        &[
            "path",
            "name",
            "level",
            "iso_or_pcode",
            "lat",
            "lon",
            "aliases",
            "population",
            "source",
            "ambiguity",
            "ambiguity_all",
            "homonyms",
            "risky_aliases",
            "tier",
            "alt_path",
            "note",
        ],
    ),
    (LEVEL_CUES, 3, &["country", "level", "cues"]),
    (DEMONYMS, 2, &["path", "forms", "capital"]),
    (SYNONYMS, 2, &["words", "weight", "to", "note"]),
];

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The vocabulary would not say what its tables mean.
    Error,
    /// Allowed, and worth a look.
    Warning,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file, below the folder that was given.
    pub file: String,
    /// The line, from 1, on which the row starts; none where it is the whole file.
    pub line: Option<u64>,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong.
    pub what: String,
    /// Why it matters, or what would be right.
    pub why: String,
}

/// All that was found, in the order of files and lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Each thing that is wrong.
    pub findings: Vec<Finding>,
    /// Rows of `actors.csv` that could be read.
    pub actors: usize,
    /// Rows of `places.csv` that could be read.
    pub places: usize,
}

impl Findings {
    /// How many findings weigh this much.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }
}

/// Checks the tables of a folder.
///
/// # Errors
/// If there is no such folder. A table that cannot be read is a finding.
pub fn check(dir: &Path) -> Result<Findings, VocabularyError> {
    fs::read_dir(dir).map_err(|error| VocabularyError::Table(format!("{}: {error}", dir.display())))?;
    let mut sink = Sink::default();
    for (file, needed, columns) in COLUMNS {
        header(&mut sink, dir, file, needed, columns);
    }
    for file in [ACTORS, PLACES, LEVEL_CUES, DEMONYMS, SYNONYMS, SURNAMES] {
        normal_form(&mut sink, dir, file);
    }
    let rows = read(&mut sink, dir);
    let paths: HashSet<&str> = rows.places.iter().map(|row| row.cells.path.as_str()).collect();
    actors::check(&mut sink, &rows, &paths);
    places::check(&mut sink, &rows, &paths);
    demonyms(&mut sink, &rows, &paths);
    level_cues(&mut sink, &rows, &paths);
    synonyms::check(&mut sink, &rows);
    let mut found = Findings { findings: sink.0, actors: rows.actors.len(), places: rows.places.len() };
    if found.count(Severity::Error) == 0
        && let Err(why) = compile(&rows, &stem)
    {
        found.findings.push(Finding {
            file: PLACES.to_owned(),
            line: None,
            severity: Severity::Error,
            what: "the tables cannot be compiled".to_owned(),
            why,
        });
    }
    found.findings.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    Ok(found)
}

/// Whether there is a place of this path, as far as the places could be read.
fn knows(paths: &HashSet<&str>, path: &str) -> bool {
    paths.is_empty() || paths.contains(path)
}

/// Takes findings.
#[derive(Debug, Default)]
struct Sink(Vec<Finding>);

impl Sink {
    fn error(&mut self, file: &str, line: u64, what: impl Into<String>, why: impl Into<String>) {
        self.add(file, Some(line), Severity::Error, what.into(), why.into());
    }

    fn warning(&mut self, file: &str, line: u64, what: impl Into<String>, why: impl Into<String>) {
        self.add(file, Some(line), Severity::Warning, what.into(), why.into());
    }

    fn add(&mut self, file: &str, line: Option<u64>, severity: Severity, what: String, why: String) {
        self.0.push(Finding { file: file.to_owned(), line, severity, what, why });
    }
}

/// Checks the first line of a table, if there is one.
fn header(sink: &mut Sink, dir: &Path, file: &str, needed: usize, columns: &[&str]) {
    let Ok(mut reader) = csv::Reader::from_path(dir.join(file)) else { return };
    let Ok(header) = reader.headers() else { return };
    let found: Vec<&str> = header.iter().collect();
    for column in &columns[..needed] {
        if !found.contains(column) {
            sink.error(file, 1, format!("no column “{column}”"), format!("the columns are {}", columns.join(", ")));
        }
    }
    for (n, column) in found.iter().enumerate() {
        if found[..n].contains(column) {
            sink.error(file, 1, format!("two columns “{column}”"), "only one of them could be read");
        } else if !columns.contains(column) {
            let near = columns.iter().find(|known| strsim::normalized_damerau_levenshtein(known, column) > 0.7);
            let missing = near.filter(|near| !found.contains(near));
            match missing {
                Some(near) => sink.error(file, 1, format!("unknown column “{column}”"), format!("“{near}” is meant?")),
                None => sink.warning(file, 1, format!("unknown column “{column}”"), "vigie does not read it"),
            }
        }
    }
}

/// Checks that every line is in the form that all texts are brought into before they are matched.
fn normal_form(sink: &mut Sink, dir: &Path, file: &str) {
    let Ok(text) = fs::read_to_string(dir.join(file)) else { return };
    for (line, number) in text.lines().zip(1..) {
        if !is_nfc(line) {
            sink.error(file, number, "letters and accents stand apart", "write it in Unicode normal form NFC");
        }
    }
}

/// Reads each table as far as it can be read.
fn read(sink: &mut Sink, dir: &Path) -> Rows {
    Rows {
        actors: readable(sink, ACTORS, table(&dir.join(ACTORS))),
        places: readable(sink, PLACES, table(&dir.join(PLACES))),
        cues: optional(sink, dir, LEVEL_CUES),
        demonyms: optional(sink, dir, DEMONYMS),
        synonyms: optional(sink, dir, SYNONYMS),
        surnames: readable(sink, SURNAMES, words(&dir.join(SURNAMES))),
    }
}

fn optional<T: DeserializeOwned>(sink: &mut Sink, dir: &Path, file: &str) -> Vec<Row<T>> {
    let path = dir.join(file);
    if path.exists() { readable(sink, file, table(&path)) } else { Vec::new() }
}

fn readable<T>(sink: &mut Sink, file: &str, rows: Result<Vec<Row<T>>, RowError>) -> Vec<Row<T>> {
    rows.unwrap_or_else(|RowError { line, why, .. }| {
        let rest = "nothing of this file was checked further".to_owned();
        sink.add(file, line, Severity::Error, format!("cannot be read: {why}"), rest);
        Vec::new()
    })
}

fn demonyms(sink: &mut Sink, rows: &Rows, paths: &HashSet<&str>) {
    let mut seen = HashMap::new();
    for Row { line, cells: row } in &rows.demonyms {
        for (column, path) in [("path", &row.path), ("capital", &row.capital)] {
            if !knows(paths, path) && (column == "path" || !path.is_empty()) {
                sink.error(DEMONYMS, *line, format!("unknown {column} “{path}”"), format!("{PLACES} has no such path"));
            }
        }
        twice(sink, DEMONYMS, &mut seen, &row.path, *line, "path");
        if list(&row.forms).next().is_none() {
            sink.error(DEMONYMS, *line, "no forms", "a country has at least one adjective here");
        }
    }
}

fn level_cues(sink: &mut Sink, rows: &Rows, paths: &HashSet<&str>) {
    for Row { line, cells: row } in &rows.cues {
        if row.country != "*" && !knows(paths, &row.country) {
            let what = format!("unknown country “{}”", row.country);
            sink.error(LEVEL_CUES, *line, what, format!("* stands for all; {PLACES} has no such path"));
        }
        level(sink, LEVEL_CUES, *line, &row.level);
        if list(&row.cues).next().is_none() {
            sink.error(LEVEL_CUES, *line, "no cues", "a row without any says nothing");
        }
    }
}

fn level(sink: &mut Sink, file: &str, line: u64, level: &str) {
    if !LEVELS.contains(&level) {
        sink.error(file, line, format!("unknown level “{level}”"), format!("the levels are {}", LEVELS.join(", ")));
    }
}

/// Tells of a value that has to be unique and was there before.
fn twice<'r>(sink: &mut Sink, file: &str, seen: &mut HashMap<&'r str, u64>, value: &'r str, line: u64, column: &str) {
    if let Some(first) = seen.insert(value, line) {
        sink.error(file, line, format!("the {column} “{value}” again"), format!("line {first} has it"));
        seen.insert(value, first);
    }
}

/// Tells of the gaps and repetitions of a cell that holds several values.
fn values(sink: &mut Sink, file: &str, line: u64, column: &str, cell: &str) {
    let mut seen = HashSet::new();
    for value in cell.split('|').map(str::trim) {
        if value.is_empty() && !cell.is_empty() {
            sink.error(file, line, format!("an empty value in {column}"), "something is missing beside a |");
        } else if !seen.insert(value) {
            sink.warning(file, line, format!("“{value}” twice in {column}"), "once is enough");
        }
    }
}

/// A row that a name stands for.
#[derive(Debug)]
struct Claim<'r, T> {
    row: &'r Row<T>,
    name: &'r str,
}

/// What each look-up key stands for: one claim a row, in the order of the rows.
fn claims<'r, T>(names: impl Iterator<Item = Claim<'r, T>>) -> Vec<(String, Vec<Claim<'r, T>>)> {
    let mut by_key: HashMap<String, Vec<Claim<'r, T>>> = HashMap::new();
    for Claim { row, name } in names {
        for key in keys(name) {
            let claims = by_key.entry(key).or_default();
            if claims.last().is_none_or(|last| last.row.line != row.line) {
                claims.push(Claim { row, name });
            }
        }
    }
    let mut shared: Vec<_> = by_key.into_iter().filter(|(_, claims)| claims.len() > 1).collect();
    shared.sort_by(|(a, _), (b, _)| a.cmp(b));
    shared
}
