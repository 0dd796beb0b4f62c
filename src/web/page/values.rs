//! All values of a kind of facet, or of all that stands below one of them.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as Shared};
use axum::response::Response;
use clap::ValueEnum;

use super::filters::{Filter, filters};
use super::frame::Frame;
use super::state::State;
use super::tree::{Branches, View};
use super::visit::Visit;
use super::{page, words};
use crate::counts::FacetCounts;
use crate::facet::{FacetKind, FacetPath};
use crate::search::{DEEPEST, FacetRequest};
use crate::web::api::called;
use crate::web::app::App;
use crate::web::problem::Problem;

/// Levels that are shown.
const LEVELS: usize = 2;

/// The page.
#[derive(Template)]
#[template(path = "values.html", config = "src/web/askama.toml")]
struct ValuesPage {
    frame: Frame,
    branches: Branches,
    /// What the values stand below, if not all are shown.
    under: Option<String>,
    total: u64,
    filters: Vec<Filter>,
    back: String,
}

/// `/facets/{kind}`.
pub(super) async fn values(
    visit: Visit,
    kind: Result<Path<String>, PathRejection>,
    Shared(app): Shared<Arc<App>>,
) -> Result<Response, Problem> {
    let kind = called(kind)?;
    let kind = FacetKind::from_str(&kind, false).map_err(|_| Problem::nowhere(visit.uri.path()))?;
    let (under, pairs): (Vec<_>, Vec<_>) = visit.pairs().into_iter().partition(|(name, _)| name == "under");
    let under = match under.first() {
        Some((_, path)) => Some(path.parse::<FacetPath>().map_err(|error| Problem::bad(error.to_string(), None))?),
        None => None,
    };
    let state = State::new(super::search::read(&app, &pairs)?);
    let request = state.0.clone();
    let above = under.as_ref().map_or(0, |path| path.names().len());
    let wanted = FacetRequest { by: vec![kind], depth: (above + LEVELS).min(DEEPEST), limit: 0 };
    let mut answer = app.ask(move |searcher, _| searcher.facets(&request, &wanted)).await?;
    let mut counts = answer.facets.remove(&kind).unwrap_or_default();
    if let Some(path) = &under {
        counts = below(counts, path).ok_or_else(|| Problem::nowhere(visit.uri.path()))?;
    }
    let lang = visit.lang;
    let view = View { state: &state, lang, kind, total: answer.total, depth: LEVELS };
    let mut tree = view.tree(&counts);
    super::tree::opened(&mut tree.values);
    let frame = Frame::new(&visit, &state, &lang.tell("All values"));
    page(&ValuesPage {
        branches: Branches::new(&frame, &state, tree),
        frame,
        under: under.as_ref().map(|path| words::steps(lang, kind, path)),
        total: answer.total,
        filters: filters(&state, lang),
        back: state.at("/"),
    })
}

/// The values below one.
fn below(counts: FacetCounts, path: &FacetPath) -> Option<FacetCounts> {
    let mut values = counts.values;
    let mut more = counts.more;
    for level in 1..=path.names().len() {
        let found = values.into_iter().find(|value| value.path.names() == &path.names()[..level])?;
        (values, more) = (found.children, found.more);
    }
    Some(FacetCounts { filtered: counts.filtered, without: 0, values, more })
}
