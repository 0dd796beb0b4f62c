//! What a process of its own takes: from exec to exit, against one that does nothing. The least of many starts counts: a
//! machine that is busy makes each of them longer, and by how much is no property of vigie.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::clock::Tell;
use super::corpus::Files;
use super::queries::{Ask, Classes};
use super::table::{Asked, Row, Unit};

/// Times that each process is started.
const STARTS: usize = 81;

/// The lines of starting.
pub(crate) fn rows(files: &Files, classes: &Classes, tell: &mut Tell<'_>) -> Vec<Row> {
    let vigie = env!("CARGO_BIN_EXE_vigie");
    let index = files.place("vigie");
    let word = |at: usize| match classes.all[at].asks.first() {
        Some(Ask::Word(word)) => word.clone(),
        _ => unreachable!("the first classes are single words"),
    };
    let search = |word: &str, expand: bool| {
        let mut command = Command::new(vigie);
        command.arg("--index").arg(&index).args(["search", word]);
        if !expand {
            command.arg("--no-expand");
        }
        command
    };
    let mut version = Command::new(vigie);
    version.arg("--version");
    let mut commands =
        [Command::new("true"), version, search(&word(0), false), search(&word(0), true), search(&word(2), true)];
    let mut least = [f64::INFINITY; 5];
    for round in 0..=STARTS {
        for (command, least) in commands.iter_mut().zip(&mut least) {
            let started = Instant::now();
            let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("a program to run");
            if round > 0 {
                assert!(status.success(), "{command:?}");
                *least = least.min(started.elapsed().as_secs_f64() * 1e6);
            }
        }
    }
    tell("starting");
    let [floor, version, rare, expanded, frequent] = least;
    let row =
        |work: &str, vigie, asked| Row { work: work.to_owned(), unit: Unit::Micros, vigie, stock: Some(floor), asked };
    let bound = Asked::Value(3.0 * floor + 5000.0);
    vec![
        row("process: `vigie --version` | `true`", version, Asked::Nothing),
        row("process: `vigie search --no-expand`, a rare word | `true`", rare, bound),
        row("process: `vigie search`, a rare word | `true`", expanded, bound),
        row("process: `vigie search`, a frequent word | `true`", frequent, bound),
    ]
}

/// The line of the program's size, where it was built to be handed on: without symbols.
pub(crate) fn binary() -> Vec<Row> {
    let program = Path::new(env!("CARGO_BIN_EXE_vigie"));
    if !program.parent().is_some_and(|place| place.ends_with("release")) {
        return Vec::new();
    }
    let bytes = std::fs::metadata(program).expect("the program of this build").len();
    vec![Row {
        work: "the program on the disk".to_owned(),
        unit: Unit::Megabytes,
        vigie: bytes as f64 / 1e6,
        stock: None,
        asked: Asked::Value(25.0),
    }]
}
