//! How many of all reports have each value of a facet: counted when an index is committed, and kept in a file of its
//! generation.
//!
//! The file is named by the payload of the commit. It is written once the segments are merged, and then the commit is told of
//! it; a run that is killed in between leaves an index without it. A reader of such an index, or of one that an older vigie
//! wrote, counts all reports when that is first asked for, and tells the same. So it does where the file is gone or is not
//! what was written, and says so. The next run writes it anew; `vigie check` counts too, and compares.

mod file;

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use tantivy::{DocId, Searcher};

pub(super) use self::file::{is_written, keep};

use self::file::Place;
use super::facets::{Having, Node, ROOT, Tally, Tree, Values};
use super::layout::Fields;
use super::reader::shorten;
use super::{IndexError, IndexReader};
use crate::counts::{FacetCount, FacetCounts};
use crate::facet::{FacetKind, FacetPath};

/// Reports that are counted at one time.
const BLOCK: u32 = 4096;

/// Something of each kind of facet, with what reports only mention and without.
#[derive(Debug, Default)]
pub(super) struct Kinds<T>([[T; 2]; FacetKind::ALL.len()]);

impl<T> Kinds<T> {
    /// What is of a kind. Reports only mention no sources.
    pub(super) fn of(&self, kind: FacetKind, mentions: bool) -> &T {
        &self.0[kind as usize][usize::from(mentions && kind != FacetKind::Source)]
    }
}

/// The counts of all reports by the values of one kind.
#[derive(Debug, Default)]
pub(super) struct Totals {
    /// Reports without any value.
    without: u64,
    /// The broadest values, those right below, and so on.
    levels: Vec<Level>,
}

/// The values of one level, in the order of those above them; below one, the most frequent first, equals by name.
#[derive(Debug)]
struct Level {
    values: OnceLock<Vec<Counted>>,
    /// Where they are written, if they are not known from the beginning.
    place: Option<Place>,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Counted {
    name: String,
    reports: u64,
    /// Which of the next level stand right below it.
    below: Range<usize>,
}

/// The kinds that are counted, with mentions and without.
fn kinds() -> impl Iterator<Item = (FacetKind, bool)> {
    let both = FacetKind::ALL.into_iter().flat_map(|kind| [(kind, false), (kind, true)]);
    both.filter(|&(kind, mentions)| kind != FacetKind::Source || !mentions)
}

/// The counts of all reports of an index.
fn made(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<(FacetKind, bool, Totals)>> {
    kinds().map(|(kind, mentions)| Ok((kind, mentions, Totals::make(searcher, fields, kind, mentions)?))).collect()
}

impl Totals {
    /// Counts all reports of an index by the values of a kind.
    fn make(searcher: &Searcher, fields: &Fields, kind: FacetKind, mentions: bool) -> tantivy::Result<Self> {
        let values = Values::new(searcher, fields, (kind, mentions), None)?;
        let mut tally = Tally::of(values.tree());
        let mut having = Having::default();
        let mut docs: Vec<DocId> = Vec::new();
        for (number, segment) in searcher.segment_readers().iter().enumerate() {
            for start in (0..segment.max_doc()).step_by(BLOCK as usize) {
                let end = start.saturating_add(BLOCK).min(segment.max_doc());
                docs.clear();
                docs.extend((start..end).filter(|&doc| !segment.is_deleted(doc)));
                values.read(number, &docs, &mut having);
                for at in 0..docs.len() {
                    tally.count(having.of(at), true);
                }
            }
        }
        Ok(Self::of(values.tree(), &tally))
    }

    /// The counts of a tally.
    fn of(tree: &Tree, tally: &Tally) -> Self {
        let mut levels = Vec::new();
        let mut above = vec![ROOT];
        loop {
            let mut nodes: Vec<Node> = Vec::new();
            let ends: Vec<usize> = above
                .iter()
                .map(|&node| {
                    let start = nodes.len();
                    nodes.extend(tree.children(node).filter(|&child| tally.reports(child) > 0));
                    // The tree has them by name.
                    nodes[start..].sort_by_key(|&child| std::cmp::Reverse(tally.reports(child)));
                    nodes.len()
                })
                .collect();
            if let Some(level) = levels.last_mut() {
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let values: &mut Vec<Counted> = level;
                values.iter_mut().zip(starts.zip(&ends)).for_each(|(value, (start, &end))| value.below = start..end);
            }
            if nodes.is_empty() {
                break;
            }
            let value =
                |&node: &Node| Counted { name: tree.name(node).to_owned(), reports: tally.reports(node), below: 0..0 };
            levels.push(nodes.iter().map(value).collect());
            above = nodes;
        }
        let level = |values| Level { values: OnceLock::from(values), place: None };
        Self { without: tally.without(), levels: levels.into_iter().map(level).collect() }
    }

    /// The broadest levels, with at most `limit` values below each (0: all of them).
    ///
    /// # Errors
    /// Why what was kept cannot be used.
    fn cut(&self, depth: usize, limit: usize) -> io::Result<FacetCounts> {
        let broadest = match self.levels.first() {
            Some(level) => level.read()?.len(),
            None => 0,
        };
        let (values, more) = self.below(0, 0..broadest, (depth, limit), &mut Vec::new())?;
        Ok(FacetCounts { filtered: false, without: self.without, values, more })
    }

    /// Some values of a level that are shown, with those below them, and how many are not.
    fn below(
        &self,
        level: usize,
        values: Range<usize>,
        (depth, limit): (usize, usize),
        names: &mut Vec<String>,
    ) -> io::Result<(Vec<FacetCount>, usize)> {
        let shown = match (level < depth, limit) {
            (false, _) => 0,
            (true, 0) => values.len(),
            (true, _) => limit.min(values.len()),
        };
        let more = values.len() - shown;
        if shown == 0 {
            return Ok((Vec::new(), more));
        }
        let there = self.levels.get(level).map_or(Ok(&[][..]), Level::read)?;
        let there = there.get(values).ok_or_else(|| invalid("it has fewer values than it tells of"))?;
        let mut counts = Vec::with_capacity(shown);
        for value in &there[..shown] {
            names.push(value.name.clone());
            let (children, more) = self.below(level + 1, value.below.clone(), (depth, limit), names)?;
            let path = FacetPath::of(names.clone());
            names.pop();
            counts.push(FacetCount { path, count: value.reports, choice: None, children, more });
        }
        Ok((counts, more))
    }

    /// Whether these are the same counts as others.
    fn is(&self, other: &Self) -> io::Result<bool> {
        let mut same = self.without == other.without && self.levels.len() == other.levels.len();
        for (a, b) in self.levels.iter().zip(&other.levels) {
            same &= a.read()? == b.read()?;
        }
        Ok(same)
    }
}

impl Level {
    /// The values; read when they are first asked for.
    fn read(&self) -> io::Result<&[Counted]> {
        if let Some(known) = self.values.get() {
            return Ok(known);
        }
        let values = self.place.as_ref().map_or_else(|| Ok(Vec::new()), Place::read)?;
        Ok(self.values.get_or_init(|| values))
    }
}

impl IndexReader {
    /// How many of all reports have each value of a kind of facet, with what they only mention or without: `depth` levels
    /// deep, with at most `limit` values below each (0: all of them). As the commit left it; where it left nothing, all
    /// reports are counted when this is first asked for.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn facet_totals(
        &self,
        kind: FacetKind,
        mentions: bool,
        depth: usize,
        limit: usize,
    ) -> Result<FacetCounts, IndexError> {
        let stored = self.kept.counts.as_ref().and_then(|stored| stored.cut((kind, mentions), depth, limit));
        if let Some(counts) = stored {
            return Ok(counts);
        }
        let made = self.kept.totals.of(kind, mentions);
        let totals = if let Some(known) = made.get() {
            known
        } else {
            // Nothing is held meanwhile: who asks at the same time counts too.
            let totals = Totals::make(self.searcher(), self.fields(), kind, mentions)?;
            made.get_or_init(|| totals)
        };
        totals.cut(depth, limit).map_err(|error| IndexError::io(self.places().1, error))
    }

    /// What whoever was given counts should know: that those which the commit left could not be used.
    pub(crate) fn lost_counts(&self) -> Option<String> {
        let why = self.kept.counts.as_ref()?.lost.get()?;
        Some(format!("the counts that the index keeps cannot be used, so all reports were counted: {why}"))
    }

    /// Whether the commit left counts that are what was written.
    pub(super) fn keeps_counts(&self) -> bool {
        let whole =
            |name: &String| std::fs::read(self.places().1.join(name)).is_ok_and(|bytes| is_written(name, &bytes));
        self.payload().counts.as_ref().is_some_and(whole)
    }

    /// What is wrong with the counts that the commit left, if it left any that are what was written, against the reports
    /// themselves.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn counts_fault(&self) -> Result<Option<String>, IndexError> {
        let Some(stored) = self.kept.counts.as_ref().and_then(Stored::kinds) else { return Ok(None) };
        for (kind, mentions, made) in made(self.searcher(), self.fields())? {
            let same = stored.of(kind, mentions).is(&made);
            if !same.map_err(|error| IndexError::io(self.places().1, error))? {
                return Ok(Some(format!("its counts of “{}” are not those of the reports", kind.name())));
            }
        }
        Ok(None)
    }
}

/// The counts that a commit left.
pub(super) struct Stored {
    name: String,
    /// The file, or why it could not be opened.
    file: io::Result<Arc<Mutex<File>>>,
    /// What it holds, if it can be read.
    kinds: OnceLock<Option<Kinds<Totals>>>,
    /// Why it cannot be used, if that was met.
    lost: OnceLock<String>,
}

impl Stored {
    /// The file of a name in the directory of a generation. It stays open, for the next commit removes it.
    pub(super) fn open(generation: &Path, name: &str) -> Self {
        let file = File::open(generation.join(name)).map(|file| Arc::new(Mutex::new(file)));
        Self { name: name.to_owned(), file, kinds: OnceLock::new(), lost: OnceLock::new() }
    }

    fn kinds(&self) -> Option<&Kinds<Totals>> {
        let read = || match &self.file {
            Ok(file) => file::open(&self.name, file).map_err(|error| self.lose(&error)).ok(),
            Err(error) => {
                self.lose(error);
                None
            }
        };
        self.kinds.get_or_init(read).as_ref()
    }

    /// As [`Totals::cut`]; nothing where it cannot be used.
    fn cut(&self, (kind, mentions): (FacetKind, bool), depth: usize, limit: usize) -> Option<FacetCounts> {
        let totals = self.kinds()?.of(kind, mentions);
        totals.cut(depth, limit).map_err(|error| self.lose(&error)).ok()
    }

    fn lose(&self, error: &io::Error) {
        self.lost.get_or_init(|| shorten(&format!("{}: {error}", self.name)));
    }
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
