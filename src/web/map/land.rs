//! The land below the circles: outlines of the countries that meet the view, clipped to it and as fine as it shows.

use std::fmt::Write as _;

use super::geometry::{Spot, View};
use super::outlines::{Country, Outlines};

/// Units beyond the edges of the drawing to which outlines are kept, so that no cut is seen.
const BEYOND: f64 = 6.0;
/// Units by which points of an arc have to lie apart.
const APART: f64 = 1.2;
/// Units that the smallest ring is wide or high.
const SMALLEST: f64 = 3.0;

/// Countries and other land that meet a view.
pub(super) fn in_view<'o>(outlines: &'o Outlines, view: &View) -> impl Iterator<Item = &'o Country> {
    let bounds = view.bounds;
    outlines.countries.iter().filter(move |country| country.bounds.meets(bounds))
}

/// The outline of a country as the `d` of a path; empty if none of it is seen.
pub(super) fn path(outlines: &Outlines, country: &Country, view: &View) -> String {
    let mut path = String::new();
    for ring in &country.rings {
        let mut spots: Vec<Spot> = Vec::new();
        for &arc in ring {
            thin(outlines, arc, view, &mut spots);
        }
        let spots = clipped(spots, view);
        let size = |of: fn(&Spot) -> f64| {
            let (least, most) = spots
                .iter()
                .map(of)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), at| (least.min(at), most.max(at)));
            most - least
        };
        if spots.len() > 2 && size(|spot| spot.x).max(size(|spot| spot.y)) >= SMALLEST {
            draw(&mut path, &spots);
        }
    }
    path
}

/// Adds the points of an arc, without those that lie next to the one before. They are the same in both directions, so
/// that neighbours keep one border.
fn thin(outlines: &Outlines, arc: i32, view: &View, spots: &mut Vec<Spot>) {
    let forwards = if arc < 0 { -1 - arc } else { arc };
    let all: Vec<Spot> = outlines.arc(forwards).map(|point| view.spot(point)).collect();
    let mut kept: Vec<Spot> = Vec::new();
    for (at, &spot) in all.iter().enumerate() {
        let near = kept.last().is_some_and(|last| (last.x - spot.x).abs().max((last.y - spot.y).abs()) < APART);
        // Ends are where arcs meet.
        if !near || at + 1 == all.len() {
            kept.push(spot);
        }
    }
    if arc < 0 {
        kept.reverse();
    }
    spots.extend(kept);
}

/// What of a ring lies within the drawing and a little beyond: one edge after another cuts it (Sutherland and Hodgman,
/// « Reentrant polygon clipping », 1974).
fn clipped(ring: Vec<Spot>, view: &View) -> Vec<Spot> {
    let (right, bottom) = (view.width + BEYOND, view.height + BEYOND);
    // How far a spot is within each edge.
    let edges: [&dyn Fn(Spot) -> f64; 4] =
        [&|spot| spot.x + BEYOND, &|spot| right - spot.x, &|spot| spot.y + BEYOND, &|spot| bottom - spot.y];
    edges.into_iter().fold(ring, |ring, inside| {
        let Some(mut last) = ring.last().copied() else { return ring };
        let mut cut = Vec::with_capacity(ring.len());
        for spot in ring {
            let (before, now) = (inside(last), inside(spot));
            if (before < 0.0) != (now < 0.0) {
                let share = before / (before - now);
                cut.push(Spot { x: last.x + share * (spot.x - last.x), y: last.y + share * (spot.y - last.y) });
            }
            if now >= 0.0 {
                cut.push(spot);
            }
            last = spot;
        }
        cut
    })
}

/// Adds a ring to a path, to tenths of a unit, each point by its distance from the one before.
fn draw(path: &mut String, spots: &[Spot]) {
    let tenths = |at: f64| (at * 10.0).round();
    let mut last: Option<(f64, f64)> = None;
    for spot in spots {
        let at = (tenths(spot.x), tenths(spot.y));
        let (letter, x, y) = match last {
            None => ('M', at.0, at.1),
            Some(last) if last == at => continue,
            Some(last) => ('l', at.0 - last.0, at.1 - last.1),
        };
        let _ = write!(path, "{letter}{} {}", x / 10.0, y / 10.0);
        last = Some(at);
    }
    path.push('z');
}

#[cfg(test)]
mod tests {
    use super::super::geometry::Bounds;
    use super::*;

    fn view() -> View {
        View::of(Bounds { west: -8.0, south: 12.0, east: 4.0, north: 18.0 }, 640.0, 40.0, 3.0)
    }

    #[test]
    fn a_ring_is_cut_at_the_edges_and_keeps_what_is_within() {
        let view = view();
        let square =
            |from: f64, to: f64| [(from, from), (to, from), (to, to), (from, to)].map(|(x, y)| Spot { x, y }).to_vec();
        assert_eq!(clipped(square(10.0, 20.0), &view), square(10.0, 20.0));
        assert_eq!(clipped(square(-900.0, -800.0), &view), []);
        let around = clipped(square(-5000.0, 5000.0), &view);
        let at = |side: f64, edge: f64| (side - edge).abs() < 1e-6;
        assert_eq!(around.len(), 4);
        assert!(around.iter().all(|spot| at(spot.x, -6.0) || at(spot.x, 646.0)), "{around:?}");
        assert!(around.iter().all(|spot| at(spot.y, -6.0) || at(spot.y, view.height + 6.0)), "{around:?}");
    }

    #[test]
    fn countries_in_view_are_drawn_and_no_others() {
        let (outlines, view) = (Outlines::builtin(), view());
        let drawn: Vec<&str> = in_view(outlines, &view)
            .filter(|country| !path(outlines, country, &view).is_empty())
            .map(|country| country.name)
            .collect();
        assert!(["Mali", "Niger", "Burkina Faso", "Mauritanie"].iter().all(|name| drawn.contains(name)), "{drawn:?}");
        assert!(!["France", "Tchad", "Russie"].iter().any(|name| drawn.contains(name)), "{drawn:?}");
    }

    #[test]
    fn the_world_takes_no_more_than_a_village() {
        let outlines = Outlines::builtin();
        for bounds in [Bounds::WORLD, Bounds { west: -4.0, south: 14.0, east: -3.9, north: 14.1 }] {
            let view = View::of(bounds, 640.0, 20.0, 3.0);
            let bytes: usize = in_view(outlines, &view).map(|country| path(outlines, country, &view).len()).sum();
            assert!(bytes < 90_000, "{bounds:?}: {bytes} bytes");
        }
    }
}
