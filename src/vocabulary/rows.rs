//! The tables as a researcher edits them: rows with their line numbers. Shared with the build script.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Armed actors; has to be there.
pub(crate) const ACTORS: &str = "actors.csv";
/// Places; has to be there.
pub(crate) const PLACES: &str = "places.csv";
/// Words that announce the level of a place.
pub(crate) const LEVEL_CUES: &str = "level_cues.csv";
/// Countries with the adjectives of their people and their capitals.
pub(crate) const DEMONYMS: &str = "demonyms.csv";
/// Families of words that mean the same, or nearly.
pub(crate) const SYNONYMS: &str = "synonyms.csv";
/// Words of the names of persons.
pub(crate) const SURNAMES: &str = "surnames.txt";

/// A row with the line it starts on, from 1.
#[derive(Clone, Debug)]
pub(crate) struct Row<T> {
    /// Line of the file.
    pub(crate) line: u64,
    /// What stands there.
    pub(crate) cells: T,
}

/// A row of `actors.csv`. Cells that hold several values part them by `|` ([`list`]).
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct ActorRow {
    /// Unique key.
    pub(crate) id: String,
    /// Full name, which is an alias too.
    pub(crate) name: String,
    /// Short name, which is an alias too.
    #[serde(default)]
    pub(crate) acronym: String,
    /// First part of the facet; `generique` for words that name nobody.
    #[serde(default)]
    pub(crate) category: String,
    /// Id of the actor it belongs to.
    #[serde(default)]
    pub(crate) parent: String,
    /// Countries it is active in.
    #[serde(default)]
    pub(crate) countries: String,
    /// Other names.
    #[serde(default)]
    pub(crate) aliases: String,
    /// Those of its names that need a cue beside them.
    #[serde(default)]
    pub(crate) context_aliases: String,
    /// The cues, any of which will do.
    #[serde(default)]
    pub(crate) cues: String,
    /// Facet path; empty for what is matched only to consume its words.
    #[serde(default)]
    pub(crate) facet: String,
}

/// A row of `places.csv`.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct PlaceRow {
    /// Facet path, every parent of which is a row.
    pub(crate) path: String,
    /// Name, which is an alias too.
    #[serde(default)]
    pub(crate) name: String,
    /// `country`, `region`, `cercle_or_province`, `commune`, `locality` or `zone`.
    #[serde(default)]
    pub(crate) level: String,
    /// Degrees north.
    #[serde(default)]
    pub(crate) lat: String,
    /// Degrees east.
    #[serde(default)]
    pub(crate) lon: String,
    /// Other names.
    #[serde(default)]
    pub(crate) aliases: String,
    /// Every reason for caution, by `|`.
    #[serde(default)]
    pub(crate) ambiguity_all: String,
    /// The aliases that call for caution.
    #[serde(default)]
    pub(crate) risky_aliases: String,
    /// 1 countries, divisions and towns; 2 communes and places of the news; 3 other places.
    #[serde(default)]
    pub(crate) tier: String,
    /// The same place in the other division.
    #[serde(default)]
    pub(crate) alt_path: String,
}

/// A row of `level_cues.csv`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct CueRow {
    /// The country the row holds for; `*` for all.
    pub(crate) country: String,
    /// The level that the cues announce.
    pub(crate) level: String,
    /// The cues, by `|`.
    pub(crate) cues: String,
}

/// A row of `demonyms.csv`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct DemonymRow {
    /// Path of the country.
    pub(crate) path: String,
    /// The adjective in all its forms, by `|`.
    pub(crate) forms: String,
    /// Path of the seat of government.
    #[serde(default)]
    pub(crate) capital: String,
}

/// A row of `synonyms.csv`.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct SynonymRow {
    /// Words and expressions, by `|`. Where `to` is empty, each finds the others.
    pub(crate) words: String,
    /// What each of `words` finds, and what does not find them.
    #[serde(default)]
    pub(crate) to: String,
    /// How near they are, over 0 and up to 1.
    pub(crate) weight: String,
}

/// The tables of one vocabulary.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    /// Of `actors.csv`.
    pub(crate) actors: Vec<Row<ActorRow>>,
    /// Of `places.csv`.
    pub(crate) places: Vec<Row<PlaceRow>>,
    /// Of `level_cues.csv`.
    pub(crate) cues: Vec<Row<CueRow>>,
    /// Of `demonyms.csv`.
    pub(crate) demonyms: Vec<Row<DemonymRow>>,
    /// Of `synonyms.csv`.
    pub(crate) synonyms: Vec<Row<SynonymRow>>,
    /// Words of `surnames.txt`.
    pub(crate) surnames: Vec<Row<String>>,
}

/// Why a table cannot be read.
#[derive(Debug)]
pub(crate) struct RowError {
    /// Which file.
    pub(crate) file: PathBuf,
    /// Which line, from 1, where it is one.
    pub(crate) line: Option<u64>,
    /// What is wrong.
    pub(crate) why: String,
}

impl std::fmt::Display for RowError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file.display(), self.why),
            None => write!(f, "{}: {}", self.file.display(), self.why),
        }
    }
}

impl std::error::Error for RowError {}

/// The values of a cell that holds several.
pub(crate) fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('|').map(str::trim).filter(|value| !value.is_empty())
}

impl Rows {
    /// Reads the tables of a directory. `actors.csv` and `places.csv` have to be there; the others may be missing.
    ///
    /// # Errors
    /// If a table cannot be read, is not UTF-8, or lacks a column that it has to have.
    pub(crate) fn read(dir: &Path) -> Result<Self, RowError> {
        Ok(Self {
            actors: table(&dir.join(ACTORS))?,
            places: table(&dir.join(PLACES))?,
            cues: optional(&dir.join(LEVEL_CUES))?,
            demonyms: optional(&dir.join(DEMONYMS))?,
            synonyms: optional(&dir.join(SYNONYMS))?,
            surnames: words(&dir.join(SURNAMES))?,
        })
    }
}

/// The rows of a table that may be missing.
fn optional<T: DeserializeOwned>(path: &Path) -> Result<Vec<Row<T>>, RowError> {
    if path.exists() { table(path) } else { Ok(Vec::new()) }
}

/// The rows of a table.
pub(crate) fn table<T: DeserializeOwned>(path: &Path) -> Result<Vec<Row<T>>, RowError> {
    let failure = |line: Option<u64>, why: String| RowError { file: path.to_owned(), line, why };
    let bytes = fs::read(path).map_err(|error| failure(None, error.to_string()))?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let bad = |error: csv::Error| {
        let line = error.position().map(|position| starts_on(&bytes, position));
        let why = match error.kind() {
            csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("{len} cells, the header has {expected_len}")
            }
            csv::ErrorKind::Utf8 { .. } => "not UTF-8".to_owned(),
            _ => error.to_string(),
        };
        failure(line, why)
    };
    let header = reader.headers().map_err(bad)?.clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(bad)?;
        let line = record.position().map_or(0, |position| starts_on(&bytes, position));
        let cells = record.deserialize(Some(&header)).map_err(|error| {
            let why = match error.kind() {
                csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
                _ => error.to_string(),
            };
            failure(Some(line), why)
        })?;
        rows.push(Row { line, cells });
    }
    Ok(rows)
}

/// The line that a record starts on: the reader stands before the end of the line above, or before empty lines.
fn starts_on(bytes: &[u8], position: &csv::Position) -> u64 {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let above = bytes.iter().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n'));
    position.line() + above.map(|byte| u64::from(*byte == b'\n')).sum::<u64>()
}

/// The words of a list that may be missing; `#` starts a comment line.
pub(crate) fn words(path: &Path) -> Result<Vec<Row<String>>, RowError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(RowError { file: path.to_owned(), line: None, why: error.to_string() }),
    };
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.starts_with('#'));
    Ok(lines
        .flat_map(|(text, line)| text.split_whitespace().map(move |word| Row { line, cells: word.to_owned() }))
        .collect())
}
