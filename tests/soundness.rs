//! `vigie check` of an index: what is sound, and every kind of damage to its files.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::{Desk, INDEX, Run, sample, validate};
use serde_json::json;

const ACTORS: &str = "id,name,acronym,category,parent,countries,aliases,context_aliases,cues,facet\n\
                      armee,Armée malienne,FAMa,etatique,,Mali,,,,/etatique/FAMa\n";
const PLACES: &str = "path,name,level,lat,lon,aliases,ambiguity_all,risky_aliases,tier,alt_path\n\
                      Mali,Mali,country,17.5,-3.9,,capitalised_word,,1,\nMali/Mopti,Mopti,region,,,,,,1,\n";

fn record(id: &str, text: &str) -> String {
    json!({ "id": id, "title": "Dépêche", "text": text, "published": "2024-08-16" }).to_string() + "\n"
}

/// An index with a vocabulary of its own, and with a report that was replaced.
fn desk() -> Desk {
    let desk = Desk::with(&[("tables/actors.csv", ACTORS), ("tables/places.csv", PLACES)]);
    let text = |n: usize| format!("L'armée malienne a été attaquée {n} fois près de Mopti, le 15 août 2024.");
    let all: String = (0..12).map(|n| record(&format!("r{n}"), &text(n))).collect();
    desk.write("in.jsonl", &all);
    desk.index(&["in.jsonl", "--schema", "tables"]);
    desk.write("in.jsonl", all + &record("r3", "Le marché de Mopti est calme."));
    assert_eq!(desk.index(&["in.jsonl"])["updated"], 1);
    desk
}

/// The files that an index needs, by their kind: the pointer, and what lies in its generation.
fn kinds(desk: &Desk) -> BTreeMap<String, String> {
    let files = desk.files(INDEX).into_keys().filter(|name| name.contains("generation-") || name.ends_with("/current"));
    let kind = |name: &str| {
        let file = name.rsplit('/').next().unwrap();
        let named = ["current", "meta.json", ".managed.json", "vocabulary"].contains(&file);
        let kind = if named { file } else { file.rsplit('.').next().unwrap() };
        let hashed = ["manifest", "facets"].into_iter().find(|name| kind.starts_with(&format!("{name}-")));
        hashed.unwrap_or(kind).to_owned()
    };
    files.filter(|name| !name.contains(".tantivy-")).map(|name| (kind(&name), name)).collect()
}

/// Nothing is called sound: either it is told what is wrong, or why it cannot be checked.
#[track_caller]
fn told(run: &Run, what: &str) {
    assert!(!run.out.contains(": sound"), "{what}: {run:?}");
    match run.status {
        1 => assert!(run.out.contains("finding") && run.err.is_empty(), "{what}: {run:?}"),
        _ => drop(run.fails()),
    }
    assert!(!run.out.contains("src/"), "{what}: {run:?}");
}

#[test]
fn a_sound_index_is_told_as_such() {
    let run = sample().run(&["check", "--format", "json"]);
    let found = run.json();
    validate("soundness.schema.json", &found);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    assert_eq!((&found["sound"], &found["findings"], &found["stray"]), (&json!(true), &json!([]), &json!([])));
    let info = sample().run(&["info", "--format", "json"]).json();
    assert_eq!((&found["reports"], &found["passages"]), (&info["reports"], &info["passages"]));
    assert!(found["terms"].as_u64() > Some(1000) && found["postings"].as_u64() > found["terms"].as_u64());
    let run = sample().run(&["check"]);
    assert!(run.out.contains(": sound\n") && run.out.contains("\nreports   82 reports with "), "{}", run.out);
}

#[test]
fn reports_that_were_replaced_are_merged_away() {
    let run = desk().run(&["check", "--format", "json"]);
    let found = run.json();
    assert_eq!((run.status, &found["dead"], &found["reports"]), (0, &json!(0), &json!(12)), "{run:?}");
}

#[test]
fn damage_of_every_kind_of_file_is_told() {
    let desk = desk();
    let kinds = kinds(&desk);
    let names: Vec<&str> = kinds.keys().map(String::as_str).collect();
    for kind in [
        "current",
        "meta.json",
        ".managed.json",
        "vocabulary",
        "manifest",
        "facets",
        "fast",
        "fieldnorm",
        "idx",
        "pos",
        "store",
        "term",
    ] {
        assert!(names.contains(&kind), "{kind} is none of {names:?}");
    }
    for (kind, name) in &kinds {
        let path = desk.path(name);
        let bytes = fs::read(&path).unwrap();
        // The last bytes are those that tantivy reads first.
        for at in [0, bytes.len() / 3, bytes.len() / 2, bytes.len() - 1] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x20;
            // What JSON takes for the same is the same.
            let same = |a: &[u8], b: &[u8]| {
                let json = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).ok();
                kind.ends_with("json") && json(a).is_some() && json(a) == json(b)
            };
            if same(&bytes, &flipped) || kind == "current" && flipped.trim_ascii() == bytes.trim_ascii() {
                continue;
            }
            fs::write(&path, flipped).unwrap();
            told(&desk.run(&["check"]), &format!("{kind}, byte {at}"));
        }
        for len in [0, bytes.len() / 2, bytes.len() - 2] {
            fs::write(&path, &bytes[..len]).unwrap();
            told(&desk.run(&["check"]), &format!("{kind}, cut to {len}"));
        }
        fs::remove_file(&path).unwrap();
        told(&desk.run(&["check"]), &format!("{kind}, missing"));
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(desk.run(&["check"]).status, 0);
}

#[test]
fn what_no_checksum_knows_is_compared() {
    let desk = desk();
    let kinds = kinds(&desk);
    for (kind, from, to) in [
        ("pos", r#""minor":27"#, r#""minor":26"#),
        ("store", r#""index_format_version":7"#, r#""index_format_version":5"#),
        ("meta.json", r#""stored": false"#, r#""stobed": false"#),
        ("meta.json", r#""record": "basic""#, r#""vecord": "basic""#),
        (".managed.json", r#""meta.json""#, r#""meta.jsOn""#),
    ] {
        let path = desk.path(&kinds[kind]);
        let bytes = fs::read(&path).unwrap();
        let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
        let mut changed = bytes.clone();
        changed[at..at + to.len()].copy_from_slice(to.as_bytes());
        fs::write(&path, changed).unwrap();
        told(&desk.run(&["check"]), &format!("{kind}: {from}"));
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(desk.run(&["check"]).status, 0);
}

#[test]
fn all_findings_are_told() {
    let desk = desk();
    let kinds = kinds(&desk);
    for kind in ["store", "pos"] {
        let path = desk.path(&kinds[kind]);
        let mut bytes = fs::read(&path).unwrap();
        bytes[0] ^= 1;
        fs::write(&path, bytes).unwrap();
    }
    let run = desk.run(&["check", "--format", "json"]);
    let found = run.json();
    validate("soundness.schema.json", &found);
    assert_eq!((run.status, &found["sound"]), (1, &json!(false)));
    let files: Vec<&str> = found["findings"].as_array().unwrap().iter().filter_map(|f| f["file"].as_str()).collect();
    for kind in ["store", "pos"] {
        assert!(files.contains(&kinds[kind].strip_prefix("ix/").unwrap()), "{found}");
    }
    assert!(found["unread_segments"].as_u64() > Some(0), "{found}");
}

#[test]
fn what_the_commit_says_is_compared() {
    let desk = desk();
    let path = desk.path(&kinds(&desk)["meta.json"]);
    let meta = fs::read_to_string(&path).unwrap();
    let change = |from: &str, to: &str| {
        assert!(meta.contains(from), "{meta}");
        fs::write(&path, meta.replace(from, to)).unwrap();
        desk.run(&["check"])
    };
    let run = change(r#"\"reports\":12"#, r#"\"reports\":13"#);
    assert_eq!(run.status, 1);
    assert!(run.out.starts_with("the commit tells of 13 reports, 12 are there\n"), "{}", run.out);
    let run = change(r#""docstore_blocksize": 4096"#, r#""docstore_blocksize": 4097"#);
    assert!(run.status == 1 && run.out.contains("its settings are not those"), "{run:?}");
    // Another version cannot be checked.
    let run = change(r#"\"format\":"#, r#"\"format\":9"#);
    assert!(run.fails_with_hint().contains("was written with format 9"), "{run:?}");
}

#[test]
fn what_is_no_index_cannot_be_checked() {
    let desk = Desk::with(&[("a.txt", "Texte."), ("other/a.txt", "Texte.")]);
    for dir in ["none", "other", "a.txt"] {
        let run = desk.run(&["check", "--index", dir]);
        assert!(run.fails_with_hint().contains("no index here"), "{run:?}");
    }
    for format in ["tap", "junit"] {
        let run = sample().run(&["check", "--format", format]);
        assert!(run.fails().contains("--queries"), "{run:?}");
    }
}
