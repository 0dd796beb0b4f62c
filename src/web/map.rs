//! The map of the page: places of the reports as circles over the outlines of countries, each a link, in inline SVG
//! without script, style or anything to fetch.
//!
//! Colours and the size of letters come from the page's CSS by class (`src/web/assets/drawings.css`).

mod fit;
mod geometry;
mod labels;
mod land;
mod outlines;
mod shown;

use std::fmt::Write as _;

use crate::counts::FacetCount;
use crate::facet::FacetPath;
use crate::lang::Lang;
use crate::render::Text;
use crate::vocabulary::Vocabulary;

use geometry::{Bounds, Point, Spot, View};
use labels::{Anchor, Area, LETTERS, Label, Room};
use outlines::Outlines;
use shown::{Around, Finder, Place, Shown};

/// Units of the drawing.
const WIDTH: f64 = 640.0;
/// Units around what the view has to hold.
const MARGIN: f64 = 46.0;
/// Radius of the largest circle, and of the smallest.
const RADII: [f64; 2] = [30.0, 3.5];
/// Radius of a circle for one report, where few reports leave the room for it.
const ONE: f64 = 7.0;
/// Radius of what can be clicked, at least.
const CLICKED: f64 = 12.0;
/// Circles whose names are of the first rank.
const NAMED: usize = 12;
/// Widest main land, in degrees of latitude, of a selected country that the view takes in whole.
const WHOLE: f64 = 40.0;
/// Places told below the map at most.
const TOLD: usize = 12;

/// Draws the places of an answer.
///
/// `values` are the counts of the facet of places, as `Searcher::facets` gives them for all levels without a limit;
/// what is selected stands in them. The link of a place has to choose it instead of what is selected, since that is what
/// its number tells; that of a selected one is the page's to say.
///
/// Returns HTML: a `<figure class="map">` with the drawing and, where there are any, the places that it does not show.
pub(crate) fn svg(
    values: &[FacetCount],
    vocabulary: &Vocabulary,
    lang: Lang,
    link: &dyn Fn(&FacetPath) -> String,
) -> String {
    Map::new(values, vocabulary, lang, link).draw()
}

/// What is drawn, and where.
struct Map<'m> {
    outlines: &'static Outlines,
    finder: Finder<'m>,
    shown: Shown<'m>,
    view: View,
    /// Units of radius of a circle for one report.
    one: f64,
    lang: Lang,
    link: &'m dyn Fn(&FacetPath) -> String,
}

/// A circle in its place.
struct Circle<'p, 'm> {
    place: &'p Place<'m>,
    at: Spot,
    radius: f64,
    /// Reports that the circle stands for, if these are not all.
    rest: Option<u64>,
    label: Option<(Label, bool)>,
}

/// The name of a country, or of what is selected, in its place.
struct Title<'p, 'm> {
    place: &'p Place<'m>,
    label: Label,
}

impl<'m> Map<'m> {
    fn new(
        values: &'m [FacetCount],
        vocabulary: &'m Vocabulary,
        lang: Lang,
        link: &'m dyn Fn(&FacetPath) -> String,
    ) -> Self {
        let outlines = Outlines::builtin();
        let finder = Finder { vocabulary, outlines };
        let shown = finder.shown(values);
        let places: Vec<(Point, u64)> =
            shown.circles.iter().filter_map(|circle| Some((circle.point?, circle.reports))).collect();
        // A country that is selected is seen whole.
        let selected = shown.around.iter().filter(|around| around.opened && around.place.selected);
        let lands = selected.filter_map(|around| outlines.main_land(finder.country(around.place.count)?));
        let lands = lands.filter(|land| land.extent() <= WHOLE).reduce(Bounds::with);
        let part = fit::fit(&places).or(lands).map(|part| lands.map_or(part, |lands| part.with(lands)));
        let view = View::of(part.unwrap_or(Bounds::WORLD), WIDTH, if lands.is_some() { MARGIN / 2.0 } else { MARGIN });
        let most = shown.circles.iter().map(|circle| circle.reports).chain(rests(&shown)).max().unwrap_or(1).max(1);
        let one = (RADII[0] / (most as f64).sqrt()).min(ONE);
        Self { outlines, finder, shown, view, one, lang, link }
    }

    /// The radius of a circle, whose area goes by its reports.
    fn radius(&self, reports: u64) -> f64 {
        (self.one * (reports as f64).sqrt()).max(RADII[1])
    }

    /// Where a place stands, if it is in view.
    fn spot(&self, place: &Place) -> Option<Spot> {
        place.point.filter(|point| self.view.bounds.holds(*point)).map(|point| self.view.spot(point))
    }

    fn draw(&self) -> String {
        let mut circles: Vec<Circle> = self.circles();
        let mut room = Room::new(&self.view);
        for circle in &circles {
            room.take(Area::circle(circle.at, circle.radius));
        }
        let legend = self.legend(&mut room);
        let titles = self.titles(&mut room);
        self.name(&mut circles, &mut room);
        let others = self.others(&mut room);

        let (View { width, height, .. }, lang) = (self.view, self.lang);
        let mut html = format!(
            "<figure class=\"map\">\n<svg class=\"map-drawing\" viewBox=\"0 0 {width} {height:.0}\" role=\"group\" \
             aria-label=\"{}\">\n<rect class=\"sea\" width=\"{width}\" height=\"{height:.0}\"/>\n",
            Text(lang.tell("Map of the reports by place")),
        );
        self.draw_land(&mut html);
        html += &others;
        for title in &titles {
            self.draw_title(&mut html, title);
        }
        for circle in &circles {
            self.draw_circle(&mut html, circle);
        }
        html += &legend;
        html += "</svg>\n";
        self.draw_outside(&mut html);
        html + "</figure>\n"
    }

    /// The circles in view, the largest first, so that it lies below.
    fn circles(&self) -> Vec<Circle<'_, 'm>> {
        let rests = self.shown.around.iter().filter(|around| around.rest > 0);
        let rests = rests.filter_map(|Around { place, rest, .. }| {
            let (at, radius) = (self.spot(place)?, self.radius(*rest));
            Some(Circle { place, at, radius, rest: Some(*rest), label: None })
        });
        let own = self.shown.circles.iter().filter_map(|place| {
            let (at, radius) = (self.spot(place)?, self.radius(place.reports));
            Some(Circle { place, at, radius, rest: None, label: None })
        });
        let mut circles: Vec<Circle> = rests.chain(own).collect();
        circles.sort_by(|a, b| b.radius.total_cmp(&a.radius));
        circles
    }

    /// Finds room for the names of circles: the first rank at the size of narrow pages, what else fits at that of wide
    /// ones.
    fn name(&self, circles: &mut [Circle<'_, 'm>], room: &mut Room) {
        for (rank, first) in [(0, true), (1, false)] {
            let most = if first { NAMED } else { usize::MAX };
            let open = circles.iter_mut().filter(|circle| circle.rest.is_none()).take(most);
            for circle in open.filter(|circle| circle.label.is_none()) {
                let text = named(circle.place);
                let label = room.beside(&text, LETTERS[1 - rank], circle.at, circle.radius);
                circle.label = label.map(|label| (label, first));
            }
        }
    }

    /// Names of what the circles stand in, and of other countries with reports.
    fn titles(&self, room: &mut Room) -> Vec<Title<'_, 'm>> {
        let mut around: Vec<&Around> = self.shown.around.iter().collect();
        around.sort_by_key(|around| std::cmp::Reverse((around.opened, around.place.reports)));
        let title = |around: &&'_ Around<'m>| -> Option<Label> {
            let text = named(&around.place);
            match self.finder.country(around.place.count) {
                Some(country) => [1, 0]
                    .into_iter()
                    .find_map(|size| room.within(&text, LETTERS[size], self.outlines, country, &self.view)),
                None => {
                    let radius = if around.rest > 0 { self.radius(around.rest) } else { 0.0 };
                    room.beside(&text, LETTERS[1], self.spot(&around.place)?, radius)
                }
            }
        };
        let mut title = title;
        around.into_iter().filter_map(|around| Some(Title { label: title(&around)?, place: &around.place })).collect()
    }

    /// Names of countries without reports, faintly.
    fn others(&self, room: &mut Room) -> String {
        let mut svg = String::new();
        for country in land::in_view(self.outlines, &self.view).filter(|country| !country.name.is_empty()) {
            let told = self.shown.around.iter().map(|around| &around.place).chain(&self.shown.circles);
            let told = told.filter_map(|place| self.finder.country(place.count)).any(|own| std::ptr::eq(own, country));
            let label = (!told).then(|| room.within(country.name, LETTERS[0], self.outlines, country, &self.view));
            if let Some(label) = label.flatten() {
                text(&mut svg, "country more", &label, &Text(country.name).to_string());
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
        told += self.lang.colon();
        told += &self.reports(place.reports);
        if let Some(rest) = rest.filter(|rest| *rest < place.reports) {
            push(&mut told, format_args!(", {}", self.lang.tell(format!("at least {rest} without a narrower place"))));
        }
        let current = if place.selected { " aria-current=\"true\"" } else { "" };
        push(
            svg,
            format_args!(
                "<a class=\"{class}{}\" href=\"{}\" aria-label=\"{told}\"{current}><title>{told}</title>",
                if place.selected { " selected" } else { "" },
                Text((self.link)(&place.count.path)),
                told = Text(&told),
            ),
        );
    }

    fn draw_circle(&self, svg: &mut String, circle: &Circle) {
        self.open(svg, if circle.rest.is_some() { "place rest" } else { "place" }, circle.place, circle.rest);
        let Spot { x, y } = circle.at;
        if circle.radius < CLICKED {
            push(svg, format_args!("<circle class=\"reach\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{CLICKED}\"/>"));
        }
        push(svg, format_args!("<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"/>", circle.radius));
        if let Some((label, first)) = &circle.label {
            text(svg, if *first { "name" } else { "name more" }, label, &counted(circle.place));
        }
        svg.push_str("</a>\n");
    }

    fn draw_title(&self, svg: &mut String, title: &Title) {
        self.open(svg, "around", title.place, None);
        text(svg, "country", &title.label, &counted(title.place));
        svg.push_str("</a>\n");
    }

    /// What the sizes of circles mean, in the corner where most room is.
    fn legend(&self, room: &mut Room) -> String {
        let most = self.shown.circles.iter().map(|place| place.reports).chain(rests(&self.shown)).max();
        let Some(most) = most.filter(|most| *most > 0) else { return String::new() };
        let large = round_below(most);
        let small = round_below(large / 4);
        let sizes: Vec<u64> = if small > 0 { vec![large, small] } else { vec![large] };
        let radius = self.radius(large);
        let told = self.reports(large);
        let (wide, high) = (radius * 2.0 + 12.0 + labels::width(&told, LETTERS[1]), (radius * 2.0).max(34.0) + 12.0);
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
            let words = if row == 0 { told.clone() } else { size.to_string() };
            let y = if row == 0 { (bottom - 2.0 * own).min(bottom - 26.0) + 6.0 } else { bottom - 5.0 };
            let label = Label { at: Spot { x: x + radius + 4.0, y }, anchor: Anchor::Start };
            text(&mut svg, "size", &label, &Text(words).to_string());
        }
        svg + "</g>\n"
    }

    /// The places that are not drawn, below the map.
    fn draw_outside(&self, html: &mut String) {
        let unseen = self.shown.circles.iter().filter(|place| self.spot(place).is_none());
        let outside: Vec<&Place> = unseen.chain(&self.shown.crowded).collect();
        if outside.is_empty() {
            return;
        }
        push(html, format_args!("<figcaption>{}{}", self.lang.tell("not on the map"), self.lang.colon()));
        for (at, place) in outside.iter().take(TOLD).enumerate() {
            html.push_str(if at == 0 { "" } else { ", " });
            self.open_plain(html, place);
        }
        if outside.len() > TOLD {
            push(html, format_args!(", {}", self.lang.tell(format!("… {} more", outside.len() - TOLD))));
        }
        html.push_str("</figcaption>\n");
    }

    fn open_plain(&self, html: &mut String, place: &Place) {
        let current = if place.selected { " aria-current=\"true\"" } else { "" };
        push(
            html,
            format_args!(
                "<a href=\"{}\" title=\"{}\"{current}>{}</a>",
                Text((self.link)(&place.count.path)),
                Text(self.reports(place.reports)),
                counted(place)
            ),
        );
    }

    fn reports(&self, count: u64) -> String {
        self.lang.tell(if count == 1 { "1 report".to_owned() } else { format!("{count} reports") }).into_owned()
    }
}

/// Reports that the hollow circles stand for.
fn rests<'s>(shown: &'s Shown<'_>) -> impl Iterator<Item = u64> + 's {
    shown.around.iter().map(|around| around.rest)
}

/// The largest number of one digit and noughts that is not above another.
fn round_below(number: u64) -> u64 {
    let mut decade = 1_u64;
    while number / decade >= 10 {
        decade *= 10;
    }
    let digit = [5, 2, 1, 0].into_iter().find(|digit| number / decade >= *digit).unwrap_or(0);
    digit * decade
}

/// A place and its number, to measure.
fn named(place: &Place) -> String {
    format!("{} {}", place.count.path.name(), place.reports)
}

/// A place and its number, to draw.
fn counted(place: &Place) -> String {
    format!("{} <tspan class=\"number\">{}</tspan>", Text(place.count.path.name()), place.reports)
}

/// Writes a text in its place. What it says is escaped already.
fn text(svg: &mut String, class: &str, label: &Label, words: &str) {
    let (Spot { x, y }, anchor) = (label.at, label.anchor.name());
    push(
        svg,
        format_args!(
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" dy=\".35em\" text-anchor=\"{anchor}\">{words}</text>\n"
        ),
    );
}

/// Writes to a text, which never fails.
fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}
