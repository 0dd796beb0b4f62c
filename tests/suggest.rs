//! Suggestions over an index: exact counts, and the shape that the API gives them.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use common::{Desk, INDEX, sample, validate};
use serde_json::json;
use vigie::facet::FacetKind;
use vigie::index::IndexReader;
use vigie::search::{FacetRequest, Request, Searcher};
use vigie::suggestions::CompletionKind;

/// Every facet of an index that is suggested for one letter has the count that a search of it finds; and there are some.
fn counts_are_exact(desk: &Desk) -> usize {
    let reader = IndexReader::open(&desk.path(INDEX)).unwrap();
    let mut searcher = Searcher::new(&reader);
    let by = vec![FacetKind::Group, FacetKind::Region, FacetKind::Source];
    let facets = searcher.facets(&Request::default(), &FacetRequest { by, depth: 16, limit: 0 }).unwrap().facets;
    let mut known = std::collections::BTreeMap::new();
    for counts in facets.values() {
        let mut left: Vec<_> = counts.values.iter().collect();
        while let Some(value) = left.pop() {
            known.insert(value.path.clone(), value.count);
            left.extend(&value.children);
        }
    }
    let mut met = std::collections::BTreeSet::new();
    for letter in 'a'..='z' {
        let found = searcher.suggest(&letter.to_string(), 1, 1000).unwrap();
        validate("suggest.schema.json", &json!(found));
        for name in found.suggestions.into_iter().filter(|name| name.kind != CompletionKind::Word) {
            let path = name.path.unwrap();
            assert_eq!(known.get(&path), Some(&name.reports), "{path}");
            // What is written in its place finds as many.
            let request = Request { query: name.insert.clone(), ..Request::default() };
            assert_eq!(searcher.count(&request).unwrap(), name.reports, "{}", name.insert);
            met.insert(path);
        }
    }
    met.len()
}

#[test]
fn counts_are_those_of_facets() {
    assert!(counts_are_exact(sample()) > 80);
}

#[test]
fn what_was_dropped_is_no_longer_counted() {
    let record = |id: &str, group: &str, region: &str| {
        json!({ "id": id, "groups": [group], "regions": [region], "source": "RFI", "text": "Une attaque." }).to_string()
    };
    let (a, b, c) = (
        record("a", "jihadiste/JNIM", "Mali/Mopti"),
        record("b", "jihadiste/EIS", "Mali/Gao"),
        record("c", "jihadiste/JNIM", "Mali/Gao/Ansongo"),
    );
    let desk = Desk::with(&[("r/a.json", &a), ("r/b.json", &b), ("r/c.json", &c)]);
    desk.index(&["r"]);
    let before = counts_are_exact(&desk);
    desk.write("r/c.json", record("c", "jihadiste/EIS", "Mali/Gao"));
    std::fs::remove_file(desk.path("r/a.json")).unwrap();
    desk.index(&["r", "--prune"]);
    assert!(counts_are_exact(&desk) < before);
    let reader = IndexReader::open(&desk.path(INDEX)).unwrap();
    assert_eq!(Searcher::new(&reader).suggest("jnim", 4, 10).unwrap().suggestions, []);
}

#[test]
fn no_cursor_and_no_text_is_an_error() {
    let reader = IndexReader::open(&sample().path(INDEX)).unwrap();
    let mut searcher = Searcher::new(&reader);
    for text in
        ["é", "groupe:(\"« ", "région:(!\"Mo\" -", "((((", "a\"b\"c«d", "l'’-—'é", "titre:(emb OU \"", "-!-groupe:-!"]
    {
        for cursor in 0..text.len() + 3 {
            let found = searcher.suggest(text, cursor, 5).unwrap();
            validate("suggest.schema.json", &json!(found));
            assert!(text.is_char_boundary(found.cursor) && found.cursor <= text.len());
            for told in found.suggestions {
                assert!(told.start < found.cursor && told.end >= found.cursor, "{text} {cursor}: {told:?}");
                assert!(text.get(told.start..told.end).is_some(), "{text} {cursor}: {told:?}");
            }
        }
    }
}
