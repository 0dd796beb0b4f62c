//! Which places the map shows: of what is selected the places right below it, else the regions of every country.
//!
//! Circles of one level do not swallow each other. What they stand in, the country or what is selected, is told by its
//! name with its count; it has a circle of its own, hollow, for what no circle within can explain.

use super::geometry::Point;
use super::outlines::Outlines;
use crate::counts::FacetCount;
use crate::vocabulary::Vocabulary;

/// Circles at most; the others are told below the map.
const MOST: usize = 60;

/// A place with reports.
pub(super) struct Place<'c> {
    pub(super) count: &'c FacetCount,
    /// Reports that choosing it gives.
    pub(super) reports: u64,
    /// Where it stands, if that is known.
    pub(super) point: Option<Point>,
    pub(super) selected: bool,
}

/// What a circle stands in.
pub(super) struct Around<'c> {
    pub(super) place: Place<'c>,
    /// Reports that surely name no place within: those that are more than all circles within have together.
    pub(super) rest: u64,
    /// Whether circles stand for it; another country has its name only.
    pub(super) opened: bool,
}

/// The places that are shown.
#[derive(Default)]
pub(super) struct Shown<'c> {
    /// Most reports first.
    pub(super) circles: Vec<Place<'c>>,
    pub(super) around: Vec<Around<'c>>,
    /// What there would be too many circles for, most reports first.
    pub(super) crowded: Vec<Place<'c>>,
}

/// How places find their point.
pub(super) struct Finder<'v> {
    pub(super) vocabulary: &'v Vocabulary,
    pub(super) outlines: &'v Outlines,
}

impl<'v> Finder<'v> {
    /// Where a place stands: by the vocabulary; a country by its outline; else in the middle of the places below it,
    /// by their reports.
    fn point(&self, count: &FacetCount) -> Option<Point> {
        let own = self.vocabulary.place(&count.path.to_string()).and_then(|place| self.vocabulary.coordinates(place));
        let own = own.and_then(|(north, east)| Point::checked(f64::from(north), f64::from(east)));
        let outline = || self.country(count).and_then(|country| self.outlines.inside(country));
        own.or_else(outline).or_else(|| self.middle(&count.children))
    }

    /// The outline of a country, by any of its names.
    pub(super) fn country(&self, count: &FacetCount) -> Option<&'v super::outlines::Country> {
        if count.path.names().len() != 1 {
            return None;
        }
        let place = || self.vocabulary.place(&count.path.to_string());
        let by_alias = || self.vocabulary.place_names(place()?).find_map(|name| self.outlines.named(name));
        self.outlines.named(count.path.name()).or_else(by_alias)
    }

    fn middle(&self, children: &[FacetCount]) -> Option<Point> {
        let points = children.iter().filter_map(|child| Some((self.point(child)?, child.weight() as f64)));
        let (east, north, weight) = points.fold((0.0, 0.0, 0.0), |(east, north, weight), (point, reports)| {
            (east + point.east * reports, north + point.north * reports, weight + reports)
        });
        Point::checked(north / weight, east / weight)
    }

    fn place<'c>(&self, count: &'c FacetCount) -> Place<'c> {
        let selected = count.choice.is_some_and(|choice| choice.selected);
        Place { count, reports: count.weight(), point: self.point(count), selected }
    }

    /// The places to show of a tree of counts.
    pub(super) fn shown<'c>(&self, values: &'c [FacetCount]) -> Shown<'c> {
        let mut shown = Shown::default();
        let with_reports: Vec<&FacetCount> = values.iter().filter(|value| value.weight() > 0).collect();
        let any = with_reports.iter().any(|value| leads(value));
        for value in with_reports {
            if !any || leads(value) {
                self.open(value, &mut shown);
            } else {
                shown.around.push(Around { place: self.place(value), rest: 0, opened: false });
            }
        }
        shown.circles.sort_by(|a, b| b.reports.cmp(&a.reports).then_with(|| a.count.path.cmp(&b.count.path)));
        shown.crowded = shown.circles.split_off(shown.circles.len().min(MOST));
        shown
    }

    /// Shows the places below one, or below those of them that are selected.
    fn open<'c>(&self, value: &'c FacetCount, shown: &mut Shown<'c>) {
        let below: Vec<&FacetCount> = value.children.iter().filter(|child| child.weight() > 0).collect();
        if below.is_empty() {
            shown.circles.push(self.place(value));
            return;
        }
        let deeper: Vec<&FacetCount> = below.iter().copied().filter(|child| leads(child) && opens(child)).collect();
        if deeper.is_empty() {
            let explained: u64 = below.iter().map(|child| child.weight()).sum();
            let rest = value.weight().saturating_sub(explained);
            shown.around.push(Around { place: self.place(value), rest, opened: true });
            shown.circles.extend(below.into_iter().map(|child| self.place(child)));
        } else {
            shown.around.push(Around { place: self.place(value), rest: 0, opened: true });
            // A village that is selected beside what opens has nothing else to be seen by.
            let alone = below.iter().filter(|child| leads(child) && !opens(child));
            shown.circles.extend(alone.map(|child| self.place(child)));
            deeper.into_iter().for_each(|child| self.open(child, shown));
        }
    }
}

/// Whether a value or one below it is selected.
fn leads(value: &FacetCount) -> bool {
    value.choice.is_some_and(|choice| choice.selected) || value.children.iter().any(leads)
}

/// Whether there is something to show below; a village is shown among its neighbours.
fn opens(value: &FacetCount) -> bool {
    value.children.iter().any(|child| child.weight() > 0)
}
