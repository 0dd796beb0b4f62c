//! Peers that are slow, silent or too many, and how requests are told of. Time ends what would never end; how long it takes
//! decides nothing.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;

use common::sample;
use common::serve::{Server, rest, until};
use serde_json::Value;

/// A server whose patience is as short as it can be.
fn impatient(args: &[&str]) -> Server {
    Server::start(sample(), &[&["--patience", "1"], args].concat())
}

fn head(server: &Server) -> String {
    format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n", server.address)
}

/// Reads one answer, and leaves the connection open.
fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut byte = [0];
        assert_eq!(stream.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&bytes));
        bytes.push(byte[0]);
        let text = String::from_utf8_lossy(&bytes);
        let length =
            |head: &str| -> Option<usize> { head.split("content-length: ").nth(1)?.lines().next()?.parse().ok() };
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && length(head) == Some(body.len())
        {
            return text.into_owned();
        }
    }
}

#[test]
fn a_connection_that_says_nothing_is_closed() {
    let server = impatient(&[]);
    assert_eq!(rest(server.connect()), "");
}

#[test]
fn a_head_that_does_not_end_is_given_up() {
    let server = impatient(&[]);
    let mut stream = server.connect();
    // A byte now and then does not keep it open.
    stream.write_all(head(&server).as_bytes()).unwrap();
    let mut writer = stream.try_clone().unwrap();
    let dripping = thread::spawn(move || {
        while writer.write_all(b"a").is_ok() {
            thread::sleep(std::time::Duration::from_millis(50));
        }
    });
    let told = rest(stream);
    assert!(!told.contains("200 OK"), "{told}");
    dripping.join().unwrap();
}

#[test]
fn a_connection_that_waits_after_an_answer_is_closed() {
    let server = impatient(&[]);
    let mut stream = server.connect();
    for _ in 0..2 {
        stream.write_all(format!("{}\r\n", head(&server)).as_bytes()).unwrap();
        assert!(answer(&mut stream).starts_with("HTTP/1.1 200 OK"));
    }
    assert_eq!(rest(stream), "");
}

#[test]
fn a_body_that_does_not_come_is_told() {
    let server = impatient(&[]);
    let request = format!(
        "POST /api/search HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
        server.address
    );
    let told = server.raw(request);
    assert!(told.starts_with("HTTP/1.1 408 "), "{told}");
    let problem: Value = serde_json::from_str(told.split_once("\r\n\r\n").unwrap().1).unwrap();
    common::validate("problem.schema.json", &problem);
    assert_eq!(problem["type"], "https://vigie.invalid/problem/slow");
}

#[test]
fn a_peer_that_reads_no_answer_is_left() {
    let server = impatient(&["--connections", "1"]);
    let mut stream = server.connect();
    // Far more answers than the buffers of a connection hold.
    let one = format!("GET /api/openapi.json HTTP/1.1\r\nHost: {}\r\n\r\n", server.address);
    let mut writer = stream.try_clone().unwrap();
    let asking = thread::spawn(move || while writer.write_all(one.repeat(100).as_bytes()).is_ok() {});
    // There is one place: another is answered as soon as that peer is left.
    server.get("/healthz").good();
    asking.join().unwrap();
    let mut left = Vec::new();
    let _ = stream.read_to_end(&mut left);
}

#[test]
fn what_is_no_request_is_refused() {
    let server = impatient(&[]);
    for bytes in [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], b"GET / HTTP/9.9\r\n\r\n", b"nonsense\r\n\r\n"]
    {
        let told = server.raw(bytes);
        assert!(told.is_empty() || told.starts_with("HTTP/1.1 400 "), "{told}");
    }
    let long = format!("{}X: {}\r\n\r\n", head(&server), "a".repeat(1 << 20));
    let mut stream = server.connect();
    let _ = stream.write_all(long.as_bytes());
    let told = rest(stream);
    assert!(told.is_empty() || told.starts_with("HTTP/1.1 431 "), "{told}");
    server.get("/healthz").good();
}

#[test]
fn who_closes_his_side_is_answered_all_the_same() {
    let server = impatient(&[]);
    let mut stream = server.connect();
    stream.write_all(format!("{}\r\n", head(&server)).as_bytes()).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    assert!(answer(&mut stream).starts_with("HTTP/1.1 200 "));
}

#[test]
fn searches_that_find_no_turn_are_told_to_come_again() {
    let server = Server::start(sample(), &["--threads", "1", "--queue", "0", "--timeout", "3600"]);
    // Long enough to be met at work: there is no other that could keep it from its turn.
    let text = "Des hommes armés ont attaqué jeudi un poste de l'armée près de Mopti. ".repeat(14_000);
    thread::scope(|scope| {
        let working = scope.spawn(|| server.post("/api/annotate", &[("content-type", "text/plain")], &text));
        until("a search that runs", || {
            assert!(!working.is_finished(), "it was done before it was met");
            server.metric("vigie_searches_running").filter(|running| *running > 0.0)
        });
        let refused = server.get("/api/search?q=embuscade");
        refused.problem(503, "busy");
        assert_eq!(refused.header("retry-after"), "1");
        // Whoever looks after the server is answered all the same.
        server.get("/healthz").good();
        assert!(server.metric("vigie_refused_total{why=\"busy\"}") >= Some(1.0));
        working.join().unwrap().good();
    });
    server.get("/api/search?q=embuscade").good();
}

#[test]
fn the_log_tells_of_each_request_on_one_line() {
    let server = Server::start(sample(), &["-v", "--log", "json"]);
    server.get("/api/search?q=%0Aembuscade%1B%5B31m&limit=1").good();
    let told = server.tells("\"status\":200");
    let line: Value = serde_json::from_str(told.lines().next().unwrap()).unwrap();
    assert_eq!((&line["method"], &line["status"]), (&Value::from("GET"), &Value::from(200)));
    assert_eq!((&line["level"], &line["message"]), (&Value::from("INFO"), &Value::from("request")));
    assert!(line["path"].as_str().unwrap().contains("/api/search?q=%0Aembuscade%1B%5B31m&limit=1"), "{line}");
    assert!(line["bytes"].as_u64() > Some(10) && line["ms"].as_f64() > Some(0.0), "{line}");
    assert!(line["peer"].as_str().unwrap().starts_with("127.0.0.1:"), "{line}");
    let server = Server::start(sample(), &["-v"]);
    server.get("/nothing").problem(404, "nowhere");
    let told = server.tells("status=404");
    assert_eq!(told.lines().count(), 1, "{told}");
    assert!(!told.contains('\u{1b}'), "{told:?}");
    // Without it there is no line for a request.
    let server = Server::start(sample(), &[]);
    server.get("/nothing").problem(404, "nowhere");
    assert_eq!(server.told(), "");
}
