//! The routes for programs: requests and answers are those of `--queries` and of the schemas.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::app::App;
use super::params;
use super::problem::Problem;
use crate::render::{Context, Format, Mode, Style};
use crate::search::Request;

/// All routes below `/api`.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/api/search", get(search_by_query).post(search_by_body))
}

/// The request of a query string.
fn by_query(query: Option<&str>) -> Result<Request, Problem> {
    let asked = params::request(&params::pairs(query), &Request::default());
    asked.map_err(|wrong| Problem::bad(wrong.why, wrong.hint))
}

/// The request of a body: one JSON object; nothing asks for everything.
fn by_body(body: &[u8]) -> Result<Request, Problem> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    let keys = serde_json::from_slice(body).map_err(|error| Problem::bad(error.to_string(), None))?;
    Request::default().with_keys(keys).map_err(|wrong| Problem::bad(wrong.why, wrong.hint))
}

async fn search_by_query(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    search(&app, by_query(query.as_deref())?).await
}

async fn search_by_body(State(app): State<Arc<App>>, body: Bytes) -> Result<Response, Problem> {
    search(&app, by_body(&body)?).await
}

/// The line that a batch answers a request with.
async fn search(app: &Arc<App>, request: Request) -> Result<Response, Problem> {
    let asked = serde_json::to_value(&request).map_err(|error| Problem::broken(&error.to_string()))?;
    let answer = app.ask(move |searcher, _| searcher.search(&request)).await?;
    let mut body = Vec::new();
    let context = Context { query: "", request: &asked, command: None };
    let mut renderer = Format::Jsonl.renderer(Style::default(), Mode::Batch);
    renderer.answer(&mut body, &context, &answer).map_err(|error| Problem::broken(&error.to_string()))?;
    Ok(json(body))
}

fn json(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}
