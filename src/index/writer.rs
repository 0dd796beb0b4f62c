//! Writing: reports in, a committed generation out. Either all of a run is there afterwards, or nothing of it.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::Term;
use tantivy::{Index, IndexSettings, IndexWriter, TantivyDocument};

use super::IndexError;
use super::document::{content_hash, document};
use super::home::{Home, sync_dir};
use super::identity::{Identities, Meeting, Origin};
use super::layout::{Fields, schema};
use super::reader::{IndexReader, Payload, VOCABULARY, register};
use super::summary::{Coverage, Summary};
use crate::annotate::{Annotator, Knowledge};
use crate::corpus::{Corpus, Item, Note, Skip};
use crate::report::Report;
use crate::vocabulary::Vocabulary;

/// Bytes of a compressed block of the document store: small ones are read faster.
const STORE_BLOCK: usize = 4096;
/// Reports are analysed side by side in batches of at most this many bytes of text.
const BATCH: usize = 8 << 20;
/// Segments with a larger share of dead reports are merged.
const DEAD: f32 = 0.2;
/// What tantivy needs at least to write, in bytes.
const LEAST_MEMORY: usize = 16 << 20;
/// What one thread of tantivy can use at most, in bytes.
const MOST_MEMORY: usize = 4000 << 20;
/// Threads that analyse at most: beyond, they only wait for the one that writes.
const MOST_THREADS: usize = 64;
/// The longest id, in bytes: a term of the index has to hold it.
const LONGEST_ID: usize = 1000;

/// How to index.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct IndexOptions {
    /// Start afresh beside the old index and swap at the end.
    pub rebuild: bool,
    /// Drop reports whose file is gone, or is there without them.
    pub prune: bool,
    /// Change nothing if any input is skipped.
    pub strict: bool,
    /// Change nothing at all.
    pub dry_run: bool,
    /// Threads that analyse; 0 takes one a core.
    pub threads: usize,
    /// Bytes of memory to write with.
    pub memory: usize,
    /// The names to find in the reports; those of the index, else the built-in ones where nothing is given.
    pub vocabulary: Option<Arc<Vocabulary>>,
}

impl Default for IndexOptions {
    fn default() -> Self {
        let memory = 256 << 20;
        Self { rebuild: false, prune: false, strict: false, dry_run: false, threads: 0, memory, vocabulary: None }
    }
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Reports read.
    pub reports: u64,
    /// Bytes of files read.
    pub bytes: u64,
}

/// A report on its way in.
struct Pending {
    report: Box<Report>,
    hash: u64,
    origin: Origin,
    replaces: bool,
}

/// Indexes all reports of a corpus into the index of a directory, which is made where it is missing.
///
/// A run that reads no report at all writes nothing, so that a wrong path cannot empty an index.
///
/// # Errors
/// If the directory cannot be written, another process writes it, or `strict` meets a skip. The index is then as it
/// was.
pub fn build(
    dir: &Path,
    mut corpus: Corpus,
    options: &IndexOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Summary, IndexError> {
    let started = Instant::now();
    let home = Home::new(dir);
    let lock = if options.dry_run { None } else { Some(home.lock()?) };
    let current = home.current();
    if let (Some(_), Ok(current)) = (&lock, &current) {
        // What a run that was interrupted left.
        home.remove_others(current.as_deref());
    }
    // A rebuild needs nothing of an index that is damaged.
    let current = if options.rebuild { current.unwrap_or_default() } else { current? };
    // What is built anew keeps the names that it was built with, unless others are given.
    let kept = match &current {
        Some(generation) if options.rebuild && options.vocabulary.is_none() => own_vocabulary(dir, generation)?,
        _ => None,
    };
    let old = if options.rebuild { None } else { current };
    let mut run = Run::new(old.as_ref().map(|_| IndexReader::open(dir)).transpose()?);
    let vocabulary = match &kept {
        Some(kept) => Arc::clone(kept),
        None => run.vocabulary(options)?,
    };
    let knowledge = Arc::new(Knowledge::new(vocabulary));
    let mut target =
        if options.dry_run { None } else { Some(Target::open(&home, old, Arc::clone(&knowledge), options)?) };

    let mut batch = Batch::default();
    loop {
        let item = corpus.next();
        let last = item.is_none();
        match item {
            Some(Item::Report(report, notes)) => run.take(report, notes, &mut batch),
            Some(Item::Skip(skip)) => run.summary.skipped.push(skip),
            Some(Item::Note(note)) => run.summary.notes.push(note),
            None => {}
        }
        if last || batch.bytes > BATCH {
            progress(Progress { reports: run.summary.read(), bytes: corpus.bytes_read() });
            let reports = std::mem::take(&mut batch.reports);
            let (found, dated) = match &mut target {
                Some(target) => target.write(reports)?,
                None => survey(&knowledge, &reports),
            };
            run.summary.annotated.add(found);
            run.summary.undated.retain(|id| !dated.contains(id));
            batch = Batch::default();
        }
        if last {
            break;
        }
    }
    if options.prune && !options.rebuild {
        run.summary.removed_ids = run.gone()?;
        run.summary.removed = run.summary.removed_ids.len() as u64;
        if let Some(target) = &mut target {
            for id in &run.summary.removed_ids {
                target.delete(id);
            }
        }
    }
    let mut summary = run.finish();
    summary.dry_run = options.dry_run;
    summary.written = !options.dry_run && run_changes(&summary, options.rebuild);
    if options.strict
        && let Some(first) = summary.skipped.first()
    {
        let (count, first) = (summary.skipped.len(), first.to_string());
        if let Some(target) = target {
            target.abandon(&home);
        }
        return Err(IndexError::Strict { count, first });
    }
    if let Some(target) = target {
        if summary.written { target.commit(&home, &summary)? } else { target.abandon(&home) }
    }
    drop(lock);
    if !summary.written && options.rebuild {
        summary.reports =
            home.current()?.map_or(Ok(0), |_| IndexReader::open(dir).map(|reader| reader.searcher().num_docs()))?;
    }
    summary.seconds = started.elapsed().as_secs_f64();
    Ok(summary)
}

/// What annotation finds in reports that are not written, and which of them have the date of an event.
fn survey(knowledge: &Arc<Knowledge>, reports: &[Pending]) -> (Coverage, FxHashSet<String>) {
    let (mut found, mut dated) = (Coverage::default(), FxHashSet::default());
    let mut annotator = Annotator::new(Arc::clone(knowledge));
    for pending in reports {
        let coverage = Coverage::of(&annotator.annotate(&pending.report));
        if coverage.dates > 0 {
            dated.insert(pending.report.id.clone());
        }
        found.add(coverage);
    }
    (found, dated)
}

/// The vocabulary that a generation brings along.
fn own_vocabulary(dir: &Path, generation: &Path) -> Result<Option<Arc<Vocabulary>>, IndexError> {
    let path = generation.join(VOCABULARY);
    match std::fs::read(&path) {
        Ok(bytes) => {
            Vocabulary::from_bytes(bytes).map(|found| Some(Arc::new(found))).map_err(|_| IndexError::Damaged {
                dir: dir.to_owned(),
                why: "the vocabulary it brings along cannot be read; give its tables with --schema".to_owned(),
            })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(IndexError::io(&path, error)),
    }
}

/// How tantivy is to store what is written.
pub(super) fn settings() -> IndexSettings {
    IndexSettings { docstore_blocksize: STORE_BLOCK, ..IndexSettings::default() }
}

/// Whether there is something to write. A rebuild that met no report is none.
fn run_changes(summary: &Summary, rebuild: bool) -> bool {
    let changed = summary.added + summary.updated + summary.removed > 0 || !summary.duplicates.is_empty();
    changed || rebuild && summary.read() > 0
}

/// Reports waiting for analysis.
#[derive(Default)]
struct Batch {
    reports: Vec<Pending>,
    bytes: usize,
}

/// What a run has met so far.
struct Run {
    old: Option<IndexReader>,
    identities: Identities,
    summary: Summary,
}

impl Run {
    fn new(old: Option<IndexReader>) -> Self {
        let identities = old.as_ref().map(Identities::of).unwrap_or_default();
        Self { old, identities, summary: Summary::default() }
    }

    /// The names to find: those given, which have to be those of an index that is added to.
    fn vocabulary(&self, options: &IndexOptions) -> Result<Arc<Vocabulary>, IndexError> {
        match (&self.old, &options.vocabulary) {
            (Some(old), given) => {
                given.as_ref().map_or(Ok(()), |given| old.expect_vocabulary(given))?;
                old.vocabulary()
            }
            (None, given) => Ok(Arc::clone(given.as_ref().unwrap_or_else(|| Vocabulary::builtin()))),
        }
    }

    /// Counts a report, and puts it into the batch unless the index has it as it is.
    fn take(&mut self, mut report: Box<Report>, notes: Vec<Note>, batch: &mut Batch) {
        if report.id.len() > LONGEST_ID {
            let reason = format!("an id of {} bytes; the longest allowed is {LONGEST_ID}", report.id.len());
            self.summary.skipped.push(Skip { path: report.path, line: None, reason, hint: None });
            return;
        }
        let old = self.old.as_ref();
        let (origin, told) = self.identities.settle(&mut report, old);
        let hash = content_hash(&report);
        let entry = self.identities.enter(&report.id, hash, &origin, old);
        let summary = &mut self.summary;
        summary.notes.extend(notes);
        summary.notes.extend(told.map(|what| Note { path: report.path.clone(), line: None, what }));
        summary.text_bytes += report.text.len() as u64;
        if let Some(replaced) = entry.replaced {
            *summary.count(replaced) -= 1;
            summary.undated.retain(|id| *id != report.id);
        } else {
            *summary.languages.entry(report.lang.clone()).or_default() += 1;
        }
        if entry.replaced.is_some() || entry.elsewhere {
            summary.duplicates.push(report.id.clone());
        }
        *summary.count(entry.meeting) += 1;
        // What is new may tell its date itself: annotation finds out.
        let told = report.published.is_some() || !report.dates.is_empty();
        if !(told || entry.meeting == Meeting::Same && entry.dated) {
            summary.undated.push(report.id.clone());
        }
        if entry.meeting != Meeting::Same || entry.replaced.is_some() {
            batch.bytes += report.text.len();
            let replaces = entry.meeting != Meeting::New || entry.replaced.is_some();
            batch.reports.push(Pending { report, hash, origin, replaces });
        }
    }

    /// The ids to prune.
    fn gone(&self) -> Result<Vec<String>, IndexError> {
        let skipped: Vec<&str> = self.summary.skipped.iter().map(|skip| skip.path.as_str()).collect();
        self.old.as_ref().map_or(Ok(Vec::new()), |old| self.identities.gone(old, &skipped))
    }

    fn finish(mut self) -> Summary {
        self.summary.reports = self.identities.len() as u64 - self.summary.removed;
        let mut told = FxHashSet::default();
        self.summary.annotated.finish();
        self.summary.duplicates.retain(|id| told.insert(id.clone()));
        self.summary
    }
}

/// The generation that a run writes.
struct Target {
    generation: PathBuf,
    /// Whether the generation is new, to be swapped in or thrown away.
    fresh: bool,
    writer: IndexWriter,
    fields: Fields,
    pool: rayon::ThreadPool,
    knowledge: Arc<Knowledge>,
}

impl Target {
    fn open(
        home: &Home,
        old: Option<PathBuf>,
        knowledge: Arc<Knowledge>,
        options: &IndexOptions,
    ) -> Result<Self, IndexError> {
        let vocabulary = knowledge.vocabulary();
        let fresh = old.is_none();
        let generation = old.map_or_else(|| home.new_generation(), Ok)?;
        let (schema, fields) = schema();
        let index = if fresh {
            Index::builder().schema(schema).settings(settings()).create_in_dir(&generation)?
        } else {
            Index::open_in_dir(&generation)?
        };
        register(&index);
        if fresh && vocabulary.fingerprint() != Vocabulary::builtin().fingerprint() {
            let path = generation.join(VOCABULARY);
            let write = || {
                let mut file = File::create(&path)?;
                file.write_all(vocabulary.as_bytes())?;
                file.sync_all()
            };
            write().map_err(|error| IndexError::io(&path, error))?;
        }
        // One writing thread keeps the order of the inputs, and with it the files, the same on every machine.
        let writing = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(options.memory.clamp(LEAST_MEMORY, MOST_MEMORY))
            .build();
        let writer = index.writer_with_options(writing)?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(DEAD);
        writer.set_merge_policy(Box::new(policy));
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(options.threads.min(MOST_THREADS))
            .build()
            .map_err(|error| IndexError::io(home.dir(), std::io::Error::other(error)))?;
        Ok(Self { generation, fresh, writer, fields, pool, knowledge })
    }

    /// Analyses a batch side by side and writes it in order. Tells what annotation found, and which reports have the
    /// date of an event.
    fn write(&mut self, batch: Vec<Pending>) -> Result<(Coverage, FxHashSet<String>), IndexError> {
        let (fields, knowledge) = (&self.fields, &self.knowledge);
        let documents: Vec<(Pending, Coverage, serde_json::Result<TantivyDocument>)> = self.pool.install(|| {
            batch
                .into_par_iter()
                .map_init(
                    || Annotator::new(Arc::clone(knowledge)),
                    |annotator, pending| {
                        let annotated = annotator.annotate(&pending.report);
                        let doc = document(&annotated, pending.hash, &pending.origin, fields);
                        let coverage = Coverage::of(&annotated);
                        drop(annotated);
                        (pending, coverage, doc)
                    },
                )
                .collect()
        });
        let (mut found, mut dated) = (Coverage::default(), FxHashSet::default());
        for (pending, coverage, doc) in documents {
            if coverage.dates > 0 {
                dated.insert(pending.report.id.clone());
            }
            found.add(coverage);
            let doc = doc.map_err(|error| IndexError::io(&self.generation, error.into()))?;
            if pending.replaces {
                self.delete(&pending.report.id);
            }
            self.writer.add_document(doc)?;
        }
        Ok((found, dated))
    }

    fn delete(&self, id: &str) {
        self.writer.delete_term(Term::from_field_text(self.fields.id, id));
    }

    fn commit(mut self, home: &Home, summary: &Summary) -> Result<(), IndexError> {
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&Payload::now(summary.reports, self.knowledge.vocabulary()).to_json());
        commit.commit()?;
        self.writer.wait_merging_threads()?;
        sync_dir(&self.generation).map_err(|error| IndexError::io(&self.generation, error))?;
        if self.fresh {
            home.swap(&self.generation)
        } else {
            home.remove_others(Some(&self.generation));
            Ok(())
        }
    }

    /// Leaves the old index as it was.
    fn abandon(mut self, home: &Home) {
        if self.fresh {
            drop(self.writer);
            let _ = std::fs::remove_dir_all(&self.generation);
            home.leave();
        } else {
            let _ = self.writer.rollback();
            let _ = self.writer.garbage_collect_files().wait();
        }
    }
}
