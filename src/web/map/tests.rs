//! What the map shows and tells, and that it is sound whatever the counts are.

use proptest::prelude::*;

use super::labels::Area;
use super::samples::{selected, value};
use super::*;

fn drawn(values: &[FacetCount], lang: Lang) -> String {
    svg(values, Vocabulary::builtin(), lang, &|path| format!("?region={path}"), "/facets/region")
}

/// What is between two texts, each time.
fn between<'t>(text: &'t str, before: &str, behind: &str) -> Vec<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(behind).next()).collect()
}

fn sahel() -> Vec<FacetCount> {
    let mopti = value("Mali/Mopti", 1200, vec![value("Mali/Mopti/Bankass", 1, vec![])]);
    let mali = value("Mali", 1500, vec![mopti, value("Mali/Gao", 90, vec![])]);
    vec![mali, value("Niger", 240, vec![]), value("Ukraine", 1, vec![]), value("Zones", 3, vec![])]
}

#[test]
fn every_circle_is_a_link_that_tells_its_place_and_number() {
    let html = drawn(&sahel(), Lang::Fr);
    let names: Vec<&str> = between(&html, "aria-label=\"", "\"").into_iter().skip(1).collect();
    let want = [
        "Mopti, Mali\u{a0}: 1\u{202f}200 rapports",
        "Niger\u{a0}: 240 rapports",
        "Mali\u{a0}: 1\u{202f}500 rapports, dont au moins 210 sans lieu plus précis",
        "Gao, Mali\u{a0}: 90 rapports",
    ];
    assert_eq!(names, want);
    for name in want {
        assert!(html.contains(&format!("<title>{name}</title>")), "{name}");
    }
    let links = between(&html, "href=\"", "\"");
    for link in ["?region=/Mali/Mopti", "?region=/Mali/Gao", "?region=/Niger", "?region=/Mali", "?region=/Ukraine"] {
        assert!(links.contains(&link), "{link}");
    }
    // As far as nothing better is known, the area of a circle is what its reports are.
    let radii: Vec<f64> = between(&html, "class=\"dot\"", "/>")
        .iter()
        .map(|dot| between(dot, " r=\"", "\"")[0].parse().unwrap())
        .collect();
    assert!((radii[0].powi(2) / radii[1].powi(2) - 1200.0 / 240.0).abs() < 0.5, "{radii:?}");
}

#[test]
fn what_lies_elsewhere_is_told_below() {
    let html = drawn(&sahel(), Lang::En);
    let below = between(&html, "<figcaption>", "</figcaption>");
    let names: Vec<&str> = between(below[0], "<a ", "</a>").iter().filter_map(|link| link.split('>').nth(1)).collect();
    assert_eq!(names, ["Zones 3", "Ukraine 1"]);
    assert!(below[0].starts_with("<p class=\"off\">not on the map: "), "{below:?}");
    assert!(!html.contains("aria-label=\"Ukraine"), "{html}");
}

#[test]
fn names_that_stand_twice_below_carry_their_country() {
    let far = |country: &str| value(country, 2, vec![value(&format!("{country}/Nulle part"), 1, vec![])]);
    let html = drawn(&[far("Mali"), far("Niger"), value("Zones", 3, vec![])], Lang::Fr);
    let below = between(&html, "<figcaption>", "</figcaption>");
    let names: Vec<&str> = between(below[0], "<a ", "</a>").iter().filter_map(|link| link.split('>').nth(1)).collect();
    assert_eq!(names, ["Zones 3", "Nulle part (Mali) 1", "Nulle part (Niger) 1"]);
}

#[test]
fn what_has_a_place_but_no_circle_is_told_apart() {
    let bankass = |at: u64| value(&format!("Mali/Mopti {at}"), 2, vec![value("Mali/Mopti/Bankass", 1, vec![])]);
    let mali = value("Mali", 200, (0..94).map(bankass).collect());
    let html = drawn(&[mali, value("Zones", 1, vec![])], Lang::Fr);
    assert_eq!(between(&html, "<p class=\"off\">", "</p>").len(), 1, "{html}");
    let crowded = between(&html, "<p class=\"crowded\">", "</p>");
    let link = "<a href=\"/facets/region\" rel=\"nofollow\">4 lieux</a>";
    assert_eq!(crowded, [format!("sans cercle, faute de place\u{a0}: {link}")]);
}

#[test]
fn places_without_a_circle_are_in_view_too() {
    let spread = |at: u64| value(&format!("Mali/Mopti {at}"), 9, vec![value("Mali/Mopti/Bankass", 1, vec![])]);
    let mut regions: Vec<FacetCount> = (0..94).map(spread).collect();
    regions.push(value("Mali/Tombouctou", 1, vec![]));
    let values = [value("Mali", 900, regions)];
    let map = Map::new(&values, Vocabulary::builtin(), Lang::Fr, &|_| String::new());
    let far = map.shown.crowded.iter().find(|place| place.count.path.name() == "Tombouctou").unwrap();
    assert!(map.spot(far).is_some());
}

#[test]
fn outside_of_the_choice_no_number_passes_for_one_of_the_hits() {
    let mut values = sahel();
    for value in &mut values {
        selected(value, &["/Mali/Mopti"]);
    }
    let html = drawn(&values, Lang::Fr);
    assert!(html.contains("aria-label=\"Mali – à la place\u{a0}: 1\u{202f}500 rapports\""), "{html}");
    let numbers: Vec<&str> = between(&html, "class=\"number\"> ", "</tspan>");
    // Mopti, and Bankass within it.
    assert!(numbers.iter().all(|number| ["1\u{202f}200", "1"].contains(number)), "{numbers:?}");
}

#[test]
fn what_is_selected_is_said_to_be() {
    let mut values = sahel();
    for value in &mut values {
        selected(value, &["/Mali/Gao"]);
    }
    let html = drawn(&values, Lang::Fr);
    let current: Vec<&str> = html.lines().filter(|line| line.contains("aria-current=\"true\"")).collect();
    assert_eq!(current.len(), 1, "{current:?}");
    assert!(current[0].contains("class=\"place selected\"") && current[0].contains("Gao, Mali"), "{current:?}");
}

#[test]
fn without_places_the_world_is_shown() {
    let html = drawn(&[], Lang::Fr);
    assert!(html.contains("Carte des rapports par lieu"));
    assert!(html.contains("class=\"land\"") && !html.contains("<a ") && !html.contains("figcaption"), "{html}");
}

#[test]
fn texts_of_others_stay_texts_and_nothing_leaves_the_page() {
    let hostile = "<script>alert(1)<\u{2215}script>\" onload=\"x";
    let region = format!("Mali/{hostile}");
    let mut values = vec![value("Mali", 3, vec![value(&region, 2, vec![value("Mali/Gao", 2, vec![])])])];
    values.push(value(hostile, 9, vec![]));
    let html = svg(&values, Vocabulary::builtin(), Lang::Fr, &|path| format!("?a=1&region=\"{path}<"), "/");
    for bad in ["<script", "\" onload=\"x", "a=1&region", "style", "http:", "https:"] {
        assert!(!html.contains(bad), "{bad}: {html}");
    }
    assert!(html.contains("href=\"?a=1&amp;region=&quot;/Mali"), "{html}");
}

#[test]
fn names_stand_on_no_other_name() {
    let regions =
        ["Mopti", "Bandiagara", "Douentza", "Ségou", "Gao", "Ménaka", "Kidal", "Tombouctou", "Bamako", "Kayes"];
    let regions =
        regions.iter().zip((1..).step_by(7)).map(|(name, count)| value(&format!("Mali/{name}"), count, vec![]));
    let values = [value("Mali", 400, regions.collect()), value("Niger", 7, vec![])];
    let map = Map::new(&values, Vocabulary::builtin(), Lang::Fr, &|_| String::new());
    let mut room = Room::new(&map.view);
    let mut circles = map.circles();
    let titles = map.titles(true, &mut room);
    name(&mut circles, &mut room, Lang::Fr);
    let named: Vec<&Circle> = circles.iter().filter(|circle| circle.label.is_some()).collect();
    assert!(named.len() >= 6, "{}", named.len());
    let area = |label: &Label, place: &Place| {
        label.area(labels::width(&super::named(place, Lang::Fr), LETTERS[1]), LETTERS[1])
    };
    let areas: Vec<Area> = named
        .iter()
        .filter_map(|circle| Some(area(&circle.label?.0, circle.place)))
        .chain(titles.iter().map(|title| area(&title.label, title.place)))
        .collect();
    for (at, one) in areas.iter().enumerate() {
        assert!(areas[at + 1..].iter().all(|other| !one.meets(other)), "{areas:?}");
    }
}

#[test]
fn the_legend_tells_round_numbers() {
    for (most, want) in
        [(0, 0), (1, 1), (3, 2), (9, 5), (10, 10), (49, 20), (50, 50), (730, 500), (u64::MAX, 10_u64.pow(19))]
    {
        assert_eq!(draw::round_below(most), want, "{most}");
    }
}

#[test]
fn the_style_has_the_sizes_that_names_were_laid_out_for() {
    let css = include_str!("../assets/drawings.css");
    for size in LETTERS {
        assert!(css.contains(&format!("font-size: {size}px")), "{size}");
    }
}

#[test]
fn the_style_names_the_colours_of_the_page_and_no_others() {
    let known = ["ink", "quiet", "paper", "line", "accent", "mark", "land", "sea", "border"];
    let used = between(include_str!("../assets/drawings.css"), "var(--", ")");
    assert!(!used.is_empty() && used.iter().all(|name| known.contains(name)), "{used:?}");
}

/// Places of the tables, some without coordinates or unknown, with any counts.
fn values() -> impl Strategy<Value = Vec<FacetCount>> {
    let names = prop::sample::select(vec![
        "Mali",
        "Niger",
        "Burkina Faso",
        "Russie",
        "Nouvelle-Zélande",
        "Canada",
        "Zones",
        "Nulle part",
        "Ghana",
        "a\"<&",
    ]);
    let parts =
        prop::sample::select(vec!["Mopti", "Gao", "Sahel", "Moscou", "Diffa", "Nulle part", "Bamako", "\u{202e}x"]);
    let count = prop_oneof![0..5_u64, Just(u64::MAX), any::<u64>()];
    let part = (parts, count.clone(), any::<bool>());
    let place = (names, count, any::<bool>(), prop::collection::vec(part, 0..5));
    prop::collection::vec(place, 0..6).prop_map(|places| {
        let choice = |value: FacetCount, chosen: bool| {
            let choice = crate::counts::Choice { selected: chosen, if_added: 1, if_chosen_instead: value.count };
            FacetCount { choice: Some(choice), ..value }
        };
        let place = |(name, count, chosen, parts): (&str, u64, bool, Vec<(&str, u64, bool)>)| {
            let part = |(part, count, chosen): (&str, u64, bool)| {
                choice(value(&format!("{name}/{part}"), count, vec![]), chosen)
            };
            choice(value(name, count, parts.into_iter().map(part).collect()), chosen)
        };
        places.into_iter().map(place).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_counts_give_a_sound_drawing(values in values()) {
        let html = drawn(&values, Lang::Fr);
        prop_assert!(!html.contains("NaN") && !html.contains("inf\"") && !html.contains("inf "));
        prop_assert!(html.len() < 200_000, "{} bytes", html.len());
        prop_assert_eq!(html.matches("<a ").count(), html.matches("</a>").count());
        let page = dom_query::Document::from(html.as_str());
        for spot in &page.select("svg circle, svg text") {
            let number = |name: &str| spot.attr(name).map(|number| number.parse::<f64>().unwrap());
            let x = number("cx").or_else(|| number("x")).unwrap();
            let y = number("cy").or_else(|| number("y")).unwrap();
            prop_assert!((0.0..=WIDTH).contains(&x) && (0.0..=WIDTH).contains(&y), "{x} {y}");
        }
        for link in &page.select("svg a, figcaption a") {
            prop_assert!(link.attr("href").unwrap().starts_with("?region=/"));
        }
    }

    #[test]
    fn any_places_give_a_view(places in prop::collection::vec((-90.0..=90.0, -180.0..=180.0, any::<u64>()), 1..30)) {
        let places: Vec<(Point, u64)> =
            places.iter().map(|(north, east, reports)| (Point::checked(*north, *east).unwrap(), *reports)).collect();
        let view = View::of(fit::fit(&places).unwrap(), WIDTH, MARGIN, 3.0);
        prop_assert!((WIDTH * 0.5..=WIDTH * 0.75).contains(&view.height), "{view:?}");
        prop_assert!(places.iter().any(|(point, _)| view.bounds.holds(*point)), "{view:?}");
        for (point, _) in places {
            let spot = view.spot(point);
            prop_assert!(spot.x.is_finite() && spot.y.is_finite(), "{view:?}");
        }
    }
}
