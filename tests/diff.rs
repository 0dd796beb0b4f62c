//! `vigie diff`: what two indexes differ in.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs;

use common::{Desk, repository, validate};
use serde_json::{Value, json};

/// Reports that are edited, removed and added.
const EDITED: &str = "mali/2024-08-16-embuscade-diallassagou.txt";
const REMOVED: &str = "niger/2021-03-17-darey-daye.txt";
const ADDED: &str = "mali/nouveau.txt";

/// The sample corpus indexed as `old`, and as `new` with one report edited, one removed and one added.
fn desk() -> Desk {
    let desk = Desk::new();
    for name in [EDITED, REMOVED, "mali/2023-11-14-kidal.txt", "niger/2017-10-06-tongo-tongo.html", "radio/breves.tsv"]
    {
        desk.write(&format!("in/{name}"), fs::read(repository("sample_corpus").join(name)).unwrap());
    }
    desk.index(&["in", "--index", "old"]);
    let text = fs::read_to_string(desk.path("in").join(EDITED)).unwrap();
    desk.write(&format!("in/{EDITED}"), text + "\nUne mine a sauté à Tessit, dans la région de Gao.\n");
    fs::remove_file(desk.path("in").join(REMOVED)).unwrap();
    desk.write(&format!("in/{ADDED}"), "Une embuscade a eu lieu le 3 mai 2022 près de Diallassagou, au Mali.");
    desk.index(&["in", "--index", "new"]);
    desk
}

fn counts(found: &Value, kind: &str) -> Vec<String> {
    let values = found["facets"][kind]["values"].as_array().unwrap();
    values.iter().map(|value| format!("{} {} {}", value["path"].as_str().unwrap(), value["a"], value["b"])).collect()
}

#[test]
fn exactly_what_was_done_is_told() {
    let desk = desk();
    desk.write("queries.tsv", "q1\tembuscade Diallassagou\nq2\tKidal\n");
    let run = desk.run(&["diff", "old", "new", "--queries", "queries.tsv", "--format", "json"]);
    let found = run.json();
    validate("diff.schema.json", &found);
    assert_eq!((run.status, run.err.as_str(), &found["same"]), (1, "", &json!(false)));
    let reports = &found["reports"];
    assert_eq!(
        (&reports["gained"], &reports["lost"], &reports["changed"]),
        (&json!([ADDED]), &json!([REMOVED]), &json!([EDITED]))
    );
    assert_eq!(reports["count"]["a"], reports["count"]["b"]);
    // Every count is what a search with that filter finds.
    for (kind, flag) in [("group", "--group"), ("region", "--region")] {
        assert!(!counts(&found, kind).is_empty(), "{found}");
        for value in found["facets"][kind]["values"].as_array().unwrap() {
            for (index, side) in [("old", "a"), ("new", "b")].into_iter().filter(|(_, side)| value[side] != 0) {
                let path = value["path"].as_str().unwrap();
                let count = desk.run(&["search", "--count", flag, path, "--index", index]).out;
                assert_eq!(count.trim(), value[side].to_string(), "{index} {path}");
            }
        }
    }
    assert_eq!(counts(&found, "date"), ["/2021 1 0", "/2021/03 1 0", "/2022 0 1", "/2022/05 0 1"]);
    assert_eq!(counts(&found, "source"), [""; 0]);
    assert!(counts(&found, "region").contains(&"/Mali/Gao 0 1".to_owned()), "{found}");
    let queries = &found["queries"];
    assert_eq!((&queries["asked"], &queries["differing"][0]["id"]), (&json!(2), &json!("q1")));
    assert_eq!(queries["differing"].as_array().unwrap().len(), 1, "{queries}");
    assert_eq!(queries["differing"][0]["gained"][0]["id"], json!(ADDED));
}

#[test]
fn the_difference_for_people() {
    let desk = desk();
    desk.write("queries.tsv", "q1\tembuscade Diallassagou\n");
    let run = desk.run(&["diff", "old", "new", "--queries", "queries.tsv"]);
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    insta::assert_snapshot!(run.out, @r"
    a  old: 8 reports
    b  new: 8 reports

    reports: 1 gained, 1 lost, 1 changed, 6 unchanged
      + mali/nouveau.txt
      - niger/2021-03-17-darey-daye.txt
      ~ mali/2024-08-16-embuscade-diallassagou.txt

    group: 5 values of other counts, to depth 2
      none: 2 → 3 (+1)
      /generique: 3 → 2 (-1)
      /generique/Assaillants: 1 → 0 (-1)
      /generique/Individus armés: 1 → 0 (-1)
      /jihadiste: 3 → 2 (-1)
      /jihadiste/EIS: 2 → 1 (-1)

    region: 6 values of other counts, to depth 2
      /Mali: 4 → 5 (+1)
      /Mali/Bandiagara: 1 → 2 (+1)
      /Mali/Gao: 0 → 1 (+1)
      /Mali/Mopti: 1 → 2 (+1)
      /Niger: 4 → 3 (-1)
      /Niger/Tillabéri: 2 → 1 (-1)

    date: 4 values of other counts, to depth 2
      /2021: 1 → 0 (-1)
      /2021/03: 1 → 0 (-1)
      /2022: 0 → 1 (+1)
      /2022/05: 0 → 1 (+1)

    1 query: 1 differs
      q1: embuscade Diallassagou (1 → 2 reports)
        + mali/nouveau.txt at 2
    ");
    // The other way round, gained is lost.
    let back = desk.run(&["diff", "new", "old", "--format", "json"]).json();
    assert_eq!((&back["reports"]["lost"], &back["reports"]["gained"]), (&json!([ADDED]), &json!([REMOVED])));
    assert_eq!(back["queries"], Value::Null);
}

#[test]
fn the_same_corpus_is_the_same_whatever_the_way() {
    let desk = desk();
    // From the old state to the new one, and afresh.
    desk.index(&["in", "--index", "old", "--prune"]);
    let run = desk.run(&["diff", "old", "new", "--depth", "16"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    assert!(run.out.ends_with("\nthe same\n"), "{}", run.out);
    desk.write("queries.tsv", "q1\tembuscade\nq2\t\"mine\n");
    let run = desk.run(&["diff", "old", "new", "--queries", "queries.tsv", "--format", "json"]);
    let found = run.json();
    validate("diff.schema.json", &found);
    assert_eq!((run.status, &found["same"]), (3, &json!(true)), "a query that neither can answer");
    assert!(run.err.starts_with("note: query q2 failed: "), "{run:?}");
}

#[test]
fn another_vocabulary_is_a_difference() {
    let desk = Desk::with(&[
        ("in/a.txt", "Rien de nouveau."),
        ("tables/actors.csv", "id,name,category,facet\narmee,Armée malienne,etatique,/etatique/FAMa\n"),
        ("tables/places.csv", "path,name,level,ambiguity_all\nMali,Mali,country,capitalised_word\n"),
    ]);
    desk.index(&["in", "--index", "old"]);
    desk.index(&["in", "--index", "new", "--schema", "tables"]);
    let run = desk.run(&["diff", "old", "new"]);
    assert_eq!(run.status, 1);
    assert!(run.out.contains("\nvocabulary: ") && run.out.contains("→ 1 places, 1 actors, "), "{}", run.out);
    assert_eq!(desk.run(&["diff", "old", "new", "--format", "json"]).json()["vocabulary"]["b"]["places"], json!(1));
}

#[test]
fn what_cannot_be_compared_is_told() {
    let desk = Desk::with(&[("in/a.txt", "Une embuscade.")]);
    desk.index(&["in", "--index", "old"]);
    let run = desk.run(&["diff", "old", "none"]);
    assert!(run.fails_with_hint().starts_with("vigie: none: no index here\n"), "{run:?}");
    let run = desk.run(&["diff", "old", "old", "--queries", "none.tsv"]);
    assert!(run.fails().starts_with("vigie: none.tsv: "), "{run:?}");
    desk.write("empty.tsv", "\n");
    let run = desk.run(&["diff", "old", "old", "--queries", "empty.tsv"]);
    assert_eq!(run.fails(), "vigie: empty.tsv: no query in it\n");
    let run = desk.run(&["diff", "old", "old", "--depth", "0"]);
    assert!(run.fails_with_hint().contains("depth"), "{run:?}");
    assert_eq!(desk.run(&["diff", "old"]).status, 2);
    assert_eq!(desk.run(&["diff", "old", "old", "-n", "3"]).status, 2);
    // Written by another version.
    let meta =
        desk.files("old").into_keys().find(|name| name.ends_with("meta.json") && !name.contains("managed")).unwrap();
    let text = fs::read_to_string(desk.path(&meta)).unwrap();
    desk.write(&meta, text.replace(r#"\"format\":"#, r#"\"format\":9"#));
    let run = desk.run(&["diff", "old", "old"]);
    assert!(run.fails_with_hint().contains("old: the index was written with format 9"), "{run:?}");
}
