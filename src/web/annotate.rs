//! `/api/annotate`: what the indexer would find in a text or a record.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use chrono::NaiveDate;

use super::api::bytes;
use super::app::App;
use super::openapi::Problems;
use super::problem::Problem;
use super::{body, params};
use crate::annotate::Annotator;
use crate::corpus::{Item, ReadOptions, Skip, single};
use crate::date::DateRange;
use crate::render::annotation;

/// What to annotate.
struct Asked {
    bytes: Vec<u8>,
    is_record: bool,
    published: Option<NaiveDate>,
}

/// What the indexer finds in a text.
///
/// Groups, places and dates with their bytes and rules, as `vigie annotate` prints them, by the vocabulary of the index.
#[utoipa::path(get, path = "/api/annotate",
    params(
        ("text" = String, Query, description = "One text."),
        ("published" = Option<String>, Query, description = "Its day of publication, such as 2025-01-09: what relative dates count from."),
    ),
    responses(
    (status = 200, description = "The annotation.", body = ref("#/components/schemas/annotation")),
    Problems,
))]
pub(super) async fn by_query(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let pairs = params::known(query.as_deref(), &["text", "published"])?;
    let text = pairs.iter().find(|(key, _)| key == "text").map(|(_, text)| text.clone());
    let Some(text) = text else {
        let hint = "give it as `text=`, or send it as the body of a POST".to_owned();
        return Err(Problem::bad("there is no text to annotate", Some(hint)));
    };
    annotated(&app, Asked { bytes: text.into_bytes(), is_record: false, published: published(&pairs)? }).await
}

/// What the indexer finds in a text or a record.
///
/// The body is one text, or one record as `vigie index` reads it.
#[utoipa::path(post, path = "/api/annotate",
    params(
        ("published" = Option<String>, Query, description = "The day of publication, where the record has none."),
    ),
    request_body(content(("text/plain"), (ref("#/components/schemas/record") = "application/json"))),
    responses(
    (status = 200, description = "The annotation.", body = ref("#/components/schemas/annotation")),
    Problems,
))]
pub(super) async fn by_body(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let published = published(&params::known(query.as_deref(), &["published"])?)?;
    let body = body::read(&app, &headers, body, body::TEXT).await?;
    let is_record = body::kind(&headers).is_some_and(|kind| body::JSON.contains(&kind.as_str()));
    annotated(&app, Asked { bytes: body.to_vec(), is_record, published }).await
}

async fn annotated(app: &Arc<App>, asked: Asked) -> Result<Response, Problem> {
    let found = app.ask_open(move |_, open| {
        let options = ReadOptions { published: asked.published, ..ReadOptions::default() };
        match single(&asked.bytes, asked.is_record, options) {
            Item::Report(report, _) => {
                let annotated = Annotator::new(open.knowledge()?).annotate(&report);
                let mut line = Vec::new();
                Ok(match annotation::json(&mut line, &annotated) {
                    Ok(()) => Ok(line),
                    Err(error) => Err(Problem::broken(&error.to_string())),
                })
            }
            Item::Skip(Skip { reason, hint, .. }) => Ok(Err(Problem::bad(reason, hint))),
            Item::Note(_) | Item::Known(_) | Item::End(_) => {
                Ok(Err(Problem::bad("there is no text to annotate", None)))
            }
        }
    });
    Ok(bytes(found.await??))
}

/// The day of publication that is given, if there is one.
fn published(pairs: &[(String, String)]) -> Result<Option<NaiveDate>, Problem> {
    let given = pairs.iter().find(|(key, value)| key == "published" && !value.is_empty());
    let Some((_, text)) = given else { return Ok(None) };
    let range: DateRange =
        text.parse().map_err(|error: crate::date::DateError| Problem::bad(format!("published: {error}"), None))?;
    match (range.from, range.to) {
        (Some(from), Some(to)) if from == to => Ok(Some(from)),
        _ => Err(Problem::bad("published: one day is needed, such as 2025-01-09", None)),
    }
}
