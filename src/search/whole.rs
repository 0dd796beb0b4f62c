//! Reports and passages that are asked for by name, marked as a search would.

use super::present::marker;
use super::{Request, SearchError, Searcher};
use crate::annotate::Own;
use crate::citation::{citation, hash};
use crate::highlight::Marker;
use crate::hit::{Mark, PassageInfo, place, whole_place};
use crate::index::Found;
use crate::query::Part;
use crate::whole::{Cited, Whole, WholePassage, WholeReport};

impl Searcher<'_> {
    /// A report, or a passage of it, whole. `name` is the id of a report, that of a passage (`id#3`), or the place that
    /// hits show. What `highlight` asks for is marked, as its hits would be.
    ///
    /// # Errors
    /// If nothing is called so, the query cannot be understood, or the index cannot be read.
    pub fn whole(&mut self, name: &str, highlight: Option<&Request>) -> Result<Whole, SearchError> {
        let found = self.named(name)?;
        self.whole_of(found, highlight)
    }

    /// As [`Searcher::whole`], but nothing where nothing is called so: for lists, of which near names are not wanted, and
    /// looking for them compares all ids.
    ///
    /// # Errors
    /// As [`Searcher::whole`].
    pub fn whole_if_any(&mut self, name: &str, highlight: Option<&Request>) -> Result<Option<Whole>, SearchError> {
        self.find(name)?.map(|found| self.whole_of(found, highlight)).transpose()
    }

    /// The report of a name, or near names where there is none.
    pub(super) fn named(&self, name: &str) -> Result<Found, SearchError> {
        let unknown = || SearchError::UnknownReport { name: name.to_owned(), near: self.reader.near_ids(name) };
        self.find(name)?.ok_or_else(unknown)
    }

    /// The report of a name, with the passage that it ends with, which is one of the report's.
    fn find(&self, name: &str) -> Result<Option<Found>, SearchError> {
        self.clock.check()?;
        let found = self.reader.find(name)?;
        if let Some(Found { id, record, ordinal: Some(ordinal), .. }) = &found {
            let (report, ordinal, count) = (id.clone(), *ordinal, record.passages.len());
            if !(1..=count).contains(&ordinal) {
                return Err(SearchError::UnknownPassage { report, ordinal, count });
            }
        }
        Ok(found)
    }

    /// A report that was found, whole.
    fn whole_of(&mut self, found: Found, highlight: Option<&Request>) -> Result<Whole, SearchError> {
        let info = found.info();
        let count = found.record.passages.len();
        let chosen = found.ordinal;
        let plan = highlight.map(|request| self.prepare(request)).transpose()?.map(|(plan, _)| plan);
        let marker = plan.as_ref().map(marker).unwrap_or_default();
        let own = |at: usize| found.record.own.get(at).cloned().unwrap_or_default();
        let mut passages = Vec::new();
        for (at, &(start, end)) in found.record.passages.iter().enumerate() {
            let ordinal = at + 1;
            if chosen.is_some_and(|chosen| chosen != ordinal) {
                continue;
            }
            let text = found.text.get(start..end).unwrap_or_default();
            let marks = self.marks(text, start, Part::Text, &marker);
            let Own { groups, regions, dates, .. } = own(at);
            let id = format!("{}#{ordinal}", found.id);
            let passage = PassageInfo { id, ordinal, start, end, text: text.to_owned(), hash: hash(text) };
            let cite = citation(&info, Some(ordinal), start, text);
            passages.push(WholePassage { passage, marks, groups, regions, dates, cite });
        }
        let title = info.title.as_deref().unwrap_or_default();
        let title_marks = self.marks(title, 0, Part::Title, &marker);
        let report = WholeReport { info: info.clone(), author: info.author.clone(), lang: found.record.lang.clone() };
        let cited = match (chosen, passages.first()) {
            (Some(ordinal), Some(WholePassage { passage, cite, .. })) => Cited {
                id: passage.id.clone(),
                place: place(&info, ordinal),
                ordinal: chosen,
                start: passage.start,
                end: passage.end,
                hash: passage.hash.clone(),
                cite: cite.clone(),
                report,
            },
            _ => Cited {
                id: found.id.clone(),
                place: whole_place(&info),
                ordinal: None,
                start: 0,
                end: found.text.len(),
                hash: hash(&found.text),
                cite: citation(&info, None, 0, &found.text),
                report,
            },
        };
        let warnings = match (&plan, highlight) {
            (Some(plan), Some(request)) => super::warnings(plan, request, None),
            _ => Vec::new(),
        };
        let expanded = plan.map(|plan| plan.expanded).unwrap_or_default();
        let (groups, regions, dates) = (found.record.groups, found.record.regions, found.record.dates);
        Ok(Whole {
            cited,
            groups,
            regions,
            dates,
            passages_in_report: count,
            passages,
            expanded,
            warnings,
            title_marks,
        })
    }

    /// The marks of a part of a report that starts at `offset`.
    fn marks(&mut self, text: &str, offset: usize, part: Part, marker: &Marker<'_>) -> Vec<Mark> {
        if marker.is_empty() {
            return Vec::new();
        }
        let mut marks = marker.marks(&self.analyzer.analyze(text), part);
        for mark in &mut marks {
            mark.start += offset;
            mark.end += offset;
        }
        marks
    }
}
