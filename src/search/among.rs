//! A search among some reports only: a set of documents as a query.

use std::sync::Arc;

use tantivy::query::{ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use crate::index::Selection;

/// Finds the reports of a selection, and scores nothing worth to be compared.
#[derive(Clone, Debug)]
pub(super) struct Among(pub(super) Arc<Selection>);

impl Query for Among {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Among {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let docs = Docs { selection: Arc::clone(&self.0), segment: reader.segment_id(), at: 0 };
        Ok(Box::new(ConstScorer::new(docs, boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        match self.0.of(reader.segment_id()).binary_search(&doc) {
            Ok(_) => Ok(Explanation::new("selected", 1.0)),
            Err(_) => Err(TantivyError::InvalidArgument(format!("document {doc} is not selected"))),
        }
    }
}

/// The documents of one segment.
struct Docs {
    selection: Arc<Selection>,
    segment: tantivy::index::SegmentId,
    at: usize,
}

impl Docs {
    fn all(&self) -> &[DocId] {
        self.selection.of(self.segment)
    }
}

impl DocSet for Docs {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.at += self.all().get(self.at..).map_or(0, |rest| rest.partition_point(|&doc| doc < target));
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.all().get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.all().len()).unwrap_or(u32::MAX)
    }
}
