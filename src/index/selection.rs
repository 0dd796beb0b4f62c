//! Some reports of an open index: those that were added or changed since a state of it, or since they were seen.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use tantivy::DocId;
use tantivy::index::SegmentId;

use super::IndexError;
use super::document::read_id;
use super::home::sync_dir;
use super::layout::column;
use super::reader::IndexReader;

/// Hex digits of a digest that have to be given at least.
const LEAST_DIGITS: usize = 8;

/// A set of reports of an open index.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Documents of each segment, in order.
    docs: FxHashMap<SegmentId, Vec<DocId>>,
}

impl Selection {
    /// How many reports there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.docs.values().map(Vec::len).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.docs.is_empty()
    }

    /// The documents of a segment, in order.
    pub(crate) fn of(&self, segment: SegmentId) -> &[DocId] {
        self.docs.get(&segment).map_or(&[], Vec::as_slice)
    }
}

impl IndexReader {
    /// The reports that were added or changed since the index had a digest, which is given whole or by its first eight
    /// hex digits or more.
    ///
    /// # Errors
    /// If the index remembers no such state, or cannot be read.
    pub fn changed_since(&self, digest: &str) -> Result<Selection, IndexError> {
        let history = &self.payload().history;
        let given = digest.to_ascii_lowercase();
        let found = history.iter().rev().find(|commit| commit.digest.starts_with(&given));
        let since = found.filter(|_| given.len() >= LEAST_DIGITS);
        let since = since.ok_or_else(|| IndexError::UnknownDigest(digest.to_owned()))?.number;
        let mut selection = Selection::default();
        for segment in self.searcher().segment_readers() {
            let commits = segment.fast_fields().u64(column::COMMIT)?;
            let docs = segment.doc_ids_alive().filter(|&doc| commits.first(doc).is_some_and(|number| number > since));
            selection.add(segment.segment_id(), docs.collect());
        }
        Ok(selection)
    }

    /// The reports that were not seen, or not with their content of now.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn unseen(&self, seen: &Seen) -> Result<Selection, IndexError> {
        let mut selection = Selection::default();
        for segment in self.searcher().segment_readers() {
            let columns = segment.fast_fields();
            let (ids, hashes) = (columns.u64(column::ID)?, columns.u64(column::HASH)?);
            let is_new = |&doc: &DocId| seen.reports.get(&read_id(&ids, doc)).copied() != hashes.first(doc);
            selection.add(segment.segment_id(), segment.doc_ids_alive().filter(is_new).collect());
        }
        Ok(selection)
    }
}

impl Selection {
    fn add(&mut self, segment: SegmentId, docs: Vec<DocId>) {
        if !docs.is_empty() {
            self.docs.insert(segment, docs);
        }
    }
}

/// The reports that were seen, by id, with the content that they had last. A report that is gone stays among them, so
/// that it is not new when it comes back as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    reports: FxHashMap<String, u64>,
}

/// The first line of a file of seen reports.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    /// Version of the form of the file.
    vigie_seen: u32,
    /// How many reports follow, a line each: `["id","hash"]`.
    reports: usize,
}

/// Version of the form of a file of seen reports.
const SEEN_VERSION: u32 = 1;

impl Seen {
    /// How many reports there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.reports.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reports.is_empty()
    }

    /// Takes in all reports of an index.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn take(&mut self, reader: &IndexReader) -> Result<(), IndexError> {
        self.reports.extend(reader.known()?.into_iter().map(|(id, known)| (id, known.hash)));
        Ok(())
    }

    /// Reads a file of seen reports; nothing if there is none, or an empty one.
    ///
    /// # Errors
    /// The system's own, and `InvalidData` for a file that is anything else.
    pub fn read(path: &Path) -> io::Result<Option<Self>> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // As `mktemp` makes it. One that was written is never empty: it has its head.
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, "not a file that `vigie watch --state` wrote");
        let mut lines = text.lines();
        let head: Head = serde_json::from_str(lines.next().unwrap_or_default()).map_err(|_| wrong())?;
        let mut reports = FxHashMap::default();
        for line in lines {
            let (id, hash): (String, String) = serde_json::from_str(line).map_err(|_| wrong())?;
            reports.insert(id, u64::from_str_radix(&hash, 16).map_err(|_| wrong())?);
        }
        if head.vigie_seen != SEEN_VERSION || head.reports != reports.len() {
            return Err(wrong());
        }
        Ok(Some(Self { reports }))
    }

    /// Writes the file, beside the old one and then in its place; a symbolic link stays, and what it leads to is written.
    ///
    /// # Errors
    /// The system's own; the old file is then as it was.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let path = match fs::read_link(path) {
            // What a link leads to need not be there yet.
            Ok(target) => {
                let target = path.parent().unwrap_or(Path::new("")).join(target);
                fs::canonicalize(&target).unwrap_or(target)
            }
            Err(_) => path.to_owned(),
        };
        let mut draft = path.as_os_str().to_owned();
        draft.push(format!(".new-{}", std::process::id()));
        let write = || {
            let mut out = io::BufWriter::new(fs::File::create(&draft)?);
            serde_json::to_writer(&mut out, &Head { vigie_seen: SEEN_VERSION, reports: self.reports.len() })?;
            let mut reports: Vec<(&String, &u64)> = self.reports.iter().collect();
            reports.sort_unstable();
            for (id, hash) in reports {
                out.write_all(b"\n")?;
                serde_json::to_writer(&mut out, &(id, format!("{hash:016x}")))?;
            }
            out.write_all(b"\n")?;
            out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
            fs::rename(&draft, &path)?;
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            sync_dir(folder.unwrap_or(Path::new(".")))
        };
        write().inspect_err(|_| drop(fs::remove_file(&draft)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_read_as_it_was_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vu");
        assert_eq!(Seen::read(&path).unwrap(), None);
        fs::write(&path, "").unwrap();
        assert_eq!(Seen::read(&path).unwrap(), None);
        let reports = [("a/é.txt".to_owned(), 1), ("b\n\"c".to_owned(), u64::MAX)].into_iter().collect();
        let seen = Seen { reports };
        seen.write(&path).unwrap();
        assert_eq!(Seen::read(&path).unwrap(), Some(seen.clone()));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        #[cfg(unix)]
        for (link, target) in [("lien", "vu"), ("vide", "pas-encore")] {
            let (link, target) = (dir.path().join(link), dir.path().join(target));
            std::os::unix::fs::symlink(target.file_name().unwrap(), &link).unwrap();
            seen.write(&link).unwrap();
            assert!(link.is_symlink() && !target.is_symlink());
            assert_eq!(Seen::read(&target).unwrap(), Some(seen.clone()));
        }
        // What is cut off, or is another file, is not taken for it.
        let text = fs::read_to_string(&path).unwrap();
        let cut = text.lines().take(2).collect::<Vec<_>>().join("\n");
        for wrong in ["\n", "{}", "nimporte quoi", "{\"vigie_seen\":2,\"reports\":0}", &cut] {
            fs::write(&path, wrong).unwrap();
            assert_eq!(Seen::read(&path).unwrap_err().kind(), io::ErrorKind::InvalidData, "{wrong}");
        }
    }
}
