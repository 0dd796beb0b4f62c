//! The file of counts.
//!
//! ```text
//! {"kinds":[{"kind":"group","mentions":false,"without":3,"levels":[[34,false],[33,false]]},…]}⏎
//! [["Mali",60,2],["Niger",40,0]]     the broadest values of the first kind, most frequent first
//! [["Gao",35,0],["Mopti",30,0]]      those right below them, parent by parent
//! ```
//! Each level is read when it is first asked for, so that thousands of places cost nothing where countries are asked for. A
//! level is a list of names, each with its reports and with how many values stand right below; a long one is packed with
//! zstd. The first line tells how many bytes each takes, and whether it is packed.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};
use tantivy::directory::Directory;
use tantivy::{Index, ReloadPolicy};

use super::super::IndexError;
use super::super::commit::Payload;
use super::super::home::META;
use super::super::layout::Fields;
use super::{Counted, Kinds, Level, Totals, invalid, kinds, made};
use crate::facet::FacetKind;

/// How the names of these files begin.
const NAME: &str = "facets-";
/// How the name of one ends that is being written.
const DRAFT: &str = ".new";
/// Levels of more bytes are packed.
const PLAIN: usize = 4096;
/// How hard to pack them.
const LEVEL: i32 = 3;

/// Where the values of a level are written.
#[derive(Debug)]
pub(super) struct Place {
    file: Arc<Mutex<File>>,
    start: u64,
    bytes: u64,
    packed: bool,
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
type Row<'n> = (Cow<'n, str>, u64, usize);

/// Counts all reports of an index, keeps that in the directory of its generation, and tells its commit, of which `payload`
/// is what it says of itself.
///
/// # Errors
/// If the index cannot be read, or a file not be written; the commit is then told of no counts.
pub(in crate::index) fn keep(
    index: &Index,
    generation: &Path,
    fields: &Fields,
    mut payload: Payload,
) -> Result<(), IndexError> {
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
pub(in crate::index) fn name_of(bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    format!("{NAME}{}", hash.get(..32).unwrap_or_default())
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
///
/// # Errors
/// Why it cannot be used.
pub(super) fn open(file: &Arc<Mutex<File>>) -> io::Result<Kinds<Totals>> {
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

impl Place {
    /// Reads the values.
    ///
    /// # Errors
    /// Why they cannot be used.
    pub(super) fn read(&self) -> io::Result<Vec<Counted>> {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tantivy::TantivyDocument;
    use tantivy::schema::Facet;

    use super::super::super::layout::schema;
    use super::*;
    use crate::counts::{FacetCount, FacetCounts};
    use crate::index::IndexReader;

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
