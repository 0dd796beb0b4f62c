//! Homonyms: which of several places of one name is meant.

use super::Rule;
use super::places::{Candidate, Solver, readings};
use crate::vocabulary::{COMMON, CUE, Level, PlaceId, SPELLED, Target, has_key};

/// How far ahead the best reading has to be.
const MARGIN: f32 = 8.0;
/// Kilometres at which being near a place named before no longer counts.
const FAR: f32 = 300.0;
/// Kilometres of a degree.
const DEGREE: f32 = 111.2;

/// Words for the level of a place. Sorted.
const LEVELS: [&str; 9] =
    ["cercle", "commune", "departement", "district", "prefecture", "province", "region", "territoire", "wilaya"];
/// Other words between a place and what it is said to lie in. Sorted.
const BETWEEN: [&str; 14] =
    ["a", "au", "d", "dans", "de", "du", "en", "etat", "l", "la", "le", "localite", "village", "ville"];

/// What a name was taken for.
pub(super) struct Choice {
    pub(super) place: PlaceId,
    pub(super) rule: Rule,
    /// Why it is no more than what holds all its readings.
    pub(super) open: Option<String>,
}

impl Solver<'_, '_> {
    /// The place that a name stands for; else why it stays open, nothing where it may be no place at all.
    pub(super) fn choose(
        &self,
        candidate: &Candidate<'_, '_>,
        before: Option<&Candidate<'_, '_>>,
    ) -> Result<Choice, Option<String>> {
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
        let (container, told) = self.container(candidate);
        let mut scored: Vec<(f32, PlaceId)> = readings(candidate.found)
            .filter(|&(place, flags)| fits(place) && self.is_backed(candidate, place, flags, row))
            .map(|(place, _)| (self.score(candidate, place, &container), place))
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let Some(&(best, place)) = scored.first() else {
            let known = readings(candidate.found).any(|(place, _)| self.vocabulary.tier(place) < 3);
            let placed = candidate.located || candidate.announced.noun;
            return Err(
                (known && placed).then(|| "also a word or a surname, and nothing here says where it lies".to_owned())
            );
        };
        let rivals: Vec<PlaceId> = scored[1..]
            .iter()
            .filter(|&&(score, other)| best - score < MARGIN && !self.vocabulary.is_kin(place, other))
            .map(|&(_, other)| other)
            .collect();
        // A town that heads no division yields to one that does.
        let heads =
            |other: &PlaceId| matches!(self.vocabulary.level(*other), Level::Region | Level::Second | Level::Commune);
        let place = match rivals.iter().copied().find(heads) {
            _ if rivals.is_empty() => place,
            Some(head)
                if !heads(&place)
                    && rivals.iter().all(|&other| !heads(&other) || self.vocabulary.is_kin(head, other)) =>
            {
                head
            }
            _ => return self.common(place, &rivals),
        };
        let path = || self.vocabulary.place_path(place);
        if told && !container.iter().any(|&outer| self.is_in(place, outer)) {
            return Err(Some(format!("a place of that name ({}) that lies elsewhere than the text says", path())));
        }
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
        let rule = if candidate.announced.noun { Rule::NameCue } else { Rule::Name };
        Ok(Choice { place: self.canonical(place), rule, open: None })
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

    /// Whether a place lies in another one, by either division.
    fn is_in(&self, place: PlaceId, outer: PlaceId) -> bool {
        let other = self.vocabulary.other_division(place);
        outer != place
            && (self.vocabulary.lies_in(place, outer)
                || other.is_some_and(|other| self.vocabulary.lies_in(other, outer)))
    }

    /// The places that a name is said to lie in right behind it, and whether their level is said too: « Dioura, dans
    /// la région de Mopti ».
    fn container(&self, candidate: &Candidate<'_, '_>) -> (Vec<PlaceId>, bool) {
        let piece = &self.pieces[candidate.piece];
        let end = candidate.found.tokens.end;
        let place = piece.found.partition_point(|found| found.tokens.start < end);
        let Some(next) = piece.found.get(place).filter(|next| next.tokens.start <= end + 7) else {
            return (Vec::new(), false);
        };
        let parted = piece.gap(end).contains([',', '(']) || matches!(piece.word(end), "dans" | "en" | "au");
        let inside = piece.sentence(end.saturating_sub(1)).contains(&next.tokens.start)
            && next.tokens.start > end
            && (end..next.tokens.start).all(|at| {
                LEVELS.binary_search(&piece.word(at)).is_ok() || BETWEEN.binary_search(&piece.word(at)).is_ok()
            });
        if !parted || !inside {
            return (Vec::new(), false);
        }
        let told = (end..next.tokens.start).any(|at| LEVELS.binary_search(&piece.word(at)).is_ok());
        (readings(next).map(|(place, _)| place).collect(), told)
    }

    /// What all places of a name lie in, if it is certain.
    fn common(&self, place: PlaceId, rivals: &[PlaceId]) -> Result<Choice, Option<String>> {
        let inside = |outer: PlaceId| rivals.iter().all(|&other| self.vocabulary.lies_in(other, outer));
        let shared = self.vocabulary.upwards(place).skip(1).find(|&outer| inside(outer));
        let paths: Vec<String> = std::iter::once(place)
            .chain(rivals.iter().copied())
            .take(4)
            .map(|place| self.vocabulary.place_path(place).to_string())
            .collect();
        let why = format!("several places of that name: {}", paths.join(", "));
        let certain =
            |outer: &PlaceId| self.vocabulary.level(*outer) != Level::Country || self.evidence.weight(*outer) > 0;
        match shared.filter(certain) {
            Some(outer) => Ok(Choice { place: outer, rule: Rule::Ancestor, open: Some(why) }),
            None => Err(Some(why)),
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
        if flags & SPELLED != 0 && region {
            return false;
        }
        let piece = &self.pieces[candidate.piece];
        let at = candidate.found.tokens.start;
        // A capital proves nothing of a word at the start of a sentence; of a surname, no more than elsewhere.
        let opens = piece.sentence(at).start == at;
        let inside = !opens || flags & COMMON == 0;
        let placed = candidate.located || row || opens || piece.preposition(at).is_some();
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

    /// How well a place fits the text; `container` is what its name is said to lie in.
    fn score(&self, candidate: &Candidate<'_, '_>, place: PlaceId, container: &[PlaceId]) -> f32 {
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
        if has_key(vocabulary.place_name(place), &candidate.key) {
            score += 15.0;
        }
        // « Dioura, dans la région de Mopti ».
        if container.iter().any(|&outer| self.is_in(place, outer)) {
            score += 60.0;
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
            score += if vocabulary.tier(place) == 3 { 18.0 } else { 30.0 };
        } else if self.named.contains(&place) {
            score += 12.0;
        }
        score + self.nearness(place)
    }

    /// Up to 15 for being near a place that is decided.
    fn nearness(&self, place: PlaceId) -> f32 {
        let here = self.vocabulary.coordinates(place);
        here.map_or(0.0, |here| 15.0 * (1.0 - nearest(here, &self.anchors) / FAR))
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
        let sentence = piece.sentence(at);
        let first = piece.found.partition_point(|found| found.tokens.start < sentence.start);
        let mut names = piece.found[first..].iter().take_while(|found| found.tokens.start < sentence.end);
        division && (placed || piece.preposition(at).is_some())
            || known && candidate.announced.noun
            || placed && names.any(|found| readings(found).any(|(place, _)| place == country))
    }

    /// A unit of the newer division as the older one knows it, which paths follow.
    pub(super) fn canonical(&self, place: PlaceId) -> PlaceId {
        let vocabulary = self.vocabulary;
        let older = vocabulary.other_division(place).filter(|&other| {
            vocabulary.tier(other) < vocabulary.tier(place)
                && vocabulary.place_name(other) == vocabulary.place_name(place)
        });
        older.unwrap_or(place)
    }
}

/// The kilometres from a point to the nearest of others, at most [`FAR`]; points in degrees north and east, on a plane
/// that is true near both.
fn nearest((north, east): (f32, f32), others: &[(f32, f32)]) -> f32 {
    let narrowing = north.to_radians().cos();
    others.iter().fold(FAR, |nearest, other| {
        let (up, along) = (north - other.0, (east - other.1) * narrowing);
        // None is nearer than it is in one direction.
        let farther = DEGREE * up.abs() >= nearest || DEGREE * along.abs() >= nearest;
        if farther { nearest } else { nearest.min(DEGREE * up.hypot(along)) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        assert!(LEVELS.is_sorted() && BETWEEN.is_sorted());
    }

    proptest::proptest! {
        #[test]
        fn the_nearest_is_the_least_of_all_distances(
            points in proptest::collection::vec((8.0..18.0_f32, -12.0..16.0_f32), 1..20),
        ) {
            let here = points[0];
            let narrowing = here.0.to_radians().cos();
            let distance = |other: &(f32, f32)| DEGREE * (here.0 - other.0).hypot((here.1 - other.1) * narrowing);
            let least = points[1..].iter().map(distance).fold(FAR, f32::min);
            proptest::prop_assert_eq!(nearest(here, &points[1..]).to_bits(), least.to_bits());
        }
    }
}
