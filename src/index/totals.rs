//! How many of all reports have each value of a facet: counted when an index is committed, and kept in a file of its
//! generation.
//!
//! The file is named by the hash of its bytes and by the payload of the commit. It is written once the segments are merged,
//! and then the commit is told of it; a run that is killed in between leaves an index without it. A reader of such an
//! index, or of one that an older vigie wrote, counts all reports when that is first asked for, and tells the same; the
//! next commit writes the file. `vigie check` counts anew, and compares.
//!
//! ```text
//! {"kinds":[{"kind":"group","mentions":false,"without":3,"levels":[[34,false],[33,false]]},…]}⏎
//! [["Mali",60,2],["Niger",40,0]]     the broadest values of the first kind, most frequent first
//! [["Gao",35,0],["Mopti",30,0]]      those right below them, parent by parent
//! ```
//! Each level is read when it is first asked for, so that thousands of places cost nothing where countries are asked for. A
//! level is a list of names, each with its reports and with how many values stand right below; a long one is packed with
//! zstd. The first line tells how many bytes each takes, and whether it is packed.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};
use tantivy::directory::Directory;
use tantivy::{DocId, Index, ReloadPolicy, Searcher};

use super::commit::Payload;
use super::facets::{Having, Node, ROOT, Tally, Tree, Values};
use super::home::META;
use super::layout::Fields;
use super::reader::shorten;
use super::{IndexError, IndexReader};
use crate::counts::{FacetCount, FacetCounts};
use crate::facet::{FacetKind, FacetPath};

/// How the names of these files begin.
const NAME: &str = "facets-";
/// How the name of one ends that is being written.
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

/// The kinds that are counted, with mentions and without.
fn kinds() -> impl Iterator<Item = (FacetKind, bool)> {
    let both = FacetKind::ALL.into_iter().flat_map(|kind| [(kind, false), (kind, true)]);
    both.filter(|&(kind, mentions)| kind != FacetKind::Source || !mentions)
}

/// Counts all reports of an index, keeps that in the directory of its generation, and tells its commit, of which `payload`
/// is what it says of itself.
///
/// # Errors
/// If the index cannot be read, or a file not be written; the commit is then told of no counts.
pub(super) fn keep(index: &Index, generation: &Path, fields: &Fields, mut payload: Payload) -> Result<(), IndexError> {
    let reader: tantivy::IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let bytes = pack(&made(&reader.searcher(), fields)?).map_err(|error| IndexError::io(generation, error))?;
    let name = name_of(&bytes);
    let path = generation.join(&name);
    let write = || {
        // The commit before may have the same counts, and needs their file.
        let draft = generation.join(format!("{name}{DRAFT}"));
        let mut file = File::create(&draft)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&draft, &path)
    };
    write().map_err(|error| IndexError::io(&path, error))?;
    let mut meta = index.load_metas()?;
    payload.counts = Some(name);
    meta.payload = Some(payload.to_json());
    let directory = index.directory();
    let tell = || {
        let mut bytes = serde_json::to_vec_pretty(&meta)?;
        bytes.push(b'\n');
        directory.sync_directory()?;
        directory.atomic_write(Path::new(META), &bytes)
    };
    tell().map_err(|error| IndexError::io(&generation.join(META), error))?;
    for entry in fs::read_dir(generation).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(NAME) && payload.counts.as_deref() != Some(name)) {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// The name of a file of these bytes.
pub(super) fn name_of(bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    format!("{NAME}{}", hash.get(..32).unwrap_or_default())
}

/// The counts of all reports of an index.
fn made(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Vec<(FacetKind, bool, Totals)>> {
    kinds().map(|(kind, mentions)| Ok((kind, mentions, Totals::make(searcher, fields, kind, mentions)?))).collect()
}

/// The bytes of the file.
fn pack(made: &[(FacetKind, bool, Totals)]) -> io::Result<Vec<u8>> {
    let mut header = Header { kinds: Vec::new() };
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

/// Opens a file of counts, of which the first line is read.
fn open(file: &Arc<Mutex<File>>) -> io::Result<Kinds<Totals>> {
    let mut line = Vec::new();
    let mut start = {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(0))?;
        BufReader::new(&mut *file).read_until(b'\n', &mut line)? as u64
    };
    let header: Header = serde_json::from_slice(&line)?;
    if !header.kinds.iter().map(|described| (described.kind, described.mentions)).eq(kinds()) {
        return Err(invalid("its first line tells of other counts"));
    }
    let mut stored: Kinds<Totals> = Kinds::default();
    for Described { kind, mentions, without, levels } in header.kinds {
        let mut found = Totals { without, levels: Vec::new() };
        for (bytes, packed) in levels {
            let place = Place { file: Arc::clone(file), start, bytes, packed };
            found.levels.push(Level { values: OnceLock::new(), place: Some(place) });
            start = start.saturating_add(bytes);
        }
        stored.0[kind as usize][usize::from(mentions)] = found;
    }
    Ok(stored)
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
        let totals = match self.stored_totals()?.map(|stored| stored.of(kind, mentions)).or_else(|| made.get()) {
            Some(totals) => totals,
            None => {
                // Nothing is held meanwhile: who asks at the same time counts too.
                let totals = Totals::make(self.searcher(), self.fields(), kind, mentions)?;
                made.get_or_init(|| totals)
            }
        };
        totals.cut(depth, limit).map_err(|error| self.unusable(&error))
    }

    /// What is wrong with the counts that the commit left, if it left any, against the reports themselves.
    ///
    /// # Errors
    /// As [`IndexReader::facet_totals`].
    pub(super) fn counts_fault(&self) -> Result<Option<String>, IndexError> {
        let Some(stored) = self.stored_totals()? else { return Ok(None) };
        for (kind, mentions, made) in made(self.searcher(), self.fields())? {
            if !stored.of(kind, mentions).is(&made).map_err(|error| self.unusable(&error))? {
                return Ok(Some(format!("its counts of “{}” are not those of the reports", kind.name())));
            }
        }
        Ok(None)
    }

    /// The counts that the commit left, if it left any.
    fn stored_totals(&self) -> Result<Option<&Kinds<Totals>>, IndexError> {
        let Some(file) = &self.kept.counts else { return Ok(None) };
        if self.kept.stored_totals.get().is_none() {
            let _ = self.kept.stored_totals.set(open(file).map_err(|error| self.unusable(&error))?);
        }
        Ok(self.kept.stored_totals.get())
    }

    fn unusable(&self, error: &io::Error) -> IndexError {
        let name = self.payload().counts.as_deref().unwrap_or_default();
        IndexError::Damaged { dir: self.places().0.to_owned(), why: shorten(&format!("{name}: {error}")) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tantivy::TantivyDocument;
    use tantivy::schema::Facet;

    use super::super::layout::schema;
    use super::*;

    /// An index of reports that have these places, by their number, and days.
    fn index(places: &[&[u32]]) -> IndexReader {
        let fields = schema().1;
        IndexReader::of_documents(places.iter().zip(0..).map(|(places, day)| {
            let mut document = TantivyDocument::new();
            for place in *places {
                let path =
                    [format!("Pays {}", place % 7), format!("Cercle {}", place % 91), format!("Village {place}")];
                document.add_facet(fields.region, Facet::from_path(path));
            }
            document.add_i64(fields.days.day, 739_000 + day % 40);
            document
        }))
    }

    /// The counts of a kind of a file of these bytes, as deep as they go.
    fn read(bytes: &[u8], kind: FacetKind) -> io::Result<FacetCounts> {
        let mut file = tempfile::tempfile()?;
        file.write_all(bytes)?;
        open(&Arc::new(Mutex::new(file)))?.of(kind, false).cut(16, 0)
    }

    #[test]
    fn what_is_written_is_read_level_by_level() {
        let places: Vec<Vec<u32>> = (0..600).map(|n| (n..n + n % 3).collect()).collect();
        let reader = index(&places.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let made = made(reader.searcher(), reader.fields()).unwrap();
        let bytes = pack(&made).unwrap();
        let line = bytes.iter().position(|&byte| byte == b'\n').unwrap();
        let header: Header = serde_json::from_slice(&bytes[..line]).unwrap();
        assert!(header.kinds.iter().any(|kind| kind.levels.iter().any(|&(_, packed)| packed)), "{header:?}");
        let stored = {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&bytes).unwrap();
            open(&Arc::new(Mutex::new(file))).unwrap()
        };
        for (kind, mentions, made) in &made {
            for (depth, limit) in [(1, 0), (1, 3), (2, 2), (3, 1), (3, 0), (16, 0)] {
                let (kept, made) =
                    (stored.of(*kind, *mentions).cut(depth, limit).unwrap(), made.cut(depth, limit).unwrap());
                assert_eq!(kept, made, "{kind:?}, {depth} levels, {limit} values");
                let places = |values: &[FacetCount]| values.iter().map(|value| value.path.names().len()).max();
                assert!(places(&made.values).is_none_or(|level| level == 1));
                assert!(limit == 0 || made.values.len() <= limit);
            }
        }
        let region = stored.of(FacetKind::Region, false).cut(1, 2).unwrap();
        assert_eq!((region.values.len(), region.more, region.without, region.values[0].more), (2, 5, 200, 13));
    }

    #[test]
    fn counts_are_those_of_the_reports() {
        let reader = index(&[&[1, 8, 8], &[8], &[], &[2, 1]]);
        let counts = reader.facet_totals(FacetKind::Region, false, 3, 0).unwrap();
        let mut told = BTreeMap::new();
        let mut waiting: Vec<&FacetCount> = counts.values.iter().collect();
        while let Some(value) = waiting.pop() {
            told.insert(value.path.to_string(), value.count);
            waiting.extend(&value.children);
        }
        let want = [
            ("/Pays 1", 3),
            ("/Pays 1/Cercle 1", 2),
            ("/Pays 1/Cercle 1/Village 1", 2),
            ("/Pays 1/Cercle 8", 2),
            ("/Pays 1/Cercle 8/Village 8", 2),
            ("/Pays 2", 1),
            ("/Pays 2/Cercle 2", 1),
            ("/Pays 2/Cercle 2/Village 2", 1),
        ];
        assert_eq!(told, want.map(|(path, count)| (path.to_owned(), count)).into());
        assert_eq!(counts.without, 1);
    }

    #[test]
    fn what_is_damaged_is_told_and_nothing_else() {
        let places: Vec<Vec<u32>> = (0..300).map(|n| vec![n]).collect();
        let reader = index(&places.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let bytes = pack(&made(reader.searcher(), reader.fields()).unwrap()).unwrap();
        for at in (0..bytes.len()).step_by(7) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x20;
            assert_ne!(name_of(&flipped), name_of(&bytes));
            // Counts that can be read are counts; no damage is worse than an error.
            for kind in FacetKind::ALL {
                let _ = read(&flipped, kind);
            }
            assert!(read(&bytes[..at], FacetKind::Date).is_err() || at > bytes.len() / 2, "cut at {at}");
        }
        assert!(read(b"{\"kinds\":[]}\n", FacetKind::Date).is_err());
    }
}
