//! `vigie info`: what an index holds, and the names that stayed open.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, sample, validate};
use serde_json::{Value, json};

/// Two reports with names that stay open, one without.
fn desk() -> Desk {
    let reports = [
        json!({ "id": "a", "text": "Une bombe a explosé à Koro, dit-on. Le JNIM se tait.", "lang": "fr", "published": "2024-03-02" }),
        json!({ "id": "b", "text": "Deux bombes ont explosé à Koro, et une à Bamba.", "lang": "fr", "published": "2024-05-01" }),
        json!({ "id": "c", "text": "Une attaque a eu lieu le 8 février 2024 à Gao, au Mali.", "lang": "fr" }),
        json!({ "id": "d", "text": "The market was quiet.", "lang": "en" }),
    ];
    let desk = Desk::with(&[("r.jsonl", &reports.each_ref().map(|report| format!("{report}\n")).concat())]);
    desk.index(&["r.jsonl"]);
    desk
}

#[test]
fn an_index_in_numbers() {
    let desk = desk();
    let run = desk.run(&["info", "--format", "json"]);
    let info = run.json();
    validate("info.schema.json", &info);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let of = |key: &str| info[key].as_u64().unwrap();
    assert_eq!(["reports", "passages", "with_group", "with_region", "with_date"].map(of), [4, 4, 1, 1, 3]);
    assert_eq!(
        (&info["languages"], &info["days"]),
        (&json!({ "en": 1, "fr": 3 }), &json!(["2024-02-08", "2024-05-01"]))
    );
    let generation = desk.generations().remove(0);
    let name = generation.file_name().unwrap().to_str().unwrap().to_owned();
    let files = desk.files(&format!("{}/{name}", common::INDEX));
    assert_eq!(of("bytes"), files.values().map(|bytes| bytes.len() as u64).sum::<u64>());
    assert!(info["vocabulary"]["actors"].as_u64() > Some(187));
}

#[test]
fn an_index_for_people() {
    let out = desk().run(&["info"]).out;
    let rows: Vec<(&str, &str)> = out.lines().map(|line| line.split_at(12)).collect();
    let names: Vec<&str> = rows.iter().map(|(name, _)| name.trim()).collect();
    assert_eq!(
        names,
        [
            "index",
            "reports",
            "passages",
            "files",
            "languages",
            "facets",
            "dates",
            "versions",
            "digest",
            "vocabulary",
            "sources"
        ]
    );
    assert_eq!((rows[1].1, rows[2].1, rows[4].1), ("4", "4", "en 1, fr 3"));
    assert_eq!(rows[6].1, "2024-02-08 to 2024-05-01");
    assert!(rows[9].1.starts_with("built in, ") && rows[10].1.contains("OCHA"), "{out}");
}

#[test]
fn names_that_stayed_open_come_most_frequent_first() {
    let desk = desk();
    let all = desk.run(&["info", "--unresolved"]);
    assert_eq!((all.status, all.out.as_str()), (0, "2\tKoro\n1\tBamba\n"));
    assert_eq!(desk.run(&["info", "--unresolved", "-n", "1"]).out, "2\tKoro\n");
    assert_eq!(desk.run(&["info", "--unresolved", "-n", "0"]).out, all.out);
    let json = desk.run(&["info", "--unresolved", "--format", "json"]).json();
    assert_eq!(json, json!([{ "name": "Koro", "reports": 2 }, { "name": "Bamba", "reports": 1 }]));
    // A report that is replaced takes its names with it; without any there is nothing to find.
    desk.write("r.jsonl", "{\"id\":\"a\",\"text\":\"Rien.\"}\n{\"id\":\"b\",\"text\":\"Rien.\"}\n");
    desk.index(&["r.jsonl"]);
    let none = desk.run(&["info", "--unresolved"]);
    assert_eq!((none.status, none.out.as_str()), (1, ""));
    assert_eq!(desk.run(&["info", "--unresolved", "--format", "json"]).json(), json!([]));
}

#[test]
fn the_summary_of_a_run_tells_the_most_frequent_ones() {
    let summary = desk().index(&["r.jsonl", "--rebuild"]);
    validate("summary.schema.json", &summary);
    let found = &summary["annotated"];
    assert_eq!(["reports", "groups", "regions", "dates"].map(|key| found[key].as_u64().unwrap()), [4, 1, 1, 1]);
    assert_eq!(found["unresolved"][0], json!({ "name": "Koro", "reports": 2 }));
}

#[test]
fn the_sample_corpus_is_told_within_the_schema() {
    let info = sample().run(&["info", "--format", "json"]).json();
    validate("info.schema.json", &info);
    assert_eq!(info["reports"], 82);
    let names = sample().run(&["info", "--unresolved", "-n", "0", "--format", "json"]).json();
    let counts: Vec<u64> = names.as_array().unwrap().iter().map(|name| name["reports"].as_u64().unwrap()).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b) && !counts.is_empty());
    assert!(names.as_array().unwrap().iter().all(|name| name["name"] != Value::Null));
}

#[test]
fn what_cannot_be_told_is_an_error() {
    let desk = desk();
    assert!(desk.run(&["info", "--index", "nowhere"]).fails_with_hint().contains("nowhere"));
    let wrong = desk.run(&["info", "-n", "3"]);
    assert!(wrong.status == 2 && wrong.err.contains("--unresolved"), "{wrong:?}");
    assert_eq!(desk.run(&["info", "extra"]).status, 2);
}
