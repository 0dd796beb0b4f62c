//! From a file to its unpacked bytes, counted and hashed on the way.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Skip;
use super::format::Packing;
use super::walk::{Found, cannot};

/// The largest single report, and the largest record of a file that holds many: 256 MiB unpacked.
pub(super) const LIMIT: usize = 256 << 20;

/// Unpacked bytes.
pub(super) type Bytes = Box<dyn Read + Send>;

/// Waiting for standard input looks this often whether it is to end.
const PATIENCE: Duration = Duration::from_millis(50);
/// Bytes of standard input that are handed on at a time, where it can be stopped.
const PIECE: usize = 1 << 16;

/// What is taken from a file, still packed.
#[derive(Default)]
pub(super) struct Meter {
    bytes: AtomicU64,
    /// Where bytes are hashed: their hash, and whether the end of the file was met.
    hash: Option<Mutex<(blake3::Hasher, bool)>>,
    stop: Option<Arc<AtomicBool>>,
}

impl Meter {
    pub(super) fn new(hashes: bool, stop: Option<Arc<AtomicBool>>) -> Self {
        let hash = hashes.then(|| Mutex::new((blake3::Hasher::new(), false)));
        Self { bytes: AtomicU64::new(0), hash, stop }
    }

    /// Bytes taken so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// The hash of the bytes, if they were read to the end.
    pub(super) fn hash(&self) -> Option<blake3::Hash> {
        let state = self.hash.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        state.1.then(|| state.0.finalize())
    }

    fn take(&self, bytes: &[u8], wanted: usize) {
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        if let Some(hash) = &self.hash {
            let mut state = hash.lock().unwrap_or_else(PoisonError::into_inner);
            state.0.update(bytes);
            state.1 |= bytes.is_empty() && wanted > 0;
        }
    }
}

/// Opens a file; what is taken from it goes through the meter.
pub(super) fn open(found: &Found, meter: &Arc<Meter>) -> Result<Bytes, Skip> {
    let bytes: Bytes = match (&found.file, &meter.stop) {
        (None, None) => Box::new(io::stdin()),
        (None, Some(stop)) => Box::new(Stoppable::new(io::stdin(), Arc::clone(stop))),
        (Some(file), _) => Box::new(File::open(file).map_err(|error| found.skip(None, cannot(&error)))?),
    };
    let counted = Counted { bytes, meter: Arc::clone(meter) };
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
pub(super) fn whole(found: &Found, meter: &Arc<Meter>) -> Result<Vec<u8>, Skip> {
    all(open(found, meter)?, found, LIMIT)
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
    meter: Arc<Meter>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.bytes.read(buffer)?;
        self.meter.take(buffer.get(..count).unwrap_or_default(), buffer.len());
        Ok(count)
    }
}

/// Bytes that are waited for no longer than is wanted. A thread of its own waits for them.
struct Stoppable {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
    stop: Arc<AtomicBool>,
}

impl Stoppable {
    fn new(mut bytes: impl Read + Send + 'static, stop: Arc<AtomicBool>) -> Self {
        let (sender, pieces) = sync_channel(1);
        std::thread::spawn(move || {
            loop {
                let mut piece = vec![0; PIECE];
                let read = bytes.read(&mut piece);
                if read.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::Interrupted) {
                    continue;
                }
                let last = !matches!(read, Ok(1..));
                let read = read.map(|count| {
                    piece.truncate(count);
                    piece
                });
                if sender.send(read).is_err() || last {
                    break;
                }
            }
        });
        Self { pieces, piece: io::Cursor::default(), stop }
    }
}

impl Read for Stoppable {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(io::Error::other("stopped"));
            }
            match self.piece.read(buffer)? {
                0 if buffer.is_empty() => return Ok(0),
                0 => match self.pieces.recv_timeout(PATIENCE) {
                    Ok(piece) => self.piece = io::Cursor::new(piece?),
                    Err(RecvTimeoutError::Timeout) => continue,
                    // The end was handed on before.
                    Err(RecvTimeoutError::Disconnected) => return Ok(0),
                },
                count => return Ok(count),
            }
            if self.piece.get_ref().is_empty() {
                return Ok(0);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::format::Format;

    #[test]
    fn the_size_of_a_report_has_a_limit() {
        let (path, id) = ("bombe.txt.gz".to_owned(), String::new());
        let (format, packing) = (Format::Plain, Packing::Gzip);
        let found = Found { file: None, real: None, path, id, size: 0, format, packing };
        let skip = all(io::repeat(b'a'), &found, 1 << 20).unwrap_err();
        assert_eq!(skip.to_string(), "bombe.txt.gz: larger than 1 MiB");
        assert_eq!(all(&b""[..], &found, 9).unwrap_err().reason, "empty");
        assert_eq!(all(&b"abc"[..], &found, 3).unwrap(), b"abc");
    }

    #[test]
    fn what_is_waited_for_can_be_stopped() {
        let (reader, mut writer) = io::pipe().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let mut bytes = Stoppable::new(reader, Arc::clone(&stop));
        io::Write::write_all(&mut writer, b"abc").unwrap();
        let mut buffer = [0; 8];
        assert_eq!(bytes.read(&mut buffer).unwrap(), 3);
        let waiting = std::thread::spawn(move || bytes.read(&mut buffer).unwrap_err().to_string());
        stop.store(true, Ordering::Relaxed);
        assert_eq!(waiting.join().unwrap(), "stopped");
        let mut whole = Vec::new();
        Stoppable::new(&b"abc"[..], Arc::default()).read_to_end(&mut whole).unwrap();
        assert_eq!(whole, b"abc");
    }

    #[test]
    fn bytes_have_a_hash_once_all_are_read() {
        let meter = Arc::new(Meter::new(true, None));
        let mut counted = Counted { bytes: Box::new(&b"abcdef"[..]), meter: Arc::clone(&meter) };
        counted.read_exact(&mut [0; 6]).unwrap();
        assert_eq!((meter.bytes(), meter.hash()), (6, None));
        assert_eq!(counted.read(&mut [0; 1]).unwrap(), 0);
        assert_eq!(meter.hash(), Some(blake3::hash(b"abcdef")));
    }
}
