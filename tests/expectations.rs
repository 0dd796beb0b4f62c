//! `vigie check --queries`: expectations of the sample corpus, and how they fail.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, faults, repository, sample, validate};
use serde_json::{Value, json};

const FILE: &str = "tests/expectations/sample_corpus.toml";

/// Two expectations, of which the second fails.
const TWO: &str = r#"
[[query]]
name = "tous les gendarmes"
query = "embuscade gendarme"
must = ["e05-radio", "e05-radio#1"]
first = 1
least = 3

[[query]]
name = "aucun à Gao"
query = "embuscade"
regions = ["Mopti"]
since = 2024-01-01
must = ["niger/2021-03-17-darey-daye.txt"]
must_not = ["e05-radio"]
most = 1
"#;

/// A check of expectations against the sample corpus.
fn check(text: &str, args: &[&str]) -> common::Run {
    sample().fed(&[&["check", "--queries", "-"], args].concat(), text)
}

#[test]
fn the_sample_corpus_holds_what_is_expected_of_it() {
    let run = sample().run(&["check", "--queries", FILE]);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{run:?}");
    assert!(run.out.ends_with(" passed, 0 failed\n"), "{}", run.out);
}

#[test]
fn files_have_the_shape_of_their_schema() {
    for (text, fits) in [
        (std::fs::read_to_string(repository(FILE)).unwrap(), true),
        (TWO.replace("2024-01-01", "'2024-01-01'"), true),
        (TWO.replace("first = 1", "first = 0"), false),
        ("[[query]]\nname = 'a'\nquery = 'b'".to_owned(), false),
        (TWO.replace("least", "leest"), false),
    ] {
        let value: Value = toml::from_str(&text).unwrap();
        assert_eq!(faults("expectations.schema.json", &value).is_empty(), fits, "{value}");
        // The schema and the program agree.
        assert_eq!(check(&text, &[]).status != 2, fits, "{text}");
    }
}

#[test]
fn what_fails_is_told_with_what_is_instead() {
    let run = check(TWO, &[]);
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    insta::assert_snapshot!(run.out, @r#"
    ok      tous les gendarmes
    FAILED  aucun à Gao (stdin:9)
            {"query":"embuscade","regions":["Mopti"],"since":"2024-01-01"}
            niger/2021-03-17-darey-daye.txt is not found
            e05-radio stands at 2, among the first 10 hits
            3 reports answer, not at most 1
    2 expectations: 1 passed, 1 failed
    "#);
    let run = check(TWO, &["--format", "json"]);
    let outcomes = run.json();
    validate("outcomes.schema.json", &outcomes);
    assert_eq!((run.status, &outcomes["passed"], &outcomes["failed"]), (1, &json!(1), &json!(1)));
    let failed = &outcomes["expectations"][1];
    assert_eq!(failed["request"], json!({ "query": "embuscade", "regions": ["Mopti"], "since": "2024-01-01" }));
    let expected: Vec<&str> =
        failed["failures"].as_array().unwrap().iter().map(|failure| failure["expected"].as_str().unwrap()).collect();
    assert_eq!(expected, ["must", "must_not", "most"]);
}

#[test]
fn formats_of_test_runners() {
    let tap = check(TWO, &["--format", "tap"]);
    assert_eq!(tap.status, 1);
    let tests: Vec<&str> = tap.out.lines().filter(|line| line.contains("ok ")).collect();
    assert!(tap.out.starts_with("TAP version 14\n1..2\n"), "{}", tap.out);
    assert_eq!(tests, ["ok 1 - tous les gendarmes", "not ok 2 - aucun à Gao"]);
    let junit = check(TWO, &["--format", "junit"]);
    assert_eq!(junit.status, 1);
    assert!(junit.out.starts_with("<?xml ") && junit.out.contains("tests=\"2\" skipped=\"0\" failures=\"1\""));
    let sound = check(TWO.split("\n[[query]]\nname = \"aucun").next().unwrap(), &["--format", "junit"]);
    assert!(sound.status == 0 && sound.out.contains("failures=\"0\""), "{sound:?}");
}

#[test]
fn a_query_that_the_index_cannot_answer_fails_and_the_others_are_asked() {
    let run = check(&TWO.replace("regions = [\"Mopti\"]", "regions = [\"Mopty\"]"), &["--format", "json"]);
    let outcomes = run.json();
    validate("outcomes.schema.json", &outcomes);
    let failure = &outcomes["expectations"][1]["failures"][0];
    assert_eq!((run.status, &failure["expected"], &outcomes["passed"]), (1, &json!("query"), &json!(1)));
    assert!(failure["what"].as_str().unwrap().contains("/Mali/Mopti"), "{failure}");
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_line() {
    for (text, want) in [
        (String::new(), "vigie: stdin: line 1: no request\n"),
        ("[[query]".to_owned(), "vigie: stdin: line 1: no TOML: "),
        (TWO.replace("first = 1", "first = 0"), "vigie: stdin: line 6: first = 0 looks at no hit\n"),
        (
            TWO.replace("must_not", "mustnot"),
            "vigie: stdin: line 15: unknown key “mustnot”\nhint: did you mean “must_not”?",
        ),
    ] {
        let run = check(&text, &[]);
        assert!(run.fails().starts_with(want), "{run:?}");
    }
    let desk = Desk::with(&[("dir/a.toml", "")]);
    desk.write("latin.toml", b"# \xe9t\xe9\n");
    for file in ["none.toml", "dir", "latin.toml"] {
        let run = desk.run(&["check", "--queries", file]);
        assert!(run.fails().starts_with(&format!("vigie: {file}: ")), "{run:?}");
    }
    desk.write("ok.toml", TWO);
    let run = desk.run(&["check", "--queries", "ok.toml"]);
    assert!(run.fails_with_hint().contains("no index here"), "{run:?}");
    // With tables, the names of the index have to be those.
    desk.write("tables/actors.csv", "id,name,acronym,category,parent,countries,aliases,context_aliases,cues,facet\n");
    desk.write("tables/places.csv", "path,name,level,lat,lon,aliases,ambiguity_all,risky_aliases,tier,alt_path\n");
    desk.write("a.txt", "Une embuscade près de Bankass.");
    desk.index(&["a.txt"]);
    let run = desk.run(&["check", "--queries", "ok.toml", "--schema", "tables"]);
    assert!(run.fails_with_hint().contains("has the names of vocabulary"), "{run:?}");
}
