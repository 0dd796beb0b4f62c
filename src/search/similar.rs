//! What is like a report or a passage: its most telling words, names and days become a query that any other report
//! answers which has enough of them.
//!
//! After `MoreLikeThis` of Lucene: the terms of the text are weighed by how often it has them and how rare they are, and
//! the best of them are looked for as alternatives. Days of events count beside them: reports of one event share its day,
//! however they write it.

use serde::Serialize;
use tantivy::query::{Query, TermQuery};
use tantivy::schema::{IndexRecordOption, Term};

use super::plan::{Plan, Slot};
use super::resolve::telling;
use super::weights::{LIKE_DAY, LIKE_TITLE};
use super::{Part, Request, SearchError, Searcher, collected};
use crate::date::{DateSpan, Precision};
use crate::hit::Answer;
use crate::index::{Found, Named, date_numbers};

/// Words and names of a text that are looked for, as many as Lucene looks for.
const MOST_TERMS: usize = 25;
/// Days of events that are looked for beside them.
const MOST_DAYS: usize = 5;
/// Of so many of these, a report has to have one, and two in all. Of the others of an event, .92 have as many; with 10, .96
/// have, and twice as many reports that tell of something else; with 4, .64 have.
const SHARE: usize = 8;
/// Days that the span of an event has at most, to be looked for.
const LONGEST: i64 = 7;

/// A request for what is like a report or a passage, as it is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SimilarRequest<'r> {
    /// The id of the report, or of the passage.
    pub similar: &'r str,
    /// All else.
    #[serde(flatten)]
    pub request: &'r Request,
}

/// What answers have to be like.
pub(super) struct Like {
    /// What tells most of it.
    slots: Vec<Slot>,
    /// How many of the slots an answer has at least.
    least: usize,
    /// Finds the report itself, which is no answer.
    own: TermQuery,
    /// What the user should know.
    warning: Option<String>,
}

impl Like {
    /// Wants it of the answers to a plan.
    pub(super) fn add_to(&self, plan: &mut Plan) {
        plan.resemble(&self.slots, self.least, Box::new(self.own.clone()) as Box<dyn Query>);
        plan.warnings.extend(self.warning.clone());
    }
}

impl Searcher<'_> {
    /// The reports that are like one that is asked for by name, or like a passage of it. `name` is the id of a report, that
    /// of a passage (`id#3`), or the place that hits show. The report itself is no answer.
    ///
    /// A report answers that shares an eighth at least of what tells most: up to 25 words and names, and the days of the
    /// events. What of it stands where, the marks tell. All else of the request holds as in a search: its filters, its page and
    /// order, its counts. Its query narrows, and its words count for the rank too. Where the text says nothing that other
    /// reports say, nothing answers, and a warning tells why.
    ///
    /// # Errors
    /// If nothing is called so, the query or a filter cannot be understood, or the index cannot be read.
    pub fn similar(&mut self, name: &str, request: &Request) -> Result<Answer, SearchError> {
        collected(|each| self.stream_similar(name, request, each))
    }

    /// As [`Searcher::similar`], in parts, as [`Searcher::stream`] hands them on.
    ///
    /// # Errors
    /// As [`Searcher::similar`], and what `each` fails with, which ends it.
    pub fn stream_similar<E: From<SearchError>>(
        &mut self,
        name: &str,
        request: &Request,
        each: impl FnMut(Part) -> Result<(), E>,
    ) -> Result<(), E> {
        let found = self.named(name)?;
        self.like = Some(self.likeness(&found, request)?);
        let answered = self.in_parts(request, false, each);
        self.like = None;
        answered
    }

    /// What answers have to be like that are like a report, or like the passage of it that was asked for.
    fn likeness(&mut self, found: &Found, request: &Request) -> Result<Like, SearchError> {
        let Found { id, record, text, ordinal, .. } = found;
        let passage = ordinal.and_then(|ordinal| Some((ordinal - 1, record.passages.get(ordinal - 1)?)));
        let (parts, days) = if let Some((at, &(start, end))) = passage {
            let days = record.own.get(at).map(|own| own.dates.as_slice()).unwrap_or_default();
            (vec![(text.get(start..end).unwrap_or_default(), 1.0)], days)
        } else {
            let title = record.title.as_deref().unwrap_or_default();
            (vec![(title, LIKE_TITLE), (text.as_str(), 1.0)], record.dates.as_slice())
        };
        let told = telling(&parts, MOST_TERMS, request, &self.dictionary, &mut self.analyzer)?;
        let warning = told.is_empty().then(|| {
            "nothing in the text tells it from others: its words are too common, or in no other report".to_owned()
        });
        let mut slots = told;
        if warning.is_none() {
            slots.extend(days.iter().filter_map(day).take(MOST_DAYS));
        }
        let least = slots.len().div_ceil(SHARE).max(2);
        let own = Term::from_field_text(self.reader.fields().id, id);
        Ok(Like { slots, least, own: TermQuery::new(own, IndexRecordOption::Basic), warning })
    }
}

/// The slot of the day of an event, be it told as such or mentioned later; none of a date that is less exact.
fn day(span: &DateSpan) -> Option<Slot> {
    let (precision, numbers) = date_numbers(span);
    if precision != Precision::Day || numbers.end() - numbers.start() >= LONGEST {
        return None;
    }
    let terms = numbers.flat_map(|number| [false, true].map(|only| Named::Date(precision, number).term(only)));
    Some(Slot { boost: LIKE_DAY, label: span.to_string(), ..Slot::named(terms.collect()) })
}
