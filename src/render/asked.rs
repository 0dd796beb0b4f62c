//! What was asked for beside the query, in words: for documents that leave the machine they were made on.

use serde_json::Value;

use crate::lang::Lang;

/// Parts of a request by their keys, each with the value that says nothing.
const ASKED: [(&str, &str); 16] = [
    ("groups", "[]"),
    ("regions", "[]"),
    ("sources", "[]"),
    ("since", "null"),
    ("until", "null"),
    ("dates", "[]"),
    ("mentions", "false"),
    ("in", "\"report\""),
    ("match", "\"all\""),
    ("sort", "\"relevance\""),
    ("collapse", "\"report\""),
    ("expand", "true"),
    ("limit", "0"),
    ("offset", "0"),
    ("fields", "null"),
    ("explain", "false"),
];

/// Keys whose values are those of flags, which people are told in words.
const CHOICES: [&str; 4] = ["in", "match", "sort", "collapse"];

/// The filters and choices of a request, each with its key, which is to be told, and its value in a language.
pub(super) fn asked(request: &Value, lang: Lang) -> Vec<(&'static str, String)> {
    let told = ASKED.iter().filter_map(|&(key, silent)| {
        let value = request.get(key).filter(|value| serde_json::from_str(silent).ok().as_ref() != Some(*value))?;
        let said = said(value);
        let is_choice = value.is_boolean() || CHOICES.contains(&key);
        Some((key, if is_choice { lang.tell(said).into_owned() } else { said }))
    });
    told.collect()
}

fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Array(values) => values.iter().map(said).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::search::{Match, Request};

    #[test]
    fn what_says_nothing_is_left_out() {
        let told = |request: &Request| asked(&json!(request), Lang::En);
        assert_eq!(told(&Request::default()), [("limit", "10".to_owned())]);
        let request = Request {
            groups: vec!["JNIM".to_owned(), "!FAMa".to_owned()],
            since: Some("2024".to_owned()),
            matching: Match::Any,
            expand: false,
            limit: 0,
            ..Request::default()
        };
        let want = [("groups", "JNIM, !FAMa"), ("since", "2024"), ("match", "any"), ("expand", "no")];
        assert_eq!(told(&request), want.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn every_part_of_a_request_is_told_or_stands_elsewhere() {
        let request = json!(Request {
            id: Some(String::new()),
            since: Some(String::new()),
            until: Some(String::new()),
            fields: Some(Vec::new()),
            facets: Some(crate::search::FacetRequest::default()),
            timeline: Some(crate::search::TimelineRequest::default()),
            ..Request::default()
        });
        for key in request.as_object().unwrap().keys() {
            let elsewhere = ["id", "query", "facets", "timeline"].contains(&key.as_str());
            assert_eq!(ASKED.iter().any(|(known, _)| known == key), !elsewhere, "{key}");
        }
    }
}
