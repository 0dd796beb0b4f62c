//! What pages tell, against what their links lead to, over an index in memory.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::hits::HitView;
use super::narrow::Narrowing;
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
    indexed(&[])
}

/// The same with further reports, of which an id and the text are given.
fn indexed(texts: &[(&str, &str)]) -> IndexReader {
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
    for (id, text) in texts {
        let published = "2024-10-01".parse().ok();
        reports.push(Report { id: (*id).to_owned(), text: (*text).to_owned(), published, ..Report::default() });
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

/// The ids of all reports that a request finds.
fn ids(searcher: &mut Searcher<'_>, request: &Request) -> BTreeSet<String> {
    let all = Request { limit: 0, offset: 0, ..request.clone() };
    searcher.search(&all).unwrap().hits.into_iter().map(|hit| hit.report.id).collect()
}

#[test]
fn every_chip_of_every_hit_narrows_and_leaves_some() {
    let reader = indexed(&[
        ("t1", "Le JNIM a attaqué les FAMa à Bankass le 15 août 2024. Deux soldats maliens ont été tués."),
        ("t2", "Les FAMa ont repoussé le JNIM près de Gao en septembre 2024.\n\nL'EIGS avait frappé Ménaka en 2023."),
        ("t3", "Des soldats ont fui Mopti le 3 mars 2024, selon la Katiba Macina du JNIM."),
    ]);
    let mut searcher = Searcher::new(&reader);
    let (mut added, mut replaced, mut both) = (0, 0, 0);
    for json in [
        "{}",
        r#"{"query":"attaque"}"#,
        r#"{"query":"attaque OU embuscade","groups":["Beta"]}"#,
        r#"{"query":"attaque nuit","match":"any","groups":["/Alpha/Two"],"regions":["/Niger"]}"#,
        r#"{"groups":["Alpha"],"regions":["/Mali","/Niger"]}"#,
        r#"{"groups":["Two","!One"],"regions":["Gao"],"dates":["2024-09"]}"#,
        r#"{"regions":["Mopti"],"since":"2024"}"#,
        r#"{"query":"attaque","since":"2023","until":"2024-08","sort":"newest"}"#,
        r#"{"dates":["2024-08-15","2023"],"groups":["!Beta"]}"#,
        r#"{"query":"attaque","mentions":true,"groups":["/Alpha/Two","/Beta"],"collapse":"none"}"#,
        r#"{"query":"FAMa Gao","expand":false}"#,
        r#"{"query":"JNIM","groups":["FAMa"],"regions":["Mali"]}"#,
        r#"{"query":"JNIM","groups":["GSIM"],"regions":["Bankass"],"in":"passage"}"#,
        r#"{"query":"soldats","regions":["/Mali/Mopti"],"mentions":true}"#,
        r#"{"query":"soldats introuvable","regions":["/Mali"]}"#,
    ] {
        let request: Request = serde_json::from_str(json).unwrap();
        let here = State::new(Request { limit: 0, ..request.clone() });
        let answer = searcher.search(&here.0).unwrap();
        let (state, hits) = match &answer.relaxed {
            Some(laxer) => (here.with(|next| next.matching = crate::search::Match::Any), &laxer.hits),
            None => (here.clone(), &answer.hits),
        };
        assert!(!hits.is_empty(), "{json}");
        let narrowing = Narrowing::new(&searcher, &state, hits.iter()).unwrap();
        let before = ids(&mut searcher, &state.0);
        let mut seen = BTreeSet::new();
        for hit in hits {
            for chip in HitView::new(hit, &state, Lang::Fr, &narrowing, None).chips {
                let Some(href) = chip.href.filter(|href| seen.insert(href.clone())) else { continue };
                let after = ids(&mut searcher, &asked(&href));
                assert!(!after.is_empty() && after.is_subset(&before), "{json}: {href}");
                // A hit that wears the chip stays, but where other passages are asked for.
                assert!(after.contains(&hit.report.id), "{json}: {href} loses {}", hit.report.id);
                *match chip.how {
                    None => &mut added,
                    Some("instead of the broader one") => &mut replaced,
                    Some(_) => &mut both,
                } += 1;
            }
        }
    }
    assert!(added > 30 && replaced > 10 && both > 10, "{added} added, {replaced} replaced, {both} both");
}
