//! Which facets of an index a name stands for: a name or path of the index, or another name that the vocabulary has.

use std::collections::BTreeSet;
use std::sync::Arc;

use tantivy::TantivyError;
use tantivy::schema::{Field, Term};

use super::{SearchError, Searcher};
use crate::facet::{FacetKind, FacetPath};
use crate::french::fold;
use crate::index::{IndexError, IndexReader, facet};
use crate::vocabulary::{Target, Vocabulary};

/// Names that are told where one is not known.
const NEAREST: usize = 5;

/// The facets of an index that have or had a name, to be asked for one name after the other.
pub(super) struct Names<'i> {
    kind: FacetKind,
    mentions: bool,
    known: OfIndex<'i>,
    vocabulary: Option<Arc<Vocabulary>>,
}

impl<'i> Names<'i> {
    /// The names of a kind of facet; with mentions, also of what reports only mention.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn of(reader: &'i IndexReader, kind: FacetKind, mentions: bool) -> Result<Self, SearchError> {
        let vocabulary = match kind {
            FacetKind::Group | FacetKind::Region => Some(reader.vocabulary()?),
            FacetKind::Source | FacetKind::Date => None,
        };
        let known = OfIndex { reader, fields: reader.fields().of_kind(kind, mentions).collect() };
        Ok(Self { kind, mentions, known, vocabulary })
    }

    /// The facets that a name or path stands for.
    ///
    /// # Errors
    /// If it stands for none, or for several places.
    pub(super) fn resolve(&self, name: &str) -> Result<Vec<FacetPath>, SearchError> {
        let made = || resolve(self.kind, name, &self.known, self.vocabulary.as_deref());
        self.known.reader.named((self.kind, self.mentions), name, made)
    }
}

/// Facets with all that hold them: thousands, of which one name is that of few.
trait Known {
    /// Hands on each, as text without a slash in front; some maybe twice.
    fn each(&self, each: impl FnMut(&str)) -> Result<(), SearchError>;

    /// Whether one of them is this.
    fn has(&self, path: &FacetPath) -> Result<bool, SearchError>;
}

/// Those of some fields of an index.
struct OfIndex<'i> {
    reader: &'i IndexReader,
    fields: Vec<Field>,
}

impl Known for OfIndex<'_> {
    fn each(&self, mut each: impl FnMut(&str)) -> Result<(), SearchError> {
        let mut text = String::new();
        for segment in self.reader.searcher().segment_readers() {
            for &field in &self.fields {
                let inverted = segment.inverted_index(field).map_err(IndexError::from)?;
                let terms = inverted.terms().stream();
                let mut terms = terms.map_err(|error| IndexError::from(TantivyError::from(error)))?;
                while terms.advance() {
                    let Ok(names) = std::str::from_utf8(terms.key()) else { continue };
                    text.clear();
                    text.extend(names.chars().map(|c| if c == '\0' { '/' } else { c }));
                    each(&text);
                }
            }
        }
        Ok(())
    }

    fn has(&self, path: &FacetPath) -> Result<bool, SearchError> {
        for &field in &self.fields {
            let term = Term::from_facet(field, &facet(path));
            for segment in self.reader.searcher().segment_readers() {
                let found = segment.inverted_index(field).and_then(|inverted| Ok(inverted.get_term_info(&term)?));
                if found.map_err(IndexError::from)?.is_some() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
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

/// The facets that a name or path stands for, whatever its case and accents: the broadest of those with that name.
///
/// A name is that of a facet, or another that the vocabulary has for one.
fn resolve(
    kind: FacetKind,
    text: &str,
    known: &impl Known,
    vocabulary: Option<&Vocabulary>,
) -> Result<Vec<FacetPath>, SearchError> {
    // A slash in front makes a path of a name.
    let whole = text.trim().starts_with('/');
    let text = text.trim().trim_matches('/');
    let text = if kind == FacetKind::Source { &text.replace('/', "\u{2215}") } else { text };
    let wanted: Vec<String> = text.split('/').map(|name| key(name.trim())).collect();
    let whole = whole || wanted.len() > 1;
    let mut named: BTreeSet<FacetPath> = BTreeSet::new();
    known.each(|path| {
        if !may_be_named(path, wanted.last().map_or("", String::as_str)) {
            return;
        }
        let Ok(path) = path.parse::<FacetPath>() else { return };
        let keys: Vec<String> = path.names().iter().map(|name| key(name)).collect();
        let is_named = if whole { keys == wanted } else { keys.last() == wanted.last() };
        if is_named {
            named.insert(path);
        }
    })?;
    let aliases = vocabulary.filter(|_| !whole).map(|vocabulary| meant(vocabulary, kind, text)).unwrap_or_default();
    // A place that bears the name is meant before one that is also called so; a group is one under all its names.
    if named.is_empty() || kind == FacetKind::Group {
        for path in &aliases {
            if known.has(path)? {
                named.insert(path.clone());
            }
        }
    }
    let broadest = broadest(&named);
    match distinct(&broadest, vocabulary) {
        // What the vocabulary knows and no report names is found nowhere.
        0 if !aliases.is_empty() => Ok(aliases),
        0 => Err(unknown(kind, text, &all(known)?)),
        // Places of one name are other places; a group of one name is one group.
        n if n > 1 && kind == FacetKind::Region => Err(SearchError::AmbiguousFacet {
            kind: kind.name(),
            name: text.to_owned(),
            paths: broadest.iter().map(ToString::to_string).collect(),
        }),
        _ => Ok(broadest),
    }
}

/// What of a name counts when names are compared.
fn key(name: &str) -> String {
    fold(&name.to_lowercase()).replace(['’', '-', '\''], " ")
}

/// Whether the last name of a path may have a key: its first letter tells of most that it has not.
fn may_be_named(path: &str, key: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    match (name.bytes().next(), key.bytes().next()) {
        (Some(own), Some(wanted)) if own.is_ascii_alphanumeric() => own.eq_ignore_ascii_case(&wanted),
        _ => true,
    }
}

/// All known facets.
fn all(known: &impl Known) -> Result<BTreeSet<FacetPath>, SearchError> {
    let mut found = BTreeSet::new();
    known.each(|path| found.extend(path.parse::<FacetPath>().ok()))?;
    Ok(found)
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
fn unknown(kind: FacetKind, text: &str, known: &BTreeSet<FacetPath>) -> SearchError {
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

    impl Known for BTreeSet<FacetPath> {
        fn each(&self, mut each: impl FnMut(&str)) -> Result<(), SearchError> {
            for path in self {
                each(path.to_string().trim_start_matches('/'));
            }
            Ok(())
        }

        fn has(&self, path: &FacetPath) -> Result<bool, SearchError> {
            Ok(self.contains(path))
        }
    }

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
    fn no_name_is_passed_over_by_its_first_letter() {
        for name in ["Écho", "écho", "echo", "Œuvre", "œuvre", "oeuvre", "’Est", "l’Est", "(Nord)", "15 mai", "إ", "İo"]
        {
            assert!(may_be_named(&format!("Mali/{name}"), &key(name)), "{name}");
            assert!(may_be_named(&key(name), &key(name)), "{name}");
        }
        assert!(!may_be_named("Mali/Mopti", "gao"));
    }

    #[test]
    fn facets_of_an_index_are_known_with_what_holds_them() {
        let reader =
            IndexReader::of_texts(&[("", "Une attaque a visé Diallassagou, dans la région de Bandiagara, au Mali.")]);
        let names = Names::of(&reader, FacetKind::Region, false).unwrap();
        let all = all(&names.known).unwrap();
        assert!(all.iter().any(|path| path.to_string() == "/Mali"), "{all:?}");
        for path in &all {
            assert!(names.known.has(path).unwrap());
            assert!(names.resolve(&path.to_string()).unwrap().contains(path));
        }
        assert!(!names.known.has(&"Mali/Kidal".parse().unwrap()).unwrap());
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
