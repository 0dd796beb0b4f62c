//! Timelines: bars for people, or rows of CSV. `chart` draws them.

use std::borrow::Cow;
use std::io::{self, Write};

use super::bars::{Row, Table};
use super::terminal::DIM;
use super::{Cell, Dialect, Style, joined};
use crate::counts::{Bucket, Unit};
use crate::lang::Lang;

/// Writes one row a period, in columns and with bars that fit the terminal; then what is dated less finely, and what
/// is not dated.
///
/// # Errors
/// The writer's own.
pub fn text(out: &mut dyn Write, style: Style, unit: Unit, buckets: &[Bucket]) -> io::Result<()> {
    let parts = buckets.first().map_or(&[][..], |bucket| &bucket.split);
    let names = parts.iter().map(|part| match part.value.rsplit_once('/') {
        Some((_, name)) => name.to_owned(),
        None => value(&part.value, style.lang).into_owned(),
    });
    let columns = std::iter::once(style.lang.tell("reports").into_owned()).chain(names).collect();
    let rows = buckets.iter().map(|bucket| {
        let numbers = std::iter::once(bucket.count).chain(bucket.split.iter().map(|part| part.count)).collect();
        let row = Row::new(style.lang.tell(label(bucket, unit)), numbers, bucket.count);
        if bucket.unit == Some(unit) { row } else { row.styled(DIM) }
    });
    Table { label: style.lang.tell(unit.name()).into_owned(), columns, rows: rows.collect() }.write(out, style)
}

/// How a period is called.
pub(super) fn label(bucket: &Bucket, unit: Unit) -> String {
    match (&bucket.period, bucket.unit, bucket.from) {
        (Some(period), Some(Unit::Week), Some(monday)) => format!("{period} ({monday})"),
        (Some(period), Some(own), _) if own != unit => format!("{period} ({} only)", own.name()),
        (Some(period), ..) => period.clone(),
        (None, ..) => "undated".to_owned(),
    }
}

/// A value of a split: a path as it is, `other` and `none` told.
pub(super) fn value(value: &str, lang: Lang) -> Cow<'_, str> {
    if value.starts_with('/') { value.into() } else { lang.tell(value) }
}

/// Writes one row a period: `period,from,to,unit,reports`, then a column for each value of a split. A period that is
/// longer than asked for holds what is dated no finer; one without a name what is not dated.
///
/// # Errors
/// The writer's own.
pub fn csv(out: &mut dyn Write, dialect: Dialect, buckets: &[Bucket]) -> io::Result<()> {
    dialect.begin(out)?;
    let mut csv = dialect.rows(out);
    let parts = buckets.first().map_or(&[][..], |bucket| &bucket.split);
    let names = parts.iter().map(|part| part.value.as_str());
    csv.row(["period", "from", "to", "unit", "reports"].into_iter().chain(names).map(Cell::text))?;
    for bucket in buckets {
        let period = Cell::text(bucket.period.as_deref().unwrap_or_default());
        let unit = Cell::text(bucket.unit.map_or("", Unit::name));
        let row = [period, joined(bucket.from), joined(bucket.to), unit, Cell::number(bucket.count)];
        csv.row(row.into_iter().chain(bucket.split.iter().map(|part| Cell::number(part.count))))?;
    }
    csv.end()
}
