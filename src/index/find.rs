//! Finding a report by what it is called: its id, that of a passage, or the place that hits show.

use super::record::Record;
use super::{IndexError, IndexReader};
use crate::hit::{ReportInfo, whole_place};

/// Ids that are told where none is meant.
const NEAR: usize = 3;
/// How alike two names are at least, from 0 to 1, for one to be told.
const ALIKE: f64 = 0.6;

/// A report that was found by a name.
pub(crate) struct Found {
    pub(crate) id: String,
    pub(crate) record: Record,
    pub(crate) text: String,
    /// The passage that the name ends with, from 1. There may be no such passage.
    pub(crate) ordinal: Option<usize>,
    /// Whether the name is a place whose path has another root than the report's own.
    pub(crate) moved: bool,
}

impl Found {
    /// What hits tell of the report.
    pub(crate) fn info(&self) -> ReportInfo {
        self.record.info(self.id.clone())
    }
}

impl Record {
    /// What hits tell of the report of an id.
    pub(super) fn info(&self, id: String) -> ReportInfo {
        let Self { title, source, url, author, path, published, .. } = self.clone();
        ReportInfo { id, title, source, url, author, path, published }
    }
}

impl IndexReader {
    /// The report that a name stands for: an id, or a place that has one at its end after `/` or `:`, or that of one of
    /// its passages, `#3`. Of several readings the one with the longest id.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn find(&self, name: &str) -> Result<Option<Found>, IndexError> {
        let passage = name.rsplit_once('#').and_then(|(name, ordinal)| {
            let plain = ordinal.bytes().all(|c| c.is_ascii_digit());
            Some((name, Some(ordinal.parse().ok().filter(|_| plain)?)))
        });
        let names = [Some((name, None)), passage].into_iter().flatten();
        for whole in [true, false] {
            for (name, ordinal) in names.clone() {
                if let Some(found) = self.find_report(name, ordinal, whole)? {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// The report of an id, or of a place that ends with one.
    fn find_report(&self, name: &str, ordinal: Option<usize>, whole: bool) -> Result<Option<Found>, IndexError> {
        let starts =
            name.char_indices().filter(|(_, c)| matches!(c, '/' | ':' | ' ' | '(' | '[' | '{' | '<' | '>' | '"'));
        let starts = std::iter::once(0).chain(starts.map(|(at, c)| at + c.len_utf8()));
        for start in starts.filter(|start| (*start == 0) == whole) {
            let id = &name[start..];
            let Some((record, text)) = self.report(id)? else { continue };
            let mut found = Found { id: id.to_owned(), record, text, ordinal, moved: false };
            if start == 0 {
                return Ok(Some(found));
            }
            let place = whole_place(&found.info());
            if !name.ends_with(&place) {
                // A place of this id ends with it, after the same sign.
                if place != id && !place.ends_with(&name[start - 1..]) {
                    continue;
                }
                found.moved = true;
            } else if name[..name.len() - place.len()].ends_with(['/', ':']) {
                found.moved = true;
            }
            return Ok(Some(found));
        }
        Ok(None)
    }

    /// Ids that are spelled almost like a name, the likeliest first: by their last part above all.
    pub(crate) fn near_ids(&self, name: &str) -> Vec<String> {
        let last = |id: &str| {
            let id =
                id.rsplit_once('#').filter(|(_, n)| n.bytes().all(|c| c.is_ascii_digit())).map_or(id, |(id, _)| id);
            id.rsplit(['/', ':']).next().unwrap_or_default().to_lowercase()
        };
        let meant = last(name);
        let likeness = |id: &str| {
            let id = last(id);
            let holds = !meant.is_empty() && id.contains(&meant);
            if holds { 1.0 } else { strsim::normalized_damerau_levenshtein(&id, &meant) }
        };
        let ids =
            self.known().into_iter().flatten().map(|(id, _)| (likeness(&id), id)).filter(|(alike, _)| *alike >= ALIKE);
        let mut ids: Vec<(f64, String)> = ids.collect();
        ids.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.cmp(other)));
        ids.truncate(NEAR);
        ids.into_iter().map(|(_, id)| id).collect()
    }
}
