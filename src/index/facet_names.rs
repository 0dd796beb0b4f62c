//! The facets of an index by their names, made once a reader: a filter looks up a few of them.

use rustc_hash::FxHashMap;
use tantivy::TantivyError;
use tantivy::schema::Field;

use super::{IndexError, IndexReader};
use crate::facet::{FacetKind, FacetPath};
use crate::french::fold;

/// The facets of one kind that reports have or had, with their ancestors.
#[derive(Debug, Default)]
pub(crate) struct FacetNames {
    /// In order, each once.
    paths: Vec<FacetPath>,
    /// Their places in that order, by the keys of their last names.
    places: FxHashMap<String, Vec<usize>>,
}

impl FacetNames {
    pub(crate) fn new(mut paths: Vec<FacetPath>) -> Self {
        paths.sort_unstable();
        paths.dedup();
        let mut places: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (place, path) in paths.iter().enumerate() {
            places.entry(Self::key(path.name())).or_default().push(place);
        }
        Self { paths, places }
    }

    /// A name as it is looked up: without case, accents, hyphens and apostrophes.
    pub(crate) fn key(name: &str) -> String {
        fold(&name.to_lowercase()).replace(['’', '-', '\''], " ")
    }

    /// The facets whose last name has a key, in order.
    pub(crate) fn named(&self, key: &str) -> impl Iterator<Item = &FacetPath> {
        self.places.get(key).into_iter().flatten().map(|&place| &self.paths[place])
    }

    /// All of them, in order.
    pub(crate) fn paths(&self) -> &[FacetPath] {
        &self.paths
    }

    /// Whether it is one of them.
    pub(crate) fn contains(&self, path: &FacetPath) -> bool {
        self.paths.binary_search(path).is_ok()
    }
}

impl IndexReader {
    /// The facets of a kind, of the fields that hold them, with what is only mentioned or without; made when they are first
    /// asked for.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn facet_names(
        &self,
        kind: FacetKind,
        mentions: bool,
        fields: &[Field],
    ) -> Result<&FacetNames, IndexError> {
        self.once(&self.facet_names[2 * kind as usize + usize::from(mentions)], || {
            let mut paths = Vec::new();
            for segment in self.searcher().segment_readers() {
                for &field in fields {
                    let inverted = segment.inverted_index(field)?;
                    let mut terms = inverted.terms().stream().map_err(TantivyError::from)?;
                    while terms.advance() {
                        // What all facets stand below has no name.
                        if let Ok(names) = std::str::from_utf8(terms.key())
                            && !names.is_empty()
                        {
                            paths.push(FacetPath::of(names.split('\0').map(str::to_owned).collect()));
                        }
                    }
                }
            }
            Ok(FacetNames::new(paths))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facets_are_found_by_their_last_name() {
        let paths = ["Mali/Ségou", "Mali", "Niger/Dosso", "Mali/Ségou/San", "Mali", "Togo/Segou"];
        let names = FacetNames::new(paths.iter().map(|path| path.parse().unwrap()).collect());
        let found = |name: &str| names.named(&FacetNames::key(name)).map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(found("SEGOU"), ["/Mali/Ségou", "/Togo/Segou"]);
        assert_eq!((found("mali"), found("Kayes")), (vec!["/Mali".to_owned()], vec![]));
        assert!(names.contains(&"Niger/Dosso".parse().unwrap()) && !names.contains(&"Dosso".parse().unwrap()));
        assert_eq!(names.paths().len(), 5);
    }
}
