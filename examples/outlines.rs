//! Makes `schema/outlines.txt`, the outlines of countries under the map of `vigie serve`, from Natural Earth:
//!
//! ```sh
//! npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
//! sudo apt-get install iso-codes
//! cargo run --example outlines -- package/countries-50m.json /usr/share/iso-codes/json/iso_3166-1.json \
//!     schema/places.csv >schema/outlines.txt
//! ```
//!
//! One topology is read, so that neighbours keep one border between them. Its arcs are thinned after Visvalingam and
//! Whyatt (« Line generalisation by repeated elimination of points », 1993): a little in Africa, more elsewhere.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};

use serde::Deserialize;
use serde_json::Value;

/// Africa and what its news reaches over to, drawn in detail.
const DETAILED: &str = "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR \
                        MU MW MZ NA NE NG RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW";
/// What Natural Earth draws without a code of its own, and whose code it stands under here.
const NAMED: [(&str, &str); 3] = [("Kosovo", "XK"), ("Somaliland", "SO"), ("N. Cyprus", "CY")];
/// Never in view, and much of the data.
const LEFT_OUT: &str = "AQ";
/// Square degrees of the triangle that a point has to make with its neighbours to stay, in detail and elsewhere.
const THINNING: [f64; 2] = [0.000_05, 0.006];
/// Square degrees of the smallest island, in detail and elsewhere; the main land of a country of the vocabulary stays.
const ISLAND: [f64; 2] = [0.0005, 0.03];
/// The meridian between Alaska and what of Siberia lies behind the date line.
const DATE_LINE: f64 = -168.6;
/// Parts of a degree in which places are written.
const PARTS: f64 = 100.0;

#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    arcs: Vec<Vec<[i64; 2]>>,
    objects: Objects,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Objects {
    countries: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    properties: Properties,
    arcs: Value,
}

#[derive(Deserialize)]
struct Properties {
    name: String,
}

type Point = [f64; 2];

/// A ring by its arcs in order; `-1 - n` is arc `n` backwards, as in the source.
type Ring = Vec<i64>;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [topology, codes, places] = arguments.as_slice() else {
        return Err("usage: outlines COUNTRIES.json ISO_3166-1.json PLACES.csv".into());
    };
    let topology: Topology = serde_json::from_str(&fs::read_to_string(topology)?)?;
    let text = outlines(&topology, &alpha_codes(codes)?, &vocabulary(places)?)?;
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}

/// Two letters by the three digits of a country.
fn alpha_codes(file: &str) -> Result<HashMap<String, String>, Box<dyn Error>> {
    let table: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
    let rows = table["3166-1"].as_array().ok_or("no table of ISO 3166-1")?;
    let cell = |row: &Value, name: &str| row[name].as_str().map(str::to_owned);
    Ok(rows.iter().filter_map(|row| cell(row, "numeric").zip(cell(row, "alpha_2"))).collect())
}

/// Names of the countries of the vocabulary by their two letters.
fn vocabulary(file: &str) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut countries = BTreeMap::new();
    for row in csv::Reader::from_path(file)?.deserialize() {
        let row: HashMap<String, String> = row?;
        if row["level"] == "country" {
            let code = row["iso_or_pcode"].split('|').next().unwrap_or_default();
            countries.insert(code.to_owned(), row["path"].clone());
        }
    }
    Ok(countries)
}

fn outlines(
    topology: &Topology,
    codes: &HashMap<String, String>,
    vocabulary: &BTreeMap<String, String>,
) -> Result<String, Box<dyn Error>> {
    let arcs: Vec<Vec<Point>> = topology.arcs.iter().map(|arc| decoded(arc, &topology.transform)).collect();
    let mut countries: BTreeMap<&str, Vec<Ring>> = BTreeMap::new();
    for geometry in &topology.objects.countries.geometries {
        let name = geometry.properties.name.as_str();
        let own = geometry.id.as_ref().and_then(|id| codes.get(id)).map(String::as_str);
        let code = own.or_else(|| NAMED.iter().find(|named| named.0 == name).map(|named| named.1));
        if let Some(code) = code.filter(|code| *code != LEFT_OUT) {
            countries.entry(code).or_default().extend(rings(geometry)?);
        }
    }
    let missing: Vec<&str> =
        vocabulary.keys().map(String::as_str).filter(|code| !countries.contains_key(code)).collect();
    if !missing.is_empty() {
        return Err(format!("countries without an outline: {}", missing.join(" ")).into());
    }
    let detailed: HashSet<&str> = DETAILED.split_whitespace().collect();
    let fine: HashSet<usize> = countries
        .iter()
        .filter(|(code, _)| detailed.contains(*code))
        .flat_map(|(_, rings)| rings.iter().flatten().map(|&arc| index(arc)))
        .collect();
    let arcs: Vec<Vec<Point>> =
        arcs.iter().enumerate().map(|(at, arc)| thinned(arc, THINNING[usize::from(!fine.contains(&at))])).collect();

    let mut written = String::from(HEAD);
    let mut numbers: HashMap<usize, i64> = HashMap::new();
    let mut rows = String::new();
    for (code, rings) in &countries {
        let smallest = ISLAND[usize::from(!detailed.contains(code))];
        let mut rings: Vec<(f64, Ring)> =
            merged(rings, &arcs).into_iter().map(|ring| (area(&points(&ring, &arcs)), ring)).collect();
        rings.sort_by(|a, b| b.0.total_cmp(&a.0));
        let named = vocabulary.get(*code);
        let kept = rings.iter().enumerate().filter(|(at, ring)| ring.0 >= smallest || (*at == 0 && named.is_some()));
        let mut told = Vec::new();
        for (_, (_, ring)) in kept {
            let arcs_of: Vec<String> = ring
                .iter()
                .map(|&arc| {
                    let next = i64::try_from(numbers.len()).unwrap_or(i64::MAX);
                    let number = *numbers.entry(index(arc)).or_insert_with(|| {
                        written += &encoded(&arcs[index(arc)]);
                        written.push('\n');
                        next
                    });
                    if arc < 0 { (-1 - number).to_string() } else { number.to_string() }
                })
                .collect();
            told.push(arcs_of.join(","));
        }
        if !told.is_empty() {
            writeln!(rows, "{code}\t{}\t{}", named.map_or("", String::as_str), told.join(" "))?;
        }
    }
    Ok(written + &rows)
}

/// What the file says of itself.
const HEAD: &str = "\
# Outlines of countries for the map of vigie serve. Made by examples/outlines.rs; README.md of this folder has the format.
# Made with Natural Earth (naturalearthdata.com, version 4.1.0, public domain), as of the npm package world-atlas 2.0.2.
";

fn index(arc: i64) -> usize {
    usize::try_from(if arc < 0 { -1 - arc } else { arc }).unwrap_or(usize::MAX)
}

/// Degrees east and north of an arc that is written as steps on a grid. What lies behind the date line counts on beyond
/// 180 degrees, so that no country is torn.
fn decoded(arc: &[[i64; 2]], transform: &Transform) -> Vec<Point> {
    let mut at = [0, 0];
    let mut points: Vec<Point> = Vec::with_capacity(arc.len());
    for step in arc {
        at = [at[0] + step[0], at[1] + step[1]];
        let mut point = [0, 1].map(|axis| at[axis] as f64 * transform.scale[axis] + transform.translate[axis]);
        if let Some(last) = points.last() {
            point[0] += ((last[0] - point[0]) / 360.0).round() * 360.0;
        }
        points.push(point);
    }
    if points.first().is_some_and(|first| first[0] < DATE_LINE) {
        for point in &mut points {
            point[0] += 360.0;
        }
    }
    points
}

fn rings(geometry: &Geometry) -> Result<Vec<Ring>, Box<dyn Error>> {
    Ok(match geometry.kind.as_str() {
        "Polygon" => serde_json::from_value(geometry.arcs.clone())?,
        "MultiPolygon" => serde_json::from_value::<Vec<Vec<Ring>>>(geometry.arcs.clone())?.concat(),
        kind => return Err(format!("{}: no polygon but {kind}", geometry.properties.name).into()),
    })
}

/// The rings around several neighbours that stand under one code: the arcs that only one of them has, joined anew.
fn merged(rings: &[Ring], arcs: &[Vec<Point>]) -> Vec<Ring> {
    let all: HashSet<i64> = rings.iter().flatten().copied().collect();
    if !all.iter().any(|arc| all.contains(&(-1 - arc))) {
        return rings.to_vec();
    }
    let mut left: Vec<i64> = rings.iter().flatten().copied().filter(|arc| !all.contains(&(-1 - arc))).collect();
    let mut joined = Vec::new();
    while let Some(first) = left.pop() {
        let mut ring = vec![first];
        let (start, mut end) = ends(first, arcs);
        while end != start {
            let Some(next) = left.iter().position(|&arc| ends(arc, arcs).0 == end) else { break };
            let arc = left.swap_remove(next);
            end = ends(arc, arcs).1;
            ring.push(arc);
        }
        joined.push(ring);
    }
    joined
}

/// Where an arc begins and ends.
fn ends(arc: i64, arcs: &[Vec<Point>]) -> ([i64; 2], [i64; 2]) {
    let points = &arcs[index(arc)];
    let (first, last) = (points[0].map(parts), points[points.len() - 1].map(parts));
    if arc < 0 { (last, first) } else { (first, last) }
}

fn points(ring: &[i64], arcs: &[Vec<Point>]) -> Vec<Point> {
    let of = |&arc: &i64| {
        let points = arcs[index(arc)].clone();
        if arc < 0 { points.into_iter().rev().collect() } else { points }
    };
    ring.iter().flat_map(of).collect()
}

/// Square degrees at the equator's width.
fn area(ring: &[Point]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    let twice: f64 = ring.iter().zip(next).map(|(a, b)| (a[0] * b[1] - b[0] * a[1]) * a[1].to_radians().cos()).sum();
    twice.abs() / 2.0
}

/// An arc without the points that matter least; its ends stay, and two more of one that is a ring.
fn thinned(arc: &[Point], threshold: f64) -> Vec<Point> {
    let mut arc = arc.to_vec();
    let fewest = if arc.first() == arc.last() { 4 } else { 2 };
    let triangle = |a: Point, b: Point, c: Point| {
        ((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])).abs() / 2.0 * b[1].to_radians().cos()
    };
    while arc.len() > fewest {
        let areas = arc.windows(3).map(|three| triangle(three[0], three[1], three[2]));
        let least = areas.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        let Some((at, _)) = least.filter(|(_, area)| *area < threshold) else { break };
        arc.remove(at + 1);
    }
    arc
}

/// An arc as « encoded polyline » has it (north, east; differences; five bits a character), in hundredths of a degree.
fn encoded(arc: &[Point]) -> String {
    let mut text = String::new();
    let mut last = [0, 0];
    for point in arc {
        let at = [parts(point[1]), parts(point[0])];
        if text.is_empty() || at != last {
            for axis in [0, 1] {
                number(&mut text, at[axis] - last[axis]);
            }
        }
        last = at;
    }
    text
}

#[allow(clippy::cast_possible_truncation, reason = "degrees are small")]
fn parts(degrees: f64) -> i64 {
    (degrees * PARTS).round() as i64
}

fn number(text: &mut String, value: i64) {
    let mut rest = u64::try_from(if value < 0 { !(value << 1) } else { value << 1 }).unwrap_or(0);
    let mut put = |bits: u64| text.push(char::from(u8::try_from(bits + 63).unwrap_or(b'?')));
    while rest >= 32 {
        put(rest & 31 | 32);
        rest >>= 5;
    }
    put(rest);
}
