//! The outlines of countries (`schema/outlines.txt`), read once: arcs that neighbours share, and rings of arcs.

use std::sync::OnceLock;

use super::geometry::{Bounds, Point};

/// Made by `examples/outlines.rs`; `schema/README.md` has the format.
const DATA: &str = include_str!("../../../schema/outlines.txt");
/// Parts of a degree in which places are written.
const PARTS: f64 = 100.0;

/// All outlines.
pub(super) struct Outlines {
    /// Lines from node to node, or closed.
    pub(super) arcs: Vec<Vec<Point>>,
    /// Countries and other land, by their codes.
    pub(super) countries: Vec<Country>,
}

/// One country, or land that the vocabulary has no name for.
pub(super) struct Country {
    /// Two letters of ISO 3166-1; `XK` is Kosovo.
    #[cfg_attr(not(test), allow(dead_code, reason = "tells a reader of the data and of failures which country it is"))]
    pub(super) code: &'static str,
    /// Its name in the vocabulary; empty for what that does not have.
    pub(super) name: &'static str,
    /// Rings by arcs, the largest first: lands and what is cut out of them, by the rule of even and odd. `-1 - n` is
    /// arc `n` backwards.
    pub(super) rings: Vec<Vec<i32>>,
    /// What holds all rings.
    pub(super) bounds: Bounds,
}

impl Outlines {
    /// Those of the program.
    pub(super) fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Outlines> = OnceLock::new();
        // The test of the file reads every line of it.
        BUILTIN.get_or_init(|| Self::read(DATA).unwrap_or(Self { arcs: Vec::new(), countries: Vec::new() }))
    }

    /// The outlines of a file; nothing if a line of it is none.
    fn read(text: &'static str) -> Option<Self> {
        let mut outlines = Self { arcs: Vec::new(), countries: Vec::new() };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((code, rest)) = line.split_once('\t') {
                let (name, rings) = rest.split_once('\t')?;
                let ring = |ring: &str| ring.split(',').map(|arc| arc.parse().ok()).collect::<Option<Vec<i32>>>();
                let rings = rings.split(' ').map(ring).collect::<Option<Vec<_>>>()?;
                let bounds = Bounds::of(rings.iter().flat_map(|ring| outlines.ring(ring)));
                outlines.countries.push(Country { code, name, rings, bounds: bounds? });
            } else {
                outlines.arcs.push(arc(line)?);
            }
        }
        Some(outlines)
    }

    /// The country of a name.
    pub(super) fn named(&self, name: &str) -> Option<&Country> {
        self.countries.iter().find(|country| !country.name.is_empty() && country.name == name)
    }

    /// The points of an arc in the order that a ring has them.
    pub(super) fn arc(&self, arc: i32) -> impl Iterator<Item = Point> + '_ {
        let points = self.arcs.get(index(arc)).map_or(&[][..], Vec::as_slice);
        (0..points.len()).map(move |at| points[if arc < 0 { points.len() - 1 - at } else { at }])
    }

    /// The points of a ring; where arcs meet, twice.
    pub(super) fn ring<'o>(&'o self, ring: &'o [i32]) -> impl Iterator<Item = Point> + 'o {
        ring.iter().flat_map(|&arc| self.arc(arc))
    }

    /// Where a parallel crosses the outline of a country, from west to east: it lies between the first and the second,
    /// the third and the fourth, …
    pub(super) fn crossings(&self, country: &Country, north: f64) -> Vec<f64> {
        let mut crossings = Vec::new();
        for ring in &country.rings {
            let mut points = self.ring(ring);
            let Some(first) = points.next() else { continue };
            let mut last = first;
            for point in points.chain([first]) {
                if (last.north > north) != (point.north > north) {
                    let share = (north - last.north) / (point.north - last.north);
                    crossings.push(last.east + share * (point.east - last.east));
                }
                last = point;
            }
        }
        crossings.sort_by(f64::total_cmp);
        crossings
    }

    /// What holds the main land of a country, the largest of its rings.
    pub(super) fn main_land(&self, country: &Country) -> Option<Bounds> {
        Bounds::of(self.ring(country.rings.first()?))
    }

    /// A place well inside the main land: the middle of the longest stretch of some parallels, those in the middle of
    /// the country first.
    pub(super) fn inside(&self, country: &Country) -> Option<Point> {
        let land = self.main_land(country)?;
        let middle = Country { code: "", name: "", rings: vec![country.rings.first()?.clone()], bounds: land };
        let stretches = [0.5, 0.4, 0.6, 0.3, 0.7].map(|share| {
            let north = land.south + share * (land.north - land.south);
            let crossings = self.crossings(&middle, north);
            let longest = crossings.chunks_exact(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])))?;
            // What lies off the middle has to be longer by much.
            let length = (longest[1] - longest[0]) * (1.0 - (share - 0.5_f64).abs());
            Some((length, Point { east: f64::midpoint(longest[0], longest[1]), north }))
        });
        stretches.into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, point)| point)
    }

    /// Whether a place lies in a country.
    #[cfg(test)]
    pub(super) fn holds(&self, country: &Country, place: Point) -> bool {
        self.crossings(country, place.north).iter().filter(|east| **east < place.east).count() % 2 == 1
    }
}

fn index(arc: i32) -> usize {
    usize::try_from(if arc < 0 { -1 - arc } else { arc }).unwrap_or(usize::MAX)
}

/// An arc of the file: « encoded polyline » in hundredths of a degree.
fn arc(text: &str) -> Option<Vec<Point>> {
    let mut bytes = text.bytes();
    let mut number = || {
        let (mut value, mut shift) = (0_i32, 0_u32);
        loop {
            let bits = i32::from(bytes.next()?.checked_sub(63)?);
            value |= (bits & 31).checked_shl(shift)?;
            shift += 5;
            if bits < 32 {
                return Some(if value & 1 == 1 { !(value >> 1) } else { value >> 1 });
            }
        }
    };
    let (mut north, mut east, mut points) = (0, 0, Vec::new());
    while let Some(step) = number() {
        north += step;
        east += number()?;
        points.push(Point { east: f64::from(east) / PARTS, north: f64::from(north) / PARTS });
    }
    (points.len() > 1).then_some(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Vocabulary;

    /// Seats of government of the Sahel and its neighbours, as far as the table has their coordinates.
    const CAPITALS: [(&str, &str); 11] = [
        ("ML", "/Mali/Bamako"),
        ("BF", "/Burkina Faso/Centre/Kadiogo/Ouagadougou"),
        ("NE", "/Niger/Niamey"),
        ("TD", "/Tchad/N'Djaména"),
        ("SN", "/Sénégal/Dakar"),
        ("NG", "/Nigeria/Territoire de la capitale fédérale/Abuja"),
        ("BJ", "/Bénin/Ouémé/Porto-Novo"),
        ("TG", "/Togo/Maritime/Lomé"),
        ("CM", "/Cameroun/Centre/Mfoundi/Yaoundé"),
        ("DZ", "/Algérie/Alger"),
        ("LY", "/Libye/Tripoli"),
    ];

    #[test]
    fn the_file_is_read_whole_and_is_small() {
        let outlines = Outlines::read(DATA).unwrap();
        assert!(DATA.len() < 200_000, "{} bytes", DATA.len());
        assert!(outlines.countries.len() > 166, "{} countries", outlines.countries.len());
        for country in &outlines.countries {
            for ring in &country.rings {
                let around = Bounds::of(outlines.ring(ring)).unwrap();
                assert!(around.east - around.west < 180.0, "{} is torn", country.code);
                // An arc begins where the one before it ends, and the last ends where the first begins.
                for (arc, next) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                    assert_eq!(outlines.arc(*arc).last(), outlines.arc(*next).next(), "{}", country.code);
                }
            }
            let bounds = country.bounds;
            // Behind the date line, degrees count on.
            assert!(bounds.west >= -180.0 && bounds.east <= 195.0, "{}", country.code);
            assert!(bounds.south >= -90.0 && bounds.north <= 90.0, "{}", country.code);
        }
    }

    #[test]
    fn capitals_lie_in_their_country_and_in_no_other() {
        let (outlines, vocabulary) = (Outlines::builtin(), Vocabulary::builtin());
        for (code, path) in CAPITALS {
            let place = vocabulary.place(path).unwrap_or_else(|| panic!("{path}"));
            let (north, east) = vocabulary.coordinates(place).unwrap_or_else(|| panic!("{path}"));
            let place = Point { east: f64::from(east), north: f64::from(north) };
            let within = outlines.countries.iter().filter(|country| outlines.holds(country, place));
            assert_eq!(within.map(|country| country.code).collect::<Vec<_>>(), [code], "{path}");
        }
    }

    #[test]
    fn every_country_of_the_vocabulary_has_an_outline_that_holds_its_middle() {
        let (outlines, vocabulary) = (Outlines::builtin(), Vocabulary::builtin());
        for country in outlines.countries.iter().filter(|country| !country.name.is_empty()) {
            assert!(vocabulary.place(&format!("/{}", country.name)).is_some(), "{}", country.name);
            let inside = outlines.inside(country).unwrap_or_else(|| panic!("{}", country.name));
            assert!(outlines.holds(country, inside), "{} {inside:?}", country.name);
        }
        assert_eq!(outlines.countries.iter().filter(|country| !country.name.is_empty()).count(), 166);
    }

    #[test]
    fn what_is_no_arc_is_none() {
        // The example of the format's description, in hundredths instead of hundred thousandths.
        let want = [(38_500.0, -120_200.0), (40_700.0, -120_950.0), (43_252.0, -126_453.0)];
        let read = arc("_p~iF~ps|U_ulLnnqC_mqNvxq`@").unwrap();
        assert_eq!(read.iter().map(|point| (point.north, point.east)).collect::<Vec<_>>(), want);
        for text in ["", "_", "??", "_p~iF", "é", "~~~~~~~~~~~~"] {
            assert!(arc(text).is_none(), "{text}");
        }
    }
}
