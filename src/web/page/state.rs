//! The state of a page, which is all in its address: a request, and the addresses of its neighbours.

use crate::date::DateRange;
use crate::facet::{FacetKind, FacetPath};
use crate::search::Request;
use crate::web::params;

/// What a page shows. Every address that is made of it is that of another state, from its first hit on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State(pub(super) Request);

impl State {
    /// The state of a request: what answers carry beside hits is for each page to choose.
    pub(super) fn new(request: Request) -> Self {
        Self(Request { id: None, facets: None, timeline: None, fields: None, explain: false, ..request })
    }

    /// The address of this state on a page: `/`, `/export`.
    pub(super) fn at(&self, path: &str) -> String {
        address(path, &self.query_string())
    }

    /// The same with further pairs of name and value.
    pub(super) fn at_with(&self, path: &str, pairs: &[(&str, &str)]) -> String {
        let mut query = form_urlencoded::Serializer::new(self.query_string());
        query.extend_pairs(pairs);
        address(path, &query.finish())
    }

    /// What stands behind the question mark; empty for the first page of everything.
    pub(super) fn query_string(&self) -> String {
        params::query_string(&self.0, &Request::default())
    }

    /// The same state from its first hit on.
    pub(super) fn first(&self) -> Self {
        self.with(|_| ())
    }

    /// This state with something else, from its first hit on.
    pub(super) fn with(&self, change: impl FnOnce(&mut Request)) -> Self {
        let mut next = Request { offset: 0, ..self.0.clone() };
        change(&mut next);
        Self(next)
    }

    /// Whether nothing is asked for.
    pub(super) fn is_empty(&self) -> bool {
        self.0.query.trim().is_empty() && !self.is_filtered()
    }

    /// Whether something bounds the reports beside the query.
    pub(super) fn is_filtered(&self) -> bool {
        let Request { groups, regions, sources, dates, since, until, .. } = &self.0;
        !(groups.is_empty() && regions.is_empty() && sources.is_empty() && dates.is_empty())
            || since.is_some()
            || until.is_some()
    }

    /// The values given for a kind.
    pub(super) fn values(&self, kind: FacetKind) -> &[String] {
        match kind {
            FacetKind::Group => &self.0.groups,
            FacetKind::Region => &self.0.regions,
            FacetKind::Source => &self.0.sources,
            FacetKind::Date => &self.0.dates,
        }
    }

    /// Whether the reports are bound to values of a kind.
    pub(super) fn wants(&self, kind: FacetKind) -> bool {
        let bounds = kind == FacetKind::Date && (self.0.since.is_some() || self.0.until.is_some());
        bounds || self.values(kind).iter().any(|value| !value.starts_with('!'))
    }

    /// This state with a value beside those of its kind.
    pub(super) fn adding(&self, kind: FacetKind, path: &FacetPath) -> Self {
        self.with(|next| {
            if kind == FacetKind::Date {
                dissolve(next);
            }
            let value = written(kind, path);
            let values = values_mut(next, kind);
            values.retain(|known| *known != format!("!{value}"));
            if !values.contains(&value) {
                values.push(value);
            }
        })
    }

    /// This state with a value instead of those wanted of its kind; what is excluded stays so.
    pub(super) fn choosing(&self, kind: FacetKind, path: &FacetPath) -> Self {
        let mut next = self.without_wanted(kind);
        let value = written(kind, path);
        values_mut(&mut next.0, kind).push(value);
        next
    }

    /// This state without the values wanted of a kind.
    pub(super) fn without_wanted(&self, kind: FacetKind) -> Self {
        self.with(|next| {
            if kind == FacetKind::Date {
                (next.since, next.until) = (None, None);
            }
            values_mut(next, kind).retain(|value| value.starts_with('!'));
        })
    }

    /// This state without a value of a kind, as it is given.
    pub(super) fn without(&self, kind: FacetKind, value: &str) -> Self {
        self.with(|next| values_mut(next, kind).retain(|known| known != value))
    }

    /// This state without the reports that have a value; nothing for dates, which no filter excludes.
    pub(super) fn excluding(&self, kind: FacetKind, path: &FacetPath) -> Option<Self> {
        let value = written(kind, path);
        (kind != FacetKind::Date).then(|| {
            self.with(|next| {
                let values = values_mut(next, kind);
                values.retain(|known| *known != value);
                values.push(format!("!{value}"));
            })
        })
    }

    /// This state bound to some days, instead of the dates that it is bound to.
    pub(super) fn between(&self, range: DateRange) -> Self {
        let mut next = self.without_wanted(FacetKind::Date);
        next.0.dates.push(told(range));
        next
    }
}

/// Puts what bounds the dates into ranges that others can stand beside.
fn dissolve(request: &mut Request) {
    if (request.since.is_some() || request.until.is_some())
        && let Ok(ranges) = request.ranges()
    {
        request.dates = ranges.into_iter().map(told).collect();
        (request.since, request.until) = (None, None);
    }
}

/// A range as filters read it.
fn told(range: DateRange) -> String {
    let end = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    format!("{}..{}", end(range.from), end(range.to))
}

/// A value as filters read it: a whole path, which is never the name of something else.
pub(super) fn written(kind: FacetKind, path: &FacetPath) -> String {
    if kind == FacetKind::Date { path.names().join("-") } else { path.to_string() }
}

fn values_mut(request: &mut Request, kind: FacetKind) -> &mut Vec<String> {
    match kind {
        FacetKind::Group => &mut request.groups,
        FacetKind::Region => &mut request.regions,
        FacetKind::Source => &mut request.sources,
        FacetKind::Date => &mut request.dates,
    }
}

/// An address of a path and what stands behind the question mark.
pub(super) fn address(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// An id as the end of a path. Slashes stay, but where a browser would take steps of the path for something else.
pub(super) fn segment(id: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const ALL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b',');
    const STEPS: &AsciiSet = &ALL.remove(b'/').remove(b':');
    let plain = id.split('/').all(|step| !matches!(step, "" | "." | ".."));
    utf8_percent_encode(id, if plain { STEPS } else { ALL }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(json: &str) -> State {
        State::new(serde_json::from_str(json).unwrap())
    }

    fn path(text: &str) -> FacetPath {
        text.parse().unwrap()
    }

    #[test]
    fn a_value_is_added_exactly_and_pages_start_anew() {
        let here = state(r#"{"query":"embuscade","groups":["JNIM"],"offset":20,"sort":"newest"}"#);
        let next = here.adding(FacetKind::Region, &path("Mali/Mopti"));
        let want = r#"{"query":"embuscade","groups":["JNIM"],"regions":["/Mali/Mopti"],"sort":"newest"}"#;
        assert_eq!(next, state(want));
        assert_eq!(next.at("/"), "/?q=embuscade&group=JNIM&region=%2FMali%2FMopti&sort=newest");
        assert_eq!(state("{}").at("/"), "/");
        assert_eq!(state("{}").at_with("/", &[("open", "a&b")]), "/?open=a%26b");
    }

    #[test]
    fn choosing_instead_keeps_what_is_excluded() {
        let here = state(r#"{"groups":["JNIM","!FAMa","EIGS"]}"#);
        assert_eq!(here.choosing(FacetKind::Group, &path("a/b")).0.groups, ["!FAMa", "/a/b"]);
        assert_eq!(here.adding(FacetKind::Group, &path("a/b")).0.groups, ["JNIM", "!FAMa", "EIGS", "/a/b"]);
        let out = here.excluding(FacetKind::Group, &path("a/b")).unwrap();
        assert_eq!(out.0.groups, ["JNIM", "!FAMa", "EIGS", "!/a/b"]);
        assert_eq!(out.adding(FacetKind::Group, &path("a/b")).0.groups, ["JNIM", "!FAMa", "EIGS", "/a/b"]);
        assert_eq!(out.without(FacetKind::Group, "!/a/b"), here);
    }

    #[test]
    fn a_date_stands_beside_bounds_not_within_them() {
        let here = state(r#"{"since":"2024-08","until":"2024-10"}"#);
        let next = here.adding(FacetKind::Date, &path("2023/05"));
        assert_eq!(
            (next.0.dates.as_slice(), &next.0.since),
            (&["2024-08-01..2024-10-31".to_owned(), "2023-05".to_owned()][..], &None)
        );
        assert_eq!(here.choosing(FacetKind::Date, &path("2023")), state(r#"{"dates":["2023"]}"#));
        assert_eq!(here.excluding(FacetKind::Date, &path("2023")), None);
        let range = DateRange { from: "2024-08-03".parse().ok(), to: None };
        assert_eq!(here.between(range), state(r#"{"dates":["2024-08-03.."]}"#));
    }

    #[test]
    fn ids_survive_the_path() {
        assert_eq!(segment("mali/2024 é#1?.txt"), "mali/2024%20%C3%A9%231%3F.txt");
        assert_eq!(segment("../a"), "..%2Fa");
        assert_eq!(segment("/a"), "%2Fa");
    }
}
