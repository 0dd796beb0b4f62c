//! Hits out of picks: the only step that reads stored text.

use tantivy::DocAddress;

use super::listing::Pick;
use super::order::Columns;
use super::plan::{Plan, Slot, Way};
use super::{Request, SearchError, Searcher};
use crate::annotate::Own;
use crate::citation::{citation, hash};
use crate::date::DateSpan;
use crate::facet::FacetPath;
use crate::highlight::{Marker, Pattern, fragment};
use crate::hit::{Hit, PassageInfo, ReportInfo, Span};
use crate::query::Part;

impl Searcher<'_> {
    /// The hit of a pick of a report, so many passages of which answer; marked.
    pub(super) fn present(
        &mut self,
        rank: usize,
        pick: &Pick,
        (address, answering): (DocAddress, usize),
        columns: &Columns,
        marker: &Marker<'_>,
        request: &Request,
    ) -> Result<Hit, SearchError> {
        let mut hit = bare(rank, pick, columns.id(address), answering);
        if request.is_textless() {
            return Ok(hit);
        }
        let (record, text) = self.reader.stored(address)?;
        let (start, end) = record.passages.get(pick.passage).copied().unwrap_or((0, text.len()));
        let passage = text.get(start..end).unwrap_or_default();
        let mut marks = marker.marks(&self.analyzer.analyze(passage), Part::Text);
        let mut fragment = fragment(passage, &marks);
        for mark in &mut marks {
            mark.start += start;
            mark.end += start;
        }
        fragment.start += start;
        fragment.end += start;
        let title = record.title.as_deref().unwrap_or_default();
        hit.title_marks = marker.marks(&self.analyzer.analyze(title), Part::Title);
        hit.report = ReportInfo {
            id: hit.report.id,
            title: record.title,
            source: record.source,
            url: record.url,
            author: record.author,
            path: record.path,
            published: record.published,
        };
        hit.cite = citation(&hit.report, Some(hit.passage.ordinal), start, passage);
        hit.passage.hash = hash(passage);
        passage.clone_into(&mut hit.passage.text);
        (hit.passage.start, hit.passage.end) = (start, end);
        (hit.fragment, hit.marks) = (fragment, marks);
        inherit(&mut hit, &record.own, pick.passage, (record.groups, record.regions, record.dates));
        Ok(hit)
    }
}

/// Gives a hit the groups, regions and dates of its passage, or the leading ones of the report where it tells none.
fn inherit(hit: &mut Hit, own: &[Own], passage: usize, report: (Vec<FacetPath>, Vec<FacetPath>, Vec<DateSpan>)) {
    let mut choose = |name: &'static str, told: bool| {
        if told {
            hit.inherited.push(name.into());
        }
    };
    let (groups, inherited) = of_passage(own, passage, |own| &own.groups, report.0);
    choose("groups", inherited);
    let (regions, inherited) = of_passage(own, passage, |own| &own.regions, report.1);
    choose("regions", inherited);
    let (dates, inherited) = of_passage(own, passage, |own| &own.dates, report.2);
    choose("dates", inherited);
    (hit.groups, hit.regions, hit.dates) = (groups, regions, dates);
}

/// What a passage tells itself; else what the first passage tells that tells something, else what the report has, and
/// that it is inherited.
fn of_passage<T: Clone>(own: &[Own], passage: usize, kind: impl Fn(&Own) -> &Vec<T>, report: Vec<T>) -> (Vec<T>, bool) {
    if let Some(values) = own.get(passage).map(&kind).filter(|values| !values.is_empty()) {
        (values.clone(), false)
    } else {
        let leading = own.iter().map(kind).find(|values| !values.is_empty()).cloned().unwrap_or(report);
        let inherited = !leading.is_empty();
        (leading, inherited)
    }
}

/// A hit with its ids alone.
fn bare(rank: usize, pick: &Pick, id: String, passages_in_report: usize) -> Hit {
    let ordinal = pick.passage + 1;
    Hit {
        rank,
        score: pick.score,
        passage: PassageInfo {
            id: format!("{id}#{ordinal}"),
            ordinal,
            start: 0,
            end: 0,
            text: String::new(),
            hash: String::new(),
        },
        report: ReportInfo { id, ..ReportInfo::default() },
        title_marks: Vec::new(),
        fragment: Span { start: 0, end: 0 },
        marks: Vec::new(),
        groups: Vec::new(),
        regions: Vec::new(),
        dates: Vec::new(),
        inherited: Vec::new(),
        passages_in_report,
        cite: String::new(),
        explanation: None,
    }
}

/// What to mark: every word and phrase that is asked for.
pub(super) fn marker(plan: &Plan) -> Marker<'_> {
    let marked = plan.slots.iter().filter(|slot| slot.marked);
    Marker::new(marked.flat_map(|slot| slot.ways().map(move |way| pattern(slot, way))).collect())
}

fn pattern<'p>(slot: &'p Slot, way: &'p Way) -> Pattern<'p> {
    let steps = way.steps.iter().map(|step| (step.offset as usize, step.terms.as_slice()));
    Pattern { label: &slot.label, steps: steps.collect(), part: slot.part, slop: way.slop }
}
