//! Records: whole reports as lines or rows that `vigie index` reads back, those of `schema/record.schema.json`.

use std::io::{self, Write};

use chrono::NaiveDate;
use serde::Serialize;

use super::dialect::{Cell, Rows, joined};
use crate::index::StoredReport;

/// The columns of a table of records; what stands in the last three was found in title and text, and is not read back.
const COLUMNS: [&str; 14] = [
    "id",
    "title",
    "text",
    "source",
    "url",
    "author",
    "published",
    "lang",
    "groups",
    "regions",
    "dates",
    "found_groups",
    "found_regions",
    "found_dates",
];

/// A record, without the keys that it has no value for.
#[derive(Serialize)]
struct Record<'r> {
    id: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'r str>,
    text: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<NaiveDate>,
    lang: &'r str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    regions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    dates: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    found_groups: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    found_regions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    found_dates: Vec<String>,
}

impl<'r> Record<'r> {
    fn new(stored: &'r StoredReport) -> Self {
        let StoredReport { report, found } = stored;
        Self {
            id: &report.id,
            title: report.title.as_deref(),
            text: &report.text,
            source: report.source.as_deref(),
            url: report.url.as_deref(),
            author: report.author.as_deref(),
            published: report.published,
            lang: &report.lang,
            groups: told(&report.groups),
            regions: told(&report.regions),
            dates: told(&report.dates),
            found_groups: told(&found.groups),
            found_regions: told(&found.regions),
            found_dates: told(&found.dates),
        }
    }
}

/// Values as a record gives them.
fn told<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

/// Writes a report as one line of JSON.
///
/// # Errors
/// The writer's own.
pub fn line(out: &mut dyn Write, stored: &StoredReport) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Record::new(stored))?;
    out.write_all(b"\n")
}

/// Writes the names of the columns.
///
/// # Errors
/// The writer's own.
pub fn header(rows: &mut Rows<'_>) -> io::Result<()> {
    rows.row(COLUMNS.map(Cell::text))
}

/// Writes a report as one row.
///
/// # Errors
/// The writer's own.
pub fn row(rows: &mut Rows<'_>, stored: &StoredReport) -> io::Result<()> {
    let record = Record::new(stored);
    let text = |text: Option<&'_ str>| Cell::text(text.unwrap_or_default().to_owned());
    let lists = [&record.groups, &record.regions, &record.dates];
    let found = [&record.found_groups, &record.found_regions, &record.found_dates];
    let own = [
        text(Some(record.id)),
        text(record.title),
        text(Some(record.text)),
        text(record.source),
        text(record.url),
        text(record.author),
        Cell::text(record.published.map(|day| day.to_string()).unwrap_or_default()),
        text(Some(record.lang)),
    ];
    rows.row(own.into_iter().chain(lists.into_iter().chain(found).map(joined)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::super::Dialect;
    use super::super::samples::validate;
    use super::*;
    use crate::annotate::Own;
    use crate::corpus::{Corpus, Item, ReadOptions};
    use crate::index::{IndexOptions, IndexReader, build, content_hash};
    use crate::report::Report;
    use crate::search::{Request, SearchError, Searcher};

    fn stored() -> StoredReport {
        let report = Report {
            id: "a|b".to_owned(),
            title: Some("« Bilan »; suite".to_owned()),
            text: "Un \"bilan\",\nprovisoire.".to_owned(),
            published: "2024-08-16".parse().ok(),
            lang: "fr".to_owned(),
            groups: vec!["/jihadiste/JNIM".parse().unwrap(), "/étatique/FAMa".parse().unwrap()],
            path: "a.txt".to_owned(),
            ..Report::default()
        };
        let found = Own { dates: vec!["2024-08".parse().unwrap()], ..Own::default() };
        StoredReport { report, found }
    }

    /// Every report of the sample corpus is the same one when it is read back, by the hash of all that it holds.
    #[test]
    fn what_is_written_is_read_back_as_the_same_report() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_corpus");
        let dir = tempfile::tempdir().unwrap();
        let corpus = |path: &std::path::Path| Corpus::open(&[path.to_owned()], ReadOptions::default()).unwrap();
        let reports = |path: &std::path::Path| -> BTreeMap<String, u64> {
            let reports = corpus(path).filter_map(|item| match item {
                Item::Report(report, _) => Some((report.id.clone(), content_hash(&report))),
                _ => None,
            });
            reports.collect()
        };
        build(dir.path(), corpus(&root), &IndexOptions::default(), &mut |_| ()).unwrap();
        let reader = IndexReader::open(dir.path()).unwrap();
        let mut lines = Vec::new();
        Searcher::new(&reader)
            .export(&Request { limit: 0, ..Request::default() }, |stored| {
                line(&mut lines, &stored).unwrap();
                Ok::<_, SearchError>(())
            })
            .unwrap();
        let file = dir.path().join("export.jsonl");
        std::fs::write(&file, lines).unwrap();
        let (before, after) = (reports(&root), reports(&file));
        assert_eq!(before.len(), 82);
        assert_eq!(before, after);
    }

    #[test]
    fn a_line_is_a_record_and_a_row_has_its_cells() {
        let (stored, mut out) = (stored(), Vec::new());
        line(&mut out, &stored).unwrap();
        let value: Value = serde_json::from_slice(&out).unwrap();
        validate("record.schema.json", &value);
        let keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        assert!(keys.iter().all(|key| COLUMNS.contains(key)) && keys.len() == 7, "{keys:?}");

        let mut out = Vec::new();
        let mut rows = Dialect::CSV.rows(&mut out);
        header(&mut rows).unwrap();
        row(&mut rows, &stored).unwrap();
        rows.end().unwrap();
        let mut read = csv::Reader::from_reader(out.as_slice());
        let header = read.headers().unwrap().clone();
        assert_eq!(header.iter().collect::<Vec<_>>(), COLUMNS);
        let row = read.records().next().unwrap().unwrap();
        let cells: Vec<&str> = row.iter().collect();
        assert_eq!(cells[..3], ["a|b", "« Bilan »; suite", "Un \"bilan\",\nprovisoire."]);
        assert_eq!(cells[6..], ["2024-08-16", "fr", "/jihadiste/JNIM|/étatique/FAMa", "", "", "", "", "2024-08"]);
    }
}
