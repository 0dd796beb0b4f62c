//! A record as it is written: each facet and each span of days once, which the lists name by number.

use std::borrow::Cow;
use std::path::Path;

use chrono::{Datelike, Days, NaiveDate};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{Given, Record};
use crate::annotate::Own;
use crate::date::{DateSpan, Precision};
use crate::facet::FacetPath;

/// A record as it is written.
#[derive(Serialize, Deserialize)]
pub(super) struct Row<'r> {
    #[serde(rename = "t", default, skip_serializing_if = "Option::is_none")]
    title: Option<Cow<'r, str>>,
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    source: Option<Cow<'r, str>>,
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    url: Option<Cow<'r, str>>,
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    author: Option<Cow<'r, str>>,
    #[serde(rename = "p")]
    path: Cow<'r, str>,
    #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
    file: Option<Cow<'r, Path>>,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    published: Option<NaiveDate>,
    #[serde(rename = "l")]
    lang: Cow<'r, str>,
    /// All facets, once each, which the lists name by their places here.
    #[serde(rename = "F", default, skip_serializing_if = "Vec::is_empty")]
    facets: Vec<Cow<'r, FacetPath>>,
    /// All spans of days.
    #[serde(rename = "D", default, skip_serializing_if = "Vec::is_empty")]
    spans: Vec<Span>,
    #[serde(rename = "A")]
    all: Lists,
    /// Bytes from the end of the passage before to the start of each, and its length.
    #[serde(rename = "P")]
    passages: Vec<(usize, usize)>,
    #[serde(rename = "O", default, skip_serializing_if = "Vec::is_empty")]
    own: Vec<Lists>,
    #[serde(rename = "o", default, skip_serializing_if = "Vec::is_empty")]
    open: Vec<Cow<'r, str>>,
    #[serde(rename = "G", default, skip_serializing_if = "Option::is_none")]
    given: Option<(Lists, Lists)>,
}

/// Groups, regions and dates by their places in the lists of all.
#[derive(Serialize, Deserialize)]
struct Lists(Vec<u32>, Vec<u32>, Vec<u32>);

/// The first day, numbered from the Common Era, the days to the last, and the place of the precision in
/// [`Precision::ALL`].
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Span(i32, u64, usize);

impl From<DateSpan> for Span {
    fn from(span: DateSpan) -> Self {
        let days = (span.to - span.from).num_days().unsigned_abs();
        let precision = Precision::ALL.iter().position(|&precision| precision == span.precision);
        Self(span.from.num_days_from_ce(), days, precision.unwrap_or_default())
    }
}

impl Span {
    fn read(self) -> Option<DateSpan> {
        let from = NaiveDate::from_num_days_from_ce_opt(self.0)?;
        let to = from.checked_add_days(Days::new(self.1))?;
        Some(DateSpan { from, to, precision: *Precision::ALL.get(self.2)? })
    }
}

/// Facets and spans that were met, each with its place.
#[derive(Default)]
struct Met<'r> {
    facets: FxHashMap<&'r FacetPath, u32>,
    spans: FxHashMap<DateSpan, u32>,
}

impl<'r> Met<'r> {
    fn lists(&mut self, groups: &'r [FacetPath], regions: &'r [FacetPath], dates: &[DateSpan]) -> Lists {
        Lists(numbers(&mut self.facets, groups), numbers(&mut self.facets, regions), {
            dates.iter().map(|&span| number(&mut self.spans, span)).collect()
        })
    }

    fn own(&mut self, own: &'r Own) -> Lists {
        self.lists(&own.groups, &own.regions, &own.dates)
    }
}

fn numbers<'r>(met: &mut FxHashMap<&'r FacetPath, u32>, paths: &'r [FacetPath]) -> Vec<u32> {
    paths.iter().map(|path| number(met, path)).collect()
}

/// The number of what was met, which is counted from 0.
fn number<T: Eq + std::hash::Hash>(met: &mut FxHashMap<T, u32>, value: T) -> u32 {
    let next = u32::try_from(met.len()).unwrap_or(u32::MAX);
    *met.entry(value).or_insert(next)
}

/// What was met, in the order of its numbers.
fn in_order<T>(met: FxHashMap<T, u32>) -> Vec<T> {
    let mut met: Vec<(u32, T)> = met.into_iter().map(|(value, number)| (number, value)).collect();
    met.sort_unstable_by_key(|(number, _)| *number);
    met.into_iter().map(|(_, value)| value).collect()
}

impl<'r> Row<'r> {
    /// That of a record.
    pub(super) fn of(record: &'r Record) -> Self {
        let mut met = Met::default();
        let all = met.lists(&record.groups, &record.regions, &record.dates);
        let own = record.own.iter().map(|own| met.own(own)).collect();
        let given = record.given.as_deref().map(|given| (met.own(&given.given), met.own(&given.found)));
        let mut last = 0;
        let mut passage = |&(start, end): &(usize, usize)| (start - std::mem::replace(&mut last, end), end - start);
        Self {
            title: record.title.as_deref().map(Cow::Borrowed),
            source: record.source.as_deref().map(Cow::Borrowed),
            url: record.url.as_deref().map(Cow::Borrowed),
            author: record.author.as_deref().map(Cow::Borrowed),
            path: Cow::Borrowed(&record.path),
            file: record.file.as_deref().map(Cow::Borrowed),
            published: record.published,
            lang: Cow::Borrowed(&record.lang),
            all,
            passages: record.passages.iter().map(&mut passage).collect(),
            own,
            open: record.open.iter().map(|name| Cow::Borrowed(name.as_str())).collect(),
            given,
            facets: in_order(met.facets).into_iter().map(Cow::Borrowed).collect(),
            spans: in_order(met.spans).into_iter().map(Span::from).collect(),
        }
    }

    /// The record, unless the row names something that it does not hold.
    pub(super) fn record(self) -> Option<Record> {
        let spans = self.spans.iter().map(|&span| span.read()).collect::<Option<Vec<DateSpan>>>()?;
        let paths = |places: &[u32]| -> Option<Vec<FacetPath>> {
            places.iter().map(|&place| self.facets.get(place as usize).map(|path| (**path).clone())).collect()
        };
        let own = |lists: &Lists| {
            let dates = lists.2.iter().map(|&place| spans.get(place as usize).copied());
            Some(Own { groups: paths(&lists.0)?, regions: paths(&lists.1)?, dates: dates.collect::<Option<_>>()? })
        };
        let all = own(&self.all)?;
        let given = match &self.given {
            Some((given, found)) => Some(Box::new(Given { given: own(given)?, found: own(found)? })),
            None => None,
        };
        let mut last: usize = 0;
        let passage = |&(gap, length): &(usize, usize)| {
            let start = last.checked_add(gap)?;
            last = start.checked_add(length)?;
            Some((start, last))
        };
        Some(Record {
            passages: self.passages.iter().map(passage).collect::<Option<_>>()?,
            own: self.own.iter().map(own).collect::<Option<_>>()?,
            title: self.title.map(Cow::into_owned),
            source: self.source.map(Cow::into_owned),
            url: self.url.map(Cow::into_owned),
            author: self.author.map(Cow::into_owned),
            path: self.path.into_owned(),
            file: self.file.map(Cow::into_owned),
            published: self.published,
            lang: self.lang.into_owned(),
            groups: all.groups,
            regions: all.regions,
            dates: all.dates,
            open: self.open.into_iter().map(Cow::into_owned).collect(),
            given,
        })
    }
}
