//! How well the sample corpus is ranked: the judged queries of `tests/relevance/`, measured as `figures.csv` has it.
//!
//! A change of ranking shows in the diff of that file. `VIGIE_UPDATE=1 cargo test --test relevance` writes it anew.
//!
//! `collections.csv` holds the figures of whole collections that are not part of the project: folders with a
//! `corpus.jsonl.gz`, `qrels.txt` and lists of queries (`queries.tsv`, `queries.typo.tsv` …). With `DIR` the folder of
//! these folders, `VIGIE_COLLECTIONS=DIR cargo test --profile quick --test relevance collections -- --ignored` measures
//! them against the file; with `VIGIE_UPDATE=1` it writes the file.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may")]

mod common;

use std::fs;

use common::{Desk, repository, sample};
use vigie::eval::{Judgements, Run as Ranked, evaluate, read_judgements};

/// Below this mean the ranking is broken, whatever the file says: .02 under what was measured when it was set.
const LEAST_MEAN: f64 = 0.92;
const FIGURES: &str = "tests/relevance/figures.csv";

fn rows(name: &str, separator: char) -> Vec<Vec<String>> {
    let text = fs::read_to_string(repository("tests/relevance").join(name)).unwrap();
    text.lines().map(|line| line.split(separator).map(ToOwned::to_owned).collect()).collect()
}

fn judgements() -> Judgements {
    read_judgements(fs::read(repository("tests/relevance/qrels.txt")).unwrap().as_slice()).unwrap()
}

/// Reports of each query, best first.
fn run() -> Ranked {
    let queries = ["--queries", "tests/relevance/queries.tsv", "--match", "any", "--format", "trec"];
    let run = sample().run(&[&["search"], &queries[..]].concat());
    assert_eq!(run.status, 0, "{}", run.err);
    read_run(&run.out)
}

/// The reports of each query, from the lines of a TREC run.
fn read_run(text: &str) -> Ranked {
    let mut found = Ranked::new();
    for line in text.lines() {
        let columns: Vec<&str> = line.split(' ').collect();
        found.entry(columns[0].to_owned()).or_default().push(columns[2].to_owned());
    }
    found
}

#[test]
fn figures() {
    let (judged, found) = (judgements(), run());
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["id", "query", "first", "ndcg@10"]).unwrap();
    let (mut sum, mut count) = (0.0, 0.0);
    for row in rows("queries.tsv", '\t') {
        let (id, query) = (&row[0], &row[1]);
        let (reports, grades) = (&found[id], &judged[id]);
        let first = reports.iter().position(|report| grades.get(report) == Some(&2));
        let first = first.map_or_else(String::new, |place| (place + 1).to_string());
        let ndcg = vigie::eval::figures(reports, grades).ndcg;
        table.write_record([id, query, &first, &format!("{ndcg:.3}")]).unwrap();
        sum += ndcg;
        count += 1.0;
    }
    let mean: f64 = sum / count;
    table.write_record(["mean", "", "", &format!("{mean:.3}")]).unwrap();
    let table = String::from_utf8(table.into_inner().unwrap()).unwrap();
    if std::env::var_os("VIGIE_UPDATE").is_some() {
        fs::write(repository(FIGURES), &table).unwrap();
    }
    let kept = fs::read_to_string(repository(FIGURES)).unwrap();
    let changed: Vec<String> =
        kept.lines().zip(table.lines()).filter(|(a, b)| a != b).map(|(a, b)| format!("- {a}\n+ {b}\n")).collect();
    assert!(kept == table, "the ranking has changed:\n{}VIGIE_UPDATE=1 rewrites {FIGURES}", changed.concat());
    assert!(mean >= LEAST_MEAN, "mean nDCG@10 {mean:.3}");
}

#[test]
#[ignore = "needs collections, in the folder that VIGIE_COLLECTIONS names"]
fn collections() {
    const FIGURES: &str = "tests/relevance/collections.csv";
    let dir = std::env::var_os("VIGIE_COLLECTIONS").expect("VIGIE_COLLECTIONS names the folder of the collections");
    let names = |dir: &std::path::Path| {
        let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        names
    };
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["collection", "queries", "ndcg@10", "mrr@10", "recall@100"]).unwrap();
    for folder in names(std::path::Path::new(&dir)).into_iter().filter(|path| path.join("corpus.jsonl.gz").exists()) {
        let desk = Desk::new();
        let indexed = desk.run(&["index", folder.join("corpus.jsonl.gz").to_str().unwrap()]);
        assert_eq!(indexed.status, 0, "{indexed:?}");
        let judged = read_judgements(fs::read(folder.join("qrels.txt")).unwrap().as_slice()).unwrap();
        for queries in names(&folder).into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "tsv")) {
            // A query that cannot be read finds nothing, as for its user.
            let run =
                desk.run(&["search", "--queries", queries.to_str().unwrap(), "--match", "any", "--format", "trec"]);
            assert!([0, 3].contains(&run.status), "{run:?}");
            let mean = evaluate(&read_run(&run.out), &judged).mean;
            let figures = [mean.ndcg, mean.mrr, mean.recall].map(|figure| format!("{figure:.3}"));
            let name = |path: &std::path::Path| path.file_stem().unwrap().to_string_lossy().into_owned();
            table.write_record([&name(&folder), &name(&queries), &figures[0], &figures[1], &figures[2]]).unwrap();
        }
    }
    let table = String::from_utf8(table.into_inner().unwrap()).unwrap();
    if std::env::var_os("VIGIE_UPDATE").is_some() {
        fs::write(repository(FIGURES), &table).unwrap();
    }
    let kept = fs::read_to_string(repository(FIGURES)).unwrap();
    assert_eq!(kept, table, "VIGIE_UPDATE=1 rewrites {FIGURES}");
}

#[test]
fn every_judged_report_is_in_the_corpus() {
    let there = sample().ids(&[]);
    for (query, grades) in judgements() {
        for id in grades.keys() {
            assert!(there.contains(id), "{query}: {id}");
        }
    }
}
