//! What has no answer, as a page: the query with what is wrong in it, why, and what to do.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request as HttpRequest, State as Shared};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::filters::{Filter, filters};
use super::frame::Frame;
use super::state::State;
use super::visit::Visit;
use super::words;
use crate::search::Request;
use crate::web::app::App;
use crate::web::guard::takes_html;
use crate::web::params;
use crate::web::problem::Problem;

/// The page.
#[derive(Template)]
#[template(path = "trouble.html", config = "src/web/askama.toml")]
struct TroublePage {
    frame: Frame,
    status: u16,
    heading: String,
    message: String,
    hint: Option<String>,
    /// How many reports answer, where that was known when the time was over.
    known: Option<u64>,
    /// The query before what is wrong, that, and behind it.
    query: Option<(String, String, String)>,
    filters: Vec<Filter>,
    /// This page once more, where that may help.
    again: Option<String>,
}

/// Answers with pages where routes leave problems, for whoever looks at pages; programs get theirs.
pub(in crate::web) async fn pages(Shared(app): Shared<Arc<App>>, request: HttpRequest, next: Next) -> Response {
    let visit = Visit::of(request.headers(), request.uri(), app.options.lang);
    let path = request.uri().path();
    let for_people = takes_html(request.headers()) && !path.starts_with("/api/") && path != "/metrics";
    let response = next.run(request).await;
    match response.extensions().get::<Problem>() {
        Some(problem) if for_people => match show(&visit, problem).render() {
            Ok(html) => dressed(response, html),
            Err(_) => response,
        },
        _ => response,
    }
}

/// An answer with another body: its headers, such as those of the guard, stay.
fn dressed(response: Response, html: String) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    parts.headers.append(header::VARY, HeaderValue::from_static("Accept, Accept-Language, Cookie"));
    Response::from_parts(parts, html.into())
}

fn show(visit: &Visit, problem: &Problem) -> TroublePage {
    let pairs: Vec<(String, String)> = visit.pairs().into_iter().filter(|(name, _)| params::is_key(name)).collect();
    let query = pairs.iter().find(|(name, _)| name == "q" || name == "query").map(|(_, query)| query.clone());
    // What can be read of the state stays in the form and can be taken away.
    let asked = params::request(&pairs, &Request::default());
    let state = State::new(
        asked.unwrap_or_else(|_| Request { query: query.clone().unwrap_or_default(), ..Request::default() }),
    );
    let lang = visit.lang;
    let title = lang.tell(problem.title).into_owned();
    let fault = problem.error.as_ref();
    let query = query.and_then(|query| {
        let (start, end) = fault.and_then(|fault| fault.start.zip(fault.end))?;
        let (before, rest) = query.split_at_checked(start)?;
        let (wrong, after) = rest.split_at_checked(end.checked_sub(start)?)?;
        Some((words::text(before), words::text(wrong), words::text(after)))
    });
    TroublePage {
        frame: Frame::new(visit, &state, &title),
        status: problem.status,
        heading: title,
        message: words::text(&lang.tell(problem.detail.as_str())),
        hint: fault.and_then(|fault| fault.hint.as_deref()).map(|hint| words::text(&lang.tell(hint))),
        known: problem.known.as_ref().and_then(|known| known["total"].as_u64()),
        query,
        filters: filters(&state, lang),
        again: (problem.status == 503).then(|| visit.uri.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::search::Known;
    use crate::search::SearchError;

    #[test]
    fn what_is_known_of_a_late_answer_is_told() {
        let known = Box::new(Known { total: Some(7), ..Known::default() });
        let visit = Visit::of(&axum::http::HeaderMap::new(), &"/?q=a".parse().unwrap(), Lang::En);
        let page = show(&visit, &Problem::from(SearchError::Late { known })).render().unwrap();
        assert!(page.contains("So far: 7 reports") && page.contains("try once more"), "{page}");
        let page = show(&visit, &Problem::late()).render().unwrap();
        assert!(!page.contains("So far") && page.contains("try once more"), "{page}");
    }
}
