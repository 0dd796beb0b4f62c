//! Counts of facets: a tree with bars for people, or rows of CSV.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::bars::{Row, Table};
use super::terminal::{BOLD, DIM};
use super::{Cell, Dialect, Rows, Style};
use crate::counts::{FacetAnswer, FacetCount, FacetCounts};
use crate::facet::FacetKind;
use crate::lang::Lang;

/// Writes one table a facet, after a blank line, in columns and with bars that fit the terminal.
///
/// # Errors
/// The writer's own.
pub fn text(out: &mut dyn Write, style: Style, facets: &BTreeMap<FacetKind, FacetCounts>) -> io::Result<()> {
    let told = facets.iter().filter(|(_, counts)| !counts.values.is_empty() || counts.without > 0);
    for (kind, counts) in told {
        writeln!(out)?;
        let mut columns = vec![style.lang.tell("reports").into_owned()];
        if counts.filtered {
            columns.extend(["if added", "instead"].map(|name| style.lang.tell(name).into_owned()));
        }
        let mut tree =
            Tree { kind: *kind, filtered: counts.filtered, rows: Vec::new(), cut_below: None, lang: style.lang };
        tree.values(&counts.values, counts.more, 0);
        if counts.without > 0 {
            tree.rows.push(
                Row {
                    bar: None,
                    ..Row::new(tree.label(0, false, &style.lang.tell("(none)")), vec![counts.without], 0)
                }
                .styled(DIM),
            );
        }
        Table { label: style.lang.tell(kind.name()).into_owned(), columns, rows: tree.rows }.write(out, style)?;
        if let Some(depth) = tree.cut_below {
            style.paint(out, DIM, &style.lang.tell(format!("--depth {} shows what is below", depth + 1)))?;
            writeln!(out)?;
        }
    }
    Ok(())
}

/// The rows of one facet.
struct Tree {
    kind: FacetKind,
    filtered: bool,
    rows: Vec<Row>,
    /// The deepest level below which values are left out.
    cut_below: Option<usize>,
    lang: Lang,
}

impl Tree {
    fn values(&mut self, values: &[FacetCount], more: usize, level: usize) {
        for value in values {
            let selected = value.choice.is_some_and(|choice| choice.selected);
            let names = value.path.names();
            let name = if self.kind == FacetKind::Date { names.join("-") } else { value.path.name().to_owned() };
            let mut numbers = vec![value.count];
            numbers.extend(value.choice.iter().flat_map(|choice| [choice.if_added, choice.if_chosen_instead]));
            let row = Row::new(self.label(level, selected, &name), numbers, value.weight());
            self.rows.push(if selected { row.styled(BOLD) } else { row });
            if value.children.is_empty() && value.more > 0 {
                self.cut_below = self.cut_below.max(Some(level + 1));
            } else {
                self.values(&value.children, value.more, level + 1);
            }
        }
        if more > 0 {
            let rest = Row::new(self.label(level, false, &self.lang.tell(format!("… {more} more"))), Vec::new(), 0);
            self.rows.push(rest.styled(DIM));
        }
    }

    /// A name at its level, with a star where it is selected.
    fn label(&self, level: usize, selected: bool, name: &str) -> String {
        let mark = if selected {
            "* "
        } else if self.filtered {
            "  "
        } else {
            ""
        };
        format!("{mark}{:indent$}{name}", "", indent = level * 2)
    }
}

/// Writes one row a value: `facet,path,depth,reports,selected,if_added,if_chosen_instead`. Before the values of a
/// facet stand the rows `(all)` and `(none)`; the last three columns are empty where the facet is not filtered.
///
/// # Errors
/// The writer's own.
pub fn csv(out: &mut dyn Write, dialect: Dialect, answer: &FacetAnswer) -> io::Result<()> {
    dialect.begin(out)?;
    let mut csv = dialect.rows(out);
    let header = ["facet", "path", "depth", "reports", "selected", "if_added", "if_chosen_instead"];
    csv.row(header.map(Cell::text))?;
    for (kind, counts) in &answer.facets {
        for (name, count) in [("(all)", answer.total), ("(none)", counts.without)] {
            let row = [Cell::text(kind.name()), Cell::text(name), Cell::number(0), Cell::number(count)];
            csv.row(row.into_iter().chain([const { Cell::empty() }; 3]))?;
        }
        rows(&mut csv, *kind, &counts.values)?;
    }
    csv.end()
}

fn rows(csv: &mut Rows<'_>, kind: FacetKind, values: &[FacetCount]) -> io::Result<()> {
    for value in values {
        let choice = value.choice.map(|choice| {
            let selected = Cell::text(choice.selected.to_string());
            [selected, Cell::number(choice.if_added), Cell::number(choice.if_chosen_instead)]
        });
        let (path, depth) = (Cell::text(value.path.to_string()), Cell::number(value.path.names().len()));
        let row = [Cell::text(kind.name()), path, depth, Cell::number(value.count)];
        csv.row(row.into_iter().chain(choice.unwrap_or([const { Cell::empty() }; 3])))?;
        rows(csv, kind, &value.children)?;
    }
    Ok(())
}
