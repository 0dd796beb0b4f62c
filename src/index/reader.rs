//! Opening an index, and reading reports back.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Term, Value};
use tantivy::{DocAddress, Index, ReloadPolicy, Searcher, TantivyDocument};

use super::IndexError;
use super::document::{Record, read_id};
use super::home::Home;
use super::layout::{FORMAT_VERSION, Fields, column, schema};
use super::terms::{PackedTokenizer, TOKENIZER};
use crate::french::Analyzer;

/// What a commit says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payload {
    /// Version of the layout.
    format: u32,
    /// Version of the analysis chain and hash of its tables.
    chain: String,
    /// Reports at the commit.
    pub(crate) reports: u64,
}

impl Payload {
    /// That of an index which this program writes.
    pub(crate) fn now(reports: u64) -> Self {
        Self { format: FORMAT_VERSION, chain: Analyzer::fingerprint(), reports }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// What has to agree, for people.
    fn version(&self) -> String {
        format!("format {}, analysis {}", self.format, self.chain)
    }
}

/// Registers the tokenizer under the name that the layout uses.
pub(crate) fn register(index: &Index) {
    index.tokenizers().register(TOKENIZER, PackedTokenizer::default());
}

/// How much an index holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Reports.
    pub reports: u64,
    /// Passages of those reports.
    pub passages: u64,
    /// Bytes of all files.
    pub bytes: u64,
}

/// An open index. Sees the commit that was current when it was opened.
pub struct IndexReader {
    dir: PathBuf,
    generation: PathBuf,
    searcher: Searcher,
    fields: Fields,
}

impl IndexReader {
    /// Opens the index of a directory.
    ///
    /// # Errors
    /// If there is none, if another version of vigie or of its tables wrote it, or if it is damaged.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        let home = Home::new(dir);
        loop {
            let generation = home.current()?.ok_or_else(|| IndexError::Missing(dir.to_owned()))?;
            match Self::open_generation(dir, generation.clone()) {
                // A writer swapped generations between two steps of opening one.
                Err(_) if home.current()?.is_some_and(|now| now != generation) => {}
                opened => return opened,
            }
        }
    }

    fn open_generation(dir: &Path, generation: PathBuf) -> Result<Self, IndexError> {
        let damaged = |why: String| IndexError::Damaged { dir: dir.to_owned(), why };
        let index = Index::open_in_dir(&generation).map_err(|error| damaged(error.to_string()))?;
        let payload =
            index.load_metas()?.payload.ok_or_else(|| damaged("its commit says nothing of itself".to_owned()))?;
        let found: Payload = serde_json::from_str(&payload).map_err(|error| damaged(error.to_string()))?;
        let here = Payload::now(found.reports);
        let (expected, fields) = schema();
        if found != here || index.schema() != expected {
            return Err(IndexError::Version { dir: dir.to_owned(), found: found.version(), expected: here.version() });
        }
        register(&index);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { dir: dir.to_owned(), generation, searcher: reader.searcher(), fields })
    }

    /// The directory it was opened with.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Counts what is there.
    ///
    /// # Errors
    /// If files cannot be read.
    pub fn counts(&self) -> Result<Counts, IndexError> {
        let mut passages = 0;
        for segment in self.searcher.segment_readers() {
            let column = segment.fast_fields().u64(column::PASSAGE)?;
            passages += segment
                .doc_ids_alive()
                .map(|doc| (column.values_for_doc(doc).count() as u64).saturating_sub(1))
                .sum::<u64>();
        }
        let io = |error| IndexError::io(&self.generation, error);
        let mut bytes = 0;
        for entry in std::fs::read_dir(&self.generation).map_err(io)? {
            bytes += entry.and_then(|entry| entry.metadata()).map_err(io)?.len();
        }
        Ok(Counts { reports: self.searcher.num_docs(), passages, bytes })
    }

    /// Every report's id and content hash.
    pub(crate) fn hashes(&self) -> Vec<(String, u64)> {
        let mut found = Vec::new();
        for segment in self.searcher.segment_readers() {
            let columns = segment.fast_fields();
            if let (Ok(ids), Ok(hashes)) = (columns.u64(column::ID), columns.u64(column::HASH)) {
                found.extend(segment.doc_ids_alive().map(|doc| (read_id(&ids, doc), hashes.first(doc).unwrap_or(0))));
            }
        }
        found
    }

    /// The stored record and text of the report of an id.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn report(&self, id: &str) -> Result<Option<(Record, String)>, IndexError> {
        let query = TermQuery::new(Term::from_field_text(self.fields.id, id), IndexRecordOption::Basic);
        let found = self.searcher.search(&query, &TopDocs::with_limit(1).order_by_score())?;
        found.first().map(|&(_, address)| self.stored(address)).transpose()
    }

    /// The stored record and text of a document.
    ///
    /// # Errors
    /// If the index cannot be read, or holds something that no vigie wrote.
    pub(crate) fn stored(&self, address: DocAddress) -> Result<(Record, String), IndexError> {
        let doc: TantivyDocument = self.searcher.doc(address)?;
        let text = |field| doc.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        let record = serde_json::from_str(text(self.fields.record))
            .map_err(|error| IndexError::Damaged { dir: self.dir.clone(), why: error.to_string() })?;
        Ok((record, text(self.fields.text).to_owned()))
    }
}
