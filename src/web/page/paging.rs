//! Where the hits before and after those of a page are.

use super::state::State;
use crate::hit::Answer;
use crate::search::{Collapse, Request};

/// Where other hits are.
pub(super) struct Pages {
    pub(super) previous: Option<String>,
    pub(super) next: Option<String>,
    /// Numbers of pages from 1, where each is, and whether it is this one; zero for a gap.
    pub(super) numbers: Vec<(usize, String, bool)>,
}

/// The pages around an answer.
pub(super) fn pages(state: &State, answer: &Answer) -> Pages {
    let (limit, offset) = (state.0.limit.max(1), state.0.offset);
    let total = usize::try_from(answer.total).unwrap_or(usize::MAX);
    let at = |offset: usize| State(Request { offset, ..state.0.clone() }).at("/");
    // Passages are more than the reports that are counted: whether there are more of them, only a full page tells.
    let by_report = state.0.collapse == Collapse::Report;
    let more = if by_report { offset.saturating_add(answer.hits.len()) < total } else { answer.hits.len() == limit };
    let (here, last) = (offset / limit + 1, total.div_ceil(limit));
    let mut numbers: Vec<(usize, String, bool)> = Vec::new();
    if by_report && last > 1 {
        for number in (1..=last).filter(|&number| number == 1 || number == last || number.abs_diff(here) <= 2) {
            if numbers.last().is_some_and(|(before, ..)| before + 1 < number) {
                numbers.push((0, String::new(), false));
            }
            numbers.push((number, at((number - 1) * limit), number == here && offset.is_multiple_of(limit)));
        }
    }
    Pages {
        previous: (offset > 0).then(|| at(offset.saturating_sub(limit))),
        next: (more && !answer.hits.is_empty()).then(|| at(offset + answer.hits.len())),
        numbers,
    }
}
