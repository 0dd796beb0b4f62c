//! One made-up dispatch: what it is about is drawn once, then its paragraphs are filled from the patterns.

use chrono::{Datelike, Days, NaiveDate};

use super::grammar::{Grammar, Piece};
use super::lexicon::{Group, Lexicon, Place, capital};
use super::random::Random;

/// Words that a paragraph has at least: with fewer it would not be a passage of its own.
const SHORTEST: usize = 34;
/// Patterns refer to each other no deeper than this.
const DEEPEST: usize = 8;

const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const NUMERALS: [&str; 11] = ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"];

/// Writes the texts of one dispatch.
pub(crate) struct Writer<'g> {
    grammar: &'g Grammar,
    lexicon: &'g Lexicon,
    pub(crate) random: Random,
    /// Where it happened.
    place: &'g Place,
    /// Other places of the region that the dispatch speaks of.
    around: Vec<&'g str>,
    groups: Vec<&'g Group>,
    people: Vec<(String, String)>,
    neighbour: &'static str,
    /// Day of what happened and of publication.
    happened: NaiveDate,
    pub(crate) published: NaiveDate,
}

impl<'g> Writer<'g> {
    /// Draws what a dispatch is about.
    pub(crate) fn new(grammar: &'g Grammar, lexicon: &'g Lexicon, mut random: Random) -> Self {
        let place = lexicon.places.one(&mut random);
        let around = (0..random.between(2, 4)).map(|_| lexicon.near(place, &mut random)).collect();
        let groups = (0..random.between(1, 3)).map(|_| lexicon.group(&place.country, &mut random)).collect();
        let first = NaiveDate::from_ymd_opt(2012, 1, 1).expect("a day");
        // Later years have more: the greater of two days.
        let day = random.below(5110).max(random.below(5110));
        let published = first + Days::new(day);
        let happened = published - Days::new(random.below(3));
        let neighbour = Lexicon::neighbour(&mut random);
        let people = Vec::new();
        let mut writer =
            Self { grammar, lexicon, random, place, around, groups, people, neighbour, happened, published };
        writer.people = (0..2).map(|_| writer.person()).collect();
        writer
    }

    /// A text of one section.
    pub(crate) fn line(&mut self, section: &str) -> String {
        let mut out = String::new();
        self.fill(section, &mut out, 0);
        out
    }

    /// The paragraphs of the whole text.
    pub(crate) fn text(&mut self) -> String {
        const MIDDLE: [&str; 8] =
            ["faits", "faits", "reactions", "contexte", "revendications", "humanitaire", "politique", "reactions"];
        let mut paragraphs = vec![self.paragraph("ouverture", "faits")];
        for _ in 0..self.random.between(4, 8) {
            let section = *self.random.one(&MIDDLE);
            let paragraph = self.paragraph(section, section);
            paragraphs.push(paragraph);
        }
        paragraphs.push(self.paragraph("fin", "contexte"));
        let text = paragraphs.join("\n\n");
        // Some houses print one kind of apostrophe, some the other.
        if self.random.percent(70) { text.replace('\'', "’") } else { text }
    }

    /// A paragraph that begins with a sentence of one section and goes on with those of another, or of any kind.
    fn paragraph(&mut self, first: &str, others: &str) -> String {
        let mut out = self.line(first);
        while out.split(' ').count() < SHORTEST || self.random.percent(30) {
            let section = if self.random.percent(60) { "phrase" } else { others };
            let next = self.line(section);
            out.push(' ');
            out.push_str(&next);
        }
        out
    }

    /// Appends what stands for a slot, joined to what is there as French joins words.
    fn fill(&mut self, slot: &str, out: &mut String, depth: usize) {
        assert!(depth < DEEPEST, "the section {slot} of the patterns contains itself");
        let Some(pieces) = self.grammar.one(slot, &mut self.random) else {
            let word = self.word(slot);
            out.push_str(&word);
            return;
        };
        let begin = out.len();
        for piece in pieces {
            let start = out.len();
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Slot(name, _) => self.fill(name, out, depth + 1),
            }
            if matches!(piece, Piece::Slot(_, true)) {
                let with_capital = capital(&out[start..]);
                out.replace_range(start.., &with_capital);
            }
            // What stands before the whole is joined to it by who asked for it.
            if start > begin {
                join(out, start);
            }
        }
    }

    /// What is drawn for a slot that no section fills.
    fn word(&mut self, slot: &str) -> String {
        let random = &mut self.random;
        if let Some(words) = self.lexicon.rare.get(slot) {
            return words.one(random).clone();
        }
        match slot {
            "lieu" if random.percent(35) => self.place.name.clone(),
            "lieu" if random.percent(85) => (*random.one(&self.around)).to_owned(),
            "lieu" => self.lexicon.places.one(random).name.clone(),
            "region" => self.place.region.clone(),
            "pays" => self.place.country.clone(),
            "voisin" => self.neighbour.to_owned(),
            "groupe" => {
                let group = *random.one(&self.groups);
                if random.percent(60) { group.names[0].clone() } else { random.one(&group.names).clone() }
            }
            "personne" if random.percent(30) => random.one(&self.people).1.clone(),
            "personne" => {
                let (first, last) = if random.percent(50) { random.one(&self.people).clone() } else { self.person() };
                format!("{first} {last}")
            }
            "archive" => random.one(&self.lexicon.archive).clone(),
            "n" => small(random),
            "grand" => format!("{}\u{a0}{}00", random.between(1, 90), random.between(0, 9)),
            "age" => random.between(18, 84).to_string(),
            _ => self.time(slot),
        }
    }

    /// What is drawn for a slot of time.
    fn time(&mut self, slot: &str) -> String {
        let (day, random) = (self.happened, &mut self.random);
        let name = |day: NaiveDate| DAYS[day.weekday().num_days_from_monday() as usize];
        let month = |day: NaiveDate| MONTHS[day.month0() as usize];
        let number = |day: NaiveDate| if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() };
        let past = day - Days::new(random.between(30, 2500));
        match slot {
            "jour" => name(day).to_owned(),
            "nuit" => format!("dans la nuit de {} à {}", name(day - Days::new(1)), name(day)),
            "date" if random.percent(50) => format!("{} {} {}", number(day), month(day), day.year()),
            "date" => format!("{} {}", number(day), month(day)),
            "dernier" if random.percent(50) => format!("{} dernier", name(day)),
            "dernier" => format!("le {} {} dernier", number(day), month(day)),
            "avant" if random.percent(50) => "avant-hier".to_owned(),
            "avant" => format!("il y a {} jours", random.one(&NUMERALS)),
            "passe" => format!("{} {} {}", number(past), month(past), past.year()),
            "mois" => format!("{} {}", month(past), past.year()),
            "an" => past.year().to_string(),
            _ => unreachable!("the patterns name {slot}, which is neither a section nor a slot"),
        }
    }

    /// A first name and a family name.
    fn person(&mut self) -> (String, String) {
        (self.line("prenom"), self.lexicon.surname(&mut self.random))
    }
}

/// A number of people, as words where it is small.
fn small(random: &mut Random) -> String {
    // The least of three: most numbers are small.
    let number = (0..3).map(|_| random.between(2, 140)).min().unwrap_or(2);
    let word = usize::try_from(number - 2).ok().and_then(|at| NUMERALS.get(at));
    word.map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// Elides or contracts the word before `start`, where what stands behind wants it: « de Ansongo », « de le JNIM ».
pub(crate) fn join(out: &mut String, start: usize) {
    let (before, after) = out.split_at(start);
    let Some(word) = before.strip_suffix(' ').and_then(|said| said.rsplit(|c: char| !c.is_alphabetic()).next()) else {
        return;
    };
    let from = start - 1 - word.len();
    let contracted = |article: &str, to: &str| Some((from..start + article.len(), to.to_owned()));
    let change = match word {
        "de" if after.starts_with("le ") => contracted("le", "du"),
        "de" if after.starts_with("les ") => contracted("les", "des"),
        "à" if after.starts_with("le ") => contracted("le", "au"),
        "à" if after.starts_with("les ") => contracted("les", "aux"),
        "du" if after.starts_with(VOWELS) => Some((from..start, "de l'".to_owned())),
        "de" | "le" | "la" | "que" | "ne" | "De" | "Le" | "La" | "Que" if after.starts_with(VOWELS) => {
            Some((from + word.len() - 1..start, "'".to_owned()))
        }
        _ => None,
    };
    if let Some((range, to)) = change {
        out.replace_range(range, &to);
    }
}

const VOWELS: [char; 19] =
    ['a', 'e', 'i', 'o', 'u', 'é', 'è', 'ê', 'â', 'î', 'ô', 'œ', 'A', 'E', 'I', 'O', 'U', 'É', 'Î'];
