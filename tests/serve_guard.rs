//! Who may ask a server: names, tokens, pages of other sites; and what every answer says to a browser.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;

use common::serve::{Reply, Server};
use common::{Desk, INDEX, Run, sample};

const TOKEN: &str = "une-phrase-assez-longue";

/// A desk with a small index and a token that nobody else may read.
fn desk() -> Desk {
    let desk = Desk::with(&[("in/a.txt", "Une attaque près de Mopti."), ("token", "\n  une-phrase-assez-longue \n")]);
    fs::set_permissions(desk.path("token"), fs::Permissions::from_mode(0o600)).unwrap();
    desk.index(&["in"]);
    desk
}

fn get(server: &Server, path: &str, headers: &str) -> String {
    server.raw(format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"))
}

#[test]
fn only_its_own_names_are_answered() {
    let server = Server::start(sample(), &["--host", "vigie.example.org", "--host", "archive.example.org:8443"]);
    let port = server.address.port();
    for host in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
        "vigie.example.org".to_owned(),
        "archive.example.org:8443".to_owned(),
    ] {
        let answer = get(&server, "/healthz", &format!("Host: {host}\r\n"));
        assert!(answer.starts_with("HTTP/1.1 200 "), "{host}: {answer}");
    }
    for headers in [
        "",
        "Host: evil.example\r\n",
        "Host: 127.0.0.1\r\n",
        "Host: localhost:1\r\n",
        "Host: archive.example.org\r\n",
        "Host: vigie.example.org.evil.example\r\n",
        "Host: vigie.example.org\r\nHost: vigie.example.org\r\n",
    ] {
        for path in ["/", "/healthz", "/api/search", "/nothing"] {
            let answer = get(&server, path, headers);
            assert!(answer.starts_with("HTTP/1.1 421 "), "{headers:?} {path}: {answer}");
            assert!(
                answer.contains("https://vigie.invalid/problem/host") && answer.contains("--host NAME"),
                "{answer}"
            );
        }
    }
    // The line of a request goes before its header.
    assert!(get(&server, "http://evil.example/", &format!("Host: localhost:{port}\r\n")).starts_with("HTTP/1.1 421 "));
    assert!(server.metric("vigie_refused_total{why=\"host\"}") > Some(20.0));
}

#[test]
fn every_answer_tells_browsers_to_be_careful() {
    let server = Server::start(sample(), &[]);
    for reply in [
        server.get("/"),
        server.get("/api/search"),
        server.get("/api/search?limit=0"),
        server.get("/nothing"),
        server.get_with("/nothing", &[("accept", "text/html")]),
        server.get_with("/?q=%22a", &[("accept", "text/html")]),
        server.post("/healthz", &[], ""),
        server.get_with("/", &[("host", "evil.example")]),
    ] {
        let policy = reply.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
        for part in ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self'"] {
            assert!(policy.contains(part), "{policy}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(reply.header(name), value, "{name} {reply:?}");
        }
    }
}

#[test]
fn pages_of_other_sites_send_nothing() {
    let server = Server::start(sample(), &[]);
    let own = server.url.clone();
    let post = |name: &str, value: &str| {
        server.post("/api/search", &[("content-type", "application/json"), (name, value)], "{}")
    };
    for (name, value) in [("origin", own.as_str()), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none")] {
        post(name, value).good();
    }
    for (name, value) in [
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:1"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        post(name, value).problem(403, "origin");
    }
}

#[test]
fn pages_of_other_sites_load_nothing_into_themselves() {
    let server = Server::start(sample(), &[]);
    let got = |path: &str, site: &str, dest: &str| {
        server.get_with(path, &[("sec-fetch-site", site), ("sec-fetch-dest", dest)]).status
    };
    for path in ["/api/timeline?by=day", "/export?format=csv", "/?q=embuscade"] {
        assert_eq!(got(path, "cross-site", "image"), 403, "{path}");
        assert_eq!(got(path, "cross-site", "iframe"), 403, "{path}");
        // A link that is followed, and what the page loads itself.
        assert_eq!(got(path, "cross-site", "document"), 200, "{path}");
        assert_eq!(got(path, "same-origin", "empty"), 200, "{path}");
    }
}

#[test]
fn an_open_address_wants_a_token() {
    let desk = desk();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let run = desk.run(&["serve", "--listen", address]);
        let told = run.fails_with_hint();
        assert!(told.contains("there is no token") && told.contains("--token-file"), "{told}");
    }
    let server = Server::start(&desk, &["--listen", "0.0.0.0:0", "--token-file", "token"]);
    let bearer = format!("Bearer {TOKEN}");
    server.get("/api/info").problem(401, "token");
    server.get_with("/api/info", &[("authorization", &bearer)]).good();
    assert_eq!(server.told(), "");
}

#[test]
fn a_token_that_is_none_is_told() {
    let desk = desk();
    desk.write("short", "abc");
    desk.write("spaced", "une phrase assez longue");
    desk.write("bytes", [0xff; 32]);
    let start = |file: &str| -> Run { desk.run(&["serve", "--token-file", file]) };
    for file in ["short", "spaced"] {
        assert!(start(file).fails_with_hint().contains("a token has 16 characters or more"));
    }
    for file in ["bytes", "missing", "in"] {
        assert!(start(file).fails_with_hint().starts_with(&format!("vigie: {file}: ")));
    }
    fs::set_permissions(desk.path("token"), fs::Permissions::from_mode(0o644)).unwrap();
    let server = Server::start(&desk, &["--token-file", "token"]);
    assert!(server.told().contains("others can read this token"), "{}", server.told());
    assert!(!server.told().contains(TOKEN));
}

/// The cookie that a reply sets, without what it says of it.
fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[test]
fn nothing_but_health_and_the_door_is_open_without_the_token() {
    let desk = desk();
    let server = Server::start(&desk, &["--token-file", "token", "-v"]);
    server.get("/healthz").good();
    server.get("/login").good();
    server.get("/login.css").good();
    for path in
        ["/api/search", "/api/openapi.json", "/metrics", "/nothing", "/", "/api/nothing", "/login/a", "/healthz/"]
    {
        let reply = server.get(path);
        reply.problem(401, "token");
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
    for wrong in [
        "Bearer une-phrase-assez-longu",
        "Bearer une-phrase-assez-longuee",
        "Bearer",
        "Bearer ",
        "une-phrase-assez-longue",
        "Basic une-phrase-assez-longue",
    ] {
        server.get_with("/api/info", &[("authorization", wrong)]).problem(401, "token");
    }
    let bearer = format!("bearer {TOKEN}");
    server.get_with("/api/info", &[("authorization", &bearer)]).good();
    server.get_with("/metrics", &[("authorization", &bearer)]).good();
    // Nor is it told to whoever reads the log.
    assert!(server.tells("path=\"/metrics\" status=200").contains("path=\"/api/info\" status=401"));
    assert!(!server.told().contains(TOKEN));
}

#[test]
fn people_give_the_token_once() {
    let desk = desk();
    let server = Server::start(&desk, &["--token-file", "token"]);
    let html = ("accept", "text/html,application/xhtml+xml;q=0.9");
    let turned = server.get_with("/?q=Mopti&group=JNIM", &[html]);
    assert_eq!((turned.status, turned.header("location")), (303, "/login?to=%2F%3Fq%3DMopti%26group%3DJNIM"));
    // Programs are not led about, whatever they accept.
    server.get_with("/api/search", &[html]).problem(401, "token");
    let door = server.get_with("/login?to=%2F%3Fq%3DMopti%26group%3DJNIM", &[("accept-language", "fr-FR,fr")]).good();
    assert!(
        door.text.contains("<html lang=\"fr\">") && door.text.contains("value=\"/?q=Mopti&#38;group=JNIM\""),
        "{}",
        door.text
    );
    assert!(server.get_with("/login", &[("accept-language", "en")]).text.contains("Access token"));
    let form = [("content-type", "application/x-www-form-urlencoded"), ("accept-language", "fr")];
    let wrong = server.post("/login", &form, "token=une-autre-phrase-longue&to=/");
    assert_eq!((wrong.status, wrong.header("set-cookie")), (403, ""));
    assert!(wrong.text.contains("Ce n'est pas le bon jeton."), "{}", wrong.text);
    let entered = server.post("/login", &form, format!("token={TOKEN}&to=%2F%3Fq%3DMopti"));
    assert_eq!((entered.status, entered.header("location")), (303, "/?q=Mopti"));
    let set = entered.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Secure") && !set.contains(TOKEN), "{set}");
    let cookie = cookie(&entered);
    assert_eq!(server.get_with("/", &[("cookie", &cookie)]).status, 200);
    server.get_with("/api/info", &[("cookie", &cookie)]).good();
    for forged in [format!("vigie={TOKEN}"), cookie[..cookie.len() - 1].to_owned(), "vigie=".to_owned()] {
        server.get_with("/api/info", &[("cookie", &forged)]).problem(401, "token");
    }
    // Another site's page cannot let itself in, nor lead elsewhere.
    let foreign = [form[0], ("origin", "http://evil.example")];
    server.post("/login", &foreign, format!("token={TOKEN}")).problem(403, "origin");
    for to in ["https://evil.example/", "//evil.example/", "/%5Cevil.example"] {
        let reply = server.post("/login", &form, format!("token={TOKEN}&to={to}"));
        assert_eq!(reply.header("location"), "/", "{to}");
    }
    // Behind a proxy that is asked over TLS.
    let secure = [form[0], ("x-forwarded-proto", "https")];
    assert!(server.post("/login", &secure, format!("token={TOKEN}")).header("set-cookie").contains("Secure"));
    let left = server.post("/logout", &[("cookie", &cookie)], "");
    assert_eq!((left.status, left.header("location")), (303, "/login"));
    assert!(left.header("set-cookie").contains("Max-Age=0"), "{left:?}");
}

#[test]
fn what_keeps_it_from_starting_is_told() {
    let desk = desk();
    let server = Server::start(&desk, &[]);
    let address = server.address.to_string();
    let told = desk.run(&["serve", "--listen", &address]);
    assert!(told.fails_with_hint().contains("choose another port with --listen"), "{told:?}");
    let told = desk.run(&["serve", "--listen", "192.0.2.1:0", "--token-file", "token"]);
    assert!(told.fails_with_hint().starts_with("vigie: 192.0.2.1:0: "), "{told:?}");
    desk.run(&["--index", "nowhere", "serve", "--listen", "127.0.0.1:0"]).fails_with_hint();
    desk.run(&["serve", "--listen", "nowhere"]).fails();
    for name in ["http://vigie.example.org", "a@vigie.example.org", "", "vigie.example.org/"] {
        assert!(desk.run(&["serve", "--host", name]).fails().contains("write a name, maybe with a port"), "{name}");
    }
    assert!(desk.path(INDEX).exists());
}
