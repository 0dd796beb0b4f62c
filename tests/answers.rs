//! What the sample corpus answers, line for line: totals, hits in their order with their passages, fragments and marks,
//! counts, periods, and what was widened and told; and the digest of the index.
//!
//! Work that makes vigie faster or smaller must leave all of it as it is. Where a change of what is found is meant,
//! `VIGIE_UPDATE=1 cargo test --test answers` writes `tests/answers/answers.jsonl` anew, and its diff shows the change.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs;

use common::{repository, sample};
use serde_json::{Value, json};

const REQUESTS: &str = "tests/answers/requests.jsonl";
const ANSWERS: &str = "tests/answers/answers.jsonl";

/// A hit in one line: the passage with its bytes, those of the fragment, those of the marks, of the title's behind a bar.
fn hit(hit: &Value) -> Value {
    let range = |of: &Value| format!("{}-{}", of["start"], of["end"]);
    let ranges = |of: &Value| of.as_array().unwrap().iter().map(range).collect::<Vec<_>>().join(",");
    if hit["passage"]["text"].is_null() {
        return hit["report"]["id"].clone();
    }
    let (passage, marks) = (&hit["passage"], ranges(&hit["marks"]));
    let title = hit.get("title_marks").map(ranges).unwrap_or_default();
    let id = passage["id"].as_str().unwrap();
    format!("{id} {} [{}] {marks}|{title}", range(passage), range(&hit["fragment"])).into()
}

/// Adds a line for each value of a tree of counts, those below it behind it.
fn count(values: &Value, lines: &mut Vec<Value>) {
    for value in values.as_array().unwrap() {
        let choice = ["selected", "if_added", "if_chosen_instead"].map(|name| value.get(name)).into_iter().flatten();
        let line = [value["path"].as_str().unwrap().to_owned(), value["count"].to_string()].into_iter();
        lines.push(line.chain(choice.map(Value::to_string)).collect::<Vec<_>>().join(" ").into());
        count(&value["children"], lines);
    }
}

/// An answer without its texts and what differs from run to run.
fn answer(line: &str) -> String {
    let mut answer: Value = serde_json::from_str(line).unwrap();
    let fields = answer.as_object_mut().unwrap();
    fields.remove("took_us");
    if let Some(Value::Array(hits)) = fields.get_mut("hits") {
        *hits = hits.iter().map(hit).collect();
    }
    for (_, counts) in fields.get_mut("facets").into_iter().filter_map(Value::as_object_mut).flatten() {
        let mut lines = Vec::new();
        count(&counts["values"], &mut lines);
        counts["values"] = lines.into();
    }
    answer.to_string()
}

#[test]
fn the_sample_corpus_answers_as_it_did() {
    let run = sample().run(&["search", "--queries", REQUESTS, "--format", "jsonl"]);
    let info = sample().run(&["info", "--format", "json"]).json();
    let mut lines = vec![json!({ "digest": info["digest"], "reports": info["reports"] }).to_string()];
    lines.extend(run.out.lines().map(answer));
    let asked = fs::read_to_string(repository(REQUESTS)).unwrap().lines().count();
    assert_eq!(lines.len(), asked + 1, "{}", run.err);
    if std::env::var_os("VIGIE_UPDATE").is_some() {
        fs::write(repository(ANSWERS), lines.join("\n") + "\n").unwrap();
    }
    let kept = fs::read_to_string(repository(ANSWERS)).unwrap();
    let changed: Vec<String> =
        kept.lines().zip(&lines).filter(|(was, is)| was != is).map(|(was, is)| format!("- {was}\n+ {is}\n")).collect();
    assert!(changed.is_empty() && kept.lines().count() == lines.len(), "answers have changed:\n{}", changed.concat());
}
