//! The command line itself, and `vigie analyze`.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::help::reference;
use common::{Desk, Run};
use serde_json::Value;

#[test]
fn version() {
    assert_eq!(reference(&["--version"]), concat!("vigie ", env!("CARGO_PKG_VERSION")));
    assert_eq!(reference(&["search", "-V"]), concat!("vigie-search ", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_wrong_usage_is_status_2_and_says_what_is_wrong() {
    let desk = Desk::new();
    for (args, want) in [
        (&["cherche", "x"][..], "cherche"),
        (&["searhc", "x"], "search"),
        (&["search", "--formt", "json"], "--format"),
        (&["search", "x", "--format", "xml"], "xml"),
        (&["search", "x", "-n", "-1"], "-1"),
        (&["search", "x", "-n", "dix"], "dix"),
        (&["search", "x", "--in", "titre"], "titre"),
        (&["search", "x", "--queries", "-"], "--queries"),
        (&["search", "x", "--explain", "-c"], "--count"),
        (&["facets", "x", "--by", "group", "--explain"], "--explain"),
        (&["index"], "PATH"),
        (&["index", "a", "--memory", "beaucoup"], "beaucoup"),
        (&["index", "a", "--column", "text"], "FIELD=COLUMN"),
        (&["index", "a", "--encoding", "ebcdic-37"], "ebcdic-37"),
        (&["analyze", "a", "b"], "b"),
        (&["-q", "-v", "search", "x"], "--quiet"),
    ] {
        let run = desk.run(args);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{args:?}");
        assert!(run.err.contains(want), "{args:?}: {}", run.err);
    }
    // Without any command there is nothing to do but to say which there are.
    let run = desk.run(&[]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("search") && run.err.contains("index"), "{}", run.err);
}

#[test]
fn a_flag_goes_before_the_environment() {
    let desk = Desk::with(&[("in/a.txt", "Une attaque près de Mopti.")]);
    assert_eq!(desk.run(&["index", "in", "--index", "there"]).status, 0);
    desk.run(&["search", "attaque"]).fails_with_hint();
    assert_eq!(desk.run(&["search", "attaque", "--index", "there"]).status, 0);
    assert_eq!(desk.run(&["--index", "there", "search", "attaque"]).status, 0);
    // And without either it is the directory of the default name.
    let bare = |args: &[&str]| {
        let mut command = desk.command(args);
        command.env_remove("VIGIE_INDEX");
        Run::of(command, "")
    };
    assert!(bare(&["search", "attaque"]).fails_with_hint().contains("vigie-index"));
    assert_eq!(bare(&["index", "in"]).status, 0);
    assert!(desk.path("vigie-index/current").is_file());
}

/// `surface start..end exact stem`, and ` protected`, for each token of a text.
fn analyzed(run: &Run) -> Vec<String> {
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let show = |token: &Value| {
        let text = |key: &str| token[key].as_str().unwrap().to_owned();
        let keys = ["surface", "exact", "stem"].map(text);
        let protected = if token["protected"].as_bool().unwrap() { " protected" } else { "" };
        format!("{} {}..{} {} {}{protected}", keys[0], token["start"], token["end"], keys[1], keys[2])
    };
    run.lines().iter().map(show).collect()
}

#[test]
fn analyze_tells_every_token() {
    let desk = Desk::new();
    let of = |text: &str| analyzed(&desk.run(&["analyze", text]));
    assert_eq!(of("L’Armée attaquait"), ["Armée 2..8 armee armee", "attaquait 9..18 attaquait attaqu"]);
    assert_eq!(of("15 000 chevaux"), ["15 000 0..6 15000 15000", "chevaux 7..14 chevaux cheval"]);
    assert_eq!(of(""), [""; 0]);
    assert_eq!(of(" … !? "), [""; 0]);
    // Names keep to themselves, whatever else they could be the form of.
    let sall = of("Macky Sall dans une salle");
    assert!(sall[1].ends_with(" protected") && !sall[4].ends_with(" protected"), "{sall:?}");
    assert_ne!(sall[1].split(' ').nth(3), sall[4].split(' ').nth(3));
    // It needs no index.
    assert!(!desk.path(common::INDEX).exists());
}

#[test]
fn analyze_reads_standard_input() {
    let desk = Desk::new();
    let want = analyzed(&desk.run(&["analyze", "Une embuscade\nà Gao."]));
    for args in [&["analyze", "-"][..], &["analyze"]] {
        assert_eq!(analyzed(&desk.fed(args, "Une embuscade\nà Gao.")), want);
    }
    // A text that starts like a flag is a text after a double dash.
    assert_eq!(analyzed(&desk.run(&["analyze", "--", "-embuscade"])), ["embuscade 1..10 embuscade embuscad"]);
}

#[test]
fn analyze_normalizes_as_reports_are() {
    let desk = Desk::new();
    let of = |text: &str| analyzed(&desk.run(&["analyze", text]));
    let want = of("Ménaka");
    for same in ["Me\u{301}naka", "Mé\u{ad}naka", "\u{200b}Ménaka\u{feff}", "M\u{ad}e\u{301}naka"] {
        assert_eq!(of(same), want, "{same:?}");
    }
    assert_eq!(of("l\u{2019}armée"), of("l'armée"));
    assert_eq!(of("l\u{2bc}armée"), of("l'armée"));
}

#[test]
fn analyze_has_these_keys_and_ranges() {
    let text = "Le 8 janvier 2025, l’O.N.U. et la C.E.D.E.A.O. ont condamné l'attaque de Gourma-Rharous : 15\u{a0}000 \
        déplacés à N’Djamena… Aujourd'hui, 17h30.";
    let lines = Desk::new().run(&["analyze", text]).lines();
    assert!(lines.len() > 15);
    let normal = text.replace('’', "'");
    let mut end = 0;
    for token in &lines {
        let keys: Vec<&str> = token.as_object().unwrap().keys().map(String::as_str).collect();
        for key in ["end", "exact", "protected", "start", "stem", "surface"] {
            assert!(keys.contains(&key), "{token}");
        }
        let at = |key: &str| usize::try_from(token[key].as_u64().unwrap()).unwrap();
        assert_eq!(normal.get(at("start")..at("end")), token["surface"].as_str(), "{token}");
        assert!(at("start") >= end, "{token}");
        end = at("end");
    }
    let surfaces: Vec<&str> = lines.iter().map(|token| token["surface"].as_str().unwrap()).collect();
    for whole in ["O.N.U", "C.E.D.E.A.O", "Gourma", "Rharous", "N'Djamena", "Aujourd'hui", "17h30", "15\u{a0}000"] {
        assert!(surfaces.contains(&whole), "{whole}: {surfaces:?}");
    }
}
