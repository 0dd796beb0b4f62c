//! Checks of `places.csv`.

use std::collections::{HashMap, HashSet};

use super::{Claim, Sink, claims, level, twice, values};
use crate::french::{fold, is_word};
use crate::vocabulary::rows::{PLACES, PlaceRow, Row, Rows, list};

/// The reasons for caution that a row can give.
const FLAGS: [&str; 8] = [
    "common_word_exact",
    "common_word_folded",
    "common_phrase",
    "capitalised_word",
    "surname",
    "river",
    "homonym",
    "short",
];
/// Those of them that say that a name is also a word.
const WORDS: [&str; 4] = ["common_word_exact", "common_word_folded", "common_phrase", "capitalised_word"];
/// Places of this tier are found by the places that they lie in, and may share their names.
const VILLAGES: &str = "3";

pub(super) fn check(sink: &mut Sink, rows: &Rows, paths: &HashSet<&str>) {
    let mut seen = HashMap::new();
    for row in &rows.places {
        let Row { line, cells } = row;
        path(sink, row, paths);
        twice(sink, PLACES, &mut seen, &cells.path, *line, "path");
        if cells.name.trim().is_empty() {
            sink.error(PLACES, *line, "empty name", "every place has one");
        }
        level(sink, PLACES, *line, &cells.level);
        if !matches!(cells.tier.as_str(), "" | "1" | "2" | "3") {
            let why = "1 divisions and towns, 2 places of the news, 3 others; nothing means 1";
            sink.error(PLACES, *line, format!("unknown tier “{}”", cells.tier), why);
        }
        coordinates(sink, row);
        for flag in list(&cells.ambiguity_all).filter(|flag| !FLAGS.contains(flag)) {
            let what = format!("unknown flag “{flag}” in ambiguity_all");
            sink.error(PLACES, *line, what, format!("the flags are {}", FLAGS.join(", ")));
        }
        for (column, cell) in [("aliases", &cells.aliases), ("risky_aliases", &cells.risky_aliases)] {
            values(sink, PLACES, *line, column, cell);
        }
        for risky in list(&cells.risky_aliases).filter(|risky| list(&cells.aliases).all(|alias| alias != *risky)) {
            let what = format!("“{risky}” of risky_aliases is no alias of “{}”", cells.path);
            sink.error(PLACES, *line, what, "write it as the alias is written");
        }
        ordinary(sink, row);
    }
    shared(sink, rows);
}

/// The last name of a path.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn path(sink: &mut Sink, row: &Row<PlaceRow>, paths: &HashSet<&str>) {
    let Row { line, cells } = row;
    if cells.path.split('/').any(|name| name.trim().is_empty()) {
        let what = format!("an empty name in the path “{}”", cells.path);
        sink.error(PLACES, *line, what, "write paths as Mali/Mopti/Bankass");
    } else if let Some((parent, _)) = cells.path.rsplit_once('/')
        && !paths.contains(parent)
    {
        let what = format!("“{}” lies in nothing", cells.path);
        sink.error(PLACES, *line, what, format!("no row has the path “{parent}”"));
    }
    if !cells.alt_path.is_empty() && !paths.contains(cells.alt_path.as_str()) {
        sink.error(PLACES, *line, format!("unknown alt_path “{}”", cells.alt_path), "no row has this path");
    }
}

fn coordinates(sink: &mut Sink, row: &Row<PlaceRow>) {
    let Row { line, cells } = row;
    if cells.lat.is_empty() != cells.lon.is_empty() {
        let what = format!("“{}” has half of its coordinates", cells.path);
        sink.error(PLACES, *line, what, "give lat and lon, or neither");
    }
    for (column, cell, limit) in [("lat", &cells.lat, 90.0), ("lon", &cells.lon, 180.0)] {
        if !cell.is_empty() && !cell.parse::<f64>().is_ok_and(|degrees| (-limit..=limit).contains(&degrees)) {
            let why = format!("degrees are between -{limit} and {limit}, with a point");
            sink.error(PLACES, *line, format!("{column} “{cell}” of “{}”", cells.path), why);
        }
    }
}

/// Tells of names that are a word of French without a flag that says so.
fn ordinary(sink: &mut Sink, row: &Row<PlaceRow>) {
    let Row { line, cells } = row;
    let is_word = |name: &str| !name.contains([' ', '-', '\'']) && is_word(&fold(&name.to_lowercase()));
    let flagged = |flags: &[&str]| list(&cells.ambiguity_all).any(|flag| flags.contains(&flag));
    let own = [cells.name.as_str(), last(&cells.path)];
    if own.into_iter().any(is_word) && !flagged(&WORDS) {
        let what = format!("“{}” is a common word", cells.name);
        let why = "say so in ambiguity_all: common_word_exact asks for a cue, capitalised_word only for its capital";
        sink.error(PLACES, *line, what, why);
    }
    let risky = |alias: &&str| list(&cells.risky_aliases).any(|risky| risky == *alias);
    for alias in list(&cells.aliases).filter(|alias| is_word(alias) && !own.contains(alias)) {
        if !risky(&alias) && !flagged(&["capitalised_word"]) {
            let what = format!("the alias “{alias}” of “{}” is a common word", cells.path);
            sink.error(PLACES, *line, what, "name it in risky_aliases too");
        }
    }
}

/// Tells of names that two places claim, neither in the other nor flagged.
fn shared(sink: &mut Sink, rows: &Rows) {
    let towns = rows.places.iter().filter(|row| row.cells.tier != VILLAGES);
    let all = towns.flat_map(|row| {
        let own = [row.cells.name.as_str(), last(&row.cells.path)];
        own.into_iter().chain(list(&row.cells.aliases)).map(move |name| Claim { row, name })
    });
    let flagged = |row: &PlaceRow| list(&row.ambiguity_all).any(|flag| flag == "homonym");
    let mut told = HashSet::new();
    for (_, claims) in claims(all) {
        for (n, claim) in claims.iter().enumerate() {
            let other = claims[..n].iter().find(|other| {
                let (a, b) = (&claim.row.cells, &other.row.cells);
                !flagged(a) && !flagged(b) && !is_one(a, b)
            });
            if let Some(other) = other.filter(|other| told.insert((claim.row.line, other.row.line))) {
                let (own, path) = (&claim.row.cells.path, &other.row.cells.path);
                let what = format!("“{}” of “{own}” is also a name of “{path}”", claim.name);
                let why = format!("line {}; flag one of them homonym, or drop the alias", other.row.line);
                sink.error(PLACES, claim.row.line, what, why);
            }
        }
    }
}

/// Whether one lies in the other, or in its other division.
fn is_one(a: &PlaceRow, b: &PlaceRow) -> bool {
    let within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    divisions(a).any(|a| divisions(b).any(|b| within(a, b) || within(b, a)))
}

/// The paths of a place in either division.
fn divisions(row: &PlaceRow) -> impl Iterator<Item = &str> {
    [row.path.as_str(), &row.alt_path].into_iter().filter(|path| !path.is_empty())
}
