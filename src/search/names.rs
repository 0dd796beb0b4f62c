//! Which facets of an index a name stands for: a name or path of the index, or another name that the vocabulary has.

use std::collections::BTreeSet;
use std::sync::Arc;

use tantivy::schema::Field;

use super::filters::facet_fields;
use super::{SearchError, Searcher};
use crate::facet::{FacetKind, FacetPath};
use crate::french::fold;
use crate::index::{IndexError, IndexReader};
use crate::vocabulary::{Target, Vocabulary};

/// Names that are told where one is not known.
const NEAREST: usize = 5;

/// The facets of an index that have or had a name, to be asked for one name after the other.
pub(super) struct Names {
    kind: FacetKind,
    known: BTreeSet<FacetPath>,
    vocabulary: Option<Arc<Vocabulary>>,
}

impl Names {
    /// The names of a kind of facet; with mentions, also of what reports only mention.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn of(reader: &IndexReader, kind: FacetKind, mentions: bool) -> Result<Self, SearchError> {
        let mut known = BTreeSet::new();
        for field in facet_fields(reader.fields(), kind, mentions) {
            known.append(&mut known_facets(reader, field)?);
        }
        let vocabulary = match kind {
            FacetKind::Group | FacetKind::Region => Some(reader.vocabulary()?),
            FacetKind::Source | FacetKind::Date => None,
        };
        Ok(Self { kind, known, vocabulary })
    }

    /// The facets that a name or path stands for.
    ///
    /// # Errors
    /// If it stands for none, or for several places.
    pub(super) fn resolve(&self, name: &str) -> Result<Vec<FacetPath>, SearchError> {
        resolve(self.kind, name, &self.known, self.vocabulary.as_deref())
    }
}

impl Searcher<'_> {
    /// The facets that a value of a filter stands for, which is a name or path; with mentions, also of what reports only
    /// mention.
    ///
    /// # Errors
    /// If it stands for nothing, or for several places, or the index cannot be read.
    pub(crate) fn called(&self, kind: FacetKind, value: &str, mentions: bool) -> Result<Vec<FacetPath>, SearchError> {
        Names::of(self.reader, kind, mentions)?.resolve(value)
    }
}

/// Every facet of a field, with its ancestors.
fn known_facets(reader: &IndexReader, field: Field) -> Result<BTreeSet<FacetPath>, SearchError> {
    let mut known = BTreeSet::new();
    for segment in reader.searcher().segment_readers() {
        let inverted = segment.inverted_index(field).map_err(IndexError::from)?;
        let mut terms =
            inverted.terms().stream().map_err(|error| IndexError::from(tantivy::TantivyError::from(error)))?;
        while terms.advance() {
            let names = std::str::from_utf8(terms.key()).unwrap_or_default().replace('\0', "/");
            known.extend(names.parse::<FacetPath>().ok());
        }
    }
    Ok(known)
}

/// The facets that a name or path stands for, whatever its case and accents: the broadest of those with that name.
///
/// A name is that of a facet, or another that the vocabulary has for one.
fn resolve(
    kind: FacetKind,
    text: &str,
    known: &BTreeSet<FacetPath>,
    vocabulary: Option<&Vocabulary>,
) -> Result<Vec<FacetPath>, SearchError> {
    let key = |text: &str| fold(&text.to_lowercase()).replace(['’', '-'], " ").replace('\'', " ");
    // A slash in front makes a path of a name.
    let whole = text.trim().starts_with('/');
    let text = text.trim().trim_matches('/');
    let text = if kind == FacetKind::Source { &text.replace('/', "\u{2215}") } else { text };
    let wanted: Vec<String> = text.split('/').map(|name| key(name.trim())).collect();
    let whole = whole || wanted.len() > 1;
    let is_named = |path: &&FacetPath| {
        let names: Vec<String> = path.names().iter().map(|name| key(name)).collect();
        if whole { names == wanted } else { names.last() == wanted.last() }
    };
    let mut named: BTreeSet<FacetPath> = known.iter().filter(is_named).cloned().collect();
    let aliases = vocabulary.filter(|_| !whole).map(|vocabulary| meant(vocabulary, kind, text)).unwrap_or_default();
    // A place that bears the name is meant before one that is also called so; a group is one under all its names.
    if named.is_empty() || kind == FacetKind::Group {
        named.extend(aliases.iter().filter(|path| known.contains(path)).cloned());
    }
    let broadest = broadest(&named);
    match distinct(&broadest, vocabulary) {
        // What the vocabulary knows and no report names is found nowhere.
        0 if !aliases.is_empty() => Ok(aliases),
        0 => Err(unknown(kind, text, known, &key)),
        // Places of one name are other places; a group of one name is one group.
        n if n > 1 && kind == FacetKind::Region => Err(SearchError::AmbiguousFacet {
            kind: kind.name(),
            name: text.to_owned(),
            paths: broadest.iter().map(ToString::to_string).collect(),
        }),
        _ => Ok(broadest),
    }
}

/// The facets that the vocabulary has for a name.
fn meant(vocabulary: &Vocabulary, kind: FacetKind, name: &str) -> Vec<FacetPath> {
    let paths = vocabulary.look_up(name).into_iter().filter_map(|reading| match (kind, reading.target) {
        (FacetKind::Group, Target::Actor(actor)) => vocabulary.actor_path(actor),
        (FacetKind::Region, Target::Place(place)) => Some(vocabulary.place_path(place)),
        _ => None,
    });
    broadest(&paths.collect())
}

/// How many things paths stand for: a place is one in both divisions that it lies in.
fn distinct(paths: &[FacetPath], vocabulary: Option<&Vocabulary>) -> usize {
    let other = |path: &FacetPath| {
        let vocabulary = vocabulary?;
        let other = vocabulary.other_division(vocabulary.place(&path.to_string())?)?;
        Some(vocabulary.place_path(other))
    };
    let same = |a: &FacetPath, b: &FacetPath| other(a).as_ref() == Some(b) || other(b).as_ref() == Some(a);
    (0..paths.len()).filter(|&n| !paths[..n].iter().any(|before| same(before, &paths[n]))).count()
}

/// Paths without those that others of them hold.
fn broadest(paths: &BTreeSet<FacetPath>) -> Vec<FacetPath> {
    let held = |path: &FacetPath| paths.iter().any(|other| other != path && other.contains(path));
    paths.iter().filter(|path| !held(path)).cloned().collect()
}

/// The error of a name that no facet has, with the nearest that some have.
fn unknown(kind: FacetKind, text: &str, known: &BTreeSet<FacetPath>, key: &dyn Fn(&str) -> String) -> SearchError {
    let target = key(text.rsplit('/').next().unwrap_or(text).trim());
    let mut near: Vec<(usize, &FacetPath)> =
        known.iter().map(|path| (strsim::osa_distance(&key(path.name()), &target), path)).collect();
    near.sort();
    // A part of a name is nearer than any slip of the keyboard.
    let part = |name: &str| target.chars().count() > 2 && key(name).contains(&target);
    near.retain(|(distance, path)| *distance <= 1 + path.name().chars().count() / 4 || part(path.name()));
    near.sort_by_key(|(_, path)| !part(path.name()));
    let mut near: Vec<String> = near.into_iter().take(NEAREST).map(|(_, path)| path.to_string()).collect();
    if kind == FacetKind::Source && near.is_empty() && known.len() <= NEAREST {
        near = known.iter().map(ToString::to_string).collect();
    }
    SearchError::UnknownFacet { kind: kind.name(), name: text.to_owned(), near, any: !known.is_empty() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> BTreeSet<FacetPath> {
        let groups = ["JNIM", "jihadiste/JNIM"];
        let regions = [
            "Mali",
            "Mali/Mopti",
            "Mali/Mopti/Mopti/Mopti",
            "Mali/Mopti/Bankass",
            "Mali/Bandiagara/Bankass",
            "Mali/Tombouctou/Diré",
            "Mali/Kayes/Diré",
        ];
        groups.iter().chain(&regions).map(|path| path.parse().unwrap()).collect()
    }

    fn paths(kind: FacetKind, text: &str) -> Vec<String> {
        resolve(kind, text, &known(), None).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_are_found_whatever_their_case_and_accents() {
        assert_eq!(paths(FacetKind::Region, "MOPTI"), ["/Mali/Mopti"]);
        assert_eq!(paths(FacetKind::Region, "mali/tombouctou/dire"), ["/Mali/Tombouctou/Diré"]);
        assert_eq!(paths(FacetKind::Group, "jnim"), ["/JNIM", "/jihadiste/JNIM"]);
        assert_eq!(paths(FacetKind::Group, "/jnim"), ["/JNIM"]);
    }

    #[test]
    fn other_names_of_the_vocabulary_find_the_same() {
        let paths = |kind, text| {
            let found = resolve(kind, text, &known(), Some(Vocabulary::builtin()));
            found.unwrap().iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(paths(FacetKind::Group, "gsim"), ["/jihadiste/JNIM"]);
        assert_eq!(paths(FacetKind::Region, "Moti"), ["/Mali/Mopti/Mopti/Mopti"]);
        assert_eq!(paths(FacetKind::Region, "Timbuktu"), ["/Mali/Tombouctou"]);
        assert_eq!(paths(FacetKind::Group, "Boko Haram"), ["/jihadiste/JAS"]);
    }

    #[test]
    fn a_place_in_two_divisions_is_one() {
        let found = resolve(FacetKind::Region, "Bankass", &known(), Some(Vocabulary::builtin())).unwrap();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["/Mali/Bandiagara/Bankass", "/Mali/Mopti/Bankass"]);
    }

    #[test]
    fn what_is_ambiguous_or_unknown_is_told() {
        assert!(
            matches!(resolve(FacetKind::Region, "Diré", &known(), None), Err(SearchError::AmbiguousFacet { paths, .. }) if paths.len() == 2)
        );
        let Err(SearchError::UnknownFacet { near, .. }) = resolve(FacetKind::Region, "Mpoti", &known(), None) else {
            panic!()
        };
        assert_eq!(near[0], "/Mali/Mopti");
    }
}
