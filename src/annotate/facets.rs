//! From mentions to facets: of the report, and of each passage.

use std::hash::Hash;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::groups::Actors;
use super::{Annotated, Mention, Part, Role, Unresolved};
use crate::date::DateSpan;
use crate::facet::FacetPath;
use crate::vocabulary::{ActorId, PlaceId, Target, Vocabulary};

/// A group or a place of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// Key of an actor in the table; nothing for places and for what only the record names.
    pub id: Option<String>,
    /// Its path.
    pub path: FacetPath,
    /// The same place in the other administrative division.
    pub other: Option<FacetPath>,
    /// The strongest role of its mentions.
    pub role: Role,
    /// Where the title and the text name it; nowhere for what only the record names.
    pub mentions: Vec<Mention>,
}

/// A date of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFacet {
    /// The days.
    pub span: DateSpan,
    /// The strongest role of its mentions.
    pub role: Role,
    /// Where the title and the text name it; nowhere for what only the record names.
    pub mentions: Vec<Mention>,
}

/// What a passage, or a whole report, tells itself, without what is only mentioned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<FacetPath>,
    /// Places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<FacetPath>,
    /// Dates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<DateSpan>,
}

impl Own {
    /// Whether the passage tells nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.regions.is_empty() && self.dates.is_empty()
    }
}

/// What was found in a report, mention by mention.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) actors: Vec<(ActorId, Mention)>,
    pub(super) places: Vec<(PlaceId, Mention)>,
    pub(super) dates: Vec<(DateSpan, Mention)>,
    pub(super) unresolved: Vec<Unresolved>,
}

/// The paths of places, and what facets that records give are in the vocabulary: both come again and again.
#[derive(Debug, Default)]
pub(super) struct Paths {
    /// Each place, and it in the other administrative division.
    places: FxHashMap<PlaceId, (FacetPath, Option<FacetPath>)>,
    given_groups: FxHashMap<FacetPath, (Option<String>, FacetPath)>,
    /// What is given, in the other administrative division.
    given_places: FxHashMap<FacetPath, Option<FacetPath>>,
}

/// Facets of a kind that are remembered.
const REMEMBERED: usize = 1 << 12;

/// What is remembered of a place or a path, else what is found now.
fn remember<K: Clone + Eq + Hash, T: Clone>(known: &mut FxHashMap<K, T>, key: &K, find: impl FnOnce() -> T) -> T {
    if let Some(known) = known.get(key) {
        return known.clone();
    }
    let found = find();
    if known.len() < REMEMBERED {
        known.insert(key.clone(), found.clone());
    }
    found
}

/// Turns what was found and what the record gives into the facets of a report and of its passages.
pub(super) fn collect(
    vocabulary: &Vocabulary,
    actors: &Actors,
    known: &mut Paths,
    mut found: Findings,
    annotated: &mut Annotated<'_>,
) {
    let report = annotated.report;
    demote_generic(vocabulary, &mut found.actors, annotated);
    let mut groups = Gathered::default();
    for (actor, mention) in found.actors {
        groups.add(actor, mention, || {
            let path = actors.path(actor)?;
            Some(Facet::new(Some(vocabulary.actor_id(actor).to_owned()), path.clone(), None))
        });
    }
    for path in &report.groups {
        let (id, path) = remember(&mut known.given_groups, path, || given_group(vocabulary, path));
        groups.give(Facet::new(id, path, None), Role::Actor);
    }
    let division = |place: PlaceId| vocabulary.other_division(place).map(|other| vocabulary.place_path(other));
    let mut regions = Gathered::default();
    for (place, mention) in found.places {
        let paths = || (vocabulary.place_path(place), division(place));
        regions.add(place, mention, || {
            let (path, other) = remember(&mut known.places, &place, paths);
            Some(Facet::new(None, path, other))
        });
    }
    for path in &report.regions {
        let other = || vocabulary.place(&path.to_string()).and_then(division);
        let other = remember(&mut known.given_places, path, other);
        regions.give(Facet::new(None, path.clone(), other), Role::Event);
    }
    (annotated.groups, annotated.regions) = (groups.facets, regions.facets);
    let mut places: FxHashMap<DateSpan, usize> = FxHashMap::default();
    let given = report.dates.iter().map(|&span| (span, None));
    for (span, mention) in found.dates.into_iter().map(|(span, mention)| (span, Some(mention))).chain(given) {
        let role = mention.as_ref().map_or(Role::Event, |mention| mention.role);
        let at = *places.entry(span).or_insert_with(|| {
            annotated.dates.push(DateFacet { span, role, mentions: Vec::new() });
            annotated.dates.len() - 1
        });
        annotated.dates[at].role = annotated.dates[at].role.min(role);
        annotated.dates[at].mentions.extend(mention);
    }
    annotated.unresolved = found.unresolved;
    annotated.own = own(annotated);
}

impl Facet {
    fn new(id: Option<String>, path: FacetPath, other: Option<FacetPath>) -> Self {
        Self { id, path, other, role: Role::Mention, mentions: Vec::new() }
    }
}

/// Facets with their mentions, by the row of the table that they stand for.
struct Gathered<T> {
    facets: Vec<Facet>,
    places: FxHashMap<T, Option<usize>>,
}

impl<T> Default for Gathered<T> {
    fn default() -> Self {
        Self { facets: Vec::new(), places: FxHashMap::default() }
    }
}

impl<T: Eq + Hash> Gathered<T> {
    /// Adds a mention to the facet of a row, which is made when it is first met; a row without a facet adds nothing.
    fn add(&mut self, row: T, mention: Mention, make: impl FnOnce() -> Option<Facet>) {
        let facets = &mut self.facets;
        let place = self.places.entry(row).or_insert_with(|| {
            let facet = make()?;
            // Two rows may share a facet.
            let known = facets.iter().position(|known| known.path == facet.path);
            Some(known.unwrap_or_else(|| {
                facets.push(facet);
                facets.len() - 1
            }))
        });
        if let Some(facet) = place.and_then(|place| facets.get_mut(place)) {
            // The roles are in order of strength.
            facet.role = facet.role.min(mention.role);
            facet.mentions.push(mention);
        }
    }

    /// Adds a facet that the record gives.
    fn give(&mut self, facet: Facet, role: Role) {
        match self.facets.iter_mut().find(|known| known.path == facet.path) {
            Some(known) => known.role = known.role.min(role),
            None => self.facets.push(Facet { role, ..facet }),
        }
    }
}

/// The actor that a record's group is, and its path in the vocabulary; a name that it does not know stays as it is.
fn given_group(vocabulary: &Vocabulary, path: &FacetPath) -> (Option<String>, FacetPath) {
    let mut actors: Vec<ActorId> = Vec::new();
    for reading in vocabulary.look_up(path.name()) {
        if let Target::Actor(actor) = reading.target
            && !actors.contains(&actor)
        {
            actors.push(actor);
        }
    }
    let same = actors.iter().copied().find(|&actor| vocabulary.actor_path(actor).as_ref() == Some(path));
    let only = (path.names().len() == 1 && actors.len() == 1).then(|| actors[0]);
    match same.or(only).and_then(|actor| Some((actor, vocabulary.actor_path(actor)?))) {
        Some((actor, path)) => (Some(vocabulary.actor_id(actor).to_owned()), path),
        None => (None, path.clone()),
    }
}

/// Words that name nobody in particular count only where no armed group of the same side stands in the passage.
fn demote_generic(vocabulary: &Vocabulary, actors: &mut [(ActorId, Mention)], annotated: &Annotated<'_>) {
    let passage = |mention: &Mention| match mention.part {
        Part::Title => None,
        Part::Text => Some(annotated.passages.partition_point(|passage| passage.tokens.end <= mention.tokens.start)),
    };
    let named: FxHashSet<Option<usize>> = actors
        .iter()
        .filter(|(actor, mention)| {
            !vocabulary.is_generic(*actor) && mention.role != Role::Mention && !vocabulary.is_force(*actor)
        })
        .map(|(_, mention)| passage(mention))
        .collect();
    for (actor, mention) in actors {
        if vocabulary.is_generic(*actor) && named.contains(&passage(mention)) {
            mention.role = Role::Mention;
        }
    }
}

/// What each passage tells.
fn own(annotated: &Annotated<'_>) -> Vec<Own> {
    #[derive(Clone, Default)]
    struct Told<'a> {
        groups: Vec<&'a FacetPath>,
        regions: Vec<&'a FacetPath>,
        dates: Vec<DateSpan>,
    }
    let mut told = vec![Told::default(); annotated.passages.len()];
    let passages_of = |mentions: &[Mention]| {
        let told = mentions.iter().filter(|mention| mention.part == Part::Text && mention.role != Role::Mention);
        let ends = |mention: &Mention| annotated.passages.partition_point(|p| p.tokens.end <= mention.tokens.start);
        let mut passages: Vec<usize> = told.map(ends).filter(|&at| at < annotated.passages.len()).collect();
        passages.dedup();
        passages
    };
    for facet in &annotated.groups {
        for at in passages_of(&facet.mentions) {
            told[at].groups.push(&facet.path);
        }
    }
    for facet in &annotated.regions {
        for at in passages_of(&facet.mentions) {
            told[at].regions.push(&facet.path);
        }
    }
    for date in &annotated.dates {
        for at in passages_of(&date.mentions) {
            told[at].dates.push(date.span);
        }
    }
    let own = |mut told: Told<'_>| {
        told.dates.sort_unstable();
        told.dates.dedup();
        Own { groups: leaves(told.groups.into_iter()), regions: leaves(told.regions.into_iter()), dates: told.dates }
    };
    told.into_iter().map(own).collect()
}

/// The paths of facets whose role is wanted, those in the other division too, without those that hold others. Sorted.
pub(super) fn paths(facets: &[Facet], wanted: impl Fn(Role) -> bool) -> Vec<FacetPath> {
    let chosen = facets.iter().filter(|facet| wanted(facet.role));
    leaves(chosen.flat_map(|facet| std::iter::once(&facet.path).chain(&facet.other)))
}

/// The spans of dates whose role is wanted. Sorted.
pub(super) fn spans(dates: &[DateFacet], wanted: impl Fn(Role) -> bool) -> Vec<DateSpan> {
    let mut spans: Vec<DateSpan> = dates.iter().filter(|date| wanted(date.role)).map(|date| date.span).collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// What title and text tell themselves.
pub(super) fn found(annotated: &Annotated<'_>) -> Own {
    let told = |mentions: &[Mention]| mentions.iter().any(|mention| mention.role != Role::Mention);
    let found = |facets: &[Facet]| {
        let facets = facets.iter().filter(|facet| told(&facet.mentions));
        leaves(facets.flat_map(|facet| std::iter::once(&facet.path).chain(&facet.other)))
    };
    let dates = annotated.dates.iter().filter(|date| told(&date.mentions));
    let mut dates: Vec<DateSpan> = dates.map(|date| date.span).collect();
    dates.sort_unstable();
    dates.dedup();
    Own { groups: found(&annotated.groups), regions: found(&annotated.regions), dates }
}

/// Paths without those that hold others of them. Sorted.
fn leaves<'f>(paths: impl Iterator<Item = &'f FacetPath>) -> Vec<FacetPath> {
    let mut paths: Vec<&FacetPath> = paths.collect();
    paths.sort_unstable();
    paths.dedup();
    // What a path holds stands right behind it.
    let holds = |at: usize| paths.get(at + 1).is_some_and(|next| paths[at].contains(next));
    (0..paths.len()).filter(|&at| !holds(at)).map(|at| paths[at].clone()).collect()
}
