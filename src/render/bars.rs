//! Tables of counts with bars, for a terminal.

use std::io::{self, Write};

use anstyle::AnsiColor;

use super::Style;
use super::terminal::{BOLD, PLAIN, columns, verbatim};

/// A bar is seen on dark and on light backgrounds.
const BAR: anstyle::Style = AnsiColor::Cyan.on_default();
/// A bar of fewer columns tells nothing.
const SHORTEST: usize = 8;
/// A longer one tells no more.
const LONGEST: usize = 40;
/// The narrowest column of a number.
const NUMBER: usize = 5;
/// What stands between two columns.
const GAP: usize = 2;

/// Rows of a label, numbers and a bar.
pub(super) struct Table {
    /// What stands above the labels.
    pub(super) label: String,
    /// What stands above the numbers.
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// One row.
pub(super) struct Row {
    pub(super) label: String,
    /// One a column; or none, for a remark.
    pub(super) numbers: Vec<u64>,
    /// What the bar shows, if there is to be one.
    pub(super) bar: Option<u64>,
    pub(super) style: anstyle::Style,
}

impl Table {
    /// Writes the table, in columns that fit the terminal. Labels and headings that do not fit are cut short.
    pub(super) fn write(&self, out: &mut dyn Write, style: Style) -> io::Result<()> {
        let labels = self.rows.iter().map(|row| &row.label).chain([&self.label]);
        let label = labels.map(|label| columns(label)).max().unwrap_or(0).min(style.width / 2).max(1);
        let room = style.width.saturating_sub(label + self.columns.len() * GAP) / self.columns.len().max(1);
        let largest = self.rows.iter().flat_map(|row| &row.numbers).max().map_or(1, |most| most.to_string().len());
        let width = |name: &String| columns(name).min(room).max(largest).max(NUMBER);
        let widths: Vec<usize> = self.columns.iter().map(width).collect();
        let used = label + widths.iter().map(|width| width + GAP).sum::<usize>() + GAP;
        let bar = Some(style.width.saturating_sub(used)).filter(|&room| room >= SHORTEST).map(|room| room.min(LONGEST));
        let most = self.rows.iter().filter_map(|row| row.bar).max().unwrap_or(0);

        let names = self.columns.iter().zip(&widths).map(|(name, &width)| short(name, width));
        style.paint(out, BOLD, &line(&self.label, label, names, &widths))?;
        writeln!(out)?;
        for row in &self.rows {
            let numbers = row.numbers.iter().map(u64::to_string);
            style.paint(out, row.style, &line(&row.label, label, numbers, &widths))?;
            if let (Some(value @ 1..), Some(room)) = (row.bar, bar) {
                write!(out, "{:GAP$}", "")?;
                style.paint(out, BAR, &blocks(value, most, room))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

/// A label, and cells that end where their columns do.
fn line(label: &str, width: usize, cells: impl Iterator<Item = String>, widths: &[usize]) -> String {
    let mut line = short(label, width);
    let mut end = width;
    for (cell, width) in cells.zip(widths) {
        end += GAP + width;
        line += &" ".repeat(end.saturating_sub(columns(&line) + columns(&cell)));
        line += &cell;
    }
    line
}

impl Row {
    /// A row with a bar.
    pub(super) fn new(label: impl Into<String>, numbers: Vec<u64>, bar: u64) -> Self {
        Self { label: label.into(), numbers, bar: Some(bar), style: PLAIN }
    }

    /// The same in another look.
    pub(super) fn styled(self, style: anstyle::Style) -> Self {
        Self { style, ..self }
    }
}

/// The bar of a value, `room` columns long for the greatest; the least that is shown is an eighth of a column.
fn blocks(value: u64, most: u64, room: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let length = u128::from(value) * room as u128 * 8 / u128::from(most.max(1));
    let length = usize::try_from(length).unwrap_or(room * 8).max(1);
    "█".repeat(length / 8) + EIGHTHS[length % 8]
}

/// A text made harmless, of at most so many columns.
fn short(text: &str, width: usize) -> String {
    let mut text = verbatim(text);
    if columns(&text) <= width {
        return text;
    }
    while columns(&text) + 1 > width && text.pop().is_some() {}
    text + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(table: &Table, width: usize) -> String {
        let mut out = Vec::new();
        table.write(&mut out, Style { color: false, width, ..Style::default() }).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn bars_are_as_long_as_their_values() {
        assert_eq!(blocks(8, 8, 4), "████");
        assert_eq!(blocks(4, 8, 4), "██");
        assert_eq!(blocks(3, 8, 1), "▍");
        assert_eq!(blocks(1, 10_000, 4), "▏");
        assert_eq!(blocks(u64::MAX, u64::MAX, 2), "██");
    }

    #[test]
    fn a_narrow_terminal_gets_no_bars_and_short_names() {
        let rows = vec![Row::new("Tombouctou", vec![12, 3], 12), Row::new("Ménaka\u{1b}", vec![0, 1], 0)];
        let table =
            Table { label: "région".to_owned(), columns: vec!["reports".to_owned(), "gendarmerie".to_owned()], rows };
        insta::assert_snapshot!(drawn(&table, 60), @r"
        région      reports  gendarmerie
        Tombouctou       12            3  ██████████████████████████
        Ménaka�           0            1
        ");
        insta::assert_snapshot!(drawn(&table, 20), @r"
        région      repo…  gend…
        Tombouctou     12      3
        Ménaka�         0      1
        ");
    }

    proptest::proptest! {
        #[test]
        fn lines_fit_where_numbers_do(labels in proptest::collection::vec("\\PC{0,30}", 1..5), value in 0_u64..100_000, width in 24_usize..120) {
            let rows = labels.iter().map(|label| Row::new(label.as_str(), vec![value], value)).collect();
            let table = Table { label: "x".to_owned(), columns: vec!["reports".to_owned()], rows };
            for line in drawn(&table, width).lines() {
                proptest::prop_assert!(columns(line) <= width, "{:?}", line);
            }
        }
    }
}
