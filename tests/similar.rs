//! `vigie similar`: what is like a report or a passage.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, ids, sample, validate};
use serde_json::{Value, json};
use vigie::facet::FacetKind;
use vigie::index::IndexReader;
use vigie::search::{FacetRequest, Request, Searcher};

/// What is like something, as JSON that has its shape.
#[track_caller]
fn similar(desk: &Desk, args: &[&str]) -> Value {
    let run = desk.run(&[&["similar", "--format", "json", "-n", "0"], args].concat());
    assert!(run.status <= 1, "{run:?}");
    let answer = run.json();
    validate("similar.schema.json", &answer);
    assert_eq!(run.status == 1, answer["total"] == 0, "{run:?}");
    answer
}

/// A desk with an index of some texts, by id.
fn desk(texts: &[(&str, &str)]) -> Desk {
    let record = |(id, text): &(&str, &str)| json!({ "id": id, "text": text }).to_string() + "\n";
    let desk = Desk::with(&[("r.jsonl", &texts.iter().map(record).collect::<String>())]);
    desk.index(&["r.jsonl"]);
    desk
}

#[test]
fn a_report_of_the_same_event_comes_first() {
    // Other sources, other words, other names of the same; and what those have that are near in place or kind.
    let pairs = [
        ("e05-radio", "mali/2024-08-16-embuscade-diallassagou.txt"),
        ("e05-revendication", "mali/2024-08-16-embuscade-diallassagou.txt"),
        ("mali/2024-08-16-embuscade-diallassagou.txt", "e05-radio"),
        ("e06-revendication", "mali/2024-09-18-double-attaque-bamako.htm"),
        ("mali/2024-07-29-pertes-tinzaouaten.txt", "e07-csp"),
        ("e07-humanitaire", "mali/2024-07-29-pertes-tinzaouaten.txt"),
        ("e12-depeche", "e12-humanitaire"),
        ("e14-radio", "e14-depeche"),
        ("e17-revendication", "burkina-faso/2024-08-26-barsalogho.html"),
        ("e18-veille", "burkina-faso/2025-05-13-djibo.txt"),
        ("e22-radio", "niger/2021-03-17-darey-daye.txt"),
        ("e24-radio", "niger/2025-03-24-kokorou.htm"),
        ("e27-radio", "tchad/2024-10-28-barkaram.md"),
        ("golfe-de-guinee/2020-06-12-kafolo.txt", "e28-bilan"),
        ("tchad/2020-03-26-bohoma.txt", "e26-analyse"),
    ];
    for (of, wanted) in pairs {
        let found = ids(&similar(sample(), &[of]));
        // The others of the event stand together on top, in an order that nobody can name the right one of.
        let best = &found[..found.len().min(2)];
        assert!(best.iter().any(|id| id == wanted), "{of}: {found:?}");
        assert!(!found.iter().any(|id| id == of), "{of} is like itself");
    }
}

#[test]
fn a_near_copy_comes_first() {
    let text = "Le 15 août 2024, des hommes armés ont tendu une embuscade à une patrouille de la garde nationale près du \
        village de Diallassagou, dans le cercle de Bankass. Quatorze gardes et un gendarme sont morts, selon des élus.";
    let copy = text.replace("des hommes armés ont", "de nombreux assaillants ont").replace("Quatorze", "14");
    let other = "Le 15 août 2024, le GSIM a attaqué une patrouille à Diallassagou, dans le cercle de Bankass. Les gardes \
        ont répliqué; aucun bilan n'est donné par les élus.";
    let desk = desk(&[
        ("a", text),
        ("b", other),
        ("c", &copy),
        ("d", "Le marché de Gao rouvre. Le prix du mil baisse dans le cercle."),
    ]);
    assert_eq!(ids(&similar(&desk, &["a"])), ["c", "b"]);
    assert_eq!(ids(&similar(&desk, &["c"])), ["a", "b"]);
}

#[test]
fn names_of_one_group_are_one() {
    let texts = [
        ("a", "Le GSIM recrute. Nul autre indice."),
        ("b", "Une revendication du JNIM circule."),
        ("c", "Le Groupe de soutien à l'islam et aux musulmans dément. Nul doute."),
        ("d", "Le marché rouvre. Nul incident."),
        ("e", "L'EIGS avance. Nul bilan."),
    ];
    let desk = desk(&texts);
    let found = similar(&desk, &["a"]);
    let mark = |mark: &Value| {
        let at = |key: &str| usize::try_from(mark[key].as_u64().unwrap()).unwrap();
        (mark["term"].as_str().unwrap().to_owned(), &texts[2].1[at("start")..at("end")])
    };
    let marked: Vec<_> = found["hits"][0]["marks"].as_array().unwrap().iter().map(mark).collect();
    assert_eq!(ids(&found)[0], "c", "{found}");
    assert!(marked.contains(&("GSIM".to_owned(), "Groupe de soutien à l'islam et aux musulmans")), "{marked:?}");
    let plain = similar(&desk, &["a", "--no-expand"]).to_string();
    assert!(plain.contains("\"term\":\"Nul\"") && !plain.contains("\"term\":\"GSIM\""), "{plain}");
}

#[test]
fn a_passage_is_asked_for_by_its_own_words() {
    let answer = similar(sample(), &["e12-depeche#3"]);
    assert_eq!(answer["request"]["similar"], "e12-depeche#3");
    let whole = similar(sample(), &["sample_corpus/agence/depeches.csv:e12-depeche"]);
    assert_eq!(whole["request"]["similar"], "e12-depeche");
    assert_ne!(ids(&answer), ids(&whole));
    for found in [&answer, &whole] {
        assert!(!ids(found).contains(&"e12-depeche".to_owned()));
    }
}

#[test]
fn filters_pages_and_orders_hold_as_in_a_search() {
    let of = "mali/2024-08-16-embuscade-diallassagou.txt";
    let all = ids(&similar(sample(), &[of]));
    assert!(all.len() > 4, "{all:?}");
    let only = similar(sample(), &[of, "--source", "Échantillon D"]);
    assert!(only["hits"].as_array().unwrap().iter().all(|hit| hit["report"]["source"] == "Échantillon D"));
    let others = ids(&similar(sample(), &[of, "--source", "!Échantillon D"]));
    assert_eq!(ids(&only).len() + others.len(), all.len());
    // A filter takes out; it changes no order.
    let kept: Vec<&String> = all.iter().filter(|id| others.contains(id)).collect();
    assert_eq!(kept, others.iter().collect::<Vec<_>>());
    let pages: Vec<String> = (0..all.len())
        .step_by(2)
        .flat_map(|at| {
            let run = sample().run(&["similar", of, "--format", "json", "-n", "2", "--offset", &at.to_string()]);
            ids(&run.json())
        })
        .collect();
    assert_eq!(pages, all);
    let newest = similar(sample(), &[of, "--sort", "newest"]);
    assert_ne!(ids(&newest), all);
    assert_eq!(newest["total"], all.len());
    let here = similar(sample(), &[of, "--in", "passage"])["total"].as_u64().unwrap();
    assert!(here > 0 && here < all.len() as u64);
    assert_eq!(similar(sample(), &[of, "--since", "1990", "--until", "1991"])["total"], 0);
}

#[test]
fn counts_are_those_of_the_list() {
    let reader = IndexReader::open(&sample().path(common::INDEX)).unwrap();
    let mut searcher = Searcher::new(&reader);
    let facets = FacetRequest { by: vec![FacetKind::Source, FacetKind::Group], depth: 1, limit: 0 };
    let of = "mali/2024-08-16-embuscade-diallassagou.txt";
    let request = Request { facets: Some(facets), limit: 0, ..Request::default() };
    let answer = searcher.similar(of, &request).unwrap();
    let sources = &answer.facets.as_ref().unwrap()[&FacetKind::Source];
    for value in &sources.values {
        let name = value.path.name().to_owned();
        let narrow = Request { sources: vec![name.clone()], ..request.clone() };
        let narrowed = searcher.similar(of, &narrow).unwrap();
        assert_eq!(narrowed.total, value.count, "{name}");
        // What the filter takes out is counted beside it, of what is alike only.
        let whole = &narrowed.facets.as_ref().unwrap()[&FacetKind::Source];
        assert_eq!(whole.values.len(), sources.values.len(), "{name}");
    }
    assert_eq!(sources.values.iter().map(|value| value.count).sum::<u64>() + sources.without, answer.total);
    // The query of the request narrows; after it, a search is a search again.
    let request = Request { query: "gendarme".to_owned(), ..request };
    let narrowed = searcher.similar(of, &request).unwrap();
    assert!(narrowed.total > 0 && narrowed.total < answer.total);
    let found = searcher.search(&request).unwrap();
    assert!(found.total > narrowed.total && found.hits.iter().any(|hit| hit.report.id == of));
}

#[test]
fn what_tells_nothing_is_told() {
    let desk = desk(&[("a", "Et le, de la."), ("b", "Un marché."), ("c", "Xylophone.")]);
    for id in ["a", "c"] {
        let run = desk.run(&["similar", id]);
        assert_eq!(run.status, 1);
        assert!(run.out.contains("note: nothing in the text tells it from others"), "{}", run.out);
    }
    let run = desk.run(&["similar", "a", "--lang", "fr", "--format", "csv"]);
    assert_eq!((run.status, run.out.lines().count()), (1, 1));
    assert!(run.err.contains("rien dans le texte ne le distingue"), "{}", run.err);
}

#[test]
fn what_is_not_there_has_near_names() {
    let err = sample().run(&["similar", "e05-radoi"]);
    assert!(err.fails_with_hint().contains("e05-radio"), "{}", err.err);
    assert!(sample().run(&["similar", "e05-radio#7"]).fails_with_hint().contains("it has one passage"));
    sample().run(&["similar"]).fails_with_hint();
    sample().run(&["similar", "e05-radio", "--explain", "--format", "csv"]).fails();
}

#[test]
fn every_format_is_written() {
    let text = sample().run(&["similar", "e05-radio", "-n", "1"]);
    insta::assert_snapshot!(text.out, @r"
    like “Bankass : les disparus de Diallassagou toujours introuvables” (sample_corpus/radio/breves.ndjson:e05-radio)

    1. Mali : au moins quinze morts dans une embuscade près de Diallassagou
       2024-08-15 · ~Al-Qaïda, JNIM · Diallassagou
       Quinze membres au moins des forces de sécurité maliennes ont péri jeudi 15
       août 2024 dans une embuscade tendue aux environs de Diallassagou, dans le
       cercle de Bankass, ont indiqué des sources locales et sécuritaires.
       sample_corpus/mali/2024-08-16-embuscade-diallassagou.txt#1
       +2 more passages in this report

    18 reports (hit 1)
    ");
    let french = sample().run(&["similar", "e05-radio#1", "-n", "1", "--lang", "fr"]);
    let head = "comme « Bankass : les disparus de Diallassagou toujours introuvables » \
        (sample_corpus/radio/breves.ndjson:e05-radio#1)";
    let plain = french.out.replace(['\u{a0}', '\u{202f}'], " ");
    assert_eq!(plain.lines().next(), Some(head));
    let explained = similar(sample(), &["e05-radio", "--explain"]);
    let words = explained["resolved"]["words"].as_array().unwrap();
    assert!(words.iter().any(|word| word["term"] == "Diallassagou"), "{words:?}");
    for (format, sign) in [
        ("jsonl", "\"rank\":1"),
        ("csv", "rank,"),
        ("tsv", "rank\t"),
        ("trec", " Q0 "),
        ("html", "<h1 lang=\"fr\"><bdi>like “Bankass"),
        ("markdown", "# like “Bankass"),
    ] {
        let run = sample().run(&["similar", "e05-radio", "--format", format]);
        assert_eq!(run.status, 0, "{run:?}");
        assert!(run.out.contains(sign), "{format}: {}", run.out);
    }
}
