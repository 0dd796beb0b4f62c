//! How tables of text are written: what parts cells, how lines end, and what spreadsheets need.

use std::borrow::Cow;
use std::io::{self, Write};

use super::plain;

/// A way of writing tables.
#[allow(clippy::struct_excessive_bools, reason = "each is a habit of its own of some reader of tables")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    delimiter: u8,
    /// Whether a cell may hold anything, between quotes; otherwise tabs and line ends in it become spaces.
    quotes: bool,
    /// Whether a byte order mark says that the table is UTF-8.
    mark: bool,
    /// Whether decimals stand after a comma.
    comma: bool,
    /// Whether a text that a spreadsheet would take for a formula gets an apostrophe before it.
    guards: bool,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A number, with a decimal point.
    Number(String),
}

impl<'a> Cell<'a> {
    /// A text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A number.
    pub fn number(number: impl Copy + ToString) -> Self {
        Self::Number(number.to_string())
    }

    /// Nothing.
    #[must_use]
    pub const fn empty() -> Self {
        Self::Text(Cow::Borrowed(""))
    }
}

impl Dialect {
    /// RFC 4180: commas, quotes where they are needed, lines that end in CRLF. Cells are what they are.
    pub const CSV: Self = Self { delimiter: b',', quotes: true, mark: false, comma: false, guards: false };
    /// Tabs and line ends, and no quotes: each tab or line end inside a cell becomes one space.
    pub const TSV: Self = Self { delimiter: b'\t', quotes: false, ..Self::CSV };
    /// For a French Excel: semicolons, a byte order mark, decimal commas. A text that begins with `=`, `+`, `-`, `@`, a
    /// tab or a carriage return, as a line of dialogue may, would run or fail as a formula: an apostrophe stands
    /// before it.
    pub const EXCEL_FR: Self = Self { delimiter: b';', quotes: true, mark: true, comma: true, guards: true };

    /// Writes what stands before the first row of a table.
    ///
    /// # Errors
    /// The writer's own.
    pub fn begin(self, out: &mut dyn Write) -> io::Result<()> {
        if self.mark { out.write_all("\u{feff}".as_bytes()) } else { Ok(()) }
    }

    /// Rows to write. End them with [`Rows::end`].
    pub fn rows(self, out: &mut dyn Write) -> Rows<'_> {
        let mut builder = csv::WriterBuilder::new();
        builder.delimiter(self.delimiter);
        if self.quotes {
            builder.terminator(csv::Terminator::CRLF);
        } else {
            builder.quote_style(csv::QuoteStyle::Never);
        }
        Rows { dialect: self, csv: builder.from_writer(out) }
    }

    /// A cell as it is written, before it is quoted.
    fn cell(self, cell: Cell<'_>) -> Cow<'_, str> {
        match cell {
            Cell::Number(number) if self.comma => number.replace('.', ",").into(),
            Cell::Number(number) => number.into(),
            Cell::Text(text) if self.guards && text.starts_with(FORMULA) => format!("'{text}").into(),
            Cell::Text(text) if !self.quotes && text.contains(PARTS) => {
                text.replace("\r\n", " ").replace(PARTS, " ").into()
            }
            Cell::Text(text) => text,
        }
    }
}

/// What makes a spreadsheet take a cell for a formula, in either width.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
/// What parts cells and rows where nothing is quoted.
const PARTS: [char; 3] = ['\t', '\n', '\r'];

/// Rows of a table that is being written.
pub struct Rows<'w> {
    dialect: Dialect,
    csv: csv::Writer<&'w mut dyn Write>,
}

impl Rows<'_> {
    /// Writes a row.
    ///
    /// # Errors
    /// The writer's own, or that a row has another number of cells than the one before.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) -> io::Result<()> {
        let cells: Vec<Cow<'a, str>> = cells.into_iter().map(|cell| self.dialect.cell(cell)).collect();
        self.csv.write_record(cells.iter().map(|cell| cell.as_bytes())).map_err(plain)
    }

    /// Hands on all that was written.
    ///
    /// # Errors
    /// The writer's own.
    pub fn end(mut self) -> io::Result<()> {
        self.csv.flush()
    }
}

/// Values of one cell, parted by `|`. A `|` or a backslash inside a value has a backslash before it.
pub fn joined<T: ToString>(values: impl IntoIterator<Item = T>) -> Cell<'static> {
    let escaped = |value: T| value.to_string().replace('\\', r"\\").replace('|', r"\|");
    Cell::text(values.into_iter().map(escaped).collect::<Vec<_>>().join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(dialect: Dialect, rows: &[&[Cell<'_>]]) -> String {
        let mut out = Vec::new();
        dialect.begin(&mut out).unwrap();
        let mut table = dialect.rows(&mut out);
        for row in rows {
            table.row(row.iter().cloned()).unwrap();
        }
        table.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_dialect_has_its_signs() {
        let rows: &[&[Cell<'_>]] = &[
            &[Cell::text("a"), Cell::text("b")],
            &[Cell::text("- Oui ; « non », \"dit\"-il\tlà\r\nbas"), Cell::number(-7.25)],
            &[Cell::text("=1+1"), Cell::empty()],
        ];
        assert_eq!(
            written(Dialect::CSV, rows),
            "a,b\r\n\"- Oui ; « non », \"\"dit\"\"-il\tlà\r\nbas\",-7.25\r\n=1+1,\r\n"
        );
        assert_eq!(written(Dialect::TSV, rows), "a\tb\n- Oui ; « non », \"dit\"-il là bas\t-7.25\n=1+1\t\n");
        assert_eq!(
            written(Dialect::EXCEL_FR, rows),
            "\u{feff}a;b\r\n\"'- Oui ; « non », \"\"dit\"\"-il\tlà\r\nbas\";-7,25\r\n'=1+1;\r\n"
        );
    }

    #[test]
    fn values_can_be_told_apart() {
        assert_eq!(joined(["a", "b|c", r"d\"]), Cell::text(r"a|b\|c|d\\"));
    }
}
