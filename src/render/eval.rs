//! How well a run ranks: for people, and as CSV.

use std::io::{self, Write};

use super::{plain, verbatim};
use crate::eval::{Evaluation, Figures};
use crate::lang::Lang;

/// The heads of the figures.
const HEADS: [&str; 3] = ["ndcg@10", "mrr@10", "recall@100"];

/// Four decimals, as `trec_eval` writes them.
fn cells(figures: &Figures) -> [String; 3] {
    [figures.ndcg, figures.mrr, figures.recall].map(|figure| format!("{figure:.4}"))
}

/// Writes the means, after the figures of each query where these are wanted.
///
/// # Errors
/// The writer's own.
pub(crate) fn text(out: &mut dyn Write, found: &Evaluation, per_query: bool, lang: Lang) -> io::Result<()> {
    let shown = if per_query { &found.per_query[..] } else { &[] };
    let (head, all) = (lang.tell("query"), lang.tell(format!("mean of {}", found.queries)));
    let ids = shown.iter().map(|query| query.id.as_str()).chain([&*head, &*all]);
    let width = ids.map(|id| id.chars().count()).max().unwrap_or(0);
    let mut row = |id: &str, cells: [&str; 3]| {
        writeln!(out, "{:<width$}  {:>7}  {:>6}  {:>10}", verbatim(id), cells[0], cells[1], cells[2])
    };
    row(&head, HEADS)?;
    for query in shown {
        row(&query.id, cells(&query.figures).each_ref().map(String::as_str))?;
    }
    row(&all, cells(&found.mean).each_ref().map(String::as_str))
}

/// Writes a row a query where these are wanted, then the means with `all` for the query, as `trec_eval` calls them.
///
/// # Errors
/// The writer's own.
pub(crate) fn csv(out: &mut dyn Write, found: &Evaluation, per_query: bool) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let mut row = |id: &str, cells: [&str; 3]| table.write_record([&[id], &cells[..]].concat()).map_err(plain);
    row("query", HEADS)?;
    for query in found.per_query.iter().filter(|_| per_query) {
        row(&query.id, cells(&query.figures).each_ref().map(String::as_str))?;
    }
    row("all", cells(&found.mean).each_ref().map(String::as_str))?;
    table.flush()
}
