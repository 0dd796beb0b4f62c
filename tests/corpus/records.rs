//! Records of JSON, JSON lines and tables: what a broken one costs, and which key holds which field.

use std::fs;
use std::path::Path;

use vigie::corpus::ReadOptions;

use super::{BODY, Folder, one, read};

#[test]
fn a_broken_record_costs_no_other() {
    let good = format!("{{\"text\":\"{BODY}\"}}");
    let jsonl = format!(
        "{good}\n{{\"text\": \"coupé\n[1]\n{{\"text\": 3}}\n{{\"title\":\"sans texte\"}}\n{{\"text\":\" \u{AD}\"}}\n{good}"
    );
    let read = one("a.jsonl", jsonl.as_bytes());
    assert_eq!(read.ids(), ["a.jsonl#L1", "a.jsonl#L7"]);
    assert_eq!(
        read.reasons(),
        [
            "2: broken JSON: EOF while parsing a string (column 15)",
            "3: an array, not a record",
            "4: text is a number, not a string",
            "5: no text",
            "6: no text",
        ]
    );
    let json = format!("[\n{good},\n{{\"text\": pas ça}},\n{good},\n \"mot\", {{\"text\":\"Autre.\"}}");
    let read = one("a.json", json.as_bytes());
    assert_eq!(read.reports.len(), 3);
    assert_eq!(read.reports[0].id, read.reports[1].id);
    assert_eq!(read.reports[2].id, format!("a.json#{}", &blake3::hash(b"Autre.").to_hex()[..8]));
    assert_eq!(read.skips.iter().filter_map(|skip| skip.line).collect::<Vec<_>>(), [3, 5, 5]);
    assert!(read.reasons()[0].starts_with("3: record 2: broken JSON"), "{:?}", read.reasons());
    assert!(read.reasons()[2].contains("not closed"));
    // On one line, the number of the record tells where it stands.
    let json = format!("[{good},{{\"title\":\"a\"}},3,{{\"text\":\"{BODY}\",\"title\":1}}]");
    let read = one("types.json", json.as_bytes());
    assert_eq!(read.reasons(), ["1: record 2: no text", "1: record 3: a number, not a record"]);
    assert_eq!(read.told(), ["record 4: title is a number, not a string; left out"]);
    let read =
        one("a.csv", format!("id,text\na,{BODY}\nb,\"jamais fermé\nc,x\nd,x\n").replace("jeudi, ", "").as_bytes());
    assert_eq!(
        read.reasons(),
        ["2: 3 columns where the header has 2", "3: a quote is not closed; the row takes in all lines up to 6"]
    );
    let csv = format!("id,text,groups\na,\"{BODY}\n\n{BODY}\",JNIM|FAMa\nb,x\n\nc,{BODY},,\nd,\"{BODY}\",\ne,,JNIM\n");
    let csv = csv.replace(&format!("c,{BODY}"), "c,texte");
    let read = one("a.csv", csv.as_bytes());
    assert_eq!(read.ids(), ["a", "d"]);
    assert_eq!(read.reports[0].text, format!("{BODY}\n\n{BODY}"));
    assert_eq!(read.reports[0].groups.len(), 2);
    assert_eq!(
        read.reasons(),
        ["5: 2 columns where the header has 3", "6: 4 columns where the header has 3", "9: no text"]
    );
}

#[test]
fn a_bad_value_costs_only_itself() {
    let record = serde_json::json!({
        "id": 7, "title": 3, "text": BODY, "published": "2025-13-01", "lang": "français", "groups": ["JNIM", "a//b", 4],
        "regions": {"a": 1}, "dates": ["2024-08", "hier"], "author": ["Awa K.", "Oumar D."], "inconnu": 1, "url": null,
    });
    let read = one("a.jsonl", record.to_string().as_bytes());
    let report = &read.reports[0];
    assert_eq!((report.id.as_str(), report.title.as_deref(), report.lang.as_str()), ("7", None, "fr"));
    assert_eq!(report.author.as_deref(), Some("Awa K., Oumar D."));
    assert_eq!((report.published, report.groups.len(), report.regions.len(), report.dates.len()), (None, 1, 0, 1));
    let told = read.told();
    for start in [
        "title is a number",
        "published is left out: “2025-13-01” is not a day",
        "lang is left out",
        "groups holds a number",
        "groups: left out: “a//b”",
        "regions is an object",
        "dates: left out: “hier”",
        "keys that no field has, left out (with the number of records): inconnu (1)",
    ] {
        assert!(told.iter().any(|what| what.starts_with(start)), "{start}: {told:?}");
    }
    assert_eq!(told.len(), 8);
}

#[test]
fn columns_are_mapped() {
    let columns = vec![("text".to_owned(), "contenu".to_owned()), ("groups".to_owned(), "acteurs".to_owned())];
    let options =
        ReadOptions { columns, published: chrono::NaiveDate::from_ymd_opt(2024, 5, 1), ..ReadOptions::default() };
    let folder = Folder::new(&[
        ("a.csv", format!("contenu;acteurs\n\"{BODY}\";JNIM|FAMa\n").as_bytes()),
        ("b.jsonl", format!("{{\"contenu\":\"{BODY}\",\"published\":\"9 janvier 2025\"}}").as_bytes()),
        ("c.csv", b"titre,corps\na,b\n"),
    ]);
    let read = read(&[folder.path("")], options);
    assert_eq!(read.reports[0].groups.len(), 2);
    let days: Vec<String> = read.reports.iter().map(|report| report.published.unwrap().to_string()).collect();
    assert_eq!(days, ["2024-05-01", "2025-01-09"]);
    assert_eq!(read.reasons(), ["1: no column “text”"]);
    assert!(read.skips[0].hint.as_deref().unwrap().contains("titre, corps"));
}

#[test]
fn the_schema_says_what_a_record_is() {
    let schema = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/record.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let good = [
        serde_json::json!({"text": BODY}),
        serde_json::json!({
            "id": "a", "title": "Un poste attaqué", "text": BODY, "source": "Échantillon A", "lang": "fr-ML",
            "url": "https://exemple.invalid/a", "author": ["Awa K."], "published": "2025-01-09T10:00:00Z",
            "groups": ["/jihadiste/JNIM", "FAMa"], "regions": "Mali/Mopti", "dates": ["2025-01-08", "2024-08..2024-10"],
        }),
        serde_json::json!({"id": 4, "text": BODY, "title": null, "published": "9 janvier 2025", "autre": {}}),
    ];
    for record in good {
        assert!(validator.is_valid(&record), "{record}");
        let read = one("a.jsonl", record.to_string().as_bytes());
        let mut told = read.told();
        told.retain(|what| !what.starts_with("keys that no field has"));
        assert_eq!((read.reports.len(), told), (1, vec![]), "{record}");
    }
    for record in [
        serde_json::json!({"title": "sans texte"}),
        serde_json::json!({"text": "  "}),
        serde_json::json!({"text": BODY, "id": {}}),
        serde_json::json!({"text": BODY, "published": 20_250_109}),
        serde_json::json!({"text": BODY, "lang": "français"}),
        serde_json::json!({"text": BODY, "groups": ["a//b"]}),
        serde_json::json!({"text": BODY, "dates": [2024]}),
    ] {
        assert!(!validator.is_valid(&record), "{record}");
        let read = one("a.jsonl", record.to_string().as_bytes());
        assert!(!read.skips.is_empty() || !read.notes.is_empty(), "{record}");
    }
}

#[test]
fn a_key_may_have_another_name() {
    let record = |text: &str, more: &str| format!("{{\"{text}\":\"{BODY}\",\"Titre\":\"Un poste attaqué\"{more}}}");
    let more = ",\"AUTEUR\":\"Awa K.\",\"publié\":\"9 janvier 2025\",\"lien\":\"https://exemple.invalid/a\",\
        \"langue\":\"fr\",\"groupes\":[\"JNIM\"],\"Régions\":\"Mali/Mopti\"";
    let csv = format!(
        "Contenu;Titre;Auteur;Date;Link;Langue;Groupes;Régions\n\"{BODY}\";Un poste attaqué;Awa K.;09/01/2025;\
         https://exemple.invalid/a;fr;JNIM|FAMa;Mali/Mopti\n"
    );
    for (name, bytes, groups) in [
        ("a.jsonl", record("texte", more), 1),
        ("a.json", format!("[{}]", record("body", more)), 1),
        ("a.csv", csv.clone(), 2),
        ("a.tsv", csv.replace(';', "\t"), 2),
    ] {
        let read = one(name, bytes.as_bytes());
        assert!(read.notes.is_empty() && read.skips.is_empty(), "{name}: {:?} {:?}", read.notes, read.skips);
        let report = &read.reports[0];
        assert_eq!((report.text.as_str(), report.title.as_deref()), (BODY, Some("Un poste attaqué")), "{name}");
        assert_eq!((report.author.as_deref(), report.lang.as_str()), (Some("Awa K."), "fr"), "{name}");
        assert_eq!(report.url.as_deref(), Some("https://exemple.invalid/a"), "{name}");
        assert_eq!((report.groups.len(), report.regions.len()), (groups, 1), "{name}");
        assert_eq!(report.published, chrono::NaiveDate::from_ymd_opt(2025, 1, 9), "{name}");
    }
}

#[test]
fn an_alias_counts_only_where_the_proper_key_has_nothing() {
    let read = one(
        "a.jsonl",
        format!("{{\"text\":\"{BODY}\",\"body\":\"autre\"}}\n{{\"text\":null,\"body\":\"{BODY}\"}}\n").as_bytes(),
    );
    assert_eq!(read.reports.iter().map(|report| report.text.as_str()).collect::<Vec<_>>(), [BODY, BODY]);
    assert_eq!(read.told(), ["keys that no field has, left out (with the number of records): body (1)"]);
    // What is mapped wins over all.
    let columns = vec![("text".to_owned(), "corps".to_owned())];
    let folder = Folder::new(&[("a.jsonl", format!("{{\"corps\":\"{BODY}\",\"text\":\"autre\"}}").as_bytes())]);
    assert_eq!(
        super::read(&[folder.path("")], ReadOptions { columns, ..ReadOptions::default() }).reports[0].text,
        BODY
    );
}

#[test]
fn a_missing_text_is_told_with_what_to_do() {
    let line = "{\"corps\":\"a\",\"titre\":\"b\"}\n";
    for name in ["a.jsonl", "a.json"] {
        let read = one(name, line.repeat(3).as_bytes());
        let hints: Vec<Option<&str>> = read.skips.iter().map(|skip| skip.hint.as_deref()).collect();
        assert_eq!(hints, [Some("name it with --column text=NAME; keys: corps, titre"), None, None], "{name}");
        assert!(read.reasons().iter().all(|reason| reason.ends_with("no text")), "{name}");
    }
    assert_eq!(one("a.jsonl", b"{\"text\":\" \",\"title\":\"a\"}").skips[0].hint, None);
    assert_eq!(one("a.csv", b"text,title\n,a\n").skips[0].hint, None);
}
