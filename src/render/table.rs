//! `csv` and `tsv`: a row a hit, always in the same columns under the same header, also where nothing is found.
//!
//! | column | holds |
//! | --- | --- |
//! | `request` | in a batch only: the id of the request |
//! | `rank`, `score` | as in JSON |
//! | `report`, `title`, `source`, `url`, `path`, `published` | the report, by its id |
//! | `passage`, `ordinal`, `start`, `end`, `hash`, `text` | the passage, by its id |
//! | `fragment`, `marks` | byte ranges `start-end`, half-open, in the report's stored text |
//! | `groups`, `regions`, `dates`, `inherited` | as in JSON |
//! | `passages_in_report`, `cite` | as in JSON |
//! | `error` | in a batch only: why the request has no answer; all other cells but `request` are empty then |
//!
//! Several values of a cell are parted by `|`; a `|` or a backslash inside one has a backslash before it. A request
//! that limits the `fields` of its hits leaves the cells of all others empty. [`Dialect`] tells how rows are written.
//! Totals, notes, counts of facets and hits of laxer queries have no place here and are the caller's to tell.

use std::io::{self, Write};

use serde_json::Value;

use super::dialect::{Cell, Dialect, joined};
use super::{Context, Failure, Mode, Render};
use crate::hit::{Answer, Hit};

/// A column: its name, the field of a hit that it belongs to, and its cell.
type Column = (&'static str, &'static str, for<'h> fn(&'h Hit) -> Cell<'h>);

/// The columns of a hit, in order. Scripts rely on it.
const COLUMNS: [Column; 22] = [
    ("rank", "rank", |hit| Cell::number(hit.rank)),
    ("score", "score", |hit| Cell::number(hit.score)),
    ("report", "report", |hit| Cell::text(&hit.report.id)),
    ("title", "report", |hit| maybe(hit.report.title.as_ref())),
    ("source", "report", |hit| maybe(hit.report.source.as_ref())),
    ("url", "report", |hit| maybe(hit.report.url.as_ref())),
    ("path", "report", |hit| Cell::text(&hit.report.path)),
    ("published", "report", |hit| joined(hit.report.published)),
    ("passage", "passage", |hit| Cell::text(&hit.passage.id)),
    ("ordinal", "passage", |hit| Cell::number(hit.passage.ordinal)),
    ("start", "passage", |hit| Cell::number(hit.passage.start)),
    ("end", "passage", |hit| Cell::number(hit.passage.end)),
    ("hash", "passage", |hit| Cell::text(&hit.passage.hash)),
    ("text", "passage", |hit| Cell::text(&hit.passage.text)),
    ("fragment", "fragment", |hit| joined([range(hit.fragment.start, hit.fragment.end)])),
    ("marks", "marks", |hit| joined(hit.marks.iter().map(|mark| range(mark.start, mark.end)))),
    ("groups", "groups", |hit| joined(&hit.groups)),
    ("regions", "regions", |hit| joined(&hit.regions)),
    ("dates", "dates", |hit| joined(&hit.dates)),
    ("inherited", "inherited", |hit| joined(&hit.inherited)),
    ("passages_in_report", "passages_in_report", |hit| Cell::number(hit.passages_in_report)),
    ("cite", "cite", |hit| Cell::text(&hit.cite)),
];

/// The renderer.
pub(super) struct Table {
    dialect: Dialect,
    mode: Mode,
    /// The request of the answer that was written last.
    request: String,
}

impl Table {
    pub(super) fn new(dialect: Dialect, mode: Mode) -> Self {
        Self { dialect, mode, request: String::new() }
    }

    /// A row, with what stands before and behind it in a batch.
    fn row<'a>(&'a self, cells: impl Iterator<Item = Cell<'a>>, error: &'a str) -> impl Iterator<Item = Cell<'a>> {
        let batch = |cell: &'a str| (self.mode == Mode::Batch).then(|| Cell::text(cell));
        batch(&self.request).into_iter().chain(cells).chain(batch(error))
    }
}

impl Render for Table {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        self.dialect.begin(out)?;
        "request".clone_into(&mut self.request);
        let mut rows = self.dialect.rows(out);
        rows.row(self.row(COLUMNS.iter().map(|(name, ..)| Cell::text(*name)), "error"))?;
        rows.end()
    }

    fn answer(&mut self, out: &mut dyn Write, context: &Context<'_>, answer: &Answer) -> io::Result<()> {
        self.request = answer.id.clone().unwrap_or_default();
        self.more(out, context, &answer.hits)
    }

    fn more(&mut self, out: &mut dyn Write, context: &Context<'_>, hits: &[Hit]) -> io::Result<()> {
        let fields = context.request.get("fields").and_then(Value::as_array);
        let wanted = |name: &str, field: &str| {
            fields.is_none_or(|fields| fields.iter().any(|one| one == field || one == "id" && name == "report"))
        };
        let mut rows = self.dialect.rows(out);
        for hit in hits {
            let cells =
                COLUMNS.iter().map(|(name, field, cell)| if wanted(name, field) { cell(hit) } else { Cell::empty() });
            rows.row(self.row(cells, ""))?;
        }
        rows.end()
    }

    fn failure(&mut self, out: &mut dyn Write, _context: &Context<'_>, failure: &Failure) -> io::Result<()> {
        self.request = failure.id.clone().unwrap_or_default();
        let mut rows = self.dialect.rows(out);
        rows.row(self.row(COLUMNS.iter().map(|_| Cell::empty()), &failure.error.message))?;
        rows.end()
    }
}

fn maybe(text: Option<&String>) -> Cell<'_> {
    text.map_or(Cell::empty(), Cell::text)
}

fn range(start: usize, end: usize) -> String {
    format!("{start}-{end}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::samples::{answer, any_answer, failure, fruitless, run, written};
    use super::super::{Format, Style};
    use super::*;

    fn rows(text: &str, delimiter: u8) -> Vec<csv::StringRecord> {
        let mut reader = csv::ReaderBuilder::new();
        let quoting = delimiter != b'\t';
        let mut reader = reader.has_headers(false).delimiter(delimiter).quoting(quoting).from_reader(text.as_bytes());
        reader.records().map(Result::unwrap).collect()
    }

    #[test]
    fn a_row_a_hit_below_a_header_that_stays() {
        let text = written(Format::Csv, Style::default(), "q", &answer());
        insta::assert_snapshot!(text.lines().next().unwrap(), @"rank,score,report,title,source,url,path,published,passage,ordinal,start,end,hash,text,fragment,marks,groups,regions,dates,inherited,passages_in_report,cite");
        assert!(text.ends_with("\r\n"));
        assert_eq!(rows(&text, b',').len(), 3);
        let text = written(Format::Tsv, Style::default(), "q", &answer());
        insta::assert_snapshot!(text.lines().nth(2).unwrap().replace('\t', " ⇥ "), @"2 ⇥ 2.75 ⇥ 2025/depeche-2.txt ⇥ Bilan de la semaine ⇥ Échantillon A ⇥  ⇥ corpus/2025/depeche-2.txt ⇥ 2025-01-09 ⇥ 2025/depeche-2.txt#3 ⇥ 3 ⇥ 812 ⇥ 913 ⇥ b3:26181202f48a ⇥ Bilan  Trois civils ont été tués dans l'embuscade ; les FAMa évoquent une attaque « complexe ». ⇥ 812-913 ⇥ 855-864 ⇥  ⇥  ⇥  ⇥  ⇥ 1 ⇥ Échantillon A, « Bilan de la semaine », 2025-01-09, corpus/2025/depeche-2.txt#3, octets 812-913, b3:26181202f48a");
        let none = written(Format::Csv, Style::default(), "q", &fruitless());
        assert_eq!(rows(&none, b',').len(), 1);
    }

    #[test]
    fn a_batch_tells_whose_rows_they_are_and_what_failed() {
        let answer = Answer { id: Some("q1".to_owned()), ..answer() };
        let text =
            run(Format::Csv, Style::default(), Mode::Batch, "q", &[Ok(&answer), Ok(&fruitless()), Err(&failure())]);
        let rows = rows(&text, b',');
        let ends: Vec<(&str, &str)> = rows.iter().map(|row| (&row[0], &row[23])).collect();
        assert_eq!(ends, [("request", "error"), ("q1", ""), ("q1", ""), ("q2", "the quote is never closed")]);
        assert!((1..23).all(|cell| rows[3][cell].is_empty()));
    }

    #[test]
    fn what_was_not_asked_for_is_empty() {
        let request = json!({ "fields": ["id", "rank"] });
        let context = Context { query: "", request: &request, command: None };
        let mut out = Vec::new();
        Table::new(Dialect::CSV, Mode::Single).answer(&mut out, &context, &answer()).unwrap();
        let rows = rows(std::str::from_utf8(&out).unwrap(), b',');
        let told: Vec<&str> = rows[1].iter().filter(|cell| !cell.is_empty()).collect();
        assert_eq!(told, ["2", "2025/depeche-2.txt"]);
    }

    /// A cell of a hit by the name of its column.
    fn cell(hit: &Hit, name: &str) -> String {
        let (.., cell) = COLUMNS.iter().find(|(column, ..)| *column == name).unwrap();
        match cell(hit) {
            Cell::Text(text) => text.into_owned(),
            Cell::Number(number) => number,
        }
    }

    proptest::proptest! {
        #[test]
        fn rows_parse_back_to_the_hits(answer in any_answer()) {
            let answer = Answer { id: Some("un".to_owned()), ..answer };
            for (format, delimiter) in [(Format::Csv, b','), (Format::Tsv, b'\t')] {
                let text = run(format, Style::default(), Mode::Batch, "q", &[Ok(&answer)]);
                let rows = rows(&text, delimiter);
                proptest::prop_assert_eq!(rows.len(), answer.hits.len() + 1);
                for (row, hit) in rows[1..].iter().zip(&answer.hits) {
                    proptest::prop_assert_eq!(row.len(), COLUMNS.len() + 2);
                    for (at, (name, ..)) in COLUMNS.iter().enumerate() {
                        let want = cell(hit, name);
                        let want = if delimiter == b',' { want } else { want.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ") };
                        proptest::prop_assert_eq!(&row[at + 1], want.as_str(), "{}", name);
                    }
                    proptest::prop_assert_eq!(row[11].parse::<usize>().unwrap(), hit.passage.start);
                }
            }
        }
    }
}
