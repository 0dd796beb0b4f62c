//! Text of any size as UTF-8 in constant memory, and its lines.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, WINDOWS_1252};

use super::encoding::{guess, unreadable};
use super::open::Bytes;

/// Bytes that decide on the encoding.
const SAMPLE: u64 = 64 << 10;

/// A file being read, as UTF-8.
pub(super) struct Stream {
    pub(super) reader: Box<dyn BufRead + Send>,
    /// What is to be told about the encoding.
    pub(super) note: Option<String>,
    /// Whether a line that is not UTF-8 may be Windows-1252.
    pub(super) fallback: bool,
    /// Whether there is nothing at all.
    pub(super) empty: bool,
}

/// Starts to read; an error of the bytes comes after all that stood before it.
///
/// # Errors
/// Why the bytes are no text.
pub(super) fn stream(mut bytes: Bytes, forced: Option<&'static Encoding>) -> Result<Stream, String> {
    let mut head = Vec::new();
    let error = bytes.by_ref().take(SAMPLE).read_to_end(&mut head).err();
    let guess = guess(&head, head.len() as u64 == SAMPLE, forced, None)?;
    let zeros = guess.encoding == UTF_8 && head.contains(&0);
    let note = match () {
        () if guess.guessed => Some(format!("read as {}, by the look of its first bytes", guess.encoding.name())),
        () if zeros => Some("zero bytes dropped".to_owned()),
        () => None,
    };
    let empty = head.is_empty() && error.is_none();
    let mut head = Cursor::new(head);
    head.set_position(guess.bom as u64);
    let source = Resumed { head, error, rest: bytes };
    let reader: Box<dyn BufRead + Send> = match () {
        () if zeros => Box::new(BufReader::with_capacity(1 << 16, WithoutZeros(source))),
        () if guess.encoding == UTF_8 => Box::new(BufReader::with_capacity(1 << 16, source)),
        () => Box::new(BufReader::with_capacity(1 << 16, Transcoder::new(source, guess.encoding))),
    };
    Ok(Stream { reader, note, fallback: forced.is_none(), empty })
}

/// The sample, then the error that ended it if one did, then the rest.
struct Resumed {
    head: Cursor<Vec<u8>>,
    error: Option<io::Error>,
    rest: Bytes,
}

impl Read for Resumed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.head.read(buffer)? {
            0 => match self.error.take() {
                Some(error) => Err(error),
                None => self.rest.read(buffer),
            },
            count => Ok(count),
        }
    }
}

/// Drops the zero bytes of a text, which would break the record that they stand in.
struct WithoutZeros<R>(R);

impl<R: Read> Read for WithoutZeros<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.0.read(buffer)?;
            let mut kept = 0;
            for at in 0..count {
                if buffer[at] != 0 {
                    buffer[kept] = buffer[at];
                    kept += 1;
                }
            }
            if kept > 0 || count == 0 {
                return Ok(kept);
            }
        }
    }
}

/// Makes UTF-8 of another encoding, a buffer at a time.
struct Transcoder<R> {
    source: R,
    decoder: Decoder,
    input: Vec<u8>,
    /// The part of `input` that is not decoded yet.
    pending: std::ops::Range<usize>,
    output: Cursor<Vec<u8>>,
    ended: bool,
    flushed: bool,
}

impl<R: Read> Transcoder<R> {
    fn new(source: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        let (input, output) = (vec![0; 1 << 14], Cursor::default());
        Self { source, decoder, input, pending: 0..0, output, ended: false, flushed: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        if self.pending.is_empty() && !self.ended {
            let count = self.source.read(&mut self.input)?;
            self.pending = 0..count;
            self.ended = count == 0;
        }
        let mut output = std::mem::take(self.output.get_mut());
        output.resize(1 << 16, 0);
        let source = self.input.get(self.pending.clone()).unwrap_or_default();
        let (result, read, written, _) = self.decoder.decode_to_utf8(source, &mut output, self.ended);
        self.pending.start += read;
        self.flushed = self.ended && result == CoderResult::InputEmpty;
        output.truncate(written);
        self.output = Cursor::new(output);
        Ok(())
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.output.read(buffer)? {
                0 if self.flushed || buffer.is_empty() => return Ok(0),
                0 => self.refill()?,
                count => return Ok(count),
            }
        }
    }
}

/// What a line turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Whole,
    /// Longer than the limit; it was passed over.
    TooLong,
    End,
}

/// Reads the next line into `line`, without its end. A line over `limit` bytes is passed over, not kept.
pub(crate) fn next_line(reader: &mut dyn BufRead, line: &mut Vec<u8>, limit: usize) -> io::Result<Line> {
    line.clear();
    let mut length = 0;
    loop {
        let buffer = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            buffer => buffer?,
        };
        if buffer.is_empty() {
            let end = if length == 0 { Line::End } else { Line::Whole };
            return Ok(if length > limit { Line::TooLong } else { end });
        }
        let (part, used) = match memchr(buffer) {
            Some(at) => (buffer.get(..at).unwrap_or_default(), at + 1),
            None => (buffer, buffer.len()),
        };
        let ended = used > part.len();
        length += part.len();
        if length <= limit {
            line.extend_from_slice(part);
        } else if !line.is_empty() {
            *line = Vec::new();
        }
        reader.consume(used);
        if ended {
            return Ok(if length > limit { Line::TooLong } else { Line::Whole });
        }
    }
}

fn memchr(buffer: &[u8]) -> Option<usize> {
    buffer.iter().position(|&b| b == b'\n')
}

/// A line or field as text, and what is to be told about it.
pub(super) fn text(bytes: &[u8], fallback: bool) -> (Cow<'_, str>, Option<String>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), text.contains('\u{FFFD}').then(|| unreadable(text, UTF_8)).flatten()),
        Err(_) if fallback => {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            (text, Some("not UTF-8; read as windows-1252".to_owned()))
        }
        Err(_) => {
            let text = String::from_utf8_lossy(bytes);
            let note = unreadable(&text, UTF_8);
            (text, note)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: Vec<u8>, limit: usize) -> Vec<(Line, String)> {
        let mut stream = stream(Box::new(Cursor::new(bytes)), None).unwrap();
        let mut line = Vec::new();
        let mut out = Vec::new();
        loop {
            match next_line(&mut stream.reader, &mut line, limit).unwrap() {
                Line::End => return out,
                kind => out.push((kind, text(&line, true).0.into_owned())),
            }
        }
    }

    #[test]
    fn every_encoding_gives_the_same_lines() {
        let text = "première ligne à Ménaka\ndeuxième : l'été\n".repeat(9_000);
        let want = lines(text.clone().into_bytes(), 99);
        assert_eq!(want.len(), 18_000);
        let utf16: Vec<u8> = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert!(lines(utf16, 99) == want);
        assert!(lines(WINDOWS_1252.encode(&text).0.into_owned(), 99) == want);
    }

    #[test]
    fn zero_bytes_are_dropped() {
        let text = format!("{}\n\0\n{{\"a\0\"}}\n", "a".repeat(200));
        let told = stream(Box::new(Cursor::new(text.clone().into_bytes())), None).unwrap().note;
        assert_eq!(told.as_deref(), Some("zero bytes dropped"));
        let lines = lines(text.into_bytes(), 999);
        assert_eq!(lines[1..].iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>(), ["", "{\"a\"}"]);
    }

    #[test]
    fn a_late_line_in_latin_1_is_read_alone() {
        let mut bytes = "a\n".repeat(40_000).into_bytes();
        bytes.extend_from_slice(b"\xe9t\xe9\n\xc3\xa9");
        let lines = lines(bytes, 99);
        assert_eq!((lines[40_000].1.as_str(), lines[40_001].1.as_str()), ("été", "é"));
    }

    #[test]
    fn a_line_over_the_limit_is_passed_over() {
        let lines = lines(b"ab\nabcdef\n\ncd".to_vec(), 3);
        let want = [(Line::Whole, "ab"), (Line::TooLong, ""), (Line::Whole, ""), (Line::Whole, "cd")];
        assert!(lines.iter().map(|(kind, text)| (*kind, text.as_str())).eq(want));
    }
}
