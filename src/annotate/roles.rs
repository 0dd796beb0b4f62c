//! Roles: whether something happened at a place or on a day, or was only named.

use std::ops::Range;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::surroundings::Piece;
use crate::date::{DateSpan, Precision};
use crate::vocabulary::Level;

/// What a name is to the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Where or when something reported happened.
    Event,
    /// A group or force that the report names.
    Actor,
    /// Only named: affiliation, background, dateline, the place of a statement, a border.
    Mention,
}

/// Days of a year.
const YEAR: i64 = 366;
/// Words that tie a group to an organisation above it, without their endings.
const AFFILIATIONS: [&str; 10] =
    ["affili", "allegeance", "inspir", "lie", "mouvance", "nebuleuse", "proche", "rattach", "ralli", "sympathisant"];
/// Words of borders and neighbours, without their endings.
const BORDERS: [&str; 6] = ["frontalier", "frontier", "limitrophe", "poste-frontiere", "riverain", "voisin"];
/// Words of saying and writing, without the endings of gender and number.
const STATEMENTS: [&str; 35] = [
    "accuse",
    "affirme",
    "ajoute",
    "annonce",
    "appele",
    "appris",
    "assure",
    "communique",
    "condamne",
    "confie",
    "confirme",
    "declare",
    "demande",
    "denonce",
    "deplore",
    "evoque",
    "explique",
    "exprime",
    "fustige",
    "indique",
    "insiste",
    "parle",
    "precise",
    "promis",
    "prononce",
    "rapporte",
    "reagi",
    "regrette",
    "revele",
    "salue",
    "signale",
    "souligne",
    "soutenu",
    "tweet",
    "twitte",
];
/// Words of meeting and speaking somewhere, likewise: what happens there is no event of the conflict.
const MEETINGS: [&str; 23] = [
    "accueilli",
    "allie",
    "ambassade",
    "ambassadeur",
    "audience",
    "conference",
    "correspondant",
    "devoile",
    "dit",
    "entretien",
    "invite",
    "joint",
    "juge",
    "presente",
    "publie",
    "recu",
    "rejete",
    "rencontre",
    "reuni",
    "reunion",
    "signe",
    "sommet",
    "visite",
];
/// Words of what is reported, which end the search for a statement, without their endings.
const EVENTS: [&str; 34] = [
    "abattu",
    "accrochage",
    "affront",
    "arret",
    "assassin",
    "assaut",
    "attaqu",
    "attentat",
    "bless",
    "bombard",
    "captur",
    "combat",
    "degrad",
    "detrui",
    "embuscade",
    "enlev",
    "execut",
    "explos",
    "frapp",
    "incendi",
    "incursion",
    "kidnapp",
    "liber",
    "massacr",
    "mort",
    "neutralis",
    "offensive",
    "pill",
    "raid",
    "repouss",
    "riposte",
    "saisi",
    "tue",
    "vise",
];
/// Who is somewhere in office, without the endings of gender and number: nothing happened there.
const OFFICES: [&str; 16] = [
    "archeveque",
    "chefferie",
    "consul",
    "depute",
    "elu",
    "emir",
    "eveque",
    "gouverneur",
    "habitant",
    "imam",
    "maire",
    "notable",
    "prefet",
    "procureur",
    "senateur",
    "sultan",
];
/// Words of where somebody comes from or has gone, likewise.
const ORIGINS: [&str; 6] = ["exile", "natif", "ne", "originaire", "refugie", "ressortissant"];
/// What a capital lends its name to, likewise.
const SEATS: [&str; 12] = [
    "accord",
    "autorite",
    "axe",
    "conference",
    "declaration",
    "gouvernement",
    "junte",
    "pouvoir",
    "processus",
    "regime",
    "sommet",
    "traite",
];
/// Words that tell a part of a country.
const PARTS: [&str; 14] = [
    "centre",
    "est",
    "extreme",
    "frontiere",
    "interieur",
    "moitie",
    "nord",
    "ouest",
    "partie",
    "quart",
    "region",
    "sud",
    "territoire",
    "zone",
];

/// Whether a group is named only as the organisation that others belong to: « liés à Al-Qaïda ».
pub(super) fn is_affiliation(piece: &Piece<'_, '_>, tokens: &Range<usize>) -> bool {
    let mut words = 0;
    piece
        .before(tokens.start, 9)
        .take_while(|_| {
            words += 1;
            words <= 9
        })
        .any(|word| {
            AFFILIATIONS
                .iter()
                .any(|stem| word.strip_prefix(stem).is_some_and(|rest| rest.len() < 4 && !rest.starts_with(['u', 'n'])))
        })
}

/// Whether the sentence of a token tells of the past only.
pub(super) fn is_background(piece: &Piece<'_, '_>, at: usize) -> bool {
    let sentence = piece.sentence(at);
    let since = sentence.clone().take(3).any(|at| piece.word(at) == "depuis" && is_year(piece.word(at + 1)));
    let goes_on = |at: usize, words: &[&str]| {
        at + words.len() < sentence.end && (1..).zip(words).all(|(n, word)| piece.word(at + n) == *word)
    };
    since || sentence.clone().any(|at| openings(piece.word(at)).iter().any(|words| goes_on(at, words)))
}

/// What stands behind a word where both open what happened long before.
fn openings(word: &str) -> &'static [&'static [&'static str]] {
    match word {
        "pour" => &[&["rappel"], &["memoire"]],
        "rappelons" | "historiquement" => &[&[]],
        "a" => &[&["l", "epoque"]],
        "par" => &[&["le", "passe"]],
        "ne" | "nee" => &[&["le"]],
        _ => &[],
    }
}

fn is_year(word: &str) -> bool {
    word.len() == 4
        && word.bytes().all(|byte| byte.is_ascii_digit())
        && (word.starts_with("19") || word.starts_with("20"))
}

/// What a place is told for, besides its name.
pub(super) struct Setting {
    pub(super) level: Level,
    /// Whether it is the seat of a government, and may stand for that.
    pub(super) capital: bool,
    pub(super) title: bool,
}

/// The role of a place.
pub(super) fn place_role(piece: &Piece<'_, '_>, tokens: &Range<usize>, setting: &Setting) -> Role {
    let at = tokens.start;
    let country = setting.level == Level::Country;
    let located = piece.is_located(at);
    if (country || setting.capital) && is_beside(piece, at) {
        return Role::Mention;
    }
    if setting.title {
        let seat = setting.capital && !located && at == 0 && !piece.gap(tokens.end).contains([':', '–', '-']);
        let beside = country && !located && !heads(piece, tokens) && !is_part(piece, at);
        return if seat || beside { Role::Mention } else { Role::Event };
    }
    let before = piece.before(at, 2).find(|word| !matches!(*word, "de" | "du" | "d" | "la" | "le" | "a" | "au" | "en"));
    let of_office = piece.preposition(at) == Some("de") && before.is_some_and(|word| is_form(&OFFICES, word));
    let of_origin = before.is_some_and(|word| is_form(&ORIGINS, word));
    let from_afar = setting.capital && piece.preposition(at) == Some("depuis");
    if is_background(piece, at) || of_office || of_origin || from_afar {
        return Role::Mention;
    }
    if setting.capital && located && at <= piece.sentence(at).start + 1 && is_said(piece, tokens.end) {
        return Role::Mention;
    }
    let told = |most| comes_before(piece, at, most, |word| is_statement(word) || is_meeting(word));
    match setting.level {
        Level::Country if at == piece.sentence(at).start && piece.gap(tokens.end).contains(':') => Role::Event,
        Level::Country if is_part(piece, at) => Role::Event,
        Level::Country if !located || told(6) => Role::Mention,
        Level::Zone if !located || !piece.sentence(at).any(|at| is_event(piece.word(at))) => Role::Mention,
        // « Bamako a rejeté » is the government, « un bar de Bamako » the town.
        _ if setting.capital && (!located && !is_of_town(piece, at, before) || told(12)) => Role::Mention,
        _ => Role::Event,
    }
}

/// Whether something of a capital is meant that is no matter of its government; `head` is the word before `de`.
fn is_of_town(piece: &Piece<'_, '_>, at: usize, head: Option<&str>) -> bool {
    piece.preposition(at) == Some("de") && head.is_some_and(|head| !is_form(&SEATS, head))
}

/// Whether a country is named to locate a border.
pub(super) fn is_beside(piece: &Piece<'_, '_>, at: usize) -> bool {
    piece.before(at, 7).any(|word| BORDERS.iter().any(|stem| word.starts_with(stem)))
}

/// Whether a name heads the title: `Mali : six soldats tués`, `Burkina Faso – Nouvelle attaque`.
fn heads(piece: &Piece<'_, '_>, tokens: &Range<usize>) -> bool {
    tokens.start < 4 && piece.gap(tokens.end).trim_start().starts_with([':', '–', '—', '-', '/', ','])
}

/// Whether a part of a country is meant: « le nord du Mali ».
fn is_part(piece: &Piece<'_, '_>, at: usize) -> bool {
    piece.preposition(at) == Some("de") && piece.before(at, 2).any(|word| PARTS.contains(&word))
}

/// Whether one of the last words before a token is a wanted one, before any is of an event.
fn comes_before(piece: &Piece<'_, '_>, at: usize, most: usize, wanted: impl Fn(&str) -> bool) -> bool {
    // « annoncé avoir repoussé la veille »: what was done, not what was said.
    piece.before(at, most).take_while(|word| !is_event(word) && *word != "avoir").any(wanted)
}

/// Whether what follows in a sentence is said rather than done: a word of saying comes before any of an event.
fn is_said(piece: &Piece<'_, '_>, from: usize) -> bool {
    let end = piece.sentence(from.saturating_sub(1)).end.min(from + 9);
    let mut words = (from..end).map(|at| piece.word(at));
    words.find(|word| is_statement(word) || is_event(word)).is_some_and(is_statement)
}

fn is_statement(word: &str) -> bool {
    is_form(&STATEMENTS, word)
}

fn is_meeting(word: &str) -> bool {
    is_form(&MEETINGS, word)
}

/// Whether a word is one of some, of whatever gender and number.
fn is_form(bases: &[&str], word: &str) -> bool {
    let ends = |rest: &str| matches!(rest, "" | "s" | "e" | "es" | "nt");
    bases.iter().any(|base| word.strip_prefix(base).is_some_and(ends))
}

/// The role of a date: of what happened, or of a statement or the past.
///
/// What is known to the month or the year only is of what happened where it is not older than a year.
pub(super) fn date_role(
    piece: &Piece<'_, '_>,
    tokens: &Range<usize>,
    span: DateSpan,
    published: Option<NaiveDate>,
) -> Role {
    let recent = |days: i64| published.is_none_or(|day| (day - span.to).num_days() <= days);
    match span.precision {
        Precision::Year => return Role::Mention,
        // Without the day of publication, only what is told as an event tells how old a month is.
        Precision::Month if published.is_none() && !piece.sentence(tokens.start).any(|at| is_event(piece.word(at))) => {
            return Role::Mention;
        }
        Precision::Month if !recent(YEAR) || piece.before(tokens.start, 1).any(|word| word == "depuis") => {
            return Role::Mention;
        }
        _ => {}
    }
    let opens = tokens.start <= piece.sentence(tokens.start).start + 2;
    if is_background(piece, tokens.start)
        || comes_before(piece, tokens.start, 6, is_statement)
        || opens && is_said(piece, tokens.end)
    {
        Role::Mention
    } else {
        Role::Event
    }
}

fn is_event(word: &str) -> bool {
    EVENTS.iter().any(|stem| word.starts_with(stem))
}
