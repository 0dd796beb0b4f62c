//! What an index holds, in numbers.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use rustc_hash::FxHashMap;
use serde::Serialize;
use tantivy::collector::DocSetCollector;
use tantivy::query::AllQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED};

use super::IndexError;
use super::layout::{FORMAT_VERSION, column};
use super::reader::IndexReader;
use super::summary::{OpenName, most_frequent};
use crate::french::Analyzer;
use crate::vocabulary::Vocabulary;

/// What an index holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Info {
    /// Reports.
    pub reports: u64,
    /// Their passages.
    pub passages: u64,
    /// Bytes of all files of the index.
    pub bytes: u64,
    /// Reports by language.
    pub languages: BTreeMap<String, u64>,
    /// Reports with a group or force.
    pub with_group: u64,
    /// Reports with a place.
    pub with_region: u64,
    /// Reports with a date of an event or of publication.
    pub with_date: u64,
    /// First and last day of these dates.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// Version of the layout.
    pub format: u32,
    /// Version of the analysis chain and hash of its tables.
    pub analysis: String,
    /// Of all of it: the same for the same reports, vocabulary and version ([`IndexReader::digest`]).
    pub digest: String,
    /// Whether names and dates were looked for in the texts; else reports have what their records give.
    pub annotation: bool,
    /// The names that the reports were annotated with.
    pub vocabulary: VocabularyInfo,
}

/// A vocabulary in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VocabularyInfo {
    /// Hash of the compiled tables.
    pub hash: String,
    /// Whether it is the one that is built into this program.
    pub builtin: bool,
    /// Places.
    pub places: usize,
    /// Actors.
    pub actors: usize,
}

impl IndexReader {
    /// What the index holds.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn info(&self) -> Result<Info, IndexError> {
        let vocabulary = self.vocabulary()?;
        let (places, actors) = vocabulary.sizes();
        let mut info = Info {
            reports: self.searcher().num_docs(),
            passages: 0,
            bytes: size(self.places().1)?,
            languages: BTreeMap::new(),
            with_group: 0,
            with_region: 0,
            with_date: 0,
            days: None,
            format: FORMAT_VERSION,
            analysis: Analyzer::fingerprint(),
            digest: self.digest().to_owned(),
            annotation: self.annotated(),
            vocabulary: VocabularyInfo {
                hash: vocabulary.fingerprint().to_owned(),
                builtin: vocabulary.fingerprint() == Vocabulary::builtin().fingerprint(),
                places,
                actors,
            },
        };
        let (mut first, mut last) = (i64::MAX, i64::MIN);
        for segment in self.searcher().segment_readers() {
            let columns = segment.fast_fields();
            let passages = columns.u64(column::PASSAGE)?;
            let (first_day, last_day) = (columns.i64(column::FIRST_DAY)?, columns.i64(column::LAST_DAY)?);
            let (groups, regions) = (segment.facet_reader("group")?, segment.facet_reader("region")?);
            for doc in segment.doc_ids_alive() {
                info.passages += (passages.values_for_doc(doc).count() as u64).saturating_sub(1);
                info.with_group += u64::from(groups.facet_ords(doc).next().is_some());
                info.with_region += u64::from(regions.facet_ords(doc).next().is_some());
                info.with_date += u64::from(first_day.first(doc).is_some());
                first = first.min(first_day.first(doc).unwrap_or(i64::MAX));
                last = last.max(last_day.first(doc).unwrap_or(i64::MIN));
            }
        }
        let day = |number: i64| i32::try_from(number).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
        info.days = day(first).zip(day(last)).filter(|(from, to)| from.year() <= to.year());
        info.languages = self.languages()?;
        Ok(info)
    }

    /// The reports of each language.
    fn languages(&self) -> Result<BTreeMap<String, u64>, IndexError> {
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for segment in self.searcher().segment_readers() {
            let inverted = segment.inverted_index(self.fields().lang)?;
            let mut terms = inverted.terms().stream().map_err(tantivy::TantivyError::from)?;
            while terms.advance() {
                let language = String::from_utf8_lossy(terms.key()).into_owned();
                let postings = inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic);
                let mut postings = postings.map_err(tantivy::TantivyError::from)?;
                let mut reports = 0;
                while postings.doc() != TERMINATED {
                    reports += u64::from(!segment.is_deleted(postings.doc()));
                    postings.advance();
                }
                if reports > 0 {
                    *found.entry(language).or_default() += reports;
                }
            }
        }
        Ok(found)
    }

    /// The names that stayed open, the most frequent first; 0 takes all.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn open_names(&self, most: usize) -> Result<Vec<OpenName>, IndexError> {
        let mut names: FxHashMap<String, u64> = FxHashMap::default();
        for address in self.searcher().search(&AllQuery, &DocSetCollector)? {
            for name in self.stored(address)?.0.open {
                *names.entry(name).or_default() += 1;
            }
        }
        Ok(most_frequent(names.into_iter(), most))
    }
}

/// The bytes of all files of a directory.
fn size(dir: &Path) -> Result<u64, IndexError> {
    let failure = |error| IndexError::io(dir, error);
    let mut bytes = 0;
    for entry in std::fs::read_dir(dir).map_err(failure)? {
        bytes += match entry.and_then(|entry| entry.metadata()) {
            Ok(metadata) => metadata.len(),
            // Whoever writes the index removes what it no longer needs.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
            Err(error) => return Err(failure(error)),
        };
    }
    Ok(bytes)
}
