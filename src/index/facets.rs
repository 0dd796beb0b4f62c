//! Facets of reports as numbers: the tree of the values of a kind, and which of them each report has.
//!
//! A column tells a value by its place in the dictionary of its segment, or by the number of a day, month or year. What
//! these stand for is looked up once, in the order of the index, which is that of the tree; from then on a report is
//! counted without a name being read.

mod days;
mod rows;
mod tally;
mod tree;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tantivy::columnar::{Column, ColumnType, MonotonicallyMappableToU64, StrColumn};
use tantivy::schema::Field;
use tantivy::{DocId, Searcher, SegmentReader, TantivyError};

pub(crate) use self::days::{calendar, date_columns, date_of};
pub(crate) use self::rows::Rows;
pub(crate) use self::tally::Tally;
pub(crate) use self::tree::{Node, ROOT, Tree};

use self::days::write_facet;
use self::tree::Growing;
use super::layout::Fields;
use super::{IndexError, IndexReader};
use crate::date::Precision;
use crate::facet::FacetKind;

/// Values of a column that are read at one time.
const BLOCK: usize = 4096;
/// Once one report of so many was counted by what it has alone, what all have is looked up, and kept.
const FEW: u64 = 16;

/// The values of one kind of facet.
pub(crate) struct Values {
    tree: Tree,
    /// By segment, each of the columns that hold some.
    columns: Vec<Vec<Place>>,
}

/// A column, and where its values stand in the tree.
struct Place {
    column: Column<u64>,
    /// The value that the first of the nodes stands for; the others follow.
    first: u64,
    nodes: Vec<Node>,
}

impl Place {
    fn node(&self, value: u64) -> Node {
        let at = value.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.nodes.get(at)).copied().unwrap_or(ROOT)
    }
}

/// The values of some reports of a segment.
#[derive(Default)]
pub(crate) struct Having {
    /// Of each column that has any; those behind are kept for their memory alone.
    columns: Vec<Rows<Node>>,
    used: usize,
    /// What is read on the way.
    values: Rows<u64>,
}

impl Having {
    /// The values of a report, by its place among those that were read: column by column, some maybe more than once.
    pub(crate) fn of(&self, at: usize) -> impl Iterator<Item = &[Node]> {
        self.columns[..self.used].iter().map(move |rows| rows.of(at))
    }
}

impl Values {
    /// The values of a kind that the reports of an index have, with what they only mention or without; where `docs` tells
    /// some reports of each segment, only what these have.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn new(
        searcher: &Searcher,
        fields: &Fields,
        (kind, mentions): (FacetKind, bool),
        docs: Option<&[Vec<DocId>]>,
    ) -> tantivy::Result<Self> {
        let (mut columns, mut waiting) = (Vec::new(), Vec::new());
        for (number, segment) in searcher.segment_readers().iter().enumerate() {
            let docs = docs.map(|docs| docs.get(number).map_or(&[][..], Vec::as_slice));
            let mut places = Vec::new();
            for source in sources(searcher, segment, fields, kind, mentions)? {
                let found = source.values(docs);
                let first = found.first().copied().unwrap_or(0);
                let len = found.last().map_or(0, |last| last - first + 1);
                let nodes = vec![ROOT; usize::try_from(len).unwrap_or(0)];
                waiting.push(Waiting::new((number, places.len()), source.facets(&found)?, found));
                places.push(Place { column: source.into_column(), first, nodes });
            }
            columns.push(places);
        }
        let mut growing = Growing::new();
        let mut facet = String::new();
        while let Some(next) = waiting.iter().filter_map(Waiting::facet).min() {
            facet.clear();
            facet.push_str(next);
            let node = growing.enter(&facet);
            for waiting in waiting.iter_mut().filter(|waiting| waiting.facet() == Some(&facet)) {
                let (segment, column) = waiting.place;
                let place: &mut Place = &mut columns[segment][column];
                let at = usize::try_from(waiting.value() - place.first).unwrap_or(usize::MAX);
                place.nodes[at] = node;
                waiting.at += 1;
            }
        }
        Ok(Self { tree: growing.finish(), columns })
    }

    /// The values.
    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Reads the values of some reports of a segment, in the place of those that were read before.
    pub(crate) fn read(&self, segment: usize, docs: &[DocId], having: &mut Having) {
        having.used = 0;
        for place in &self.columns[segment] {
            having.values.read(&place.column, docs);
            if having.values.all().is_empty() {
                continue;
            }
            if having.used == having.columns.len() {
                having.columns.push(Rows::default());
            }
            having.columns[having.used].map(&having.values, |value| place.node(value));
            having.used += 1;
        }
    }
}

/// A column that holds values of facets.
enum Source {
    /// As places in a dictionary.
    Facets(StrColumn),
    /// As numbers of dates.
    Dates(Precision, Column<u64>),
}

impl Source {
    /// The values of some reports, or of all, in order and once each.
    fn values(&self, docs: Option<&[DocId]>) -> Vec<u64> {
        match (self, docs) {
            (Self::Facets(column), None) => (0..column.num_terms() as u64).collect(),
            (Self::Dates(precision, column), None) => dates(*precision, column),
            (Self::Facets(_) | Self::Dates(..), Some(docs)) => {
                let mut rows = Rows::default();
                rows.read(self.column(), docs);
                let mut found = rows.all().to_vec();
                found.sort_unstable();
                found.dedup();
                // What is beyond, only damage explains.
                match self {
                    Self::Facets(column) => found.retain(|&value| value < column.num_terms() as u64),
                    Self::Dates(precision, _) => {
                        found.retain(|&value| calendar(*precision).contains(&i64::from_u64(value)));
                    }
                }
                found
            }
        }
    }

    /// The facets of some values that come in order, which is theirs too.
    fn facets(&self, values: &[u64]) -> tantivy::Result<Facets> {
        let mut facets = Facets::default();
        match self {
            Self::Facets(column) => {
                let look_up = column.dictionary().sorted_ords_to_term_cb(values, |term| {
                    facets.push(|text| text.push_str(std::str::from_utf8(term).unwrap_or_default()));
                });
                look_up.map_err(TantivyError::from)?;
            }
            Self::Dates(precision, _) => {
                for &value in values {
                    facets.push(|text| write_facet(*precision, i64::from_u64(value), text));
                }
            }
        }
        Ok(facets)
    }

    fn column(&self) -> &Column<u64> {
        match self {
            Self::Facets(column) => column.ords(),
            Self::Dates(_, column) => column,
        }
    }

    fn into_column(self) -> Column<u64> {
        match self {
            Self::Facets(column) => column.ords().clone(),
            Self::Dates(_, column) => column,
        }
    }
}

/// The columns of a segment that hold values of a kind. Facets of dates hold no span that crosses the end of a year; what
/// filters read holds all.
fn sources(
    searcher: &Searcher,
    segment: &SegmentReader,
    fields: &Fields,
    kind: FacetKind,
    mentions: bool,
) -> tantivy::Result<Vec<Source>> {
    let columns = segment.fast_fields();
    let mut found = Vec::new();
    if kind == FacetKind::Date {
        for &(precision, name) in date_columns(mentions) {
            // As it is kept, and not number by number as it was given: the order is the same.
            let column = columns.u64_lenient(name)?.filter(|(_, kind)| *kind == ColumnType::I64);
            found.extend(column.map(|(column, _)| Source::Dates(precision, column)));
        }
    } else {
        for field in fields.of_kind(kind, mentions) {
            found.extend(columns.str(searcher.schema().get_field_name(field))?.map(Source::Facets));
        }
    }
    Ok(found)
}

/// All dates of a column, in order and once each.
fn dates(precision: Precision, column: &Column<u64>) -> Vec<u64> {
    let (first, last) = calendar(precision).into_inner();
    let first = first.to_u64().max(column.min_value());
    let Some(span) = last.to_u64().min(column.max_value()).checked_sub(first) else { return Vec::new() };
    let mut met = vec![false; usize::try_from(span).unwrap_or(0) + 1];
    let count = u64::from(column.values.num_vals());
    let mut block = vec![0; BLOCK];
    for start in (0..count).step_by(BLOCK) {
        let block = &mut block[..usize::try_from(count - start).unwrap_or(BLOCK).min(BLOCK)];
        column.values.get_range(start, block);
        for &value in &*block {
            let at = value.checked_sub(first).and_then(|at| usize::try_from(at).ok());
            if let Some(met) = at.and_then(|at| met.get_mut(at)) {
                *met = true;
            }
        }
    }
    (first..).zip(met).filter_map(|(value, met)| met.then_some(value)).collect()
}

/// Facets as the index writes them, one after the other.
#[derive(Default)]
struct Facets {
    text: String,
    ends: Vec<usize>,
}

impl Facets {
    fn push(&mut self, write: impl FnOnce(&mut String)) {
        write(&mut self.text);
        self.ends.push(self.text.len());
    }

    fn get(&self, at: usize) -> Option<&str> {
        let start = if at == 0 { 0 } else { *self.ends.get(at - 1)? };
        self.text.get(start..*self.ends.get(at)?)
    }
}

/// The values of a column on their way into the tree.
struct Waiting {
    /// The segment, and the column among those of it.
    place: (usize, usize),
    facets: Facets,
    values: Vec<u64>,
    /// The first of them that is not there yet.
    at: usize,
}

impl Waiting {
    fn new(place: (usize, usize), facets: Facets, values: Vec<u64>) -> Self {
        Self { place, facets, values, at: 0 }
    }

    fn facet(&self) -> Option<&str> {
        self.facets.get(self.at)
    }

    fn value(&self) -> u64 {
        self.values[self.at]
    }
}

impl Fields {
    /// The facet fields of a kind: what reports are about, and where that is wanted what they only mention.
    pub(crate) fn of_kind(&self, kind: FacetKind, mentions: bool) -> impl Iterator<Item = Field> + use<> {
        let (own, mentioned) = match kind {
            FacetKind::Group => (self.group, Some(self.mentioned_group)),
            FacetKind::Region => (self.region, Some(self.mentioned_region)),
            FacetKind::Date => (self.date, Some(self.mentioned_date)),
            FacetKind::Source => (self.source, None),
        };
        std::iter::once(own).chain(mentioned.filter(|_| mentions))
    }
}

impl IndexReader {
    /// The values of a kind, with what reports only mention or without, to count some reports of each segment by. What
    /// all reports have is kept once it was worth it: to look it up takes as long as to count many of them.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn facet_values(
        &self,
        kind: FacetKind,
        mentions: bool,
        docs: &[Vec<DocId>],
    ) -> Result<Arc<Values>, IndexError> {
        let (place, counted) = self.kept.values(kind, mentions);
        if let Some(known) = place.get() {
            return Ok(Arc::clone(known));
        }
        let wanted: u64 = docs.iter().map(|docs| docs.len() as u64).sum();
        let few = (counted.fetch_add(wanted, Ordering::Relaxed) + wanted) * FEW < self.reports();
        let values = Values::new(self.searcher(), self.fields(), (kind, mentions), few.then_some(docs))?;
        // Nothing is held meanwhile: who asks at the same time makes them too, and one of both is kept.
        Ok(if few { Arc::new(values) } else { Arc::clone(place.get_or_init(|| Arc::new(values))) })
    }
}

#[cfg(test)]
mod tests;
