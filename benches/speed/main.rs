//! vigie against stock tantivy, in one process and one run: `cargo bench --bench speed`.
//!
//! ```text
//! cargo bench --bench speed                      over 12,000 made-up dispatches, all lines of the table
//! cargo bench --bench speed -- 1k                over 1,000
//! cargo bench --bench speed -- 125k              over 125,000, which have a million passages
//! cargo bench --bench speed -- 12k queries       only some parts: tokens, indexing, memory, queries, counts, starts
//! cargo bench --profile quick --bench speed      without link-time optimization, which takes minutes to build
//! ```
//!
//! Dispatches are made by `benches/support`; they and the indexes are kept under `target/bench`. Parts that ask an index
//! use that of the last run of `indexing`, and make one where there is none.
//!
//! A main of its own, because what counts is a ratio: divan and criterion measure one thing after the other, and cannot
//! let two programs take turns. CPU time of the process counts (`clock.rs`); of stock tantivy the fastest way that it has.
//! What differs in what is asked is said in the line: `vigie | stock`.

#![allow(clippy::expect_used, reason = "a bench that cannot go on is to stop")]

mod alone;
mod asking;
mod clock;
mod corpus;
mod counting;
mod queries;
mod starting;
mod stock;
#[path = "../support/mod.rs"]
mod support;
mod table;
mod writing;

use std::io::{self, Write};
use std::time::Instant;

use asking::Both;
use corpus::Files;
use queries::Classes;
use stock::Stock;
use vigie::index::IndexReader;

/// The allocator of the program, for stock tantivy too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The parts of the table, in its order.
const PARTS: [&str; 6] = ["tokens", "indexing", "memory", "queries", "counts", "starts"];
/// The corpus that growth is told from.
const SMALL: u64 = 1000;

fn main() -> io::Result<()> {
    // What `cargo bench` adds tells nothing here.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let Some(seconds) = alone::answer(&arguments) {
        return writeln!(io::stdout(), "{seconds}");
    }
    let (size, parts) = match arguments.split_first() {
        Some((first, parts)) if first.ends_with('k') => (first.as_str(), parts),
        _ => ("12k", arguments.as_slice()),
    };
    let thousands = size.trim_end_matches('k').parse::<u64>();
    let unknown = parts.iter().find(|part| !PARTS.contains(&part.as_str()));
    let (Ok(thousands @ 1..), None) = (thousands, unknown) else {
        return Err(io::Error::other(format!("usage: speed [1k|12k|125k] [{}]…", PARTS.join("|"))));
    };
    run(thousands * 1000, |part| parts.is_empty() || parts.iter().any(|asked| asked == part))
}

/// Measures what is asked for, and prints the table.
fn run(reports: u64, asked: impl Fn(&str) -> bool) -> io::Result<()> {
    let started = Instant::now();
    let mut tell = |done: &str| {
        // Who waits may close the terminal; the table is still to come.
        let _ = writeln!(io::stderr(), "{:>6.1} s  {done}", started.elapsed().as_secs_f64());
    };
    let files = Files::of(reports);
    tell("corpus");
    let mut rows = Vec::new();
    if asked("tokens") {
        rows.extend(writing::tokens(&files, &mut tell));
    }
    if asked("indexing") {
        rows.extend(writing::indexing(&files, &mut tell));
    }
    if asked("memory") {
        rows.extend(writing::memory(&files, &mut tell));
    }
    let both = open(&files);
    let classes = Classes::of(&files);
    tell("questions");
    if asked("queries") {
        let small = (reports > SMALL).then(|| Files::of(SMALL)).map(|files| (open(&files), Classes::of(&files)));
        let small = small.as_ref().map(|(both, classes)| (both, classes));
        rows.extend(asking::rows(&both, &classes, small, &mut tell));
    }
    if asked("counts") {
        rows.extend(counting::rows(&both, &files, &classes.tenth, &mut tell));
    }
    if asked("starts") {
        rows.extend(starting::rows(&files, &classes, &mut tell));
        rows.extend(starting::binary());
    }
    let mut out = io::stdout().lock();
    writeln!(out, "\n{reports} reports, {:.1} MB of text\n", files.text_bytes as f64 / 1e6)?;
    table::print(&rows, &mut out)
}

/// Both indexes of a corpus, built where they are missing or of another version.
fn open(files: &Files) -> Both {
    let reader = IndexReader::open(&files.place("vigie")).or_else(|_| {
        writing::build_vigie(files);
        IndexReader::open(&files.place("vigie"))
    });
    let stock = Stock::open(&files.place("stock")).or_else(|_| {
        writing::build_stock(files);
        Stock::open(&files.place("stock"))
    });
    Both { reader: reader.expect("an index of our own"), stock: stock.expect("an index of our own") }
}
