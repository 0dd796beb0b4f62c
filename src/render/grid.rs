//! Counts as tables for documents: what Markdown and HTML write of facets and timelines.

use serde_json::Value;

use super::counted;
use super::timeline::label;
use crate::counts::{Bucket, FacetCount, FacetCounts, Unit};
use crate::facet::FacetKind;

/// A table of counts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Grid {
    /// What stands above the labels, then above each column of numbers.
    pub(super) heads: Vec<String>,
    /// Labels with their numbers, one a column.
    pub(super) rows: Vec<(String, Vec<u64>)>,
    /// What is told below.
    pub(super) notes: Vec<String>,
}

/// The counts of a facet: each value by its whole path, those below it behind it. How many values are not shown is told
/// below.
pub(super) fn facet(kind: FacetKind, counts: &FacetCounts) -> Grid {
    let choice: &[&str] = if counts.filtered { &["if added", "instead"] } else { &[] };
    let heads = [kind.name(), "reports"].iter().chain(choice).map(|&head| head.to_owned()).collect();
    let mut grid = Grid { heads, ..Grid::default() };
    let parted = if kind == FacetKind::Date { "-" } else { " › " };
    counts.values.iter().for_each(|value| grid.value(value, parted));
    if counts.more > 0 {
        grid.notes.push(format!("{} not shown", counted(counts.more as u64, "more value")));
    }
    if counts.without > 0 {
        grid.notes.push(format!("without any {}: {}", kind.name(), counted(counts.without, "report")));
    }
    grid
}

impl Grid {
    fn value(&mut self, value: &FacetCount, parted: &str) {
        let label = value.path.names().join(parted);
        let choice = value.choice.iter().flat_map(|choice| [choice.if_added, choice.if_chosen_instead]);
        self.rows.push((label.clone(), std::iter::once(value.count).chain(choice).collect()));
        value.children.iter().for_each(|child| self.value(child, parted));
        if value.more > 0 {
            self.notes.push(format!("{} not shown below {label}", counted(value.more as u64, "more value")));
        }
    }
}

/// A timeline: periods with reports, and values with any. What is left out is told below.
pub(super) fn timeline(request: &Value, buckets: &[Bucket]) -> Grid {
    let asked = request.get("timeline").and_then(|timeline| serde_json::from_value(timeline["by"].clone()).ok());
    let unit: Unit = asked.or_else(|| buckets.iter().filter_map(|bucket| bucket.unit).min()).unwrap_or_default();
    let parts = buckets.first().map_or(&[][..], |bucket| &bucket.split);
    let count = |bucket: &Bucket, at: usize| bucket.split.get(at).map_or(0, |part| part.count);
    let some: Vec<usize> = (0..parts.len()).filter(|&at| buckets.iter().any(|bucket| count(bucket, at) > 0)).collect();
    let name = |path: &str| path.trim_start_matches('/').replace('/', " › ");
    let heads = [unit.name(), "reports"].map(str::to_owned).into_iter();
    let heads = heads.chain(some.iter().map(|&at| name(&parts[at].value))).collect();
    let row = |bucket: &Bucket| {
        let numbers = std::iter::once(bucket.count).chain(some.iter().map(|&at| count(bucket, at)));
        (label(bucket, unit), numbers.collect())
    };
    let rows: Vec<_> = buckets.iter().filter(|bucket| bucket.count > 0).map(row).collect();
    let empty = buckets.len() - rows.len();
    let notes = (empty > 0).then(|| format!("{} without reports left out", counted(empty as u64, unit.name())));
    Grid { heads, rows, notes: notes.into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::samples::{answer, written};
    use super::super::{Format, Style};
    use super::*;
    use crate::hit::Answer;

    fn bucket(period: &str, unit: Unit, count: u64, split: &[(&str, u64)]) -> Bucket {
        let split = split.iter().map(|&(value, count)| json!({ "value": value, "count": count })).collect::<Vec<_>>();
        let split = serde_json::from_value(json!(split)).unwrap();
        Bucket { period: Some(period.to_owned()), from: None, to: None, unit: Some(unit), count, split }
    }

    fn counts() -> Answer {
        let value = |path: &str, more: usize, children: &[Value]| json!({ "path": path, "count": 2, "children": children, "more": more });
        let tree = value("/jihadiste", 0, &[value("/jihadiste/JNIM", 3, &[])]);
        let groups = json!({ "filtered": false, "without": 1, "values": [tree], "more": 1 });
        let timeline = vec![
            bucket("2024-08", Unit::Month, 2, &[("/jihadiste/JNIM", 2), ("other", 0), ("none", 0)]),
            bucket("2024-09", Unit::Month, 0, &[("/jihadiste/JNIM", 0), ("other", 0), ("none", 0)]),
            bucket("2024", Unit::Year, 12, &[("/jihadiste/JNIM", 1), ("other", 0), ("none", 11)]),
        ];
        let facets = serde_json::from_value(json!({ "group": groups })).unwrap();
        Answer { hits: Vec::new(), facets: Some(facets), timeline: Some(timeline), ..answer() }
    }

    #[test]
    fn counts_are_tables_in_documents() {
        let text = written(Format::Markdown, Style::default(), "q", &counts());
        let from = text.find("| group").unwrap();
        insta::assert_snapshot!(text[from..].trim_end(), @r"
        | group | reports |
        | :-- | --: |
        | jihadiste | 2 |
        | jihadiste › JNIM | 2 |

        - 3 more values not shown below jihadiste › JNIM
        - 1 more value not shown
        - without any group: 1 report

        | month | reports | jihadiste › JNIM | none |
        | :-- | --: | --: | --: |
        | 2024-08 | 2 | 2 | 0 |
        | 2024 (year only) | 12 | 1 | 11 |

        - 1 month without reports left out
        ");
        let page = written(Format::Html, Style::default(), "q", &counts());
        let (from, to) = (page.find("<table>").unwrap(), page.rfind("</section>").unwrap());
        insta::assert_snapshot!(page[from..to].trim_end(), @r#"
        <table>
        <tr><th>group</th><th class="number">reports</th></tr>
        <tr><td><bdi lang="fr">jihadiste</bdi></td><td class="number">2</td></tr>
        <tr><td><bdi lang="fr">jihadiste › JNIM</bdi></td><td class="number">2</td></tr>
        </table>
        <ul class="notes">
        <li><bdi>3 more values not shown below jihadiste › JNIM</bdi></li>
        <li><bdi>1 more value not shown</bdi></li>
        <li><bdi>without any group: 1 report</bdi></li>
        </ul>
        <table>
        <tr><th>month</th><th class="number">reports</th><th class="number">jihadiste › JNIM</th><th class="number">none</th></tr>
        <tr><td><bdi lang="fr">2024-08</bdi></td><td class="number">2</td><td class="number">2</td><td class="number">0</td></tr>
        <tr><td><bdi lang="fr">2024 (year only)</bdi></td><td class="number">12</td><td class="number">1</td><td class="number">11</td></tr>
        </table>
        <ul class="notes">
        <li><bdi>1 month without reports left out</bdi></li>
        </ul>
        "#);
    }
}
