//! The vocabulary: actors and places with every alias, and families of words that mean the same, compiled from the
//! tables of `schema/` or of another folder.
//!
//! The built-in one is compiled when vigie is built; another (`--schema DIR`) when an index is made, and stored with
//! it. Neither is read when it is opened: a look-up walks the compiled bytes.

mod automaton;
mod bearers;
pub mod check;
mod compile;
mod families;
mod forms;
mod key;
mod names;
pub(crate) mod rows;
mod synonyms;

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::facet::FacetPath;
use crate::french::{elision, fold, fold_char, is_apostrophe, is_stop};

pub(crate) use automaton::Walk;
pub(crate) use compile::{ACCENTS, CAPITAL, CAPITALS, COMMON, CUE, EXACT, OWN, SPELLED, SURNAME};
pub(crate) use key::has_key;
#[cfg(test)]
pub(crate) use key::keys;
pub(crate) use names::behind_water;
pub use names::{NameFound, NameKind};
pub use synonyms::SynonymsFound;

use automaton::Automaton;
use compile::{ACTOR, FORCE, GENERIC, LEVELS, MAGIC, NONE, PLACE, SECTIONS, UMBRELLA, WORDS, section};
use rows::{Rows, list};
use synonyms::stem;

/// Names of a path at most; the compiler refuses longer ones.
pub(crate) const DEEPEST: usize = 16;

type Bytes = Cow<'static, [u8]>;

/// A compiled vocabulary.
pub struct Vocabulary {
    bytes: Bytes,
    sections: [(usize, usize); SECTIONS],
    /// Names by their keys.
    names: Automaton,
    /// Names by their keys without function words, where they have some.
    bare: Automaton,
    /// Families of words by the first word of each member.
    families: Automaton,
    fingerprint: String,
}

impl std::fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vocabulary").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

/// Why there is no vocabulary.
#[derive(Debug, thiserror::Error)]
pub enum VocabularyError {
    /// A table cannot be read.
    #[error("{0}")]
    Table(String),
    /// A check of the tables found errors.
    #[error("{}/{first}", .dir.display())]
    Faulty {
        /// The folder of the tables.
        dir: std::path::PathBuf,
        /// The first error, with its file and line.
        first: String,
    },
    /// The tables cannot be compiled.
    #[error("{0}")]
    Compile(String),
    /// Bytes that no `vigie` of this version wrote.
    #[error("no compiled vocabulary of this version")]
    Damaged,
}

/// How deep in the hierarchy of places something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A country.
    Country,
    /// The first division.
    Region,
    /// The second division: cercle, province, department, territory.
    Second,
    /// The third division.
    Commune,
    /// A town, a village, a quarter.
    Locality,
    /// Something that crosses divisions: Gourma, Lac Tchad.
    Zone,
}

impl Level {
    const ALL: [Self; 6] = [Self::Country, Self::Region, Self::Second, Self::Commune, Self::Locality, Self::Zone];

    /// The level of that name in the tables.
    pub(crate) fn named(name: &str) -> Option<Self> {
        LEVELS.iter().zip(Self::ALL).find(|(own, _)| **own == name).map(|(_, level)| level)
    }
}

/// Row of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceId(pub(crate) u32);

/// Row of an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActorId(pub(crate) u32);

/// What a name may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// An actor.
    Actor(ActorId),
    /// A place.
    Place(PlaceId),
    /// The adjective of a country.
    Demonym(PlaceId),
    /// A word of persons' names.
    Surname,
}

/// One thing that a name may stand for, and what it asks of the spelling.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'v> {
    pub(crate) target: Target,
    /// The spelling that [`EXACT`], [`ACCENTS`] or [`SPELLED`] ask for; else empty.
    pub(crate) spelling: &'v str,
    pub(crate) flags: u32,
}

impl Reading<'_> {
    /// How many words the name has in the table.
    pub(crate) fn words(&self) -> usize {
        (self.flags >> WORDS) as usize
    }
}

impl Vocabulary {
    /// The vocabulary that is built into the program.
    ///
    /// # Panics
    /// Never: the build script wrote what is read here.
    #[allow(clippy::expect_used, reason = "the build script wrote these bytes, and every test reads them")]
    pub fn builtin() -> &'static Arc<Self> {
        static BUILTIN: OnceLock<Arc<Vocabulary>> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            let bytes: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/vocabulary.bin"));
            let fingerprint = include_str!(concat!(env!("OUT_DIR"), "/vocabulary.fingerprint"));
            Arc::new(Self::open(Cow::Borrowed(bytes), fingerprint.to_owned()).expect("compiled vocabulary"))
        })
    }

    /// Compiles the tables of a folder (`actors.csv`, `places.csv`; `level_cues.csv`, `demonyms.csv`, `synonyms.csv`
    /// and `surnames.txt` where they are there).
    ///
    /// # Errors
    /// If a table cannot be read or compiled.
    pub fn compile(dir: &Path) -> Result<Self, VocabularyError> {
        let found = check::check(dir)?;
        if let Some(first) = found.findings.iter().find(|finding| finding.severity == check::Severity::Error) {
            let line = first.line.map(|line| format!(":{line}")).unwrap_or_default();
            let finding = format!("{}{line}: {} ({})", first.file, first.what, first.why);
            return Err(VocabularyError::Faulty { dir: dir.to_owned(), first: finding });
        }
        let rows = Rows::read(dir).map_err(|error| VocabularyError::Table(error.to_string()))?;
        Self::from_bytes(compile::compile(&rows, &stem).map_err(VocabularyError::Compile)?)
    }

    /// A vocabulary compiled before.
    ///
    /// # Errors
    /// If the bytes are none of this version.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, VocabularyError> {
        let fingerprint = blake3::hash(&bytes).to_hex()[..16].to_owned();
        Self::open(Cow::Owned(bytes), fingerprint)
    }

    fn open(bytes: Bytes, fingerprint: String) -> Result<Self, VocabularyError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(VocabularyError::Damaged)?;
        let mut sections = [(0, 0); SECTIONS];
        for (n, section) in sections.iter_mut().enumerate() {
            let number = |at: usize| Some(u32::from_le_bytes(rest.get(at..at + 4)?.try_into().ok()?) as usize);
            let (start, len) = number(n * 8).zip(number(n * 8 + 4)).ok_or(VocabularyError::Damaged)?;
            bytes.get(start..start + len).ok_or(VocabularyError::Damaged)?;
            *section = (start, start + len);
        }
        let automaton = |section: usize| {
            let (start, end) = sections[section];
            let own = match &bytes {
                Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[start..end]),
                Cow::Owned(bytes) => Cow::Owned(bytes[start..end].to_vec()),
            };
            Automaton::new(own).ok_or(VocabularyError::Damaged)
        };
        let (names, bare) = (automaton(section::NAMES)?, automaton(section::BARE)?);
        let families = automaton(section::FAMILIES)?;
        Ok(Self { bytes, sections, names, bare, families, fingerprint })
    }

    /// A hash of the compiled tables: the same for the same tables on every machine.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The compiled tables, as [`Vocabulary::from_bytes`] reads them.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn section(&self, n: usize) -> &[u8] {
        let (start, end) = self.sections[n];
        &self.bytes[start..end]
    }

    /// The number at a place of a row; [`NONE`] past the end.
    fn number(&self, section: usize, row: usize, size: usize, at: usize) -> u32 {
        let start = row * size + at * 4;
        let bytes = self.section(section).get(start..start + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(NONE, u32::from_le_bytes)
    }

    /// A text of the pool.
    fn text(&self, at: u32) -> &str {
        let pool = self.section(section::POOL);
        let at = at as usize;
        let text = || {
            let len = u16::from_le_bytes(pool.get(at..at + 2)?.try_into().ok()?) as usize;
            std::str::from_utf8(pool.get(at + 2..at + 2 + len)?).ok()
        };
        text().unwrap_or("")
    }

    /// How many places and actors there are.
    #[must_use]
    pub fn sizes(&self) -> (usize, usize) {
        (self.section(section::PLACES).len() / PLACE, self.section(section::ACTORS).len() / ACTOR)
    }

    fn place_number(&self, place: PlaceId, at: usize) -> u32 {
        self.number(section::PLACES, place.0 as usize, PLACE, at)
    }

    /// The name of a place, the last part of its path.
    pub(crate) fn place_name(&self, place: PlaceId) -> &str {
        self.text(self.place_number(place, 0))
    }

    /// Every name of a place as the table writes it, that of its path first.
    pub(crate) fn place_names(&self, place: PlaceId) -> impl Iterator<Item = &str> {
        std::iter::once(self.place_name(place)).chain(list(self.text(self.place_number(place, 6))))
    }

    /// The level of a place.
    pub(crate) fn level(&self, place: PlaceId) -> Level {
        let level = (self.place_number(place, 1) >> 8) as usize;
        Level::ALL.get(level).copied().unwrap_or(Level::Locality)
    }

    /// 1 for divisions and towns, 2 for communes and places of the news, 3 for other places.
    pub(crate) fn tier(&self, place: PlaceId) -> u32 {
        self.place_number(place, 1) & 0xff
    }

    /// The place it lies in.
    pub(crate) fn parent(&self, place: PlaceId) -> Option<PlaceId> {
        Some(self.place_number(place, 2)).filter(|&row| row != NONE).map(PlaceId)
    }

    /// The same place in the other administrative division.
    pub(crate) fn other_division(&self, place: PlaceId) -> Option<PlaceId> {
        Some(self.place_number(place, 3)).filter(|&row| row != NONE).map(PlaceId)
    }

    /// Degrees north and east.
    pub(crate) fn coordinates(&self, place: PlaceId) -> Option<(f32, f32)> {
        let degrees = |at| Some(self.place_number(place, at)).filter(|&bits| bits != NONE).map(f32::from_bits);
        degrees(4).zip(degrees(5))
    }

    /// The place and all that it lies in, from itself outwards.
    pub(crate) fn upwards(&self, place: PlaceId) -> impl Iterator<Item = PlaceId> {
        std::iter::successors(Some(place), |&place| self.parent(place)).take(DEEPEST)
    }

    /// Whether `inner` is `outer` or lies in it.
    pub(crate) fn lies_in(&self, inner: PlaceId, outer: PlaceId) -> bool {
        self.upwards(inner).any(|place| place == outer)
    }

    /// The broadest place that it lies in: mostly its country.
    pub(crate) fn country(&self, place: PlaceId) -> PlaceId {
        self.upwards(place).last().unwrap_or(place)
    }

    /// The facet of a place.
    pub(crate) fn place_path(&self, place: PlaceId) -> FacetPath {
        let mut names: Vec<String> = self.upwards(place).map(|place| self.place_name(place).to_owned()).collect();
        names.reverse();
        FacetPath::of(names)
    }

    /// The place of a path.
    pub(crate) fn place(&self, path: &str) -> Option<PlaceId> {
        let name = path.rsplit('/').next()?;
        self.look_up(name).into_iter().find_map(|reading| match reading.target {
            Target::Place(place) if self.is_path(place, path) => Some(place),
            _ => None,
        })
    }

    fn is_path(&self, place: PlaceId, path: &str) -> bool {
        path.trim_start_matches('/').rsplit('/').eq(self.upwards(place).map(|place| self.place_name(place)))
    }

    fn actor_number(&self, actor: ActorId, at: usize) -> u32 {
        self.number(section::ACTORS, actor.0 as usize, ACTOR, at)
    }

    /// Every actor.
    pub(crate) fn actors(&self) -> impl Iterator<Item = ActorId> + use<> {
        (0..u32::try_from(self.sizes().1).unwrap_or(0)).map(ActorId)
    }

    /// The key of an actor in the table.
    pub(crate) fn actor_id(&self, actor: ActorId) -> &str {
        self.text(self.actor_number(actor, 0))
    }

    /// The full name of an actor.
    pub(crate) fn actor_name(&self, actor: ActorId) -> &str {
        self.text(self.actor_number(actor, 5)).split('|').nth(1).unwrap_or_default()
    }

    /// Every name of an actor as the table writes it, its acronym and its full name first.
    pub(crate) fn actor_names(&self, actor: ActorId) -> impl Iterator<Item = &str> {
        list(self.text(self.actor_number(actor, 5)))
    }

    /// The facet of an actor; none for what only consumes its words.
    pub(crate) fn actor_path(&self, actor: ActorId) -> Option<FacetPath> {
        self.text(self.actor_number(actor, 1)).parse().ok()
    }

    /// Words that make a doubtful name of the actor sure.
    pub(crate) fn cues(&self, actor: ActorId) -> impl Iterator<Item = &str> {
        list(self.text(self.actor_number(actor, 2)))
    }

    /// The countries that the table names for an actor.
    pub(crate) fn countries(&self, actor: ActorId) -> impl Iterator<Item = &str> {
        list(self.text(self.actor_number(actor, 3)))
    }

    /// Whether the words name nobody in particular.
    pub(crate) fn is_generic(&self, actor: ActorId) -> bool {
        self.actor_number(actor, 4) & GENERIC != 0
    }

    /// Whether it is the force of a state or of several.
    pub(crate) fn is_force(&self, actor: ActorId) -> bool {
        self.actor_number(actor, 4) & FORCE != 0
    }

    /// Whether it is an organisation whose members stand beside it, not below it.
    pub(crate) fn is_umbrella(&self, actor: ActorId) -> bool {
        self.actor_number(actor, 4) & UMBRELLA != 0
    }

    /// The level cues: country or `*`, level, cue.
    pub(crate) fn level_cues(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.lines(section::CUES)
    }

    /// The countries: path, path of the capital or nothing, forms of the adjective by `|`.
    pub(crate) fn demonyms(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.lines(section::COUNTRIES)
    }

    fn lines(&self, section: usize) -> impl Iterator<Item = (&str, &str, &str)> {
        let text = std::str::from_utf8(self.section(section)).unwrap_or("");
        text.lines().filter_map(|line| {
            let mut cells = line.split('\t');
            Some((cells.next()?, cells.next()?, cells.next()?))
        })
    }
}
