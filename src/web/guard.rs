//! Who may ask: which names of the server count, which token, which pages; and the headers that every answer has.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;

use super::app::App;
use super::problem::Problem;
use super::token::COOKIE;

/// What a page may load and do: its own files, its own script, nothing inline, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// What anybody may see: that the server lives, and how to get in.
const OPEN: [&str; 3] = ["/healthz", "/login", "/login.css"];

/// The two ends of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    /// Who asks.
    pub(super) peer: SocketAddr,
    /// Where it was asked.
    pub(super) local: SocketAddr,
}

/// Lets through who may ask, and gives every answer its headers.
pub(super) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&app, &request) {
        None => next.run(request).await,
        Some(refusal) => refusal,
    };
    dress(response.headers_mut());
    response
}

/// Why a request is not looked at, if it is not.
fn refusal(app: &App, request: &Request) -> Option<Response> {
    let refused = |why, problem: Problem| {
        app.metrics.refused(why);
        Some(problem.into_response())
    };
    let local = request.extensions().get::<Ends>().map(|ends| ends.local);
    let hosts = Hosts { names: &app.options.hosts, listen: app.options.listen.ip(), local };
    if !host(request).is_some_and(|host| hosts.hold(host, Some(80))) {
        return refused("host", Problem::misdirected());
    }
    if is_embedded(request.headers()) {
        return refused("origin", Problem::foreign());
    }
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if !safe && is_foreign(request.headers(), &hosts) {
        return refused("origin", Problem::foreign());
    }
    let path = request.uri().path();
    let token = app.options.token.as_ref().filter(|_| !OPEN.contains(&path))?;
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer =
        bearer.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"));
    let cookies = CookieJar::from_headers(request.headers());
    let cookie = cookies.get(COOKIE).is_some_and(|cookie| token.is_cookie(cookie.value()));
    if cookie || bearer.is_some_and(|(_, given)| token.is(given.trim())) {
        return None;
    }
    app.metrics.refused("token");
    let page = safe && !path.starts_with("/api/") && takes_html(request.headers());
    if page {
        let wanted = request.uri().path_and_query().map_or("/", |wanted| wanted.as_str());
        let to: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
        return Some(Redirect::to(&format!("/login?to={to}")).into_response());
    }
    Some(Problem::locked().into_response())
}

/// Whether whoever asks looks at pages.
pub(super) fn takes_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|kind| kind.trim().starts_with("text/html"))
}

/// The name that a request calls the server by: one, and only one.
fn host(request: &Request) -> Option<&str> {
    let mut named = request.headers().get_all(header::HOST).iter();
    let first = named.next().map(|host| host.to_str().unwrap_or_default());
    if named.next().is_some() {
        return None;
    }
    // A request to a proxy names it in its line, which goes before the header.
    request.uri().authority().map(Authority::as_str).or(first)
}

/// Whether a page of another site sends a request, by what browsers tell of it.
fn is_foreign(headers: &HeaderMap, hosts: &Hosts<'_>) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let elsewhere = text("sec-fetch-site").is_some_and(|site| !["same-origin", "none"].contains(&site));
    let own = |origin: &str| match origin.split_once("://") {
        Some(("http", host)) => hosts.hold(host, Some(80)),
        Some(("https", host)) => hosts.hold(host, Some(443)),
        _ => false,
    };
    elsewhere || text("origin").is_some_and(|origin| !own(origin))
}

/// Whether a page of another site loads something of this server into itself: that page could not read it, but make the
/// server work. A link that is followed is none of that.
fn is_embedded(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|told| told == value);
    is("sec-fetch-site", "cross-site") && !is("sec-fetch-dest", "document")
}

/// The names that the server goes by.
struct Hosts<'a> {
    /// Those that were given.
    names: &'a [String],
    /// The address that is listened on; maybe one that stands for all.
    listen: IpAddr,
    /// Where a request came in.
    local: Option<SocketAddr>,
}

impl Hosts<'_> {
    /// Whether a host, with its port or without, is this server. Only a name that was given may lead here from elsewhere:
    /// any other could be anybody's, who makes it lead here once a browser has loaded his page.
    fn hold(&self, host: &str, standard: Option<u16>) -> bool {
        let Ok(host) = host.parse::<Authority>() else { return false };
        if host.as_str().contains('@') {
            return false;
        }
        let bare = host.host();
        let given = |name: &String| name.eq_ignore_ascii_case(host.as_str()) || name.eq_ignore_ascii_case(bare);
        if self.names.iter().any(given) {
            return true;
        }
        let Some(local) = self.local else { return false };
        let port = host.port_u16().or(standard.filter(|_| host.port().is_none()));
        if port != Some(local.port()) {
            return false;
        }
        let address = bare.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let own = address.is_ok_and(|address| {
            let here = [self.listen, local.ip()].map(|ip| ip.to_canonical());
            address.is_loopback() || here.contains(&address.to_canonical())
        });
        own || bare.eq_ignore_ascii_case("localhost")
    }
}

/// Gives an answer the headers that every one has.
fn dress(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_names_and_given_ones_hold() {
        let names = ["vigie.example.org".to_owned(), "archive.example.org:8443".to_owned()];
        let at =
            |local: &str| Hosts { names: &names, listen: [127, 0, 0, 1].into(), local: Some(local.parse().unwrap()) };
        let holds = |local: &str, host: &str| at(local).hold(host, Some(80));
        for host in ["127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080", "[::1]:8080", "127.0.0.2:8080"] {
            assert!(holds("127.0.0.1:8080", host), "{host}");
        }
        for host in ["vigie.example.org", "Vigie.Example.org:99", "archive.example.org:8443"] {
            assert!(holds("127.0.0.1:8080", host), "{host}");
        }
        for host in [
            "127.0.0.1",
            "localhost",
            "localhost:8081",
            "evil.example",
            "evil.example:8080",
            "archive.example.org",
            "localhost.evil.example:8080",
            "vigie.example.org.evil.example",
            "x@localhost:8080",
            "",
            "192.168.1.5:8080",
            "localhost:",
            "127.0.0.1.:8080",
            "[::1]:8080:8080",
        ] {
            assert!(!holds("127.0.0.1:8080", host), "{host}");
        }
        assert!(holds("192.168.1.5:80", "192.168.1.5"));
        assert!(holds("[::ffff:192.168.1.5]:8080", "192.168.1.5:8080"));
        assert!(!holds("192.168.1.5:8080", "192.168.1.6:8080"));
    }

    #[test]
    fn pages_of_other_sites_are_told_by_what_browsers_send() {
        let hosts = Hosts { names: &[], listen: [127, 0, 0, 1].into(), local: Some("127.0.0.1:8080".parse().unwrap()) };
        let foreign = |name: &'static str, value: &'static str| {
            let headers = HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))]);
            is_foreign(&headers, &hosts)
        };
        assert!(!is_foreign(&HeaderMap::new(), &hosts));
        assert!(!foreign("origin", "http://127.0.0.1:8080"));
        assert!(!foreign("sec-fetch-site", "same-origin"));
        for origin in ["null", "http://evil.example", "http://127.0.0.1:9999", "https://localhost", "file://", ""] {
            assert!(foreign("origin", origin), "{origin}");
        }
        assert!(foreign("sec-fetch-site", "cross-site"));
        assert!(foreign("sec-fetch-site", "same-site"));
    }
}
