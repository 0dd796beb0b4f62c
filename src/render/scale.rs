//! The scales of charts: round steps of counts, and how far apart labels of periods stand.

use crate::counts::Unit;

/// How many periods apart labels may stand, so that they fall on what people count by.
const STRIDES: [(Unit, &[i64]); 4] = [
    (Unit::Day, &[1, 2, 7, 14, 28, 56, 112, 364]),
    (Unit::Week, &[1, 2, 4, 13, 26, 52, 104, 260]),
    (Unit::Month, &[1, 3, 6, 12, 24, 60, 120, 240]),
    (Unit::Year, &[1, 2, 5, 10, 20, 50, 100, 500]),
];

/// How many periods apart labels have to stand that take the room of so many.
pub(crate) fn stride(unit: Unit, needed: f64) -> i64 {
    let strides = STRIDES.iter().find(|(own, _)| *own == unit).map_or(&[1][..], |(_, strides)| strides);
    let fits = strides.iter().find(|&&stride| stride as f64 >= needed);
    fits.or(strides.last()).copied().unwrap_or(1)
}

/// A step of 1, 2 or 5 times a power of ten, of which at most `most` reach the value.
pub(crate) fn step(highest: u64, most: u64) -> u64 {
    let mut decade = 1;
    loop {
        for step in [decade, decade * 2, decade * 5] {
            if highest / step < most || (highest / step == most && highest % step == 0) || decade > u64::MAX / 100 {
                return step;
            }
        }
        decade *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_few() {
        for (highest, want) in [(0, 1), (6, 1), (7, 2), (12, 2), (13, 5), (30, 5), (31, 10), (700, 200)] {
            assert_eq!(step(highest, 6), want, "{highest}");
        }
        assert_eq!((step(4, 4), step(5, 4), step(9, 4)), (1, 2, 5));
        assert!(u64::MAX / step(u64::MAX, 6) < 10_000);
    }

    #[test]
    fn strides_are_those_of_the_calendar() {
        for (unit, needed, want) in [
            (Unit::Month, 0.2, 1),
            (Unit::Month, 3.1, 6),
            (Unit::Day, 3.0, 7),
            (Unit::Year, 3.0, 5),
            (Unit::Year, 1e9, 500),
        ] {
            assert_eq!(stride(unit, needed), want, "{unit:?} {needed}");
        }
    }
}
