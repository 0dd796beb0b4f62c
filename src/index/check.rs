//! Whether an index is sound: its files, its counts, and each report against what the index holds of it.
//!
//! Every report is analysed anew from its stored text, as when it was indexed, and compared with its columns, its facets
//! and its terms, position by position. Only where it was read from, and the commit that brought it, cannot be made anew:
//! of those, the checksums of the files are all there is to go by.

mod files;
mod postings;
mod reports;

use std::any::Any;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;
use tantivy::SegmentReader;

use self::files::Files;
use super::IndexError;
use super::home::Home;
use super::reader::{IndexReader, shorten};
use crate::annotate::Knowledge;

/// Findings that are listed; what is beyond is counted.
const MOST: usize = 10_000;
/// How often a check starts again because something was written meanwhile.
const ATTEMPTS: usize = 5;

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Matter {
    /// A file, or the whole index where none is named: missing, cut, changed.
    File,
    /// What the index says of itself against what it holds.
    Count,
    /// A report against its columns, facets and terms.
    Report,
}

/// One thing that is wrong with an index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// What it is about.
    pub matter: Matter,
    /// The file, below the directory of the index.
    pub file: Option<String>,
    /// Id of the report.
    pub report: Option<String>,
    /// What is wrong.
    pub what: String,
}

impl Fault {
    fn file(file: Option<String>, what: impl Into<String>) -> Self {
        Self { matter: Matter::File, file, report: None, what: what.into() }
    }

    fn count(what: impl Into<String>) -> Self {
        Self { matter: Matter::Count, file: None, report: None, what: what.into() }
    }

    fn report(id: &str, what: impl Into<String>) -> Self {
        Self { matter: Matter::Report, file: None, report: Some(id.to_owned()), what: what.into() }
    }
}

/// What was checked, and all that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Soundness {
    /// Whether nothing is wrong.
    pub sound: bool,
    /// All that is wrong, files first; at most ten thousand things.
    pub findings: Vec<Fault>,
    /// Findings that are not listed.
    pub more: u64,
    /// Files whose checksum was compared.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Segments that were read.
    pub segments: u64,
    /// Segments that were left unread because a file of theirs is wrong.
    pub unread_segments: u64,
    /// Reports that were analysed anew and compared.
    pub reports: u64,
    /// Their passages.
    pub passages: u64,
    /// Terms that were read, those of each segment and field.
    pub terms: u64,
    /// Places of terms in reports that were compared.
    pub postings: u64,
    /// Reports that were replaced or dropped and are not merged away yet.
    pub dead: u64,
    /// Files beside the index that belong to no commit, and are removed when something is written next.
    pub stray: Vec<String>,
    /// Seconds.
    pub seconds: f64,
}

impl Soundness {
    fn add(&mut self, faults: impl IntoIterator<Item = Fault>) {
        for fault in faults {
            if self.findings.len() < MOST { self.findings.push(fault) } else { self.more += 1 }
        }
    }

    /// Findings, listed or not.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.findings.len() as u64 + self.more
    }
}

/// What a tantivy that met damage panicked with, as a reason.
fn panicked(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    format!("cannot be read: {}", shorten(text.unwrap_or("for an unknown reason")))
}

/// Does something with files that may be damaged; a panic in it is an error.
fn guarded<T>(act: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)).unwrap_or_else(|panic| Err(panicked(&*panic)))
}

/// Checks the index of a directory. Damage is a finding, not an error. What is written meanwhile makes it start again.
///
/// # Errors
/// If there is no index, if another version of vigie wrote it, or if its files cannot be looked at.
pub fn check(dir: &Path) -> Result<Soundness, IndexError> {
    let started = Instant::now();
    let home = Home::new(dir);
    for _ in 0..ATTEMPTS {
        let before = files::stamp(&home);
        let mut found = attempt(dir, &home)?;
        if found.findings.is_empty() || files::stamp(&home) == before {
            found.findings.sort();
            found.sound = found.findings.is_empty();
            found.seconds = started.elapsed().as_secs_f64();
            return Ok(found);
        }
    }
    Err(IndexError::Locked(dir.to_owned()))
}

fn attempt(dir: &Path, home: &Home) -> Result<Soundness, IndexError> {
    let mut found = Soundness::default();
    let opened = std::panic::catch_unwind(|| IndexReader::open(dir));
    let reader = match opened {
        Ok(Ok(reader)) => Some(reader),
        Ok(Err(IndexError::Damaged { why, .. })) => {
            found.add([Fault::file(None, why)]);
            None
        }
        Ok(Err(IndexError::Tantivy(error))) => {
            found.add([Fault::file(None, shorten(&error.to_string()))]);
            None
        }
        Ok(Err(error)) => return Err(error),
        Err(panic) => {
            found.add([Fault::file(None, panicked(&*panic))]);
            None
        }
    };
    // An index that cannot be opened may still tell which of its files are wrong.
    let Some(generation) = home.current().ok().flatten() else { return Ok(found) };
    let files = match guarded(|| Files::of(&generation)) {
        Ok(files) => files,
        Err(why) => {
            if reader.is_some() {
                found.add([Fault::file(None, why)]);
            }
            return Ok(found);
        }
    };
    let sound = files.check(&mut found);
    let Some(reader) = reader else { return Ok(found) };
    let vocabulary = match guarded(|| reader.vocabulary().map_err(|error| error.to_string())) {
        Ok(vocabulary) => vocabulary,
        Err(why) => {
            found.add([Fault::file(Some(files.name(super::reader::VOCABULARY)), why)]);
            return Ok(found);
        }
    };
    let knowledge = Arc::new(Knowledge::new(vocabulary));
    let mut ids = FxHashMap::default();
    for segment in reader.searcher().segment_readers() {
        found.dead += u64::from(segment.num_deleted_docs());
        if sound.contains(&segment.segment_id()) {
            found.segments += 1;
            read_segment(&mut found, &reader, segment, &knowledge, &mut ids);
        } else {
            found.unread_segments += 1;
        }
    }
    if found.unread_segments == 0 {
        counts(&mut found, &reader, &ids);
    }
    Ok(found)
}

/// Checks the reports of one segment.
fn read_segment(
    found: &mut Soundness,
    reader: &IndexReader,
    segment: &SegmentReader,
    knowledge: &Arc<Knowledge>,
    ids: &mut FxHashMap<String, u64>,
) {
    let name = segment.segment_id().short_uuid_string();
    let sums = guarded(|| postings::Sums::read(reader, segment).map_err(|error| error.to_string()));
    let sums = match sums {
        Ok(sums) => sums,
        Err(why) => return found.add([Fault::file(None, format!("the terms of segment {name} {why}"))]),
    };
    found.terms += sums.terms;
    found.postings += sums.postings;
    found.add(sums.faults.iter().map(|what| Fault::count(format!("segment {name}: {what}"))));
    let docs: Vec<u32> = segment.doc_ids_alive().collect();
    let chunks: Vec<Result<reports::Checked, String>> = docs
        .par_chunks(reports::CHUNK)
        .map(|docs| guarded(|| reports::check(reader, segment, docs, &sums, knowledge)))
        .collect();
    for chunk in chunks {
        match chunk {
            Ok(chunk) => {
                found.reports += chunk.ids.len() as u64;
                found.passages += chunk.passages;
                found.add(chunk.faults);
                for id in chunk.ids {
                    *ids.entry(id).or_default() += 1;
                }
            }
            Err(why) => found.add([Fault::file(None, format!("reports of segment {name}: {why}"))]),
        }
    }
}

/// Checks what the index says of itself as a whole.
fn counts(found: &mut Soundness, reader: &IndexReader, ids: &FxHashMap<String, u64>) {
    let twice = ids.iter().filter(|&(_, &times)| times > 1);
    let twice: Vec<Fault> =
        twice.map(|(id, times)| Fault::report(id, format!("{times} reports bear the id"))).collect();
    found.add(twice);
    let payload = reader.payload();
    let there = reader.searcher().num_docs();
    if payload.reports != there {
        found.add([Fault::count(format!("the commit tells of {} reports, {there} are there", payload.reports))]);
    }
    match guarded(|| reader.recompute_digest().map_err(|error| error.to_string())) {
        Ok(digest) if reader.digest() == digest => {}
        Ok(digest) => {
            found.add([Fault::count(format!("the digest of its reports is {digest}, the commit tells another"))]);
        }
        Err(why) => found.add([Fault::file(None, why)]),
    }
}

#[cfg(test)]
mod tests {
    use tantivy::TantivyDocument;
    use tantivy::schema::{Facet, OwnedValue};

    use super::super::document::{content_hash, document};
    use super::super::identity::Origin;
    use super::super::layout::{Fields, schema};
    use super::super::terms::pack;
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
        let fields = schema().1;
        let reports = [report(), Report { id: "autre".to_owned(), ..report() }];
        let documents: Vec<TantivyDocument> = reports
            .iter()
            .map(|report| {
                let hash = content_hash(report);
                document(&annotator.annotate(report), hash, &Origin::default(), 1, &fields).unwrap()
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
                    with(&doc, fields.body, &[OwnedValue::Str(pack([&tokens[..]].into_iter()).0)])
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
                |doc, fields| {
                    let OwnedValue::Str(record) = &values(&doc, fields.record)[0] else { unreachable!() };
                    let mut record: serde_json::Value = serde_json::from_str(record).unwrap();
                    record["passages"] = serde_json::json!([[0, 14], [10, 4000]]);
                    with(&doc, fields.record, &[OwnedValue::Str(record.to_string())])
                },
                &[
                    "rapport-été: passage 2, bytes 10 to 4000, ends beyond the text",
                    "rapport-été: “passages” of its record is not what its text gives",
                ],
            ),
            (
                |doc, fields| {
                    let OwnedValue::Str(text) = &values(&doc, fields.text)[0] else { unreachable!() };
                    with(&doc, fields.text, &[OwnedValue::Str(text.replace("eu lieu", "échoué"))])
                },
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
}
