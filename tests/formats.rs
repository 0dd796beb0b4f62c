//! Formats of search and counts that leave the program: tables, pages, Markdown.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{Desk, Run, sample};
use dom_query::Document;

/// The rows of a table under its header, as text.
fn rows(table: &str, delimiter: u8) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let texts = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = texts(reader.headers().unwrap());
    (header, reader.records().map(|record| texts(&record.unwrap())).collect())
}

/// A column of a table.
fn column(table: &str, name: &str) -> Vec<String> {
    let (header, rows) = rows(table, b',');
    let at = header.iter().position(|column| column == name).unwrap();
    rows.into_iter().map(|mut row| row.swap_remove(at)).collect()
}

fn search(args: &[&str]) -> Run {
    let run = sample().run(&[&["search"], args].concat());
    assert!(run.status <= 1, "{run:?}");
    run
}

#[test]
fn a_table_has_the_hits_of_json() {
    let table = search(&["attaque", "-n", "0", "--format", "csv"]).out;
    let hits = sample().search(&["attaque", "-n", "0"]);
    let hits = hits["hits"].as_array().unwrap();
    assert!(hits.len() > 20);
    let told = |pointer: &str| -> Vec<String> {
        hits.iter()
            .map(|hit| hit.pointer(pointer).unwrap())
            .map(|value| {
                value
                    .as_str()
                    .map_or_else(|| if value.is_null() { String::new() } else { value.to_string() }, str::to_owned)
            })
            .collect()
    };
    for (name, pointer) in [
        ("rank", "/rank"),
        ("report", "/report/id"),
        ("title", "/report/title"),
        ("url", "/report/url"),
        ("published", "/report/published"),
        ("start", "/passage/start"),
        ("end", "/passage/end"),
        ("hash", "/passage/hash"),
        ("text", "/passage/text"),
        ("cite", "/cite"),
    ] {
        assert_eq!(column(&table, name), told(pointer), "{name}");
    }
    let groups = column(&table, "groups");
    assert!(groups.iter().any(|groups| groups.contains('|')));
    assert!(table.matches("\r\n").count() > hits.len());
}

#[test]
fn the_header_stands_alone_where_nothing_is_found() {
    for (format, delimiter) in [("csv", b','), ("tsv", b'\t')] {
        let run = sample().run(&["search", "zzzzzz", "--no-expand", "--format", format]);
        assert_eq!(run.status, 1);
        let (header, rows) = rows(&run.out, delimiter);
        assert_eq!((header.len(), rows.len()), (22, 0));
    }
    let run = sample().fed(&["search", "--queries", "-", "--format", "csv"], "");
    assert_eq!((run.status, rows(&run.out, b',').0.len()), (0, 24));
}

#[test]
fn a_failed_request_is_a_row() {
    let run = sample()
        .fed(&["search", "--queries", "-", "--format", "csv", "-n", "1"], "a\tembuscade\nb\t\"ouvert\nc\tBankass\n");
    assert_eq!(run.status, 3);
    assert_eq!(column(&run.out, "request"), ["a", "b", "c"]);
    let errors = column(&run.out, "error");
    assert!(errors[0].is_empty() && errors[1].contains("never closed") && errors[2].is_empty(), "{errors:?}");
}

#[test]
fn a_french_spreadsheet_gets_its_own_csv() {
    let table = search(&["attaque", "--format", "csv", "--excel-fr"]).out;
    let (header, rows) = rows(&table, b';');
    assert!(table.starts_with("\u{feff}rank;score;"));
    assert_eq!(header.len(), 22);
    assert!(rows.iter().all(|row| row[1].contains(',') && !row[1].contains('.')), "{rows:?}");
    for command in [&["facets", "--by", "group"][..], &["timeline", "--by", "year"]] {
        let plain = sample().run(&[command, &["--format", "csv"]].concat());
        let excel = sample().run(&[command, &["--format", "csv", "--excel-fr"]].concat());
        assert!(excel.out.starts_with('\u{feff}') && !plain.out.starts_with('\u{feff}'));
        assert_eq!(self::rows(&excel.out, b';'), self::rows(&plain.out, b','));
        assert!(plain.out.lines().count() > 5 && plain.out.matches("\r\n").count() == plain.out.lines().count());
        let run = sample().run(&[command, &["--excel-fr"]].concat());
        run.fails();
    }
    sample().run(&["search", "x", "--excel-fr"]).fails();
    sample().run(&["search", "x", "--format", "csv", "--explain"]).fails();
}

#[test]
fn what_is_told_beside_a_table_goes_to_standard_error() {
    let run = search(&["gsim embuscde", "--format", "tsv"]);
    assert!(run.err.contains("« gsim » also finds JNIM") && run.err.contains("embuscade"), "{}", run.err);
}

#[test]
fn a_report_of_signs_is_shown_and_not_run() {
    let desk = Desk::with(&[(
        "in/signes.txt",
        "Titre <script>alert(1)</script>\n\n=HYPERLINK(\"http://exemple.invalid\") * une embuscade_ [lien](x) # et \u{202e}<b>gras</b> | fin, dit la note du village voisin, qui compte trente mots au moins pour être un passage à lui seul.\n",
    )]);
    desk.index(&["in"]);
    let page = desk.run(&["search", "embuscade", "--format", "html"]).out;
    assert!(!page.contains("<script") && !page.contains("<b>") && !page.contains("href="), "{page}");
    let text = desk.search(&["embuscade"])["hits"][0]["passage"]["text"].as_str().unwrap().to_owned();
    assert_eq!(Document::from(page.as_str()).select("blockquote").text().as_ref(), text);
    let markdown = desk.run(&["search", "embuscade", "--format", "markdown"]).out;
    assert!(markdown.contains(r"\* une **embuscade**\_ \[lien\](x) # et \<b\>gras\</b\> \| fin"), "{markdown}");
}

#[test]
fn a_page_stands_alone() {
    for format in ["html", "markdown"] {
        let run =
            sample().fed(&["search", "--queries", "-", "--format", format, "-n", "1"], "a\tembuscade\nb\t\"ouvert\n");
        assert_eq!(run.status, 3);
        assert!(run.out.contains("never closed") && run.out.contains("octets "), "{}", run.out);
    }
    let page = search(&["embuscade", "--group", "!JNIM", "--since", "2024", "--format", "html"]).out;
    let page = Document::from(page.as_str());
    assert_eq!(
        page.select(".asked dd").iter().map(|dd| dd.text().to_string()).collect::<Vec<_>>(),
        ["!JNIM", "2024", "10"]
    );
    assert_eq!(page.select("script, link, img, iframe, object").length(), 0);
    assert!(page.select("blockquote[lang=fr] mark").length() > 0);
    assert!(page.select(".tool time").attr("datetime").is_some());
}
