//! How fast reports are analysed, and annotated once they are: `cargo bench --bench annotate`.
//!
//! Over the sample corpus, or over the files that `VIGIE_BENCH_CORPUS` names.

#![allow(clippy::expect_used, reason = "a bench may")]

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use divan::Bencher;
use divan::counter::BytesCount;
use vigie::annotate::{Annotator, Knowledge};
use vigie::corpus::{Corpus, Item, ReadOptions};
use vigie::french::Analyzer;
use vigie::report::Report;
use vigie::vocabulary::Vocabulary;

fn main() {
    divan::main();
}

/// The reports of the corpus, read once.
fn reports() -> &'static [Report] {
    static REPORTS: OnceLock<Vec<Report>> = OnceLock::new();
    REPORTS.get_or_init(|| {
        let place = std::env::var_os("VIGIE_BENCH_CORPUS").map(PathBuf::from);
        let place = place.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample_corpus"));
        let corpus = Corpus::open(&[place], ReadOptions::default()).expect("a corpus to read");
        let reports = corpus.filter_map(|item| if let Item::Report(report, _) = item { Some(*report) } else { None });
        reports.collect()
    })
}

fn bytes() -> BytesCount {
    BytesCount::new(reports().iter().map(|report| report.text.len()).sum::<usize>())
}

/// The analysis chain alone.
#[divan::bench]
fn analysis(bencher: Bencher<'_, '_>) {
    let mut analyzer = Analyzer::new();
    bencher
        .counter(bytes())
        .bench_local(|| reports().iter().map(|report| analyzer.analyze(&report.text).len()).sum::<usize>());
}

/// Names, dates, roles and facets of reports that are analysed already.
#[divan::bench]
fn matching(bencher: Bencher<'_, '_>) {
    let mut analyzer = Analyzer::new();
    let mut annotator = Annotator::new(Arc::new(Knowledge::new(Arc::clone(Vocabulary::builtin()))));
    let analysed: Vec<_> = reports()
        .iter()
        .map(|report| {
            let title = report.title.as_deref().map(|title| analyzer.analyze(title)).unwrap_or_default();
            (report, title, analyzer.analyze(&report.text))
        })
        .collect();
    bencher.counter(bytes()).with_inputs(|| analysed.clone()).bench_local_values(|analysed| {
        let found = analysed
            .into_iter()
            .map(|(report, title, tokens)| annotator.annotate_tokens(report, title, tokens).groups.len());
        found.sum::<usize>()
    });
}

/// The built-in vocabulary, ready to be asked: what a search pays for it.
#[divan::bench]
fn vocabulary(bencher: Bencher<'_, '_>) {
    bencher.bench(|| Vocabulary::from_bytes(Vocabulary::builtin().as_bytes().to_vec()).map(|found| found.sizes()));
}
