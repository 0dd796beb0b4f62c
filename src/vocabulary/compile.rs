//! The tables compiled: one run of bytes that is searched as it stands, without reading it first. Shared with the
//! build script.
//!
//! A header of [`MAGIC`] and, for each of [`SECTIONS`] sections, where it starts and how many bytes it has; numbers
//! are `u32`, little-endian. The sections, in order:
//!
//! 0. the automaton of names: an `fst` map from [`keys`](super::key::keys) to `first reading << 16 | readings`;
//! 1. readings, of three numbers: [`target`], place in the pool of the spelling that [`EXACT`] or [`ACCENTS`] ask for, flags;
//! 2. places, of seven numbers: name, `level << 8 | tier`, parent, other division, latitude, longitude (as `f32` bits),
//!    all other names;
//! 3. actors, of six numbers: id, facet, cues, countries, flags, all names;
//! 4. the pool of texts: two bytes of length, then UTF-8;
//! 5. level cues, lines of `country<TAB>level<TAB>cue`;
//! 6. countries, lines of `path<TAB>capital<TAB>forms of the adjective, by |`;
//! 7. the automaton of names without their function words, from [`bare_key`] as section 0;
//! 8. the automaton of families, from words and stems to `first route << 16 | routes`;
//! 9. routes, of one number: the byte of the next section where the line of a family starts;
//! 10. families, the lines of [`Families`].
//!
//! Numbers of what is missing are [`NONE`].

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use fst::MapBuilder;

use super::families::Families;
use super::key::{bare_key, keys};
use super::rows::{ActorRow, PlaceRow, Row, Rows, list};

/// First bytes of a compiled vocabulary; changes with its layout.
pub(crate) const MAGIC: &[u8; 8] = b"vigie-v2";
/// Number of sections.
pub(crate) const SECTIONS: usize = 11;
/// The sections by their number.
pub(crate) mod section {
    pub(crate) const NAMES: usize = 0;
    pub(crate) const READINGS: usize = 1;
    pub(crate) const PLACES: usize = 2;
    pub(crate) const ACTORS: usize = 3;
    pub(crate) const POOL: usize = 4;
    pub(crate) const CUES: usize = 5;
    pub(crate) const COUNTRIES: usize = 6;
    pub(crate) const BARE: usize = 7;
    pub(crate) const FAMILIES: usize = 8;
    pub(crate) const ROUTES: usize = 9;
    pub(crate) const LINES: usize = 10;
}
/// No row, no text.
pub(crate) const NONE: u32 = u32::MAX;

/// An acronym: to be spelled as the alias is.
pub(crate) const EXACT: u32 = 1;
/// To begin with a capital.
pub(crate) const CAPITAL: u32 = 2;
/// To have a capital in one of its words.
pub(crate) const CAPITALS: u32 = 4;
/// To keep the accents of the alias.
pub(crate) const ACCENTS: u32 = 8;
/// To have a cue beside it.
pub(crate) const CUE: u32 = 16;
/// To be spelled with the capitals of the alias, hyphens or not.
pub(crate) const SPELLED: u32 = 32;
/// Also a surname.
pub(crate) const SURNAME: u32 = 64;
/// An ordinary word.
pub(crate) const COMMON: u32 = 128;

/// The name of the row itself or written in capitals there, not another one.
pub(crate) const OWN: u32 = 256;
/// The bits of a reading's flags that hold how many words its name has.
pub(crate) const WORDS: u32 = 16;

/// An actor that stands for nobody in particular.
pub(crate) const GENERIC: u32 = 1;
/// An actor whose members have facets of their own beside its own.
pub(crate) const UMBRELLA: u32 = 2;

/// The force of a state, or of several.
pub(crate) const FORCE: u32 = 4;
/// The category of actors that stand for nobody in particular.
const NOBODY: &str = "generique";
/// The categories of forces of states.
const FORCES: [&str; 2] = ["etatique", "international"];
/// Names of a path at most.
const DEEPEST: usize = 16;

/// What a key may stand for; the kind of row in the upper bits.
pub(crate) mod target {
    /// Row of an actor.
    pub(crate) const ACTOR: u32 = 0;
    /// Row of a place.
    pub(crate) const PLACE: u32 = 1 << 30;
    /// The adjective of a country, by the row of its place.
    pub(crate) const DEMONYM: u32 = 2 << 30;
    /// A word of persons' names.
    pub(crate) const SURNAME: u32 = 3 << 30;
}

/// The levels of places, by their number.
pub(crate) const LEVELS: [&str; 6] = ["country", "region", "cercle_or_province", "commune", "locality", "zone"];

/// Compiles tables; `stem` gives the stem of a lower-case word. Rows that name an unknown parent, country or division
/// lose that link; `check` tells of them.
///
/// # Errors
/// A sentence that says what cannot be held: more than 65,535 readings of one name, a weight that is none, a
/// vocabulary over 4 GiB.
pub(crate) fn compile(rows: &Rows, stem: &dyn Fn(&str) -> String) -> Result<Vec<u8>, String> {
    let mut pool = Pool::default();
    let place_rows: HashMap<&str, u32> = (0..).zip(&rows.places).map(|(n, row)| (row.cells.path.as_str(), n)).collect();
    let place = |path: &str| place_rows.get(path).copied().unwrap_or(NONE);

    let mut keys = Keys::default();
    let mut add = |name: &str, reading: [u32; 3]| keys.add(name, reading);
    let mut places: Vec<[u32; PLACE / 4]> = Vec::new();
    for (number, Row { line, cells: row }) in (0..).zip(&rows.places) {
        pool.line = *line;
        if row.path.split('/').count() > DEEPEST {
            return Err(format!("line {line}: a path of more than {DEEPEST} names"));
        }
        let (parent, last) = row.path.rsplit_once('/').unwrap_or(("", &row.path));
        let level = LEVELS.iter().zip(0..).find(|(name, _)| **name == row.level).map_or(0, |(_, n)| n);
        let tier = row.tier.parse().unwrap_or(1).clamp(1, 3);
        let degrees = |cell: &str| cell.parse::<f32>().map_or(NONE, f32::to_bits);
        let others: Vec<&str> =
            std::iter::once(row.name.as_str()).filter(|name| *name != last).chain(list(&row.aliases)).collect();
        places.push([
            pool.add(last)?,
            level << 8 | tier,
            place(parent),
            place(&row.alt_path),
            degrees(&row.lat),
            degrees(&row.lon),
            if others.is_empty() { NONE } else { pool.add(&others.join("|"))? },
        ]);
        let own = [row.name.as_str(), last];
        for alias in own
            .into_iter()
            .chain(list(&row.aliases))
            .filter(|alias| !(is_announced(alias) || row.level == "zone" && is_part(alias)))
        {
            let flags = place_flags(row, alias, own.contains(&alias));
            let spelling = if flags & (ACCENTS | SPELLED) == 0 { NONE } else { pool.add(alias)? };
            add(alias, [target::PLACE | number, spelling, flags]);
        }
    }
    let mut actors: Vec<[u32; ACTOR / 4]> = Vec::new();
    for (number, Row { line, cells: row }) in (0..).zip(&rows.actors) {
        pool.line = *line;
        let is_umbrella = |other: &ActorRow| {
            other.parent == row.id && other.category == row.category && !other.facet.starts_with(&row.facet)
        };
        let flags = if row.category == NOBODY { GENERIC } else { 0 }
            | if FORCES.contains(&row.category.as_str()) { FORCE } else { 0 }
            | if rows.actors.iter().any(|other| is_umbrella(&other.cells)) { UMBRELLA } else { 0 };
        actors.push([
            pool.add(&row.id)?,
            pool.add(&row.facet)?,
            pool.add(&row.cues)?,
            pool.add(&row.countries)?,
            flags,
            pool.add(&format!("{}|{}|{}", row.acronym, row.name, row.aliases))?,
        ]);
        let own = [row.name.as_str(), &row.acronym];
        for alias in own.into_iter().chain(list(&row.aliases)) {
            let flags = actor_flags(row, alias);
            let spelling = if flags & EXACT == 0 { NONE } else { pool.add(alias)? };
            add(alias, [target::ACTOR | number, spelling, flags]);
        }
    }
    let mut countries = String::new();
    for row in rows.demonyms.iter().map(|row| &row.cells) {
        let number = place(&row.path);
        if number != NONE {
            list(&row.forms).for_each(|form| add(form, [target::DEMONYM | number, NONE, 0]));
            let _ = writeln!(countries, "{}\t{}\t{}", row.path, row.capital, row.forms);
        }
    }
    for word in &rows.surnames {
        add(&word.cells, [target::SURNAME, NONE, CAPITAL]);
    }
    let mut readings: Vec<u8> = Vec::new();
    let names = automaton(&keys.whole, &mut readings)?;
    let bare = automaton(&keys.bare, &mut readings)?;
    let families = Families::new(rows, stem)?;
    let mut routes: Vec<u8> = Vec::new();
    let words = automaton(&families.routes, &mut routes)?;
    let (places, actors, cues) = (numbers(&places), numbers(&actors), level_cues(rows));
    let mut sections: [&[u8]; SECTIONS] = [&[]; SECTIONS];
    sections[section::NAMES] = &names;
    sections[section::READINGS] = &readings;
    sections[section::PLACES] = &places;
    sections[section::ACTORS] = &actors;
    sections[section::POOL] = &pool.bytes;
    sections[section::CUES] = cues.as_bytes();
    sections[section::COUNTRIES] = countries.as_bytes();
    sections[section::BARE] = &bare;
    sections[section::FAMILIES] = &words;
    sections[section::ROUTES] = &routes;
    sections[section::LINES] = families.lines.as_bytes();
    join(&sections)
}

/// The level cues as lines.
fn level_cues(rows: &Rows) -> String {
    let mut lines = String::new();
    for row in rows.cues.iter().map(|row| &row.cells) {
        for cue in list(&row.cues) {
            let _ = writeln!(lines, "{}\t{}\t{cue}", row.country, row.level);
        }
    }
    lines
}

/// What each key stands for.
type Readings = BTreeMap<String, Vec<[u32; READING / 4]>>;

/// The keys of names, with function words and without.
#[derive(Default)]
struct Keys {
    whole: Readings,
    bare: Readings,
}

impl Keys {
    fn add(&mut self, name: &str, [target, spelling, flags]: [u32; READING / 4]) {
        let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
        let reading = [target, spelling, flags | u32::try_from(words).unwrap_or(0) << WORDS];
        for (readings, keys) in [(&mut self.whole, keys(name)), (&mut self.bare, bare_key(name).into_iter().collect())]
        {
            for key in keys {
                let readings = readings.entry(key).or_default();
                if !readings.contains(&reading) {
                    readings.push(reading);
                }
            }
        }
    }
}

/// An automaton from keys to `first row << 16 | rows`; the rows are added to `rows`.
fn automaton<const N: usize>(found: &BTreeMap<String, Vec<[u32; N]>>, rows: &mut Vec<u8>) -> Result<Vec<u8>, String> {
    let mut automaton = MapBuilder::memory();
    for (key, found) in found {
        let count = u16::try_from(found.len()).map_err(|_| format!("{} rows have the name “{key}”", found.len()))?;
        let first = (rows.len() / (N * 4)) as u64;
        automaton.insert(key, first << 16 | u64::from(count)).map_err(|error| error.to_string())?;
        rows.extend(numbers(found));
    }
    automaton.into_inner().map_err(|error| error.to_string())
}

/// Rows of numbers as bytes.
fn numbers<const N: usize>(rows: &[[u32; N]]) -> Vec<u8> {
    rows.iter().flatten().flat_map(|number| number.to_le_bytes()).collect()
}

/// Bytes of a reading.
pub(crate) const READING: usize = 12;
/// Bytes of a place.
pub(crate) const PLACE: usize = 28;
/// Bytes of a route.
pub(crate) const ROUTE: usize = 4;
/// Bytes of an actor.
pub(crate) const ACTOR: usize = 24;

/// The header and the sections behind it.
fn join(sections: &[&[u8]; SECTIONS]) -> Result<Vec<u8>, String> {
    let mut bytes = MAGIC.to_vec();
    let mut start = MAGIC.len() + SECTIONS * 8;
    for section in sections {
        for number in [start, section.len()] {
            let number = u32::try_from(number).map_err(|_| "the vocabulary is over 4 GiB".to_owned())?;
            bytes.extend(number.to_le_bytes());
        }
        start += section.len();
    }
    for section in sections {
        bytes.extend(*section);
    }
    Ok(bytes)
}

/// Whether an alias begins with the word for its level (« région du Nord »): the cues know that word.
fn is_announced(alias: &str) -> bool {
    const LEVEL_WORDS: [&str; 8] =
        ["cercle", "département", "district", "etat", "gouvernorat", "province", "région", "état"];
    const OF: [&str; 4] = ["de", "des", "du", "d'"];
    let lower = alias.to_lowercase().replace('\u{2019}', "'");
    let mut words = lower.split(' ');
    let level = words.next().is_some_and(|word| LEVEL_WORDS.contains(&word));
    level && words.next().is_some_and(|word| OF.contains(&word) || word.starts_with("d'"))
}

/// What a place's alias asks of its spelling and its surroundings.
fn place_flags(row: &PlaceRow, alias: &str, own: bool) -> u32 {
    let flagged = |flag: &str| list(&row.ambiguity_all).any(|own| own == flag);
    let words = alias.split([' ', '-']).filter(|word| !word.is_empty()).count();
    let capitals = alias.contains(char::is_uppercase);
    let zone = row.level == "zone" && words > 1;
    let mut flags = if !zone && (alias.starts_with(char::is_uppercase) || !capitals) {
        CAPITAL
    } else if capitals {
        CAPITALS
    } else {
        0
    };
    if own || alias.chars().all(char::is_uppercase) {
        flags |= OWN;
    }
    let risky = list(&row.risky_aliases).any(|risky| risky == alias);
    if own && (flagged("common_word_exact") || flagged("short")) || risky {
        flags |= CUE | ACCENTS;
    }
    if own && flagged("common_word_exact") {
        flags |= COMMON;
    }
    if own && flagged("surname") {
        flags |= CUE | ACCENTS | SURNAME;
    }
    if own && flagged("common_word_folded") {
        flags |= ACCENTS;
    }
    if own && flagged("common_phrase") || is_compass(alias) {
        flags |= SPELLED;
    }
    flags
}

/// Whether a name is a part of a country (« Nord du Mali »), which tells the country and no more.
fn is_part(alias: &str) -> bool {
    let mut words = alias.split([' ', '-']).skip_while(|word| matches!(*word, "le" | "la"));
    words.next().is_some_and(is_compass) && words.next().is_some()
}

/// Whether a name is nothing but points of the compass: `Nord-Est`.
fn is_compass(alias: &str) -> bool {
    const POINTS: [&str; 5] = ["centre", "est", "nord", "ouest", "sud"];
    alias.split([' ', '-']).all(|word| POINTS.contains(&word.to_lowercase().as_str()))
}

/// What an actor's alias asks of its spelling and its surroundings.
pub(crate) fn actor_flags(row: &ActorRow, alias: &str) -> u32 {
    let one_word = !alias.contains(' ');
    let capitals = alias.chars().filter(|c| c.is_uppercase()).count();
    let mut flags = 0;
    let digit = usize::from(alias.contains(|c: char| c.is_ascii_digit()));
    if one_word && capitals > 0 && capitals + digit > 1 && !alias.contains(['-', '/']) {
        flags |= EXACT;
    } else if one_word && capitals > 0 {
        flags |= CAPITAL;
    }
    if list(&row.context_aliases).any(|context| context == alias) {
        flags |= CUE;
    }
    flags
}

/// Texts, each once.
#[derive(Default)]
struct Pool {
    /// The line whose texts are added, for messages.
    line: u64,
    bytes: Vec<u8>,
    places: HashMap<String, u32>,
}

impl Pool {
    /// The place of a text.
    fn add(&mut self, text: &str) -> Result<u32, String> {
        if let Some(&place) = self.places.get(text) {
            return Ok(place);
        }
        let len =
            u16::try_from(text.len()).map_err(|_| format!("line {}: a cell of {} bytes", self.line, text.len()))?;
        let place = u32::try_from(self.bytes.len()).map_err(|_| "the vocabulary is over 4 GiB".to_owned())?;
        self.bytes.extend(len.to_le_bytes());
        self.bytes.extend(text.as_bytes());
        self.places.insert(text.to_owned(), place);
        Ok(place)
    }
}
