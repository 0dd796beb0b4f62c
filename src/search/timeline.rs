//! Timelines: how many reports fall into each day, week, month or year.

use std::ops::RangeInclusive;
use std::time::Instant;

use chrono::{Datelike, Days, NaiveDate};
use rustc_hash::FxHashMap;
use tantivy::{DocId, SegmentReader};

use super::counts::Docs;
use super::dates::{DateColumns, DateFilter, span};
use super::filters::Filters;
use super::plan::Plan;
use super::request::TimelineRequest;
use super::tally::{Node, Tally};
use super::values::Rows;
use super::{CHUNK, Known, Request, SearchError, Searcher, micros, warnings};
use crate::counts::{Bucket, Part, Timeline, Unit};
use crate::date::{DateSpan, Precision};
use crate::index::{column, month_number};

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
        let parts = self.parts(filters, wanted, &docs)?;
        let asked = filters.dates().filter(|_| !wanted.published);
        let mut histogram = Histogram { unit: wanted.by, width: parts.names.len(), asked, ..Histogram::default() };
        let (mut report, mut slots) = (0, Vec::new());
        for (segment, docs) in self.reader.searcher().segment_readers().iter().zip(&docs) {
            let dates = dates(segment, filters, wanted, docs)?;
            for at in 0..docs.len() {
                if at % CHUNK == 0 {
                    self.clock.check()?;
                }
                parts.of(report, &mut slots);
                for (precision, numbers) in &dates {
                    numbers.of(at).iter().for_each(|&number| histogram.meet(*precision, number));
                }
                histogram.count(&slots);
                report += 1;
            }
        }
        histogram.timeline(&parts.names)
    }

    /// The values to count apart, and which of them each report has.
    fn parts(&self, filters: &Filters, wanted: &TimelineRequest, docs: &Docs) -> Result<Parts, SearchError> {
        let Some(split) = wanted.split else { return Ok(Parts::default()) };
        let mut tally = Tally::new(&[]);
        let mut having = Rows::default();
        let mut frequency: Vec<u64> = Vec::new();
        let mut values: Vec<Node> = Vec::new();
        for (segment, docs) in self.reader.searcher().segment_readers().iter().zip(docs) {
            let rows = self.values(&mut tally, split.into(), filters, segment, docs)?;
            frequency.resize(tally.len(), 0);
            for at in 0..docs.len() {
                if at % CHUNK == 0 {
                    self.clock.check()?;
                }
                values.clear();
                values
                    .extend(rows.iter().flat_map(|rows| rows.of(at)).map(|&value| tally.ancestor(value, wanted.depth)));
                values.sort_unstable();
                values.dedup();
                for &value in &values {
                    frequency[value as usize] += 1;
                }
                having.push(values.iter().copied());
            }
        }
        let mut ranked: Vec<(u64, String, Node)> = (0..)
            .zip(frequency)
            .filter(|value| value.1 > 0)
            .map(|(value, count)| (count, tally.path(value), value))
            .collect();
        ranked.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        ranked.truncate(if wanted.top == 0 { ranked.len() } else { wanted.top });
        let mut places = vec![ranked.len(); tally.len()];
        (0..).zip(&ranked).for_each(|(place, value)| places[value.2 as usize] = place);
        let names = ranked.into_iter().map(|value| value.1).chain(["other".to_owned(), "none".to_owned()]);
        Ok(Parts { names: names.collect(), places, having })
    }
}

/// The values that a timeline counts apart, and which reports have them.
#[derive(Default)]
struct Parts {
    /// Most frequent first, then `other` and `none`; nothing where nothing is split.
    names: Vec<String>,
    /// Places of all values among the names.
    places: Vec<usize>,
    /// Values of each report, once each.
    having: Rows<Node>,
}

impl Parts {
    /// The places among the names that a report counts for, once each.
    fn of(&self, report: usize, slots: &mut Vec<usize>) {
        slots.clear();
        let Some(other) = self.names.len().checked_sub(2) else { return };
        let values = self.having.of(report);
        slots.extend(values.iter().map(|&value| self.places[value as usize]));
        slots.sort_unstable();
        slots.dedup();
        if values.is_empty() {
            slots.push(other + 1);
        }
    }
}

/// The dates of some reports of a segment, by column.
fn dates(
    segment: &SegmentReader,
    filters: &Filters,
    wanted: &TimelineRequest,
    docs: &[DocId],
) -> Result<Vec<(Precision, Rows<i64>)>, SearchError> {
    if wanted.published {
        let days = segment.fast_fields().i64(column::PUBLISHED_DAY)?;
        return Ok(vec![(Precision::Day, Rows::read(&days, docs))]);
    }
    Ok(DateColumns::open(segment, filters.mentions)?.read(docs))
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
    /// Periods that were met, and what was counted of each.
    rows: Vec<(Period, Counts)>,
    /// Their places among these.
    places: FxHashMap<Period, usize>,
    /// Those of the numbers of the date columns; nothing for what is no date, or not asked for.
    numbers: FxHashMap<(Precision, i64), Option<usize>>,
    undated: Counts,
    total: u64,
    coarser_total: u64,
    /// Periods that the dates of the report at hand fall into, and the longer ones of those that fall into none.
    met: Vec<usize>,
    met_coarser: Vec<usize>,
}

/// A period, by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Period {
    /// Of the length asked for.
    Asked(NaiveDate),
    /// A longer one, for reports that have no finer date.
    Coarser(Precision, NaiveDate),
}

#[derive(Clone, Default)]
struct Counts {
    reports: u64,
    split: Vec<u64>,
}

impl Counts {
    fn add(&mut self, slots: &[usize], width: usize) {
        self.reports += 1;
        if self.split.is_empty() {
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
    /// Takes note of a date of the report at hand.
    fn meet(&mut self, precision: Precision, number: i64) {
        let place = match self.numbers.get(&(precision, number)) {
            Some(&place) => place,
            None => self.place(precision, number),
        };
        let Some(place) = place else { return };
        match self.rows[place].0 {
            Period::Asked(_) => self.met.push(place),
            Period::Coarser(..) => self.met_coarser.push(place),
        }
    }

    /// The place of the period of a number that was not met before.
    fn place(&mut self, precision: Precision, number: i64) -> Option<usize> {
        let asked = self.asked.is_none_or(|filter| filter.holds(precision, number));
        let period = span(precision, number).filter(|_| asked).map(|span| {
            if Unit::from(precision) <= self.unit {
                Period::Asked(self.unit.first(span.from))
            } else {
                Period::Coarser(precision, span.from)
            }
        });
        let place = period.map(|period| {
            let next = self.rows.len();
            let place = *self.places.entry(period).or_insert(next);
            if place == next {
                self.rows.push((period, Counts::default()));
            }
            place
        });
        self.numbers.insert((precision, number), place);
        place
    }

    /// Counts the report at hand by the dates that were met, and by the values that it has.
    fn count(&mut self, slots: &[usize]) {
        self.total += 1;
        let met = if self.met.is_empty() { &mut self.met_coarser } else { &mut self.met };
        met.sort_unstable();
        met.dedup();
        if met.is_empty() {
            self.undated.add(slots, self.width);
        }
        for &mut place in met {
            self.rows[place].1.add(slots, self.width);
        }
        self.coarser_total += u64::from(self.met.is_empty() && !self.met_coarser.is_empty());
        self.met.clear();
        self.met_coarser.clear();
    }

    fn timeline(mut self, names: &[String]) -> Result<Timeline, SearchError> {
        // One that was met may hold no report that has no finer date.
        self.rows.retain(|(_, counts)| counts.reports > 0);
        self.rows.sort_unstable_by_key(|(period, _)| *period);
        let mut rows = Vec::new();
        let mut next = None;
        let asked = || {
            self.rows.iter().filter_map(|(period, _)| if let Period::Asked(day) = period { Some(*day) } else { None })
        };
        if let (Some(first), Some(last)) = (asked().next(), asked().next_back()) {
            self.check_length(first, last)?;
            next = Some(first);
        }
        for (period, counts) in &self.rows {
            match *period {
                Period::Asked(day) => {
                    while let Some(empty) = next.filter(|next| *next < day) {
                        rows.push(Counts::default().bucket(Some((self.unit, empty)), names));
                        next = self.unit.days(empty).end().succ_opt();
                    }
                    rows.push(counts.bucket(Some((self.unit, day)), names));
                    next = self.unit.days(day).end().succ_opt();
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

impl From<Precision> for Unit {
    fn from(precision: Precision) -> Self {
        match precision {
            Precision::Day => Self::Day,
            Precision::Month => Self::Month,
            Precision::Year => Self::Year,
        }
    }
}

impl Unit {
    /// The first day of the period that holds a day.
    fn first(self, day: NaiveDate) -> NaiveDate {
        let first = match self {
            Self::Day => Some(day),
            Self::Week => day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))),
            Self::Month => day.with_day(1),
            Self::Year => NaiveDate::from_yo_opt(day.year(), 1),
        };
        first.unwrap_or(day)
    }

    /// The days of the period that begins with a day.
    fn days(self, first: NaiveDate) -> RangeInclusive<NaiveDate> {
        let span = match self {
            Self::Day => None,
            Self::Week => return first..=first.checked_add_days(Days::new(6)).unwrap_or(NaiveDate::MAX),
            Self::Month => DateSpan::month(first.year(), first.month()),
            Self::Year => DateSpan::year(first.year()),
        };
        first..=span.map_or(first, |span| span.to)
    }

    /// How many periods there are from one to another, both included, each named by its first day.
    fn between(self, first: NaiveDate, last: NaiveDate) -> u64 {
        let steps = match self {
            Self::Day => (last - first).num_days(),
            Self::Week => (last - first).num_weeks(),
            Self::Month => month_number(last) - month_number(first),
            Self::Year => i64::from(last.year()) - i64::from(first.year()),
        };
        u64::try_from(steps + 1).unwrap_or(0)
    }

    /// How the period that begins with a day is written.
    fn label(self, first: NaiveDate) -> String {
        match self {
            Self::Day => first.to_string(),
            Self::Week => first.format("%G-W%V").to_string(),
            Self::Month => first.format("%Y-%m").to_string(),
            Self::Year => first.format("%Y").to_string(),
        }
    }
}
