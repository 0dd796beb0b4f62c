//! Hits and answers that the tests of the formats share.

use clap::ValueEnum;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Context, Failure, Fault, Format, Mode, Style};
use crate::citation::{citation, hash};
use crate::hit::{
    Answer, Expansion, ExpansionKind, Explanation, Hit, Mark, PassageInfo, Relaxed, ReportInfo, Resolved, ResolvedTerm,
    ResolvedWord, Share, Span, Suggestion, place, whole_place,
};
use crate::whole::{Cited, WholeReport};

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
            hash: hash(text),
        },
        title_marks: Vec::new(),
        fragment: Span { start: offset, end: offset + text.len() },
        marks: marks(text, offset, words),
        groups: vec!["/jihadiste/JNIM".parse().unwrap(), "/étatique/FAMa".parse().unwrap()],
        regions: vec!["/Mali/Mopti/Bankass/Diallassagou".parse().unwrap()],
        dates: vec!["2025-01-08".parse().unwrap()],
        inherited: Vec::new(),
        passages_in_report: 1,
        cite: citation(&report, Some(3), offset, text),
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

/// What was added to a word of the query `embuscade Bankass`.
pub(super) fn expansion(term: &str, start: usize, kind: ExpansionKind, to: &[&str]) -> Expansion {
    let to = to.iter().map(|&name| name.to_owned()).collect();
    Expansion { term: term.to_owned(), start, end: start + term.len(), kind, to }
}

/// An answer to `embuscade Bankass` that tells its reasons: every word by two terms, a word that was left out.
pub(super) fn explained() -> Answer {
    let word = |term: &str, finds: &[(&str, f32, u64)]| {
        let found =
            |&(term, weight, reports): &(&str, f32, u64)| ResolvedTerm { term: term.to_owned(), weight, reports };
        ResolvedWord { term: term.to_owned(), finds: finds.iter().map(found).collect() }
    };
    let share = |term: &str, score| Share { term: term.to_owned(), score };
    let mut answer = Answer { total: 1, ..answer() };
    answer.hits.remove(0);
    answer.hits[0].explanation = Some(Explanation {
        report: 1.5,
        lead: 0.5,
        pairs: 0.25,
        passage: 0.5,
        words: vec![share("embuscade", 1.25), share("Bankass", 0.25)],
    });
    answer.resolved = Some(Resolved {
        query: "(embuscade OU djihad*) \"groupe de soutien à l'islam\"".to_owned(),
        words: vec![
            word("embuscade", &[("~embuscad", 1.0, 12), ("embuscade", 1.0, 7)]),
            word(
                "djihad*",
                &[("djihad|djihadisme|djihadiste|djihadistes|djihadiser|djihadologue|… 3 more", 0.6, 1234)],
            ),
            word("groupe de soutien à l'islam", &[("groupe de soutien a l islam", 1.0, 3)]),
            word("zanzibar*", &[("", 1.0, 0)]),
        ],
        dropped: vec!["de".to_owned()],
    });
    answer
}

/// No answer, but three reports with any of the words and two other queries.
pub(super) fn fruitless() -> Answer {
    let Answer { hits, .. } = answer();
    let suggestion = |query: &str, total| Suggestion { query: query.to_owned(), total };
    Answer {
        relaxed: Some(Relaxed { matching: "any".into(), total: 3, hits }),
        suggestions: vec![suggestion("l'embuscade Bankass", 12), suggestion("-\"Bankas\"", 1)],
        ..Answer::default()
    }
}

/// What is cited of a report of some id: all of it, or a passage.
pub(super) fn cited(id: &str, ordinal: Option<usize>) -> Cited {
    let hit = hit(1, "Bilan & suites", "Trois civils ont été tués.", &[]);
    let info = ReportInfo { id: id.to_owned(), ..hit.report };
    let cite = citation(&info, ordinal, hit.passage.start, &hit.passage.text);
    Cited {
        id: ordinal.map_or_else(|| id.to_owned(), |ordinal| format!("{id}#{ordinal}")),
        place: ordinal.map_or_else(|| whole_place(&info), |ordinal| place(&info, ordinal)),
        ordinal,
        start: hit.passage.start,
        end: hit.passage.end,
        hash: hit.passage.hash,
        cite,
        report: WholeReport { info, author: None, lang: "fr".to_owned() },
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
    let command = (mode == Mode::Single).then_some("vigie search --group=JNIM");
    let context = Context { query, request: &request, command };
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
pub(super) fn any_text() -> impl Strategy<Value = String> {
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

/// A score, or anything else that is written with decimals.
fn any_score() -> impl Strategy<Value = f32> {
    -1e6_f32..1e6
}

/// What a score is made of, which need not add up.
fn any_explanation() -> impl Strategy<Value = Explanation> {
    let share = (any_text(), any_score()).prop_map(|(term, score)| Share { term, score });
    let parts = (any_score(), any_score(), any_score(), any_score());
    (parts, prop::collection::vec(share, 0..4)).prop_map(|((report, lead, pairs, passage), words)| Explanation {
        report,
        lead,
        pairs,
        passage,
        words,
    })
}

fn any_expansion() -> impl Strategy<Value = Expansion> {
    let kinds = [
        ExpansionKind::Name,
        ExpansionKind::Acronym,
        ExpansionKind::Synonym,
        ExpansionKind::Demonym,
        ExpansionKind::Spelling,
    ];
    let kind = prop::sample::select(kinds.to_vec());
    // Few places, so that several are about the same one.
    (any_text(), 0_usize..3, 3_usize..5, kind, prop::collection::vec(any_text(), 0..12))
        .prop_map(|(term, start, end, kind, to)| Expansion { term, start, end, kind, to })
}

fn any_resolved() -> impl Strategy<Value = Resolved> {
    let term = (any_text(), any_score(), any::<u64>());
    let term = term.prop_map(|(term, weight, reports)| ResolvedTerm { term, weight, reports });
    let word = (any_text(), prop::collection::vec(term, 0..4)).prop_map(|(term, finds)| ResolvedWord { term, finds });
    (any_text(), prop::collection::vec(word, 0..4), prop::collection::vec(any_text(), 0..3))
        .prop_map(|(query, words, dropped)| Resolved { query, words, dropped })
}

/// Hits, some of them with reasons.
fn any_hits() -> impl Strategy<Value = Vec<Hit>> {
    let hit = (any_hit(), prop::option::of(any_explanation()));
    prop::collection::vec(hit.prop_map(|(hit, explanation)| Hit { explanation, ..hit }), 0..4)
}

/// An answer of such hits, which may have all that an answer can have, at the same time.
pub(super) fn any_answer() -> impl Strategy<Value = Answer> {
    let relaxed = (any_hits(), any::<u64>()).prop_map(|(hits, total)| Relaxed { matching: "any".into(), total, hits });
    let suggestion = (any_text(), any::<u64>()).prop_map(|(query, total)| Suggestion { query, total });
    let more = (
        prop::collection::vec(any_expansion(), 0..4),
        prop::option::of(relaxed),
        prop::collection::vec(suggestion, 0..3),
        prop::option::of(any_resolved()),
    );
    let told = (prop::option::of(any_text()), prop::collection::vec(any_text(), 0..3));
    (any_hits(), any::<u64>(), told, more).prop_map(|(hits, total, (id, warnings), more)| {
        let (expanded, relaxed, suggestions, resolved) = more;
        Answer { id, took_us: 1, total, hits, warnings, expanded, relaxed, suggestions, resolved, ..Answer::default() }
    })
}

/// What a format writes of one answer that comes in two parts.
fn in_parts(format: Format, answer: &Answer, first: usize) -> String {
    let mut out = Vec::new();
    let request = json!({ "query": "q" });
    let context = Context { query: "q", request: &request, command: Some("vigie search --group=JNIM") };
    let (first, more) = answer.hits.split_at(first);
    let mut renderer = format.renderer(Style::default(), Mode::Single);
    renderer.begin(&mut out).unwrap();
    renderer.answer(&mut out, &context, &Answer { hits: first.to_vec(), ..answer.clone() }).unwrap();
    for hit in more {
        renderer.more(&mut out, &context, std::slice::from_ref(hit)).unwrap();
    }
    renderer.end(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

proptest::proptest! {
    #[test]
    fn every_format_writes_an_answer_in_parts_as_it_writes_it_whole(answer in any_answer()) {
        for format in Format::value_variants() {
            let whole = written(*format, Style::default(), "q", &answer);
            // The first part has a hit if there is any.
            for first in 1..answer.hits.len() {
                proptest::prop_assert_eq!(&in_parts(*format, &answer, first), &whole, "{:?}", format);
            }
        }
        // JSON is told as one object would be.
        let request = json!({ "query": "q" });
        let mut whole = Vec::new();
        super::exchange(&mut whole, &request, &answer).unwrap();
        let whole = String::from_utf8(whole).unwrap();
        proptest::prop_assert_eq!(written(Format::Json, Style::default(), "q", &answer), whole + "\n");
    }
}
