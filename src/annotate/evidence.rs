//! The countries that a report speaks of, weighed.

use rustc_hash::FxHashMap;

use super::groups::Actors;
use super::matcher::Found;
use super::surroundings::Piece;
use crate::vocabulary::{COMMON, CUE, Level, PlaceId, SPELLED, Target, Vocabulary, behind_water};

/// What the country's own name counts.
const NAME: u32 = 3;
/// What the adjective of its people counts.
const DEMONYM: u32 = 2;
/// What a place counts whose name no other country has.
const PLACE: u32 = 2;
/// What an actor counts that is active in no other country.
const ACTOR: u32 = 2;
/// How much more the title counts.
const TITLE: u32 = 3;

/// How much speaks for each country.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    weights: FxHashMap<PlaceId, u32>,
    leading: Option<PlaceId>,
}

impl Evidence {
    /// Weighs the names of a report; `titled` tells the pieces that are titles.
    pub(super) fn gather(
        vocabulary: &Vocabulary,
        actors: &Actors,
        pieces: &[Piece<'_, '_>],
        titled: impl Fn(usize) -> bool,
    ) -> Self {
        let mut evidence = Self::default();
        for (number, piece) in pieces.iter().enumerate() {
            let factor = if titled(number) { TITLE } else { 1 };
            for found in &piece.found {
                if is_water(piece, found) {
                    continue;
                }
                if let Some((country, weight)) = speaks_for(vocabulary, actors, found) {
                    *evidence.weights.entry(country).or_default() += weight * factor;
                }
            }
        }
        evidence.leading = evidence.lead();
        evidence
    }

    /// How much speaks for a country.
    pub(super) fn weight(&self, country: PlaceId) -> u32 {
        self.weights.get(&country).copied().unwrap_or(0)
    }

    /// Whether anything speaks for any country.
    pub(super) fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// The country that most speaks for, if it leads clearly.
    pub(super) fn leading(&self) -> Option<PlaceId> {
        self.leading
    }

    fn lead(&self) -> Option<PlaceId> {
        let mut order: Vec<(u32, PlaceId)> = self.weights.iter().map(|(&country, &weight)| (weight, country)).collect();
        order.sort_unstable_by(|a, b| b.cmp(a));
        let &(most, country) = order.first()?;
        order.get(1).is_none_or(|&(next, _)| most * 2 >= next * 3 && most > next).then_some(country)
    }
}

/// Whether a name is that of a river or a lake: `le fleuve Niger`, `le delta du Niger`.
pub(super) fn is_water(piece: &Piece<'_, '_>, found: &Found<'_>) -> bool {
    behind_water(piece.before(found.tokens.start, 4))
}

/// The country that a name speaks for, with what it counts.
fn speaks_for(vocabulary: &Vocabulary, actors: &Actors, found: &Found<'_>) -> Option<(PlaceId, u32)> {
    let (mut first, mut several) = (None, false);
    let mut add = |country: PlaceId, weight: u32| {
        let &mut (known, _) = first.get_or_insert((country, weight));
        several |= known != country;
    };
    // Actors come before places: FAMa says nothing for the villages named Fama.
    let acts =
        found.readings.iter().any(|reading| matches!(reading.target, Target::Actor(_)) && reading.flags & CUE == 0);
    for reading in &found.readings {
        match reading.target {
            Target::Place(_) if acts => {}
            Target::Demonym(country) => return Some((country, DEMONYM)),
            Target::Place(place) if vocabulary.level(place) == Level::Country => return Some((place, NAME)),
            Target::Place(place)
                if reading.flags & (CUE | COMMON | SPELLED) == 0 && vocabulary.level(place) != Level::Zone =>
            {
                add(vocabulary.country(place), if vocabulary.tier(place) < 3 { PLACE } else { 0 });
            }
            Target::Actor(actor) if reading.flags & CUE == 0 && !vocabulary.is_generic(actor) => {
                actors.countries(actor).iter().for_each(|&country| add(country, ACTOR));
            }
            _ => {}
        }
    }
    // What several countries share speaks for none.
    first.filter(|&(_, weight)| !several && weight > 0)
}
