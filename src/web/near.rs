//! `/api/similar` and `/api/suggest`: what is like something, and how a query may go on.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::api::{by_query, bytes, called, cut, json, written};
use super::app::App;
use super::openapi::Problems;
use super::params;
use super::problem::Problem;
use crate::search::Request;

/// Suggestions where no number is told, and most of them.
const SUGGESTIONS: (usize, usize) = (8, 50);

/// What is like a report or a passage.
///
/// The answer to a search for what tells most of it. All keys of a request bound it, as they bound a search; its query
/// narrows.
#[utoipa::path(get, path = "/api/similar/{id}",
    params(("id" = String, Path, description = "Id of a report or of a passage, or the place that a hit shows.")),
    responses(
    (status = 200, description = "The answer.", body = ref("#/components/schemas/answer")),
    Problems,
))]
pub(super) async fn similar(
    State(app): State<Arc<App>>,
    id: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let name = called(id)?;
    let request = by_query(query.as_deref(), &[])?;
    let (id, asked) = (request.id.clone(), request.clone());
    app.options.limits.check(&request).map_err(|problem| problem.of(id.clone()))?;
    let outcome = app.ask(move |searcher, _| {
        let answer = searcher.similar(&name, &request)?;
        Ok(written(&request, &answer))
    });
    let line = outcome.await.map_err(|problem| cut(problem, &asked).of(id))?;
    Ok(bytes(line.map_err(|error| Problem::broken(&error.to_string()))?))
}

/// How the word at the cursor of a query may go on.
#[utoipa::path(get, path = "/api/suggest",
    params(
        ("q" = String, Query, description = "The query as far as it is typed."),
        ("cursor" = Option<usize>, Query, description = "The byte of it that the cursor stands before; its end unless told."),
        ("limit" = Option<usize>, Query, description = "Most suggestions, from 1 to 50; 8 unless told."),
    ),
    responses(
    (status = 200, description = "The suggestions.", body = ref("#/components/schemas/suggest")),
    Problems,
))]
pub(super) async fn suggest(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let pairs = params::known(query.as_deref(), &["q", "cursor", "limit"])?;
    let value = |name: &str| pairs.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value);
    let number = |name: &str, default: usize| match value(name) {
        None => Ok(default),
        Some(text) => text.parse().map_err(|_| Problem::bad(format!("“{name}” takes a number from 0"), None)),
    };
    let typed = value("q").cloned().unwrap_or_default();
    app.options.limits.check_query(&Request { query: typed.clone(), ..Request::default() })?;
    let (cursor, limit) = (number("cursor", typed.len())?, number("limit", SUGGESTIONS.0)?);
    if !(1..=SUGGESTIONS.1).contains(&limit) {
        return Err(Problem::bad(format!("“limit” is {limit}; from 1 to {} are suggested", SUGGESTIONS.1), None));
    }
    json(&app.ask_briefly(move |searcher| searcher.suggest(&typed, cursor, limit)).await?)
}
