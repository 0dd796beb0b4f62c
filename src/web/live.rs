//! The open index, which is exchanged for the next one as soon as that is committed.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use crate::index::{IndexError, IndexReader};

/// An index that is always the one of the last commit. Whoever got it keeps what it got; no lock is held meanwhile,
/// neither here nor against who writes the index.
pub(super) struct Live {
    dir: PathBuf,
    reader: RwLock<Arc<IndexReader>>,
}

impl Live {
    /// Opens the index of a directory.
    ///
    /// # Errors
    /// As [`IndexReader::open`].
    pub(super) fn open(dir: PathBuf) -> Result<Self, IndexError> {
        let reader = RwLock::new(Arc::new(read(&dir)?));
        Ok(Self { dir, reader })
    }

    /// The index of the last commit; that of the one before where the last cannot be opened, and why.
    pub(super) fn current(&self) -> (Arc<IndexReader>, Option<IndexError>) {
        let open = Arc::clone(&self.reader.read().unwrap_or_else(PoisonError::into_inner));
        if open.is_current() {
            return (open, None);
        }
        match read(&self.dir) {
            Ok(reader) => {
                let reader = Arc::new(reader);
                *self.reader.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&reader);
                (reader, None)
            }
            Err(error) => (open, Some(error)),
        }
    }
}

/// Opens an index with all that it would read later by its name, which may be gone by then.
fn read(dir: &std::path::Path) -> Result<IndexReader, IndexError> {
    let reader = IndexReader::open(dir)?;
    reader.vocabulary()?;
    Ok(reader)
}
