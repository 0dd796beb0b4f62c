//! Files of one report: what is taken for its title, author, source and day, and what is left out.

use super::{BODY, Read, one};

/// Title, author, source and day of the only report.
fn fields(read: &Read) -> String {
    let [report] = &read.reports[..] else { panic!("{} reports, {:?}", read.reports.len(), read.skips) };
    let day = report.published.map(|day| day.to_string());
    [&report.title, &report.author, &report.source, &day]
        .map(|value| value.clone().unwrap_or_else(|| "-".to_owned()))
        .join(" / ")
}

#[test]
fn front_matter_that_is_no_yaml_is_read_line_by_line() {
    let lines = "title: Mali : trois morts à Gossi\nauteur: Awa K.\ndate: 2025-01-09\nsource: Échantillon\n\
        groups:\n- JNIM\n- FAMa\nregions: [Mali/Gao]\n";
    for text in [format!("---\n{lines}---\n\n{BODY}\n"), format!("---\n{lines}\n{BODY}\n")] {
        let read = one("a.md", text.as_bytes());
        assert_eq!(fields(&read), "Mali : trois morts à Gossi / Awa K. / Échantillon / 2025-01-09", "{text}");
        let report = &read.reports[0];
        assert_eq!((report.text.as_str(), report.groups.len(), report.regions.len()), (BODY, 2, 1), "{text}");
        assert!(read.told()[0].starts_with("front matter read line by line"), "{:?}", read.told());
    }
}
