//! Files that commands read: by path, or standard input; whole, by lines, or by the requests on them.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::Path;

use anyhow::Context;

use crate::corpus::{Line, next_line};
use crate::search::{RequestLine, RequestLines};

/// The longest line that is read where a line may be a whole answer: 256 MiB.
const LONGEST: usize = 1 << 28;

/// A file to read; `-` is standard input.
pub(super) fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead + Send>> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    Ok(Box::new(BufReader::new(File::open(path).with_context(|| name(path))?)))
}

/// A file as people know it.
pub(super) fn name(path: &Path) -> String {
    if path == Path::new("-") { "stdin".to_owned() } else { path.display().to_string() }
}

/// The whole text of a file, without a byte order mark.
pub(super) fn text(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    open(path)?.read_to_string(&mut text).with_context(|| name(path))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The requests of a file, a line each, as all commands read them.
pub(super) fn requests(
    path: &Path,
) -> anyhow::Result<impl Iterator<Item = anyhow::Result<RequestLine>> + Send + 'static> {
    let named = name(path);
    Ok(RequestLines::new(open(path)?).map(move |line| line.with_context(|| named.clone())))
}

/// Hands on each line of a file, with its number from 1.
pub(super) fn each_line(path: &Path, mut each: impl FnMut(usize, &str) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let (mut lines, mut line) = (open(path)?, Vec::new());
    for number in 1.. {
        match next_line(&mut lines, &mut line, LONGEST).with_context(|| name(path))? {
            Line::End => break,
            Line::TooLong => anyhow::bail!("{}: line {number} is longer than {} MiB", name(path), LONGEST >> 20),
            Line::Whole => {}
        }
        let wrong = || format!("{}: line {number} is not UTF-8", name(path));
        each(number, std::str::from_utf8(&line).with_context(wrong)?)?;
    }
    Ok(())
}
