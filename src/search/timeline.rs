//! Timelines: how many reports fall into each day, week, month or year.

mod numbers;
mod parts;
mod periods;

use std::time::Instant;

use chrono::NaiveDate;
use rustc_hash::FxHashMap;
use tantivy::columnar::{Column, ColumnIndex};
use tantivy::{DocId, SegmentReader};

use self::numbers::Numbers;
use self::parts::Parts;
use self::periods::Period;
use super::dates::DateFilter;
use super::filters::Filters;
use super::plan::Plan;
use super::request::TimelineRequest;
use super::{CHUNK, Known, Request, SearchError, Searcher, micros, warnings};
use crate::counts::{Bucket, Part, Timeline, Unit};
use crate::date::Precision;
use crate::index::{Rows, calendar, column, date_columns, date_of};

/// The most rows of a timeline: a century of days.
const MOST_ROWS: u64 = 36_600;
/// The most counts of a timeline, of all values of all rows: ten a day of a century.
const MOST_COUNTS: u64 = 366_000;

impl Searcher<'_> {
    /// Counts the reports that answer a request by period, exactly. A report counts once in every period that one of
    /// its dates touches.
    ///
    /// # Errors
    /// As [`Searcher::search`]; and if there are more periods than anyone reads.
    pub fn timeline(&mut self, request: &Request, wanted: &TimelineRequest) -> Result<Timeline, SearchError> {
        let started = Instant::now();
        let (plan, filters) = self.prepare(&Request { timeline: Some(wanted.clone()), ..request.clone() })?;
        let counted = self.count_periods(&plan, &filters, request, wanted);
        let widened = || Known { expanded: plan.expanded.clone(), ..Known::default() };
        let mut timeline = counted.map_err(|error| error.knowing(widened))?;
        timeline.warnings = warnings(&plan, request, self.laxer(&plan, request, timeline.total)?);
        timeline.expanded = plan.expanded;
        timeline.took_us = micros(started);
        Ok(timeline)
    }

    /// The histogram of a plan and its filters.
    pub(super) fn count_periods(
        &self,
        plan: &Plan,
        filters: &Filters,
        request: &Request,
        wanted: &TimelineRequest,
    ) -> Result<Timeline, SearchError> {
        let docs = self.docs(plan, &filters.clauses(self.reader.fields(), None), request)?;
        let parts = Parts::of(self, filters, wanted, &docs)?;
        let asked = filters.dates().filter(|_| !wanted.published);
        let mut histogram = Histogram { unit: wanted.by, width: parts.names().len(), asked, ..Histogram::default() };
        let mut slots = Vec::new();
        for (segment, docs) in self.reader.searcher().segment_readers().iter().zip(&docs) {
            let dates = dates(segment, filters, wanted)?;
            let fits = |dates: &Dates| Unit::from(dates.precision) <= wanted.by;
            let (mut fine, mut coarse): (Vec<Dates>, Vec<Dates>) = dates.into_iter().partition(fits);
            if let [dates] = fine.as_mut_slice()
                && dates.is_single()
                && coarse.is_empty()
                && parts.names().is_empty()
            {
                for docs in docs.chunks(CHUNK) {
                    self.clock.check()?;
                    dates.count(docs);
                }
                histogram.count_numbers(dates, docs.len());
                continue;
            }
            for docs in docs.chunks(CHUNK) {
                self.clock.check()?;
                fine.iter_mut().chain(&mut coarse).for_each(|dates| dates.rows.read(&dates.column, docs));
                for at in 0..docs.len() {
                    parts.having(histogram.total, &mut slots);
                    histogram.count(&mut fine, &mut coarse, at, &slots);
                }
            }
        }
        histogram.timeline(parts.names())
    }
}

/// A date column of a segment.
struct Dates {
    precision: Precision,
    column: Column<i64>,
    /// The numbers of the reports at hand.
    rows: Rows<i64>,
    /// The first number that stands for a date.
    first: i64,
    /// For each number from there on, what is known of its period: [`UNMET`], [`NOWHERE`], or the place of its row behind
    /// these.
    periods: Numbers,
    /// For each number from there on, how many reports have it, where they are not counted one by one.
    numbers: Numbers,
}

/// Of a number that was not met before.
const UNMET: u32 = 0;
/// Of a number that is not asked for.
const NOWHERE: u32 = 1;

impl Dates {
    fn new(precision: Precision, column: Column<i64>) -> Self {
        let (first, last) = calendar(precision).into_inner();
        let (first, last) = (first.max(column.min_value()), last.min(column.max_value()));
        let len = usize::try_from(last - first + 1).unwrap_or(0);
        let (periods, numbers) = (Numbers::of(len), Numbers::of(len));
        Self { precision, column, rows: Rows::default(), first, periods, numbers }
    }

    /// Whether no report has more than one date.
    fn is_single(&self) -> bool {
        !matches!(self.column.index, ColumnIndex::Multivalued(_))
    }

    /// Counts reports by their numbers, of which none has more than one.
    fn count(&mut self, docs: &[DocId]) {
        self.rows.read(&self.column, docs);
        for &number in self.rows.all() {
            let at = usize::try_from(number.wrapping_sub(self.first)).unwrap_or(usize::MAX);
            if let Some(count) = self.numbers.get_mut(at) {
                *count += 1;
            }
        }
    }
}

/// The columns of the dates to count by.
fn dates(segment: &SegmentReader, filters: &Filters, wanted: &TimelineRequest) -> Result<Vec<Dates>, SearchError> {
    let published = [(Precision::Day, column::PUBLISHED_DAY)];
    let columns = if wanted.published { &published[..] } else { date_columns(filters.mentions) };
    let open = |&(precision, name)| Ok(Dates::new(precision, segment.fast_fields().i64(name)?));
    Ok(columns.iter().map(open).collect::<tantivy::Result<_>>()?)
}

/// Counts of reports by period.
#[derive(Default)]
struct Histogram<'f> {
    unit: Unit,
    /// Of dates of events, only those count that are asked for: what else is told of a report of August stands in no other
    /// month.
    asked: Option<&'f DateFilter>,
    /// Values that are counted apart.
    width: usize,
    /// Periods that were met.
    rows: Vec<Row>,
    /// Their places among these.
    places: FxHashMap<Period, u32>,
    undated: Counts,
    /// Reports that were counted.
    total: u64,
    coarser_total: u64,
}

/// A period, and what was counted of it.
struct Row {
    period: Period,
    /// The last report that was counted here, from 1.
    seen: u64,
    counts: Counts,
}

#[derive(Clone, Default)]
struct Counts {
    reports: u64,
    split: Vec<u64>,
}

impl Counts {
    fn add(&mut self, slots: &[usize], width: usize) {
        self.reports += 1;
        if self.split.len() < width {
            self.split.resize(width, 0);
        }
        for &slot in slots {
            if let Some(count) = self.split.get_mut(slot) {
                *count += 1;
            }
        }
    }

    fn bucket(&self, period: Option<(Unit, NaiveDate)>, names: &[String]) -> Bucket {
        let days = period.map(|(unit, first)| unit.days(first));
        let split = names
            .iter()
            .enumerate()
            .map(|(slot, name)| Part { value: name.clone(), count: self.split.get(slot).copied().unwrap_or(0) });
        Bucket {
            period: period.map(|(unit, first)| unit.label(first)),
            from: days.as_ref().map(|days| *days.start()),
            to: days.as_ref().map(|days| *days.end()),
            unit: period.map(|(unit, _)| unit),
            count: self.reports,
            split: split.collect(),
        }
    }
}

impl Histogram<'_> {
    /// Counts a report by its dates, which are at some place among those that were read, and by the values that it has: in
    /// every period of the length asked for that the `fine` ones fall into; else in the longer ones of those that are known
    /// less finely.
    fn count(&mut self, fine: &mut [Dates], coarse: &mut [Dates], at: usize, slots: &[usize]) {
        self.total += 1;
        let mut met = false;
        for dates in fine {
            met |= self.meet(dates, at, slots);
        }
        if met {
            return;
        }
        for dates in coarse {
            met |= self.meet(dates, at, slots);
        }
        if met {
            self.coarser_total += 1;
        } else {
            self.undated.add(slots, self.width);
        }
    }

    /// Counts reports by how many of a segment have each number of a column, of which none has more than one.
    fn count_numbers(&mut self, dates: &mut Dates, reports: usize) {
        let Dates { precision, numbers, first, periods, .. } = dates;
        let mut counted = 0;
        for (at, count) in numbers.set() {
            let number = first.saturating_add(i64::try_from(at).unwrap_or(i64::MAX));
            if let Some(row) = self.row(number, *precision, *first, periods) {
                row.counts.reports += u64::from(count);
                counted += u64::from(count);
            }
        }
        self.total += reports as u64;
        self.undated.reports += reports as u64 - counted;
    }

    /// Counts a report by its dates of one column. Tells whether it has any that is asked for.
    fn meet(&mut self, dates: &mut Dates, at: usize, slots: &[usize]) -> bool {
        let (report, width) = (self.total, self.width);
        let Dates { precision, rows, first, periods, .. } = dates;
        let mut met = false;
        for &number in rows.of(at) {
            let Some(row) = self.row(number, *precision, *first, periods) else { continue };
            met = true;
            if row.seen != report {
                row.seen = report;
                row.counts.add(slots, width);
            }
        }
        met
    }

    /// The row of a number of a column, if it is asked for; `periods` are those of its numbers from `first` on.
    fn row(&mut self, number: i64, precision: Precision, first: i64, periods: &mut Numbers) -> Option<&mut Row> {
        let at = usize::try_from(number.checked_sub(first)?).ok()?;
        if periods.get(at)? == UNMET {
            self.open(number, precision, first, periods);
        }
        let place = periods.get(at)?.checked_sub(NOWHERE + 1)?;
        self.rows.get_mut(place as usize)
    }

    /// Enters the period of a number that was not met before for all numbers that fall into it.
    #[cold]
    fn open(&mut self, number: i64, precision: Precision, first: i64, periods: &mut Numbers) {
        let Some(day) = date_of(precision, number).map(|span| span.from) else { return };
        let period = if Unit::from(precision) <= self.unit {
            Period::Asked(self.unit.first(day))
        } else {
            Period::Coarser(precision, day)
        };
        let next = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(period).or_insert(next);
        if place == next {
            self.rows.push(Row { period, seen: 0, counts: Counts::default() });
        }
        let numbers = period.numbers(self.unit, precision);
        for number in numbers {
            let at = usize::try_from(number - first).ok();
            let Some(known) = at.and_then(|at| periods.get_mut(at)) else { continue };
            let asked = self.asked.is_none_or(|filter| filter.holds(precision, number));
            *known = if asked { place + NOWHERE + 1 } else { NOWHERE };
        }
    }

    fn timeline(mut self, names: &[String]) -> Result<Timeline, SearchError> {
        // One that was met may hold no report that has no finer date, or none that is asked for.
        self.rows.retain(|row| row.counts.reports > 0);
        self.rows.sort_unstable_by_key(|row| row.period);
        let (mut rows, none) = (Vec::new(), Counts::default());
        let mut next = None;
        let asked =
            || self.rows.iter().filter_map(|row| if let Period::Asked(day) = row.period { Some(day) } else { None });
        if let (Some(first), Some(last)) = (asked().next(), asked().next_back()) {
            self.check_length(first, last)?;
            next = Some(first);
        }
        for Row { period, counts, .. } in &self.rows {
            match *period {
                Period::Asked(day) => {
                    let mut push = |day, counts: &Counts| {
                        let bucket = counts.bucket(Some((self.unit, day)), names);
                        let next = bucket.to.and_then(|last| last.succ_opt());
                        rows.push(bucket);
                        next
                    };
                    while let Some(empty) = next.filter(|next| *next < day) {
                        next = push(empty, &none);
                    }
                    next = push(day, counts);
                }
                Period::Coarser(precision, day) => rows.push(counts.bucket(Some((precision.into(), day)), names)),
            }
        }
        if self.undated.reports > 0 {
            rows.push(self.undated.bucket(None, names));
        }
        Ok(Timeline {
            total: self.total,
            coarser: self.coarser_total,
            undated: self.undated.reports,
            timeline: rows,
            ..Timeline::default()
        })
    }

    /// Refuses more rows, and more counts, than anyone reads.
    fn check_length(&self, first: NaiveDate, last: NaiveDate) -> Result<(), SearchError> {
        let rows = self.unit.between(first, last);
        if rows <= MOST_ROWS {
            let counts = rows.saturating_mul(self.width as u64);
            let most = MOST_COUNTS;
            return if counts <= most { Ok(()) } else { Err(SearchError::WideTimeline { rows, counts, most }) };
        }
        let mut coarser = [Unit::Week, Unit::Month, Unit::Year].into_iter().filter(|unit| *unit > self.unit);
        let fits = coarser.find(|unit| unit.between(unit.first(first), last) <= MOST_ROWS);
        Err(SearchError::LongTimeline {
            unit: self.unit.name(),
            from: first,
            to: *self.unit.days(last).end(),
            rows,
            most: MOST_ROWS,
            coarser: fits.map(Unit::name),
        })
    }
}
