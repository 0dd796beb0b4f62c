//! What has not changed is not read again, and however an index came to hold its reports, it is the same index.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::{Desk, INDEX, repository, validate};
use serde_json::{Value, json};

const MOPTI: &str = "Des hommes armés ont attaqué jeudi un poste de l'armée près de Mopti.";
const GAO: &str = "Une embuscade contre un convoi a fait trois blessés sur la route de Gao.";
const KIDAL: &str = "Le marché de Kidal a rouvert lundi matin, selon plusieurs habitants.";

fn record(id: &str, text: &str) -> String {
    json!({ "id": id, "text": text }).to_string() + "\n"
}

/// A desk with a copy of the sample corpus, so that it can be changed.
fn sample() -> Desk {
    let desk = Desk::new();
    copy(&repository("sample_corpus"), &desk.path("in"));
    desk
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// A summary without what differs from run to run.
fn steady(mut summary: Value) -> Value {
    validate("summary.schema.json", &summary);
    summary.as_object_mut().unwrap().remove("seconds");
    summary
}

fn manifests(desk: &Desk) -> Vec<String> {
    desk.files(INDEX).into_keys().filter(|name| name.contains("manifest-")).collect()
}

fn digest(desk: &Desk) -> String {
    let info = desk.run(&["info", "--format", "json"]).json();
    validate("info.schema.json", &info);
    info["digest"].as_str().unwrap().to_owned()
}

/// Takes away what is known of the files.
fn forget(desk: &Desk) {
    for name in manifests(desk) {
        fs::remove_file(desk.path(&name)).unwrap();
    }
}

#[test]
fn a_run_over_known_files_tells_what_a_run_that_reads_them_tells() {
    let desk = sample();
    desk.index(&["in"]);
    assert_eq!(manifests(&desk).len(), 1);
    let known = steady(desk.index(&["in"]));
    assert_eq!(known["unchanged"], 82);
    forget(&desk);
    let mut read = steady(desk.index(&["in"]));
    // All but that the manifest is gone, which is told.
    let told = read["notes"].as_array_mut().unwrap().remove(0);
    assert!(told["what"].as_str().unwrap().contains("all were read"), "{told}");
    assert_eq!(known, read);
    // The run that had to read them all remembered them again, though it wrote no report.
    assert_eq!((manifests(&desk).len(), read["written"].as_bool()), (1, Some(false)));
    assert_eq!(steady(desk.index(&["in"])), known);
}

#[test]
fn a_known_file_is_not_read_again() {
    // Of a file that is remembered nothing is read but its bytes: what the manifest says of it is told, even where the
    // file would tell otherwise.
    let desk = Desk::with(&[("in/a.txt", MOPTI), ("in/b.csv", &format!("text,couleur\n{GAO},bleu\n"))]);
    desk.index(&["in"]);
    let name = manifests(&desk).remove(0);
    let packed = fs::read(desk.path(&name)).unwrap();
    let text = String::from_utf8(zstd::decode_all(packed.as_slice()).unwrap()).unwrap();
    let forged = zstd::encode_all(text.replace("couleur", "teinte").as_bytes(), 1).unwrap();
    let hash = blake3::hash(&forged).to_hex();
    let (old, new) = (name.rsplit('/').next().unwrap().to_owned(), format!("manifest-{}", &hash[..32]));
    fs::write(desk.path(&name).with_file_name(&new), forged).unwrap();
    let meta = desk.path(&name).with_file_name("meta.json");
    fs::write(&meta, fs::read_to_string(&meta).unwrap().replace(&old, &new)).unwrap();
    let summary = desk.index(&["in"]);
    assert_eq!(summary["unchanged"], 2);
    assert!(summary["notes"][0]["what"].as_str().unwrap().contains("teinte"), "{summary}");
}

#[test]
fn what_depends_on_more_than_the_bytes_is_read_again() {
    let desk = Desk::with(&[("in/a.txt", GAO), ("in/b.csv", &format!("texte,long\nKidal,{MOPTI}\n"))]);
    assert_eq!(desk.index(&["in"])["undated"], json!(["a.txt", "b.csv#L2"]));
    assert_eq!(desk.index(&["--published", "2024-08-15", "in"])["updated"], 2);
    assert_eq!(desk.ids(&["Kidal"]), ["b.csv#L2"]);
    assert_eq!(desk.index(&["--published", "2024-08-15", "--column", "text=long", "in"])["updated"], 1);
    assert_eq!(desk.ids(&["Mopti"]), ["b.csv#L2"]);
}

#[test]
fn a_changed_byte_is_seen_whatever_the_clock_says() {
    let desk = Desk::with(&[("in/a.txt", MOPTI)]);
    desk.index(&["in"]);
    let path = desk.path("in/a.txt");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    desk.write("in/a.txt", MOPTI.replace("Mopti", "Ségou"));
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    assert_eq!(desk.index(&["in"])["updated"], 1);
    assert_eq!(desk.ids(&["Ségou"]), ["a.txt"]);
}

#[test]
fn a_report_that_another_file_took_over_comes_back() {
    let desk = Desk::with(&[("in/1.jsonl", &record("x", MOPTI))]);
    desk.index(&["in/1.jsonl"]);
    desk.write("in/2.jsonl", record("x", GAO));
    desk.index(&["in/2.jsonl"]);
    assert_eq!(desk.ids(&["Gao"]), ["x"]);
    // The bytes of the first are known; that the index has them no more is known too.
    assert_eq!(desk.index(&["in/1.jsonl"])["updated"], 1);
    assert_eq!(desk.ids(&["Mopti"]), ["x"]);
}

#[test]
fn pruning_goes_by_what_known_files_hold() {
    let desk = Desk::with(&[("in/1.jsonl", &(record("x", MOPTI) + &record("y", GAO))), ("in/c.txt", KIDAL)]);
    desk.index(&["in"]);
    assert_eq!(desk.index(&["--prune", "in"])["removed"], 0);
    desk.write("in/1.jsonl", record("x", MOPTI));
    let summary = desk.index(&["--prune", "in"]);
    assert_eq!((&summary["removed_ids"], &summary["unchanged"]), (&json!(["y"]), &json!(2)));
    fs::remove_file(desk.path("in/c.txt")).unwrap();
    assert_eq!(desk.index(&["--prune", "in"])["removed_ids"], json!(["c.txt"]));
    // And is read when it comes back.
    desk.write("in/c.txt", KIDAL);
    assert_eq!(desk.index(&["in"])["added"], 1);
}

#[test]
fn what_is_wrong_with_a_file_is_told_every_time() {
    let desk = Desk::with(&[("in/1.jsonl", &(record("x", MOPTI) + "{\n")), ("in/c.txt", KIDAL)]);
    for _ in 0..3 {
        let run = desk.run(&["index", "--format", "json", "in"]);
        assert_eq!((run.status, &run.json()["skipped"][0]["line"]), (3, &json!(2)), "{run:?}");
    }
    assert_eq!(desk.run(&["index", "--max-skips", "1", "in"]).status, 3);
    let error = desk.run(&["index", "--max-skips", "0", "in"]);
    assert!(error.fails_with_hint().contains("1 input would be skipped, the first: in/1.jsonl:2"), "{error:?}");
    assert_eq!(desk.run(&["index", "--max-skips", "0", "--strict", "in"]).status, 2);
}

#[test]
fn a_damaged_manifest_costs_only_time() {
    let desk = Desk::with(&[("in/a.txt", MOPTI)]);
    desk.index(&["in"]);
    for name in manifests(&desk) {
        fs::write(desk.path(&name), "abîmé").unwrap();
    }
    let summary = desk.index(&["in"]);
    assert_eq!((&summary["unchanged"], summary["notes"].as_array().unwrap().len()), (&json!(1), 1));
    assert_eq!(desk.index(&["in"])["notes"], json!([]));
    assert_eq!(desk.ids(&["Mopti"]), ["a.txt"]);
}

#[test]
fn bytes_are_those_on_disk() {
    let desk = Desk::with(&[("in/a.txt", MOPTI)]);
    let packed = zstd::encode_all(record("z", GAO).as_bytes(), 1).unwrap();
    desk.write("in/b.jsonl.zst", &packed);
    for _ in 0..2 {
        let summary = desk.index(&["in"]);
        assert_eq!(summary["bytes"], MOPTI.len() + packed.len());
        assert_eq!(summary["text_bytes"], MOPTI.len() + GAO.len());
    }
    let input = record("i", KIDAL);
    let run = desk.fed(&["index", "--format", "json", "-"], input.as_str());
    assert_eq!(run.json()["bytes"], input.len());
}

#[test]
fn files_are_the_same_for_any_number_of_threads() {
    let desk = sample();
    // What segments are called is drawn by lot, and told by the files that list them.
    let parts = |desk: &Desk| -> BTreeMap<String, Vec<u8>> {
        let files = desk.files(INDEX).into_iter();
        let part = |name: &str| Path::new(name).extension().map(|part| part.to_string_lossy().into_owned());
        let parts = files.filter_map(|(name, bytes)| Some((part(&name)?, bytes)));
        parts.filter(|(part, _)| !["json", "lock"].contains(&part.as_str())).collect()
    };
    desk.index(&["--threads", "1", "in"]);
    let one = parts(&desk);
    assert_eq!(one.len(), 6, "{:?}", one.keys());
    desk.index(&["--rebuild", "--threads", "5", "in"]);
    let five = parts(&desk);
    for (part, bytes) in one {
        assert!(five[&part] == bytes, "{part}");
    }
}

#[test]
fn a_digest_is_of_what_an_index_holds_however_it_came_to() {
    let desk = sample();
    let summary = desk.index(&["--threads", "1", "in"]);
    let want = digest(&desk);
    assert_eq!(summary["digest"], want.as_str());
    let entries = fs::read_dir(desk.path("in")).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut folders: Vec<String> = folders.map(|entry| format!("in/{}", entry.file_name().to_str().unwrap())).collect();
    folders.sort_unstable();
    // Ids are made below the given root: the same roots, then, in any order.
    let fresh = |args: &[&str]| {
        fs::remove_dir_all(desk.path(INDEX)).unwrap();
        desk.index(args)["digest"].as_str().unwrap().to_owned()
    };
    assert_eq!(fresh(&["--threads", "4", "in"]), want);
    let one_by_one: Vec<&str> = folders.iter().map(String::as_str).collect();
    let backwards: Vec<&str> = one_by_one.iter().rev().copied().collect();
    let by_folder = fresh(&one_by_one);
    assert_eq!(fresh(&backwards), by_folder);

    // Folder by folder, with texts that change and change back, reports that go and come again.
    fs::remove_dir_all(desk.path(INDEX)).unwrap();
    desk.write("autre/extra.txt", KIDAL);
    let changed = desk.path("in/mali/2025-01-03-numero-deux-katiba-serma.md");
    let text = fs::read_to_string(&changed).unwrap();
    for (step, folder) in one_by_one.iter().chain(&backwards).enumerate() {
        let other = if step % 2 == 0 { text.replace("Serma", "Cerma") } else { text.clone() };
        fs::write(&changed, other).unwrap();
        desk.index(&[folder]);
        match step % 3 {
            0 => drop(desk.index(&["autre"])),
            1 => {
                fs::rename(desk.path("autre/extra.txt"), desk.path("extra")).unwrap();
                desk.index(&["--prune", folder]);
                fs::rename(desk.path("extra"), desk.path("autre/extra.txt")).unwrap();
            }
            _ => {}
        }
    }
    fs::write(&changed, &text).unwrap();
    fs::remove_dir_all(desk.path("autre")).unwrap();
    desk.index(&[&["--prune"], &one_by_one[..]].concat());
    assert_eq!(digest(&desk), by_folder);
    assert_eq!(desk.index(&[&["--rebuild"], &one_by_one[..]].concat())["digest"], by_folder.as_str());
    assert_eq!(desk.index(&["--rebuild", "in"])["digest"], want.as_str());
    assert_eq!(desk.index(&["--dry-run", "in"])["digest"], want.as_str());
}

#[test]
fn a_digest_tells_a_letter_a_title_and_a_vocabulary() {
    let desk = Desk::with(&[("in/a.jsonl", &record("x", MOPTI))]);
    let plain = desk.index(&["in"])["digest"].clone();
    desk.write("in/a.jsonl", record("x", &MOPTI.replace("jeudi", "jeudy")));
    let letter = desk.index(&["in"])["digest"].clone();
    desk.write("in/a.jsonl", json!({ "id": "x", "text": MOPTI, "title": "Mopti" }).to_string());
    let title = desk.index(&["in"])["digest"].clone();
    desk.write("in/a.jsonl", record("x", MOPTI));
    assert_eq!(desk.index(&["in"])["digest"], plain);
    copy(&repository("schema"), &desk.path("noms"));
    let synonyms = fs::read_to_string(desk.path("noms/synonyms.csv")).unwrap();
    let fewer: Vec<&str> = synonyms.lines().take(synonyms.lines().count() - 1).collect();
    fs::write(desk.path("noms/synonyms.csv"), fewer.join("\n") + "\n").unwrap();
    let names = desk.index(&["--rebuild", "--schema", "noms", "in"])["digest"].clone();
    let all = [plain, letter, title, names];
    assert!(all.iter().enumerate().all(|(at, one)| !all[at + 1..].contains(one)), "{all:?}");
}

#[test]
fn after_updates_and_prunes_scores_are_nearly_those_of_a_fresh_index() {
    let desk = sample();
    desk.write(
        "in/extra/plus.jsonl",
        (0..40).map(|n| record(&format!("p{n}"), &format!("{GAO} {n}"))).collect::<String>(),
    );
    desk.index(&["in"]);
    // Some go, some change and change back, and some stay changed.
    desk.write(
        "in/extra/plus.jsonl",
        (0..20).map(|n| record(&format!("p{n}"), &format!("{KIDAL} {n}"))).collect::<String>(),
    );
    desk.index(&["--prune", "in"]);
    fs::remove_dir_all(desk.path("in/extra")).unwrap();
    desk.index(&["--prune", "in"]);
    let queries = ["embuscade gendarme", "attaque Mopti", "armée malienne", "JNIM convoi", "marché Kidal"];
    // Scores by report, so that near ties may change places.
    let scores = |query: &str| -> BTreeMap<String, f64> {
        let answer = desk.search(&["--match", "any", "-n", "0", query]);
        let hits = answer["hits"].as_array().unwrap().iter();
        hits.map(|hit| (hit["report"]["id"].as_str().unwrap().to_owned(), hit["score"].as_f64().unwrap())).collect()
    };
    let (updated, digest_before) = (queries.map(scores), digest(&desk));
    desk.index(&["--rebuild", "in"]);
    assert_eq!(digest(&desk), digest_before);
    for (updated, fresh) in updated.iter().zip(&queries.map(scores)) {
        assert!(!fresh.is_empty() && updated.keys().eq(fresh.keys()));
        for ((id, a), b) in updated.iter().zip(fresh.values()) {
            // Lengths of reports are kept rounded, and their mean is reckoned anew from these where some are gone.
            assert!((a - b).abs() <= 0.03 * b, "{id}: {a} and {b}");
        }
    }
}
