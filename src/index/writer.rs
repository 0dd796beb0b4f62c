//! A run from its inputs to its end: either all of it is there afterwards, or nothing of it.

use std::num::NonZero;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::IndexError;
use super::analyst::{Analysed, Analyst, go_on};
use super::base::Base;
use super::batch::Batch;
use super::home::Home;
use super::pipeline::{Room, in_order};
use super::reader::{IndexReader, VOCABULARY};
use super::run::Run;
use super::summary::{Findings, Summary};
use super::target::{LEAST_MEMORY, Target};
use crate::annotate::Knowledge;
use crate::corpus::{Corpus, Note};
use crate::vocabulary::Vocabulary;

/// What is under way between reading and writing may take this part of the memory to write with.
const UNDER_WAY: usize = 2;
/// Threads that analyse at most: beyond, they only wait for the one that writes.
const MOST_THREADS: usize = 64;
/// Bytes of the memory to write with for each of them: what it keeps from one report to the next is not under way.
const OF_A_THREAD: usize = 8 << 20;

/// Set from elsewhere, ends a run at the next step of a report.
pub type Stop = Arc<AtomicBool>;

/// How to index.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct IndexOptions {
    /// Start afresh beside the old index and swap at the end.
    pub rebuild: bool,
    /// Drop reports whose file is gone, or is there without them.
    pub prune: bool,
    /// Change nothing if more inputs than this are skipped.
    pub max_skips: Option<usize>,
    /// Change nothing if a record would be lost, because a later one of other content bears its id.
    pub distinct: bool,
    /// Change nothing at all.
    pub dry_run: bool,
    /// Threads that analyse; 0 takes one a core.
    pub threads: usize,
    /// Whether to look for names and dates in the texts: an index goes on as it began.
    pub annotate: bool,
    /// Bytes of memory to write with.
    pub memory: usize,
    /// The names to find in the reports; those of the index, else the built-in ones where nothing is given.
    pub vocabulary: Option<Arc<Vocabulary>>,
    /// Ends the run, with the index as it was, unless the commit has begun. The corpus may have the same one.
    pub stop: Option<Stop>,
}

impl Default for IndexOptions {
    fn default() -> Self {
        Self {
            rebuild: false,
            prune: false,
            max_skips: None,
            distinct: false,
            dry_run: false,
            threads: 0,
            annotate: true,
            memory: 256 << 20,
            vocabulary: None,
            stop: None,
        }
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

/// Indexes all reports of a corpus into the index of a directory, which is made where it is missing.
///
/// A file whose bytes are as they were when the index took it in is hashed and nothing more. A run that reads no report
/// at all writes nothing and prunes nothing, so that a wrong path cannot empty an index.
///
/// # Errors
/// If the directory cannot be written, another process writes it, more inputs are skipped than may be, records are lost
/// that may not be, or the run is stopped. The index is then as it was.
pub fn build(
    dir: &Path,
    mut corpus: Corpus,
    options: &IndexOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<Summary, IndexError> {
    let started = Instant::now();
    let home = Home::new(dir);
    let lock = if options.dry_run { None } else { Some(home.lock()?) };
    let (base, current) = (Base::of(dir), home.current());
    if let (Some(_), Ok(current)) = (&lock, &current) {
        // What a run that was interrupted left.
        home.remove_others(current.as_deref());
    }
    // A rebuild needs nothing of an index that is damaged.
    let current = if options.rebuild { current.unwrap_or_default() } else { current? };
    // What is built anew keeps the names that it was built with, unless others are given, and its history.
    let kept = match &current {
        Some(generation) if options.rebuild && options.vocabulary.is_none() => own_vocabulary(dir, generation)?,
        _ => None,
    };
    let mut run = if options.rebuild {
        let old = current.as_ref().and_then(|_| IndexReader::open(dir).ok());
        old.and_then(|old| Run::anew(&old, &base).ok()).map_or_else(|| Run::new(None, &base), Ok)?
    } else {
        Run::new(current.as_ref().map(|_| IndexReader::open(dir)).transpose()?, &base)?
    };
    let old = if options.rebuild { None } else { current };
    let vocabulary = match &kept {
        Some(kept) => Arc::clone(kept),
        None => run.vocabulary(options)?,
    };
    let annotates = run.annotates(options)?;
    let knowledge = Arc::new(Knowledge::new(vocabulary));
    let target = if options.dry_run { None } else { Some(Target::open(&home, old, knowledge.vocabulary(), options)?) };

    corpus.ask_for(run.known_files());
    let (fields, stop) = (target.as_ref().map(Target::fields), options.stop.as_ref());
    let analyst = Analyst { knowledge: &knowledge, annotates, fields, stop };
    let filled = fill(&mut run, &mut corpus, target.as_ref(), &analyst, options, progress);
    let (mut summary, payload, manifest, learned) = run.finish(knowledge.vocabulary(), annotates);
    summary.bytes = corpus.bytes_done();
    summary.dry_run = options.dry_run;
    summary.written = !options.dry_run && changes(&summary, options.rebuild);
    if let Err(error) = filled.and_then(|()| allowed(&summary, options)) {
        if let Some(target) = target {
            target.abandon(&home);
        }
        return Err(error);
    }
    if let Some(target) = target {
        // What was learned of files is worth a commit of its own, so that they are not read a third time.
        if summary.written || learned && !options.rebuild && summary.reports > 0 {
            if let Some(error) = target.commit(&home, payload, &manifest, &base, || go_on(stop))? {
                let what = format!("the index was written, and then: {error}");
                summary.notes.push(Note { path: dir.display().to_string(), line: None, what });
            }
        } else {
            target.abandon(&home);
        }
    }
    drop(lock);
    if !summary.written && options.rebuild && summary.read() == 0 {
        (summary.reports, summary.digest) = match home.current()? {
            Some(_) => IndexReader::open(dir).map(|old| (old.searcher().num_docs(), old.digest().to_owned()))?,
            None => (0, summary.digest),
        };
    }
    summary.seconds = started.elapsed().as_secs_f64();
    Ok(summary)
}

/// Reads all inputs, and writes what is new of them.
fn fill(
    run: &mut Run,
    corpus: &mut Corpus,
    target: Option<&Target>,
    analyst: &Analyst<'_>,
    options: &IndexOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), IndexError> {
    let room = Room::new(memory(options) / UNDER_WAY);
    let mut findings = Findings::default();
    let take = |analysed: Result<Vec<Analysed>, IndexError>| {
        for Analysed { id, replaces, found, document } in analysed? {
            analyst.go_on()?;
            if let (Some(target), Some(document)) = (target, document) {
                target.write(&id, replaces, document)?;
            }
            if let Some(found) = found {
                findings.enter(&id, found);
            }
        }
        Ok::<(), IndexError>(())
    };
    let (read, written): (Result<(), IndexError>, _) = in_order(
        threads(options),
        || analyst.start(),
        take,
        |send| {
            let mut batch = Batch::default();
            loop {
                let item = corpus.next();
                analyst.go_on()?;
                let last = item.is_none();
                if item.is_some_and(|item| run.meet(item, &mut batch)) {
                    corpus.pass();
                }
                if last || batch.is_full() {
                    progress(Progress { reports: run.summary.read(), bytes: corpus.bytes_read() });
                    let batch = std::mem::take(&mut batch);
                    let share = Arc::new(room.enter(batch.memory()));
                    if !send((batch.into_reports(), share)) || last {
                        return Ok(());
                    }
                }
            }
        },
    );
    written.and(read)?;
    // The last report may have been under way when all was read.
    analyst.go_on()?;
    run.found(findings);
    if let Some(loss) = run.loss().filter(|_| options.distinct) {
        return Err(loss);
    }
    // Where no report was read, a folder that is not mounted cannot be told from one of which all reports are gone.
    if options.prune && !options.rebuild && run.summary.read() > 0 {
        run.summary.removed_ids = run.gone()?;
        run.summary.removed = run.summary.removed_ids.len() as u64;
        if let Some(target) = target {
            for id in &run.summary.removed_ids {
                target.delete(id);
            }
        }
    }
    Ok(())
}

/// How many threads analyse.
fn threads(options: &IndexOptions) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, NonZero::get);
    let wanted = if options.threads == 0 { cores() } else { options.threads };
    wanted.min(MOST_THREADS).min(memory(options) / OF_A_THREAD).max(1)
}

/// Bytes of memory to write with.
fn memory(options: &IndexOptions) -> usize {
    options.memory.max(LEAST_MEMORY)
}

/// Whether no more inputs were skipped than may be.
fn allowed(summary: &Summary, options: &IndexOptions) -> Result<(), IndexError> {
    match (summary.skipped.first(), options.max_skips) {
        (Some(first), Some(most)) if summary.skipped.len() > most => {
            Err(IndexError::Skips { count: summary.skipped.len(), most, first: first.to_string() })
        }
        _ => Ok(()),
    }
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

/// Whether there is something to write. A rebuild that met no report is none.
fn changes(summary: &Summary, rebuild: bool) -> bool {
    let changed = summary.added + summary.updated + summary.removed > 0;
    changed || rebuild && summary.read() > 0
}
