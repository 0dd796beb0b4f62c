//! What is told where there is no answer: problem details as RFC 9457 has them.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::render::Fault;
use crate::search::SearchError;

/// Why there is no answer.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Problem {
    /// What kind of problem, for people.
    pub(super) title: &'static str,
    /// The status of HTTP.
    pub(super) status: u16,
    /// What is wrong and why, in one sentence.
    pub(super) detail: String,
    /// The request's own id, given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    /// What is wrong with the request, as a batch tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<Fault>,
}

impl Problem {
    fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self { title, status: status.as_u16(), detail: detail.into(), id: None, error: None }
    }

    /// The request cannot be read.
    pub(super) fn bad(message: String, hint: Option<String>) -> Self {
        let error = Fault { message: message.clone(), start: None, end: None, hint };
        Self { error: Some(error), ..Self::new(StatusCode::BAD_REQUEST, "the request cannot be read", message) }
    }

    /// No route leads there.
    pub(super) fn nowhere() -> Self {
        Self::new(StatusCode::NOT_FOUND, "nothing is here", "no page has this address")
    }

    /// No turn came in time.
    pub(super) fn busy() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "too busy", "too many searches at the same time")
    }

    /// The answer took too long.
    pub(super) fn late() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "too late", "the search took longer than a request may")
    }

    /// Something that should never happen.
    pub(super) fn broken(why: &str) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "something is broken", why)
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        let (status, title) = match &error {
            SearchError::UnknownReport { .. } | SearchError::UnknownPassage { .. } => {
                (StatusCode::NOT_FOUND, "nothing is called so")
            }
            SearchError::Index(_) => (StatusCode::INTERNAL_SERVER_ERROR, "the index cannot be read"),
            _ => (StatusCode::BAD_REQUEST, "the request cannot be answered"),
        };
        let (start, end) = error.span().map(|(_, span)| (span.start, span.end)).unzip();
        let message = error.to_string();
        let fault = Fault { message: message.clone(), start, end, hint: error.hint() };
        Self { error: Some(fault), ..Self::new(status, title, message) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self)).into_response();
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        // Pages tell it in words.
        response.extensions_mut().insert(self);
        response
    }
}
