//! Checks of `actors.csv`.

use std::collections::{HashMap, HashSet};

use super::{Claim, Sink, claims, knows, twice, values};
use crate::facet::FacetPath;
use crate::french::{fold, is_word};
use crate::vocabulary::compile::{CUE, EXACT, actor_flags};
use crate::vocabulary::rows::{ACTORS, ActorRow, PLACES, Row, Rows, list};

/// What an actor can be. Sorted.
const CATEGORIES: [&str; 9] = [
    "autodefense",
    "etatique",
    "generique",
    "inconnu",
    "international",
    "jihadiste",
    "mercenaire",
    "milice",
    "rebelle",
];

/// Deeper than any actor stands below another, so that going round in circles ends.
const DEPTH: usize = 16;

pub(super) fn check(sink: &mut Sink, rows: &Rows, paths: &HashSet<&str>) {
    let parents: HashMap<&str, &str> =
        rows.actors.iter().map(|row| (row.cells.id.as_str(), row.cells.parent.as_str())).collect();
    let (mut ids, mut facets) = (HashMap::new(), HashMap::new());
    for row in &rows.actors {
        let Row { line, cells } = row;
        for (column, value) in [("id", &cells.id), ("name", &cells.name)] {
            if value.trim().is_empty() {
                sink.error(ACTORS, *line, format!("empty {column}"), "every actor has one");
            }
        }
        twice(sink, ACTORS, &mut ids, &cells.id, *line, "id");
        if CATEGORIES.binary_search(&cells.category.as_str()).is_err() {
            let what = format!("unknown category “{}”", cells.category);
            sink.error(ACTORS, *line, what, format!("the categories are {}", CATEGORIES.join(", ")));
        }
        parent(sink, row, &parents);
        if !cells.facet.is_empty() {
            if let Err(error) = cells.facet.parse::<FacetPath>() {
                sink.error(ACTORS, *line, "no facet", error.to_string());
            }
            twice(sink, ACTORS, &mut facets, &cells.facet, *line, "facet");
        }
        for country in list(&cells.countries).filter(|country| !knows(paths, country)) {
            sink.warning(ACTORS, *line, format!("unknown country “{country}”"), format!("{PLACES} has no such path"));
        }
        for (column, cell) in
            [("aliases", &cells.aliases), ("context_aliases", &cells.context_aliases), ("cues", &cells.cues)]
        {
            values(sink, ACTORS, *line, column, cell);
        }
        context(sink, row);
        ordinary(sink, row);
    }
    shared(sink, rows);
}

/// The names of an actor, its own first.
pub(super) fn names(row: &ActorRow) -> impl Iterator<Item = &str> {
    [row.name.as_str(), &row.acronym].into_iter().chain(list(&row.aliases)).filter(|name| !name.is_empty())
}

fn parent(sink: &mut Sink, row: &Row<ActorRow>, parents: &HashMap<&str, &str>) {
    let Row { line, cells } = row;
    if cells.parent.is_empty() {
        return;
    }
    if !parents.contains_key(cells.parent.as_str()) {
        sink.error(ACTORS, *line, format!("unknown parent “{}”", cells.parent), "no actor has this id");
        return;
    }
    let up = std::iter::successors(Some(cells.parent.as_str()), |id| parents.get(id).copied());
    if up.take_while(|id| !id.is_empty()).take(DEPTH).any(|id| id == cells.id) {
        let what = format!("“{}” stands below itself", cells.id);
        sink.error(ACTORS, *line, what, "its parents lead back to it");
    }
}

fn context(sink: &mut Sink, row: &Row<ActorRow>) {
    let Row { line, cells } = row;
    for alias in list(&cells.context_aliases).filter(|alias| names(cells).all(|name| name != *alias)) {
        let what = format!("“{alias}” of context_aliases is no name of “{}”", cells.id);
        sink.error(ACTORS, *line, what, "write it as the alias is written");
    }
    if list(&cells.context_aliases).next().is_some() && list(&cells.cues).next().is_none() {
        let what = format!("“{}” has names that need a cue, and no cues", cells.id);
        sink.error(ACTORS, *line, what, "they would never be found");
    }
}

/// Tells of names that are an ordinary word in lower case. Capitals tell the others from words.
fn ordinary(sink: &mut Sink, row: &Row<ActorRow>) {
    let Row { line, cells } = row;
    if cells.category == "generique" {
        return;
    }
    let lower = |name: &&str| !name.contains(' ') && !name.contains(char::is_uppercase);
    let safe = |name: &&str| actor_flags(cells, name) & CUE != 0;
    for name in names(cells).filter(lower).filter(|name| !safe(name) && is_word(&fold(name))) {
        let why = "put it into context_aliases unless it means nothing else";
        sink.warning(ACTORS, *line, format!("“{name}” of “{}” is a common word", cells.id), why);
    }
}

/// Tells of names that two actors claim without a cue that would decide.
fn shared(sink: &mut Sink, rows: &Rows) {
    let free = |row: &ActorRow, name: &str| actor_flags(row, name) & CUE == 0;
    let all = rows
        .actors
        .iter()
        .flat_map(|row| names(&row.cells).filter(|name| free(&row.cells, name)).map(move |name| Claim { row, name }));
    for (_, claims) in claims(all) {
        let first = &claims[0];
        let exact = |claim: &Claim<'_, ActorRow>| actor_flags(&claim.row.cells, claim.name) & EXACT != 0;
        for claim in &claims[1..] {
            // Acronyms are told by their capitals.
            if exact(first) && exact(claim) && first.name != claim.name || first.row.cells.id == claim.row.cells.id {
                continue;
            }
            let what =
                format!("“{}” of “{}” is also a name of “{}”", claim.name, claim.row.cells.id, first.row.cells.id);
            let why = format!("line {}; put it into context_aliases of one, with cues", first.row.line);
            sink.error(ACTORS, claim.row.line, what, why);
        }
    }
}
