//! Highlighting: which words of a passage to mark, and which of its sentences to show.
//!
//! After Lucene's `UnifiedHighlighter`: the text is analysed with the index's own chain, a phrase is marked only where
//! it stands as a phrase, and sentences compete as small documents.

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::french::{Token, sentences, trim};
use crate::hit::{Mark, Span};
use crate::index::index_terms;
use crate::proximity::together;
use crate::query::Part;

/// Words to mark where they stand in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern<'q> {
    /// As the user wrote it.
    pub label: &'q str,
    /// For each word: its distance in words from the first, and the terms that stand for it.
    pub steps: Vec<(usize, &'q [String])>,
    /// The part of a report that it is looked for in; any where none is named.
    pub part: Option<Part>,
    /// How many other words may stand among them, which then come in any order and are marked one by one.
    pub slop: Option<u32>,
}

/// A word of a pattern: the number of the pattern, and that of its step.
type Asked = (usize, usize);

/// Marks the words of some patterns in any number of texts.
#[derive(Clone, Debug, Default)]
pub struct Marker<'q> {
    patterns: Vec<Pattern<'q>>,
    /// What asks for a stem, by the stem.
    stems: FxHashMap<&'q str, Vec<Asked>>,
    /// What asks for any other term.
    words: FxHashMap<&'q str, Vec<Asked>>,
}

/// A fragment goes on while it is shorter than this, in characters.
const FULL: usize = 280;

impl<'q> Marker<'q> {
    /// A marker of some patterns.
    #[must_use]
    pub fn new(patterns: Vec<Pattern<'q>>) -> Self {
        let mut marker = Self { patterns, ..Self::default() };
        for (number, pattern) in marker.patterns.iter().enumerate() {
            for (step, &(_, terms)) in pattern.steps.iter().enumerate() {
                for term in terms {
                    let asking = match term.strip_prefix('~') {
                        Some(stem) => marker.stems.entry(stem),
                        None => marker.words.entry(term),
                    };
                    asking.or_default().push((number, step));
                }
            }
        }
        marker
    }

    /// Whether there is nothing to mark.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The marks of a part of a report: whole surface words, in order, without overlap. Byte ranges of the text.
    ///
    /// Where two patterns want the same words, the longer one has them.
    #[must_use]
    pub fn marks(&self, tokens: &[Token<'_>], part: Part) -> Vec<Mark> {
        let mut found: Vec<(Range<usize>, &str)> = Vec::new();
        let met = self.met(tokens);
        for met in met.chunk_by(|((a, _), _), ((b, _), _)| a == b) {
            let pattern = &self.patterns[met[0].0.0];
            if pattern.part.is_none_or(|wanted| wanted == part) {
                found.extend(pattern.stands(met, tokens).into_iter().map(|range| (range, pattern.label)));
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

    /// The words of patterns that tokens are, by the number of the token; in the order of the patterns, then of their
    /// words.
    fn met(&self, tokens: &[Token<'_>]) -> Vec<(Asked, usize)> {
        let mut met = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            index_terms(token, |mark, term| {
                let asking = if mark.is_empty() { &self.words } else { &self.stems };
                met.extend(asking.get(term).into_iter().flatten().map(|&asked| (asked, at)));
            });
        }
        met.sort_unstable();
        met.dedup();
        met
    }
}

impl Pattern<'_> {
    /// The bytes at which the pattern stands, given which tokens are its words.
    fn stands(&self, met: &[(Asked, usize)], tokens: &[Token<'_>]) -> Vec<Range<usize>> {
        let words: Vec<&[(Asked, usize)]> = met.chunk_by(|(a, _), (b, _)| a == b).collect();
        if words.len() < self.steps.len() {
            return Vec::new();
        }
        if let Some(slop) = self.slop {
            let row = |word: &&[(Asked, usize)]| word.iter().filter_map(|&(_, at)| u32::try_from(at).ok()).collect();
            let rows: Vec<Vec<u32>> = words.iter().map(row).collect();
            let rows: Vec<&[u32]> = rows.iter().map(Vec::as_slice).collect();
            let places = together(&rows, slop).into_iter().flatten().map(|place| place as usize);
            return places.map(|at| tokens[at].start..tokens[at].end).collect();
        }
        let offset = |step: usize| self.steps[step].0;
        let is = |step: usize, at: usize| words[step].binary_search_by_key(&at, |&(_, at)| at).is_ok();
        let firsts = words[0].iter().filter_map(|&(_, at)| at.checked_sub(offset(0)));
        let firsts = firsts.filter(|first| (1..words.len()).all(|step| is(step, first + offset(step))));
        let length = self.steps.iter().map(|(offset, _)| *offset).max().unwrap_or(0);
        let range = |first: usize| {
            // A word alone may be what several joined by hyphens are in one.
            let joined = tokens[first].joined.as_deref().filter(|(whole, _)| words.len() == 1 && self.is_word(whole));
            tokens[first].start..joined.map_or(tokens[first + length].end, |(_, end)| *end)
        };
        firsts.map(range).collect()
    }

    /// Whether a term is one of the first word.
    fn is_word(&self, term: &str) -> bool {
        self.steps.first().is_some_and(|(_, terms)| terms.iter().any(|other| other == term))
    }
}

/// The sentences of a text that answer best, as one byte range: whole sentences, distinct words of the query first,
/// earlier ones favoured.
///
/// A range that starts with the best sentence and goes on while it is short.
#[must_use]
pub fn fragment(text: &str, marks: &[Mark]) -> Span {
    let all = trim(text, 0..text.len());
    if !all.is_empty() && text[all.clone()].chars().nth(FULL).is_none() {
        // Whichever sentence is the best, it goes on to both ends.
        return Span { start: all.start, end: all.end };
    }
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

    /// The terms of each word of each string.
    fn steps(words: &[&str]) -> Vec<Vec<Vec<String>>> {
        let mut analyzer = Analyzer::new();
        let mut terms = |label: &&str| -> Vec<Vec<String>> {
            let terms = |token: &Token<'_>| query_terms(token).into_iter().map(|found| found.term).collect();
            analyzer.analyze(label).iter().map(terms).collect()
        };
        words.iter().map(&mut terms).collect()
    }

    /// Patterns of words, a phrase where several stand in one string.
    fn patterns<'q>(words: &[&'q str], steps: &'q [Vec<Vec<String>>]) -> Vec<Pattern<'q>> {
        let patterns = words.iter().zip(steps).map(|(label, steps)| Pattern {
            label,
            steps: steps.iter().map(Vec::as_slice).enumerate().collect(),
            part: None,
            slop: None,
        });
        patterns.collect()
    }

    fn marks(text: &str, words: &[&str]) -> Vec<Mark> {
        let steps = steps(words);
        Marker::new(patterns(words, &steps)).marks(&Analyzer::new().analyze(text), Part::Text)
    }

    fn marked(text: &str, words: &[&str]) -> Vec<String> {
        marks(text, words).into_iter().map(|mark| text[mark.start..mark.end].to_owned()).collect()
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
        let found = fragment(&text, &marks(&text, &["attaque", "Mopti"]));
        assert!(text[found.start..found.end].ends_with("L'attaque visait Mopti."));
    }

    /// As [`Marker::marks`], each pattern looked for at each token.
    fn plainly(tokens: &[Token<'_>], patterns: &[Pattern<'_>]) -> Vec<(usize, usize)> {
        let is = |at: usize, wanted: &[String]| {
            let mut found = false;
            index_terms(&tokens[at], |mark, term| found |= wanted.contains(&format!("{mark}{term}")));
            found
        };
        let mut found: Vec<Range<usize>> = Vec::new();
        for pattern in patterns {
            let length = pattern.steps.len();
            for first in 0..(tokens.len() + 1).saturating_sub(length) {
                if pattern.steps.iter().all(|(offset, wanted)| is(first + offset, wanted)) {
                    let joined = tokens[first].joined.as_deref();
                    let joined = joined.filter(|(whole, _)| length == 1 && pattern.steps[0].1.contains(whole));
                    found.push(tokens[first].start..joined.map_or(tokens[first + length - 1].end, |(_, end)| *end));
                }
            }
        }
        found.sort_by_key(|range| (std::cmp::Reverse(range.len()), range.start));
        let mut kept: Vec<(usize, usize)> = Vec::new();
        for range in found {
            if kept.iter().all(|&(start, end)| range.end <= start || end <= range.start) {
                kept.push((range.start, range.end));
            }
        }
        kept.sort_unstable();
        kept
    }

    proptest::proptest! {
        #[test]
        fn marks_are_those_of_looking_everywhere(
            text in proptest::collection::vec("pick-up|forces?|armées?|attaquent|Attaque|l'|de|Diré|dire|à|[.] ", 0..20),
            words in proptest::collection::vec("pickup|forces armées|force|armée|attaque de|de|Diré|dire|pick-up de", 0..5),
        ) {
            let text = text.join(" ");
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let steps = steps(&words);
            let tokens = Analyzer::new().analyze(&text);
            let patterns = patterns(&words, &steps);
            let plain = plainly(&tokens, &patterns);
            let marks = Marker::new(patterns).marks(&tokens, Part::Text);
            let marks: Vec<(usize, usize)> = marks.into_iter().map(|mark| (mark.start, mark.end)).collect();
            proptest::prop_assert_eq!(marks, plain);
        }

        #[test]
        fn a_short_text_is_its_own_fragment(text in "([A-Za-zé .!?«»\n]|n° |M\\. ){0,60}", word in "[a-zé]{1,2}") {
            let found = fragment(&text, &marks(&text, &[&word]));
            let sentences = sentences(&text);
            let whole = sentences.first().zip(sentences.last()).map_or(0..text.len(), |(a, b)| a.start..b.end);
            proptest::prop_assert_eq!((found.start, found.end), (whole.start, whole.end));
        }
        #[test]
        fn marks_and_fragment_stay_on_boundaries(text in "\\PC{0,80}|[a-zéÉ'’. \n]{0,80}", word in "[a-zé]{1,4}") {
            let found = marks(&text, &[&word]);
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
