//! What is like a report or a passage.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State as Shared};
use axum::response::Response;

use super::frame::Frame;
use super::hits::{HitView, title};
use super::narrow::Narrowing;
use super::notes::Note;
use super::state::{State, segment};
use super::visit::Visit;
use super::{page, words};
use crate::render::Marked;
use crate::search::Request;
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
    total: u64,
    notes: Vec<Note>,
    hits: Vec<HitView>,
    back: String,
    next: Option<String>,
}

/// `/similar/{id}`. The state of the search that it came from goes along for the way back; it bounds nothing here.
pub(super) async fn similar(
    visit: Visit,
    Path(id): Path<String>,
    Shared(app): Shared<Arc<App>>,
) -> Result<Response, Problem> {
    let (skip, pairs): (Vec<_>, Vec<_>) = visit.pairs().into_iter().partition(|(name, _)| name == "skip");
    let from = State::new(super::search::read(&app, &pairs)?);
    let skip = match skip.first() {
        None => 0,
        Some((_, skip)) => skip.parse().map_err(|_| Problem::bad("“skip” takes a number from 0".to_owned(), None))?,
    };
    let request = Request { limit: 10, offset: skip, ..Request::default() };
    let name = id.clone();
    let (whole, answer) =
        app.ask(move |searcher, _| Ok((searcher.whole(&name, None)?, searcher.similar(&name, &request)?))).await?;
    let (lang, info) = (visit.lang, &whole.cited.report.info);
    let everything = State::new(Request::default());
    let ordinal = whole.cited.ordinal;
    let shown = skip.saturating_add(answer.hits.len());
    let next = (!answer.hits.is_empty() && (shown as u64) < answer.total)
        .then(|| from.at_with(&format!("/similar/{}", segment(&id)), &[("skip", &shown.to_string())]));
    let passage = whole.passages.first().filter(|_| ordinal.is_some());
    page(&SimilarPage {
        frame: Frame::new(&visit, &from, &lang.tell("Similar passages")),
        title_html: title(info, &[]),
        report: super::hits::report(&from, &info.id, ordinal),
        passage_html: passage.map(|found| Marked { text: &found.passage.text, offset: 0, marks: &[] }.to_string()),
        total: answer.total,
        notes: answer
            .warnings
            .iter()
            .map(|note| Note { text: words::text(&lang.tell(note.as_str())), link: None })
            .collect(),
        hits: answer.hits.iter().map(|hit| HitView::new(hit, &everything, lang, &Narrowing::default(), None)).collect(),
        back: from.at("/"),
        next,
    })
}
