//! Which files there are under the given paths, in which order, and under which names.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::format::{self, Format, Packing};
use super::{CorpusError, Note, Skip};

/// A file to read.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Where it is; nothing for standard input.
    pub(super) file: Option<PathBuf>,
    /// Its true path, without links.
    pub(super) real: Option<PathBuf>,
    /// How it is told to people.
    pub(super) path: String,
    /// What the ids of its reports start with.
    pub(super) id: String,
    /// Bytes on disk.
    pub(super) size: u64,
    pub(super) format: Format,
    pub(super) packing: Packing,
}

impl Found {
    /// Standard input.
    pub(super) fn input(format: Format) -> Self {
        let (path, id) = ("-".to_owned(), "stdin".to_owned());
        Self { file: None, real: None, path, id, size: 0, format, packing: Packing::None }
    }
}

/// What a path led to.
#[derive(Debug)]
pub(super) enum Entry {
    File(Found),
    Skip(Skip),
    Note(Note),
}

/// Every entry under `paths`, in the order of the paths and, below a folder, of the bytes of their names.
///
/// # Errors
/// A path that does not exist.
pub(super) fn walk(paths: &[PathBuf]) -> Result<Vec<Entry>, CorpusError> {
    for path in paths.iter().filter(|path| !is_stdin(path)) {
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(CorpusError::Missing { path: told(path) });
            }
            _ => {}
        }
    }
    let mut walk = Walk::default();
    for path in paths {
        if is_stdin(path) {
            walk.stdin();
        } else if path.is_dir() {
            walk.folder(path);
        } else {
            let name = path.file_name().unwrap_or(path.as_os_str());
            walk.file(path, Path::new(name));
        }
    }
    Ok(walk.entries)
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == OsStr::new("-")
}

#[derive(Default)]
struct Walk {
    entries: Vec<Entry>,
    /// The true paths of the files listed so far: a file given twice, nested or linked is read once.
    seen: HashSet<PathBuf>,
    /// Whether it was told already which formats there are: in a folder of pictures, once is enough.
    hinted: bool,
}

impl Walk {
    fn stdin(&mut self) {
        if self.seen.insert(PathBuf::from("-")) {
            self.entries.push(Entry::File(Found::input(Format::JsonLines)));
        }
    }

    fn folder(&mut self, root: &Path) {
        let walk = ignore::WalkBuilder::new(root)
            .standard_filters(false)
            .hidden(true)
            .parents(true)
            .add_custom_ignore_filename(".vigieignore")
            .follow_links(true)
            .build();
        let mut files = Vec::new();
        for entry in walk {
            match entry {
                Ok(entry) => {
                    // A `.vigieignore` that could not be read in full.
                    if let Some(error) = entry.error() {
                        self.entries.push(Entry::Note(Note::new(told(entry.path()), None, error.to_string())));
                    }
                    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
                        files.push(entry.into_path());
                    }
                }
                Err(error) => self.walk_error(root, &error),
            }
        }
        files.sort_unstable_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
        for file in files {
            let below = file.strip_prefix(root).unwrap_or(&file);
            self.file(&file, below);
        }
    }

    /// A link that leads back to a folder above it loses nothing, so it is only noted.
    fn walk_error(&mut self, root: &Path, error: &ignore::Error) {
        let (path, cause) = innermost(error);
        let path = told(path.unwrap_or(root));
        if let ignore::Error::Loop { ancestor, .. } = cause {
            let what = format!("a link back to {}, which is being read already", told(ancestor));
            self.entries.push(Entry::Note(Note::new(path, None, what)));
        } else {
            let (reason, hint) = match cause.io_error() {
                Some(error) => (cannot(error), None),
                None => (cause.to_string(), None),
            };
            self.entries.push(Entry::Skip(Skip { path, line: None, reason, hint }));
        }
    }

    fn file(&mut self, file: &Path, below: &Path) {
        let path = told(file);
        let skip = |reason: &str, hint: Option<String>| {
            Entry::Skip(Skip { path: path.clone(), line: None, reason: reason.to_owned(), hint })
        };
        let (real, metadata) = match fs::canonicalize(file).and_then(|real| Ok((real, fs::metadata(file)?))) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return self.entries.push(skip("cannot be read: the link leads nowhere", None));
            }
            Err(error) => return self.entries.push(skip(&cannot(&error), None)),
        };
        if !self.seen.insert(real.clone()) {
            return;
        }
        if !metadata.is_file() {
            return self.entries.push(skip("not a file", None));
        }
        self.entries.push(match format::of(file) {
            None => {
                let first = !std::mem::replace(&mut self.hinted, true);
                skip("unknown format", first.then(format::known))
            }
            Some((format, packing)) => {
                let id = told(below).nfc().collect();
                let (file, real) = (Some(file.to_owned()), Some(real));
                Entry::File(Found { file, real, path, id, size: metadata.len(), format, packing })
            }
        });
    }
}

/// A path for people and ids: `/` between names on every system, U+FFFD for what is not Unicode.
fn told(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { text.into_owned() } else { text.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// The reason of a failed read in one line.
pub(super) fn cannot(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "cannot be read: permission denied".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

/// The path that an error of the walk is about, and what is behind its wrappings.
fn innermost(error: &ignore::Error) -> (Option<&Path>, &ignore::Error) {
    match error {
        ignore::Error::WithPath { path, err } => {
            let (inner, cause) = innermost(err);
            (inner.or(Some(path)), cause)
        }
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => innermost(err),
        ignore::Error::Loop { child, .. } => (Some(child), error),
        _ => (None, error),
    }
}
