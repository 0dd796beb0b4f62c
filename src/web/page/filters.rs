//! The filters and choices of a request as chips that take themselves away.

use super::state::State;
use super::words;
use crate::facet::{FacetKind, FacetPath};
use crate::lang::Lang;
use crate::search::{Collapse, Match, Scope};

/// A part of the request that can be taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filter {
    /// What it is, in English, to be told.
    pub(super) kind: &'static str,
    pub(super) value: String,
    /// All of it, where the value is short for something.
    pub(super) whole: String,
    /// Whether it leaves reports out.
    pub(super) excludes: bool,
    /// Leads to the state without it.
    pub(super) without: String,
    /// That state.
    pub(super) next: State,
}

impl Filter {
    /// Whether it bounds the reports that answer, whatever the query says.
    pub(super) fn bounds(&self) -> bool {
        !matches!(self.kind, "words" | "together" | "hits" | "search")
    }
}

/// What a state asks for, in a few words: its query, else its filters; nothing where it asks for everything.
pub(super) fn subject(state: &State, lang: Lang) -> String {
    if !state.0.query.trim().is_empty() {
        return words::text(&state.0.query);
    }
    let told = filters(state, lang).into_iter().filter(|filter| filter.bounds() && filter.kind != "filters");
    let told = told.map(|filter| match filter.kind {
        _ if filter.excludes => format!("{} {}", lang.tell("without"), filter.value),
        "since" | "until" => format!("{} {}", lang.tell(filter.kind), filter.value),
        _ => filter.value,
    });
    told.collect::<Vec<_>>().join(" · ")
}

/// All of them, in the order of the request, on the page of a search.
pub(super) fn filters(state: &State, lang: Lang) -> Vec<Filter> {
    filters_at(state, lang, "/")
}

/// All of them, on a page of some path.
pub(super) fn filters_at(state: &State, lang: Lang, page: &str) -> Vec<Filter> {
    let mut found = Vec::new();
    for kind in [FacetKind::Group, FacetKind::Region, FacetKind::Source, FacetKind::Date] {
        for given in state.values(kind) {
            let (excludes, value) = given.strip_prefix('!').map_or((false, given.as_str()), |value| (true, value));
            let path = value.parse::<FacetPath>().ok().filter(|_| kind != FacetKind::Date);
            let next = state.without(kind, given);
            found.push(Filter {
                kind: kind.name(),
                value: match &path {
                    Some(path) => words::name(lang, kind, path),
                    None => words::text(&words::asked(lang, value)),
                },
                whole: path.as_ref().map_or_else(|| words::text(value), |path| words::steps(lang, kind, path)),
                excludes,
                without: next.at(page),
                next,
            });
        }
    }
    let request = &state.0;
    let mut choice = |kind, value: String, without: State| {
        let href = without.at(page);
        found.push(Filter { kind, whole: value.clone(), value, excludes: false, without: href, next: without });
    };
    for (kind, given, without) in [
        ("since", &request.since, state.with(|next| next.since = None)),
        ("until", &request.until, state.with(|next| next.until = None)),
    ] {
        if let Some(given) = given {
            choice(kind, words::text(&words::asked(lang, given)), without);
        }
    }
    let told = |message: &'static str| lang.tell(message).into_owned();
    if request.matching == Match::Any {
        choice("words", told("any of them"), state.with(|next| next.matching = Match::All));
    }
    if request.scope == Scope::Passage {
        choice("together", told("in one passage"), state.with(|next| next.scope = Scope::Report));
    }
    if request.collapse == Collapse::None {
        choice("hits", told("every passage"), state.with(|next| next.collapse = Collapse::Report));
    }
    if request.mentions {
        choice("filters", told("mentions too"), state.with(|next| next.mentions = false));
    }
    if !request.expand {
        choice("search", told("the words as written"), state.with(|next| next.expand = true));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filter_takes_itself_away_and_nothing_else() {
        let json =
            r#"{"query":"x","groups":["/jihadiste/JNIM","!FAMa"],"dates":["2024-08"],"since":"2024","match":"any"}"#;
        let state = State::new(serde_json::from_str(json).unwrap());
        let found = filters(&state, Lang::Fr);
        let told: Vec<(&str, &str, bool)> =
            found.iter().map(|filter| (filter.kind, filter.value.as_str(), filter.excludes)).collect();
        let want = [
            ("group", "JNIM", false),
            ("group", "FAMa", true),
            ("date", "août 2024", false),
            ("since", "2024", false),
            ("words", "au moins un", false),
        ];
        assert_eq!(told, want);
        assert_eq!(found[0].without, "/?q=x&group=%21FAMa&since=2024&date=2024-08&match=any");
        assert_eq!(found[4].without, state.with(|next| next.matching = Match::All).at("/"));
        assert!(filters(&State::new(crate::search::Request::default()), Lang::En).is_empty());
    }

    #[test]
    fn a_state_is_told_in_a_few_words() {
        for (json, want) in [
            (r#"{"query":"embuscade","groups":["JNIM"]}"#, "embuscade"),
            (
                r#"{"groups":["/jihadiste/JNIM","!FAMa"],"regions":["Mali"],"since":"2023"}"#,
                "JNIM · sans FAMa · Mali · depuis 2023",
            ),
            (r#"{"dates":["2024-08"],"mentions":true,"match":"any"}"#, "août 2024"),
            (r#"{"match":"any"}"#, ""),
        ] {
            assert_eq!(subject(&State::new(serde_json::from_str(json).unwrap()), Lang::Fr), want, "{json}");
        }
    }
}
