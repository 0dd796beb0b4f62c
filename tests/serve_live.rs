//! A server while its index is written, exchanged, removed and damaged; and its end.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::fs;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use common::serve::{Server, rest, until};
use common::{Desk, INDEX};
use serde_json::json;

fn desk() -> Desk {
    let desk = Desk::with(&[("in/a.txt", "Une attaque près de Mopti."), ("in/b.txt", "Une embuscade près de Gao.")]);
    desk.index(&["in"]);
    desk
}

fn total(server: &Server, query: &str) -> u64 {
    server.get(&format!("/api/search?q={query}")).good().json()["total"].as_u64().unwrap()
}

#[test]
fn an_index_is_written_while_it_is_asked_and_no_request_fails() {
    let desk = desk();
    let server = Server::start(&desk, &[]);
    let (ended, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    let answer = server.get("/api/search?q=attaque&facets.by=region").good().json();
                    assert!(answer["total"].as_u64() >= Some(1), "{answer}");
                    assert_eq!(answer["hits"][0]["passage"]["text"].as_str().map(str::is_empty), Some(false));
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let enough = |more: usize| {
            let before = asked.load(Ordering::Relaxed);
            until("more requests", || (asked.load(Ordering::Relaxed) > before + more).then_some(()));
        };
        for round in 0..6 {
            let name = format!("in/new{round}.txt");
            desk.write(&name, format!("Un marabout{round} a été enlevé."));
            // Nor does the one who writes find a lock: he would fail.
            let args = if round % 2 == 0 { &["in"][..] } else { &["--rebuild", "in"] };
            assert!(desk.index(args)["added"].as_u64() >= Some(1));
            // Found as soon as it is written.
            assert_eq!(total(&server, &format!("marabout{round}")), 1);
            enough(4);
            fs::remove_file(desk.path(&name)).unwrap();
            desk.index(&["--prune", "in"]);
            assert_eq!(total(&server, &format!("%22marabout{round}%22")), 0);
        }
        ended.store(true, Ordering::Relaxed);
    });
    assert!(server.metric("vigie_index_reloads_total") >= Some(12.0));
    assert_eq!((server.metric("vigie_index_reports"), server.metric("vigie_index_stale")), (Some(2.0), Some(0.0)));
    assert_eq!(server.told(), "");
}

#[test]
fn an_index_that_goes_away_answers_on_and_is_told_once() {
    let desk = desk();
    let server = Server::start(&desk, &[]);
    let digest = server.get("/healthz").good().json()["digest"].clone();
    fs::rename(desk.path(INDEX), desk.path("away")).unwrap();
    for _ in 0..3 {
        assert_eq!(total(&server, "attaque"), 1);
        let problem = server.get("/healthz").problem(503, "stale");
        assert!(problem["detail"].as_str().unwrap().contains("the one from before still answers"), "{problem}");
    }
    assert_eq!(server.metric("vigie_index_stale"), Some(1.0));
    assert_eq!(server.told().lines().count(), 1, "{}", server.told());
    assert!(server.told().contains(" WARN ") && server.told().contains(INDEX), "{}", server.told());
    // Back again, it is as if nothing had been.
    fs::rename(desk.path("away"), desk.path(INDEX)).unwrap();
    assert_eq!(server.get("/healthz").good().json()["digest"], digest);
    assert_eq!(server.metric("vigie_index_stale"), Some(0.0));
}

#[test]
fn a_damaged_index_does_not_replace_a_sound_one() {
    let desk = desk();
    let server = Server::start(&desk, &[]);
    assert_eq!(total(&server, "attaque"), 1);
    let meta = desk.generations()[0].join("meta.json");
    let sound = fs::read(&meta).unwrap();
    fs::write(&meta, "{").unwrap();
    assert_eq!(total(&server, "attaque"), 1);
    server.get("/healthz").problem(503, "stale");
    fs::write(&meta, sound).unwrap();
    server.get("/healthz").good();
    desk.write("in/c.txt", "Une attaque près de Kidal.");
    desk.index(&["in"]);
    until("the new report", || (total(&server, "attaque") == 2).then_some(()));
}

#[test]
fn a_hangup_opens_the_index_again() {
    let desk = desk();
    let server = Server::start(&desk, &["-v"]);
    server.signal("HUP");
    server.tells("the index was opened again");
    assert_eq!(server.metric("vigie_index_reloads_total"), Some(1.0));
    assert_eq!(total(&server, "attaque"), 1);
}

#[test]
fn it_ends_when_it_is_told_to_and_answers_what_is_open() {
    let desk = desk();
    for signal in ["TERM", "INT"] {
        let mut server = Server::start(&desk, &[]);
        let mut idle = server.connect();
        idle.write_all(format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address).as_bytes()).unwrap();
        let mut first = [0; 15];
        std::io::Read::read_exact(&mut idle, &mut first).unwrap();
        assert_eq!(&first, b"HTTP/1.1 200 OK");
        // Its head is read, and what it waits for is its body.
        let mut open = server.connect();
        let body = json!({"query": "attaque", "fields": ["id"]}).to_string();
        let head = format!(
            "POST /api/search HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
            server.address,
            body.len()
        );
        open.write_all(head.as_bytes()).unwrap();
        let mut asked = [0; 25];
        std::io::Read::read_exact(&mut open, &mut asked).unwrap();
        assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
        server.signal(signal);
        // Who has asked nothing is closed at once.
        rest(idle);
        open.write_all(body.as_bytes()).unwrap();
        let answer = rest(open);
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("\"total\":1"), "{answer}");
        assert_eq!(server.wait(), Some(0), "{}", server.told());
        assert_eq!(server.told(), "");
    }
}
