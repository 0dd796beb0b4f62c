//! Writes made-up French dispatches as JSON lines, to measure with:
//! `cargo run --release --example dispatches -- 125000 > dispatches.jsonl`.

use std::error::Error;
use std::io::{self, BufWriter, Write};

#[path = "../benches/support/mod.rs"]
mod support;

use support::{Generator, SEED};

fn main() -> Result<(), Box<dyn Error>> {
    let count = std::env::args().nth(1).ok_or("usage: dispatches COUNT")?.parse()?;
    let mut out = BufWriter::new(io::stdout().lock());
    for line in Generator::new(SEED).lines(count) {
        match out.write_all(line.as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(()),
            written => written?,
        }
    }
    Ok(out.flush()?)
}
