//! What is made of an open index when it is first asked for, and kept as long as it is open.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::SegmentReader;
use tantivy::columnar::Column;

use super::facets::Values;
use super::frequent::Frequent;
use super::layout::column;
use super::roster::Roster;
use super::totals::{Kinds, Stored, Totals};
use super::{IndexError, IndexReader};
use crate::facet::{FacetKind, FacetPath};

/// See the head of this file.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) names: OnceLock<Roster>,
    pub(super) frequent: OnceLock<Frequent>,
    /// The values of each kind of facet, and how many reports were counted by values of their own.
    values: Kinds<(OnceLock<Arc<Values>>, AtomicU64)>,
    /// The counts of all reports, if the commit left them.
    pub(super) counts: Option<Stored>,
    /// Where it left none that can be used: those that were made here.
    pub(super) totals: Kinds<OnceLock<Totals>>,
    /// The facets that names stand for, of those that were asked for last.
    named: Mutex<FxHashMap<Asked, Vec<FacetPath>>>,
    /// One a segment.
    columns: OnceLock<Vec<Columns>>,
    /// Held while one of these is made, so that many who ask at once do not all make it.
    making: Mutex<()>,
}

/// A name of a kind of facet, asked for with what reports only mention or without.
type Asked = (FacetKind, bool, String);

/// Names that are kept, and bytes of the longest of them.
const NAMES: usize = 1024;
const NAME: usize = 256;

/// The columns of a segment that every search reads: to find one takes longer than to read some values of it.
pub(crate) struct Columns {
    /// Report ids, as [`column::ID`] tells.
    pub(crate) ids: Column<u64>,
    /// Positions of the passages' first words, as [`column::PASSAGE`] tells.
    pub(crate) starts: Column<u64>,
    /// First days of all dates.
    pub(crate) first_day: Column<i64>,
    /// Last days of all dates.
    pub(crate) last_day: Column<i64>,
}

impl Columns {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        Ok(Self {
            ids: columns.u64(column::ID)?,
            starts: columns.u64(column::PASSAGE)?,
            first_day: columns.i64(column::FIRST_DAY)?,
            last_day: columns.i64(column::LAST_DAY)?,
        })
    }
}

impl Kept {
    /// Nothing made yet, beside the counts that the commit left.
    pub(super) fn with(counts: Option<Stored>) -> Self {
        Self { counts, ..Self::default() }
    }

    /// What was made before; else what is made now, once, however many ask for it.
    pub(super) fn once<'r, T, E>(
        &self,
        place: &'r OnceLock<T>,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<&'r T, E> {
        if let Some(known) = place.get() {
            return Ok(known);
        }
        // Nothing is left half made by whoever failed.
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        match place.get() {
            Some(known) => Ok(known),
            None => make().map(|new| place.get_or_init(|| new)),
        }
    }

    /// Where the values of a kind of facet are kept, and how many reports were counted before they were.
    pub(super) fn values(&self, kind: FacetKind, mentions: bool) -> &(OnceLock<Arc<Values>>, AtomicU64) {
        self.values.of(kind, mentions)
    }
}

impl IndexReader {
    /// Makes what suggestions are looked up in, which the first of them would wait for otherwise: one pass over the
    /// dictionary of the text.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn prepare_suggestions(&self) -> Result<(), IndexError> {
        self.roster()?;
        self.frequent("").map(|_| ())
    }

    /// The columns that every search reads, one entry a segment.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn columns(&self) -> Result<&[Columns], IndexError> {
        // Whoever makes something else may ask for them, so that nothing is held meanwhile.
        if self.kept.columns.get().is_none() {
            let columns = self.searcher().segment_readers().iter().map(Columns::open);
            let columns = columns.collect::<tantivy::Result<Vec<_>>>()?;
            let _ = self.kept.columns.set(columns);
        }
        Ok(self.kept.columns.get().map_or(&[], Vec::as_slice))
    }

    /// The facets that a name stands for, of a kind, with mentions or without; as `make` tells them when that is first asked
    /// for. Readers filter by the same few names again and again.
    ///
    /// # Errors
    /// What `make` fails with; that is not kept.
    pub(crate) fn named<E>(
        &self,
        (kind, mentions): (FacetKind, bool),
        name: &str,
        make: impl FnOnce() -> Result<Vec<FacetPath>, E>,
    ) -> Result<Vec<FacetPath>, E> {
        let kept = || self.kept.named.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = (kind, mentions, name.to_owned());
        if let Some(known) = kept().get(&asked) {
            return Ok(known.clone());
        }
        // Nothing is held meanwhile.
        let found = make()?;
        if name.len() <= NAME {
            let mut kept = kept();
            if kept.len() >= NAMES {
                kept.clear();
            }
            kept.insert(asked, found.clone());
        }
        Ok(found)
    }
}
