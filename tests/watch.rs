//! `vigie watch`: what is new is told once, and nothing that is new is lost.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs;
use std::process::Stdio;

use common::{Desk, INDEX, Run, validate};
use serde_json::{Value, json};

const MOPTI: &str = "Des hommes armés ont attaqué jeudi un poste de l'armée près de Mopti.";
const GAO: &str = "Une embuscade contre un convoi a fait trois blessés sur la route de Gao.";
const SAVED: &str = "[[query]]\nname = \"Embuscades\"\nquery = \"embuscade\"\n\n\
                     [[query]]\nname = \"Mopti\"\nregions = [\"Mali\"]\nquery = \"attaque\"\n";
const STATE: [&str; 5] = ["watch", "--queries", "saved.toml", "--state", "seen"];

fn record(id: &str, text: &str) -> String {
    json!({ "id": id, "text": text, "published": "2024-08-15" }).to_string() + "\n"
}

fn desk() -> Desk {
    let desk = Desk::with(&[("in/1.jsonl", &(record("a", MOPTI) + &record("b", GAO))), ("saved.toml", SAVED)]);
    desk.index(&["in"]);
    desk
}

fn jsonl(desk: &Desk, args: &[&str]) -> Run {
    desk.run(&[args, &["--format", "jsonl"]].concat())
}

/// Names of queries and ids of reports of the alerts.
fn alerts(run: &Run) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let lines = run.lines();
    for line in &lines {
        validate("alert.schema.json", line);
    }
    lines.iter().map(|line| (text(&line["query"]), text(&line["hit"]["report"]["id"]))).collect()
}

fn pair(query: &str, id: &str) -> (String, String) {
    (query.to_owned(), id.to_owned())
}

#[test]
fn what_is_new_is_told_once() {
    let desk = desk();
    let first = jsonl(&desk, &STATE);
    assert_eq!((first.status, first.out.as_str()), (1, ""));
    assert_eq!(first.err, "note: reports that count as seen from now on: 2; the next run tells what is new\n");
    assert_eq!(jsonl(&desk, &STATE).status, 1);

    desk.write("in/2.jsonl", record("c", GAO) + &record("d", "Rien à signaler à Kidal."));
    desk.index(&["in"]);
    let second = jsonl(&desk, &STATE);
    assert_eq!((second.status, alerts(&second)), (0, vec![pair("Embuscades", "c")]), "{second:?}");
    assert_eq!(second.err, "");
    assert_eq!(jsonl(&desk, &STATE).status, 1);

    // A report that changes is new again; one that goes and comes back as it was is not.
    desk.write("in/1.jsonl", record("a", &MOPTI.replace("jeudi", "lundi")));
    desk.index(&["--prune", "in"]);
    assert_eq!(alerts(&jsonl(&desk, &STATE)), [pair("Mopti", "a")]);
    desk.write("in/1.jsonl", record("a", &MOPTI.replace("jeudi", "lundi")) + &record("b", GAO));
    assert_eq!(desk.index(&["in"])["added"], 1);
    assert_eq!(jsonl(&desk, &STATE).status, 1);
}

#[test]
fn an_empty_file_of_seen_reports_is_a_first_run() {
    let desk = desk();
    desk.write("seen", "");
    let run = jsonl(&desk, &STATE);
    assert_eq!((run.status, run.out.as_str()), (1, ""), "{run:?}");
    assert!(run.err.contains("count as seen from now on: 2"), "{run:?}");
    desk.write("in/2.jsonl", record("c", GAO));
    desk.index(&["in"]);
    assert_eq!(alerts(&jsonl(&desk, &STATE)), [pair("Embuscades", "c")]);
}

#[test]
fn what_was_seen_is_remembered_whatever_becomes_of_the_index() {
    let desk = desk();
    jsonl(&desk, &STATE);
    fs::remove_dir_all(desk.path(INDEX)).unwrap();
    fs::rename(desk.path("in"), desk.path("ailleurs")).unwrap();
    desk.write("ailleurs/2.jsonl", record("c", GAO));
    desk.index(&["ailleurs"]);
    assert_eq!(alerts(&jsonl(&desk, &STATE)), [pair("Embuscades", "c")]);
}

#[test]
fn all_tells_all_and_remembers_it() {
    let desk = desk();
    let all = jsonl(&desk, &[&STATE[..], &["--all"]].concat());
    assert_eq!(alerts(&all), [pair("Embuscades", "b"), pair("Mopti", "a")]);
    assert_eq!((all.status, all.err.as_str()), (0, ""));
    assert_eq!(jsonl(&desk, &STATE).status, 1);
    assert_eq!(desk.run(&["watch", "--queries", "saved.toml", "--since-digest", "0", "--all"]).status, 2);
}

#[test]
fn since_a_digest_answers_what_came_later() {
    let desk = desk();
    let digest = |summary: &Value| summary["digest"].as_str().unwrap().to_owned();
    let first = digest(&desk.index(&["in"]));
    desk.write("in/2.jsonl", record("c", GAO));
    let second = digest(&desk.index(&["in"]));
    desk.write("in/3.jsonl", record("d", GAO));
    let third = digest(&desk.index(&["in"]));
    let since = |digest: &str| {
        let run = jsonl(&desk, &["watch", "--queries", "saved.toml", "--since-digest", digest]);
        let mut ids: Vec<String> = alerts(&run).into_iter().map(|(_, id)| id).collect();
        ids.sort_unstable();
        (run.status, ids)
    };
    let want = |status: i32, ids: &[&str]| (status, ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>());
    for _ in 0..2 {
        assert_eq!(since(&first), want(0, &["c", "d"]));
        assert_eq!(since(&second[..8].to_uppercase()), want(0, &["d"]));
        assert_eq!(since(&third), want(1, &[]));
        // A rebuild keeps what came when.
        desk.index(&["--rebuild", "in"]);
    }
    for unknown in ["0123456789abcdef0123456789abcdef", &first[..7], "", "é"] {
        let run = desk.run(&["watch", "--queries", "saved.toml", "--since-digest", unknown]);
        assert!(run.fails_with_hint().contains("digest"), "{run:?}");
    }
}

#[test]
fn a_limit_counts_what_is_new() {
    let desk = desk();
    jsonl(&desk, &STATE);
    desk.write("saved.toml", SAVED.replace("\"embuscade\"\n", "\"embuscade\"\nlimit = 2\n"));
    desk.write("in/2.jsonl", (0..30).map(|n| record(&format!("n{n}"), &format!("{GAO} {n}"))).collect::<String>());
    desk.index(&["in"]);
    let run = jsonl(&desk, &STATE);
    assert_eq!(alerts(&run).len(), 2);
    assert!(run.lines().iter().all(|line| line["hit"]["report"]["id"] != "b"));
    assert!(run.err.contains("the best 2 of 30 reports that answer"), "{}", run.err);
}

#[test]
fn passages_and_filters_alone_are_watched_too() {
    let desk = desk();
    jsonl(&desk, &STATE);
    desk.write(
        "saved.toml",
        "[[query]]\nname = \"p\"\nquery = \"embuscade convoi\"\nin = \"passage\"\n\
                              [[query]]\nname = \"f\"\nregions = [\"Gao\"]\nsince = 2024-08-01\n",
    );
    desk.write("in/2.jsonl", record("c", GAO));
    desk.index(&["in"]);
    assert_eq!(alerts(&jsonl(&desk, &STATE)), [pair("p", "c"), pair("f", "c")]);
}

#[test]
fn a_query_for_what_the_index_does_not_have_costs_no_other() {
    let desk = desk();
    jsonl(&desk, &STATE);
    desk.write("saved.toml", SAVED.replace("regions = [\"Mali\"]", "sources = [\"AFP\"]"));
    desk.write("in/2.jsonl", record("c", GAO));
    desk.index(&["in"]);
    let run = jsonl(&desk, &STATE);
    assert_eq!((run.status, alerts(&run)), (0, vec![pair("Embuscades", "c")]));
    assert!(run.err.contains("“Mopti”: no source is named “AFP” in this index"), "{}", run.err);
    assert_eq!(jsonl(&desk, &STATE).out, "");
    // Of values of one kind, the others are asked.
    let saved = "[[query]]\nname = \"f\"\nregions = [\"Gao\", \"Camp-Y\"]\ngroups = [\"!Milice-X\"]\n\
                 [[query]]\nname = \"q\"\nquery = \"embuscade OU groupe:Milice-X\"\n\
                 [[query]]\nname = \"p\"\nin = \"passage\"\nregions = [\"Gao\", \"Camp-Y\"]\n";
    desk.write("saved.toml", saved);
    desk.write("in/3.jsonl", record("d", GAO));
    desk.index(&["in"]);
    let run = jsonl(&desk, &STATE);
    assert_eq!((run.status, alerts(&run)), (0, vec![pair("f", "d"), pair("q", "d"), pair("p", "d")]), "{run:?}");
    assert_eq!(run.err.matches("Camp-Y").count(), 2, "{}", run.err);
    assert_eq!(jsonl(&desk, &STATE).out, "");
}

#[test]
fn a_query_that_cannot_be_asked_costs_no_other_and_loses_nothing() {
    let desk = desk();
    jsonl(&desk, &STATE);
    // More phrases with a distance than one query may have.
    let many = "'".to_owned() + &"\"poste armée\"~5 ".repeat(500) + "'";
    desk.write("saved.toml", SAVED.replace("\"attaque\"", &many));
    desk.write("in/2.jsonl", record("c", GAO) + &record("m", MOPTI));
    desk.index(&["in"]);
    for _ in 0..2 {
        let run = jsonl(&desk, &STATE);
        assert_eq!((run.status, alerts(&run)), (3, vec![pair("Embuscades", "c")]), "{run:?}");
        assert!(
            run.err.contains("“Mopti” was not answered: ") && run.err.contains("nothing counts as seen"),
            "{run:?}"
        );
    }
    desk.write("saved.toml", SAVED);
    assert_eq!(alerts(&jsonl(&desk, &STATE)), [pair("Embuscades", "c"), pair("Mopti", "m")]);
    assert_eq!(jsonl(&desk, &STATE).status, 1);
}

#[test]
fn what_cannot_be_read_is_an_error_and_nothing_counts_as_seen() {
    let desk = desk();
    jsonl(&desk, &STATE);
    desk.write("in/2.jsonl", record("c", GAO));
    desk.index(&["in"]);
    let state = fs::read(desk.path("seen")).unwrap();
    for (saved, want) in [
        ("", "saved.toml: line 1: no request"),
        ("[[query]]\nname = \"a\"\nregion = [\"Mali\"]", "saved.toml: line 3: unknown key “region”"),
        ("[[query]]\nname = \"a\"\noffset = 3", "saved.toml: line 3: “offset” has no meaning"),
        ("[[query]]\nname = \"a\"\nquery = '\"embuscade'", "saved.toml: line 3: “a”: query: "),
    ] {
        desk.write("saved.toml", saved);
        let run = desk.run(&STATE);
        assert!(run.fails_with_hint().contains(want), "{run:?}");
    }
    desk.write("saved.toml", b"\xff\xfe");
    desk.run(&STATE).fails();
    desk.run(&["watch", "--queries", "rien.toml", "--state", "seen"]).fails();
    desk.run(&["watch", "--queries", "in", "--state", "seen"]).fails();
    assert_eq!(fs::read(desk.path("seen")).unwrap(), state);
    desk.write("saved.toml", SAVED);
    for wrong in ["saved.toml", "in", "nulle/part"] {
        desk.run(&["watch", "--queries", "saved.toml", "--state", wrong]).fails();
    }
    assert_eq!(desk.run(&["watch", "--queries", "saved.toml"]).status, 2);
    assert_eq!(alerts(&jsonl(&desk, &STATE)), [pair("Embuscades", "c")]);
}

#[test]
fn a_reader_that_goes_away_loses_no_alert() {
    let desk = desk();
    jsonl(&desk, &STATE);
    desk.write("in/2.jsonl", record("c", GAO));
    desk.index(&["in"]);
    for format in ["text", "jsonl", "rss"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = desk.command(&[&STATE[..], &["--format", format]].concat());
        let output = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{format}");
    }
    assert_eq!(alerts(&jsonl(&desk, &STATE)), [pair("Embuscades", "c")]);
}

#[test]
fn for_people_and_for_feed_readers() {
    let desk = desk();
    jsonl(&desk, &STATE);
    desk.write("in/2.jsonl", record("c", &format!("{GAO} <b> & co")));
    desk.index(&["in"]);
    let since = |format: &str| {
        fs::copy(desk.path("seen"), desk.path("copie")).unwrap();
        desk.run(&["watch", "--queries", "saved.toml", "--state", "copie", "--format", format])
    };
    let text = since("text");
    assert!(
        text.out.contains("Embuscades") && text.out.contains("in/2.jsonl:c#1") && !text.out.contains("Mopti"),
        "{text:?}"
    );
    let feed = since("rss").out;
    assert_eq!(feed.matches("<item>").count(), 1);
    assert!(
        feed.contains("<category>Embuscades</category>") && feed.contains("&lt;mark&gt;embuscade&lt;/mark&gt;"),
        "{feed}"
    );
    assert!(feed.contains("&amp;lt;b&amp;gt; &amp;amp; co"), "{feed}");
    // Without anything new, a feed is a feed all the same.
    jsonl(&desk, &STATE);
    let empty = desk.run(&[&STATE[..], &["--format", "rss"]].concat());
    assert!(empty.status == 1 && empty.out.ends_with("</channel>\n</rss>\n"), "{empty:?}");
    let lines = since("jsonl");
    assert_eq!((lines.status, lines.out.as_str()), (1, ""));
}
