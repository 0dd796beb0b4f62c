//! The page of a search: hits, what they are bound to, and what to bind them to next.

use std::sync::Arc;

use askama::Template;
use axum::extract::State as Shared;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;

use super::filters::{Filter, filters, subject};
use super::frame::Frame;
use super::hits::HitView;
use super::narrow::Narrowing;
use super::notes::{Note, notes};
use super::paging::{Pages, pages};
use super::state::State;
use super::tree::{Branches, View};
use super::visit::Visit;
use super::{page, words};
use crate::counts::{Bucket, FacetCounts, Timeline, Unit};
use crate::date::DateRange;
use crate::facet::{FacetKind, FacetPath};
use crate::hit::Answer;
use crate::lang::Lang;
use crate::search::{DEEPEST, FacetRequest, Known, Request, SearchError, Searcher, Sort, TimelineRequest};
use crate::web::app::App;
use crate::web::live::Open;
use crate::web::problem::Problem;
use crate::web::{histogram, map, params};

/// Most hits on a page.
const MOST: usize = 100;
/// Filters of which it is told what is found without them.
const MOST_LACKING: usize = 8;
/// Values of a facet that are shown below one, and levels.
const VALUES: usize = 8;
const DEPTH: usize = 2;
/// The same for years, months and days.
const MONTHS: usize = 12;

/// The page.
#[derive(Template)]
#[template(path = "search.html", config = "src/web/askama.toml")]
struct SearchPage {
    frame: Frame,
    filters: Vec<Filter>,
    total: u64,
    /// Ranks of the first and the last hit.
    ranks: Option<(usize, usize)>,
    notes: Vec<Note>,
    hits: Vec<HitView>,
    relaxed: Option<Relaxed>,
    trees: Vec<Branches>,
    timeline: String,
    /// The state without days, to which a span of them is added.
    span_base: String,
    map: String,
    pages: Pages,
    /// What the index holds, where nothing is asked.
    holdings: Option<Holdings>,
    /// What is found without a part of what is asked, where nothing is found.
    lacking: Vec<Lacking>,
    /// Orders of hits as people call them, in English, where each leads, and whether it is the present one.
    orders: Vec<(&'static str, String, bool)>,
    /// The timeline as a table.
    timeline_table: String,
    exports: Vec<(&'static str, &'static str, String)>,
    most_exported: Option<u64>,
}

/// What is found without a filter, or without the query.
struct Lacking {
    /// Nothing for the query.
    filter: Option<Filter>,
    total: u64,
    href: String,
}

/// What any of the words finds.
struct Relaxed {
    total: u64,
    href: String,
    hits: Vec<HitView>,
}

/// The first and last day, sources, and names to begin with.
struct Holdings {
    days: Option<(String, String)>,
    sources: usize,
    groups: Vec<(String, String, u64)>,
    regions: Vec<(String, String, u64)>,
}

/// All that a page tells of one state of the index.
struct Found {
    answer: Answer,
    facets: Vec<(FacetKind, FacetCounts)>,
    timeline: Timeline,
    unit: Unit,
    map: String,
    opened: Option<(String, crate::whole::Whole)>,
    narrowing: Narrowing,
    lacking: Vec<Lacking>,
    /// First and last day of the corpus, where that is what is asked for.
    days: Option<(NaiveDate, NaiveDate)>,
}

/// `/`.
pub(super) async fn search(visit: Visit, Shared(app): Shared<Arc<App>>) -> Result<Response, Problem> {
    let (open, pairs): (Vec<_>, Vec<_>) = visit.pairs().into_iter().partition(|(name, _)| name == "open");
    let request = read(&app, &pairs)?;
    let state = State::new(request);
    // Forms send fields that are empty; the address of a state has none.
    if pairs.iter().any(|(name, value)| value.is_empty() && name != "q") {
        return Ok(Redirect::to(&state.at("/")).into_response());
    }
    let open = open.into_iter().next().map(|(_, id)| id);
    let (asked, lang) = (state.clone(), visit.lang);
    let found = app.ask_open(move |searcher, index| look(searcher, index, &asked, lang, open.as_deref())).await?;
    page(&show(&app, &visit, &state, found))
}

/// The request of an address, with no more hits than a page shows. Links are passed on with marks of those who count
/// clicks: keys that no request has are left out, and the frame of the page names them.
pub(super) fn read(app: &App, pairs: &[(String, String)]) -> Result<Request, Problem> {
    let known: Vec<_> = pairs.iter().filter(|(name, _)| params::is_key(name)).cloned().collect();
    let request = params::request(&known, &Request::default());
    let request = request.map_err(|wrong| Problem::bad(wrong.why, wrong.hint))?;
    app.options.limits.check_query(&request)?;
    if request.limit == 0 || request.limit > MOST {
        let why = format!("“limit” is {}; a page shows from 1 to {MOST} hits", request.limit);
        return Err(Problem::bad(why, Some("export them to have more at a time".to_owned())));
    }
    Ok(request)
}

/// Asks one state of the index for all that the page shows: first for the hits, so that their number is known where the
/// time does not do for all that stands beside them.
fn look(
    searcher: &mut Searcher<'_>,
    index: &Open,
    state: &State,
    lang: Lang,
    open: Option<&str>,
) -> Result<Found, SearchError> {
    let answer = searcher.search(&state.0)?;
    let known = Known { total: Some(answer.total), ..Known::default() };
    look_beside(searcher, index, state, lang, open, answer).map_err(|error| error.knowing(|| known))
}

/// Asks for all that stands beside an answer.
fn look_beside(
    searcher: &mut Searcher<'_>,
    index: &Open,
    state: &State,
    lang: Lang,
    open: Option<&str>,
    answer: Answer,
) -> Result<Found, SearchError> {
    let request = &state.0;
    let mut count = |by: Vec<FacetKind>, depth: usize, limit: usize| {
        Ok::<_, SearchError>(searcher.facets(request, &FacetRequest { by, depth, limit })?.facets)
    };
    let depth = deepest(state, FacetKind::Group).max(deepest(state, FacetKind::Date)) + 1;
    let kinds = vec![FacetKind::Group, FacetKind::Date, FacetKind::Source];
    let mut counts = count(kinds, depth.clamp(DEPTH, DEEPEST), MONTHS)?;
    // The map wants every place; the tree shows the first of them.
    let regions = count(vec![FacetKind::Region], DEEPEST, 0)?.remove(&FacetKind::Region).unwrap_or_default();
    counts.insert(FacetKind::Region, regions.clone());
    let mut shown = |kind, most| (kind, cut(counts.remove(&kind).unwrap_or_default(), most));
    let facets = vec![
        shown(FacetKind::Group, VALUES),
        shown(FacetKind::Region, VALUES),
        shown(FacetKind::Date, MONTHS),
        shown(FacetKind::Source, VALUES),
    ];
    let vocabulary = index.reader.vocabulary()?;
    let link = |path: &FacetPath| map_link(state, path);
    let map = map::svg(&regions.values, &vocabulary, lang, &link, &state.first().at("/facets/region"));
    let mut periods =
        |unit: Unit| searcher.timeline(request, &TimelineRequest { by: unit, ..TimelineRequest::default() });
    let mut unit = unit_of(state).unwrap_or(Unit::Year);
    let mut timeline = periods(unit)?;
    // Years tell how long the span is that is to be drawn.
    if let Some((from, to)) = histogram::span(&timeline, unit).filter(|_| unit_of(state).is_none()) {
        let finer = histogram::unit(from, to);
        if finer != unit {
            (unit, timeline) = (finer, periods(finer)?);
        }
    }
    let opened = match open {
        Some(id) => searcher.whole_if_any(id, Some(request))?.map(|whole| (id.to_owned(), whole)),
        None => None,
    };
    let hits = answer.hits.iter().chain(answer.relaxed.iter().flat_map(|laxer| &laxer.hits));
    let narrowing = Narrowing::new(searcher, state, hits)?;
    let lacking = if answer.total == 0 { lacking(searcher, state, lang)? } else { Vec::new() };
    let days = if state.is_empty() { index.info()?.days } else { None };
    Ok(Found { answer, facets, timeline, unit, map, opened, narrowing, lacking, days })
}

/// What is found without each of the filters, and without the query, as far as something is.
fn lacking(searcher: &mut Searcher<'_>, state: &State, lang: Lang) -> Result<Vec<Lacking>, SearchError> {
    let mut found = Vec::new();
    if !state.is_filtered() {
        return Ok(found);
    }
    for filter in filters(state, lang).into_iter().filter(Filter::bounds).take(MOST_LACKING) {
        let total = searcher.count(&filter.next.0)?;
        found.push(Lacking { total, href: filter.without.clone(), filter: Some(filter) });
    }
    if !state.0.query.trim().is_empty() {
        let next = state.with(|next| next.query.clear());
        found.push(Lacking { total: searcher.count(&next.0)?, href: next.at("/"), filter: None });
    }
    found.retain(|lacking| lacking.total > 0);
    Ok(found)
}

/// The first values at each level, and those that lead to what is selected.
fn cut(counts: FacetCounts, most: usize) -> FacetCounts {
    fn first(values: Vec<crate::counts::FacetCount>, more: &mut usize, most: usize) -> Vec<crate::counts::FacetCount> {
        let all = values.len();
        let leads = |value: &crate::counts::FacetCount| super::tree::leads(value);
        let kept: Vec<_> = values
            .into_iter()
            .enumerate()
            .filter(|(at, value)| *at < most || leads(value))
            .map(|(_, value)| value)
            .collect();
        *more += all - kept.len();
        kept.into_iter()
            .map(|mut value| {
                value.children = first(std::mem::take(&mut value.children), &mut value.more, most);
                value
            })
            .collect()
    }
    let mut counts = counts;
    counts.values = first(std::mem::take(&mut counts.values), &mut counts.more, most);
    counts
}

/// The level of the deepest value that is wanted of a kind, as far as its path tells.
fn deepest(state: &State, kind: FacetKind) -> usize {
    let level = |value: &String| value.trim_matches('/').split(if kind == FacetKind::Date { '-' } else { '/' }).count();
    state.values(kind).iter().filter(|value| !value.starts_with('!')).map(level).max().unwrap_or(0)
}

/// A place on the map is chosen; what is chosen is let go.
fn map_link(state: &State, path: &FacetPath) -> String {
    let written = super::state::written(FacetKind::Region, path);
    let chosen = state.values(FacetKind::Region).contains(&written);
    if chosen { state.without(FacetKind::Region, &written) } else { state.choosing(FacetKind::Region, path) }.at("/")
}

/// The days that a state is bound to, first to last.
fn bounds(state: &State) -> DateRange {
    let ranges = state.0.ranges().unwrap_or_default();
    let open = |end: fn(&DateRange) -> Option<chrono::NaiveDate>| ranges.iter().any(|range| end(range).is_none());
    DateRange {
        from: ranges.iter().filter_map(|range| range.from).min().filter(|_| !open(|range| range.from)),
        to: ranges.iter().filter_map(|range| range.to).max().filter(|_| !open(|range| range.to)),
    }
}

/// The length of periods that suits the days that a state is bound to, if it is.
fn unit_of(state: &State) -> Option<Unit> {
    let range = bounds(state);
    Some(histogram::unit(range.from?, range.to?))
}

/// Where a bar leads.
fn bar_link(state: &State, bucket: &Bucket) -> Option<String> {
    let range = DateRange { from: Some(bucket.from?), to: Some(bucket.to?) };
    let period = bucket.period.as_deref().filter(|_| bucket.unit != Some(Unit::Week));
    Some(match period {
        Some(period) => state.without_wanted(FacetKind::Date).with(|next| next.dates.push(period.to_owned())),
        None => state.between(range),
    })
    .map(|next| next.at("/"))
}

fn show(app: &App, visit: &Visit, state: &State, found: Found) -> SearchPage {
    let (lang, answer) = (visit.lang, &found.answer);
    let subject = subject(state, lang);
    let title = if subject.is_empty() { lang.tell("Search").into_owned() } else { subject };
    let frame = Frame::new(visit, state, &title);
    let opened = |id: &str| found.opened.as_ref().filter(|(open, _)| open == id).map(|(_, whole)| whole);
    let view =
        |hit: &crate::hit::Hit, state: &State| HitView::new(hit, state, lang, &found.narrowing, opened(&hit.report.id));
    let trees = found.facets.iter().filter(|(_, counts)| !counts.values.is_empty());
    let trees = trees.map(|(kind, counts)| {
        let view = View {
            state,
            lang,
            kind: *kind,
            total: answer.total,
            depth: if *kind == FacetKind::Date { 1 } else { DEPTH },
        };
        Branches::new(&frame, state, view.tree(counts))
    });
    // Where nothing is found, nor would be by a choice, there is nothing to choose.
    let trees: Vec<Branches> = trees.collect();
    let idle = answer.total == 0 && !trees.iter().any(|branches| super::tree::finds(&branches.tree.values));
    let trees = if idle { Vec::new() } else { trees };
    let link = |bucket: &Bucket| bar_link(state, bucket);
    let relaxed = answer.relaxed.as_ref().map(|laxer| {
        let any = state.with(|next| next.matching = crate::search::Match::Any);
        Relaxed { total: laxer.total, href: any.at("/"), hits: laxer.hits.iter().map(|hit| view(hit, &any)).collect() }
    });
    let holdings = state.is_empty().then(|| holdings(state, &found, lang));
    SearchPage {
        filters: filters(state, lang),
        total: answer.total,
        ranks: answer.hits.first().zip(answer.hits.last()).map(|(first, last)| (first.rank, last.rank)),
        notes: notes(state, answer, lang),
        hits: answer.hits.iter().map(|hit| view(hit, state)).collect(),
        relaxed,
        trees,
        timeline: histogram::svg(&found.timeline, found.unit, bounds(state), lang, &link),
        map: found.map,
        pages: pages(state, answer),
        holdings,
        orders: if answer.total > 1 { orders(state) } else { Vec::new() },
        timeline_table: super::export::timeline(&state.first(), found.unit),
        lacking: found.lacking,
        exports: super::export::links(&state.first()),
        most_exported: Some(super::export::most(app) as u64)
            .filter(|most| answer.total > *most || state.0.collapse == crate::search::Collapse::None),
        span_base: state.without_wanted(FacetKind::Date).at("/"),
        frame,
    }
}

/// Orders of hits by their names in English, and where each leads.
fn orders(state: &State) -> Vec<(&'static str, String, bool)> {
    let orders = [(Sort::Relevance, "best"), (Sort::Newest, "latest"), (Sort::Oldest, "earliest")];
    let link = |(sort, told)| (told, state.with(|next| next.sort = sort).at("/"), state.0.sort == sort);
    orders.into_iter().map(link).collect()
}

fn holdings(state: &State, found: &Found, lang: Lang) -> Holdings {
    let of = |wanted: FacetKind| found.facets.iter().find(|(kind, _)| *kind == wanted).map(|(_, counts)| counts);
    // Names are told before the words for all of a kind.
    let names = |kind: FacetKind, level: usize| {
        let mut values: Vec<&crate::counts::FacetCount> =
            of(kind).into_iter().flat_map(|counts| &counts.values).collect();
        for _ in 1..level {
            values = values.into_iter().flat_map(|value| &value.children).collect();
        }
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.path.cmp(&b.path)));
        let told = values.into_iter().take(6);
        told.map(|value| (words::name(lang, kind, &value.path), state.adding(kind, &value.path).at("/"), value.count))
            .collect()
    };
    Holdings {
        days: found.days.map(|(from, to)| (words::day(lang, from), words::day(lang, to))),
        sources: of(FacetKind::Source).map_or(0, |counts| counts.values.len() + counts.more),
        groups: names(FacetKind::Group, 2),
        regions: names(FacetKind::Region, 1),
    }
}
