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

/// How alike a key has to be to one that there is, for it to be told.
const ALIKE: f64 = 0.75;

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
    let lines = Lines(text);
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

fn request(keys: &DeTable<'_>, line: usize, own: &[&str], lines: &Lines<'_>) -> Result<NamedRequest, SavedError> {
    let defaults = defaults();
    let (mut name, mut given, mut kept) = (None, defaults.clone(), Map::new());
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
            // Alone with the defaults, so that an error is this key's.
            let mut alone = defaults.clone();
            alone.insert(key.to_owned(), value.clone());
            serde_json::from_value::<Request>(Value::Object(alone))
                .map_err(|error| SavedError::new(line, format!("{key}: {error}"), None))?;
            given.insert(key.to_owned(), value);
        } else {
            return Err(SavedError::new(line, format!("unknown key “{key}”"), Some(nearest(key, own))));
        }
    }
    let name =
        name.ok_or_else(|| SavedError::new(line, "a request without a name", Some("add name = \"…\"".into())))?;
    given.insert("id".to_owned(), Value::String(name.clone()));
    let request: Request =
        serde_json::from_value(Value::Object(given)).map_err(|error| SavedError::new(line, error.to_string(), None))?;
    let faulty = |error: super::RequestError| SavedError::new(line, error.to_string(), error.hint());
    request.check().map_err(faulty)?;
    request.ranges().map_err(faulty)?;
    Ok(NamedRequest { name, request, own: kept, line, lines: where_from })
}

/// The keys of a request with their defaults, but for those that are left out where they have none.
fn defaults() -> Map<String, Value> {
    match serde_json::json!(Request::default()) {
        Value::Object(keys) => keys,
        _ => Map::new(),
    }
}

/// Keys of a request that have no default, and so are not among [`defaults`].
const WITHOUT_DEFAULT: [&str; 5] = ["facets", "fields", "since", "timeline", "until"];

/// Whether a key is one of a request. Its `id` is the name.
fn is_of_request(key: &str) -> bool {
    WITHOUT_DEFAULT.contains(&key) || defaults().contains_key(key)
}

/// The key that was meant, or all that there are.
fn nearest(key: &str, own: &[&str]) -> String {
    let defaults = defaults();
    let known = defaults.keys().map(String::as_str).chain(WITHOUT_DEFAULT).chain(own.iter().copied()).chain(["name"]);
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    let like = |known: &&&str| strsim::jaro_winkler(&key.to_lowercase(), known);
    match known.iter().max_by(|a, b| like(a).total_cmp(&like(b))).filter(|best| like(best) >= ALIKE) {
        Some(best) => format!("did you mean “{best}”?"),
        None => format!("the keys are {}", known.join(", ")),
    }
}

/// A value of TOML as JSON; a date as text.
fn json(value: &Spanned<DeValue<'_>>) -> Value {
    match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            let number = i64::from_str_radix(number.as_str(), number.radix());
            number.map_or(Value::Null, |number| Value::Number(number.into()))
        }
        DeValue::Float(number) => {
            let number = number.as_str().parse().ok().and_then(Number::from_f64);
            number.map_or(Value::Null, Value::Number)
        }
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(values) => values.iter().map(json).collect(),
        DeValue::Table(keys) => {
            Value::Object(keys.iter().map(|(key, value)| (key.get_ref().to_string(), json(value))).collect())
        }
    }
}

/// Bytes of a text as lines.
struct Lines<'a>(&'a str);

impl Lines<'_> {
    /// The line of a byte, from 1.
    fn at(&self, byte: usize) -> usize {
        1 + self.0.bytes().take(byte).filter(|&byte| byte == b'\n').count()
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
            ("[[query]]\nname = \"a\"\nlimit = -1", "line 3: limit: invalid value: integer `-1`, expected usize | "),
            ("[[query]]\nname = \"a\"\nregions = \"Mali\"", "line 3: regions: invalid type: string \"Mali\", expected"),
            ("[[query]]\nname = \"a\"\nmatch = \"some\"", "line 3: match: unknown variant `some`, expected"),
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
