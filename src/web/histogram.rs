//! The timeline of the page: reports by period as bars, each a link, in inline SVG without script, style or anything to
//! fetch. Every period has its days in `data-from` and `data-to`, and in words in `data-first` and `data-last`, for a span to be
//! drawn over them; a line below is kept for what the span tells.
//!
//! Colours and the size of letters come from the page's CSS by class (`src/web/assets/drawings.css`).

mod names;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};

use crate::counts::{Bucket, Timeline, Unit};
use crate::date::DateRange;
use crate::lang::Lang;
use crate::render::Text;
use crate::render::scale::stride;
use crate::web::page::words::{counted, number};

use names::{long, month, short, whole};

/// Days that are shown as days, at most: any three months.
const DAYS: i64 = 92;
/// Bars at most.
const MOST: usize = 150;
/// Units of the drawing, which has no margin at the sides.
const WIDTH: f64 = 640.0;
/// Units above the bars, for the label of the uppermost line.
const TOP: f64 = 22.0;
/// Height of the bars.
const PLOT: f64 = 104.0;
/// Units below the bars, for two rows of labels.
const ROW: f64 = 24.0;
/// What is drawn of a bar of one report among many, at least.
const LOWEST: f64 = 2.0;
/// Units of the letters of labels on a wide page, and on a narrow one, where the drawing is scaled down and fewer labels
/// are shown. The page's CSS has the same two sizes.
const LETTERS: [f64; 2] = [13.0, 21.0];
/// What a letter is wide on average, of its size.
const LETTER_WIDTH: f64 = 0.6;
/// Periods told below the drawing at most, of each sort.
const TOLD: usize = 8;

/// The length of periods that suits a span of days, both included: days up to three months, months while there are no
/// more of them than bars, else years.
pub(crate) fn unit(from: NaiveDate, to: NaiveDate) -> Unit {
    let months = (i64::from(to.year()) - i64::from(from.year())) * 12 + i64::from(to.month()) - i64::from(from.month());
    if (to - from).num_days() < DAYS {
        Unit::Day
    } else if usize::try_from(months).is_ok_and(|months| months < MOST) {
        Unit::Month
    } else {
        Unit::Year
    }
}

/// The first and the last day of the periods of a length that have reports.
pub(crate) fn span(timeline: &Timeline, unit: Unit) -> Option<(NaiveDate, NaiveDate)> {
    let mut busy = timeline.periods(unit).iter().filter(|bucket| bucket.count > 0);
    let first = busy.next()?;
    Some((first.from?, busy.next_back().unwrap_or(first).to?))
}

/// Draws a timeline.
///
/// `unit` is the length of periods that the timeline was asked for, `selected` the days that the page filters by. The
/// link of a period is what its number tells; a period without one is told without.
///
/// Returns HTML: a `<figure class="histogram">` with the drawing and, where there are any, what it does not show.
pub(crate) fn svg(
    timeline: &Timeline,
    unit: Unit,
    selected: DateRange,
    lang: Lang,
    link: &dyn Fn(&Bucket) -> Option<String>,
) -> String {
    Histogram::new(timeline, unit, selected, lang, link).draw()
}

/// What is drawn, and where.
struct Histogram<'t> {
    timeline: &'t Timeline,
    unit: Unit,
    /// Periods that are drawn, and those before and behind them that have reports.
    buckets: &'t [Bucket],
    apart: Vec<&'t Bucket>,
    selected: DateRange,
    lang: Lang,
    link: &'t dyn Fn(&Bucket) -> Option<String>,
    /// Value of the highest bar.
    top: u64,
    /// Units a period.
    room: f64,
}

impl<'t> Histogram<'t> {
    fn new(
        timeline: &'t Timeline,
        unit: Unit,
        selected: DateRange,
        lang: Lang,
        link: &'t dyn Fn(&Bucket) -> Option<String>,
    ) -> Self {
        let all = timeline.periods(unit);
        let buckets = busiest(all);
        let first = buckets.first().and_then(|bucket| bucket.from);
        let last = buckets.last().and_then(|bucket| bucket.from);
        let apart = all.iter().filter(|bucket| bucket.count > 0 && (bucket.from < first || bucket.from > last));
        let top = buckets.iter().map(|bucket| bucket.count).max().unwrap_or(0).max(1);
        let room = WIDTH / buckets.len().max(1) as f64;
        Self { timeline, unit, buckets, apart: apart.collect(), selected, lang, link, top, room }
    }

    fn draw(&self) -> String {
        let mut html = String::from("<figure class=\"histogram\">\n");
        if !self.buckets.is_empty() {
            let labels = self.labels();
            let rows = if self.unit == Unit::Year || labels.is_empty() { 1.0 } else { 2.0 };
            let height = TOP + PLOT + ROW * rows;
            push(
                &mut html,
                format_args!(
                    "<svg class=\"histogram-drawing\" viewBox=\"0 0 {WIDTH} {height}\" role=\"group\" \
                     aria-label=\"{}\">\n",
                    Text(self.label())
                ),
            );
            self.draw_selected(&mut html);
            self.draw_lines(&mut html);
            for (place, bucket) in self.buckets.iter().enumerate() {
                self.draw_bar(&mut html, place, bucket);
            }
            html.push_str("<g class=\"ticks\" aria-hidden=\"true\">\n");
            html += &labels;
            if self.unit != Unit::Year {
                self.draw_wholes(&mut html, ROW * (rows - 1.0));
            }
            html.push_str("</g>\n");
            html.push_str("</svg>\n<p class=\"drawn-label\" role=\"status\"></p>\n");
        }
        self.draw_rest(&mut html);
        html + "</figure>\n"
    }

    /// The drawing in words.
    fn label(&self) -> String {
        let words = format!("Bar chart of the reports by {}", self.unit.name());
        self.lang.tell(words).into_owned()
    }

    fn draw_selected(&self, svg: &mut String) {
        let within = |bucket: &&Bucket| self.is_selected(bucket);
        let Some(first) = self.buckets.iter().position(|bucket| within(&bucket)) else { return };
        let count = self.buckets.iter().filter(within).count();
        let (x, width) = (self.room * first as f64, self.room * count as f64);
        push(
            svg,
            format_args!("<rect class=\"chosen\" x=\"{x:.1}\" y=\"{TOP}\" width=\"{width:.1}\" height=\"{PLOT}\"/>\n"),
        );
    }

    /// Whether the days that the page filters by meet a period.
    fn is_selected(&self, bucket: &Bucket) -> bool {
        let DateRange { from, to } = self.selected;
        (from.is_some() || to.is_some())
            && from.is_none_or(|from| bucket.to.is_some_and(|last| last >= from))
            && to.is_none_or(|to| bucket.from.is_some_and(|first| first <= to))
    }

    fn draw_lines(&self, svg: &mut String) {
        let bottom = TOP + PLOT;
        push(
            svg,
            format_args!(
                "<g aria-hidden=\"true\"><path class=\"line\" d=\"M0 {TOP}H{WIDTH}\"/>\
                 <path class=\"ground\" d=\"M0 {bottom}H{WIDTH}\"/>\
                 <text class=\"most\" x=\"0\" y=\"{:.0}\">{}</text></g>\n",
                TOP - 5.0,
                Text(self.highest()),
            ),
        );
    }

    /// What the uppermost line means.
    fn highest(&self) -> String {
        let top = self.top;
        let told = self.lang.tell(if top == 1 { "max. 1 report".to_owned() } else { format!("max. {top} reports") });
        told.replacen(&top.to_string(), &number(self.lang, top), 1)
    }

    /// A period: what can be clicked, as high as the plot, and the bar of its reports.
    fn draw_bar(&self, svg: &mut String, place: usize, bucket: &Bucket) {
        let (Some(from), Some(to)) = (bucket.from, bucket.to) else { return };
        let x = self.room * place as f64;
        let told =
            format!("{}{}{}", long(bucket, self.lang), self.lang.colon(), counted(self.lang, bucket.count, "report"));
        let told = Text(&told);
        let chosen = if self.is_selected(bucket) { " selected" } else { "" };
        let link = Some(bucket).filter(|bucket| bucket.count > 0).and_then(|bucket| (self.link)(bucket));
        let (element, role) = match &link {
            Some(link) => ("a", format!("href=\"{}\"", Text(link))),
            None if bucket.count > 0 => ("g", "role=\"img\"".to_owned()),
            // Periods without reports are many, and nothing leads there.
            None => ("g", "aria-hidden=\"true\"".to_owned()),
        };
        let label = if bucket.count > 0 { format!(" aria-label=\"{told}\"") } else { String::new() };
        push(
            svg,
            format_args!(
                "<{element} class=\"period{chosen}\" {role}{label} data-from=\"{from}\" data-to=\"{to}\" \
                 data-first=\"{}\" data-last=\"{}\"><title>{told}</title>\
                 <rect class=\"reach\" x=\"{x:.2}\" y=\"{TOP}\" width=\"{:.2}\" height=\"{PLOT}\"/>",
                Text(whole(from, self.lang)),
                Text(whole(to, self.lang)),
                self.room
            ),
        );
        if bucket.count > 0 {
            let height = (PLOT * (bucket.count as f64 / self.top as f64)).max(LOWEST);
            // Bars that nearly touch are drawn without a gap, which would take what there is of them.
            let width = if self.room > 4.0 { (self.room * 0.84).min(60.0) } else { self.room };
            push(
                svg,
                format_args!(
                    "<rect class=\"bar\" x=\"{:.2}\" y=\"{:.2}\" width=\"{width:.2}\" height=\"{height:.2}\"/>",
                    x + (self.room - width) / 2.0,
                    TOP + PLOT - height,
                ),
            );
        }
        push(svg, format_args!("</{element}>\n"));
    }

    /// The row of labels of periods; the month or the year that they are part of has one below.
    fn labels(&self) -> String {
        let mut svg = String::new();
        let labels: Vec<String> = self.buckets.iter().map(|bucket| short(bucket, self.unit, self.lang)).collect();
        let letters = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
        let [wide, narrow] = LETTERS.map(|size| self.stride(letters, size));
        let narrow = wide.zip(narrow).map(|(wide, narrow)| among(wide, narrow));
        for (place, (bucket, label)) in self.buckets.iter().zip(&labels).enumerate() {
            let number = self.number(place, bucket);
            let left = self.left(place, bucket);
            let shown = |stride: Option<i64>| {
                stride.is_some_and(|stride| number.is_some_and(|own| own % stride == 0) && left >= stride)
            };
            if shown(wide) {
                let more = if shown(narrow) { "" } else { " more" };
                draw_label(&mut svg, more, "middle", (self.room * (place as f64 + 0.5), 0.0), label);
            }
        }
        svg
    }

    /// How many periods apart labels of so many letters stand; nothing if only the row below has room.
    fn stride(&self, letters: usize, size: f64) -> Option<i64> {
        let needed = (letters as f64 * size * LETTER_WIDTH + size * 0.6) / self.room;
        let stride = stride(self.unit, needed);
        (self.unit == Unit::Year || stride as f64 >= needed && (self.unit != Unit::Month || stride < 12))
            .then_some(stride)
    }

    /// Periods up to the next that has a label anyhow: days up to the first of the next month, if that is drawn.
    fn left(&self, place: usize, bucket: &Bucket) -> i64 {
        let next = bucket.from.filter(|_| self.unit == Unit::Day).and_then(|day| {
            let later = self.buckets.get(place + 1..)?.iter();
            later.filter_map(|bucket| bucket.from).find(|later| later.day() == 1).map(|later| (later - day).num_days())
        });
        next.unwrap_or(i64::MAX)
    }

    /// What is counted by strides: months and years of the calendar, days of a month.
    fn number(&self, place: usize, bucket: &Bucket) -> Option<i64> {
        let day = bucket.from?;
        Some(match self.unit {
            Unit::Year => i64::from(day.year()),
            Unit::Month => i64::from(day.month0()),
            Unit::Day => i64::from(day.day0()),
            Unit::Week => i64::try_from(place).ok()?,
        })
    }

    /// The row of months or years: a label where one begins, as far as they do not meet.
    fn draw_wholes(&self, svg: &mut String, below: f64) {
        let mut starts: Vec<(usize, String)> = Vec::new();
        for (place, bucket) in self.buckets.iter().enumerate() {
            let Some(day) = bucket.from else { continue };
            let label = match self.unit {
                Unit::Month => day.year().to_string(),
                _ => format!("{} {}", month(day, self.lang), day.year()),
            };
            if starts.last().is_none_or(|(_, last)| *last != label) {
                starts.push((place, label));
            }
        }
        let letters = starts.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0);
        let place_of = |at: usize| self.room * starts.get(at).map_or(0.0, |start| start.0 as f64);
        let each = if starts.len() > 2 { place_of(2) - place_of(1) } else { WIDTH };
        let [wide, narrow] = LETTERS
            .map(|size| stride(Unit::Year, (letters as f64 * size * LETTER_WIDTH + size * 0.6) / each.max(self.room)));
        let narrow = among(wide, narrow);
        // A part of a month or a year before the first whole one is named if both names have room.
        let mut end = LETTERS.map(|size| {
            let needed = letters as f64 * size * LETTER_WIDTH + size * 0.4 + 3.0;
            if starts.len() > 1 && place_of(1) < needed { place_of(1) } else { 0.0 }
        });
        for (at, (place, label)) in starts.iter().enumerate() {
            let x = self.room * *place as f64;
            if *place > 0 {
                push(svg, format_args!("<path class=\"whole\" d=\"M{x:.1} {}v{}\"/>\n", TOP + PLOT, below + ROW));
            }
            let number = label.parse().unwrap_or(at);
            let fits = |rank: usize, stride: i64, end: f64| {
                let last = x + 3.0 + label.chars().count() as f64 * LETTERS[rank] * LETTER_WIDTH;
                (i64::try_from(number).is_ok_and(|number| number % stride == 0) && x >= end && last <= WIDTH)
                    .then_some(last + LETTERS[rank] * 0.4)
            };
            let (on_wide, on_narrow) = (fits(0, wide, end[0]), fits(1, narrow, end[1]));
            end = [on_wide.unwrap_or(end[0]), on_narrow.unwrap_or(end[1])];
            let more = match (on_wide, on_narrow) {
                (None, _) => continue,
                (Some(_), None) => " more",
                (Some(_), Some(_)) => "",
            };
            draw_label(svg, more, "start", (x + 3.0, below), label);
        }
    }

    /// What no bar shows: periods too far away, reports that are dated no finer, and those without a date.
    fn draw_rest(&self, html: &mut String) {
        let Timeline { coarser, undated, timeline, .. } = self.timeline;
        let of = |found: fn(&Bucket, Unit) -> bool| -> Vec<&Bucket> {
            timeline.iter().filter(|bucket| found(bucket, self.unit)).collect()
        };
        let mut lines = Vec::new();
        if !self.apart.is_empty() {
            lines.push((self.lang.tell("not in the drawing").into_owned(), self.apart.clone()));
        }
        if *coarser > 0 {
            let told = format!("{coarser} dated less finely than to the {}", self.unit.name());
            let periods = of(|bucket, unit| bucket.unit.is_some_and(|own| own != unit));
            let told = self.lang.tell(told).replacen(&coarser.to_string(), &number(self.lang, *coarser), 1);
            lines.push((told, periods));
        }
        if *undated > 0 {
            let told = self.lang.tell(format!("{undated} without a date"));
            lines.push((told.replacen(&undated.to_string(), &number(self.lang, *undated), 1), Vec::new()));
        }
        if lines.is_empty() {
            return;
        }
        html.push_str("<figcaption>\n");
        for (told, periods) in lines {
            push(html, format_args!("<p>{}", Text(&told)));
            for (at, bucket) in periods.iter().take(TOLD).enumerate() {
                html.push_str(if at == 0 { self.lang.colon() } else { ", " });
                let words = format!("{} ({})", long(bucket, self.lang), number(self.lang, bucket.count));
                match (self.link)(bucket) {
                    Some(link) => push(html, format_args!("<a href=\"{}\">{}</a>", Text(link), Text(words))),
                    None => push(html, format_args!("{}", Text(words))),
                }
            }
            if periods.len() > TOLD {
                push(html, format_args!(", {}", self.lang.tell(format!("… {} more", periods.len() - TOLD))));
            }
            html.push_str("</p>\n");
        }
        html.push_str("</figcaption>\n");
    }
}

/// A stride as long as another at least, of which all labels are among those of a shorter one.
fn among(wide: i64, narrow: i64) -> i64 {
    if narrow % wide == 0 { narrow } else { narrow * wide }
}

fn draw_label(svg: &mut String, more: &str, anchor: &str, (x, below): (f64, f64), label: &str) {
    let y = TOP + PLOT + ROW * 0.5 + below;
    push(
        svg,
        format_args!(
            "<text class=\"tick{more}\" x=\"{x:.1}\" y=\"{y:.1}\" dy=\".4em\" text-anchor=\"{anchor}\">{}</text>\n",
            Text(label)
        ),
    );
}

/// As many periods as there are bars: those in a row that hold most reports, the last of them where several do.
fn busiest(buckets: &[Bucket]) -> &[Bucket] {
    let sum = |window: &[Bucket]| window.iter().map(|bucket| bucket.count).fold(0, u64::saturating_add);
    buckets.windows(MOST).max_by_key(|window| sum(window)).unwrap_or(buckets)
}

/// Writes to a text, which never fails.
fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}
