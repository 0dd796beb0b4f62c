//! `text`: for people at a terminal. Colour only where the style asks for it, so that pipes get clean text.

mod reasons;
mod remedies;
#[cfg(test)]
mod tests;
mod whole;

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::AnsiColor;
use serde_json::Value;

use super::notes::notes;
use super::terminal::{BOLD, DIM, PLAIN, Shown, columns, verbatim};
use super::{Context, Failure, Mode, Render, Style, facets, timeline};
use crate::hit::{Answer, Hit, Mark, Span, place};
use crate::lang::Lang;
pub use whole::text as whole;

/// Red is read on dark and on light backgrounds, as yellow is not.
const MARK: anstyle::Style = AnsiColor::Red.on_default().bold();

/// What a hit's lines are indented by.
const INDENT: &str = "   ";
/// Values of a facet that are named before the rest is counted.
const NAMES: usize = 4;
/// Columns that text gets even where the terminal has fewer.
const NARROWEST: usize = 16;

/// How hits look.
#[derive(Clone, Copy)]
struct Look {
    /// What stands before and behind the rank.
    number: [&'static str; 2],
    title: anstyle::Style,
    passage: anstyle::Style,
    mark: anstyle::Style,
    /// A passage of at most so many lines is shown whole, a taller one by its fragment.
    lines: usize,
}

const ANSWER: Look = Look { number: ["", "."], title: BOLD, passage: PLAIN, mark: MARK, lines: 8 };

/// The renderer.
pub(super) struct Text {
    style: Style,
    mode: Mode,
    look: Look,
    answers: usize,
    /// Of a single answer: what stands below all its hits.
    below: Option<Below>,
}

/// What stands below the hits of an answer, until the last of them is written.
struct Below {
    query: String,
    request: Value,
    command: Option<String>,
    /// All but the hits.
    answer: Answer,
    /// The ranks of the first and the last hit.
    shown: Option<(usize, usize)>,
}

impl Below {
    fn new(context: &Context<'_>, answer: &Answer) -> Self {
        let (query, command) = (context.query.to_owned(), context.command.map(str::to_owned));
        let shown = answer.hits.first().zip(answer.hits.last()).map(|(first, last)| (first.rank, last.rank));
        let answer = Answer { hits: Vec::new(), ..answer.clone() };
        Self { query, request: context.request.clone(), command, answer, shown }
    }
}

impl Render for Text {
    fn answer(&mut self, out: &mut dyn Write, context: &Context<'_>, answer: &Answer) -> io::Result<()> {
        self.heading(out, answer.id.as_deref(), context)?;
        self.hits(out, &answer.hits)?;
        let below = Below::new(context, answer);
        if self.mode == Mode::Batch {
            return self.foot(out, &below);
        }
        self.below = Some(below);
        Ok(())
    }

    fn more(&mut self, out: &mut dyn Write, _context: &Context<'_>, hits: &[Hit]) -> io::Result<()> {
        if let (Some((_, last)), Some(hit)) = (self.below.as_mut().and_then(|below| below.shown.as_mut()), hits.last())
        {
            *last = hit.rank;
        }
        self.hits(out, hits)
    }

    fn failure(&mut self, out: &mut dyn Write, context: &Context<'_>, failure: &Failure) -> io::Result<()> {
        self.heading(out, failure.id.as_deref(), context)?;
        let error = &failure.error;
        self.block(out, &self.tell("error: "), &Shown::line(&self.tell(error.message.as_str())), PLAIN)?;
        if let (Some(start), Some(end)) = (error.start, error.end) {
            self.block(out, INDENT, &Shown::new(context.query, 0, &[Span { start, end }]), PLAIN)?;
        }
        let mut hints = error.hint.iter();
        hints.try_for_each(|hint| self.block(out, &self.tell("hint: "), &Shown::line(&self.tell(hint.as_str())), PLAIN))
    }

    fn end(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let below = self.below.take();
        below.iter().try_for_each(|below| self.foot(out, below))
    }
}

impl Text {
    pub(super) fn new(style: Style, mode: Mode) -> Self {
        Self { style, mode, look: ANSWER, answers: 0, below: None }
    }

    /// In a batch: which request this is.
    fn heading(&mut self, out: &mut dyn Write, id: Option<&str>, context: &Context<'_>) -> io::Result<()> {
        if self.mode == Mode::Batch {
            if self.answers > 0 {
                writeln!(out)?;
            }
            let heading = format!("{}: {}", id.unwrap_or("-"), context.query);
            self.block(out, "", &Shown::line(&heading), BOLD.underline())?;
        }
        self.answers += 1;
        Ok(())
    }

    fn hits(&self, out: &mut dyn Write, hits: &[Hit]) -> io::Result<()> {
        for hit in hits {
            self.hit(out, hit)?;
            writeln!(out)?;
        }
        Ok(())
    }

    /// What stands below the hits.
    fn foot(&self, out: &mut dyn Write, below: &Below) -> io::Result<()> {
        let Below { query, request, command, answer, .. } = below;
        let context = Context { query, request, command: command.as_deref() };
        self.block(out, "", &Shown::line(&self.tell(summary(&context, answer, below.shown))), PLAIN)?;
        self.remedies(out, &context, answer)?;
        if let Some(counts) = &answer.facets {
            facets::text(out, self.style, counts)?;
        }
        if let Some(buckets) = &answer.timeline {
            let unit = serde_json::from_value(context.request["timeline"]["by"].clone()).unwrap_or_default();
            writeln!(out)?;
            timeline::text(out, self.style, unit, buckets)?;
        }
        if let Some(resolved) = &answer.resolved {
            self.reading(out, resolved)?;
        }
        let notes = notes(&answer.expanded, &answer.warnings, answer.resolved.is_some());
        let apart = answer.relaxed.is_some() || !answer.suggestions.is_empty() || answer.resolved.is_some();
        if apart && !notes.is_empty() {
            writeln!(out)?;
        }
        notes
            .iter()
            .try_for_each(|note| self.block(out, &self.tell("note: "), &Shown::line(&self.tell(note.as_str())), DIM))
    }

    fn hit(&self, out: &mut dyn Write, hit: &Hit) -> io::Result<()> {
        let title =
            hit.report.title.as_deref().map(|title| Shown::new(title, 0, &spans(&hit.title_marks)).on_one_line());
        let id = || Shown::line(&hit.report.id);
        let title = [title, Some(id())].into_iter().flatten().find(|title| !title.text.is_empty());
        let untitled = || Shown::line(&self.tell("(untitled)"));
        let [before, behind] = self.look.number;
        let number = format!("{before}{}{behind} ", hit.rank);
        self.block(out, &number, &title.unwrap_or_else(untitled), self.look.title)?;
        self.block(out, INDENT, &Shown::line(&about(hit, self.style.lang)), DIM)?;
        self.block(out, INDENT, &self.passage(hit), self.look.passage)?;
        self.citation(out, hit)?;
        hit.explanation.iter().try_for_each(|explanation| self.score(out, hit.score, explanation))
    }

    /// The passage whole, or its fragment where it is tall.
    fn passage(&self, hit: &Hit) -> Shown {
        let (passage, marks) = (&hit.passage, spans(&hit.marks));
        let whole = Shown::new(&passage.text, passage.start, &marks);
        if whole.lines(self.room(INDENT)).len() <= self.look.lines {
            return whole;
        }
        let start = passage.text.floor_char_boundary(hit.fragment.start.saturating_sub(passage.start));
        let end = passage.text.ceil_char_boundary(hit.fragment.end.saturating_sub(passage.start));
        let (Some(before), Some(fragment), Some(after)) =
            (passage.text.get(..start), passage.text.get(start..end), passage.text.get(end..))
        else {
            return whole;
        };
        if fragment.trim().is_empty() {
            return whole;
        }
        let left_out = |text: &str, sign| if text.trim().is_empty() { "" } else { sign };
        let (before, after) = (left_out(before, "… "), left_out(after, " …"));
        let offset = passage.start.saturating_add(start);
        Shown::new(fragment, offset, &marks).between(before, after)
    }

    /// Where the passage stands, on one line however long, so that it can be copied.
    fn citation(&self, out: &mut dyn Write, hit: &Hit) -> io::Result<()> {
        let mut line = verbatim(&place(&hit.report, hit.passage.ordinal));
        let mut more = match hit.passages_in_report.saturating_sub(1) {
            0 => String::new(),
            1 => "+1 more passage in this report".to_owned(),
            n => format!("+{n} more passages in this report"),
        };
        more = self.tell(more).into_owned();
        if !more.is_empty() && columns(&line) + columns(" · ") + columns(&more) <= self.room(INDENT) {
            line = format!("{line} · {}", std::mem::take(&mut more));
        }
        out.write_all(INDENT.as_bytes())?;
        self.paint(out, DIM, &line)?;
        writeln!(out)?;
        self.block(out, INDENT, &Shown::line(&more), DIM)
    }

    /// Wrapped lines under a prefix, which later lines are indented by. Nothing where there is no text.
    fn block(&self, out: &mut dyn Write, prefix: &str, shown: &Shown, style: anstyle::Style) -> io::Result<()> {
        for (n, line) in shown.lines(self.room(prefix)).into_iter().enumerate() {
            if n == 0 {
                self.paint(out, style, prefix)?;
            } else {
                write!(out, "{:indent$}", "", indent = columns(prefix))?;
            }
            for (piece, marked) in shown.pieces(line) {
                self.paint(out, if marked { self.look.mark } else { style }, piece)?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    /// Columns that are left beside a prefix.
    fn room(&self, prefix: &str) -> usize {
        self.style.width.saturating_sub(columns(prefix)).max(NARROWEST)
    }

    fn tell<'m>(&self, message: impl Into<Cow<'m, str>>) -> Cow<'m, str> {
        self.style.lang.tell(message)
    }

    fn paint(&self, out: &mut dyn Write, style: anstyle::Style, text: &str) -> io::Result<()> {
        self.style.paint(out, style, text)
    }
}

pub(super) fn spans(marks: &[Mark]) -> Vec<Span> {
    marks.iter().map(|mark| Span { start: mark.start, end: mark.end }).collect()
}

/// `source · dates · groups · regions`: what there is of them, `~` before what the passage has from its report.
pub(super) fn about(hit: &Hit, lang: Lang) -> String {
    let published = || hit.report.published.map(|day| lang.tell(format!("published {day}")).into_owned());
    let dates = few(hit.dates.iter().map(ToString::to_string)).or_else(published);
    let groups = few(hit.groups.iter().map(|path| path.name().to_owned()));
    let regions = few(hit.regions.iter().map(|path| path.name().to_owned()));
    let flagged = |name: &str, values: Option<String>| {
        let inherited = hit.inherited.iter().any(|inherited| inherited == name);
        values.map(|values| if inherited { format!("~{values}") } else { values })
    };
    let (dates, groups, regions) = (flagged("dates", dates), flagged("groups", groups), flagged("regions", regions));
    let parts = [hit.report.source.clone(), dates, groups, regions].into_iter().flatten();
    parts.filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The first values, each once, and how many there are beyond.
fn few(values: impl Iterator<Item = String>) -> Option<String> {
    let mut named: Vec<String> = Vec::new();
    for value in values {
        if !named.contains(&value) {
            named.push(value);
        }
    }
    let beyond = named.len().saturating_sub(NAMES);
    named.truncate(NAMES);
    let rest = if beyond == 0 { String::new() } else { format!(" +{beyond}") };
    (!named.is_empty()).then(|| named.join(", ") + &rest)
}

/// How many reports answer, and which of the hits these are.
fn summary(context: &Context<'_>, answer: &Answer, shown: Option<(usize, usize)>) -> String {
    let reports = found(context.query, answer.total);
    match shown {
        Some((first, last)) if first == last => format!("{reports} (hit {first})"),
        Some((first, last)) => format!("{reports} (hits {first}–{last})"),
        None if answer.total > 0 => format!("{reports} (none on this page)"),
        None => reports,
    }
}

/// How many reports answer a query.
#[must_use]
pub fn found(query: &str, total: u64) -> String {
    match (total, query.trim()) {
        (0, "") => "no report answers".to_owned(),
        (0, query) => format!("no report answers “{}”", verbatim(query)),
        (1, _) => "1 report".to_owned(),
        _ => format!("{total} reports"),
    }
}
