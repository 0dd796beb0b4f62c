//! The map of the page: places of the reports as circles over the outlines of countries, each a link, in inline SVG
//! without script, style or anything to fetch.
//!
//! Colours and the size of letters come from the page's CSS by class (`src/web/assets/drawings.css`).

mod draw;
mod fit;
mod geometry;
mod labels;
mod land;
mod outlines;
#[cfg(test)]
mod samples;
mod shown;
#[cfg(test)]
mod tests;

use crate::counts::FacetCount;
use crate::facet::FacetPath;
use crate::lang::Lang;
use crate::vocabulary::Vocabulary;
use crate::web::page::words::number;

use geometry::{Bounds, Point, Spot, View};
use labels::{LETTERS, Label, Room};
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
/// Circles whose names are of the first rank.
const NAMED: usize = 12;
/// Circles whose names stand across them where there is no room beside.
const ACROSS: usize = 4;
/// Units from the edges at which a place is in view.
const EDGE: f64 = 5.0;
/// Widest main land, in degrees of latitude, of a selected country that the view takes in whole.
const WHOLE: f64 = 40.0;
/// Degrees of latitude that a view is wide, at least, by the level of its broadest circles from 0: what lies around a
/// place, by which it is known, is seen too.
const NARROWEST: [f64; 5] = [12.0, 12.0, 12.0, 5.0, 3.0];

/// Draws the places of an answer.
///
/// `values` are the counts of the facet of places, as `Searcher::facets` gives them for all levels without a limit;
/// what is selected stands in them. The link of a place has to choose it instead of what is selected, since that is what
/// its number tells; that of a selected one is the page's to say. `all` is the address where all places are listed.
///
/// Returns HTML: a `<figure class="map">` with the drawing and, where there are any, the places that it does not show.
pub(crate) fn svg(
    values: &[FacetCount],
    vocabulary: &Vocabulary,
    lang: Lang,
    link: &dyn Fn(&FacetPath) -> String,
    all: &str,
) -> String {
    Map::new(values, vocabulary, lang, link).draw(all)
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
        let places: Vec<(Point, u64)> = shown
            .circles
            .iter()
            .chain(&shown.crowded)
            .filter_map(|place| Some((place.point?, place.reports)))
            .collect();
        // A country that is selected is seen whole.
        let selected = shown.around.iter().filter(|around| around.opened && around.place.selected);
        let lands = selected.filter_map(|around| outlines.main_land(finder.country(around.place.count)?));
        let lands = lands.filter(|land| land.extent() <= WHOLE).reduce(Bounds::with);
        let part = fit::fit(&places).or(lands).map(|part| lands.map_or(part, |lands| part.with(lands)));
        let level = shown.circles.iter().map(|circle| circle.count.path.names().len()).min().unwrap_or(0);
        let narrowest = NARROWEST[level.min(NARROWEST.len() - 1)];
        let margin = if lands.is_some() { MARGIN / 2.0 } else { MARGIN };
        let view = View::of(part.unwrap_or(Bounds::WORLD), WIDTH, margin, narrowest);
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

    /// Names of what the circles stand in, or of other countries with reports.
    fn titles(&self, opened: bool, room: &mut Room) -> Vec<Title<'_, 'm>> {
        let mut around: Vec<&Around> = self.shown.around.iter().filter(|around| around.opened == opened).collect();
        around.sort_by_key(|around| std::cmp::Reverse(around.place.reports));
        let mut titles = Vec::new();
        for Around { place, rest, .. } in around {
            let narrow = self.title(place, *rest, LETTERS[1], false, room).map(|label| (label, true));
            // Wide pages show the name anyhow, if there is any room.
            let wide = |anyhow: bool| self.title(place, *rest, LETTERS[0], anyhow, room);
            let label = narrow.or_else(|| [false, true].into_iter().find_map(wide).map(|label| (label, false)));
            titles.extend(label.map(|(label, first)| Title { place, label, first }));
        }
        titles
    }

    /// Finds room for the name of what circles stand in: in its outline, or beside its own circle.
    fn title(&self, place: &Place, rest: u64, letters: f64, anyhow: bool, room: &mut Room) -> Option<Label> {
        let text = named(place, self.lang);
        let country = self.finder.country(place.count);
        let in_it = country.and_then(|country| {
            let strictly = room.within(&text, letters, self.outlines, country, &self.view);
            let mut over = || room.within_over(&text, letters, self.outlines, country, &self.view);
            if strictly.is_none() && anyhow { over() } else { strictly }
        });
        if in_it.is_some() || (country.is_some() && (rest == 0 || !anyhow)) {
            return in_it;
        }
        let radius = if rest > 0 { self.radius(rest) } else { 0.0 };
        room.beside(&text, letters, self.spot(place)?, radius, &[])
    }
}

/// Finds room for the names of the first rank, at the size of narrow pages.
fn name(circles: &mut [Circle], room: &mut Room, lang: Lang) {
    let others: Vec<(Spot, f64)> = circles.iter().map(|circle| (circle.at, circle.radius)).collect();
    let own = circles.iter_mut().filter(|circle| circle.rest.is_none());
    for (rank, circle) in own.take(NAMED).enumerate() {
        let (text, at, radius) = (named(circle.place, lang), circle.at, circle.radius);
        let mut beside = |letters: f64, others| room.beside(&text, letters, at, radius, others);
        // A side that is free is better than other circles below the name, even if narrow pages do not show it.
        let narrow = beside(LETTERS[1], &others[..]).or_else(|| beside(LETTERS[1], &[]).filter(|_| rank < ACROSS));
        circle.label = narrow.map(|label| (label, true));
        if circle.label.is_none() && rank < ACROSS {
            let wide = beside(LETTERS[0], &others[..]).or_else(|| beside(LETTERS[0], &[])).map(|label| (label, false));
            circle.label = wide.or_else(|| Some((room.across(&text, LETTERS[1], at)?, true)));
        }
    }
}

/// Finds room for the other names, at the size of wide pages.
fn name_rest(circles: &mut [Circle], room: &mut Room, lang: Lang) {
    let others: Vec<(Spot, f64)> = circles.iter().map(|circle| (circle.at, circle.radius)).collect();
    for circle in circles.iter_mut().filter(|circle| circle.rest.is_none() && circle.label.is_none()) {
        let label = room.beside(&named(circle.place, lang), LETTERS[0], circle.at, circle.radius, &others);
        circle.label = label.map(|label| (label, false));
    }
}

/// A place and its number, if that is of the reports that answer.
fn named(place: &Place, lang: Lang) -> String {
    let name = place.count.path.name();
    if place.instead { name.to_owned() } else { format!("{name} {}", number(lang, place.reports)) }
}
