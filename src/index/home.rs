//! The directory of an index: its generations, the pointer to the current one, and the lock.
//!
//! ```text
//! vigie-index/
//!   current                     the name of the generation to read, replaced by one rename
//!   vigie.lock                  held while something writes
//!   generation-1763706…-4242/   a whole tantivy index, with its manifest, its counts and its vocabulary
//!   .gitignore .vigieignore     so that neither takes the index for content
//! ```
//! A generation is named by the pointer only once it is committed, so a directory that holds an index always holds a
//! complete one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::IndexError;

/// The file of a generation in which tantivy tells of its commit.
pub(super) const META: &str = "meta.json";
const CURRENT: &str = "current";
const DRAFT: &str = "current.new";
const LOCK: &str = "vigie.lock";
const GENERATION: &str = "generation-";
const IGNORES: [&str; 2] = [".gitignore", ".vigieignore"];

/// The directory of an index.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    dir: PathBuf,
}

/// What tells one state of an index from another.
pub(crate) type Stamp = (Option<String>, Option<Vec<u8>>);

/// Held while an index is written; the system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "held, never read")] File);

impl Home {
    pub(crate) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    /// The name of the current generation, if there is an index.
    ///
    /// # Errors
    /// If the pointer is there and cannot be read.
    pub(crate) fn pointer(&self) -> Result<Option<String>, IndexError> {
        match fs::read_to_string(self.dir.join(CURRENT)) {
            Ok(name) => Ok(Some(name.trim().to_owned())),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(Some(String::new())),
            Err(error) => Err(IndexError::io(&self.dir, error)),
        }
    }

    /// The current generation, if there is an index.
    ///
    /// # Errors
    /// If the pointer cannot be read, or names what is not there.
    pub(crate) fn current(&self) -> Result<Option<PathBuf>, IndexError> {
        let Some(name) = self.pointer()? else { return Ok(None) };
        let generation = self.dir.join(&name);
        let is_named = is_generation(&generation) && !name.contains(['/', '\\']);
        let is_there = match fs::metadata(&generation) {
            Ok(metadata) => metadata.is_dir(),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(IndexError::io(&generation, error));
            }
            Err(_) => false,
        };
        if !is_named || !is_there {
            return Err(IndexError::Damaged {
                dir: self.dir.clone(),
                why: format!("its pointer names the generation “{}”, which is not there", name.escape_debug()),
            });
        }
        Ok(Some(generation))
    }

    /// What tells one state of the index from another: the pointer, and the commit of its generation. As long as it is
    /// the same, no file of that commit is removed.
    pub(crate) fn stamp(&self) -> Stamp {
        let pointer = self.pointer().ok().flatten();
        let meta = pointer.as_ref().and_then(|name| fs::read(self.dir.join(name).join(META)).ok());
        (pointer, meta)
    }

    /// Takes the lock, making the directory where it is missing.
    ///
    /// # Errors
    /// If somebody else writes, if the directory holds other things, or if it cannot be made.
    pub(crate) fn lock(&self) -> Result<Lock, IndexError> {
        let io = |error| IndexError::io(&self.dir, error);
        if self.dir.exists() && !self.dir.is_dir() {
            return Err(IndexError::NotADirectory(self.dir.clone()));
        }
        let ours = [CURRENT, LOCK].iter().any(|name| self.dir.join(name).exists());
        if self.dir.is_dir() && !ours && fs::read_dir(&self.dir).map_err(io)?.next().is_some() {
            return Err(IndexError::Foreign(self.dir.clone()));
        }
        fs::create_dir_all(&self.dir).map_err(io)?;
        for name in IGNORES.iter().filter(|name| !self.dir.join(name).exists()) {
            fs::write(self.dir.join(name), "*\n").map_err(io)?;
        }
        let file = File::options().create(true).append(true).open(self.dir.join(LOCK)).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(fs::TryLockError::WouldBlock) => Err(IndexError::Locked(self.dir.clone())),
            Err(fs::TryLockError::Error(error)) => Err(io(error)),
        }
    }

    /// Removes the directory again where nothing came of it.
    pub(crate) fn leave(&self) {
        if !self.dir.join(CURRENT).exists() {
            for name in IGNORES.iter().chain(&[LOCK]) {
                let _ = fs::remove_file(self.dir.join(name));
            }
            // Whatever else is in it keeps it.
            let _ = fs::remove_dir(&self.dir);
        }
    }

    /// Makes the directory of a new generation, beside the current one.
    ///
    /// # Errors
    /// If it cannot be made.
    pub(crate) fn new_generation(&self) -> Result<PathBuf, IndexError> {
        let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
        let generation = self.dir.join(format!("{GENERATION}{time}-{}", std::process::id()));
        fs::create_dir_all(&generation).map_err(|error| IndexError::io(&generation, error))?;
        Ok(generation)
    }

    /// Makes a committed generation the current one, and removes the others.
    ///
    /// # Errors
    /// If the pointer cannot be replaced; the old generation is then still the current one.
    pub(crate) fn swap(&self, generation: &Path) -> Result<(), IndexError> {
        let io = |error| IndexError::io(&self.dir, error);
        let name = generation.file_name().unwrap_or_default().to_string_lossy();
        // Nobody else writes it: the lock is held.
        let draft = self.dir.join(DRAFT);
        let mut pointer = File::create(&draft).map_err(io)?;
        writeln!(pointer, "{name}").map_err(io)?;
        pointer.sync_all().map_err(io)?;
        sync_dir(generation).map_err(io)?;
        fs::rename(&draft, self.dir.join(CURRENT)).map_err(io)?;
        sync_dir(&self.dir).map_err(io)?;
        self.remove_others(Some(generation));
        Ok(())
    }

    /// Removes generations that no pointer names: what a swap or an interrupted rebuild left. One that cannot be removed
    /// (a reader on Windows) stays until later.
    pub(crate) fn remove_others(&self, current: Option<&Path>) {
        for path in fs::read_dir(&self.dir).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() && Some(path.as_path()) != current && is_generation(&path) {
                let _ = fs::remove_dir_all(&path);
            }
        }
    }
}

/// Whether a directory has the name of a generation: nothing else is ever removed.
fn is_generation(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let numbers = name.strip_prefix(GENERATION).and_then(|rest| rest.split_once('-'));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    numbers.is_some_and(|(time, process)| is_number(time) && is_number(process))
}

/// Makes renames in a directory last through a loss of power.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}
