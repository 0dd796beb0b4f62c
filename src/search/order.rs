//! Order: what lists of reports are sorted by, and the best of more passages than are kept.

use std::cmp::Ordering;

use tantivy::DocAddress;

use super::evidence::Evidence;
use super::rank::Ranker;
use super::{CHUNK, Collapse, Request, SearchError, Sort, page_end};
use crate::index::{self, IndexReader, compare_ids, read_id};

/// The columns that lists are put into order by, of each segment.
pub(super) struct Columns<'i>(&'i [index::Columns]);

impl<'i> Columns<'i> {
    pub(super) fn open(reader: &'i IndexReader) -> Result<Self, SearchError> {
        Ok(Self(reader.columns()?))
    }

    /// What a sort by date compares: smaller comes first, and what has no date last.
    pub(super) fn day(&self, address: DocAddress, sort: Sort) -> i32 {
        let segment = &self.0[address.segment_ord as usize];
        let day = match sort {
            Sort::Relevance => Some(0),
            Sort::Newest => segment.last_day.first(address.doc_id).map(|day| -day),
            Sort::Oldest => segment.first_day.first(address.doc_id),
        };
        day.and_then(|day| i32::try_from(day).ok()).unwrap_or(i32::MAX)
    }

    pub(super) fn id(&self, address: DocAddress) -> String {
        read_id(&self.0[address.segment_ord as usize].ids, address.doc_id)
    }

    /// The order of the ids of two reports, by their bytes; nothing is kept of them.
    pub(super) fn by_id(&self, a: DocAddress, b: DocAddress) -> Ordering {
        let ids = |address: DocAddress| &self.0[address.segment_ord as usize].ids;
        compare_ids((ids(a), a.doc_id), (ids(b), b.doc_id))
    }
}

/// A passage that answers, in as many bytes as put it into its place.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    day: i32,
    pub(super) score: f32,
    pub(super) address: DocAddress,
    /// Its number in its report, from 0.
    pub(super) passage: u32,
}

/// The best passages met so far, where every candidate has to be looked at: as many as the page may need.
pub(super) struct Best<'p> {
    ranker: &'p Ranker<'p>,
    columns: Columns<'p>,
    sort: Sort,
    collapse: Collapse,
    most: usize,
    kept: Vec<Spot>,
    /// How many reports were met.
    pub(super) met: u64,
}

impl<'p> Best<'p> {
    pub(super) fn new(
        reader: &'p IndexReader,
        ranker: &'p Ranker<'p>,
        sort: Sort,
        request: &Request,
    ) -> Result<Self, SearchError> {
        let (collapse, most) = (request.collapse, page_end(request, usize::MAX).max(1));
        Ok(Self { ranker, columns: Columns::open(reader)?, sort, collapse, most, kept: Vec::new(), met: 0 })
    }

    /// Keeps what answers of a report, until better passages were met.
    pub(super) fn meet(&mut self, evidence: &Evidence<'_>, answering: &[bool]) {
        self.met += 1;
        let mut scored = self.ranker.score(evidence);
        scored.keep(answering);
        let (address, day) = (evidence.address, self.columns.day(evidence.address, self.sort));
        let spot = |at: usize, passage| Spot { day, score: scored.passage_score(at), address, passage };
        let best = scored.best_passage();
        let wanted = |at: usize| at == best || self.collapse == Collapse::None && answering.get(at) == Some(&true);
        self.kept
            .extend((0..answering.len()).zip(0..).filter(|&(at, _)| wanted(at)).map(|(at, passage)| spot(at, passage)));
        if self.kept.len() / 2 > self.most.max(CHUNK) {
            self.cut();
        }
    }

    /// Equals stand by id, and which of them are kept is decided by it too.
    fn cut(&mut self) {
        let by_score = self.sort == Sort::Relevance;
        let columns = &self.columns;
        self.kept.sort_unstable_by(|a, b| {
            let score = if by_score { b.score.total_cmp(&a.score) } else { Ordering::Equal };
            let equals = || columns.by_id(a.address, b.address).then(a.passage.cmp(&b.passage));
            a.day.cmp(&b.day).then(score).then_with(equals)
        });
        self.kept.truncate(self.most);
    }

    pub(super) fn found(mut self) -> Vec<Spot> {
        self.cut();
        self.kept
    }
}
