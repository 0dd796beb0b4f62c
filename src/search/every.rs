//! All reports that answer, in as little memory as tells them apart.

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

/// Collects every report that answers, twelve bytes each.
pub(super) struct Every {
    /// Whether to score them; else each has 0.
    pub(super) scored: bool,
}

/// What was found of one segment.
pub(super) struct OfSegment {
    segment: SegmentOrdinal,
    found: Vec<(Score, DocAddress)>,
}

impl Collector for Every {
    type Fruit = Vec<(Score, DocAddress)>;
    type Child = OfSegment;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<OfSegment> {
        Ok(OfSegment { segment, found: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        self.scored
    }

    fn merge_fruits(&self, segments: Vec<Vec<(Score, DocAddress)>>) -> tantivy::Result<Self::Fruit> {
        let mut all = Vec::with_capacity(segments.iter().map(Vec::len).sum());
        for found in segments {
            all.extend(found);
        }
        Ok(all)
    }
}

impl SegmentCollector for OfSegment {
    type Fruit = Vec<(Score, DocAddress)>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.found.push((score, DocAddress::new(self.segment, doc)));
    }

    fn harvest(mut self) -> Self::Fruit {
        self.found.shrink_to_fit();
        self.found
    }
}
