//! A vocabulary of its own: another conflict is other tables, stored with the index.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs;

use common::{Desk, INDEX, validate};
use serde_json::json;

const ACTORS: &str = "\
id,name,acronym,category,parent,countries,aliases,context_aliases,cues,facet
farc,Forces armées révolutionnaires de Colombie,FARC,rebelle,,Colombie,guérilla des FARC|farianos,,,/rebelle/FARC
";
const PLACES: &str = "\
path,name,level,lat,lon,aliases,ambiguity_all,risky_aliases,tier,alt_path
Colombie,Colombie,country,4.6,-74.1,,capitalised_word,,1,
Colombie/Caquetá,Caquetá,region,1.0,-74.0,,capitalised_word,,1,
";

/// A desk with a vocabulary in `tables`, and three reports indexed with it.
fn desk() -> Desk {
    let reports = [
        json!({ "id": "poste", "text": "La guérilla des FARC a attaqué un poste de police dans le Caquetá." }),
        json!({ "id": "mali", "text": "Le JNIM a attaqué une position de l'armée malienne à Gao, au Mali." }),
        json!({ "id": "pont", "text": "Un pont a été rouvert à la circulation." }),
    ];
    let lines = reports.each_ref().map(|report| format!("{report}\n")).concat();
    let desk = Desk::with(&[("tables/actors.csv", ACTORS), ("tables/places.csv", PLACES), ("corpus/r.jsonl", &lines)]);
    assert_eq!(desk.index(&["corpus", "--schema", "tables"])["annotated"]["groups"], 1);
    desk
}

#[test]
fn the_tables_of_the_test_are_sound() {
    assert_eq!(desk().run(&["check", "--schema", "tables"]).status, 0);
}

#[test]
fn reports_are_found_by_its_names_and_by_no_others() {
    let desk = desk();
    for filter in [
        &["--group", "FARC"][..],
        &["--group", "farianos"],
        &["--group", "Forces armées révolutionnaires de Colombie"],
        &["--region", "caqueta"],
        &["--region", "Colombie", "--group", "/rebelle"],
    ] {
        assert_eq!(desk.ids(filter), ["poste"], "{filter:?}");
    }
    assert!(desk.run(&["search", "--group", "JNIM"]).fails().contains("no group is named “JNIM”"));
    insta::assert_snapshot!(desk.run(&["facets", "--by", "group,region"]).out, @r"
    3 reports

    group    reports
    rebelle        1  ████████████████████████████████████████
      FARC         1  ████████████████████████████████████████
    (none)         2

    region     reports
    Colombie         1  ████████████████████████████████████████
      Caquetá        1  ████████████████████████████████████████
    (none)           2
    ");
}

#[test]
fn annotate_reads_the_same_tables() {
    let run = desk().fed(&["annotate", "--schema", "tables"], "Des farianos ont quitté Gao pour le Caquetá.");
    let found = run.json();
    validate("annotation.schema.json", &found);
    assert_eq!(
        (&found["groups"][0]["path"], &found["regions"][0]["path"]),
        (&json!("/rebelle/FARC"), &json!("/Colombie/Caquetá"))
    );
    assert_eq!((found["groups"].as_array().unwrap().len(), found["regions"].as_array().unwrap().len()), (1, 1));
}

#[test]
fn the_tables_are_stored_with_the_index() {
    let desk = desk();
    let filters =
        [&["--group", "farianos"][..], &["--region", "CAQUETA"], &["guérilla", "--in", "passage", "--group", "FARC"]];
    let before = filters.map(|filter| desk.search(filter));
    fs::remove_dir_all(desk.path("tables")).unwrap();
    assert_eq!(filters.map(|filter| desk.search(filter)), before);
    // What is added goes on with the names of the index.
    desk.write(
        "corpus/s.jsonl",
        "{\"id\":\"vus\",\"text\":\"Des farianos ont été vus dans le Caquetá ; le JNIM, non.\"}\n",
    );
    let summary = desk.index(&["corpus"]);
    assert_eq!((&summary["added"], &summary["unchanged"]), (&json!(1), &json!(3)));
    let mut found = desk.ids(&["--group", "farianos", "--region", "Caquetá"]);
    found.sort();
    assert_eq!(found, ["poste", "vus"]);
    assert!(desk.run(&["search", "--group", "JNIM"]).fails().contains("JNIM"));
}

#[test]
fn adding_with_other_tables_is_an_error_that_changes_nothing() {
    let desk = desk();
    desk.write(
        "other/actors.csv",
        format!("{ACTORS}eln,Armée de libération nationale,ELN,rebelle,,Colombie,,,,/rebelle/ELN\n"),
    );
    desk.write("other/places.csv", PLACES);
    desk.write("corpus/s.jsonl", "{\"id\":\"eln\",\"text\":\"L'ELN a attaqué un poste dans le Caquetá.\"}\n");
    let before = desk.files(INDEX);
    let error = desk.run(&["index", "corpus", "--schema", "other"]);
    assert!(error.fails_with_hint().contains("--rebuild"), "{}", error.err);
    assert!(desk.run(&["index", "corpus", "--schema", "nowhere"]).fails().contains("nowhere"));
    assert!(desk.files(INDEX) == before);
    // The same tables are no others; and afresh any will do.
    assert_eq!(desk.index(&["corpus", "--schema", "tables"])["added"], 1);
    assert!(desk.run(&["search", "--group", "ELN"]).fails().contains("ELN"));
    desk.index(&["corpus", "--schema", "other", "--rebuild"]);
    assert_eq!(desk.ids(&["--group", "ELN"]), ["eln"]);
    // A rebuild without tables keeps those of the index.
    desk.index(&["corpus", "--rebuild"]);
    assert_eq!(desk.ids(&["--group", "ELN"]), ["eln"]);
}

#[test]
fn info_tells_which_names_an_index_has() {
    let desk = desk();
    let hash = |desk: &Desk| desk.run(&["info", "--format", "json"]).json()["vocabulary"]["hash"].clone();
    let own = desk.run(&["info", "--format", "json"]).json();
    validate("info.schema.json", &own);
    assert_eq!((&own["vocabulary"]["builtin"], &own["vocabulary"]["places"]), (&json!(false), &json!(2)));
    assert_eq!((&own["vocabulary"]["actors"], own.get("sources")), (&json!(1), None));
    let text = desk.run(&["info"]).out;
    let line = text.lines().find(|line| line.starts_with("vocabulary")).unwrap();
    assert!(
        line.contains("of its own, 2 places") && line.contains(own["vocabulary"]["hash"].as_str().unwrap()),
        "{line}"
    );
    desk.index(&["corpus", "--rebuild"]);
    assert_eq!(hash(&desk), own["vocabulary"]["hash"]);
    fs::remove_dir_all(desk.path(INDEX)).unwrap();
    desk.index(&["corpus"]);
    let builtin = desk.run(&["info", "--format", "json"]).json();
    validate("info.schema.json", &builtin);
    assert_eq!(builtin["vocabulary"]["builtin"], true);
    assert!(builtin["sources"].as_str().unwrap().contains("GeoNames"));
    assert_ne!(hash(&desk), own["vocabulary"]["hash"]);
}
