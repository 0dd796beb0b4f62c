//! Where names stand on the map: beside their circle or in the middle of their country, and never on each other.

use super::geometry::{Point, Spot, View};
use super::outlines::{Country, Outlines};

/// Units of the letters of names on a wide page, and on a narrow one, where the drawing is scaled down and only the
/// names of the first rank are shown. The page's CSS has the same two sizes.
pub(super) const LETTERS: [f64; 2] = [13.0, 21.0];
/// What a letter is wide on average, of its size.
const LETTER_WIDTH: f64 = 0.6;
/// Rows of places that are tried for the name of a country.
const ROWS: u32 = 24;

/// The share of a name of a country that may stand beyond its borders, where nothing else is left.
const BEYOND: f64 = 0.4;

/// A part of the drawing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    /// What a circle takes.
    pub(super) fn circle(at: Spot, radius: f64) -> Self {
        Self { left: at.x - radius, top: at.y - radius, right: at.x + radius, bottom: at.y + radius }
    }

    /// Units from a spot to the nearest point of it.
    fn distance(&self, spot: Spot) -> f64 {
        let x = (self.left - spot.x).max(spot.x - self.right).max(0.0);
        let y = (self.top - spot.y).max(spot.y - self.bottom).max(0.0);
        x.hypot(y)
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

/// How a text stands to its place: `text-anchor` of SVG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A name in its place; its letters stand around the height `at.y`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Label {
    pub(super) at: Spot,
    pub(super) anchor: Anchor,
}

impl Label {
    /// What a text of a width takes there.
    pub(super) fn area(&self, width: f64, letters: f64) -> Area {
        let left = match self.anchor {
            Anchor::Start => self.at.x,
            Anchor::Middle => self.at.x - width / 2.0,
            Anchor::End => self.at.x - width,
        };
        let half = letters * 0.6;
        Area { left, top: self.at.y - half, right: left + width, bottom: self.at.y + half }
    }
}

/// What of the drawing is taken.
pub(super) struct Room {
    width: f64,
    height: f64,
    circles: Vec<Area>,
    names: Vec<Area>,
}

impl Room {
    pub(super) fn new(view: &View) -> Self {
        Self { width: view.width, height: view.height, circles: Vec::new(), names: Vec::new() }
    }

    /// Takes a part for a circle.
    pub(super) fn circle(&mut self, at: Spot, radius: f64) {
        self.circles.push(Area::circle(at, radius));
    }

    /// Takes a part for words.
    pub(super) fn take(&mut self, area: Area) {
        self.names.push(area);
    }

    /// How many circles and words meet a part.
    pub(super) fn met(&self, area: &Area) -> usize {
        self.circles.iter().chain(&self.names).filter(|taken| taken.meets(area)).count()
    }

    /// Whether the drawing holds a part, and a little more.
    fn inside(&self, area: &Area) -> bool {
        area.left >= 2.0 && area.top >= 2.0 && area.right <= self.width - 2.0 && area.bottom <= self.height - 2.0
    }

    /// The first of some places for a text that is free, taken.
    fn place(&mut self, text: &str, letters: f64, places: impl IntoIterator<Item = Label>) -> Option<Label> {
        let width = width(text, letters);
        let area = |label: &Label| label.area(width, letters);
        let label = places.into_iter().find(|label| self.inside(&area(label)) && self.met(&area(label)) == 0)?;
        self.take(area(&label));
        Some(label)
    }

    /// Of some places for a text that no other words stand in, the first that fewest circles meet, taken.
    fn place_over(&mut self, text: &str, letters: f64, places: impl IntoIterator<Item = Label>) -> Option<Label> {
        let width = width(text, letters);
        let area = |label: &Label| label.area(width, letters);
        let free = |label: &Label| self.inside(&area(label)) && !self.names.iter().any(|name| name.meets(&area(label)));
        let label = places.into_iter().filter(free).min_by_key(|label| self.met(&area(label)))?;
        self.take(area(&label));
        Some(label)
    }

    /// A place for the name of a circle, beside, below or above it, and nearer to it than to any of `others`.
    pub(super) fn beside(
        &mut self,
        text: &str,
        letters: f64,
        at: Spot,
        radius: f64,
        others: &[(Spot, f64)],
    ) -> Option<Label> {
        let (across, along) = (radius + 4.0, radius + letters * 0.6 + 1.0);
        let slant = radius * 0.75 + 2.0;
        let places = [
            (across, 0.0, Anchor::Start),
            (-across, 0.0, Anchor::End),
            (0.0, along, Anchor::Middle),
            (0.0, -along, Anchor::Middle),
            (slant, slant + letters * 0.4, Anchor::Start),
            (slant, -slant - letters * 0.4, Anchor::Start),
            (-slant, slant + letters * 0.4, Anchor::End),
            (-slant, -slant - letters * 0.4, Anchor::End),
        ];
        let label = |(x, y, anchor)| Label { at: Spot { x: at.x + x, y: at.y + y }, anchor };
        let own = width(text, letters);
        let clear = |label: &Label| {
            let area = label.area(own, letters);
            let gap = area.distance(at) - radius;
            others.iter().filter(|other| other.0 != at).all(|other| area.distance(other.0) - other.1 > gap)
        };
        self.place(text, letters, places.map(label).into_iter().filter(clear))
    }

    /// The middle of a circle for its name, across other circles but not across other names.
    pub(super) fn across(&mut self, text: &str, letters: f64, at: Spot) -> Option<Label> {
        self.place_over(text, letters, [Label { at, anchor: Anchor::Middle }])
    }

    /// A place for the name of a country: where what is seen of it is widest.
    pub(super) fn within(
        &mut self,
        text: &str,
        letters: f64,
        outlines: &Outlines,
        country: &Country,
        view: &View,
    ) -> Option<Label> {
        let labels = stretches(width(text, letters), 0.0, outlines, country, view);
        self.place(text, letters, labels)
    }

    /// A place for the name of a country that may stand across circles, and a little beyond the borders.
    pub(super) fn within_over(
        &mut self,
        text: &str,
        letters: f64,
        outlines: &Outlines,
        country: &Country,
        view: &View,
    ) -> Option<Label> {
        let labels = stretches(width(text, letters), BEYOND, outlines, country, view);
        self.place_over(text, letters, labels)
    }
}

/// Places for a name of a width in a country, those where what is seen of it is widest first. A share of the name may
/// stand beyond its borders.
fn stretches(width: f64, beyond: f64, outlines: &Outlines, country: &Country, view: &View) -> Vec<Label> {
    let mut places: Vec<(f64, Spot)> = Vec::new();
    for row in 1..ROWS {
        let y = view.height * f64::from(row) / f64::from(ROWS);
        let north = view.parallel(y);
        for stretch in outlines.crossings(country, north).chunks_exact(2) {
            let ends = [stretch[0], stretch[1]].map(|east| view.spot(Point { east, north }).x);
            let (left, right) = (ends[0].max(0.0), ends[1].min(view.width));
            let spare = right - left - width;
            if right > left && spare > -beyond * width {
                // The middle first; what is near an end only where the stretch is long.
                for share in [0.5, 0.3, 0.7, 0.15, 0.85] {
                    let x = left + width / 2.0 + spare * share;
                    places.push((spare.min(width) - width * (share - 0.5_f64).abs(), Spot { x, y }));
                }
            }
        }
    }
    // Of rows that are as wide, the one in the middle of them.
    let middle = places.iter().map(|place| place.1.y).sum::<f64>() / places.len().max(1) as f64;
    let worth = |place: &(f64, Spot)| place.0 - (place.1.y - middle).abs() * 0.5;
    places.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    places.into_iter().map(|(_, at)| Label { at, anchor: Anchor::Middle }).collect()
}

/// Units that a text is wide, about.
pub(super) fn width(text: &str, letters: f64) -> f64 {
    text.chars().count() as f64 * letters * LETTER_WIDTH
}
