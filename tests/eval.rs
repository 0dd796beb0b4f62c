//! `vigie eval`: figures of the sample corpus, of a run, and what is wrong with judgements.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, INDEX, repository, sample, validate};
use serde_json::json;

const QUERIES: &str = "tests/relevance/queries.tsv";
const QRELS: &str = "tests/relevance/qrels.txt";

#[test]
fn the_judged_queries_of_the_sample_corpus() {
    let args = ["eval", "--queries", QUERIES, "--qrels", QRELS, "--match", "any", "--per-query", "--format"];
    let run = sample().run(&[&args[..], &["json"]].concat());
    let found = run.json();
    validate("eval.schema.json", &found);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    // What `tests/relevance.rs` keeps, which goes another way.
    let kept = std::fs::read_to_string(repository("tests/relevance/figures.csv")).unwrap();
    let mut rows = Vec::new();
    for row in kept.lines().skip(1) {
        rows.push((row.split(',').next().unwrap(), row.rsplit(',').next().unwrap()));
    }
    let queries = found["per_query"].as_array().unwrap();
    for query in queries {
        let (_, ndcg) = *rows.iter().find(|(id, _)| *id == query["id"]).unwrap();
        assert_eq!(format!("{:.3}", query["ndcg@10"].as_f64().unwrap()), ndcg, "{query}");
    }
    let (name, mean) = *rows.last().unwrap();
    assert_eq!((name, queries.len()), ("mean", kept.lines().count() - 2));
    assert_eq!(format!("{:.3}", found["ndcg@10"].as_f64().unwrap()), mean);
    let csv = sample().run(&[&args[..], &["csv"]].concat()).out;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!((lines[0], lines.len()), ("query,ndcg@10,mrr@10,recall@100", queries.len() + 2));
    assert!(lines[lines.len() - 1].starts_with("all,0."), "{csv}");
    let text = sample().run(&["eval", "--queries", QUERIES, "--qrels", QRELS, "--match", "any"]).out;
    assert!(text.starts_with("query ") && text.contains(&format!("mean of {}", queries.len())), "{text}");
}

#[test]
fn a_run_is_scored_as_the_search_that_wrote_it() {
    let desk = Desk::new();
    let run = sample().run(&["search", "--queries", QUERIES, "--match", "any", "--format", "trec"]);
    desk.write("run.trec", run.out);
    let figures = |args: &[&str]| {
        let found = sample().run(&[&["eval", "--qrels", QRELS, "--format", "json"], args].concat()).json();
        ["ndcg@10", "mrr@10", "recall@100"].map(|name| found[name].clone())
    };
    let asked = figures(&["--queries", QUERIES, "--match", "any"]);
    assert_eq!(figures(&["--run", desk.path("run.trec").to_str().unwrap()]), asked);
    assert_ne!(figures(&["--queries", QUERIES]), asked, "flags of the search count");
}

#[test]
fn ids_with_spaces_are_told_apart() {
    let text = "Une embuscade a eu lieu.";
    let desk = Desk::with(&[
        ("in/note 1.txt", text),
        ("in/note_1.txt", "Une embuscade a eu lieu près de Bankass, et une autre embuscade à Gao."),
        ("in/50%20.txt", "Une autre embuscade."),
        ("queries.tsv", "q 1\tembuscade\nq_1\tBankass\n"),
        ("qrels.txt", "q%201 0 note%201.txt 1\nq%201 0 50%2520.txt 1\nq_1 0 note_1.txt 1\n"),
    ]);
    desk.index(&["in"]);
    let run = desk.run(&["search", "--queries", "queries.tsv", "--format", "trec"]);
    let mut pairs: Vec<(&str, &str)> =
        run.out.lines().map(|line| line.split(' ').collect::<Vec<_>>()).map(|line| (line[0], line[2])).collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        [("q%201", "50%2520.txt"), ("q%201", "note%201.txt"), ("q%201", "note_1.txt"), ("q_1", "note_1.txt")]
    );
    desk.write("run.trec", &run.out);
    let figures =
        |args: &[&str]| desk.run(&[&["eval", "--qrels", "qrels.txt", "--format", "json"], args].concat()).json();
    let asked = figures(&["--queries", "queries.tsv"]);
    assert_eq!((&asked["queries"], &asked["recall@100"]), (&json!(2), &json!(1.0)), "{asked}");
    assert_eq!(figures(&["--run", "run.trec"])["mrr@10"], asked["mrr@10"]);
}

#[test]
fn what_is_not_asked_or_not_judged_is_told() {
    let desk = Desk::with(&[
        ("in/a.txt", "Une embuscade a eu lieu."),
        ("queries.tsv", "q1\tembuscade\nq2\tembuscade\nq3\t\"embuscade\nseul\n"),
        ("qrels.txt", "q1 0 a.txt 1\nq3 0 a.txt 1\nq4 0 a.txt 1\n"),
    ]);
    desk.index(&["in"]);
    let args = ["eval", "--queries", "queries.tsv", "--qrels", "qrels.txt"];
    let run = desk.run(&[&args[..], &["--format", "json"]].concat());
    let found = run.json();
    validate("eval.schema.json", &found);
    assert_eq!((run.status, &found["queries"], &found["unjudged"]), (3, &json!(3), &json!(["4", "q2"])));
    assert_eq!((&found["missing"], &found["failed"][0]["id"]), (&json!(["q4"]), &json!("q3")));
    assert!((found["mrr@10"].as_f64().unwrap() - 1.0 / 3.0).abs() < 1e-9, "{found}");
    let run = desk.run(&args);
    assert_eq!(run.err.lines().count(), 4, "{}", run.err);
    assert!(run.err.contains("note: 1 judged query was not asked, and counts 0: q4\n"), "{}", run.err);
    assert!(run.err.contains("note: 2 queries without judgement were left out: 4, q2\n"), "{}", run.err);
    assert_eq!(desk.run(&[&args[..], &["-q"]].concat()).err, "");
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let desk = Desk::with(&[
        ("in/a.txt", "Une embuscade."),
        ("queries.tsv", "q1\tembuscade\n"),
        ("twice.tsv", "q1\tembuscade\nq1\tmine\n"),
        ("empty", ""),
        ("two", "q1 0\n"),
        ("grade", "q1 0 a.txt 1\nq1 0 b.txt haut\n"),
        ("other", "q9 0 a.txt 1\n"),
        ("good", "q1 0 a.txt 1\n"),
    ]);
    desk.write("binary", b"q1 0 a.txt 1\n\xff\xfe 0 a 1\n");
    desk.index(&["in"]);
    for (queries, qrels, want) in [
        ("queries.tsv", "empty", "vigie: empty: it is empty\nhint: a line is: QUERY 0 REPORT GRADE"),
        ("queries.tsv", "two", "vigie: two: line 1: 2 columns, not 4\nhint: "),
        ("queries.tsv", "grade", "vigie: grade: line 2: the grade “haut” is not a whole number\nhint: "),
        ("queries.tsv", "binary", "vigie: binary: line 2: not UTF-8\nhint: "),
        ("queries.tsv", "none", "vigie: none: "),
        ("queries.tsv", "in", "vigie: in: "),
        (
            "queries.tsv",
            "other",
            "vigie: queries.tsv: none of its queries is judged in other: the first is “q1” here, “q9” there",
        ),
        ("empty", "good", "vigie: empty: none of its queries is judged in good: the first is nothing here"),
        ("twice.tsv", "good", "vigie: twice.tsv: line 2: a second query has the id “q1”\n"),
        ("none.tsv", "good", "vigie: none.tsv: "),
    ] {
        let run = desk.run(&["eval", "--queries", queries, "--qrels", qrels]);
        assert!(run.fails().starts_with(want), "{run:?}");
    }
    let run = desk.run(&["eval", "--run", "good", "--qrels", "good"]);
    assert!(run.fails_with_hint().starts_with("vigie: good: line 1: 4 columns, not 6\n"), "{run:?}");
    let run = desk.fed(&["eval", "--queries", "-", "--qrels", "-"], "q1 0 a.txt 1\n");
    assert_eq!(run.fails(), "vigie: --qrels: only one file can be standard input\n");
    for args in [&["--qrels", "good"][..], &["--qrels", "good", "--run", "good", "--queries", "queries.tsv"]] {
        assert_eq!(desk.run(&[&["eval"], args].concat()).status, 2);
    }
}

#[test]
fn what_a_request_says_of_its_page_changes_no_figure() {
    let texts: Vec<String> =
        (0..30).map(|n| format!("{{\"id\":\"r{n}\",\"text\":\"Une embuscade. {n}\"}}\n")).collect();
    let judged: Vec<String> = (0..30).map(|n| format!("q 0 in/a.jsonl:r{n} {}\nq 0 r{n} {}\n", n % 3, n % 3)).collect();
    let desk = Desk::with(&[
        ("in/a.jsonl", &texts.concat()),
        ("qrels.txt", &judged.concat()),
        ("plain.jsonl", "q\tembuscade\n"),
    ]);
    desk.write(
        "page.jsonl",
        json!({ "id": "q", "query": "embuscade", "limit": 1, "offset": 5, "sort": "oldest", "collapse": "none",
                "fields": ["score"], "facets": {}, "timeline": {}, "explain": true })
        .to_string(),
    );
    desk.index(&["in"]);
    let figures = |queries: &str| {
        let run = desk.run(&["eval", "--queries", queries, "--qrels", "qrels.txt", "--format", "json"]);
        (run.status, run.json())
    };
    let plain = figures("plain.jsonl");
    assert!(plain.0 == 0 && plain.1["recall@100"] == 0.5, "{plain:?}");
    assert_eq!(figures("page.jsonl"), plain);
}

#[test]
fn queries_are_read_as_batches_are() {
    let desk = Desk::with(&[("in/a.txt", "Une embuscade a eu lieu."), ("qrels.txt", "q1 0 a.txt 1\nq2 0 a.txt 1\n")]);
    let long = "x".repeat(2 << 20);
    desk.write("queries.tsv", format!("\u{feff}\r\nq1\tembuscade\r\n\r\nlong\t{long}\r\nq2\tembuscade"));
    desk.index(&["in"]);
    let run = desk.run(&["eval", "--queries", "queries.tsv", "--qrels", "qrels.txt", "--format", "json"]);
    let found = run.json();
    assert_eq!((run.status, &found["mrr@10"], &found["failed"][0]["id"]), (3, &json!(1.0), &json!("4")));
    assert!(run.err.contains("line 4: longer than 1 MiB"), "{}", run.err);
    // So does `diff`, which has the same queries.
    let run = desk.run(&["diff", INDEX, INDEX, "--queries", "queries.tsv", "--format", "json"]);
    let queries = &run.json()["queries"];
    assert_eq!((run.status, &queries["asked"], queries["failed"].as_array().map(Vec::len)), (3, &json!(3), Some(1)));
    // And judgements have lines of a bounded length too.
    desk.write("long.txt", &long);
    let run = desk.run(&["eval", "--queries", "queries.tsv", "--qrels", "long.txt"]);
    assert!(run.fails_with_hint().starts_with("vigie: long.txt: line 1: longer than 1 MiB"), "{run:?}");
}
