//! The values that some reports have in a column, read all at once.

use std::fmt::Debug;

use tantivy::DocId;
use tantivy::columnar::column_index::MultiValueIndex;
use tantivy::columnar::{Column, ColumnIndex};

/// The values of some reports, one row a report.
#[derive(Clone, Debug)]
pub(crate) struct Rows<T> {
    values: Vec<T>,
    /// Where the row of each report begins, and where the last one ends.
    bounds: Vec<u32>,
    desk: Desk,
}

/// What is read on the way to values: places in a column, all of which are numbered from 0.
#[derive(Clone, Debug, Default)]
struct Desk {
    /// Those of the values.
    places: Vec<u32>,
    /// The reports that have any, and the number of each among all such.
    having: Vec<DocId>,
    ranks: Vec<u32>,
    /// Where the values of each of these begin and end.
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { values: Vec::new(), bounds: vec![0], desk: Desk::default() }
    }
}

impl<T> Rows<T> {
    /// The values of all reports.
    pub(crate) fn all(&self) -> &[T] {
        &self.values
    }

    /// The values of a report, by its place among those that were read.
    pub(crate) fn of(&self, at: usize) -> &[T] {
        &self.values[self.bounds[at] as usize..self.bounds[at + 1] as usize]
    }

    /// Adds the row of a further report.
    pub(crate) fn push(&mut self, values: impl IntoIterator<Item = T>) {
        self.values.extend(values);
        self.bounds.push(number(self.values.len()));
    }

    /// Takes the rows of others, with what is made of each value, in the place of what was there.
    pub(super) fn map<U: Copy>(&mut self, others: &Rows<U>, of: impl FnMut(U) -> T) {
        self.values.clear();
        self.values.extend(others.values.iter().copied().map(of));
        self.bounds.clone_from(&others.bounds);
    }
}

impl<T: Copy + Debug + Default + PartialOrd + Send + Sync + 'static> Rows<T> {
    /// Reads the values of reports, which are given in order, in the place of those that were read before.
    pub(crate) fn read(&mut self, column: &Column<T>, docs: &[DocId]) {
        let Self { values, bounds, desk } = self;
        desk.places.clear();
        bounds.clear();
        bounds.push(0);
        match &column.index {
            ColumnIndex::Full => {
                desk.places.extend_from_slice(docs);
                bounds.extend(1..=number(docs.len()));
            }
            ColumnIndex::Optional(index) => {
                desk.rank(|having, ranks| index.rank_if_exists_batch(docs, having, ranks));
                desk.starts.clone_from(&desk.ranks);
                desk.ends.clear();
                desk.ends.extend(desk.ranks.iter().map(|rank| rank + 1));
                desk.place(docs, bounds);
            }
            ColumnIndex::Multivalued(MultiValueIndex::MultiValueIndexV2(index)) => {
                desk.rank(|having, ranks| index.optional_index.rank_if_exists_batch(docs, having, ranks));
                // The values of a report end where those of the next begin.
                for into in [&mut desk.starts, &mut desk.ends] {
                    into.resize(desk.ranks.len(), 0);
                    index.start_index_column.get_vals(&desk.ranks, into);
                    desk.ranks.iter_mut().for_each(|rank| *rank += 1);
                }
                desk.place(docs, bounds);
            }
            index @ (ColumnIndex::Empty { .. } | ColumnIndex::Multivalued(_)) => {
                for &doc in docs {
                    desk.places.extend(index.value_row_ids(doc));
                    bounds.push(number(desk.places.len()));
                }
            }
        }
        values.resize(desk.places.len(), T::default());
        column.values.get_vals(&desk.places, values);
    }
}

impl Desk {
    /// Has the reports found that have values, and their numbers among all such.
    fn rank(&mut self, find: impl FnOnce(&mut Vec<DocId>, &mut Vec<u32>)) {
        self.having.clear();
        self.ranks.clear();
        find(&mut self.having, &mut self.ranks);
    }

    /// Lists the places of all values, with the bounds of each report.
    fn place(&mut self, docs: &[DocId], bounds: &mut Vec<u32>) {
        let spans = self.starts.iter().zip(&self.ends);
        let mut having = self.having.iter().zip(spans).peekable();
        for doc in docs {
            if let Some((_, (&start, &end))) = having.next_if(|(having, _)| *having == doc) {
                self.places.extend(start..end);
            }
            bounds.push(number(self.places.len()));
        }
    }
}

fn number(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use tantivy::TantivyDocument;

    use super::*;
    use crate::index::IndexReader;
    use crate::index::layout::{column, schema};

    #[test]
    fn each_report_has_its_row() {
        let mut rows = Rows::default();
        rows.push([3, 4]);
        rows.push([]);
        rows.push([5]);
        assert_eq!((rows.of(0), rows.of(1), rows.of(2)), (&[3, 4][..], &[][..], &[5][..]));
        let mut twice = Rows::default();
        twice.push([1]);
        twice.map(&rows, |value| 2 * value);
        assert_eq!((twice.of(0), twice.of(1), twice.all()), (&[6, 8][..], &[][..], &[6, 8, 10][..]));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(40))]
        #[test]
        fn rows_are_those_of_the_column(
            // One value each, one at most, and any number of them.
            reports in proptest::collection::vec(
                (0..99_i64, proptest::option::of(0..99_i64), proptest::collection::vec(0..99_i64, 0..4), proptest::bool::ANY),
                1..60,
            ),
        ) {
            let fields = schema().1;
            let reader = IndexReader::of_documents(reports.iter().map(|(one, some, any, _)| {
                let mut document = TantivyDocument::new();
                document.add_i64(fields.first_day, *one);
                if let Some(day) = some {
                    document.add_i64(fields.last_day, *day);
                }
                for &day in any {
                    document.add_i64(fields.days.day, day);
                }
                document
            }));
            let docs: Vec<DocId> = (0..).zip(&reports).filter(|(_, report)| report.3).map(|(doc, _)| doc).collect();
            let mut rows = Rows::default();
            for name in [column::FIRST_DAY, column::LAST_DAY, column::DAY, column::YEAR] {
                let column = reader.searcher().segment_reader(0).fast_fields().i64(name).unwrap();
                rows.read(&column, &docs);
                for (at, &doc) in docs.iter().enumerate() {
                    proptest::prop_assert_eq!(rows.of(at), column.values_for_doc(doc).collect::<Vec<_>>(), "{}", name);
                }
            }
        }
    }
}
