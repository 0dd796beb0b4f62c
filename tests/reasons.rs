//! What a search tells of itself: what it was widened by, what there is where nothing answers, why a hit stands where
//! it does.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, Run, ids, validate};
use serde_json::Value;

const CONVOI: &str = "Une embuscade contre un convoi a fait trois morts sur la route de Bankass.";
const MOSQUEE: &str = "Des hommes ont brûlé la mosquée et le marché de Diallassagou.";
const MARCHE: &str = "Le préfet a rouvert le marché de Mopti après des mois de fermeture.";

/// A desk with an index of three reports.
fn indexed() -> Desk {
    let desk = Desk::with(&[("in/convoi.txt", CONVOI), ("in/mosquee.txt", MOSQUEE), ("in/marche.txt", MARCHE)]);
    desk.index(&["in", "--published", "2024-05-02"]);
    desk
}

/// A search that finds nothing.
#[track_caller]
fn nothing(desk: &Desk, args: &[&str]) -> Run {
    let run = desk.run(&[&["search"], args].concat());
    assert_eq!(run.status, 1, "{run:?}");
    run
}

#[test]
fn a_slip_of_the_keyboard_is_read_as_it_was_meant_and_told() {
    let desk = indexed();
    let answer = desk.run(&["search", "embuscde", "--format", "json"]).json();
    validate("answer.schema.json", &answer);
    assert_eq!(ids(&answer), ["convoi.txt"]);
    let told = &answer["expanded"][0];
    assert_eq!(
        (&told["term"], &told["kind"], &told["to"][0]),
        (&"embuscde".into(), &"spelling".into(), &"embuscade".into())
    );
    assert_eq!((&told["start"], &told["end"]), (&0.into(), &8.into()));
    // People are told once.
    let warning = answer["warnings"][0].as_str().unwrap();
    assert!(warning.starts_with("« embuscde » read as « embuscade »"), "{warning}");
    let text = desk.run(&["search", "embuscde"]).out;
    assert_eq!(text.matches("« embuscde »").count(), 1, "{text}");
    assert!(text.ends_with(&format!("\n1 report (hit 1)\nnote: {warning}\n")), "{text}");
    let lines = desk.run(&["search", "embuscde", "--format", "jsonl"]);
    assert_eq!((lines.lines().len(), lines.err), (1, format!("note: {warning}\n")));
}

#[test]
fn what_widens_a_query_can_be_turned_off() {
    let desk = indexed();
    for command in [&["search"][..], &["facets", "--by", "region"], &["timeline"]] {
        let of = |more: &[&str]| {
            let run = desk.run(&[command, &["embuscde", "--format", "json"], more].concat());
            (run.status, run.json()["total"].clone(), run.json()["request"]["expand"].clone())
        };
        assert_eq!(of(&[]), (0, 1.into(), true.into()), "{command:?}");
        assert_eq!(of(&["--no-expand"]), (1, 0.into(), false.into()), "{command:?}");
    }
    assert_eq!(nothing(&desk, &["embuscde", "--no-expand", "-c"]).out, "0\n");
    let answer = nothing(&desk, &["embuscde", "--no-expand", "--format", "json"]).json();
    assert_eq!(answer["expanded"], Value::Array(Vec::new()));
}

#[test]
fn where_nothing_answers_the_rest_is_set_apart() {
    let desk = indexed();
    let run = nothing(&desk, &["embuscade mosquée marché", "-n", "1"]);
    insta::assert_snapshot!(run.out, @r"
    no report answers “embuscade mosquée marché”

    some of the words: 3 reports, none with all of them
    │ (1) mosquee.txt
    │    published 2024-05-02 · Diallassagou
    │    Des hommes ont brûlé la mosquée et le marché de Diallassagou.
    │    in/mosquee.txt#1
    │ … 2 more reports with --match any
    ");
    assert_eq!(run.err, "");

    let answer = nothing(&desk, &["embuscade mosquée", "--format", "json"]).json();
    validate("answer.schema.json", &answer);
    assert_eq!((&answer["total"], answer["hits"].as_array().unwrap().len()), (&0.into(), 0));
    assert_eq!((&answer["relaxed"]["total"], &answer["relaxed"]["match"]), (&2.into(), &"any".into()));
    let any = desk.search(&["embuscade mosquée", "--match", "any"]);
    assert_eq!(answer["relaxed"]["hits"], any["hits"]);
    // A batch tells the same, and cuts what it tells to the fields that were asked for.
    let line = "{\"id\":\"q\",\"query\":\"embuscade mosquée\",\"fields\":[\"id\"]}\n";
    let run = desk.fed(&["search", "--queries", "-", "--format", "jsonl"], line);
    let batch = run.lines().remove(0);
    validate("answer.schema.json", &{
        let mut answer = batch.clone();
        answer.as_object_mut().unwrap().remove("relaxed");
        answer
    });
    let bare: Vec<Value> = ids(&any).into_iter().map(|id| serde_json::json!({ "id": id })).collect();
    assert_eq!(batch["relaxed"]["hits"], Value::Array(bare));
}

#[test]
fn what_does_not_answer_is_in_no_list_of_hits() {
    let desk = indexed();
    for format in ["jsonl", "trec"] {
        let run = nothing(&desk, &["embuscade mosquée", "--format", format]);
        assert_eq!(run.out, "", "{format}");
        assert_eq!(run.err, "note: all of it together is in no report; with --match any, 2 answer\n", "{format}");
        let quiet = nothing(&desk, &["-q", "embuscade mosquée", "--format", format]);
        assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""), "{format}");
    }
    assert_eq!(nothing(&desk, &["embuscade mosquée", "-c"]).out, "0\n");
}

#[test]
fn what_finds_nothing_is_helped_whatever_was_asked() {
    let desk = indexed();
    for how in ["all", "any"] {
        let answer = nothing(&desk, &["\"mosqué brûlée\"", "--match", how, "--format", "json"]).json();
        assert_eq!(answer["suggestions"][0]["query"], "mosqué brûlée", "{answer}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_suggested_can_be_pasted_into_a_shell() {
    let desk = indexed();
    desk.index(&["in", "--published", "2024-05-02", "--index", "un autre"]);
    let args = ["--index", "un autre", "--sort", "newest", "--since", "2024-05", "\"l'embuscade du convoi\""];
    let text = nothing(&desk, &args).out;
    let lines = nothing(&desk, &[&args[..], &["--format", "jsonl"]].concat()).err;
    let vigie = std::path::Path::new(env!("CARGO_BIN_EXE_vigie"));
    let path = format!("{}:{}", vigie.parent().unwrap().display(), std::env::var("PATH").unwrap());
    for (told, before, after) in [(&text, "  1 report  ", ""), (&lines, "note: ", " finds 1 report")] {
        let mut pasted = told.lines().filter_map(|line| line.strip_prefix(before)?.strip_suffix(after));
        let pasted = pasted.find(|line| line.starts_with("vigie ")).unwrap_or_else(|| panic!("{told}"));
        for flag in ["--index='un autre'", "--sort=newest", "--since=2024-05"] {
            assert!(pasted.contains(flag), "{pasted}");
        }
        let output = std::process::Command::new("sh")
            .args(["-c", &format!("{pasted} --count")])
            .env("PATH", &path)
            .current_dir(desk.path(""))
            .output()
            .unwrap();
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(["1\n", "{\"total\":1}\n"].contains(&told.as_str()), "{pasted}: {told}");
    }
}

#[test]
fn reasons_are_told_where_they_are_asked_for() {
    let desk = indexed();
    let plain = desk.search(&["le marché", "--match", "any"]);
    assert_eq!((plain.get("resolved"), plain["hits"][0].get("explanation")), (None, None));

    let answer = desk.run(&["search", "le marché", "--explain", "--format", "json"]).json();
    validate("answer.schema.json", &answer);
    assert_eq!(answer["resolved"]["dropped"], serde_json::json!(["le"]));
    assert_eq!(answer["resolved"]["words"][0]["term"], "marché");
    assert_eq!(answer["resolved"]["words"][0]["finds"][0]["reports"], 2);
    for hit in answer["hits"].as_array().unwrap() {
        let of = |key: &str| hit["explanation"][key].as_f64().unwrap();
        let sum = ["report", "lead", "pairs", "passage"].map(of).iter().sum::<f64>();
        assert!((sum - hit["score"].as_f64().unwrap()).abs() < 1e-4, "{hit}");
        let words = hit["explanation"]["words"].as_array().unwrap();
        let words: f64 = words.iter().map(|word| word["score"].as_f64().unwrap()).sum();
        assert!((words - of("report")).abs() < 1e-4, "{hit}");
    }

    let text = desk.run(&["search", "le marché", "--explain"]).out;
    assert_eq!(text.matches("\n   score ").count(), 2, "{text}");
    assert!(text.contains("\nread as: le marché\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    // Lines of hits hold their scores; how the query was read is told beside them.
    let lines = desk.run(&["search", "le marché", "--explain", "--format", "jsonl"]);
    assert_eq!(lines.lines(), *answer["hits"].as_array().unwrap());
    assert!(lines.err.starts_with("note: read as: le marché\n"), "{}", lines.err);
    // A run for trec_eval has no place for them.
    desk.run(&["search", "marché", "--explain", "--format", "trec"]).fails();
}
