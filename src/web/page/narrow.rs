//! What a chip of a hit leads to: of the reports that answer, those that have its group, place or day too.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::state::State;
use crate::date::{DateRange, DateSpan};
use crate::facet::{FacetKind, FacetPath};
use crate::hit::Hit;
use crate::query::typed::filter;
use crate::query::{Expr, parse};
use crate::search::{Match, Scope, SearchError, Searcher};

/// What filters stand for in an index, as far as the chips of some hits need it.
#[derive(Clone, Debug, Default)]
pub(super) struct Narrowing {
    /// The facets that the value of a kind stands for, where one alone is wanted.
    wanted: BTreeMap<FacetKind, Vec<FacetPath>>,
    /// Facets as fields of a query, of the kinds that are filtered.
    fields: BTreeMap<(FacetKind, FacetPath), String>,
    /// The page of the states, where it is not that of a search: there, the query bounds nothing.
    page: Option<String>,
}

/// A narrower state, and how it comes to be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Narrower {
    pub(super) state: State,
    /// In English, to be told; nothing where a filter is added.
    pub(super) how: Option<&'static str>,
}

impl Narrowing {
    /// Looks up what the chips of some hits of a state need.
    ///
    /// # Errors
    /// If a filter names nothing, or the index cannot be read.
    pub(super) fn new<'h>(
        searcher: &Searcher<'_>,
        state: &State,
        hits: impl Iterator<Item = &'h Hit>,
    ) -> Result<Self, SearchError> {
        let mut found = Self::default();
        let kinds = [FacetKind::Group, FacetKind::Region].into_iter().filter(|kind| state.wants(*kind));
        let kinds: Vec<FacetKind> = kinds.collect();
        for &kind in &kinds {
            let mut values = state.values(kind).iter().filter(|value| !value.starts_with('!'));
            if let (Some(only), None) = (values.next(), values.next()) {
                found.wanted.insert(kind, searcher.called(kind, only, state.0.mentions)?);
            }
        }
        for hit in hits {
            for &kind in &kinds {
                for path in if kind == FacetKind::Group { &hit.groups } else { &hit.regions } {
                    if let Entry::Vacant(free) = found.fields.entry((kind, path.clone())) {
                        free.insert(searcher.field(kind, path)?);
                    }
                }
            }
        }
        Ok(found)
    }

    /// The same on a page of another path, which only filters bound.
    pub(super) fn on(self, page: String) -> Self {
        Self { page: Some(page), ..self }
    }

    /// The address of a state.
    pub(super) fn at(&self, state: &State) -> String {
        state.at(self.page.as_deref().unwrap_or("/"))
    }

    /// The state of those reports that have a group or place too; nothing where all have it, as far as filters tell, or
    /// where no state finds them. `inherited` is what a passage has from its report.
    pub(super) fn to_facet(
        &self,
        state: &State,
        kind: FacetKind,
        path: &FacetPath,
        inherited: bool,
    ) -> Option<Narrower> {
        // Passages are asked for what they tell themselves.
        if inherited && state.0.scope == Scope::Passage {
            return None;
        }
        if !state.wants(kind) {
            return Some(Narrower { state: state.adding(kind, path), how: None });
        }
        match self.wanted.get(&kind).map(Vec::as_slice) {
            Some([only]) if only == path => None,
            Some(wanted) if wanted.iter().any(|known| known.contains(path)) => {
                Some(replaced(state.choosing(kind, path)))
            }
            _ => self.asked(state, kind, self.fields.get(&(kind, path.clone()))?),
        }
    }

    /// As [`Narrowing::to_facet`], of a date.
    pub(super) fn to_date(&self, state: &State, date: &DateSpan, inherited: bool) -> Option<Narrower> {
        if inherited && state.0.scope == Scope::Passage {
            return None;
        }
        let told = date.to_string();
        let days = DateRange { from: Some(date.from), to: Some(date.to) };
        let ranges = state.0.ranges().ok()?;
        let alone = || state.without_wanted(FacetKind::Date).with(|next| next.dates.push(told.clone()));
        match ranges.as_slice() {
            [] => Some(Narrower { state: alone(), how: None }),
            [only] if *only == days => None,
            [only] if only.and(days) == days => Some(replaced(alone())),
            _ => self.asked(state, FacetKind::Date, &filter(FacetKind::Date, &told)),
        }
    }

    /// A state whose query wants a filter too: values of one kind that stand beside the query are either.
    fn asked(&self, state: &State, kind: FacetKind, field: &str) -> Option<Narrower> {
        if self.page.is_some() {
            return None;
        }
        let query = with_filter(&state.0.query, state.0.matching, kind, field)?;
        let how = Some("both: added to the query");
        Some(Narrower { state: state.with(|next| next.query = query), how })
    }
}

fn replaced(state: State) -> Narrower {
    Narrower { state, how: Some("instead of the broader one") }
}

/// A query that wants a filter beside all that it wants already; nothing where it does already.
fn with_filter(query: &str, matching: Match, kind: FacetKind, field: &str) -> Option<String> {
    let Some(tree) = parse(query).ok()? else { return Some(field.to_owned()) };
    let Expr::Facet { value: wanted, .. } = parse(field).ok()?? else { return None };
    let same = |expr: &Expr| matches!(expr, Expr::Facet { kind: of, value, .. } if *of == kind && *value == wanted);
    let all = match &tree {
        Expr::And(parts) => parts.as_slice(),
        Expr::Side(parts) if matching == Match::All => parts.as_slice(),
        other => std::slice::from_ref(other),
    };
    if all.iter().any(same) {
        return None;
    }
    let query = query.trim();
    let (bare, bracketed) = match matching {
        Match::All => (format!("{query} {field}"), format!("({query}) {field}")),
        Match::Any => ([query, "ET", field].join(" "), [&format!("({query})"), "ET", field].join(" ")),
    };
    // What stands last must be wanted beside all that was asked for before, whatever signs the query ends with.
    let holds = |joined: &String| match (parse(joined), &tree) {
        (Ok(Some(Expr::Side(parts))), Expr::Side(before)) if matching == Match::All => {
            parts.split_last().is_some_and(|(last, rest)| same(last) && rest == before.as_slice())
        }
        (Ok(Some(Expr::Side(parts))), _) if matching == Match::All => {
            parts.len() == 2 && parts[0] == tree && same(&parts[1])
        }
        (Ok(Some(Expr::And(parts))), Expr::And(before)) if matching == Match::Any => {
            parts.split_last().is_some_and(|(last, rest)| same(last) && rest == before.as_slice())
        }
        (Ok(Some(Expr::And(parts))), _) if matching == Match::Any => {
            parts.len() == 2 && parts[0] == tree && same(&parts[1])
        }
        _ => false,
    };
    if holds(&bare) {
        return Some(bare);
    }
    let brackets = |joined: &String| match parse(joined) {
        Ok(Some(Expr::Side(parts) | Expr::And(parts))) => parts.len() == 2 && same(&parts[1]),
        _ => false,
    };
    Some(bracketed).filter(brackets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_wanted_beside_whatever_the_query_wants() {
        for (query, any, want) in [
            ("", false, Some("groupe:FAMa")),
            ("  …", true, Some("groupe:FAMa")),
            ("embuscade Mopti", false, Some("embuscade Mopti groupe:FAMa")),
            ("embuscade Mopti", true, Some("(embuscade Mopti) ET groupe:FAMa")),
            ("embuscade", true, Some("embuscade ET groupe:FAMa")),
            ("a ET b", false, Some("a ET b groupe:FAMa")),
            ("a ET b", true, Some("a ET b ET groupe:FAMa")),
            ("attaque OU embuscade", false, Some("(attaque OU embuscade) groupe:FAMa")),
            ("attaque OU embuscade", true, Some("(attaque OU embuscade) ET groupe:FAMa")),
            ("-civils", false, Some("-civils groupe:FAMa")),
            ("date:15 août 2024", false, Some("date:15 août 2024 groupe:FAMa")),
            ("groupe:JNIM", false, Some("groupe:JNIM groupe:FAMa")),
            ("a groupe:FAMa", false, None),
            ("a OU groupe:FAMa", false, Some("(a OU groupe:FAMa) groupe:FAMa")),
            ("\"ouvert", false, None),
        ] {
            let matching = if any { Match::Any } else { Match::All };
            let told = with_filter(query, matching, FacetKind::Group, "groupe:FAMa");
            assert_eq!(told.as_deref(), want, "{query}");
        }
        let dangling = with_filter("attaque OU", Match::All, FacetKind::Group, "groupe:FAMa");
        assert_eq!(dangling.as_deref(), Some("(attaque OU) groupe:FAMa"));
    }
}
