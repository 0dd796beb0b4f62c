//! `vigie annotate`: its shape and byte ranges, what it reads, and what it says of inputs that are none.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs;

use common::{Desk, Run, repository, validate};
use serde_json::{Value, json};

const TEXT: &str = "Des hommes du GSIM ont attaqué le village de Diallassagou, dans le cercle de Bankass, ce 9 janvier. \
    La veille, l’armée malienne avait arrêté cinq suspects près de Sévaré, et l'on cherche encore Zoumana.";

/// Every annotation of a run, held against the schema and each of its byte ranges against the texts by id.
fn annotations(run: &Run, texts: &[(&str, Option<&str>, &str)]) -> Vec<Value> {
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let lines = run.lines();
    for line in &lines {
        validate("annotation.schema.json", line);
        let (_, title, text) = texts.iter().find(|(id, ..)| line["report"] == *id).unwrap();
        let facets = ["groups", "regions", "dates"].into_iter().flat_map(|kind| line[kind].as_array().unwrap());
        let mentions = facets.flat_map(|facet| facet["mentions"].as_array().unwrap());
        for mention in mentions.chain(line["unresolved"].as_array().unwrap()) {
            let at = |key: &str| usize::try_from(mention[key].as_u64().unwrap()).unwrap();
            let part = if mention["in"] == "title" { title.unwrap() } else { text };
            assert_eq!(part.get(at("start")..at("end")), mention["surface"].as_str(), "{mention}");
        }
    }
    lines
}

/// `path role surface rule …` of each facet of a kind.
fn told(annotation: &Value, kind: &str) -> Vec<String> {
    let tell = |facet: &Value| {
        let name = facet["path"].as_str().or(facet["from"].as_str()).unwrap();
        let mentions = facet["mentions"].as_array().unwrap();
        let surfaces: Vec<_> = mentions.iter().map(|mention| mention["surface"].as_str().unwrap()).collect();
        format!("{name} {}: {}", facet["role"].as_str().unwrap(), surfaces.join(", "))
    };
    annotation[kind].as_array().unwrap().iter().map(tell).collect()
}

#[test]
fn a_text_on_standard_input_is_one_report() {
    let desk = Desk::new();
    let run = desk.fed(&["annotate", "-", "--published", "2025-01-10"], TEXT);
    let found = annotations(&run, &[("stdin", None, &TEXT.replace('’', "'"))]);
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["published"], found[0].get("title")), (&json!("2025-01-10"), None));
    assert_eq!(told(&found[0], "groups"), ["/jihadiste/JNIM actor: GSIM", "/etatique/FAMa actor: armée malienne"]);
    assert_eq!(
        told(&found[0], "regions"),
        [
            "/Mali/Mopti/Bankass/Diallassagou event: Diallassagou",
            "/Mali/Mopti/Bankass event: Bankass",
            "/Mali/Mopti/Mopti/Sévaré event: Sévaré",
        ]
    );
    assert_eq!(found[0]["groups"][0]["id"], "jnim");
    assert_eq!(found[0]["regions"][1]["other"], "/Mali/Bandiagara/Bankass");
    assert_eq!(found[0]["regions"][0]["mentions"][0]["rule"], "name+cue");
    // Without an argument it is the same; and nothing is written anywhere.
    assert_eq!(desk.fed(&["annotate", "--published", "2025-01-10"], TEXT).out, run.out);
    assert!(!desk.path(common::INDEX).exists());
}

#[test]
fn dates_go_by_the_publication_day_and_by_one_another() {
    let desk = Desk::new();
    let dates = |args: &[&str]| {
        let run = desk.fed(&[&["annotate", "-"], args].concat(), TEXT);
        annotations(&run, &[("stdin", None, &TEXT.replace('’', "'"))])
    };
    let with = dates(&["--published", "2025-01-10"]);
    assert_eq!(told(&with[0], "dates"), ["2025-01-09 event: ce 9 janvier", "2025-01-08 event: La veille"]);
    // In March it is the January that was.
    let later = dates(&["--published", "15 mars 2024"]);
    assert_eq!(told(&later[0], "dates"), ["2024-01-09 event: ce 9 janvier", "2024-01-08 event: La veille"]);
    // Without the day of publication both stay open, and it is told why.
    let without = dates(&[]);
    assert_eq!(without[0]["dates"], json!([]));
    let open: Vec<_> = without[0]["unresolved"].as_array().unwrap().iter().map(|open| &open["surface"]).collect();
    assert_eq!(open[..2], [&json!("ce 9 janvier"), &json!("La veille")]);
    assert_eq!(without[0]["published"], Value::Null);
}

#[test]
fn records_are_annotated_one_line_each() {
    let records = [
        json!({ "id": "a", "title": "Mali : le JNIM attaque Ménaka", "text": "Une attaque a eu lieu hier à Ménaka.",
            "published": "2024-03-02", "groups": ["GSIM", "Brigade du Levant"], "regions": ["Mali/Mopti/Bankass"],
            "dates": ["2024-02"] }),
        json!({ "id": "b", "text": "Une attaque a eu lieu hier à Ménaka." }),
    ];
    let lines = records.each_ref().map(|record| format!("{record}\n")).concat();
    let desk = Desk::with(&[("r.jsonl", &lines)]);
    let text = "Une attaque a eu lieu hier à Ménaka.";
    let texts = [("a", Some("Mali : le JNIM attaque Ménaka"), text), ("b", None, text)];
    let found = annotations(&desk.run(&["annotate", "r.jsonl"]), &texts);
    assert_eq!(desk.fed(&["annotate"], lines.as_str()).lines(), found);
    assert_eq!(found[0]["title"], "Mali : le JNIM attaque Ménaka");
    // A given name that the vocabulary knows is the same group as that of the text; another stays as it is given.
    assert_eq!(told(&found[0], "groups"), ["/jihadiste/JNIM actor: JNIM", "/Brigade du Levant actor: "]);
    assert_eq!((found[0]["groups"][1].get("id"), &found[0]["groups"][0]["mentions"][0]["in"]), (None, &json!("title")));
    assert_eq!(
        told(&found[0], "regions"),
        [
            "/Mali event: Mali",
            "/Mali/Ménaka event: Ménaka",
            "/Mali/Ménaka/Ménaka/Ménaka event: Ménaka",
            "/Mali/Mopti/Bankass event: "
        ]
    );
    assert_eq!(told(&found[0], "dates"), ["2024-03-01 event: hier", "2024-02-01 event: "]);
    assert_eq!(found[0]["dates"][1]["precision"], "month");
    // What is given with the command is for reports without a day of their own.
    let found = annotations(&desk.run(&["annotate", "r.jsonl", "--published", "2020-02-10"]), &texts);
    assert_eq!(told(&found[0], "dates")[0], "2024-03-01 event: hier");
    assert_eq!(told(&found[1], "dates"), ["2020-02-09 event: hier"]);
}

#[test]
fn what_stays_open_is_told_with_the_reason() {
    let text = "Une bombe a explosé à Koro. L'attaque du 31 juin 2024 n'a pas eu lieu.";
    let found = annotations(&Desk::new().fed(&["annotate"], text), &[("stdin", None, text)]);
    let open = found[0]["unresolved"].as_array().unwrap();
    assert_eq!(open.iter().map(|open| &open["surface"]).collect::<Vec<_>>(), ["Koro", "31 juin 2024"]);
    assert!(open[0]["why"].as_str().unwrap().contains("/Mali/"), "{}", open[0]);
    assert_eq!((&found[0]["regions"], &found[0]["dates"]), (&json!([]), &json!([])));
}

#[test]
fn files_that_are_no_reports_are_told_and_the_others_annotated() {
    let desk = Desk::with(&[("bon.txt", "Une attaque a eu lieu à Gao, au Mali."), ("vide.txt", "")]);
    desk.write(
        "binaire.txt",
        (0..4096_u32).map(|n| n.wrapping_mul(2_654_435_761).to_be_bytes()[1]).collect::<Vec<u8>>(),
    );
    for (file, why) in [("vide.txt", "empty"), ("binaire.txt", "binary")] {
        let run = desk.run(&["annotate", file]);
        assert_eq!((run.status, run.out.as_str()), (3, ""), "{run:?}");
        assert!(run.err.contains(file) && run.err.contains(why), "{run:?}");
        let fed = desk.fed(&["annotate", "-"], fs::read(desk.path(file)).unwrap());
        assert_eq!((fed.status, fed.out.as_str()), (3, ""), "{fed:?}");
        assert!(fed.err.contains(why), "{fed:?}");
    }
    let all = desk.run(&["annotate", "vide.txt", "bon.txt", "binaire.txt"]);
    assert_eq!((all.status, all.lines().len(), all.err.lines().count()), (3, 1, 2), "{all:?}");
    assert_eq!(told(&all.lines()[0], "regions"), ["/Mali/Gao/Gao/Gao event: Gao", "/Mali event: Mali"]);
    let broken = desk.fed(&["annotate"], "{\"id\": 1, \"texte");
    assert_eq!((broken.status, broken.out.as_str()), (3, ""), "{broken:?}");
    assert!(broken.err.contains("JSON"), "{broken:?}");
}

#[test]
fn what_cannot_be_done_is_an_error() {
    let desk = Desk::with(&[("bon.txt", "Une attaque à Gao."), ("vides/readme", "")]);
    assert!(desk.run(&["annotate", "nulle-part.txt"]).fails_with_hint().contains("nulle-part.txt"));
    assert!(desk.run(&["annotate", "bon.txt", "--schema", "nulle-part"]).fails().contains("nulle-part"));
    for wrong in [&["--published", "2024-03"][..], &["--published", "demain"], &["--format", "csv"]] {
        let run = desk.run(&[&["annotate", "bon.txt"], wrong].concat());
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{run:?}");
        assert!(run.err.contains(wrong[1]), "{run:?}");
    }
}

#[test]
fn bytes_of_another_encoding_are_read_as_what_they_are() {
    let desk = Desk::new();
    let text = "Une attaque à Ménaka, au Mali. Les déplacés ont été blessés à l'hôpital.";
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    desk.write("latin.txt", &latin);
    for run in [desk.run(&["annotate", "latin.txt"]), desk.fed(&["annotate"], latin.as_slice())] {
        let found = annotations(&run, &[("latin.txt", None, text), ("stdin", None, text)]);
        assert_eq!(told(&found[0], "regions"), ["/Mali/Ménaka/Ménaka/Ménaka event: Ménaka", "/Mali event: Mali"]);
    }
}

#[test]
fn for_people_the_text_has_everything_in_brackets() {
    let desk = Desk::new();
    let args = ["annotate", "--format", "text", "--published", "2025-01-10"];
    insta::assert_snapshot!(desk.fed(&args, format!("{TEXT}\n\nIl a \u{1b}[31mdit non à Koro.")).out, @r"
    stdin
    published 2025-01-10

    Des hommes du [GSIM → /jihadiste/JNIM] ont attaqué le village de [Diallassagou → /Mali/Mopti/Bankass/Diallassagou], dans le cercle de [Bankass → /Mali/Mopti/Bankass], [ce 9 janvier → 2025-01-09]. [La veille → 2025-01-08], l'[armée malienne → /etatique/FAMa] avait arrêté cinq suspects près de [Sévaré → /Mali/Mopti/Mopti/Sévaré], et l'on cherche encore Zoumana.

    Il a [31mdit non à [Koro → /Mali/Mopti/Koro/Koro].
    ");
    let plain = desk.fed(&args, TEXT);
    let coloured = desk.fed(&[&["--color", "always"], &args[..]].concat(), TEXT);
    assert_eq!((plain.status, coloured.status), (0, 0));
    assert!(coloured.out.contains("\u{1b}["));
    assert_eq!(anstream::adapter::strip_str(&coloured.out).to_string(), plain.out);
}

#[test]
fn the_sample_corpus_is_annotated_within_the_schema() {
    let desk = Desk::new();
    let corpus = repository("sample_corpus");
    let run = desk.run(&["annotate", corpus.to_str().unwrap()]);
    let lines = run.lines();
    assert_eq!((run.status, lines.len()), (0, 82), "{}", run.err);
    for line in &lines {
        validate("annotation.schema.json", line);
    }
    let named = |kind: &str| lines.iter().filter(|line| !line[kind].as_array().unwrap().is_empty()).count();
    assert!(named("groups") > 40 && named("regions") > 60 && named("dates") > 40);
}
