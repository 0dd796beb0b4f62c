//! Counts by numbers against counts by names.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use tantivy::TantivyDocument;
use tantivy::schema::Facet;

use super::*;
use crate::index::layout::schema;

/// A report by its values: places, places only mentioned, days, months and years.
#[derive(Clone, Debug)]
struct Told {
    places: BTreeSet<Vec<u8>>,
    mentioned: BTreeSet<Vec<u8>>,
    days: Vec<i64>,
    months: Vec<i64>,
    years: Vec<i64>,
}

fn report() -> impl Strategy<Value = Told> {
    let paths = || btree_set(vec(0..4_u8, 1..4), 0..4);
    // The last day of 2023 is one of them; beyond the calendar, numbers stand for nothing.
    let days = vec(prop_oneof![738_880..738_930_i64, Just(1), Just(9_999_999), Just(-9_999_999)], 0..4);
    let months = vec(2023 * 12..2024 * 12_i64, 0..3);
    let all = (paths(), paths(), days, months, vec(prop_oneof![2022..2026_i64, Just(12_000)], 0..3));
    all.prop_map(|(places, mentioned, days, months, years)| Told { places, mentioned, days, months, years })
}

fn names(path: &[u8]) -> Vec<String> {
    path.iter().map(|name| ["Gao", "Gao Nord", "Été", "a"][*name as usize].to_owned()).collect()
}

fn document(report: &Told) -> TantivyDocument {
    let fields = schema().1;
    let mut document = TantivyDocument::new();
    for (field, paths) in [(fields.region, &report.places), (fields.mentioned_region, &report.mentioned)] {
        for path in paths {
            document.add_facet(field, Facet::from_path(names(path)));
        }
    }
    let days = &fields.days;
    for (field, numbers) in [(days.day, &report.days), (days.month, &report.months), (days.year, &report.years)] {
        for &number in numbers {
            document.add_i64(field, number);
        }
    }
    document
}

/// The values of a report, with all that hold them.
fn values(report: &Told, kind: FacetKind, mentions: bool) -> BTreeSet<String> {
    let mut paths: Vec<Vec<String>> = Vec::new();
    if kind == FacetKind::Region {
        let mentioned = report.mentioned.iter().filter(|_| mentions);
        paths.extend(report.places.iter().chain(mentioned).map(|path| names(path)));
    } else {
        for (precision, numbers) in
            [(Precision::Day, &report.days), (Precision::Month, &report.months), (Precision::Year, &report.years)]
        {
            let known = numbers.iter().filter(|number| calendar(precision).contains(number));
            let facets = known.filter_map(|&number| date_of(precision, number)?.facet());
            paths.extend(facets.map(|path| path.names().to_vec()));
        }
    }
    paths.iter().flat_map(|path| (1..=path.len()).map(|end| format!("/{}", path[..end].join("/")))).collect()
}

/// Whether a report has no value at all, be it one that stands for nothing.
fn is_bare(report: &Told, kind: FacetKind, mentions: bool) -> bool {
    match kind {
        FacetKind::Region => report.places.is_empty() && (report.mentioned.is_empty() || !mentions),
        _ => report.days.is_empty() && report.months.is_empty() && report.years.is_empty(),
    }
}

proptest! {
    // Each makes an index.
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn numbers_count_what_names_count(
        segments in vec(vec((report(), any::<bool>()), 1..6), 1..4),
        kind in prop_oneof![Just(FacetKind::Region), Just(FacetKind::Date)],
        mentions: bool,
    ) {
        let documents = segments.iter().map(|segment| segment.iter().map(|(report, _)| document(report)).collect());
        let reader = IndexReader::of_documents_without(documents, &[]);
        // Segments are read in an order of their own: the longest first.
        let mut order: Vec<&Vec<(Told, bool)>> = segments.iter().collect();
        order.sort_by_key(|segment| std::cmp::Reverse(segment.len()));
        let lens = reader.searcher().segment_readers().iter().map(|segment| segment.max_doc() as usize);
        prop_assert!(lens.eq(order.iter().map(|segment| segment.len())));
        prop_assume!(order.windows(2).all(|pair| pair[0].len() > pair[1].len()));

        let mut want: BTreeMap<String, u64> = BTreeMap::new();
        let counted = order.iter().flat_map(|segment| segment.iter()).filter(|(_, counted)| *counted);
        for value in counted.clone().flat_map(|(report, _)| values(report, kind, mentions)) {
            *want.entry(value).or_default() += 1;
        }
        let without = counted.filter(|(report, _)| is_bare(report, kind, mentions)).count();
        let chosen = |segment: &&Vec<(Told, bool)>| -> Vec<DocId> {
            (0..).zip(segment.iter()).filter_map(|(doc, (_, counted))| counted.then_some(doc)).collect()
        };
        let docs: Vec<Vec<DocId>> = order.iter().map(chosen).collect();
        for some in [None, Some(docs.as_slice())] {
            let values = Values::new(reader.searcher(), reader.fields(), (kind, mentions), some).unwrap();
            let mut tally = Tally::of(values.tree());
            let mut having = Having::default();
            for (segment, docs) in docs.iter().enumerate() {
                values.read(segment, docs, &mut having);
                (0..docs.len()).for_each(|at| tally.count(having.of(at), at % 2 == 0));
            }
            let nodes = (ROOT + 1..).take(values.tree().len() - 1).filter(|&node| tally.reports(node) > 0);
            let found = nodes.map(|node| (values.tree().path(node).to_string(), tally.reports(node)));
            prop_assert_eq!(found.collect::<BTreeMap<_, _>>(), want.clone());
            let all: u64 = docs.iter().map(|docs| docs.len() as u64).sum();
            prop_assert_eq!(all - tally.reports(ROOT), without as u64);
            prop_assert!(tally.answering(ROOT) <= tally.total());
        }
    }
}
