//! What a corpus expects of its searches: a file of queries, each with ids that must or must not be among the first
//! hits, or with bounds on the number of reports. Asked of an index, each is a test that passes or fails.

use serde::Serialize;
use serde_json::Value;

use crate::index::{IndexError, IndexReader};
use crate::search::saved::{self, NamedRequest, SavedError};
use crate::search::{Request, SearchError, Searcher};

/// The keys of an expectation beside those of a request.
const OWN: [&str; 5] = ["must", "must_not", "first", "least", "most"];
/// The keys of a request that say nothing about what is found.
const USELESS: [&str; 6] = ["explain", "facets", "fields", "limit", "offset", "timeline"];
/// Hits that are looked at unless `first` says how many.
const FIRST: usize = 10;
/// Hits among which an id that is missing from the first is looked for.
const DEEP: usize = 1000;

/// A query and what is expected of its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Expectation {
    /// Its name.
    pub name: String,
    /// The line where it begins, from 1.
    pub line: usize,
    /// What is asked.
    pub request: Request,
    /// Ids of reports or passages that must be among the first hits, with their line.
    pub must: Vec<(String, usize)>,
    /// Ids that must not be.
    pub must_not: Vec<(String, usize)>,
    /// Hits that are looked at; at least 1.
    pub first: usize,
    /// Reports that must answer, at least.
    pub least: Option<u64>,
    /// Reports that may answer, at most.
    pub most: Option<u64>,
}

/// How one expectation came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// The line where it begins, from 1.
    pub line: usize,
    /// The request that was asked.
    pub request: Value,
    /// Whether all that is expected holds.
    pub passed: bool,
    /// Reports that answer; nothing where the query cannot be asked.
    pub total: Option<u64>,
    /// What does not hold.
    pub failures: Vec<Failure>,
    /// Microseconds.
    pub took_us: u64,
}

/// One thing that was expected and does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// `must`, `must_not`, `least` or `most`; `query` where it cannot be asked of this index.
    pub expected: &'static str,
    /// The id that it is about.
    pub id: Option<String>,
    /// Where that stands among the hits, from 1; nothing where it is not among those that were looked at.
    pub rank: Option<usize>,
    /// What is instead, for people.
    pub what: String,
}

/// How all expectations of a file came out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// How many hold.
    pub passed: usize,
    /// How many do not.
    pub failed: usize,
    /// Each, in the order of the file.
    pub expectations: Vec<Outcome>,
}

/// Reads the expectations of a TOML text (`schema/expectations.schema.json`).
///
/// # Errors
/// If it is no TOML or holds no query, a key is unknown or of no use here, or an expectation expects nothing.
pub fn read(text: &str) -> Result<Vec<Expectation>, SavedError> {
    saved::read(text, "query", &OWN)?.into_iter().map(Expectation::new).collect()
}

/// Asks all expectations of an index.
///
/// # Errors
/// If the index cannot be read.
pub fn ask(expectations: &[Expectation], reader: &IndexReader) -> Result<Outcomes, IndexError> {
    let mut searcher = Searcher::new(reader);
    let mut outcomes = Outcomes::default();
    for expectation in expectations {
        let outcome = expectation.ask(reader, &mut searcher)?;
        *if outcome.passed { &mut outcomes.passed } else { &mut outcomes.failed } += 1;
        outcomes.expectations.push(outcome);
    }
    Ok(outcomes)
}

impl Expectation {
    fn new(named: NamedRequest) -> Result<Self, SavedError> {
        let line = |key: &str| named.lines.get(key).copied().unwrap_or(named.line);
        if let Some(key) = USELESS.iter().find(|key| named.lines.contains_key(**key)) {
            let hint =
                matches!(*key, "limit" | "offset").then(|| "first = N says how many hits are looked at".to_owned());
            return Err(SavedError::new(line(key), format!("{key} changes nothing of what is expected"), hint));
        }
        let ids = |key: &str| -> Result<Vec<(String, usize)>, SavedError> {
            let wrong = || SavedError::new(line(key), format!("{key} is not a list of ids"), None);
            let Some(value) = named.own.get(key) else { return Ok(Vec::new()) };
            let ids = value.as_array().ok_or_else(wrong)?.iter();
            let ids = ids.map(|id| id.as_str().filter(|id| !id.is_empty()).map(|id| (id.to_owned(), line(key))));
            ids.collect::<Option<Vec<_>>>().ok_or_else(wrong)
        };
        let number = |key: &str| -> Result<Option<u64>, SavedError> {
            let wrong = || SavedError::new(line(key), format!("{key} is not a number from 0 on"), None);
            named.own.get(key).map(|value| value.as_u64().ok_or_else(wrong)).transpose()
        };
        let (must, must_not) = (ids("must")?, ids("must_not")?);
        let (least, at_most) = (number("least")?, number("most")?);
        if least == Some(0) {
            return Err(SavedError::new(line("least"), "least = 0 always holds", None));
        }
        let first = match number("first")? {
            Some(0) => return Err(SavedError::new(line("first"), "first = 0 looks at no hit", None)),
            Some(first) => usize::try_from(first).unwrap_or(usize::MAX),
            None => FIRST,
        };
        if must.is_empty() && must_not.is_empty() && least.is_none() && at_most.is_none() {
            let hint = "give must, must_not, least or most".to_owned();
            return Err(SavedError::new(named.line, format!("“{}” expects nothing", named.name), Some(hint)));
        }
        if let (Some(low), Some(high)) = (least, at_most)
            && low > high
        {
            let why = format!("no number is at least {low} and at most {high}");
            return Err(SavedError::new(line("most"), why, None));
        }
        if let Some((id, at)) = must.iter().find(|(id, _)| must_not.iter().any(|(not, _)| not == id)) {
            return Err(SavedError::new(*at, format!("“{id}” must and must not be there"), None));
        }
        // Ids and ranks are all that is looked at.
        let request =
            Request { limit: first.max(DEEP), fields: Some(vec!["id".to_owned(), "rank".to_owned()]), ..named.request };
        Ok(Self { name: named.name, line: named.line, request, must, must_not, first, least, most: at_most })
    }

    fn ask(&self, reader: &IndexReader, searcher: &mut Searcher<'_>) -> Result<Outcome, IndexError> {
        let mut outcome = Outcome {
            name: self.name.clone(),
            line: self.line,
            request: self.asked(),
            passed: false,
            total: None,
            failures: Vec::new(),
            took_us: 0,
        };
        let answer = match searcher.search(&self.request) {
            Ok(answer) => answer,
            Err(SearchError::Index(error)) => return Err(error),
            Err(error) => {
                let hint = error.hint().map(|hint| format!(" ({hint})")).unwrap_or_default();
                let what = format!("cannot be asked of this index: {error}{hint}");
                outcome.failures.push(Failure { expected: "query", id: None, rank: None, what });
                return Ok(outcome);
            }
        };
        let rank = |id: &str| {
            let found = answer.hits.iter().find(|hit| hit.report.id == id || hit.passage.id == id);
            found.map(|hit| hit.rank)
        };
        let among = if self.first == 1 { "the first hit".to_owned() } else { format!("the first {} hits", self.first) };
        for (id, _) in &self.must {
            let rank = rank(id);
            let what = match rank {
                Some(rank) if rank <= self.first => continue,
                Some(rank) => format!("{id} stands at {rank}, not among {among}"),
                None if answer.total > self.request.limit as u64 => {
                    format!("{id} is not among the first {} hits", self.request.limit)
                }
                None => unknown(id, reader)?.unwrap_or_else(|| format!("{id} is not found")),
            };
            outcome.failures.push(Failure { expected: "must", id: Some(id.clone()), rank, what });
        }
        for (id, _) in &self.must_not {
            let rank = rank(id);
            // What is not there at all cannot be found: whoever wrote the id meant another one.
            let what = match rank {
                Some(rank) if rank <= self.first => format!("{id} stands at {rank}, among {among}"),
                Some(_) => continue,
                None => match unknown(id, reader)? {
                    Some(what) => what,
                    None => continue,
                },
            };
            outcome.failures.push(Failure { expected: "must_not", id: Some(id.clone()), rank, what });
        }
        let reports =
            if answer.total == 1 { "1 report answers".to_owned() } else { format!("{} reports answer", answer.total) };
        if let Some(least) = self.least.filter(|&least| answer.total < least) {
            let what = format!("{reports}, not at least {least}");
            outcome.failures.push(Failure { expected: "least", id: None, rank: None, what });
        }
        if let Some(most) = self.most.filter(|&most| answer.total > most) {
            let what = format!("{reports}, not at most {most}");
            outcome.failures.push(Failure { expected: "most", id: None, rank: None, what });
        }
        outcome.passed = outcome.failures.is_empty();
        (outcome.total, outcome.took_us) = (Some(answer.total), answer.took_us);
        Ok(outcome)
    }

    /// The request as the file has it: without defaults, and without what is asked for to compare ids.
    fn asked(&self) -> Value {
        let of = |request: &Request| serde_json::to_value(request).unwrap_or_default();
        let (mut asked, defaults) = (of(&self.request), of(&Request::default()));
        if let Some(asked) = asked.as_object_mut() {
            asked.retain(|key, value| key == "query" || defaults.get(key) != Some(value));
            for key in ["id", "limit", "fields"] {
                asked.shift_remove(key);
            }
        }
        asked
    }
}

/// What is to be told of an id that is none of a report, nor of a passage of one (`report#3`).
fn unknown(id: &str, reader: &IndexReader) -> Result<Option<String>, IndexError> {
    if reader.report(id)?.is_some() {
        return Ok(None);
    }
    let passage = id.rsplit_once('#').and_then(|(report, ordinal)| Some((report, ordinal.parse::<usize>().ok()?)));
    if let Some((report, ordinal)) = passage
        && let Some((record, _)) = reader.report(report)?
    {
        let passages = record.passages.len();
        let there = (1..=passages).contains(&ordinal);
        return Ok((!there).then(|| format!("no passage of the index is “{id}”: its report has {passages}")));
    }
    let near = reader.near_ids(id);
    let near = if near.is_empty() { String::new() } else { format!("; there is {}", near.join(", ")) };
    Ok(Some(format!("no report of the index is “{id}”{near}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        let SavedError { line, why, hint } = read(text).unwrap_err();
        format!("line {line}: {why} | {}", hint.unwrap_or_default())
    }

    fn table(keys: &str) -> String {
        format!("[[query]]\nname = \"a\"\n{keys}\n")
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (keys, want) in [
            ("query = 'mine'", "line 1: “a” expects nothing | give must, must_not, least or most"),
            ("must = []", "line 1: “a” expects nothing | give must, must_not, least or most"),
            ("must = 'r1'", "line 3: must is not a list of ids | "),
            ("must = [1]", "line 3: must is not a list of ids | "),
            ("must = ['']", "line 3: must is not a list of ids | "),
            ("least = -1", "line 3: least is not a number from 0 on | "),
            ("most = '3'", "line 3: most is not a number from 0 on | "),
            ("must = ['r1']\nfirst = 0", "line 4: first = 0 looks at no hit | "),
            ("least = 0", "line 3: least = 0 always holds | "),
            ("least = 3\nmost = 2", "line 4: no number is at least 3 and at most 2 | "),
            ("must = ['r1']\nmust_not = ['r2', 'r1']", "line 3: “r1” must and must not be there | "),
            ("least = 1\nlimit = 3", "line 4: limit changes nothing of what is expected | first = N"),
            ("least = 1\nfields = ['id']", "line 4: fields changes nothing of what is expected | "),
        ] {
            let told = fault(&table(keys));
            assert!(told.starts_with(want), "{told}");
        }
        assert!(fault("").starts_with("line 1: no request"));
        assert_eq!(fault(&table("least = 1\nmusst = ['r1']")), "line 4: unknown key “musst” | did you mean “must”?");
    }

    #[test]
    fn each_kind_of_expectation_passes_and_fails() {
        let reader = IndexReader::of_texts(&[
            ("Une embuscade", "Une embuscade, et encore une embuscade."),
            ("", "Le marché. Une embuscade a eu lieu."),
            ("", "Le marché est calme."),
        ]);
        for (keys, want) in [
            ("must = ['r0', 'r1', 'r0#1']\nmust_not = ['r2']\nleast = 2\nmost = 2", vec![]),
            ("must = ['r1']\nfirst = 1", vec!["must r1 2: r1 stands at 2, not among the first hit"]),
            ("must = ['r2']", vec!["must r2 -: r2 is not found"]),
            ("must_not = ['r0']", vec!["must_not r0 1: r0 stands at 1, among the first 10 hits"]),
            ("must_not = ['r1']\nfirst = 1", vec![]),
            ("least = 3", vec!["least - -: 2 reports answer, not at least 3"]),
            (
                "most = 1\nmust = ['r2']",
                vec!["must r2 -: r2 is not found", "most - -: 2 reports answer, not at most 1"],
            ),
        ] {
            let outcomes = ask(&read(&table(&format!("query = 'embuscade'\n{keys}"))).unwrap(), &reader).unwrap();
            let [outcome] = &outcomes.expectations[..] else { panic!("{outcomes:?}") };
            let told = |failure: &Failure| {
                let rank = failure.rank.map_or("-".to_owned(), |rank| rank.to_string());
                format!("{} {} {rank}: {}", failure.expected, failure.id.as_deref().unwrap_or("-"), failure.what)
            };
            assert_eq!(outcome.failures.iter().map(told).collect::<Vec<_>>(), want, "{keys}");
            assert_eq!(
                (outcome.passed, outcomes.passed, outcomes.failed),
                match want.len() {
                    0 => (true, 1, 0),
                    _ => (false, 0, 1),
                }
            );
            assert_eq!((outcome.total, &outcome.request), (Some(2), &serde_json::json!({ "query": "embuscade" })));
        }
    }

    #[test]
    fn a_query_that_cannot_be_asked_fails() {
        let reader = IndexReader::of_texts(&[("", "Une embuscade.")]);
        let outcomes = ask(&read(&table("query = '\"embuscade'\nleast = 1")).unwrap(), &reader).unwrap();
        let failure = &outcomes.expectations[0].failures[0];
        assert!(outcomes.failed == 1 && failure.expected == "query", "{failure:?}");
        assert_eq!(outcomes.expectations[0].total, None);
    }

    #[test]
    fn ids_that_are_not_there_fail_with_near_ones() {
        let reader = IndexReader::of_texts(&[("", "Une embuscade."), ("", "Une mine.")]);
        for key in ["must", "must_not"] {
            let told = |id: &str| {
                let outcomes = ask(&read(&table(&format!("{key} = ['{id}']"))).unwrap(), &reader).unwrap();
                assert_eq!((outcomes.failed, outcomes.expectations[0].failures.len()), (1, 1), "{outcomes:?}");
                outcomes.expectations[0].failures[0].what.clone()
            };
            assert_eq!(told("r11"), "no report of the index is “r11”; there is r1");
            assert_eq!(told("dossier/r1"), "no report of the index is “dossier/r1”; there is r1");
            assert_eq!(told("r11#1"), "no report of the index is “r11#1”; there is r1");
            assert_eq!(told("r1#2"), "no passage of the index is “r1#2”: its report has 1");
            assert_eq!(told("tout autre chose"), "no report of the index is “tout autre chose”");
        }
    }
}
