//! The routes for programs: requests and answers are those of `--queries`, of the commands' `--format json`, and of the
//! schemas.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;

use super::app::App;
use super::openapi::Problems;
use super::problem::Problem;
use super::{annotate, body, near, openapi, params, status};
use crate::hit::Answer;
use crate::render::{Context, Format, Mode, Style, info};
use crate::search::{Request, WrongKey};

/// All routes for programs.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/search", get(search_by_query).post(search_by_body))
        .route("/api/facets", get(facets_by_query).post(facets_by_body))
        .route("/api/timeline", get(timeline_by_query).post(timeline_by_body))
        .route("/api/report/{*id}", get(report))
        .route("/api/similar/{*id}", get(near::similar))
        .route("/api/suggest", get(near::suggest))
        .route("/api/annotate", get(annotate::by_query).post(annotate::by_body))
        .route("/api/info", get(info))
        .route("/api/openapi.json", get(openapi::document))
        .route("/healthz", get(status::health))
        .route("/metrics", get(status::metrics))
}

/// What of a command line's flags stand inside another key in a request.
const OF_FACETS: [(&str, &str); 3] = [("by", "facets.by"), ("depth", "facets.depth"), ("limit", "facets.limit")];
const OF_TIMELINE: [(&str, &str); 5] = [
    ("by", "timeline.by"),
    ("published", "timeline.published"),
    ("split", "timeline.split"),
    ("depth", "timeline.depth"),
    ("top", "timeline.top"),
];

impl From<WrongKey> for Problem {
    fn from(wrong: WrongKey) -> Self {
        Self::bad(wrong.why, wrong.hint)
    }
}

/// The request of a query string, with the names that this route has for some of the keys.
pub(super) fn by_query(query: Option<&str>, names: &[(&str, &str)]) -> Result<Request, Problem> {
    let mut pairs = params::pairs(query);
    for (name, _) in &mut pairs {
        if let Some((_, key)) = names.iter().find(|(known, _)| known == name) {
            (*key).clone_into(name);
        }
    }
    Ok(params::request(&pairs, &Request::default())?)
}

/// The request of a body: one JSON object; nothing asks for everything.
async fn by_body(app: &App, headers: &HeaderMap, body: Body) -> Result<Request, Problem> {
    let body = body::read(app, headers, body, body::JSON).await?;
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body.as_ref() };
    Ok(Request::default().with_object(body)?)
}

/// Search.
///
/// The page of hits that a request asks for, with counts of facets and a timeline where it names them. The answer is the
/// line that `vigie search --queries --format jsonl` writes.
#[utoipa::path(get, path = "/api/search", responses(
    (status = 200, description = "The answer.", body = ref("#/components/schemas/answer")),
    Problems,
))]
pub(super) async fn search_by_query(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    search(&app, by_query(query.as_deref(), &[])?).await
}

/// Search, with the request as JSON.
#[utoipa::path(post, path = "/api/search",
    request_body(content = ref("#/components/schemas/request"), content_type = "application/json"),
    responses(
    (status = 200, description = "The answer.", body = ref("#/components/schemas/answer")),
    Problems,
))]
pub(super) async fn search_by_body(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    search(&app, by_body(&app, &headers, body).await?).await
}

/// Counts of facets.
///
/// How many reports of an answer have each value, as `vigie facets --format json` tells it. `by`, `depth` and `limit` are
/// those of `facets` in a request.
#[utoipa::path(get, path = "/api/facets", responses(
    (status = 200, description = "The counts.", body = ref("#/components/schemas/facets")),
    Problems,
))]
pub(super) async fn facets_by_query(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    facets(&app, by_query(query.as_deref(), &OF_FACETS)?).await
}

/// Counts of facets, with the request as JSON.
#[utoipa::path(post, path = "/api/facets",
    request_body(content = ref("#/components/schemas/request"), content_type = "application/json"),
    responses(
    (status = 200, description = "The counts.", body = ref("#/components/schemas/facets")),
    Problems,
))]
pub(super) async fn facets_by_body(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    facets(&app, by_body(&app, &headers, body).await?).await
}

/// Timeline.
///
/// How many reports of an answer fall into each period, as `vigie timeline --format json` tells it. `by`, `published`,
/// `split`, `depth` and `top` are those of `timeline` in a request.
#[utoipa::path(get, path = "/api/timeline", responses(
    (status = 200, description = "The counts.", body = ref("#/components/schemas/timeline")),
    Problems,
))]
pub(super) async fn timeline_by_query(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    timeline(&app, by_query(query.as_deref(), &OF_TIMELINE)?).await
}

/// Timeline, with the request as JSON.
#[utoipa::path(post, path = "/api/timeline",
    request_body(content = ref("#/components/schemas/request"), content_type = "application/json"),
    responses(
    (status = 200, description = "The counts.", body = ref("#/components/schemas/timeline")),
    Problems,
))]
pub(super) async fn timeline_by_body(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    timeline(&app, by_body(&app, &headers, body).await?).await
}

/// A report or a passage, whole.
///
/// As `vigie show --format json` tells it. `#` and `?` in an id are written `%23` and `%3F`; slashes stay.
#[utoipa::path(get, path = "/api/report/{id}",
    params(
        ("id" = String, Path, description = "Id of a report or of a passage, or the place that a hit shows."),
        ("highlight" = Option<String>, Query, description = "A query, of which all is marked that its hits would be."),
        ("expand" = Option<bool>, Query, description = "Whether other names, synonyms and slips are marked too; they are unless told."),
    ),
    responses(
    (status = 200, description = "The report.", body = ref("#/components/schemas/show")),
    Problems,
))]
pub(super) async fn report(
    State(app): State<Arc<App>>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let id = called(id)?;
    let mut pairs = params::known(query.as_deref(), &["highlight", "expand"])?;
    for (key, _) in pairs.iter_mut().filter(|(key, _)| key == "highlight") {
        "query".clone_into(key);
    }
    let marked = pairs.iter().any(|(key, value)| key == "query" && !value.is_empty());
    let request = params::request(&pairs, &Request::default())?;
    app.options.limits.check_query(&request)?;
    let whole = app.ask(move |searcher, _| Ok(json(&searcher.whole(&id, marked.then_some(&request))?)));
    whole.await?
}

/// What the index holds.
///
/// As `vigie info --format json` tells it.
#[utoipa::path(get, path = "/api/info", responses(
    (status = 200, description = "What the index holds, its versions and sources.", body = ref("#/components/schemas/info")),
    Problems,
))]
pub(super) async fn info(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let found = app.ask_open(|_, open| Ok(open.info()?.clone())).await?;
    json(&info::json(&found).map_err(|error| Problem::broken(&error.to_string()))?)
}

/// The line that a batch answers a request with.
async fn search(app: &Arc<App>, request: Request) -> Result<Response, Problem> {
    let id = request.id.clone();
    app.options.limits.check(&request).map_err(|problem| problem.of(id.clone()))?;
    let asked = request.clone();
    let outcome = app.ask(move |searcher, _| Ok(written(&request, &searcher.search(&request)?))).await;
    let line = outcome.map_err(|problem| cut(problem, &asked).of(id))?;
    Ok(bytes(line.map_err(|error| Problem::broken(&error.to_string()))?))
}

/// Cuts the hits that are known down to the fields that a request names, as an answer has them.
pub(super) fn cut(mut problem: Problem, request: &Request) -> Problem {
    let hits = problem.known.as_mut().and_then(|known| known.get_mut("hits")?.as_array_mut());
    if let (Some(hits), Some(fields)) = (hits, &request.fields) {
        for hit in hits {
            let of = |name: &String| if name == "id" { hit["report"]["id"].clone() } else { hit[name].clone() };
            *hit = fields.iter().map(|name| (name.clone(), of(name))).collect();
        }
    }
    problem
}

/// What a batch writes of an answer, its line end too.
pub(super) fn written(request: &Request, answer: &Answer) -> io::Result<Vec<u8>> {
    let asked = serde_json::to_value(request)?;
    let context = Context { query: &request.query, request: &asked, command: None };
    let mut body = Vec::new();
    Format::Jsonl.renderer(Style::default(), Mode::Batch).answer(&mut body, &context, answer)?;
    Ok(body)
}

async fn facets(app: &Arc<App>, request: Request) -> Result<Response, Problem> {
    let wanted = request.facets.clone().unwrap_or_default();
    let request = Request { facets: Some(wanted.clone()), ..request };
    let id = request.id.clone();
    app.options.limits.check_query(&request)?;
    let counted = app.ask(move |searcher, _| {
        let outcome = searcher.facets(&request, &wanted)?;
        Ok(json(&Exchange { request: &request, outcome }))
    });
    counted.await.map_err(|problem| problem.of(id))?
}

async fn timeline(app: &Arc<App>, request: Request) -> Result<Response, Problem> {
    let wanted = request.timeline.clone().unwrap_or_default();
    let request = Request { timeline: Some(wanted.clone()), ..request };
    let id = request.id.clone();
    app.options.limits.check_query(&request)?;
    let counted = app.ask(move |searcher, _| {
        let outcome = searcher.timeline(&request, &wanted)?;
        Ok(json(&Exchange { request: &request, outcome }))
    });
    counted.await.map_err(|problem| problem.of(id))?
}

/// The request before what came of it.
#[derive(Serialize)]
struct Exchange<'r, T> {
    request: &'r Request,
    #[serde(flatten)]
    outcome: T,
}

/// The id that a path names.
pub(super) fn called(id: Result<Path<String>, PathRejection>) -> Result<String, Problem> {
    match id {
        Ok(Path(id)) => Ok(id),
        Err(error) => Err(Problem::bad(error.body_text(), Some("write the id in UTF-8, with %23 for #".to_owned()))),
    }
}

/// A value as the body of an answer.
pub(super) fn json(value: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(value).map_err(|error| Problem::broken(&error.to_string()))?;
    Ok(bytes(body))
}

/// JSON as the body of an answer.
pub(super) fn bytes(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}
