//! Who looks: the language and the light that pages are told in, by the browser's wishes and by switches.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum_extra::extract::CookieJar;

use super::state::address;
use crate::lang::Lang;
use crate::web::app::App;
use crate::web::params;

/// How long a choice is kept, in seconds: as long as browsers let it live, nearly.
const YEAR: u32 = 365 * 24 * 60 * 60;

/// What is known of a visit.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) lang: Lang,
    pub(super) theme: Theme,
    /// Where it is: path and query.
    pub(super) uri: Uri,
}

/// The light of pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Auto, Self::Light, Self::Dark].into_iter().find(|theme| theme.name() == name)
    }
}

fn language(name: &str) -> Option<Lang> {
    [Lang::En, Lang::Fr].into_iter().find(|lang| lang.name() == name)
}

/// The language of pages for whoever asks: that of the cookie, else of the browser's wishes, else the usual one.
pub(in crate::web) fn language_of(headers: &HeaderMap, usual: Lang) -> Lang {
    let chosen = CookieJar::from_headers(headers).get("lang").and_then(|cookie| language(cookie.value()));
    let wished = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| preferred(value.to_str().ok()?));
    chosen.or_else(wished).unwrap_or(usual)
}

/// A path as one of this server: two slashes, which browsers also read backwards, would lead to another host.
fn own(path: &str) -> String {
    format!("/{}", path.trim_start_matches(['/', '\\']))
}

impl Visit {
    /// What a request tells: cookies first, then what the browser asks for, then what the server was started with.
    pub(super) fn of(headers: &HeaderMap, uri: &Uri, usual: Lang) -> Self {
        let jar = CookieJar::from_headers(headers);
        let theme = jar.get("theme").and_then(|cookie| Theme::named(cookie.value())).unwrap_or_default();
        Self { lang: language_of(headers, usual), theme, uri: uri.clone() }
    }

    /// The names and values of the address.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        params::pairs(self.uri.query())
    }

    /// The names of the address that this page knows nothing of, each once.
    pub(super) fn strangers(&self) -> Vec<String> {
        let path = self.uri.path();
        let own: &[&str] = match path {
            "/" => &["open"],
            "/export" => &["format", "of", "by"],
            _ if path.starts_with("/report/") => &["format"],
            _ if path.starts_with("/similar/") => &["skip"],
            _ if path.starts_with("/facets/") => &["under"],
            _ => &[],
        };
        let mut found: Vec<String> = Vec::new();
        for (name, _) in self.pairs() {
            if !params::is_key(&name) && !own.contains(&name.as_str()) && !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }

    /// This page with another pair of name and value.
    pub(super) fn here_with(&self, name: &str, value: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(self.uri.query().unwrap_or_default().to_owned());
        query.append_pair(name, value);
        address(&own(self.uri.path()), query.finish().trim_start_matches('&'))
    }
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers, &parts.uri, app.options.lang))
    }
}

/// Answers `?lang=en` and `?theme=dark` on any page: keeps the choice in a cookie and leads to the page without it. What
/// all pages depend on is told to caches.
pub(in crate::web) async fn switches(request: Request, next: Next) -> Response {
    if ["/api/", "/assets/", "/metrics", "/healthz"].iter().any(|path| request.uri().path().starts_with(path)) {
        return next.run(request).await;
    }
    let pairs = params::pairs(request.uri().query());
    let chosen = |name: &str| pairs.iter().rfind(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let choices = [
        ("lang", chosen("lang").and_then(language).map(Lang::name)),
        ("theme", chosen("theme").and_then(Theme::named).map(Theme::name)),
    ];
    let mut response = if request.method() == Method::GET && choices.iter().any(|(_, value)| value.is_some()) {
        let rest =
            pairs.iter().filter(|(name, _)| !choices.iter().any(|(known, value)| known == name && value.is_some()));
        let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
        let to = address(&own(request.uri().path()), &rest);
        let kept = choices.into_iter().filter_map(|(name, value)| Some((header::SET_COOKIE, kept(name, value?))));
        (StatusCode::SEE_OTHER, AppendHeaders(kept), [(header::LOCATION, to)]).into_response()
    } else {
        next.run(request).await
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Language, Cookie"));
    response
}

/// A cookie that keeps a choice; both are our own words.
fn kept(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax")
}

/// The language of pages that a browser asks for first, by RFC 9110: those of one quality in their order.
fn preferred(wishes: &str) -> Option<Lang> {
    let mut best: Option<(Lang, f32)> = None;
    for wish in wishes.split(',') {
        let mut parts = wish.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let quality =
            parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.trim().parse::<f32>().ok());
        let (Some(lang), Some(quality)) = (language(name.split('-').next().unwrap_or_default()), quality) else {
            continue;
        };
        if quality > best.map_or(0.0, |(_, quality)| quality) {
            best = Some((lang, quality));
        }
    }
    best.map(|(lang, _)| lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_tells_the_language() {
        for (wishes, want) in [
            ("fr-FR,fr;q=0.9,en;q=0.8", Some(Lang::Fr)),
            ("de, en-GB;q=0.7, fr;q=0.6", Some(Lang::En)),
            ("en;q=0.2, fr ; q=0.6", Some(Lang::Fr)),
            ("fr;q=0, en;q=0.1", Some(Lang::En)),
            ("FR", Some(Lang::Fr)),
            ("de, *", None),
            ("fr;q=x", None),
            ("", None),
        ] {
            assert_eq!(preferred(wishes), want, "{wishes}");
        }
    }

    #[test]
    fn a_cookie_stands_above_the_browser() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("fr"));
        let uri: Uri = "/?q=a".parse().unwrap();
        assert_eq!(Visit::of(&headers, &uri, Lang::En).lang, Lang::Fr);
        headers.insert(header::COOKIE, HeaderValue::from_static("lang=en; theme=dark"));
        let visit = Visit::of(&headers, &uri, Lang::Fr);
        assert_eq!((visit.lang, visit.theme), (Lang::En, Theme::Dark));
        assert_eq!(visit.here_with("lang", "fr"), "/?q=a&lang=fr");
        for elsewhere in ["//evil.example/", "/\\evil.example/"] {
            assert_eq!(own(elsewhere), "/evil.example/");
        }
        headers.insert(header::COOKIE, HeaderValue::from_static("lang=xx; theme=\"pink"));
        let visit = Visit::of(&headers, &"/".parse().unwrap(), Lang::En);
        assert_eq!(
            (visit.lang, visit.theme, visit.here_with("lang", "fr").as_str()),
            (Lang::Fr, Theme::Auto, "/?lang=fr")
        );
    }
}
