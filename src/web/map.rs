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
/// Radius of the largest circle: the first that leaves every circle to be seen, else the last.
const LARGEST: [f64; 4] = [30.0, 26.0, 22.0, 18.0];
/// Radius of the smallest circle.
const SMALLEST: f64 = 3.5;
/// Radius of a circle for one report, where few reports leave the room for it.
const ONE: f64 = 7.0;
/// Radius of what can be clicked, at least.
const CLICKED: f64 = 12.0;
/// Circles whose names are of the first rank.
const NAMED: usize = 12;
/// Circles whose names stand across them where there is no room beside.
const ACROSS: usize = 4;
/// Units from the edges at which a place is in view.
const EDGE: f64 = 5.0;
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
    area: Area,
    /// Whether narrow pages show it too.
    first: bool,
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
        let mut map = Self { outlines, finder, shown, view, one: ONE, lang, link };
        let most = map.most().max(1);
        for largest in LARGEST {
            map.one = (largest / (most as f64).sqrt()).min(ONE);
            if !map.swallows() {
                break;
            }
        }
        map
    }

    /// Reports that the largest circle stands for.
    fn most(&self) -> u64 {
        let rests = self.shown.around.iter().map(|around| around.rest);
        self.shown.circles.iter().map(|place| place.reports).chain(rests).max().unwrap_or(0)
    }

    /// Whether the middle of a circle lies well inside a larger one.
    fn swallows(&self) -> bool {
        let circles = self.circles();
        circles.iter().enumerate().any(|(at, large)| {
            let smaller = circles[at + 1..].iter();
            smaller
                .map(|small| (large.at.x - small.at.x).hypot(large.at.y - small.at.y))
                .any(|apart| apart < large.radius * 0.6)
        })
    }

    /// The radius of a circle, whose area goes by its reports.
    fn radius(&self, reports: u64) -> f64 {
        (self.one * (reports as f64).sqrt()).max(SMALLEST)
    }

    /// Where a place stands, if it is in view.
    fn spot(&self, place: &Place) -> Option<Spot> {
        let spot = place.point.map(|point| self.view.spot(point))?;
        let inside = |at: f64, side: f64| at >= EDGE && at <= side - EDGE;
        (inside(spot.x, self.view.width) && inside(spot.y, self.view.height)).then_some(spot)
    }

    fn draw(&self) -> String {
        let mut circles: Vec<Circle> = self.circles();
        let mut room = Room::new(&self.view);
        for circle in &circles {
            room.take(Area::circle(circle.at, circle.radius));
        }
        let legend = self.legend(&mut room);
        let mut titles = self.titles(true, &mut room);
        self.name(&mut circles, &titles, &mut room);
        titles.extend(self.titles(false, &mut room));
        self.name_rest(&mut circles, &mut room);
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
        for circle in &circles {
            self.draw_name(&mut html, circle);
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

    /// Finds room for the names of the first rank, at the size of narrow pages.
    fn name(&self, circles: &mut [Circle<'_, 'm>], titles: &[Title], room: &mut Room) {
        let others: Vec<(Spot, f64)> = circles.iter().map(|circle| (circle.at, circle.radius)).collect();
        let mut names: Vec<Area> = titles.iter().map(|title| title.area).collect();
        let own = circles.iter_mut().filter(|circle| circle.rest.is_none());
        for (rank, circle) in own.take(NAMED).enumerate() {
            let (text, letters) = (named(circle.place), LETTERS[1]);
            let beside = room.beside(&text, letters, circle.at, circle.radius, &others);
            let across = || (rank < ACROSS).then(|| room.across(&text, letters, circle.at, &names)).flatten();
            if let Some(label) = beside.or_else(across) {
                names.push(label.area(labels::width(&text, letters), letters));
                circle.label = Some((label, true));
            }
        }
    }

    /// Finds room for the other names, at the size of wide pages.
    fn name_rest(&self, circles: &mut [Circle<'_, 'm>], room: &mut Room) {
        let others: Vec<(Spot, f64)> = circles.iter().map(|circle| (circle.at, circle.radius)).collect();
        for circle in circles.iter_mut().filter(|circle| circle.rest.is_none() && circle.label.is_none()) {
            let label = room.beside(&named(circle.place), LETTERS[0], circle.at, circle.radius, &others);
            circle.label = label.map(|label| (label, false));
        }
    }

    /// Names of what the circles stand in, or of other countries with reports.
    fn titles(&self, opened: bool, room: &mut Room) -> Vec<Title<'_, 'm>> {
        let mut around: Vec<&Around> = self.shown.around.iter().filter(|around| around.opened == opened).collect();
        around.sort_by_key(|around| std::cmp::Reverse(around.place.reports));
        let mut titles = Vec::new();
        for Around { place, rest, .. } in around {
            let text = named(place);
            for (first, letters, beyond) in
                [(true, LETTERS[1], 0.0), (false, LETTERS[0], 0.0), (false, LETTERS[0], 0.4)]
            {
                let label = match (self.finder.country(place.count), self.spot(place)) {
                    (Some(country), _) => room.within(&text, letters, beyond, (self.outlines, country), &self.view),
                    (None, Some(at)) => {
                        let radius = if *rest > 0 { self.radius(*rest) } else { 0.0 };
                        room.beside(&text, letters, at, radius, &[])
                    }
                    (None, None) => None,
                };
                if let Some(label) = label {
                    let area = label.area(labels::width(&text, letters), letters);
                    titles.push(Title { place, label, area, first });
                    break;
                }
            }
        }
        titles
    }

    /// Names of countries without reports, faintly.
    fn others(&self, room: &mut Room) -> String {
        let mut svg = String::new();
        for country in land::in_view(self.outlines, &self.view).filter(|country| !country.name.is_empty()) {
            let told = self.shown.around.iter().map(|around| &around.place).chain(&self.shown.circles);
            let told = told.filter_map(|place| self.finder.country(place.count)).any(|own| std::ptr::eq(own, country));
            let label =
                (!told).then(|| room.within(country.name, LETTERS[0], 0.0, (self.outlines, country), &self.view));
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
        push(svg, format_args!("<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"/></a>\n", circle.radius));
    }

    /// The name of a circle, above all circles: a second way to the same link, for the mouse only.
    fn draw_name(&self, svg: &mut String, circle: &Circle) {
        let Some((label, first)) = &circle.label else { return };
        push(
            svg,
            format_args!(
                "<a class=\"name{}\" href=\"{}\" tabindex=\"-1\" aria-hidden=\"true\">",
                if circle.place.selected { " selected" } else { "" },
                Text((self.link)(&circle.place.count.path))
            ),
        );
        text(svg, if *first { "" } else { "more" }, label, &counted(circle.place));
        svg.push_str("</a>\n");
    }

    fn draw_title(&self, svg: &mut String, title: &Title) {
        self.open(svg, "around", title.place, None);
        text(svg, if title.first { "country" } else { "country more" }, &title.label, &counted(title.place));
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
            let words = if row == 0 { told.clone() } else { size.to_string() };
            let y = if row == 0 { (bottom - 2.0 * own).min(bottom - 40.0) + 8.0 } else { bottom - 7.0 };
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
