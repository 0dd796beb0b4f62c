//! Query strings ↔ requests: `q=embuscade&group=JNIM&since=2024-08`.
//!
//! The keys are those of a request; what the command line calls by another name has that one too. Lists are keys that
//! are given several times; keys inside of another stand behind a dot: `facets.by=group`.

use serde_json::{Map, Value};

use crate::search::{Request, WrongKey, is_known};

/// Names of keys on the command line and in links, and what a request calls them.
const SHORT: [(&str, &str); 5] =
    [("q", "query"), ("group", "groups"), ("region", "regions"), ("source", "sources"), ("date", "dates")];
/// Keys that are lists.
const LISTS: [&str; 6] = ["dates", "facets.by", "fields", "groups", "regions", "sources"];
/// Those of them whose values may also stand in one, with commas.
const WITH_COMMAS: [&str; 2] = ["facets.by", "fields"];
/// Keys that are numbers.
const NUMBERS: [&str; 6] = ["facets.depth", "facets.limit", "limit", "offset", "timeline.depth", "timeline.top"];
/// Keys that are true or false.
const TRUTHS: [&str; 4] = ["expand", "explain", "mentions", "timeline.published"];

/// The names and values of a query string, in order.
pub(super) fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect()
}

/// The names and values of a query string that has only some names, each once at most.
///
/// # Errors
/// The first name that is none of them, or stands twice.
pub(super) fn known(query: Option<&str>, names: &[&str]) -> Result<Vec<(String, String)>, WrongKey> {
    let pairs = pairs(query);
    for (at, (name, _)) in pairs.iter().enumerate() {
        if !names.contains(&name.as_str()) {
            let hint = Some(format!("the keys are {}", names.join(", ")));
            return Err(WrongKey { hint, ..wrong(name, format!("unknown key “{name}”")) });
        }
        if pairs[..at].iter().any(|(before, _)| before == name) {
            return Err(wrong(name, format!("“{name}” is given twice")));
        }
    }
    Ok(pairs)
}

/// Whether a request has a key that is called so.
pub(super) fn is_key(name: &str) -> bool {
    SHORT.iter().any(|(short, _)| *short == name) || is_known(name)
}

/// The request that some names and values make, with the keys of `template` that they do not give. Keys without a value
/// count as not given: forms send them.
///
/// # Errors
/// The first key that no request has, that is given twice, or whose value it cannot take.
pub(super) fn request(pairs: &[(String, String)], template: &Request) -> Result<Request, WrongKey> {
    let mut keys: Map<String, Value> = Map::new();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        let key = SHORT.iter().find(|(short, _)| short == name).map_or(name.as_str(), |(_, key)| key);
        let (outer, inner) = key.split_once('.').map_or((key, None), |(outer, inner)| (outer, Some(inner)));
        let held = match inner {
            None => &mut keys,
            Some(_) => match keys.entry(outer).or_insert_with(|| Value::Object(Map::new())) {
                Value::Object(inside) => inside,
                _ => return Err(wrong(outer, format!("“{outer}” and “{key}” cannot be given together"))),
            },
        };
        let place = inner.unwrap_or(outer);
        if LISTS.contains(&key) {
            let values: Vec<Value> = if WITH_COMMAS.contains(&key) {
                value.split(',').map(|value| value.trim().into()).collect()
            } else {
                vec![value.as_str().into()]
            };
            match held.entry(place).or_insert_with(|| Value::Array(Vec::new())) {
                Value::Array(list) => list.extend(values),
                _ => return Err(wrong(key, format!("“{key}” is given twice"))),
            }
        } else if held.insert(place.to_owned(), single(key, value)).is_some() {
            return Err(wrong(key, format!("“{key}” is given twice")));
        }
    }
    template.with_keys(&keys)
}

fn wrong(key: &str, why: String) -> WrongKey {
    WrongKey { key: key.to_owned(), why, hint: None }
}

/// A value as a request has it; what is no number or truth stays a text, and is told as such.
fn single(key: &str, value: &str) -> Value {
    let read = if NUMBERS.contains(&key) {
        value.parse::<u64>().ok().map(Value::from)
    } else if TRUTHS.contains(&key) {
        match value {
            "true" | "1" | "on" => Some(true.into()),
            "false" | "0" | "off" => Some(false.into()),
            _ => None,
        }
    } else {
        None
    };
    read.unwrap_or_else(|| value.into())
}

/// The query string of a request, without what `template` has too. The other way round, [`request`] gives it back.
pub(super) fn query_string(request: &Request, template: &Request) -> String {
    let (given, usual) = (serde_json::json!(request), serde_json::json!(template));
    let mut out = form_urlencoded::Serializer::new(String::new());
    let none = Map::new();
    for (key, value) in given.as_object().unwrap_or(&none) {
        if usual.get(key) == Some(value) {
            continue;
        }
        match value {
            Value::Object(inside) => {
                inside.iter().for_each(|(inner, value)| append(&mut out, &format!("{key}.{inner}"), value));
            }
            value => {
                append(&mut out, SHORT.iter().find(|(_, long)| long == key).map_or(key, |(short, _)| short), value);
            }
        }
    }
    out.finish()
}

fn append(out: &mut form_urlencoded::Serializer<'_, String>, name: &str, value: &Value) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| append(out, name, value)),
        Value::String(text) => drop(out.append_pair(name, text)),
        value => drop(out.append_pair(name, &value.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::counts::Unit;
    use crate::facet::FacetKind;
    use crate::search::{FacetRequest, Match, Scope, Sort, TimelineRequest};

    fn read(query: &str) -> Result<Request, String> {
        request(&pairs(Some(query)), &Request::default()).map_err(|wrong| wrong.why)
    }

    #[test]
    fn keys_are_those_of_a_request_and_of_the_command_line() {
        let wanted = Request {
            query: "embuscade à Mopti".to_owned(),
            groups: vec!["JNIM".to_owned(), "!FAMa".to_owned()],
            since: Some("2024-08".to_owned()),
            matching: Match::Any,
            limit: 3,
            expand: false,
            facets: Some(FacetRequest {
                by: vec![FacetKind::Group, FacetKind::Date],
                depth: 1,
                ..FacetRequest::default()
            }),
            ..Request::default()
        };
        let query = "q=embuscade+%C3%A0%20Mopti&group=JNIM&groups=!FAMa&since=2024-08&until=&match=any&limit=3&expand=off\
                     &facets.by=group,date&facets.depth=1";
        assert_eq!(read(query), Ok(wanted));
        assert_eq!(read(""), Ok(Request::default()));
    }

    #[test]
    fn what_no_request_has_is_told() {
        for (query, why) in [
            ("regoin=Mali", "unknown key “regoin”"),
            ("limit=-1", "“limit” takes a number from 0"),
            ("limit=1&limit=2", "“limit” is given twice"),
            ("mentions=maybe", "“mentions” takes true or false"),
            ("facets=group&facets.depth=1", "“facets” and “facets.depth” cannot be given together"),
            ("facets=group", "“facets” takes an object with “by”, “depth” or “limit”"),
            ("timeline.by=hour", "“timeline.by” takes “day”, “week”, “month” or “year”"),
        ] {
            assert_eq!(read(query), Err(why.to_owned()), "{query}");
        }
    }

    proptest! {
        #[test]
        fn a_request_and_its_query_string_are_the_same(
            query in "\\PC{0,12}",
            groups in prop::collection::vec("\\PC{1,6}", 0..3),
            sources in prop::collection::vec("[a-z, &=+%]{1,6}", 0..3),
            since in prop::option::of("[0-9]{4}"),
            mentions: bool,
            expand: bool,
            passage: bool,
            limit in 0..40_usize,
            by in prop::sample::select(vec![Unit::Day, Unit::Year]),
        ) {
            let wanted = Request {
                query,
                groups,
                sources,
                since,
                mentions,
                expand,
                scope: if passage { Scope::Passage } else { Scope::Report },
                sort: Sort::Newest,
                limit,
                timeline: Some(TimelineRequest { by, ..TimelineRequest::default() }),
                ..Request::default()
            };
            let string = query_string(&wanted, &Request::default());
            prop_assert_eq!(read(&string), Ok(wanted), "{}", string);
        }
    }
}
