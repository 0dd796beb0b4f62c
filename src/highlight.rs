//! Highlighting: which words of a passage to mark, and which of its sentences to show.
//!
//! After Lucene's `UnifiedHighlighter`: the text is analysed with the index's own chain, a phrase is marked only where
//! it stands as a phrase, and sentences compete as small documents.

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::french::{Token, sentences};
use crate::hit::{Mark, Span};
use crate::index::token_terms;
use crate::proximity::together;
use crate::query::Part;

/// Words to mark where they stand in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// As the user wrote it.
    pub label: String,
    /// For each word: its distance in words from the first, and the terms that stand for it.
    pub steps: Vec<(usize, FxHashSet<String>)>,
    /// The part of a report that it is looked for in; any where none is named.
    pub part: Option<Part>,
    /// How many other words may stand among them, which then come in any order and are marked one by one.
    pub slop: Option<u32>,
}

/// A fragment goes on while it is shorter than this, in characters.
const FULL: usize = 280;

/// The marks of patterns in a part of a report: whole surface words, in order, without overlap. Byte ranges of the text.
///
/// Where two patterns want the same words, the longer one has them.
#[must_use]
pub fn marks(tokens: &[Token<'_>], part: Part, patterns: &[Pattern]) -> Vec<Mark> {
    let terms: Vec<Vec<String>> = tokens.iter().map(token_terms).collect();
    let mut found: Vec<(Range<usize>, &str)> = Vec::new();
    for pattern in patterns.iter().filter(|pattern| pattern.part.is_none_or(|wanted| wanted == part)) {
        let alone = pattern.steps.len() == 1;
        let is = |wanted: &FxHashSet<String>, at: usize| {
            terms.get(at).is_some_and(|here| here.iter().any(|term| wanted.contains(term)))
        };
        if let Some(slop) = pattern.slop {
            let row = |(_, wanted): &(usize, FxHashSet<String>)| -> Vec<u32> {
                (0..).zip(0..tokens.len()).filter(|&(_, at)| is(wanted, at)).map(|(place, _)| place).collect()
            };
            let rows: Vec<Vec<u32>> = pattern.steps.iter().map(row).collect();
            let rows: Vec<&[u32]> = rows.iter().map(Vec::as_slice).collect();
            let places = together(&rows, slop).into_iter().flatten().map(|place| place as usize);
            found.extend(places.map(|at| (tokens[at].start..tokens[at].end, &*pattern.label)));
            continue;
        }
        for first in 0..tokens.len() {
            if !pattern.steps.is_empty() && pattern.steps.iter().all(|(offset, wanted)| is(wanted, first + offset)) {
                let last = first + pattern.steps.iter().map(|(offset, _)| offset).max().unwrap_or(&0);
                let joined =
                    tokens[first].joined.as_deref().filter(|(whole, _)| alone && pattern.steps[0].1.contains(whole));
                let end = joined.map_or(tokens[last].end, |(_, end)| *end);
                found.push((tokens[first].start..end, &pattern.label));
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then(a.start.cmp(&b.start)));
    let mut kept: BTreeMap<usize, (usize, &str)> = BTreeMap::new();
    for (range, label) in found {
        // Those kept do not overlap, so that the last one before the end is the only one to ask.
        if kept.range(..range.end).next_back().is_none_or(|(_, (end, _))| *end <= range.start) {
            kept.insert(range.start, (range.end, label));
        }
    }
    kept.into_iter().map(|(start, (end, label))| Mark { start, end, term: label.to_owned() }).collect()
}

/// The sentences of a text that answer best, as one byte range: whole sentences, distinct words of the query first,
/// earlier ones favoured.
///
/// A range that starts with the best sentence and goes on while it is short.
#[must_use]
pub fn fragment(text: &str, marks: &[Mark]) -> Span {
    let sentences = sentences(text);
    let Some(first) = sentences.first() else { return Span { start: 0, end: text.len() } };
    let best = (0..sentences.len())
        .max_by(|&a, &b| worth(&sentences[a], a, marks).total_cmp(&worth(&sentences[b], b, marks)).then(b.cmp(&a)))
        .unwrap_or(0);
    let mut range = sentences.get(best).unwrap_or(first).clone();
    for next in &sentences[best + 1..] {
        if text[range.start..next.end].chars().count() > FULL {
            break;
        }
        range.end = next.end;
    }
    for before in sentences[..best].iter().rev() {
        if text[before.start..range.end].chars().count() > FULL {
            break;
        }
        range.start = before.start;
    }
    Span { start: range.start, end: range.end }
}

/// What a sentence is worth: distinct words of the query count most, repeated ones saturate, long sentences and late
/// ones a little less.
fn worth(sentence: &Range<usize>, at: usize, marks: &[Mark]) -> f32 {
    let inside = || marks.iter().filter(|mark| mark.start >= sentence.start && mark.end <= sentence.end);
    let mut terms: Vec<&str> = inside().map(|mark| mark.term.as_str()).collect();
    let all = terms.len() as f32;
    terms.sort_unstable();
    terms.dedup();
    let length = 1.0 + sentence.len() as f32 / 200.0;
    let early = 1.0 + 1.0 / (10.0 + at as f32);
    terms.len() as f32 * early + all / (all + length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::french::Analyzer;
    use crate::index::query_terms;

    /// Patterns of words, a phrase where several stand in one string.
    fn patterns(words: &[&str]) -> Vec<Pattern> {
        let mut analyzer = Analyzer::new();
        let mut pattern = |label: &&str| {
            let tokens = analyzer.analyze(label);
            let terms = |token: &Token<'_>| query_terms(token).into_iter().map(|found| found.term).collect();
            Pattern {
                label: (*label).to_owned(),
                steps: tokens.iter().map(terms).enumerate().collect(),
                part: None,
                slop: None,
            }
        };
        words.iter().map(&mut pattern).collect()
    }

    fn marked(text: &str, words: &[&str]) -> Vec<String> {
        let tokens = Analyzer::new().analyze(text);
        marks(&tokens, Part::Text, &patterns(words))
            .into_iter()
            .map(|mark| text[mark.start..mark.end].to_owned())
            .collect()
    }

    #[test]
    fn whole_words_across_elisions_and_inflections() {
        assert_eq!(
            marked("L’avocat et l'armée attaquaient Gao.", &["avocat", "armées", "attaque"]),
            ["avocat", "armée", "attaquaient"]
        );
    }

    #[test]
    fn a_phrase_is_marked_as_one_and_only_where_it_stands() {
        let text = "Les forces armées ont des forces.";
        assert_eq!(marked(text, &["forces armées"]), ["forces armées"]);
        assert_eq!(marked(text, &["forces armées", "force"]), ["forces armées", "forces"]);
    }

    #[test]
    fn the_sentence_with_more_words_of_the_query_wins() {
        let text = format!("Une attaque. {} L'attaque visait Mopti.", "Rien à dire de plus ici. ".repeat(20));
        let tokens = Analyzer::new().analyze(&text);
        let found = fragment(&text, &marks(&tokens, Part::Text, &patterns(&["attaque", "Mopti"])));
        assert!(text[found.start..found.end].ends_with("L'attaque visait Mopti."));
    }

    proptest::proptest! {
        #[test]
        fn marks_and_fragment_stay_on_boundaries(text in "\\PC{0,80}|[a-zéÉ'’. \n]{0,80}", word in "[a-zé]{1,4}") {
            let tokens = Analyzer::new().analyze(&text);
            let found = marks(&tokens, Part::Text, &patterns(&[&word]));
            let mut end = 0;
            for mark in &found {
                assert!(mark.start >= end && text.get(mark.start..mark.end).is_some());
                end = mark.end;
            }
            let span = fragment(&text, &found);
            assert!(text.get(span.start..span.end).is_some());
        }
    }
}
