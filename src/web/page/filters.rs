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
}

/// All of them, in the order of the request.
pub(super) fn filters(state: &State, lang: Lang) -> Vec<Filter> {
    let mut found = Vec::new();
    for kind in [FacetKind::Group, FacetKind::Region, FacetKind::Source, FacetKind::Date] {
        for given in state.values(kind) {
            let (excludes, value) = given.strip_prefix('!').map_or((false, given.as_str()), |value| (true, value));
            let path = value.parse::<FacetPath>().ok().filter(|_| kind != FacetKind::Date);
            found.push(Filter {
                kind: kind.name(),
                value: match &path {
                    Some(path) => words::name(lang, kind, path),
                    None => words::text(&words::asked(lang, value)),
                },
                whole: path.as_ref().map_or_else(|| words::text(value), |path| words::steps(lang, kind, path)),
                excludes,
                without: state.without(kind, given).at("/"),
            });
        }
    }
    let request = &state.0;
    let mut choice = |kind, value: String, without: State| {
        found.push(Filter { kind, whole: value.clone(), value, excludes: false, without: without.at("/") });
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
}
