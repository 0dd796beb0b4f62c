//! Lists of all hits: in parts, in the order of the pages, and as many as are told.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::sync::OnceLock;

use common::{Desk, INDEX, sample};
use serde_json::json;
use vigie::hit::Hit;
use vigie::index::IndexReader;
use vigie::search::{Collapse, Part, Request, Scope, SearchError, Searcher, Sort};

/// More reports than the second pass ranks, and more than are looked at together behind them.
const REPORTS: usize = 1_500;

/// Reports that differ in how often, how near and when they tell what is asked for; every fifth has no date, and many
/// score the same.
fn many() -> &'static Desk {
    static MANY: OnceLock<Desk> = OnceLock::new();
    MANY.get_or_init(|| {
        let report = |n: usize| {
            let first = format!("Une embuscade a visé un convoi. {}", "Embuscade. ".repeat(n % 4));
            let second = if n.is_multiple_of(3) { "Le convoi a repris la route." } else { "Rien à signaler." };
            let third = "Embuscade et convoi. ".repeat(n % 2);
            let day = (!n.is_multiple_of(5)).then(|| format!("2024-{:02}-{:02}", n % 12 + 1, n % 7 + 1));
            let pad = "Les habitants attendent des nouvelles du marché. ".repeat(12);
            let text = format!("{first}{pad}\n\n{second} {pad}\n\n{third}{pad}");
            json!({ "id": format!("r{:04}", n * 7 % REPORTS), "text": text, "published": day, "lang": "fr" })
                .to_string()
        };
        let lines: Vec<String> = (0..REPORTS).map(report).collect();
        let desk = Desk::with(&[("depeches.jsonl", &lines.join("\n"))]);
        assert_eq!(desk.index(&["depeches.jsonl"])["added"], REPORTS);
        desk
    })
}

/// All hits of a request, how many parts they came in, and how many reports are told.
fn streamed(searcher: &mut Searcher<'_>, request: &Request) -> (Vec<Hit>, usize, u64) {
    let (mut all, mut parts, mut total) = (Vec::new(), 0, 0);
    searcher
        .stream(request, |part| {
            parts += 1;
            match part {
                Part::Answer(answer) => {
                    assert_eq!(parts, 1);
                    total = answer.total;
                    all.extend(answer.hits);
                }
                Part::Hits(hits) => all.extend(hits),
            }
            Ok::<_, SearchError>(())
        })
        .unwrap();
    (all, parts, total)
}

#[test]
fn every_page_is_a_slice_of_the_whole_list() {
    let reader = IndexReader::open(&many().path(INDEX)).unwrap();
    let mut searcher = Searcher::new(&reader);
    for query in ["embuscade convoi", "embuscade OU signaler", "\"embuscade et convoi\"", ""] {
        for sort in [Sort::Relevance, Sort::Newest, Sort::Oldest] {
            for scope in [Scope::Report, Scope::Passage] {
                for collapse in [Collapse::Report, Collapse::None] {
                    let fields = Some(vec!["id".to_owned(), "score".to_owned(), "rank".to_owned()]);
                    let query = query.to_owned();
                    let request = Request { query, sort, scope, collapse, fields, ..Request::default() };
                    let (all, _, total) = streamed(&mut searcher, &Request { limit: 0, ..request.clone() });
                    assert!(all.len() > 700, "{request:?}: {}", all.len());
                    if collapse == Collapse::Report {
                        assert_eq!(all.len() as u64, total, "{request:?}");
                    }
                    assert!(all.iter().map(|hit| hit.rank).eq(1..=all.len()), "{request:?}");
                    let reports: std::collections::BTreeSet<&str> =
                        all.iter().map(|hit| hit.report.id.as_str()).collect();
                    assert_eq!(reports.len() as u64, total, "{request:?}");
                    for (offset, limit) in [(0, 10), (0, 300), (250, 20), (256, 1), (500, 700), (all.len() - 3, 10)] {
                        let page = Request { offset, limit, ..request.clone() };
                        let slice = &all[offset..(offset + limit).min(all.len())];
                        assert_eq!(searcher.search(&page).unwrap().hits, slice, "{page:?}");
                    }
                    let beyond = Request { offset: all.len(), limit: 5, ..request.clone() };
                    let answer = searcher.search(&beyond).unwrap();
                    assert_eq!((answer.hits.len(), answer.total), (0, total), "{beyond:?}");
                }
            }
        }
    }
}

#[test]
fn a_long_list_comes_in_parts() {
    let reader = IndexReader::open(&many().path(INDEX)).unwrap();
    let mut searcher = Searcher::new(&reader);
    let request = Request { query: "embuscade".to_owned(), limit: 0, ..Request::default() };
    let (all, parts, total) = streamed(&mut searcher, &request);
    assert!(parts > 10, "{parts}");
    assert_eq!(all.len() as u64, total);
    assert_eq!(searcher.search(&request).unwrap().hits, all);
    // What is told of an answer comes with its first hits.
    let (few, parts, _) = streamed(&mut searcher, &Request { limit: 10, ..request });
    assert_eq!((few.as_slice(), parts), (&all[..10], 1));
}

#[test]
fn who_does_not_want_more_gets_no_more() {
    let reader = IndexReader::open(&many().path(INDEX)).unwrap();
    let mut parts = 0;
    let request = Request { query: "embuscade".to_owned(), limit: 0, ..Request::default() };
    let stopped = Searcher::new(&reader).stream(&request, |_| {
        parts += 1;
        if parts == 3 { Err(anyhow::anyhow!("enough")) } else { Ok(()) }
    });
    assert_eq!((stopped.unwrap_err().to_string().as_str(), parts), ("enough", 3));
}

#[test]
fn all_formats_write_every_hit() {
    let found = many().search(&["embuscade", "-n", "0"]);
    assert_eq!(found["hits"].as_array().unwrap().len(), REPORTS);
    assert_eq!(found["total"], REPORTS);
    let lines = many().run(&["search", "embuscade", "-n", "0", "--format", "jsonl"]).lines();
    assert!(found["hits"].as_array().unwrap() == &lines);
    let trec = many().run(&["search", "embuscade", "-n", "0", "--format", "trec"]);
    assert_eq!(trec.out.lines().count(), REPORTS);
    let text = many().run(&["search", "embuscade", "-n", "0"]);
    assert!(
        text.out.ends_with(&format!("{REPORTS} reports (hits 1–{REPORTS})\n")),
        "{}",
        &text.out[text.out.len() - 200..]
    );
}

#[test]
fn damage_that_is_met_on_the_way_is_told() {
    let desk = Desk::new();
    let run = desk.run(&["index", many().path("depeches.jsonl").to_str().unwrap()]);
    assert_eq!(run.status, 0, "{run:?}");
    for (name, bytes) in desk.files(INDEX).into_iter().filter(|(name, _)| name.strip_suffix(".store").is_some()) {
        let mut bytes = bytes;
        let middle = bytes.len() / 4..bytes.len() * 3 / 4;
        bytes[middle].fill(0xff);
        desk.write(&name, bytes);
    }
    let run = desk.run(&["search", "embuscade", "-n", "0", "--format", "jsonl"]);
    assert_eq!(run.status, 2, "{}", run.err);
    assert!(run.err.starts_with("vigie: ") && run.err.contains("hint: "), "{}", run.err);
}

#[test]
fn few_hits_are_written_as_ever() {
    let text = sample().run(&["search", "Diallassagou", "-n", "2", "--format", "json"]).out;
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    // One object as a pretty printer has it, whichever way it was written.
    let keys: Vec<&str> = text.lines().filter(|line| line.starts_with("  \"")).collect();
    assert!(keys[0].starts_with("  \"request\": {") && keys.contains(&"  \"hits\": ["), "{keys:?}");
    assert_eq!(value["hits"].as_array().unwrap().len(), 2);
    assert!(text.ends_with("\n}\n"));
}
