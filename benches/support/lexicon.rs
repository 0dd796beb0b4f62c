//! What made-up dispatches are about: places, groups and people of the tables of `schema/`, rare words of its list of
//! forms, sentences of the sample corpus.

use std::collections::BTreeMap;
use std::io::Read;

use super::random::{Random, Ranked};

/// A place that something can happen at.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Its own name.
    pub(crate) name: String,
    /// The country and the region that it lies in.
    pub(crate) country: String,
    /// See `country`.
    pub(crate) region: String,
}

/// A group or force under the names that reports call it by, the usual one first.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Names with their articles.
    pub(crate) names: Vec<String>,
    /// The countries where it is known to act; everywhere if none is named.
    countries: Vec<String>,
}

/// Words of one kind by which the vocabulary grows, the shorter ones more often.
pub(crate) type Rare = Ranked<String>;

/// All that texts are filled with.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Localities, those of the most fought-over countries first.
    pub(crate) places: Ranked<Place>,
    /// Localities by country and region.
    near: BTreeMap<(String, String), Vec<String>>,
    /// Groups by country, the ones of many names first.
    groups: BTreeMap<String, Ranked<Group>>,
    /// Family names.
    surnames: Ranked<String>,
    /// Rare words, by the slot that they fill.
    pub(crate) rare: BTreeMap<&'static str, Rare>,
    /// Sentences of the sample corpus.
    pub(crate) archive: Vec<String>,
}

const PLACES: &str = include_str!("../../schema/places.csv");
const ACTORS: &str = include_str!("../../schema/actors.csv");
const SURNAMES: &str = include_str!("../../schema/surnames.txt");
const LEMMAS: &[u8] = include_bytes!("../../schema/french/lemmas.tsv.gz");
const ARCHIVE: [&str; 6] = [
    include_str!("../../sample_corpus/mali/2019-03-24-ogossagou.txt"),
    include_str!("../../sample_corpus/mali/2019-11-02-indelimane.txt"),
    include_str!("../../sample_corpus/mali/2024-07-29-pertes-tinzaouaten.txt"),
    include_str!("../../sample_corpus/mali/2024-08-16-embuscade-diallassagou.txt"),
    include_str!("../../sample_corpus/mali/tombouctou-deux-operations.txt"),
    include_str!("../../sample_corpus/mali/recit-paysan-diallassagou.txt"),
];

/// The countries that dispatches are most about, and what of a hundred are.
const COUNTRIES: [(&str, u64); 9] = [
    ("Mali", 30),
    ("Burkina Faso", 24),
    ("Niger", 16),
    ("Nigeria", 9),
    ("Tchad", 7),
    ("Cameroun", 5),
    ("Bénin", 4),
    ("Côte d'Ivoire", 3),
    ("Togo", 2),
];

impl Lexicon {
    /// Reads all tables.
    pub(crate) fn new() -> Self {
        let places = places();
        let mut near: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for place in &places {
            near.entry((place.country.clone(), place.region.clone())).or_default().push(place.name.clone());
        }
        let groups = groups();
        let by_country = |country: &str| {
            let here = groups
                .iter()
                .filter(|group| group.countries.is_empty() || group.countries.iter().any(|known| known == country));
            (country.to_owned(), Ranked::new(here.cloned().collect(), 1))
        };
        let lists = SURNAMES.lines().filter(|line| !line.starts_with('#'));
        Self {
            places: Ranked::new(places, 30),
            near,
            groups: COUNTRIES.iter().map(|(country, _)| by_country(country)).collect(),
            surnames: Ranked::new(lists.flat_map(str::split_whitespace).map(str::to_owned).collect(), 20),
            rare: rare_words(),
            archive: archive(),
        }
    }

    /// A place of the region of another.
    pub(crate) fn near(&self, place: &Place, random: &mut Random) -> &str {
        let names = &self.near[&(place.country.clone(), place.region.clone())];
        random.one::<String>(names)
    }

    /// A group that acts in a country.
    pub(crate) fn group(&self, country: &str, random: &mut Random) -> &Group {
        self.groups[country].one(random)
    }

    /// Another country that dispatches are about.
    pub(crate) fn neighbour(random: &mut Random) -> &'static str {
        random.one(&COUNTRIES).0
    }

    /// A family name: a known one, or one of syllables that hardly ever comes again.
    pub(crate) fn surname(&self, random: &mut Random) -> String {
        const SYLLABLES: &str = "ba bo da de dia di do du fo ga gui ha ka ke ki ko kou la lo ma me mo na ndé ni no oua \
            pa ra ri sa sé si so ta té ti to tou wa ya yo za zé zo bé fa ré lé";
        if random.percent(80) {
            return self.surnames.one(random).clone();
        }
        let syllables: Vec<&str> = SYLLABLES.split_whitespace().collect();
        let name: String = (0..random.between(3, 4)).map(|_| *random.one(&syllables)).collect();
        capital(&name)
    }
}

/// The rows of a table by the names of its columns.
fn rows(table: &str) -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let head = reader.headers().expect("a table has a head").clone();
    let rows = reader.records().collect::<Result<_, _>>().expect("a table of our own is sound");
    (head, rows)
}

/// A value of a row by the name of its column.
fn value<'r>(head: &csv::StringRecord, row: &'r csv::StringRecord, column: &str) -> &'r str {
    head.iter().position(|name| name == column).and_then(|at| row.get(at)).expect("a column that the table has")
}

/// The localities of the countries that dispatches are about, so that the first ones are of the countries that have most
/// dispatches.
fn places() -> Vec<Place> {
    let (head, rows) = rows(PLACES);
    let mut by_country: BTreeMap<&str, Vec<Place>> = BTreeMap::new();
    for row in &rows {
        let path: Vec<&str> = value(&head, row, "path").split('/').collect();
        let [country, region, .., name] = path.as_slice() else { continue };
        if path.len() > 3 && COUNTRIES.iter().any(|(known, _)| known == country) {
            let [name, country, region] = [name, country, region].map(|part| (*part).to_owned());
            by_country.entry(path[0]).or_default().push(Place { name, country, region });
        }
    }
    // The table is in the order of the alphabet, which is not that of importance: any fixed order is as good.
    for places in by_country.values_mut() {
        places.sort_by_cached_key(|place| (mixed(&place.name), place.region.clone()));
    }
    // As many of each country at a time as it has of a hundred dispatches.
    let mut found = Vec::new();
    while by_country.values().any(|places| !places.is_empty()) {
        for (country, share) in COUNTRIES {
            let places = by_country.entry(country).or_default();
            let rest = places.len().saturating_sub(usize::try_from(share).unwrap_or(1));
            found.extend(places.drain(rest..));
        }
    }
    found
}

/// The groups and forces, the ones of many names first: they are those that are most written of.
fn groups() -> Vec<Group> {
    let (head, rows) = rows(ACTORS);
    let group = |row: &csv::StringRecord| {
        let list = |column| value(&head, row, column).split('|').filter(|part| !part.is_empty()).map(str::to_owned);
        let acronym = value(&head, row, "acronym");
        let article = if acronym.starts_with(['A', 'E', 'I', 'O', 'U', 'É']) { "l'" } else { "le " };
        let acronym = (!acronym.is_empty()).then(|| format!("{article}{acronym}"));
        let name = value(&head, row, "name");
        let names = acronym.into_iter().chain([with_article(name)]);
        // Of the other names the first are those that reports use.
        let names = names.chain(list("aliases").take(4).map(|alias| with_article(&alias)));
        Group { names: names.collect(), countries: list("countries").collect() }
    };
    // What stands for groups that nobody named has an explanation in brackets.
    let named = rows.iter().filter(|row| !value(&head, row, "name").contains('('));
    let mut groups: Vec<(usize, Group)> =
        named.map(|row| (value(&head, row, "aliases").split('|').count(), group(row))).collect();
    groups.sort_by(|(a, _), (b, _)| b.cmp(a));
    groups.into_iter().map(|(_, group)| group).collect()
}

/// A name as it stands in a sentence.
fn with_article(name: &str) -> String {
    let first = name.split([' ', '-']).next().unwrap_or_default();
    match first {
        "Mouvement" | "Front" | "Groupe" | "Parti" | "Conseil" | "Rassemblement" | "Groupement" | "groupe" => {
            format!("le {name}")
        }
        "Coalition" | "Garde" | "Coordination" | "Katiba" | "Brigade" | "Force" | "Plateforme" => format!("la {name}"),
        "Armée" | "Alliance" | "Union" | "État" | "armée" => format!("l'{name}"),
        "Forces" | "Volontaires" | "Unités" => format!("les {name}"),
        _ => name.to_owned(),
    }
}

/// Forms by the slots that they can stand in, as far as their endings tell.
fn rare_words() -> BTreeMap<&'static str, Rare> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(LEMMAS).read_to_string(&mut text).expect("a table of our own is sound");
    let mut found: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (form, lemma) in text.lines().filter_map(|line| line.split_once('\t')) {
        if form.chars().count() > 14 {
            continue;
        }
        let ends = |endings: &[&str]| endings.iter().any(|ending| form.ends_with(ending));
        let verb = lemma.ends_with("er");
        let slot = match () {
            () if ends(&["tions", "ments", "ages", "eurs", "istes", "ités", "ismes", "ures"]) && !verb => "rarenoms",
            () if ends(&["iques", "ables", "ibles", "aires"]) && !verb => "rareadj",
            () if verb && ends(&["aient", "èrent", "eront"]) => "rareverbes",
            () if verb && form.ends_with('é') => "rarepart",
            () => continue,
        };
        found.entry(slot).or_default().push(form.to_owned());
        let single = match slot {
            "rarepart" => "rareinf",
            "rarenoms" if ["tion", "ité", "ure"].iter().any(|ending| lemma.ends_with(ending)) => "rarenomf",
            "rarenoms" if ["ment", "age", "isme"].iter().any(|ending| lemma.ends_with(ending)) => "rarenomm",
            _ => continue,
        };
        found.entry(single).or_default().push(lemma.to_owned());
    }
    let ranked = |(slot, mut words): (&'static str, Vec<String>)| {
        words.sort_by_cached_key(|word| (word.chars().count() as u64 + mixed(word) % 7, mixed(word)));
        words.dedup();
        (slot, Ranked::new(words, 10))
    };
    found.into_iter().map(ranked).collect()
}

/// Whole sentences, as dispatches bring them again where they tell what came before.
fn archive() -> Vec<String> {
    let paragraphs = ARCHIVE.iter().flat_map(|text| text.lines()).filter(|line| line.ends_with('.'));
    let sentences = paragraphs.flat_map(|line| line.split_inclusive(". ").map(str::trim));
    sentences.filter(|sentence| sentence.len() > 80 && !sentence.contains('«')).map(str::to_owned).collect()
}

/// A number that a word always has and that tells nothing of it (FNV-1a).
fn mixed(word: &str) -> u64 {
    word.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

/// A word with a capital.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
