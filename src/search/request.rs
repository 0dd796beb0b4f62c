//! What is asked for: one type for the command line, batches and the API.

mod counts;
mod keys;

use chrono::NaiveDate;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::date::{DateError, DateRange};
pub use counts::{DEEPEST, FacetRequest, Split, TimelineRequest};
pub(crate) use keys::{WrongKey, is_known};
pub(super) use keys::{is_key, nearest, wrong, wrong_key};

/// Where every word and filter must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Somewhere in the report.
    #[default]
    Report,
    /// In one passage.
    Passage,
}

/// How words side by side combine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    /// All of them.
    #[default]
    All,
    /// Any of them; more is better.
    Any,
}

/// The order of hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Best first.
    #[default]
    Relevance,
    /// Last event (else publication) first.
    Newest,
    /// First event (else publication) first.
    Oldest,
}

/// What becomes of several passages of one report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Collapse {
    /// The best stands for all; the others are counted.
    #[default]
    Report,
    /// Each is a hit.
    None,
}

/// What a hit can carry: `id` is that of its report, the others are the keys of a hit.
pub(super) const FIELDS: [&str; 14] = [
    "cite",
    "dates",
    "explanation",
    "fragment",
    "groups",
    "id",
    "inherited",
    "marks",
    "passage",
    "passages_in_report",
    "rank",
    "regions",
    "report",
    "score",
];
/// Those of them that no stored text is needed for.
const TEXTLESS: [&str; 5] = ["explanation", "id", "passages_in_report", "rank", "score"];

/// A request. Every key is optional.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Request {
    /// Given back in the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// In the query language; empty asks for everything.
    pub query: String,
    /// Names or paths of groups; any of them, none of those after `!`.
    pub groups: Vec<String>,
    /// Names or paths of regions, likewise.
    pub regions: Vec<String>,
    /// Sources, likewise.
    pub sources: Vec<String>,
    /// First day, as a date of the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// Last day, as a date of the command line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Dates or ranges; any of them.
    pub dates: Vec<String>,
    /// Whether filters and counts take in what reports only mention: background, affiliation, dateline.
    pub mentions: bool,
    /// Where every word must hold.
    #[serde(rename = "in")]
    pub scope: Scope,
    /// How words side by side combine.
    #[serde(rename = "match")]
    pub matching: Match,
    /// The order of hits.
    pub sort: Sort,
    /// Most hits in the answer; 0 for all.
    pub limit: usize,
    /// Hits left out before the first.
    pub offset: usize,
    /// What becomes of several passages of one report.
    pub collapse: Collapse,
    /// Whether names, synonyms and slips of the keyboard widen the query.
    pub expand: bool,
    /// Whether the answer tells how the query was read and what each score is made of.
    pub explain: bool,
    /// Counts of facets to add to the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facets: Option<FacetRequest>,
    /// A histogram to add to the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<TimelineRequest>,
    /// What a hit carries in JSON, by its keys (`id` is that of its report); all of it where nothing is named. Without any that is text, no text
    /// is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<String>>,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            id: None,
            query: String::new(),
            groups: Vec::new(),
            regions: Vec::new(),
            sources: Vec::new(),
            since: None,
            until: None,
            dates: Vec::new(),
            mentions: false,
            scope: Scope::default(),
            matching: Match::default(),
            sort: Sort::default(),
            limit: 10,
            offset: 0,
            collapse: Collapse::default(),
            expand: true,
            explain: false,
            facets: None,
            timeline: None,
            fields: None,
        }
    }
}

/// Why a request cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// A date of a filter.
    #[error("{name}: {error}")]
    Date {
        /// Which filter.
        name: &'static str,
        /// Why.
        error: DateError,
    },
    /// A line of a batch that is neither `id<TAB>query` nor a request as JSON.
    #[error("line {line}: {why}")]
    Line {
        /// From 1.
        line: usize,
        /// Why.
        why: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A field that no hit has.
    #[error("“{0}” is not a field of a hit")]
    Field(String),
    /// Facets to count, and none is named.
    #[error("no facet to count is named")]
    NoFacet,
    /// A level that counts are not told of.
    #[error("{0} is not a depth of facets")]
    Depth(usize),
    /// `since` stands after `until`.
    #[error("the dates from {since} until {until} hold no day")]
    Backwards {
        /// As given.
        since: String,
        /// As given.
        until: String,
    },
}

impl RequestError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Date { .. } => None,
            Self::NoFacet => Some("name group, region, date or source".to_owned()),
            Self::Depth(_) => Some(format!("give a depth from 1 to {DEEPEST}")),
            Self::Field(_) => Some(format!("the fields are {}", FIELDS.join(", "))),
            Self::Line { hint, .. } => hint.clone(),
            Self::Backwards { .. } => Some("give the earlier date first".to_owned()),
        }
    }
}

impl Request {
    /// The request of one line of a batch, with this one as its default: `id<TAB>query`, or a JSON object of which
    /// each key replaces the default. A line without an id has its number as one.
    ///
    /// A line that is neither gives what can be read of it, its id above all, and what is wrong.
    #[must_use]
    pub fn with_line(&self, line: &[u8], number: usize) -> (Self, Option<RequestError>) {
        let fail = |why: String, hint| Some(RequestError::Line { line: number, why, hint });
        let numbered = Self { id: Some(number.to_string()), ..self.clone() };
        let Ok(line) = std::str::from_utf8(line) else {
            let id = line.iter().position(|&byte| byte == b'\t').and_then(|end| str::from_utf8(&line[..end]).ok());
            let id = id.map(|id| id.trim_start_matches('\u{feff}').trim().to_owned()).or(numbered.id.clone());
            return (Self { id, ..numbered }, fail("not UTF-8".to_owned(), None));
        };
        let line = line.trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r']);
        if !line.trim_start().starts_with('{') {
            if let Some((id, query)) = line.split_once('\t') {
                return (Self { id: Some(id.trim().to_owned()), query: query.to_owned(), ..numbered }, None);
            }
            let json = serde_json::from_str(line).is_ok_and(|json: Value| json.is_array() || json.is_null());
            let why = if json { "JSON, but no object" } else { "no tab between id and query" };
            let hint = "write id<TAB>query, or a request as one JSON object".to_owned();
            return (numbered, fail(why.to_owned(), Some(hint)));
        }
        let mut given: serde_json::Map<String, Value> = match serde_json::from_str(line) {
            Ok(given) => given,
            Err(error) => return (numbered, fail(error.to_string(), None)),
        };
        plain_id(&mut given);
        let id = given.get("id").and_then(Value::as_str).map(str::to_owned);
        match numbered.with_keys(&given) {
            Ok(request) => (request, None),
            Err(wrong) => (Self { id: id.or(numbered.id.clone()), ..numbered }, fail(wrong.why, wrong.hint)),
        }
    }

    /// The request of one JSON object, as [`Request::with_line`] reads it, but that it may have no id.
    ///
    /// # Errors
    /// If it is no JSON object, or a key of it is none of a request or cannot be what it is.
    pub(crate) fn with_object(&self, object: &[u8]) -> Result<Self, WrongKey> {
        let other = |error: serde_json::Error| WrongKey { key: String::new(), why: error.to_string(), hint: None };
        let mut given = serde_json::from_slice(object).map_err(other)?;
        plain_id(&mut given);
        self.with_keys(&given)
    }

    /// This request with each key replaced that is given.
    pub(crate) fn with_keys(&self, given: &serde_json::Map<String, Value>) -> Result<Self, WrongKey> {
        let mut whole = serde_json::json!(self);
        if let Some(whole) = whole.as_object_mut() {
            whole.extend(given.clone());
        }
        let other = |error: serde_json::Error| WrongKey { key: String::new(), why: error.to_string(), hint: None };
        serde_json::from_value(whole).map_err(|error| wrong(given).unwrap_or_else(|| other(error)))
    }

    /// The order to answer in: without a query there is no relevance, and the newest come first.
    #[must_use]
    pub fn sort(&self, everything: bool) -> Sort {
        if everything && self.sort == Sort::Relevance { Sort::Newest } else { self.sort }
    }

    /// Whether hits carry nothing that has to be read from stored text.
    #[must_use]
    pub fn is_textless(&self) -> bool {
        self.fields.as_ref().is_some_and(|fields| fields.iter().all(|field| TEXTLESS.contains(&field.as_str())))
    }

    /// Checks what the types cannot.
    ///
    /// # Errors
    /// If a field is named that no hit has, or counts are asked for that there are none of.
    pub fn check(&self) -> Result<(), RequestError> {
        if self.facets.as_ref().is_some_and(|facets| facets.by.is_empty()) {
            return Err(RequestError::NoFacet);
        }
        let depths = [self.facets.as_ref().map(|facets| facets.depth), self.timeline.as_ref().map(|line| line.depth)];
        if let Some(depth) = depths.into_iter().flatten().find(|depth| !(1..=DEEPEST).contains(depth)) {
            return Err(RequestError::Depth(depth));
        }
        match self.fields.iter().flatten().find(|field| !FIELDS.contains(&field.as_str())) {
            Some(field) => Err(RequestError::Field(field.clone())),
            None => Ok(()),
        }
    }

    /// The date ranges to filter by, any of them; empty where there is no such filter.
    ///
    /// # Errors
    /// If a date cannot be read.
    pub fn ranges(&self) -> Result<Vec<DateRange>, RequestError> {
        let read = |name: &'static str, text: &String| {
            text.parse::<DateRange>().map_err(|error| RequestError::Date { name, error })
        };
        // A range without the end that counts would bound nothing.
        let end = |name: &'static str, text: &String, end: fn(DateRange) -> Option<NaiveDate>| {
            let open = || RequestError::Date { name, error: DateError::Form(text.clone()) };
            read(name, text).and_then(|range| end(range).ok_or_else(open))
        };
        let since = self.since.as_ref().map(|text| end("since", text, |range| range.from)).transpose()?;
        let until = self.until.as_ref().map(|text| end("until", text, |range| range.to)).transpose()?;
        if let (Some(from), Some(to)) = (since, until)
            && to < from
        {
            return Err(RequestError::Backwards {
                since: self.since.clone().unwrap_or_default(),
                until: self.until.clone().unwrap_or_default(),
            });
        }
        let bounds = DateRange { from: since, to: until };
        if self.dates.is_empty() {
            return Ok(if bounds.is_open() { Vec::new() } else { vec![bounds] });
        }
        self.dates.iter().map(|text| Ok(read("date", text)?.and(bounds))).collect()
    }
}

/// Makes an id that is a number a text, and one that is null none.
fn plain_id(given: &mut serde_json::Map<String, Value>) {
    if let Some(id) = given.get_mut("id").filter(|id| id.is_number()) {
        *id = id.to_string().into();
    }
    given.retain(|key, value| key != "id" || !value.is_null());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_request_is_told_in_plain_words() {
        let either = "write id<TAB>query, or a request as one JSON object";
        for (line, want) in [
            ("Mopti", format!("no tab between id and query | {either}")),
            ("[]", format!("JSON, but no object | {either}")),
            ("null", format!("JSON, but no object | {either}")),
            ("{\"limit\":-1}", "“limit” takes a number from 0 | ".to_owned()),
            ("{\"id\":\"a\",\"groups\":\"JNIM\"}", "“groups” takes a list of texts | ".to_owned()),
            ("{\"region\":[\"Mali\"]}", "unknown key “region” | did you mean “regions”?".to_owned()),
            ("{\"query\":", "EOF while parsing a value at line 1 column 9 | ".to_owned()),
        ] {
            let wrong = Request::default().with_line(line.as_bytes(), 3).1;
            let Some(RequestError::Line { line: 3, why, hint }) = &wrong else { panic!("{line}: {wrong:?}") };
            assert_eq!(format!("{why} | {}", hint.as_deref().unwrap_or_default()), want);
        }
    }
}
