//! Filters with `--in passage` ask what a passage tells itself; hits say what they have from their report.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, validate};
use serde_json::{Value, json};

/// Enough words to make a paragraph a passage of its own, and no name among them.
const REST: &str = "Les habitants racontent une matinée longue et confuse, puis le silence, les portes fermées, les étals \
    renversés et les enfants que chacun cherchait encore une heure plus tard dans les rues vides.";

/// A desk with two reports of the same names and date: in three passages, and in the second of two.
fn desk() -> Desk {
    let apart = format!(
        "Le JNIM a diffusé une vidéo. {REST}\n\nUne explosion a eu lieu à Bankass, au Mali. {REST}\n\n\
         Une patrouille est passée le 8 janvier 2025. {REST}\n\nLa pluie est revenue. {REST}"
    );
    let together = format!(
        "La pluie est revenue. {REST}\n\nLe 8 janvier 2025, le JNIM a attaqué un poste des FAMa à Bankass, au Mali. {REST}"
    );
    let records = [("apart", apart), ("together", together)]
        .map(|(id, text)| format!("{}\n", json!({ "id": id, "text": text, "published": "2025-03-01" })));
    let desk = Desk::with(&[("r.jsonl", &records.concat())]);
    desk.index(&["r.jsonl"]);
    desk
}

/// Passages that answer, sorted.
fn passages(desk: &Desk, args: &[&str]) -> Vec<String> {
    let answer = desk.search(&[&["-n", "0", "--collapse", "none"], args].concat());
    let hits = answer["hits"].as_array().unwrap();
    let mut ids: Vec<String> = hits.iter().map(|hit| hit["passage"]["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

const NONE: [&str; 0] = [];

#[test]
fn every_filter_has_to_hold_in_one_passage() {
    let desk = desk();
    let filters = ["--group", "gsim", "--region", "Mopti", "--date", "2025-01-08"];
    let mut reports = desk.ids(&filters);
    reports.sort();
    assert_eq!(reports, ["apart", "together"]);
    let within = |args: &[&str]| passages(&desk, &[&["--in", "passage"], args].concat());
    assert_eq!(within(&filters), ["together#2"]);
    assert_eq!(within(&["--group", "gsim"]), ["apart#1", "together#2"]);
    assert_eq!(within(&["--region", "Mopti"]), ["apart#2", "together#2"]);
    assert_eq!(within(&["--date", "2025-01-08"]), ["apart#3", "together#2"]);
    assert_eq!(within(&["--group", "gsim", "--region", "Mali"]), ["together#2"]);
    assert_eq!(within(&["--region", "Bandiagara", "--since", "2025-01-08", "--until", "2025-01-08"]), ["together#2"]);
    // The other division is the same place.
    assert_eq!(within(&["--region", "Mali/Bandiagara/Bankass"]), ["apart#2", "together#2"]);
}

#[test]
fn words_and_filters_have_to_hold_in_one_passage() {
    let desk = desk();
    let within = |args: &[&str]| passages(&desk, &[&["--in", "passage"], args].concat());
    assert_eq!(within(&["explosion", "--region", "Bankass"]), ["apart#2"]);
    assert_eq!(within(&["explosion", "--group", "JNIM"]), NONE);
    assert_eq!(within(&["pluie", "--group", "JNIM"]), NONE);
    assert_eq!(within(&["habitants", "--group", "JNIM"]), ["apart#1", "together#2"]);
    assert_eq!(within(&["patrouille OU vidéo", "--group", "JNIM"]), ["apart#1"]);
    assert_eq!(desk.run(&["search", "pluie", "--in", "passage", "--group", "JNIM"]).status, 1);
    assert_eq!(desk.run(&["search", "pluie", "--in", "passage", "--group", "JNIM", "--count"]).status, 1);
    assert_eq!(desk.run(&["search", "habitants", "--in", "passage", "--group", "JNIM", "--count"]).out, "2\n");
}

#[test]
fn an_exclusion_is_of_the_passage_too() {
    let desk = desk();
    let within = |args: &[&str]| passages(&desk, &[&["--in", "passage"], args].concat());
    assert_eq!(within(&["--group", "JNIM", "--group", "!FAMa"]), ["apart#1"]);
    assert_eq!(within(&["--region", "Mopti", "--group", "!JNIM"]), ["apart#2"]);
    assert_eq!(within(&["habitants", "--group", "!JNIM"]), ["apart#2", "apart#3", "apart#4", "together#1"]);
    assert_eq!(within(&["pluie", "--region", "!Bankass"]), ["apart#4", "together#1"]);
    // Of reports, both name the group.
    assert_eq!(desk.ids(&["habitants", "--group", "!JNIM"]), NONE);
}

#[test]
fn counts_are_of_the_reports_with_such_a_passage() {
    let desk = desk();
    let count = |args: &[&str]| desk.run(&[&["facets", "--by", "group", "--format", "json"], args].concat()).json();
    let answer = count(&["--in", "passage", "--region", "Mopti", "--date", "2025-01-08"]);
    validate("facets.schema.json", &answer);
    assert_eq!(answer["total"], 1);
    assert_eq!(count(&["--region", "Mopti", "--date", "2025-01-08"])["total"], 2);
    let timeline =
        desk.run(&["timeline", "--in", "passage", "--group", "JNIM", "--date", "2025-01-08", "--format", "json"]);
    validate("timeline.schema.json", &timeline.json());
    assert_eq!(timeline.json()["total"], 1);
}

/// What a hit has from its report, by the id of its passage.
fn inherited(desk: &Desk, args: &[&str]) -> Vec<(String, Value)> {
    let run = desk.run(&[&["search", "-n", "0", "--collapse", "none", "--format", "jsonl"], args].concat());
    let mut hits = run.lines();
    for hit in &hits {
        validate("hit.schema.json", hit);
    }
    hits.sort_by_key(|hit| hit["passage"]["id"].as_str().unwrap().to_owned());
    hits.iter().map(|hit| (hit["passage"]["id"].as_str().unwrap().to_owned(), hit["inherited"].clone())).collect()
}

#[test]
fn what_a_hit_has_from_its_report_is_flagged() {
    let desk = desk();
    assert_eq!(
        inherited(&desk, &["habitants"]),
        [
            ("apart#1", json!(["regions", "dates"])),
            ("apart#2", json!(["groups", "dates"])),
            ("apart#3", json!(["groups", "regions"])),
            ("apart#4", json!(["groups", "regions", "dates"])),
            ("together#1", json!(["groups", "regions", "dates"])),
            ("together#2", Value::Null),
        ]
        .map(|(id, inherited)| (id.to_owned(), inherited))
    );
    let hit = desk.search(&["patrouille"])["hits"][0].clone();
    assert_eq!(hit["groups"], json!(["/jihadiste/JNIM"]));
    assert_eq!(hit["regions"], json!(["/Mali/Mopti/Bankass/Bankass"]));
    assert_eq!(hit["dates"], json!([{ "from": "2025-01-08", "to": "2025-01-08", "precision": "day" }]));
    // Of nothing there is nothing to have.
    desk.write("s.jsonl", format!("{}\n", json!({ "id": "rien", "text": REST })));
    desk.index(&["s.jsonl"]);
    let hits = desk.search(&["habitants", "--group", "!JNIM"])["hits"].clone();
    assert_eq!((&hits[0]["report"]["id"], hits[0].get("inherited")), (&json!("rien"), None));
    assert_eq!((&hits[0]["groups"], &hits[0]["dates"]), (&json!([]), &json!([])));
}

#[test]
fn what_a_record_gives_is_of_the_report_and_of_no_passage() {
    let record = json!({ "id": "r", "text": format!("La pluie est revenue. {REST}"), "groups": ["GSIM"],
        "regions": ["Mali/Gao"], "dates": ["2024-05-06"] });
    let desk = Desk::with(&[("r.jsonl", &format!("{record}\n"))]);
    desk.index(&["r.jsonl"]);
    let filters = ["pluie", "--group", "JNIM", "--region", "Gao", "--date", "2024-05"];
    assert_eq!(desk.ids(&filters), ["r"]);
    let hit = desk.search(&filters)["hits"][0].clone();
    assert_eq!(hit["inherited"], json!(["groups", "regions", "dates"]));
    assert_eq!((&hit["groups"], &hit["regions"]), (&json!(["/jihadiste/JNIM"]), &json!(["/Mali/Gao"])));
    for filter in [["--group", "JNIM"], ["--region", "Gao"], ["--date", "2024-05"]] {
        assert_eq!(passages(&desk, &[&["pluie", "--in", "passage"], &filter[..]].concat()), NONE, "{filter:?}");
    }
}
