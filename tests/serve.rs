//! The API of `vigie serve`: the same answers as those of the command line, and problems that tell what is wrong.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::sync::OnceLock;

use common::serve::{Reply, Server};
use common::{INDEX, sample, validate};
use serde_json::{Value, json};

/// A server over the sample corpus, for all tests that only ask.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(sample(), &["--max-body", "65536"]))
}

/// A line without what differs from run to run.
fn steady(line: &str) -> String {
    let (before, rest) = line.split_once("\"took_us\":").unwrap();
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{before}\"took_us\":0{after}")
}

/// What a batch answers a request with.
fn batch(request: &Value) -> String {
    let run = sample().fed(&["search", "--queries", "-", "--format", "jsonl"], request.to_string());
    run.out
}

/// The value that is what a query string says, in words of a query string.
fn query_string(request: &Value) -> String {
    let escaped = |text: &str| -> String {
        let escape =
            |byte: u8| if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") };
        text.bytes().map(escape).collect()
    };
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut pairs = Vec::new();
    let mut add = |key: &str, value: &Value| match value {
        Value::Array(values) => pairs.extend(values.iter().map(|value| (key.to_owned(), plain(value)))),
        value => pairs.push((key.to_owned(), plain(value))),
    };
    for (key, value) in request.as_object().unwrap() {
        match value {
            Value::Object(inside) => inside.iter().for_each(|(inner, value)| add(&format!("{key}.{inner}"), value)),
            value => add(key, value),
        }
    }
    pairs.iter().map(|(key, value)| format!("{key}={}", escaped(value))).collect::<Vec<_>>().join("&")
}

#[test]
fn get_and_post_give_the_bytes_of_a_batch() {
    for request in [
        json!({"id": "a", "query": "embuscade Mopti", "limit": 3}),
        json!({"id": "b", "query": "\"forces armées\" -civils", "since": "2024-08", "until": "2024-10"}),
        json!({"id": "c", "groups": ["JNIM", "!FAMa"], "regions": ["Mali/Mopti"], "mentions": true, "sort": "newest"}),
        json!({"id": "d", "query": "gendarme", "in": "passage", "match": "any", "collapse": "none", "offset": 2}),
        json!({"id": "e", "query": "attaque", "facets": {"by": ["group", "date"], "depth": 1, "limit": 2},
               "timeline": {"by": "year", "split": "group"}, "fields": ["id", "score"], "explain": true}),
        json!({"id": "f", "query": "embuscde", "expand": false}),
        json!({"id": "g", "query": "zzzz"}),
    ] {
        let line = steady(&batch(&request));
        assert!(line.starts_with("{\"id\":"), "{line}");
        validate("answer.schema.json", &serde_json::from_str(&line).unwrap());
        let posted = server().post_json("/api/search", &request).good();
        assert_eq!(posted.header("content-type"), "application/json");
        assert_eq!(steady(&posted.text), line);
        let got = server().get(&format!("/api/search?{}", query_string(&request))).good();
        assert_eq!(steady(&got.text), line, "{request}");
    }
    // An id is a text; one that is null is none.
    assert_eq!(server().post_json("/api/search", &json!({"id": 7, "limit": 1})).good().json()["id"], "7");
    assert_eq!(server().post_json("/api/search", &json!({"id": null, "limit": 1})).good().json().get("id"), None);
    assert_eq!(server().post("/api/search", &[], "").good().json()["total"], 82);
}

#[test]
fn what_a_batch_tells_of_a_wrong_request_is_told_here() {
    for request in [
        json!({"id": "a", "query": "\"forces"}),
        json!({"id": "b", "regions": ["Moptti"]}),
        json!({"id": "c", "since": "2025", "until": "2024"}),
        json!({"id": "d", "query": "region:Nullepart"}),
        json!({"id": "e", "fields": ["idd"]}),
    ] {
        let told: Value = serde_json::from_str(&batch(&request)).unwrap();
        for reply in [
            server().post_json("/api/search", &request),
            server().get(&format!("/api/search?{}", query_string(&request))),
        ] {
            let problem = reply.problem(400, "query");
            assert_eq!((&problem["error"], &problem["id"]), (&told["error"], &told["id"]), "{request}");
            assert_eq!(problem["detail"], told["error"]["message"]);
        }
    }
}

/// What a command writes as JSON, without what differs from run to run.
fn command(args: &[&str]) -> Value {
    let run = sample().run(args);
    assert_eq!(run.status, 0, "{run:?}");
    timeless(run.json())
}

fn timeless(mut value: Value) -> Value {
    value.as_object_mut().unwrap().remove("took_us");
    value
}

#[test]
fn counts_are_those_of_the_commands() {
    let facets = command(&[
        "facets",
        "embuscade",
        "--by",
        "group,date",
        "--depth",
        "1",
        "-n",
        "3",
        "--region",
        "Mali",
        "--format",
        "json",
    ]);
    for reply in [
        server().get("/api/facets?q=embuscade&by=group,date&depth=1&limit=3&region=Mali"),
        server()
            .get("/api/facets?q=embuscade&facets.by=group&facets.by=date&facets.depth=1&facets.limit=3&region=Mali"),
        server().post_json(
            "/api/facets",
            &json!({"query": "embuscade", "regions": ["Mali"],
            "facets": {"by": ["group", "date"], "depth": 1, "limit": 3}}),
        ),
    ] {
        let answer = reply.good().json();
        validate("facets.schema.json", &answer);
        assert_eq!(timeless(answer), facets);
    }
    let timeline =
        command(&["timeline", "embuscade", "--by", "year", "--split", "group", "--top", "2", "--format", "json"]);
    for reply in [
        server().get("/api/timeline?q=embuscade&by=year&split=group&top=2"),
        server().post_json(
            "/api/timeline",
            &json!({"query": "embuscade", "timeline": {"by": "year", "split": "group", "top": 2}}),
        ),
    ] {
        let answer = reply.good().json();
        validate("timeline.schema.json", &answer);
        assert_eq!(timeless(answer), timeline);
    }
    // Without a word of it, what a request asks for without a word of it.
    assert_eq!(server().get("/api/facets").good().json()["request"]["facets"]["by"], json!(["group", "region"]));
    assert_eq!(server().get("/api/timeline").good().json()["request"]["timeline"]["by"], "month");
    server().get("/api/timeline?by=hour").problem(400, "request");
}

#[test]
fn a_report_and_a_passage_are_those_of_show() {
    for (id, path) in [
        ("e05-radio", "e05-radio"),
        ("e05-radio#1", "e05-radio%231"),
        ("sample_corpus/radio/breves.ndjson:e05-radio#1", "sample_corpus/radio/breves.ndjson:e05-radio%231"),
    ] {
        let shown = sample().run(&["show", id, "--highlight", "gendarme", "--no-expand", "--format", "json"]).json();
        let answer = server().get(&format!("/api/report/{path}?highlight=gendarme&expand=false")).good().json();
        validate("show.schema.json", &answer);
        assert_eq!(answer, shown, "{id}");
        let plain = sample().run(&["show", id, "--format", "json"]).json();
        assert_eq!(server().get(&format!("/api/report/{path}")).good().json(), plain);
    }
    let problem = server().get("/api/report/e05-radi").problem(404, "unknown");
    assert!(problem["error"]["hint"].as_str().unwrap().contains("e05-radio"), "{problem}");
    server().get("/api/report/e05-radio%2399").problem(404, "unknown");
    server().get("/api/report/a%FFb").problem(400, "request");
    server().get("/api/report/e05-radio?highlite=a").problem(400, "request");
    let problem = server().get("/api/report/e05-radio?highlight=%22a").problem(400, "query");
    assert_eq!((&problem["error"]["start"], &problem["error"]["end"]), (&json!(0), &json!(1)));
}

#[test]
fn what_is_like_a_report_is_that_of_the_command() {
    let told = sample().run(&["similar", "e05-radio#1", "-n", "3", "--region", "Mali", "--format", "jsonl"]);
    let lines: Vec<Value> = told.lines();
    let answer = server().get("/api/similar/e05-radio%231?limit=3&region=Mali").good().json();
    validate("answer.schema.json", &answer);
    let ids = |hits: &[Value]| hits.iter().map(|hit| hit["passage"]["id"].clone()).collect::<Vec<_>>();
    assert!(!lines.is_empty(), "{told:?}");
    assert_eq!(ids(answer["hits"].as_array().unwrap()), ids(&lines));
    let problem = server().get("/api/similar/e05-radi").problem(404, "unknown");
    assert!(problem["error"]["hint"].as_str().unwrap().contains("e05-radio"), "{problem}");
    server().get("/api/similar/e05-radio?limit=0").problem(400, "request");
    server().get("/api/similar/e05-radio?like=a").problem(400, "request");
}

#[test]
fn suggestions_go_on_from_the_cursor() {
    let answer = server().get("/api/suggest?q=attaque+JNI").good().json();
    validate("suggest.schema.json", &answer);
    assert_eq!((&answer["typed"], &answer["cursor"]), (&json!("attaque JNI"), &json!(11)));
    let first = &answer["suggestions"][0];
    assert_eq!(
        (&first["kind"], &first["path"], &first["start"]),
        (&json!("group"), &json!("/jihadiste/JNIM"), &json!(8))
    );
    let counted = server().get("/api/search?group=/jihadiste/JNIM").good().json();
    assert_eq!(first["reports"], counted["total"]);
    let within = server().get("/api/suggest?q=Mop+attaque&cursor=3&limit=1").good().json();
    assert_eq!(
        (within["suggestions"].as_array().map(Vec::len), &within["suggestions"][0]["name"]),
        (Some(1), &json!("Mopti"))
    );
    assert_eq!(server().get("/api/suggest").good().json()["suggestions"], json!([]));
    for query in ["limit=0", "limit=51", "cursor=-1", "q=a&q=b", "query=a"] {
        server().get(&format!("/api/suggest?{query}")).problem(400, "request");
    }
}

#[test]
fn annotations_are_those_of_the_command() {
    const TEXT: &str = "Le GSIM a attaqué hier un poste de gendarmerie à Diallassagou, dans le cercle de Bankass.";
    let record = json!({"id": "r1", "title": "Une attaque", "text": TEXT, "published": "2025-02-01"});
    let printed = |input: &str| sample().fed(&["annotate", "--published", "2025-01-09"], input).out;
    let escaped: String = TEXT.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    let text = [("content-type", "text/plain; charset=utf-8")];
    for (reply, printed) in [
        (server().post("/api/annotate?published=2025-01-09", &text, TEXT), printed(TEXT)),
        (server().post("/api/annotate?published=2025-01-09", &[], TEXT), printed(TEXT)),
        (server().get(&format!("/api/annotate?published=2025-01-09&text={escaped}")), printed(TEXT)),
        (server().post_json("/api/annotate?published=2025-01-09", &record), printed(&record.to_string())),
    ] {
        let reply = reply.good();
        assert!(printed.contains("\"surface\":\"hier\""), "{printed}");
        assert_eq!(reply.text, printed);
        validate("annotation.schema.json", &reply.json());
    }
    // On several lines, a record is one all the same.
    let pretty = serde_json::to_string_pretty(&record).unwrap();
    let reply = server().post("/api/annotate", &[("content-type", "application/json")], pretty).good();
    assert_eq!(reply.json()["published"], "2025-02-01");
    server().get("/api/annotate").problem(400, "request");
    server().get("/api/annotate?text=a&published=2025").problem(400, "request");
    server().get("/api/annotate?txt=a").problem(400, "request");
    server().post_json("/api/annotate", &json!({"text": 7})).problem(400, "request");
    server().post_json("/api/annotate", &json!([1])).problem(400, "request");
    server()
        .post("/api/annotate", &[("content-type", "application/json")], b"{\"text\": \"\xff\"}")
        .problem(400, "request");
}

#[test]
fn the_index_is_told_as_info_tells_it() {
    let info = server().get("/api/info").good().json();
    validate("info.schema.json", &info);
    assert_eq!(info, sample().run(&["info", "--format", "json"]).json());
    let health = server().get("/healthz").good().json();
    validate("health.schema.json", &health);
    assert_eq!((&health["digest"], &health["reports"]), (&info["digest"], &json!(82)));
    let metrics = server().get("/metrics").good().text;
    assert!(metrics.ends_with("# EOF\n"), "{metrics}");
    assert_eq!(metrics.matches("# EOF").count(), 1);
    assert!(metrics.contains(&format!("vigie_index_info{{digest=\"{}\"}} 1", info["digest"].as_str().unwrap())));
    assert_eq!(server().metric("vigie_index_reports"), Some(82.0));
    assert_eq!(server().metric("vigie_index_passages"), info["passages"].as_f64());
    assert_eq!(server().metric("vigie_index_stale"), Some(0.0));
    assert!(server().metric("process_resident_memory_bytes") > Some(1e6));
    let answered = |status: u16| {
        let labels = format!("route=\"/api/report/{{*id}}\",method=\"GET\",status=\"{status}\"");
        server().metric(&format!("vigie_http_requests_total{{{labels}}}")).unwrap_or_default()
    };
    let before = answered(404);
    server().get("/api/report/nobody");
    assert!(answered(404) > before);
}

#[test]
fn what_cannot_be_read_is_told() {
    let why = |reply: Reply, kind, status| reply.problem(status, kind)["detail"].as_str().unwrap().to_owned();
    let server = server();
    assert_eq!(why(server.get("/api/search?regoin=Mali"), "request", 400), "unknown key “regoin”");
    assert_eq!(
        why(server.post_json("/api/search", &json!({"limit": -1})), "request", 400),
        "“limit” takes a number from 0"
    );
    for body in ["[]", "{", "7", "{\"query\":\"\\ud800\"}"] {
        why(server.post("/api/search", &[("content-type", "application/json")], body), "request", 400);
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", "nonsense"] {
        why(server.post("/api/search", &[("content-type", kind)], "{}"), "media-type", 415);
    }
    why(server.get("/api/nothing"), "nowhere", 404);
    for (path, allowed) in [("/api/info", "GET,HEAD"), ("/healthz", "GET,HEAD")] {
        let reply = server.post(path, &[], "");
        reply.problem(405, "method");
        assert_eq!(reply.header("allow"), allowed);
    }
}

#[test]
fn what_asks_for_too_much_is_told_so() {
    let server = server();
    for (request, why) in [
        (json!({"limit": 0}), "“limit” is 0; this server gives from 1 to 1000 hits at a time"),
        (json!({"limit": 1001}), "“limit” is 1001; this server gives from 1 to 1000 hits at a time"),
        (json!({"query": "é".repeat(2001)}), "the query has 2001 characters; this server takes 2000 at most"),
        (json!({"groups": vec!["JNIM"; 201]}), "the filters have 201 values; this server takes 200 at most"),
    ] {
        assert_eq!(server.post_json("/api/search", &request).problem(400, "request")["detail"], why);
    }
    server.post_json("/api/search", &json!({"query": "é".repeat(2000), "limit": 1000})).good();
    let reply = server.post_json("/api/search", &json!({"query": "a".repeat(70_000)}));
    assert_eq!(reply.problem(413, "too-large")["detail"], "the body is longer than 65536 bytes");
    // One that does not tell its length before it comes.
    let chunk = format!("{:x}\r\n{}\r\n", 70_000, "a".repeat(70_000));
    let head = format!("POST /api/search HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n", server.address);
    assert!(server.raw(head + &chunk).starts_with("HTTP/1.1 413 "));
}

#[test]
fn an_index_is_never_written() {
    let files = sample().files(INDEX);
    server().get("/api/search?q=embuscade").good();
    assert_eq!(sample().files(INDEX), files);
}
