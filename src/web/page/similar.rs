//! What is like a report or a passage.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as Shared};
use axum::response::Response;

use super::filters::{Filter, filters_at};
use super::frame::Frame;
use super::hits::{HitView, title};
use super::narrow::Narrowing;
use super::notes::Note;
use super::state::{State, segment};
use super::visit::Visit;
use super::{page, words};
use crate::render::Marked;
use crate::search::Request;
use crate::web::api::called;
use crate::web::app::App;
use crate::web::problem::Problem;

/// The page.
#[derive(Template)]
#[template(path = "similar.html", config = "src/web/askama.toml")]
struct SimilarPage {
    frame: Frame,
    /// Of what others are like.
    title_html: String,
    report: String,
    /// The passage that others are like, if it is one.
    passage_html: Option<String>,
    filters: Vec<Filter>,
    total: u64,
    notes: Vec<Note>,
    hits: Vec<HitView>,
    back: String,
    next: Option<String>,
}

/// `/similar/{id}`. The state of the search that it came from goes along for the way back. Its filters bound what is like
/// it; its query, which asked for something else, does not.
pub(super) async fn similar(
    visit: Visit,
    id: Result<Path<String>, PathRejection>,
    Shared(app): Shared<Arc<App>>,
) -> Result<Response, Problem> {
    let id = called(id)?;
    let (skip, pairs): (Vec<_>, Vec<_>) = visit.pairs().into_iter().partition(|(name, _)| name == "skip");
    let from = State::new(super::search::read(&app, &pairs)?);
    let skip = match skip.first() {
        None => 0,
        Some((_, skip)) => skip.parse().map_err(|_| Problem::bad("“skip” takes a number from 0".to_owned(), None))?,
    };
    let request = bounded(&from.0, skip);
    let (name, state) = (id.clone(), from.first());
    let (whole, answer, narrowing) = app
        .ask(move |searcher, _| {
            let answer = searcher.similar(&name, &request)?;
            let narrowing = Narrowing::new(searcher, &state, answer.hits.iter())?;
            Ok((searcher.whole(&name, None)?, answer, narrowing))
        })
        .await?;
    let here = format!("/similar/{}", segment(&id));
    let narrowing = narrowing.on(here.clone());
    let (lang, info) = (visit.lang, &whole.cited.report.info);
    let ordinal = whole.cited.ordinal;
    let shown = skip.saturating_add(answer.hits.len());
    let next = (!answer.hits.is_empty() && (shown as u64) < answer.total)
        .then(|| from.at_with(&here, &[("skip", &shown.to_string())]));
    let passage = whole.passages.first().filter(|_| ordinal.is_some());
    page(&SimilarPage {
        frame: Frame::new(&visit, &from, &lang.tell("Similar passages")),
        title_html: title(info, &[]),
        report: super::hits::report(&from, &info.id, ordinal),
        passage_html: passage.map(|found| Marked { text: &found.passage.text, offset: 0, marks: &[] }.to_string()),
        filters: filters_at(&from, lang, &here).into_iter().filter(Filter::bounds).collect(),
        total: answer.total,
        notes: answer
            .warnings
            .iter()
            .map(|note| Note { text: words::text(&lang.tell(note.as_str())), link: None })
            .collect(),
        hits: answer.hits.iter().map(|hit| HitView::new(hit, &from, lang, &narrowing, None)).collect(),
        back: from.at("/"),
        next,
    })
}

/// A request for ten hits from one on, with the filters of another.
fn bounded(from: &Request, offset: usize) -> Request {
    let Request { groups, regions, sources, dates, since, until, mentions, .. } = from.clone();
    Request { groups, regions, sources, dates, since, until, mentions, limit: 10, offset, ..Request::default() }
}
