//! The table that a run ends with: a line for each work, with what stock tantivy takes for the same and what is asked.

use std::io::{self, Write};

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Megabytes of text for each second of CPU time: more is better. A megabyte is a million bytes.
    Rate,
    /// How many times faster than something else: more is better.
    Faster,
    /// Microseconds.
    Micros,
    /// How many times something else.
    Times,
    /// Megabytes.
    Megabytes,
}

impl Unit {
    fn more_is_better(self) -> bool {
        matches!(self, Self::Rate | Self::Faster)
    }
}

/// The bound that a figure has to keep.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked {
    /// Told for itself.
    Nothing,
    /// Of the ratio to stock tantivy: the least of what is better the more it is, the most of all else.
    Ratio(f64),
    /// Of vigie's own figure, likewise.
    Value(f64),
}

/// One line.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// What was done.
    pub(crate) work: String,
    /// What the figures count.
    pub(crate) unit: Unit,
    /// What vigie takes or gives.
    pub(crate) vigie: f64,
    /// What stock tantivy does, where it has the like.
    pub(crate) stock: Option<f64>,
    /// The bound.
    pub(crate) asked: Asked,
}

impl Row {
    fn ratio(&self) -> Option<f64> {
        self.stock.map(|stock| self.vigie / stock)
    }

    /// Whether the bound is kept; nothing where there is none, or nothing to compare with.
    fn reached(&self) -> Option<bool> {
        let (figure, bound) = match self.asked {
            Asked::Nothing => return None,
            Asked::Ratio(bound) => (self.ratio()?, bound),
            Asked::Value(bound) => (self.vigie, bound),
        };
        Some(if self.unit.more_is_better() { figure >= bound } else { figure <= bound })
    }

    fn cells(&self) -> [String; 6] {
        let told = |figure: Option<f64>| figure.map_or_else(|| "–".to_owned(), |figure| number(figure, self.unit));
        let sign = if self.unit.more_is_better() { "≥" } else { "≤" };
        let asked = match self.asked {
            Asked::Nothing => String::new(),
            Asked::Ratio(bound) => format!("{sign} {} ×", trimmed(bound)),
            Asked::Value(bound) => format!("{sign} {}", number(bound, self.unit)),
        };
        let ratio = self.ratio().map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2} ×"));
        let reached = self.reached().map_or("", |reached| if reached { "yes" } else { "NO" });
        [self.work.clone(), told(Some(self.vigie)), told(self.stock), ratio, asked, reached.to_owned()]
    }
}

/// A figure with its unit, in three digits or so.
fn number(figure: f64, unit: Unit) -> String {
    let told = trimmed(figure);
    match unit {
        Unit::Rate => format!("{told} MB/s"),
        Unit::Micros if figure >= 100_000.0 => format!("{} ms", trimmed(figure / 1000.0)),
        Unit::Micros => format!("{told} µs"),
        Unit::Times | Unit::Faster => format!("{told} ×"),
        Unit::Megabytes => format!("{told} MB"),
    }
}

/// A figure without digits that tell nothing.
fn trimmed(figure: f64) -> String {
    let told = match figure {
        _ if figure >= 100.0 => format!("{figure:.0}"),
        _ if figure >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    };
    if told.contains('.') { told.trim_end_matches('0').trim_end_matches('.').to_owned() } else { told }
}

/// Writes the lines as columns.
///
/// # Errors
/// If it cannot be written.
pub(crate) fn print(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    let head = ["work", "vigie", "stock tantivy", "ratio", "asked", "reached"].map(str::to_owned);
    let lines: Vec<[String; 6]> = std::iter::once(head).chain(rows.iter().map(Row::cells)).collect();
    let widths: [usize; 6] =
        std::array::from_fn(|at| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0));
    for (number, line) in lines.iter().enumerate() {
        write!(out, "| {:<width$} ", line[0], width = widths[0])?;
        for (cell, width) in line[1..].iter().zip(&widths[1..]) {
            write!(out, "| {cell:>width$} ")?;
        }
        writeln!(out, "|")?;
        if number == 0 {
            let rules: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
            writeln!(out, "|{}|", rules.join("|"))?;
        }
    }
    Ok(())
}
