//! Which part of the world the map shows: what holds most reports on the least room.
//!
//! From every place, the nearest others join one after another; each of these parts of the world is judged by the share
//! of the reports that it holds, less [`PRICE`] for each doubling of its extent beyond [`FREE`]. One report of twenty
//! about Ukraine does not zoom the Sahel out; a third of them does. What else lies within the free extent joins at last.

use super::geometry::{Bounds, Point};

/// The share of reports that a view twice as wide has to bring in.
const PRICE: f64 = 0.2;
/// Degrees of latitude up to which a view costs nothing: from Kayes to Diffa, and from the Gulf of Guinea to Kidal.
const FREE: f64 = 24.0;
/// What a degree costs below: of two views that hold the same, the narrower one is taken.
const TIE: f64 = 1e-9;

/// The part of the world to show of places with their reports; nothing if there is no place.
pub(super) fn fit(places: &[(Point, u64)]) -> Option<Bounds> {
    let total: f64 = places.iter().map(|place| weight(place.1)).sum();
    let mut best: Option<(f64, Bounds)> = None;
    for start in places {
        let mut others: Vec<(f64, &(Point, u64))> =
            places.iter().map(|place| (distance(start.0, place.0), place)).collect();
        others.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut held, mut bounds) = (0.0, None::<Bounds>);
        for (_, (point, reports)) in others {
            held += weight(*reports);
            let one = Bounds::of([*point]);
            bounds = bounds.zip(one).map_or(one, |(bounds, one)| Some(bounds.with(one)));
            let Some(bounds) = bounds else { continue };
            let worth = held / total - price(bounds.extent());
            if best.is_none_or(|(most, _)| worth > most) {
                best = Some((worth, bounds));
            }
        }
    }
    let (_, best) = best?;
    let mut heaviest: Vec<&(Point, u64)> = places.iter().collect();
    heaviest.sort_by_key(|place| std::cmp::Reverse(place.1));
    Some(heaviest.into_iter().filter_map(|(point, _)| Bounds::of([*point])).fold(best, |held, one| {
        let more = held.with(one);
        if more.extent() <= FREE { more } else { held }
    }))
}

/// The share of reports that a view of some degrees has to be worth.
fn price(extent: f64) -> f64 {
    PRICE * (extent / FREE).max(1.0).log2() + TIE * extent
}

/// What is not asked for weighs next to nothing, and still finds a place.
fn weight(reports: u64) -> f64 {
    (reports as f64).max(1e-3)
}

/// Degrees of latitude, near enough to tell what is nearer.
fn distance(a: Point, b: Point) -> f64 {
    let cosine = f64::midpoint(a.north, b.north).to_radians().cos();
    ((a.east - b.east) * cosine).hypot(a.north - b.north)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOPTI: (f64, f64) = (14.5, -4.2);
    const GAO: (f64, f64) = (16.3, 0.0);
    const TILLABERI: (f64, f64) = (14.2, 1.5);
    const KYIV: (f64, f64) = (50.5, 30.5);

    /// Which of some places a fit to them holds.
    fn held<const N: usize>(places: [((f64, f64), u64); N]) -> [bool; N] {
        let places = places.map(|((north, east), reports)| (Point { east, north }, reports));
        let bounds = fit(&places).unwrap();
        places.map(|(point, _)| bounds.holds(point))
    }

    #[test]
    fn a_lone_report_far_away_does_not_zoom_out() {
        assert_eq!(held([(MOPTI, 12), (GAO, 5), (TILLABERI, 2), (KYIV, 1)]), [true, true, true, false]);
        assert_eq!(held([(KYIV, 1), (MOPTI, 12), (GAO, 5), (TILLABERI, 2)]), [false, true, true, true]);
        assert_eq!(held([(KYIV, 9), (MOPTI, 8), (GAO, 8), (TILLABERI, 8)]), [true; 4]);
        assert_eq!(held([(KYIV, 8), (MOPTI, 10), (GAO, 10)]), [true; 3]);
        assert_eq!(held([(KYIV, 1)]), [true]);
        assert_eq!(held([(KYIV, 0)]), [true]);
        assert!(fit(&[]).is_none());
    }

    #[test]
    fn the_whole_sahel_is_in_view_however_few_its_reports_are() {
        const KAYES: (f64, f64) = (14.4, -11.4);
        const DIFFA: (f64, f64) = (13.3, 12.6);
        const KIDAL: (f64, f64) = (18.4, 1.4);
        let sahel = [(MOPTI, 90_000), (GAO, 1), (TILLABERI, 40_000), (KAYES, 1), (DIFFA, 1), (KIDAL, 1)];
        assert_eq!(held(sahel), [true; 6]);
        assert_eq!(held([(MOPTI, 90_000), (KAYES, 1), (KYIV, 4_000)]), [true, true, false]);
    }
}
