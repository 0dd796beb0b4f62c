//! The description of the API, held against its routes and against what they answer.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::serve::Server;
use common::{repository, sample};
use serde_json::{Value, json};

/// Everything below a value.
fn walk<'v>(value: &'v Value, each: &mut impl FnMut(&'v Value)) {
    each(value);
    match value {
        Value::Object(inside) => inside.values().for_each(|value| walk(value, each)),
        Value::Array(inside) => inside.iter().for_each(|value| walk(value, each)),
        _ => {}
    }
}

/// What a schema that the document names finds wrong with a value.
fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let whole = json!({ "components": document["components"], "allOf": [schema] });
    let validator = jsonschema::validator_for(&whole).unwrap();
    validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect()
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_is_whole() {
    let server = Server::start(sample(), &[]);
    let document = server.get("/api/openapi.json").good().json();
    assert_eq!(document["openapi"], "3.1.0");
    walk(&document, &mut |value| {
        if let Some(target) = value.get("$ref").and_then(Value::as_str) {
            let place = target.strip_prefix('#').unwrap_or_else(|| panic!("not in the document: {target}"));
            assert!(document.pointer(place).is_some(), "{target}");
        }
        assert!(value.get("$id").is_none() && value.get("$schema").is_none());
    });
    let mut names = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let place = format!("{method} {path}");
            assert!(names.insert(operation["operationId"].as_str().unwrap().to_owned()), "{place} again");
            assert!(operation["summary"].is_string(), "{place}");
            let none = Vec::new();
            let parameters = operation["parameters"].as_array().unwrap_or(&none);
            let distinct: BTreeSet<(&str, &str)> = parameters
                .iter()
                .map(|parameter| (parameter["in"].as_str().unwrap(), parameter["name"].as_str().unwrap()))
                .collect();
            assert_eq!(distinct.len(), parameters.len(), "{place}");
            // What a path has in braces is told, and must be given.
            let braced = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
            let told = parameters.iter().filter(|parameter| parameter["in"] == "path");
            assert!(told.clone().all(|parameter| parameter["required"] == true), "{place}");
            assert!(braced.eq(told.map(|parameter| parameter["name"].as_str().unwrap())), "{place}");
            assert!(operation["responses"]["200"]["description"].is_string(), "{place}");
            assert!(method == "get" || operation["requestBody"]["content"].is_object(), "{place}");
        }
    }
    for schema in document["components"]["schemas"].as_object().unwrap().values() {
        let meta = jsonschema::meta::validate(schema);
        assert!(meta.is_ok(), "{meta:?}");
    }
}

#[test]
fn routes_and_paths_are_the_same() {
    let server = Server::start(sample(), &[]);
    let document = server.get("/api/openapi.json").good().json();
    let told: BTreeSet<(String, bool)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, methods)| (path.clone(), methods.get("post").is_some()))
        .collect();
    let code = fs::read_to_string(repository("src/web/api.rs")).unwrap();
    let routes = code.split(".route(\"").skip(1).map(|route| {
        let (path, rest) = route.split_once('"').unwrap();
        (path.replace("{*", "{"), rest.lines().next().unwrap().contains(".post("))
    });
    assert_eq!(told, routes.collect());
}

#[test]
fn real_answers_are_as_they_are_described() {
    let server = Server::start(sample(), &[]);
    let document = server.get("/api/openapi.json").good().json();
    let posted = json!({"query": "embuscade", "facets": {"by": ["group"]}, "timeline": {"by": "year"}});
    let asked = [
        ("get", "/api/search", "/api/search?q=embuscade&explain=true", json!(null)),
        ("get", "/api/search", "/api/search?q=embuscade&fields=id", json!(null)),
        ("get", "/api/search", "/api/search?q=embuscde+zzz", json!(null)),
        ("get", "/api/search", "/api/search?q=%22a", json!(null)),
        ("post", "/api/search", "/api/search", posted.clone()),
        ("post", "/api/search", "/api/search", json!({"limit": "a"})),
        ("get", "/api/facets", "/api/facets?by=source&region=Mali", json!(null)),
        ("get", "/api/facets", "/api/facets?by=colour", json!(null)),
        ("post", "/api/facets", "/api/facets", posted.clone()),
        ("post", "/api/facets", "/api/facets", json!([])),
        ("get", "/api/timeline", "/api/timeline?by=month", json!(null)),
        ("get", "/api/timeline", "/api/timeline?by=day&since=0001&until=2025", json!(null)),
        ("post", "/api/timeline", "/api/timeline", posted),
        ("post", "/api/timeline", "/api/timeline", json!({"dates": ["never"]})),
        ("get", "/api/report/{id}", "/api/report/e05-radio?highlight=gendarme", json!(null)),
        ("get", "/api/report/{id}", "/api/report/nobody", json!(null)),
        ("get", "/api/similar/{id}", "/api/similar/e05-radio", json!(null)),
        ("get", "/api/similar/{id}", "/api/similar/nobody", json!(null)),
        ("get", "/api/suggest", "/api/suggest?q=att", json!(null)),
        ("get", "/api/suggest", "/api/suggest?q=Mop", json!(null)),
        ("get", "/api/suggest", "/api/suggest?limit=a", json!(null)),
        ("get", "/api/annotate", "/api/annotate?text=Mopti", json!(null)),
        ("get", "/api/annotate", "/api/annotate", json!(null)),
        ("post", "/api/annotate", "/api/annotate", json!({"text": "Une attaque à Mopti."})),
        ("post", "/api/annotate", "/api/annotate", json!({"txt": "Une attaque à Mopti."})),
        ("get", "/api/info", "/api/info", json!(null)),
        ("get", "/api/openapi.json", "/api/openapi.json", json!(null)),
        ("get", "/healthz", "/healthz", json!(null)),
        ("get", "/metrics", "/metrics", json!(null)),
    ];
    let mut answered = BTreeSet::new();
    for (method, path, target, body) in asked {
        let reply = if method == "get" { server.get(target) } else { server.post_json(target, &body) };
        let responses = &document["paths"][path][method]["responses"];
        let status = reply.status.to_string();
        let broad = format!("{}XX", reply.status / 100);
        let response =
            responses.get(&status).or_else(|| responses.get(&broad)).unwrap_or_else(|| panic!("{target}: {reply:?}"));
        let kind = reply.header("content-type").split(';').next().unwrap();
        let content = &response["content"][kind];
        assert!(content.is_object(), "{target}: {kind} is not described");
        if kind.ends_with("json") {
            let faults = faults(&document, &content["schema"], &reply.json());
            assert!(faults.is_empty(), "{target}: {faults:?}");
        }
        if reply.status == 200 {
            answered.insert((path.to_owned(), method.to_owned()));
        }
    }
    let all = document["paths"].as_object().unwrap().iter();
    let all = all.flat_map(|(path, methods)| {
        methods.as_object().unwrap().keys().map(move |method| (path.clone(), method.clone()))
    });
    assert_eq!(answered, all.collect());
}

#[test]
fn every_key_of_a_request_is_a_parameter_that_is_read() {
    let server = Server::start(sample(), &[]);
    let document = server.get("/api/openapi.json").good().json();
    let parameters = document["paths"]["/api/search"]["get"]["parameters"].as_array().unwrap();
    assert!(parameters.len() > 20, "{parameters:?}");
    for parameter in parameters {
        let name = parameter["name"].as_str().unwrap();
        let reply = server.get(&format!("/api/search?{name}=0"));
        assert!(!reply.text.contains("unknown key"), "{name}: {reply:?}");
    }
}
