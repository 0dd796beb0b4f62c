//! `vigie index` from outside: what comes into an index, what stays, and that it holds through everything.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use common::{Desk, INDEX, Run, ids, validate};
use serde_json::{Value, json};
use vigie::corpus::{Corpus, ReadOptions};
use vigie::index::{IndexOptions, IndexReader, build};

const MOPTI: &str = "Des hommes armés ont attaqué jeudi un poste de l'armée près de Mopti.";
const GAO: &str = "Une embuscade contre un convoi a fait trois blessés sur la route de Gao.";
const KIDAL: &str = "Le marché de Kidal a rouvert lundi matin, selon plusieurs habitants.";

/// Two files with a report each.
fn two() -> Desk {
    Desk::with(&[("in/a.txt", MOPTI), ("in/b.txt", GAO)])
}

/// Added, updated, unchanged, removed, and in the index afterwards.
fn counts(summary: &Value) -> [u64; 5] {
    ["added", "updated", "unchanged", "removed", "reports"].map(|key| summary[key].as_u64().unwrap())
}

fn record(id: &str, text: &str) -> String {
    json!({ "id": id, "text": text }).to_string() + "\n"
}

fn spawn(desk: &Desk, args: &[&str]) -> Child {
    let mut command = desk.command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn reports_are_added_updated_or_left_as_they_are() {
    let desk = two();
    assert_eq!(counts(&desk.index(&["in"])), [2, 0, 0, 0, 2]);
    assert_eq!(counts(&desk.index(&["in"])), [0, 0, 2, 0, 2]);
    desk.write("in/a.txt", KIDAL);
    desk.write("in/c.txt", MOPTI);
    assert_eq!(counts(&desk.index(&["in"])), [1, 1, 1, 0, 3]);
    assert_eq!(desk.ids(&["Kidal"]), ["a.txt"]);
    assert_eq!(desk.ids(&["Mopti"]), ["c.txt"]);
    assert_eq!(desk.ids(&[]).len(), 3);
}

#[test]
fn a_file_that_is_gone_stays_until_it_is_pruned() {
    let desk = two();
    desk.index(&["in"]);
    std::fs::remove_file(desk.path("in/a.txt")).unwrap();
    assert_eq!(counts(&desk.index(&["in"])), [0, 0, 1, 0, 2]);
    assert_eq!(counts(&desk.index(&["--prune", "in"])), [0, 0, 1, 1, 1]);
    assert_eq!(desk.ids(&[]), ["b.txt"]);
}

#[test]
fn pruning_drops_what_is_gone_and_nothing_that_could_not_be_read() {
    let records = record("r1", MOPTI) + &record("r2", GAO) + &record("r3", KIDAL);
    let packed = zstd::encode_all(records.replace("\"r", "\"z").as_bytes(), 1).unwrap();
    let desk = Desk::with(&[
        ("in/gone.jsonl", &records),
        ("in/line.jsonl", &records.replace("\"r", "\"s")),
        ("in/whole.json", &record("j1", MOPTI)),
        ("in/text.txt", GAO),
    ]);
    desk.write("in/packed.jsonl.zst", &packed);
    desk.index(&["in"]);
    // A record that is gone, a line that no longer parses, and three files that are broken.
    desk.write("in/gone.jsonl", record("r1", MOPTI) + &record("r3", KIDAL));
    desk.write("in/line.jsonl", record("s1", MOPTI) + "{\"id\": \"s2\", \"te\n" + &record("s3", KIDAL));
    desk.write("in/whole.json", "{\"id\": \"j1\",");
    desk.write("in/text.txt", [0_u8, 159, 146, 150, 0, 1, 2, 3].repeat(40));
    desk.write("in/packed.jsonl.zst", &packed[..packed.len() / 2]);

    let run = desk.run(&["index", "--prune", "--format", "json", "in"]);
    assert_eq!(run.status, 3, "{run:?}");
    assert_eq!(run.json()["removed"], 1, "{run:?}");
    let mut left = desk.ids(&[]);
    left.sort_unstable();
    assert_eq!(left, ["j1", "r1", "r3", "s1", "s2", "s3", "text.txt", "z1", "z2", "z3"]);
}

#[test]
fn a_rebuild_holds_what_is_there_now_and_takes_the_place_of_the_old() {
    let desk = two();
    desk.index(&["in"]);
    let old = desk.generations();
    std::fs::remove_file(desk.path("in/a.txt")).unwrap();
    desk.write("in/c.txt", KIDAL);
    assert_eq!(counts(&desk.index(&["--rebuild", "in"])), [2, 0, 0, 0, 2]);
    let mut there = desk.ids(&[]);
    there.sort_unstable();
    assert_eq!(there, ["b.txt", "c.txt"]);
    assert_eq!(desk.generations().len(), 1);
    assert_ne!(desk.generations(), old);
}

#[test]
fn a_dry_run_tells_and_changes_nothing() {
    let desk = two();
    assert_eq!(desk.index(&["--dry-run", "in"])["dry_run"], true);
    assert!(!desk.path(INDEX).exists());

    desk.index(&["in"]);
    let (before, answer) = (desk.files(INDEX), desk.search(&[]));
    std::fs::remove_file(desk.path("in/b.txt")).unwrap();
    desk.write("in/a.txt", KIDAL);
    desk.write("in/c.txt", GAO);
    for (args, want) in [
        (&["--dry-run", "in"][..], [1, 1, 0, 0]),
        (&["--dry-run", "--prune", "in"], [1, 1, 0, 1]),
        (&["--dry-run", "--rebuild", "in"], [2, 0, 0, 0]),
    ] {
        let summary = desk.index(args);
        assert_eq!(counts(&summary)[..4], want, "{args:?}");
        assert_eq!(summary["dry_run"], true);
        assert!(desk.files(INDEX) == before, "{args:?}");
        assert_eq!(desk.search(&[]), answer, "{args:?}");
    }
}

#[test]
fn a_strict_run_with_a_skip_fails_and_changes_nothing() {
    let desk = two();
    desk.write("in/d.json", "{");
    desk.run(&["index", "--strict", "in"]).fails_with_hint();
    assert!(desk.generations().is_empty());
    desk.run(&["search", "Mopti"]).fails_with_hint();

    std::fs::remove_file(desk.path("in/d.json")).unwrap();
    desk.index(&["--strict", "in"]);
    let (generations, answer) = (desk.generations(), desk.search(&[]));
    desk.write("in/a.txt", KIDAL);
    desk.write("in/c.txt", KIDAL);
    desk.write("in/d.json", "{");
    for args in [&["--strict", "in"][..], &["--strict", "--rebuild", "in"], &["--strict", "--prune", "in"]] {
        let run = desk.run(&[&["index"], args].concat());
        let error = run.fails_with_hint();
        assert!(error.contains("in/d.json"), "{error}");
        assert_eq!(desk.search(&[]), answer, "{args:?}");
        assert_eq!(desk.generations(), generations, "{args:?}");
    }
    // And the same run without the flag does what it was kept from.
    assert_eq!(desk.run(&["index", "in"]).status, 3);
    assert_eq!(desk.ids(&["Kidal"]).len(), 2);
}

#[test]
fn of_two_records_of_one_id_the_later_holds_and_it_is_told() {
    let desk =
        Desk::with(&[("in/1.jsonl", &(record("x", MOPTI) + &record("x", GAO))), ("in/2.jsonl", &record("y", GAO))]);
    desk.write("in/3.json", record("y", KIDAL));
    let run = desk.run(&["index", "in"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.out.contains("given more than once") && run.out.contains("(x, y)"), "{}", run.out);
    assert_eq!(desk.ids(&["Mopti"]), [""; 0]);
    assert_eq!(desk.ids(&["embuscade"]), ["x"]);
    assert_eq!(desk.ids(&["Kidal"]), ["y"]);

    // As true of what a second run brings.
    let summary = desk.index(&["in"]);
    assert_eq!(summary["duplicates"], json!(["x", "y"]));
    assert_eq!(summary["reports"], 2);
    assert_eq!(desk.ids(&["embuscade"]), ["x"]);
    assert_eq!(desk.ids(&["Kidal"]), ["y"]);
}

#[test]
fn a_publication_date_is_for_reports_without_one() {
    let own = json!({ "id": "own", "text": MOPTI, "published": "2023-01-02" }).to_string();
    let desk = Desk::with(&[("in/a.txt", GAO), ("in/b.jsonl", &own)]);
    assert_eq!(desk.index(&["in"])["undated"], json!(["a.txt"]));
    assert_eq!(desk.index(&["--published", "15 août 2024", "in"])["undated"], json!([]));
    let answer = desk.search(&[]);
    let dates: Vec<&Value> = answer["hits"].as_array().unwrap().iter().map(|hit| &hit["report"]["published"]).collect();
    assert_eq!(dates, ["2024-08-15", "2023-01-02"]);
}

#[test]
fn an_encoding_can_be_forced() {
    let desk = Desk::new();
    // What no detection for the web can know: the encoding of old Macintoshes, where « é » is 8E and « à » is 88.
    desk.write("in/a.txt", b"Deux bless\x8es \x88 M\x8enaka apr\x8fs l'attaque du march\x8e.");
    desk.index(&["--encoding", "macintosh", "in"]);
    let answer = desk.search(&["\"Ménaka\""]);
    assert_eq!(answer["hits"][0]["passage"]["text"], "Deux blessés à Ménaka après l'attaque du marché.");
}

#[test]
fn columns_of_a_table_can_be_named() {
    let desk = Desk::with(&[("in/a.csv", &format!("gros;long;jour\nUn poste attaqué;{MOPTI};2024-08-15\n"))]);
    assert_eq!(desk.run(&["index", "in"]).status, 3);
    let columns = ["--column", "text=long", "--column", "title=gros", "--column", "published=jour"];
    assert_eq!(desk.index(&[&columns[..], &["in"]].concat())["added"], 1);
    let hit = &desk.search(&["Mopti"])["hits"][0];
    assert_eq!((&hit["passage"]["text"], &hit["report"]["title"]), (&json!(MOPTI), &json!("Un poste attaqué")));
    assert_eq!(hit["report"]["published"], "2024-08-15");
}

#[test]
fn a_dash_reads_json_lines_from_standard_input() {
    let desk = Desk::new();
    let input = record("x", MOPTI) + "\n" + &json!({ "text": GAO }).to_string();
    let run = desk.fed(&["index", "-", "--format", "json"], input);
    assert_eq!((run.status, counts(&run.json())), (0, [2, 0, 0, 0, 2]), "{run:?}");
    assert_eq!(desk.ids(&["embuscade"]), ["stdin#L3"]);
    // Nothing on standard input is nothing to prune by: what came from there stays.
    let run = desk.fed(&["index", "--prune", "-", "--format", "json"], record("z", KIDAL));
    assert_eq!(run.json()["added"], 1);
    assert!(desk.ids(&["Kidal"]).contains(&"z".to_owned()));
}

#[test]
fn the_summary_has_the_shape_of_its_schema() {
    let desk = two();
    desk.write("in/c.jsonl", record("x", MOPTI) + "{\n" + &record("x", GAO) + "{\"text\":\"Kidal\",\"autre\":1}");
    desk.write("in/d.pdf", "%PDF");
    for args in [&["in"][..], &["in"], &["--dry-run", "in"], &["--rebuild", "in"], &["--prune", "in/a.txt"]] {
        let run = desk.run(&[&["index", "--format", "json"], args].concat());
        let summary = run.json();
        validate("summary.schema.json", &summary);
        assert_eq!(run.status, if summary["skipped"] == json!([]) { 0 } else { 3 });
        assert_eq!(run.err, "");
    }
    let summary = desk.run(&["index", "--format", "json", "in"]).json();
    let skipped: Vec<Value> =
        summary["skipped"].as_array().unwrap().iter().map(|s| json!([s["path"], s["line"]])).collect();
    assert_eq!(skipped, [json!(["in/c.jsonl", 2]), json!(["in/d.pdf", null])]);
}

#[test]
fn the_summary_for_people() {
    let desk = two();
    desk.write("in/c.jsonl", record("x", MOPTI) + "{\n" + &record("y", GAO));
    desk.write("in/d.pdf", "%PDF");
    desk.write("in/e.csv", "text,couleur\nKidal,bleu\n");
    desk.write("in/nom\u{1b}[31m\n.json", "[]");
    let run = desk.run(&["index", "in"]);
    let verbose = desk.run(&["index", "-v", "in"]);
    let quiet = desk.run(&["index", "-q", "in"]);
    assert_eq!((run.status, verbose.status), (3, 3));
    assert_eq!((quiet.status, quiet.out, quiet.err), (3, String::new(), String::new()));
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"in \d+\.\d s", "in [time]");
    settings.add_filter(r"ix$|\S+/ix:", "[index]:");
    settings.bind(|| {
        insta::assert_snapshot!(run.out, @r"
        5 reports read, written to [index]: 5 added, 0 updated, 0 unchanged, 0 removed, 3 skipped; 5 in the index
        0.0 MB of files, 0.0 MB of text in [time]
        languages: fr 4, und 1
        annotated: 2 (40 %) with a group, 5 (100 %) with a region, 0 (0 %) with the date of an event
        without any date: 5 (a.txt, b.txt, x, y, e.csv#L2)
        skipped: 3
          in/c.jsonl:2: broken JSON: EOF while parsing an object (column 1)
          in/d.pdf: unknown format
            hint: vigie reads .csv, .htm, .html, .json, .jsonl, .markdown, .md, .ndjson, .tsv, .txt, .xhtml; each also as .gz or .zst
          in/nom�[31m�.json:1: no record
        notes: 1 (-v shows them)
        ");
        insta::assert_snapshot!(verbose.out, @r"
        5 reports read, nothing written to [index]: 0 added, 0 updated, 5 unchanged, 0 removed, 3 skipped; 5 in the index
        0.0 MB of files, 0.0 MB of text in [time]
        languages: fr 4, und 1
        without any date: 5 (a.txt, b.txt, x, y, e.csv#L2)
        skipped: 3
          in/c.jsonl:2: broken JSON: EOF while parsing an object (column 1)
          in/d.pdf: unknown format
            hint: vigie reads .csv, .htm, .html, .json, .jsonl, .markdown, .md, .ndjson, .tsv, .txt, .xhtml; each also as .gz or .zst
          in/nom�[31m�.json:1: no record
        note: in/e.csv: keys that no field has, left out (with the number of records): couleur (1)
        ");
    });
}

#[test]
fn exit_statuses_say_how_it_went() {
    let desk = two();
    std::fs::create_dir(desk.path("empty")).unwrap();
    assert_eq!(desk.run(&["index", "empty"]).status, 1);
    assert_eq!(desk.run(&["index", "in"]).status, 0);
    assert_eq!(desk.run(&["index", "in"]).status, 0);
    desk.write("in/c.pdf", "%PDF");
    assert_eq!(desk.run(&["index", "in"]).status, 3);
    assert_eq!(desk.run(&["index", "in", "nowhere"]).status, 2);
    assert_eq!(desk.run(&["index"]).status, 2);
    assert_eq!(desk.run(&["index", "in", "--rebuild", "--prune"]).status, 2);
    assert_eq!(desk.ids(&[]).len(), 2);
}

#[test]
fn an_empty_folder_leaves_an_index_as_it_was() {
    let desk = two();
    std::fs::create_dir(desk.path("empty")).unwrap();
    desk.index(&["in"]);
    let (before, answer) = (desk.files(INDEX), desk.search(&[]));
    for args in [&["index", "empty"][..], &["index", "--rebuild", "empty"]] {
        let run = desk.run(args);
        assert_eq!(run.status, 1, "{run:?}");
        assert!(run.out.starts_with("0 reports read, nothing written"), "{run:?}");
        assert_eq!(desk.search(&[]), answer);
        assert_eq!(desk.files(INDEX).keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    }
}

#[test]
fn a_directory_of_other_things_is_refused_and_left_alone() {
    let desk = two();
    desk.write("ix/photos/a.jpg", "jpg");
    desk.write("ix/notes.txt", "mes notes");
    let before = desk.files(INDEX);
    for args in [&["index", "in"][..], &["index", "--rebuild", "in"], &["search", "Mopti"]] {
        desk.run(args).fails_with_hint();
        assert!(desk.files(INDEX) == before, "{args:?}");
    }
    desk.write("file", "texte");
    for command in ["index", "search"] {
        desk.run(&[command, "in", "--index", "file"]).fails_with_hint();
    }
    assert_eq!(std::fs::read(desk.path("file")).unwrap(), b"texte");
}

#[test]
fn foreign_files_beside_an_index_stay() {
    let desk = two();
    desk.index(&["in"]);
    desk.write("ix/LISEZMOI.txt", "à garder");
    desk.write("ix/2024/a.txt", "à garder");
    desk.index(&["--rebuild", "in"]);
    let files = desk.files(INDEX);
    assert!(files.contains_key("ix/LISEZMOI.txt") && files.contains_key("ix/2024/a.txt"));
}

#[test]
fn one_writes_at_a_time() {
    let desk = two();
    desk.index(&["in"]);
    let answer = desk.search(&[]);
    desk.write("in/c.txt", KIDAL);
    // Waits for more on its standard input, and holds the lock meanwhile.
    let (writer, input) = writing(&desk, &["index", "-"]);

    let run = desk.run(&["index", "in"]);
    assert!(run.fails_with_hint().contains("another vigie"), "{run:?}");
    desk.run(&["index", "--rebuild", "in"]).fails_with_hint();
    // Who only reads is not kept waiting.
    assert_eq!(desk.search(&[]), answer);
    assert_eq!(desk.run(&["index", "--dry-run", "in"]).status, 0);

    drop(input);
    assert!(writer.wait_with_output().unwrap().status.success());
    assert_eq!(desk.ids(&["Kidal"]), ["x"]);
    assert_eq!(desk.index(&["in"])["added"], 1);
}

/// A writer in the middle of its work: it has read more than a pipe holds, and there is more to come.
fn writing(desk: &Desk, args: &[&str]) -> (Child, ChildStdin) {
    let mut writer = spawn(desk, args);
    let mut input = writer.stdin.take().unwrap();
    let records: String = (0..1_000).map(|_| record("x", KIDAL)).collect();
    input.write_all(records.as_bytes()).unwrap();
    (writer, input)
}

#[test]
fn an_index_survives_a_writer_that_is_killed() {
    let desk = two();
    desk.index(&["in"]);
    let answer = desk.search(&[]);
    for args in [&["index", "-"][..], &["index", "--rebuild", "-"]] {
        let (mut writer, _input) = writing(&desk, args);
        writer.kill().unwrap();
        writer.wait().unwrap();
        assert_eq!(desk.search(&[]), answer, "{args:?}");
        // The next run finds no lock, and clears up.
        assert_eq!(counts(&desk.index(&["in"])), [0, 0, 2, 0, 2], "{args:?}");
        assert_eq!(desk.search(&[]), answer, "{args:?}");
    }
    desk.write("in/c.txt", KIDAL);
    desk.index(&["in"]);
    assert_eq!(desk.ids(&[]).len(), 3);
    assert_eq!(desk.generations().len(), 1);
}

#[test]
fn whenever_a_writer_is_killed_the_index_is_the_old_one_or_the_new() {
    let desk = two();
    let word = |n: usize| format!("{:x}", n.wrapping_mul(0x9E37_79B9));
    let text = |n: usize| (0..60).map(|k| word(n * 60 + k)).collect::<Vec<_>>().join(" ");
    let big: String = (0..400).map(|n| record(&format!("g{n}"), &format!("Gao {}", text(n)))).collect();
    desk.write("big.jsonl", big);
    for round in 0..12 {
        desk.index(&["--rebuild", "in"]);
        let args: &[&str] = if round % 2 == 0 { &["index", "big.jsonl"] } else { &["index", "--rebuild", "big.jsonl"] };
        let mut writer = spawn(&desk, args);
        std::thread::sleep(Duration::from_millis(25 * round));
        let _ = writer.kill();
        writer.wait().unwrap();
        let found = desk.ids(&["Gao"]).len();
        let new = if round % 2 == 0 { 401 } else { 400 };
        assert!([1, new].contains(&found), "{found} reports after {args:?} was killed");
    }
}

#[test]
fn readers_are_answered_while_an_index_is_rebuilt() {
    let desk = two();
    desk.index(&["in"]);
    let answer = desk.search(&["Mopti"]);
    // One that stays open through it all, and others that come in the middle.
    let mut reader = spawn(&desk, &["search", "--queries", "-", "--format", "jsonl"]);
    let mut questions = reader.stdin.take().unwrap();
    let mut answers = BufReader::new(reader.stdout.take().unwrap()).lines();
    let mut ask = || -> Value {
        writeln!(questions, "q\tMopti").unwrap();
        serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap()
    };
    assert_eq!(ids(&ask()), ["a.txt"]);

    let old = desk.generations();
    let (writer, mut input) = writing(&desk, &["index", "--rebuild", "-"]);
    assert_eq!(desk.generations().len(), 2);
    for n in 0..5 {
        input.write_all(record(&format!("y{n}"), MOPTI).as_bytes()).unwrap();
        assert_eq!(desk.search(&["Mopti"]), answer);
        assert_eq!(ids(&ask()), ["a.txt"]);
    }
    drop(input);
    assert!(writer.wait_with_output().unwrap().status.success());

    assert_eq!(desk.ids(&["Mopti"]).len(), 5);
    assert_ne!(desk.generations(), old);
    // Who opened the old one still reads it.
    assert_eq!(ids(&ask()), ["a.txt"]);
    drop(questions);
    assert!(reader.wait().unwrap().success());
}

#[test]
fn a_folder_that_holds_its_own_index_can_be_read_again() {
    // As when the default directory is made in the folder that is indexed.
    let desk = two();
    assert_eq!(counts(&desk.index(&["."])), [2, 0, 0, 0, 2]);
    assert_eq!(counts(&desk.index(&["."])), [0, 0, 2, 0, 2]);
}

#[test]
fn pruning_from_another_folder_drops_nothing_that_is_still_there() {
    let desk = two();
    desk.index(&["in"]);
    desk.write("elsewhere/in/c.txt", KIDAL);
    let mut command = desk.command(&["index", "--prune", "in", "--format", "json"]);
    command.current_dir(desk.path("elsewhere"));
    assert_eq!(counts(&Run::of(command, "").json()), [1, 0, 0, 0, 3]);
    assert_eq!(desk.ids(&[]).len(), 3);
}

#[test]
fn records_of_one_id_that_are_read_again_are_unchanged() {
    let desk = Desk::with(&[("in/1.jsonl", &(record("x", MOPTI) + &record("x", GAO)))]);
    assert_eq!(counts(&desk.index(&["in"])), [1, 0, 0, 0, 1]);
    assert_eq!(counts(&desk.index(&["in"])), [0, 0, 1, 0, 1]);
}

#[test]
fn a_report_that_is_given_twice_is_counted_once() {
    let desk = Desk::with(&[("in/1.jsonl", &(record("x", MOPTI) + &record("x", GAO)))]);
    let summary = desk.index(&["in"]);
    assert_eq!(summary["added"], 1);
    assert_eq!(summary["undated"], json!(["x"]));
    assert_eq!(summary["languages"], json!({ "fr": 1 }));
}

#[test]
fn what_annotation_found_is_told_of_the_reports_that_hold() {
    let dated = "Le 3 mai 2024, le JNIM a attaqué un poste de l'armée à Mopti.";
    let desk = Desk::with(&[("in/1.jsonl", &(record("x", dated) + &record("y", GAO) + &record("x", "Rien.")))]);
    desk.write("in/2.jsonl", record("z", dated));
    desk.write("in/3.jsonl", record("z", "Rien."));
    for args in [&["--dry-run", "in"][..], &["in"]] {
        let summary = desk.index(args);
        let found = ["reports", "groups", "regions", "dates"].map(|key| summary["annotated"][key].as_u64().unwrap());
        assert_eq!(found, [3, 0, 1, 0], "{summary}");
        assert_eq!(summary["undated"], json!(["y", "x", "z"]));
    }
}

#[test]
fn a_strict_run_loses_no_record() {
    let desk = Desk::with(&[("in/1.jsonl", &(record("x", MOPTI) + &record("y", GAO)))]);
    desk.index(&["--strict", "in"]);
    let (files, answer) = (desk.files(INDEX), desk.search(&[]));
    // In one file, and in two, of which one is known.
    for (name, text, told) in [
        (
            "in/1.jsonl",
            record("x", MOPTI) + &record("y", GAO) + &record("x", KIDAL),
            "report 1 of in/1.jsonl and report 3 of in/1.jsonl",
        ),
        ("in/2.jsonl", record("z", GAO) + &record("x", KIDAL), "report 1 of in/1.jsonl and report 2 of in/2.jsonl"),
    ] {
        let before = desk.files("in");
        desk.write(name, text);
        for args in [&["--strict", "in"][..], &["--strict", "--rebuild", "in"], &["--strict", "--dry-run", "in"]] {
            let run = desk.run(&[&["index"], args].concat());
            let error = run.fails_with_hint();
            assert!(error.starts_with("vigie: 1 record would be lost") && error.contains("“x”"), "{error}");
            assert!(error.contains(told), "{error}");
            assert!(desk.files(INDEX).keys().eq(files.keys()), "{args:?}");
            assert_eq!(desk.search(&[]), answer, "{args:?}");
        }
        for (name, bytes) in before {
            desk.write(&name, bytes);
        }
    }
    // Nothing is lost where records are the same, nor without the flag, but that the last holds.
    std::fs::remove_file(desk.path("in/2.jsonl")).unwrap();
    desk.write("in/1.jsonl", record("x", MOPTI) + &record("y", GAO) + &record("x", MOPTI));
    assert_eq!(desk.index(&["--strict", "in"])["duplicates"], json!(["x"]));
    desk.write("in/1.jsonl", record("x", MOPTI) + &record("x", KIDAL));
    assert_eq!(desk.index(&["in"])["duplicates"], json!(["x"]));
    assert_eq!(desk.ids(&["Kidal"]), ["x"]);
}

#[test]
fn where_no_report_is_read_nothing_is_pruned() {
    let desk = two();
    desk.index(&["in"]);
    std::fs::rename(desk.path("in"), desk.path("elsewhere")).unwrap();
    std::fs::create_dir(desk.path("in")).unwrap();
    for args in [&["--prune", "in"][..], &["--prune", "--dry-run", "in"]] {
        let run = desk.run(&[&["index"], args].concat());
        assert_eq!((run.status, run.err.starts_with("note: nothing was pruned: ")), (1, true), "{run:?}");
        assert_eq!(desk.ids(&[]).len(), 2);
    }
    // Nor where all that is there is skipped.
    desk.write("in/a.pdf", "%PDF");
    assert_eq!(desk.run(&["index", "--prune", "in"]).status, 3);
    assert_eq!(desk.ids(&[]).len(), 2);
    desk.write("in/a.txt", MOPTI);
    let run = desk.run(&["index", "--prune", "--format", "json", "in"]);
    assert_eq!((run.json()["removed_ids"].clone(), run.err.as_str()), (json!(["b.txt"]), ""));
}

#[test]
fn what_standard_input_does_not_hold_any_more_is_pruned() {
    let desk = two();
    let fed = |args: &[&str], text: &str| {
        let run = desk.fed(&[&["index", "--format", "json"], args].concat(), text);
        assert_eq!(run.status, 0, "{run:?}");
        run.json()
    };
    fed(&["-", "in"], &(record("x", MOPTI) + &record("y", GAO)));
    // Without it, nothing is known of it.
    assert_eq!(fed(&["--prune", "in"], "")["removed"], 0);
    assert_eq!(fed(&["--prune", "-"], &record("y", GAO))["removed_ids"], json!(["x"]));
    assert_eq!(desk.ids(&[]).len(), 3);
    // A line that cannot be read may be any of them.
    let run = desk.fed(&["index", "--prune", "-"], record("z", GAO) + "{\n");
    assert_eq!(run.status, 3, "{run:?}");
    assert_eq!(desk.ids(&[]).len(), 4);
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_below_a_name_that_is_no_unicode_is_not_taken_for_gone() {
    use std::os::unix::ffi::OsStrExt;

    let desk = two();
    let folder = desk.path("latin").join(std::ffi::OsStr::from_bytes(b"\xe9t\xe9"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("c.txt"), KIDAL).unwrap();
    desk.index(&["latin"]);
    assert_eq!(desk.index(&["--prune", "in"])["removed"], 0);
    assert_eq!(desk.ids(&["Kidal"]).len(), 1);
}

#[test]
fn a_run_that_reads_nothing_tells_what_is_in_the_index() {
    let desk = two();
    desk.index(&["in"]);
    std::fs::create_dir(desk.path("empty")).unwrap();
    for args in [&["empty"][..], &["--rebuild", "empty"]] {
        let run = desk.run(&[&["index", "--format", "json"], args].concat());
        assert_eq!(run.json()["reports"], 2, "{args:?}");
    }
}

#[test]
fn a_strict_run_that_fails_leaves_nothing_behind() {
    let desk = two();
    desk.index(&["in"]);
    let before = desk.files(INDEX);
    desk.write("in/c.txt", KIDAL);
    desk.write("in/d.json", "{");
    desk.run(&["index", "--strict", "in"]).fails_with_hint();
    assert!(desk.files(INDEX).keys().eq(before.keys()), "{:?}", desk.files(INDEX).keys());
    // Nor where there was nothing.
    desk.run(&["index", "--strict", "in", "--index", "new"]).fails_with_hint();
    assert!(!desk.path("new").exists());
}

#[test]
fn a_summary_that_nobody_reads_is_no_failure() {
    let desk = two();
    for format in ["text", "json"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = desk.command(&["index", "in", "--format", format]);
        let output = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{format}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_summary_that_cannot_be_written_does_not_say_that_nothing_was_changed() {
    for format in ["text", "json"] {
        let desk = two();
        let run = |args: &[&str]| {
            let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
            let mut command = desk.command(&[&["index", "in", "--format", format], args].concat());
            let output = command.stdin(Stdio::null()).stdout(full).stderr(Stdio::piped()).output().unwrap();
            (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
        };
        // Nothing is changed by a run that only tells, nor by one over what is there already.
        let (status, error) = run(&["--dry-run"]);
        assert!(status == 2 && error.starts_with("vigie: standard output: No space left"), "{status} {error}");
        let (status, error) = run(&[]);
        assert!(status == 3 && error.starts_with("vigie: the index was written, but its summary cannot be: No space"));
        assert_eq!(error.lines().count(), 1, "{error}");
        assert_eq!(desk.ids(&[]).len(), 2);
        assert_eq!(run(&[]).0, 2);
    }
}

#[test]
fn an_index_that_was_copied_without_its_lock_is_still_one() {
    let desk = two();
    desk.index(&["in"]);
    for (name, bytes) in desk.files(INDEX) {
        let name = name.strip_prefix("ix/").unwrap();
        if name.contains('/') || !name.ends_with("lock") {
            desk.write(&format!("copy/{name}"), bytes);
        }
    }
    let copy = ["--index", "copy"];
    assert_eq!(desk.ids(&copy).len(), 2);
    assert_eq!(counts(&desk.index(&[&copy[..], &["in"]].concat())), [0, 0, 2, 0, 2]);
}

#[test]
fn any_amount_of_memory_will_do() {
    let desk = two();
    for memory in ["0", "1", "64M", "8G", "1000G"] {
        assert_eq!(desk.index(&["--rebuild", "--memory", memory, "in"])["added"], 2, "{memory}");
    }
}

#[test]
fn one_process_can_rebuild_twice_in_a_row() {
    let desk = two();
    for _ in 0..3 {
        let corpus = Corpus::open(&[desk.path("in")], ReadOptions::default()).unwrap();
        let options = IndexOptions { rebuild: true, ..IndexOptions::default() };
        assert_eq!(build(&desk.path(INDEX), corpus, &options, &mut |_| {}).unwrap().reports, 2);
    }
    assert_eq!(desk.ids(&[]).len(), 2);
}

#[test]
fn no_reader_meets_a_generation_that_is_being_removed() {
    let desk = two();
    desk.index(&["in"]);
    // Opening takes a moment, in which the old generation may go; the more often, the more surely it is met.
    let done = AtomicBool::new(false);
    let failed = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut failed = None;
            while !done.load(Ordering::Relaxed) && failed.is_none() {
                failed = IndexReader::open(&desk.path(INDEX)).err();
            }
            failed
        });
        let rebuilt = (0..25).map(|_| desk.run(&["index", "--rebuild", "in"]).status).collect::<Vec<_>>();
        done.store(true, Ordering::Relaxed);
        assert!(rebuilt.iter().all(|&status| status == 0), "{rebuilt:?}");
        reader.join().unwrap()
    });
    assert!(failed.is_none(), "{}", failed.unwrap());
}

#[test]
#[cfg(unix)]
fn who_may_read_one_file_of_an_index_may_read_all() {
    use std::os::unix::fs::PermissionsExt;

    let desk = two();
    desk.index(&["in"]);
    desk.write("in/c.txt", KIDAL);
    desk.index(&["in"]);
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode();
    let usual = mode(&desk.path("in/c.txt"));
    for name in desk.files(INDEX).keys() {
        assert_eq!(mode(&desk.path(name)), usual, "{name}");
    }
}
