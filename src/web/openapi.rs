//! The description of the routes for programs: paths as they are written beside their handlers, and the schemas of
//! `schema/`, so that there is one source of each.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use axum::response::Response;
use serde_json::{Map, Value, json};
use utoipa::openapi::{Content, Ref, RefOr, Response as Description, ResponseBuilder};
use utoipa::{IntoResponses, OpenApi};

use super::api::{self, bytes};
use super::problem::Problem;
use super::{annotate, near, status};

/// The schemas that the paths name, and those that these refer to.
const SCHEMAS: [(&str, &str); 14] = [
    ("annotation", include_str!("../../schema/annotation.schema.json")),
    ("answer", include_str!("../../schema/answer.schema.json")),
    ("cite", include_str!("../../schema/cite.schema.json")),
    ("facets", include_str!("../../schema/facets.schema.json")),
    ("health", include_str!("../../schema/health.schema.json")),
    ("hit", include_str!("../../schema/hit.schema.json")),
    ("info", include_str!("../../schema/info.schema.json")),
    ("known", include_str!("../../schema/known.schema.json")),
    ("problem", include_str!("../../schema/problem.schema.json")),
    ("record", include_str!("../../schema/record.schema.json")),
    ("request", include_str!("../../schema/request.schema.json")),
    ("show", include_str!("../../schema/show.schema.json")),
    ("suggest", include_str!("../../schema/suggest.schema.json")),
    ("timeline", include_str!("../../schema/timeline.schema.json")),
];
/// What the absolute names of schemas begin with.
const OWN: &str = "https://vigie.invalid/schema/";
/// Paths whose query strings have the keys of a request.
const ASKING: [&str; 4] = ["/api/search", "/api/facets", "/api/timeline", "/api/similar/{id}"];

/// What every route may answer instead of what it is asked for.
pub(super) struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Description>> {
        let problem = || Content::new(Some(Ref::from_schema_name("problem")));
        let told = |told: &str| ResponseBuilder::new().description(told).content("application/problem+json", problem());
        let busy = "No time, and what is known by then; or too many wait for their turn.";
        let told = [("4XX", told("Why there is no answer.")), ("503", told(busy))];
        told.map(|(status, response)| (status.to_owned(), response.build().into())).into()
    }
}

#[derive(OpenApi)]
#[openapi(
    info(title = "vigie", description = "Full-text search over French-language conflict reporting."),
    paths(
        api::search_by_query,
        api::search_by_body,
        api::facets_by_query,
        api::facets_by_body,
        api::timeline_by_query,
        api::timeline_by_body,
        api::report,
        near::similar,
        near::suggest,
        api::info,
        annotate::by_query,
        annotate::by_body,
        document,
        status::health,
        status::metrics,
    )
)]
struct Paths;

/// This description.
#[utoipa::path(get, path = "/api/openapi.json", responses(
    (status = 200, description = "An OpenAPI document.", body = Object),
))]
pub(super) async fn document() -> Result<Response, Problem> {
    static DOCUMENT: OnceLock<Option<Vec<u8>>> = OnceLock::new();
    let made = DOCUMENT.get_or_init(|| serde_json::to_vec(&whole()?).ok());
    made.clone().map(bytes).ok_or_else(|| Problem::broken("a schema that is built in is no JSON"))
}

/// Paths and schemas together.
fn whole() -> Option<Value> {
    let mut document = serde_json::to_value(Paths::openapi()).ok()?;
    let mut schemas = Map::new();
    for (name, text) in SCHEMAS {
        let mut schema: Value = serde_json::from_str(text).ok()?;
        if let Value::Object(schema) = &mut schema {
            // Names of their own would change what references are relative to.
            schema.retain(|key, _| key != "$id" && key != "$schema");
        }
        refer(&mut schema, name);
        schemas.insert(name.to_owned(), schema);
    }
    for path in ASKING {
        let told = &mut document["paths"][path]["get"]["parameters"];
        let mut parameters = parameters(&schemas["request"]);
        parameters.extend(told.as_array().cloned().unwrap_or_default());
        *told = Value::Array(parameters);
    }
    document["components"]["schemas"] = Value::Object(schemas);
    document["components"]["securitySchemes"] = json!({ "token": { "type": "http", "scheme": "bearer" } });
    // Only a server with a token wants it.
    document["security"] = json!([{}, { "token": [] }]);
    Some(document)
}

/// Makes references between files ones between components.
fn refer(value: &mut Value, name: &str) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(target)) = object.get_mut("$ref") {
                let relative = target.strip_prefix(OWN).unwrap_or(target);
                let (file, place) = relative.split_once('#').unwrap_or((relative, ""));
                let file = file.strip_suffix(".schema.json").unwrap_or(if file.is_empty() { name } else { file });
                *target = format!("#/components/schemas/{file}{place}");
            }
            object.values_mut().for_each(|value| refer(value, name));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| refer(value, name)),
        _ => {}
    }
}

/// The keys of a request as those of a query string; what stands inside of another stands behind a dot.
fn parameters(request: &Value) -> Vec<Value> {
    let mut parameters = Vec::new();
    let none = Map::new();
    let properties = |schema: &Value| schema["properties"].as_object().unwrap_or(&none).clone();
    for (key, schema) in properties(request) {
        let inside = properties(&schema);
        let at = format!("#/components/schemas/request/properties/{key}");
        if inside.is_empty() {
            parameters.push(parameter(&key, &schema, &at));
        }
        for (inner, schema) in inside {
            parameters.push(parameter(&format!("{key}.{inner}"), &schema, &format!("{at}/properties/{inner}")));
        }
    }
    parameters
}

fn parameter(name: &str, schema: &Value, at: &str) -> Value {
    json!({ "name": name, "in": "query", "description": schema["description"], "schema": { "$ref": at } })
}
