//! The tree of facet values that counting goes through: each report once for a value and once for every ancestor.

use rustc_hash::FxHashMap;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, SegmentReader};

use super::DEEPEST;
use super::dates::{DateColumns, span};
use super::values::Rows;
use crate::counts::{Choice, FacetCount, FacetCounts};
use crate::date::Precision;
use crate::facet::FacetPath;
use crate::index::IndexError;

/// The number of a value in the tree.
pub(super) type Node = u32;
/// What all values stand below.
const ROOT: Node = 0;

/// Counts of one kind of facet, over all segments.
#[derive(Default)]
pub(super) struct Tally {
    entries: Vec<Entry>,
    /// One an entry.
    counters: Vec<Counter>,
    known: FxHashMap<(Node, String), Node>,
    /// Numbers of the date columns, by precision, as values.
    dates: FxHashMap<(Precision, i64), Node>,
    /// The report that is being counted, from 1.
    report: u32,
    /// Reports that answer.
    total: u64,
}

#[derive(Clone, Debug, Default)]
struct Entry {
    name: String,
    depth: usize,
    /// The request filters by this value.
    selected: bool,
    /// It, or a value below it, is selected.
    leads: bool,
}

/// What changes with each report: apart from the names, so that it stays near.
#[derive(Clone, Copy, Debug, Default)]
struct Counter {
    parent: Node,
    /// The last report that was counted here.
    seen: u32,
    /// Reports that have the value.
    reports: u32,
    /// Those of them that answer.
    answering: u32,
}

impl Tally {
    /// An empty tree, with the values that are selected.
    pub(super) fn new(selected: &[FacetPath]) -> Self {
        let mut tally = Self { entries: vec![Entry::default()], counters: vec![Counter::default()], ..Self::default() };
        for path in selected {
            let mut node = path.names().iter().fold(ROOT, |parent, name| tally.child(parent, name));
            tally.entry(node).selected = true;
            while node != ROOT {
                tally.entry(node).leads = true;
                node = tally.parent(node);
            }
        }
        tally
    }

    fn entry(&mut self, node: Node) -> &mut Entry {
        &mut self.entries[node as usize]
    }

    fn parent(&self, node: Node) -> Node {
        self.counters[node as usize].parent
    }

    /// The value of a name below another.
    fn child(&mut self, parent: Node, name: &str) -> Node {
        let next = Node::try_from(self.entries.len()).unwrap_or(ROOT);
        let node = *self.known.entry((parent, name.to_owned())).or_insert(next);
        if node == next {
            let depth = self.entries[parent as usize].depth + 1;
            self.entries.push(Entry { name: name.to_owned(), depth, ..Entry::default() });
            self.counters.push(Counter { parent, ..Counter::default() });
        }
        node
    }

    /// The value of a facet as the index writes it.
    fn facet(&mut self, term: &[u8]) -> Node {
        let names = std::str::from_utf8(term).unwrap_or_default().split('\0').filter(|name| !name.is_empty());
        names.fold(ROOT, |parent, name| self.child(parent, name))
    }

    /// Counts all reports of a segment by their values in a facet field, of which the dictionary has every one with those
    /// that hold it.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn count_all(&mut self, segment: &SegmentReader, field: Field) -> Result<(), IndexError> {
        let inverted = segment.inverted_index(field)?;
        let mut terms = inverted.terms().stream().map_err(tantivy::TantivyError::from)?;
        while terms.advance() {
            let reports = match segment.alive_bitset() {
                None => terms.value().doc_freq,
                Some(alive) => {
                    let postings = inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic);
                    postings.map_err(tantivy::TantivyError::from)?.doc_freq_given_deletes(alive)
                }
            };
            let node = self.facet(terms.key());
            let counter = &mut self.counters[node as usize];
            counter.reports += reports;
            counter.answering += reports;
        }
        self.total += u64::from(segment.num_docs());
        Ok(())
    }

    /// The values of some reports of a segment in a facet field.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn facets(
        &mut self,
        segment: &SegmentReader,
        field: &str,
        docs: &[DocId],
    ) -> Result<Rows<Node>, IndexError> {
        let Some(column) = segment.fast_fields().str(field)? else { return Ok(Rows::none(docs.len())) };
        let ords = Rows::read(column.ords(), docs);
        // Only what these reports have is looked up in the dictionary, in one pass.
        let slot = |ord: u64| usize::try_from(ord).unwrap_or(usize::MAX);
        let mut met = vec![false; column.num_terms()];
        for &ord in ords.all() {
            if let Some(met) = met.get_mut(slot(ord)) {
                *met = true;
            }
        }
        let met: Vec<u64> = (0..).zip(met).filter_map(|(ord, met)| met.then_some(ord)).collect();
        let mut nodes = vec![ROOT; column.num_terms()];
        let mut waiting = met.iter();
        let look_up = column.dictionary().sorted_ords_to_term_cb(&met, |term| {
            if let Some(node) = waiting.next().and_then(|&ord| nodes.get_mut(slot(ord))) {
                *node = self.facet(term);
            }
        });
        look_up.map_err(tantivy::TantivyError::from)?;
        let node = |ord: u64| nodes.get(slot(ord)).copied().unwrap_or(ROOT);
        Ok(ords.map(node))
    }

    /// The values of some reports of a segment in the date columns: days, months and years, as finely as known.
    pub(super) fn dates(&mut self, columns: &DateColumns, docs: &[DocId]) -> Vec<Rows<Node>> {
        let rows = columns.read(docs).into_iter();
        rows.map(|(precision, numbers)| numbers.map(|number| self.date(precision, number))).collect()
    }

    /// The value of a number of a date column.
    fn date(&mut self, precision: Precision, number: i64) -> Node {
        if let Some(&node) = self.dates.get(&(precision, number)) {
            return node;
        }
        let path = span(precision, number).and_then(|span| span.facet());
        let node = path.map_or(ROOT, |path| path.names().iter().fold(ROOT, |parent, name| self.child(parent, name)));
        self.dates.insert((precision, number), node);
        node
    }

    /// Counts a report that has these values, and whether it answers.
    pub(super) fn count(&mut self, values: &[Node], answers: bool) {
        self.report += 1;
        self.total += u64::from(answers);
        for &value in values {
            let mut counter = &mut self.counters[value as usize];
            // Once a report here, so once above.
            while counter.seen != self.report {
                counter.seen = self.report;
                counter.reports += 1;
                counter.answering += u32::from(answers);
                let parent = counter.parent;
                counter = &mut self.counters[parent as usize];
            }
        }
    }

    /// The counts as a tree, `depth` levels deep with at most `limit` values below each (0: all of them); a value that
    /// is selected is there in any case, down to [`DEEPEST`].
    pub(super) fn counts(&self, filtered: bool, depth: usize, limit: usize) -> FacetCounts {
        let mut below: Vec<Vec<Node>> = vec![Vec::new(); self.entries.len()];
        for ((node, entry), counter) in (0..).zip(&self.entries).zip(&self.counters).skip(1) {
            if counter.reports > 0 || entry.leads {
                below[counter.parent as usize].push(node);
            }
        }
        for nodes in &mut below {
            nodes.sort_by(|&a, &b| {
                let reports = |node: Node| self.counters[node as usize].reports;
                let name = |node: Node| &self.entries[node as usize].name;
                reports(b).cmp(&reports(a)).then_with(|| name(a).cmp(name(b)))
            });
        }
        let view = View { tally: self, below, filtered, depth, limit };
        let (values, more) = view.children(ROOT, &mut Vec::new());
        FacetCounts { filtered, without: self.total - u64::from(self.counters[0].answering), values, more }
    }

    /// The value at a level from 1, that another is or stands below; the other itself where it is broader.
    pub(super) fn ancestor(&self, mut node: Node, depth: usize) -> Node {
        while self.entries[node as usize].depth > depth {
            node = self.parent(node);
        }
        node
    }

    /// A value as it is written.
    pub(super) fn path(&self, mut node: Node) -> String {
        let mut path = String::new();
        while node != ROOT {
            let entry = &self.entries[node as usize];
            path.insert_str(0, &entry.name);
            path.insert(0, '/');
            node = self.parent(node);
        }
        path
    }

    /// How many values there are, the one above all others among them: each has a smaller number.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}

/// What of a tally is shown.
struct View<'t> {
    tally: &'t Tally,
    /// Children of each value, in order.
    below: Vec<Vec<Node>>,
    filtered: bool,
    depth: usize,
    limit: usize,
}

impl View<'_> {
    /// The values right below one that are shown, and how many are not.
    fn children(&self, parent: Node, names: &mut Vec<String>) -> (Vec<FacetCount>, usize) {
        let nodes = &self.below[parent as usize];
        let mut shown = Vec::new();
        for (place, &node) in nodes.iter().enumerate() {
            let entry = &self.tally.entries[node as usize];
            let wanted = entry.depth <= self.depth && (self.limit == 0 || place < self.limit);
            if entry.depth <= DEEPEST && (wanted || entry.leads) {
                names.push(entry.name.clone());
                shown.extend(self.value(node, entry, names));
                names.pop();
            }
        }
        let more = nodes.len() - shown.len();
        (shown, more)
    }

    fn value(&self, node: Node, entry: &Entry, names: &mut Vec<String>) -> Option<FacetCount> {
        let path: FacetPath = names.join("/").parse().ok()?;
        let (children, more) = self.children(node, names);
        let Counter { reports, answering, .. } = self.tally.counters[node as usize];
        let choice = self.filtered.then(|| Choice {
            selected: entry.selected,
            if_added: self.tally.total + u64::from(reports - answering),
            if_chosen_instead: reports.into(),
        });
        Some(FacetCount { path, count: answering.into(), choice, children, more })
    }
}
