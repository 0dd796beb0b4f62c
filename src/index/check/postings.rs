//! The terms of a segment, read once from end to end: for each report and field, one number that tells all terms of it
//! at all their positions, whatever their order.

use rayon::prelude::*;
use tantivy::postings::Postings;
use tantivy::schema::{Field, FieldType, IndexRecordOption};
use tantivy::{DocSet, SegmentReader, TERMINATED, TantivyError};

use super::super::reader::IndexReader;

/// What is known of the terms of each report.
pub(super) struct Sums {
    /// By field, then by document.
    fields: Vec<(Field, Vec<u64>)>,
    /// Terms read.
    pub(super) terms: u64,
    /// Their places.
    pub(super) postings: u64,
    /// Terms that are in fewer or more reports than the index says.
    pub(super) faults: Vec<String>,
}

/// What one field gives.
struct Read {
    sums: Vec<u64>,
    terms: u64,
    postings: u64,
    wrong: u64,
}

/// Whether terms of a field are searched, and whether where they stand is known.
pub(super) fn indexing(kind: &FieldType) -> Option<bool> {
    match kind {
        FieldType::Str(options) => options.get_indexing_options().map(|options| options.index_option().has_positions()),
        FieldType::Facet(_) => Some(false),
        _ => None,
    }
}

/// A number for a term at a position. Terms that are searched without positions all stand at 0.
pub(super) fn sum(term: &[u8], position: u32) -> u64 {
    // FNV-1a, then the finalizer of SplitMix64 over both: sums of its values tell sets apart.
    let hash = term
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut mixed = hash.wrapping_add(u64::from(position).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

impl Sums {
    /// Reads the terms of all fields of a segment.
    pub(super) fn read(reader: &IndexReader, segment: &SegmentReader) -> Result<Self, TantivyError> {
        let schema = reader.searcher().schema();
        let fields: Vec<(Field, bool)> =
            schema.fields().filter_map(|(field, entry)| Some((field, indexing(entry.field_type())?))).collect();
        let read = fields.par_iter().map(|&(field, positions)| read_field(segment, field, positions));
        let read = read.collect::<Result<Vec<Read>, TantivyError>>()?;
        let mut sums = Self { fields: Vec::new(), terms: 0, postings: 0, faults: Vec::new() };
        for (&(field, _), read) in fields.iter().zip(read) {
            sums.terms += read.terms;
            sums.postings += read.postings;
            if read.wrong > 0 {
                let name = schema.get_field_name(field);
                sums.faults
                    .push(format!("{} terms of “{name}” are told to be in other numbers of reports", read.wrong));
            }
            sums.fields.push((field, read.sums));
        }
        Ok(sums)
    }

    /// The number of a report in a field.
    pub(super) fn of(&self, field: Field, doc: u32) -> u64 {
        let sums = self.fields.iter().find(|(known, _)| *known == field);
        sums.and_then(|(_, sums)| sums.get(doc as usize)).copied().unwrap_or(0)
    }
}

fn read_field(segment: &SegmentReader, field: Field, positions: bool) -> Result<Read, TantivyError> {
    let mut read = Read { sums: vec![0; segment.max_doc() as usize], terms: 0, postings: 0, wrong: 0 };
    let inverted = segment.inverted_index(field)?;
    let mut terms = inverted.terms().stream()?;
    let option = if positions { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::Basic };
    let mut places = Vec::new();
    while terms.advance() {
        read.terms += 1;
        let mut postings = inverted.read_postings_from_terminfo(terms.value(), option)?;
        let mut docs = 0;
        while postings.doc() != TERMINATED {
            docs += 1;
            let total = if positions {
                postings.positions(&mut places);
                read.postings += places.len() as u64;
                places.iter().fold(0_u64, |total, &place| total.wrapping_add(sum(terms.key(), place)))
            } else {
                read.postings += 1;
                sum(terms.key(), 0)
            };
            // A document beyond the segment is told as a wrong number of documents.
            match read.sums.get_mut(postings.doc() as usize) {
                Some(sum) => *sum = sum.wrapping_add(total),
                None => docs += 1,
            }
            postings.advance();
        }
        read.wrong += u64::from(docs != terms.value().doc_freq);
    }
    Ok(read)
}
