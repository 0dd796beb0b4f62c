//! The walk against what a tree says of each report, and its scores against those of the library.

use std::sync::LazyLock;

use chrono::NaiveDate;
use proptest::prelude::*;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::{Facet, Field, IndexRecordOption, Term};

use super::super::dates::DateFilter;
use super::super::dictionary::Dictionary;
use super::super::filters::Asked;
use super::super::plan::{Likeness, Plan, Slot, Step, Tree, Variant, Way};
use super::super::rarity::Rarity;
use super::super::weights::TITLE_FIRST_PASS;
use super::*;
use crate::index::{IndexReader, OfTerms};

/// Words of reports: every so many reports have one.
const WORDS: [(&str, usize); 6] = [("a", 1), ("b", 2), ("c", 3), ("d", 50), ("e", 700), ("f", 4099)];
/// Reports of each segment: some windows, less than one, and just more than one.
const SEGMENTS: [usize; 3] = [8_500, 300, 4_100];
const GROUP: &str = "/Alpha";

/// A report: some words once and some more often, of which some also stand in a title.
fn report(at: usize) -> OfTerms<'static> {
    let words = WORDS.iter().filter(|(_, every)| at % every == every / 2).map(|(word, _)| *word);
    let times = |(place, word)| std::iter::repeat_n(word, 1 + (at / 5 + place) % 3 / 2 * (at % 4));
    let text: Vec<_> = words.enumerate().flat_map(times).collect();
    let title = if at % 5 == 1 { text.iter().rev().take(2).copied().collect() } else { Vec::new() };
    let day = [None, NaiveDate::from_ymd_opt(2024, 3, 1), NaiveDate::from_ymd_opt(2023, 3, 1)][at % 7 % 3];
    OfTerms { title, text, group: (at % 4 == 1).then_some(GROUP), day }
}

fn is_dropped(report: usize) -> bool {
    report % 11 == 3
}

static REPORTS: LazyLock<Vec<OfTerms<'static>>> = LazyLock::new(|| (0..SEGMENTS.iter().sum()).map(report).collect());
static ALL: LazyLock<IndexReader> = LazyLock::new(|| index(&[]));
static SOME: LazyLock<IndexReader> = LazyLock::new(|| {
    index(&(0..REPORTS.len()).filter(|&at| is_dropped(at)).map(|at| format!("r{at}")).collect::<Vec<_>>())
});

fn index(dropped: &[String]) -> IndexReader {
    let (first, rest) = REPORTS.split_at(SEGMENTS[0]);
    let (second, third) = rest.split_at(SEGMENTS[1]);
    IndexReader::of_terms(&[first, second, third], dropped)
}

/// Reports by their numbers, as the walk tells them: by segment.
fn by_segment(reader: &IndexReader, reports: impl Iterator<Item = usize>) -> Vec<Vec<DocId>> {
    // Segments stand in no order of their own.
    let segments = reader.searcher().segment_readers();
    let place = |len: usize| segments.iter().position(|segment| segment.max_doc() as usize == len).unwrap();
    let mut found = vec![Vec::new(); segments.len()];
    for mut report in reports {
        for len in SEGMENTS {
            if report < len {
                found[place(len)].push(DocId::try_from(report).unwrap());
                break;
            }
            report -= len;
        }
    }
    found
}

/// What a slot asks for: words that stand side by side or near each other, in a reading or another.
type AskedRows = Vec<Row>;

#[derive(Clone, Debug)]
struct Row {
    words: Vec<usize>,
    slop: Option<u32>,
    /// Terms that no report has, beside each word's own.
    others: usize,
}

fn rows() -> impl Strategy<Value = Row> {
    let slop = prop_oneof![2 => Just(None), 1 => (0_u32..3).prop_map(Some)];
    let others = prop_oneof![3 => Just(1_usize), 1 => Just(20)];
    let words = prop::collection::vec(0..WORDS.len(), 1..3);
    (words, slop, others).prop_map(|(words, slop, others)| Row { words, slop, others })
}

fn slot(asked: &AskedRows) -> Slot {
    let variant = |(at, row): (usize, &Row)| {
        let terms = |word: usize| {
            let others = (0..row.others).map(|other| format!("x{other}"));
            std::iter::once(WORDS[word].0.to_owned()).chain(others).collect()
        };
        let steps = row.words.iter().zip(0..).map(|(&word, offset)| Step { offset, terms: terms(word) });
        let way = Way { steps: steps.collect(), slop: row.slop };
        if at == 0 { Variant::written(way, Likeness::Stem) } else { Variant::added(vec![way], 0.5, Likeness::Whole) }
    };
    Slot::new("", 0..0, asked.iter().enumerate().map(variant).collect())
}

fn stands(row: &Row, terms: &[&str]) -> bool {
    let words: Vec<&str> = row.words.iter().map(|&word| WORDS[word].0).collect();
    match (words.as_slice(), row.slop) {
        ([first, second], Some(slop)) => {
            let at = |word: &str| (0..terms.len()).filter(|&at| terms[at] == word).collect::<Vec<_>>();
            let near = |one: usize, other: usize| one != other && one.abs_diff(other) <= slop as usize + 1;
            at(first).into_iter().any(|one| at(second).into_iter().any(|other| near(one, other)))
        }
        (words, _) => terms.windows(words.len()).any(|here| here == words),
    }
}

/// The filters that a tree and clauses may have: facets, days, and a query of the library.
fn filters(reader: &IndexReader) -> Vec<Box<dyn Query>> {
    let group = || vec![Term::from_facet(reader.fields().group, &Facet::from(GROUP))];
    let days = DateFilter::new(&["2024".parse().unwrap()]).unwrap();
    vec![Box::new(Asked::Terms(group())), Box::new(Asked::Dates(days, false)), Box::new(TermSetQuery::new(group()))]
}

fn passes(filter: usize, report: &OfTerms<'_>) -> bool {
    if filter == 1 { report.day == NaiveDate::from_ymd_opt(2024, 3, 1) } else { report.group.is_some() }
}

/// Whether a report holds a tree; where what passages may have to hold is left to them, as far as that can be told.
fn holds(tree: &Tree, slots: &[AskedRows], relaxed: bool, report: &OfTerms<'_>) -> bool {
    let all = |parts: &[Tree]| parts.iter().filter(|part| holds(part, slots, relaxed, report)).count();
    match tree {
        Tree::Everything => true,
        Tree::Filter(filter) => passes(*filter, report),
        Tree::Slot(slot) => {
            slots[*slot].iter().any(|row| stands(row, &report.text) || !relaxed && stands(row, &report.title))
        }
        Tree::All(parts) => all(parts) == parts.len(),
        Tree::Any(parts) => all(parts) > 0,
        Tree::Several(least, parts) => all(parts) >= *least,
        Tree::Not(inner) => relaxed || !holds(inner, slots, relaxed, report),
    }
}

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        8 => (0_usize..6).prop_map(Tree::Slot),
        2 => (0_usize..3).prop_map(Tree::Filter),
        1 => Just(Tree::Everything),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let parts = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            3 => parts().prop_map(Tree::All),
            3 => parts().prop_map(Tree::Any),
            1 => (1_usize..3, parts()).prop_map(|(least, parts)| Tree::Several(least, parts)),
            2 => inner.clone().prop_map(|inner| Tree::Not(Box::new(inner))),
        ]
    })
}

fn rarities(slots: &[AskedRows]) -> Vec<Vec<Rarity>> {
    slots.iter().map(|slot| vec![Rarity { report: 1.0, lead: 1.0 }; slot.len()]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_walk_finds_what_the_tree_says(
        tree in trees(),
        slots in prop::collection::vec(prop::collection::vec(rows(), 1..3), 6),
        clauses in prop::collection::vec((any::<bool>(), 0_usize..3), 0..3),
        relaxed in prop::bool::weighted(0.2),
        wanted in 1_usize..3_000,
    ) {
        let rarities = rarities(&slots);
        for (reader, dropped) in [(&*ALL, false), (&*SOME, true)] {
            let slots_of_plan = slots.iter().map(slot).collect();
            let plan =
                Plan { slots: slots_of_plan, filters: filters(reader), tree: tree.clone(), ..Plan::default() };
            let asked: Vec<_> = clauses.iter().map(|&(not, filter)| {
                (if not { Occur::MustNot } else { Occur::Must }, filters(reader).swap_remove(filter))
            }).collect();
            let answers = |at: &usize| {
                let report = &REPORTS[*at];
                !(dropped && is_dropped(*at))
                    && clauses.iter().all(|&(not, filter)| passes(filter, report) != not)
                    && holds(&plan.tree, &slots, relaxed, report)
            };
            let want = by_segment(reader, (0..REPORTS.len()).filter(answers));
            let total = want.iter().map(Vec::len).sum::<usize>();
            let dictionary = Dictionary::new(reader);
            let matching = || {
                let matching = Matching::new(&plan, &dictionary, &asked);
                if relaxed { matching.relaxed() } else { matching }
            };
            prop_assert_eq!(&matching().docs(Clock::default()).unwrap(), &want);
            prop_assert_eq!(matching().count(Clock::default()).unwrap(), total as u64);
            let best = |wanted, pool| {
                let best = matching().scored(&rarities).best(wanted, Clock::default()).unwrap();
                (best.total, best.found(pool, wanted))
            };
            let (found, all) = best(REPORTS.len(), 0);
            prop_assert_eq!((found, all.len()), (total as u64, total));
            let (found, first) = best(wanted, 0);
            prop_assert_eq!(found, total as u64);
            prop_assert_eq!(&first, &all[..wanted.min(total)]);
            let (_, mut pooled) = best(wanted, wanted / 3);
            pooled[..(wanted / 3).min(total)].sort_unstable_by_key(|address| all.iter().position(|one| one == address));
            prop_assert_eq!(&pooled, &first);
        }
    }

    #[test]
    fn words_are_worth_what_the_library_says(
        words in prop::collection::btree_set(0..WORDS.len(), 1..5),
        all in any::<bool>(),
        excluded in prop::option::of((0..WORDS.len(), 0..WORDS.len())),
    ) {
        let asked: Vec<AskedRows> = (0..WORDS.len())
            .map(|word| vec![Row { words: vec![word], slop: None, others: 1 }])
            .chain(excluded.map(|(one, other)| vec![Row { words: vec![one, other], slop: Some(1), others: 1 }]))
            .collect();
        let parts: Vec<Tree> = words.iter().map(|&word| Tree::Slot(word)).collect();
        let tree = if all { Tree::All(parts) } else { Tree::Any(parts) };
        // What is excluded adds nothing.
        let not = excluded.map(|_| Tree::Not(Box::new(Tree::Slot(WORDS.len()))));
        let tree = Tree::All(std::iter::once(tree).chain(not).collect());
        let plan = Plan { slots: asked.iter().map(slot).collect(), tree, ..Plan::default() };
        let rarities = rarities(&asked);
        for reader in [&*ALL, &*SOME] {
            let dictionary = Dictionary::new(reader);
            let found = scores(&Matching::new(&plan, &dictionary, &[]).scored(&rarities));
            let mut plain = plainly(reader, &words.iter().map(|&word| WORDS[word].0).collect::<Vec<_>>(), all);
            if excluded.is_some() {
                let kept: std::collections::BTreeSet<_> = found.iter().map(|(_, address)| *address).collect();
                plain.retain(|(_, address)| kept.contains(address));
            }
            let by_address = |mut scores: Vec<(Score, DocAddress)>| {
                scores.sort_by_key(|(_, address)| *address);
                scores
            };
            let (found, plain) = (by_address(found), by_address(plain));
            prop_assert_eq!(found.len(), plain.len());
            for ((score, address), (plain, other)) in found.into_iter().zip(plain) {
                prop_assert_eq!(address, other);
                prop_assert!((score - plain).abs() <= 1e-4 * plain, "{score} for {plain} at {address:?}");
            }
        }
    }
}

/// What each report that answers is worth.
fn scores(matching: &Matching<'_>) -> Vec<(Score, DocAddress)> {
    let best = matching.best(REPORTS.len(), Clock::default()).unwrap();
    best.kept.iter().map(|ranked| (ranked.score(), ranked.address())).collect()
}

/// What the library says that reports are worth by any or all of some words.
fn plainly(reader: &IndexReader, words: &[&str], all: bool) -> Vec<(Score, DocAddress)> {
    let term = |field: Field, word: &str| -> Box<dyn Query> {
        Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::WithFreqs))
    };
    let fields = reader.fields();
    let word = |word: &&str| -> Box<dyn Query> {
        let title = BoostQuery::new(term(fields.title, word), TITLE_FIRST_PASS);
        Box::new(BooleanQuery::union(vec![term(fields.body, word), Box::new(title)]))
    };
    let words = words.iter().map(word).collect();
    let query = if all { BooleanQuery::intersection(words) } else { BooleanQuery::union(words) };
    reader.searcher().search(&query, &TopDocs::with_limit(REPORTS.len()).order_by_score()).unwrap()
}

#[test]
fn a_report_is_worth_its_best_reading() {
    let text = |text: &[&'static str]| OfTerms { text: text.to_vec(), ..OfTerms::default() };
    let reader = IndexReader::of_terms(&[&[text(&["a"]), text(&["a", "b"]), text(&["b"]), text(&["c"])]], &[]);
    let row = |word| Row { words: vec![word], slop: None, others: 1 };
    let plan = Plan { slots: vec![slot(&vec![row(0), row(1)])], tree: Tree::Slot(0), ..Plan::default() };
    let rarities = vec![vec![Rarity { report: 0.4, lead: 0.4 }; 2]];
    let dictionary = Dictionary::new(&reader);
    let best = Matching::new(&plan, &dictionary, &[]).scored(&rarities).best(9, Clock::default()).unwrap();
    // Both readings together would put the second report first, which is longer.
    assert_eq!(
        (best.total, best.found(0, 9).iter().map(|address| address.doc_id).collect::<Vec<_>>()),
        (3, vec![0, 1, 2])
    );
}

#[test]
fn the_best_may_come_last() {
    let texts: Vec<Vec<&str>> = (0..9_000)
        .map(|at| std::iter::repeat_n("a", 1 + at / 1_500).chain((at % 7 == 0).then_some("b")).collect())
        .collect();
    let title = |at: usize| if at.is_multiple_of(100) && at < 4_000 { vec!["a"] } else { Vec::new() };
    let report = |(at, text): (usize, Vec<&'static str>)| OfTerms { title: title(at), text, ..OfTerms::default() };
    let reports: Vec<_> = texts.into_iter().enumerate().map(report).collect();
    let reader = IndexReader::of_terms(&[&reports], &[]);
    let dictionary = Dictionary::new(&reader);
    let slots: Vec<AskedRows> = [0, 1].map(|word| vec![Row { words: vec![word], slop: None, others: 1 }]).to_vec();
    let rarities = rarities(&slots);
    for tree in [Tree::Slot(0), Tree::Any(vec![Tree::Slot(0), Tree::Slot(1)])] {
        let plan = Plan { slots: slots.iter().map(slot).collect(), tree, ..Plan::default() };
        let best = |wanted| {
            let best = Matching::new(&plan, &dictionary, &[]).scored(&rarities).best(wanted, Clock::default());
            best.unwrap().found(0, wanted)
        };
        let all = best(reports.len());
        for wanted in [1, 10, 100, 1_000, 3_000] {
            assert_eq!(best(wanted), all[..wanted], "{wanted}");
        }
    }
}
