//! One report, one document: how an annotated report becomes fields, and what comes back of it.

use std::cmp::Ordering;
use std::io;
use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use tantivy::TantivyDocument;
use tantivy::columnar::Column;
use tantivy::schema::Facet;

use super::acronyms::acronym_terms;
use super::identity::Origin;
use super::layout::{DayFields, Fields};
use super::record::{Packer, Record};
use super::terms::{Packed, pack_mentions};
use crate::annotate::Annotated;
use crate::date::{DateSpan, Precision};
use crate::facet::FacetPath;
use crate::report::Report;

/// A span of more days than this is filtered as its months, one of more months as its years: it tells too little of any
/// one of them.
const LONGEST_SPAN: i64 = 400;

/// Builds the document of a report, with the hash of its content, where it comes from and the number of the commit that
/// brings it: what is indexed of it, and what is stored.
///
/// # Errors
/// Only if the record cannot be written, which no record does.
pub(crate) fn document(
    annotated: &Annotated<'_>,
    hash: u64,
    origin: &Origin,
    commit: u64,
    fields: &Fields,
    packer: &mut Packer,
) -> io::Result<TantivyDocument> {
    let record = Record::new(annotated, origin);
    let mut doc = indexed(annotated, &record, hash, origin, commit, fields);
    let stored = packer.pack(&record, &annotated.report.text)?;
    doc.add_bytes(fields.stored, &stored);
    Ok(doc)
}

/// What is indexed of a report of this record: its document without what is stored.
pub(super) fn indexed(
    annotated: &Annotated<'_>,
    record: &Record,
    hash: u64,
    origin: &Origin,
    commit: u64,
    fields: &Fields,
) -> TantivyDocument {
    let report = annotated.report;
    let mut doc = TantivyDocument::new();
    doc.add_text(fields.id, &report.id);
    id_words(&report.id).for_each(|word| doc.add_u64(fields.id_bytes, word));
    doc.add_u64(fields.hash, hash);
    doc.add_u64(fields.origin, origin.hash());
    doc.add_u64(fields.commit, commit);
    doc.add_text(fields.lang, &report.lang);
    let title = Packed::of(std::iter::once(annotated.title.as_slice()));
    if !annotated.title.is_empty() {
        doc.add_text(fields.title, &title.text);
    }
    let body = Packed::of(annotated.passages.iter().map(|passage| &annotated.tokens[passage.tokens.clone()]));
    doc.add_text(fields.body, &body.text);
    doc.add_text(fields.lead, body.lead(&title.text));
    if let Some(mentions) = pack_mentions(annotated) {
        doc.add_text(fields.mention, mentions);
    }
    for &start in body.starts.iter().chain([&body.end()]) {
        doc.add_u64(fields.passage, start);
    }
    for term in acronym_terms(annotated) {
        doc.add_text(fields.acronym, term);
    }

    let dates = if record.dates.is_empty() { annotated.days() } else { record.dates.clone() };
    let source = report.source.as_deref().and_then(|source| FacetPath::leaf(source).ok());
    let facets_of = |spans: &[DateSpan]| -> Vec<FacetPath> { spans.iter().filter_map(DateSpan::facet).collect() };
    let mentioned_dates = annotated.mentioned_dates();
    let (date_facets, mentioned_date_facets) = (facets_of(&dates), facets_of(&mentioned_dates));
    for (field, paths) in [
        (fields.group, record.groups.as_slice()),
        (fields.region, &record.regions),
        (fields.date, &date_facets),
        (fields.source, source.as_slice()),
        (fields.mentioned_group, annotated.mentioned_groups().as_slice()),
        (fields.mentioned_region, &annotated.mentioned_regions()),
        (fields.mentioned_date, &mentioned_date_facets),
    ] {
        for path in paths {
            doc.add_facet(field, facet(path));
        }
    }
    for (columns, spans) in [(&fields.days, &dates), (&fields.mentioned_days, &mentioned_dates)] {
        for span in spans {
            add_days(&mut doc, span, columns);
        }
    }
    if let Some(day) = report.published {
        doc.add_i64(fields.published_day, day_number(day));
    }
    if let Some(first) = dates.iter().map(|span| span.from).min() {
        doc.add_i64(fields.first_day, day_number(first));
    }
    if let Some(last) = dates.iter().map(|span| span.to).max() {
        doc.add_i64(fields.last_day, day_number(last));
    }
    doc
}

/// The first half of the hash of all that a record holds; two reports of one hash are the same report. The path is
/// left out: the same file may be named in many ways.
pub(crate) fn content_hash(report: &Report) -> u64 {
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    for text in [&report.id, &report.text, &report.lang] {
        part(text);
    }
    for text in [&report.title, &report.source, &report.url, &report.author] {
        part(text.as_deref().unwrap_or("\0"));
    }
    part(&report.published.map(|day| day.to_string()).unwrap_or_default());
    for path in report.groups.iter().chain(&report.regions) {
        part(&path.to_string());
    }
    part(&report.groups.len().to_string());
    for span in &report.dates {
        part(&span.to_string());
    }
    half(&hasher.finalize())
}

/// The first eight bytes of a hash as a number.
pub(super) fn half(hash: &blake3::Hash) -> u64 {
    hash.as_bytes()[..8].iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte))
}

/// A facet as tantivy writes it.
pub(crate) fn facet(path: &FacetPath) -> Facet {
    Facet::from_path(path.names())
}

/// Days counted from the Common Era.
pub(crate) fn day_number(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce())
}

/// Months counted from year 0.
pub(crate) fn month_number(day: NaiveDate) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month0())
}

/// The days, months or years of a span that date filters read, each as a number of the column of its precision.
pub(crate) fn date_numbers(span: &DateSpan) -> (Precision, RangeInclusive<i64>) {
    let days = day_number(span.from)..=day_number(span.to);
    let months = month_number(span.from)..=month_number(span.to);
    match span.precision {
        Precision::Day if days.end() - days.start() < LONGEST_SPAN => (Precision::Day, days),
        Precision::Day | Precision::Month if months.end() - months.start() < LONGEST_SPAN => (Precision::Month, months),
        _ => (Precision::Year, i64::from(span.from.year())..=i64::from(span.to.year())),
    }
}

/// Adds the numbers of a span to the columns that date filters read.
fn add_days(doc: &mut TantivyDocument, span: &DateSpan, fields: &DayFields) {
    let (precision, numbers) = date_numbers(span);
    let field = match precision {
        Precision::Day => fields.day,
        Precision::Month => fields.month,
        Precision::Year => fields.year,
    };
    numbers.for_each(|number| doc.add_i64(field, number));
}

/// The numbers that hold an id: its length in bytes, then its bytes by eights.
fn id_words(id: &str) -> impl Iterator<Item = u64> + '_ {
    let eights =
        id.as_bytes().chunks(8).map(|chunk| chunk.iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte)));
    std::iter::once(id.len() as u64).chain(eights)
}

/// The id that a document's numbers hold; a numeric column is read in a tenth of the time that a dictionary or the
/// document store takes.
pub(crate) fn read_id(column: &Column<u64>, doc: u32) -> String {
    let mut words = column.values_for_doc(doc);
    let len = words.next().and_then(|len| usize::try_from(len).ok()).unwrap_or(0);
    let mut bytes: Vec<u8> = words.flat_map(u64::to_le_bytes).collect();
    bytes.truncate(len);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The order of two ids by their bytes, as [`read_id`] gives them, without reading them whole.
pub(crate) fn compare_ids((a, doc_a): (&Column<u64>, u32), (b, doc_b): (&Column<u64>, u32)) -> Ordering {
    // The first number is the length, which counts last; the bytes of the others stand from the lowest on.
    let (mut a, mut b) = (a.values_for_doc(doc_a), b.values_for_doc(doc_b));
    let lengths = a.next().cmp(&b.next());
    a.map(u64::swap_bytes).cmp(b.map(u64::swap_bytes)).then(lengths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_tells_fields_apart() {
        let report = |title: &str, source: &str| Report {
            title: Some(title.to_owned()),
            source: Some(source.to_owned()),
            ..Report::default()
        };
        let hashes = [report("ab", "c"), report("a", "bc"), Report::default()].map(|report| content_hash(&report));
        assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2]);
        assert_eq!(content_hash(&report("a", "b")), content_hash(&report("a", "b")));
    }
}
