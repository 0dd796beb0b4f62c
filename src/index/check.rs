//! Whether an index is sound: its files, its counts, and each report against what the index holds of it.
//!
//! Every report is analysed anew from its stored text, as when it was indexed, and compared with its columns, its facets
//! and its terms, position by position. Only where it was read from, and the commit that brought it, cannot be made anew:
//! of those, the checksums of the files are all there is to go by.

mod files;
mod postings;
mod reports;
#[cfg(test)]
mod tests;

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
        let before = home.stamp();
        let mut found = attempt(dir, &home)?;
        if found.findings.is_empty() || home.stamp() == before {
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
        totals(&mut found, &reader, &files);
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

/// Checks the counts of facets that the commit left, if it left any; their file was checked with the others.
fn totals(found: &mut Soundness, reader: &IndexReader, files: &Files) {
    if !reader.keeps_counts() {
        return;
    }
    let name = reader.payload().counts.as_deref().map(|name| files.name(name));
    match guarded(|| reader.counts_fault().map_err(|error| shorten(&error.to_string()))) {
        Ok(None) => {}
        Ok(Some(why)) | Err(why) => found.add([Fault::file(name, why)]),
    }
}
