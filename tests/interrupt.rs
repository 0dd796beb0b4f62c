//! Ctrl-C while an index is written: the old one stays as it was, and nothing is left behind.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::{Desk, INDEX};
use serde_json::json;
use vigie::corpus::{Corpus, ReadOptions};
use vigie::index::{IndexError, IndexOptions, build};

const MOPTI: &str = "Des hommes armés ont attaqué jeudi un poste de l'armée près de Mopti.";

/// Runs the program on records from a pipe that stays open, and sends it a signal once it has read some of them.
fn interrupted(desk: &Desk, args: &[&str], signal: &str) -> Output {
    let mut command = desk.command(args);
    let mut writer = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = writer.stdin.take().unwrap();
    // More than pipe and buffers hold, so that reading has begun.
    let line = json!({ "text": MOPTI }).to_string() + "\n";
    input.write_all(line.repeat(2_500).as_bytes()).unwrap();
    let kill = Command::new("kill").args(["-s", signal, &writer.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let output = writer.wait_with_output().unwrap();
    drop(input);
    output
}

#[test]
fn an_interrupted_run_leaves_the_index_as_it_was() {
    let desk = Desk::with(&[("in/a.txt", MOPTI)]);
    desk.index(&["in"]);
    let (files, answer) = (desk.files(INDEX), desk.search(&[]));
    let (plain, rebuild, dry) =
        (&["index", "-"][..], &["index", "--rebuild", "-"][..], &["index", "--dry-run", "-"][..]);
    for (signal, status, runs) in [("INT", 130, &[plain, rebuild, dry][..]), ("TERM", 143, &[&["index", "-q", "-"]])] {
        for &args in runs {
            let output = interrupted(&desk, args, signal);
            assert_eq!(output.status.code(), Some(status), "{args:?} {output:?}");
            assert_eq!(output.stdout, b"");
            let told = String::from_utf8(output.stderr).unwrap();
            assert_eq!(told, "vigie: stopped; the index is as it was\n");
            assert!(desk.files(INDEX).keys().eq(files.keys()), "{args:?}: {:?}", desk.files(INDEX).keys());
            assert_eq!(desk.search(&[]), answer, "{args:?}");
        }
    }
    // And it can be written.
    desk.write("in/b.txt", MOPTI);
    assert_eq!(desk.index(&["in"])["added"], 1);
}

#[test]
fn an_interrupted_run_into_a_new_directory_leaves_none() {
    let desk = Desk::new();
    for args in [&["index", "-"][..], &["index", "--rebuild", "-"]] {
        assert_eq!(interrupted(&desk, args, "INT").status.code(), Some(130));
        assert!(!desk.path(INDEX).exists());
    }
}

/// The signal may come when all is read and the last report is under way, or when there is only something to drop.
#[test]
fn a_run_that_has_read_everything_stops_too() {
    let desk = Desk::with(&[("in/a.txt", MOPTI), ("in/b.txt", MOPTI)]);
    desk.index(&["in"]);
    let before = desk.files(INDEX);
    let runs = [("in/b.txt", None), ("in/c.txt", Some(format!("{MOPTI}\n\n").repeat(2_000)))];
    for (name, text) in runs {
        match text {
            Some(text) => desk.write(name, text),
            None => std::fs::remove_file(desk.path(name)).unwrap(),
        }
        for rebuild in [false, true] {
            let stop = Arc::new(AtomicBool::new(false));
            let options =
                IndexOptions { prune: !rebuild, rebuild, stop: Some(Arc::clone(&stop)), ..IndexOptions::default() };
            let corpus = Corpus::open(&[desk.path("in")], ReadOptions::default()).unwrap();
            let all = corpus.total_bytes();
            let ended = build(&desk.path(INDEX), corpus, &options, &mut |progress| {
                stop.store(progress.bytes >= all, Ordering::Relaxed);
            });
            assert!(stop.load(Ordering::Relaxed));
            assert!(matches!(ended, Err(IndexError::Stopped)), "{name} {rebuild} {ended:?}");
            assert!(desk.files(INDEX).keys().eq(before.keys()), "{name} {rebuild}");
        }
    }
    assert_eq!(desk.ids(&[]).len(), 2);
}
