//! Places: which of the places of one name is meant, and in which role it stands.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::evidence::{Evidence, is_water};
use super::matcher::Found;
use super::roles::{Role, Setting, place_role};
use super::surroundings::{Announced, Cues, Piece};
use super::{Open, Rule, Spot};
use crate::vocabulary::{COMMON, CUE, Level, PlaceId, SPELLED, SURNAME, Target, Vocabulary, keys};

/// How far ahead the best reading has to be.
const MARGIN: f32 = 8.0;
/// Kilometres at which being near a place named before no longer counts.
const FAR: f32 = 300.0;

/// What is known of places beside their names, made once a vocabulary.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) cues: Cues,
    /// Seats of government, and all that their city is called.
    capitals: FxHashSet<PlaceId>,
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
struct Candidate<'p, 'v> {
    piece: usize,
    found: &'p Found<'v>,
    announced: Announced,
    located: bool,
    /// Set once it is known which.
    place: Option<PlaceId>,
    rule: Rule,
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
                Ok((place, rule)) => {
                    solver.note(place);
                    candidates[at].place = Some(place);
                    candidates[at].rule = rule;
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
    solver.repeat(&mut candidates, &mut open);
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
    settle_countries(vocabulary, evidence, &mut spots);
    (spots, open)
}

/// Where no place of an event was found, the country that the report is about is one.
fn settle_countries(vocabulary: &Vocabulary, evidence: &Evidence, spots: &mut [Spot<PlaceId>]) {
    if spots.iter().any(|spot| spot.role == Role::Event && vocabulary.level(spot.value) != Level::Zone) {
        return;
    }
    let weight = |spot: &Spot<PlaceId>| evidence.weight(vocabulary.country(spot.value));
    let most = spots.iter().filter(|spot| spot.rule != Rule::Dateline).map(weight).max().unwrap_or(0);
    let lead = evidence.leading();
    for spot in spots {
        if vocabulary.level(spot.value) == Level::Country
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
    gap.starts_with(['(', '–', '—', '-', '/']) || gap.starts_with(',') && number && parted
}

struct Solver<'s, 'v> {
    vocabulary: &'v Vocabulary,
    known: &'s Places,
    pieces: &'s [Piece<'s, 'v>],
    evidence: &'s Evidence,
    /// Where places stand that were decided.
    anchors: Vec<(f32, f32)>,
    /// Those places with all that they lie in.
    named: FxHashSet<PlaceId>,
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
                if taken(number, tokens.start) || is_water(piece, found) {
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
                candidates.push(Candidate { piece: number, found, announced, located, place: None, rule: Rule::Name });
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
            if self.vocabulary.tier(place) < 3 && families.iter().all(|&other| !self.is_kin(place, other)) {
                families.push(place);
            }
        }
        families.len() == 1
    }

    /// Whether two places lie in one another or are the same in two divisions.
    fn is_kin(&self, a: PlaceId, b: PlaceId) -> bool {
        let vocabulary = self.vocabulary;
        let other = |a: PlaceId, b: PlaceId| {
            vocabulary
                .other_division(a)
                .is_some_and(|other| vocabulary.lies_in(other, b) || vocabulary.lies_in(b, other))
        };
        vocabulary.lies_in(a, b) || vocabulary.lies_in(b, a) || other(a, b) || other(b, a)
    }

    /// The place that a name stands for; else why it stays open, nothing where it may be no place at all.
    fn choose(
        &self,
        candidate: &Candidate<'_, '_>,
        before: Option<&Candidate<'_, '_>>,
    ) -> Result<(PlaceId, Rule), Option<String>> {
        let piece = &self.pieces[candidate.piece];
        let row = before.is_some_and(|before| {
            before.piece == candidate.piece
                && before.place.is_some()
                && piece.in_row(&before.found.tokens, &candidate.found.tokens)
        });
        let country = self.owner(candidate);
        let fits = |place: PlaceId| {
            self.vocabulary.level(place) == Level::Zone
                || country.is_none_or(|country| self.vocabulary.country(place) == country)
        };
        let mut scored: Vec<(f32, PlaceId)> = readings(candidate.found)
            .filter(|&(place, flags)| fits(place) && self.is_backed(candidate, place, flags, row))
            .map(|(place, _)| (self.score(candidate, place), place))
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let Some(&(best, place)) = scored.first() else { return Err(None) };
        let rivals: Vec<PlaceId> = scored[1..]
            .iter()
            .filter(|&&(score, other)| best - score < MARGIN && !self.is_kin(place, other))
            .map(|&(_, other)| other)
            .collect();
        if !rivals.is_empty() {
            return self.common(place, &rivals);
        }
        let path = || self.vocabulary.place_path(place);
        let country = self.vocabulary.country(place);
        let foreign = self.evidence.weight(country) == 0 && self.evidence.leading().is_some();
        match self.vocabulary.tier(place) {
            3 if !self.is_confirmed(candidate, place, row) => {
                return Err(Some(format!("a village of that name ({}) that no region named here confirms", path())));
            }
            2 if foreign && self.vocabulary.level(place) != Level::Zone => {
                let country = self.vocabulary.place_name(country);
                return Err(Some(format!("a place of that name ({}) while {country} is not spoken of", path())));
            }
            _ => {}
        }
        Ok((self.canonical(place), if candidate.announced.noun { Rule::NameCue } else { Rule::Name }))
    }

    /// The country that a name is said to be in: « le Nord-Ouest du Nigeria », « le Sahel burkinabè ».
    fn owner(&self, candidate: &Candidate<'_, '_>) -> Option<PlaceId> {
        let piece = &self.pieces[candidate.piece];
        let end = candidate.found.tokens.end;
        let place = piece.found.partition_point(|found| found.tokens.start < end);
        let next = piece.found.get(place)?;
        let between =
            (end..next.tokens.start).all(|at| matches!(piece.word(at), "de" | "du" | "la" | "des" | "au" | "en"));
        if !between || next.tokens.start > end + 2 || !piece.unbroken(end.saturating_sub(1)..next.tokens.start + 1) {
            return None;
        }
        next.readings.iter().find_map(|reading| match reading.target {
            Target::Demonym(country) if next.tokens.start == end => Some(country),
            Target::Place(country) if next.tokens.start > end && self.vocabulary.level(country) == Level::Country => {
                Some(country)
            }
            _ => None,
        })
    }

    /// What all places of a name lie in, if it is named.
    fn common(&self, place: PlaceId, rivals: &[PlaceId]) -> Result<(PlaceId, Rule), Option<String>> {
        let inside = |outer: PlaceId| rivals.iter().all(|&other| self.vocabulary.lies_in(other, outer));
        let shared = self.vocabulary.upwards(place).skip(1).find(|&outer| inside(outer));
        let paths: Vec<String> = std::iter::once(place)
            .chain(rivals.iter().copied())
            .take(4)
            .map(|place| self.vocabulary.place_path(place).to_string())
            .collect();
        match shared.filter(|outer| self.named.contains(outer)) {
            Some(outer) if self.vocabulary.level(outer) != Level::Country => Ok((outer, Rule::Ancestor)),
            _ => Err(Some(format!("several places of that name: {}", paths.join(", ")))),
        }
    }

    /// Whether a name that is also a word or a surname is used as a place's.
    fn is_backed(&self, candidate: &Candidate<'_, '_>, place: PlaceId, flags: u32, row: bool) -> bool {
        let announced = candidate.announced.noun && self.is_level(candidate, place);
        let region = matches!(self.vocabulary.level(place), Level::Region | Level::Second);
        let spoken_of = self.evidence.weight(self.vocabulary.country(place)) > 0;
        // Points of the compass are regions only of a country that is named.
        if flags & (COMMON | SPELLED) != 0 && region && !spoken_of {
            return false;
        }
        if flags & CUE == 0 || announced {
            return true;
        }
        if flags & COMMON != 0 && region && self.vocabulary.tier(place) == 1 {
            return false;
        }
        let piece = &self.pieces[candidate.piece];
        let at = candidate.found.tokens.start;
        let inside = piece.sentence(at).start < at;
        let placed = candidate.located || row || piece.preposition(at).is_some();
        self.vocabulary.tier(place) < 3 && inside && spoken_of && placed
    }

    /// Whether a place is of a level that was announced for its country.
    fn is_level(&self, candidate: &Candidate<'_, '_>, place: PlaceId) -> bool {
        let level = self.vocabulary.level(place);
        let country = self.vocabulary.country(place);
        candidate.announced.levels.iter().any(|&(only, announced)| {
            only.is_none_or(|only| only == country)
                && (announced == level
                    || announced == Level::Locality
                        && matches!(level, Level::Commune | Level::Second | Level::Locality)
                    || announced == Level::Commune && level == Level::Locality)
        })
    }

    /// How well a place fits the text.
    fn score(&self, candidate: &Candidate<'_, '_>, place: PlaceId) -> f32 {
        let vocabulary = self.vocabulary;
        let level = vocabulary.level(place);
        let country = vocabulary.country(place);
        let mut score: f32 = match (level, vocabulary.tier(place)) {
            (Level::Country, _) => 45.0,
            (_, 1) => 30.0,
            (_, 2) => 22.0,
            _ => 0.0,
        };
        if self.known.capitals.contains(&place) {
            score += 15.0;
        }
        // Its own name, not another's that it also bears.
        if keys(vocabulary.place_name(place)).contains(&self.key(candidate)) {
            score += 10.0;
        }
        let announced = &candidate.announced;
        if announced.noun {
            score += if self.is_level(candidate, place) { 40.0 } else { -10.0 };
        }
        let depth = f32::from(u8::try_from(vocabulary.upwards(place).count()).unwrap_or(8));
        // « à Tillabéri » is the town, « Tillabéri » the region.
        let town = announced.levels.iter().any(|&(_, level)| level == Level::Locality)
            || matches!(
                self.pieces[candidate.piece].preposition(candidate.found.tokens.start),
                Some("a" | "entre" | "vers")
            );
        score += if town && vocabulary.tier(place) < 3 && level != Level::Zone { depth } else { -depth };
        if level == Level::Zone {
            // « au Sahel » is the zone, « la région du Sahel » the division.
            score += if announced.noun { -6.0 } else { 40.0 };
        } else if self.evidence.weight(country) > 0 {
            let weight = f32::from(u16::try_from(self.evidence.weight(country)).unwrap_or(u16::MAX));
            score += 10.0 + weight.min(10.0);
            if self.evidence.leading() == Some(country) {
                score += 6.0;
            }
        } else if !self.evidence.is_empty() {
            score -= 25.0;
        }
        if vocabulary
            .upwards(place)
            .skip(1)
            .any(|outer| vocabulary.level(outer) != Level::Country && self.named.contains(&outer))
        {
            score += 30.0;
        } else if self.named.contains(&place) {
            score += 12.0;
        }
        score + self.nearness(place)
    }

    /// Up to 15 for being near a place that is decided.
    fn nearness(&self, place: PlaceId) -> f32 {
        let Some(here) = self.vocabulary.coordinates(place) else { return 0.0 };
        let nearest = self.anchors.iter().map(|&there| kilometres(here, there)).fold(FAR, f32::min);
        15.0 * (1.0 - nearest / FAR)
    }

    /// Whether a village may be taken for what its name says: a region, cercle or commune that it lies in is named, or
    /// its country is and the text calls it a village.
    fn is_confirmed(&self, candidate: &Candidate<'_, '_>, place: PlaceId, row: bool) -> bool {
        let vocabulary = self.vocabulary;
        let piece = &self.pieces[candidate.piece];
        let at = candidate.found.tokens.start;
        let mut above = vocabulary.upwards(place).skip(1);
        let division = above.any(|outer| vocabulary.level(outer) != Level::Country && self.named.contains(&outer));
        let country = vocabulary.country(place);
        let placed = candidate.located || candidate.announced.noun || row;
        let known = self.named.contains(&country) || self.evidence.leading() == Some(country);
        let beside = |found: &Found<'_>| {
            piece.sentence(at).contains(&found.tokens.start) && readings(found).any(|(place, _)| place == country)
        };
        division && (placed || piece.preposition(at).is_some())
            || known && candidate.announced.noun
            || placed && piece.found.iter().any(beside)
    }

    /// What a name means once in a report it means again.
    fn repeat(&self, candidates: &mut [Candidate<'_, '_>], open: &mut Vec<Open>) {
        let name = |candidate: &Candidate<'_, '_>| self.key(candidate);
        let known: Vec<(String, PlaceId)> =
            candidates.iter().filter_map(|candidate| Some((name(candidate), candidate.place?))).collect();
        for candidate in candidates.iter_mut().filter(|candidate| candidate.place.is_none()) {
            let key = name(candidate);
            if let Some(&(_, place)) = known.iter().find(|(other, _)| *other == key) {
                candidate.place = Some(place);
                open.retain(|open| open.piece != candidate.piece || open.tokens != candidate.found.tokens);
            }
        }
    }

    /// The folded words of a name, run together.
    fn key(&self, candidate: &Candidate<'_, '_>) -> String {
        candidate.found.tokens.clone().map(|at| self.pieces[candidate.piece].word(at)).collect()
    }

    /// A unit of the newer division as the older one knows it, which paths follow.
    fn canonical(&self, place: PlaceId) -> PlaceId {
        let vocabulary = self.vocabulary;
        let older = vocabulary.other_division(place).filter(|&other| {
            vocabulary.tier(other) < vocabulary.tier(place)
                && vocabulary.place_name(other) == vocabulary.place_name(place)
        });
        older.unwrap_or(place)
    }

    /// Remembers a place that is decided.
    fn note(&mut self, place: PlaceId) {
        let vocabulary = self.vocabulary;
        if vocabulary.level(place) == Level::Zone {
            return;
        }
        self.named.extend(vocabulary.upwards(place));
        if vocabulary.level(place) != Level::Country {
            self.anchors.extend(vocabulary.coordinates(place));
        }
    }
}

/// The places that a name may stand for, with the flags of the name.
fn readings<'f>(found: &'f Found<'_>) -> impl Iterator<Item = (PlaceId, u32)> + 'f {
    found.readings.iter().filter_map(|reading| match reading.target {
        Target::Place(place) => Some((place, reading.flags)),
        _ => None,
    })
}

/// The distance of two points in degrees north and east, on a plane that is true near both.
fn kilometres(a: (f32, f32), b: (f32, f32)) -> f32 {
    let (north, east) = (a.0 - b.0, (a.1 - b.1) * a.0.to_radians().cos());
    111.2 * north.hypot(east)
}
