//! The generation that a run writes: made or opened, filled, and committed or abandoned.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::schema::{Document, Term};
use tantivy::store::Compressor;
use tantivy::{Index, IndexSettings, IndexWriter, TantivyDocument, TantivyError};

use super::IndexError;
use super::base::Base;
use super::commit::Payload;
use super::directory::Folder;
use super::home::{Home, sync_dir};
use super::layout::{Fields, schema};
use super::manifest::Manifest;
use super::pipeline::Share;
use super::reader::{VOCABULARY, register};
use super::totals;
use super::writer::IndexOptions;
use crate::vocabulary::Vocabulary;

/// Bytes of a block of the document store, which holds reports that are packed already: small ones are read faster.
const STORE_BLOCK: usize = 4096;
/// Segments with a larger share of dead reports are merged: all that have any, for they would count in the rarity of
/// words, and so in the rank of reports.
const DEAD: f32 = f32::MIN_POSITIVE;
/// What tantivy needs at least to write, in bytes: less is not used.
pub(super) const LEAST_MEMORY: usize = 16 << 20;
/// What one thread of tantivy can use at most, in bytes.
const MOST_MEMORY: usize = 4000 << 20;

/// How tantivy is to store what is written.
pub(super) fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::None,
        docstore_compress_dedicated_thread: false,
        docstore_blocksize: STORE_BLOCK,
        ..IndexSettings::default()
    }
}

/// A document on its way to tantivy, which keeps it in memory until it has written it.
pub(super) struct Queued {
    document: TantivyDocument,
    _share: Arc<Share>,
}

impl Queued {
    /// A document that takes part in a share of what may be under way.
    pub(super) fn new(document: TantivyDocument, share: &Arc<Share>) -> Self {
        Self { document, _share: Arc::clone(share) }
    }
}

impl Document for Queued {
    type Value<'a> = <TantivyDocument as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <TantivyDocument as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.document.iter_fields_and_values()
    }
}

/// The generation that a run writes.
pub(super) struct Target {
    generation: PathBuf,
    /// Whether the generation is new, to be swapped in or thrown away.
    fresh: bool,
    writer: IndexWriter<Queued>,
    fields: Fields,
}

impl Target {
    pub(super) fn open(
        home: &Home,
        old: Option<PathBuf>,
        vocabulary: &Vocabulary,
        options: &IndexOptions,
    ) -> Result<Self, IndexError> {
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
        let writer = index.writer_with_options(writing)?;
        if !fresh {
            // What a run left that was killed while it committed has the names that this one would give its own.
            writer.garbage_collect_files().wait()?;
        }
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(DEAD);
        writer.set_merge_policy(Box::new(policy));
        Ok(Self { generation, fresh, writer, fields })
    }

    /// The fields of the documents that it takes.
    pub(super) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Writes a document in the place of that of its id, if there may be one.
    pub(super) fn write(&self, id: &str, replaces: bool, document: Queued) -> Result<(), IndexError> {
        if replaces {
            self.delete(id);
        }
        self.writer.add_document(document)?;
        Ok(())
    }

    pub(super) fn delete(&self, id: &str) {
        self.writer.delete_term(Term::from_field_text(self.fields.id, id));
    }

    /// Makes what was written the index, with the manifest of the files that it was made of. Gives what went wrong once
    /// that was done. `go_on` is asked once everything is written, right before that holds.
    ///
    /// # Errors
    /// If it cannot be done or is not to go on; the index is then as it was.
    pub(super) fn commit(
        mut self,
        home: &Home,
        mut payload: Payload,
        manifest: &Manifest,
        base: &Base,
        go_on: impl FnOnce() -> Result<(), IndexError>,
    ) -> Result<Option<IndexError>, IndexError> {
        let prepared = manifest.write(&self.generation, base).map_err(|error| IndexError::io(&self.generation, error));
        let prepared = prepared.and_then(|name| {
            payload.manifest = Some(name);
            let mut commit = self.writer.prepare_commit()?;
            go_on()?;
            commit.set_payload(&payload.to_json());
            Ok(commit.commit()?)
        });
        if let Err(error) = prepared {
            self.abandon(home);
            return Err(error);
        }
        let index = self.writer.index().clone();
        let merged = self.writer.wait_merging_threads().map_err(IndexError::from);
        Manifest::remove_others(&self.generation, payload.manifest.as_deref());
        // Counts that cannot be kept are counted when they are asked for.
        let kept = merged.map(|()| {
            let kept = totals::keep(&index, &self.generation, &self.fields, payload);
            kept.err().map(|error| IndexError::Uncounted(Box::new(error)))
        });
        let settled = sync_dir(&self.generation).map_err(|error| IndexError::io(&self.generation, error));
        let settled = kept.and_then(|uncounted| settled.map(|()| uncounted));
        if self.fresh {
            let uncounted = settled?;
            home.swap(&self.generation)?;
            return Ok(uncounted);
        }
        home.remove_others(Some(&self.generation));
        Ok(settled.unwrap_or_else(Some))
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
