//! The directory of a generation as tantivy sees it: its own, but for who may read what is written, and for reading
//! where nothing may be written.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    Directory, DirectoryLock, FileHandle, Lock, META_LOCK, MmapDirectory, WatchCallback, WatchHandle, WritePtr,
};

/// A directory of tantivy in a folder.
#[derive(Clone, Debug)]
pub(super) struct Folder<D = MmapDirectory> {
    root: PathBuf,
    inner: D,
}

impl Folder {
    /// The directory of a generation.
    ///
    /// # Errors
    /// If there is none, or if it cannot be looked at.
    pub(super) fn open(generation: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self { root: generation.to_owned(), inner: MmapDirectory::open(generation)? })
    }
}

impl<D: Directory + Clone> Directory for Folder<D> {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.inner.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    /// Tantivy makes temporary files of these, which only their owner may read: whoever may read the other files could
    /// not read the index. One writer at a time holds the index, so that the name of the draft is its own.
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let path = self.root.join(path);
        let mut draft = path.clone().into_os_string();
        draft.push(".new");
        let write = || {
            let mut file = File::create(&draft)?;
            file.write_all(data)?;
            file.sync_all()?;
            fs::rename(&draft, &path)
        };
        write().inspect_err(|_| drop(fs::remove_file(&draft)))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    /// While a reader opens a commit, the lock keeps a writer from removing files of it. Where nothing may be written,
    /// it cannot be taken, and is not needed: a generation that was swapped out or a commit that was left behind while
    /// it was being opened is opened anew (`IndexReader::open`), and what is open stays so when its files are removed.
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.inner.acquire_lock(lock) {
            Err(LockError::IoError(error)) if lock.filepath == META_LOCK.filepath && is_forbidden(&error) => {
                Ok(DirectoryLock::from(Box::new(())))
            }
            taken => taken,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

/// Whether an error says that writing is not allowed here.
fn is_forbidden(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

#[cfg(test)]
mod tests {
    use tantivy::directory::{INDEX_WRITER_LOCK, RamDirectory};
    use tantivy::schema::Schema;
    use tantivy::{Index, ReloadPolicy};

    use super::*;

    /// A directory in which no lock can be taken.
    #[derive(Clone, Debug)]
    struct Unlockable(RamDirectory, io::ErrorKind);

    impl Directory for Unlockable {
        fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
            self.0.get_file_handle(path)
        }
        fn delete(&self, path: &Path) -> Result<(), DeleteError> {
            self.0.delete(path)
        }
        fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
            self.0.exists(path)
        }
        fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
            self.0.open_write(path)
        }
        fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
            self.0.atomic_read(path)
        }
        fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
            self.0.atomic_write(path, data)
        }
        fn sync_directory(&self) -> io::Result<()> {
            self.0.sync_directory()
        }
        fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
            Err(LockError::IoError(Arc::new(self.1.into())))
        }
        fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
            self.0.watch(callback)
        }
    }

    #[test]
    fn readers_go_without_a_lock_that_may_not_be_written_and_writers_do_not() {
        let ram = RamDirectory::create();
        Index::create(ram.clone(), Schema::builder().build(), tantivy::IndexSettings::default()).unwrap();
        let opens = |kind| {
            let folder = Folder { root: PathBuf::new(), inner: Unlockable(ram.clone(), kind) };
            assert!(folder.acquire_lock(&INDEX_WRITER_LOCK).is_err());
            let index = Index::open(folder).unwrap();
            assert!(index.writer_with_num_threads::<tantivy::TantivyDocument>(1, 15_000_000).is_err());
            let reader: tantivy::Result<tantivy::IndexReader> =
                index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
            reader.is_ok()
        };
        assert!(opens(io::ErrorKind::PermissionDenied) && opens(io::ErrorKind::ReadOnlyFilesystem));
        assert!(!opens(io::ErrorKind::Other));
    }

    #[test]
    #[cfg(unix)]
    fn what_is_written_at_once_may_be_read_by_who_may_read_the_rest() {
        use std::os::unix::fs::PermissionsExt;

        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        fs::write(dir.path().join("other"), "").unwrap();
        for text in ["un", "deux"] {
            folder.atomic_write(Path::new("meta.json"), text.as_bytes()).unwrap();
            assert_eq!(folder.atomic_read(Path::new("meta.json")).unwrap(), text.as_bytes());
        }
        let mode = |name: &str| fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode("meta.json"), mode("other"));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
        // What cannot be put in its place leaves nothing behind.
        fs::create_dir(dir.path().join("folder")).unwrap();
        assert!(folder.atomic_write(Path::new("folder"), b"un").is_err());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
    }
}
