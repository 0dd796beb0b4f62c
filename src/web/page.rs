//! The routes for people: pages that work without script.
//!
//! | file | owns |
//! | --- | --- |
//! | `state` | a request as an address, and the addresses around it |
//! | `visit` | language and light, as the browser wishes and the switches say |
//! | `frame` | what stands around every page: head, form, switches |
//! | `search` | the page of a search |
//! | `report` | a report whole |
//! | `similar` | what is like a passage or a report |
//! | `values` | all values of a kind of facet |
//! | `export` | hits as a file |
//! | `trouble` | pages for what has no answer |
//! | `hits`, `tree`, `filters`, `notes` | parts of them: hits, facets, chips, what is told beside hits |
//! | `paging`, `narrow` | the pages before and after; chips that narrow |
//! | `narrow` | what chips of hits lead to |
//! | `help` | the query language by examples |
//! | `words` | dates, numbers and names in the language of the page |
//! | `assets` | style, script, icon |

mod assets;
mod export;
mod filters;
mod frame;
mod help;
mod hits;
mod narrow;
mod notes;
mod paging;
mod report;
mod search;
mod similar;
mod state;
#[cfg(test)]
mod tests;
mod tree;
mod trouble;
mod values;
mod visit;
pub(super) mod words;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::task::block_in_place;

use super::app::App;
use super::problem::Problem;
pub(super) use trouble::pages;
pub(super) use visit::language_of;
pub(super) use visit::switches;

/// All routes of pages. [`pages`] makes pages of the problems of these and of all others, [`switches`] answers the
/// choices that all pages offer.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(search::search))
        .route("/report/{*id}", get(report::report))
        .route("/similar/{*id}", get(similar::similar))
        .route("/facets/{kind}", get(values::values))
        .route("/export", get(export::export))
        .route("/assets/{name}", get(assets::asset))
        .route("/favicon.svg", get(assets::icon))
        .route("/favicon.ico", get(assets::icon))
}

/// A page as an answer.
fn page(template: &impl Template) -> Result<Response, Problem> {
    // Of a large corpus it takes a while, in which other requests go on.
    let html = block_in_place(|| template.render()).map_err(|error| Problem::broken(&error.to_string()))?;
    Ok(Html(html).into_response())
}
