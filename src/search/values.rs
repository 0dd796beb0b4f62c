//! The values that some reports have in a column, read all at once.

use std::fmt::Debug;

use tantivy::DocId;
use tantivy::columnar::Column;

/// The values of some reports, one row a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rows<T> {
    values: Vec<T>,
    ends: Vec<usize>,
}

impl<T> Rows<T> {
    /// Rows of so many reports that have no values.
    pub(super) fn none(reports: usize) -> Self {
        Self { values: Vec::new(), ends: vec![0; reports] }
    }

    /// Reads the values of reports.
    pub(super) fn read(column: &Column<T>, docs: &[DocId]) -> Self
    where
        T: Copy + Debug + Default + PartialOrd + Send + Sync + 'static,
    {
        let mut places = Vec::with_capacity(docs.len());
        let mut ends = Vec::with_capacity(docs.len());
        for &doc in docs {
            places.extend(column.index.value_row_ids(doc));
            ends.push(places.len());
        }
        let mut values = vec![T::default(); places.len()];
        column.values.get_vals(&places, &mut values);
        Self { values, ends }
    }

    /// The values of a report, by its place among those that were read.
    pub(super) fn of(&self, at: usize) -> &[T] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.values[start..self.ends[at]]
    }

    /// The values of all reports.
    pub(super) fn all(&self) -> &[T] {
        &self.values
    }

    /// Adds the row of a further report.
    pub(super) fn push(&mut self, values: impl IntoIterator<Item = T>) {
        self.values.extend(values);
        self.ends.push(self.values.len());
    }

    /// The same rows of what is made of each value.
    pub(super) fn map<U>(self, of: impl FnMut(T) -> U) -> Rows<U> {
        Rows { values: self.values.into_iter().map(of).collect(), ends: self.ends }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_report_has_its_row() {
        let mut rows = Rows::none(2);
        rows.push([3, 4]);
        rows.push([]);
        rows.push([5]);
        let rows = rows.map(|value| value * 2);
        assert_eq!(
            (rows.of(0), rows.of(1), rows.of(2), rows.of(3), rows.of(4)),
            (&[][..], &[][..], &[6, 8][..], &[][..], &[10][..])
        );
        assert_eq!(rows.all(), [6, 8, 10]);
    }
}
