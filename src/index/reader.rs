//! Opening an index, and reading reports back.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use tantivy::collector::TopDocs;
use tantivy::columnar::Column;
use tantivy::index::SegmentComponent;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Term, Value};
use tantivy::{DocAddress, Index, ReloadPolicy, Searcher, TantivyDocument, TantivyError};

use super::IndexError;
use super::commit::{Payload, Versions};
use super::directory::Folder;
use super::document::read_id;
use super::home::{Home, Stamp};
use super::identity::{Before, Known};
use super::kept::Kept;
use super::layout::{Fields, column, schema};
use super::record::{Record, unpack};
use super::terms::{PackedTokenizer, TOKENIZER};
use super::totals::Stored;
use crate::vocabulary::Vocabulary;

/// The file of a generation that holds its vocabulary, where that is not the built-in one.
pub(super) const VOCABULARY: &str = "vocabulary";

/// Registers the tokenizer under the name that the layout uses.
pub(crate) fn register(index: &Index) {
    index.tokenizers().register(TOKENIZER, PackedTokenizer::default());
}

/// The files that every segment has.
pub(super) const FILES: [SegmentComponent; 6] = [
    SegmentComponent::FastFields,
    SegmentComponent::FieldNorms,
    SegmentComponent::Positions,
    SegmentComponent::Postings,
    SegmentComponent::Store,
    SegmentComponent::Terms,
];

/// Characters of a reason that are told; tantivy's may quote a whole file.
const REASON: usize = 160;

/// A reason that fits on a line.
pub(super) fn shorten(why: &str) -> String {
    let mut short: String = why.chars().take(REASON).collect();
    if short.len() < why.len() {
        short.push('…');
    }
    short
}

/// An open index. Sees the commit that was current when it was opened.
pub struct IndexReader {
    dir: PathBuf,
    generation: PathBuf,
    searcher: Searcher,
    fields: Fields,
    /// What the commit says of itself.
    payload: Payload,
    vocabulary: OnceLock<Arc<Vocabulary>>,
    /// The state of the directory when it was opened.
    stamp: Stamp,
    pub(super) kept: Kept,
}

impl IndexReader {
    /// Opens the index of a directory.
    ///
    /// # Errors
    /// If there is none, if another version of vigie or of its tables wrote it, or if it is damaged.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        let home = Home::new(dir);
        let mut before = home.stamp();
        loop {
            let opened = home
                .current()
                .and_then(|generation| generation.ok_or_else(|| IndexError::Missing(dir.to_owned())))
                .and_then(|generation| Self::open_generation(dir, &generation));
            // A writer that swaps generations removes the old one afterwards, one that commits the files of segments
            // that were merged: what was opened meanwhile may lack files, or be of two commits.
            let after = home.stamp();
            if after == before {
                return opened.map(|opened| Self { stamp: after, ..opened });
            }
            before = after;
        }
    }

    fn open_generation(dir: &Path, generation: &Path) -> Result<Self, IndexError> {
        let damaged = |why: String| IndexError::Damaged { dir: dir.to_owned(), why: shorten(&why) };
        let opening = |error: TantivyError| IndexError::opening(dir, generation, &error);
        let folder = Folder::open(generation).map_err(|error| opening(error.into()))?;
        let index = Index::open(folder).map_err(opening)?;
        let payload = index
            .load_metas()
            .map_err(opening)?
            .payload
            .ok_or_else(|| damaged("its commit says nothing of itself".to_owned()))?;
        let found: Payload = serde_json::from_str(&payload).map_err(|error| damaged(error.to_string()))?;
        let (there, here) = (&found.versions, Versions::now(Vocabulary::builtin(), found.versions.annotated()));
        let (expected, fields) = schema();
        // An index of other tables brings them along.
        let vocabulary = (there.vocabulary != here.vocabulary).then(|| generation.join(VOCABULARY));
        let other = (there.format, &there.chain, there.annotation) != (here.format, &here.chain, here.annotation);
        if other || index.schema() != expected || vocabulary.as_ref().is_some_and(|file| !file.exists()) {
            return Err(IndexError::Version { dir: dir.to_owned(), found: there.told(), expected: here.told() });
        }
        register(&index);
        for segment in index.searchable_segment_metas().map_err(opening)? {
            // Tantivy takes a file of positions that it cannot open for an empty one.
            for path in FILES.iter().map(|kind| segment.relative_path(kind.clone())) {
                match File::open(generation.join(&path)) {
                    Ok(_) => {}
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {
                        return Err(damaged(format!("{} is not there", path.display())));
                    }
                    Err(error) => return Err(IndexError::io(&generation.join(path), error)),
                }
            }
        }
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let reader: tantivy::IndexReader = reader.map_err(opening)?;
        for segment in reader.searcher().segment_readers() {
            segment.get_store_reader(0).map_err(|error| damaged(error.to_string()))?;
        }
        let counts = found.counts.as_deref().map(|name| Stored::open(generation, name));
        let vocabulary = OnceLock::new();
        Ok(Self {
            dir: dir.to_owned(),
            generation: generation.to_owned(),
            searcher: reader.searcher(),
            fields,
            payload: found,
            vocabulary,
            stamp: Stamp::default(),
            kept: Kept::with(counts),
        })
    }

    /// Whether the index is still as it was when it was opened. An index that was removed counts as another.
    #[must_use]
    pub fn is_current(&self) -> bool {
        Home::new(&self.dir).stamp() == self.stamp
    }

    /// The names that the reports were annotated with; read when they are first asked for.
    ///
    /// # Errors
    /// If the index brings its own, and they cannot be read.
    pub fn vocabulary(&self) -> Result<Arc<Vocabulary>, IndexError> {
        if let Some(known) = self.vocabulary.get() {
            return Ok(Arc::clone(known));
        }
        let builtin = Vocabulary::builtin();
        let found = if self.payload.versions.vocabulary == builtin.fingerprint() {
            Arc::clone(builtin)
        } else {
            let path = self.generation.join(VOCABULARY);
            let bytes = std::fs::read(&path).map_err(|error| IndexError::io(&path, error))?;
            let found = Vocabulary::from_bytes(bytes)
                .ok()
                .filter(|found| found.fingerprint() == self.payload.versions.vocabulary);
            let why = || format!("{} is not what was written", path.display());
            Arc::new(found.ok_or_else(|| IndexError::Damaged { dir: self.dir.clone(), why: why() })?)
        };
        Ok(Arc::clone(self.vocabulary.get_or_init(|| found)))
    }

    /// Makes sure that the reports were annotated with a given vocabulary.
    ///
    /// # Errors
    /// If it was another.
    pub(crate) fn expect_vocabulary(&self, given: &Vocabulary) -> Result<(), IndexError> {
        if given.fingerprint() == self.payload.versions.vocabulary {
            return Ok(());
        }
        let (found, given) = (self.payload.versions.vocabulary.clone(), given.fingerprint().to_owned());
        Err(IndexError::Vocabulary { dir: self.dir.clone(), found, given })
    }

    /// Whether names and dates were looked for in the texts of the reports; else they have what their records give.
    #[must_use]
    pub fn annotated(&self) -> bool {
        self.payload.versions.annotated()
    }

    /// The directory of the index, and that of the generation that is open.
    pub(crate) fn places(&self) -> (&Path, &Path) {
        (&self.dir, &self.generation)
    }

    pub(crate) fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }

    /// What the commit says of itself.
    pub(super) fn payload(&self) -> &Payload {
        &self.payload
    }

    /// The digest of the index: 32 hex digits over the versions and over the id and content of every report. The same
    /// for the same reports, vocabulary and version, however the index came to hold them.
    #[must_use]
    pub fn digest(&self) -> &str {
        self.payload.digest()
    }

    /// The digest as the reports of the index give it, to be compared with what the commit says.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn recompute_digest(&self) -> Result<String, IndexError> {
        let known = self.known()?;
        Ok(self.payload.versions.digest(known.iter().map(|(id, known)| (id.as_str(), known.hash))))
    }

    /// How many reports the index holds.
    #[must_use]
    pub fn reports(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Every report's id and content hash, in no order that means anything.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn contents(&self) -> Result<Vec<(String, u64)>, IndexError> {
        Ok(self.known()?.into_iter().map(|(id, known)| (id, known.hash)).collect())
    }

    /// Every report's id, content hash, origin and commit.
    ///
    /// # Errors
    /// If the columns cannot be read.
    pub(super) fn known(&self) -> Result<Vec<(String, Known)>, IndexError> {
        let mut found = Vec::new();
        for segment in self.searcher.segment_readers() {
            let columns = segment.fast_fields();
            let [ids, hashes, origins, commits] =
                [column::ID, column::HASH, column::ORIGIN, column::COMMIT].map(|name| columns.u64(name));
            let (ids, hashes, origins, commits) = (ids?, hashes?, origins?, commits?);
            let days = columns.i64(column::FIRST_DAY)?;
            let number = |column: &Column<u64>, doc| column.first(doc).unwrap_or(0);
            found.extend(segment.doc_ids_alive().map(|doc| {
                let (hash, origin) = (number(&hashes, doc), number(&origins, doc));
                let before = Some(Before { hash, origin, commit: number(&commits, doc) });
                let dated = days.first(doc).is_some();
                (read_id(&ids, doc), Known { hash, origin, seen: None, before, dated })
            }));
        }
        Ok(found)
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
        let stored = doc.get_first(self.fields.stored).and_then(|value| value.as_bytes()).unwrap_or_default();
        unpack(stored).map_err(|why| IndexError::Damaged { dir: self.dir.clone(), why })
    }
}

/// A report as tests of the search give it: by the terms of its parts, one a position.
#[cfg(test)]
#[derive(Clone, Debug, Default)]
pub(crate) struct OfTerms<'t> {
    pub(crate) title: Vec<&'t str>,
    pub(crate) text: Vec<&'t str>,
    /// The facet of a group, as the index writes it.
    pub(crate) group: Option<&'t str>,
    pub(crate) day: Option<chrono::NaiveDate>,
}

#[cfg(test)]
impl IndexReader {
    /// An index in memory, of reports that are given by title and text, with the ids `r0`, `r1` and so on.
    pub(crate) fn of_texts(reports: &[(&str, &str)]) -> Self {
        use crate::annotate::{Annotator, Knowledge};
        use crate::report::Report;

        let report = |(at, (title, text)): (usize, &(&str, &str))| Report {
            id: format!("r{at}"),
            title: Some((*title).to_owned()).filter(|title| !title.is_empty()),
            text: (*text).to_owned(),
            ..Report::default()
        };
        let reports: Vec<Report> = reports.iter().enumerate().map(report).collect();
        let mut annotator = Annotator::new(Arc::new(Knowledge::new(Arc::clone(Vocabulary::builtin()))));
        let annotated: Vec<_> = reports.iter().map(|report| annotator.annotate(report)).collect();
        Self::of(&annotated)
    }

    /// An index in memory, of reports that were annotated by hand.
    pub(crate) fn of(annotated: &[crate::annotate::Annotated<'_>]) -> Self {
        Self::of_segments(&[annotated], &[])
    }

    /// An index in memory, of reports that were annotated by hand, by segment, of which those of some ids were dropped.
    pub(crate) fn of_segments(segments: &[&[crate::annotate::Annotated<'_>]], dropped: &[String]) -> Self {
        let fields = schema().1;
        let origin = super::identity::Origin::default();
        let mut packer = super::record::Packer::new().unwrap();
        let mut document =
            |annotated| super::document::document(annotated, 0, &origin, 1, &fields, &mut packer).unwrap();
        Self::of_documents_without(segments.iter().map(|segment| segment.iter().map(&mut document).collect()), dropped)
    }

    /// An index in memory, of documents as they are.
    pub(crate) fn of_documents(documents: impl Iterator<Item = TantivyDocument>) -> Self {
        Self::of_documents_without(std::iter::once(documents.collect()), &[])
    }

    /// An index in memory, of reports that are given by their terms, by segment, with the ids `r0`, `r1` and so on, of which
    /// some were dropped.
    pub(crate) fn of_terms(segments: &[&[OfTerms<'_>]], dropped: &[String]) -> Self {
        let fields = schema().1;
        let mut ids = 0..;
        let mut document = |report: &OfTerms<'_>| {
            let mut document = TantivyDocument::new();
            ids.by_ref().take(1).for_each(|at: usize| document.add_text(fields.id, format!("r{at}")));
            document.add_text(fields.body, super::terms::pack_terms(&report.text));
            if !report.title.is_empty() {
                document.add_text(fields.title, super::terms::pack_terms(&report.title));
            }
            report.group.iter().for_each(|group| document.add_facet(fields.group, *group));
            report.day.iter().for_each(|day| document.add_i64(fields.days.day, super::day_number(*day)));
            document
        };
        Self::of_documents_without(segments.iter().map(|segment| segment.iter().map(&mut document).collect()), dropped)
    }

    /// An index in memory, of documents as they are, by segment, but for those of some ids, which are marked as dropped.
    pub(super) fn of_documents_without(
        segments: impl Iterator<Item = Vec<TantivyDocument>>,
        dropped: &[String],
    ) -> Self {
        let (schema, fields) = schema();
        let index = Index::create_in_ram(schema);
        register(&index);
        let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
        writer.set_merge_policy(Box::new(tantivy::indexer::NoMergePolicy));
        for documents in segments {
            for document in documents {
                writer.add_document(document).unwrap();
            }
            writer.commit().unwrap();
        }
        if !dropped.is_empty() {
            for id in dropped {
                writer.delete_term(Term::from_field_text(fields.id, id));
            }
            writer.commit().unwrap();
        }
        Self {
            dir: PathBuf::new(),
            generation: PathBuf::new(),
            searcher: index.reader().unwrap().searcher(),
            fields,
            payload: Payload { versions: Versions::now(Vocabulary::builtin(), true), ..Payload::default() },
            vocabulary: OnceLock::new(),
            stamp: Stamp::default(),
            kept: Kept::default(),
        }
    }
}
