//! What stands around every page: head, search form, switches, foot.

use super::assets;
use super::help::{SECTIONS, Section};
use super::state::State;
use super::visit::{Theme, Visit};
use super::words;
use crate::lang::Lang;
use crate::search::{Collapse, Match, Request, Scope, Sort};

/// The frame of a page.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) lang: Lang,
    pub(super) theme: Theme,
    /// Of the window.
    pub(super) title: String,
    pub(super) form: Form,
    /// This page in the other language.
    pub(super) other_lang: String,
    /// This page in each light.
    pub(super) themes: Vec<(&'static str, String)>,
    /// Names of the address that the page knows nothing of.
    pub(super) strangers: Vec<String>,
}

/// A number as templates hand it on.
pub(super) trait Count {
    fn count(&self) -> u64;
}

impl Count for u64 {
    fn count(&self) -> u64 {
        *self
    }
}

impl Count for usize {
    fn count(&self) -> u64 {
        *self as u64
    }
}

impl<T: Count> Count for &T {
    fn count(&self) -> u64 {
        (**self).count()
    }
}

/// What the search form holds.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) query: String,
    /// Filters that have no field of their own.
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) since: String,
    pub(super) until: String,
    pub(super) choices: Vec<Choice>,
}

/// Options of the form, of which one is chosen.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) name: &'static str,
    /// In English, to be told.
    pub(super) label: &'static str,
    /// Value, what it means in English, to be told, and whether it is chosen. The usual one has no value.
    pub(super) options: Vec<(&'static str, &'static str, bool)>,
}

#[expect(clippy::unused_self, reason = "templates call methods")]
impl Frame {
    /// The frame of a state; `title` stands before the name of the program.
    pub(super) fn new(visit: &Visit, state: &State, title: &str) -> Self {
        let other = if visit.lang == Lang::Fr { Lang::En } else { Lang::Fr };
        let themes = [Theme::Auto, Theme::Light, Theme::Dark];
        Self {
            lang: visit.lang,
            theme: visit.theme,
            title: words::text(title),
            form: Form::new(&state.0),
            other_lang: visit.here_with("lang", other.name()),
            strangers: visit.strangers().iter().map(|name| words::text(name)).collect(),
            themes: themes.into_iter().map(|theme| (theme.name(), visit.here_with("theme", theme.name()))).collect(),
        }
    }

    /// An English message in the language of the page.
    pub(super) fn tell(&self, message: impl AsRef<str>) -> String {
        self.lang.tell(message.as_ref()).into_owned()
    }

    /// A number in the language of the page.
    pub(super) fn number(&self, number: impl Count) -> String {
        words::number(self.lang, number.count())
    }

    /// A number of reports.
    pub(super) fn reports(&self, number: impl Count) -> String {
        self.counted(number, "report")
    }

    /// A number of things, in words, with its thousands apart.
    pub(super) fn counted(&self, number: impl Count, what: &str) -> String {
        words::counted(self.lang, number.count(), what)
    }

    /// How many passages of a report are not shown.
    pub(super) fn others(&self, count: impl Count) -> String {
        let count = count.count();
        self.tell(format!("{count} other passage{} of this article", if count == 1 { "" } else { "s" }))
    }

    /// How many values are not shown.
    pub(super) fn rest(&self, count: impl Count) -> String {
        let count = count.count();
        self.tell(if count == 1 { "the other one".to_owned() } else { format!("all {count} others") })
    }

    /// The first day and the last.
    pub(super) fn span(&self, from: &str, until: &str) -> String {
        self.tell(format!("from {from} until {until}"))
    }

    pub(super) fn style(&self) -> &'static str {
        &assets::STYLE.href
    }

    pub(super) fn script(&self) -> &'static str {
        &assets::SCRIPT.href
    }

    pub(super) fn icon(&self) -> &'static str {
        &assets::ICON.href
    }

    /// What a light is called.
    pub(super) fn light(&self, name: &str) -> String {
        self.tell(match name {
            "light" => "light page",
            "dark" => "dark page",
            _ => "light of the system",
        })
    }

    /// The sign of a light.
    pub(super) fn sign(&self, name: &str) -> &'static str {
        match name {
            "light" => "○",
            "dark" => "●",
            _ => "◐",
        }
    }

    pub(super) fn help(&self) -> &'static [Section] {
        &SECTIONS
    }

    /// Where an example leads.
    pub(super) fn example(&self, query: &str) -> String {
        State::new(Request { query: query.to_owned(), ..Request::default() }).at("/")
    }
}

impl Form {
    fn new(request: &Request) -> Self {
        let mut hidden = Vec::new();
        for (name, values) in [
            ("group", &request.groups),
            ("region", &request.regions),
            ("source", &request.sources),
            ("date", &request.dates),
        ] {
            hidden.extend(values.iter().map(|value| (name, value.clone())));
        }
        let choices = vec![
            choice(
                "sort",
                "order",
                &request.sort,
                &[
                    (Sort::Relevance, "", "best first"),
                    (Sort::Newest, "newest", "newest first"),
                    (Sort::Oldest, "oldest", "oldest first"),
                ],
            ),
            choice(
                "match",
                "words",
                &request.matching,
                &[(Match::All, "", "all of them"), (Match::Any, "any", "any of them")],
            ),
            choice(
                "in",
                "together",
                &request.scope,
                &[(Scope::Report, "", "anywhere in the report"), (Scope::Passage, "passage", "in one passage")],
            ),
            choice(
                "collapse",
                "hits",
                &request.collapse,
                &[(Collapse::Report, "", "one a report"), (Collapse::None, "none", "every passage")],
            ),
            choice(
                "mentions",
                "filters",
                &request.mentions,
                &[(false, "", "what happened and who acted"), (true, "true", "mentions too")],
            ),
            choice(
                "expand",
                "search",
                &request.expand,
                &[(true, "", "other names and related words too"), (false, "false", "the words as written")],
            ),
            choice("limit", "hits on a page", &request.limit, &[(10, "", "10"), (25, "25", "25"), (50, "50", "50")]),
        ];
        Self {
            query: request.query.clone(),
            hidden,
            since: request.since.clone().unwrap_or_default(),
            until: request.until.clone().unwrap_or_default(),
            choices,
        }
    }
}

fn choice<T: PartialEq>(
    name: &'static str,
    label: &'static str,
    chosen: &T,
    options: &[(T, &'static str, &'static str)],
) -> Choice {
    let options = options.iter().map(|(value, written, label)| (*written, *label, value == chosen)).collect();
    Choice { name, label, options }
}
