//! A report, or one of its passages, as a page.

use std::io::{self, Write};

use chrono::{DateTime, Utc};

use super::page::{self, Marked, list, steps};
use super::{notes, write_cite, write_facts, write_notes};
use crate::hit::ReportInfo;
use crate::lang::Lang;
use crate::whole::{Whole, WholePassage};

/// Writes a page, with the query that its marks come from, if there is one; `lang` is the language of all that is not the
/// report's.
///
/// # Errors
/// The writer's own.
pub fn html(
    out: &mut dyn Write,
    whole: &Whole,
    query: Option<&str>,
    made: DateTime<Utc>,
    lang: Lang,
) -> io::Result<()> {
    let report = &whole.cited.report;
    let info = ReportInfo { author: report.author.clone(), ..report.info.clone() };
    let title = info.title.as_deref().filter(|title| !title.trim().is_empty());
    let marks = if title.is_some() { whole.title_marks.as_slice() } else { &[] };
    page::open(out, title.unwrap_or(&info.id), made, lang)?;
    let title = Marked { text: title.unwrap_or(&info.id), offset: 0, marks };
    writeln!(out, "<h1 lang=\"fr\"><bdi class=\"title\">{title}</bdi></h1>")?;
    write_facts(out, &info, lang)?;
    let about = [
        ("report", info.id.clone()),
        ("path", info.path.clone()),
        ("language", report.lang.clone()),
        ("groups", whole.groups.iter().map(steps).collect::<Vec<_>>().join(", ")),
        ("regions", whole.regions.iter().map(steps).collect::<Vec<_>>().join(", ")),
        ("dates", whole.dates.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ("marked", query.unwrap_or_default().to_owned()),
    ];
    list(out, "asked", &about, lang)?;
    write_notes(out, &notes(&whole.expanded, &whole.warnings, true), lang)?;
    write_cite(out, &whole.cited.cite)?;
    writeln!(out, "</header>\n<main>\n<ol class=\"hits\">")?;
    whole.passages.iter().try_for_each(|passage| write_passage(out, passage, lang))?;
    writeln!(out, "</ol>")?;
    page::close(out)
}

fn write_passage(out: &mut dyn Write, whole: &WholePassage, lang: Lang) -> io::Result<()> {
    let passage = &whole.passage;
    let (n, start, end) = (passage.ordinal, passage.start, passage.end);
    writeln!(out, "<li id=\"passage-{n}\">\n<h2 class=\"kind\">#{n} · bytes {start}–{end}</h2>")?;
    let text = Marked { text: &passage.text, offset: start, marks: &whole.marks };
    writeln!(out, "<blockquote lang=\"fr\" dir=\"auto\">{text}</blockquote>")?;
    let facets = [
        ("groups", whole.groups.iter().map(steps).collect::<Vec<_>>().join(", ")),
        ("regions", whole.regions.iter().map(steps).collect::<Vec<_>>().join(", ")),
        ("dates", whole.dates.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    ];
    list(out, "facets", &facets, lang)?;
    write_cite(out, &whole.cite)?;
    writeln!(out, "</li>")
}
