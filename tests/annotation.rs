//! How well reports are annotated: the labelled texts of `tests/annotation/`, measured as its `figures.csv` has it.
//!
//! A change of annotation shows in the diff of that file. `VIGIE_UPDATE=1 cargo test --test annotation` writes it
//! anew; `-- --nocapture` prints the figures, and each label that was missed or found without being one.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

#[path = "annotation/passages.rs"]
mod passages;
#[path = "annotation/score.rs"]
mod score;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use common::{Desk, repository, sample};
use score::{Actors, Annotation, FACETS, Found, Label, Tally};
use serde_json::{Value, json};
use vigie::annotate::{Annotator, Knowledge, Own};
use vigie::corpus::{Corpus, Item, ReadOptions};
use vigie::date::Precision;
use vigie::facet::FacetPath;
use vigie::vocabulary::Vocabulary;

const FIGURES: &str = "tests/annotation/figures.csv";
const PASSAGES: &str = "tests/annotation/passages.csv";

/// Labelled groups that `schema/actors.csv` does not know: to be found once they have a row there.
const UNKNOWN_GROUPS: [&str; 0] = [];

fn read(name: &str) -> String {
    fs::read_to_string(repository(name)).unwrap()
}

fn labels() -> Vec<Label> {
    read("tests/annotation/labels.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What `vigie annotate` finds in the dispatches, by the id of the report.
fn annotations() -> BTreeMap<String, Found> {
    let file = repository("tests/annotation/dispatches.jsonl");
    let run = Desk::new().run(&["annotate", "--format", "json", file.to_str().unwrap()]);
    assert_eq!(run.status, 0, "{}", run.err);
    run.out
        .lines()
        .map(|line| serde_json::from_str::<Annotation>(line).unwrap())
        .map(|annotation| (annotation.report.clone(), Found::of(&annotation)))
        .collect()
}

/// Values of a column of a table of `schema/`.
fn column(table: &str, name: &str) -> BTreeSet<String> {
    let mut reader = csv::Reader::from_path(repository("schema").join(table)).unwrap();
    let place = reader.headers().unwrap().iter().position(|header| header == name).unwrap();
    reader.records().map(|row| row.unwrap()[place].to_owned()).collect()
}

/// The kind of text that an id tells: `brief-07` is a brief.
fn kind(id: &str) -> &str {
    id.split('-').next().unwrap()
}

#[test]
fn figures() {
    let (actors, found) = (Actors::read(), annotations());
    let mut tallies: BTreeMap<(&str, usize), Tally> = BTreeMap::new();
    let labels = labels();
    for label in &labels {
        let found = found.get(&label.id).unwrap_or_else(|| panic!("{}: not annotated", label.id));
        for (place, outcome) in score::outcomes(label, found, &actors).into_iter().enumerate() {
            if outcome.is_off() {
                println!("{} {}: {outcome}", label.id, FACETS[place]);
            }
            for set in ["all", kind(&label.id)] {
                tallies.entry((set, place)).or_default().add(&outcome);
            }
        }
    }
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(["texts", "facet", "precision", "recall", "f1", "right", "surplus", "missed"]).unwrap();
    for ((set, place), tally) in &tallies {
        println!("{set:9} {:17} {tally}", FACETS[*place]);
        let shares = [tally.precision(), tally.recall(), tally.f1()].map(|share| format!("{share:.3}"));
        let counts = [tally.right, tally.surplus, tally.missed].map(|count| count.to_string());
        let row = [&[(*set).to_owned(), FACETS[*place].to_owned()], &shares[..], &counts[..]].concat();
        table.write_record(row).unwrap();
    }
    let table = String::from_utf8(table.into_inner().unwrap()).unwrap();
    if std::env::var_os("VIGIE_UPDATE").is_some() {
        fs::write(repository(FIGURES), &table).unwrap();
    }
    let kept = read(FIGURES);
    let changed: Vec<String> =
        kept.lines().zip(table.lines()).filter(|(a, b)| a != b).map(|(a, b)| format!("- {a}\n+ {b}\n")).collect();
    assert!(kept == table, "annotation has changed:\n{}VIGIE_UPDATE=1 rewrites {FIGURES}", changed.concat());
}

/// What is right, in surplus and missed of one passage and one facet.
fn compare(found: &[String], wanted: &[Vec<String>], neutral: &[String]) -> [usize; 3] {
    let below =
        |path: &str, above: &str| path == above || path.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'));
    let right =
        wanted.iter().filter(|paths| found.iter().any(|path| paths.iter().any(|want| below(path, want)))).count();
    let known = |path: &&String| {
        wanted.iter().flatten().any(|want| below(path, want) || below(want, path))
            || neutral.iter().any(|other| below(path, other) || below(other, path))
    };
    [right, found.iter().filter(|path| !known(path)).count(), wanted.len() - right]
}

/// The passages of the sample corpus, as their text tells: facets that the records state are taken away.
#[test]
fn passages_of_the_sample_corpus() {
    let labelled = passages::parse(&read("tests/annotation/sample_corpus.tsv")).unwrap();
    assert!(labelled.len() >= 80);
    let corpus = Corpus::open(&[repository("sample_corpus")], ReadOptions::default()).unwrap();
    let mut annotator = Annotator::new(Arc::new(Knowledge::new(Arc::clone(Vocabulary::builtin()))));
    let mut own: BTreeMap<String, Own> = BTreeMap::new();
    for item in corpus {
        let Item::Report(mut report, _) = item else { continue };
        (report.groups, report.regions, report.dates) = Default::default();
        for (ordinal, passage) in (1..).zip(annotator.annotate(&report).own) {
            own.insert(format!("{}#{ordinal}", report.id), passage);
        }
    }
    let mut sums = [[0; 3]; 3];
    for label in &labelled {
        let found = &own[&label.id()];
        let words = |paths: &[FacetPath]| paths.iter().map(|path| path.to_string()[1..].to_owned()).collect::<Vec<_>>();
        let named =
            |paths: &[String]| paths.iter().map(|path| path.trim_start_matches('/').to_owned()).collect::<Vec<_>>();
        let alone = |paths: &[String]| named(paths).into_iter().map(|path| vec![path]).collect::<Vec<_>>();
        let days = |spans: &[passages::Span]| {
            spans.iter().flat_map(|span| [span.from.to_string(), span.to.to_string()]).collect::<BTreeSet<_>>()
        };
        // Words for nobody in particular are no label; what is known to the month or the year neither.
        let groups: Vec<String> =
            words(&found.groups).into_iter().filter(|path| !path.starts_with("generique/")).collect();
        let dates: BTreeSet<String> = found
            .dates
            .iter()
            .filter(|span| span.precision == Precision::Day)
            .flat_map(|span| [span.from.to_string(), span.to.to_string()])
            .collect();
        let regions: Vec<String> =
            words(&found.regions).into_iter().filter(|path| !path.starts_with("Zones")).collect();
        let wanted: Vec<Vec<String>> = days(&label.dates).into_iter().map(|day| vec![day]).collect();
        let neutral: Vec<String> = days(&label.neutral.dates).into_iter().collect();
        let outcomes = [
            compare(&groups, &alone(&label.groups), &named(&label.neutral.groups)),
            compare(&regions, &label.regions, &named(&label.neutral.regions)),
            compare(&dates.into_iter().collect::<Vec<_>>(), &wanted, &neutral),
        ];
        for (sum, outcome) in sums.iter_mut().zip(outcomes) {
            sum.iter_mut().zip(outcome).for_each(|(sum, count)| *sum += count);
        }
        if outcomes.iter().any(|outcome| outcome[1] + outcome[2] > 0) {
            println!(
                "{} {outcomes:?}\n  {groups:?} {:?}\n  {regions:?} {:?}\n  {:?} {:?}",
                label.id(),
                label.groups,
                label.regions,
                found.dates,
                label.dates
            );
        }
    }
    let mut table = String::from("facet,right,surplus,missed,f1\n");
    for (facet, [right, surplus, missed]) in ["groups", "regions", "dates"].iter().zip(sums) {
        let f1 = 2.0 * right as f64 / (2 * right + surplus + missed).max(1) as f64;
        println!("passages  {facet:8} right {right} surplus {surplus} missed {missed} F1 {f1:.3}");
        writeln!(table, "{facet},{right},{surplus},{missed},{f1:.3}").unwrap();
    }
    if std::env::var_os("VIGIE_UPDATE").is_some() {
        fs::write(repository(PASSAGES), &table).unwrap();
    }
    assert_eq!(read(PASSAGES), table, "annotation has changed: VIGIE_UPDATE=1 rewrites {PASSAGES}");
}

/// Annotations that say of each text what its labels say.
fn as_labelled(label: &Label, actors: &Actors) -> Annotation {
    let value = json!({
        "report": label.id,
        "groups": label.groups.iter().map(|name| json!({"id": actors.id(name), "role": "actor"})).collect::<Vec<_>>(),
        "regions": label.regions.iter().map(|path| json!({"path": path, "role": "event"})).collect::<Vec<_>>(),
        "dates": label.event_dates.iter()
            .map(|day| json!({"from": day, "to": day, "precision": "day", "role": "event"})).collect::<Vec<_>>(),
    });
    serde_json::from_value(value).unwrap()
}

#[test]
fn labels_are_right_by_their_own_measure() {
    let actors = Actors::read();
    for label in labels() {
        let found = Found::of(&as_labelled(&label, &actors));
        for outcome in score::outcomes(&label, &found, &actors) {
            assert!(!outcome.is_off(), "{}: {outcome}", label.id);
        }
    }
}

#[test]
fn every_dispatch_is_labelled_once() {
    let texts: Vec<Value> =
        read("tests/annotation/dispatches.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let texts: Vec<&str> = texts.iter().map(|text| text["id"].as_str().unwrap()).collect();
    let labels = labels();
    let labelled: Vec<&str> = labels.iter().map(|label| label.id.as_str()).collect();
    assert_eq!(texts, labelled);
    assert_eq!(labelled.iter().collect::<BTreeSet<_>>().len(), labelled.len());
}

#[test]
fn labels_are_names_of_the_vocabulary() {
    let (actors, places) = (Actors::read(), column("places.csv", "path"));
    let learned: Vec<_> = UNKNOWN_GROUPS.iter().filter(|name| actors.knows(name)).collect();
    assert!(learned.is_empty(), "known by now, to be taken off UNKNOWN_GROUPS: {learned:?}");
    for label in labels() {
        for name in label.groups.iter().chain(&label.groups_minor) {
            assert!(actors.knows(name) || UNKNOWN_GROUPS.contains(&name.as_str()), "{}: {name}", label.id);
        }
        for path in
            [&label.regions, &label.regions_text, &label.regions_alt, &label.regions_minor].into_iter().flatten()
        {
            let path = score::long(path);
            let country = path.split('/').next().unwrap();
            assert!(places.contains(&path) || !places.contains(country), "{}: {path}", label.id);
        }
        for day in [&label.event_dates, &label.other_dates, &label.dates_inferable].into_iter().flatten() {
            assert!(passages::Span::parse(day).is_ok_and(|span| span.from == span.to), "{}: {day}", label.id);
        }
    }
}

fn labelled_passages() -> Vec<passages::Passage> {
    passages::parse(&read("tests/annotation/sample_corpus.tsv")).unwrap()
}

#[test]
fn labels_of_passages_are_names_of_the_vocabulary() {
    let (facets, places) = (column("actors.csv", "facet"), column("places.csv", "path"));
    for passage in labelled_passages() {
        let (id, neutral) = (passage.id(), &passage.neutral);
        for facet in passage.groups.iter().chain(&neutral.groups) {
            assert!(facets.contains(facet), "{id}: {facet}");
        }
        for path in passage.regions.iter().flatten().chain(&neutral.regions) {
            assert!(places.contains(path), "{id}: {path}");
        }
        for span in passage.dates.iter().chain(&neutral.dates) {
            assert!(span.from <= span.to, "{id}: {span:?}");
        }
    }
}

/// A label belongs to a passage by its number; its first words tell when passages are cut otherwise.
#[test]
fn labels_of_passages_belong_to_the_passages_of_the_corpus() {
    let any = r#""de" OU "la" OU "le" OU "les" OU "un" OU "l""#;
    let run = sample().run(&["search", any, "--collapse", "none", "-n", "0", "--format", "jsonl"]);
    let hits = run.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let opening = |text: &str| text.split_whitespace().take(5).collect::<Vec<_>>().join(" ");
    let openings: BTreeMap<String, String> = hits
        .map(|hit| {
            (hit["passage"]["id"].as_str().unwrap().to_owned(), opening(hit["passage"]["text"].as_str().unwrap()))
        })
        .collect();
    let labelled = labelled_passages();
    for passage in &labelled {
        assert_eq!(openings.get(&passage.id()), Some(&passage.opening), "{}", passage.id());
    }
    assert_eq!(labelled.iter().map(passages::Passage::id).collect::<BTreeSet<_>>().len(), labelled.len());
}
