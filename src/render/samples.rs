//! Hits and answers that the tests of the formats share.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Context, Failure, Fault, Format, Mode, Style};
use crate::hit::{Answer, Hit, Mark, PassageInfo, ReportInfo, Span, citation};

const PARAGRAPH: &str = "Des hommes armés ont tendu une embuscade à un convoi de l'armée malienne, jeudi, sur la \
    route qui relie Bankass à Diallassagou. Selon une source locale, « quatre militaires ont été tués » et deux \
    véhicules incendiés. Le Groupe de soutien à l'islam et aux musulmans a revendiqué l'embuscade le lendemain. Les \
    villages des environs se sont vidés de leurs habitants, qui ont gagné Bankass à pied ou en charrette. L'armée n'a \
    pas encore communiqué de bilan. Une délégation des autorités régionales est attendue sur place dans les prochains \
    jours, d'après le gouvernorat de Bandiagara, qui appelle les populations au calme et à la vigilance.";

/// Marks every place of some words in a passage that starts at `offset`.
fn marks(text: &str, offset: usize, words: &[&str]) -> Vec<Mark> {
    let find = |word: &&str| text.match_indices(*word).map(|(at, word)| (at, word.to_owned())).collect::<Vec<_>>();
    let mut found: Vec<_> = words.iter().flat_map(find).collect();
    found.sort();
    let mark = |(at, term): (usize, String)| Mark { start: offset + at, end: offset + at + term.len(), term };
    found.into_iter().map(mark).collect()
}

/// A hit that is marked at every place of some words.
pub(super) fn hit(rank: usize, title: &str, text: &str, words: &[&str]) -> Hit {
    let offset = 812;
    let day = "2025-01-09".parse().unwrap();
    let report = ReportInfo {
        id: format!("2025/depeche-{rank}.txt"),
        title: Some(title.to_owned()),
        source: Some("Échantillon A".to_owned()),
        url: None,
        author: None,
        path: format!("corpus/2025/depeche-{rank}.txt"),
        published: Some(day),
    };
    Hit {
        rank,
        score: 8.25 / (f32::from(u16::try_from(rank).unwrap()) + 1.0),
        passage: PassageInfo {
            id: format!("{}#3", report.id),
            ordinal: 3,
            start: offset,
            end: offset + text.len(),
            text: text.to_owned(),
        },
        title_marks: Vec::new(),
        fragment: Span { start: offset, end: offset + text.len() },
        marks: marks(text, offset, words),
        groups: vec!["/jihadiste/JNIM".parse().unwrap(), "/étatique/FAMa".parse().unwrap()],
        regions: vec!["/Mali/Mopti/Bankass/Diallassagou".parse().unwrap()],
        dates: vec!["2025-01-08".parse().unwrap()],
        inherited: Vec::new(),
        passages_in_report: 1,
        cite: citation(&report, 3),
        explanation: None,
        report,
    }
}

/// A tall passage with a fragment, and a short one without facets.
pub(super) fn answer() -> Answer {
    let mut tall =
        hit(1, "Embuscade meurtrière contre un convoi près de Bankass", PARAGRAPH, &["embuscade", "Bankass"]);
    let fragment = PARAGRAPH.find("Le Groupe").unwrap()..PARAGRAPH.find(" L'armée n'a").unwrap();
    tall.fragment = Span { start: tall.passage.start + fragment.start, end: tall.passage.start + fragment.end };
    tall.passages_in_report = 3;
    let short = "Bilan\n\nTrois civils ont été tués dans l'embuscade ; les FAMa évoquent\nune attaque « complexe ».";
    let mut short = hit(2, "Bilan de la semaine", short, &["embuscade"]);
    short.groups.clear();
    short.regions.clear();
    short.dates.clear();
    Answer {
        took_us: 1234,
        total: 12,
        hits: vec![tall, short],
        warnings: vec!["“le” was dropped".into()],
        ..Answer::default()
    }
}

/// A query with an error in it.
pub(super) fn failure() -> Failure {
    Failure {
        id: Some("q2".to_owned()),
        error: Fault {
            message: "the quote is never closed".to_owned(),
            start: Some(10),
            end: Some(17),
            hint: Some("write \"forces armées\" with two quotes".to_owned()),
        },
    }
}

/// What a format writes of one answer.
pub(super) fn written(format: Format, style: Style, query: &str, answer: &Answer) -> String {
    run(format, style, Mode::Single, query, &[Ok(answer)])
}

/// What a format writes of a run.
pub(super) fn run(
    format: Format,
    style: Style,
    mode: Mode,
    query: &str,
    outcomes: &[Result<&Answer, &Failure>],
) -> String {
    let mut out = Vec::new();
    let request = json!({ "query": query });
    let context = Context { query, request: &request };
    let mut renderer = format.renderer(style, mode);
    renderer.begin(&mut out).unwrap();
    for outcome in outcomes {
        match outcome {
            Ok(answer) => renderer.answer(&mut out, &context, answer).unwrap(),
            Err(failure) => renderer.failure(&mut out, &context, failure).unwrap(),
        }
    }
    renderer.end(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Checks a value against a schema of `schema/`.
pub(super) fn validate(schema: &str, value: &Value) {
    let read = |name: &str| -> Value {
        let path = format!("{}/schema/{name}", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let known = ["hit", "facets", "timeline"].map(|name| read(&format!("{name}.schema.json")));
    let mut registry = jsonschema::Registry::new();
    for known in &known {
        registry = registry.add(known["$id"].as_str().unwrap(), known).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let validator =
        jsonschema::options().with_registry(&registry).should_validate_formats(true).build(&read(schema)).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(errors.is_empty(), "{schema}: {errors:?} in {value}");
}

/// Any text, with what is hard to show more often than chance has it.
fn any_text() -> impl Strategy<Value = String> {
    let hard = prop::sample::select(vec![
        "\u{1b}[31m",
        "\u{202e}",
        "\0",
        "\r\n",
        "\n\n",
        "\t",
        "\u{9b}2J",
        "\u{a0}",
        "\u{202f}:",
        " ",
        "é",
        "e\u{301}",
        "👩🏽\u{200d}🚀",
        "مالي",
        "漢字",
        "«",
        " » ",
        " ?",
        "…",
        "mot",
        "\u{2028}",
        "\u{7f}",
    ]);
    let piece = prop_oneof![3 => hard.prop_map(str::to_owned), 1 => ".{0,8}", 1 => any::<String>()];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// A place near a passage that starts at about 40, or anywhere at all.
fn any_place() -> impl Strategy<Value = usize> {
    prop_oneof![8 => 0_usize..200, 1 => any::<usize>()]
}

/// A hit whose texts, places and marks keep none of the promises that hits make.
pub(super) fn any_hit() -> impl Strategy<Value = Hit> {
    let texts = (any_text(), any_text(), prop::option::of(any_text()), prop::option::of(any_text()), any_text());
    let mark = (any_place(), any_place(), any_text()).prop_map(|(start, end, term)| Mark { start, end, term });
    let marks = prop::collection::vec(mark, 0..6);
    let places = (prop_oneof![Just(40_usize), any_place()], any_place(), any_place());
    let numbers = (1_usize..2000, -1e6_f32..1e6, 0_usize..4, any::<bool>());
    (texts, marks, places, numbers).prop_map(|(texts, marks, places, (rank, score, passages_in_report, bare))| {
        let (text, id, title, source, path) = texts;
        let (offset, start, end) = places;
        let mut hit = hit(1, "", &text, &[]);
        if bare {
            hit.groups.clear();
            hit.dates.clear();
        }
        hit.report =
            ReportInfo { id, title, url: source.clone(), source, author: None, path, published: hit.report.published };
        hit.passage = PassageInfo { start: offset, ..hit.passage };
        Hit { rank, score, fragment: Span { start, end }, marks, passages_in_report, ..hit }
    })
}

/// An answer of such hits.
pub(super) fn any_answer() -> impl Strategy<Value = Answer> {
    let warnings = prop::collection::vec(any_text(), 0..3);
    (prop::collection::vec(any_hit(), 0..4), any::<u64>(), prop::option::of(any_text()), warnings)
        .prop_map(|(hits, total, id, warnings)| Answer { id, took_us: 1, total, hits, warnings, ..Answer::default() })
}
