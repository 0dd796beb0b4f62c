//! A report whole: its passages with the marks of a query, their citations, and itself as a file.

use std::fmt::Write as _;
use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State as Shared};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::export::{attachment, file_name};
use super::frame::Frame;
use super::hits::{Chip, Facts, date_chip, facet_chips, title};
use super::narrow::Narrowing;
use super::notes::Note;
use super::state::{State, address, segment};
use super::visit::Visit;
use super::{page, words};
use crate::facet::{FacetKind, FacetPath};
use crate::hit::Mark;
use crate::lang::Lang;
use crate::render::{self, Marked};
use crate::search::Request;
use crate::web::api::called;
use crate::web::app::App;
use crate::web::problem::Problem;
use crate::whole::Whole;

/// Formats by their names in an address, as people read them in English, their ending and their kind.
const FORMATS: [(&str, &str, &str, &str); 5] = [
    ("html", "HTML page", "html", "text/html; charset=utf-8"),
    ("markdown", "Markdown quotes", "md", "text/markdown; charset=utf-8"),
    ("bibtex", "BibTeX", "bib", "application/x-bibtex; charset=utf-8"),
    ("csl-json", "CSL-JSON", "json", "application/vnd.citationstyles.csl+json"),
    ("json", "JSON", "json", "application/json"),
];

/// The page.
#[derive(Template)]
#[template(path = "report.html", config = "src/web/askama.toml")]
struct ReportPage {
    frame: Frame,
    title_html: String,
    facts: Facts,
    path: String,
    chips: Vec<Chip>,
    notes: Vec<Note>,
    passages: Vec<Passage>,
    /// Marks in all passages.
    marks: usize,
    query: String,
    cite: String,
    bytes: usize,
    /// The search that it came from.
    back: String,
    similar: String,
    exports: Vec<(&'static str, String)>,
}

/// A passage.
struct Passage {
    ordinal: usize,
    html: String,
    bytes: (usize, usize),
    cite: String,
    chips: Vec<Chip>,
    similar: String,
    /// Numbers of its first mark, and of the first behind it.
    marks: Option<(usize, Option<usize>)>,
}

/// `/report/{id}`.
pub(super) async fn report(
    visit: Visit,
    id: Result<Path<String>, PathRejection>,
    Shared(app): Shared<Arc<App>>,
) -> Result<Response, Problem> {
    let id = called(id)?;
    let (format, pairs): (Vec<_>, Vec<_>) = visit.pairs().into_iter().partition(|(name, _)| name == "format");
    let format = format.into_iter().next().map(|(_, format)| format);
    let request = super::search::read(&app, &pairs)?;
    let highlighted = !request.query.trim().is_empty();
    let asked = highlighted.then(|| request.clone());
    let whole = app.ask(move |searcher, _| searcher.whole(&id, asked.as_ref())).await?;
    match format {
        Some(format) => file(&whole, &format, &request, visit.lang),
        None => page(&show(&visit, &State::new(request), &whole)),
    }
}

fn file(whole: &Whole, format: &str, request: &Request, lang: Lang) -> Result<Response, Problem> {
    let Some((_, _, ending, kind)) = FORMATS.iter().find(|(name, ..)| *name == format) else {
        let known: Vec<&str> = FORMATS.iter().map(|(name, ..)| *name).collect();
        let hint = format!("the formats are {}", known.join(", "));
        return Err(Problem::bad(format!("“{format}” is no format to export"), Some(hint)));
    };
    let mut body = Vec::new();
    let query = Some(request.query.as_str()).filter(|query| !query.trim().is_empty());
    let cited = [whole.cited.clone()];
    let written = match format {
        "html" => render::whole_html(&mut body, whole, query, chrono::Utc::now(), lang),
        "markdown" => render::whole_markdown(&mut body, whole, lang),
        "bibtex" => render::bibtex(&mut body, &cited),
        "csl-json" => render::csl_json(&mut body, &cited),
        _ => serde_json::to_writer_pretty(&mut body, whole).map_err(Into::into).map(|()| body.push(b'\n')),
    };
    written.map_err(|error| Problem::broken(&error.to_string()))?;
    let id = &whole.cited.report.info.id;
    let name = file_name(id.rsplit('/').next().unwrap_or(id), ending);
    let headers = [(header::CONTENT_TYPE, (*kind).to_owned()), (header::CONTENT_DISPOSITION, attachment(&name))];
    Ok((headers, body).into_response())
}

fn show(visit: &Visit, state: &State, whole: &Whole) -> ReportPage {
    let lang = visit.lang;
    let info = &whole.cited.report.info;
    let named = info.title.clone().filter(|title| !title.trim().is_empty()).unwrap_or_else(|| info.id.clone());
    // A chip of a report looks for others, whatever led to this one.
    let (everything, narrowing) = (State::new(Request::default()), Narrowing::default());
    let of = |groups: &[FacetPath], regions: &[FacetPath], dates: &[crate::date::DateSpan]| -> Vec<Chip> {
        let chips = |kind, paths| facet_chips(&everything, lang, &narrowing, kind, paths, false);
        let dates = dates.iter().map(|date| date_chip(&everything, lang, &narrowing, date, false));
        chips(FacetKind::Group, groups).into_iter().chain(chips(FacetKind::Region, regions)).chain(dates).collect()
    };
    let mut marks = 0;
    let mut passages: Vec<Passage> = Vec::new();
    for found in &whole.passages {
        let passage = &found.passage;
        let first = marks + 1;
        let html = numbered(&passage.text, passage.start, &found.marks, &mut marks);
        passages.push(Passage {
            ordinal: passage.ordinal,
            html,
            bytes: (passage.start, passage.end),
            cite: words::text(&found.cite),
            chips: of(&found.groups, &found.regions, &found.dates),
            similar: address(&format!("/similar/{}", segment(&passage.id)), &state.query_string()),
            marks: (marks >= first).then_some((first, Some(marks + 1))),
        });
    }
    for passage in &mut passages {
        if let Some((_, next)) = &mut passage.marks {
            *next = next.filter(|next| *next <= marks);
        }
    }
    let at = |format: &str| state.at_with(&format!("/report/{}", segment(&whole.cited.id)), &[("format", format)]);
    ReportPage {
        frame: Frame::new(visit, state, &named),
        title_html: title(info, &whole.title_marks),
        facts: Facts::new(&crate::hit::ReportInfo { author: whole.cited.report.author.clone(), ..info.clone() }, lang),
        path: words::text(&info.path),
        chips: of(&whole.groups, &whole.regions, &whole.dates),
        notes: render::notes(&whole.expanded, &whole.warnings, false)
            .iter()
            .map(|note| Note { text: words::text(&lang.tell(note.as_str())), link: None })
            .collect(),
        passages,
        marks,
        query: words::text(&state.0.query),
        cite: words::text(&whole.cited.cite),
        bytes: whole.cited.end,
        back: state.at("/"),
        similar: address(&format!("/similar/{}", segment(&info.id)), &state.query_string()),
        exports: FORMATS.iter().map(|(name, told, ..)| (*told, at(name))).collect(),
    }
}

/// A text with its marks, each an element of its own that can be led to: `mark-1` and so on, from one past `marks`, which
/// counts them.
fn numbered(text: &str, offset: usize, given: &[Mark], marks: &mut usize) -> String {
    let mut html = String::new();
    let mut at = 0;
    let plain = |from: usize, to: usize| {
        Marked { text: text.get(from..to).unwrap_or_default(), offset: 0, marks: &[] }.to_string()
    };
    for mark in given {
        let (start, end) = (mark.start.saturating_sub(offset), mark.end.saturating_sub(offset));
        if start < at || end <= start || text.get(start..end).is_none() {
            continue;
        }
        *marks += 1;
        html.push_str(&plain(at, start));
        let inside = plain(start, end);
        let _ = write!(html, "<mark id=\"mark-{marks}\">{inside}</mark>");
        at = end;
    }
    html + &plain(at, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_numbered_over_all_passages() {
        let mark = |start, end| Mark { start, end, term: String::new() };
        let mut marks = 2;
        let html = numbered("a <é> b", 10, &[mark(12, 16), mark(17, 18)], &mut marks);
        assert_eq!(html, "a <mark id=\"mark-3\">&lt;é&gt;</mark> <mark id=\"mark-4\">b</mark>");
        assert_eq!(marks, 4);
        // Marks that lie elsewhere or within another mark nothing.
        assert_eq!(
            numbered("abc", 0, &[mark(0, 2), mark(1, 3), mark(7, 9)], &mut marks),
            "<mark id=\"mark-5\">ab</mark>c"
        );
    }
}
