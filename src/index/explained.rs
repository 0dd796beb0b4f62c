//! The acronyms of an index for people: each pair as written, and a report that tells it.

use std::collections::BTreeMap;
use std::ops::Range;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::IndexError;
use super::acronyms::{BY_SHORT, Learned, Pair, Said, Told, with_part};
use super::document::read_id;
use super::layout::column;
use super::reader::IndexReader;
use crate::french::{Acronym, Analyzer, acronyms};

/// An acronym with its long form as written, and a report that explains it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The acronym as that report writes it.
    pub short: String,
    /// The long form as it does, on one line.
    pub long: String,
    /// Reports that explain the pair, in whatever case and accents.
    pub reports: u64,
    /// Whether every letter begins a word, in order, and every word but function words gives one.
    pub strict: bool,
    /// Where it is told.
    pub evidence: Evidence,
}

/// Where a report explains an acronym.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Id of the report: the first in order of those that do.
    pub report: String,
    /// First byte of the acronym or of the long form, whichever comes first.
    pub start: usize,
    /// One past the last byte of the other.
    pub end: usize,
    /// `title` where the bytes are the title's, not the text's.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    pub part: Option<&'static str>,
}

/// A pair that reports explain, what they tell, and the first of them in order.
type Counted = (Pair, Told, String);

impl IndexReader {
    /// The acronyms that the reports explain, those of most reports first, then by name; 0 takes all.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn explained(&self, most: usize) -> Result<Vec<Explained>, IndexError> {
        let mut pairs = self.counted()?;
        if most > 0 {
            pairs.truncate(most);
        }
        // Each report is read and analysed once, whatever number of pairs it stands for.
        let mut reports: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, (_, _, id)) in pairs.iter().enumerate() {
            reports.entry(id).or_default().push(place);
        }
        let mut analyzer = Analyzer::new();
        let mut explained = vec![None; pairs.len()];
        for (id, places) in reports {
            let lost = || self.damaged(format!("an acronym that report “{id}” explains is not in it"));
            let (record, text) = self.report(id)?.ok_or_else(lost)?;
            let parts = [(None, text.as_str()), (Some("title"), record.title.as_deref().unwrap_or(""))];
            for (part, text) in parts {
                let tokens = analyzer.analyze(text);
                for found in acronyms(text, &tokens) {
                    let pair = Said::at(&found, &tokens).pair;
                    let open = |&&place: &&usize| explained[place].is_none() && pairs[place].0 == pair;
                    if let Some(&place) = places.iter().find(open) {
                        explained[place] = Some(Explained::new(id, part, text, &found, pairs[place].1));
                    }
                }
            }
            if places.iter().any(|&place| explained[place].is_none()) {
                return Err(lost());
            }
        }
        Ok(explained.into_iter().flatten().collect())
    }

    /// An acronym and what it stands for as a report writes them; nothing where none tells the pair.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn as_told(
        &self,
        learned: &Learned,
        analyzer: &mut Analyzer,
    ) -> Result<Option<(String, String)>, IndexError> {
        let pair = Pair { short: learned.short.clone(), long: learned.long.join(" ") };
        let mut first: Option<String> = None;
        self.each_term(&with_part(BY_SHORT, &learned.short), |term| {
            if first.is_none() && term.read(self, Said::read)?.pair == pair {
                let column = term.segment.fast_fields().u64(column::ID)?;
                first = term.docs()?.first().map(|&doc| read_id(&column, doc));
            }
            Ok(())
        })?;
        let Some((record, text)) = first.map(|id| self.report(&id)).transpose()?.flatten() else { return Ok(None) };
        for text in [text.as_str(), record.title.as_deref().unwrap_or("")] {
            let tokens = analyzer.analyze(text);
            let found = acronyms(text, &tokens);
            if let Some(found) = found.into_iter().find(|found| Said::at(found, &tokens).pair == pair) {
                return Ok(Some((one_line(text, &found.short), one_line(text, &found.long))));
            }
        }
        Ok(None)
    }

    /// All pairs, those of most reports first, then by name.
    fn counted(&self) -> Result<Vec<Counted>, IndexError> {
        let mut pairs: FxHashMap<Pair, (Told, String)> = FxHashMap::default();
        let terms = BY_SHORT.to_string()..char::from(BY_SHORT as u8 + 1).to_string();
        self.each_term(&terms, |term| {
            let Said { pair, strict, .. } = term.read(self, Said::read)?;
            let column = term.segment.fast_fields().u64(column::ID)?;
            let ids: Vec<String> = term.docs()?.into_iter().map(|doc| read_id(&column, doc)).collect();
            let Some(first) = ids.iter().min() else { return Ok(()) };
            let (told, least) = pairs.entry(pair).or_insert_with(|| (Told::default(), first.clone()));
            told.reports += ids.len() as u64;
            told.strict |= strict;
            if first < least {
                least.clone_from(first);
            }
            Ok(())
        })?;
        let mut pairs: Vec<Counted> = pairs.into_iter().map(|(pair, (told, first))| (pair, told, first)).collect();
        pairs.sort_unstable_by(|(a, told_a, _), (b, told_b, _)| {
            told_b.reports.cmp(&told_a.reports).then_with(|| a.cmp(b))
        });
        Ok(pairs)
    }
}

/// Some bytes of a text without its line ends.
fn one_line(text: &str, bytes: &Range<usize>) -> String {
    text[bytes.clone()].lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

impl Explained {
    fn new(report: &str, part: Option<&'static str>, text: &str, found: &Acronym, told: Told) -> Self {
        let (start, end) = (found.short.start.min(found.long.start), found.short.end.max(found.long.end));
        Self {
            short: one_line(text, &found.short),
            long: one_line(text, &found.long),
            reports: told.reports,
            strict: told.strict,
            evidence: Evidence { report: report.to_owned(), start, end, part },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_the_first_report_in_order_and_its_text_before_its_title() {
        let reader = IndexReader::of_texts(&[
            ("", "Rien."),
            ("L'Union africaine (UA)", "Selon l'Union\nafricaine (UA), rien. Le Programme alimentaire mondial (PAM)."),
            ("Le Programme Alimentaire Mondial (PAM)", "Rien."),
            ("L'Organisation de l'unité africaine (OUA)", "Rien."),
        ]);
        let explained = reader.explained(0).unwrap();
        let told: Vec<_> = explained
            .iter()
            .map(|told| {
                (
                    told.short.as_str(),
                    told.long.as_str(),
                    told.reports,
                    told.evidence.report.as_str(),
                    told.evidence.part,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("PAM", "Programme alimentaire mondial", 2, "r1", None),
                ("OUA", "Organisation de l'unité africaine", 1, "r3", Some("title")),
                ("UA", "Union africaine", 1, "r1", None),
            ]
        );
        assert_eq!((explained[2].evidence.start, explained[2].evidence.end), (8, 27));
        assert_eq!(reader.explained(1).unwrap(), explained[..1]);
    }
}
