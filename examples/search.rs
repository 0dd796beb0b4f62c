//! Indexes a folder and searches it: `cargo run --example search -- sample_corpus 'embuscade gendarme'`.

use std::error::Error;
use std::io::{self, Write};

use vigie::corpus::{Corpus, ReadOptions};
use vigie::index::{IndexOptions, IndexReader, build};
use vigie::search::{Request, Searcher};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, query] = arguments.as_slice() else { return Err("usage: search FOLDER QUERY".into()) };
    search(folder, query, &mut io::stdout().lock())
}

/// Indexes a folder in a place of its own and writes the best passages with the words that answer.
pub(crate) fn search(folder: &str, query: &str, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let place = std::env::temp_dir().join(format!("vigie-example-{}", std::process::id()));
    let corpus = Corpus::open(&[folder.into()], ReadOptions::default())?;
    let summary = build(&place, corpus, &IndexOptions::default(), &mut |_| {})?;
    writeln!(out, "{} reports", summary.reports)?;

    let reader = IndexReader::open(&place)?;
    let request = Request { query: query.to_owned(), limit: 3, ..Request::default() };
    let answer = Searcher::new(&reader).search(&request)?;
    for hit in &answer.hits {
        writeln!(out, "{}. {} ({:.2})", hit.rank, hit.report.title.as_deref().unwrap_or("-"), hit.score)?;
        for mark in &hit.marks {
            // Bytes of the report's text, of which the passage is a part.
            let (start, end) = (mark.start - hit.passage.start, mark.end - hit.passage.start);
            writeln!(out, "   {}", &hit.passage.text[start..end])?;
        }
    }
    writeln!(out, "{} answer", answer.total)?;
    drop(reader);
    std::fs::remove_dir_all(&place)?;
    Ok(())
}
