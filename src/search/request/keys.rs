//! The keys of a request and what each takes, in plain words: for those who wrote one that cannot be read.

use serde_json::{Map, Value};

use super::Request;

/// How alike a key has to be to one that there is, for it to be told.
const ALIKE: f64 = 0.75;

const TEXTS: &str = "a list of texts";
const FROM_0: &str = "a number from 0";
const FROM_1: &str = "a number from 1 to 16";
const TRUTH: &str = "true or false";
const DATE: &str = "a date as text";

/// Every key with what it takes, by name. Those of `facets` and `timeline` stand behind them and a dot.
const KEYS: [(&str, &str); 28] = [
    ("collapse", "“report” or “none”"),
    ("dates", TEXTS),
    ("expand", TRUTH),
    ("explain", TRUTH),
    ("facets", "an object with “by”, “depth” or “limit”"),
    ("facets.by", "a list of “group”, “region”, “date” or “source”"),
    ("facets.depth", FROM_1),
    ("facets.limit", FROM_0),
    ("fields", TEXTS),
    ("groups", TEXTS),
    ("id", "a text or a number"),
    ("in", "“report” or “passage”"),
    ("limit", FROM_0),
    ("match", "“all” or “any”"),
    ("mentions", TRUTH),
    ("offset", FROM_0),
    ("query", "a text"),
    ("regions", TEXTS),
    ("since", DATE),
    ("sort", "“relevance”, “newest” or “oldest”"),
    ("sources", TEXTS),
    ("timeline", "an object with “by”, “published”, “split”, “depth” or “top”"),
    ("timeline.by", "“day”, “week”, “month” or “year”"),
    ("timeline.depth", FROM_1),
    ("timeline.published", TRUTH),
    ("timeline.split", "“group” or “region”"),
    ("timeline.top", FROM_0),
    ("until", DATE),
];

/// What is wrong with a key of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct WrongKey {
    /// The key; where it stands within another, that one.
    pub(crate) key: String,
    /// Why.
    pub(crate) why: String,
    /// What to do about it.
    pub(crate) hint: Option<String>,
}

/// Whether a request has such a key.
pub(crate) fn is_key(key: &str) -> bool {
    takes(key).is_some_and(|_| !key.contains('.'))
}

/// Whether a request has such a key, or one that stands within another, behind a dot.
pub(crate) fn is_known(key: &str) -> bool {
    takes(key).is_some()
}

fn takes(key: &str) -> Option<&'static str> {
    KEYS.iter().find(|(known, _)| *known == key).map(|(_, takes)| *takes)
}

/// The first key that no request can be read with, or nothing where each of them can.
pub(crate) fn wrong(keys: &Map<String, Value>) -> Option<WrongKey> {
    keys.iter().find_map(|(key, value)| wrong_key(key, value))
}

/// What is wrong with a key and its value, if anything is.
pub(crate) fn wrong_key(key: &str, value: &Value) -> Option<WrongKey> {
    let told = |why: String, hint| Some(WrongKey { key: key.to_owned(), why, hint });
    if !is_key(key) {
        return told(format!("unknown key “{key}”"), Some(nearest(key, &[])));
    }
    if is_read(key, value) {
        return None;
    }
    for (inner, value) in value.as_object().into_iter().flatten() {
        let path = format!("{key}.{inner}");
        let Some(takes) = takes(&path) else {
            let takes = takes(key).unwrap_or_default();
            return told(format!("unknown key “{path}”"), Some(format!("“{key}” takes {takes}")));
        };
        if !is_read(key, &Value::Object([(inner.clone(), value.clone())].into_iter().collect())) {
            return told(format!("“{path}” takes {takes}"), None);
        }
    }
    told(format!("“{key}” takes {}", takes(key).unwrap_or_default()), None)
}

/// Whether a request can be read that has one key alone.
fn is_read(key: &str, value: &Value) -> bool {
    let alone = Value::Object([(key.to_owned(), value.clone())].into_iter().collect());
    serde_json::from_value::<Request>(alone).is_ok()
}

/// The key that was meant, or all that there are, with those of the caller's `own`.
pub(crate) fn nearest(key: &str, own: &[&str]) -> String {
    let known = KEYS.iter().map(|(known, _)| *known).filter(|known| is_key(known) && *known != key);
    let mut known: Vec<&str> = known.chain(own.iter().copied()).collect();
    known.sort_unstable();
    let like = |known: &&&str| strsim::jaro_winkler(&key.to_lowercase(), known);
    match known.iter().max_by(|a, b| like(a).total_cmp(&like(b))).filter(|best| like(best) >= ALIKE) {
        Some(best) => format!("did you mean “{best}”?"),
        None => format!("the keys are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What a key takes, as its schema has it.
    fn fits(schema: &Value, takes: &str) -> bool {
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            several => several.as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
        };
        if let Some(values) = schema["enum"].as_array() {
            let told: Vec<&str> = takes.split('“').skip(1).filter_map(|part| part.split('”').next()).collect();
            return told == values.iter().filter_map(Value::as_str).collect::<Vec<_>>();
        }
        match types.first().copied() {
            Some("integer") => match &schema["maximum"] {
                Value::Null => takes == FROM_0 && schema["minimum"] == 0,
                most => takes == format!("a number from {} to {most}", schema["minimum"]),
            },
            Some("boolean") => takes == TRUTH,
            Some("array") if schema["items"]["enum"].is_array() => {
                takes.starts_with("a list of “") && fits(&schema["items"], takes)
            }
            Some("array") => takes == TEXTS,
            Some("object") => {
                schema["properties"].as_object().unwrap().keys().all(|key| takes.contains(&format!("“{key}”")))
            }
            Some("string") => takes.contains("text"),
            _ => match schema["$ref"].as_str() {
                Some("#/$defs/names") => takes == TEXTS,
                Some("#/$defs/date") => takes == DATE,
                _ => false,
            },
        }
    }

    #[test]
    fn the_table_is_that_of_the_schema() {
        let schema: Value = serde_json::from_str(include_str!("../../../schema/request.schema.json")).unwrap();
        let mut keys = Vec::new();
        for (key, schema) in schema["properties"].as_object().unwrap() {
            keys.push((key.clone(), schema));
            let inner = schema["properties"].as_object().into_iter().flatten();
            keys.extend(inner.map(|(inner, schema)| (format!("{key}.{inner}"), schema)));
        }
        for (key, schema) in &keys {
            let takes = takes(key).unwrap_or_else(|| panic!("{key} is not in the table"));
            assert!(fits(schema, takes), "{key} takes {takes}: {schema}");
        }
        assert_eq!(KEYS.len(), keys.len());
        assert!(KEYS.is_sorted());
    }

    #[test]
    fn what_is_wrong_is_told_in_plain_words() {
        for (key, value, want) in [
            ("limit", json!(-1), "“limit” takes a number from 0"),
            ("groups", json!("JNIM"), "“groups” takes a list of texts"),
            ("groups", json!([1]), "“groups” takes a list of texts"),
            ("in", json!("phrase"), "“in” takes “report” or “passage”"),
            ("facets", json!("group"), "“facets” takes an object with “by”, “depth” or “limit”"),
            (
                "facets",
                json!({ "depth": 2, "by": "group" }),
                "“facets.by” takes a list of “group”, “region”, “date” or “source”",
            ),
            ("facets", json!({ "top": 2 }), "unknown key “facets.top”"),
            ("facets.by", json!(["group"]), "unknown key “facets.by”"),
            ("région", json!("Mali"), "unknown key “région”"),
        ] {
            assert_eq!(wrong_key(key, &value).map(|wrong| wrong.why).as_deref(), Some(want));
        }
        for (key, value) in [("limit", json!(0)), ("since", Value::Null), ("facets", json!({ "by": ["group"] }))] {
            assert_eq!(wrong_key(key, &value), None);
        }
        assert_eq!(nearest("region", &["must"]), "did you mean “regions”?");
        assert_eq!(nearest("musst", &["must"]), "did you mean “must”?");
    }
}
