//! The routes for people: pages that work without script.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::app::App;
use super::params;
use super::problem::Problem;
use crate::hit::Answer;
use crate::search::Request;

/// All routes of pages.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new().route("/", get(search))
}

/// The page of a search.
#[derive(Template)]
#[template(path = "search.html", config = "src/web/askama.toml")]
struct SearchPage {
    lang: &'static str,
    request: Request,
    answer: Answer,
    /// Where the hits after these are, if there are any.
    next: Option<String>,
}

async fn search(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let asked = params::request(&params::pairs(query.as_deref()), &Request::default());
    let request = asked.map_err(|wrong| Problem::bad(wrong.why, wrong.hint))?;
    let (request, answer) = app.ask(move |searcher, _| Ok((request.clone(), searcher.search(&request)?))).await?;
    let shown = request.offset + answer.hits.len();
    let more = !answer.hits.is_empty() && (shown as u64) < answer.total;
    let next = Request { offset: shown, ..request.clone() };
    let next = more.then(|| format!("/?{}", params::query_string(&next, &Request::default())));
    let page = SearchPage { lang: app.options.lang.name(), request, answer, next };
    Ok(Html(page.render().map_err(|error| Problem::broken(&error.to_string()))?).into_response())
}
