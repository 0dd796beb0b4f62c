//! The pages of `vigie serve` as any browser gets them: what stands in them, without a script.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::sync::OnceLock;

use dom_query::Document;

use common::serve::{Reply, Server};
use common::{Desk, sample};

const HTML: (&str, &str) = ("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
const FRENCH: (&str, &str) = ("Accept-Language", "fr-FR,fr;q=0.9,en;q=0.5");

/// A server over the sample corpus, for all tests that only ask. It ends with the process that runs them.
fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(sample(), &[]))
}

fn get(path: &str) -> Reply {
    server().get_with(path, &[HTML, FRENCH])
}

fn page(path: &str) -> Document {
    let reply = get(path);
    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    Document::from(reply.text.as_str())
}

/// The texts of all that a selector finds, with one space where there is white space.
fn texts(page: &Document, selector: &str) -> Vec<String> {
    let text = |found: dom_query::Selection<'_>| found.text().split_whitespace().collect::<Vec<_>>().join(" ");
    page.select(selector).iter().map(text).collect()
}

fn attributes(page: &Document, selector: &str, name: &str) -> Vec<String> {
    page.select(selector).iter().filter_map(|found| found.attr(name)).map(|value| value.to_string()).collect()
}

/// The number of reports that a page tells.
fn total(page: &Document) -> u64 {
    let told = texts(page, ".total").concat();
    told.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}

#[test]
fn a_page_has_its_landmarks_and_says_who_is_who() {
    for path in
        ["/", "/?q=embuscade", "/?q=zzyzxqj", "/facets/region", "/report/e21-analyse", "/similar/e21-analyse%231"]
    {
        let page = page(path);
        // Where there are hits, a second link leads to them.
        let skips = 1 + page.select("#hits").length();
        for (selector, count) in
            [("main#main", 1), ("header", 1), ("form[role=search]", 1), ("h1", 1), (".skip", skips)]
        {
            assert_eq!(page.select(selector).length(), count, "{path}: {selector}");
        }
        // Nothing inline: the policy would not let it run.
        assert_eq!(page.select("script:not([src]), style, [style], [onclick]").length(), 0, "{path}");
        assert_eq!(page.select("img:not([alt]), a:not([href])").length(), 0, "{path}");
        for id in attributes(&page, "label", "for") {
            assert_eq!(page.select(&format!("#{id}")).length(), 1, "{path}: {id}");
        }
        let ids = attributes(&page, "[id]", "id");
        let mut once = ids.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{path}: {ids:?}");
    }
}

#[test]
fn a_search_shows_what_the_command_line_finds() {
    let page = page("/?q=embuscade");
    let answer = sample().search(&["embuscade"]);
    assert_eq!(total(&page), answer["total"].as_u64().unwrap());
    let hits = answer["hits"].as_array().unwrap();
    let cited: Vec<String> = attributes(&page, "#hits > .hit .copy", "data-copy");
    let want: Vec<&str> = hits.iter().map(|hit| hit["cite"].as_str().unwrap()).collect();
    assert_eq!(cited, want);
    assert!(page.select("#hits blockquote mark").length() >= want.len() / 2);
    assert!(!page.select(".when a.period").is_empty() && !page.select(".map-drawing a").is_empty());
    assert_eq!(texts(&page, ".filters").len(), 0);
}

#[test]
fn hits_come_page_by_page() {
    let first = page("/");
    let next = attributes(&first, ".pages [rel=next]", "href").remove(0);
    assert_eq!(next, "/?offset=10");
    let second = page(&next);
    assert_eq!(texts(&second, ".hit .rank")[0], "11");
    assert_eq!(attributes(&second, ".pages [rel=prev]", "href"), ["/"]);
    assert_eq!(texts(&second, ".pages [aria-current]"), ["2"]);
    let last = texts(&second, ".pages a:not([rel])").pop().unwrap();
    assert_eq!(last, total(&first).div_ceil(10).to_string());
}

#[test]
fn what_is_chosen_stands_in_the_address_alone() {
    let reply = get("/?q=attaque&since=&until=2024&match=&sort=newest");
    assert_eq!((reply.status, reply.header("location")), (303, "/?q=attaque&until=2024&sort=newest"));
    let page = page("/?q=attaque&group=JNIM&group=!FAMa&date=2024&expand=false");
    assert_eq!(texts(&page, ".filters .kind"), ["groupe", "sans groupe", "date", "recherche"]);
    let without = attributes(&page, ".filters a", "href");
    assert_eq!(without[0], "/?q=attaque&group=%21FAMa&date=2024&expand=false");
    assert_eq!(without[3], "/?q=attaque&group=JNIM&group=%21FAMa&date=2024");
    // The form keeps what it does not ask for.
    assert_eq!(attributes(&page, "form input[type=hidden]", "value"), ["JNIM", "!FAMa", "2024"]);
    assert_eq!(attributes(&page, "#by-group .selected > .row .value", "aria-current"), ["true"]);
}

#[test]
fn other_passages_of_a_report_open_in_their_place() {
    let closed = page("/?q=attaque");
    let link = closed.select("a.more").first();
    let href = link.attr("href").unwrap().to_string();
    let count: usize = link.text().split_whitespace().next().unwrap().parse().unwrap();
    let open = page(href.split('#').next().unwrap());
    assert_eq!(open.select("ol.others > li").length(), count);
    assert_eq!(texts(&open, ".hit h2 .title"), texts(&closed, ".hit h2 .title"), "the state is kept");
    assert!(!open.select("ol.others mark").is_empty());
}

#[test]
fn a_report_is_shown_whole_with_the_way_back() {
    let found = page("/?q=embuscade&group=JNIM");
    let href = attributes(&found, ".hit h2 a", "href").remove(0);
    let report = page(href.split('#').next().unwrap());
    assert_eq!(attributes(&report, ".back a", "href"), ["/?q=embuscade&group=JNIM"]);
    let marks = attributes(&report, ".passages mark", "id");
    let want: Vec<String> = (1..=marks.len()).map(|number| format!("mark-{number}")).collect();
    assert!(!marks.is_empty() && marks == want, "{marks:?}");
    let id = texts(&report, ".about dd").remove(0);
    let shown = sample().run(&["show", &id, "--format", "json"]).json();
    let passages = shown["passages"].as_array().unwrap();
    assert_eq!(report.select(".passages > li").length(), passages.len());
    assert_eq!(attributes(&report, ".passages .copy", "data-copy")[0], passages[0]["cite"].as_str().unwrap());
    assert!(!report.select(&format!("#{}", href.split('#').next_back().unwrap())).is_empty());
}

#[test]
fn every_export_is_what_the_command_line_writes() {
    for (format, kind, name) in [
        ("csv", "text/csv", "vigie-embuscade-mopti.csv"),
        ("excel", "text/csv", "vigie-embuscade-mopti.csv"),
        ("jsonl", "application/x-ndjson", "vigie-embuscade-mopti.jsonl"),
        ("markdown", "text/markdown", "vigie-embuscade-mopti.md"),
        ("html", "text/html", "vigie-embuscade-mopti.html"),
    ] {
        let reply = server().get(&format!("/export?q=embuscade+Mopti&match=any&format={format}")).good();
        let args = ["search", "embuscade Mopti", "--match", "any", "-n", "0", "--format"];
        let format_args = if format == "excel" { vec!["csv", "--excel-fr"] } else { vec![format] };
        let written = sample().run(&[&args[..], &format_args].concat()).out;
        // A page tells when it was made.
        let dated =
            |text: &str| text.lines().filter(|line| !line.contains("<time datetime")).collect::<Vec<_>>().join("\n");
        let timed = |text: &str| text.lines().filter(|line| !line.contains(" UTC")).collect::<Vec<_>>().join("\n");
        assert_eq!(timed(&dated(&reply.text)), timed(&dated(&written)), "{format}");
        assert!(written.len() > 1000);
        assert!(reply.header("content-type").starts_with(kind));
        assert!(reply.header("content-disposition").contains(&format!("filename=\"{name}\"")), "{format}");
    }
    for (format, start) in [("bibtex", "@"), ("csl-json", "["), ("json", "{"), ("markdown", ""), ("html", "<!doctype")]
    {
        let reply = server().get(&format!("/report/e21-analyse?format={format}")).good();
        assert!(reply.text.starts_with(start) && reply.header("content-disposition").starts_with("attachment"));
    }
    let shown = sample().run(&["show", "e21-analyse", "--format", "csl-json"]).out;
    let [want, told] = [&shown, &server().get("/report/e21-analyse?format=csl-json").text]
        .map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap()[0]["id"].clone());
    assert_eq!(told, want);
    assert_eq!(get("/export?q=a&format=docx").status, 400);
    assert_eq!(get("/report/e21-analyse?format=docx").status, 400);
}

#[test]
fn what_has_no_answer_says_why_and_what_to_do() {
    for (path, status, message) in [
        ("/?q=%22forces", 400, "le guillemet"),
        ("/?group=Zorro", 400, "« Zorro »"),
        ("/?sort=upwards", 400, "sort"),
        ("/export?of=map&by=year", 400, "« map »"),
        ("/export?of=timeline&by=hour", 400, "« hour »"),
        ("/?limit=5000", 400, "5000"),
        ("/report/nowhere.txt", 404, "« nowhere.txt »"),
        ("/similar/nowhere.txt", 404, "« nowhere.txt »"),
        ("/facets/colour", 404, "/facets/colour"),
        ("/nowhere", 404, "/nowhere"),
    ] {
        let reply = get(path);
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.header("content-type").starts_with("text/html"), "{path}");
        assert!(reply.header("content-security-policy").contains("script-src 'self'"), "{path}");
        let page = Document::from(reply.text.as_str());
        assert!(texts(&page, ".message").concat().contains(message), "{path}: {:?}", texts(&page, ".message"));
        assert_eq!(page.select("form[role=search]").length(), 1);
        // Programs are told in their own way.
        assert!(server().get(path).header("content-type").starts_with("application/problem+json"), "{path}");
    }
    let broken = Document::from(get("/?q=embuscade+%22forces&group=JNIM").text.as_str());
    assert_eq!(
        (texts(&broken, ".broken .wrong"), texts(&broken, ".broken")),
        (vec!["\"".to_owned()], vec!["embuscade \"forces".to_owned()])
    );
    assert_eq!(attributes(&broken, "#q", "value"), ["embuscade \"forces"]);
    assert_eq!(texts(&broken, ".filters bdi"), ["JNIM"]);
    assert!(!broken.select(".hint").is_empty());
    // What is wrong with a filter can be taken away.
    let unknown = Document::from(get("/?q=attaque&group=Zorro").text.as_str());
    assert_eq!(attributes(&unknown, ".filters a", "href"), ["/?q=attaque"]);
}

#[test]
fn where_nothing_answers_the_page_says_what_might() {
    let none = page("/?q=embuscade+zanzibar");
    assert_eq!(total(&none), 0);
    assert!(!none.select(".nothing li").is_empty());
    let laxer = attributes(&none, ".relaxed h2 a", "href").remove(0);
    let told: u64 = texts(&none, ".relaxed h2 a").concat().split_whitespace().next().unwrap().parse().unwrap();
    assert_eq!(total(&page(&laxer)), told);
    let widened = page("/?q=attaque");
    let undone = attributes(&widened, ".notes a", "href").remove(0);
    assert_eq!(undone, "/?q=attaque&expand=false");
    assert_eq!(page(&undone).select(".notes a").length(), 0);
}

#[test]
fn language_and_light_are_chosen_by_the_browser_and_by_switches() {
    for (accepted, lang, word) in [("fr", "fr", "rapport"), ("en-US,en", "en", "report"), ("de", "en", "report")] {
        let reply = server().get_with("/?q=embuscade", &[HTML, ("Accept-Language", accepted)]);
        let page = Document::from(reply.text.as_str());
        assert_eq!(attributes(&page, "html", "lang"), [lang], "{accepted}");
        assert!(texts(&page, ".total").concat().contains(word), "{accepted}");
        assert!(reply.header("vary").contains("Accept-Language"));
    }
    let french = page("/?q=embuscade&region=Mali");
    let switch = attributes(&french, ".switches a[hreflang]", "href").remove(0);
    let reply = get(&switch);
    assert_eq!((reply.status, reply.header("location")), (303, "/?q=embuscade&region=Mali"));
    assert!(reply.header("set-cookie").starts_with("lang=en; ") && reply.header("set-cookie").contains("SameSite=Lax"));
    let kept = server().get_with("/?q=embuscade", &[HTML, FRENCH, ("Cookie", "lang=en; theme=dark")]);
    let page = Document::from(kept.text.as_str());
    assert_eq!(
        (attributes(&page, "html", "lang"), attributes(&page, "html", "data-theme")),
        (vec!["en".to_owned()], vec!["dark".to_owned()])
    );
    // A switch leads nowhere else.
    assert_eq!(get("//evil.example/?lang=en").header("location"), "/evil.example/");
}

#[test]
fn style_and_script_are_kept_for_good() {
    let page = page("/");
    for href in [
        attributes(&page, "link[rel=stylesheet]", "href"),
        attributes(&page, "script", "src"),
        attributes(&page, "link[rel=icon]", "href"),
    ]
    .concat()
    {
        let reply = server().get(&href).good();
        assert!(reply.header("cache-control").contains("immutable"), "{href}");
        assert!(!reply.text.is_empty());
    }
    assert_eq!(server().get("/assets/vigie-0000000000000000.css").status, 404);
    assert_eq!(server().get("/favicon.ico").good().header("content-type"), "image/svg+xml");
}

#[test]
fn a_report_cannot_write_the_page() {
    let hostile = serde_json::json!({
        "id": "<b>\"x'/..", "title": "</title><script>alert(1)</script>", "source": "\"><img src=x onerror=alert(2)>",
        "author": "<i>a</i>", "url": "javascript:alert(3)", "published": "2024-08-15",
        "text": "Une embuscade </blockquote><script>alert(4)</script> {{ 7*7 }} \u{202e}b & <a href=\"javascript:alert(5)\">ici</a> à Mopti.",
    });
    let desk = Desk::with(&[("r.jsonl", &format!("{hostile}\n"))]);
    desk.index(&["r.jsonl"]);
    let server = Server::start(&desk, &[]);
    let of = |path: &str| Document::from(server.get_with(path, &[HTML]).good().text.as_str());
    let search = of("/?q=embuscade");
    let report = attributes(&search, ".hit h2 a", "href").remove(0);
    let report = of(report.split('#').next().unwrap());
    let sources = of("/facets/source");
    for page in [&search, &report, &sources] {
        assert_eq!(page.select("script:not([src]), img, main b, main i, iframe").length(), 0);
        assert!(page.select("[href^=javascript]").is_empty() && page.select("[onerror]").is_empty());
        assert!(!page.html().contains('\u{202e}'));
    }
    assert!(texts(&search, ".fragment").concat().contains("</blockquote><script>alert(4)</script> {{ 7*7 }}"));
    assert_eq!(texts(&report, "h1"), ["</title><script>alert(1)</script>"]);
    assert!(texts(&report, ".facts").concat().contains("javascript:alert(3)"));
    assert!(texts(&sources, ".value bdi").concat().contains("<img src=x onerror=alert(2)>"));
    let query = of("/?q=%22%3E%3Cscript%3Ealert(6)%3C%2Fscript%3E%22&match=any");
    assert_eq!(query.select("script:not([src])").length(), 0);
}

#[test]
fn counts_are_tables_as_the_command_line_writes_them() {
    let found = page("/?q=attaque&group=JNIM&since=2023");
    let tables = attributes(&found, ".table a", "href");
    assert_eq!(tables.len(), found.select("details.tree").length() + 1, "{tables:?}");
    let asked = ["attaque", "--group", "JNIM", "--since", "2023", "--format", "csv"];
    for href in tables {
        let value = |name: &str| {
            let found = href.split(['?', '&']).find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
            found.unwrap().to_owned()
        };
        let (of, by) = (value("of"), value("by"));
        let reply = get(&href);
        assert!(reply.status == 200 && reply.header("content-type").starts_with("text/csv"), "{href}");
        let want = sample().run(&[&[of.as_str(), "--by", by.as_str()], &asked[..]].concat()).out;
        assert_eq!(reply.text, want, "{href}");
        assert!(want.lines().count() > 2);
    }
    let excel = get("/export?q=attaque&of=facets&by=region&format=excel");
    assert_eq!(excel.text, sample().run(&["facets", "attaque", "--by", "region", "--format", "csv", "--excel-fr"]).out);
    assert_eq!(get("/export?q=attaque&of=facets&by=region&format=jsonl").status, 400);
}

#[test]
fn titles_and_files_tell_what_is_asked() {
    for (path, title, file) in [
        ("/?group=JNIM&region=Mali&since=2023", "JNIM · Mali · depuis 2023 · vigie", "vigie-jnim-mali-depuis-2023.csv"),
        ("/?q=embuscade&group=JNIM", "embuscade · vigie", "vigie-embuscade.csv"),
        ("/", "Chercher · vigie", "vigie.csv"),
    ] {
        let found = page(path);
        assert_eq!(texts(&found, "head > title"), [title]);
        let export = attributes(&found, ".export a[data-format=csv]", "href").remove(0);
        assert!(get(&export).header("content-disposition").contains(&format!("filename=\"{file}\"")), "{export}");
    }
}

#[test]
fn marks_of_those_who_count_clicks_break_no_page() {
    for path in ["/?q=embuscade&", "/report/e21-analyse?", "/similar/e21-analyse?", "/facets/region?"] {
        let found = page(&format!("{path}utm_source=lettre&fbclid=1&fbclid=2"));
        assert_eq!(texts(&found, ".strangers bdi"), ["utm_source", "fbclid"], "{path}");
        let hrefs = attributes(&found, "main a", "href");
        assert!(!hrefs.iter().any(|href| href.contains("utm_source")), "{path}: {hrefs:?}");
        assert!(page(path).select(".strangers").is_empty());
    }
    assert_eq!(server().get("/api/search?q=embuscade&utm_source=lettre").status, 400);
    assert_eq!(get("/?q=embuscade&utm_source=lettre&mentions=maybe").status, 400);
}

#[test]
fn where_filters_leave_nothing_the_page_tells_what_each_costs() {
    for path in [
        "/?q=embuscade&since=1990&until=1991",
        "/?q=zzyzxqj&group=JNIM",
        "/?q=attaque&group=JNIM&group=!FAMa&date=1990",
    ] {
        let none = page(path);
        assert_eq!(total(&none), 0, "{path}");
        let links = none.select(".lacking a");
        assert!(!links.is_empty(), "{path}");
        for link in &links {
            let told: String = link.text().chars().filter(char::is_ascii_digit).collect();
            let href = link.attr("href").unwrap().to_string();
            assert_eq!(total(&page(&href)).to_string(), told, "{path}: {href}");
            assert_ne!(told, "0");
        }
    }
    let none = page("/?q=zzyzxqj&group=JNIM");
    assert_eq!(attributes(&none, ".lacking a", "href"), ["/?group=JNIM"], "what finds nothing either is not offered");
    assert!(none.select("#facets").is_empty());
}

#[test]
fn what_is_similar_keeps_to_the_filters() {
    let all = page("/similar/e21-analyse");
    let region = sample().run(&["similar", "e21-analyse", "--region", "Mali", "--format", "json"]).json();
    let bound = page("/similar/e21-analyse?q=embuscade&region=Mali");
    assert_eq!(total(&bound), region["total"].as_u64().unwrap());
    assert!(total(&bound) > 0 && total(&bound) <= total(&all));
    assert_eq!(attributes(&bound, ".filters a", "href"), ["/similar/e21-analyse?q=embuscade"]);
    assert_eq!(attributes(&bound, ".back a", "href"), ["/?q=embuscade&region=Mali"]);
    for next in attributes(&bound, ".pages a", "href") {
        assert!(next.contains("region=Mali"), "{next}");
    }
    for chip in attributes(&bound, ".hit .chips a", "href").iter().take(6) {
        assert!(chip.starts_with("/similar/e21-analyse?q=embuscade&"), "{chip}");
        let narrower = page(chip);
        assert!((1..=total(&bound)).contains(&total(&narrower)), "{chip}");
    }
}

#[test]
fn hits_are_put_in_another_order_beside_their_number() {
    let found = page("/?q=embuscade&group=JNIM&sort=newest&offset=1");
    assert_eq!(texts(&found, ".orders [aria-current]"), ["récents"]);
    let best = "/?q=embuscade&group=JNIM";
    let want = [best.to_owned(), format!("{best}&sort=newest"), format!("{best}&sort=oldest")];
    assert_eq!(attributes(&found, ".orders a", "href"), want);
    assert!(page("/?q=zzyzxqj").select(".orders").is_empty());
}

#[test]
fn addresses_that_nobody_can_read_are_told_as_others() {
    for path in ["/report/%ff", "/similar/%ff", "/facets/%ff"] {
        let reply = get(path);
        assert_eq!((reply.status, reply.header("content-type")), (400, "text/html; charset=utf-8"), "{path}");
        assert_eq!(Document::from(reply.text.as_str()).select("main .message").length(), 1, "{path}");
    }
    let reply = server().get("/assets/vigie-0.css");
    assert_eq!((reply.status, reply.header("content-type")), (404, "application/problem+json"));
    // A path of two slashes would be another host.
    let reply = get("//evil.example/");
    assert!(reply.status == 404 && !reply.text.contains("\"//"), "{}", reply.text);
}
