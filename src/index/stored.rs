//! Reports as they went in, read back whole.

use std::cmp::Ordering;

use tantivy::DocAddress;

use super::document::compare_ids;
use super::record::Record;
use super::{IndexError, IndexReader, column};
use crate::annotate::Own;
use crate::report::Report;

/// A report of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReport {
    /// As it was read: indexed again it is the same report.
    pub report: Report,
    /// What its title and text tell, without what is only mentioned.
    pub found: Own,
}

impl StoredReport {
    /// A report of its id, stored record and text.
    pub(super) fn of(id: String, record: Record, text: String) -> Self {
        let all = Own { groups: record.groups, regions: record.regions, dates: record.dates };
        let (given, found) = record.given.map_or_else(|| (Own::default(), all), |given| (given.given, given.found));
        let report = Report {
            id,
            title: record.title,
            text,
            source: record.source,
            url: record.url,
            author: record.author,
            published: record.published,
            lang: record.lang,
            groups: given.groups,
            regions: given.regions,
            dates: given.dates,
            path: record.path,
        };
        Self { report, found }
    }
}

impl IndexReader {
    /// The report of a document.
    ///
    /// # Errors
    /// If the index cannot be read, or holds something that no vigie wrote.
    pub(crate) fn whole(&self, address: DocAddress, id: String) -> Result<StoredReport, IndexError> {
        let (record, text) = self.stored(address)?;
        Ok(StoredReport::of(id, record, text))
    }

    /// Puts reports into the order of the bytes of their ids.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn sort_by_id(&self, reports: &mut [DocAddress]) -> Result<(), IndexError> {
        let columns = self.searcher().segment_readers().iter().map(|segment| segment.fast_fields().u64(column::ID));
        let columns = columns.collect::<tantivy::Result<Vec<_>>>()?;
        let of = |address: DocAddress| columns.get(address.segment_ord as usize).map(|ids| (ids, address.doc_id));
        reports.sort_unstable_by(|&a, &b| of(a).zip(of(b)).map_or(Ordering::Equal, |(a, b)| compare_ids(a, b)));
        Ok(())
    }
}
