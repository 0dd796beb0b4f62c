//! What a run has met so far: reports, and what each is to the index; files, and what came of them.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::IndexError;
use super::base::Base;
use super::batch::{Batch, Pending};
use super::commit::{Payload, Versions};
use super::document::content_hash;
use super::identity::{Entry, Identities, Meeting, Origin};
use super::manifest::{Manifest, Recorded, Source};
use super::reader::IndexReader;
use super::summary::{Findings, Summary};
use super::writer::IndexOptions;
use crate::corpus::{Item, Note, Skip, Stamp};
use crate::report::Report;
use crate::vocabulary::Vocabulary;

/// The longest id, in bytes: a term of the index has to hold it.
const LONGEST_ID: usize = 1000;

/// What a run has met so far.
pub(super) struct Run {
    base: Base,
    old: Option<IndexReader>,
    /// What the commit before says of itself, that of an index that is rebuilt too.
    before: Payload,
    /// Content hash and commit of every report of an index that is rebuilt.
    kept: FxHashMap<String, (u64, u64)>,
    identities: Identities,
    manifest: Manifest,
    /// Whether the manifest tells something that the one of the index does not.
    learned: bool,
    /// The file that is being read.
    file: Reading,
    findings: Findings,
    /// Records that do not hold, because later ones of other content bear their ids.
    lost_records: u64,
    /// The id and the places of the first of them.
    first_lost: Option<String>,
    /// Reports that were met, those of ids that were met before too.
    met: u64,
    /// Reports without any date, by how many were met before.
    undated: FxHashMap<String, u64>,
    pub(super) summary: Summary,
}

/// What came of the file that is being read.
#[derive(Default)]
struct Reading {
    notes: Vec<Note>,
    reports: Vec<Recorded>,
    skipped: Vec<String>,
}

impl Run {
    /// A run that adds to an index, or to none.
    pub(super) fn new(old: Option<IndexReader>, base: &Base) -> Result<Self, IndexError> {
        let mut run = Self {
            base: base.clone(),
            before: old.as_ref().map(|old| old.payload().clone()).unwrap_or_default(),
            kept: FxHashMap::default(),
            identities: match &old {
                Some(old) => Identities::of(old, base.clone())?,
                None => Identities::new(base.clone()),
            },
            manifest: Manifest::default(),
            learned: false,
            file: Reading::default(),
            findings: Findings::default(),
            lost_records: 0,
            first_lost: None,
            met: 0,
            undated: FxHashMap::default(),
            summary: Summary::default(),
            old: None,
        };
        if let Some(old) = &old
            && let Some(name) = &run.before.manifest
        {
            match Manifest::read(old.places().1, name, base) {
                Ok(manifest) => run.manifest = manifest,
                Err(error) => {
                    let path = old.places().1.join(name).display().to_string();
                    let what = format!("what was known of the files cannot be used, so all were read: {error}");
                    run.summary.notes.push(Note { path, line: None, what });
                    run.learned = true;
                    run.before.manifest = None;
                }
            }
        }
        run.old = old;
        Ok(run)
    }

    /// A run that builds anew what an index holds; what that remembers of its commits is kept.
    pub(super) fn anew(old: &IndexReader, base: &Base) -> Result<Self, IndexError> {
        let mut run = Self::new(None, base)?;
        run.before = old.payload().clone();
        let known = old.known()?.into_iter();
        run.kept =
            known.filter_map(|(id, known)| Some((id, known.before.map(|was| (was.hash, was.commit))?))).collect();
        Ok(run)
    }

    /// Files that need not be read if their bytes are the same.
    pub(super) fn known_files(&self) -> std::collections::HashSet<std::path::PathBuf> {
        self.manifest.files()
    }

    /// The names to find: those given, which have to be those of an index that is added to.
    pub(super) fn vocabulary(&self, options: &IndexOptions) -> Result<Arc<Vocabulary>, IndexError> {
        match (&self.old, &options.vocabulary) {
            (Some(old), given) => {
                given.as_ref().map_or(Ok(()), |given| old.expect_vocabulary(given))?;
                old.vocabulary()
            }
            (None, given) => Ok(Arc::clone(given.as_ref().unwrap_or_else(|| Vocabulary::builtin()))),
        }
    }

    /// Whether names and dates are looked for: as they were in an index that is added to.
    pub(super) fn annotates(&self, options: &IndexOptions) -> Result<bool, IndexError> {
        match &self.old {
            Some(old) if old.annotated() && !options.annotate => {
                Err(IndexError::Annotated { dir: old.places().0.to_owned() })
            }
            Some(old) => Ok(old.annotated()),
            None => Ok(options.annotate),
        }
    }

    /// Takes what was read. Tells whether it was a file that need not be read.
    pub(super) fn meet(&mut self, item: Item, batch: &mut Batch) -> bool {
        match item {
            Item::Report(report, notes) => self.take(report, notes, batch),
            Item::Skip(skip) => self.skip(skip),
            Item::Note(note) => {
                self.file.notes.push(note.clone());
                self.summary.notes.push(note);
            }
            Item::Known(stamp) => return self.is_unchanged(&stamp),
            Item::End(stamp) => self.close(stamp),
        }
        false
    }

    fn skip(&mut self, skip: Skip) {
        self.file.skipped.push(skip.path.clone());
        self.summary.skipped.push(skip);
    }

    /// Counts a report, and puts it into the batch unless the index has it as it is.
    fn take(&mut self, mut report: Box<Report>, notes: Vec<Note>, batch: &mut Batch) {
        if report.id.len() > LONGEST_ID {
            let reason = format!("an id of {} bytes; the longest allowed is {LONGEST_ID}", report.id.len());
            self.skip(Skip { path: report.path, line: None, reason, hint: None });
            return;
        }
        let (origin, told) = self.identities.settle(&mut report, self.old.as_ref());
        self.file.notes.extend(notes.iter().cloned());
        self.summary.notes.extend(notes);
        self.summary.notes.extend(told.map(|what| Note { path: report.path.clone(), line: None, what }));
        let recorded = Recorded {
            id: report.id.clone(),
            hash: content_hash(&report),
            origin: origin.hash(),
            lang: report.lang.clone(),
            bytes: report.text.len() as u64,
            dated: report.published.is_some() || !report.dates.is_empty(),
        };
        let entry = self.count(&recorded, &origin);
        if entry.meeting != Meeting::Same || entry.replaced.is_some() {
            let replaces = entry.meeting != Meeting::New || entry.replaced.is_some();
            let kept = self.kept.get(&report.id).filter(|(hash, _)| *hash == recorded.hash).map(|&(_, commit)| commit);
            let commit = entry.commit.or(kept).unwrap_or_else(|| self.before.next());
            batch.put(Pending { report, hash: recorded.hash, origin, replaces, commit });
        }
        self.file.reports.push(recorded);
    }

    /// Enters a report and counts it.
    fn count(&mut self, report: &Recorded, origin: &Origin) -> Entry {
        let entry = self.identities.enter(&report.id, report.hash, origin, self.old.as_ref());
        if let Some((first, second)) = entry.lost {
            self.lost_records += 1;
            self.first_lost.get_or_insert_with(|| {
                let [first, second] = [first, second].map(|place| self.identities.told(place));
                format!("“{}”, {first} and {second}", report.id)
            });
        }
        self.met += 1;
        let summary = &mut self.summary;
        summary.text_bytes += report.bytes;
        if let Some(replaced) = entry.replaced {
            *summary.count(replaced) -= 1;
            self.undated.remove(&report.id);
        } else {
            *summary.languages.entry(report.lang.clone()).or_default() += 1;
        }
        if entry.replaced.is_some() || entry.elsewhere {
            summary.duplicates.push(report.id.clone());
        }
        *summary.count(entry.meeting) += 1;
        // What is new may tell its date itself: annotation finds out.
        if !(report.dated || entry.meeting == Meeting::Same && entry.dated) {
            self.undated.insert(report.id.clone(), self.met);
        }
        entry
    }

    /// Takes what annotation found in the reports that were analysed.
    pub(super) fn found(&mut self, findings: Findings) {
        self.undated.retain(|id, _| !findings.has_date(id));
        self.findings = findings;
    }

    /// Whether the index holds just what came of a file of these bytes. If so, all of it counts as read.
    fn is_unchanged(&mut self, stamp: &Stamp) -> bool {
        let Some(source) = self.manifest.get(stamp).filter(|source| self.identities.hold(&source.reports, true)) else {
            return false;
        };
        let source = source.clone();
        for report in &source.reports {
            let origin = self.identities.origin(report, &stamp.path);
            self.count(report, &origin);
        }
        self.summary.notes.extend(source.notes);
        true
    }

    /// Remembers what came of a file, if its bytes are known and nothing of it was skipped.
    fn close(&mut self, stamp: Option<Stamp>) {
        let Reading { mut notes, reports, skipped } = std::mem::take(&mut self.file);
        let Some(stamp) = stamp else { return };
        if skipped.contains(&stamp.path) {
            self.manifest.remove(&stamp.file);
            return;
        }
        // What was told before the file is of the walk.
        notes.retain(|note| note.path == stamp.path);
        self.learned |= self.manifest.insert(Source { stamp, notes, reports });
    }

    /// That records are lost, if any are: others of the run bear their ids.
    pub(super) fn loss(&self) -> Option<IndexError> {
        let first = self.first_lost.clone()?;
        Some(IndexError::Lost { count: self.lost_records, first })
    }

    /// The ids to prune.
    pub(super) fn gone(&self) -> Result<Vec<String>, IndexError> {
        let skipped: Vec<&str> = self.summary.skipped.iter().map(|skip| skip.path.as_str()).collect();
        self.old.as_ref().map_or(Ok(Vec::new()), |old| self.identities.gone(old, &skipped))
    }

    /// What the run did, what the commit says of itself, and which files it was made of; last, whether that is worth a
    /// commit even where no report changed.
    pub(super) fn finish(mut self, vocabulary: &Vocabulary, annotated: bool) -> (Summary, Payload, Manifest, bool) {
        let mut summary = self.summary;
        let removed: FxHashSet<&str> = summary.removed_ids.iter().map(String::as_str).collect();
        for id in &removed {
            self.identities.remove(id);
        }
        summary.reports = self.identities.len() as u64;
        let mut undated: Vec<(u64, String)> = self.undated.into_iter().map(|(id, order)| (order, id)).collect();
        undated.sort_unstable();
        summary.undated = undated.into_iter().map(|(_, id)| id).collect();
        let mut told = FxHashSet::default();
        summary.annotated = self.findings.coverage();
        summary.duplicates.retain(|id| told.insert(id.clone()));
        let versions = Versions::now(vocabulary, annotated);
        summary.annotation = annotated;
        summary.digest = versions.digest(self.identities.contents());
        let history = self.before.history_with(&summary.digest);
        let payload = Payload { versions, reports: summary.reports, history, ..Payload::default() };
        // A file of which the reports are gone, or came from elsewhere since, would be read anyway.
        let identities = &self.identities;
        self.manifest.retain(|source| identities.hold(&source.reports, false));
        // What came of files whose reports others took over is learned anew each time.
        let learned = self.learned && self.manifest.name(&self.base) != self.before.manifest;
        // What was killed before it kept the counts, or lost them since, keeps them now.
        let learned = learned || self.old.as_ref().is_some_and(|old| !old.keeps_counts());
        (summary, payload, self.manifest, learned)
    }
}
