//! Hits as a page shows them: marked texts, chips that filter, and where each leads.

use super::narrow::Narrowing;
use super::state::{State, address, segment};
use super::words;
use crate::date::DateSpan;
use crate::facet::{FacetKind, FacetPath};
use crate::hit::{Hit, ReportInfo};
use crate::lang::Lang;
use crate::render::{Marked, links};
use crate::whole::Whole;

/// A hit. What is named `html` is escaped and marked already.
#[derive(Clone, Debug)]
pub(super) struct HitView {
    pub(super) rank: usize,
    pub(super) title_html: String,
    /// The report at this passage.
    pub(super) report: String,
    pub(super) facts: Facts,
    /// The sentences that answer best, with dots where the passage goes on.
    pub(super) fragment_html: String,
    /// The whole passage, where it is longer.
    pub(super) passage_html: Option<String>,
    pub(super) chips: Vec<Chip>,
    /// The event dates, which chips tell too, in one line.
    pub(super) others: Option<Others>,
    pub(super) similar: String,
    pub(super) cite: String,
    /// First byte of the passage, and one past its last.
    pub(super) bytes: (usize, usize),
    pub(super) ordinal: usize,
}

/// Who published a report, when, and where.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) id: String,
    pub(super) source: Option<String>,
    pub(super) author: Option<String>,
    /// The day as machines and as people read it.
    pub(super) published: Option<(String, String)>,
    pub(super) url: Option<Url>,
}

/// Where a report was published.
#[derive(Clone, Debug)]
pub(super) struct Url {
    /// Nothing but a web address is a link.
    pub(super) links: bool,
    pub(super) whole: String,
    /// The host, where there is one.
    pub(super) short: String,
}

/// A group, place or date of a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chip {
    /// In English, to be told.
    pub(super) kind: &'static str,
    pub(super) name: String,
    /// All of it.
    pub(super) whole: String,
    /// Leads to the state that is bound to it too; nothing where it is already, or where no filter says it.
    pub(super) href: Option<String>,
    /// How that is narrower, in English, to be told; nothing where a filter is added.
    pub(super) how: Option<&'static str>,
    /// Whether the passage has it from its report.
    pub(super) inherited: bool,
}

/// The other passages of the report that answer.
#[derive(Clone, Debug)]
pub(super) struct Others {
    pub(super) count: usize,
    /// This page with them open, or closed where they are.
    pub(super) href: String,
    pub(super) open: Vec<Passage>,
}

/// A passage of a report that is shown below a hit.
#[derive(Clone, Debug)]
pub(super) struct Passage {
    pub(super) ordinal: usize,
    pub(super) html: String,
    pub(super) report: String,
    pub(super) cite: String,
}

impl Facts {
    pub(super) fn new(info: &ReportInfo, lang: Lang) -> Self {
        let text = |text: &String| Some(words::text(text)).filter(|text| !text.trim().is_empty());
        Self {
            id: words::text(&info.id),
            source: info.source.as_ref().and_then(text),
            author: info.author.as_ref().and_then(text),
            published: info.published.map(|day| (day.to_string(), words::day(lang, day))),
            url: info.url.as_deref().map(Url::new),
        }
    }
}

impl Url {
    fn new(url: &str) -> Self {
        let links = links(url);
        let host = url.split_once("://").and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
        // What stands before an @ is no host.
        let host = host.and_then(|host| host.rsplit('@').next()).filter(|host| links && !host.is_empty());
        Self { links, short: words::text(host.unwrap_or(url)), whole: words::text(url) }
    }
}

/// The address of a report in a state, at a passage if one is named.
pub(super) fn report(state: &State, id: &str, ordinal: Option<usize>) -> String {
    let anchor = ordinal.map(|ordinal| format!("#passage-{ordinal}")).unwrap_or_default();
    state.at(&format!("/report/{}", segment(id))) + &anchor
}

/// The title of a report with its marks, or its id where it has none.
pub(super) fn title(info: &ReportInfo, marks: &[crate::hit::Mark]) -> String {
    match info.title.as_deref().filter(|title| !title.trim().is_empty()) {
        Some(text) => Marked { text, offset: 0, marks }.to_string(),
        None => Marked { text: &info.id, offset: 0, marks: &[] }.to_string(),
    }
}

impl HitView {
    /// A hit of a state; `opened` is its report whole, where the other passages are to be seen.
    pub(super) fn new(hit: &Hit, state: &State, lang: Lang, narrowing: &Narrowing, opened: Option<&Whole>) -> Self {
        let (passage, fragment) = (&hit.passage, hit.fragment);
        let from = fragment.start.clamp(passage.start, passage.end);
        let to = fragment.end.clamp(from, passage.end);
        let inside = passage.text.get(from - passage.start..to - passage.start).unwrap_or(&passage.text);
        let is_part = inside.trim().len() < passage.text.trim().len();
        let (before, after) = (from > passage.start, to < passage.end);
        let marked = Marked { text: inside, offset: from, marks: &hit.marks };
        let dots = |shown: bool, dots: &'static str| if shown && is_part { dots } else { "" };
        let fragment_html = format!("{}{marked}{}", dots(before, "… "), dots(after, " …"));
        let whole = Marked { text: &passage.text, offset: passage.start, marks: &hit.marks };
        Self {
            rank: hit.rank,
            title_html: title(&hit.report, &hit.title_marks),
            report: report(state, &hit.report.id, Some(passage.ordinal)),
            facts: Facts::new(&hit.report, lang),
            fragment_html,
            passage_html: is_part.then(|| whole.to_string()),
            chips: chips(hit, state, lang, narrowing),
            others: others(hit, state, opened),
            similar: address(&format!("/similar/{}", segment(&passage.id)), &back(state)),
            cite: words::text(&hit.cite),
            bytes: (passage.start, passage.end),
            ordinal: passage.ordinal,
        }
    }
}

/// What a page of something else carries to lead back: the whole state.
fn back(state: &State) -> String {
    state.query_string()
}

fn others(hit: &Hit, state: &State, opened: Option<&Whole>) -> Option<Others> {
    let count = hit.passages_in_report.saturating_sub(1);
    let passages = opened.into_iter().flat_map(|whole| &whole.passages);
    let open: Vec<Passage> = passages
        .filter(|other| other.passage.ordinal != hit.passage.ordinal && !other.marks.is_empty())
        .map(|other| Passage {
            ordinal: other.passage.ordinal,
            html: Marked { text: &other.passage.text, offset: other.passage.start, marks: &other.marks }.to_string(),
            report: report(state, &hit.report.id, Some(other.passage.ordinal)),
            cite: words::text(&other.cite),
        })
        .collect();
    let at = format!("#hit-{}", hit.rank);
    let href = if opened.is_some() { state.at("/") } else { state.at_with("/", &[("open", &hit.report.id)]) };
    (count > 0).then_some(Others { count, href: href + &at, open })
}

/// The groups, places and dates of a hit.
fn chips(hit: &Hit, state: &State, lang: Lang, narrowing: &Narrowing) -> Vec<Chip> {
    let inherited = |name: &str| hit.inherited.iter().any(|inherited| inherited == name);
    let mut chips = Vec::new();
    for (kind, name, paths) in [(FacetKind::Group, "groups", &hit.groups), (FacetKind::Region, "regions", &hit.regions)]
    {
        chips.extend(facet_chips(state, lang, narrowing, kind, paths, inherited(name)));
    }
    chips.extend(hit.dates.iter().map(|date| date_chip(state, lang, narrowing, date, inherited("dates"))));
    chips
}

/// Groups or places as chips.
pub(super) fn facet_chips(
    state: &State,
    lang: Lang,
    narrowing: &Narrowing,
    kind: FacetKind,
    paths: &[FacetPath],
    inherited: bool,
) -> Vec<Chip> {
    let chip = |path: &FacetPath| {
        let narrower = narrowing.to_facet(state, kind, path, inherited);
        Chip {
            kind: kind.name(),
            name: words::name(lang, kind, path),
            whole: words::steps(lang, kind, path),
            how: narrower.as_ref().and_then(|narrower| narrower.how),
            href: narrower.map(|narrower| narrowing.at(&narrower.state)),
            inherited,
        }
    };
    let mut chips: Vec<Chip> = paths.iter().map(chip).collect();
    words::tell_apart(paths, chips.iter_mut().map(|chip| &mut chip.name));
    chips
}

/// A date as a chip.
pub(super) fn date_chip(state: &State, lang: Lang, narrowing: &Narrowing, date: &DateSpan, inherited: bool) -> Chip {
    let narrower = narrowing.to_date(state, date, inherited);
    Chip {
        kind: FacetKind::Date.name(),
        name: words::span(lang, date),
        whole: date.to_string(),
        how: narrower.as_ref().and_then(|narrower| narrower.how),
        href: narrower.map(|narrower| narrowing.at(&narrower.state)),
        inherited,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_links() {
        let url = Url::new("https://user@exemple.invalid/a?b");
        assert_eq!((url.links, url.short.as_str()), (true, "exemple.invalid"));
        for bad in ["javascript:alert(1)", "data:text/html,x", "https://a b/", "/etc/passwd"] {
            let url = Url::new(bad);
            assert!(!url.links && url.short == bad, "{bad}");
        }
    }
}
