//! Annotations: a line of JSON a report, or its text with everything found marked.

use std::io::{self, Write};

use chrono::NaiveDate;
use serde::Serialize;

use super::{Style, verbatim};
use crate::annotate::{Annotated, Facet, Mention, Part, Role, Unresolved};
use crate::date::DateSpan;
use crate::facet::FacetPath;

#[derive(Serialize)]
struct Line<'a> {
    report: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    published: Option<NaiveDate>,
    groups: Vec<Named<'a>>,
    regions: Vec<Named<'a>>,
    dates: Vec<Dated<'a>>,
    unresolved: Vec<Open<'a>>,
}

#[derive(Serialize)]
struct Named<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    path: &'a FacetPath,
    /// The same place in the other administrative division.
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<&'a FacetPath>,
    role: Role,
    mentions: Vec<Marked<'a>>,
}

#[derive(Serialize)]
struct Dated<'a> {
    #[serde(flatten)]
    span: DateSpan,
    role: Role,
    mentions: Vec<Marked<'a>>,
}

#[derive(Serialize)]
struct Marked<'a> {
    surface: &'a str,
    start: usize,
    end: usize,
    rule: &'a str,
    role: Role,
    /// `title` where the bytes are the title's, not the text's.
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    part: Option<&'static str>,
}

#[derive(Serialize)]
struct Open<'a> {
    surface: &'a str,
    start: usize,
    end: usize,
    why: &'a str,
    #[serde(rename = "in", skip_serializing_if = "Option::is_none")]
    part: Option<&'static str>,
}

/// Writes a report's annotation as one line of JSON (`schema/annotation.schema.json`).
///
/// # Errors
/// If writing fails.
pub(crate) fn json(out: &mut impl Write, annotated: &Annotated<'_>) -> io::Result<()> {
    let line = Line {
        report: &annotated.report.id,
        title: annotated.report.title.as_deref(),
        published: annotated.report.published,
        groups: named(annotated, &annotated.groups),
        regions: named(annotated, &annotated.regions),
        dates: annotated
            .dates
            .iter()
            .map(|date| Dated { span: date.span, role: date.role, mentions: marked(annotated, &date.mentions) })
            .collect(),
        unresolved: annotated.unresolved.iter().map(|open| self::open(annotated, open)).collect(),
    };
    serde_json::to_writer(&mut *out, &line)?;
    out.write_all(b"\n")
}

fn named<'a>(annotated: &'a Annotated<'_>, facets: &'a [Facet]) -> Vec<Named<'a>> {
    let facets = facets.iter().map(|facet| Named {
        id: facet.id.as_deref(),
        path: &facet.path,
        other: facet.other.as_ref(),
        role: facet.role,
        mentions: marked(annotated, &facet.mentions),
    });
    facets.collect()
}

fn marked<'a>(annotated: &'a Annotated<'_>, mentions: &'a [Mention]) -> Vec<Marked<'a>> {
    let mark = |mention: &'a Mention| Marked {
        surface: annotated.surface(mention.part, &mention.bytes),
        start: mention.bytes.start,
        end: mention.bytes.end,
        rule: mention.rule,
        role: mention.role,
        part: in_title(mention.part),
    };
    mentions.iter().map(mark).collect()
}

fn open<'a>(annotated: &'a Annotated<'_>, open: &'a Unresolved) -> Open<'a> {
    Open {
        surface: annotated.surface(open.part, &open.bytes),
        start: open.bytes.start,
        end: open.bytes.end,
        why: &open.why,
        part: in_title(open.part),
    }
}

fn text_of<'a>(annotated: &'a Annotated<'_>, part: Part) -> &'a str {
    match part {
        Part::Title => annotated.report.title.as_deref().unwrap_or(""),
        Part::Text => &annotated.report.text,
    }
}

fn in_title(part: Part) -> Option<&'static str> {
    (part == Part::Title).then_some("title")
}

/// Writes a report's text with everything found in brackets, what it was taken for behind it.
///
/// # Errors
/// If writing fails.
pub(crate) fn text(out: &mut impl Write, annotated: &Annotated<'_>, style: Style) -> io::Result<()> {
    let bold = if style.color { anstyle::Style::new().bold() } else { anstyle::Style::new() };
    let report = annotated.report;
    writeln!(out, "{bold}{}{bold:#}", verbatim(&report.id))?;
    let day = report.published.map_or_else(|| "no publication date".to_owned(), |day| format!("published {day}"));
    writeln!(out, "{}\n", style.lang.tell(day))?;
    let mut notes = notes(annotated);
    notes.sort_by_key(|note| (note.part, note.start, note.end));
    for part in [Part::Title, Part::Text] {
        let text = text_of(annotated, part);
        if text.is_empty() {
            continue;
        }
        let mut last = 0;
        for note in notes.iter().filter(|note| note.part == part) {
            if note.start < last {
                continue;
            }
            write!(out, "{}", lines(&text[last..note.start]))?;
            let color = if style.color { note.style } else { anstyle::Style::new() };
            write!(
                out,
                "{color}[{} → {}]{color:#}",
                verbatim(&text[note.start..note.end]),
                style.lang.tell(note.what.as_str())
            )?;
            last = note.end;
        }
        writeln!(out, "{}\n", lines(&text[last..]))?;
    }
    Ok(())
}

/// A text made harmless, its line ends kept.
fn lines(text: &str) -> String {
    text.split('\n').map(verbatim).collect::<Vec<_>>().join("\n")
}

/// Something to show in brackets.
struct Note {
    part: Part,
    start: usize,
    end: usize,
    what: String,
    style: anstyle::Style,
}

fn notes(annotated: &Annotated<'_>) -> Vec<Note> {
    use anstyle::{AnsiColor, Style};
    let mut notes = Vec::new();
    let mut add = |mentions: &[Mention], what: &str, color: AnsiColor| {
        for mention in mentions {
            let (only, style) = match mention.role {
                Role::Mention => (" (mention)", Style::new().fg_color(Some(color.into())).dimmed()),
                Role::Event | Role::Actor => ("", Style::new().fg_color(Some(color.into()))),
            };
            let what = format!("{what}{only}");
            notes.push(Note { part: mention.part, start: mention.bytes.start, end: mention.bytes.end, what, style });
        }
    };
    annotated.groups.iter().for_each(|facet| add(&facet.mentions, &facet.path.to_string(), AnsiColor::Red));
    annotated.regions.iter().for_each(|facet| add(&facet.mentions, &facet.path.to_string(), AnsiColor::Green));
    annotated.dates.iter().for_each(|date| add(&date.mentions, &date.span.to_string(), AnsiColor::Cyan));
    notes.extend(annotated.unresolved.iter().map(|open| Note {
        part: open.part,
        start: open.bytes.start,
        end: open.bytes.end,
        what: format!("? {}", open.why),
        style: Style::new().fg_color(Some(AnsiColor::Yellow.into())),
    }));
    notes
}
