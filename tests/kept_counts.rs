//! The counts of all reports that a commit leaves are those of its reports, however it came to hold them.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs;
use std::path::PathBuf;

use common::{Desk, INDEX};
use serde_json::{Value, json};

/// A report with facets of its own by its number, and with names and dates in its text.
fn record(number: usize, version: usize) -> String {
    let n = number * 7 + version;
    let group = ["Alpha", "Alpha/Beta", "Gamma"][n % 3];
    let regions = [format!("Mali/Mopti/V{}", n % 5), format!("Niger/N{}", n % 4)];
    let regions = &regions[..n % 3];
    let dates = [format!("2024-0{}", 1 + n % 9), format!("2023-12-{}", 10 + n % 20), "2022".to_owned()];
    let text = format!(
        "Dépêche du jour. Le JNIM a attaqué Bankass {n} fois. En {}, Gao avait été prise par Al-Qaïda.",
        2010 + n % 4
    );
    let source = ["Radio", "Journal"][n % 2];
    json!({ "id": format!("r{number}"), "groups": [group], "regions": regions, "dates": dates[..n % 4], "text": text, "source": source })
        .to_string()
}

fn records(numbers: std::ops::Range<usize>, version: usize) -> String {
    numbers.map(|number| record(number, version) + "\n").collect()
}

/// All counts of a query, or of all reports.
fn counts(desk: &Desk, query: &[&str]) -> Value {
    let args = ["facets", "--by", "group,region,date,source", "--depth", "16", "--limit", "0", "--format", "json"];
    let run = desk.run(&[&args, query].concat());
    assert_eq!(run.status, 0, "{run:?}");
    let answer = run.json();
    json!([answer["total"], answer["facets"]])
}

/// The files of counts of an index, and whether the commit tells of them.
fn kept(desk: &Desk) -> Vec<(PathBuf, bool)> {
    let generation = desk.generations().pop().unwrap();
    let meta = fs::read_to_string(generation.join("meta.json")).unwrap();
    let files = desk.files(INDEX).into_keys().filter(|name| name.contains("facets-"));
    files.map(|name| (desk.path(&name), meta.contains(name.rsplit('/').next().unwrap()))).collect()
}

/// The counts that are kept are those of each report, and those of an index that is made at once.
#[track_caller]
fn agrees(desk: &Desk, reports: usize) {
    let files = kept(desk);
    assert!(matches!(files.as_slice(), [(_, true)]), "{files:?}");
    let anew = Desk::new();
    let inputs: Vec<String> =
        desk.files("in").into_keys().map(|name| desk.path(&name).to_string_lossy().into_owned()).collect();
    anew.index(&inputs.iter().map(String::as_str).collect::<Vec<_>>());
    for mentions in [&[][..], &["--mentions"]] {
        let all = counts(desk, mentions);
        assert_eq!(all[0], reports);
        assert_eq!(all, counts(desk, &[&["dépêche"], mentions].concat()), "{mentions:?}");
        assert_eq!(all, counts(&anew, mentions), "{mentions:?}");
    }
    let check = desk.run(&["check", "--format", "json"]);
    assert_eq!((check.status, &check.json()["stray"]), (0, &json!([])), "{check:?}");
}

#[test]
fn counts_are_kept_exact() {
    let desk = Desk::with(&[("in/a.jsonl", &records(0..40, 0)), ("in/b.jsonl", &records(40..60, 0))]);
    desk.index(&["in"]);
    agrees(&desk, 60);
    // Some are replaced, some added, some dropped; then all of that at once.
    desk.write("in/a.jsonl", records(0..3, 1) + &records(3..40, 0));
    assert_eq!(desk.index(&["in"])["updated"], 3);
    agrees(&desk, 60);
    desk.write("in/c.jsonl", records(60..75, 0));
    assert_eq!(desk.index(&["in"])["added"], 15);
    agrees(&desk, 75);
    fs::remove_file(desk.path("in/b.jsonl")).unwrap();
    assert_eq!(desk.index(&["in", "--prune"])["removed"], 20);
    agrees(&desk, 55);
    desk.write("in/d.jsonl", records(100..120, 2));
    desk.write("in/c.jsonl", records(60..70, 3));
    desk.index(&["in", "--prune"]);
    agrees(&desk, 70);
    desk.index(&["in", "--rebuild"]);
    agrees(&desk, 70);
    // Nothing changed, nothing is written.
    let before = kept(&desk);
    desk.index(&["in"]);
    assert_eq!(kept(&desk), before);
}

#[test]
fn an_index_without_counts_tells_the_same_until_the_next_run_keeps_them() {
    let desk = Desk::with(&[("in/a.jsonl", &records(0..40, 0))]);
    desk.index(&["in"]);
    let counted = [counts(&desk, &[]), counts(&desk, &["--mentions"])];
    // As an older vigie leaves it, or a run that is killed right after its commit.
    let meta = desk.generations().pop().unwrap().join("meta.json");
    let mut told: Value = serde_json::from_slice(&fs::read(&meta).unwrap()).unwrap();
    let mut payload: Value = serde_json::from_str(told["payload"].as_str().unwrap()).unwrap();
    assert!(payload.as_object_mut().unwrap().remove("counts").is_some());
    told["payload"] = payload.to_string().into();
    fs::write(&meta, told.to_string()).unwrap();
    let check = desk.run(&["check", "--format", "json"]);
    assert_eq!((check.status, check.json()["stray"].as_array().unwrap().len()), (0, 1), "{check:?}");
    fs::remove_file(&kept(&desk)[0].0).unwrap();
    assert_eq!(desk.run(&["check"]).status, 0);
    assert_eq!(counted, [counts(&desk, &[]), counts(&desk, &["--mentions"])]);
    desk.index(&["in"]);
    agrees(&desk, 40);
}

#[test]
fn counts_of_other_reports_are_a_fault() {
    let desk = Desk::with(&[("in/a.jsonl", &records(0..40, 0))]);
    desk.index(&["in"]);
    let (file, _) = kept(&desk).remove(0);
    let other = Desk::with(&[("in/a.jsonl", &records(0..41, 0))]);
    other.index(&["in"]);
    // Whole, and of another index: the commit is told of it.
    let (theirs, _) = kept(&other).remove(0);
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    fs::copy(&theirs, file.with_file_name(name(&theirs))).unwrap();
    let meta = desk.generations().pop().unwrap().join("meta.json");
    let told = fs::read_to_string(&meta).unwrap();
    fs::write(&meta, told.replace(&name(&file), &name(&theirs))).unwrap();
    let check = desk.run(&["check"]);
    assert!(check.status == 1 && check.out.contains("its counts of “group” are not those of the reports"), "{check:?}");
}

#[test]
fn counts_that_were_damaged_are_made_anew_and_that_is_told() {
    let desk = Desk::with(&[("in/a.jsonl", &records(0..40, 0))]);
    desk.index(&["in"]);
    let counted = counts(&desk, &[]);
    let other = Desk::with(&[("in/a.jsonl", &records(0..41, 0))]);
    other.index(&["in"]);
    let foreign = fs::read(&kept(&other)[0].0).unwrap();
    let (file, _) = kept(&desk).remove(0);
    let whole = fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    for bytes in [None, Some(&whole[..20]), Some(&whole[..whole.len() - 1]), Some(&flipped), Some(&foreign), Some(b"")]
    {
        match bytes {
            Some(bytes) => fs::write(&file, bytes).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        assert_eq!(counts(&desk, &[]), counted);
        let told = "the counts that the index keeps cannot be used, so all reports were counted: facets-";
        let run = desk.run(&["facets", "--by", "group,region,date,source", "--depth", "16"]);
        assert!(run.err.contains(told), "{run:?}");
        let query = desk.run(&["facets", "dépêche", "--by", "group"]);
        assert!(query.status == 0 && !query.err.contains("counts"), "{query:?}");
        let check = desk.run(&["check", "--format", "json"]);
        let findings = check.json()["findings"].as_array().unwrap().clone();
        assert!(check.status == 1 && findings.len() == 1, "{findings:?}");
        assert!(findings[0]["file"].as_str().unwrap().contains("facets-"), "{findings:?}");
        assert_eq!(check.json()["reports"], 40);
        // The next run mends it, whether reports changed or not.
        desk.index(&["in"]);
        assert_eq!(fs::read(&file).unwrap(), whole);
        agrees(&desk, 40);
    }
}
