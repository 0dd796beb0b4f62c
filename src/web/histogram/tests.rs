//! What the timeline shows and tells, and that it is sound whatever the counts are.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Periods in a row from a first day, with their reports.
fn periods(unit: Unit, from: &str, counts: &[u64]) -> Vec<Bucket> {
    let mut first = day(from);
    let next = |first: NaiveDate| match unit {
        Unit::Day => first.succ_opt().unwrap(),
        Unit::Week => first + chrono::Days::new(7),
        Unit::Month => first + chrono::Months::new(1),
        Unit::Year => first + chrono::Months::new(12),
    };
    let bucket = |&count: &u64| {
        let (from, behind) = (first, next(first));
        first = behind;
        let period = Some(from.to_string());
        Bucket { period, from: Some(from), to: behind.pred_opt(), unit: Some(unit), count, split: Vec::new() }
    };
    counts.iter().map(bucket).collect()
}

fn timeline(timeline: Vec<Bucket>) -> Timeline {
    Timeline { timeline, ..Timeline::default() }
}

fn drawn(timeline: &Timeline, unit: Unit, lang: Lang) -> String {
    let link = |bucket: &Bucket| Some(format!("?date={}..{}", bucket.from?, bucket.to?));
    svg(timeline, unit, DateRange::default(), lang, &link)
}

/// What is between two texts, each time.
fn between<'t>(text: &'t str, before: &str, behind: &str) -> Vec<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(behind).next()).collect()
}

#[test]
fn the_unit_suits_the_span() {
    for (from, to, want) in [
        ("2024-08-15", "2024-08-15", Unit::Day),
        ("2024-07-01", "2024-09-30", Unit::Day),
        ("2024-07-01", "2024-10-01", Unit::Month),
        ("2012-08-31", "2025-01-01", Unit::Month),
        ("2012-07-31", "2025-01-01", Unit::Year),
        ("1236-01-01", "2025-12-31", Unit::Year),
    ] {
        assert_eq!(unit(day(from), day(to)), want, "{from} {to}");
    }
}

#[test]
fn the_span_is_that_of_the_reports() {
    let all = timeline(periods(Unit::Month, "2024-01-01", &[0, 2, 0, 1, 0]));
    assert_eq!(span(&all, Unit::Month), Some((day("2024-02-01"), day("2024-04-30"))));
    assert_eq!(span(&all, Unit::Day), None);
    assert_eq!(span(&timeline(periods(Unit::Month, "2024-01-01", &[0])), Unit::Month), None);
}

#[test]
fn every_bar_is_a_link_that_tells_its_period_and_number() {
    let html = drawn(&timeline(periods(Unit::Month, "2024-07-01", &[1, 0, 12])), Unit::Month, Lang::Fr);
    let periods = between(&html, "class=\"period\"", "</title>");
    let want = [
        " href=\"?date=2024-07-01..2024-07-31\" aria-label=\"juillet 2024\u{a0}: 1 rapport\" data-from=\"2024-07-01\" \
         data-to=\"2024-07-31\" data-first=\"1er juillet 2024\" data-last=\"31 juillet 2024\"><title>juillet 2024\u{a0}: 1 rapport",
        " aria-hidden=\"true\" data-from=\"2024-08-01\" data-to=\"2024-08-31\" \
         data-first=\"1er août 2024\" data-last=\"31 août 2024\"><title>août 2024\u{a0}: 0 rapport",
        " href=\"?date=2024-09-01..2024-09-30\" aria-label=\"septembre 2024\u{a0}: 12 rapports\" \
         data-from=\"2024-09-01\" data-to=\"2024-09-30\" data-first=\"1er septembre 2024\" \
         data-last=\"30 septembre 2024\"><title>septembre 2024\u{a0}: 12 rapports",
    ];
    assert_eq!(periods, want);
    assert_eq!(between(&html, "class=\"bar\"", "/>").len(), 2);
    assert_eq!(between(&html, "class=\"reach\"", "/>").len(), 3);
    assert!(html.contains(">max. 12 rapports</text>"), "{html}");
    // The highest bar takes the whole height.
    assert!(html.contains("y=\"22.00\"") && html.contains("height=\"104.00\""), "{html}");
}

#[test]
fn periods_have_names_in_both_languages() {
    let cases = [
        (Unit::Day, "2024-08-01", "1 August 2024: 1 report", "1er août 2024\u{a0}: 1 rapport"),
        (Unit::Day, "2024-02-29", "29 February 2024: 1 report", "29 février 2024\u{a0}: 1 rapport"),
        (Unit::Week, "2024-08-12", "week of 12 August 2024: 1 report", "semaine du 12 août 2024\u{a0}: 1 rapport"),
        (Unit::Month, "2024-12-01", "December 2024: 1 report", "décembre 2024\u{a0}: 1 rapport"),
        (Unit::Year, "2024-01-01", "2024: 1 report", "2024\u{a0}: 1 rapport"),
    ];
    for (unit, from, english, french) in cases {
        for (lang, want) in [(Lang::En, english), (Lang::Fr, french)] {
            let html = drawn(&timeline(periods(unit, from, &[1])), unit, lang);
            assert_eq!(between(&html, "<title>", "</title>"), [want]);
        }
    }
}

#[test]
fn labels_are_those_of_the_calendar() {
    let ticks = |unit: Unit, from: &str, count: usize| -> (Vec<String>, Vec<String>) {
        let html = drawn(&timeline(periods(unit, from, &vec![1; count])), unit, Lang::Fr);
        let of = |class: &str| -> Vec<String> {
            between(&html, &format!("class=\"{class}\" "), "</text>")
                .iter()
                .map(|text| text.split('>').nth(1).unwrap().to_owned())
                .collect()
        };
        (of("tick"), of("tick more"))
    };
    let (always, wide) = ticks(Unit::Month, "2024-02-01", 12);
    assert_eq!(always, ["avr.", "juil.", "oct.", "janv.", "2024"]);
    assert_eq!(wide, ["févr.", "mars", "mai", "juin", "août", "sept.", "nov.", "déc.", "2025"]);
    let (always, wide) = ticks(Unit::Month, "2015-06-01", 145);
    assert_eq!(always, ["2016", "2018", "2020", "2022", "2024", "2026"]);
    assert_eq!(wide, ["2017", "2019", "2021", "2023", "2025"]);
    let (always, wide) = ticks(Unit::Day, "2024-07-20", 60);
    assert_eq!(always, ["22", "1", "8", "15", "22", "1", "8", "15", "août 2024", "septembre 2024"]);
    assert_eq!(wide, ["juillet 2024"]);
    let (always, wide) = ticks(Unit::Year, "1996-01-01", 30);
    assert_eq!(always, ["2000", "2010", "2020"]);
    let between = ["1996", "1998", "2002", "2004", "2006", "2008", "2012", "2014", "2016", "2018", "2022", "2024"];
    assert_eq!(wide, between);
}

#[test]
fn the_last_days_of_a_month_have_labels_as_far_as_the_next_one_leaves_room() {
    let days = |from: &str, count: usize| -> Vec<u32> {
        let html = drawn(&timeline(periods(Unit::Day, from, &vec![1; count])), Unit::Day, Lang::Fr);
        let page = dom_query::Document::from(html.as_str());
        let ticks = page.select("svg text.tick[text-anchor=middle]");
        ticks.iter().map(|tick| tick.text().parse().unwrap()).collect()
    };
    assert!(days("2024-08-01", 31).ends_with(&[25, 27, 29, 31]), "{:?}", days("2024-08-01", 31));
    assert!(days("2024-08-20", 20).windows(2).any(|pair| pair == [31, 1] || pair == [29, 1]));
    // Of 29 and 1, three days apart, the first of the month is the one to keep.
    assert_eq!(days("2024-07-20", 60), [22, 1, 8, 15, 22, 1, 8, 15]);
}

#[test]
fn numbers_have_their_thousands_apart() {
    let mut all = timeline(periods(Unit::Year, "2024-01-01", &[12_000]));
    (all.coarser, all.undated) = (1_234, 5_678);
    let html = drawn(&all, Unit::Year, Lang::Fr);
    for told in ["max. 12\u{202f}000 rapports", "2024\u{a0}: 12\u{202f}000 rapports", "1\u{202f}234", "5\u{202f}678"] {
        assert!(html.contains(told), "{told}: {html}");
    }
    assert!(drawn(&all, Unit::Year, Lang::En).contains("max. 12,000 reports"));
}

#[test]
fn what_no_bar_shows_is_told_below() {
    let mut buckets = periods(Unit::Month, "2024-08-01", &[2]);
    buckets.extend(periods(Unit::Year, "2023-01-01", &[1, 2]));
    buckets.push(Bucket { period: None, from: None, to: None, unit: None, count: 4, split: Vec::new() });
    let timeline = Timeline { coarser: 3, undated: 4, timeline: buckets, ..Timeline::default() };
    let html = drawn(&timeline, Unit::Month, Lang::Fr);
    let lines = between(&html, "<p>", "</p>");
    assert_eq!(
        lines,
        [
            "3 datés moins finement que par mois\u{a0}: <a href=\"?date=2023-01-01..2023-12-31\">2023 (1)</a>, \
         <a href=\"?date=2024-01-01..2024-12-31\">2024 (2)</a>",
            "4 sans date",
        ]
    );
}

#[test]
fn too_many_periods_leave_the_emptiest_out() {
    let mut counts = vec![0; 790];
    counts[0] = 1;
    counts[300] = 2;
    counts[700..].fill(3);
    let html = drawn(&timeline(periods(Unit::Year, "1236-01-01", &counts)), Unit::Year, Lang::En);
    assert_eq!(between(&html, "class=\"reach\"", "/>").len(), MOST);
    assert_eq!(between(&html, "class=\"bar\"", "/>").len(), 90);
    let below = between(&html, "<p>", "</p>");
    let years: Vec<&str> = between(below[0], "\">", "</a>");
    assert_eq!(years, ["1236 (1)", "1536 (2)"]);
}

#[test]
fn the_days_that_the_page_filters_by_are_shown() {
    let all = timeline(periods(Unit::Month, "2024-01-01", &[1, 1, 1, 0, 1]));
    let chosen = |selected: &str| {
        let html = svg(&all, Unit::Month, selected.parse().unwrap(), Lang::Fr, &|_| None);
        let area = between(&html, "class=\"chosen\" ", " y=").first().map(|area| (*area).to_owned());
        (area, html.matches("class=\"period selected\"").count())
    };
    assert_eq!(chosen("2024-02-10..2024-04"), (Some("x=\"128.0\"".to_owned()), 3));
    assert_eq!(chosen("..2024-01-01"), (Some("x=\"0.0\"".to_owned()), 1));
    assert_eq!(chosen("2025"), (None, 0));
    let open = svg(&all, Unit::Month, DateRange::default(), Lang::Fr, &|_| None);
    assert!(!open.contains("chosen") && !open.contains("selected"), "{open}");
    assert!(!open.contains("<a ") && open.contains("role=\"img\""), "{open}");
}

#[test]
fn links_stay_texts() {
    let all = timeline(periods(Unit::Year, "2024-01-01", &[1]));
    let html = svg(&all, Unit::Year, DateRange::default(), Lang::Fr, &|_| Some("?a=\"<b>&c".to_owned()));
    assert!(html.contains("href=\"?a=&quot;&lt;b&gt;&amp;c\""), "{html}");
    assert!(!html.contains("style"), "{html}");
}

#[test]
fn the_style_has_the_sizes_that_labels_were_laid_out_for() {
    let css = include_str!("../assets/drawings.css");
    for size in LETTERS {
        assert!(css.contains(&format!("font-size: {size}px")), "{size}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_counts_give_a_sound_drawing(
        unit in prop::sample::select(vec![Unit::Day, Unit::Week, Unit::Month, Unit::Year]),
        year in 1..3000_i32,
        counts in prop::collection::vec(prop_oneof![0..9_u64, any::<u64>()], 0..400),
    ) {
        let all = timeline(periods(unit, &format!("{year:04}-01-01"), &counts));
        let html = drawn(&all, unit, Lang::Fr);
        prop_assert!(!html.contains("NaN") && !html.contains("inf"));
        prop_assert!(between(&html, "class=\"reach\"", "/>").len() == counts.len().min(MOST));
        prop_assert!(html.len() < 80_000, "{} bytes", html.len());
        let page = dom_query::Document::from(html.as_str());
        let mut ends = [f64::NEG_INFINITY; 2];
        for tick in &page.select("svg text.tick") {
            let number = |name: &str| tick.attr(name).unwrap().parse::<f64>().unwrap();
            let middle = &*tick.attr("text-anchor").unwrap() == "middle";
            let width = tick.text().chars().count() as f64 * LETTERS[0] * LETTER_WIDTH;
            let left = number("x") - if middle { width / 2.0 } else { 0.0 };
            // The row of periods stands in their middle, that of months and years where one begins.
            let end = &mut ends[usize::from(!middle)];
            prop_assert!(left >= *end, "{} on the label before", tick.text());
            prop_assert!(middle || left + width <= WIDTH, "{} beyond the edge", tick.text());
            *end = left + width;
        }
    }
}
