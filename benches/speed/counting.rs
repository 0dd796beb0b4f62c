//! Counts: facets of everything, of a query, after reports were replaced; and histograms.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use vigie::corpus::{Corpus, ReadOptions};
use vigie::counts::Unit as Period;
use vigie::index::{IndexOptions, IndexReader, build};
use vigie::search::{FacetKind, FacetRequest, Request, Searcher, TimelineRequest};

use super::asking::Both;
use super::clock::{Task, Tell, cpu, median, medians};
use super::corpus::Files;
use super::queries::Ask;
use super::stock;
use super::table::{Asked, Row, Unit};

/// Facets of the first level: what stock tantivy's collector counts.
fn wanted(depth: usize) -> FacetRequest {
    FacetRequest { by: vec![FacetKind::Group, FacetKind::Region, FacetKind::Date], depth, limit: 0 }
}

fn count(reader: &IndexReader, request: &Request, depth: usize) -> u64 {
    let answer = Searcher::new(reader).facets(request, &wanted(depth)).expect("a question of our own");
    answer.facets.values().flat_map(|counts| &counts.values).map(|value| value.count).sum()
}

/// The lines of counts.
pub(crate) fn rows(both: &Both, files: &Files, tenth: &[Ask], tell: &mut Tell<'_>) -> Vec<Row> {
    let row = |work: &str, vigie, stock, asked| Row { work: work.to_owned(), unit: Unit::Micros, vigie, stock, asked };
    let reader = &both.reader;
    let everything = Request::default();
    let [vigie, deep, stock] = medians([
        Box::new(|| count(reader, &everything, 1)) as Task<'_>,
        Box::new(|| count(reader, &everything, 2)),
        Box::new(|| both.stock.facets_of_all().expect("an index of our own")),
    ]);
    let mut rows = vec![
        row("facets of everything, depth 1, asked again", vigie, Some(stock), Asked::Value(100.0)),
        row("facets of everything, depth 2, asked again", deep, None, Asked::Value(100.0)),
        row(
            "facets of everything, first time after opening",
            first(&files.place("vigie"), &everything),
            Some(stock),
            Asked::Value(100.0),
        ),
    ];
    tell("facets of everything");

    let mut columns: [Vec<f64>; 4] = std::array::from_fn(|_| Vec::new());
    for ask in tenth {
        let request = Request { fields: None, ..ask.request() };
        let months = TimelineRequest { by: Period::Month, published: true, ..TimelineRequest::default() };
        let (mut a, mut b) = (stock::analyzer(), stock::analyzer());
        let times = medians([
            Box::new(|| count(reader, &request, 1)) as Task<'_>,
            Box::new(|| both.stock.facets(ask, &mut a).expect("an index of our own")),
            Box::new(|| {
                Searcher::new(reader).timeline(&request, &months).expect("a question of our own").timeline.len() as u64
            }),
            Box::new(|| both.stock.histogram(ask, &mut b).expect("an index of our own") as u64),
        ]);
        for (column, figure) in columns.iter_mut().zip(times) {
            column.push(figure);
        }
    }
    let [facets, stock_facets, months, stock_months] = columns.map(median);
    // What the values are is looked up once an opened index: here that is counted too.
    let opened = tenth.iter().map(|ask| first(&files.place("vigie"), &Request { fields: None, ..ask.request() }));
    let opened = median(opened.collect());
    rows.push(row("facets of a query with a tenth of the reports", facets, Some(stock_facets), Asked::Ratio(1.2)));
    rows.push(row("the same, first time after opening", opened, Some(stock_facets), Asked::Nothing));
    rows.push(row(
        "months of publication of a query with a tenth of the reports",
        months,
        Some(stock_months),
        Asked::Ratio(1.2),
    ));
    tell("facets of a query");

    let after = first(&replaced(files), &everything);
    let work = "facets of everything, first time after a hundredth of the reports was replaced";
    rows.push(row(work, after, None, Asked::Value(20_000.0)));
    tell("facets after replacing");
    rows
}

/// Microseconds to count facets in an index that was just opened, in the middle of some times.
fn first(index: &Path, request: &Request) -> f64 {
    let times = (0..9).map(|_| {
        let reader = IndexReader::open(index).expect("an index of our own");
        let seconds = cpu(|| {
            count(&reader, request, 1);
        });
        seconds * 1e6
    });
    median(times.collect())
}

/// The place of an index with one report of a hundred replaced.
fn replaced(files: &Files) -> PathBuf {
    let (place, changed) = (files.fresh("replaced"), files.place("changed.jsonl"));
    copy(&files.place("vigie"), &place);
    let lines = BufReader::new(File::open(files.dispatches()).expect("a corpus of our own")).lines();
    let mut out = BufWriter::new(File::create(&changed).expect("a file under target"));
    for line in lines.step_by(100) {
        let line = line.expect("a readable file");
        writeln!(out, "{}", line.replacen("\"title\":\"", "\"title\":\"Rectificatif : ", 1))
            .expect("space on the disk");
    }
    out.flush().expect("space on the disk");
    let corpus = Corpus::open(&[changed], ReadOptions::default()).expect("a corpus of our own");
    let summary = build(&place, corpus, &IndexOptions::default(), &mut |_| {}).expect("an index of our own");
    assert_eq!(summary.updated, files.reports.div_ceil(100), "one report of a hundred replaced");
    place
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a place under target");
    for entry in std::fs::read_dir(from).expect("an index of our own").filter_map(Result::ok) {
        let (path, name) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &name);
        } else {
            std::fs::copy(&path, &name).expect("space on the disk");
        }
    }
}
