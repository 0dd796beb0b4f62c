//! `--group` and `--region` by any name, in both administrative divisions; names that are ambiguous or unknown.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::Desk;
use serde_json::json;

fn desk() -> Desk {
    let texts = [
        ("bankass", "Le JNIM a attaqué le village de Diallassagou, dans le cercle de Bankass, au Mali."),
        ("tombouctou", "Le GSIM et l'armée malienne se sont affrontés à Tombouctou, au Mali."),
        ("macina", "La Katiba Macina a attaqué Djenné, au Mali."),
        ("koro-mali", "Une mine a explosé à Koro, dans la région de Mopti."),
        ("koro-ivoire", "Une mine a explosé à Koro, en Côte d'Ivoire."),
        ("proches", "Des groupes liés à Al-Qaïda et à l'État islamique ont tué deux hommes à Gao, au Mali."),
        ("marche", "Un marché sans histoire, deux chèvres et trois paniers de mangues."),
    ];
    let lines = texts.map(|(id, text)| format!("{}\n", json!({ "id": id, "text": text, "published": "2024-03-02" })));
    let desk = Desk::with(&[("r.jsonl", &lines.concat())]);
    assert_eq!(desk.index(&["r.jsonl"])["added"], texts.len());
    desk
}

/// Ids that answer, sorted.
fn found(desk: &Desk, args: &[&str]) -> Vec<String> {
    let mut ids = desk.ids(args);
    ids.sort();
    ids
}

#[test]
fn a_group_is_found_by_any_of_its_names() {
    let desk = desk();
    let all = ["bankass", "macina", "tombouctou"];
    for name in [
        "JNIM",
        "jnim",
        "gsim",
        "jihadiste/JNIM",
        "/JIHADISTE/jnim",
        "Groupe de soutien à l’islam et aux musulmans",
        "groupe de soutien a l'islam et aux musulmans",
        "Jama'at Nusrat al-Islam wal-Muslimin",
    ] {
        assert_eq!(found(&desk, &["--group", name]), all, "{name}");
    }
    for name in ["Katiba Macina", "katibat macina", "Front de libération du Macina", "FLM"] {
        assert_eq!(found(&desk, &["--group", name]), ["macina"], "{name}");
    }
    assert_eq!(found(&desk, &["--group", "armée malienne"]), ["tombouctou"]);
    assert_eq!(found(&desk, &["--group", "FAMA"]), ["tombouctou"]);
}

#[test]
fn a_place_is_found_by_any_of_its_names() {
    let desk = desk();
    for name in ["Timbuktu", "tombouctou", "TOMBOUCTOU", "Toumbouctou", "Mali/Tombouctou", "/mali/tombouctou"] {
        assert_eq!(found(&desk, &["--region", name]), ["tombouctou"], "{name}");
    }
    for name in ["djenne", "Jenne"] {
        assert_eq!(found(&desk, &["--region", name]), ["macina"], "{name}");
    }
    assert_eq!(found(&desk, &["--region", "diallassagou"]), ["bankass"]);
}

#[test]
fn a_place_is_found_in_the_divisions_before_and_after_a_reform() {
    let desk = desk();
    assert_eq!(found(&desk, &["--region", "Mali/Bandiagara"]), ["bankass", "koro-mali"]);
    assert_eq!(found(&desk, &["--region", "Mali/Mopti"]), ["bankass", "koro-mali", "macina"]);
    assert_eq!(found(&desk, &["--region", "Mali/Mopti/Bankass"]), ["bankass"]);
    assert_eq!(found(&desk, &["--region", "Mali/Bandiagara/Bankass"]), ["bankass"]);
    // Both count, and the report once for the country.
    let counts = desk.run(&["facets", "--by", "region", "--region", "diallassagou", "--format", "csv"]).out;
    for row in ["/Mali,1,1,", "/Mali/Mopti,2,1,", "/Mali/Bandiagara,2,1,"] {
        assert!(counts.contains(row), "{row} in {counts}");
    }
}

#[test]
fn several_names_are_any_of_them_and_an_exclamation_mark_excludes() {
    let desk = desk();
    assert_eq!(found(&desk, &["--group", "gsim", "--group", "!Katiba Macina"]), ["bankass", "tombouctou"]);
    assert_eq!(found(&desk, &["--group", "Katiba Macina", "--group", "armée malienne"]), ["macina", "tombouctou"]);
    assert_eq!(found(&desk, &["--group", "!gsim"]), ["koro-ivoire", "koro-mali", "marche", "proches"]);
    assert_eq!(found(&desk, &["--region", "Mali", "--region", "!Mali/Mopti"]), ["proches", "tombouctou"]);
    assert_eq!(found(&desk, &["--region", "!Timbuktu", "--group", "gsim"]), ["bankass", "macina"]);
    // What is excluded and nowhere excludes nothing.
    assert_eq!(found(&desk, &["--group", "!M23"]).len(), 7);
}

#[test]
fn a_name_of_several_places_is_an_error_that_lists_them() {
    let desk = desk();
    let error = desk.run(&["search", "--region", "Koro"]);
    let told = error.fails_with_hint();
    for path in ["/Mali/Mopti/Koro", "/Mali/Bandiagara/Koro", "/Côte d'Ivoire/Woroba/Bafing/Koro"] {
        assert!(told.contains(path), "{path} in {told}");
    }
    assert_eq!(found(&desk, &["--region", "Côte d'Ivoire/Woroba/Bafing/Koro"]), ["koro-ivoire"]);
    assert_eq!(found(&desk, &["--region", "Mali/Mopti/Koro"]), ["koro-mali"]);
    desk.run(&["search", "--region", "!Koro"]).fails_with_hint();
}

#[test]
fn an_unknown_name_is_an_error_with_the_nearest_and_a_known_one_finds_nothing() {
    let desk = desk();
    for (kind, name, near) in [
        ("--group", "gnim", "/jihadiste/JNIM"),
        ("--region", "Tombuctou", "/Mali/Tombouctou"),
        ("--region", "Bangkass", "/Mali/Mopti/Bankass"),
    ] {
        let error = desk.run(&["search", kind, name]);
        assert!(error.fails_with_hint().contains(near), "{}", error.err);
    }
    for (kind, name) in [("--group", "M23"), ("--group", "Boko Haram"), ("--region", "Kidal"), ("--region", "Kinshasa")]
    {
        let none = desk.run(&["search", kind, name]);
        assert_eq!((none.status, none.err.as_str()), (1, ""), "{name}: {none:?}");
        assert_eq!(desk.run(&["search", "--count", kind, name]).status, 1, "{name}");
    }
}

#[test]
fn what_is_only_mentioned_is_found_on_demand() {
    let desk = desk();
    assert_eq!(found(&desk, &["--group", "Al-Qaïda"]), [""; 0]);
    assert_eq!(found(&desk, &["--group", "Al-Qaïda", "--mentions"]), ["proches"]);
    assert_eq!(found(&desk, &["--in", "passage", "--group", "Al-Qaïda", "--mentions", "--region", "Gao"]), ["proches"]);
    assert_eq!(found(&desk, &["--in", "passage", "--group", "Al-Qaïda", "--region", "Gao"]), [""; 0]);
    // Taking in more loses nothing.
    assert_eq!(found(&desk, &["--group", "gsim", "--mentions"]), ["bankass", "macina", "tombouctou"]);
}
