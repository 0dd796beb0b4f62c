//! The acronyms that the reports explain: how a pair stands in the index, and what is learned of an acronym or of the
//! words that it stands for.
//!
//! Each report has two terms a pair in the field `acronym`. One leads from the acronym to its long form; its reports are
//! those that explain the pair, so that what is updated or dropped takes its pairs with it. The other leads from the
//! words of the long form that have something to say to the acronym. A look-up is a seek in the dictionary of each
//! segment, and another one where that finds something.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rustc_hash::FxHashMap;
use tantivy::postings::TermInfo;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED};

use super::IndexError;
use super::reader::IndexReader;
use crate::annotate::Annotated;
use crate::french::{Acronym, Token, acronyms};

/// What a term begins with that leads from the acronym, and one that leads to it.
pub(super) const BY_SHORT: char = '>';
const BY_LONG: char = '<';
/// Between the parts of a term; no word holds it.
const PART: char = '\u{1f}';
/// What sorts right behind it.
const BEHIND_PART: char = '\u{20}';
/// Whether every letter begins a word and every word gives one, or not.
const STRICT: &str = "=";
const LOOSE: &str = "~";
/// Before a function word of a long form; no word begins with it.
const FUNCTION: char = '-';

/// An acronym with its long form, as reports explain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learned {
    /// The acronym: its exact term.
    pub short: String,
    /// The long form: the exact terms of all its words in order, function words among them.
    pub long: Vec<String>,
    /// Reports that explain the pair.
    pub reports: u64,
    /// Whether every letter begins a word, in order, and every word but function words gives one.
    pub strict: bool,
}

/// A pair as terms hold it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Pair {
    pub(super) short: String,
    /// Exact terms, joined by spaces.
    pub(super) long: String,
}

/// What a term says that leads from an acronym.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) pair: Pair,
    /// The long form without its function words.
    content: String,
    pub(super) strict: bool,
}

impl Said {
    /// What a place in a text says.
    pub(super) fn at(found: &Acronym, tokens: &[Token<'_>]) -> Self {
        let words = &tokens[found.long_tokens.clone()];
        let short = tokens[found.short_token].terms.exact.clone();
        Self {
            pair: Pair { short, long: joined(words.iter().map(exact)) },
            content: joined(words.iter().filter(|word| !word.is_stop()).map(exact)),
            strict: found.strict,
        }
    }

    /// The term that leads from the acronym, and the one that leads to it.
    fn terms(&self) -> [String; 2] {
        let Self { pair: Pair { short, long }, content, strict } = self;
        let fit = if *strict { STRICT } else { LOOSE };
        let mut by_short = format!("{BY_SHORT}{short}{PART}{fit}");
        let mut contents = content.split(' ').peekable();
        for (at, word) in long.split(' ').enumerate() {
            by_short.push(if at == 0 { PART } else { ' ' });
            if contents.next_if_eq(&word).is_none() {
                by_short.push(FUNCTION);
            }
            by_short.push_str(word);
        }
        [by_short, format!("{BY_LONG}{content}{PART}{short}")]
    }

    /// Reads a term that leads from an acronym.
    pub(super) fn read(term: &str) -> Option<Self> {
        let (short, rest) = term.strip_prefix(BY_SHORT)?.split_once(PART)?;
        let (fit, words) = rest.split_once(PART)?;
        let long = joined(words.split(' ').map(|word| word.trim_start_matches(FUNCTION)));
        let content = joined(words.split(' ').filter(|word| !word.starts_with(FUNCTION)));
        Some(Self { pair: Pair { short: short.to_owned(), long }, content, strict: fit == STRICT })
    }
}

/// The acronym that a term leads to.
fn read_short(term: &str) -> Option<&str> {
    Some(term.strip_prefix(BY_LONG)?.split_once(PART)?.1)
}

fn exact<'t>(token: &'t Token<'_>) -> &'t str {
    &token.terms.exact
}

fn joined<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut text = String::new();
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

/// How many reports tell a pair, and whether one does strictly.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    pub(super) reports: u64,
    pub(super) strict: bool,
}

/// The terms of a report for the acronyms that its title and text explain.
pub(super) fn acronym_terms(annotated: &Annotated<'_>) -> BTreeSet<String> {
    let mut pairs: BTreeMap<Pair, Said> = BTreeMap::new();
    let title = annotated.report.title.as_deref().unwrap_or("");
    for (text, tokens) in [(annotated.report.text.as_str(), &annotated.tokens), (title, &annotated.title)] {
        for found in acronyms(text, tokens) {
            let said = Said::at(&found, tokens);
            // Once a report, so that the reports of a term can be added up; strictly, if one place is strict.
            match pairs.get_mut(&said.pair) {
                Some(known) => known.strict |= said.strict,
                None => drop(pairs.insert(said.pair.clone(), said)),
            }
        }
    }
    pairs.values().flat_map(Said::terms).collect()
}

impl IndexReader {
    /// The long forms of an acronym (its exact term), those of most reports first, then by their words.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn long_forms(&self, short: &str) -> Result<Vec<Learned>, IndexError> {
        self.learned(&[short.to_owned()], None)
    }

    /// The acronyms of a long form, those of most reports first, then by their letters and words. Of the long form are
    /// given the exact terms of the words that are no function words ([`Token::is_stop`]), in order.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn short_forms(&self, content: &[&str]) -> Result<Vec<Learned>, IndexError> {
        let content = content.join(" ");
        let mut shorts = BTreeSet::new();
        self.each_term(&with_part(BY_LONG, &content), |term| {
            shorts.insert(term.read(self, |text| read_short(text).map(str::to_owned))?);
            Ok(())
        })?;
        self.learned(&shorts.into_iter().collect::<Vec<_>>(), Some(&content))
    }

    /// What the terms of acronyms say, those only of a given content if there is one.
    fn learned(&self, shorts: &[String], content: Option<&str>) -> Result<Vec<Learned>, IndexError> {
        let mut pairs: FxHashMap<Pair, Told> = FxHashMap::default();
        for short in shorts {
            self.each_term(&with_part(BY_SHORT, short), |term| {
                let said = term.read(self, Said::read)?;
                let wanted = content.is_none_or(|content| said.content == content);
                let reports = if wanted { term.reports()? } else { 0 };
                if reports > 0 {
                    let told = pairs.entry(said.pair).or_default();
                    told.reports += reports;
                    told.strict |= said.strict;
                }
                Ok(())
            })?;
        }
        let learn = |(Pair { short, long }, Told { reports, strict })| {
            let long = long.split(' ').map(str::to_owned).collect();
            Learned { short, long, reports, strict }
        };
        let mut learned: Vec<Learned> = pairs.into_iter().map(learn).collect();
        learned.sort_unstable_by(|a, b| {
            b.reports.cmp(&a.reports).then_with(|| (&a.short, &a.long).cmp(&(&b.short, &b.long)))
        });
        Ok(learned)
    }

    /// Hands on every term of a range, once for each segment that has it.
    pub(super) fn each_term(
        &self,
        terms: &Range<String>,
        mut each: impl FnMut(&TermOfSegment<'_>) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        for segment in self.searcher().segment_readers() {
            let inverted = segment.inverted_index(self.fields().acronym)?;
            let range = inverted.terms().range().ge(&terms.start).lt(&terms.end);
            let mut stream = range.into_stream().map_err(tantivy::TantivyError::from)?;
            while stream.advance() {
                each(&TermOfSegment { segment, inverted: &inverted, bytes: stream.key(), info: stream.value() })?;
            }
        }
        Ok(())
    }

    pub(super) fn damaged(&self, why: String) -> IndexError {
        IndexError::Damaged { dir: self.places().0.to_owned(), why }
    }
}

/// The range of the terms that begin with a mark and a whole part.
pub(super) fn with_part(mark: char, part: &str) -> Range<String> {
    format!("{mark}{part}{PART}")..format!("{mark}{part}{BEHIND_PART}")
}

/// A term of the field in one segment.
pub(super) struct TermOfSegment<'s> {
    pub(super) segment: &'s SegmentReader,
    inverted: &'s InvertedIndexReader,
    bytes: &'s [u8],
    info: &'s TermInfo,
}

impl TermOfSegment<'_> {
    /// What the term says.
    pub(super) fn read<T>(&self, reader: &IndexReader, read: impl Fn(&str) -> Option<T>) -> Result<T, IndexError> {
        let said = std::str::from_utf8(self.bytes).ok().and_then(read);
        said.ok_or_else(|| reader.damaged("a term of an acronym cannot be read".to_owned()))
    }

    /// How many reports have the term.
    fn reports(&self) -> Result<u64, IndexError> {
        if self.segment.has_deletes() { Ok(self.docs()?.len() as u64) } else { Ok(u64::from(self.info.doc_freq)) }
    }

    /// The documents that have the term and were not dropped.
    pub(super) fn docs(&self) -> Result<Vec<DocId>, IndexError> {
        let postings = self.inverted.read_postings_from_terminfo(self.info, IndexRecordOption::Basic);
        let mut postings = postings.map_err(tantivy::TantivyError::from)?;
        let mut docs = Vec::new();
        while postings.doc() != TERMINATED {
            if !self.segment.is_deleted(postings.doc()) {
                docs.push(postings.doc());
            }
            postings.advance();
        }
        Ok(docs)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::annotate::{Annotator, Knowledge};
    use crate::french::Analyzer;
    use crate::report::Report;
    use crate::vocabulary::Vocabulary;

    fn told(learned: &[Learned]) -> Vec<String> {
        let tell = |learned: &Learned| {
            let fit = if learned.strict { STRICT } else { LOOSE };
            format!("{} {fit} {} {}", learned.short, learned.long.join(" "), learned.reports)
        };
        learned.iter().map(tell).collect()
    }

    #[test]
    fn a_pair_is_found_both_ways() {
        let reader = IndexReader::of_texts(&[
            ("", "L'Organisation de l'unité africaine (OUA) et l'OUA (Organisation de l'Unité Africaine)."),
            ("Organisation de l'unité africaine (OUA)", "Rien."),
            ("", "L'Office des usagers de l'autoroute (OUA)."),
            ("", "Les Forces armées maliennes (FAMa)."),
        ]);
        let long = ["oua = organisation de unite africaine 2", "oua = office des usagers de autoroute 1"];
        assert_eq!(told(&reader.long_forms("oua").unwrap()), long);
        assert_eq!(told(&reader.short_forms(&["organisation", "unite", "africaine"]).unwrap()), long[..1]);
        assert_eq!(
            told(&reader.short_forms(&["forces", "armees", "maliennes"]).unwrap()),
            ["fama ~ forces armees maliennes 1"]
        );
        assert_eq!(told(&reader.short_forms(&["office", "usagers", "autoroute"]).unwrap()), long[1..], "only its own");
        for other in ["ou", "ouag", "", "unite", "organisation"] {
            assert_eq!(reader.long_forms(other).unwrap(), []);
        }
        for other in [&["organisation"][..], &["organisation", "unite"], &["unite", "africaine"], &[]] {
            assert_eq!(reader.short_forms(other).unwrap(), []);
        }
    }

    #[test]
    fn a_report_has_two_terms_a_pair() {
        let text = "Le Programme alimentaire mondial (PAM), ou PAM (Programme Alimentaire Mondial), livre.";
        let report = Report { title: Some(text.to_owned()), text: text.to_owned(), ..Report::default() };
        let knowledge = Knowledge::new(Arc::clone(Vocabulary::builtin()));
        let terms = acronym_terms(&Annotator::new(Arc::new(knowledge)).annotate(&report));
        let by_short = ">pam\u{1f}=\u{1f}programme alimentaire mondial";
        let by_long = "<programme alimentaire mondial\u{1f}pam";
        assert!(terms.iter().eq([by_long, by_short]), "{terms:?}");
    }

    #[test]
    fn a_term_says_what_its_text_does() {
        let text = "L'Organisation de l'unité africaine (OUA).";
        let tokens = Analyzer::new().analyze(text);
        let said = Said::at(&acronyms(text, &tokens)[0], &tokens);
        let [by_short, by_long] = said.terms();
        assert_eq!(by_short, ">oua\u{1f}=\u{1f}organisation -de unite africaine");
        assert_eq!(by_long, "<organisation unite africaine\u{1f}oua");
        assert_eq!((Said::read(&by_short), read_short(&by_long)), (Some(said), Some("oua")));
        assert_eq!((Said::read(&by_long), read_short(&by_short)), (None, None));
    }
}
