//! Places: the names that may be places, settled one after the other, and the role in which each stands.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::evidence::{Evidence, is_water};
use super::matcher::Found;
use super::roles::{Role, Setting, is_beside, place_role};
use super::surroundings::{Announced, Cues, Piece};
use super::{Open, Rule, Spot};
use crate::vocabulary::{CUE, Level, OWN, PlaceId, SPELLED, SURNAME, Target, Vocabulary};

/// What is known of places beside their names, made once a vocabulary.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) cues: Cues,
    /// Seats of government, and all that their city is called.
    pub(super) capitals: FxHashSet<PlaceId>,
}

impl Places {
    /// The places of a vocabulary.
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        let mut capitals = FxHashSet::default();
        for place in vocabulary.demonyms().filter_map(|(_, capital, _)| vocabulary.place(capital)) {
            let name = vocabulary.place_name(place);
            capitals.extend(vocabulary.look_up(name).into_iter().filter_map(|reading| match reading.target {
                Target::Place(other)
                    if vocabulary.country(other) == vocabulary.country(place) && vocabulary.tier(other) < 3 =>
                {
                    Some(other)
                }
                _ => None,
            }));
        }
        Self { cues: Cues::new(vocabulary), capitals }
    }
}

/// A name that some place has.
pub(super) struct Candidate<'p, 'v> {
    pub(super) piece: usize,
    pub(super) found: &'p Found<'v>,
    /// The folded words of the name, run together.
    pub(super) key: String,
    pub(super) announced: Announced,
    pub(super) located: bool,
    /// Set once it is known which.
    pub(super) place: Option<PlaceId>,
    pub(super) rule: Rule,
}

/// Finds the places of a report, but for the tokens that `taken` tells; and what stayed open.
pub(super) fn places(
    vocabulary: &Vocabulary,
    known: &Places,
    pieces: &[Piece<'_, '_>],
    evidence: &Evidence,
    titled: impl Fn(usize) -> bool,
    taken: impl Fn(usize, usize) -> bool,
) -> (Vec<Spot<PlaceId>>, Vec<Open>) {
    let mut solver = Solver { vocabulary, known, pieces, evidence, anchors: Vec::new(), named: FxHashSet::default() };
    let mut candidates = solver.candidates(&taken);
    let mut open = Vec::new();
    // What is plain comes first: the rest is judged by what stands near it.
    for round in [true, false] {
        for at in 0..candidates.len() {
            if candidates[at].place.is_some() || round && !solver.is_plain(&candidates[at]) {
                continue;
            }
            match solver.choose(&candidates[at], at.checked_sub(1).map(|before| &candidates[before])) {
                Ok(choice) => {
                    solver.note(choice.place);
                    let candidate = &mut candidates[at];
                    (candidate.place, candidate.rule) = (Some(choice.place), choice.rule);
                    let (piece, tokens) = (candidate.piece, candidate.found.tokens.clone());
                    open.extend(choice.open.map(|why| Open { piece, tokens, why }));
                }
                Err(why) if !round => open.extend(why.map(|why| Open {
                    piece: candidates[at].piece,
                    tokens: candidates[at].found.tokens.clone(),
                    why,
                })),
                Err(_) => {}
            }
        }
    }
    Solver::repeat(&mut candidates, &mut open);
    let mut spots: Vec<Spot<PlaceId>> = Vec::new();
    for candidate in &candidates {
        let Some(place) = candidate.place else { continue };
        let piece = &pieces[candidate.piece];
        let tokens = candidate.found.tokens.clone();
        let dateline = !titled(candidate.piece) && is_dateline(piece, &tokens);
        let setting = Setting {
            level: vocabulary.level(place),
            capital: known.capitals.contains(&place),
            title: titled(candidate.piece),
        };
        let mut role = if dateline { Role::Mention } else { place_role(piece, &tokens, &setting) };
        // A row shares its role, as it shares its preposition.
        if let Some(before) = spots.last().filter(|before| before.piece == candidate.piece)
            && piece.in_row(&before.tokens, &tokens)
            && !piece.is_located(tokens.start)
            && vocabulary.level(before.value) == setting.level
        {
            role = before.role;
        }
        let found_by = if dateline { Rule::Dateline } else { candidate.rule };
        spots.push(Spot { piece: candidate.piece, tokens, value: place, rule: found_by, role });
    }
    settle_countries(vocabulary, pieces, evidence, &mut spots);
    (spots, open)
}

/// Where no place of an event was found, the country that the report is about is one.
fn settle_countries(
    vocabulary: &Vocabulary,
    pieces: &[Piece<'_, '_>],
    evidence: &Evidence,
    spots: &mut [Spot<PlaceId>],
) {
    if spots.iter().any(|spot| spot.role == Role::Event && vocabulary.level(spot.value) != Level::Zone) {
        return;
    }
    let weight = |spot: &Spot<PlaceId>| evidence.weight(vocabulary.country(spot.value));
    let most = spots.iter().filter(|spot| spot.rule != Rule::Dateline).map(weight).max().unwrap_or(0);
    let lead = evidence.leading();
    for spot in spots {
        if vocabulary.level(spot.value) == Level::Country
            && !is_beside(&pieces[spot.piece], spot.tokens.start)
            && weight(spot) == most
            && lead.is_none_or(|lead| lead == spot.value)
        {
            spot.role = Role::Event;
        }
    }
}

/// Whether a place opens the text as its dateline: `Bamako, 9 janvier`, `BAMAKO (AFP) –`.
fn is_dateline(piece: &Piece<'_, '_>, tokens: &Range<usize>) -> bool {
    if tokens.start > 1 {
        return false;
    }
    let gap = piece.gap(tokens.end).trim_start();
    let number = piece.word(tokens.end).starts_with(|c: char| c.is_ascii_digit())
        || piece.word(tokens.end) == "le" && piece.word(tokens.end + 1).starts_with(|c: char| c.is_ascii_digit());
    // « Bamako, 9 janvier – … », but not « Inates, 10 décembre : 71 morts ».
    let start = piece.bytes(tokens).end;
    let line: String = piece.text[start..].chars().take(60).collect();
    let parted =
        [" - ", " – ", " — ", "("].iter().any(|mark| line.contains(mark)) || !line.contains(':') && line.contains(". ");
    let route = piece.found.iter().any(|found| found.tokens.start == tokens.end && readings(found).next().is_some());
    !route && gap.starts_with(['(', '–', '—', '-', '/']) || gap.starts_with(',') && number && parted
}

pub(super) struct Solver<'s, 'v> {
    pub(super) vocabulary: &'v Vocabulary,
    pub(super) known: &'s Places,
    pub(super) pieces: &'s [Piece<'s, 'v>],
    pub(super) evidence: &'s Evidence,
    /// Where places stand that were decided.
    pub(super) anchors: Vec<(f32, f32)>,
    /// Those places with all that they lie in.
    pub(super) named: FxHashSet<PlaceId>,
}

impl<'s, 'v> Solver<'s, 'v> {
    /// The names that may be places.
    fn candidates(&self, taken: &impl Fn(usize, usize) -> bool) -> Vec<Candidate<'s, 'v>> {
        let mut candidates: Vec<Candidate<'s, 'v>> = Vec::new();
        for (number, piece) in self.pieces.iter().enumerate() {
            let names: Vec<&Found<'v>> = piece.found.iter().filter(|found| readings(found).next().is_some()).collect();
            let known = |at: usize| {
                let place = piece.found.partition_point(|found| found.tokens.end <= at);
                taken(number, at)
                    || piece.found.get(place).is_some_and(|found| {
                        found.tokens.contains(&at)
                            && readings(found)
                                .any(|(place, flags)| flags & (CUE | SURNAME) == 0 && self.vocabulary.tier(place) < 3)
                    })
            };
            for found in names {
                let tokens = &found.tokens;
                if taken(number, tokens.start) || is_water(piece, found) || is_acronym(piece, found) {
                    continue;
                }
                let doubtful =
                    readings(found).all(|(place, flags)| flags & CUE != 0 || self.vocabulary.tier(place) == 3);
                let mut announced = self.known.cues.before(piece, tokens.start);
                let mut located = piece.is_located(tokens.start);
                if let Some(before) = candidates.last().filter(|before| before.piece == number)
                    && piece.in_row(&before.found.tokens, tokens)
                    && !announced.noun
                {
                    announced = before.announced.clone();
                    located |= before.located;
                }
                if !announced.noun && piece.is_borne(tokens, doubtful, known) {
                    continue;
                }
                let key = tokens.clone().map(|at| piece.word(at)).collect();
                let (place, rule) = (None, Rule::Name);
                candidates.push(Candidate { piece: number, found, key, announced, located, place, rule });
            }
        }
        candidates
    }

    /// Whether a name needs no other to be understood: one place, well known, under a name that is no other word.
    fn is_plain(&self, candidate: &Candidate<'_, '_>) -> bool {
        let mut families: Vec<PlaceId> = Vec::new();
        for (place, flags) in readings(candidate.found) {
            if flags & CUE != 0 {
                return false;
            }
            if self.vocabulary.tier(place) < 3 && families.iter().all(|&other| !self.vocabulary.is_kin(place, other)) {
                families.push(place);
            }
        }
        families.len() == 1
    }

    /// What a name means once in a report it means again.
    fn repeat(candidates: &mut [Candidate<'_, '_>], open: &mut Vec<Open>) {
        if candidates.iter().all(|candidate| candidate.place.is_some()) && open.is_empty() {
            return;
        }
        let known: FxHashMap<String, PlaceId> =
            candidates.iter().filter_map(|candidate| Some((candidate.key.clone(), candidate.place?))).collect();
        for candidate in candidates.iter_mut().filter(|candidate| candidate.place.is_none()) {
            // Points of the compass mean what stands beside them.
            if readings(candidate.found).all(|(_, flags)| flags & SPELLED == 0) {
                candidate.place = known.get(&candidate.key).copied();
            }
        }
        let settled: FxHashSet<(usize, usize)> = candidates
            .iter()
            .filter(|candidate| candidate.place.is_some() && candidate.rule != Rule::Ancestor)
            .map(|candidate| (candidate.piece, candidate.found.tokens.start))
            .collect();
        open.retain(|open| !settled.contains(&(open.piece, open.tokens.start)));
    }

    /// Remembers a place that is decided.
    fn note(&mut self, place: PlaceId) {
        let vocabulary = self.vocabulary;
        if vocabulary.level(place) == Level::Zone {
            return;
        }
        if self.named.insert(place) && vocabulary.level(place) != Level::Country {
            self.anchors.extend(vocabulary.coordinates(place));
        }
        self.named.extend(vocabulary.upwards(place));
    }
}

/// Whether a name in capitals is an acronym rather than the other name of a place: OTAN.
fn is_acronym(piece: &Piece<'_, '_>, found: &Found<'_>) -> bool {
    let surface = &piece.text[piece.bytes(&found.tokens)];
    let capitals = surface.chars().count() > 1 && surface.chars().all(char::is_uppercase);
    capitals
        && !piece.shouted
        && found.tokens.start > 0
        && surface.chars().count() < 7
        && readings(found).all(|(_, flags)| flags & OWN == 0)
}

/// The places that a name may stand for, with the flags of the name.
pub(super) fn readings<'f>(found: &'f Found<'_>) -> impl Iterator<Item = (PlaceId, u32)> + 'f {
    found.readings.iter().filter_map(|reading| match reading.target {
        Target::Place(place) => Some((place, reading.flags)),
        _ => None,
    })
}
