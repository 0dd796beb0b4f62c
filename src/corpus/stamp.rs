//! By what a file is known again: its bytes, and everything else that its reports depend on.

use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use serde::{Deserialize, Serialize};

use super::ReadOptions;
use super::walk::Found;

/// Bytes that are hashed at one time.
const PIECE: usize = 1 << 18;
/// Hash of the sources of the readers and of all that they call (`build.rs`): where any of it is another, files are read
/// again, for it may make something else of the same bytes.
const READERS: &str = include_str!(concat!(env!("OUT_DIR"), "/readers.fingerprint"));

/// The bytes of a file, where it is, and how it was read. Files of the same stamp give the same items.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The file, absolute and without links.
    pub file: PathBuf,
    /// The file as [`Report::path`](crate::report::Report::path) has it.
    pub path: String,
    /// What the ids of its reports begin with, where they give none.
    pub id: String,
    /// BLAKE3 of its bytes, packed as they are, in hex.
    pub bytes: String,
    /// Hash of the readers and of the options that they know.
    pub reading: String,
}

impl Stamp {
    /// The stamp of a file of which the bytes are hashed; nothing for standard input, and for a path that is no Unicode.
    pub(super) fn new(found: &Found, bytes: blake3::Hash, options: &ReadOptions) -> Option<Self> {
        let file = found.real.clone().filter(|file| file.to_str().is_some())?;
        let bytes = bytes.to_hex().to_string();
        Some(Self { file, path: found.path.clone(), id: found.id.clone(), bytes, reading: reading(options) })
    }

    /// Hashes the bytes of a file; nothing if they cannot be read, or reading is to stop.
    pub(super) fn of(found: &Found, options: &ReadOptions) -> Option<Self> {
        let mut hasher = blake3::Hasher::new();
        let mut file = std::fs::File::open(found.file.as_ref()?).ok()?;
        let mut piece = vec![0; PIECE];
        loop {
            // A long file would keep whoever wants the run to end waiting.
            if options.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed)) {
                return None;
            }
            match file.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => drop(hasher.update(&piece[..read])),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
        Self::new(found, hasher.finalize(), options)
    }
}

/// The first half of the hash of all that decides what readers make of bytes.
fn reading(options: &ReadOptions) -> String {
    let ReadOptions { encoding, columns, published, plain_input, stop: _ } = options;
    let encoding = encoding.map(encoding_rs::Encoding::name);
    let all = format!("{:?}", (READERS, encoding, columns, published, plain_input));
    blake3::hash(all.as_bytes()).to_hex().chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn all_that_readers_call_is_in_their_hash() {
        let build = include_str!("../../build.rs");
        let hashed = |room: &str| {
            let at = format!("\"src/{room}.rs\",");
            build.contains(&at)
                && (!Path::new(&format!("src/{room}")).exists() || build.contains(&format!("\"src/{room}\",")))
        };
        let mut folders = vec![PathBuf::from("src/corpus"), PathBuf::from("src/french")];
        let mut files =
            vec![PathBuf::from("src/corpus.rs"), PathBuf::from("src/french.rs"), PathBuf::from("src/date.rs")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            for used in text.split(concat!("crate", "::")).skip(1) {
                let room = used.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
                assert!(hashed(room), "{} calls {room}, which build.rs does not hash for the readers", file.display());
            }
        }
    }

    #[test]
    fn every_option_that_readers_know_tells_stamps_apart() {
        let day = chrono::NaiveDate::from_ymd_opt(2025, 1, 9);
        let columns = vec![("text".to_owned(), "contenu".to_owned())];
        let options = [
            ReadOptions::default(),
            ReadOptions { encoding: Some(encoding_rs::WINDOWS_1252), ..ReadOptions::default() },
            ReadOptions { columns, ..ReadOptions::default() },
            ReadOptions { published: day, ..ReadOptions::default() },
            ReadOptions { plain_input: true, ..ReadOptions::default() },
        ];
        let stamps: std::collections::BTreeSet<String> = options.iter().map(reading).collect();
        assert_eq!(stamps.len(), options.len());
    }
}
