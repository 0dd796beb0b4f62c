//! Bodies of requests: of the right kind, not too long, and in time.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, header};
use tokio::time::timeout;

use super::app::App;
use super::problem::Problem;

/// JSON.
pub(super) const JSON: &[&str] = &["application/json"];
/// What a form of a page sends.
pub(super) const FORM: &[&str] = &["application/x-www-form-urlencoded"];
/// A text, or a record.
pub(super) const TEXT: &[&str] = &["text/plain", "application/json"];

/// The body of a request of one of some kinds; one that tells no kind counts as such.
///
/// # Errors
/// If it tells another kind, is longer than it may be, or does not come in time.
pub(super) async fn read(app: &App, headers: &HeaderMap, body: Body, kinds: &[&str]) -> Result<Bytes, Problem> {
    if let Some(told) = kind(headers)
        && !kinds.contains(&told.as_str())
    {
        return Err(Problem::media_type(&kinds.join(" or ")));
    }
    let most = app.options.limits.body;
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > most as u64) {
        return Err(Problem::too_large(most));
    }
    match timeout(app.options.patience, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(broken_off(&error, most)),
        Err(_) => Err(Problem::slow()),
    }
}

/// What a body tells of its kind, without its parameters.
pub(super) fn kind(headers: &HeaderMap) -> Option<String> {
    let told = headers.get(header::CONTENT_TYPE)?.to_str().unwrap_or_default();
    Some(told.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// Why a body could not be read to its end.
fn broken_off(error: &axum::Error, most: usize) -> Problem {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return Problem::too_large(most);
        }
        cause = error.source();
    }
    Problem::bad(format!("the body breaks off: {error}"), None)
}
