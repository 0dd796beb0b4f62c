//! How fast each part of vigie is by itself: `cargo bench --bench parts`, of which `-- NAME` runs those of a name.
//!
//! Over a thousand made-up dispatches, or over the files that `VIGIE_BENCH_CORPUS` names. How the whole compares with
//! stock tantivy, `cargo bench --bench speed` tells; `cargo bench` runs both.

#![allow(clippy::expect_used, reason = "a bench that cannot go on is to stop")]

#[path = "support/mod.rs"]
mod support;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use divan::Bencher;
use divan::counter::BytesCount;
use support::{Generator, SEED};
use vigie::annotate::{Annotated, Annotator, Knowledge};
use vigie::corpus::{Corpus, Item, ReadOptions, single};
use vigie::french::{Analyzer, Token, dates};
use vigie::highlight::{Marker, Pattern, fragment};
use vigie::passages::passages;
use vigie::query::Part;
use vigie::report::Report;
use vigie::vocabulary::Vocabulary;

/// The allocator of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What one part is measured for, unless `-- --max-time SECONDS` says otherwise.
const LONGEST: Duration = Duration::from_secs(4);
/// Dispatches to measure over.
const DISPATCHES: u64 = 1000;

fn main() {
    divan::Divan::default().max_time(LONGEST).config_with_args().main();
}

/// The reports to measure over, read once.
fn reports() -> &'static [Report] {
    static REPORTS: OnceLock<Vec<Report>> = OnceLock::new();
    REPORTS.get_or_init(|| match std::env::var_os("VIGIE_BENCH_CORPUS").map(PathBuf::from) {
        Some(place) => {
            let corpus = Corpus::open(&[place], ReadOptions::default()).expect("a corpus to read");
            let reports =
                corpus.filter_map(|item| if let Item::Report(report, _) = item { Some(*report) } else { None });
            reports.collect()
        }
        None => dispatches(),
    })
}

fn dispatches() -> Vec<Report> {
    let read = |line: String| match single(line.as_bytes(), true, ReadOptions::default()) {
        Item::Report(report, _) => *report,
        other => unreachable!("a dispatch is read as {other:?}"),
    };
    Generator::new(SEED).lines(DISPATCHES).map(read).collect()
}

fn bytes() -> BytesCount {
    BytesCount::new(reports().iter().map(|report| report.text.len()).sum::<usize>())
}

fn analysed() -> Vec<(&'static Report, Vec<Token<'static>>)> {
    let mut analyzer = Analyzer::new();
    reports().iter().map(|report| (report, analyzer.analyze(&report.text))).collect()
}

fn annotator() -> Annotator {
    Annotator::new(Arc::new(Knowledge::new(Arc::clone(Vocabulary::builtin()))))
}

/// The analysis chain alone.
#[divan::bench]
fn analysis(bencher: Bencher<'_, '_>) {
    let mut analyzer = Analyzer::new();
    bencher
        .counter(bytes())
        .bench_local(|| reports().iter().map(|report| analyzer.analyze(&report.text).len()).sum::<usize>());
}

/// Dates of reports that are analysed already.
#[divan::bench]
fn date_finder(bencher: Bencher<'_, '_>) {
    let analysed = analysed();
    let found = |(report, tokens): &(&Report, Vec<Token<'_>>)| dates(&report.text, tokens, report.published).len();
    bencher.counter(bytes()).bench_local(|| analysed.iter().map(found).sum::<usize>());
}

/// Passages of reports that are analysed already.
#[divan::bench]
fn cutting(bencher: Bencher<'_, '_>) {
    let analysed = analysed();
    let found = |(report, tokens): &(&Report, Vec<Token<'_>>)| passages(&report.text, tokens).len();
    bencher.counter(bytes()).bench_local(|| analysed.iter().map(found).sum::<usize>());
}

/// Names, dates, roles, passages and facets of reports that are analysed already.
#[divan::bench]
fn annotation(bencher: Bencher<'_, '_>) {
    let mut annotator = annotator();
    let mut analyzer = Analyzer::new();
    let mut analyse = || -> Vec<_> {
        let tokens = |report: &'static Report| {
            let title = report.title.as_deref().map(|title| analyzer.analyze(title)).unwrap_or_default();
            (report, title, analyzer.analyze(&report.text))
        };
        reports().iter().map(tokens).collect()
    };
    bencher.counter(bytes()).with_inputs(&mut analyse).bench_local_values(|analysed| {
        let found = |(report, title, tokens)| annotator.annotate_tokens(report, title, tokens).groups.len();
        analysed.into_iter().map(found).sum::<usize>()
    });
}

/// All that happens to a report before it is written.
#[divan::bench]
fn analysis_and_annotation(bencher: Bencher<'_, '_>) {
    let mut annotator = annotator();
    let facets = |annotated: Annotated<'_>| annotated.groups.len();
    bencher
        .counter(bytes())
        .bench_local(|| reports().iter().map(|report| facets(annotator.annotate(report))).sum::<usize>());
}

/// Ten passages that a word stands in: analysed, marked, and their best sentences chosen.
#[divan::bench]
fn ten_fragments(bencher: Bencher<'_, '_>) {
    let mut analyzer = Analyzer::new();
    let terms = ["assaillants".to_owned()];
    let marker = Marker::new(vec![Pattern { label: "assaillants", steps: vec![(0, &terms)], part: None, slop: None }]);
    let texts: Vec<&str> = analysed()
        .iter()
        .flat_map(|(report, tokens)| {
            passages(&report.text, tokens).into_iter().map(|passage| &report.text[passage.bytes])
        })
        .filter(|text| text.contains("assaillants"))
        .take(10)
        .collect();
    bencher.bench_local(|| {
        let shown = |text: &&str| {
            let marks = marker.marks(&analyzer.analyze(text), Part::Text);
            assert!(!marks.is_empty(), "the word is marked");
            fragment(text, &marks).end
        };
        texts.iter().map(shown).sum::<usize>()
    });
}

/// The built-in vocabulary, ready to be asked: what a search pays for it.
#[divan::bench]
fn opening_the_vocabulary(bencher: Bencher<'_, '_>) {
    bencher.bench(|| Vocabulary::from_bytes(Vocabulary::builtin().as_bytes().to_vec()).map(|found| found.sizes()));
}
