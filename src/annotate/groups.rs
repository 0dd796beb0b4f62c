//! Armed groups and forces: which names of actors hold, and in which role.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::evidence::Evidence;
use super::matcher::Found;
use super::roles::{Role, is_affiliation};
use super::surroundings::Piece;
use super::{Rule, Spot};
use crate::facet::FacetPath;
use crate::french::{Kind, fold, is_apostrophe};
use crate::vocabulary::{ActorId, CUE, EXACT, Level, PlaceId, Reading, Target, Vocabulary};

/// What is known of actors beside their names, made once a vocabulary.
#[derive(Debug, Default)]
pub(super) struct Actors {
    /// Country → its army, by the alias « armée » with the adjective of the country.
    armies: FxHashMap<PlaceId, ActorId>,
    /// The actor that « l'armée » stands for where nothing tells whose it is.
    army: Option<ActorId>,
    /// The countries of each actor.
    countries: FxHashMap<ActorId, Vec<PlaceId>>,
    /// The cues of each actor, each as folded words.
    cues: FxHashMap<ActorId, Vec<Vec<String>>>,
    /// The facet of each actor that has one.
    paths: FxHashMap<ActorId, FacetPath>,
}

/// The word whose owner is the army of a country. Folded.
const ARMY: &str = "armee";

impl Actors {
    /// The actors of a vocabulary.
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        let named = |name: &str| {
            vocabulary.look_up(name).into_iter().find_map(|reading| match reading.target {
                Target::Actor(actor) => Some(actor),
                _ => None,
            })
        };
        let mut armies = FxHashMap::default();
        for (country, _, forms) in vocabulary.demonyms() {
            let army = forms.split('|').find_map(|form| named(&format!("{ARMY} {form}")));
            if let Some((country, army)) = vocabulary.place(country).zip(army) {
                armies.insert(country, army);
            }
        }
        let words = |cue: &str| -> Vec<String> {
            let folded = fold(&cue.to_lowercase());
            folded.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1).map(str::to_owned).collect()
        };
        let cues = vocabulary
            .actors()
            .map(|actor| (actor, vocabulary.cues(actor).map(words).filter(|cue| !cue.is_empty()).collect()))
            .collect();
        let countries = vocabulary
            .actors()
            .map(|actor| (actor, vocabulary.countries(actor).filter_map(|path| vocabulary.place(path)).collect()))
            .collect();
        let paths = vocabulary.actors().filter_map(|actor| Some((actor, vocabulary.actor_path(actor)?))).collect();
        Self { armies, army: named(ARMY), countries, cues, paths }
    }

    /// The facet of an actor; none for what only consumes its words.
    pub(super) fn path(&self, actor: ActorId) -> Option<&FacetPath> {
        self.paths.get(&actor)
    }

    /// The countries that the tables name for an actor.
    pub(super) fn countries(&self, actor: ActorId) -> &[PlaceId] {
        self.countries.get(&actor).map_or(&[], Vec::as_slice)
    }
}

/// Finds the actors of a report: each with the name that it stands under.
pub(super) fn groups(
    vocabulary: &Vocabulary,
    actors: &Actors,
    pieces: &[Piece<'_, '_>],
    evidence: &Evidence,
) -> Vec<Spot<ActorId>> {
    let finder = Finder { vocabulary, actors, evidence };
    let mut spots: Vec<Spot<ActorId>> = Vec::new();
    let mut doubtful: Vec<(usize, &Found<'_>)> = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        for found in &piece.found {
            match finder.actor(piece, found) {
                Some(actor) => finder.add(piece, number, found, actor, &mut spots),
                None if found.readings.iter().any(|reading| matches!(reading.target, Target::Actor(_))) => {
                    doubtful.push((number, found));
                }
                None => {}
            }
        }
    }
    // A name that was doubtful alone is sure in a report that names its owner otherwise.
    let sure: FxHashSet<ActorId> = spots.iter().map(|spot| spot.value).collect();
    for (number, found) in doubtful {
        let known = found.readings.iter().find_map(|reading| match reading.target {
            Target::Actor(actor) if sure.contains(&actor) && !vocabulary.is_generic(actor) => Some(actor),
            _ => None,
        });
        if let Some(actor) = known {
            finder.add(&pieces[number], number, found, actor, &mut spots);
        }
    }
    spots.sort_by_key(|spot| (spot.piece, spot.tokens.start));
    spots
}

struct Finder<'f> {
    vocabulary: &'f Vocabulary,
    actors: &'f Actors,
    evidence: &'f Evidence,
}

impl Finder<'_> {
    /// The actor that a name surely stands for.
    fn actor(&self, piece: &Piece<'_, '_>, found: &Found<'_>) -> Option<ActorId> {
        let readings = || {
            found.readings.iter().filter_map(|reading| match reading.target {
                Target::Actor(actor) => Some((actor, reading)),
                _ => None,
            })
        };
        let mut sure: Vec<ActorId> = readings()
            .filter(|(actor, reading)| self.is_sure(piece, found, *actor, reading))
            .map(|(actor, _)| actor)
            .collect();
        sure.dedup();
        if sure.len() > 1 {
            let weight = |actor: &ActorId| {
                let countries = self.actors.countries(*actor).iter();
                (
                    !self.vocabulary.is_generic(*actor),
                    countries.map(|&country| self.evidence.weight(country)).max().unwrap_or(0),
                )
            };
            let most = sure.iter().map(weight).max();
            sure.retain(|actor| Some(weight(actor)) == most);
        }
        sure.first().copied()
    }

    /// Whether a reading needs no cue, or has one.
    fn is_sure(&self, piece: &Piece<'_, '_>, found: &Found<'_>, actor: ActorId, reading: &Reading<'_>) -> bool {
        if self.vocabulary.is_generic(actor) && is_adjective(piece, &found.tokens) {
            return false;
        }
        if reading.flags & CUE == 0 {
            return true;
        }
        if Some(actor) == self.actors.army {
            return piece.word(found.tokens.start) == ARMY
                && found.tokens.len() == 1
                && is_definite(piece, &found.tokens);
        }
        // An acronym of the country that the report is about needs no other cue.
        if reading.flags & EXACT != 0
            && reading.spelling.len() > 2
            && let Some(leading) = self.evidence.leading()
            && self.actors.countries(actor).contains(&leading)
        {
            return true;
        }
        let sentence = piece.sentence(found.tokens.start);
        let outside = |at: &usize| !found.tokens.contains(at);
        self.actors.cues.get(&actor).into_iter().flatten().any(|cue| {
            sentence.clone().filter(outside).any(|at| {
                cue.iter().enumerate().all(|(n, word)| at + n < sentence.end && is_form(piece.word(at + n), word))
            })
        })
    }

    /// Adds an actor, and those that share its head word: « soldats maliens et nigériens », « les armées du Mali et du
    /// Niger ».
    fn add(
        &self,
        piece: &Piece<'_, '_>,
        number: usize,
        found: &Found<'_>,
        actor: ActorId,
        spots: &mut Vec<Spot<ActorId>>,
    ) {
        let rule = rule_of(found, actor);
        let above = self.vocabulary.is_umbrella(actor)
            && is_affiliation(piece, &found.tokens)
            && self.beside_umbrella(piece, found);
        let no_facet = self.actors.path(actor).is_none();
        let acts = if above || no_facet { Role::Mention } else { Role::Actor };
        spots.push(Spot { piece: number, tokens: found.tokens.clone(), value: actor, rule, role: acts });
        let last = found.tokens.end - 1;
        if found.tokens.len() > 1 {
            let head: String = found.tokens.clone().take(found.tokens.len() - 1).map(|at| piece.word(at)).collect();
            let mut at = last;
            while let Some(next) = Self::next_adjective(piece, at) {
                let key = format!("{head}{}", piece.word(next));
                let walk = self.vocabulary.walk(self.vocabulary.root(), &key);
                let other =
                    walk.into_iter().flat_map(|walk| self.vocabulary.readings(walk)).find_map(|reading| match reading
                        .target
                    {
                        Target::Actor(other) if reading.flags & (CUE | EXACT) == 0 => Some(other),
                        _ => None,
                    });
                let Some(other) = other else { break };
                spots.push(Spot {
                    piece: number,
                    tokens: next..next + 1,
                    value: other,
                    rule: Rule::Row,
                    role: Role::Actor,
                });
                at = next;
            }
        }
    }

    /// Whether another organisation stands in a row with one: « liés à Al-Qaïda et à l'État islamique » names nobody.
    fn beside_umbrella(&self, piece: &Piece<'_, '_>, found: &Found<'_>) -> bool {
        let place = piece.found.partition_point(|other| other.tokens.start < found.tokens.start);
        let is_umbrella = |other: &&Found<'_>| {
            other
                .readings
                .iter()
                .any(|reading| matches!(reading.target, Target::Actor(actor) if self.vocabulary.is_umbrella(actor)))
        };
        let before = place.checked_sub(1).and_then(|before| piece.found.get(before)).filter(is_umbrella);
        let after = piece.found.get(place + 1).filter(is_umbrella);
        before.is_some_and(|before| piece.in_row(&before.tokens, &found.tokens))
            || after.is_some_and(|after| piece.in_row(&found.tokens, &after.tokens))
    }

    /// The adjective of a country that stands in a row with the word at a token.
    fn next_adjective(piece: &Piece<'_, '_>, at: usize) -> Option<usize> {
        let is_demonym = |at: usize| {
            let place = piece.found.partition_point(|found| found.tokens.end <= at);
            piece.found.get(place).is_some_and(|found| {
                found.tokens == (at..at + 1) && found.readings.iter().any(|r| matches!(r.target, Target::Demonym(_)))
            })
        };
        let next = if matches!(piece.word(at + 1), "et" | "ou") { at + 2 } else { at + 1 };
        let joined = next == at + 2 || piece.gap(next).contains([',', '-', '/']);
        (joined && next < piece.tokens.len() && is_demonym(next)).then_some(next)
    }
}

/// Gives « l'armée » the name of the army of a country, where it is one.
pub(super) fn settle_armies(
    actors: &Actors,
    pieces: &[Piece<'_, '_>],
    spots: &mut [Spot<ActorId>],
    country: Option<PlaceId>,
) {
    let Some(&army) = country.and_then(|country| actors.armies.get(&country)) else { return };
    for spot in spots.iter_mut().filter(|spot| Some(spot.value) == actors.army) {
        if spot.tokens.len() == 1 && pieces[spot.piece].word(spot.tokens.start) == ARMY {
            (spot.value, spot.rule) = (army, Rule::Country);
            spot.role = if actors.path(army).is_some() { Role::Actor } else { Role::Mention };
        }
    }
}

/// The armies of countries in a row: « les armées du Niger, du Mali et du Burkina Faso ».
pub(super) fn armies_of(
    vocabulary: &Vocabulary,
    actors: &Actors,
    piece: &Piece<'_, '_>,
    number: usize,
) -> Vec<Spot<ActorId>> {
    let mut spots = Vec::new();
    let mut before: Option<&Range<usize>> = None;
    for found in &piece.found {
        let tokens = &found.tokens;
        let country = found.readings.iter().find_map(|reading| match reading.target {
            Target::Place(place) if vocabulary.level(place) == Level::Country => Some(place),
            _ => None,
        });
        if let Some(country) = country {
            let head = piece.before(tokens.start, 3).find(|word| !matches!(*word, "du" | "de" | "d" | "la" | "des"));
            let heads = head.is_some_and(is_armies) && piece.unbroken(tokens.start.saturating_sub(2)..tokens.end);
            let goes_on =
                before.is_some_and(|before| piece.in_row(before, tokens) && piece.is_joined(before.end..tokens.start));
            before = (heads || goes_on).then_some(tokens);
            if let (Some(_), Some(&army)) = (before, actors.armies.get(&country)) {
                let tokens = tokens.clone();
                spots.push(Spot { piece: number, tokens, value: army, rule: Rule::Country, role: Role::Actor });
            }
        } else {
            // The first of the row may be a name of its own: « les armées du Mali ».
            before = (tokens.len() > 1 && is_armies(piece.word(tokens.start))).then_some(tokens);
        }
    }
    spots
}

fn is_armies(word: &str) -> bool {
    matches!(word, "armees" | "armee")
}

/// Whether a word of people stands as an adjective: « infrastructures terroristes », « la violence djihadiste ».
fn is_adjective(piece: &Piece<'_, '_>, tokens: &Range<usize>) -> bool {
    /// Words before a noun that are no function words.
    const BEFORE_NOUNS: [&str; 30] = [
        "ancien",
        "anciens",
        "autres",
        "centaine",
        "certains",
        "cinq",
        "cinquante",
        "cent",
        "deux",
        "dix",
        "divers",
        "dizaine",
        "douze",
        "huit",
        "jeunes",
        "mille",
        "neuf",
        "nombreux",
        "onze",
        "plusieurs",
        "presumes",
        "quarante",
        "quatorze",
        "quatre",
        "quelques",
        "quinze",
        "sept",
        "six",
        "trente",
        "trois",
    ];
    let Some(before) = tokens.start.checked_sub(1).filter(|_| tokens.len() == 1) else { return false };
    piece.tokens[before].terms.kind == Kind::Word
        && !BEFORE_NOUNS.contains(&piece.word(before))
        && piece.unbroken(before..tokens.end)
}

/// « l'armée », « cette armée », « leur armée »: one army that the reader knows.
fn is_definite(piece: &Piece<'_, '_>, tokens: &Range<usize>) -> bool {
    let elided = piece.gap(tokens.start).ends_with(is_apostrophe);
    elided && !matches!(piece.word(tokens.end), "de" | "du" | "des" | "d")
        || piece.before(tokens.start, 1).any(|word| matches!(word, "son" | "notre" | "cette" | "leur"))
}

/// Whether a word is a cue, or its plural or feminine.
fn is_form(word: &str, cue: &str) -> bool {
    word.strip_prefix(cue).is_some_and(|rest| matches!(rest, "" | "s" | "e" | "es" | "ne" | "nes"))
}

fn rule_of(found: &Found<'_>, actor: ActorId) -> Rule {
    let reading = found.readings.iter().find(|reading| reading.target == Target::Actor(actor));
    match reading.map(|reading| reading.flags) {
        Some(flags) if flags & CUE != 0 => Rule::Cue,
        Some(flags) if flags & EXACT != 0 => Rule::Acronym,
        _ => Rule::Alias,
    }
}

#[cfg(test)]
mod tests {
    use crate::french::{Analyzer, Token};
    use crate::vocabulary::keys;

    /// Folded words of a name, as tokens have them.
    fn key_of(tokens: &[Token<'_>]) -> String {
        tokens.iter().map(|token| token.terms.exact.as_str()).collect()
    }

    #[test]
    fn the_analysis_of_a_name_gives_its_key() {
        let mut analyzer = Analyzer::new();
        for name in [
            "Groupe de soutien à l'islam et aux musulmans",
            "l'armée malienne",
            "Côte d'Ivoire",
            "N'Djamena",
            "AFC/M23",
        ] {
            assert!(keys(name).contains(&key_of(&analyzer.analyze(name))), "{name}");
        }
    }
}
