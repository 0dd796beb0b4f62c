//! The values that some reports have in a column, read all at once.

use std::fmt::Debug;

use tantivy::DocId;
use tantivy::columnar::{Column, ColumnIndex};

/// The values of some reports, one row a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rows<T> {
    values: Vec<T>,
    /// Where the row of each report ends.
    ends: Vec<usize>,
    /// Where the values stand in the column.
    places: Vec<u32>,
}

impl<T: Copy + Debug + Default + PartialOrd + Send + Sync + 'static> Rows<T> {
    /// Reads the values of reports, in the place of those that were read before.
    pub(crate) fn read(&mut self, column: &Column<T>, docs: &[DocId]) {
        self.places.clear();
        self.ends.clear();
        if let ColumnIndex::Full = column.index {
            self.places.extend_from_slice(docs);
            self.ends.extend(1..=docs.len());
        } else {
            for &doc in docs {
                self.places.extend(column.index.value_row_ids(doc));
                self.ends.push(self.places.len());
            }
        }
        self.values.resize(self.places.len(), T::default());
        column.values.get_vals(&self.places, &mut self.values);
    }

    /// The values of all reports.
    pub(crate) fn all(&self) -> &[T] {
        &self.values
    }

    /// The values of a report, by its place among those that were read.
    pub(crate) fn of(&self, at: usize) -> &[T] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.values[start..self.ends[at]]
    }

    /// Begins anew, without any report.
    pub(crate) fn clear(&mut self) {
        self.values.clear();
        self.ends.clear();
    }

    /// Adds the row of a further report.
    pub(crate) fn push(&mut self, values: impl IntoIterator<Item = T>) {
        self.values.extend(values);
        self.ends.push(self.values.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_report_has_its_row() {
        let mut rows = Rows::default();
        rows.push([3, 4]);
        rows.push([]);
        rows.push([5]);
        assert_eq!((rows.of(0), rows.of(1), rows.of(2)), (&[3, 4][..], &[][..], &[5][..]));
        assert_eq!(rows.all(), [3, 4, 5]);
        rows.clear();
        rows.push([6]);
        assert_eq!((rows.of(0), rows.all()), (&[6][..], &[6][..]));
    }
}
