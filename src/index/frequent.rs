//! The words that most reports have, by the one or two letters that they begin with: too many begin so to be gone through
//! while somebody types.
//!
//! One list a reader, made when it is first asked for by one pass over the dictionary of the text; it holds some dozens
//! of words for each pair of letters, however large the index.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tantivy::TantivyError;
use tantivy::termdict::TermMerger;

use super::{IndexError, IndexReader};
use crate::french::is_stop;

/// Letters of the longest beginning that is listed.
pub(crate) const LISTED: usize = 2;
/// Words that are kept for each.
const MOST: usize = 64;

/// Exact terms by their first letters, those that most reports have in the text first.
pub(super) type Frequent = BTreeMap<String, Vec<String>>;

/// Words with how many reports have each, of which only the most frequent are kept.
#[derive(Default)]
struct Best(Vec<(Reverse<u64>, String)>);

impl Best {
    fn meet(&mut self, reports: u64, term: &str) {
        self.0.push((Reverse(reports), term.to_owned()));
        if self.0.len() >= MOST * 4 {
            self.cut();
        }
    }

    fn cut(&mut self) {
        self.0.sort_unstable();
        self.0.truncate(MOST);
    }

    fn terms(mut self) -> Vec<String> {
        self.cut();
        self.0.into_iter().map(|(_, term)| term).collect()
    }
}

impl IndexReader {
    /// The words that begin with one or two folded letters and that most reports have in the text, some dozens at most, the
    /// most frequent first; no function words, and none of one letter.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn frequent(&self, beginning: &str) -> Result<&[String], IndexError> {
        let known = self.kept.once(&self.kept.frequent, || self.most_frequent())?;
        Ok(known.get(beginning).map_or(&[], Vec::as_slice))
    }

    fn most_frequent(&self) -> Result<Frequent, IndexError> {
        let mut found: BTreeMap<String, Best> = BTreeMap::new();
        let mut inverted = Vec::new();
        for segment in self.searcher().segment_readers() {
            inverted.push(segment.inverted_index(self.fields().body)?);
        }
        // Between these stand digits, signs and names, and stems: see `terms`.
        for (from, to) in [("a", Some("~")), ("\u{80}", None)] {
            let mut streams = Vec::with_capacity(inverted.len());
            for segment in &inverted {
                let range = segment.terms().range().ge(from);
                let range = if let Some(to) = to { range.lt(to) } else { range };
                streams.push(range.into_stream().map_err(TantivyError::from)?);
            }
            let mut terms = TermMerger::new(streams);
            while terms.advance() {
                let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
                let letters: Vec<usize> = term.char_indices().take(LISTED).map(|(at, c)| at + c.len_utf8()).collect();
                if letters.len() < LISTED || !term.starts_with(char::is_alphabetic) || is_stop(term) {
                    continue;
                }
                let reports = terms.current_segment_ords_and_term_infos().map(|(_, info)| u64::from(info.doc_freq));
                let reports = reports.sum();
                for end in letters {
                    match found.get_mut(&term[..end]) {
                        Some(best) => best.meet(reports, term),
                        None => found.entry(term[..end].to_owned()).or_default().meet(reports, term),
                    }
                }
            }
        }
        Ok(found.into_iter().map(|(beginning, best)| (beginning, best.terms())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_words_of_each_beginning_are_listed() {
        let reader = IndexReader::of_texts(&[
            ("", "Une embuscade, un convoi, des armes, et 17 élus."),
            ("", "Une embuscade. Les armes. L'émeute, à Ébola."),
            ("Emprunt", "Une embuscade."),
        ]);
        let list = |beginning| reader.frequent(beginning).unwrap().to_vec();
        assert_eq!(list("e"), ["embuscade", "ebola", "elus", "emeute"]);
        assert_eq!(list("em"), ["embuscade", "emeute"]);
        for none in ["", "u", "1", "~e", "@e", "emb", "x"] {
            assert!(list(none).is_empty(), "{none}");
        }
    }

    #[test]
    fn no_list_grows_with_the_index() {
        let mut best = Best::default();
        for reports in 0..10_000 {
            best.meet(reports, &format!("mot{reports}"));
            assert!(best.0.len() < MOST * 4);
        }
        let terms = best.terms();
        assert_eq!((terms.len(), terms[0].as_str()), (MOST, "mot9999"));
    }
}
