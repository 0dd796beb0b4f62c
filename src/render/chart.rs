//! A timeline as a bar chart: SVG that stands alone, in a page or in a file, on light and on dark ground.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::io::{self, Write};

use chrono::Datelike;

use super::scale::stride;
use super::timeline::value;
use crate::counts::{Bucket, Part, Timeline, Unit};
use crate::lang::Lang;

/// The most values that are told apart by colour.
pub const COLOURS: usize = FILLS.len();

/// Colours that stay apart for every kind of colour vision: the set of Okabe and Ito, without the one that is lost on
/// white.
const FILLS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
/// The fills of `other` and of `none`, which stand last.
const REST: [&str; 2] = ["#707070", "#a8a8a8"];

const WIDTH: f64 = 960.0;
/// Height of the bars.
const PLOT: f64 = 300.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
/// Lines of text above the bars, and the room of one.
const LINE: f64 = 24.0;
/// Columns that a letter takes at the size of the labels, at most.
const LETTER: f64 = 8.5;
/// The most letters of a line; what is longer is cut short, and whole in `<desc>`.
const LETTERS: usize = 84;

/// Dark ground is asked for by the page or the system, where it can be. No rule leaves the chart.
const STYLE: &str = ".vigie-timeline text{font:14px system-ui,sans-serif;fill:#1c1c1c}\
    .vigie-timeline .name{font-size:18px;font-weight:600}.vigie-timeline .paper{fill:#fff}\
    .vigie-timeline .grid{stroke:#d9d9d9}.vigie-timeline .axis{stroke:#6b6b6b}\
    @media (prefers-color-scheme:dark){.vigie-timeline text{fill:#ececec}.vigie-timeline .paper{fill:#16181d}\
    .vigie-timeline .grid{stroke:#3a3d45}.vigie-timeline .axis{stroke:#a0a0a0}}";

/// Writes a bar chart: `title` above, one bar a period of `unit`, stacked where the timeline is split, and in words, in a
/// language, what no bar shows.
///
/// # Errors
/// The writer's own.
pub fn svg(out: &mut dyn Write, title: &str, unit: Unit, timeline: &Timeline, lang: Lang) -> io::Result<()> {
    let mut buckets = timeline.periods(unit).to_vec();
    for part in buckets.iter_mut().flat_map(|bucket| &mut bucket.split) {
        part.value = value(&part.value, lang).into_owned();
    }
    out.write_all(Chart::new(&buckets, title, unit, timeline, lang).draw().as_bytes())
}

/// What is drawn, and where.
struct Chart<'t> {
    buckets: &'t [Bucket],
    title: &'t str,
    unit: Unit,
    lang: Lang,
    notes: Vec<String>,
    /// Names and fills of the legend.
    legend: Vec<(&'t str, &'static str)>,
    /// Rows of the legend, of names by place.
    legend_rows: Vec<Vec<usize>>,
    /// Value of the uppermost line of the grid, and steps to it.
    top: u64,
    step: u64,
}

impl<'t> Chart<'t> {
    fn new(buckets: &'t [Bucket], title: &'t str, unit: Unit, timeline: &Timeline, lang: Lang) -> Self {
        let parts = buckets.first().map_or(&[][..], |bucket| &bucket.split);
        // A value that no bar has needs no place in the legend.
        let drawn = |at: &usize| buckets.iter().any(|bucket| bucket.split.get(*at).is_some_and(|part| part.count > 0));
        let legend: Vec<(&str, &str)> =
            (0..parts.len()).filter(drawn).map(|at| (parts[at].value.as_str(), fill(at, parts.len()))).collect();
        let highest = buckets.iter().map(height).max().unwrap_or(0);
        let step = step(highest);
        let legend_rows = legend_rows(&legend);
        Self {
            buckets,
            title,
            unit,
            lang,
            notes: notes(timeline, unit, !legend.is_empty(), lang),
            legend,
            legend_rows,
            top: highest.div_ceil(step).max(1) * step,
            step,
        }
    }

    /// The first row of the bars' room.
    fn plot_top(&self) -> f64 {
        LINE * (2.5 + self.legend_rows.len() as f64)
    }

    fn y(&self, value: u64) -> f64 {
        self.plot_top() + PLOT - PLOT * value as f64 / self.top as f64
    }

    fn draw(&self) -> String {
        let height = self.plot_top() + PLOT + LINE * (2.5 + self.notes.len() as f64);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
             viewBox=\"0 0 {WIDTH} {height}\" class=\"vigie-timeline\" role=\"img\" \
             aria-labelledby=\"vigie-timeline-title vigie-timeline-desc\">\n\
             <title id=\"vigie-timeline-title\">{}</title>\n<desc id=\"vigie-timeline-desc\">{}</desc>\n<style>{STYLE}</style>\n\
             <rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n\
             <text class=\"name\" x=\"{LEFT}\" y=\"{:.0}\">{}</text>\n",
            escaped(self.title),
            escaped(&self.description()),
            LINE * 1.2,
            escaped(&short(self.title, LETTERS)),
        );
        self.draw_legend(&mut svg);
        self.draw_grid(&mut svg);
        self.draw_bars(&mut svg);
        for (line, note) in self.notes.iter().enumerate() {
            let y = self.plot_top() + PLOT + LINE * (2.2 + line as f64);
            push(&mut svg, format_args!("<text x=\"{LEFT}\" y=\"{y:.0}\">{}</text>\n", escaped(note)));
        }
        svg + "</svg>\n"
    }

    /// The chart in words, for who does not see it.
    fn description(&self) -> String {
        let mut text = match (self.buckets.first(), self.buckets.last()) {
            (Some(first), Some(last)) => {
                let unit = self.unit.name();
                format!("Bar chart of reports by {unit}, from {} to {}.", name(first), name(last))
            }
            _ => "Bar chart without bars.".to_owned(),
        };
        text = self.lang.tell(text).into_owned();
        let most = self.buckets.iter().rev().max_by_key(|bucket| bucket.count);
        if let Some(most) = most {
            let most = self.lang.tell(format!("Most are in {}: {}.", name(most), most.count));
            push(&mut text, format_args!(" {most}"));
        }
        if !self.legend.is_empty() {
            let names: Vec<&str> = self.legend.iter().map(|(name, _)| *name).collect();
            let legend = self.lang.tell(format!("From the ground up: {}.", names.join(", ")));
            push(&mut text, format_args!(" {legend}"));
        }
        self.notes.iter().fold(text, |text, note| text + " " + note)
    }

    fn draw_legend(&self, svg: &mut String) {
        for (line, row) in self.legend_rows.iter().enumerate() {
            let y = LINE * (2.2 + line as f64);
            let mut x = LEFT;
            for &place in row {
                let (name, fill) = self.legend[place];
                push(
                    svg,
                    format_args!(
                        "<rect x=\"{x:.0}\" y=\"{:.0}\" width=\"14\" height=\"14\" fill=\"{fill}\"/>\
                         <text x=\"{:.0}\" y=\"{y:.0}\">{}</text>\n",
                        y - 12.0,
                        x + 20.0,
                        escaped(&short(name, LETTERS / 2)),
                    ),
                );
                x += entry_width(name);
            }
        }
    }

    fn draw_grid(&self, svg: &mut String) {
        let right = WIDTH - RIGHT;
        let steps = usize::try_from(self.step).unwrap_or(1).max(1);
        for value in (0..=self.top).step_by(steps) {
            let (y, class) = (self.y(value), if value == 0 { "axis" } else { "grid" });
            push(
                svg,
                format_args!(
                    "<path class=\"{class}\" d=\"M{LEFT} {y:.1}H{right}\"/>\
                     <text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>\n",
                    LEFT - 8.0,
                    y + 5.0,
                ),
            );
        }
        let reports = self.lang.tell("reports");
        push(svg, format_args!("<text x=\"8\" y=\"{:.1}\">{reports}</text>\n", self.plot_top() - 12.0));
    }

    fn draw_bars(&self, svg: &mut String) {
        let room = (WIDTH - LEFT - RIGHT) / self.buckets.len().max(1) as f64;
        // Bars that nearly touch are drawn without a gap, which would take what there is of them.
        let width = if room > 4.0 { (room * 0.8).min(60.0) } else { room };
        let letters = self.buckets.iter().map(|bucket| name(bucket).chars().count()).max().unwrap_or(0);
        let stride = stride(self.unit, (letters as f64 * LETTER + 10.0) / room);
        for (place, bucket) in self.buckets.iter().enumerate() {
            let middle = LEFT + room * (place as f64 + 0.5);
            self.draw_bar(svg, bucket, middle - width / 2.0, width);
            if self.number(place, bucket) % stride == 0 {
                let y = self.plot_top() + PLOT + LINE * 0.9;
                // The first and the last label stay inside the picture.
                let half = letters as f64 * LETTER / 2.0;
                let x = middle.clamp(half, WIDTH - half);
                push(
                    svg,
                    format_args!(
                        "<text x=\"{x:.1}\" y=\"{y:.0}\" text-anchor=\"middle\">{}</text>\n",
                        escaped(name(bucket))
                    ),
                );
            }
        }
    }

    /// What is counted by strides: months and years of the calendar, else periods from the first.
    fn number(&self, place: usize, bucket: &Bucket) -> i64 {
        let calendar = bucket.from.and_then(|day| match self.unit {
            Unit::Month => Some(i64::from(day.year()) * 12 + i64::from(day.month0())),
            Unit::Year => Some(i64::from(day.year())),
            Unit::Day | Unit::Week => None,
        });
        calendar.or_else(|| i64::try_from(place).ok()).unwrap_or(0)
    }

    /// One bar, in pieces where it is split; each says in words what it is.
    fn draw_bar(&self, svg: &mut String, bucket: &Bucket, x: f64, width: f64) {
        let whole = [Part { value: String::new(), count: bucket.count }];
        let parts = if bucket.split.is_empty() { &whole[..] } else { &bucket.split };
        let mut below = 0;
        for (at, part) in parts.iter().enumerate().filter(|(_, part)| part.count > 0) {
            let (top, bottom) = (self.y(below + part.count), self.y(below));
            below += part.count;
            let what = if part.value.is_empty() { String::new() } else { format!(", {}", part.value) };
            push(
                svg,
                format_args!(
                    "<rect x=\"{x:.2}\" y=\"{top:.2}\" width=\"{width:.2}\" height=\"{:.2}\" fill=\"{}\">\
                     <title>{}{}: {}</title></rect>\n",
                    bottom - top,
                    fill(at, parts.len()),
                    escaped(name(bucket)),
                    escaped(&what),
                    part.count,
                ),
            );
        }
    }
}

/// What the bars leave out.
fn notes(timeline: &Timeline, unit: Unit, split: bool, lang: Lang) -> Vec<String> {
    let mut notes = Vec::new();
    let missing: Vec<String> = [
        (timeline.coarser, format!("dated less finely than to the {}", unit.name())),
        (timeline.undated, "without a date".to_owned()),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| lang.tell(format!("{count} {what}")).into_owned())
    .collect();
    if !missing.is_empty() {
        notes.push(format!("Not shown, of {} reports: {}.", timeline.total, missing.join(", ")));
    }
    if split {
        notes.push("A report counts once for each value that it has.".to_owned());
    }
    notes.into_iter().map(|note| lang.tell(note).into_owned()).collect()
}

fn name(bucket: &Bucket) -> &str {
    bucket.period.as_deref().unwrap_or_default()
}

/// What a bar adds up to.
fn height(bucket: &Bucket) -> u64 {
    if bucket.split.is_empty() { bucket.count } else { bucket.split.iter().map(|part| part.count).sum() }
}

/// The fill of a part: the last two of a split are `other` and `none`.
fn fill(at: usize, parts: usize) -> &'static str {
    match parts.checked_sub(REST.len()) {
        Some(values) if at >= values => REST[at - values],
        _ => FILLS[at % FILLS.len()],
    }
}

/// A step of 1, 2 or 5 times a power of ten, of which at most six reach the value.
fn step(highest: u64) -> u64 {
    let mut decade = 1;
    loop {
        for step in [decade, decade * 2, decade * 5] {
            if highest <= step * 6 || decade > u64::MAX / 100 {
                return step;
            }
        }
        decade *= 10;
    }
}

/// The places of a legend's names, in rows that fit.
fn legend_rows(legend: &[(&str, &str)]) -> Vec<Vec<usize>> {
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let mut used = f64::INFINITY;
    for (place, (name, _)) in legend.iter().enumerate() {
        let width = entry_width(name);
        match rows.last_mut() {
            Some(row) if LEFT + used + width <= WIDTH => row.push(place),
            _ => {
                rows.push(vec![place]);
                used = 0.0;
            }
        }
        used += width;
    }
    rows
}

fn entry_width(name: &str) -> f64 {
    short(name, LETTERS / 2).chars().count() as f64 * LETTER + 44.0
}

fn short(text: &str, letters: usize) -> String {
    let mut short: String = text.chars().take(letters).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Text as XML writes it, without what XML has no way to write.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Writes to a text, which never fails.
fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}
