//! What a chart shows, and that it is sound whatever it shows.

use super::*;

fn bucket(period: &str, counts: &[u64]) -> Bucket {
    let day = format!("{period}-01").parse().ok();
    let names = ["/Mali", "/Niger", "other", "none"];
    let parts = names.iter().zip(counts).map(|(name, &count)| Part { value: (*name).to_owned(), count });
    Bucket {
        period: Some(period.to_owned()),
        from: day,
        to: day,
        unit: Some(Unit::Month),
        count: counts.iter().sum(),
        split: if counts.len() > 1 { parts.collect() } else { Vec::new() },
    }
}

fn drawn(title: &str, buckets: Vec<Bucket>) -> String {
    let mut out = Vec::new();
    svg(&mut out, title, Unit::Month, &Timeline { timeline: buckets, ..Timeline::default() }, Lang::En).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn steps_are_round_and_few() {
    for (highest, want) in [(0, 1), (6, 1), (7, 2), (12, 2), (13, 5), (30, 5), (31, 10), (700, 200)] {
        assert_eq!(step(highest), want, "{highest}");
    }
    assert!(u64::MAX / step(u64::MAX) < 10_000);
}

#[test]
fn a_stack_stands_on_what_is_below_it() {
    let svg = drawn("t", vec![bucket("2024-01", &[2, 1, 0, 3])]);
    let bars: Vec<&str> = svg.lines().filter(|line| line.contains("<title>2024-01")).collect();
    assert_eq!(bars.len(), 3, "{svg}");
    let number = |bar: &str, name: &str| -> f64 {
        bar.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    for pair in bars.windows(2) {
        let top = number(pair[1], "y") + number(pair[1], "height");
        assert!((top - number(pair[0], "y")).abs() < 0.02, "{pair:?}");
    }
    assert!(bars[2].contains(&format!("fill=\"{}\"", REST[1])));
    // Nothing is `other`, so the legend does not tell of it.
    assert!(!svg.contains(">other<") && svg.contains(">none<"), "{svg}");
}

#[test]
fn labels_fall_on_what_people_count_by_and_keep_apart() {
    let months = (2015..2025).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")));
    let svg = drawn("t", months.map(|month| bucket(&month, &[1])).collect());
    let labels: Vec<&str> = svg
        .lines()
        .filter(|line| line.contains("text-anchor=\"middle\""))
        .filter_map(|line| line.split('>').nth(1)?.strip_suffix("</text"))
        .collect();
    assert_eq!(labels.len(), 10, "{labels:?}");
    assert!(labels.iter().all(|label| label.ends_with("-01")), "{labels:?}");
}

proptest::proptest! {
    #[test]
    fn any_text_is_well_formed(title in "\\PC{0,40}|[<>&\"'\u{0}-\u{1f}]{0,20}", counts in proptest::collection::vec(proptest::num::u64::ANY, 1)) {
        let svg = drawn(&title, vec![bucket("2024-01", &[counts[0] / 2])]);
        let rest = svg.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "").replace("&quot;", "");
        proptest::prop_assert!(!rest.contains('&'));
        proptest::prop_assert!(svg.chars().all(|c| c == '\n' || !c.is_control()));
        proptest::prop_assert_eq!(svg.matches('<').count(), svg.matches('>').count());
    }
}
