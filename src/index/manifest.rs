//! Which files an index was made of, and what came of each, so that one whose bytes are the same is not read again.
//!
//! The manifest is a file of the generation, named by the hash of its bytes and by the payload of the commit, so that
//! both are there or neither. It only spares work: without it every file is read.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize, Serializer};

use super::base::Base;
use crate::corpus::{Note, Stamp};

/// How the names of manifests begin.
const NAME: &str = "manifest-";
/// How hard to compress: a manifest is mostly ids and hashes.
const LEVEL: i32 = 1;

/// What came of a file of which nothing was skipped.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Source {
    pub(super) stamp: Stamp,
    /// What was to be told of it.
    #[serde(default)]
    pub(super) notes: Vec<Note>,
    /// Its reports, in order.
    pub(super) reports: Vec<Recorded>,
}

/// The same as it is written: a file may hold all reports there are.
#[derive(Serialize)]
struct SourceRef<'s> {
    stamp: Stamp,
    #[serde(skip_serializing_if = "<[Note]>::is_empty")]
    notes: &'s [Note],
    reports: &'s [Recorded],
}

/// A report as the index took it in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Row")]
pub(super) struct Recorded {
    pub(super) id: String,
    /// Of its content.
    pub(super) hash: u64,
    /// Of its origin.
    pub(super) origin: u64,
    pub(super) lang: String,
    /// Bytes of its text.
    pub(super) bytes: u64,
    /// Whether it was read with a date.
    pub(super) dated: bool,
}

/// A report as it is written: shorter without the names.
type Row = (String, u64, u64, String, u64, bool);

impl From<Row> for Recorded {
    fn from((id, hash, origin, lang, bytes, dated): Row) -> Self {
        Self { id, hash, origin, lang, bytes, dated }
    }
}

impl Serialize for Recorded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.id, self.hash, self.origin, &self.lang, self.bytes, self.dated).serialize(serializer)
    }
}

/// What came of every file, by its true path.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    sources: FxHashMap<PathBuf, Source>,
}

impl Manifest {
    /// Reads the manifest of a name from the directory of a generation of an index.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub(super) fn read(generation: &Path, name: &str, base: &Base) -> io::Result<Self> {
        let bytes = fs::read(generation.join(name))?;
        if name != name_of(&bytes) {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is not what was written"));
        }
        let mut sources = FxHashMap::default();
        for line in BufReader::new(zstd::stream::read::Decoder::new(bytes.as_slice())?).lines() {
            let mut source: Source = serde_json::from_str(&line?)?;
            source.stamp.file = base.find(&source.stamp.file);
            sources.insert(source.stamp.file.clone(), source);
        }
        Ok(Self { sources })
    }

    /// The name that it has when it is written.
    pub(super) fn name(&self, base: &Base) -> Option<String> {
        self.pack(base).ok().map(|bytes| name_of(&bytes))
    }

    /// The bytes of its file: the same for the same files.
    fn pack(&self, base: &Base) -> io::Result<Vec<u8>> {
        let mut sources: Vec<&Source> = self.sources.values().collect();
        sources.sort_unstable_by(|a, b| a.stamp.file.cmp(&b.stamp.file));
        let mut packed = zstd::stream::write::Encoder::new(Vec::new(), LEVEL)?;
        for source in sources {
            let stamp = Stamp { file: base.name(&source.stamp.file), ..source.stamp.clone() };
            let written = SourceRef { stamp, notes: &source.notes, reports: &source.reports };
            serde_json::to_writer(&mut packed, &written)?;
            packed.write_all(b"\n")?;
        }
        packed.finish()
    }

    /// Writes it to the directory of a generation, for good; tells its name.
    ///
    /// # Errors
    /// The system's own.
    pub(super) fn write(&self, generation: &Path, base: &Base) -> io::Result<String> {
        let bytes = self.pack(base)?;
        let name = name_of(&bytes);
        let mut file = File::create(generation.join(&name))?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        Ok(name)
    }

    /// Removes all manifests of a generation but the one that is named by its commit.
    pub(super) fn remove_others(generation: &Path, kept: Option<&str>) {
        for entry in fs::read_dir(generation).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| name.starts_with(NAME) && Some(name) != kept) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// The true paths of all files.
    pub(super) fn files(&self) -> HashSet<PathBuf> {
        self.sources.keys().cloned().collect()
    }

    /// What came of the file of a stamp, if it was read in the same way and has the same bytes.
    pub(super) fn get(&self, stamp: &Stamp) -> Option<&Source> {
        self.sources.get(&stamp.file).filter(|source| source.stamp == *stamp)
    }

    /// Puts in what came of a file, in the place of what came of it before. Tells whether that is anything new.
    pub(super) fn insert(&mut self, source: Source) -> bool {
        let same = self.sources.get(&source.stamp.file) == Some(&source);
        if !same {
            self.sources.insert(source.stamp.file.clone(), source);
        }
        !same
    }

    /// Forgets a file, by its true path.
    pub(super) fn remove(&mut self, file: &Path) {
        self.sources.remove(file);
    }

    /// Forgets all files but some.
    pub(super) fn retain(&mut self, mut keeps: impl FnMut(&Source) -> bool) {
        self.sources.retain(|_, source| keeps(source));
    }
}

fn name_of(bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    format!("{NAME}{}", hash.get(..32).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(file: &str) -> Source {
        let text = |text: &str| text.to_owned();
        let stamp = Stamp { file: file.into(), path: text("a"), id: text("a"), bytes: text("00"), reading: text("11") };
        let report = Recorded { id: text("a"), hash: u64::MAX, origin: 7, lang: text("fr"), bytes: 9, dated: true };
        let notes = vec![Note { path: text("a"), line: Some(3), what: text("quoi") }];
        Source { stamp, notes, reports: vec![report] }
    }

    #[test]
    fn what_is_written_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let base = Base::of(dir.path());
        let mut manifest = Manifest::default();
        assert!(manifest.insert(source("/b")) && manifest.insert(source("/a")) && !manifest.insert(source("/a")));
        let name = manifest.write(dir.path(), &base).unwrap();
        let found = Manifest::read(dir.path(), &name, &base).unwrap();
        assert_eq!(found.sources, manifest.sources);
        assert_eq!(found.get(&source("/a").stamp), Some(&source("/a")));
        assert_eq!(found.get(&Stamp { bytes: "01".to_owned(), ..source("/a").stamp }), None);
        // The same files make the same name, and other bytes are not taken for it.
        assert_eq!(found.write(dir.path(), &base).unwrap(), name);
        fs::write(dir.path().join(&name), b"autre chose").unwrap();
        assert!(Manifest::read(dir.path(), &name, &base).is_err());
        Manifest::remove_others(dir.path(), None);
        assert!(
            Manifest::read(dir.path(), &name, &base).is_err() && fs::read_dir(dir.path()).unwrap().next().is_none()
        );
    }
}
