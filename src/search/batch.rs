//! Batches: lines of requests in, answers in the same order out, in memory that does not grow with their number.

mod jobs;

use std::io::{self, BufRead};

use super::{Request, RequestError, SearchError, Searcher};
use crate::corpus::{Line, next_line};
use crate::hit::Answer;
use crate::index::IndexReader;

/// The longest line that is read: 1 MiB. A longer one is passed over and answered by an error.
const LONGEST: usize = 1 << 20;
/// Hits of answers that wait for an earlier one, from which on no answer but that is begun.
const MOST_WAITING: usize = 10_000;

/// A line of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLine {
    /// From 1, counting empty lines.
    number: usize,
    /// Without its end; nothing where it is too long.
    bytes: Option<Vec<u8>>,
}

impl RequestLine {
    /// Its number, from 1, counting empty lines.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

    /// The request on it, with the keys of `template` that it does not give; what can be read of one that is none, its id
    /// above all, and what is wrong.
    #[must_use]
    pub fn request(&self, template: &Request) -> (Request, Option<RequestError>) {
        if let Some(bytes) = &self.bytes {
            return template.with_line(bytes, self.number);
        }
        let why = format!("longer than {} MiB", LONGEST >> 20);
        let request = Request { id: Some(self.number.to_string()), query: String::new(), ..template.clone() };
        (request, Some(RequestError::Line { line: self.number, why, hint: None }))
    }
}

/// The lines of a batch, but for those without anything on them.
pub struct RequestLines<R> {
    reader: R,
    number: usize,
}

impl<R: BufRead> RequestLines<R> {
    /// Reads lines that end with `\n`, the last one maybe without.
    pub fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }
}

impl<R: BufRead> Iterator for RequestLines<R> {
    type Item = io::Result<RequestLine>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut bytes = Vec::new();
            self.number += 1;
            let bytes = match next_line(&mut self.reader, &mut bytes, LONGEST) {
                Err(error) => return Some(Err(error)),
                Ok(Line::End) => return None,
                Ok(Line::TooLong) => None,
                Ok(Line::Whole) if is_blank(&bytes) => continue,
                Ok(Line::Whole) => Some(bytes),
            };
            return Some(Ok(RequestLine { number: self.number, bytes }));
        }
    }
}

/// Whether a line holds nothing, or a byte order mark alone.
fn is_blank(line: &[u8]) -> bool {
    line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line).trim_ascii().is_empty()
}

/// A request as it was read, and what came of it.
type Outcome = (Request, Result<Answer, SearchError>);

/// Answers the requests of some lines, each with the keys of `template` that it does not give, and hands on each request
/// with its answer or error, in the order of the lines. With one job no thread is started.
///
/// # Errors
/// What `lines` and `each` fail with, which ends it at once.
///
/// # Panics
/// If a search does, in whatever thread.
pub fn batch<E: Send + 'static>(
    index: &IndexReader,
    template: &Request,
    lines: impl Iterator<Item = Result<RequestLine, E>> + Send + 'static,
    jobs: usize,
    mut each: impl FnMut(&Request, Result<Answer, SearchError>) -> Result<(), E>,
) -> Result<(), E> {
    if jobs <= 1 {
        let mut searcher = Searcher::new(index);
        for line in lines {
            let (request, outcome) = ask(&mut searcher, template, &line?);
            each(&request, outcome)?;
        }
        return Ok(());
    }
    let start = || {
        let mut searcher = Searcher::new(index);
        move |line: RequestLine| ask(&mut searcher, template, &line)
    };
    let weigh = |(_, outcome): &Outcome| outcome.as_ref().map_or(0, |answer| answer.hits.len());
    jobs::in_order(lines, jobs, start, (weigh, MOST_WAITING), |(request, outcome)| each(&request, outcome))
}

/// Answers the request of a line.
fn ask(searcher: &mut Searcher<'_>, template: &Request, line: &RequestLine) -> Outcome {
    let (request, wrong) = line.request(template);
    let outcome = match wrong {
        Some(wrong) => Err(wrong.into()),
        None => searcher.search(&request),
    };
    (request, outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<(usize, Option<usize>)> {
        let lines = RequestLines::new(text).map(Result::unwrap);
        lines.map(|line| (line.number, line.bytes.map(|bytes| bytes.len()))).collect()
    }

    #[test]
    fn lines_are_numbered_and_bounded() {
        assert_eq!(lines(b""), []);
        assert_eq!(lines("\u{feff}\r\n\n \na\tb\r\n\nc".as_bytes()), [(4, Some(4)), (6, Some(1))]);
        let long = [&b"x".repeat(LONGEST)[..], b"\n", &b"x".repeat(LONGEST + 1), b"\ny"].concat();
        assert_eq!(lines(&long), [(1, Some(LONGEST)), (2, None), (3, Some(1))]);
    }

    fn index() -> IndexReader {
        IndexReader::of_texts(&[("Kidal", "Une embuscade à Kidal."), ("Mopti", "Un marché à Mopti.")])
    }

    /// What a batch gives: ids with how many reports answer, or the error.
    fn told(jobs: usize, lines: impl Iterator<Item = Result<RequestLine, String>> + Send + 'static) -> Vec<String> {
        let mut told = Vec::new();
        let ended = batch(&index(), &Request::default(), lines, jobs, |request, outcome| {
            let outcome = outcome.map_or_else(|error| error.to_string(), |answer| answer.total.to_string());
            told.push(format!("{} {outcome}", request.id.as_deref().unwrap_or_default()));
            Ok(())
        });
        told.extend(ended.err());
        told
    }

    #[test]
    fn any_number_of_jobs_gives_the_same_in_the_same_order() {
        let line = |n: usize| {
            let query = ["embuscade", "marché", "\"ouvert", "Mopti OU Kidal"][n % 4];
            Ok(RequestLine { number: n + 1, bytes: Some(format!("q{n}\t{query}").into_bytes()) })
        };
        let broken = || std::iter::once(Err("cannot be read".to_owned()));
        let one = told(1, (0..200).map(line).chain(broken()));
        assert_eq!(one.len(), 201);
        assert_eq!((one[0].as_str(), one[3].as_str(), one[200].as_str()), ("q0 1", "q3 2", "cannot be read"));
        for jobs in [2, 3, 16] {
            assert_eq!(told(jobs, (0..200).map(line).chain(broken())), one, "{jobs}");
        }
    }
}
