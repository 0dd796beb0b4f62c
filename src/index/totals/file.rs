//! The file of counts.
//!
//! ```text
//! {"kinds":[{"kind":"group","mentions":false,"without":3,"levels":[[34,false,"6c31…"],[33,false,"b09f…"]]},…]}⏎
//! [["Mali",60,2],["Niger",40,0]]     the broadest values of the first kind, most frequent first
//! [["Gao",35,0],["Mopti",30,0]]      those right below them, parent by parent
//! ```
//! Each level is read when it is first asked for, so that thousands of places cost nothing where countries are asked for. A
//! level is a list of names, each with its reports and with how many values stand right below; a long one is packed with
//! zstd. The first line tells how many bytes each takes, whether it is packed, and the hash of these bytes; the name of the
//! file has the hash of the first line. So nothing that is read is other than what was written.

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
/// What is said of what has another hash.
const OTHER: &str = "it is not what was written";
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
    hash: String,
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
    /// Bytes of each level, whether they are packed, and their hash.
    levels: Vec<(u64, bool, String)>,
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
    let (name, bytes) = pack(&made(&reader.searcher(), fields)?).map_err(|error| IndexError::io(generation, error))?;
    let path = generation.join(&name);
    // The commit before may have the same counts, and needs their file.
    let draft = generation.join(format!("{name}{DRAFT}"));
    let write = || {
        let mut file = File::create(&draft)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&draft, &path)
    };
    write().map_err(|error| IndexError::io(&draft, error))?;
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

/// The hash of some bytes, as far as it is written.
fn hash_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().get(..32).unwrap_or_default().to_owned()
}

/// The name of a file that begins with a line.
fn name_of(line: &[u8]) -> String {
    format!("{NAME}{}", hash_of(line))
}

/// Whether these bytes are those of the file of a name, to the last.
pub(in crate::index) fn is_written(name: &str, bytes: &[u8]) -> bool {
    let line = bytes.iter().position(|&byte| byte == b'\n').map_or(bytes, |end| &bytes[..=end]);
    let Ok(header) = header(name, line) else { return false };
    let mut rest = &bytes[line.len()..];
    for (count, _, hash) in header.kinds.iter().flat_map(|described| &described.levels) {
        let Some((level, behind)) = usize::try_from(*count).ok().and_then(|count| rest.split_at_checked(count)) else {
            return false;
        };
        if hash_of(level) != *hash {
            return false;
        }
        rest = behind;
    }
    rest.is_empty()
}

/// What the first line of the file of a name tells.
fn header(name: &str, line: &[u8]) -> io::Result<Header> {
    if name_of(line) != name {
        return Err(invalid(OTHER));
    }
    let header: Header = serde_json::from_slice(line)?;
    if !header.kinds.iter().map(|described| (described.kind, described.mentions)).eq(kinds()) {
        return Err(invalid("its first line tells of other counts"));
    }
    Ok(header)
}

/// The name and the bytes of the file.
fn pack(made: &[(FacetKind, bool, Totals)]) -> io::Result<(String, Vec<u8>)> {
    let mut header = Header { kinds: Vec::new() };
    let mut levels = Vec::new();
    for (kind, mentions, totals) in made {
        let mut described = Described { kind: *kind, mentions: *mentions, without: totals.without, levels: Vec::new() };
        for values in totals.levels.iter().filter_map(|level| level.values.get()) {
            let rows = values.iter().map(|value| (value.name.as_str().into(), value.reports, value.below.len()));
            let plain = serde_json::to_vec(&rows.collect::<Vec<Row<'_>>>())?;
            let packed = plain.len() > PLAIN;
            let bytes = if packed { zstd::encode_all(plain.as_slice(), LEVEL)? } else { plain };
            described.levels.push((bytes.len() as u64, packed, hash_of(&bytes)));
            levels.extend(bytes);
        }
        header.kinds.push(described);
    }
    let mut file = serde_json::to_vec(&header)?;
    file.push(b'\n');
    let name = name_of(&file);
    file.extend(levels);
    Ok((name, file))
}

/// Opens the file of counts of a name, of which the first line is read.
///
/// # Errors
/// Why it cannot be used.
pub(super) fn open(name: &str, file: &Arc<Mutex<File>>) -> io::Result<Kinds<Totals>> {
    let mut line = Vec::new();
    let mut start = {
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(0))?;
        BufReader::new(&mut *file).read_until(b'\n', &mut line)? as u64
    };
    let mut stored: Kinds<Totals> = Kinds::default();
    for Described { kind, mentions, without, levels } in header(name, &line)?.kinds {
        let mut found = Totals { without, levels: Vec::new() };
        for (bytes, packed, hash) in levels {
            let place = Place { file: Arc::clone(file), start, bytes, packed, hash };
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
        if hash_of(&bytes) != self.hash {
            return Err(invalid(OTHER));
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
    fn read(name: &str, bytes: &[u8], kind: FacetKind) -> io::Result<FacetCounts> {
        let mut file = tempfile::tempfile()?;
        file.write_all(bytes)?;
        open(name, &Arc::new(Mutex::new(file)))?.of(kind, false).cut(16, 0)
    }

    #[test]
    fn what_is_written_is_read_level_by_level() {
        let places: Vec<Vec<u32>> = (0..600).map(|n| (n..n + n % 3).collect()).collect();
        let reader = index(&places.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let made = made(reader.searcher(), reader.fields()).unwrap();
        let (name, bytes) = pack(&made).unwrap();
        let line = bytes.iter().position(|&byte| byte == b'\n').unwrap();
        let header: Header = serde_json::from_slice(&bytes[..line]).unwrap();
        assert!(header.kinds.iter().any(|kind| kind.levels.iter().any(|&(_, packed, _)| packed)), "{header:?}");
        let stored = {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&bytes).unwrap();
            open(&name, &Arc::new(Mutex::new(file))).unwrap()
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
        let (name, bytes) = pack(&made(reader.searcher(), reader.fields()).unwrap()).unwrap();
        assert!(is_written(&name, &bytes));
        let whole = FacetKind::ALL.map(|kind| read(&name, &bytes, kind).unwrap());
        for at in (0..bytes.len()).step_by(7) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x20;
            assert!(!is_written(&name, &flipped) && !is_written(&name, &bytes[..at]));
            for (kind, whole) in FacetKind::ALL.into_iter().zip(&whole) {
                let counts = read(&name, &flipped, kind);
                assert!(counts.is_err() || counts.is_ok_and(|counts| counts == *whole), "flipped at {at}");
            }
        }
        assert!(!is_written(&name, &[bytes.as_slice(), b" "].concat()));
        assert!(read(&name_of(b"{\"kinds\":[]}\n"), b"{\"kinds\":[]}\n", FacetKind::Date).is_err());
    }
}
