//! Runs the tables of `tests/specs/`: what a researcher who does not program can read and extend.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::Write;
use std::path::Path;

use vigie::corpus::{Corpus, ReadOptions};
use vigie::index::{IndexOptions, IndexReader, build};
use vigie::search::{Request, Searcher};

/// The rows under a heading of a table file, without head and rule: line number and cells.
fn rows(file: &str, heading: &str) -> Vec<(usize, Vec<String>)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/specs").join(file);
    let text = fs::read_to_string(path).unwrap();
    let mut inside = false;
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(title) = line.strip_prefix("## ") {
            inside = title == heading;
        } else if inside && line.starts_with('|') {
            found.push((number, line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()));
        }
    }
    found.split_off(2)
}

/// Indexes the second cell of each row, asks for the first, and tells the rows that answer.
fn answering(rows: &[(usize, Vec<String>)]) -> Vec<bool> {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("rows.jsonl");
    let mut file = fs::File::create(&input).unwrap();
    for (line, cells) in rows {
        writeln!(file, "{}", serde_json::json!({"id": line.to_string(), "text": cells[1]})).unwrap();
    }
    let corpus = Corpus::open(&[input], ReadOptions::default()).unwrap();
    let index = dir.path().join("index");
    let summary = build(&index, corpus, &IndexOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(summary.added, rows.len() as u64, "{:?}", summary.skipped);
    let reader = IndexReader::open(&index).unwrap();
    let mut searcher = Searcher::new(&reader);
    let mut ask = |(line, cells): &(usize, Vec<String>)| {
        let request = Request { query: cells[0].clone(), limit: 0, ..Request::default() };
        let answer = searcher.search(&request).unwrap_or_else(|error| panic!("line {line}: {error}"));
        answer.hits.iter().any(|hit| hit.report.id == line.to_string())
    };
    rows.iter().map(&mut ask).collect()
}

fn check(heading: &str, wanted: bool) {
    let rows = rows("french.md", heading);
    let wrong: Vec<_> =
        rows.iter().zip(answering(&rows)).filter(|(_, found)| *found != wanted).map(|(row, _)| row).collect();
    assert!(wrong.is_empty(), "{heading}: {} of {} rows do not hold: {wrong:#?}", wrong.len(), rows.len());
}

#[test]
fn finds() {
    check("Finds", true);
}

#[test]
fn does_not_find() {
    check("Does not find", false);
}
