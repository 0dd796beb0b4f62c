//! CSL-JSON, as Zotero and pandoc read it: an array of items, one a report, with the passages that are cited of it in a
//! note. `id` is the key of the BibTeX entry.

use std::io::{self, Write};

use chrono::Datelike;
use serde_json::{Value, json};

use super::bibtex::{key, note, passages};
use crate::citation::{is_somebody, on_one_line};
use crate::whole::Cited;

/// Writes the items of reports, each once, in the order in which they are first cited.
///
/// # Errors
/// The writer's own.
pub fn csl_json(out: &mut dyn Write, cited: &[Cited]) -> io::Result<()> {
    let items: Vec<Value> = passages(cited).iter().map(|parts| item(parts)).collect();
    serde_json::to_writer_pretty(&mut *out, &items)?;
    writeln!(out)
}

fn item(parts: &[&Cited]) -> Value {
    let Some(first) = parts.first() else { return Value::Null };
    let (report, info) = (&first.report, &first.report.info);
    let kind = match (&info.source, &info.url) {
        (Some(_), _) => "article-newspaper",
        (None, Some(_)) => "webpage",
        (None, None) => "document",
    };
    let mut item = json!({ "id": key(first), "type": kind });
    let text = |text: &Option<String>| text.as_deref().map(on_one_line).filter(|text| !text.trim().is_empty());
    let notes: Vec<String> = parts.iter().filter_map(|part| note(part)).collect();
    let title = text(&info.title).unwrap_or_else(|| on_one_line(&info.id));
    let language = Some(&report.lang).filter(|lang| *lang != "und" && !lang.is_empty());
    let fields = [
        ("title", Some(json!(title))),
        (
            "author",
            text(&report.author).filter(|author| is_somebody(author)).map(|author| json!([{ "literal": author }])),
        ),
        ("container-title", text(&info.source).map(Value::from)),
        ("issued", info.published.map(|day| json!({ "date-parts": [[day.year(), day.month(), day.day()]] }))),
        ("URL", text(&info.url).map(Value::from)),
        ("language", language.map(|lang| json!(lang))),
        ("note", Some(notes.join("; ")).filter(|note| !note.is_empty()).map(Value::from)),
    ];
    if let Some(item) = item.as_object_mut() {
        item.extend(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    item
}

#[cfg(test)]
mod tests {
    use super::super::samples::cited;
    use super::*;

    #[test]
    fn an_item_a_report_with_its_passages() {
        let mut page = cited("b", None);
        page.report.info.source = None;
        page.report.info.url = Some("https://exemple.invalid/".to_owned());
        page.report.author = Some("Awa Traoré".to_owned());
        let mut out = Vec::new();
        csl_json(&mut out, &[cited("a", Some(3)), page, cited("a", Some(4))]).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
        [
          {
            "id": "echantillona-2025-17762fddd969",
            "type": "article-newspaper",
            "title": "Bilan & suites",
            "container-title": "Échantillon A",
            "issued": {
              "date-parts": [
                [
                  2025,
                  1,
                  9
                ]
              ]
            },
            "language": "fr",
            "note": "corpus/2025/depeche-1.txt:a#3, octets 812-841, b3:b6f06f83f5a2; corpus/2025/depeche-1.txt:a#4, octets 812-841, b3:b6f06f83f5a2"
          },
          {
            "id": "vigie-2025-10e5cf3d3c8a",
            "type": "webpage",
            "title": "Bilan & suites",
            "author": [
              {
                "literal": "Awa Traoré"
              }
            ],
            "issued": {
              "date-parts": [
                [
                  2025,
                  1,
                  9
                ]
              ]
            },
            "URL": "https://exemple.invalid/",
            "language": "fr"
          }
        ]
        "#);
    }
}
