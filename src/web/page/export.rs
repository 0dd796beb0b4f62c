//! What is seen, as a file: the formats of the command line, over all hits of a state up to a bound, and its counts.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use clap::ValueEnum;

use super::filters::subject;
use super::state::State;
use super::visit::Visit;
use crate::counts::Unit;
use crate::facet::FacetKind;
use crate::lang::Lang;
use crate::render::{self, Context, Dialect, Format, Mode, Render, Style};
use crate::search::{Collapse, DEEPEST, FacetRequest, Part, Request, SearchError, Searcher, TimelineRequest};
use crate::web::app::App;
use crate::web::problem::Problem;

/// A file is made once: it may have so many times the hits of an answer.
const ANSWERS: usize = 10;

/// Most hits in a file.
pub(super) fn most(app: &App) -> usize {
    app.options.limits.hits.saturating_mul(ANSWERS)
}

/// Formats by their names in an address, with what they are told as in English, their ending and their kind.
const FORMATS: [(&str, &str, &str, &str); 5] = [
    ("csv", "CSV table", "csv", CSV),
    ("excel", "CSV for Excel", "csv", CSV),
    ("jsonl", "JSON lines", "jsonl", "application/x-ndjson"),
    ("html", "HTML page", "html", "text/html; charset=utf-8"),
    ("markdown", "Markdown quotes", "md", "text/markdown; charset=utf-8"),
];
const CSV: &str = "text/csv; charset=utf-8; header=present";

/// Names of the formats, as addresses and as people read them, and where each is for a state.
pub(super) fn links(state: &State) -> Vec<(&'static str, &'static str, String)> {
    FORMATS.iter().map(|(name, told, ..)| (*name, *told, state.at_with("/export", &[("format", name)]))).collect()
}

/// Where the timeline of a state is as a table.
pub(super) fn timeline(state: &State, by: Unit) -> String {
    state.at_with("/export", &[("of", "timeline"), ("by", by.name())])
}

/// Where the counts of a kind of facet are as a table, for a state.
pub(super) fn facets(state: &State, by: FacetKind) -> String {
    state.at_with("/export", &[("of", "facets"), ("by", by.name())])
}

/// What stands in a file.
#[derive(Clone, Copy, Debug)]
enum Content {
    Hits,
    Timeline(Unit),
    Facets(FacetKind),
}

impl Content {
    /// What `of` and `by` of an address name.
    fn read(of: Option<&str>, by: Option<&str>) -> Result<Self, Problem> {
        let by = by.unwrap_or_default();
        let wrong = |takes: &str| Problem::bad(format!("“by” is “{by}”"), Some(takes.to_owned()));
        match of {
            None => Ok(Self::Hits),
            Some("timeline") => {
                Unit::from_str(by, false).map(Self::Timeline).map_err(|_| wrong("name day, week, month or year"))
            }
            Some("facets") => {
                let kind = FacetKind::from_str(by, false);
                kind.map(Self::Facets).map_err(|_| wrong("name group, region, date or source"))
            }
            Some(of) => {
                let hint = "name timeline or facets, or leave “of” out for hits".to_owned();
                Err(Problem::bad(format!("“{of}” is nothing to export"), Some(hint)))
            }
        }
    }
}

/// `/export`.
pub(super) async fn export(visit: Visit, Shared(app): Shared<Arc<App>>) -> Result<Response, Problem> {
    let (own, pairs): (Vec<_>, Vec<_>) =
        visit.pairs().into_iter().partition(|(name, _)| matches!(name.as_str(), "format" | "of" | "by"));
    let given = |wanted: &str| own.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
    let content = Content::read(given("of"), given("by"))?;
    let tables = !matches!(content, Content::Hits);
    let wanted = given("format").unwrap_or(if tables { "csv" } else { "" });
    let mut known = FORMATS.iter().filter(|(.., kind)| !tables || *kind == CSV);
    let Some(&(format, _, ending, kind)) = known.clone().find(|(name, ..)| *name == wanted) else {
        let known: Vec<&str> = known.by_ref().map(|(name, ..)| *name).collect();
        let hint = format!("the formats are {}", known.join(", "));
        return Err(Problem::bad(format!("“{wanted}” is no format to export"), Some(hint)));
    };
    let request = super::search::read(&app, &pairs)?;
    let (lang, most) = (visit.lang, most(&app));
    let counted = match content {
        Content::Hits => String::new(),
        Content::Timeline(unit) => format!(" {}", lang.tell(unit.name())),
        Content::Facets(kind) => format!(" {}", lang.tell(kind.name())),
    };
    let name = file_name(&(subject(&State::new(request.clone()), lang) + &counted), ending);
    let dialect = if format == "excel" { Dialect::EXCEL_FR } else { Dialect::CSV };
    let body = app
        .ask(move |searcher, _| match content {
            Content::Hits => write(searcher, request, renderer(format, lang), most),
            content => table(searcher, &request, content, dialect),
        })
        .await?;
    let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, attachment(&name))];
    Ok((headers, body).into_response())
}

/// What writes hits in a format, by its name in an address.
fn renderer(format: &str, lang: Lang) -> Box<dyn Render> {
    let format = match format {
        "excel" => return Format::table(Dialect::EXCEL_FR, Mode::Single),
        "jsonl" => Format::Jsonl,
        "html" => Format::Html,
        "markdown" => Format::Markdown,
        _ => Format::Csv,
    };
    format.renderer(Style { lang, ..Style::default() }, Mode::Single)
}

/// The counts of a request, all of them.
fn table(
    searcher: &mut Searcher<'_>,
    request: &Request,
    content: Content,
    dialect: Dialect,
) -> Result<Vec<u8>, SearchError> {
    let mut out = Vec::new();
    // A list of bytes takes all that is written.
    let _ = match content {
        Content::Hits => Ok(()),
        Content::Timeline(by) => {
            let answer = searcher.timeline(request, &TimelineRequest { by, ..TimelineRequest::default() })?;
            render::timeline::csv(&mut out, dialect, &answer.timeline)
        }
        Content::Facets(kind) => {
            let wanted = FacetRequest { by: vec![kind], depth: DEEPEST, limit: 0 };
            render::facets::csv(&mut out, dialect, &searcher.facets(request, &wanted)?)
        }
    };
    Ok(out)
}

/// The file of a request: all its hits, or as many as there may be.
fn write(
    searcher: &mut Searcher<'_>,
    request: Request,
    mut renderer: Box<dyn Render>,
    most: usize,
) -> Result<Vec<u8>, SearchError> {
    let total = searcher.count(&request)?;
    // Passages may be more than the reports that are counted.
    let whole = request.collapse == Collapse::Report && usize::try_from(total).is_ok_and(|total| total <= most);
    let limit = if whole { 0 } else { most };
    let request = Request { limit, offset: 0, ..request };
    let asked = serde_json::json!(request);
    let context = Context { query: &request.query, request: &asked, command: None };
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

/// `vigie-embuscade-mopti.csv`: the letters and digits of a query, or of what tells a state.
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
