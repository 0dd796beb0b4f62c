//! Filters: facets by name or path, dates, sources; each becomes a clause that scores nothing.

use std::collections::BTreeSet;
use std::ops::Bound;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use tantivy::Term;
use tantivy::query::{BooleanQuery, ConstScoreQuery, EmptyQuery, Occur, Query, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::SearchError;
use crate::date::DateRange;
use crate::facet::FacetPath;
use crate::french::fold;
use crate::index::{IndexReader, day_number, facet, month_number};

/// A part of a boolean query.
pub(super) type Clause = (Occur, Box<dyn Query>);

/// A kind of facet to filter by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FacetKind {
    /// Armed groups and forces.
    Group,
    /// Places.
    Region,
    /// Who published.
    Source,
}

impl FacetKind {
    /// The word for it in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Region => "region",
            Self::Source => "source",
        }
    }

    fn field(self, reader: &IndexReader) -> Field {
        match self {
            Self::Group => reader.fields().group,
            Self::Region => reader.fields().region,
            Self::Source => reader.fields().source,
        }
    }
}

/// The clauses of the values given for one kind: any of those wanted, none of those after `!`.
pub(super) fn facet_clauses(
    reader: &IndexReader,
    kind: FacetKind,
    values: &[String],
) -> Result<Vec<Clause>, SearchError> {
    let field = kind.field(reader);
    let mut wanted: Vec<Box<dyn Query>> = Vec::new();
    let mut clauses: Vec<Clause> = Vec::new();
    if values.is_empty() {
        return Ok(clauses);
    }
    let known = known_facets(reader, field)?;
    for value in values {
        let (name, excluded) = value.strip_prefix('!').map_or((value.as_str(), false), |name| (name, true));
        for path in resolve(kind, name, &known)? {
            let term = TermQuery::new(Term::from_facet(field, &facet(&path)), IndexRecordOption::Basic);
            if excluded {
                clauses.push((Occur::MustNot, Box::new(term)));
            } else {
                wanted.push(Box::new(term));
            }
        }
    }
    if !wanted.is_empty() {
        clauses.push((Occur::Must, silent(Box::new(BooleanQuery::union(wanted)))));
    }
    Ok(clauses)
}

/// The clause of date ranges: reports with a date in any of them.
///
/// A day is in a range that holds it. A date known to the month or the year is in a range that holds all of it: what
/// happened « en août 2024 » is not told as having happened on the 15th.
pub(super) fn date_clause(reader: &IndexReader, ranges: &[DateRange]) -> Option<Clause> {
    let fields = reader.fields();
    let mut parts: Vec<Box<dyn Query>> = Vec::new();
    for range in ranges.iter().filter(|range| !range.is_open()) {
        let first_month = range.from.map(|day| month_number(day) + i64::from(day.day() > 1));
        let last_month = range.to.map(|day| month_number(day) - i64::from(!ends_month(day)));
        let first_year = range.from.map(|day| i64::from(day.year()) + i64::from(day.ordinal() > 1));
        let last_year = range.to.map(|day| i64::from(day.year()) - i64::from(!(day.month() == 12 && day.day() == 31)));
        for (field, from, to) in [
            (fields.days.day, range.from.map(day_number), range.to.map(day_number)),
            (fields.days.month, first_month, last_month),
            (fields.days.year, first_year, last_year),
        ] {
            if from.zip(to).is_none_or(|(from, to)| from <= to) {
                let bound = |value: Option<i64>| {
                    value.map_or(Bound::Unbounded, |n| Bound::Included(Term::from_field_i64(field, n)))
                };
                parts.push(Box::new(RangeQuery::new(bound(from), bound(to))));
            }
        }
    }
    if ranges.iter().all(|range| range.is_open()) {
        return None;
    }
    let any: Box<dyn Query> =
        if parts.is_empty() { Box::new(EmptyQuery) } else { Box::new(BooleanQuery::union(parts)) };
    Some((Occur::Must, silent(any)))
}

/// A query that filters and scores nothing.
fn silent(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn ends_month(day: NaiveDate) -> bool {
    day.succ_opt().is_none_or(|next| next.month() != day.month())
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
fn resolve(kind: FacetKind, text: &str, known: &BTreeSet<FacetPath>) -> Result<Vec<FacetPath>, SearchError> {
    let key = |text: &str| fold(&text.to_lowercase()).replace(['’', '-'], " ").replace('\'', " ");
    let text = if kind == FacetKind::Source { &text.replace('/', "\u{2215}") } else { text };
    let wanted: Vec<String> = text.trim().trim_matches('/').split('/').map(|name| key(name.trim())).collect();
    let is_named = |path: &&FacetPath| {
        let names: Vec<String> = path.names().iter().map(|name| key(name)).collect();
        if wanted.len() > 1 { names == wanted } else { names.last() == wanted.last() }
    };
    let named: Vec<&FacetPath> = known.iter().filter(is_named).collect();
    let broadest: Vec<FacetPath> = named
        .iter()
        .filter(|path| !named.iter().any(|other| other != *path && other.contains(path)))
        .map(|&path| path.clone())
        .collect();
    match broadest.len() {
        0 => {
            let target = wanted.last().map_or("", String::as_str);
            let mut near: Vec<(usize, &FacetPath)> =
                known.iter().map(|path| (strsim::osa_distance(&key(path.name()), target), path)).collect();
            near.sort();
            // A part of a name is nearer than any slip of the keyboard.
            let part = |name: &str| target.chars().count() > 2 && key(name).contains(target);
            near.retain(|(distance, path)| *distance <= 1 + path.name().chars().count() / 4 || part(path.name()));
            near.sort_by_key(|(_, path)| !part(path.name()));
            let near = near.into_iter().take(5).map(|(_, path)| path.to_string()).collect();
            Err(SearchError::UnknownFacet { kind: kind.name(), name: text.to_owned(), near, any: !known.is_empty() })
        }
        // Places of one name are other places; a group of one name is one group.
        n if n > 1 && kind == FacetKind::Region => Err(SearchError::AmbiguousFacet {
            kind: kind.name(),
            name: text.to_owned(),
            paths: broadest.iter().map(ToString::to_string).collect(),
        }),
        _ => Ok(broadest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> BTreeSet<FacetPath> {
        ["Mali", "Mali/Mopti", "Mali/Mopti/Mopti", "Mali/Tombouctou/Diré", "Mali/Kayes/Diré", "JNIM", "jihadiste/JNIM"]
            .iter()
            .map(|path| path.parse().unwrap())
            .collect()
    }

    fn paths(kind: FacetKind, text: &str) -> Vec<String> {
        resolve(kind, text, &known()).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_are_found_whatever_their_case_and_accents() {
        assert_eq!(paths(FacetKind::Region, "MOPTI"), ["/Mali/Mopti"]);
        assert_eq!(paths(FacetKind::Region, "mali/tombouctou/dire"), ["/Mali/Tombouctou/Diré"]);
        assert_eq!(paths(FacetKind::Group, "jnim"), ["/JNIM", "/jihadiste/JNIM"]);
    }

    #[test]
    fn what_is_ambiguous_or_unknown_is_told() {
        assert!(
            matches!(resolve(FacetKind::Region, "Diré", &known()), Err(SearchError::AmbiguousFacet { paths, .. }) if paths.len() == 2)
        );
        let Err(SearchError::UnknownFacet { near, .. }) = resolve(FacetKind::Region, "Mpoti", &known()) else {
            panic!()
        };
        assert_eq!(near[0], "/Mali/Mopti");
    }
}
