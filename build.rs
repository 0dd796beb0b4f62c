//! Compiles the tables of `schema/` into what the binary embeds: word → stem, the lexicon, the names; and tells by a hash
//! whether the readers of files are the same.
//!
//! All outputs depend on the tables and the sources alone, so that two builds are the same to the byte.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use fst::{MapBuilder, SetBuilder};
use rust_stemmers::{Algorithm, Stemmer};

#[path = "src/vocabulary/compile.rs"]
mod compile;
#[path = "src/french/elision.rs"]
mod elision;
#[path = "src/vocabulary/families.rs"]
mod families;
#[path = "src/fold.rs"]
mod fold;
#[path = "src/vocabulary/key.rs"]
mod key;
#[path = "src/french/name_flags.rs"]
mod name_flags;
#[path = "src/vocabulary/rows.rs"]
mod rows;
#[path = "src/french/stopwords.rs"]
mod stopwords;

use elision::{elision, is_apostrophe};
use fold::{fold, fold_char};
use rows::{ACTORS, DEMONYMS, LEVEL_CUES, PLACES, Rows, SURNAMES, SYNONYMS, list};
use stopwords::is_stop;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const LEMMAS: &str = "schema/french/lemmas.tsv.gz";
const STEMS: &str = "schema/french/stems.tsv";
const COMMON: &str = "schema/french/common_words.txt";
const NAMES: &str = "schema/french/names.txt";
/// The tables of the vocabulary, which are read by `rows`.
const SCHEMA: &str = "schema";
/// Months, which the stemmer would take for words (mars, mare). Folded.
const MONTHS: &[&str] = &[
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

/// What decides which reports become of the bytes of a file, and under which ids: the code of the readers and of all
/// that they call, and the versions of the libraries.
const READERS: &[&str] = &[
    "Cargo.lock",
    "src/corpus",
    "src/corpus.rs",
    "src/date.rs",
    "src/facet.rs",
    "src/fold.rs",
    "src/french",
    "src/french.rs",
    "src/index/document.rs",
    "src/index/identity.rs",
    "src/report.rs",
];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let mut hasher = blake3::Hasher::new();
    let shared = [SURNAMES, PLACES, ACTORS].map(|table| format!("{SCHEMA}/{table}"));
    for table in [LEMMAS, STEMS, COMMON, NAMES].into_iter().chain(shared.iter().map(String::as_str)) {
        println!("cargo::rerun-if-changed={table}");
        hasher.update(&fs::read(table)?);
    }
    for table in [DEMONYMS, LEVEL_CUES, SYNONYMS] {
        println!("cargo::rerun-if-changed={SCHEMA}/{table}");
    }
    let rows = Rows::read(Path::new(SCHEMA))?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let lexicon = Lexicon::read()?;
    write_stems(&lexicon, &out)?;
    let mut set = SetBuilder::new(create(&out, "lexicon.fst")?)?;
    set.extend_iter(&lexicon.folded)?;
    set.finish()?;
    write_names(&lexicon, &rows, &out)?;
    let stemmer = Stemmer::create(Algorithm::French);
    let vocabulary = compile::compile(&rows, &|word| lexicon.stem(&stemmer, word))?;
    fs::write(out.join("vocabulary.fingerprint"), &blake3::hash(&vocabulary).to_hex()[..16])?;
    fs::write(out.join("vocabulary.bin"), vocabulary)?;
    fs::write(out.join("tables.fingerprint"), &hasher.finalize().to_hex()[..16])?;
    // What readers know of French is in the tables.
    for path in READERS {
        println!("cargo::rerun-if-changed={path}");
        hash(Path::new(path), &mut hasher)?;
    }
    fs::write(out.join("readers.fingerprint"), &hasher.finalize().to_hex()[..16])?;
    Ok(())
}

/// Hashes a file, or all files below a folder, with their names.
fn hash(path: &Path, hasher: &mut blake3::Hasher) -> Result<()> {
    if path.is_dir() {
        let mut below = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<PathBuf>>>()?;
        below.sort_unstable();
        return below.iter().try_for_each(|path| hash(path, hasher));
    }
    let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    hasher.update(path.to_string_lossy().replace('\\', "/").as_bytes());
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(&bytes);
    Ok(())
}

fn create(out: &Path, name: &str) -> Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(out.join(name))?))
}

/// The words of French: every form with its lemma.
struct Lexicon {
    /// Inflected form → lemma; a lemma itself has no row.
    lemmas: BTreeMap<String, String>,
    /// Every form and lemma, lower case.
    words: BTreeSet<String>,
    /// The same without accents, with the words that never vary.
    folded: BTreeSet<String>,
    /// Words of a fixed stem.
    fixed: BTreeMap<String, String>,
}

impl Lexicon {
    fn read() -> Result<Self> {
        let mut text = String::new();
        flate2::read::GzDecoder::new(File::open(LEMMAS)?).read_to_string(&mut text)?;
        let lemmas: BTreeMap<String, String> = rows(&text).map(|[form, lemma]| (form, lemma)).collect();
        let fixed = rows(&fs::read_to_string(STEMS)?).map(|[word, stem]| (word, stem)).collect();
        let mut words: BTreeSet<String> =
            lemmas.iter().flat_map(|(form, lemma)| [form.clone(), lemma.clone()]).collect();
        words.extend(words_of(&fs::read_to_string(COMMON)?));
        let mut folded: BTreeSet<String> = words.iter().map(|word| fold(word)).collect();
        folded.extend(stopwords::all().map(str::to_owned));
        Ok(Self { lemmas, words, folded, fixed })
    }

    /// The stem of a word: that of its lemma, folded.
    fn stem(&self, stemmer: &Stemmer, form: &str) -> String {
        let lemma = self.lemmas.get(form).map_or(form, String::as_str);
        let fixed = self.fixed.get(form).or_else(|| self.fixed.get(lemma));
        fixed.map_or_else(|| fold(&stemmer.stem(lemma)), Clone::clone)
    }
}

/// Tab-separated rows of at least two cells, without comments.
fn rows(text: &str) -> impl Iterator<Item = [String; 2]> {
    text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut cells = line.split('\t');
        Some([cells.next()?.to_owned(), cells.next()?.to_owned()])
    })
}

/// Words of a list in lines, without comments.
fn words_of(text: &str) -> impl Iterator<Item = String> {
    text.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).map(str::to_owned)
}

/// Writes `stems.fst` (form → up to two places in the list, each one more than a byte) and `stems.txt` (the list, a line
/// each).
///
/// Rows only where the stemmer alone would not give the stem of the lemma; and for a form typed without its accents,
/// where that is no word by itself, the stems of the words it can stand for.
fn write_stems(lexicon: &Lexicon, out: &Path) -> Result<()> {
    let stemmer = Stemmer::create(Algorithm::French);
    let mut repairs: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut unaccented: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for form in lexicon.words.iter().chain(lexicon.fixed.keys()) {
        let stem = lexicon.stem(&stemmer, form);
        let bare = fold(form);
        if bare != *form && !lexicon.words.contains(&bare) {
            unaccented.entry(bare).or_default().insert(stem.clone());
        }
        if fold(&stemmer.stem(form)) != stem {
            repairs.entry(form).or_default().insert(stem);
        }
    }
    for (bare, stems) in &unaccented {
        let alone = fold(&stemmer.stem(bare));
        if stems.len() > 1 || !stems.contains(&alone) {
            repairs.insert(bare, stems.clone());
        }
    }
    let list: BTreeSet<&str> = repairs.values().flatten().map(String::as_str).collect();
    let (mut place, mut next) = (BTreeMap::new(), 1);
    for stem in &list {
        place.insert(*stem, next);
        next += stem.len() as u64 + 1;
    }
    let mut map = MapBuilder::new(create(out, "stems.fst")?)?;
    for (form, stems) in &repairs {
        let packed = stems.iter().take(2).enumerate().fold(0, |sum, (n, stem)| sum | place[stem.as_str()] << (32 * n));
        map.insert(form, packed)?;
    }
    map.finish()?;
    let mut file = create(out, "stems.txt")?;
    for stem in list {
        writeln!(file, "{stem}")?;
    }
    Ok(())
}

/// Writes `names.fst`: the words of names → how they are told from ordinary words (`name_flags`).
fn write_names(lexicon: &Lexicon, rows: &Rows, out: &Path) -> Result<()> {
    let mut names = Names { lexicon, flags: BTreeMap::new() };
    for row in rows.places.iter().map(|row| &row.cells) {
        let notable = row.tier != "3";
        names.add(&row.name, notable, notable && !row.ambiguity_all.contains("common_"));
        if notable {
            list(&row.aliases).for_each(|alias| names.add(alias, false, false));
        }
    }
    for row in rows.actors.iter().map(|row| &row.cells) {
        names.add(&row.name, true, false);
        list(&row.aliases).for_each(|alias| names.add(alias, false, false));
    }
    for month in MONTHS {
        names.flags.insert((*month).to_owned(), name_flags::ALWAYS);
    }
    words_of(&fs::read_to_string(NAMES)?).for_each(|word| names.add(&word, true, false));
    rows.surnames.iter().for_each(|word| names.add(&word.cells, true, false));
    let mut map = MapBuilder::new(create(out, "names.fst")?)?;
    for (word, flags) in &names.flags {
        map.insert(word, *flags)?;
    }
    map.finish()?;
    Ok(())
}

struct Names<'a> {
    lexicon: &'a Lexicon,
    flags: BTreeMap<String, u64>,
}

impl Names<'_> {
    /// Adds the capitalised words of one name.
    ///
    /// A word that is also an ordinary word counts only where it is the whole name of something `notable`; it is then
    /// a name in any spelling where the tables call it `safe`, else only where it is written as one.
    fn add(&mut self, name: &str, notable: bool, safe: bool) {
        let words: Vec<&str> =
            name.split(|c: char| !(c.is_alphanumeric() || c == '\'')).filter(|w| !w.is_empty()).collect();
        for word in &words {
            let lower = word.to_lowercase();
            let bare: String = fold(&lower).replace('\'', "");
            let latin = bare.bytes().all(|b| b.is_ascii_alphanumeric());
            if !latin || bare.len() < 2 || !word.starts_with(char::is_uppercase) {
                continue;
            }
            let apostrophe = if word.contains('\'') { name_flags::APOSTROPHE } else { 0 };
            let ordinary = self.lexicon.folded.contains(&bare);
            let common = self.lexicon.words.contains(&lower);
            let alone = words.len() == 1 && notable;
            if !ordinary || safe && alone {
                *self.flags.entry(bare).or_default() |= name_flags::ALWAYS | apostrophe;
            } else if bare.len() > 2 && (alone || !common && !self.lost_accent(&lower) && !is_stop(&bare)) {
                let common = if common { name_flags::COMMON } else { 0 };
                *self.flags.entry(lower).or_default() |= name_flags::SPELLED | common | apostrophe;
            }
        }
    }

    /// Whether a word is an ordinary one whose capital lost its accent, as the press does (« Etat »).
    fn lost_accent(&self, lower: &str) -> bool {
        lower.strip_prefix('e').is_some_and(|rest| self.lexicon.words.contains(&format!("é{rest}")))
    }
}
