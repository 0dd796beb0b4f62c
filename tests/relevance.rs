//! How well the sample corpus is ranked: the judged queries of `tests/relevance/`, measured as `figures.csv` has it.
//!
//! A change of ranking shows in the diff of that file. `VIGIE_UPDATE=1 cargo test --test relevance` writes it anew.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::collections::BTreeMap;
use std::fs;

use common::{repository, sample};

/// Below this mean the ranking is broken, whatever the file says: .02 under what was measured when it was set.
const LEAST_MEAN: f64 = 0.92;
const FIGURES: &str = "tests/relevance/figures.csv";

/// Grades of reports: 2 for what a query is after, 1 for what touches it.
type Grades = BTreeMap<String, u32>;

fn rows(name: &str, separator: char) -> Vec<Vec<String>> {
    let text = fs::read_to_string(repository("tests/relevance").join(name)).unwrap();
    text.lines().map(|line| line.split(separator).map(ToOwned::to_owned).collect()).collect()
}

fn judgements() -> BTreeMap<String, Grades> {
    let mut found: BTreeMap<String, Grades> = BTreeMap::new();
    for row in rows("qrels.txt", ' ') {
        found.entry(row[0].clone()).or_default().insert(row[2].clone(), row[3].parse().unwrap());
    }
    found
}

/// Reports of each query, best first.
fn run() -> BTreeMap<String, Vec<String>> {
    let queries = ["--queries", "tests/relevance/queries.tsv", "--match", "any", "--format", "trec"];
    let run = sample().run(&[&["search"], &queries[..]].concat());
    assert_eq!(run.status, 0, "{}", run.err);
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in run.out.lines() {
        let columns: Vec<&str> = line.split(' ').collect();
        found.entry(columns[0].to_owned()).or_default().push(columns[2].to_owned());
    }
    found
}

/// Discounted cumulative gain of the first ten.
fn dcg(grades: impl Iterator<Item = u32>) -> f64 {
    grades.take(10).zip(2_u32..).map(|(grade, place)| f64::from(grade) / f64::from(place).log2()).sum()
}

fn ndcg(reports: &[String], grades: &Grades) -> f64 {
    let mut best: Vec<u32> = grades.values().copied().collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    dcg(reports.iter().map(|id| grades.get(id).copied().unwrap_or(0))) / dcg(best.into_iter())
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
        let ndcg = ndcg(reports, grades);
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
fn every_judged_report_is_in_the_corpus() {
    let there = sample().ids(&[]);
    for (query, grades) in judgements() {
        for id in grades.keys() {
            assert!(there.contains(id), "{query}: {id}");
        }
    }
}
