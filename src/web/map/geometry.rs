//! Places in degrees, and the view that brings them onto the drawing.
//!
//! The projection is the equirectangular one with the parallel of the view's middle at its true length: a place moves
//! with its degrees, and shapes are right where the reports are.

/// A place, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) east: f64,
    pub(super) north: f64,
}

impl Point {
    /// A place from degrees that may be none.
    pub(super) fn checked(north: f64, east: f64) -> Option<Self> {
        // Neither holds for what is no number.
        ((-90.0..=90.0).contains(&north) && (-180.0..=180.0).contains(&east)).then_some(Self { east, north })
    }
}

/// A part of the world between two meridians and two parallels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) west: f64,
    pub(super) south: f64,
    pub(super) east: f64,
    pub(super) north: f64,
}

impl Bounds {
    /// What is shown where no place is.
    pub(super) const WORLD: Self = Self { west: -120.0, south: -38.0, east: 150.0, north: 62.0 };

    /// The least that holds all places; nothing if there is none.
    pub(super) fn of(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        let one = |point: Point| Self { west: point.east, south: point.north, east: point.east, north: point.north };
        points.into_iter().map(one).reduce(Self::with)
    }

    /// The least that holds both.
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.west <= other.east && other.west <= self.east && self.south <= other.north && other.south <= self.north
    }

    #[cfg(test)]
    pub(super) fn holds(self, point: Point) -> bool {
        self.meets(Self { west: point.east, south: point.north, east: point.east, north: point.north })
    }

    /// Degrees of latitude that the longer side is long.
    pub(super) fn extent(self) -> f64 {
        let width = (self.east - self.west) * f64::midpoint(self.south, self.north).to_radians().cos();
        width.max(self.north - self.south)
    }
}

/// A place on the drawing, in units of its `viewBox`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// Degrees of latitude up to which shapes are right.
const NORTHERNMOST: f64 = 70.0;

/// What of the world is drawn, and how large.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    /// Units of the drawing.
    pub(super) width: f64,
    pub(super) height: f64,
    /// What meets the edges of the drawing.
    pub(super) bounds: Bounds,
    /// Units a degree of latitude.
    scale: f64,
    /// What a degree of longitude is of one of latitude.
    cosine: f64,
}

impl View {
    /// The least and the greatest height, of a width of 1.
    const HEIGHTS: [f64; 2] = [0.5, 0.75];

    /// A view that holds a part of the world with a margin (units) around it, and is no narrower than some degrees of
    /// latitude.
    pub(super) fn of(part: Bounds, width: f64, margin: f64, narrowest: f64) -> Self {
        let middle = Point { east: f64::midpoint(part.west, part.east), north: f64::midpoint(part.south, part.north) };
        // Where meridians run together, no view grows wide beyond use.
        let cosine = middle.north.clamp(-NORTHERNMOST, NORTHERNMOST).to_radians().cos();
        let wide = ((part.east - part.west) * cosine).max(narrowest);
        let high = (part.north - part.south).max(narrowest * Self::HEIGHTS[0]);
        let inner = width - 2.0 * margin;
        let height = (inner * high / wide + 2.0 * margin).clamp(width * Self::HEIGHTS[0], width * Self::HEIGHTS[1]);
        let scale = (inner / wide).min((height - 2.0 * margin) / high);
        let (half_wide, half_high) = (width / scale / cosine / 2.0, height / scale / 2.0);
        let bounds = Bounds {
            west: middle.east - half_wide,
            east: middle.east + half_wide,
            south: middle.north - half_high,
            north: middle.north + half_high,
        };
        Self { width, height, bounds, scale, cosine }
    }

    /// Where a place stands on the drawing.
    pub(super) fn spot(&self, point: Point) -> Spot {
        Spot {
            x: (point.east - self.bounds.west) * self.cosine * self.scale,
            y: (self.bounds.north - point.north) * self.scale,
        }
    }

    /// The parallel of a height on the drawing.
    pub(super) fn parallel(&self, y: f64) -> f64 {
        self.bounds.north - y / self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_holds_its_part_with_a_margin_and_is_true_in_the_middle() {
        for (west, south, east, north) in
            [(-12.0, 10.0, 4.0, 25.0), (0.0, 0.0, 0.0, 0.0), (-180.0, -90.0, 180.0, 90.0), (20.0, 60.0, 21.0, 89.0)]
        {
            let part = Bounds { west, south, east, north };
            let view = View::of(part, 640.0, 40.0, 3.0);
            assert!((320.0..=480.0).contains(&view.height), "{view:?}");
            let middle = f64::midpoint(south, north);
            for (east, north) in [(west, middle), (east, middle)] {
                let spot = view.spot(Point { east, north });
                assert!((39.9..=600.1).contains(&spot.x), "{part:?} {spot:?}");
                assert!((spot.y - view.height / 2.0).abs() < 0.1, "{part:?} {spot:?}");
            }
            // A degree is as long to the north as to the east, in kilometres.
            let here = Point { east: f64::midpoint(west, east), north: middle };
            let up = view.spot(here).y - view.spot(Point { north: here.north + 1.0, ..here }).y;
            let right = view.spot(Point { east: here.east + 1.0, ..here }).x - view.spot(here).x;
            assert!((right / up - middle.min(70.0).to_radians().cos()).abs() < 1e-6);
        }
    }

    #[test]
    fn what_is_no_place_is_none() {
        assert!(Point::checked(13.5, 2.1).is_some());
        for (north, east) in [(f64::NAN, 2.0), (2.0, f64::NAN), (91.0, 0.0), (0.0, -180.5), (f64::INFINITY, 0.0)] {
            assert_eq!(Point::checked(north, east), None);
        }
    }
}
