//! What of an annotation is right, surplus or missed against the labels of a text. The rules stand in `README.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::common::repository;

/// What is measured, in the order of [`outcomes`].
pub(crate) const FACETS: [&str; 4] = ["groups", "regions (strict)", "regions (lenient)", "event dates"];

/// Names of countries and districts as labels have them, beside the path of `schema/places.csv`.
const OTHER_PATHS: [(&str, &str); 3] = [
    ("RDC", "République démocratique du Congo"),
    ("Mali/Kayes/Nioro", "Mali/Kayes/Nioro du Sahel"),
    ("Bénin/Atacora/Cobly", "Bénin/Atacora/Kobli"),
];

/// The labels of a text.
#[derive(Debug, Deserialize)]
pub(crate) struct Label {
    pub(crate) id: String,
    pub(crate) groups: Vec<String>,
    pub(crate) regions: Vec<String>,
    pub(crate) event_dates: Vec<String>,
    #[serde(default)]
    pub(crate) groups_minor: Vec<String>,
    #[serde(default)]
    pub(crate) regions_text: Vec<String>,
    #[serde(default)]
    pub(crate) regions_alt: Vec<String>,
    #[serde(default)]
    pub(crate) regions_minor: Vec<String>,
    #[serde(default)]
    pub(crate) other_dates: Vec<String>,
    #[serde(default)]
    pub(crate) dates_inferable: Vec<String>,
}

/// A line of `vigie annotate`, as far as it is scored.
#[derive(Debug, Deserialize)]
pub(crate) struct Annotation {
    pub(crate) report: String,
    groups: Vec<Group>,
    regions: Vec<Region>,
    dates: Vec<Date>,
}

#[derive(Debug, Deserialize)]
struct Group {
    id: String,
    role: String,
}

#[derive(Debug, Deserialize)]
struct Region {
    path: String,
    role: String,
}

#[derive(Debug, Deserialize)]
struct Date {
    from: String,
    to: String,
    precision: String,
    role: String,
}

/// What an annotation says of a report: ids of groups, paths of regions, ISO days.
#[derive(Debug, Default)]
pub(crate) struct Found {
    groups: BTreeSet<String>,
    regions: BTreeSet<String>,
    days: BTreeSet<String>,
}

impl Found {
    /// Mentions, zones and dates coarser than a day say nothing that is scored.
    pub(crate) fn of(annotation: &Annotation) -> Self {
        let said = |role: &str| role != "mention";
        let groups = annotation.groups.iter().filter(|group| said(&group.role)).map(|group| group.id.clone());
        let regions = annotation.regions.iter().filter(|region| said(&region.role)).map(|region| short(&region.path));
        let dates = annotation.dates.iter().filter(|date| said(&date.role) && date.precision == "day");
        Self {
            groups: groups.collect(),
            regions: regions.filter(|path| !is_at_or_below(path, "Zones")).collect(),
            days: dates.flat_map(|date| [date.from.clone(), date.to.clone()]).collect(),
        }
    }
}

/// Whom the names of `schema/actors.csv` stand for.
pub(crate) struct Actors {
    ids: BTreeMap<String, String>,
    generic: BTreeSet<String>,
}

impl Actors {
    pub(crate) fn read() -> Self {
        #[derive(Deserialize)]
        struct Row {
            id: String,
            name: String,
            acronym: String,
            category: String,
            aliases: String,
            facet: String,
        }
        let (mut ids, mut generic) = (BTreeMap::new(), BTreeSet::new());
        for row in csv::Reader::from_path(repository("schema/actors.csv")).unwrap().deserialize() {
            let row: Row = row.unwrap();
            let leaf = row.facet.rsplit('/').next().unwrap();
            for name in [&row.id[..], &row.name, &row.acronym, leaf].into_iter().chain(row.aliases.split('|')) {
                ids.entry(folded(name)).or_insert_with(|| row.id.clone());
            }
            if row.category == "generique" {
                generic.insert(row.id);
            }
        }
        ids.remove("");
        Self { ids, generic }
    }

    pub(crate) fn knows(&self, name: &str) -> bool {
        self.ids.contains_key(&folded(name))
    }

    /// The id of a group; for one that the table lacks an id that no row has.
    pub(crate) fn id(&self, name: &str) -> String {
        let name = folded(name);
        self.ids.get(&name).cloned().unwrap_or_else(|| format!("unknown:{name}"))
    }
}

/// What is right, surplus and missed of one facet of one text.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) right: usize,
    pub(crate) surplus: Vec<String>,
    pub(crate) missed: Vec<String>,
}

impl Outcome {
    /// Values that are labels or neutral, or else surplus; labels that were found or missed.
    fn of_values(found: &BTreeSet<String>, labels: &BTreeSet<String>, neutral: &BTreeSet<String>) -> Self {
        Self {
            right: found.intersection(labels).count(),
            surplus: found
                .iter()
                .filter(|&value| !labels.contains(value) && !neutral.contains(value))
                .cloned()
                .collect(),
            missed: labels.difference(found).cloned().collect(),
        }
    }

    pub(crate) fn is_off(&self) -> bool {
        !self.surplus.is_empty() || !self.missed.is_empty()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "+ {:?} - {:?}", self.surplus, self.missed)
    }
}

/// Outcomes of a text, one for each of [`FACETS`].
pub(crate) fn outcomes(label: &Label, found: &Found, actors: &Actors) -> [Outcome; 4] {
    let ids = |names: &[String]| names.iter().map(|name| actors.id(name)).collect::<BTreeSet<_>>();
    let neutral = ids(&label.groups_minor).union(&actors.generic).cloned().collect();
    let days = |days: &[String]| days.iter().cloned().collect::<BTreeSet<_>>();
    let other = days(&[&label.other_dates[..], &label.dates_inferable].concat());
    [
        Outcome::of_values(&found.groups, &ids(&label.groups), &neutral),
        regions(label, &found.regions, false),
        regions(label, &found.regions, true),
        Outcome::of_values(&found.days, &days(&label.event_dates), &other),
    ]
}

/// A label is met by its path or one below, or by another path that the labels allow in its country. The lenient
/// measure takes a path above it too, where the text itself names no more.
fn regions(label: &Label, found: &BTreeSet<String>, lenient: bool) -> Outcome {
    let Label { regions, regions_alt, regions_minor, regions_text, .. } = label;
    let country = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
    let below_any = |path: &str, of: &[String]| of.iter().any(|above| is_at_or_below(path, above));
    let is_met = |wanted: &String| {
        let allowed: Vec<String> =
            regions_alt.iter().filter(|path| country(path) == country(wanted)).cloned().collect();
        found.iter().any(|path| {
            is_at_or_below(path, wanted)
                || below_any(path, &allowed)
                || (lenient && is_at_or_below(wanted, path) && below_any(path, regions_text))
        })
    };
    let is_surplus = |path: &String| {
        let touches = regions.iter().any(|wanted| is_at_or_below(path, wanted) || is_at_or_below(wanted, path));
        !touches && ![regions_alt, regions_minor, regions_text].into_iter().any(|of| below_any(path, of))
    };
    let (met, missed): (Vec<_>, Vec<_>) = regions.iter().cloned().partition(is_met);
    Outcome { right: met.len(), surplus: found.iter().filter(|&path| is_surplus(path)).cloned().collect(), missed }
}

/// The counts of many texts.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) right: usize,
    pub(crate) surplus: usize,
    pub(crate) missed: usize,
}

impl Tally {
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        self.right += outcome.right;
        self.surplus += outcome.surplus.len();
        self.missed += outcome.missed.len();
    }

    pub(crate) fn precision(&self) -> f64 {
        share(self.right, self.right + self.surplus)
    }

    pub(crate) fn recall(&self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    pub(crate) fn f1(&self) -> f64 {
        share(2 * self.right, 2 * self.right + self.surplus + self.missed)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "P {:.3}  R {:.3}  F1 {:.3}", self.precision(), self.recall(), self.f1())
    }
}

fn share(of: usize, all: usize) -> f64 {
    of as f64 / all.max(1) as f64
}

fn is_at_or_below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A path as labels have it.
fn short(path: &str) -> String {
    let path = path.trim_matches('/');
    let known = OTHER_PATHS.iter().find(|(_, long)| is_at_or_below(path, long));
    known.map_or_else(|| path.to_owned(), |(short, long)| format!("{short}{}", &path[long.len()..]))
}

/// A path of the labels as `schema/places.csv` has it.
pub(crate) fn long(path: &str) -> String {
    let known = OTHER_PATHS.iter().find(|(short, _)| is_at_or_below(path, short));
    known.map_or_else(|| path.to_owned(), |(short, long)| format!("{long}{}", &path[short.len()..]))
}

/// Lower case without accents, with straight apostrophes.
fn folded(name: &str) -> String {
    let plain: String = name.to_lowercase().replace('’', "'").nfd().filter(|&c| !is_combining_mark(c)).collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn outcomes_of(label: Value, annotation: Value) -> [Outcome; 4] {
        let filled = |part: Value| {
            let mut all =
                json!({"id": "x", "report": "x", "groups": [], "regions": [], "event_dates": [], "dates": []});
            all.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
            all
        };
        let (label, annotation) = (filled(label), filled(annotation));
        let annotation: Annotation = serde_json::from_value(annotation).unwrap();
        outcomes(&serde_json::from_value(label).unwrap(), &Found::of(&annotation), &Actors::read())
    }

    fn outcome(right: usize, surplus: &[&str], missed: &[&str]) -> Outcome {
        let owned = |values: &[&str]| values.iter().map(ToString::to_string).collect();
        Outcome { right, surplus: owned(surplus), missed: owned(missed) }
    }

    #[test]
    fn groups_are_compared_by_id() {
        let label = json!({"groups": ["Armée malienne", "GSIM", "Fano"], "groups_minor": ["Wagner"]});
        let found = json!({"groups": [
            {"id": "fama", "role": "actor"}, {"id": "wagner", "role": "actor"}, {"id": "djihadistes", "role": "actor"},
            {"id": "al-qaida", "role": "actor"}, {"id": "jnim", "role": "mention"}, {"id": "aqmi", "role": "mention"},
        ]});
        assert_eq!(outcomes_of(label, found)[0], outcome(1, &["al-qaida"], &["jnim", "unknown:fano"]));
    }

    #[test]
    fn regions_are_met_at_their_depth_or_below() {
        let cases = [
            ("/Mali/Mopti/Bankass/Diallassagou", outcome(1, &[], &[]), outcome(1, &[], &[])),
            ("/Mali/Mopti", outcome(0, &[], &["Mali/Mopti/Bankass"]), outcome(1, &[], &[])),
            ("/Mali", outcome(0, &[], &["Mali/Mopti/Bankass"]), outcome(0, &[], &["Mali/Mopti/Bankass"])),
            ("/Mali/Bandiagara", outcome(1, &[], &[]), outcome(1, &[], &[])),
            ("/Niger/Dosso", outcome(0, &[], &["Mali/Mopti/Bankass"]), outcome(0, &[], &["Mali/Mopti/Bankass"])),
            ("/Zones/Sahel", outcome(0, &[], &["Mali/Mopti/Bankass"]), outcome(0, &[], &["Mali/Mopti/Bankass"])),
        ];
        for (path, strict, lenient) in cases {
            let label = json!({"regions": ["Mali/Mopti/Bankass"], "regions_text": ["Mali/Mopti"],
                "regions_alt": ["Mali/Bandiagara"], "regions_minor": ["Niger"]});
            let [_, found_strict, found_lenient, _] =
                outcomes_of(label, json!({"regions": [{"path": path, "role": "event"}]}));
            assert_eq!((found_strict, found_lenient), (strict, lenient), "{path}");
        }
    }

    #[test]
    fn a_region_elsewhere_or_of_another_name_is_surplus() {
        let label = json!({"regions": ["RDC/Nord-Kivu/Beni"]});
        let found = json!({"regions": [
            {"path": "/République démocratique du Congo/Nord-Kivu/Beni/Oicha", "role": "event"},
            {"path": "/République démocratique du Congo/Nord-Kivu/Benin", "role": "event"},
            {"path": "/Bénin", "role": "event"}, {"path": "/Ouganda", "role": "mention"},
        ]});
        assert_eq!(outcomes_of(label, found)[1], outcome(1, &["Bénin", "RDC/Nord-Kivu/Benin"], &[]));
    }

    #[test]
    fn both_ends_of_a_span_of_days_count() {
        let label = json!({"event_dates": ["2024-08-14", "2024-08-15"], "other_dates": ["2024-08-16"]});
        let date = |from, to, precision, role| json!({"from": from, "to": to, "precision": precision, "role": role});
        let found = json!({"dates": [
            date("2024-08-14", "2024-08-15", "day", "event"), date("2024-08-16", "2024-08-16", "day", "event"),
            date("2024-08-01", "2024-08-31", "month", "event"), date("2024-08-17", "2024-08-17", "day", "event"),
            date("2012-01-17", "2012-01-17", "day", "mention"),
        ]});
        assert_eq!(outcomes_of(label, found)[3], outcome(2, &["2024-08-17"], &[]));
    }

    #[test]
    fn shares() {
        let mut tally = Tally::default();
        assert_eq!(tally.to_string(), "P 0.000  R 0.000  F1 0.000");
        tally.add(&outcome(3, &["a"], &["b", "c", "d"]));
        assert_eq!(tally.to_string(), "P 0.750  R 0.500  F1 0.600");
    }
}
