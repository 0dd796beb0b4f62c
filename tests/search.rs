//! `vigie search` over the sample corpus: what every answer holds to, whatever the ranking.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::OnceLock;

use common::{Run, faults, ids, repository, sample, validate};
use serde_json::{Value, json};
use vigie::corpus::{Corpus, Item, ReadOptions};
use vigie::search::Request;

/// Queries of every kind.
const QUERIES: [&str; 12] = [
    "embuscade",
    "attaques des villages",
    "\"forces armées\"",
    "« école de gendarmerie »",
    "l'armée malienne",
    "Gourma-Rharous",
    "15 000",
    "ONU OU CEDEAO",
    "(attaque OU embuscade) soldats -Niger",
    "refugies securite",
    "\"groupe de soutien\" JNIM",
    "",
];

fn search(args: &[&str]) -> Value {
    sample().search(args)
}

fn hits(answer: &Value) -> &[Value] {
    answer["hits"].as_array().unwrap()
}

/// The only answers of a search: every hit.
fn all(args: &[&str]) -> Vec<Value> {
    hits(&search(&[&["-n", "0"], args].concat())).to_vec()
}

fn set(args: &[&str]) -> BTreeSet<String> {
    sample().ids(args).into_iter().collect()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn range(value: &Value) -> std::ops::Range<usize> {
    let number = |key: &str| usize::try_from(value[key].as_u64().unwrap()).unwrap();
    number("start")..number("end")
}

/// The stored text of every report, by id.
fn texts() -> BTreeMap<String, String> {
    let corpus = Corpus::open(&[repository("sample_corpus")], ReadOptions::default()).unwrap();
    let reports = corpus.filter_map(|item| match item {
        Item::Report(report, _) => Some((report.id, report.text)),
        _ => None,
    });
    reports.collect()
}

#[test]
fn text_for_people() {
    let one = sample().run(&["search", "motos saisies Diangassagou", "--match", "any", "-n", "1"]);
    insta::assert_snapshot!(one.out, @r"
    1. Fiche d'incident : Diangassagou
       Échantillon D · 2025-01-07, 2025-01-08 · FAMa, Assaillants, GAT · Nioro du
       Sahel, Diangassagou, Koro
       … Bilan annoncé par les FAMA : 14 assaillants tués, neuf motos et de
       l'armement saisis, une colonne détruite pendant son repli, à 15 km au sud.
       Auteurs : « groupes armés terroristes » selon le communiqué. Aucune
       attribution plus précise à ce stade. …
       sample_corpus/veille/2025-01.json:e03-fiche#1

    17 reports (hit 1)
    ");
    let two = sample().run(&["search", "\"Moussa Himma Diallo\"", "--sort", "oldest"]);
    insta::assert_snapshot!(two.out, @r"
    1. Communiqué de l'état-major : frappe dans le secteur de Serma
       ~2024-12-26 · Katiba Serma · ~Serma
       … À son bord se trouvait Moussa Himma Diallo, que les services de
       renseignement présentent comme le commandant en second de la Katiba Serma. Il
       figurait, selon la même source, parmi les hommes les plus recherchés du
       centre du pays. …
       sample_corpus/mali/2024-12-27-communique-serma.txt#2

    2. Mali : le numéro deux de la Katiba Serma tué par l'armée
       Échantillon A · ~2024-12-26 · FAMa, Al-Qaïda, Katiba Serma · Serma
       Moussa Himma Diallo circulait à bord d'un pick-up lorsque le véhicule a été
       touché aux abords de Serma, dans le cercle de Douentza. L'armée le décrit
       comme le « numéro deux » de la Katiba Serma, une unité du Groupe de soutien à
       l'islam et aux musulmans (GSIM, JNIM en arabe), lui-même lié à Al-Qaïda.
       sample_corpus/mali/2025-01-03-numero-deux-katiba-serma.md#2

    3. Katiba Serma : ce que change la mort d'un commandant
       Échantillon F · 2024-12-26 · FAMa · Serma
       La mort de Moussa Himma Diallo, annoncée par l'armée malienne après une
       frappe menée le jeudi 26 décembre dans le secteur de Serma, prive une unité
       djihadiste du centre du Mali d'un homme présenté comme son commandant en
       second. La perte est réelle. Sa portée, elle, reste à mesurer.
       sample_corpus/mali/analyse-katiba-serma.html#1

    3 reports (hits 1–3)
    ");
    assert_eq!((one.status, two.status), (0, 0));
    let none = sample().run(&["search", "zanzibar"]);
    assert_eq!((none.status, none.out.as_str()), (1, "no report answers “zanzibar”\n"));
    for line in one.out.lines().chain(two.out.lines()).filter(|line| !line.contains("sample_corpus/")) {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn json_has_the_shapes_of_the_contract() {
    let run = sample().run(&["search", "embuscade Bankass", "--format", "json", "--since", "2020"]);
    let answer = run.json();
    validate("answer.schema.json", &answer);
    validate("request.schema.json", &answer["request"]);
    assert_eq!(keys(&answer), ["request", "took_us", "total", "hits", "expanded", "warnings"]);
    assert_eq!(answer["request"]["query"], "embuscade Bankass");
    assert_eq!(answer["request"]["since"], "2020");

    let run = sample().run(&["search", "embuscade Bankass", "--format", "jsonl", "--since", "2020"]);
    assert_eq!(run.lines(), hits(&answer));
    for hit in run.lines() {
        validate("hit.schema.json", &hit);
        // What a passage tells itself it has from nowhere else.
        let found: Vec<&str> = keys(&hit).into_iter().filter(|key| *key != "inherited").collect();
        let names = [
            "rank",
            "score",
            "report",
            "passage",
            "fragment",
            "marks",
            "groups",
            "regions",
            "dates",
            "passages_in_report",
            "cite",
        ];
        assert_eq!(found, names);
        assert_eq!(keys(&hit["report"]), ["id", "title", "source", "url", "path", "published"]);
        assert_eq!(keys(&hit["passage"]), ["id", "ordinal", "start", "end", "text", "hash"]);
    }
}

#[test]
fn every_answer_holds_to_its_schema_and_its_own_words() {
    for query in QUERIES {
        for collapse in ["report", "none"] {
            let answer = sample().run(&["search", query, "-n", "0", "--collapse", collapse, "--format", "json"]).json();
            validate("answer.schema.json", &answer);
            for (rank, hit) in (1..).zip(hits(&answer)) {
                assert_eq!(hit["rank"], rank);
                let (report, passage) = (&hit["report"], &hit["passage"]);
                let named = format!("{}#{}", report["id"].as_str().unwrap(), passage["ordinal"]);
                assert_eq!(passage["id"], named.as_str());
                let typed: vigie::hit::Hit = serde_json::from_value(hit.clone()).unwrap();
                let place = vigie::hit::place(&typed.report, typed.passage.ordinal);
                let title = report["title"].as_str().map(|title| format!("« {title} »"));
                let bytes = format!("octets {}-{}", passage["start"], passage["end"]);
                let hash = vigie::citation::hash(passage["text"].as_str().unwrap());
                assert_eq!(passage["hash"], hash.as_str());
                let parts = [
                    report["source"].as_str(),
                    title.as_deref(),
                    report["published"].as_str(),
                    Some(&place),
                    Some(&bytes),
                    Some(&hash),
                ];
                let cite = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
                // An author may stand before.
                assert!(hit["cite"].as_str().unwrap().ends_with(&cite), "{} {cite}", hit["cite"]);
            }
            if !query.is_empty() && collapse == "report" {
                let scores = hits(&answer).iter().map(|hit| hit["score"].as_f64().unwrap());
                assert!(scores.collect::<Vec<_>>().is_sorted_by(|a, b| a >= b), "{query}");
            }
        }
    }
}

#[test]
fn offsets_are_those_of_the_stored_text() {
    let texts = texts();
    for query in QUERIES {
        for hit in all(&[query, "--match", "any", "--collapse", "none"]) {
            let text = &texts[hit["report"]["id"].as_str().unwrap()];
            let passage = range(&hit["passage"]);
            // Slicing tells by itself whether both ends stand between characters.
            assert_eq!(hit["passage"]["text"], text[passage.clone()], "{query}");
            let fragment = range(&hit["fragment"]);
            assert!(!text[fragment.clone()].trim().is_empty(), "{query}: {hit}");
            assert!(passage.start <= fragment.start && fragment.end <= passage.end, "{query}: {hit}");
            let mut end = passage.start;
            for mark in hit["marks"].as_array().unwrap() {
                let at = range(mark);
                assert!(end <= at.start && at.start < at.end && at.end <= passage.end, "{query}: {hit}");
                let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
                let word = &text[at.clone()];
                assert!(inside(word.chars().next()) && inside(word.chars().last()), "{query}: {word:?}");
                let beyond = inside(text[..at.start].chars().last()) || inside(text[at.end..].chars().next());
                assert!(!beyond, "{query}: {word:?} is a part of a word");
                end = at.end;
            }
        }
    }
}

#[test]
fn the_words_of_the_query_are_marked() {
    let marked = |query: &str| -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        for hit in all(&[query]) {
            let passage = range(&hit["passage"]);
            let text = hit["passage"]["text"].as_str().unwrap();
            for mark in hit["marks"].as_array().unwrap() {
                let at = range(mark);
                words.insert(text[at.start - passage.start..at.end - passage.start].to_lowercase());
            }
        }
        words
    };
    for (query, want) in [("refugies", "réfugiés"), ("O.N.U.", "onu"), ("attaquer", "attaque")] {
        assert!(marked(query).contains(want), "{query}: {:?}", marked(query));
    }
    assert_eq!(marked("\"katiba serma\""), ["katiba serma".to_owned()].into());
}

#[test]
fn the_scope_of_a_passage_is_narrower_than_that_of_a_report() {
    let mut narrower = 0;
    // What is excluded is excluded from the scope: a passage without a word may stand in a report with it.
    for query in QUERIES.into_iter().filter(|query| !query.contains(" -")) {
        let (passage, report) = (set(&[query, "--in", "passage"]), set(&[query]));
        assert!(passage.is_subset(&report), "{query}");
        narrower += u32::from(passage.len() < report.len());
    }
    assert!(narrower > 0);
    let texts = all(&["embuscade soldats", "--in", "passage"]);
    assert!(!texts.is_empty());
    for hit in texts {
        let text = hit["passage"]["text"].as_str().unwrap().to_lowercase();
        assert!(text.contains("embuscade") && text.contains("soldat"), "{text}");
    }
}

#[test]
fn any_word_finds_at_least_what_all_words_find() {
    let mut wider = 0;
    for query in QUERIES {
        let (any, all) = (set(&[query, "--match", "any"]), set(&[query]));
        assert!(any.is_superset(&all), "{query}");
        wider += u32::from(any.len() > all.len());
    }
    assert!(wider > 0);
    // And still nothing that is excluded.
    let without = set(&["attaque soldats -Niger", "--match", "any"]);
    assert!(without.is_disjoint(&set(&["Niger", "--no-expand"])) && !without.is_empty());
}

#[test]
fn counts_are_exact() {
    for query in QUERIES {
        for more in [&[][..], &["--match", "any"], &["--in", "passage"], &["--since", "2024"], &["--collapse", "none"]]
        {
            let args = [&[query], more].concat();
            let answer = search(&[&["-n", "0"], &args[..]].concat());
            let reports: BTreeSet<String> = ids(&answer).into_iter().collect();
            assert_eq!(answer["total"], reports.len(), "{args:?}");
            assert_eq!(search(&args)["total"], reports.len(), "{args:?}");
            let run = sample().run(&[&["search", "-c"], &args[..]].concat());
            assert_eq!(run.out, format!("{}\n", reports.len()), "{args:?}");
            assert_eq!(run.status, i32::from(reports.is_empty()), "{args:?}");
        }
    }
}

/// Compares pages of several sizes with the answer in one piece.
#[track_caller]
fn pages_are_the_whole(more: &[&str]) {
    let places = |hits: &[Value]| -> Vec<String> {
        hits.iter().map(|hit| format!("{} {}", hit["rank"], hit["passage"]["id"].as_str().unwrap())).collect()
    };
    let whole = places(&all(&[&["attaque soldats", "--match", "any"], more].concat()));
    assert!(whole.len() > 14);
    for size in [1, 7] {
        let mut pages = Vec::new();
        while pages.len() < whole.len().min(21) {
            let (size, offset) = (size.to_string(), pages.len().to_string());
            let page = ["attaque soldats", "--match", "any", "-n", &size, "--offset", &offset];
            pages.extend(places(hits(&search(&[&page, more].concat()))));
        }
        assert_eq!(pages, whole[..pages.len()], "{more:?} by {size}");
    }
}

#[test]
fn pages_together_are_the_whole() {
    for more in [&[][..], &["--collapse", "none"], &["--in", "passage"]] {
        pages_are_the_whole(more);
    }
    let beyond = search(&["attaque", "--offset", "5000"]);
    assert_eq!(hits(&beyond), &[] as &[Value]);
    assert_eq!(beyond["total"], search(&["attaque"])["total"]);
}

#[test]
fn without_collapsing_every_passage_is_a_hit_of_its_own() {
    for query in QUERIES {
        let (collapsed, each) = (all(&[query]), all(&[query, "--collapse", "none"]));
        let mut passages: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
        for hit in &each {
            let ordinal = hit["passage"]["ordinal"].as_u64().unwrap();
            assert!(passages.entry(hit["report"]["id"].as_str().unwrap()).or_default().insert(ordinal), "{hit}");
        }
        assert_eq!(passages.len(), collapsed.len(), "{query}");
        for hit in &collapsed {
            let found = &passages[hit["report"]["id"].as_str().unwrap()];
            assert!(found.contains(&hit["passage"]["ordinal"].as_u64().unwrap()), "{query}: {hit}");
            // A report may answer by its title alone; then one passage stands for it.
            let counted = hit["passages_in_report"].as_u64().unwrap().max(1);
            assert_eq!(found.len() as u64, counted, "{query}: {hit}");
        }
    }
}

/// What annotation tells of each report of the sample corpus, by id: what filters and order go by.
fn annotations() -> &'static BTreeMap<String, Value> {
    static ANNOTATIONS: OnceLock<BTreeMap<String, Value>> = OnceLock::new();
    ANNOTATIONS.get_or_init(|| {
        let lines = sample().run(&["annotate", "sample_corpus"]).lines();
        lines.into_iter().map(|line| (line["report"].as_str().unwrap().to_owned(), line)).collect()
    })
}

/// The dates of an annotation, or what else it has of a kind, without what is only mentioned.
fn told<'a>(annotation: &'a Value, kind: &str) -> impl Iterator<Item = &'a Value> {
    annotation[kind].as_array().unwrap().iter().filter(|value| value["role"] != "mention")
}

/// The first or the last day that a report is sorted by.
fn day(annotation: &Value, last: bool) -> Option<&str> {
    let ends = |key: &'static str| told(annotation, "dates").filter_map(move |date| date[key].as_str());
    let event = if last { ends("to").max() } else { ends("from").min() };
    event.or(annotation["published"].as_str())
}

/// The day that each hit is sorted by.
fn days(hits: &[Value], last: bool) -> Vec<Option<&'static str>> {
    hits.iter().map(|hit| day(&annotations()[hit["report"]["id"].as_str().unwrap()], last)).collect()
}

#[test]
fn hits_can_be_sorted_by_date_with_the_undated_last() {
    for query in ["", "soldats", "armée"] {
        let newest = all(&[query, "--sort", "newest"]);
        let last = days(&newest, true);
        assert!(last.is_sorted_by(|a, b| a >= b), "{query}: {last:?}");
        let oldest = all(&[query, "--sort", "oldest"]);
        let first = days(&oldest, false);
        let dated = first.iter().take_while(|day| day.is_some()).count();
        assert!(first[..dated].is_sorted() && first[dated..].iter().all(Option::is_none), "{query}: {first:?}");
        assert_eq!(newest.len(), oldest.len());
    }
    assert_eq!(days(&all(&["", "--sort", "oldest"]), true).last(), Some(&None));
    // Without words there is no relevance.
    assert_eq!(all(&[]), all(&["--sort", "newest"]));
}

/// Ids of all reports whose hit holds to something.
fn where_hit(holds: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    let hits = all(&[]);
    assert_eq!(hits.len(), 82);
    let found = hits.iter().filter(|hit| holds(hit)).map(|hit| hit["report"]["id"].as_str().unwrap().to_owned());
    let found: BTreeSet<String> = found.collect();
    assert!(!found.is_empty());
    found
}

/// Ids of all reports whose annotation holds to something.
fn where_told(holds: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    assert_eq!(annotations().len(), 82);
    let found: BTreeSet<String> =
        annotations().iter().filter(|(_, report)| holds(report)).map(|(id, _)| id.clone()).collect();
    assert!(!found.is_empty());
    found
}

/// Whether a report has a facet or one below it, in one division or the other.
fn has(annotation: &Value, kind: &str, path: &str) -> bool {
    let is_below = |facet: &str| facet == path || facet.starts_with(&format!("{path}/"));
    told(annotation, kind)
        .any(|facet| [&facet["path"], &facet["other"]].into_iter().filter_map(Value::as_str).any(is_below))
}

#[test]
fn groups_and_regions_filter_by_name_and_by_path() {
    let in_mopti = where_told(|report| has(report, "regions", "/Mali/Mopti"));
    for name in ["Mopti", "mopti", "MOPTI", "Mali/Mopti", "/Mali/Mopti", "mali/MOPTI"] {
        assert_eq!(set(&["--region", name]), in_mopti, "{name}");
    }
    let tillaberi = where_told(|report| has(report, "regions", "/Niger/Tillabéri"));
    for name in ["Tillabéri", "tillaberi", "TILLABÉRI", "Niger/Tillaberi"] {
        assert_eq!(set(&["--region", name]), tillaberi, "{name}");
    }
    // What is narrower is within what is broader.
    assert!(in_mopti.is_subset(&set(&["--region", "Mali"])));
    let armies = where_told(|report| has(report, "groups", "/etatique"));
    for name in ["etatique", "étatique", "/Etatique"] {
        assert_eq!(set(&["--group", name]), armies, "{name}");
    }
    assert_eq!(set(&["--group", "etatique/fama"]), where_told(|report| has(report, "groups", "/etatique/FAMa")));
}

#[test]
fn filters_of_one_kind_are_alternatives_and_those_of_several_hold_together() {
    let (mopti, tillaberi) = (set(&["--region", "Mopti"]), set(&["--region", "Tillabéri"]));
    assert_eq!(set(&["--region", "Mopti", "--region", "Tillabéri"]), &mopti | &tillaberi);
    let armies = set(&["--group", "etatique"]);
    assert_eq!(set(&["--region", "Mopti", "--group", "etatique"]), &mopti & &armies);
    assert_eq!(set(&["soldats", "--region", "Mopti"]), &set(&["soldats"]) & &mopti);
    let within = set(&["soldats", "--region", "Mopti", "--in", "passage"]);
    assert!(!within.is_empty() && within.is_subset(&(&set(&["soldats"]) & &mopti)));
}

#[test]
fn an_exclamation_mark_excludes() {
    let (everything, armies, mopti) = (set(&[]), set(&["--group", "etatique"]), set(&["--region", "Mopti"]));
    assert_eq!(set(&["--group", "!etatique"]), &everything - &armies);
    assert_eq!(set(&["--region", "Mopti", "--group", "!etatique"]), &mopti - &armies);
    assert_eq!(set(&["--region", "Mali", "--region", "!Mali/Mopti"]), &set(&["--region", "Mali"]) - &mopti);
    assert_eq!(sample().run(&["search", "--region", "Mopti", "--region", "!Mopti"]).status, 1);
}

#[test]
fn sources_filter_whatever_their_case_and_accents() {
    let by_c = where_hit(|hit| hit["report"]["source"] == "Échantillon C");
    for name in ["Échantillon C", "échantillon c", "ECHANTILLON C"] {
        assert_eq!(set(&["--source", name]), by_c, "{name}");
    }
    let by_d = where_hit(|hit| hit["report"]["source"] == "Échantillon D");
    assert_eq!(set(&["--source", "Échantillon C", "--source", "Échantillon D"]), &by_c | &by_d);
    assert_eq!(set(&["--source", "!Échantillon C"]), where_hit(|hit| hit["report"]["source"] != "Échantillon C"));
}

/// The reports with a date between two days: a day that is in there, or a month or year that is whole in there.
fn between(since: &str, until: &str) -> BTreeSet<String> {
    where_told(|report| {
        let within = |date: &Value| {
            let (from, to) = (date["from"].as_str().unwrap(), date["to"].as_str().unwrap());
            if date["precision"] == "day" { from <= until && to >= since } else { since <= from && to <= until }
        };
        let published = report["published"].as_str().filter(|_| told(report, "dates").next().is_none());
        told(report, "dates").any(within) || published.is_some_and(|day| since <= day && day <= until)
    })
}

#[test]
fn dates_filter_by_event_and_else_by_publication() {
    let summer = between("2024-08-01", "2024-10-31");
    for args in [
        &["--date", "2024-08..2024-10"][..],
        &["--since", "2024-08", "--until", "2024-10"],
        &["--since", "1er août 2024", "--until", "31 octobre 2024"],
        &["--since", "2024", "--until", "2024", "--date", "2024-08..2024-10"],
        &["--date", "2024-08", "--date", "septembre 2024", "--date", "2024-10-01..2024-10-31"],
    ] {
        assert_eq!(set(args), summer, "{args:?}");
    }
    assert_eq!(set(&["--date", "15 août 2024"]), between("2024-08-15", "2024-08-15"));
    assert_eq!(set(&["--until", "2019"]), between("0000-01-01", "2019-12-31"));
    assert_eq!(set(&["--date", "..2019"]), between("0000-01-01", "2019-12-31"));
    assert_eq!(set(&["--since", "2025-03"]), between("2025-03-01", "9999-12-31"));
    assert_eq!(set(&["--since", "0001"]), where_told(|report| day(report, true).is_some()));
    assert_eq!(sample().run(&["search", "--date", "1917"]).status, 1);
}

#[test]
fn trec_lines_have_six_columns_and_scores_that_decrease() {
    let run = sample().run(&["search", "attaque", "--format", "trec"]);
    let ids: Vec<String> =
        all(&["attaque"]).iter().map(|hit| hit["report"]["id"].as_str().unwrap().to_owned()).collect();
    let mut last = f64::INFINITY;
    for ((line, id), rank) in run.out.lines().zip(&ids).zip(1..) {
        let columns: Vec<&str> = line.split(' ').collect();
        assert_eq!([columns[0], columns[1], columns[2], columns[5]], ["1", "Q0", id, "vigie"], "{line}");
        assert_eq!(columns[3], rank.to_string());
        let score: f64 = columns[4].parse().unwrap();
        assert!(score < last, "{line}");
        last = score;
    }
    // As many as a measure may want, without being asked.
    assert!(ids.len() > 10);
    assert_eq!(run.out.lines().count(), ids.len());
}

#[test]
fn words_may_be_given_as_several_arguments() {
    let mut apart = search(&["embuscade", "gendarme"]);
    assert_eq!(apart, search(&["embuscade gendarme"]));
    apart["request"].take();
    let mut again = search(&["--sort", "relevance", "embuscade", "--limit", "10", "gendarme"]);
    again["request"].take();
    assert_eq!(apart, again);
}

#[test]
fn a_batch_answers_each_line_in_order_as_it_would_alone() {
    let lines: Vec<String> = QUERIES.iter().enumerate().map(|(n, query)| format!("q{n}\t{query}\n")).collect();
    let tsv = lines.concat();
    let jsonl: String = QUERIES
        .iter()
        .enumerate()
        .map(|(n, query)| json!({ "id": format!("q{n}"), "query": query }).to_string() + "\n\n")
        .collect();
    let alone: Vec<Value> = QUERIES.iter().map(|query| search(&[query, "-n", "3"])).collect();
    let mixed = tsv.lines().zip(jsonl.split("\n\n")).enumerate();
    let mixed: String = mixed.map(|(n, (a, b))| if n % 2 == 0 { a } else { b }.to_owned() + "\r\n").collect();
    for input in [&tsv, &jsonl, &mixed] {
        let run = sample().fed(&["search", "--queries", "-", "-n", "3", "--format", "jsonl"], input.as_str());
        assert_eq!((run.status, run.err.as_str()), (0, ""));
        let answers = run.lines();
        assert_eq!(answers.len(), QUERIES.len());
        for ((n, answer), alone) in answers.iter().enumerate().zip(&alone) {
            validate("answer.schema.json", answer);
            assert_eq!(answer["id"], format!("q{n}"));
            assert!(answer["took_us"].is_u64());
            for key in ["hits", "total", "expanded", "relaxed", "suggestions", "warnings"] {
                assert_eq!(answer[key], alone[key], "{}", QUERIES[n]);
            }
        }
    }
}

#[test]
fn a_batch_is_read_from_a_file_and_flags_are_its_defaults() {
    let desk = common::Desk::with(&[
        ("q.tsv", "a\tattaque\nb\tembuscade\n"),
        ("q.jsonl", "{\"query\":\"attaque\",\"limit\":1}\n{\"query\":\"attaque\",\"sources\":[]}"),
    ]);
    let file = |name: &str| desk.path(name).to_str().unwrap().to_owned();
    let batch = |name: &str, more: &[&str]| -> Run {
        let run = sample().run(&[&["search", "--queries", &file(name)], more].concat());
        assert_eq!(run.status, 0, "{run:?}");
        run
    };
    let flags = ["--source", "Échantillon A", "-n", "2"];
    let want = set(&["attaque", "--source", "Échantillon A"]);
    let lines = batch("q.jsonl", &[&flags[..], &["--format", "jsonl"]].concat()).lines();
    assert_eq!((&lines[0]["id"], &lines[1]["id"]), (&json!("1"), &json!("2")));
    assert_eq!((hits(&lines[0]).len(), hits(&lines[1]).len()), (1, 2));
    assert_eq!((&lines[0]["total"], &lines[1]["total"]), (&json!(want.len()), &search(&["attaque"])["total"]));

    let array = batch("q.tsv", &["--format", "json"]).json();
    assert_eq!(array.as_array().unwrap().len(), 2);
    for answer in array.as_array().unwrap() {
        validate("answer.schema.json", answer);
    }
    assert_eq!((&array[1]["id"], &array[1]["request"]["query"]), (&json!("b"), &json!("embuscade")));

    let trec = batch("q.tsv", &["--format", "trec"]);
    let single = sample().run(&["search", "embuscade", "--format", "trec"]).out;
    let second: Vec<&str> = trec.out.lines().filter_map(|line| line.strip_prefix("b ")).collect();
    assert_eq!(second, single.lines().map(|line| &line[2..]).collect::<Vec<_>>());
    assert!(batch("q.tsv", &[]).out.contains("b: embuscade"));
}

#[test]
fn a_batch_goes_on_when_a_request_fails() {
    let input = "a\tattaque\nb\tune \"attaque\n{\"id\":\"c\",\"query\":\"attaque\",\"groups\":[\"Inconnus\"]}\n\
                 sans tabulation\n{\"id\":\"e\",\nf\tembuscade\n{\"id\":\"g\",\"since\":\"demain\"}\n";
    let run = sample().fed(&["search", "--queries", "-", "--format", "jsonl"], input);
    assert_eq!(run.status, 3);
    let lines = run.lines();
    for line in &lines {
        validate("answer.schema.json", line);
    }
    let failed: Vec<bool> = lines.iter().map(|line| line.get("error").is_some()).collect();
    assert_eq!(failed, [false, true, true, true, true, false, true]);
    let named: Vec<&Value> = lines.iter().map(|line| &line["id"]).collect();
    assert_eq!(named[..3], ["a", "b", "c"]);
    assert_eq!(named[5..], ["f", "g"]);
    let error = &lines[1]["error"];
    assert_eq!((&error["start"], &error["end"]), (&json!(4), &json!(5)));
    assert!(error["hint"].is_string());
    // Each failure is told on standard error, too, unless that is not wanted.
    assert_eq!(run.err.lines().count(), 5, "{}", run.err);
    let quiet = sample().fed(&["search", "-q", "--queries", "-", "--format", "jsonl"], input);
    assert_eq!((quiet.status, quiet.err.as_str()), (3, ""));

    for format in ["json", "text", "trec"] {
        let run = sample().fed(&["search", "--queries", "-", "--format", format], input);
        assert_eq!(run.status, 3, "{format}");
        assert!(run.out.contains("breves.ndjson") || format == "trec");
    }
}

#[test]
fn ids_alone_can_be_asked_for() {
    let whole = ids(&search(&["attaque"]));
    let run =
        sample().fed(&["search", "--queries", "-", "--format", "jsonl"], "{\"query\":\"attaque\",\"fields\":[\"id\"]}");
    let bare: Vec<Value> = whole.iter().map(|id| json!({ "id": id })).collect();
    assert_eq!(run.lines()[0]["hits"], Value::Array(bare));
}

#[test]
fn colour_is_for_terminals_or_for_who_asks() {
    let colour = |args: &[&str], environment: &[(&str, &str)]| -> String {
        let mut command = sample().command(&[&["search", "embuscade"], args].concat());
        command.envs(environment.iter().copied());
        Run::of(command, "").out
    };
    let plain = colour(&[], &[]);
    assert!(!plain.contains('\u{1b}'));
    let always = colour(&["--color", "always"], &[]);
    assert!(always.contains("\u{1b}["));
    assert_eq!(anstream::adapter::strip_str(&always).to_string(), plain);
    assert_eq!(colour(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]), plain);
    assert_eq!(colour(&["--color", "auto"], &[("CLICOLOR_FORCE", "1")]), always);
    assert_eq!(colour(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), plain);
    assert_eq!(colour(&["--color", "always"], &[("NO_COLOR", "1")]), always);
    for format in ["json", "jsonl", "trec"] {
        assert!(!colour(&["--color", "always", "--format", format], &[]).contains('\u{1b}'));
    }
}

#[test]
fn a_closed_pipe_is_no_failure() {
    for format in ["text", "json", "jsonl", "trec"] {
        // Nobody reads from the start.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = sample().command(&["search", "attaque", "-n", "0", "--format", format]);
        let output = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{format}");
    }
    // Somebody reads one line, as `head -1` does, of more than a pipe holds.
    let batch = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("many-queries.tsv");
    std::fs::write(&batch, "q\tattaque\n".repeat(60)).unwrap();
    let args = ["search", "-n", "0", "--format", "jsonl", "--queries", batch.to_str().unwrap()];
    let mut child = sample().command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("{\"id\":\"q\""));
    drop(lines);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn results_stand_alone_on_standard_output() {
    for format in ["text", "json", "jsonl", "trec"] {
        let quiet = sample().run(&["search", "-q", "les semaines de la pluie", "--format", format]);
        assert_eq!((quiet.status, quiet.err.as_str()), (0, ""), "{format}");
        let told = sample().run(&["search", "les semaines de la pluie", "--format", format]);
        if format == "jsonl" || format == "trec" {
            assert_eq!(told.err, "note: left out as too common: les, de, la\n");
            assert_eq!(told.out, quiet.out);
        } else {
            assert_eq!(told.err, "");
            assert!(told.out.contains("left out as too common: les, de, la"), "{}", told.out);
        }
    }
}

#[test]
fn the_same_question_has_the_same_answer() {
    for query in QUERIES {
        assert_eq!(search(&[query]), search(&[query]), "{query}");
    }
}

#[test]
fn a_request_is_what_its_schema_says() {
    let full = json!({
        "id": "q1", "query": "embuscade Mopti", "groups": ["JNIM", "!FAMa"], "regions": ["Mali/Mopti"],
        "sources": ["Échantillon A"], "since": "2024-08", "until": "2024-10", "dates": ["2024", "août 2024"],
        "mentions": true, "in": "passage", "match": "any", "sort": "oldest", "limit": 0, "offset": 20, "collapse": "none",
        "expand": false, "explain": true,
        "facets": { "by": ["date", "source"], "depth": 3, "limit": 0 },
        "timeline": { "by": "week", "published": true, "split": "region", "depth": 2, "top": 0 },
        "fields": ["id"]
    });
    let request: Request = serde_json::from_value(full.clone()).unwrap();
    assert_eq!(serde_json::to_value(&request).unwrap(), full);
    validate("request.schema.json", &full);
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(repository("schema/request.schema.json")).unwrap()).unwrap();
    assert_eq!(keys(&schema["properties"]), keys(&full));
    assert!(schema["properties"].as_object().unwrap().values().all(|key| key["description"].is_string()));

    // The defaults are those that the schema tells.
    let defaults = serde_json::to_value(Request::default()).unwrap();
    validate("request.schema.json", &defaults);
    validate("request.schema.json", &json!({}));
    assert_eq!(serde_json::from_str::<Request>("{}").unwrap(), Request::default());
    for (key, value) in defaults.as_object().unwrap() {
        let of = &schema["properties"][key];
        let of = if of["$ref"].is_string() { &schema["$defs"]["names"] } else { of };
        assert_eq!(&of["default"], value, "{key}");
    }

    // And what one refuses the other does.
    for wrong in [
        json!({ "querry": "x" }),
        json!({ "query": 1 }),
        json!({ "query": null }),
        json!({ "id": 1 }),
        json!({ "groups": "JNIM" }),
        json!({ "regions": [1] }),
        json!({ "in": "title" }),
        json!({ "match": "ALL" }),
        json!({ "sort": "date" }),
        json!({ "limit": -1 }),
        json!({ "limit": 1.5 }),
        json!({ "offset": null }),
        json!({ "collapse": true }),
        json!({ "since": 2024 }),
        json!({ "fields": "id" }),
        json!({ "mentions": "yes" }),
        json!({ "expand": "names" }),
        json!({ "explain": 1 }),
        json!({ "facets": { "by": ["place"] } }),
        json!({ "facets": { "depth": -1 } }),
        json!({ "facets": ["group"] }),
        json!({ "timeline": { "by": "decade" } }),
        json!({ "timeline": { "split": "source" } }),
        json!({ "timeline": { "tops": 3 } }),
        json!([]),
    ] {
        assert!(!faults("request.schema.json", &wrong).is_empty(), "{wrong}");
        // Serde takes a list of values for a record; no line of a batch starts with a bracket.
        assert!(wrong.is_array() || serde_json::from_value::<Request>(wrong.clone()).is_err(), "{wrong}");
    }
}

#[test]
fn pages_by_date_together_are_the_whole() {
    // Many reports share a day: which of them comes first may not depend on where the page ends.
    for order in ["newest", "oldest"] {
        pages_are_the_whole(&["--sort", order]);
    }
}

#[test]
fn a_request_that_fails_has_its_own_id_in_the_answer() {
    let input = "{\"id\":\"c\",\"querry\":\"attaque\"}\n{\"id\":\"d\",\"limit\":-1}\nsans tabulation\n";
    let run = sample().fed(&["search", "--queries", "-", "--format", "jsonl"], input);
    let named: Vec<Value> = run.lines().iter().map(|line| line["id"].clone()).collect();
    // A line without an id has its number as one, whatever comes of it.
    assert_eq!(named, ["c", "d", "3"]);
}

#[test]
fn a_batch_goes_on_after_a_line_that_is_not_utf_8() {
    let input = b"a\tattaque\nb\tr\xe9fugi\xe9s\nc\tembuscade\n".as_slice();
    let run = sample().fed(&["search", "--queries", "-", "--format", "jsonl"], input);
    assert_eq!(run.status, 3, "{}", run.err);
    assert_eq!(run.lines().len(), 3);
}

#[test]
fn a_byte_order_mark_is_no_part_of_an_id() {
    let run = sample().fed(&["search", "--queries", "-", "--format", "jsonl"], "\u{feff}a\tattaque\n");
    assert_eq!(run.lines()[0]["id"], "a");
}

#[test]
fn a_prefix_of_one_letter_is_told() {
    let run = sample().run(&["search", "d*"]);
    assert!(run.out.contains("« d* » is no prefix: it needs two letters before the star"), "{run:?}");
    let run = sample().run(&["search", "embuscade OU d*", "--format", "json"]);
    assert!(run.json()["warnings"].to_string().contains("« d* » is no prefix"), "{run:?}");
    for query in ["dj*", "embuscade", "2*3", "*d*"] {
        assert!(!sample().run(&["search", query]).out.contains("is no prefix"), "{query}");
    }
}

#[test]
fn a_count_has_the_format_that_is_asked_for() {
    let counted = |format: &str| sample().run(&["search", "attaque", "-c", "--format", format]);
    let total: u64 = counted("text").out.trim().parse().unwrap();
    for format in ["json", "jsonl"] {
        assert_eq!(counted(format).out, format!("{{\"total\":{total}}}\n"));
    }
    for format in ["csv", "tsv", "trec", "html", "markdown"] {
        assert!(counted(format).fails().contains("--count: "), "{format}");
    }
    assert_eq!(sample().run(&["search", "zzzz", "-c", "--format", "json"]).status, 1);
}
