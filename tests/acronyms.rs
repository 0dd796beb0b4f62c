//! `vigie info --acronyms`, and what an index answers when it is asked for one.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, INDEX, definition_faults, sample};
use serde_json::{Value, json};
use vigie::index::{IndexReader, Learned};

/// What is wrong with a list of acronyms by the schema.
fn list_faults(list: &Value) -> Vec<String> {
    definition_faults("info.schema.json", "acronyms", list)
}

/// A file of reports, by id and text.
fn reports(reports: &[(&str, &str)]) -> String {
    let lines = reports.iter().map(|(id, text)| json!({ "id": id, "text": text, "lang": "fr" }).to_string());
    lines.collect::<Vec<_>>().join("\n")
}

/// Three reports that explain acronyms, one that does not.
fn desk() -> Desk {
    let reports = reports(&[
        ("b", "Selon l'Organisation\nde l'unité africaine (OUA), le Programme alimentaire mondial (PAM) a livré."),
        ("a", "L'ORGANISATION DE L'UNITE AFRICAINE (OUA) se tait. L'OUA (Office des usagers de l'autoroute) aussi."),
        ("c", "Les Forces armées maliennes (FAMa) ont repris la ville, selon l'ONU (New York)."),
        ("d", "Le marché était calme."),
    ]);
    let desk = Desk::with(&[("r.jsonl", &reports)]);
    desk.index(&["r.jsonl"]);
    desk
}

fn long_forms(desk: &Desk, short: &str) -> Vec<(String, u64)> {
    let reader = IndexReader::open(&desk.path(INDEX)).unwrap();
    let tell = |learned: Learned| (learned.long.join(" "), learned.reports);
    reader.long_forms(short).unwrap().into_iter().map(tell).collect()
}

#[test]
fn acronyms_come_with_their_evidence_those_of_most_reports_first() {
    let desk = desk();
    let all = desk.run(&["info", "--acronyms"]);
    assert_eq!((all.status, all.err.as_str()), (0, ""));
    let lines = [
        "2\tOUA\tORGANISATION DE L'UNITE AFRICAINE\ta:2-40",
        "1\tFAMa\tForces armées maliennes\tc:4-34",
        "1\tOUA\tOffice des usagers de l'autoroute\ta:53-91",
        "1\tPAM\tProgramme alimentaire mondial\tb:53-87",
    ];
    assert_eq!(all.out.lines().collect::<Vec<_>>(), lines);
    assert_eq!(desk.run(&["info", "--acronyms", "-n", "2"]).out.lines().collect::<Vec<_>>(), lines[..2]);
    assert_eq!(desk.run(&["info", "--acronyms", "-n", "0"]).out, all.out);
    let json = desk.run(&["info", "--acronyms", "--limit", "2", "--format", "json"]).json();
    assert_eq!(
        json,
        json!([
            {
                "short": "OUA", "long": "ORGANISATION DE L'UNITE AFRICAINE", "reports": 2, "strict": true,
                "evidence": { "report": "a", "start": 2, "end": 40 }
            },
            {
                "short": "FAMa", "long": "Forces armées maliennes", "reports": 1, "strict": false,
                "evidence": { "report": "c", "start": 4, "end": 34 }
            },
        ])
    );
    assert_eq!(list_faults(&json), [""; 0]);
}

#[test]
fn a_title_explains_too() {
    let report = json!({ "id": "a", "title": "L'Union africaine (UA) condamne", "text": "Rien.", "lang": "fr" });
    let desk = Desk::with(&[("r.jsonl", &report.to_string())]);
    desk.index(&["r.jsonl"]);
    assert_eq!(desk.run(&["info", "--acronyms"]).out, "1\tUA\tUnion africaine\ta:2-21 in the title\n");
    let json = desk.run(&["info", "--acronyms", "--format", "json"]).json();
    assert_eq!(json[0]["evidence"], json!({ "report": "a", "start": 2, "end": 21, "in": "title" }));
    assert_eq!(list_faults(&json), [""; 0]);
}

#[test]
fn what_is_replaced_or_dropped_takes_its_acronyms_with_it() {
    let desk = desk();
    let whole = [("organisation de unite africaine".to_owned(), 2), ("office des usagers de autoroute".to_owned(), 1)];
    assert_eq!(long_forms(&desk, "oua"), whole);
    desk.write("s.jsonl", reports(&[("a", "Rien de plus.")]));
    desk.index(&["s.jsonl"]);
    assert_eq!(long_forms(&desk, "oua"), [("organisation de unite africaine".to_owned(), 1)]);
    assert_eq!(long_forms(&desk, "pam"), [("programme alimentaire mondial".to_owned(), 1)]);
    assert!(desk.run(&["info", "--acronyms"]).out.starts_with("1\tFAMa\t"));
    desk.write("s.jsonl", reports(&[("a", "Rien."), ("b", "Rien."), ("c", "Rien.")]));
    desk.index(&["s.jsonl"]);
    assert_eq!(long_forms(&desk, "oua"), []);
    let none = desk.run(&["info", "--acronyms"]);
    assert_eq!((none.status, none.out.as_str(), none.err.as_str()), (1, "", "note: no report explains an acronym\n"));
    let none = desk.run(&["info", "--acronyms", "--format", "json", "--quiet"]);
    assert_eq!((none.status, none.json(), none.err.as_str()), (1, json!([]), ""));
}

#[test]
fn counts_go_over_all_segments() {
    let desk = Desk::new();
    for (name, text) in [("a", "L'Union africaine (UA)."), ("b", "L'UA (Union africaine)."), ("c", "Rien.")] {
        desk.write("r.jsonl", reports(&[(name, text)]));
        desk.index(&["r.jsonl"]);
    }
    assert_eq!(long_forms(&desk, "ua"), [("union africaine".to_owned(), 2)]);
    let reader = IndexReader::open(&desk.path(INDEX)).unwrap();
    let short = reader.short_forms(&["union", "africaine"]).unwrap();
    assert_eq!(
        short,
        [Learned {
            short: "ua".to_owned(),
            long: vec!["union".to_owned(), "africaine".to_owned()],
            reports: 2,
            strict: true
        }]
    );
    assert_eq!(desk.run(&["info", "--acronyms"]).out, "2\tUA\tUnion africaine\ta:2-21\n");
}

#[test]
fn the_sample_corpus_explains_acronyms_within_the_schema() {
    let list = sample().run(&["info", "--acronyms", "-n", "0", "--format", "json"]).json();
    assert_eq!(list_faults(&list), [""; 0]);
    let counts: Vec<u64> = list.as_array().unwrap().iter().map(|told| told["reports"].as_u64().unwrap()).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b) && !counts.is_empty());
}

#[test]
fn one_list_at_a_time() {
    let both = desk().run(&["info", "--acronyms", "--unresolved"]);
    assert!(both.status == 2 && both.err.contains("--acronyms"), "{both:?}");
}
