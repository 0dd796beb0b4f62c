//! Batches on the command line: clients that wait, lines that nobody should send, and several jobs.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use common::{Run, sample, validate};
use serde_json::{Value, json};

fn batch(more: &[&str], input: impl Into<Vec<u8>>) -> Run {
    sample().fed(&[&["search", "--queries", "-"], more].concat(), input)
}

/// A batch that runs while its lines are written.
fn open(more: &[&str]) -> (Child, ChildStdin, BufReader<ChildStdout>) {
    let mut command = sample().command(&[&["search", "--queries", "-", "-n", "2"], more].concat());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    (child, input, BufReader::new(output))
}

/// A line without the time that it took.
fn timeless(line: &str) -> String {
    let (before, after) = line.split_once("\"took_us\":").unwrap_or((line, ""));
    format!("{before}{}", after.trim_start_matches(|c: char| c.is_ascii_digit() || c == ' '))
}

fn timeless_lines(text: &str) -> Vec<String> {
    text.lines().map(timeless).collect()
}

#[test]
fn who_writes_a_line_and_waits_gets_its_answer() {
    for (format, jobs) in [("jsonl", "1"), ("jsonl", "3"), ("trec", "2"), ("text", "1")] {
        let (mut child, mut input, mut output) = open(&["--format", format, "--jobs", jobs]);
        let mut line = String::new();
        for query in ["embuscade", "attaque", "Mopti"] {
            writeln!(input, "{query}\t{query}").unwrap();
            input.flush().unwrap();
            loop {
                line.clear();
                assert!(output.read_line(&mut line).unwrap() > 0, "{format} {jobs}");
                if line.contains(query) {
                    break;
                }
            }
        }
        drop(input);
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn jobs_change_nothing_but_the_time() {
    let queries = ["embuscade", "\"ouvert", "attaque Mopti", "zzz qqq", "JNIM OU EIGS", ""];
    let lines: Vec<String> = (0..60).map(|n| format!("q{n}\t{}\r\n", queries[n % queries.len()])).collect();
    let lines = lines.concat();
    for format in ["jsonl", "json", "text", "trec"] {
        let one = batch(&["--format", format, "-n", "3"], lines.as_str());
        assert_eq!(one.status, 3, "{format}");
        for jobs in ["2", "5", "0"] {
            let more = batch(&["--format", format, "-n", "3", "--jobs", jobs], lines.as_str());
            assert_eq!((more.status, &more.err), (3, &one.err), "{format} {jobs}");
            assert_eq!(timeless_lines(&more.out), timeless_lines(&one.out), "{format} {jobs}");
        }
    }
    sample().run(&["search", "embuscade", "--jobs", "2"]).fails();
    assert_eq!(sample().run(&["search", "--queries", "-", "--jobs", "1000"]).status, 2);
}

#[test]
fn odd_lines_are_answered_at_their_place() {
    let long = format!("long\t{}", "mot ".repeat(600_000));
    let longer = format!("{{\"id\":\"longer\",\"query\":\"{}\"}}", "x".repeat(3 << 20));
    let lines: Vec<(&[u8], Value, bool)> = vec![
        (b"\xef\xbb\xbfa\tattaque\r\n", json!("a"), true),
        (b"\r\n", Value::Null, true),
        (b" \t \n", Value::Null, true),
        (b"b\tr\xe9fugi\xe9s\n", json!("b"), false),
        (b"\xff\xfe\x00\n", json!("5"), false),
        (long.as_bytes(), json!("6"), false),
        (b"\n", Value::Null, true),
        (b"{\"id\":\"c\",\"query\":null}\n", json!("c"), false),
        (b"{\"id\":null,\"query\":\"attaque\",\"since\":null,\"fields\":null}\n", json!("8"), true),
        (longer.as_bytes(), json!("9"), false),
        (b"\n", Value::Null, true),
        (b"a\tattaque\n", json!("a"), true),
        (b"{\"id\":12,\"query\":\"attaque\"}\n", json!("12"), true),
        (b"{}\n", json!("12"), true),
        (b"d\t\n", json!("d"), true),
        (b"[1,2]\n", json!("14"), false),
        (b"e\tattaque", json!("e"), true),
    ];
    let input: Vec<u8> = lines.iter().flat_map(|(line, ..)| line.iter().copied()).collect();
    for jobs in ["1", "2"] {
        let run = batch(&["--format", "jsonl", "-n", "1", "--jobs", jobs], input.clone());
        assert_eq!(run.status, 3);
        let answers = run.lines();
        let told: Vec<(&Value, bool)> =
            answers.iter().map(|answer| (&answer["id"], answer.get("error").is_none())).collect();
        // Empty lines have no answer.
        let blank = |line: &[u8]| line.trim_ascii().is_empty();
        let want = lines.iter().filter(|(line, ..)| !blank(line)).map(|(_, id, sound)| (id, *sound));
        assert_eq!(told, want.collect::<Vec<_>>());
        for answer in &answers {
            validate("answer.schema.json", answer);
        }
        assert!(answers.iter().all(|answer| answer["took_us"].is_u64() == answer.get("error").is_none()));
        let message = |id: &str| {
            let answer = answers.iter().find(|answer| answer["id"] == id).unwrap();
            answer["error"]["message"].as_str().unwrap().to_owned()
        };
        assert_eq!(message("6"), "line 6: longer than 1 MiB");
        assert_eq!(message("b"), "line 4: not UTF-8");
    }
    let nothing = batch(&["--format", "jsonl", "--jobs", "2"], "");
    assert_eq!((nothing.status, nothing.out.as_str()), (0, ""));
}

#[test]
fn a_reader_who_goes_away_ends_a_batch_whose_input_stays_open() {
    for jobs in ["1", "2"] {
        let (mut child, mut input, mut output) = open(&["--format", "jsonl", "--jobs", jobs]);
        let mut line = String::new();
        writeln!(input, "q\tattaque").unwrap();
        assert!(output.read_line(&mut line).unwrap() > 0);
        drop(output);
        // The next answers find nobody.
        for _ in 0..5 {
            if writeln!(input, "q\tattaque").is_err() {
                break;
            }
        }
        assert_eq!(child.wait().unwrap().code(), Some(0), "{jobs}");
        let mut err = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut err).unwrap();
        assert_eq!(err, "", "{jobs}");
        drop(input);
    }
}

#[test]
fn what_cannot_be_read_ends_a_batch_with_any_number_of_jobs() {
    for jobs in ["1", "2"] {
        let run = sample().run(&["search", "--queries", "sample_corpus", "--jobs", jobs]);
        assert!(run.fails().starts_with("vigie: sample_corpus: "), "{run:?}");
        let run = sample().run(&["search", "--queries", "no-such-file", "--jobs", jobs]);
        assert!(run.fails().starts_with("vigie: no-such-file: "), "{run:?}");
    }
}
