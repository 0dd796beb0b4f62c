//! The files of an index: there, whole, and with the checksums that they were written with.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use tantivy::index::{SegmentComponent, SegmentId};
use tantivy::{Index, IndexMeta};

use super::super::base::Base;
use super::super::commit::Payload;
use super::super::directory::Folder;
use super::super::home::META;
use super::super::manifest::Manifest;
use super::super::reader::{FILES, VOCABULARY, shorten};
use super::super::target::settings;
use super::super::totals;
use super::{Fault, Soundness, guarded};

/// The file in which tantivy lists all others.
const MANAGED: &str = ".managed.json";
/// Files that tantivy locks.
const LOCKS: [&str; 2] = [".tantivy-meta.lock", ".tantivy-writer.lock"];

/// The files of one generation, as its commit tells them.
pub(super) struct Files {
    generation: PathBuf,
    index: Index,
    meta: IndexMeta,
}

impl Files {
    pub(super) fn of(generation: &Path) -> Result<Self, String> {
        let failure = |error: tantivy::TantivyError| shorten(&error.to_string());
        let index = Folder::open(generation).map_err(Into::into).and_then(Index::open).map_err(failure)?;
        let meta = index.load_metas().map_err(failure)?;
        Ok(Self { generation: generation.to_owned(), index, meta })
    }

    /// A file of the generation, below the directory of the index.
    pub(super) fn name(&self, file: &str) -> String {
        let generation = self.generation.file_name().unwrap_or_default().to_string_lossy();
        format!("{generation}/{file}")
    }

    /// Checks every file, and gives the segments of which all files are sound.
    pub(super) fn check(&self, found: &mut Soundness) -> HashSet<SegmentId> {
        let mut wanted: Vec<(SegmentId, PathBuf)> = Vec::new();
        for segment in &self.meta.segments {
            wanted.extend(FILES.iter().map(|kind| (segment.id(), segment.relative_path(kind.clone()))));
            if segment.has_deletes() {
                wanted.push((segment.id(), segment.relative_path(SegmentComponent::Delete)));
            }
        }
        let read: Vec<Result<u64, Fault>> = wanted.par_iter().map(|(_, path)| self.check_file(path)).collect();
        let mut sound: HashSet<SegmentId> = self.meta.segments.iter().map(tantivy::SegmentMeta::id).collect();
        for ((segment, _), read) in wanted.iter().zip(read) {
            match read {
                Ok(bytes) => {
                    found.files += 1;
                    found.bytes += bytes;
                }
                Err(fault) => {
                    found.add([fault]);
                    sound.remove(segment);
                }
            }
        }
        self.versions(found, &sound);
        let manifest = self.manifest(found);
        let managed = self.index.directory().list_managed_files();
        let listed = wanted.iter().map(|(_, path)| path.as_path()).chain([Path::new(META)]);
        for path in listed.filter(|path| !managed.contains(*path)) {
            let what = format!("{} is not in it, and would be left behind", path.display());
            found.add([Fault::file(Some(self.name(MANAGED)), what)]);
        }
        if !self.meta_is_whole() {
            found.add([Fault::file(Some(self.name(META)), "it holds what vigie does not write: it was changed")]);
        }
        if *self.index.settings() != settings() {
            found.add([Fault::file(Some(self.name(META)), "its settings are not those that vigie writes with")]);
        }
        let counts = self.counts(found);
        self.stray(found, &wanted, &[manifest, counts]);
        sound
    }

    /// Whether all that the file of the commit holds is understood: what is not is passed over when it is read.
    fn meta_is_whole(&self) -> bool {
        let file = fs::read(self.generation.join(META)).ok();
        let file = file.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        let known = serde_json::to_value(&self.meta).ok();
        file.zip(known).is_some_and(|(file, known)| holds(&known, &file))
    }

    /// Compares a file with its checksum; gives its bytes.
    fn check_file(&self, path: &Path) -> Result<u64, Fault> {
        let fault = |what: String| Fault::file(Some(self.name(&path.to_string_lossy())), what);
        let bytes = match fs::metadata(self.generation.join(path)) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(fault("is not there".to_owned())),
            Err(error) => return Err(fault(error.to_string())),
        };
        let checked = guarded(|| {
            let checked = self.index.directory().validate_checksum(path);
            checked.map_err(|error| format!("cannot be read: {}", shorten(&error.to_string())))
        });
        match checked {
            Ok(true) => Ok(bytes),
            Ok(false) => Err(fault("its checksum is another: it was changed or cut".to_owned())),
            Err(why) => Err(fault(why)),
        }
    }

    /// Compares the versions that the files of a segment were written by, of which no checksum knows: they are the same,
    /// but that deletes are written later.
    fn versions(&self, found: &mut Soundness, sound: &HashSet<SegmentId>) {
        let ours = serde_json::to_value(tantivy::version()).and_then(serde_json::from_value::<Version>).ok();
        for segment in self.meta.segments.iter().filter(|segment| sound.contains(&segment.id())) {
            let read = |kind: &SegmentComponent| {
                let path = segment.relative_path(kind.clone());
                (version(&self.generation.join(&path)).ok(), path)
            };
            let versions: Vec<(Option<Version>, PathBuf)> = FILES.iter().map(read).collect();
            let times = |wanted: &Option<Version>| versions.iter().filter(|(version, _)| version == wanted).count();
            let Some(usual) = versions.iter().map(|(version, _)| version).max_by_key(|version| times(version)) else {
                continue;
            };
            let mut odd: Vec<&PathBuf> =
                versions.iter().filter(|(version, _)| version != usual).map(|(_, path)| path).collect();
            let deletes = segment.has_deletes().then(|| read(&SegmentComponent::Delete));
            if let Some((version, path)) = &deletes {
                let format = |version: &Option<Version>| version.as_ref().map(|version| version.format);
                let between = usual <= version && (version <= &ours || version == usual);
                if !between || format(version) != format(usual) {
                    odd.push(path);
                }
            }
            let fault = |path: &&PathBuf| {
                let what = "names another version than the other files of its segment: it was changed";
                Fault::file(Some(self.name(&path.to_string_lossy())), what)
            };
            found.add(odd.iter().map(fault));
        }
    }

    /// What the commit says of itself.
    fn payload(&self) -> Option<Payload> {
        self.meta.payload.as_deref().and_then(|payload| serde_json::from_str(payload).ok())
    }

    /// Checks the list of the files that were read, which bears the hash of its bytes in its name; gives its name.
    fn manifest(&self, found: &mut Soundness) -> Option<String> {
        let name = self.payload()?.manifest?;
        match Manifest::read(&self.generation, &name, &Base::default()) {
            Ok(_) => {
                found.files += 1;
                found.bytes += fs::metadata(self.generation.join(&name)).map_or(0, |metadata| metadata.len());
            }
            Err(error) => found.add([Fault::file(Some(self.name(&name)), shorten(&error.to_string()))]),
        }
        Some(name)
    }

    /// Checks the counts of all reports, which bear the hash of their bytes in their name too; gives it.
    fn counts(&self, found: &mut Soundness) -> Option<String> {
        let name = self.payload()?.counts?;
        match fs::read(self.generation.join(&name)) {
            Ok(bytes) if totals::is_written(&name, &bytes) => {
                found.files += 1;
                found.bytes += bytes.len() as u64;
            }
            Ok(_) => found.add([Fault::file(Some(self.name(&name)), "it is not what was written")]),
            Err(error) => found.add([Fault::file(Some(self.name(&name)), error.to_string())]),
        }
        Some(name)
    }

    /// Tells of files that belong to no commit.
    fn stray(&self, found: &mut Soundness, wanted: &[(SegmentId, PathBuf)], others: &[Option<String>]) {
        let known: BTreeSet<String> = wanted.iter().map(|(_, path)| path.to_string_lossy().into_owned()).collect();
        let ours = |name: &str| [META, MANAGED, VOCABULARY].contains(&name) || LOCKS.contains(&name);
        let entries = fs::read_dir(&self.generation).into_iter().flatten().flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        found.stray = names
            .filter(|name| !ours(name) && !known.contains(name) && !others.iter().flatten().any(|other| other == name))
            .map(|name| self.name(&name))
            .collect();
        found.stray.sort_unstable();
    }
}

/// Whether a value is another one, or that with more keys.
fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, part)| whole.get(key).is_some_and(|whole| holds(whole, part)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(whole, part)| holds(whole, part))
        }
        _ => whole == part,
    }
}

/// The version of tantivy that wrote a file.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Version {
    major: u32,
    minor: u32,
    patch: u32,
    #[serde(rename = "index_format_version")]
    format: u32,
}

/// What stands below the content of a file: as JSON, its length and a number behind it.
#[derive(Deserialize)]
struct Footer {
    version: Version,
}

/// Bytes of the length of a footer, and of the number behind it.
const TAIL: i64 = 8;

/// The version that a file names.
fn version(path: &Path) -> io::Result<Version> {
    let mut file = fs::File::open(path)?;
    file.seek(SeekFrom::End(-TAIL))?;
    let mut len = [0; 4];
    file.read_exact(&mut len)?;
    let len = u32::from_le_bytes(len);
    file.seek(SeekFrom::End(-TAIL - i64::from(len)))?;
    let mut footer = Vec::new();
    file.take(u64::from(len)).read_to_end(&mut footer)?;
    Ok(serde_json::from_slice::<Footer>(&footer)?.version)
}
