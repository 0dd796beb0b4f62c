//! Counts for the tests of the map.

use crate::counts::{Choice, FacetCount};

/// A place with its reports and the places in it.
pub(super) fn value(path: &str, count: u64, children: Vec<FacetCount>) -> FacetCount {
    FacetCount { path: path.parse().unwrap(), count, choice: None, children, more: 0 }
}

/// Says of a place and all in it that the request filters by some paths.
pub(super) fn selected(value: &mut FacetCount, paths: &[&str]) {
    let selected = paths.contains(&value.path.to_string().as_str());
    value.choice = Some(Choice { selected, if_added: value.count, if_chosen_instead: value.count });
    value.children.iter_mut().for_each(|child| self::selected(child, paths));
}
