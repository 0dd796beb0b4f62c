//! How far apart the labels of a chart's periods stand.

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

#[cfg(test)]
mod tests {
    use super::*;

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
