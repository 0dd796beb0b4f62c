//! What is told where there is no answer: problem details as RFC 9457 has them.
//!
//! The problem itself stands in the extensions of its response too, for whoever shows it in another form.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use crate::render::{Broken, Fault};
use crate::search::SearchError;

/// What the names of kinds of problems begin with. Nothing is there to be looked at.
const KINDS: &str = "https://vigie.invalid/problem/";
/// Seconds after which a server that has too much to do may be asked again.
const AGAIN: u32 = 1;

/// Why there is no answer.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Problem {
    /// What kind of problem, for programs.
    #[serde(rename = "type")]
    pub(super) kind: String,
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
    pub(super) error: Option<Box<Fault>>,
    /// What was found before the time was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) known: Option<Box<Value>>,
}

impl Problem {
    fn new(status: StatusCode, kind: &str, title: &'static str, detail: impl Into<String>) -> Self {
        let (kind, detail) = (format!("{KINDS}{kind}"), detail.into());
        Self { kind, title, status: status.as_u16(), detail, id: None, error: None, known: None }
    }

    fn with_fault(self, hint: Option<String>) -> Self {
        let error = Fault { message: self.detail.clone(), start: None, end: None, hint };
        Self { error: Some(Box::new(error)), ..self }
    }

    /// The same problem of a request that may have an id.
    pub(super) fn of(self, id: Option<String>) -> Self {
        Self { id, ..self }
    }

    /// The request cannot be read, or asks for more than it may.
    pub(super) fn bad(message: impl Into<String>, hint: Option<String>) -> Self {
        let title = "the request cannot be read";
        Self::new(StatusCode::BAD_REQUEST, "request", title, message).with_fault(hint)
    }

    /// The body is longer than it may be.
    pub(super) fn too_large(most: usize) -> Self {
        let why = format!("the body is longer than {most} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "too large", why).with_fault(None)
    }

    /// The body did not come in time.
    pub(super) fn slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "slow", "too slow", "the body of the request did not come in time")
    }

    /// The body is of a kind that is not read here.
    pub(super) fn media_type(wanted: &str) -> Self {
        let why = format!("the body is not {wanted}, by its Content-Type");
        let title = "not this kind of body";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", title, why).with_fault(None)
    }

    /// Nothing is there.
    pub(super) fn nowhere(path: &str) -> Self {
        let why = format!("there is nothing at {path}");
        Self::new(StatusCode::NOT_FOUND, "nowhere", "nothing is here", why)
    }

    /// Something is there, but not for this method.
    pub(super) fn method(method: &str) -> Self {
        let why = format!("this address does not take {method}; the header Allow tells what it takes");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method", "not this method", why)
    }

    /// The request is meant for another server, by the name that it calls this one.
    pub(super) fn misdirected() -> Self {
        let why = "the request calls this server by a name that is not its own";
        let hint = "start it with `vigie serve --host NAME`, if that name is meant to lead here";
        Self::new(StatusCode::MISDIRECTED_REQUEST, "host", "another server is meant", why)
            .with_fault(Some(hint.to_owned()))
    }

    /// The request comes from a page of another site.
    pub(super) fn foreign() -> Self {
        let why = "the request comes from a page of another site";
        Self::new(StatusCode::FORBIDDEN, "origin", "not from there", why)
    }

    /// The token is missing or wrong.
    pub(super) fn locked() -> Self {
        let why = "this server wants its token, and the request has none or another";
        let hint = "send it as `Authorization: Bearer TOKEN`, or give it at /login";
        Self::new(StatusCode::UNAUTHORIZED, "token", "locked", why).with_fault(Some(hint.to_owned()))
    }

    /// No turn came in time.
    pub(super) fn busy() -> Self {
        let why = "too many searches at the same time";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "too busy", why)
    }

    /// The answer took too long, and nothing of it is known.
    pub(super) fn late() -> Self {
        let why = "the search took longer than it may";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "late", "too late", why)
    }

    /// The index on disk cannot be opened; that which was opened before still answers.
    pub(super) fn stale() -> Self {
        let why = "the index cannot be opened again, and the one from before still answers; the log tells why";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "stale", "the index is out of date", why)
    }

    /// Something that should never happen.
    pub(super) fn broken(why: &str) -> Self {
        let title = "something is broken";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", title, why)
    }

    /// A search that panicked.
    pub(super) fn panicked(panic: Box<dyn std::any::Any + Send>) -> Self {
        let hint = "the index may be damaged: run `vigie index --rebuild`; if that changes nothing, report it";
        Self::broken(&Broken::from(panic).to_string()).with_fault(Some(hint.to_owned()))
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        let (status, kind, title) = match &error {
            SearchError::UnknownReport { .. } | SearchError::UnknownPassage { .. } => {
                (StatusCode::NOT_FOUND, "unknown", "nothing is called so")
            }
            SearchError::Late { .. } => (StatusCode::SERVICE_UNAVAILABLE, "late", "too late"),
            SearchError::Index(_) => (StatusCode::INTERNAL_SERVER_ERROR, "index", "the index cannot be read"),
            _ => (StatusCode::BAD_REQUEST, "query", "the request cannot be answered"),
        };
        let (start, end) = error.span().map(|(_, span)| (span.start, span.end)).unzip();
        let mut message = error.to_string();
        if matches!(error, SearchError::Index(_)) {
            // Why names folders, which are nobody's business who searches.
            tracing::error!(why = message, "{title}");
            "the index cannot be read; the log tells why".clone_into(&mut message);
        }
        let fault = Fault { message: message.clone(), start, end, hint: error.hint() };
        let known = match error {
            SearchError::Late { known } => serde_json::to_value(known).ok().map(Box::new),
            _ => None,
        };
        Self { error: Some(Box::new(fault)), known, ..Self::new(status, kind, title, message) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(AGAIN));
            }
            // What is left of the body would be taken for another request.
            StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            _ => {}
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Known;

    #[test]
    fn what_is_known_goes_along_with_what_is_late() {
        let known = Known { total: Some(7), ..Known::default() };
        let problem = Problem::from(SearchError::Late { known: Box::new(known) });
        let told = serde_json::to_value(&problem).unwrap();
        assert_eq!((&told["status"], &told["known"]), (&503.into(), &serde_json::json!({ "total": 7 })));
        assert!(told["error"]["hint"].is_string(), "{told}");
        let response = problem.into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "1");
        assert!(response.extensions().get::<Problem>().is_some());
    }
}
