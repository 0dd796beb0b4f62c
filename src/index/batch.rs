//! Reports on their way to analysis, and how much memory they take there.

use rustc_hash::FxHashMap;

use super::identity::Origin;
use crate::date::DateSpan;
use crate::report::Report;

/// Bytes of memory that a byte of a report takes until it is written: as tokens, terms and packed terms, in its record
/// and in its document.
const OF_A_BYTE: usize = 16;
/// Bytes of memory that any report takes beside its texts.
const OF_A_REPORT: usize = 4 << 10;
/// Bytes of a facet that a record gives, about.
const OF_A_FACET: usize = 64;
/// Reports are analysed together once they take so much memory, or more where the last is long.
const ENOUGH: usize = 1 << 20;

/// A report on its way in.
pub(super) struct Pending {
    pub(super) report: Box<Report>,
    pub(super) hash: u64,
    pub(super) origin: Origin,
    pub(super) replaces: bool,
    /// The number of the commit that brings it.
    pub(super) commit: u64,
}

/// Reports waiting for analysis, each id once.
#[derive(Default)]
pub(super) struct Batch {
    /// In the order in which they came; a hole where a later one has the id.
    reports: Vec<Option<Pending>>,
    /// Where the report of an id stands.
    places: FxHashMap<String, usize>,
    memory: usize,
}

impl Batch {
    /// Puts a report last. One that waits under its id need not be analysed: it does not hold any more.
    pub(super) fn put(&mut self, pending: Pending) {
        // What holes took counts on: records of one id do not make a batch without end.
        self.memory += memory_for(&pending.report);
        if let Some(at) = self.places.insert(pending.report.id.clone(), self.reports.len()) {
            self.reports[at] = None;
        }
        self.reports.push(Some(pending));
    }

    /// Bytes of memory that the reports take until they are written, about.
    pub(super) fn memory(&self) -> usize {
        self.memory
    }

    /// Whether these are enough to be analysed together.
    pub(super) fn is_full(&self) -> bool {
        self.memory > ENOUGH
    }

    /// The reports in the order in which they came.
    pub(super) fn into_reports(self) -> Vec<Pending> {
        self.reports.into_iter().flatten().collect()
    }
}

/// Bytes of memory that a report takes until it is written, about.
fn memory_for(report: &Report) -> usize {
    let Report { id, title, text, source, url, author, published: _, lang, groups, regions, dates, path } = report;
    let given = [title, source, url, author].map(|text| text.as_ref().map_or(0, String::len));
    let texts = [id, text, lang, path].map(String::len);
    let facets = (groups.len() + regions.len()) * OF_A_FACET + dates.len() * size_of::<DateSpan>();
    OF_A_REPORT + OF_A_BYTE * (texts.iter().chain(&given).sum::<usize>() + facets)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(batch: &mut Batch, id: &str, report: Report) {
        let report = Box::new(Report { id: id.to_owned(), ..report });
        batch.put(Pending { report, hash: 0, origin: Origin::default(), replaces: false, commit: 1 });
    }

    #[test]
    fn the_last_of_an_id_holds_at_its_own_place() {
        let mut batch = Batch::default();
        for (id, text) in [("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("a", "5"), ("b", "6")] {
            put(&mut batch, id, Report { text: text.to_owned(), ..Report::default() });
        }
        let reports = batch.into_reports();
        let texts: Vec<_> = reports.iter().map(|pending| pending.report.text.as_str()).collect();
        assert_eq!(texts, ["4", "5", "6"]);
    }

    #[test]
    fn every_text_of_a_report_counts_and_so_does_what_was_replaced() {
        let long = || "u".repeat(ENOUGH / OF_A_BYTE);
        let full = |report: Report| {
            let mut batch = Batch::default();
            put(&mut batch, "a", report);
            batch.is_full()
        };
        assert!(!full(Report::default()));
        assert!(full(Report { text: long(), ..Report::default() }));
        assert!(full(Report { url: Some(long()), ..Report::default() }));
        assert!(full(Report { path: long(), ..Report::default() }));
        let mut batch = Batch::default();
        let put_until_full = (0..).take_while(|_| {
            put(&mut batch, "a", Report::default());
            !batch.is_full()
        });
        assert!(put_until_full.count() < ENOUGH / OF_A_REPORT);
        assert_eq!(batch.into_reports().len(), 1);
    }
}
