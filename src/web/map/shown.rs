//! Which places the map shows: of what is selected the places right below it, else the regions of every country.
//!
//! Circles of one level do not swallow each other. What they stand in, the country or what is selected, is told by its
//! name with its count; it has a circle of its own, hollow, for what no circle within can explain.

use super::geometry::Point;
use super::outlines::Outlines;
use crate::counts::FacetCount;
use crate::facet::FacetPath;
use crate::vocabulary::Vocabulary;

/// Circles at most; the others are told below the map.
const MOST: usize = 90;

/// A place with reports.
pub(super) struct Place<'c> {
    pub(super) count: &'c FacetCount,
    /// Reports that choosing it gives.
    pub(super) reports: u64,
    /// Where it stands, if that is known.
    pub(super) point: Option<Point>,
    pub(super) selected: bool,
    /// Whether it lies outside of what is selected: choosing it finds other reports than those that answer.
    pub(super) instead: bool,
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
#[derive(Clone, Copy)]
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
        Place { count, reports: count.weight(), point: self.point(count), selected, instead: false }
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
        let mut chosen = Vec::new();
        for value in values {
            selected(value, &mut chosen);
        }
        let around = shown.around.iter_mut().map(|around| &mut around.place);
        for place in shown.circles.iter_mut().chain(around) {
            let names = place.count.path.names();
            place.instead = !chosen.is_empty() && !chosen.iter().any(|path| names.starts_with(path.names()));
        }
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
            let explained = below.iter().map(|child| child.weight()).fold(0, u64::saturating_add);
            let rest = value.weight().saturating_sub(explained);
            shown.around.push(Around { place: self.place(value), rest, opened: true });
            shown.circles.extend(below.into_iter().map(|child| self.place(child)));
        } else {
            shown.around.push(Around { place: self.place(value), rest: 0, opened: true });
            // A village that is selected beside what opens has nothing else to be seen by.
            let alone = below.iter().filter(|child| leads(child) && !opens(child));
            shown.circles.extend(alone.map(|child| self.place(child)));
            for child in deeper {
                self.open(child, shown);
            }
        }
    }
}

/// Collects the values that are selected.
fn selected<'c>(value: &'c FacetCount, chosen: &mut Vec<&'c FacetPath>) {
    if value.choice.is_some_and(|choice| choice.selected) {
        chosen.push(&value.path);
    }
    value.children.iter().for_each(|child| selected(child, chosen));
}

/// Whether a value or one below it is selected.
fn leads(value: &FacetCount) -> bool {
    value.choice.is_some_and(|choice| choice.selected) || value.children.iter().any(leads)
}

/// Whether there is something to show below; a village is shown among its neighbours.
fn opens(value: &FacetCount) -> bool {
    value.children.iter().any(|child| child.weight() > 0)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{selected, value};
    use super::*;

    /// What is shown, in words: circles; then what they stand in, with what of it they do not explain; then names only.
    fn told(values: &[FacetCount]) -> String {
        let finder = Finder { vocabulary: Vocabulary::builtin(), outlines: Outlines::builtin() };
        let shown = finder.shown(values);
        let circles: Vec<String> =
            shown.circles.iter().map(|place| format!("{} {}", place.count.path.name(), place.reports)).collect();
        let around = |opened: bool| {
            let around = shown.around.iter().filter(move |around| around.opened == opened);
            around.map(|around| format!("{}+{}", around.place.count.path.name(), around.rest)).collect::<Vec<_>>()
        };
        [circles.join(", "), around(true).join(", "), around(false).join(", ")].join("; ")
    }

    fn sahel(choose: &[&str]) -> Vec<FacetCount> {
        let bankass = value("Mali/Mopti/Bankass", 3, vec![value("Mali/Mopti/Bankass/Diallassagou", 2, vec![])]);
        let mopti = value("Mali/Mopti", 7, vec![bankass, value("Mali/Mopti/Djenné", 2, vec![])]);
        let mali = value("Mali", 12, vec![mopti, value("Mali/Gao", 4, vec![]), value("Mali/Kayes", 0, vec![])]);
        let mut values =
            vec![mali, value("Niger", 5, vec![value("Niger/Diffa", 5, vec![])]), value("France", 1, vec![])];
        values.push(value("Togo", 0, vec![]));
        if !choose.is_empty() {
            for value in &mut values {
                selected(value, choose);
            }
        }
        values
    }

    #[test]
    fn regions_are_shown_and_below_what_is_selected_its_parts() {
        for (choose, want) in [
            (&[][..], "Mopti 7, Diffa 5, Gao 4, France 1; Mali+1, Niger+0; "),
            (&["/Mali"], "Mopti 7, Gao 4; Mali+1; Niger+0, France+0"),
            (&["/Mali/Mopti"], "Bankass 3, Djenné 2; Mali+0, Mopti+2; Niger+0, France+0"),
            (&["/Mali/Mopti/Djenné"], "Bankass 3, Djenné 2; Mali+0, Mopti+2; Niger+0, France+0"),
            (&["/Mali/Mopti", "/Mali/Gao"], "Gao 4, Bankass 3, Djenné 2; Mali+0, Mopti+2; Niger+0, France+0"),
            (&["/Mali/Gao", "/Niger"], "Mopti 7, Diffa 5, Gao 4; Mali+1, Niger+0; France+0"),
            (&["/France"], "France 1; ; Mali+0, Niger+0"),
        ] {
            assert_eq!(told(&sahel(choose)), want, "{choose:?}");
        }
        assert_eq!(told(&[]), "; ; ");
    }

    #[test]
    fn places_without_coordinates_stand_by_their_outline_or_by_what_lies_in_them() {
        let finder = Finder { vocabulary: Vocabulary::builtin(), outlines: Outlines::builtin() };
        let point = |value: &FacetCount| finder.point(value).map(|point| (point.north.round(), point.east.round()));
        assert_eq!(point(&value("Mali/Mopti", 1, vec![])), Some((15.0, -4.0)));
        // The tables have no coordinates of it.
        assert_eq!(point(&value("France", 1, vec![])), Some((48.0, 2.0)));
        assert_eq!(point(&value("Mali/Nulle part", 1, vec![])), None);
        let somewhere =
            value("Mali/Nulle part", 4, vec![value("Mali/Gao", 3, vec![]), value("Mali/Bamako", 1, vec![])]);
        let [found, gao, bamako] =
            [&somewhere, &somewhere.children[0], &somewhere.children[1]].map(|value| finder.point(value).unwrap());
        assert!((found.north - (gao.north * 0.75 + bamako.north * 0.25)).abs() < 1e-9, "{found:?}");
        assert!((found.east - (gao.east * 0.75 + bamako.east * 0.25)).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn what_lies_outside_of_the_choice_is_told_apart() {
        let finder = Finder { vocabulary: Vocabulary::builtin(), outlines: Outlines::builtin() };
        for (choose, want) in [
            (&[][..], ""),
            (&["/Mali"], "Niger, France"),
            (&["/Mali/Mopti"], "Mali, Niger, France"),
            (&["/Mali/Mopti/Djenné"], "Bankass, Mali, Mopti, Niger, France"),
        ] {
            let values = sahel(choose);
            let shown = finder.shown(&values);
            let around = shown.around.iter().map(|around| &around.place);
            let instead = shown.circles.iter().chain(around).filter(|place| place.instead);
            let instead: Vec<&str> = instead.map(|place| place.count.path.name()).collect();
            assert_eq!(instead.join(", "), want, "{choose:?}");
        }
    }

    #[test]
    fn too_many_circles_leave_the_smallest_out() {
        let regions = (1..=110).map(|at| value(&format!("Mali/R{at}"), at, vec![])).collect();
        let values = [value("Mali", 110, regions)];
        let finder = Finder { vocabulary: Vocabulary::builtin(), outlines: Outlines::builtin() };
        let shown = finder.shown(&values);
        assert_eq!((shown.circles.len(), shown.crowded.len()), (90, 20));
        assert_eq!((shown.circles[0].reports, shown.crowded[0].reports), (110, 20));
    }
}
