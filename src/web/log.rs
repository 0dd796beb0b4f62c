//! What is told of each request: a line of the log, and what metrics count.

use std::sync::Arc;
use std::time::Instant;

use axum::body::HttpBody;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use super::app::App;
use super::guard::Ends;
use super::problem::Problem;

/// The route of what has none.
const NOWHERE: &str = "none";

/// Tells of a request once it is answered. What headers say is not told: a token may be among them.
pub(super) async fn watch(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or(NOWHERE, MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let peer = request.extensions().get::<Ends>().map(|ends| ends.peer.to_string()).unwrap_or_default();
    let response = next.run(request).await;
    let took = started.elapsed();
    let status = response.status().as_u16();
    app.metrics.answered(&route, name(&method), status, took.as_secs_f64());
    let bytes = response.body().size_hint().exact();
    let milliseconds = took.as_micros() as f64 / 1000.0;
    tracing::info!(method = %method, path, status, bytes, ms = milliseconds, peer, "request");
    if let Some(problem) = response.extensions().get::<Problem>().filter(|_| status >= 500 && status != 503) {
        tracing::error!(path, status, why = problem.detail, "{}", app.options.lang.tell(problem.title));
    }
    response
}

/// A method by a name of which there are few.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}
