//! What is seen, as a file: the formats of the command line, over all hits of a state up to a bound.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::state::State;
use super::visit::Visit;
use crate::lang::Lang;
use crate::render::{Context, Format, Mode, Style};
use crate::search::{Part, Request, SearchError, Searcher};
use crate::web::app::App;
use crate::web::problem::Problem;

/// A file is made once: it may have so many times the hits of an answer.
const ANSWERS: usize = 10;

/// Most hits in a file.
pub(super) fn most(app: &App) -> usize {
    app.options.limits.hits.saturating_mul(ANSWERS)
}

/// Formats by their names in an address, with what they are told as in English, their ending and their kind.
const FORMATS: [(&str, &str, Format, &str, &str); 4] = [
    ("csv", "CSV table", Format::Csv, "csv", "text/csv; charset=utf-8; header=present"),
    ("jsonl", "JSON lines", Format::Jsonl, "jsonl", "application/x-ndjson"),
    ("html", "HTML page", Format::Html, "html", "text/html; charset=utf-8"),
    ("markdown", "Markdown quotes", Format::Markdown, "md", "text/markdown; charset=utf-8"),
];

/// Names of the formats, as addresses and as people read them, and where each is for a state.
pub(super) fn links(state: &State) -> Vec<(&'static str, &'static str, String)> {
    FORMATS.iter().map(|(name, told, ..)| (*name, *told, state.at_with("/export", &[("format", name)]))).collect()
}

/// `/export`.
pub(super) async fn export(visit: Visit, Shared(app): Shared<Arc<App>>) -> Result<Response, Problem> {
    let (format, pairs): (Vec<_>, Vec<_>) = visit.pairs().into_iter().partition(|(name, _)| name == "format");
    let wanted = format.first().map(|(_, value)| value.as_str()).unwrap_or_default();
    let Some(&(_, _, format, ending, kind)) = FORMATS.iter().find(|(name, ..)| *name == wanted) else {
        let known: Vec<&str> = FORMATS.iter().map(|(name, ..)| *name).collect();
        let hint = format!("the formats are {}", known.join(", "));
        return Err(Problem::bad(format!("“{wanted}” is no format to export"), Some(hint)));
    };
    let request = super::search::read(&app, &pairs)?;
    let name = file_name(&request.query, ending);
    let (lang, most) = (visit.lang, most(&app));
    let body = app.ask(move |searcher, _| write(searcher, request, format, lang, most)).await?;
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, attachment(&name))];
    Ok((headers, body).into_response())
}

/// The file of a request: all its hits, or as many as there may be.
fn write(
    searcher: &mut Searcher<'_>,
    request: Request,
    format: Format,
    lang: Lang,
    most: usize,
) -> Result<Vec<u8>, SearchError> {
    let total = searcher.count(&request)?;
    let limit = if usize::try_from(total).is_ok_and(|total| total <= most) { 0 } else { most };
    let request = Request { limit, offset: 0, ..request };
    let asked = serde_json::json!(request);
    let context = Context { query: &request.query, request: &asked, command: None };
    let mut renderer = format.renderer(Style { lang, ..Style::default() }, Mode::Single);
    let mut out = Vec::new();
    // A list of bytes takes all that is written.
    let _ = renderer.begin(&mut out);
    searcher.stream(&request, |part| {
        let _ = match part {
            Part::Answer(answer) => renderer.answer(&mut out, &context, &answer),
            Part::Hits(hits) => renderer.more(&mut out, &context, &hits),
        };
        Ok::<_, SearchError>(())
    })?;
    let _ = renderer.end(&mut out);
    Ok(out)
}

/// `vigie-embuscade-mopti.csv`: the letters and digits of a query.
pub(super) fn file_name(query: &str, ending: &str) -> String {
    let mut name = "vigie".to_owned();
    for word in query.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if name.chars().count() + word.chars().count() > 60 {
            break;
        }
        name.push('-');
        name.extend(word.chars().flat_map(char::to_lowercase));
    }
    format!("{name}.{ending}")
}

/// The header of a file to save, by RFC 6266: with letters that all read, and as it is.
pub(super) fn attachment(name: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const TOKEN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
    let plain: String = crate::french::fold(name)
        .chars()
        .map(|c| if c.is_ascii_graphic() && c != '"' && c != '\\' { c } else { '_' })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(name, TOKEN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_after_the_query() {
        assert_eq!(file_name("embuscade à Mopti -civils \"x/../y\"", "csv"), "vigie-embuscade-à-mopti-civils-x-y.csv");
        assert_eq!(file_name("", "md"), "vigie.md");
        let long = file_name(&"mot ".repeat(40), "md");
        assert!(long.len() < 70 && long.ends_with("-mot.md"));
        let header = attachment("vigie-été.csv");
        assert_eq!(header, "attachment; filename=\"vigie-ete.csv\"; filename*=UTF-8''vigie-%C3%A9t%C3%A9.csv");
    }
}
