//! From a file to its unpacked bytes, counted on the way.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Skip;
use super::format::Packing;
use super::walk::{Found, cannot};

/// The largest single report, and the largest record of a file that holds many: 256 MiB unpacked.
pub(super) const LIMIT: usize = 256 << 20;

/// Unpacked bytes.
pub(super) type Bytes = Box<dyn Read + Send>;

/// Opens a file; `read` counts the bytes that are taken from it, still packed.
pub(super) fn open(found: &Found, read: &Arc<AtomicU64>) -> Result<Bytes, Skip> {
    let bytes: Bytes = match &found.file {
        None => Box::new(io::stdin()),
        Some(file) => Box::new(File::open(file).map_err(|error| found.skip(None, cannot(&error)))?),
    };
    let counted = Counted { bytes, read: Arc::clone(read) };
    Ok(match found.packing {
        Packing::None => Box::new(counted),
        // A file may hold several members, one after the other.
        Packing::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(1 << 16, counted))),
        Packing::Zstd => Box::new(
            zstd::stream::read::Decoder::new(counted).map_err(|error| found.skip(None, reason(found, &error)))?,
        ),
    })
}

/// All bytes of a file that holds one report.
pub(super) fn whole(found: &Found, read: &Arc<AtomicU64>) -> Result<Vec<u8>, Skip> {
    all(open(found, read)?, found, LIMIT)
}

fn all(bytes: impl Read, found: &Found, limit: usize) -> Result<Vec<u8>, Skip> {
    let mut out = Vec::new();
    bytes.take(limit as u64 + 1).read_to_end(&mut out).map_err(|error| found.skip(None, reason(found, &error)))?;
    if out.len() > limit {
        return Err(found.skip(None, format!("larger than {} MiB", limit >> 20)));
    }
    if out.is_empty() {
        return Err(found.skip(None, "empty"));
    }
    Ok(out)
}

/// Why reading broke off.
pub(super) fn reason(found: &Found, error: &io::Error) -> String {
    let kind = match found.packing {
        Packing::None => return cannot(error),
        Packing::Gzip => "gzip",
        Packing::Zstd => "zstd",
    };
    match error.kind() {
        io::ErrorKind::UnexpectedEof => format!("truncated {kind} data"),
        io::ErrorKind::PermissionDenied => cannot(error),
        _ => format!("damaged {kind} data: {error}"),
    }
}

impl Found {
    /// The file, or a line of it, as left out.
    pub(super) fn skip(&self, line: Option<u64>, reason: impl Into<String>) -> Skip {
        Skip { path: self.path.clone(), line, reason: reason.into(), hint: None }
    }
}

struct Counted {
    bytes: Bytes,
    read: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::format::Format;

    #[test]
    fn the_size_of_a_report_has_a_limit() {
        let (path, id) = ("bombe.txt.gz".to_owned(), String::new());
        let found = Found { file: None, path, id, size: 0, format: Format::Plain, packing: Packing::Gzip };
        let skip = all(io::repeat(b'a'), &found, 1 << 20).unwrap_err();
        assert_eq!(skip.to_string(), "bombe.txt.gz: larger than 1 MiB");
        assert_eq!(all(&b""[..], &found, 9).unwrap_err().reason, "empty");
        assert_eq!(all(&b"abc"[..], &found, 3).unwrap(), b"abc");
    }
}
