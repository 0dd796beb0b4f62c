//! Date ranges as whole numbers of the date columns: to filter by, and to tell which dates of a report they hold.
//!
//! A day is in a range that holds it. A date known to the month or the year is in a range that holds all of it: what
//! happened « en août 2024 » is not told as having happened on the 15th.

use std::collections::BTreeSet;
use std::ops::{Bound, RangeInclusive};

use chrono::{Datelike, NaiveDate};
use tantivy::query::{BooleanQuery, EmptyQuery, Query, RangeQuery};
use tantivy::schema::Schema;
use tantivy::{SegmentReader, Term};

use super::lists::Days;
use crate::date::{DateRange, DateSpan, Precision};
use crate::facet::FacetPath;
use crate::index::{IndexError, IndexReader, Named, date_columns, day_number, month_number};

/// The largest number that terms of dates are written with.
const MOST_NUMBER: i64 = 9_999_999_999;

/// The dates asked for: any of some ranges.
#[derive(Clone, Debug)]
pub(super) struct DateFilter {
    /// For days, months and years each, the numbers that are in.
    numbers: [Vec<RangeInclusive<i64>>; 3],
    paths: Vec<FacetPath>,
}

impl DateFilter {
    /// The filter of some ranges; nothing where they bound nothing.
    pub(super) fn new(ranges: &[DateRange]) -> Option<Self> {
        let bounded: Vec<DateRange> = ranges.iter().copied().filter(|range| !range.is_open()).collect();
        if bounded.is_empty() {
            return None;
        }
        let mut filter =
            Self { numbers: Default::default(), paths: bounded.iter().copied().filter_map(whole).collect() };
        for range in &bounded {
            let from = |number: fn(NaiveDate) -> i64| range.from.map_or(i64::MIN, number);
            let to = |number: fn(NaiveDate) -> i64| range.to.map_or(i64::MAX, number);
            let bounds = [
                from(day_number)..=to(day_number),
                from(|day| month_number(day) + i64::from(day.day() > 1))..=to(|day| {
                    month_number(day) - i64::from(!ends_month(day))
                }),
                from(|day| i64::from(day.year()) + i64::from(day.ordinal() > 1))..=to(|day| {
                    i64::from(day.year()) - i64::from(!(day.month() == 12 && day.day() == 31))
                }),
            ];
            for (numbers, bounds) in filter.numbers.iter_mut().zip(bounds) {
                numbers.extend(Some(bounds).filter(|bounds| !bounds.is_empty()));
            }
        }
        Some(filter)
    }

    /// The query of reports with such a date.
    ///
    /// # Errors
    /// If the index has no such columns.
    pub(super) fn query(&self, mentions: bool, schema: &Schema) -> tantivy::Result<Box<dyn Query>> {
        let mut parts: Vec<Box<dyn Query>> = Vec::new();
        let bound = |field, number: i64, open: i64| {
            if number == open { Bound::Unbounded } else { Bound::Included(Term::from_field_i64(field, number)) }
        };
        for &(precision, name) in date_columns(mentions) {
            let field = schema.get_field(name)?;
            for range in &self.numbers[precision as usize] {
                let (from, to) = (bound(field, *range.start(), i64::MIN), bound(field, *range.end(), i64::MAX));
                parts.push(Box::new(RangeQuery::new(from, to)));
            }
        }
        Ok(if parts.is_empty() { Box::new(EmptyQuery) } else { Box::new(BooleanQuery::union(parts)) })
    }

    /// The same of a segment, to be read a window at a time.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn open(&self, segment: &SegmentReader, mentions: bool) -> tantivy::Result<Days> {
        let mut found = Vec::new();
        for &(precision, name) in date_columns(mentions) {
            let column = segment.fast_fields().i64(name)?;
            let (least, most) = (column.min_value(), column.max_value());
            for range in &self.numbers[precision as usize] {
                // A range below all values finds the least of them, if it is asked of the column.
                let range = *range.start().max(&least)..=*range.end().min(&most);
                found.extend(Some(range).filter(|range| !range.is_empty()).map(|range| (column.clone(), range)));
            }
        }
        Ok(Days(found))
    }

    /// The terms of the dates in these ranges that some passage tells.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn terms(&self, reader: &IndexReader, mentions: bool) -> Result<Vec<String>, IndexError> {
        let field = reader.fields().mention;
        let mut found = BTreeSet::new();
        for segment in reader.searcher().segment_readers() {
            let inverted = segment.inverted_index(field)?;
            for (precision, only) in
                Precision::ALL.into_iter().flat_map(|precision| [(precision, false), (precision, true)])
            {
                for range in self.numbers[precision as usize].iter().filter(|_| mentions || !only) {
                    let term = |number: i64| Named::Date(precision, number.clamp(0, MOST_NUMBER)).term(only);
                    let stream = inverted.terms().range().ge(term(*range.start())).le(term(*range.end())).into_stream();
                    let mut stream = stream.map_err(tantivy::TantivyError::from)?;
                    while stream.advance() {
                        found.insert(String::from_utf8_lossy(stream.key()).into_owned());
                    }
                }
            }
        }
        Ok(found.into_iter().collect())
    }

    /// Whether a number of the column of that precision is in.
    pub(super) fn holds(&self, precision: Precision, number: i64) -> bool {
        self.numbers[precision as usize].iter().any(|range| range.contains(&number))
    }

    /// Those of the ranges that are a whole day, month or year, as facets.
    pub(super) fn paths(&self) -> &[FacetPath] {
        &self.paths
    }
}

/// The facet of a range that is exactly one day, month or year.
fn whole(range: DateRange) -> Option<FacetPath> {
    let (from, to) = range.from.zip(range.to)?;
    let spans = [DateSpan::year(from.year()), DateSpan::month(from.year(), from.month()), Some(DateSpan::day(from))];
    spans.into_iter().flatten().find(|span| (span.from, span.to) == (from, to))?.facet()
}

fn ends_month(day: NaiveDate) -> bool {
    day.succ_opt().is_none_or(|next| next.month() != day.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> DateFilter {
        DateFilter::new(&[text.parse().unwrap()]).unwrap()
    }

    #[test]
    fn a_month_is_in_a_range_that_holds_all_of_it() {
        let month = |text: &str| month_number(text.parse::<DateSpan>().unwrap().from);
        for (range, holds) in
            [("2024-08", true), ("2024", true), ("2024-08-02..2024-10", false), ("..2024-08-30", false)]
        {
            assert_eq!(filter(range).holds(Precision::Month, month("2024-08")), holds, "{range}");
        }
        assert!(filter("2024..").holds(Precision::Year, 2024) && !filter("2024-02..").holds(Precision::Year, 2024));
    }

    #[test]
    fn a_range_that_is_a_facet_is_known_as_one() {
        let paths = |text: &str| filter(text).paths().iter().map(ToString::to_string).collect::<Vec<_>>();
        for (range, path) in [
            ("2024", Some("/2024")),
            ("2024-01-01..2024-12-31", Some("/2024")),
            ("2024-02", Some("/2024/02")),
            ("2024-02-29", Some("/2024/02/29")),
            ("2024-02..2024-03", None),
            ("2024..", None),
        ] {
            assert_eq!(paths(range), Vec::from_iter(path), "{range}");
        }
    }
}
