//! `vigie facets`: every count is what a search with that filter counts.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::process::Stdio;

use common::{Desk, INDEX, sample, validate};
use serde_json::{Value, json};
use vigie::counts::FacetCount;
use vigie::facet::{FacetKind, FacetPath};
use vigie::index::IndexReader;
use vigie::search::{DEEPEST, FacetRequest, Request, Scope, Searcher};

/// Five reports about two groups, in three regions.
fn desk() -> Desk {
    let record = |id: &str, groups: &[&str], regions: &[&str], dates: &[&str], text: &str| {
        json!({ "id": id, "groups": groups, "regions": regions, "dates": dates, "text": text, "source": "Radio" })
            .to_string()
    };
    let records = [
        record(
            "a",
            &["jihadiste/JNIM/Katiba Macina", "jihadiste/JNIM", "etatique/FAMa"],
            &["Niger/Tillabéri/Torodi", "Niger/Tillabéri/Téra"],
            &["2024-08-15", "2024-08-16"],
            "Une embuscade contre un convoi.",
        ),
        record("b", &["jihadiste/JNIM"], &["Niger/Tahoua"], &["2024-08"], "Une embuscade sur la route."),
        record("c", &["jihadiste/EIS"], &["Tchad/Lac"], &["2023-12-31..2024-01-01"], "Une attaque à moto."),
        record("d", &["etatique/FAMa"], &["Niger/Tillabéri/Torodi"], &["2023"], "Une patrouille. Puis une embuscade."),
        record("e", &[], &[], &[], "Un marché sans histoire."),
    ];
    let desk = Desk::with(&[("corpus/r.jsonl", &records.join("\n"))]);
    desk.index(&["corpus"]);
    desk
}

#[track_caller]
fn facets(desk: &Desk, args: &[&str]) -> Value {
    let run = desk.run(&[&["facets", "--format", "json"], args].concat());
    assert!(run.status <= 1, "{run:?}");
    let mut answer = run.json();
    validate("facets.schema.json", &answer);
    validate("request.schema.json", &answer["request"]);
    assert_eq!(run.status == 1, answer["total"] == 0);
    answer.as_object_mut().unwrap().remove("took_us");
    answer
}

/// Every value of a tree.
fn flat(values: &Value) -> Vec<Value> {
    let values = values.as_array().unwrap().iter();
    values.flat_map(|value| std::iter::once(value.clone()).chain(flat(&value["children"]))).collect()
}

#[test]
fn a_tree_for_people() {
    let desk = desk();
    insta::assert_snapshot!(desk.run(&["facets", "--by", "group,region", "--depth", "3"]).out, @r"
    5 reports

    group              reports
    jihadiste                3  ████████████████████████████████████████
      JNIM                   2  ██████████████████████████▋
        Katiba Macina        1  █████████████▎
      EIS                    1  █████████████▎
    etatique                 2  ██████████████████████████▋
      FAMa                   2  ██████████████████████████▋
    (none)                   1

    region       reports
    Niger              3  ████████████████████████████████████████
      Tillabéri        2  ██████████████████████████▋
        Torodi         2  ██████████████████████████▋
        Téra           1  █████████████▎
      Tahoua           1  █████████████▎
    Tchad              1  █████████████▎
      Lac              1  █████████████▎
    (none)             1
    ");
    insta::assert_snapshot!(desk.run(&["facets", "--by", "group", "-n", "1"]).out, @r"
    5 reports

    group       reports
    jihadiste         3  ████████████████████████████████████████
      JNIM            2  ██████████████████████████▋
      … 1 more
    … 1 more
    (none)            1
    --depth 3 shows what is below
    ");
    insta::assert_snapshot!(desk.run(&["facets", "embuscade", "--by", "group", "--group", "jnim"]).out, @r"
    2 reports

    group        reports  if added  instead
      etatique         1         3        2  ███████████████████████████████████████
        FAMa           1         3        2  ███████████████████████████████████████
      jihadiste        2         2        2  ███████████████████████████████████████
    *   JNIM           2         2        2  ███████████████████████████████████████
    --depth 3 shows what is below
    ");
    insta::assert_snapshot!(desk.run(&["facets", "--by", "date", "--by", "source"]).out, @r"
    5 reports

    date       reports
    2024             3  ████████████████████████████████████████
      2024-08        2  ██████████████████████████▋
      2024-01        1  █████████████▎
    2023             2  ██████████████████████████▋
      2023-12        1  █████████████▎
    (none)           1
    --depth 3 shows what is below

    source  reports
    Radio         5  ████████████████████████████████████████
    ");
}

#[test]
fn rows_of_csv() {
    let desk = desk();
    insta::assert_snapshot!(desk.run(&["facets", "--by", "group", "--format", "csv"]).out, @r"
    facet,path,depth,reports,selected,if_added,if_chosen_instead
    group,(all),0,5,,,
    group,(none),0,1,,,
    group,/jihadiste,1,3,,,
    group,/jihadiste/JNIM,2,2,,,
    group,/jihadiste/JNIM/Katiba Macina,3,1,,,
    group,/jihadiste/EIS,2,1,,,
    group,/etatique,1,2,,,
    group,/etatique/FAMa,2,2,,,
    ");
    insta::assert_snapshot!(desk.run(&["facets", "--by", "region", "--region", "Tillabéri", "--format", "csv"]).out, @r"
    facet,path,depth,reports,selected,if_added,if_chosen_instead
    region,(all),0,2,,,
    region,(none),0,0,,,
    region,/Niger,1,2,false,3,3
    region,/Niger/Tillabéri,2,2,true,2,2
    region,/Niger/Tillabéri/Torodi,3,2,false,2,2
    region,/Niger/Tillabéri/Téra,3,1,false,2,1
    region,/Niger/Tahoua,2,0,false,3,1
    region,/Tchad,1,0,false,3,1
    region,/Tchad/Lac,2,0,false,3,1
    ");
}

#[test]
fn a_report_counts_once_for_an_ancestor_of_several_of_its_values() {
    let answer = facets(&desk(), &["--by", "region", "--depth", "1"]);
    assert_eq!(
        answer["facets"]["region"],
        json!({ "filtered": false, "without": 1, "more": 0, "values": [
            { "path": "/Niger", "count": 3, "children": [], "more": 2 },
            { "path": "/Tchad", "count": 1, "children": [], "more": 1 },
        ] })
    );
    assert_eq!(answer["total"], 5);
}

/// A request with one more value of a kind; alone of its kind where it is `instead`.
fn with(request: &Request, kind: FacetKind, path: &FacetPath, instead: bool) -> Request {
    let mut request = request.clone();
    let (values, value) = match kind {
        FacetKind::Group => (&mut request.groups, path.to_string()),
        FacetKind::Region => (&mut request.regions, path.to_string()),
        FacetKind::Source => (&mut request.sources, path.to_string()),
        FacetKind::Date => (&mut request.dates, path.names().join("-")),
    };
    if instead {
        values.retain(|value| value.starts_with('!'));
    }
    values.push(value);
    request
}

/// Holds every count of every kind against what a search counts.
#[track_caller]
fn counts_are_those_of_searches(desk: &Desk, request: &Request) {
    let reader = IndexReader::open(&desk.path(INDEX)).unwrap();
    let mut searcher = Searcher::new(&reader);
    let by = vec![FacetKind::Group, FacetKind::Region, FacetKind::Date, FacetKind::Source];
    let answer = searcher.facets(request, &FacetRequest { by, depth: DEEPEST, limit: 0 }).unwrap();
    assert_eq!(answer.total, searcher.count(request).unwrap(), "{request:?}");
    let mut seen = 0;
    for (&kind, counts) in &answer.facets {
        let mut waiting: Vec<&FacetCount> = counts.values.iter().collect();
        while let Some(value) = waiting.pop() {
            let mut count = |instead: bool| searcher.count(&with(request, kind, &value.path, instead)).unwrap();
            match value.choice {
                None => assert_eq!(value.count, count(false), "{value:?} {request:?}"),
                Some(choice) => {
                    assert_eq!(choice.if_added, count(false), "{value:?} {request:?}");
                    assert_eq!(choice.if_chosen_instead, count(true), "{value:?} {request:?}");
                }
            }
            waiting.extend(&value.children);
            seen += 1;
        }
    }
    assert!(seen > 0, "{request:?}");
}

#[test]
fn every_count_is_what_a_search_with_that_filter_counts() {
    let desk = desk();
    for request in [
        json!({}),
        json!({ "query": "embuscade" }),
        json!({ "groups": ["JNIM"] }),
        json!({ "groups": ["JNIM", "FAMa"] }),
        json!({ "groups": ["Katiba Macina"], "regions": ["Tillabéri"] }),
        json!({ "query": "embuscade", "groups": ["EIS"] }),
        json!({ "dates": ["2024-08"] }),
        json!({ "dates": ["2024-01", "2023"], "groups": ["!FAMa"] }),
        json!({ "query": "embuscade patrouille", "match": "any", "regions": ["Tahoua"] }),
    ] {
        counts_are_those_of_searches(&desk, &serde_json::from_value(request).unwrap());
    }
    for request in [
        json!({ "query": "soldats" }),
        json!({ "query": "attaque", "regions": ["Mali"] }),
        json!({ "dates": ["2024"], "groups": ["etatique"], "sources": ["!Échantillon A"] }),
        json!({ "query": "attaque armée", "mentions": true, "groups": ["etatique"] }),
    ] {
        counts_are_those_of_searches(sample(), &serde_json::from_value(request).unwrap());
    }
}

#[test]
fn in_passages_what_might_be_chosen_instead_is_what_there_is_without_the_choice() {
    let reader = IndexReader::open(&sample().path(INDEX)).unwrap();
    let mut searcher = Searcher::new(&reader);
    let wanted = FacetRequest { by: vec![FacetKind::Group], depth: DEEPEST, limit: 0 };
    let all = Request { query: "attaque".to_owned(), scope: Scope::Passage, ..Request::default() };
    let one = Request { groups: vec!["JNIM".to_owned()], ..all.clone() };
    let answers = [&all, &one].map(|request| searcher.facets(request, &wanted).unwrap());
    let [free, bound] = answers.each_ref().map(|answer| flat(&json!(answer.facets[&FacetKind::Group].values)));
    assert_eq!(answers[1].total, searcher.count(&one).unwrap());
    assert!(answers[1].total > 0 && answers[1].total < answers[0].total);
    let number = |value: &Value, key: &str| value[key].as_u64().unwrap();
    for value in &bound {
        let same = free.iter().find(|other| other["path"] == value["path"]).unwrap();
        assert_eq!(value["if_chosen_instead"], same["count"], "{value}");
        let further = number(value, "if_chosen_instead") - number(value, "count");
        assert_eq!(number(value, "if_added"), answers[1].total + further, "{value}");
    }
}

#[test]
fn counts_hold_after_reports_are_replaced() {
    let desk = desk();
    desk.write("corpus/r.jsonl", "{\"id\":\"b\",\"text\":\"Une embuscade.\",\"groups\":[\"etatique/FAMa\"]}\n");
    desk.index(&["corpus"]);
    counts_are_those_of_searches(&desk, &Request { query: "embuscade".to_owned(), ..Request::default() });
    counts_are_those_of_searches(&desk, &Request { groups: vec!["FAMa".to_owned()], ..Request::default() });
    let tree = facets(&desk, &["--by", "group"]);
    assert_eq!(tree["facets"]["group"]["values"][0]["path"], "/etatique");
    assert_eq!(tree["facets"]["group"]["values"][0]["count"], 3);
}

#[test]
fn what_is_selected_is_shown_however_deep_and_rare() {
    let answer = facets(&desk(), &["--by", "group", "--depth", "1", "-n", "1", "--group", "Katiba Macina"]);
    let values = flat(&answer["facets"]["group"]["values"]);
    let selected: Vec<&Value> = values.iter().filter(|value| value["selected"] == true).collect();
    assert_eq!(selected.len(), 1);
    assert_eq!(selected[0]["path"], "/jihadiste/JNIM/Katiba Macina");
    // And where nothing of the answer has it.
    let none = facets(&desk(), &["moto", "--by", "group", "--group", "Katiba Macina"]);
    assert_eq!(none["total"], 0);
    let values = flat(&none["facets"]["group"]["values"]);
    let of = |path: &str| values.iter().find(|value| value["path"] == path).unwrap().clone();
    assert_eq!(of("/jihadiste/JNIM/Katiba Macina")["if_chosen_instead"], 0);
    assert_eq!(of("/jihadiste/EIS")["if_added"], 1);
}

#[test]
fn an_exclusion_is_no_choice() {
    let answer = facets(&desk(), &["--by", "group", "--group", "!JNIM"]);
    assert_eq!((&answer["total"], &answer["facets"]["group"]["filtered"]), (&json!(3), &json!(false)));
    let both = facets(&desk(), &["--by", "group", "--group", "FAMa", "--group", "!JNIM"]);
    let values = flat(&both["facets"]["group"]["values"]);
    assert!(values.iter().all(|value| !value["path"].as_str().unwrap().contains("JNIM")), "{values:?}");
}

#[test]
fn nothing_found_and_errors_are_those_of_search() {
    let none = sample().run(&["facets", "zanzibar", "--by", "group"]);
    assert_eq!((none.status, none.out.as_str()), (1, "no report answers “zanzibar”\n"));
    let unknown = sample().run(&["facets", "--by", "group", "--region", "Moptti"]);
    assert!(unknown.fails_with_hint().contains("no region is named"), "{}", unknown.err);
    sample().run(&["facets", "--by", "group", "une \"attaque"]).fails_with_hint();
    for wrong in [&["facets"][..], &["facets", "--by", "place"], &["facets", "--by", "group", "--depth", "0"]] {
        let run = sample().run(wrong);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{run:?}");
    }
}

#[test]
fn a_batch_answers_with_counts_where_they_are_asked_for() {
    let desk = desk();
    let lines = "{\"query\":\"embuscade\",\"facets\":{\"by\":[\"group\"],\"depth\":1},\"timeline\":{\"by\":\"year\"}}\n\
                 {\"query\":\"embuscade\"}\n{\"query\":\"embuscade\",\"facets\":{\"by\":[]}}\n\
                 {\"query\":\"embuscade\",\"facets\":{\"depth\":17},\"fields\":[\"id\"]}\n";
    let run = desk.fed(&["search", "--queries", "-", "--format", "jsonl"], lines);
    assert_eq!(run.status, 3);
    let answers = run.lines();
    for answer in &answers {
        validate("answer.schema.json", answer);
    }
    let alone = facets(&desk, &["embuscade", "--by", "group", "--depth", "1"]);
    assert_eq!(answers[0]["facets"], alone["facets"]);
    assert_eq!(answers[0]["timeline"][0]["period"], "2023");
    assert!(answers[1].get("facets").is_none() && answers[1].get("timeline").is_none());
    for wrong in &answers[2..] {
        assert!(wrong["error"]["hint"].is_string(), "{wrong}");
    }
    let text = desk.fed(&["search", "--queries", "-"], lines).out;
    assert!(text.contains("\ngroup      reports\netatique ") && text.contains("\nyear  reports\n2023 "), "{text}");
}

#[test]
fn a_pipe_may_close_amid_rows() {
    let record = |n: u32| format!("{{\"text\":\"Une attaque.\",\"regions\":[\"Mali/Région {n}/Cercle {n}\"]}}\n");
    let desk = Desk::with(&[("r.jsonl", &(0..2000).map(record).collect::<String>())]);
    desk.index(&["r.jsonl"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = desk.command(&["facets", "--by", "region", "--format", "csv"]);
    let output = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn colour_is_for_who_asks_and_a_closed_pipe_is_no_failure() {
    for command in [&["facets", "--by", "region,date", "--group", "etatique"][..], &["timeline", "--split", "group"]] {
        let plain = sample().run(command).out;
        let coloured = sample().run(&[&["--color", "always"], command].concat()).out;
        assert!(coloured.contains("\u{1b}["));
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
        for line in plain.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
        for format in ["text", "json", "csv"] {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            let mut command = sample().command(&[command, &["--format", format]].concat());
            let output = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).output().unwrap();
            assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{format}");
        }
    }
}
