//! The generation that a run writes: made or opened, filled, and committed or abandoned.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rayon::prelude::*;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::Term;
use tantivy::{Index, IndexSettings, IndexWriter, TantivyDocument, TantivyError};

use super::IndexError;
use super::base::Base;
use super::commit::Payload;
use super::directory::Folder;
use super::document::document;
use super::home::{Home, sync_dir};
use super::layout::{Fields, schema};
use super::manifest::Manifest;
use super::reader::{VOCABULARY, register};
use super::run::Pending;
use super::summary::Found;
use super::writer::{IndexOptions, Stop};
use crate::annotate::{Annotator, Knowledge};
use crate::vocabulary::Vocabulary;

/// Bytes of a compressed block of the document store: small ones are read faster.
const STORE_BLOCK: usize = 4096;
/// Segments with a larger share of dead reports are merged: all that have any, for they would count in the rarity of
/// words, and so in the rank of reports.
const DEAD: f32 = f32::MIN_POSITIVE;
/// What tantivy needs at least to write, in bytes.
const LEAST_MEMORY: usize = 16 << 20;
/// What one thread of tantivy can use at most, in bytes.
const MOST_MEMORY: usize = 4000 << 20;
/// Threads that analyse at most: beyond, they only wait for the one that writes.
const MOST_THREADS: usize = 64;

/// How tantivy is to store what is written.
pub(super) fn settings() -> IndexSettings {
    IndexSettings { docstore_blocksize: STORE_BLOCK, ..IndexSettings::default() }
}

/// What annotation found in reports, by their ids.
pub(super) type Survey = Vec<(String, Found)>;

/// The generation that a run writes.
pub(super) struct Target {
    generation: PathBuf,
    /// Whether the generation is new, to be swapped in or thrown away.
    fresh: bool,
    writer: IndexWriter,
    fields: Fields,
    pool: rayon::ThreadPool,
    knowledge: Arc<Knowledge>,
    stop: Option<Stop>,
}

impl Target {
    pub(super) fn open(
        home: &Home,
        old: Option<PathBuf>,
        knowledge: Arc<Knowledge>,
        options: &IndexOptions,
    ) -> Result<Self, IndexError> {
        let vocabulary = knowledge.vocabulary();
        let fresh = old.is_none();
        let generation = old.map_or_else(|| home.new_generation(), Ok)?;
        let (schema, fields) = schema();
        let folder = Folder::open(&generation).map_err(TantivyError::from)?;
        let index = if fresh { Index::create(folder, schema, settings())? } else { Index::open(folder)? };
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
        let writer: IndexWriter = index.writer_with_options(writing)?;
        if !fresh {
            // What a run left that was killed while it committed has the names that this one would give its own.
            writer.garbage_collect_files().wait()?;
        }
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(DEAD);
        writer.set_merge_policy(Box::new(policy));
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(options.threads.min(MOST_THREADS))
            .build()
            .map_err(|error| IndexError::io(home.dir(), std::io::Error::other(error)))?;
        let stop = options.stop.clone();
        Ok(Self { generation, fresh, writer, fields, pool, knowledge, stop })
    }

    /// Analyses a batch side by side and writes it in order. Tells what annotation found.
    pub(super) fn write(&mut self, batch: Vec<Pending>) -> Result<Survey, IndexError> {
        let (fields, knowledge) = (&self.fields, &self.knowledge);
        let stopped = || self.stop.as_ref().is_some_and(|stop| stop.load(Ordering::Relaxed));
        let documents: Vec<(Pending, Found, serde_json::Result<TantivyDocument>)> = self.pool.install(|| {
            batch
                .into_par_iter()
                .map_init(
                    || Annotator::new(Arc::clone(knowledge)),
                    |annotator, pending| {
                        if stopped() {
                            return None;
                        }
                        let annotated = annotator.annotate(&pending.report);
                        let doc = document(&annotated, pending.hash, &pending.origin, pending.commit, fields);
                        let found = Found::of(&annotated);
                        drop(annotated);
                        Some((pending, found, doc))
                    },
                )
                .while_some()
                .collect()
        });
        if stopped() {
            return Err(IndexError::Stopped);
        }
        let mut survey = Survey::with_capacity(documents.len());
        for (pending, found, doc) in documents {
            let doc = doc.map_err(|error| IndexError::io(&self.generation, error.into()))?;
            if pending.replaces {
                self.delete(&pending.report.id);
            }
            self.writer.add_document(doc)?;
            survey.push((pending.report.id, found));
        }
        Ok(survey)
    }

    pub(super) fn delete(&self, id: &str) {
        self.writer.delete_term(Term::from_field_text(self.fields.id, id));
    }

    /// Makes what was written the index, with the manifest of the files that it was made of. Gives what went wrong once
    /// that was done.
    ///
    /// # Errors
    /// If it cannot be done; the index is then as it was.
    pub(super) fn commit(
        mut self,
        home: &Home,
        mut payload: Payload,
        manifest: &Manifest,
        base: &Base,
    ) -> Result<Option<IndexError>, IndexError> {
        let prepared = manifest.write(&self.generation, base).map_err(|error| IndexError::io(&self.generation, error));
        let prepared = prepared.and_then(|name| {
            payload.manifest = Some(name);
            let mut commit = self.writer.prepare_commit()?;
            commit.set_payload(&payload.to_json());
            Ok(commit.commit()?)
        });
        if let Err(error) = prepared {
            self.abandon(home);
            return Err(error);
        }
        let merged = self.writer.wait_merging_threads().map_err(IndexError::from);
        Manifest::remove_others(&self.generation, payload.manifest.as_deref());
        let settled = sync_dir(&self.generation).map_err(|error| IndexError::io(&self.generation, error));
        let settled = merged.and(settled);
        if self.fresh {
            settled?;
            home.swap(&self.generation)?;
            return Ok(None);
        }
        home.remove_others(Some(&self.generation));
        Ok(settled.err())
    }

    /// Leaves the old index as it was.
    pub(super) fn abandon(mut self, home: &Home) {
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

/// What annotation finds in reports that are not written.
pub(super) fn survey(knowledge: &Arc<Knowledge>, reports: &[Pending]) -> Survey {
    let mut annotator = Annotator::new(Arc::clone(knowledge));
    let found = reports.iter().map(|pending| &pending.report);
    found.map(|report| (report.id.clone(), Found::of(&annotator.annotate(report)))).collect()
}
