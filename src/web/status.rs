//! How the server fares: for whoever watches over it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::task::spawn_blocking;

use super::api::json;
use super::app::App;
use super::problem::Problem;

/// What is told where all is well.
#[derive(Serialize)]
struct Health<'a> {
    status: &'a str,
    digest: &'a str,
    reports: u64,
}

/// Whether the server answers, and from the index that stands on disk.
///
/// Where that can no longer be opened, the one from before still answers; that is told as a problem.
#[utoipa::path(get, path = "/healthz", responses(
    (status = 200, description = "All is well.", body = ref("#/components/schemas/health")),
    (status = 503, description = "The index on disk cannot be opened.", body = ref("#/components/schemas/problem"), content_type = "application/problem+json"),
))]
pub(super) async fn health(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    // Beside the searches, however many there are.
    let looked = spawn_blocking(move || {
        if app.live.stale().is_some() {
            // Why names folders, and anybody may ask for this.
            return Err(Problem::stale());
        }
        let open = app.live.current();
        json(&Health { status: "ok", digest: open.reader.digest(), reports: open.reader.reports() })
    });
    looked.await.map_err(|broken| Problem::broken(&broken.to_string()))?
}

/// Counts for Prometheus.
#[utoipa::path(get, path = "/metrics", responses(
    (status = 200, description = "Counts in the text format of OpenMetrics.", body = String, content_type = "application/openmetrics-text"),
))]
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let text = spawn_blocking(move || app.metrics.text(&app)).await;
    let text = text.map_err(|broken| Problem::broken(&broken.to_string()))?;
    let text = text.map_err(|error| Problem::broken(&error.to_string()))?;
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
