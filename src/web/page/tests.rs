//! What pages tell, against what their links lead to, over an index in memory.

use std::sync::Arc;

use super::state::State;
use super::tree::{Node, View};
use crate::annotate::{Annotator, Knowledge};
use crate::facet::FacetKind;
use crate::index::IndexReader;
use crate::lang::Lang;
use crate::report::Report;
use crate::search::{DEEPEST, FacetRequest, Request, Searcher};
use crate::vocabulary::Vocabulary;
use crate::web::params;

/// Reports with every combination of some groups, places, days and sources, and some without.
fn index() -> IndexReader {
    let (mut reports, mut number) = (Vec::new(), 0);
    for groups in [&["Alpha/One"][..], &["Alpha/Two", "Beta"], &["Alpha/Two"], &[]] {
        for regions in [&["Mali/Mopti/Bankass"][..], &["Mali/Gao", "Niger"], &["Niger/Diffa"]] {
            for date in ["2024-08-15", "2024-09", "2023"] {
                number += 1;
                reports.push(Report {
                    id: format!("r{number}"),
                    text: format!("Une attaque {}.", if number % 2 == 0 { "de nuit" } else { "de jour" }),
                    source: Some(["Radio A", "B / C"][number % 2].to_owned()).filter(|_| number % 5 != 0),
                    groups: groups.iter().map(|path| path.parse().unwrap()).collect(),
                    regions: regions.iter().map(|path| path.parse().unwrap()).collect(),
                    dates: vec![date.parse().unwrap()],
                    ..Report::default()
                });
            }
        }
    }
    let mut annotator = Annotator::new(Arc::new(Knowledge::new(Arc::clone(Vocabulary::builtin()))));
    let annotated: Vec<_> = reports.iter().map(|report| annotator.annotate(report)).collect();
    IndexReader::of(&annotated)
}

/// The request that an address asks for.
fn asked(href: &str) -> Request {
    let query = href.split_once('?').map(|(_, query)| query);
    params::request(&params::pairs(query), &Request::default()).unwrap()
}

/// Follows every link of some values and of those below; says how many there were.
fn follow(searcher: &mut Searcher<'_>, nodes: &[Node], here: &Request) -> usize {
    let mut followed = 0;
    let total = searcher.count(here).unwrap();
    for node in nodes {
        if !node.selected {
            assert_eq!(searcher.count(&asked(&node.choose)).unwrap(), node.found, "{here:?}: {}", node.choose);
            followed += 1;
        }
        if let Some(add) = &node.add {
            let found = searcher.count(&asked(&add.href)).unwrap();
            assert_eq!((found, found - total), (add.total, add.more), "{here:?}: {}", add.href);
            followed += 1;
        }
        if let Some(exclude) = &node.exclude {
            assert!(searcher.count(&asked(exclude)).unwrap() <= total, "{here:?}: {exclude}");
            followed += 1;
        }
        followed += follow(searcher, &node.children, here);
    }
    followed
}

#[test]
fn every_link_of_a_tree_finds_what_it_tells() {
    let reader = index();
    let mut searcher = Searcher::new(&reader);
    let mut followed = 0;
    for json in [
        "{}",
        r#"{"query":"nuit"}"#,
        r#"{"query":"attaque","groups":["Alpha"]}"#,
        r#"{"groups":["/Alpha/Two","!Beta"],"offset":10}"#,
        r#"{"groups":["!Beta"],"regions":["/Mali"],"dates":["2024"]}"#,
        r#"{"regions":["/Mali/Mopti","/Niger"],"since":"2024-08","until":"2024-08-31"}"#,
        r#"{"since":"2024","sources":["Radio A"]}"#,
        r#"{"sources":["B / C"],"dates":["2024-08-15","2023"],"match":"any"}"#,
    ] {
        let request: Request = serde_json::from_str(json).unwrap();
        let state = State::new(request.clone());
        let total = searcher.count(&request).unwrap();
        assert!(total > 0, "{json}");
        for kind in [FacetKind::Group, FacetKind::Region, FacetKind::Date, FacetKind::Source] {
            let wanted = FacetRequest { by: vec![kind], depth: DEEPEST, limit: 0 };
            let counts = searcher.facets(&request, &wanted).unwrap().facets.remove(&kind).unwrap();
            let view = View { state: &state, lang: Lang::Fr, kind, total, depth: DEEPEST };
            followed += follow(&mut searcher, &view.tree(&counts).values, &request);
        }
    }
    assert!(followed > 150, "{followed} links");
}

#[test]
fn a_value_that_is_chosen_lets_itself_go() {
    let reader = index();
    let request: Request = serde_json::from_str(r#"{"groups":["Alpha"],"regions":["Mali"]}"#).unwrap();
    let state = State::new(request.clone());
    let wanted = FacetRequest { by: vec![FacetKind::Group], depth: 1, limit: 1 };
    let answer = Searcher::new(&reader).facets(&request, &wanted).unwrap();
    let view = View { state: &state, lang: Lang::Fr, kind: FacetKind::Group, total: answer.total, depth: 1 };
    let tree = view.tree(&answer.facets[&FacetKind::Group]);
    let chosen = tree.values.iter().find(|node| node.selected).unwrap();
    assert_eq!(asked(&chosen.choose), Request { groups: Vec::new(), ..request.clone() });
    assert_eq!(tree.clear.as_deref().map(asked), Some(Request { groups: Vec::new(), ..request }));
    let rest = tree.rest.as_ref().unwrap();
    assert_eq!((rest.count, rest.href.as_str()), (1, "/facets/group?group=Alpha&region=Mali"));
}
