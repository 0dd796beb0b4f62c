//! The door for people: the token is typed once, and a cookie stands for it from then on.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use super::app::App;
use super::body;
use super::page::language_of;
use super::problem::Problem;
use super::token::COOKIE;
use crate::lang::Lang;

/// Where one goes who wanted nothing else.
const START: &str = "/";

/// The routes of the door.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/login", get(ask).post(enter))
        .route("/logout", get(ask_to_leave).post(leave))
        .route("/login.css", get(style))
}

/// The page that asks for the token, or whether to leave.
#[derive(Template)]
#[template(path = "login.html", config = "src/web/askama.toml")]
struct LoginPage {
    lang: Lang,
    to: String,
    wrong: bool,
    leaving: bool,
}

impl LoginPage {
    fn is_french(&self) -> bool {
        self.lang == Lang::Fr
    }

    fn response(&self, status: StatusCode) -> Result<Response, Problem> {
        let page = self.render().map_err(|error| Problem::broken(&error.to_string()))?;
        Ok((status, Html(page)).into_response())
    }
}

async fn ask(State(app): State<Arc<App>>, headers: HeaderMap, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let to = value(query.unwrap_or_default().as_bytes(), "to");
    let lang = language_of(&headers, app.options.lang);
    LoginPage { lang, to: local(&to).to_owned(), wrong: false, leaving: false }.response(StatusCode::OK)
}

async fn enter(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Result<Response, Problem> {
    let form = body::read(&app, &headers, body, body::FORM).await?;
    let (given, to) = (value(&form, "token"), value(&form, "to"));
    let to = local(&to);
    match &app.options.token {
        Some(token) if !token.is(given.trim()) => {
            app.metrics.refused("token");
            let lang = language_of(&headers, app.options.lang);
            LoginPage { lang, to: to.to_owned(), wrong: true, leaving: false }.response(StatusCode::FORBIDDEN)
        }
        Some(token) => {
            let cookie = Cookie::build((COOKIE, token.cookie().to_owned()));
            let cookie = cookie.http_only(true).same_site(SameSite::Strict).path("/").secure(is_secure(&headers));
            Ok((CookieJar::new().add(cookie), Redirect::to(to)).into_response())
        }
        None => Ok(Redirect::to(to).into_response()),
    }
}

async fn ask_to_leave(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    let lang = language_of(&headers, app.options.lang);
    LoginPage { lang, to: START.to_owned(), wrong: false, leaving: true }.response(StatusCode::OK)
}

async fn leave() -> Response {
    let cookie = Cookie::build(COOKIE).path("/").removal();
    (CookieJar::new().add(cookie), Redirect::to("/login")).into_response()
}

async fn style() -> Response {
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    let kept = HeaderValue::from_static("max-age=3600");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, kept)], include_str!("templates/login.css")).into_response()
}

/// A value of a form.
fn value(form: &[u8], name: &str) -> String {
    let mut values = form_urlencoded::parse(form);
    values.find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Where one wanted to go, if that is on this server.
fn local(to: &str) -> &str {
    let own = to.starts_with('/') && !to.starts_with("//") && to.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if own { to } else { START }
}

/// Whether a proxy was asked over a connection that nobody reads along.
fn is_secure(headers: &HeaderMap) -> bool {
    headers.get("x-forwarded-proto").is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_of_this_server_are_gone_to() {
        for to in ["/", "/?q=Mopti&group=JNIM", "/report/a%23b"] {
            assert_eq!(local(to), to);
        }
        for to in ["", "//evil.example", "https://evil.example/", "/\\evil.example", "evil", "/a\r\nSet-Cookie: b"] {
            assert_eq!(local(to), START, "{to}");
        }
    }
}
