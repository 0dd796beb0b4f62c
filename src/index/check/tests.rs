//! Indexes that were tampered with, beside sound ones.

use tantivy::TantivyDocument;
use tantivy::schema::{Facet, OwnedValue};

use super::super::document::{content_hash, document};
use super::super::identity::Origin;
use super::super::layout::{Fields, schema};
use super::super::record::{Packer, Record, unpack};
use super::super::terms::Packed;
use super::*;
use crate::annotate::Annotator;
use crate::french::Analyzer;
use crate::report::Report;
use crate::vocabulary::Vocabulary;

/// A report that names groups, places and dates, acting and only mentioned, in two passages; some are given.
fn report() -> Report {
    let text = format!(
        "Une embuscade a eu lieu le 15 août 2024 près de Bankass, dans la région de Mopti. {}\n\nLe JNIM, affilié à \
         Al-Qaïda, l'a revendiquée. En 2012, Gao avait été prise. L'Organisation de l'unité africaine (OUA) parle. {}",
        "Le marché est resté fermé toute la semaine. ".repeat(20),
        "Les routes sont coupées depuis trois jours. ".repeat(20),
    );
    Report {
        id: "rapport-été".to_owned(),
        title: Some("Embuscade à Bankass".to_owned()),
        text,
        source: Some("Échantillon A".to_owned()),
        published: "2024-08-16".parse().ok(),
        lang: "fr".to_owned(),
        groups: vec!["Alpha/Beta".parse().unwrap(), "Al-Qaïda".parse().unwrap()],
        regions: vec!["Mali/Gao".parse().unwrap()],
        dates: vec!["2024-08".parse().unwrap(), "2012".parse().unwrap()],
        path: "in/rapport.txt".to_owned(),
        ..Report::default()
    }
}

/// What is found in an index of this report, whose document something was done to, beside one that is sound.
fn told(tamper: impl Fn(TantivyDocument, &Fields) -> TantivyDocument) -> Vec<String> {
    let knowledge = Arc::new(Knowledge::new(Arc::clone(Vocabulary::builtin())));
    let mut annotator = Annotator::new(Arc::clone(&knowledge));
    let mut packer = Packer::new().unwrap();
    let fields = schema().1;
    let reports = [report(), Report { id: "autre".to_owned(), ..report() }];
    let documents: Vec<TantivyDocument> = reports
        .iter()
        .map(|report| {
            let hash = content_hash(report);
            document(&annotator.annotate(report), hash, &Origin::default(), 1, &fields, &mut packer).unwrap()
        })
        .collect();
    let [first, second] = &documents[..] else { unreachable!() };
    let reader = IndexReader::of_documents([tamper(first.clone(), &fields), second.clone()].into_iter());
    let (mut found, mut ids) = (Soundness::default(), FxHashMap::default());
    for segment in reader.searcher().segment_readers() {
        read_segment(&mut found, &reader, segment, &knowledge, &mut ids);
    }
    assert!(found.reports == 2 && found.passages > 2, "{found:?}");
    let told = |fault: Fault| format!("{}: {}", fault.report.unwrap_or_default(), fault.what);
    found.findings.into_iter().map(told).collect()
}

/// A document with other values of a field.
fn with(doc: &TantivyDocument, field: tantivy::schema::Field, values: &[OwnedValue]) -> TantivyDocument {
    let mut changed = TantivyDocument::new();
    for (known, value) in doc.field_values().filter(|(known, _)| *known != field) {
        changed.add_field_value(known, value);
    }
    for value in values {
        changed.add_field_value(field, value);
    }
    changed
}

fn values(doc: &TantivyDocument, field: tantivy::schema::Field) -> Vec<OwnedValue> {
    doc.get_all(field).map(OwnedValue::from).collect()
}

/// A document in which something was done to what is stored.
fn stored(doc: &TantivyDocument, fields: &Fields, change: impl Fn(&mut Record, &mut String)) -> TantivyDocument {
    let OwnedValue::Bytes(packed) = &values(doc, fields.stored)[0] else { unreachable!() };
    let (mut record, mut text) = unpack(packed).unwrap();
    change(&mut record, &mut text);
    with(doc, fields.stored, &[OwnedValue::Bytes(Packer::new().unwrap().pack(&record, &text).unwrap())])
}

#[test]
fn what_was_written_is_sound() {
    assert_eq!(told(|doc, _| doc), [""; 0]);
}

#[test]
fn each_field_is_compared() {
    type Tamper = fn(TantivyDocument, &Fields) -> TantivyDocument;
    let cases: [(Tamper, &[&str]); 13] = [
        (
            |doc, fields| with(&doc, fields.id, &[OwnedValue::Str("autre nom".to_owned())]),
            &["rapport-été: its id term is not that of its id column"],
        ),
        (
            |doc, fields| {
                let mut starts = values(&doc, fields.passage);
                starts[1] = OwnedValue::U64(3);
                with(&doc, fields.passage, &starts)
            },
            &["rapport-été: the starts of its passages are not those of its text"],
        ),
        (
            |doc, fields| {
                let mut analyzer = Analyzer::new();
                let tokens = analyzer.analyze("Un tout autre texte");
                with(&doc, fields.body, &[OwnedValue::Str(Packed::of([&tokens[..]].into_iter()).text)])
            },
            &[
                "rapport-été: the terms of “body”, at their places, are not those of its text",
                "rapport-été: “body” has another length than its text",
            ],
        ),
        (
            // The same words, one place further on.
            |doc, fields| {
                let OwnedValue::Str(body) = &values(&doc, fields.title)[0] else { unreachable!() };
                with(&doc, fields.title, &[OwnedValue::Str(format!("\n{body}"))])
            },
            &["rapport-été: the terms of “title”, at their places, are not those of its text"],
        ),
        (
            |doc, fields| with(&doc, fields.acronym, &[]),
            &["rapport-été: the terms of “acronym” are not those of its text"],
        ),
        (
            |doc, fields| with(&doc, fields.mention, &[]),
            &["rapport-été: the terms of “mention”, at their places, are not those of its text"],
        ),
        (
            |doc, fields| with(&doc, fields.lang, &[OwnedValue::Str("en".to_owned())]),
            &["rapport-été: the terms of “lang” are not those of its text"],
        ),
        (
            |doc, fields| {
                let mut facets = values(&doc, fields.region);
                facets.push(OwnedValue::Facet(Facet::from_path(["Niger"])));
                with(&doc, fields.region, &facets)
            },
            &["rapport-été: in “region”, the facet /Niger is there and should not be"],
        ),
        (
            |doc, fields| with(&doc, fields.source, &[]),
            &["rapport-été: in “source”, the facet /Échantillon A is not there"],
        ),
        (
            |doc, fields| with(&doc, fields.days.month, &[OwnedValue::I64(1)]),
            &["rapport-été: column “month” is not what its text and record give"],
        ),
        (
            |doc, fields| with(&doc, fields.published_day, &[]),
            &["rapport-été: column “published_day” is not what its text and record give"],
        ),
        (
            |doc, fields| stored(&doc, fields, |record, _| record.passages = vec![(0, 14), (16, 4000)]),
            &[
                "rapport-été: passage 2, bytes 16 to 4000, ends beyond the text",
                "rapport-été: “passages” of its record is not what its text gives",
            ],
        ),
        (
            |doc, fields| stored(&doc, fields, |_, text| *text = text.replace("eu lieu", "échoué")),
            &[
                "rapport-été: the terms of “body”, at their places, are not those of its text",
                "rapport-été: the terms of “lead” are not those of its text",
            ],
        ),
    ];
    for (tamper, want) in cases {
        let told = told(tamper);
        assert!(want.iter().all(|want| told.contains(&(*want).to_owned())), "{told:#?}");
        assert!(told.iter().all(|told| told.starts_with("rapport-été: ")), "{told:#?}");
    }
}

#[test]
fn a_panic_is_a_reason() {
    let outcome: Result<(), String> = guarded(|| panic!("index out of bounds"));
    assert_eq!(outcome.unwrap_err(), "cannot be read: index out of bounds");
    assert_eq!(guarded(|| Ok(1)), Ok(1));
}
