//! An index without annotation: what the records give is there to filter and count by, and nothing else.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, validate};
use serde_json::{Value, json};

/// Reports whose texts name more than their records give.
fn desk() -> Desk {
    let desk = Desk::new();
    let text = "Une embuscade du JNIM a fait trois morts le 15 août 2024 près de Bankass.";
    let records = [
        json!({ "id": "a", "text": text, "published": "2024-08-17" }),
        json!({ "id": "b", "text": text, "groups": ["EIGS"], "regions": ["Niger/Tillabéri"], "dates": ["2023-05"] }),
    ];
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    desk.write("in.jsonl", lines.join("\n"));
    desk
}

fn info(desk: &Desk) -> Value {
    let info = desk.run(&["info", "--format", "json"]).json();
    validate("info.schema.json", &info);
    info
}

#[test]
fn facets_are_those_that_the_records_give() {
    let desk = desk();
    let summary = desk.index(&["--no-annotate", "in.jsonl"]);
    validate("summary.schema.json", &summary);
    assert_eq!((summary["annotation"].as_bool(), summary["annotated"]["reports"].as_u64()), (Some(false), Some(0)));
    let info = info(&desk);
    assert_eq!(info["annotation"], false);
    assert_eq!((info["with_group"].as_u64(), info["with_region"].as_u64()), (Some(1), Some(1)));
    assert_eq!(info["with_date"], 2);
    assert_eq!(desk.ids(&["embuscade"]), ["a", "b"]);
    assert_eq!(desk.ids(&["embuscade", "--group", "JNIM"]), [""; 0]);
    let warnings = |args: &[&str]| desk.search(args)["warnings"].to_string();
    assert!(warnings(&["embuscade", "--group", "JNIM"]).contains("the index was made with --no-annotate"));
    assert!(!warnings(&["xylophone"]).contains("--no-annotate"));
    assert_eq!(desk.ids(&["embuscade", "--group", "EIGS"]), ["b"]);
    desk.run(&["search", "embuscade", "--region", "Mali/Mopti"]).fails();
    assert_eq!(desk.ids(&["embuscade", "--region", "Niger"]), ["b"]);
    // Without dates of events, the day of publication counts.
    assert_eq!(desk.ids(&["embuscade", "--date", "2024-08-17"]), ["a"]);
    assert_eq!(desk.ids(&["embuscade", "--date", "2024-08-15"]), [""; 0]);
    assert_eq!(desk.ids(&["embuscade", "--date", "2023-05"]), ["b"]);
    assert_eq!(desk.run(&["check"]).status, 0);
    // What is exported is what was read.
    let exported = desk.run(&["export", "--format", "jsonl"]).lines();
    assert!(exported[0]["groups"].is_null(), "{exported:?}");
    assert_eq!(exported[1]["regions"], json!(["/Niger/Tillabéri"]));
}

#[test]
fn an_index_goes_on_as_it_began() {
    let desk = desk();
    let bare = desk.index(&["--no-annotate", "in.jsonl"])["digest"].clone();
    desk.write("more.jsonl", json!({ "id": "c", "text": "Le JNIM a attaqué Bankass." }).to_string());
    let summary = desk.index(&["more.jsonl"]);
    assert_eq!((summary["added"].as_u64(), summary["annotation"].as_bool()), (Some(1), Some(false)));
    assert_eq!(desk.ids(&["Bankass", "--group", "JNIM"]), [""; 0]);
    assert_eq!(desk.run(&["check"]).status, 0);
    // Built anew, it is what it is told to be.
    let annotated = desk.index(&["--rebuild", "in.jsonl"]);
    assert_eq!(annotated["annotation"], true);
    assert_ne!(annotated["digest"], bare);
    assert_eq!(desk.ids(&["Bankass", "--group", "JNIM"]), ["a", "b"]);
    let before = desk.files(common::INDEX);
    for args in [&["--no-annotate", "in.jsonl"][..], &["--no-annotate", "--dry-run", "in.jsonl"]] {
        let run = desk.run(&[&["index"], args].concat());
        let told = run.fails_with_hint();
        assert!(told.contains("names and dates were looked for in the reports of this index"), "{told}");
        assert!(told.contains("`vigie index --rebuild --no-annotate`"), "{told}");
    }
    assert_eq!(desk.files(common::INDEX), before);
    assert_eq!(desk.index(&["--rebuild", "--no-annotate", "in.jsonl"])["digest"], bare);
}

#[test]
fn people_are_told() {
    let desk = desk();
    let told = desk.run(&["index", "--no-annotate", "in.jsonl"]);
    assert!(told.out.contains("\nnot annotated: groups, regions and dates are those that the records give\n"));
    let told = desk.run(&["info"]);
    assert!(told.out.contains("\nannotation  none: groups, regions and dates are those that the records give\n"));
}
