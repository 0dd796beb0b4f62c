//! What an index outlives: a run that is killed while it commits, a move to another place, records that come twice.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs;

use common::{Desk, INDEX};
use serde_json::{Value, json};

const MOPTI: &str = "Des hommes armés ont attaqué jeudi un poste de l'armée près de Mopti.";
const GAO: &str = "Une embuscade contre un convoi a fait trois blessés sur la route de Gao.";

fn record(id: &str, text: &str) -> String {
    json!({ "id": id, "text": text }).to_string() + "\n"
}

fn info(desk: &Desk) -> Value {
    desk.run(&["info", "--format", "json"]).json()
}

/// A run that dies between its files and its commit leaves files with the very names that the next run would give.
#[test]
fn what_a_killed_commit_left_is_in_nobodys_way() {
    let desk = Desk::with(&[("in/a.txt", MOPTI), ("in/b.txt", GAO)]);
    desk.index(&["in"]);
    let generation = desk.generations().pop().unwrap();
    let read = |name: &str| -> Value { serde_json::from_slice(&fs::read(generation.join(name)).unwrap()).unwrap() };
    let mut managed = read(".managed.json");
    let meta = read("meta.json");
    let segment = meta["segments"][0]["segment_id"].as_str().unwrap().replace('-', "");
    let stamp = meta["opstamp"].as_u64().unwrap();
    for opstamp in stamp..stamp + 20 {
        let name = format!("{segment}.{opstamp}.del");
        fs::write(generation.join(&name), "à moitié").unwrap();
        managed.as_array_mut().unwrap().push(name.into());
    }
    fs::write(generation.join(".managed.json"), managed.to_string()).unwrap();
    desk.write("in/a.txt", format!("{MOPTI} Deux blessés."));
    assert_eq!(desk.index(&["in"])["updated"], 1);
    assert_eq!(desk.ids(&["blessés"]).len(), 2);
    let left = desk.files(INDEX).into_keys().filter(|name| name.contains(".del")).count();
    assert_eq!((left, desk.run(&["check"]).status), (0, 0));
}

/// An index that is copied with its inputs knows them again, be the first place still there or not.
#[test]
fn an_index_moves_with_its_inputs() {
    let desk = Desk::with(&[("one/in/a.txt", MOPTI), ("one/in/b.jsonl", &record("b", GAO))]);
    let index = |place: &str| {
        let mut command = desk.command(&["index", "--strict", "--prune", "in", "--format", "json"]);
        command.current_dir(desk.path(place)).env("VIGIE_INDEX", "ix");
        common::Run::of(command, "").json()
    };
    assert_eq!(index("one")["added"], 2);
    let copied =
        std::process::Command::new("cp").arg("-r").arg(desk.path("one")).arg(desk.path("two")).status().unwrap();
    assert!(copied.success());
    let again = index("two");
    assert_eq!((&again["unchanged"], &again["reports"], &again["written"]), (&json!(2), &json!(2), &json!(false)));
    desk.write("two/in/a.txt", GAO);
    let changed = index("two");
    assert_eq!((&changed["updated"], &changed["reports"], &changed["notes"]), (&json!(1), &json!(2), &json!([])));
    fs::remove_dir_all(desk.path("one")).unwrap();
    fs::remove_file(desk.path("two/in/b.jsonl")).unwrap();
    assert_eq!(index("two")["removed"], 1);
}

/// What could not be read keeps what it held, by whatever name the folder is called.
#[test]
fn a_skip_spares_the_records_of_its_file_however_it_is_reached() {
    let desk = Desk::with(&[("in/c.jsonl", &(record("a", MOPTI) + &record("b", GAO)))]);
    desk.index(&["in"]);
    desk.write("in/c.jsonl", record("a", MOPTI) + "{broken\n");
    let whole = desk.path("in");
    for path in ["in", "./in", whole.to_str().unwrap()] {
        let run = desk.run(&["index", "--prune", path, "--format", "json"]);
        assert_eq!((run.status, &run.json()["removed"]), (3, &json!(0)), "{path}");
    }
    assert_eq!(info(&desk)["reports"], 2);
}

#[test]
fn records_of_one_id_are_written_once() {
    let desk = Desk::with(&[("in/a.jsonl", &record("x", MOPTI)), ("in/b.jsonl", &record("x", GAO))]);
    assert_eq!(desk.index(&["in"])["written"], true);
    let mut before = desk.files(INDEX);
    for _ in 0..2 {
        let again = desk.index(&["in"]);
        assert_eq!((&again["written"], &again["unchanged"]), (&json!(false), &json!(1)));
        assert_eq!(again["duplicates"], json!(["x"]));
    }
    assert_eq!(desk.ids(&["convoi"]), ["x"]);
    let mut after = desk.files(INDEX);
    for files in [&mut before, &mut after] {
        files.retain(|name, _| !name.contains(".tantivy-") && !name.ends_with(".managed.json"));
    }
    assert_eq!(after, before);
}
