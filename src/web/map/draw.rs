//! The drawing of a map that is laid out: SVG, and below it what is not drawn.

use std::fmt::Write as _;

use super::geometry::{Spot, View};
use super::labels::{self, Anchor, Area, LETTERS, Label, Room};
use super::shown::Place;
use super::{Circle, Map, Title, land, name, name_rest};
use crate::lang::Lang;
use crate::render::Text;
use crate::web::page::words::{self, number};

/// Radius of what can be clicked, at least.
const CLICKED: f64 = 12.0;
/// The same on narrow pages, where the drawing is scaled down; the page's CSS has it too.
const CLICKED_NARROW: f64 = 22.0;
/// Places told below the map at most.
const TOLD: usize = 12;

impl Map<'_> {
    /// Finds room for all names and writes the map.
    pub(super) fn draw(&self, all: &str) -> String {
        let mut circles: Vec<Circle> = self.circles();
        let mut room = Room::new(&self.view);
        for circle in &circles {
            room.circle(circle.at, circle.radius);
        }
        let legend = self.legend(&mut room);
        let mut titles = self.titles(true, &mut room);
        name(&mut circles, &mut room, self.lang);
        titles.extend(self.titles(false, &mut room));
        name_rest(&mut circles, &mut room, self.lang);
        let others = self.others(&mut room);

        let (View { width, height, .. }, lang) = (self.view, self.lang);
        let mut html = format!(
            "<figure class=\"map\">\n<svg class=\"map-drawing\" viewBox=\"0 0 {width} {height:.0}\" role=\"group\" \
             aria-label=\"{}\">\n<rect class=\"sea\" width=\"{width}\" height=\"{height:.0}\"/>\n",
            Text(lang.tell("Map of the reports by place")),
        );
        self.draw_land(&mut html);
        html += &others;
        for circle in &circles {
            self.draw_circle(&mut html, circle);
        }
        for Title { place, label, first } in &titles {
            let more = if *first { "" } else { " more" };
            if circles.iter().any(|circle| circle.place.count.path == place.count.path) {
                self.draw_name(&mut html, "around", place, ("country", more), label);
            } else {
                self.open(&mut html, "around", place, None);
                text(&mut html, ("country", more), label, &counted(place, self.lang));
                html.push_str("</a>\n");
            }
        }
        for circle in &circles {
            if let Some((label, first)) = &circle.label {
                let more = if *first { "" } else { " more" };
                self.draw_name(&mut html, "name", circle.place, ("name", more), label);
            }
        }
        html += &legend;
        html += "</svg>\n";
        self.draw_outside(&mut html, all);
        html + "</figure>\n"
    }

    /// Names of countries without reports, faintly.
    fn others(&self, room: &mut Room) -> String {
        let mut svg = String::new();
        for country in land::in_view(self.outlines, &self.view).filter(|country| !country.name.is_empty()) {
            let told = self.shown.around.iter().map(|around| &around.place).chain(&self.shown.circles);
            let told = told.filter_map(|place| self.finder.country(place.count)).any(|own| std::ptr::eq(own, country));
            let label = (!told).then(|| room.within(country.name, LETTERS[0], self.outlines, country, &self.view));
            if let Some(label) = label.flatten() {
                text(&mut svg, ("country", " more"), &label, &Text(country.name).to_string());
            }
        }
        if svg.is_empty() { svg } else { format!("<g aria-hidden=\"true\">\n{svg}</g>\n") }
    }

    fn draw_land(&self, svg: &mut String) {
        svg.push_str("<g class=\"lands\" aria-hidden=\"true\">\n");
        for country in land::in_view(self.outlines, &self.view) {
            let path = land::path(self.outlines, country, &self.view);
            if !path.is_empty() {
                push(svg, format_args!("<path class=\"land\" fill-rule=\"evenodd\" d=\"{path}\"/>\n"));
            }
        }
        svg.push_str("</g>\n");
    }

    /// Begins the link of a place.
    fn open(&self, svg: &mut String, class: &str, place: &Place, rest: Option<u64>) {
        let mut told = place.count.path.names().iter().rev().map(String::as_str).collect::<Vec<_>>().join(", ");
        told += if place.instead { " – " } else { self.lang.colon() };
        told += &self.gives(place);
        if let Some(rest) = rest.filter(|rest| *rest < place.reports) {
            push(&mut told, format_args!(", {}", self.least(rest)));
        }
        let current = if place.selected { " aria-current=\"true\"" } else { "" };
        push(
            svg,
            format_args!(
                "<a class=\"{class}{}{}\" href=\"{}\" aria-label=\"{told}\"{current}><title>{told}</title>",
                if rest.is_some() { " rest" } else { "" },
                if place.selected { " selected" } else { "" },
                Text((self.link)(&place.count.path)),
                told = Text(&told),
            ),
        );
    }

    fn draw_circle(&self, svg: &mut String, circle: &Circle) {
        self.open(svg, "place", circle.place, circle.rest);
        let Spot { x, y } = circle.at;
        if circle.radius < CLICKED_NARROW {
            push(
                svg,
                format_args!(
                    "<circle class=\"reach\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"/>",
                    circle.radius.max(CLICKED)
                ),
            );
        }
        push(svg, format_args!("<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"/></a>\n", circle.radius));
    }

    /// The name of a place that has a circle, above all circles: a second way to the same link, for the mouse only.
    fn draw_name(&self, svg: &mut String, class: &str, place: &Place, classes: (&str, &str), label: &Label) {
        push(
            svg,
            format_args!(
                "<a class=\"{class}{}\" href=\"{}\" tabindex=\"-1\" aria-hidden=\"true\">",
                if place.selected { " selected" } else { "" },
                Text((self.link)(&place.count.path))
            ),
        );
        text(svg, classes, label, &counted(place, self.lang));
        svg.push_str("</a>\n");
    }

    /// What the sizes of circles mean, in the corner where most room is.
    fn legend(&self, room: &mut Room) -> String {
        let most = self.most();
        if most == 0 {
            return String::new();
        }
        let large = round_below(most);
        let small = round_below(large / 4);
        let sizes: Vec<u64> = if small > 0 { vec![large, small] } else { vec![large] };
        let radius = self.radius(large);
        let told = self.reports(large);
        let (wide, high) = (radius * 2.0 + 12.0 + labels::width(&told, LETTERS[1]), (radius * 2.0).max(44.0) + 12.0);
        let corners = [
            (0.0, self.view.height - high),
            (self.view.width - wide, self.view.height - high),
            (0.0, 0.0),
            (self.view.width - wide, 0.0),
        ];
        let area = |&(left, top): &(f64, f64)| Area { left, top, right: left + wide, bottom: top + high };
        let Some(corner) = corners.into_iter().min_by_key(|corner| room.met(&area(corner))) else {
            return String::new();
        };
        room.take(area(&corner));
        let (x, bottom) = (corner.0 + 6.0 + radius, corner.1 + high - 6.0);
        let mut svg = String::from("<g class=\"legend\" aria-hidden=\"true\">\n");
        for (row, size) in sizes.iter().enumerate() {
            let own = self.radius(*size);
            push(&mut svg, format_args!("<circle cx=\"{x:.1}\" cy=\"{:.1}\" r=\"{own:.1}\"/>", bottom - own));
            let words = if row == 0 { told.clone() } else { number(self.lang, *size) };
            let y = if row == 0 { (bottom - 2.0 * own).min(bottom - 40.0) + 8.0 } else { bottom - 7.0 };
            let label = Label { at: Spot { x: x + radius + 4.0, y }, anchor: Anchor::Start };
            text(&mut svg, ("size", ""), &label, &Text(words).to_string());
        }
        svg + "</g>\n"
    }

    /// The places that are not drawn, below the map: those beyond its edges, and those that it has no circle for.
    fn draw_outside(&self, html: &mut String, all: &str) {
        let unseen = self.shown.circles.iter().filter(|place| self.spot(place).is_none());
        let (crowded, far): (Vec<&Place>, Vec<&Place>) =
            self.shown.crowded.iter().partition(|place| self.spot(place).is_some());
        let outside: Vec<&Place> = unseen.chain(far).collect();
        if outside.is_empty() && crowded.is_empty() {
            return;
        }
        html.push_str("<figcaption>");
        if !outside.is_empty() {
            push(html, format_args!("<p class=\"off\">{}{}", self.lang.tell("not on the map"), self.lang.colon()));
            for (at, place) in outside.iter().take(TOLD).enumerate() {
                html.push_str(if at == 0 { "" } else { ", " });
                let current = if place.selected { " aria-current=\"true\"" } else { "" };
                let names = place.count.path.names();
                let twice =
                    outside.iter().filter(|other| other.count.path.name() == place.count.path.name()).count() > 1;
                let country = names.first().filter(|_| twice && names.len() > 1);
                let country = country.map(|country| format!(" ({country})")).unwrap_or_default();
                let count =
                    if place.instead { String::new() } else { format!(" {}", number(self.lang, place.reports)) };
                push(
                    html,
                    format_args!(
                        "<a href=\"{}\" title=\"{}\"{current}>{}</a>",
                        Text((self.link)(&place.count.path)),
                        Text(self.gives(place)),
                        Text(format!("{}{country}{count}", place.count.path.name())),
                    ),
                );
            }
            if outside.len() > TOLD {
                push(html, format_args!(", {}", self.lang.tell(format!("… {} more", outside.len() - TOLD))));
            }
            html.push_str("</p>");
        }
        if !crowded.is_empty() {
            let places = words::counted(self.lang, crowded.len() as u64, "place");
            push(
                html,
                format_args!(
                    "<p class=\"crowded\">{}{}<a href=\"{}\" rel=\"nofollow\">{places}</a></p>",
                    self.lang.tell("no circle, for want of room"),
                    self.lang.colon(),
                    Text(all),
                ),
            );
        }
        html.push_str("</figcaption>\n");
    }

    /// What a click on a place gives.
    fn gives(&self, place: &Place) -> String {
        let reports = self.reports(place.reports);
        if place.instead { format!("{}{}{reports}", self.lang.tell("instead"), self.lang.colon()) } else { reports }
    }

    /// Reports that no circle within can explain.
    fn least(&self, rest: u64) -> String {
        let told = self.lang.tell(format!("at least {rest} without a narrower place"));
        told.replacen(&rest.to_string(), &number(self.lang, rest), 1)
    }

    fn reports(&self, count: u64) -> String {
        words::counted(self.lang, count, "report")
    }
}

/// The largest of 1, 2 and 5 times a power of ten that is not above a number; 0 for 0.
pub(super) fn round_below(number: u64) -> u64 {
    let mut decade = 1_u64;
    while number / decade >= 10 {
        decade *= 10;
    }
    let digit = [5, 2, 1, 0].into_iter().find(|digit| number / decade >= *digit).unwrap_or(0);
    digit * decade
}

/// A place and its number, as it was laid out, to draw.
fn counted(place: &Place, lang: Lang) -> String {
    let name = Text(place.count.path.name()).to_string();
    if place.instead {
        return name;
    }
    name + &format!("<tspan class=\"number\"> {}</tspan>", number(lang, place.reports))
}

/// Writes a text in its place. What it says is escaped already; the second class is ` more` where narrow pages do not
/// show it.
fn text(svg: &mut String, (class, more): (&str, &str), label: &Label, words: &str) {
    let (Spot { x, y }, anchor) = (label.at, label.anchor.name());
    push(
        svg,
        format_args!(
            "<text class=\"{class}{more}\" x=\"{x:.1}\" y=\"{y:.1}\" dy=\".35em\" text-anchor=\"{anchor}\">{words}</text>\n"
        ),
    );
}

/// Writes to a text, which never fails.
fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}
