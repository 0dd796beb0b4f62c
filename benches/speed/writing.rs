//! Tokenization and indexing, and what an index takes: CPU time, bytes on the disk, memory.

use std::hint::black_box;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use vigie::corpus::{Corpus, ReadOptions};
use vigie::french::Analyzer;
use vigie::index::{IndexOptions, build};

use super::alone::{Work, least_alone};
use super::clock::{Task, Tell, cpu, least_cpu};
use super::corpus::{Files, read_given, size};
use super::stock;
use super::table::{Asked, Row, Unit};

/// Reports that are tokenized, at most.
const TOKENIZED: usize = 12_000;
/// What both write with, in bytes.
const MEMORY: usize = 256 << 20;

const MEGA: f64 = 1e6;

/// What is timed alone.
pub(crate) const WORKS: [Work; 5] = [TOKENS, STOCK_TOKENS, ALL, PLAIN, STOCK];
const TOKENS: Work = ("tokens", |files| of_texts(files, tokens_of_vigie));
const STOCK_TOKENS: Work = ("stock-tokens", |files| of_texts(files, tokens_of_stock));
const ALL: Work = ("all", |files| done(|| build_vigie(files)));
const PLAIN: Work = ("plain", |files| done(|| build_plain(files)));
const STOCK: Work = ("stock", |files| done(|| build_stock(files)));

/// The lines of tokenization: each text once, as a run meets it, and again.
pub(crate) fn tokens(files: &Files, tell: &mut Tell<'_>) -> Vec<Row> {
    let texts = texts(files);
    let bytes: usize = texts.iter().map(String::len).sum();
    let first = least_alone(3, [TOKENS, STOCK_TOKENS], files);
    let tasks = [Box::new(|| tokens_of_vigie(&texts)) as Task<'_>, Box::new(|| tokens_of_stock(&texts))];
    let again = least_cpu(3, tasks);
    tell("tokenization");
    let row = |work: &str, seconds: [f64; 2], asked| {
        let [vigie, stock] = seconds.map(|seconds| bytes as f64 / MEGA / seconds);
        Row { work: work.to_owned(), unit: Unit::Rate, vigie, stock: Some(stock), asked }
    };
    vec![
        row("tokenization: exact terms and stems | stems", first, Asked::Ratio(3.0)),
        row("the same texts again, all words known", again, Asked::Nothing),
    ]
}

/// The texts that are tokenized. vigie reads none of them, so that it knows no word of them.
fn texts(files: &Files) -> Vec<String> {
    read_given(&files.given()).take(TOKENIZED).map(|report| report.text).collect()
}

fn of_texts(files: &Files, work: fn(&[String]) -> u64) -> f64 {
    let texts = texts(files);
    done(|| work(&texts))
}

fn done(work: impl FnOnce() -> u64) -> f64 {
    cpu(|| {
        black_box(work());
    })
}

fn tokens_of_vigie(texts: &[String]) -> u64 {
    let mut analyzer = Analyzer::new();
    let terms = |text: &String| -> usize {
        let tokens = analyzer.analyze(text);
        tokens.iter().map(|token| token.terms.exact.len() + token.stems().count()).sum()
    };
    texts.iter().map(terms).sum::<usize>() as u64
}

fn tokens_of_stock(texts: &[String]) -> u64 {
    let mut analyzer = stock::analyzer();
    let mut bytes = 0;
    for text in texts {
        analyzer.token_stream(text).process(&mut |token| bytes += token.text.len() as u64);
    }
    bytes
}

/// Builds vigie's index where it belongs.
pub(crate) fn build_vigie(files: &Files) -> u64 {
    let options = IndexOptions { rebuild: true, memory: MEMORY, ..IndexOptions::default() };
    let summary = build(&files.place("vigie"), files.corpus(), &options, &mut |_| {}).expect("an index of our own");
    assert_eq!(summary.reports, files.reports, "all reports are in");
    summary.reports
}

/// Builds vigie's index of what is given, without a look for names and dates in the texts.
fn build_plain(files: &Files) -> u64 {
    let corpus = Corpus::open(&[files.given()], ReadOptions::default()).expect("a corpus of our own");
    let options = IndexOptions { rebuild: true, memory: MEMORY, annotate: false, ..IndexOptions::default() };
    let summary = build(&files.fresh("plain"), corpus, &options, &mut |_| {}).expect("an index of our own");
    assert_eq!(summary.reports, files.reports, "all reports are in");
    summary.reports
}

/// Builds that of stock tantivy.
pub(crate) fn build_stock(files: &Files) -> u64 {
    stock::build(&files.fresh("stock"), &files.given(), MEMORY).expect("an index of our own");
    files.reports
}

/// The lines of indexing. Leaves both indexes where the queries look for them.
pub(crate) fn indexing(files: &Files, tell: &mut Tell<'_>) -> Vec<Row> {
    let rounds = match files.reports {
        0..5_000 => 5,
        5_000..50_000 => 2,
        _ => 1,
    };
    let seconds = least_alone(rounds, [ALL, PLAIN, STOCK], files);
    tell("indexing");
    let text = files.text_bytes as f64 / MEGA;
    files.fresh("plain");
    let [vigie, plain, stock] = seconds.map(|seconds| text / seconds);
    let whole = Row {
        work: "indexing, all found in the text | facets given".to_owned(),
        unit: Unit::Rate,
        vigie,
        stock: Some(stock),
        asked: Asked::Ratio(0.7),
    };
    let plain = Row {
        work: "indexing with --no-annotate | facets given to both".to_owned(),
        unit: Unit::Rate,
        vigie: plain,
        stock: Some(stock),
        asked: Asked::Ratio(0.95),
    };
    let shares = ["vigie", "stock"].map(|name| size(&files.place(name)) as f64 / files.text_bytes as f64);
    let bytes = Row {
        work: "bytes of the index, to those of the text".to_owned(),
        unit: Unit::Times,
        vigie: shares[0],
        stock: Some(shares[1]),
        asked: Asked::Value(1.3),
    };
    let again = cpu(|| {
        let options = IndexOptions { memory: MEMORY, ..IndexOptions::default() };
        let place = files.place("vigie");
        let summary = build(&place, files.corpus(), &options, &mut |_| {}).expect("an index of our own");
        assert_eq!(summary.unchanged, files.reports, "nothing has changed");
    });
    tell("indexing again");
    let again = Row {
        work: "second run with nothing changed, against the first".to_owned(),
        unit: Unit::Faster,
        vigie: seconds[0] / again,
        stock: None,
        asked: Asked::Value(20.0),
    };
    vec![whole, plain, bytes, again]
}

/// The line of memory: of a process of its own, without the files that it maps. Nothing where the system does not tell.
pub(crate) fn memory(files: &Files, tell: &mut Tell<'_>) -> Vec<Row> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(["--quiet", "--index"]).arg(files.fresh("memory")).args(["index", "--memory", "512M"]);
    command.arg(files.dispatches()).stdout(Stdio::null());
    let mut child = command.spawn().expect("the program of this build");
    let most = most_anonymous(&mut child);
    assert!(child.wait().expect("a process of our own").success(), "an index of our own");
    files.fresh("memory");
    tell("memory");
    let row = |most: u64| Row {
        work: "peak memory of `vigie index --memory 512M`, without mapped files".to_owned(),
        unit: Unit::Megabytes,
        vigie: most as f64 / MEGA,
        stock: None,
        asked: Asked::Value(900.0),
    };
    most.map(row).into_iter().collect()
}

/// The most bytes of memory that a process has of its own while it runs, looked at every few milliseconds.
fn most_anonymous(child: &mut Child) -> Option<u64> {
    let status = format!("/proc/{}/status", child.id());
    let mut most = None;
    while child.try_wait().expect("a process of our own").is_none() {
        most = most.max(anonymous(Path::new(&status)));
        std::thread::sleep(Duration::from_millis(10));
    }
    most
}

fn anonymous(status: &Path) -> Option<u64> {
    let status = std::fs::read_to_string(status).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
