//! The acronyms that the reports explain: how a pair stands in the index, and what is learned of an acronym or of the
//! words that it stands for.
//!
//! Each report has two terms a pair in the field `acronym`, one for each way that it is asked for: from the acronym, and
//! from the words of the long form that have something to say. Both hold the whole pair, so that a look-up is one seek in
//! the dictionary of each segment, and the reports of a term are those that explain the pair. What is updated or dropped
//! takes its pairs with it.

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

/// What a term begins with that is asked for by the acronym, and by its words.
pub(super) const BY_SHORT: char = '>';
const BY_LONG: char = '<';
/// Between the parts of a term; no word holds it.
const PART: char = '\u{1f}';
/// What sorts right behind it.
const BEHIND_PART: char = '\u{20}';
/// Whether every letter begins a word and every word gives one, or not.
const STRICT: &str = "=";
const LOOSE: &str = "~";

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

/// A pair as terms hold it; the long form with its words joined by spaces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Pair {
    short: String,
    long: String,
}

impl Pair {
    pub(super) fn of(found: &Acronym, tokens: &[Token<'_>]) -> Self {
        let words = tokens[found.long_tokens.clone()].iter();
        Self { short: tokens[found.short_token].terms.exact.clone(), long: joined(words.map(exact)) }
    }

    fn learned(self, told: Told) -> Learned {
        let long = self.long.split(' ').map(str::to_owned).collect();
        Learned { short: self.short, long, reports: told.reports, strict: told.strict }
    }
}

/// What the terms of a pair say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    pub(super) reports: u64,
    pub(super) strict: bool,
}

fn exact<'t>(token: &'t Token<'_>) -> &'t str {
    &token.terms.exact
}

fn joined<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join(" ")
}

/// The terms of a report for the acronyms that its title and text explain, each once.
pub(super) fn acronym_terms(annotated: &Annotated<'_>) -> BTreeSet<String> {
    // A pair that fits strictly in one place is strict. Whether a word is a function word depends on where it stands.
    let mut pairs: BTreeMap<Pair, (bool, BTreeSet<String>)> = BTreeMap::new();
    let title = annotated.report.title.as_deref().unwrap_or("");
    for (text, tokens) in [(title, &annotated.title), (annotated.report.text.as_str(), &annotated.tokens)] {
        for found in acronyms(text, tokens) {
            let content = tokens[found.long_tokens.clone()].iter().filter(|token| !token.is_stop());
            let (strict, contents) = pairs.entry(Pair::of(&found, tokens)).or_default();
            *strict |= found.strict;
            contents.insert(joined(content.map(exact)));
        }
    }
    let mut terms = BTreeSet::new();
    for (Pair { short, long }, (strict, contents)) in &pairs {
        let fit = if *strict { STRICT } else { LOOSE };
        terms.insert(format!("{BY_SHORT}{short}{PART}{fit}{PART}{long}"));
        for content in contents {
            terms.insert(format!("{BY_LONG}{content}{PART}{fit}{PART}{short}{PART}{long}"));
        }
    }
    terms
}

/// Reads what a term says: a pair, and whether it fits strictly.
type ReadTerm = fn(&str) -> Option<(Pair, bool)>;

/// What a term says that is asked for by its acronym.
pub(super) fn read_by_short(term: &str) -> Option<(Pair, bool)> {
    let (short, rest) = term.strip_prefix(BY_SHORT)?.split_once(PART)?;
    let (fit, long) = rest.split_once(PART)?;
    Some((Pair { short: short.to_owned(), long: long.to_owned() }, fit == STRICT))
}

/// What a term says that is asked for by the words of its long form.
fn read_by_long(term: &str) -> Option<(Pair, bool)> {
    let (_, rest) = term.strip_prefix(BY_LONG)?.split_once(PART)?;
    let (fit, pair) = rest.split_once(PART)?;
    let (short, long) = pair.split_once(PART)?;
    Some((Pair { short: short.to_owned(), long: long.to_owned() }, fit == STRICT))
}

impl IndexReader {
    /// The long forms of an acronym (its exact term), those of most reports first, then by their words.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn long_forms(&self, short: &str) -> Result<Vec<Learned>, IndexError> {
        self.learned(&format!("{BY_SHORT}{short}"), read_by_short)
    }

    /// The acronyms of a long form, those of most reports first, then by their letters and words. Of the long form are
    /// given the exact terms of the words that are no function words ([`Token::is_stop`]), in order.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn short_forms(&self, content: &[&str]) -> Result<Vec<Learned>, IndexError> {
        self.learned(&format!("{BY_LONG}{}", content.join(" ")), read_by_long)
    }

    /// What all terms say whose first part is this.
    fn learned(&self, part: &str, read: ReadTerm) -> Result<Vec<Learned>, IndexError> {
        let mut pairs: FxHashMap<Pair, Told> = FxHashMap::default();
        let terms = format!("{part}{PART}")..format!("{part}{BEHIND_PART}");
        self.each_pair(&terms, read, |term, pair, strict| {
            let reports = term.reports()?;
            if reports > 0 {
                let told = pairs.entry(pair).or_default();
                told.reports += reports;
                told.strict |= strict;
            }
            Ok(())
        })?;
        let mut learned: Vec<Learned> = pairs.into_iter().map(|(pair, told)| pair.learned(told)).collect();
        learned.sort_unstable_by(|a, b| {
            b.reports.cmp(&a.reports).then_with(|| (&a.short, &a.long).cmp(&(&b.short, &b.long)))
        });
        Ok(learned)
    }

    /// Hands on every term of a range, once for each segment that has it, with what it says.
    pub(super) fn each_pair(
        &self,
        terms: &Range<String>,
        read: ReadTerm,
        mut each: impl FnMut(&TermOfSegment<'_>, Pair, bool) -> Result<(), IndexError>,
    ) -> Result<(), IndexError> {
        for segment in self.searcher().segment_readers() {
            let inverted = segment.inverted_index(self.fields().acronym)?;
            let range = inverted.terms().range().ge(&terms.start).lt(&terms.end);
            let mut stream = range.into_stream().map_err(tantivy::TantivyError::from)?;
            while stream.advance() {
                let said = std::str::from_utf8(stream.key()).ok().and_then(read);
                let (pair, strict) =
                    said.ok_or_else(|| self.damaged("a term of an acronym cannot be read".to_owned()))?;
                each(&TermOfSegment { segment, inverted: &inverted, info: stream.value() }, pair, strict)?;
            }
        }
        Ok(())
    }

    pub(super) fn damaged(&self, why: String) -> IndexError {
        IndexError::Damaged { dir: self.places().0.to_owned(), why }
    }
}

/// A term of the field in one segment.
pub(super) struct TermOfSegment<'s> {
    pub(super) segment: &'s SegmentReader,
    inverted: &'s InvertedIndexReader,
    info: &'s TermInfo,
}

impl TermOfSegment<'_> {
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
        let by_long = "<programme alimentaire mondial\u{1f}=\u{1f}pam\u{1f}programme alimentaire mondial";
        assert!(terms.iter().eq([by_long, by_short]), "{terms:?}");
        let pair = Pair { short: "pam".to_owned(), long: "programme alimentaire mondial".to_owned() };
        assert_eq!(read_by_short(by_short), Some((pair.clone(), true)));
        assert_eq!(read_by_long(by_long), Some((pair, true)));
        assert_eq!((read_by_short(by_long), read_by_long(by_short)), (None, None));
    }
}
