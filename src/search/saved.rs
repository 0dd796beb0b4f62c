//! Files of requests with names, in TOML: what `vigie watch` asks each time, and what a corpus expects of its index.
//!
//! ```toml
//! [[query]]
//! name = "Embuscades au Mali"
//! query = "embuscade"
//! regions = ["Mali"]
//! since = 2024-08-01
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Number, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Request;
use super::request::{WrongKey, is_key, nearest, wrong_key};

/// A request with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedRequest {
    /// Its name; no other request of the file bears it.
    pub name: String,
    /// What is asked; its `id` is the name.
    pub request: Request,
    /// The keys that are the caller's own, as JSON.
    pub own: Map<String, Value>,
    /// The line where it begins, from 1.
    pub line: usize,
    /// The line of every key, from 1.
    pub lines: BTreeMap<String, usize>,
}

/// Why a file of requests cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct SavedError {
    /// From 1.
    pub line: usize,
    /// Why.
    pub why: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl SavedError {
    /// An error of a line, from 1.
    #[must_use]
    pub fn new(line: usize, why: impl Into<String>, hint: Option<String>) -> Self {
        Self { line, why: why.into(), hint }
    }
}

/// Reads the requests of a file's `text`: the tables `[[table]]`, each with a `name`, the keys of a request
/// (`schema/request.schema.json`) and those that are the caller's `own`. TOML's dates may stand for dates in quotes.
///
/// # Errors
/// If the text is no TOML, holds no such table or anything else, or a key is unknown, missing or of the wrong type.
pub fn read(text: &str, table: &str, own: &[&str]) -> Result<Vec<NamedRequest>, SavedError> {
    let lines = Lines::of(text);
    let broken = |error: toml::de::Error| {
        let line = error.span().map_or(1, |span| lines.at(span.start));
        SavedError::new(line, format!("no TOML: {}", error.message().replace('\n', " ")), None)
    };
    let file = DeTable::parse(text).map_err(broken)?;
    let form = || Some(format!("write each request as a table that begins with [[{table}]]"));
    let mut requests = Vec::new();
    for (key, value) in file.get_ref() {
        let line = lines.at(key.span().start);
        if key.get_ref() != table {
            return Err(SavedError::new(line, format!("unknown key “{}”", key.get_ref()), form()));
        }
        let DeValue::Array(tables) = value.get_ref() else {
            return Err(SavedError::new(line, format!("“{table}” is not a list of tables"), form()));
        };
        for table in tables {
            let line = lines.at(table.span().start);
            let DeValue::Table(keys) = table.get_ref() else {
                return Err(SavedError::new(line, "not a table", form()));
            };
            requests.push(request(keys, line, own, &lines)?);
        }
    }
    if requests.is_empty() {
        return Err(SavedError::new(1, "no request", form()));
    }
    let mut names = BTreeSet::new();
    match requests.iter().find(|request| !names.insert(request.name.as_str())) {
        Some(twice) => {
            let line = twice.lines.get("name").copied().unwrap_or(twice.line);
            Err(SavedError::new(line, format!("a second request is named “{}”", twice.name), None))
        }
        None => Ok(requests),
    }
}

fn request(keys: &DeTable<'_>, line: usize, own: &[&str], lines: &Lines) -> Result<NamedRequest, SavedError> {
    let (mut name, mut given, mut kept) = (None, Map::new(), Map::new());
    let mut where_from = BTreeMap::new();
    for (key, value) in keys {
        let (line, key) = (lines.at(key.span().start), key.get_ref().as_ref());
        where_from.insert(key.to_owned(), line);
        let value = json(value);
        if key == "name" {
            let text = value.as_str().map(str::trim).filter(|text| !text.is_empty());
            let text = text.ok_or_else(|| SavedError::new(line, "name is not a text", None))?;
            name = Some(text.to_owned());
        } else if own.contains(&key) {
            kept.insert(key.to_owned(), value);
        } else if is_of_request(key) {
            given.insert(key.to_owned(), value);
        } else {
            let own: Vec<&str> = own.iter().copied().chain(["name"]).collect();
            return Err(SavedError::new(line, format!("unknown key “{key}”"), Some(nearest(key, &own))));
        }
    }
    let name =
        name.ok_or_else(|| SavedError::new(line, "a request without a name", Some("add name = \"…\"".into())))?;
    // Only where the whole cannot be read, each key is looked at alone.
    let request = serde_json::from_value::<Request>(Value::Object(given.clone())).map_err(|error| {
        let mut inner = given.iter().filter_map(|(key, value)| Some((where_from.get(key)?, wrong_key(key, value)?)));
        match inner.next() {
            Some((&line, WrongKey { why, hint, .. })) => SavedError::new(line, why, hint),
            None => SavedError::new(line, error.to_string(), None),
        }
    })?;
    let request = Request { id: Some(name.clone()), ..request };
    let faulty = |error: super::RequestError| SavedError::new(line, error.to_string(), error.hint());
    request.check().map_err(faulty)?;
    request.ranges().map_err(faulty)?;
    Ok(NamedRequest { name, request, own: kept, line, lines: where_from })
}

/// Whether a key is one of a request. Its `id` is the name.
fn is_of_request(key: &str) -> bool {
    key != "id" && is_key(key)
}

/// A value of TOML as JSON; a date as text. A number that JSON has not is the greatest it has, which no key takes: left
/// out it would be a key that is not given.
fn json(value: &Spanned<DeValue<'_>>) -> Value {
    let float = |text: &str| {
        let number = text.parse().ok().and_then(Number::from_f64).or_else(|| Number::from_f64(f64::MAX));
        number.map_or(Value::Null, Value::Number)
    };
    match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(whole) => Value::Number(whole.into()),
            Err(_) => float(number.as_str()),
        },
        DeValue::Float(number) => float(number.as_str()),
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(values) => values.iter().map(json).collect(),
        DeValue::Table(keys) => {
            Value::Object(keys.iter().map(|(key, value)| (key.get_ref().to_string(), json(value))).collect())
        }
    }
}

/// Where the lines of a text begin, in bytes.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The line of a byte, from 1.
    fn at(&self, byte: usize) -> usize {
        self.0.partition_point(|&start| start <= byte)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Match, Scope};
    use super::*;

    fn fault(text: &str) -> String {
        let SavedError { line, why, hint } = read(text, "query", &["must"]).unwrap_err();
        format!("line {line}: {why} | {}", hint.unwrap_or_default())
    }

    #[test]
    fn a_table_is_a_request() {
        let text = "# veille\n[[query]]\nname = \"a\"\nquery = 'embuscade'\nregions = [\"Mali\"]\nsince = 2024-08-01\n\
                    in = \"passage\"\nmatch = \"any\"\nlimit = 3\nmust = [\"x\", 1, 0.5]\n\n[[query]]\nname = \"b\"\n";
        let found = read(text, "query", &["must"]).unwrap();
        assert_eq!(found.len(), 2);
        let first = &found[0];
        assert_eq!((first.name.as_str(), first.line, first.lines["limit"]), ("a", 2, 9));
        assert_eq!(first.own["must"], serde_json::json!(["x", 1, 0.5]));
        let want = Request {
            id: Some("a".to_owned()),
            query: "embuscade".to_owned(),
            regions: vec!["Mali".to_owned()],
            since: Some("2024-08-01".to_owned()),
            scope: Scope::Passage,
            matching: Match::Any,
            limit: 3,
            ..Request::default()
        };
        assert_eq!(first.request, want);
        assert_eq!(found[1].request, Request { id: Some("b".to_owned()), ..Request::default() });
    }

    #[test]
    fn every_key_of_a_request_is_known() {
        let schema: Value = serde_json::from_str(include_str!("../../schema/request.schema.json")).unwrap();
        for key in schema["properties"].as_object().unwrap().keys().filter(|key| *key != "id") {
            assert!(is_of_request(key), "{key}");
        }
        assert!(!is_of_request("id"));
    }

    #[test]
    fn lines_are_counted_once_for_all_keys() {
        // Counted anew for each key this would take minutes.
        let tables: Vec<String> =
            (0..20_000).map(|n| format!("[[query]]\nname = \"q{n}\"\nquery = \"embuscade\"\n\n")).collect();
        let text = tables.concat();
        let found = read(&text, "query", &[]).unwrap();
        assert_eq!((found.len(), found[19_999].line, found[19_999].lines["query"]), (20_000, 79_997, 79_999));
        let lines = Lines::of("é\n\nb");
        assert_eq!([0, 2, 3, 4, 5].map(|byte| lines.at(byte)), [1, 1, 2, 3, 3]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, want) in [
            ("", "line 1: no request | write each request as a table that begins with [[query]]"),
            ("a = ", "line 1: no TOML: "),
            ("[query]\nname = \"a\"", "line 1: “query” is not a list of tables | write"),
            ("titre = 1", "line 1: unknown key “titre” | write"),
            ("[[query]]\nquery = \"a\"", "line 1: a request without a name | add name"),
            ("[[query]]\nname = \" \"", "line 2: name is not a text | "),
            ("[[query]]\nname = \"a\"\nregion = \"Mali\"", "line 3: unknown key “region” | did you mean “regions”?"),
            ("[[query]]\nname = \"a\"\nid = \"b\"", "line 3: unknown key “id” | the keys are collapse, "),
            ("[[query]]\nname = \"a\"\nlimit = -1", "line 3: “limit” takes a number from 0 | "),
            ("[[query]]\nname = \"a\"\nregions = \"Mali\"", "line 3: “regions” takes a list of texts | "),
            ("[[query]]\nname = \"a\"\nmatch = \"some\"", "line 3: “match” takes “all” or “any” | "),
            (
                "[[query]]\nname = \"a\"\nlimit = 1\nsince = 99999999999999999999",
                "line 4: “since” takes a date as text | ",
            ),
            ("[[query]]\nname = \"a\"\nsince = nan\nlimit = 0", "line 3: “since” takes a date as text | "),
            (
                "[[query]]\nname = \"a\"\nfacets = { top = 1 }",
                "line 3: unknown key “facets.top” | “facets” takes an object",
            ),
            ("[[query]]\nname = \"a\"\nsince = \"hier\"", "line 1: since: "),
            ("[[query]]\nname = \"a\"\n[[query]]\nname = \"a\"", "line 4: a second request is named “a” | "),
        ] {
            let told = fault(text);
            assert!(told.starts_with(want), "{told}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(\\[\\[query\\]\\]|\n|name|query|since|limit| = |\"a\"|2024-08-15|[0-9]{1,20}|é|'){0,20}") {
            let _ = read(&text, "query", &[]);
        }
    }
}
