//! Reports against what the index holds of them: each is made anew from its stored text and record, and compared.

use std::collections::BTreeSet;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::{Facet, Field, FieldType, Schema, Value};
use tantivy::store::StoreReader;
use tantivy::tokenizer::{FacetTokenizer, TokenStream, Tokenizer};
use tantivy::{SegmentReader, TantivyDocument};

use super::super::document::{content_hash, indexed, read_id};
use super::super::identity::Origin;
use super::super::layout::{Fields, column};
use super::super::reader::IndexReader;
use super::super::record::{Record, unpack};
use super::super::stored::StoredReport;
use super::Fault;
use super::postings::{Sums, indexing, sum};
use crate::annotate::{Annotator, Knowledge};

/// Reports that are checked by one thread at a time.
pub(super) const CHUNK: usize = 256;
/// Blocks of stored text that are kept while reports are read in their order.
const BLOCKS: usize = 2;
/// Bytes beyond which tantivy leaves a term out.
const LONGEST_TERM: usize = u16::MAX as usize - 5;

/// What came of some reports.
pub(super) struct Checked {
    /// Their ids.
    pub(super) ids: Vec<String>,
    pub(super) passages: u64,
    pub(super) faults: Vec<Fault>,
}

/// What is needed to check the reports of a segment.
struct Desk<'s> {
    segment: &'s SegmentReader,
    schema: &'s Schema,
    fields: &'s Fields,
    sums: &'s Sums,
    store: StoreReader,
    annotator: Annotator,
}

/// Checks some reports of a segment.
///
/// # Errors
/// If columns or the store cannot be read at all, with the reason.
pub(super) fn check(
    reader: &IndexReader,
    segment: &SegmentReader,
    docs: &[u32],
    sums: &Sums,
    knowledge: &Arc<Knowledge>,
) -> Result<Checked, String> {
    let why = |error: tantivy::TantivyError| error.to_string();
    let store = segment.get_store_reader(BLOCKS).map_err(|error| error.to_string())?;
    let ids = segment.fast_fields().u64(column::ID).map_err(why)?;
    let mut desk = Desk {
        segment,
        schema: reader.searcher().schema(),
        fields: reader.fields(),
        sums,
        store,
        annotator: Annotator::new(Arc::clone(knowledge)).looking(reader.annotated()),
    };
    let mut checked = Checked { ids: Vec::new(), passages: 0, faults: Vec::new() };
    for &doc in docs {
        let id = read_id(&ids, doc);
        match desk.read(doc) {
            Ok((record, text)) => {
                checked.passages += record.passages.len() as u64;
                let faults = desk.check(doc, &id, &record, text).unwrap_or_else(|error| vec![why(error)]);
                checked.faults.extend(faults.into_iter().map(|what| Fault::report(&id, what)));
            }
            Err(what) => checked.faults.push(Fault::report(&id, what)),
        }
        checked.ids.push(id);
    }
    Ok(checked)
}

impl Desk<'_> {
    /// The stored record and text of a report.
    fn read(&self, doc: u32) -> Result<(Record, String), String> {
        let stored: TantivyDocument = self.store.get(doc).map_err(|error| format!("cannot be read: {error}"))?;
        let stored = stored.get_first(self.fields.stored).and_then(|value| value.as_bytes()).unwrap_or_default();
        unpack(stored).map_err(|error| format!("its record cannot be read: {error}"))
    }

    /// What is wrong with a report.
    fn check(
        &mut self,
        doc: u32,
        id: &str,
        record: &Record,
        text: String,
    ) -> Result<Vec<String>, tantivy::TantivyError> {
        let mut faults = Vec::new();
        ranges(record, &text, &mut faults);
        let report = StoredReport::of(id.to_owned(), record.clone(), text).report;
        let columns = self.segment.fast_fields();
        let number = |name: &str| Ok::<u64, tantivy::TantivyError>(columns.u64(name)?.first(doc).unwrap_or(0));
        let hash = content_hash(&report);
        if number(column::HASH)? != hash {
            faults.push("its content hash is not that of its text and record".to_owned());
        }
        let origin = Origin { hash: number(column::ORIGIN)?, file: record.file.clone() };
        let annotated = self.annotator.annotate(&report);
        let remade = Record::new(&annotated, &origin);
        let anew = indexed(&annotated, &remade, number(column::HASH)?, &origin, number(column::COMMIT)?, self.fields);
        for (field, entry) in self.schema.fields() {
            self.field(doc, field, entry.name(), entry.field_type(), &anew, &mut faults)?;
        }
        let parts = record.differences(&remade);
        faults.extend(parts.map(|part| format!("“{part}” of its record is not what its text gives")));
        Ok(faults)
    }

    /// Compares what one field of the index holds of a report with what it holds when it is made anew.
    fn field(
        &self,
        doc: u32,
        field: Field,
        name: &str,
        kind: &FieldType,
        anew: &TantivyDocument,
        faults: &mut Vec<String>,
    ) -> Result<(), tantivy::TantivyError> {
        let columns = self.segment.fast_fields();
        match kind {
            FieldType::U64(_) => {
                let want: Vec<u64> = anew.get_all(field).filter_map(|value| value.as_u64()).collect();
                let have: Vec<u64> = columns.u64(name)?.values_for_doc(doc).collect();
                numbers(name, &have, &want, faults);
            }
            FieldType::I64(_) => {
                let want: Vec<i64> = anew.get_all(field).filter_map(|value| value.as_i64()).collect();
                let have: Vec<i64> = columns.i64(name)?.values_for_doc(doc).collect();
                numbers(name, &have, &want, faults);
            }
            FieldType::Facet(_) => {
                let want = anew.get_all(field).filter_map(|value| value.as_facet().map(str::to_owned));
                let want: BTreeSet<Facet> =
                    want.filter_map(|text| Facet::from_encoded(text.into_bytes()).ok()).collect();
                let reader = self.segment.facet_reader(name)?;
                let mut have = BTreeSet::new();
                let mut facet = Facet::root();
                for ord in reader.facet_ords(doc) {
                    reader.facet_from_ord(ord, &mut facet)?;
                    have.insert(facet.clone());
                }
                if let Some(facet) = want.symmetric_difference(&have).next() {
                    let fault = if have.contains(facet) { "is there and should not be" } else { "is not there" };
                    faults.push(format!("in “{name}”, the facet {facet} {fault}"));
                }
                let mut terms = BTreeSet::new();
                let mut tokenizer = FacetTokenizer::default();
                for facet in &have {
                    let mut stream = tokenizer.token_stream(facet.encoded_str());
                    while let Some(token) = stream.next() {
                        terms.insert(token.text.clone());
                    }
                }
                let want = terms.iter().fold(0_u64, |total, term| total.wrapping_add(sum(term.as_bytes(), 0)));
                if want != self.sums.of(field, doc) {
                    faults.push(format!("the terms of “{name}” are not those of its facets"));
                }
            }
            FieldType::Str(_) => {
                if let Some(positions) = indexing(kind) {
                    self.words(doc, field, name, positions, anew, faults)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Compares the terms of a report in a field, with their positions, and their number.
    fn words(
        &self,
        doc: u32,
        field: Field,
        name: &str,
        positions: bool,
        anew: &TantivyDocument,
        faults: &mut Vec<String>,
    ) -> Result<(), tantivy::TantivyError> {
        let mut tokenizer = self.segment.index().tokenizer_for_field(field)?;
        let mut terms: Vec<(String, u32)> = Vec::new();
        let mut count = 0;
        for text in anew.get_all(field).filter_map(|value| value.as_str()) {
            let mut stream = tokenizer.token_stream(text);
            while let Some(token) = stream.next() {
                if token.text.len() <= LONGEST_TERM {
                    let position = if positions { u32::try_from(token.position).unwrap_or(u32::MAX) } else { 0 };
                    terms.push((token.text.clone(), position));
                    count += 1;
                }
            }
        }
        if !positions {
            terms.sort_unstable();
            terms.dedup();
        }
        let want = terms.iter().fold(0_u64, |total, (term, at)| total.wrapping_add(sum(term.as_bytes(), *at)));
        if want != self.sums.of(field, doc) {
            faults.push(if field == self.fields.id {
                "its id term is not that of its id column".to_owned()
            } else {
                let places = if positions { ", at their places," } else { "" };
                format!("the terms of “{name}”{places} are not those of its text")
            });
        }
        if let Some(norms) = self.segment.fieldnorms_readers().get_field(field)?
            && norms.fieldnorm_id(doc) != FieldNormReader::fieldnorm_to_id(count)
        {
            faults.push(format!("“{name}” has another length than its text"));
        }
        Ok(())
    }
}

/// Checks that the passages ascend, do not overlap, and lie inside the text on character boundaries.
fn ranges(record: &Record, text: &str, faults: &mut Vec<String>) {
    let mut last = 0;
    for (&(start, end), ordinal) in record.passages.iter().zip(1..) {
        let fault = if start >= end {
            "is empty or ends before it starts"
        } else if end > text.len() {
            "ends beyond the text"
        } else if start < last {
            "overlaps the one before"
        } else if !text.is_char_boundary(start) || !text.is_char_boundary(end) {
            "cuts a character"
        } else {
            last = end;
            continue;
        };
        faults.push(format!("passage {ordinal}, bytes {start} to {end}, {fault}"));
        last = last.max(end);
    }
}

fn numbers<N: PartialEq>(name: &str, have: &[N], want: &[N], faults: &mut Vec<String>) {
    if have == want {
        return;
    }
    faults.push(match name {
        column::ID => "its id column is not its id".to_owned(),
        column::PASSAGE => "the starts of its passages are not those of its text".to_owned(),
        _ => format!("column “{name}” is not what its text and record give"),
    });
}
