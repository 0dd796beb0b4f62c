//! The index: its layout, writing and committing it, opening and checking it. With `search` the only room that names
//! tantivy.

mod acronyms;
mod analyst;
mod base;
mod batch;
mod check;
mod commit;
mod directory;
mod document;
mod explained;
mod facets;
mod find;
mod frequent;
mod home;
mod identity;
mod info;
mod kept;
mod layout;
mod manifest;
mod pipeline;
mod reader;
mod record;
mod roster;
mod run;
mod selection;
mod standing;
mod stored;
mod summary;
mod target;
mod terms;
mod totals;
mod writer;

use std::io;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError};

pub use acronyms::Learned;
pub use check::{Fault, Matter, Soundness, check};
#[cfg(test)]
pub(crate) use document::content_hash;
pub(crate) use document::{compare_ids, date_numbers, day_number, facet, month_number, read_id};
pub use explained::{Evidence, Explained};
pub(crate) use facets::{Having, Node, ROOT, Rows, Tally, Tree, calendar, date_columns, date_of};
pub(crate) use find::Found;
pub(crate) use frequent::LISTED;
pub use info::{Info, VocabularyInfo};
pub(crate) use kept::Columns;
pub(crate) use layout::{Fields, column};
pub use reader::IndexReader;
#[cfg(test)]
pub(crate) use reader::OfTerms;
pub(crate) use roster::{Fit, NameMatch, Roster, key};
pub use selection::{Seen, Selection};
pub use stored::StoredReport;
pub use summary::{Coverage, OpenName, Summary};
pub(crate) use terms::{Alternative, GAP, LEAD, Named, index_terms, query_terms};
pub use writer::{IndexOptions, Progress, Stop, build};

/// Why an index cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// No index in the directory.
    #[error("{}: no index here", .0.display())]
    Missing(PathBuf),
    /// The path of an index is a file.
    #[error("{}: not a directory", .0.display())]
    NotADirectory(PathBuf),
    /// A directory with other things in it, which stay untouched.
    #[error("{}: the directory is not empty and holds no index", .0.display())]
    Foreign(PathBuf),
    /// Another process writes.
    #[error("{}: another vigie is writing this index", .0.display())]
    Locked(PathBuf),
    /// Written by another version of vigie or with other tables.
    #[error("{}: the index was written with {found}, this vigie reads {expected}", .dir.display())]
    Version {
        /// Where.
        dir: PathBuf,
        /// What wrote it.
        found: String,
        /// What this program reads.
        expected: String,
    },
    /// Reports annotated with one vocabulary were to be added to those of another.
    #[error("{}: the index has the names of vocabulary {found}, not of {given}", .dir.display())]
    Vocabulary {
        /// Where.
        dir: PathBuf,
        /// Hash of the index's own.
        found: String,
        /// Hash of the one given.
        given: String,
    },
    /// Names and dates were looked for in the reports of the index, and were not to be in others.
    #[error("{}: names and dates were looked for in the reports of this index, and would not be in others", .dir.display())]
    Annotated {
        /// Where.
        dir: PathBuf,
    },
    /// Something that only damage explains.
    #[error("{}: the index is damaged: {why}", .dir.display())]
    Damaged {
        /// Where.
        dir: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The counts of all reports could not be kept.
    #[error("the counts of facets could not be kept, and are made when they are asked for: {0}")]
    Uncounted(Box<IndexError>),
    /// More inputs were skipped than may be.
    #[error("{count} {} would be skipped, the first: {first}", if *.count == 1 { "input" } else { "inputs" })]
    Skips {
        /// How many.
        count: usize,
        /// How many may be.
        most: usize,
        /// The first, with its reason.
        first: String,
    },
    /// Records would be lost, because later ones of the run bear their ids.
    #[error("{count} {} would be lost, for a later one bears the id; the first: {first}", if *.count == 1 { "record" } else { "records" })]
    Lost {
        /// How many.
        count: u64,
        /// The id of the first, and both places.
        first: String,
    },
    /// The run was stopped from outside.
    #[error("stopped; the index is as it was")]
    Stopped,
    /// A digest that no remembered state of the index has.
    #[error("no state of the index with the digest {0} is remembered")]
    UnknownDigest(String),
    /// Reading or writing a file.
    #[error("{}: {source}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Anything that tantivy reports.
    #[error("index: {0}")]
    Tantivy(#[from] tantivy::TantivyError),
}

impl IndexError {
    fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    /// Why a generation cannot be opened: damage, unless it may not be read.
    fn opening(dir: &Path, generation: &Path, error: &TantivyError) -> Self {
        let (cause, file) = match error {
            TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) => {
                (Some(io_error), Some(filepath))
            }
            TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. }) => (Some(io_error), None),
            TantivyError::LockFailure(LockError::IoError(io_error), _) | TantivyError::IoError(io_error) => {
                (Some(io_error), None)
            }
            _ => (None, None),
        };
        match cause.filter(|cause| cause.kind() == io::ErrorKind::PermissionDenied) {
            // Tantivy names some files by their whole path, which `join` takes for itself.
            Some(cause) => {
                let path = file.map_or_else(|| generation.to_owned(), |file| generation.join(file));
                Self::Io { path, source: io::Error::new(cause.kind(), cause.to_string()) }
            }
            None => Self::Damaged { dir: dir.to_owned(), why: reader::shorten(&error.to_string()) },
        }
    }

    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Missing(_) => "make one with `vigie index FOLDER`, or name another with --index DIR",
            Self::NotADirectory(_) => "name a directory with --index DIR",
            Self::Foreign(_) => {
                "name a new or empty directory with --index DIR; vigie never writes into a folder of other things"
            }
            Self::Locked(_) => "wait until it is done",
            Self::Version { .. } | Self::Damaged { .. } => "run `vigie index --rebuild` over the same inputs",
            Self::Vocabulary { .. } => {
                "leave out --schema to go on with the names of the index, or run `vigie index --rebuild` with it"
            }
            Self::Annotated { .. } => {
                "leave out --no-annotate to go on as the index began, or run `vigie index --rebuild --no-annotate`"
            }
            Self::Skips { count, .. } => {
                return Some(format!("nothing was changed; with --max-skips {count} the rest is indexed"));
            }
            Self::Lost { .. } => {
                "nothing was changed; give each record an id of its own, or let the last one hold: leave out --strict"
            }
            Self::UnknownDigest(_) => {
                "`vigie info` tells the digest of today; with --state FILE no digest is needed, nor this index's memory"
            }
            Self::Tantivy(_) => "if the disk is sound, run `vigie index --rebuild` over the same inputs",
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "whoever uses an index needs the right to read all of its files, and who writes it to write them too"
            }
            Self::Uncounted(error) => return error.hint(),
            Self::Stopped | Self::Io { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn what_may_not_be_read_is_not_called_damaged() {
        let told = |kind: io::ErrorKind, error: fn(Arc<io::Error>) -> TantivyError| {
            IndexError::opening(Path::new("ix"), Path::new("ix/generation-1-2"), &error(Arc::new(kind.into())))
                .to_string()
        };
        let denied = io::ErrorKind::PermissionDenied;
        let file = |io_error| OpenReadError::IoError { io_error, filepath: "meta.json".into() }.into();
        assert_eq!(told(denied, file), "ix/generation-1-2/meta.json: permission denied");
        let whole =
            |io_error| OpenDirectoryError::IoError { io_error, directory_path: "ix/generation-1-2".into() }.into();
        assert_eq!(told(denied, whole), "ix/generation-1-2: permission denied");
        let lock = |io_error| TantivyError::LockFailure(LockError::IoError(io_error), None);
        assert_eq!(told(denied, lock), "ix/generation-1-2: permission denied");
        for error in [file, whole, lock] {
            assert!(told(io::ErrorKind::InvalidData, error).starts_with("ix: the index is damaged: "));
        }
    }
}
