//! `vigie export`: reports whole, in one order, and the same ones when they are indexed again.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::process::Stdio;

use common::{Desk, INDEX, repository, sample, validate};
use serde_json::{Value, json};

fn records(desk: &Desk, args: &[&str]) -> Vec<Value> {
    let run = desk.run(&[&["export"], args].concat());
    assert_eq!(run.status, 0, "{run:?}");
    run.lines()
}

fn ids(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["id"].as_str().unwrap()).collect()
}

#[test]
fn every_report_is_a_record_by_id() {
    let all = records(sample(), &[]);
    assert_eq!(all.len(), 82);
    assert!(ids(&all).is_sorted());
    for record in &all {
        validate("record.schema.json", record);
    }
    assert!(all.iter().any(|record| record["found_groups"].is_array()));
    assert!(all.iter().any(|record| record["groups"].is_array()));
    assert_eq!(records(sample(), &["-n", "3"]), all[..3]);
    assert_eq!(sample().run(&["export"]).out, sample().run(&["export"]).out);
}

#[test]
fn a_query_and_its_filters_choose() {
    for args in [
        &["embuscade"][..],
        &["embuscade", "--group", "JNIM", "--since", "2024"],
        &["--region", "Mali/Mopti"],
        &["embuscade soldats", "--in", "passage"],
        &["embuscade marché", "--match", "any", "--no-expand"],
    ] {
        let mut want = sample().ids(args);
        want.sort_unstable();
        let found = records(sample(), args);
        assert_eq!(ids(&found), want, "{args:?}");
    }
    let none = sample().run(&["export", "embuscade", "--until", "1990"]);
    assert_eq!((none.status, none.out.as_str()), (1, ""));
    sample().run(&["export", "\"ouvert"]).fails_with_hint();
    sample().run(&["export", "\"ouvert", "--format", "csv"]).fails_with_hint();
    sample().run(&["export", "--excel-fr"]).fails();
    sample().run(&["--index", "no-such-index", "export"]).fails_with_hint();
}

#[test]
fn what_was_exported_is_indexed_as_the_same_reports() {
    let desk = Desk::new();
    desk.index(&[repository("sample_corpus").to_str().unwrap()]);
    let exported = desk.run(&["export"]).out;
    let csv = desk.run(&["export", "--format", "csv"]).out;
    desk.write("export.jsonl", &exported);
    desk.write("export.csv", &csv);
    for input in ["-", "export.jsonl", "export.csv"] {
        let run = desk.fed(&["index", "--index", "copy", "--rebuild", "--format", "json", input], exported.as_str());
        let summary = run.json();
        assert_eq!((run.status, &summary["added"]), (0, &json!(82)), "{run:?}");
        // What was found is passed over, and nothing else is there to be told.
        assert_eq!(summary["notes"], json!([]), "{input}");
        let again = desk.run(&["export", "--index", "copy"]).out;
        assert!(again == exported, "{input}");
        for args in [&["facets", "--by", "group,region,date,source", "--depth", "9", "-n", "0"][..], &["timeline"]] {
            let of = |index: &str| desk.run(&[args, &["--index", index]].concat()).out;
            assert_eq!(of("copy"), of(INDEX), "{input}");
        }
    }
    // A report that has no file is cited by its address, else by its id.
    desk.fed(&["index", "--index", "copy", "--rebuild", "-"], exported.as_str());
    let hits = desk.search(&["--index", "copy", "Diallassagou", "-n", "1"]);
    let hit = &hits["hits"][0];
    let cite = hit["cite"].as_str().unwrap();
    assert!(cite.contains(hit["report"]["id"].as_str().unwrap()) && !cite.contains("-:"), "{cite}");
}

#[test]
fn what_the_record_gave_stays_apart_from_what_was_found() {
    let record = json!({
        "id": "l’été  2024/a", "title": "Bilan  du\u{a0}jour", "text": "Une attaque du JNIM à Bankass le 3 août 2024.",
        "groups": ["Katiba X", "jihadiste/JNIM"], "regions": ["Ailleurs/Là"], "dates": ["2023", "2022-05-03..2022-05-09"],
        "published": "2024-08-05", "lang": "fr", "url": "https://exemple.invalid/1", "author": ["A", "B"]
    });
    let desk = Desk::with(&[("r.jsonl", &record.to_string())]);
    desk.index(&["r.jsonl"]);
    let told = &records(&desk, &[])[0];
    let mut want = record;
    want["title"] = json!("Bilan du jour");
    want["author"] = json!("A, B");
    for (key, values) in [("groups", &["/Katiba X", "/jihadiste/JNIM"]), ("regions", &["/Ailleurs/Là", ""])] {
        want[key] = values.iter().filter(|value| !value.is_empty()).copied().collect();
    }
    for (key, value) in want.as_object().unwrap() {
        assert_eq!(&told[key], value, "{key}");
    }
    let found = |key: &str| told[key].to_string();
    assert!(found("found_groups").contains("JNIM") && !found("found_groups").contains("Katiba X"), "{told}");
    assert!(found("found_regions").contains("Bankass") && !found("found_regions").contains("Ailleurs"), "{told}");
    assert_eq!(told["found_dates"], json!(["2024-08-03"]));
    // The hits have both.
    let hit = &desk.search(&["attaque", "--group", "Katiba X", "--region", "Bankass"])["hits"][0];
    assert_eq!(hit["report"]["id"], "l’été  2024/a");
}

#[test]
fn a_table_has_a_header_and_a_row_a_report() {
    let run = sample().run(&["export", "--format", "csv"]);
    assert!(run.out.starts_with("id,title,text,source,url,author,published,lang,groups,regions,dates,found_groups,"));
    let mut table = csv::Reader::from_reader(run.out.as_bytes());
    assert_eq!(table.records().map(Result::unwrap).count(), 82);
    let excel = sample().run(&["export", "--format", "csv", "--excel-fr", "-n", "1"]).out;
    assert!(excel.starts_with("\u{feff}id;title;text;"), "{excel}");
    let none = sample().run(&["export", "--until", "1990", "--format", "csv"]);
    assert_eq!((none.status, none.out.lines().count()), (1, 1));
}

#[test]
fn nobody_has_to_read_all_of_it() {
    for format in ["jsonl", "csv"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = sample().command(&["export", "--format", format]);
        let output = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{format}");
    }
}
