//! Order: what lists of reports are sorted by, and the best of more reports than are kept.

use std::cmp::Ordering;

use tantivy::DocAddress;
use tantivy::columnar::Column;

use super::evidence::Evidence;
use super::plan::Plan;
use super::rank::Ranker;
use super::{CHUNK, Request, SearchError, Sort, page_end};
use crate::index::{IndexReader, column, read_id};

/// The columns that lists are put into order by, of each segment.
pub(super) struct Columns(Vec<SegmentColumns>);

struct SegmentColumns {
    ids: Column<u64>,
    first: Column<i64>,
    last: Column<i64>,
}

impl Columns {
    pub(super) fn open(reader: &IndexReader) -> Result<Self, SearchError> {
        let segments = reader.searcher().segment_readers().iter().map(|segment| {
            let columns = segment.fast_fields();
            let (ids, first) = (columns.u64(column::ID)?, columns.i64(column::FIRST_DAY)?);
            Ok(SegmentColumns { ids, first, last: columns.i64(column::LAST_DAY)? })
        });
        Ok(Self(segments.collect::<tantivy::Result<_>>()?))
    }

    /// What a sort by date compares: smaller comes first, and what has no date last.
    pub(super) fn day(&self, address: DocAddress, sort: Sort) -> i64 {
        let segment = &self.0[address.segment_ord as usize];
        match sort {
            Sort::Relevance => 0,
            Sort::Newest => segment.last.first(address.doc_id).map_or(i64::MAX, |day| -day),
            Sort::Oldest => segment.first.first(address.doc_id).unwrap_or(i64::MAX),
        }
    }

    pub(super) fn id(&self, address: DocAddress) -> String {
        read_id(&self.0[address.segment_ord as usize].ids, address.doc_id)
    }
}

/// The best reports met so far, where every candidate has to be looked at: as many as the page may need.
pub(super) struct Best<'p> {
    ranker: &'p Ranker<'p>,
    columns: Columns,
    sort: Sort,
    most: usize,
    kept: Vec<(i64, f32, Evidence)>,
    /// How many were met.
    pub(super) met: u64,
}

impl<'p> Best<'p> {
    pub(super) fn new(
        reader: &IndexReader,
        plan: &'p Plan,
        ranker: &'p Ranker<'p>,
        request: &Request,
    ) -> Result<Self, SearchError> {
        let sort = request.sort(plan.unranked());
        let most = page_end(request, usize::MAX).max(1);
        Ok(Self { ranker, columns: Columns::open(reader)?, sort, most, kept: Vec::new(), met: 0 })
    }

    /// Keeps a report of which a passage answers, until better ones were met.
    pub(super) fn meet(&mut self, evidence: Evidence, answering: &[bool]) {
        self.met += 1;
        let mut scored = self.ranker.score(&evidence);
        scored.keep(answering);
        self.kept.push((self.columns.day(evidence.address, self.sort), scored.score, evidence));
        if self.kept.len() / 2 > self.most.max(CHUNK) {
            self.cut();
        }
    }

    /// Equals stand by id, and which of them are kept is decided by it too.
    fn cut(&mut self) {
        let by_score = self.sort == Sort::Relevance;
        let columns = &self.columns;
        self.kept.sort_by(|(day_a, score_a, a), (day_b, score_b, b)| {
            let score = if by_score { score_b.total_cmp(score_a) } else { Ordering::Equal };
            day_a.cmp(day_b).then(score).then_with(|| columns.id(a.address).cmp(&columns.id(b.address)))
        });
        self.kept.truncate(self.most);
    }

    pub(super) fn found(mut self) -> Vec<Evidence> {
        self.cut();
        self.kept.into_iter().map(|(.., evidence)| evidence).collect()
    }
}
