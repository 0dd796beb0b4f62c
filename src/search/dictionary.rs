//! What the index knows of words: how many reports have a term, and which terms begin or are spelled like one.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::SegmentReader;
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, Term};

use crate::index::{IndexError, IndexReader};
use crate::query::Part;

/// Terms that are remembered: far more than a query asks for.
const REMEMBERED: usize = 1 << 14;

/// The terms of an open index. One query asks for the same terms again and again, and a batch for those of other
/// queries, so that it remembers what it was asked for.
pub(super) struct Dictionary<'i> {
    reader: &'i IndexReader,
    known: RefCell<FxHashMap<String, Entries>>,
}

/// What each field that was asked for has of a term.
type Entries = Vec<(Field, Arc<Entry>)>;

/// What the index has of a term in a field.
pub(super) struct Entry {
    /// Where its postings stand, by segment.
    pub(super) postings: Vec<Option<TermInfo>>,
    /// In how many reports it stands, deleted ones too until they are merged away.
    pub(super) reports: u64,
}

/// Exact terms, and how many reports have each.
pub(super) type Terms = BTreeMap<String, u64>;

/// How often a term is found: in how many reports, and in the leads of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Frequency {
    pub(super) reports: u64,
    pub(super) leads: u64,
}

impl<'i> Dictionary<'i> {
    pub(super) fn new(reader: &'i IndexReader) -> Self {
        Self { reader, known: RefCell::default() }
    }

    /// The index.
    pub(super) fn reader(&self) -> &'i IndexReader {
        self.reader
    }

    /// In how many reports, deleted ones too until they are merged away, a term stands.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn frequency(&self, term: &str, part: Option<Part>) -> Result<Frequency, IndexError> {
        let reports = self.reports(term, part)?;
        let leads =
            if part == Some(Part::Title) { reports } else { self.entry(self.reader.fields().lead, term)?.reports };
        Ok(Frequency { reports, leads })
    }

    /// In how many reports a term stands, as [`Dictionary::frequency`] tells it.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn reports(&self, term: &str, part: Option<Part>) -> Result<u64, IndexError> {
        let fields = self.reader.fields();
        let body = if part == Some(Part::Title) { 0 } else { self.entry(fields.body, term)?.reports };
        let title = if part == Some(Part::Text) { 0 } else { self.entry(fields.title, term)?.reports };
        Ok(body.max(title))
    }

    /// What the index has of a term in a field.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn entry(&self, field: Field, term: &str) -> tantivy::Result<Arc<Entry>> {
        let mut known = self.known.borrow_mut();
        let mut entries = known.get(term).into_iter().flatten();
        if let Some((_, entry)) = entries.find(|(known, _)| *known == field) {
            return Ok(Arc::clone(entry));
        }
        let asked = Term::from_field_text(field, term);
        let info = |segment: &SegmentReader| Ok(segment.inverted_index(field)?.get_term_info(&asked)?);
        let segments = self.reader.searcher().segment_readers().iter();
        let postings = segments.map(info).collect::<tantivy::Result<Vec<Option<TermInfo>>>>()?;
        let reports = postings.iter().flatten().map(|info| u64::from(info.doc_freq)).sum();
        let entry = Arc::new(Entry { postings, reports });
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.entry(term.to_owned()).or_default().push((field, Arc::clone(&entry)));
        Ok(entry)
    }

    /// The exact terms that begin so, and how many reports have each.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn beginning(&self, prefix: &str) -> Result<Terms, IndexError> {
        let mut after = prefix.as_bytes().to_vec();
        after.push(0xff);
        let mut found = Terms::new();
        for field in self.words() {
            let mut here = Terms::new();
            for segment in self.reader.searcher().segment_readers() {
                let inverted = segment.inverted_index(field)?;
                let stream = inverted.terms().range().ge(prefix).lt(&after).into_stream();
                let mut stream = stream.map_err(tantivy::TantivyError::from)?;
                while stream.advance() {
                    add(&mut here, stream.key(), stream.value().doc_freq);
                }
            }
            merge(&mut found, here);
        }
        Ok(found)
    }

    /// The exact terms at most so many edits (0 to 2) of one character away, two swapped ones being one edit, and how
    /// many reports have each.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn near(&self, word: &str, edits: u8) -> Result<Terms, IndexError> {
        let mut found = Terms::new();
        for field in self.words() {
            let mut here = Terms::new();
            for segment in self.reader.searcher().segment_readers() {
                let automaton =
                    FuzzyTermQuery::new(Term::from_field_text(field, word), edits.min(2), true).automaton()?;
                let inverted = segment.inverted_index(field)?;
                let stream = inverted.terms().search(automaton).into_stream();
                let mut stream = stream.map_err(tantivy::TantivyError::from)?;
                while stream.advance() {
                    add(&mut here, stream.key(), stream.value().doc_freq);
                }
            }
            merge(&mut found, here);
        }
        Ok(found)
    }

    fn words(&self) -> [Field; 2] {
        [self.reader.fields().body, self.reader.fields().title]
    }
}

/// Adds an exact term; stems and names, which stand behind a sign, are none.
fn add(found: &mut Terms, term: &[u8], reports: u32) {
    if let Ok(term) = std::str::from_utf8(term)
        && !term.starts_with(['~', '@'])
    {
        *found.entry(term.to_owned()).or_default() += u64::from(reports);
    }
}

/// Joins the terms of two fields, which one report may have both.
fn merge(found: &mut Terms, field: Terms) {
    for (term, reports) in field {
        let known = found.entry(term).or_default();
        *known = reports.max(*known);
    }
}
