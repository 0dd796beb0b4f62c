//! The values that a timeline counts apart.

use crate::index::{Having, Node, Rows};
use crate::search::counts::Docs;
use crate::search::filters::Filters;
use crate::search::request::TimelineRequest;
use crate::search::{CHUNK, SearchError, Searcher};

/// The values that a timeline counts apart, and which reports have them.
#[derive(Default)]
pub(super) struct Parts {
    /// Most frequent first, then `other` and `none`; nothing where nothing is split.
    names: Vec<String>,
    /// Places of all values among the names.
    places: Vec<usize>,
    /// Values of each report, once each.
    having: Rows<Node>,
}

impl Parts {
    /// The values to count apart, and which of them each of some reports has.
    ///
    /// # Errors
    /// If the index cannot be read, or the time is over.
    pub(super) fn of(
        searcher: &Searcher<'_>,
        filters: &Filters,
        wanted: &TimelineRequest,
        docs: &Docs,
    ) -> Result<Self, SearchError> {
        let Some(split) = wanted.split else { return Ok(Self::default()) };
        let values = searcher.reader.facet_values(split.into(), filters.mentions, docs)?;
        let at_level = values.tree().at_level(wanted.depth);
        let mut rows = Rows::default();
        let mut frequency: Vec<u64> = vec![0; at_level.len()];
        let (mut having, mut nodes) = (Having::default(), Vec::<Node>::new());
        for (segment, docs) in docs.iter().enumerate() {
            for docs in docs.chunks(CHUNK) {
                searcher.clock.check()?;
                values.read(segment, docs, &mut having);
                for at in 0..docs.len() {
                    nodes.clear();
                    nodes.extend(having.of(at).flatten().map(|&node| at_level[node as usize]));
                    nodes.sort_unstable();
                    nodes.dedup();
                    for &node in &nodes {
                        frequency[node as usize] += 1;
                    }
                    rows.push(nodes.iter().copied());
                }
            }
        }
        let mut ranked: Vec<(u64, String, Node)> = (0..)
            .zip(frequency)
            .filter(|value| value.1 > 0)
            .map(|(node, count)| (count, values.tree().path(node).to_string(), node))
            .collect();
        ranked.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        ranked.truncate(if wanted.top == 0 { ranked.len() } else { wanted.top });
        let mut places = vec![ranked.len(); at_level.len()];
        (0..).zip(&ranked).for_each(|(place, value)| places[value.2 as usize] = place);
        let names = ranked.into_iter().map(|value| value.1).chain(["other".to_owned(), "none".to_owned()]);
        Ok(Self { names: names.collect(), places, having: rows })
    }

    /// Their names; none where nothing is split.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The places among the names that a report counts for, once each; reports are numbered from 0.
    pub(super) fn having(&self, report: u64, slots: &mut Vec<usize>) {
        slots.clear();
        let Some(other) = self.names.len().checked_sub(2) else { return };
        let values = self.having.of(usize::try_from(report).unwrap_or(usize::MAX));
        slots.extend(values.iter().map(|&value| self.places[value as usize]));
        slots.sort_unstable();
        slots.dedup();
        if values.is_empty() {
            slots.push(other + 1);
        }
    }
}
