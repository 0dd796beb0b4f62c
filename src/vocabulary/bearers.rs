//! Bearers: whom or what a name stands for, and all the names that it surely has.

use super::compile::SURNAME;
use super::forms::is_ordinary;
use super::key::{keys, spelled};
use super::rows::list;
use super::{ActorId, CUE, EXACT, Level, PlaceId, Reading, Target, Vocabulary};
use crate::french::Analyzer;

/// Whom or what a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Bearer {
    /// A group.
    Actor(ActorId),
    /// Places of one name that lie in one another, the broadest first. At least one.
    Places(Vec<PlaceId>),
    /// The people of a country.
    Demonym(PlaceId),
    /// Several things, or nobody in particular.
    Open,
}

impl Vocabulary {
    /// Who bears a name that can be read so. A country wins over other places, groups and peoples over what is smaller
    /// than a region, a town over a village. Nothing where nobody does.
    pub(super) fn bearer<'r>(
        &self,
        readings: impl IntoIterator<Item = &'r Reading<'r>>,
        capital: bool,
    ) -> Option<Bearer> {
        let (mut actors, mut places, mut demonyms) = (Vec::new(), Vec::new(), Vec::new());
        for reading in readings {
            match reading.target {
                Target::Actor(actor) if !actors.contains(&actor) => actors.push(actor),
                Target::Place(place) if !places.contains(&place) => places.push(place),
                Target::Demonym(country) if !demonyms.contains(&country) => demonyms.push(country),
                _ => {}
            }
        }
        let country = |place: &PlaceId| self.level(*place) == Level::Country;
        if places.iter().any(country) {
            places.retain(country);
            // « Suisse » is the country, « suisse » its people.
            if !demonyms.is_empty() {
                if capital { demonyms.clear() } else { places.clear() }
            }
        } else if !actors.is_empty() || !demonyms.is_empty() {
            places.retain(|place| self.level(*place) == Level::Region);
        }
        let known = places.iter().map(|place| self.tier(*place)).min();
        places.retain(|place| Some(self.tier(*place)) == known);
        Some(match (actors.as_slice(), demonyms.as_slice(), places.as_slice()) {
            ([], [], []) => return None,
            (&[actor], [], []) if !self.is_generic(actor) && self.actor_path(actor).is_some() => Bearer::Actor(actor),
            ([], &[country], []) => Bearer::Demonym(country),
            ([], [], places) => self.lineage(places).map_or(Bearer::Open, Bearer::Places),
            _ => Bearer::Open,
        })
    }

    /// Places that lie in one another, with those of the same name above and below, the broadest first; nothing where
    /// they are different places.
    fn lineage(&self, places: &[PlaceId]) -> Option<Vec<PlaceId>> {
        let order = |place: &PlaceId| (self.upwards(*place).count(), self.tier(*place), *place);
        let broadest = *places.iter().min_by_key(|place| order(place))?;
        if !places.iter().all(|&place| self.is_kin(broadest, place)) {
            return None;
        }
        let mut lineage = places.to_vec();
        let own = keys(self.place_name(broadest));
        for reading in self.look_up(self.place_name(broadest)) {
            if let Target::Place(place) = reading.target
                && self.is_kin(broadest, place)
                && keys(self.place_name(place)) == own
                && !lineage.contains(&place)
            {
                lineage.push(place);
            }
        }
        lineage.sort_by_key(order);
        Some(lineage)
    }

    /// Whether two places lie in one another or are the same in two divisions.
    pub(crate) fn is_kin(&self, a: PlaceId, b: PlaceId) -> bool {
        let other = |a: PlaceId, b: PlaceId| {
            self.other_division(a).is_some_and(|other| self.lies_in(other, b) || self.lies_in(b, other))
        };
        self.lies_in(a, b) || self.lies_in(b, a) || other(a, b) || other(b, a)
    }

    /// Whether a reading needs no cue. A country that is a surname too is a country.
    pub(super) fn is_sure(&self, reading: &Reading<'_>) -> bool {
        let country = matches!(reading.target, Target::Place(place) if self.level(place) == Level::Country);
        reading.flags & CUE == 0 || country && reading.flags & SURNAME != 0
    }

    /// The names of a bearer as the tables write them; several may say the same.
    pub(super) fn names_of(&self, bearer: &Bearer) -> Vec<&str> {
        match bearer {
            Bearer::Actor(actor) => self.actor_names(*actor).collect(),
            Bearer::Places(places) => {
                let names = places.iter().flat_map(|&place| {
                    // What has no capital is a name of another alphabet, by its letters.
                    let spelled = matches!(self.level(place), Level::Country | Level::Zone);
                    self.place_names(place).filter(move |name| spelled || name.contains(char::is_uppercase))
                });
                names.collect()
            }
            Bearer::Demonym(country) => {
                let row = self.demonyms().find(|(path, ..)| self.is_path(*country, path));
                row.into_iter().flat_map(|(_, _, forms)| list(forms)).collect()
            }
            Bearer::Open => Vec::new(),
        }
    }

    /// What a name as the tables write it may stand for without a cue.
    fn sure_readings(&self, name: &str) -> Vec<Reading<'_>> {
        let walks = keys(name).into_iter().filter_map(|key| self.walk(self.root(), &key));
        walks.flat_map(|walk| self.readings(walk)).filter(|reading| self.is_sure(reading)).collect()
    }

    /// Whether a name, wherever it is found, stands for its bearer and for nothing else.
    pub(super) fn is_safe(&self, analyzer: &mut Analyzer, name: &str, bearer: &Bearer) -> bool {
        let readings = self.sure_readings(name);
        let own = |reading: &Reading<'_>| {
            let is = match (reading.target, bearer) {
                (Target::Actor(actor), Bearer::Actor(own)) => actor == *own,
                (Target::Place(place), Bearer::Places(places)) => places.contains(&place),
                (Target::Demonym(country), Bearer::Demonym(own)) => country == *own,
                _ => false,
            };
            is && (reading.flags & EXACT == 0 || spelled(reading.spelling) == spelled(name))
        };
        let capital = name.starts_with(char::is_uppercase);
        let same = match (self.bearer(&readings, capital), bearer) {
            (Some(Bearer::Places(own)), Bearer::Places(places)) => own.iter().any(|place| places.contains(place)),
            (own, bearer) => own.as_ref() == Some(bearer),
        };
        // A search does not see the capitals that tell a name from a word.
        let mut word = |name| matches!(analyzer.analyze(name).as_slice(), [token] if is_ordinary(token));
        let hidden = name.contains(char::is_uppercase) && !name.contains(' ') && word(name);
        // What stands in brackets tells two rows of a table apart, not two names of a text.
        same && !hidden && !name.contains('(') && readings.iter().any(own)
    }
}
