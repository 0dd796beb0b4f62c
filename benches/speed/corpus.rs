//! The corpora of a size, made once and kept under `target/bench`: the dispatches, and the same with the facets that
//! vigie finds in them, which stock tantivy is given, and which vigie reads as any record that has its own.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use vigie::annotate::{Annotator, Knowledge};
use vigie::corpus::{Corpus, Item, ReadOptions};
use vigie::report::Report;
use vigie::vocabulary::Vocabulary;

use crate::support::{Generator, SEED};

/// Reports whose bytes tell whether the generator is still the one that made a corpus.
const SAMPLE: u64 = 1000;

/// A report with what is known of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Given {
    /// As in the dispatch, and so on.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) source: String,
    pub(crate) url: String,
    pub(crate) published: String,
    /// Facets, as paths.
    pub(crate) groups: Vec<String>,
    pub(crate) regions: Vec<String>,
    pub(crate) date_facets: Vec<String>,
    /// The same dates as vigie reads them.
    pub(crate) dates: Vec<String>,
    /// The first days of what is reported, counted from the Common Era.
    pub(crate) days: Vec<i64>,
}

/// A corpus on disk with the places of its indexes.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    dir: PathBuf,
    /// How many reports it has.
    pub(crate) reports: u64,
    /// Bytes of the titles and texts.
    pub(crate) text_bytes: u64,
}

impl Files {
    /// The corpus of so many reports, made if it is not there.
    pub(crate) fn of(reports: u64) -> Self {
        let generator = Generator::new(SEED);
        let mut hasher = blake3::Hasher::new();
        for line in generator.lines(SAMPLE.min(reports)) {
            hasher.update(line.as_bytes());
        }
        let print = hasher.finalize().to_hex();
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a directory in target");
        let dir = target.join("bench").join(format!("{reports}-{SEED}-{}", &print[..8]));
        let mut files = Self { dir, reports, text_bytes: 0 };
        let size = files.dir.join("bytes-of-text");
        if !size.exists() {
            fs::create_dir_all(&files.dir).expect("a place under target");
            let mut out = BufWriter::new(File::create(files.dispatches()).expect("a file under target"));
            for line in generator.lines(reports) {
                out.write_all(line.as_bytes()).expect("space on the disk");
            }
            out.flush().expect("space on the disk");
            // Last of all: it says that the others are whole.
            let bytes = files.give();
            fs::write(&size, bytes.to_string()).expect("space on the disk");
        }
        files.text_bytes = fs::read_to_string(size).expect("a file").parse().expect("a number");
        files
    }

    /// The dispatches, as vigie reads them.
    pub(crate) fn dispatches(&self) -> PathBuf {
        self.dir.join("dispatches.jsonl")
    }

    /// The same with their facets.
    pub(crate) fn given(&self) -> PathBuf {
        self.dir.join("given.jsonl")
    }

    /// A place for an index or the like.
    pub(crate) fn place(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// An empty place for an index or the like.
    pub(crate) fn fresh(&self, name: &str) -> PathBuf {
        let place = self.place(name);
        if place.exists() {
            fs::remove_dir_all(&place).expect("a directory of our own");
        }
        place
    }

    /// The dispatches for vigie to index.
    pub(crate) fn corpus(&self) -> Corpus {
        Corpus::open(&[self.dispatches()], ReadOptions::default()).expect("a corpus of our own")
    }

    fn read(&self) -> impl Iterator<Item = Report> {
        self.corpus().filter_map(|item| if let Item::Report(report, _) = item { Some(*report) } else { None })
    }

    /// Writes the reports with the facets that vigie finds; tells the bytes of their titles and texts.
    fn give(&self) -> usize {
        let mut annotator = Annotator::new(Arc::new(Knowledge::new(Arc::clone(Vocabulary::builtin()))));
        let mut out = BufWriter::new(File::create(self.given()).expect("a file under target"));
        let mut bytes = 0;
        for report in self.read() {
            let annotated = annotator.annotate(&report);
            let days = annotated.days();
            let given = Given {
                id: report.id.clone(),
                title: report.title.clone().unwrap_or_default(),
                text: report.text.clone(),
                source: report.source.clone().unwrap_or_default(),
                url: report.url.clone().unwrap_or_default(),
                published: report.published.map(|day| day.to_string()).unwrap_or_default(),
                groups: annotated.group_facets().iter().map(ToString::to_string).collect(),
                regions: annotated.region_facets().iter().map(ToString::to_string).collect(),
                date_facets: days.iter().filter_map(|span| Some(span.facet()?.to_string())).collect(),
                dates: days.iter().map(ToString::to_string).collect(),
                days: days.iter().map(|span| day_number(span.from)).collect(),
            };
            bytes += given.title.len() + given.text.len();
            serde_json::to_writer(&mut out, &given).expect("space on the disk");
            out.write_all(b"\n").expect("space on the disk");
        }
        out.flush().expect("space on the disk");
        bytes
    }
}

/// Days counted from the Common Era.
pub(crate) fn day_number(day: chrono::NaiveDate) -> i64 {
    i64::from(chrono::Datelike::num_days_from_ce(&day))
}

/// The reports of a file of [`Files::given`].
pub(crate) fn read_given(path: &Path) -> impl Iterator<Item = Given> + use<> {
    let lines = BufReader::new(File::open(path).expect("a corpus of our own")).lines();
    lines.map(|line| serde_json::from_str(&line.expect("a readable file")).expect("a record of our own"))
}

/// Bytes of the files of a directory and of those below it.
pub(crate) fn size(dir: &Path) -> u64 {
    let entries = fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok);
    let bytes = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    };
    entries.map(bytes).sum()
}
