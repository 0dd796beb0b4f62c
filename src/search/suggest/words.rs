//! Words that begin with some letters, as reports write them.

use std::cmp::Reverse;
use std::ops::Range;

use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocSet, TERMINATED};

use super::super::{SearchError, Searcher};
use crate::french::{Kind, is_stop, is_word};
use crate::index::{IndexError, LISTED, column, key};

/// Words that are looked at for each that may be shown: some are inflections of others.
const LOOKED_AT: usize = 4;
/// Reports that are looked at to see how a word is written: some write in capitals.
const SEEN: usize = 3;

/// A word of the reports.
pub(super) struct Written {
    /// As it is written.
    pub(super) text: String,
    /// How many reports have it so, in the text or in the title.
    pub(super) reports: u64,
}

/// A word as a report has it, and what tells inflections of one word.
struct Seen {
    text: String,
    stem: String,
}

impl Searcher<'_> {
    /// The words that begin as some bytes of a text do, those that most reports have first. Of inflections, which find each
    /// other, the most frequent stands for all, unless each is wanted as it stands.
    pub(super) fn words(
        &mut self,
        text: &str,
        bytes: Range<usize>,
        limit: usize,
        as_they_stand: bool,
    ) -> Result<Vec<Written>, SearchError> {
        let (prefix, _) = key(&text[bytes]);
        if !prefix.starts_with(char::is_alphabetic) {
            return Ok(Vec::new());
        }
        let mut terms: Vec<(Reverse<u64>, String)> = Vec::new();
        if prefix.chars().count() <= LISTED {
            for term in self.reader.frequent(&prefix)? {
                terms.push((Reverse(self.dictionary.reports(term, None)?), term.clone()));
            }
        } else {
            let found = self.dictionary.beginning(&prefix)?.into_iter().filter(|(term, _)| !is_stop(term));
            terms.extend(found.map(|(term, reports)| (Reverse(reports), term)));
        }
        let most = limit.saturating_mul(LOOKED_AT);
        if terms.len() > most && most > 0 {
            terms.select_nth_unstable(most - 1);
            terms.truncate(most);
        }
        terms.sort_unstable();
        let mut found: Vec<Written> = Vec::new();
        let mut stems: Vec<String> = Vec::new();
        for (Reverse(reports), term) in terms {
            if found.len() >= limit {
                break;
            }
            let Some(Seen { text, stem }) = self.seen(&term)? else { continue };
            if as_they_stand || !stems.contains(&stem) {
                found.push(Written { text, reports });
                stems.push(stem);
            }
        }
        Ok(found)
    }

    /// A word as a report writes it: the first of the index that does not write it in capitals, if one of the first few
    /// does not. Nothing for what is only a part of a word.
    fn seen(&mut self, term: &str) -> Result<Option<Seen>, SearchError> {
        let fields = *self.reader.fields();
        let mut found = None;
        for field in [fields.body, fields.title] {
            let mut looked_at = 0;
            for (address, position) in self.sightings(field, term)? {
                looked_at += 1;
                let Some(seen) = self.at(field, address, position, term)? else { continue };
                if seen.text.chars().any(char::is_lowercase) {
                    return Ok(Some(seen));
                }
                found.get_or_insert(seen);
            }
            if looked_at >= SEEN || found.is_some() {
                break;
            }
        }
        Ok(found)
    }

    /// The first reports of the index that have a term in a field, and where it stands first in each.
    fn sightings(&self, field: Field, term: &str) -> Result<Vec<(DocAddress, u32)>, IndexError> {
        let mut found = Vec::new();
        let term = Term::from_field_text(field, term);
        for (at, segment) in (0_u32..).zip(self.reader.searcher().segment_readers()) {
            let inverted = segment.inverted_index(field)?;
            let postings = inverted.read_postings(&term, IndexRecordOption::WithFreqsAndPositions);
            let Some(mut postings) = postings.map_err(tantivy::TantivyError::from)? else { continue };
            let mut positions = Vec::new();
            while postings.doc() != TERMINATED && found.len() < SEEN {
                if !segment.is_deleted(postings.doc()) {
                    postings.positions(&mut positions);
                    found.extend(positions.first().map(|&first| (DocAddress::new(at, postings.doc()), first)));
                }
                postings.advance();
            }
            if found.len() >= SEEN {
                break;
            }
        }
        Ok(found)
    }

    /// The word that stands at a position of a report, if a term is all of it.
    fn at(
        &mut self,
        field: Field,
        address: DocAddress,
        position: u32,
        term: &str,
    ) -> Result<Option<Seen>, SearchError> {
        let (record, text) = self.reader.stored(address)?;
        let (part, first) = if field == self.reader.fields().title {
            (record.title.as_deref().unwrap_or_default(), 0)
        } else {
            let segment = self.reader.searcher().segment_reader(address.segment_ord);
            let starts = segment.fast_fields().u64(column::PASSAGE)?;
            let starts = starts.values_for_doc(address.doc_id).filter_map(|start| u32::try_from(start).ok());
            let starts: Vec<u32> = starts.collect();
            let passage = starts.partition_point(|&start| start <= position).saturating_sub(1);
            let bytes = record.passages.get(passage).copied().unwrap_or_default();
            (text.get(bytes.0..bytes.1).unwrap_or_default(), starts.get(passage).copied().unwrap_or(0))
        };
        let tokens = self.analyzer.analyze(part);
        let token = tokens.get((position - first) as usize).filter(|token| token.terms.exact == term);
        Ok(token.map(|token| {
            // A name keeps its capitals; a word has some only where a sentence begins or shouts.
            let protected = matches!(token.terms.kind, Kind::Name | Kind::SpelledName);
            let capital = !token.opens && token.surface.chars().any(char::is_lowercase);
            let name = !is_word(term) && (protected || capital);
            let text = if name { token.surface.to_owned() } else { token.surface.to_lowercase() };
            Seen { text, stem: token.stems().next().unwrap_or(term).to_owned() }
        }))
    }
}
