//! Which report is which: one file is one report however it is reached, and two files are two.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::Desk;
use serde_json::{Value, json};

const MOPTI: &str = "Des hommes armés ont attaqué jeudi un poste de l'armée près de Mopti.";
const GAO: &str = "Une embuscade contre un convoi a fait trois blessés sur la route de Gao.";

/// Added, updated, unchanged, removed, and in the index afterwards.
fn counts(summary: &Value) -> [u64; 5] {
    ["added", "updated", "unchanged", "removed", "reports"].map(|key| summary[key].as_u64().unwrap())
}

/// The program run in a folder of the desk.
fn index_in(desk: &Desk, folder: &str, args: &[&str]) -> Value {
    let mut command = desk.command(&[&["index", "--format", "json"], args].concat());
    let output = command.current_dir(desk.path(folder)).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn files_of_one_name_below_two_folders_are_two_reports() {
    let desk = Desk::with(&[("rfi/01.txt", MOPTI), ("afp/01.txt", GAO)]);
    assert_eq!(counts(&desk.index(&["rfi"])), [1, 0, 0, 0, 1]);
    let summary = desk.index(&["afp"]);
    assert_eq!(counts(&summary), [1, 0, 0, 0, 2]);
    assert!(summary["notes"][0]["what"].as_str().unwrap().contains("“01.txt” is that of another file"));
    assert_eq!(desk.ids(&["Mopti"]), ["01.txt"]);
    assert_eq!(desk.ids(&["Gao"]), ["afp/01.txt"]);
    assert_eq!(counts(&desk.index(&["rfi", "afp"])), [0, 0, 2, 0, 2]);
}

#[test]
fn a_file_keeps_its_id_however_it_is_reached() {
    let desk = Desk::with(&[("in/sub/01.txt", MOPTI), ("in/02.txt", GAO)]);
    desk.index(&["in"]);
    for path in ["./in", "in/sub", "in/sub/01.txt", "."] {
        assert_eq!(counts(&desk.index(&[path]))[4], 2, "{path}");
    }
    let summary = index_in(&desk, "in/sub", &["01.txt"]);
    assert_eq!(counts(&summary), [0, 0, 1, 0, 2]);
    assert_eq!(desk.ids(&["Mopti"]), ["sub/01.txt"]);
}

#[test]
fn pruning_from_another_folder_spares_what_is_still_there() {
    let desk = Desk::with(&[("a/rap/01.txt", MOPTI), ("b/02.txt", GAO)]);
    index_in(&desk, "a", &["rap"]);
    let summary = index_in(&desk, "b", &["--prune", "."]);
    assert_eq!(counts(&summary), [1, 0, 0, 0, 2]);
    std::fs::remove_file(desk.path("a/rap/01.txt")).unwrap();
    let summary = index_in(&desk, "b", &["--prune", "."]);
    assert_eq!(counts(&summary), [0, 0, 1, 1, 1]);
    assert_eq!(summary["removed_ids"], json!(["01.txt"]));
}

#[test]
fn a_moved_folder_keeps_its_ids() {
    let desk = Desk::with(&[("old/01.txt", MOPTI)]);
    desk.index(&["old"]);
    std::fs::rename(desk.path("old"), desk.path("new")).unwrap();
    assert_eq!(counts(&desk.index(&["new"])), [0, 1, 0, 0, 1]);
    assert_eq!(desk.ids(&["Mopti"]), ["01.txt"]);
}

#[test]
fn an_index_in_the_folder_it_was_made_of_is_no_input() {
    let desk = Desk::with(&[("01.txt", MOPTI)]);
    for _ in 0..2 {
        assert_eq!(counts(&desk.index(&["--strict", "."]))[4], 1);
    }
}

#[test]
fn pages_by_date_fit_together_where_many_reports_share_a_day() {
    let desk = Desk::new();
    let mut lines = String::new();
    for n in 0..45 {
        let day = (n < 40).then_some("2024-08-15");
        lines +=
            &json!({ "id": format!("r{n}"), "text": format!("{MOPTI} {}", "attaque ".repeat(n)), "published": day })
                .to_string();
        lines.push('\n');
    }
    desk.write("in.jsonl", lines);
    desk.index(&["in.jsonl"]);
    for order in ["newest", "oldest"] {
        let whole = desk.ids(&["attaque", "--sort", order]);
        assert_eq!(whole.len(), 45);
        let page = |at: usize| desk.search(&["attaque", "--sort", order, "-n", "10", "--offset", &at.to_string()]);
        let pages: Vec<String> = (0..5).flat_map(|n| common::ids(&page(n * 10))).collect();
        assert_eq!(pages, whole, "{order}");
    }
}
