//! How many of all reports have each value of a facet: counted when an index is committed, and kept in a file of its
//! generation.
//!
//! The file bears the digest of the reports that were counted in its name: as long as these are the reports of the index,
//! its counts are theirs, however segments were merged since. It only spares work. A reader of an index without it (a run
//! was killed right after its commit, or the index is older) counts all reports when they are first asked for, and tells
//! the same; the next commit writes the file. `vigie check` counts them too, and compares.
//!
//! ```text
//! {"digest":"…","kinds":[{"kind":"group","mentions":false,"without":3,"levels":[[61,false],[9120,true]]},…]}⏎
//! [["Mali",60,2],["Niger",40,0]]                                   the broadest values of the first kind, most frequent first
//! [["Gao",35,0],["Mopti",30,0]]                                    those right below them, parent by parent
//! ```
//! Each level is read when it is first asked for, so that the first of a vocabulary of thousands of places cost nothing of
//! the others. A level is a list of names, each with its reports and with how many values stand right below; a long one is
//! packed with zstd. The first line tells how many bytes each takes, and whether it is packed.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};
use tantivy::{DocId, Searcher};

use super::facets::{Having, Node, ROOT, Tally, Tree, Values};
use super::layout::Fields;
use super::reader::shorten;
use super::{IndexError, IndexReader};
use crate::counts::{FacetCount, FacetCounts};
use crate::facet::{FacetKind, FacetPath};

/// How the names of these files begin.
const NAME: &str = "facets-";
/// How the name of one that is being written ends.
const DRAFT: &str = ".new";
/// Levels of more bytes are packed.
const PLAIN: usize = 4096;
/// How hard to pack them.
const LEVEL: i32 = 3;
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

#[derive(Debug)]
struct Place {
    file: Arc<Mutex<File>>,
    start: u64,
    bytes: u64,
    packed: bool,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Counted {
    name: String,
    reports: u64,
    /// Which of the next level stand right below it.
    below: Range<usize>,
}

/// The first line of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    digest: String,
    kinds: Vec<Described>,
}

/// What the first line tells of a kind.
#[derive(Debug, Serialize, Deserialize)]
struct Described {
    kind: FacetKind,
    mentions: bool,
    without: u64,
    /// Bytes of each level, and whether they are packed.
    levels: Vec<(u64, bool)>,
}

/// A value as it is written: its name, its reports, and how many stand right below it.
type Row<'n> = (std::borrow::Cow<'n, str>, u64, usize);

/// The counts that a commit left.
#[derive(Debug)]
pub(super) struct Stored(Kinds<Totals>);

/// The kinds that are counted, with mentions and without.
fn kinds() -> impl Iterator<Item = (FacetKind, bool)> {
    let both = FacetKind::ALL.into_iter().flat_map(|kind| [(kind, false), (kind, true)]);
    both.filter(|&(kind, mentions)| kind != FacetKind::Source || !mentions)
}

/// The name of the file of the counts of the reports of a digest.
pub(super) fn name_of(digest: &str) -> String {
    format!("{NAME}{digest}")
}

/// Counts all reports of an index, and keeps that in the directory of its generation, in the place of what was kept there.
///
/// # Errors
/// If the index cannot be read, or the file not be written.
pub(super) fn keep(generation: &Path, digest: &str, searcher: &Searcher, fields: &Fields) -> Result<(), IndexError> {
    let name = name_of(digest);
    let path = generation.join(&name);
    let made = kinds().map(|(kind, mentions)| Ok((kind, mentions, Totals::make(searcher, fields, kind, mentions)?)));
    let made: Vec<(FacetKind, bool, Totals)> = made.collect::<tantivy::Result<_>>()?;
    let write = || {
        let draft = generation.join(format!("{name}{DRAFT}"));
        let mut file = File::create(&draft)?;
        file.write_all(&pack(digest, &made)?)?;
        file.sync_all()?;
        fs::rename(&draft, &path)
    };
    write().map_err(|error| IndexError::io(&path, error))?;
    for entry in fs::read_dir(generation).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(|other| other.starts_with(NAME) && other != name) {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// The bytes of the file.
fn pack(digest: &str, made: &[(FacetKind, bool, Totals)]) -> io::Result<Vec<u8>> {
    let mut header = Header { digest: digest.to_owned(), kinds: Vec::new() };
    let mut levels = Vec::new();
    for (kind, mentions, totals) in made {
        let mut described = Described { kind: *kind, mentions: *mentions, without: totals.without, levels: Vec::new() };
        for values in totals.levels.iter().filter_map(|level| level.values.get()) {
            let rows = values.iter().map(|value| (value.name.as_str().into(), value.reports, value.below.len()));
            let plain = serde_json::to_vec(&rows.collect::<Vec<Row<'_>>>())?;
            let packed = plain.len() > PLAIN;
            let bytes = if packed { zstd::encode_all(plain.as_slice(), LEVEL)? } else { plain };
            described.levels.push((bytes.len() as u64, packed));
            levels.extend(bytes);
        }
        header.kinds.push(described);
    }
    let mut file = serde_json::to_vec(&header)?;
    file.push(b'\n');
    file.extend(levels);
    Ok(file)
}

impl Stored {
    /// Opens the counts of the reports of a digest, if they were kept.
    ///
    /// # Errors
    /// Why what is there cannot be used.
    pub(super) fn open(generation: &Path, digest: &str) -> io::Result<Option<Self>> {
        if digest.is_empty() {
            return Ok(None);
        }
        let file = match File::open(generation.join(name_of(digest))) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut reader = BufReader::new(file);
        let mut line = Vec::new();
        let mut start = reader.read_until(b'\n', &mut line)? as u64;
        let header: Header = serde_json::from_slice(&line)?;
        let told = header.kinds.iter().map(|described| (described.kind, described.mentions));
        if header.digest != digest || !told.eq(kinds()) {
            return Err(invalid("its first line tells of other counts"));
        }
        let file = Arc::new(Mutex::new(reader.into_inner()));
        let mut stored = Kinds::default();
        for Described { kind, mentions, without, levels } in header.kinds {
            let mut found = Totals { without, levels: Vec::new() };
            for (bytes, packed) in levels {
                let place = Place { file: Arc::clone(&file), start, bytes, packed };
                found.levels.push(Level { values: OnceLock::new(), place: Some(place) });
                start = start.saturating_add(bytes);
            }
            stored.0[kind as usize][usize::from(mentions)] = found;
        }
        Ok(Some(Self(stored)))
    }

    /// What is wrong with the counts that were kept, against the reports themselves.
    ///
    /// # Errors
    /// If one of both cannot be read.
    pub(super) fn differences(&self, searcher: &Searcher, fields: &Fields) -> Result<Vec<String>, IndexError> {
        let mut found = Vec::new();
        for (kind, mentions) in kinds() {
            let (kept, made) = (self.0.of(kind, mentions), Totals::make(searcher, fields, kind, mentions)?);
            match kept.is(&made) {
                Ok(true) => {}
                Ok(false) => {
                    let with = if mentions { ", with mentions," } else { "" };
                    found.push(format!(
                        "the counts of “{}”{with} that it keeps are not those of its reports",
                        kind.name()
                    ));
                }
                Err(error) => {
                    found.push(format!("the counts of “{}” that it keeps cannot be read: {error}", kind.name()))
                }
            }
        }
        Ok(found)
    }
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
                (0..docs.len()).for_each(|at| tally.count(having.of(at), true));
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

impl Place {
    fn read(&self) -> io::Result<Vec<Counted>> {
        let mut bytes = Vec::new();
        {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(self.start))?;
            (&mut *file).take(self.bytes).read_to_end(&mut bytes)?;
        }
        if self.packed {
            bytes = zstd::decode_all(bytes.as_slice())?;
        }
        let rows: Vec<Row<'_>> = serde_json::from_slice(&bytes)?;
        let mut end = 0_usize;
        let values = rows.into_iter().map(|(name, reports, below)| {
            let start = end;
            end = end.saturating_add(below);
            Counted { name: name.into_owned(), reports, below: start..end }
        });
        Ok(values.collect())
    }
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

impl IndexReader {
    /// How many of all reports have each value of a kind of facet, with what they only mention or without: `depth` levels
    /// deep, with at most `limit` values below each (0: all of them). As the commit left it; where it left nothing, all
    /// reports are counted when this is first asked for.
    ///
    /// # Errors
    /// If the index cannot be read, or what the commit left cannot be used.
    pub(crate) fn facet_totals(
        &self,
        kind: FacetKind,
        mentions: bool,
        depth: usize,
        limit: usize,
    ) -> Result<FacetCounts, IndexError> {
        let made = self.kept.totals.of(kind, mentions);
        let totals = match self.stored_totals()?.map(|stored| stored.0.of(kind, mentions)).or_else(|| made.get()) {
            Some(totals) => totals,
            None => {
                // Nothing is held meanwhile: who asks at the same time counts too.
                let totals = Totals::make(self.searcher(), self.fields(), kind, mentions)?;
                made.get_or_init(|| totals)
            }
        };
        totals.cut(depth, limit).map_err(|error| self.unusable(error))
    }

    /// What is wrong with the counts that the commit left; nothing where it left none.
    ///
    /// # Errors
    /// As [`IndexReader::facet_totals`].
    pub(super) fn totals_faults(&self) -> Result<Option<Vec<String>>, IndexError> {
        let stored = self.stored_totals()?;
        stored.map(|stored| stored.differences(self.searcher(), self.fields())).transpose()
    }

    /// The counts that the commit left. They stay open, for a later commit removes them.
    fn stored_totals(&self) -> Result<Option<&Stored>, IndexError> {
        if self.kept.stored_totals.get().is_none() {
            let stored = Stored::open(self.places().1, self.digest()).map_err(|error| self.unusable(error))?;
            let _ = self.kept.stored_totals.set(stored);
        }
        Ok(self.kept.stored_totals.get().and_then(Option::as_ref))
    }

    fn unusable(&self, error: io::Error) -> IndexError {
        let (dir, generation) = self.places();
        let name = name_of(self.digest());
        if error.kind() == io::ErrorKind::PermissionDenied {
            return IndexError::io(&generation.join(name), error);
        }
        IndexError::Damaged { dir: dir.to_owned(), why: shorten(&format!("{name}: {error}")) }
    }
}
