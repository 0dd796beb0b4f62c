//! Filters: facets by name or path, dates, sources; each becomes a clause that scores nothing.

use std::sync::Arc;

use tantivy::Term;
use tantivy::query::{EnableScoring, Occur, Query, TermSetQuery, Weight};

use super::among::Among;
use super::dates::DateFilter;
use super::names::Names;
use super::plan::Slot;
use super::{Request, RequestError, Scope, SearchError};
use crate::facet::{FacetKind, FacetPath};
use crate::index::{Fields, IndexReader, Named, Selection, facet};

/// What reports must have, or must not.
pub(super) type Clause = (Occur, Box<dyn Query>);

/// What a filter asks of whole reports.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// Any of some facets.
    Terms(Vec<Term>),
    /// Any of some dates, which may only be mentioned.
    Dates(DateFilter, bool),
}

impl Query for Asked {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        match self {
            Self::Terms(terms) => TermSetQuery::new(terms.iter().cloned()).weight(scoring),
            Self::Dates(dates, mentions) => dates.query(*mentions, scoring.schema())?.weight(scoring),
        }
    }
}

/// All filters of a request, resolved against the index.
pub(super) struct Filters {
    facets: Vec<FacetFilter>,
    dates: Option<DateFilter>,
    /// Whether what is only mentioned counts too.
    pub(super) mentions: bool,
    /// Whether one passage has to hold what is wanted of groups, places and dates.
    scope: Scope,
    /// The only reports that may answer, if there is such a bound.
    among: Option<Among>,
    /// Values that nothing of the index has, as they are told; only where that is no error.
    pub(super) unknown: Vec<String>,
}

/// The values given for one kind: any of those wanted, none of those excluded.
struct FacetFilter {
    kind: FacetKind,
    wanted: Vec<FacetPath>,
    excluded: Vec<FacetPath>,
}

impl Filters {
    /// Resolves the names of a request and reads its dates.
    pub(super) fn new(
        reader: &IndexReader,
        request: &Request,
        among: Option<&Arc<Selection>>,
        forgiving: bool,
    ) -> Result<Self, SearchError> {
        let (mut facets, mut unknown) = (Vec::new(), Vec::new());
        for (kind, values) in [
            (FacetKind::Group, &request.groups),
            (FacetKind::Region, &request.regions),
            (FacetKind::Source, &request.sources),
        ] {
            if !values.is_empty() {
                let lacking = forgiving.then_some(&mut unknown);
                facets.push(FacetFilter::new(reader, kind, values, request.mentions, lacking)?);
            }
        }
        Ok(Self {
            facets,
            dates: DateFilter::new(&request.ranges()?),
            mentions: request.mentions,
            scope: request.scope,
            among: among.map(|selection| Among(Arc::clone(selection))),
            unknown,
        })
    }

    /// The clauses of all filters, but for the values wanted of one kind, if it is named.
    pub(super) fn clauses(&self, fields: &Fields, without: Option<FacetKind>) -> Vec<Clause> {
        let mut clauses: Vec<Clause> = Vec::new();
        clauses.extend(self.among.iter().map(|among| (Occur::Must, Box::new(among.clone()) as Box<dyn Query>)));
        for filter in &self.facets {
            let clauses_of = filter.clauses(fields, self.mentions, without == Some(filter.kind));
            // What one passage may not hold, another of the report may.
            let kept = |(occur, _): &Clause| !(self.in_passages(filter.kind) && *occur == Occur::MustNot);
            clauses.extend(clauses_of.into_iter().filter(kept));
        }
        if without != Some(FacetKind::Date) {
            let dates = self.dates.as_ref().map(|dates| Asked::Dates(dates.clone(), self.mentions));
            clauses.extend(dates.map(|dates| (Occur::Must, Box::new(dates) as Box<dyn Query>)));
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
pub(super) struct Leaf {
    pub(super) asks: Asks,
    /// The facets that its value stands for; none of a date.
    pub(super) paths: Vec<FacetPath>,
}

/// What a filter asks.
pub(super) enum Asks {
    /// Whole reports.
    Reports(Box<dyn Query>),
    /// Passages for any of some terms of the `mention` field.
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
        lacking: Option<&mut Vec<String>>,
    ) -> Result<Option<Self>, SearchError> {
        let (scope, mentions) = (request.scope, request.mentions);
        if kind == FacetKind::Date {
            let range = value.parse().map_err(|error| RequestError::Date { name: "date", error })?;
            let Some(dates) = DateFilter::new(&[range]) else { return Ok(None) };
            let asks = if told_by_passages(scope, kind) {
                Asks::Passages(dates.terms(reader, mentions)?)
            } else {
                Asks::Reports(Box::new(Asked::Dates(dates, mentions)))
            };
            return Ok(Some(Self { asks, paths: Vec::new() }));
        }
        let paths = resolved(&Names::of(reader, kind, mentions)?, value, lacking)?;
        let asks = if told_by_passages(scope, kind) {
            Asks::Passages(paths.iter().flat_map(|path| named_terms(kind, path, mentions)).collect())
        } else {
            Asks::Reports(Box::new(Asked::Terms(having(reader.fields(), kind, &paths, mentions))))
        };
        Ok(Some(Self { asks, paths }))
    }
}

/// The facets that a value stands for. Where values that nothing of the index has are collected, one is a facet that no
/// report has: it is found nowhere and excludes nothing.
fn resolved(names: &Names, value: &str, lacking: Option<&mut Vec<String>>) -> Result<Vec<FacetPath>, SearchError> {
    match (names.resolve(value), lacking) {
        (Err(error @ SearchError::UnknownFacet { .. }), Some(lacking)) => {
            let Ok(nowhere) = FacetPath::leaf(value) else { return Err(error) };
            let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
            lacking.push(format!("{error}{hint}"));
            Ok(vec![nowhere])
        }
        (found, _) => found,
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

/// The terms of facets.
fn having(fields: &Fields, kind: FacetKind, paths: &[FacetPath], mentions: bool) -> Vec<Term> {
    let terms = |path: &FacetPath| {
        let facet = facet(path);
        fields.of_kind(kind, mentions).map(move |field| Term::from_facet(field, &facet))
    };
    paths.iter().flat_map(terms).collect()
}

impl FacetFilter {
    fn new(
        reader: &IndexReader,
        kind: FacetKind,
        values: &[String],
        mentions: bool,
        mut lacking: Option<&mut Vec<String>>,
    ) -> Result<Self, SearchError> {
        let names = Names::of(reader, kind, mentions)?;
        let mut filter = Self { kind, wanted: Vec::new(), excluded: Vec::new() };
        for value in values {
            let (name, into) = value
                .strip_prefix('!')
                .map_or((value.as_str(), &mut filter.wanted), |name| (name, &mut filter.excluded));
            into.extend(resolved(&names, name, lacking.as_deref_mut())?);
        }
        Ok(filter)
    }

    fn clauses(&self, fields: &Fields, mentions: bool, exclusions_only: bool) -> Vec<Clause> {
        let wanted = if exclusions_only { &[][..] } else { &self.wanted };
        let mut clauses: Vec<Clause> = Vec::new();
        for (occur, paths) in [(Occur::MustNot, self.excluded.as_slice()), (Occur::Must, wanted)] {
            if !paths.is_empty() {
                clauses.push((occur, Box::new(Asked::Terms(having(fields, self.kind, paths, mentions)))));
            }
        }
        clauses
    }
}
