//! Filters: facets by name or path, dates, sources; each becomes a clause that scores nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::dates::DateFilter;
use super::plan::Slot;
use super::{Request, RequestError, Scope, SearchError};
use crate::facet::{FacetKind, FacetPath};
use crate::french::fold;
use crate::index::{Fields, IndexReader, Named, facet};
use crate::vocabulary::{Target, Vocabulary};

/// Names that are told where one is not known.
const NEAREST: usize = 5;

/// A part of a boolean query.
pub(super) type Clause = (Occur, Box<dyn Query>);

/// All filters of a request, resolved against the index.
pub(super) struct Filters {
    facets: Vec<FacetFilter>,
    dates: Option<DateFilter>,
    /// Whether what is only mentioned counts too.
    pub(super) mentions: bool,
    /// Whether one passage has to hold what is wanted of groups, places and dates.
    scope: Scope,
}

/// The values given for one kind: any of those wanted, none of those excluded.
struct FacetFilter {
    kind: FacetKind,
    wanted: Vec<FacetPath>,
    excluded: Vec<FacetPath>,
}

impl Filters {
    /// Resolves the names of a request and reads its dates.
    pub(super) fn new(reader: &IndexReader, request: &Request) -> Result<Self, SearchError> {
        let mut facets = Vec::new();
        for (kind, values) in [
            (FacetKind::Group, &request.groups),
            (FacetKind::Region, &request.regions),
            (FacetKind::Source, &request.sources),
        ] {
            if !values.is_empty() {
                facets.push(FacetFilter::new(reader, kind, values, request.mentions)?);
            }
        }
        Ok(Self {
            facets,
            dates: DateFilter::new(&request.ranges()?),
            mentions: request.mentions,
            scope: request.scope,
        })
    }

    /// The clauses of all filters, but for the values wanted of one kind, if it is named.
    pub(super) fn clauses(&self, fields: &Fields, without: Option<FacetKind>) -> Vec<Clause> {
        let mut clauses = Vec::new();
        for filter in &self.facets {
            let clauses_of = filter.clauses(fields, self.mentions, without == Some(filter.kind));
            // What one passage may not hold, another of the report may.
            let kept = |(occur, _): &Clause| !(self.in_passages(filter.kind) && *occur == Occur::MustNot);
            clauses.extend(clauses_of.into_iter().filter(kept));
        }
        if without != Some(FacetKind::Date) {
            clauses.extend(self.dates.as_ref().map(|dates| (Occur::Must, silent(dates.query(fields, self.mentions)))));
        }
        clauses
    }

    /// Whether a kind of filter is asked of passages.
    fn in_passages(&self, kind: FacetKind) -> bool {
        told_by_passages(self.scope, kind)
    }

    /// What one passage has to hold, or must not: terms that passages tell themselves, but for the values wanted of one
    /// kind, if it is named. Nothing where reports are asked.
    pub(super) fn of_passages(
        &self,
        reader: &IndexReader,
        without: Option<FacetKind>,
    ) -> Result<Vec<(Slot, Occur)>, SearchError> {
        let mut slots = Vec::new();
        for filter in self.facets.iter().filter(|filter| self.in_passages(filter.kind)) {
            let wanted = if without == Some(filter.kind) { &[][..] } else { &filter.wanted };
            for (paths, occur) in [(wanted, Occur::Must), (&filter.excluded, Occur::MustNot)] {
                let terms: Vec<String> =
                    paths.iter().flat_map(|path| named_terms(filter.kind, path, self.mentions)).collect();
                if !terms.is_empty() {
                    slots.push((Slot::named(terms), occur));
                }
            }
        }
        let dates = self.dates.as_ref().filter(|_| without != Some(FacetKind::Date));
        if let Some(dates) = dates.filter(|_| self.in_passages(FacetKind::Date)) {
            slots.push((Slot::named(dates.terms(reader, self.mentions)?), Occur::Must));
        }
        Ok(slots)
    }

    /// The filter by dates, where there is one.
    pub(super) fn dates(&self) -> Option<&DateFilter> {
        self.dates.as_ref()
    }

    /// The values of which a report needs one, or nothing where this kind is not filtered.
    pub(super) fn wanted(&self, kind: FacetKind) -> Option<&[FacetPath]> {
        if kind == FacetKind::Date {
            return self.dates.as_ref().map(DateFilter::paths);
        }
        let filter = self.facets.iter().find(|filter| filter.kind == kind)?;
        Some(filter.wanted.as_slice()).filter(|wanted| !wanted.is_empty())
    }
}

/// A filter that stands within a query.
pub(super) enum Leaf {
    /// Asks whole reports.
    Reports(Box<dyn Query>),
    /// Asks passages for any of some terms of the `mention` field.
    Passages(Vec<String>),
}

impl Leaf {
    /// The filter of one value: a name or path, or a date.
    ///
    /// # Errors
    /// If the value names nothing, or several places, or is no date; or if the index cannot be read.
    pub(super) fn new(
        reader: &IndexReader,
        kind: FacetKind,
        value: &str,
        request: &Request,
    ) -> Result<Option<Self>, SearchError> {
        let (scope, mentions) = (request.scope, request.mentions);
        if kind == FacetKind::Date {
            let range = value.parse().map_err(|error| RequestError::Date { name: "date", error })?;
            let Some(dates) = DateFilter::new(&[range]) else { return Ok(None) };
            return Ok(Some(if told_by_passages(scope, kind) {
                Self::Passages(dates.terms(reader, mentions)?)
            } else {
                Self::Reports(dates.query(reader.fields(), mentions))
            }));
        }
        let known = known_of(reader, kind, mentions)?;
        let vocabulary = names_of(reader, kind)?;
        let paths = resolve(kind, value, &known, vocabulary.as_deref())?;
        Ok(Some(if told_by_passages(scope, kind) {
            Self::Passages(paths.iter().flat_map(|path| named_terms(kind, path, mentions)).collect())
        } else {
            Self::Reports(Box::new(BooleanQuery::union(having(reader.fields(), kind, &paths, mentions))))
        }))
    }
}

/// Whether a kind of facet is asked of passages, which tell all but their source.
fn told_by_passages(scope: Scope, kind: FacetKind) -> bool {
    scope == Scope::Passage && kind != FacetKind::Source
}

/// The terms of a facet in what passages tell.
fn named_terms(kind: FacetKind, path: &FacetPath, mentions: bool) -> Vec<String> {
    let path = path.to_string();
    let named = if kind == FacetKind::Group { Named::Group(&path) } else { Named::Region(&path) };
    [false, true].into_iter().filter(|&only| mentions || !only).map(|only| named.term(only)).collect()
}

/// Queries of the reports that have each of some facets.
fn having(fields: &Fields, kind: FacetKind, paths: &[FacetPath], mentions: bool) -> Vec<Box<dyn Query>> {
    let fields = facet_fields(fields, kind, mentions);
    let has = |path: &FacetPath| -> Vec<Box<dyn Query>> {
        let term = |&field| TermQuery::new(Term::from_facet(field, &facet(path)), IndexRecordOption::Basic);
        fields.iter().map(|field| -> Box<dyn Query> { Box::new(term(field)) }).collect()
    };
    paths.iter().flat_map(has).collect()
}

/// Every facet of a kind that the index has.
fn known_of(reader: &IndexReader, kind: FacetKind, mentions: bool) -> Result<BTreeSet<FacetPath>, SearchError> {
    let mut known = BTreeSet::new();
    for field in facet_fields(reader.fields(), kind, mentions) {
        known.append(&mut known_facets(reader, field)?);
    }
    Ok(known)
}

/// The vocabulary, for the kinds whose names it has.
fn names_of(reader: &IndexReader, kind: FacetKind) -> Result<Option<Arc<Vocabulary>>, SearchError> {
    Ok(match kind {
        FacetKind::Group | FacetKind::Region => Some(reader.vocabulary()?),
        FacetKind::Source | FacetKind::Date => None,
    })
}

impl FacetFilter {
    fn new(reader: &IndexReader, kind: FacetKind, values: &[String], mentions: bool) -> Result<Self, SearchError> {
        let known = known_of(reader, kind, mentions)?;
        let vocabulary = names_of(reader, kind)?;
        let mut filter = Self { kind, wanted: Vec::new(), excluded: Vec::new() };
        for value in values {
            let (name, into) = value
                .strip_prefix('!')
                .map_or((value.as_str(), &mut filter.wanted), |name| (name, &mut filter.excluded));
            into.extend(resolve(kind, name, &known, vocabulary.as_deref())?);
        }
        Ok(filter)
    }

    fn clauses(&self, fields: &Fields, mentions: bool, exclusions_only: bool) -> Vec<Clause> {
        let has = |paths: &[FacetPath]| having(fields, self.kind, paths, mentions);
        let mut clauses: Vec<Clause> = has(&self.excluded).into_iter().map(|query| (Occur::MustNot, query)).collect();
        if !exclusions_only && !self.wanted.is_empty() {
            let any = has(&self.wanted);
            clauses.push((Occur::Must, silent(Box::new(BooleanQuery::union(any)))));
        }
        clauses
    }
}

/// The facet fields of a kind: what reports are about, and where that is wanted what they only mention.
pub(super) fn facet_fields(fields: &Fields, kind: FacetKind, mentions: bool) -> Vec<Field> {
    let (own, mentioned) = match kind {
        FacetKind::Group => (fields.group, Some(fields.mentioned_group)),
        FacetKind::Region => (fields.region, Some(fields.mentioned_region)),
        FacetKind::Date => (fields.date, Some(fields.mentioned_date)),
        FacetKind::Source => (fields.source, None),
    };
    std::iter::once(own).chain(mentioned.filter(|_| mentions)).collect()
}

/// A query that filters and scores nothing.
fn silent(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

/// Every facet of a field, with its ancestors.
fn known_facets(reader: &IndexReader, field: Field) -> Result<BTreeSet<FacetPath>, SearchError> {
    let mut known = BTreeSet::new();
    for segment in reader.searcher().segment_readers() {
        let inverted = segment.inverted_index(field).map_err(crate::index::IndexError::from)?;
        let mut terms = inverted
            .terms()
            .stream()
            .map_err(|error| crate::index::IndexError::from(tantivy::TantivyError::from(error)))?;
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
