//! Ranking over more reports than the second pass looks at: what is asked for does not depend on how much of it is.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use common::{Desk, ids};
use serde_json::json;

/// 40 reports headlined by the short name of a group; 500 that name it by the long name, once and late; 700 that name it
/// by the short one.
fn crowd() -> Desk {
    let mut lines = String::new();
    let mut add = |id: String, title: &str, text: String| {
        let _ = writeln!(lines, "{}", json!({ "id": id, "title": title, "text": text }));
    };
    let filler = "Le marché a rouvert, les écoles aussi, et la pluie est revenue sur les champs de mil. ".repeat(4);
    for n in 0..40 {
        let text = format!("Le JNIM a attaqué Ansongo, selon la mairie. Le JNIM a revendiqué. Dépêche {n}.");
        add(format!("a{n:03}"), "Le JNIM attaque Ansongo", text);
    }
    for n in 0..500 {
        let long = "Revue de presse : on y parle aussi d'Ansongo et du Groupe de soutien à l'islam et aux musulmans.";
        add(format!("b{n:03}"), "Revue de presse", format!("{filler}{long} Numéro {n}."));
    }
    for n in 0..700 {
        add(format!("c{n:03}"), "Brève", format!("{filler}Le JNIM est cité près d'Ansongo. Brève {n}."));
    }
    let desk = Desk::new();
    desk.write("crowd.jsonl", lines);
    desk.index(&["crowd.jsonl"]);
    desk
}

#[test]
fn what_is_best_is_best_on_every_page() {
    let desk = crowd();
    let scopes = ["report", "passage"];
    let queries = ["JNIM Ansongo", "gsim Ansongo", "revue presse Ansongo"];
    for (query, scope) in queries.iter().flat_map(|query| scopes.map(|scope| (*query, scope))) {
        let whole = desk.search(&[query, "-n", "0", "--in", scope]);
        let all = ids(&whole);
        assert_eq!(all.len() as u64, whole["total"].as_u64().unwrap(), "{query}");
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{query}: a report is there twice");
        let mut paged = Vec::new();
        while paged.len() < all.len() {
            let offset = paged.len().to_string();
            paged.extend(ids(&desk.search(&[query, "-n", "97", "--offset", &offset, "--in", scope])));
        }
        assert!(paged == all, "{query}: pages together are another list");
        let told = whole["hits"].as_array().unwrap().iter().map(|hit| hit["score"].as_f64().unwrap());
        assert!(told.collect::<Vec<_>>().windows(2).all(|pair| pair[0] >= pair[1]), "{query}");
    }
}

#[test]
fn a_rare_spelling_does_not_outweigh_the_name() {
    let desk = crowd();
    for query in ["JNIM Ansongo", "gsim Ansongo", "\"Groupe de soutien à l'islam et aux musulmans\" Ansongo"] {
        let best = ids(&desk.search(&[query, "-n", "40"]));
        assert!(best.iter().all(|id| id.starts_with('a')), "{query}: {best:?}");
    }
}

#[test]
fn factors_stay_within_bounds() {
    let desk = Desk::with(&[("a.txt", "Une attaque."), ("b.txt", "Une attaque et une embuscade.")]);
    desk.index(&["a.txt", "b.txt"]);
    let query = format!("{}attaque{}", "(".repeat(14), "^1000)".repeat(14));
    for scope in ["report", "passage"] {
        let answer = desk.search(&[query.as_str(), "--in", scope]);
        let scores: Vec<f64> =
            answer["hits"].as_array().unwrap().iter().map(|hit| hit["score"].as_f64().unwrap()).collect();
        assert_eq!(scores.len(), 2, "{answer}");
        assert!(scores.iter().all(|score| score.is_finite() && *score > 0.0), "{scores:?}");
    }
}

#[test]
fn many_misspelt_words_are_answered_in_bounded_work() {
    let desk = Desk::with(&[("a.txt", "Une attaque contre un convoi de gendarmes près du marché.")]);
    desk.index(&["a.txt"]);
    let query: Vec<String> = (0..150).map(|n| format!("gendarmx{} convox{0}", char::from(b'a' + n % 26))).collect();
    let answer = desk.run(&["search", &query.join(" "), "--format", "json"]);
    assert_eq!(answer.status, 1);
    let told = answer.json()["expanded"].as_array().unwrap().len();
    assert!(told <= 8, "{told}");
}
