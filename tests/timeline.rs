//! `vigie timeline`: reports by period.

#![allow(clippy::unwrap_used, reason = "a test may")]

mod common;

use std::collections::BTreeSet;

use common::{Desk, INDEX, sample, validate};
use serde_json::{Value, json};
use vigie::counts::Unit;
use vigie::index::IndexReader;
use vigie::search::{Request, Searcher, TimelineRequest};

/// Seven reports around the turn of a year.
fn desk() -> Desk {
    let record = |id: &str, published: Option<&str>, dates: &[&str], regions: &[&str]| {
        json!({ "id": id, "published": published, "dates": dates, "regions": regions, "text": "Une embuscade." })
            .to_string()
    };
    let records = [
        record("a", Some("2024-12-30"), &["2024-12-28", "2024-12-29"], &["Mali/Mopti", "Niger/Tahoua"]),
        record("b", Some("2025-01-02"), &["2024-12-30..2025-01-01"], &["Mali/Gao", "Mali/Mopti"]),
        record("c", Some("2025-01-20"), &[], &["Tchad"]),
        record("d", Some("2025-01-20"), &["2025-01"], &["Niger"]),
        record("e", Some("2025-01-21"), &["2024"], &[]),
        record("f", None, &["2025-01-01", "2024-11"], &["Mali"]),
        record("g", None, &[], &["Mali"]),
    ];
    let desk = Desk::with(&[("corpus/r.jsonl", &records.join("\n"))]);
    desk.index(&["corpus"]);
    desk
}

#[track_caller]
fn timeline(desk: &Desk, args: &[&str]) -> Value {
    let run = desk.run(&[&["timeline", "--format", "json"], args].concat());
    assert!(run.status <= 1, "{run:?}");
    let answer = run.json();
    validate("timeline.schema.json", &answer);
    validate("request.schema.json", &answer["request"]);
    answer
}

fn rows(answer: &Value) -> Vec<(String, u64)> {
    let row = |row: &Value| (row["period"].as_str().unwrap_or("undated").to_owned(), row["count"].as_u64().unwrap());
    answer["timeline"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn bars_for_people() {
    let desk = desk();
    insta::assert_snapshot!(desk.run(&["timeline"]).out, @r"
    7 reports by month of events, else of publication

    month             reports
    2024-11                 1  ██████████
    2024-12                 2  ████████████████████
    2025-01                 4  ████████████████████████████████████████
    2024 (year only)        1  ██████████
    undated                 1  ██████████
    ");
    insta::assert_snapshot!(desk.run(&["timeline", "--by", "week"]).out, @r"
    7 reports by week of events, else of publication

    week                   reports
    2024-W52 (2024-12-23)        1  ████████████████████
    2025-W01 (2024-12-30)        2  ████████████████████████████████████████
    2025-W02 (2025-01-06)        0
    2025-W03 (2025-01-13)        0
    2025-W04 (2025-01-20)        1  ████████████████████
    2025-01 (month only)         1  ████████████████████
    2024 (year only)             1  ████████████████████
    undated                      1  ████████████████████
    ");
    insta::assert_snapshot!(desk.run(&["timeline", "--by", "day", "--until", "2025-01-01"]).out, @r"
    4 reports by day of events, else of publication

    day               reports
    2024-12-28              1  ████████████████████
    2024-12-29              1  ████████████████████
    2024-12-30              1  ████████████████████
    2024-12-31              1  ████████████████████
    2025-01-01              2  ████████████████████████████████████████
    2024 (year only)        1  ████████████████████
    ");
    insta::assert_snapshot!(desk.run(&["timeline", "--by", "year", "--split", "region", "--top", "2"]).out, @r"
    7 reports by year of events, else of publication

    year     reports   Mali  Niger  other   none
    2024           4      3      1      0      1  ██████████████████████████████████
    2025           4      2      1      1      0  ██████████████████████████████████
    undated        1      1      0      0      0  ████████▌
    ");
    insta::assert_snapshot!(desk.run(&["timeline", "--by-published"]).out, @r"
    7 reports by month of publication

    month    reports
    2024-12        1  ██████████
    2025-01        4  ████████████████████████████████████████
    undated        2  ████████████████████
    ");
}

#[test]
fn rows_of_csv() {
    let desk = desk();
    let run = desk.run(&["timeline", "--by", "year", "--split", "region", "--depth", "2", "--format", "csv"]);
    insta::assert_snapshot!(run.out, @r"
    period,from,to,unit,reports,/Mali,/Mali/Mopti,/Mali/Gao,/Niger,/Niger/Tahoua,other,none
    2024,2024-01-01,2024-12-31,year,4,1,2,1,0,1,0,1
    2025,2025-01-01,2025-12-31,year,4,1,1,1,1,0,1,0
    ,,,,1,1,0,0,0,0,0,0
    ");
}

#[test]
fn total_is_what_is_dated_what_is_dated_coarser_and_what_is_not_dated() {
    let answer = timeline(&desk(), &["--by", "day"]);
    assert_eq!(answer["total"], 7);
    assert_eq!((&answer["coarser"], &answer["undated"]), (&json!(2), &json!(1)));
    let by_year = timeline(&desk(), &["--by", "year"]);
    assert_eq!((&by_year["coarser"], &by_year["undated"]), (&json!(0), &json!(1)));
    assert_eq!(rows(&by_year), [("2024".into(), 4), ("2025".into(), 4), ("undated".into(), 1)]);
}

#[test]
fn every_count_is_what_a_search_of_that_period_counts() {
    for (desk, query) in [(sample(), "attaque"), (sample(), ""), (&desk(), "")] {
        let reader = IndexReader::open(&desk.path(INDEX)).unwrap();
        let mut searcher = Searcher::new(&reader);
        let request = Request { query: query.to_owned(), since: Some("2010".to_owned()), ..Request::default() };
        for by in [Unit::Day, Unit::Week, Unit::Month, Unit::Year] {
            let short = Request { since: Some("2024-08".to_owned()), ..request.clone() };
            let request = if by == Unit::Day { &short } else { &request };
            let answer = searcher.timeline(request, &TimelineRequest { by, ..TimelineRequest::default() }).unwrap();
            let periods = answer.periods(by);
            for bucket in periods {
                let dates = vec![format!("{}..{}", bucket.from.unwrap(), bucket.to.unwrap())];
                let counted = searcher.count(&Request { dates, ..request.clone() }).unwrap();
                assert_eq!(counted, bucket.count, "{bucket:?}");
            }
            // From the first to the last, and the empty ones between.
            assert!(periods[0].count > 0 && periods[periods.len() - 1].count > 0);
            for pair in periods.windows(2) {
                assert_eq!(pair[0].to.unwrap().succ_opt(), pair[1].from);
            }
        }
    }
}

#[test]
fn weeks_are_those_of_iso_8601() {
    let answer = timeline(&desk(), &["--by", "week"]);
    let first = &answer["timeline"][0];
    assert_eq!((&first["period"], &first["from"]), (&json!("2024-W52"), &json!("2024-12-23")));
    // The first days of a year may be of its first week, which begins before them.
    let second = &answer["timeline"][1];
    assert_eq!(
        (&second["period"], &second["to"], &second["count"]),
        (&json!("2025-W01"), &json!("2025-01-05"), &json!(2))
    );
}

#[test]
fn only_dates_that_are_asked_for_count() {
    let answer = timeline(&desk(), &["--since", "2025", "--until", "2025"]);
    assert_eq!(rows(&answer), [("2025-01".into(), 4)]);
    // The day of publication is not what was asked for.
    let published = timeline(&desk(), &["--since", "2025", "--until", "2025", "--by-published"]);
    assert_eq!(rows(&published), [("2025-01".into(), 3), ("undated".into(), 1)]);
}

#[test]
fn periods_are_the_same_with_a_split_and_without() {
    let sparse = desk();
    for desk in [&sparse, sample()] {
        for unit in ["day", "week", "month", "year"] {
            for published in [&[][..], &["--by-published"]] {
                let without = timeline(desk, &[&["--by", unit], published].concat());
                let mut split = timeline(desk, &[&["--by", unit, "--split", "group"], published].concat());
                for row in split["timeline"].as_array_mut().unwrap() {
                    row.as_object_mut().unwrap().remove("split");
                }
                for key in ["timeline", "total", "coarser", "undated"] {
                    assert_eq!(without[key], split[key], "{key} by {unit}, {published:?}");
                }
                assert_eq!(without["total"], if desk.path("corpus").exists() { 7 } else { 82 });
            }
        }
    }
}

#[test]
fn a_split_counts_a_report_once_for_each_value() {
    let answer = timeline(&desk(), &["--by", "year", "--split", "region", "--top", "2"]);
    let split = |at: usize| answer["timeline"][at]["split"].as_array().unwrap().clone();
    let part = |value: &str, count: u64| json!({ "value": value, "count": count });
    assert_eq!(split(0), [part("/Mali", 3), part("/Niger", 1), part("other", 0), part("none", 1)]);
    assert_eq!(split(1), [part("/Mali", 2), part("/Niger", 1), part("other", 1), part("none", 0)]);
    let all = timeline(&desk(), &["--by", "year", "--split", "region", "--depth", "2", "--top", "0"]);
    let names: BTreeSet<&str> =
        all["timeline"][0]["split"].as_array().unwrap().iter().map(|part| part["value"].as_str().unwrap()).collect();
    let want = ["/Mali", "/Mali/Gao", "/Mali/Mopti", "/Niger", "/Niger/Tahoua", "/Tchad", "none", "other"];
    assert_eq!(names, BTreeSet::from(want));
}

#[test]
fn a_chart_is_sound_and_says_what_it_shows() {
    let desk = desk();
    let run = desk.run(&["timeline", "\"embuscade\" -a<b>&c", "--split", "region", "--top", "2", "--format", "svg"]);
    assert_eq!(run.status, 0, "{run:?}");
    let svg = &run.out;
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    assert!(
        svg.contains("<title id=\"vigie-timeline-title\">&quot;embuscade&quot; -a&lt;b&gt;&amp;c: 7 reports by month"),
        "{svg}"
    );
    assert!(
        svg.contains("<desc id=\"vigie-timeline-desc\">Bar chart of reports by month, from 2024-11 to 2025-01."),
        "{svg}"
    );
    assert!(svg.contains("Not shown, of 7 reports: 1 dated less finely than to the month, 1 without a date."), "{svg}");
    assert!(svg.contains("<title>2024-12, /Mali: 2</title>"), "{svg}");
    let opened = svg.matches("<text").count() + svg.matches("<title").count();
    assert_eq!(opened, svg.matches("</text>").count() + svg.matches("</title>").count());
    let many = sample().run(&["timeline", "--split", "group", "--top", "0", "--format", "svg"]);
    assert!(many.err.contains("6 values"), "{}", many.err);
    let none = desk.run(&["timeline", "zanzibar", "--format", "svg"]);
    assert_eq!(none.status, 1);
    assert!(none.out.contains("no report answers"), "{}", none.out);
}

#[test]
fn more_rows_than_anyone_reads_are_refused() {
    let desk = Desk::with(&[(
        "r.jsonl",
        "{\"text\":\"Il y a longtemps.\",\"dates\":[\"1917-01-01\"]}\n{\"text\":\"Hier.\",\"dates\":[\"2024-01-01\"]}\n",
    )]);
    desk.index(&["r.jsonl"]);
    insta::assert_snapshot!(desk.run(&["timeline", "--by", "day"]).fails_with_hint(), @"
    vigie: by day, the timeline from 1917-01-01 to 2024-01-01 has 39082 rows; the most is 36600
    hint: count by week, or bound the dates with --since and --until
    ");
    assert_eq!(timeline(&desk, &["--by", "month"])["timeline"].as_array().unwrap().len(), 107 * 12 + 1);
}

#[test]
fn nothing_found_and_errors_are_those_of_search() {
    let none = sample().run(&["timeline", "zanzibar"]);
    assert_eq!((none.status, none.out.as_str()), (1, "no report answers “zanzibar”\n"));
    sample().run(&["timeline", "--region", "Moptti"]).fails_with_hint();
    sample().run(&["timeline", "--since", "demain"]).fails();
    for wrong in [&["timeline", "--by", "decade"][..], &["timeline", "--split", "source"], &["timeline", "--top", "3"]]
    {
        let run = sample().run(wrong);
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{run:?}");
    }
}

#[test]
fn more_counts_than_anyone_reads_are_refused() {
    let groups: Vec<String> = (0..12).map(|number| format!("/milice/Groupe {number}")).collect();
    let line = |id: &str, date: &str| serde_json::json!({ "id": id, "text": "Une attaque.", "groups": groups, "dates": [date] });
    let desk = Desk::with(&[("r.jsonl", &format!("{}\n{}\n", line("a", "1930-01-01"), line("b", "2024-01-01")))]);
    desk.index(&["r.jsonl"]);
    let by_day = ["timeline", "--by", "day", "--split", "group", "--depth", "2", "--format", "json"];
    let run = desk.run(&[&by_day[..], &["--top", "0"]].concat());
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(
        run.err.contains("counts of values in them; the most is 366000\nhint: ask for longer periods"),
        "{}",
        run.err
    );
    assert_eq!(desk.run(&[&by_day[..], &["--top", "3"]].concat()).status, 0);
}
