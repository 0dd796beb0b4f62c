//! Second pass: where the words of a query stand in the reports that the first pass gathered.
//!
//! One forward pass a term over the gathered reports, in the order of the index; no stored text is read. What was read
//! stands in flat lists, one a row of words; each report looks at its own part of each.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EnableScoring, Query};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, TantivyError};

use super::plan::{Plan, Slot, Variant, Way};
use super::rows::stands;
use super::{Clock, SearchError};
use crate::index::{Fields, GAP, IndexError, IndexReader, LEAD, column};
use crate::query::Part;

/// The evidence of some reports, in the order of the index.
pub(super) struct Gathered {
    reports: Vec<Report>,
    /// Positions of the passages' first words, then the position after the last passage and a gap.
    starts: Lists,
    /// Where rows of words stand.
    rows: Vec<Lists>,
    /// For each variant of each slot, one slot behind the other, its rows.
    variants: Vec<Rows>,
    /// For each slot, the numbers of its variants among those of all slots.
    slots: Vec<Range<usize>>,
    /// For each report, whether each filter of the plan lets it through; one report behind the other.
    filters: Vec<bool>,
}

/// What is read of a report as it stands in the index.
#[derive(Clone, Copy)]
struct Report {
    address: DocAddress,
    place: usize,
    body_length: u32,
    title_length: u32,
    lead_length: u32,
}

/// The rows that a variant has in the text and in the title, where it is looked for there.
#[derive(Clone, Copy, Debug, Default)]
struct Rows {
    body: Option<usize>,
    title: Option<usize>,
}

/// Lists of positions, one a report, one behind the other.
#[derive(Clone, Debug, Default)]
struct Lists {
    /// Where each list ends.
    ends: Vec<usize>,
    all: Vec<u32>,
}

impl Lists {
    fn of(&self, report: usize) -> &[u32] {
        let start = report.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[start..self.ends[report]]
    }

    /// Closes the lists before that of a report: what was added since stands in the first of them that was open.
    fn close(&mut self, report: usize) {
        self.ends.resize(report.max(self.ends.len()), self.all.len());
    }
}

/// What the query's words do in one report.
#[derive(Clone, Copy)]
pub(super) struct Evidence<'g> {
    pub(super) address: DocAddress,
    /// Its place among those gathered, from 0.
    pub(super) place: usize,
    /// Length of the text, in terms.
    pub(super) body_length: u32,
    /// Length of the title, in terms.
    pub(super) title_length: u32,
    /// Length of the lead, in terms.
    pub(super) lead_length: u32,
    /// Positions of the passages' first words, then the position after the last passage and a gap.
    pub(super) starts: &'g [u32],
    gathered: &'g Gathered,
    at: usize,
}

impl Gathered {
    /// The number of reports.
    pub(super) fn len(&self) -> usize {
        self.reports.len()
    }

    /// The evidence of each report.
    pub(super) fn iter(&self) -> impl Iterator<Item = Evidence<'_>> {
        (0..self.reports.len()).map(|at| self.of(at))
    }

    /// The evidence of a report by its number here.
    pub(super) fn of(&self, at: usize) -> Evidence<'_> {
        let Report { address, place, body_length, title_length, lead_length } = self.reports[at];
        let starts = self.starts.of(at);
        Evidence { address, place, body_length, title_length, lead_length, starts, gathered: self, at }
    }

    fn places(&self, row: Option<usize>, at: usize) -> &[u32] {
        row.map_or(&[], |row| self.rows[row].of(at))
    }
}

impl<'g> Evidence<'g> {
    /// The numbers of a slot's variants among those of all slots.
    pub(super) fn variants(&self, slot: usize) -> Range<usize> {
        self.gathered.slots[slot].clone()
    }

    /// Where a variant stands in the text, in order: a phrase by its first word.
    pub(super) fn body(&self, variant: usize) -> &'g [u32] {
        self.gathered.places(self.gathered.variants[variant].body, self.at)
    }

    /// Where a variant stands in the title, in order.
    pub(super) fn title(&self, variant: usize) -> &'g [u32] {
        self.gathered.places(self.gathered.variants[variant].title, self.at)
    }

    /// Whether a slot stands in the title.
    pub(super) fn in_title(&self, slot: usize) -> bool {
        self.variants(slot).any(|variant| !self.title(variant).is_empty())
    }

    /// Whether a filter of the plan lets the report through.
    pub(super) fn passes(&self, filter: usize) -> bool {
        let filters = self.gathered.filters.len() / self.gathered.reports.len();
        self.gathered.filters[self.at * filters + filter]
    }

    /// The number of passages.
    pub(super) fn passages(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// For each of some positions, which are in order, the passage that holds it, from 0.
    pub(super) fn passages_of(&self, positions: &[u32]) -> impl Iterator<Item = usize> {
        let starts = self.starts;
        let mut passage = 0;
        let held = positions.iter().map(move |&position| {
            while starts.get(passage + 1).is_some_and(|&next| next <= position) {
                passage += 1;
            }
            passage
        });
        held.filter(move |passage| passage + 1 < starts.len())
    }

    /// The position after the last word of the text that belongs to the lead.
    pub(super) fn lead_end(&self) -> u32 {
        let mut left = LEAD;
        for pair in self.starts.windows(2) {
            let words = (pair[1] - pair[0]).saturating_sub(GAP);
            if words >= left {
                return pair[0] + left;
            }
            left -= words;
        }
        u32::MAX
    }
}

/// Reads the evidence of reports.
///
/// # Errors
/// If the index cannot be read, or the time is over.
pub(super) fn gather(
    reader: &IndexReader,
    plan: &Plan,
    best: &[DocAddress],
    clock: Clock,
) -> Result<Gathered, SearchError> {
    let mut docs: Vec<(DocAddress, usize)> = best.iter().copied().zip(0..).collect();
    docs.sort_unstable();
    let sources = Sources::of(plan, reader.fields());
    let mut gathered = Gathered {
        reports: Vec::with_capacity(docs.len()),
        starts: Lists::default(),
        rows: vec![Lists::default(); sources.all.len()],
        variants: sources.variants,
        slots: sources.slots,
        filters: Vec::with_capacity(docs.len() * plan.filters.len()),
    };
    for chunk in docs.chunk_by(|a, b| a.0.segment_ord == b.0.segment_ord) {
        let segment = reader.searcher().segment_reader(chunk[0].0.segment_ord);
        gathered.read_reports(segment, reader.fields(), chunk)?;
        let docs: Vec<DocId> = chunk.iter().map(|(address, _)| address.doc_id).collect();
        for (row, source) in sources.all.iter().enumerate() {
            clock.check()?;
            gathered.read_row(segment, row, source, &docs)?;
        }
        gathered.read_filters(reader, segment, plan, &docs)?;
    }
    Ok(gathered)
}

/// What the rows of a plan are read from, each once: those that others are made of come first.
struct Sources<'p> {
    all: Vec<Source<'p>>,
    words: FxHashMap<(Field, &'p [String]), usize>,
    variants: Vec<Rows>,
    slots: Vec<Range<usize>>,
}

enum Source<'p> {
    /// A word by any of some terms.
    Word(Field, &'p [String]),
    /// Words that stand together, each by its row; in the text, none of them in different passages.
    Together { way: &'p Way, words: Vec<usize>, in_text: bool },
    /// Any of some rows.
    Any(Vec<usize>),
}

impl<'p> Sources<'p> {
    fn of(plan: &'p Plan, fields: &Fields) -> Self {
        let mut sources =
            Self { all: Vec::new(), words: FxHashMap::default(), variants: Vec::new(), slots: Vec::new() };
        for slot in &plan.slots {
            let first = sources.variants.len();
            for variant in &slot.variants {
                let rows = sources.variant(slot, variant, fields);
                sources.variants.push(rows);
            }
            sources.slots.push(first..sources.variants.len());
        }
        sources
    }

    fn variant(&mut self, slot: &Slot, variant: &'p Variant, fields: &Fields) -> Rows {
        let text = if slot.named { fields.mention } else { fields.body };
        let body = (slot.part != Some(Part::Title)).then(|| self.ways(text, true, &variant.ways));
        let titled = slot.part != Some(Part::Text) && !slot.named;
        let title = titled.then(|| self.ways(fields.title, false, &variant.ways));
        Rows { body: body.flatten(), title: title.flatten() }
    }

    fn ways(&mut self, field: Field, in_text: bool, ways: &'p [Way]) -> Option<usize> {
        let rows: Vec<usize> = ways.iter().map(|way| self.way(field, in_text, way)).collect();
        if rows.len() > 1 { Some(self.add(Source::Any(rows))) } else { rows.first().copied() }
    }

    fn way(&mut self, field: Field, in_text: bool, way: &'p Way) -> usize {
        if let Some(terms) = way.terms() {
            return self.word(field, terms);
        }
        let words = way.steps.iter().map(|step| self.word(field, &step.terms)).collect();
        self.add(Source::Together { way, words, in_text })
    }

    fn word(&mut self, field: Field, terms: &'p [String]) -> usize {
        if let Some(&known) = self.words.get(&(field, terms)) {
            return known;
        }
        let row = self.add(Source::Word(field, terms));
        self.words.insert((field, terms), row);
        row
    }

    fn add(&mut self, source: Source<'p>) -> usize {
        self.all.push(source);
        self.all.len() - 1
    }
}

impl Gathered {
    fn read_reports(
        &mut self,
        segment: &SegmentReader,
        fields: &Fields,
        docs: &[(DocAddress, usize)],
    ) -> Result<(), IndexError> {
        let starts = segment.fast_fields().u64(column::PASSAGE)?;
        let norms = |field| segment.get_fieldnorms_reader(field);
        let (body, title, lead) = (norms(fields.body)?, norms(fields.title)?, norms(fields.lead)?);
        for &(address, place) in docs {
            let doc = address.doc_id;
            self.reports.push(Report {
                address,
                place,
                body_length: body.fieldnorm(doc),
                title_length: title.fieldnorm(doc),
                lead_length: lead.fieldnorm(doc),
            });
            self.starts.all.extend(starts.values_for_doc(doc).filter_map(|start| u32::try_from(start).ok()));
            self.starts.close(self.reports.len());
        }
        Ok(())
    }

    /// Reads where a row stands in the reports of a segment that were read last.
    fn read_row(
        &mut self,
        segment: &SegmentReader,
        row: usize,
        source: &Source<'_>,
        docs: &[DocId],
    ) -> Result<(), IndexError> {
        let first = self.reports.len() - docs.len();
        // Whatever a row is made of stands before it.
        let (made_of, others) = self.rows.split_at_mut(row);
        let Some(lists) = others.first_mut() else { return Ok(()) };
        match source {
            Source::Word(field, terms) => {
                let inverted = segment.inverted_index(*field)?;
                if let [term] = *terms {
                    each_position(&inverted, *field, term, docs, |at, postings| {
                        lists.close(first + at);
                        postings.append_positions_with_offset(0, &mut lists.all);
                    })?;
                } else {
                    any_position(&inverted, *field, terms, docs, |at, position| {
                        lists.close(first + at);
                        lists.all.push(position);
                    })?;
                }
            }
            Source::Together { way, words, in_text } => {
                for at in first..self.reports.len() {
                    lists.close(at);
                    if words.iter().all(|&word| !made_of[word].of(at).is_empty()) {
                        let words: Vec<&[u32]> = words.iter().map(|&word| made_of[word].of(at)).collect();
                        lists.all.extend(stands(way, &words, if *in_text { self.starts.of(at) } else { &[] }));
                    }
                }
            }
            Source::Any(rows) => {
                for at in first..self.reports.len() {
                    lists.close(at);
                    let from = lists.all.len();
                    let mut several = false;
                    for places in rows.iter().map(|&row| made_of[row].of(at)).filter(|places| !places.is_empty()) {
                        several |= lists.all.len() > from;
                        lists.all.extend_from_slice(places);
                    }
                    if several {
                        let mut places = lists.all.split_off(from);
                        places.sort();
                        places.dedup();
                        lists.all.append(&mut places);
                    }
                }
            }
        }
        lists.close(self.reports.len());
        Ok(())
    }

    fn read_filters(
        &mut self,
        reader: &IndexReader,
        segment: &SegmentReader,
        plan: &Plan,
        docs: &[DocId],
    ) -> Result<(), IndexError> {
        let mut scorers = Vec::with_capacity(plan.filters.len());
        for filter in &plan.filters {
            let weight = filter.weight(EnableScoring::disabled_from_searcher(reader.searcher()))?;
            scorers.push(weight.scorer(segment, 1.0)?);
        }
        for &doc in docs {
            for through in &mut scorers {
                let here = if through.doc() < doc { through.seek(doc) } else { through.doc() };
                self.filters.push(here == doc && here != TERMINATED);
            }
        }
        Ok(())
    }
}

/// Hands on the postings of a term at each of some reports, which are in order, that has it, with the report's place
/// among them.
fn each_position(
    inverted: &InvertedIndexReader,
    field: Field,
    term: &str,
    docs: &[DocId],
    mut each: impl FnMut(usize, &mut SegmentPostings),
) -> Result<(), IndexError> {
    let term = Term::from_field_text(field, term);
    let postings = inverted.read_postings(&term, IndexRecordOption::WithFreqsAndPositions);
    let Some(mut postings) = postings.map_err(TantivyError::from)? else { return Ok(()) };
    let mut at = 0;
    while let Some(&wanted) = docs.get(at) {
        let doc = if postings.doc() < wanted { postings.seek(wanted) } else { postings.doc() };
        if doc == wanted {
            each(at, &mut postings);
            at += 1;
        } else {
            at += docs[at..].partition_point(|&wanted| wanted < doc);
        }
    }
    Ok(())
}

/// Hands on the positions of any of some terms in some reports, which are in order: report by report, each position once
/// and in order.
fn any_position(
    inverted: &InvertedIndexReader,
    field: Field,
    terms: &[String],
    docs: &[DocId],
    mut each: impl FnMut(usize, u32),
) -> Result<(), IndexError> {
    let (mut found, mut here) = (Vec::new(), Vec::new());
    for term in terms {
        each_position(inverted, field, term, docs, |at, postings| {
            postings.positions(&mut here);
            found.extend(here.iter().map(|&position| (at, position)));
        })?;
    }
    // Stable, because it is quicker where whole runs are in order.
    found.sort();
    found.dedup();
    found.into_iter().for_each(|(at, position)| each(at, position));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(starts: Vec<u32>) -> Gathered {
        Gathered {
            reports: vec![Report {
                address: DocAddress::new(0, 0),
                place: 0,
                body_length: 0,
                title_length: 0,
                lead_length: 0,
            }],
            starts: Lists { ends: vec![starts.len()], all: starts },
            rows: Vec::new(),
            variants: Vec::new(),
            slots: Vec::new(),
            filters: Vec::new(),
        }
    }

    #[test]
    fn positions_fall_into_their_passages() {
        let gathered = gathered(vec![0, 40, 100]);
        let passages = |positions: &[u32]| gathered.of(0).passages_of(positions).collect::<Vec<_>>();
        assert_eq!(passages(&[0, 10, 40, 90]), [0, 0, 1, 1]);
        assert_eq!(passages(&[99, 100, 120]), [1], "what stands behind the last is in none");
    }

    #[test]
    fn the_lead_ends_after_so_many_words_whatever_the_gaps() {
        let lead_end = |starts| gathered(starts).of(0).lead_end();
        assert_eq!(lead_end(vec![0, 200]), 100);
        assert_eq!(lead_end(vec![0, 60 + GAP, 200 + GAP]), 100 + GAP);
        assert_eq!(lead_end(vec![0, 60 + GAP]), u32::MAX);
    }

    #[test]
    fn lists_that_nothing_is_added_to_are_empty() {
        let mut lists = Lists::default();
        lists.close(2);
        lists.all.extend([7, 8]);
        lists.close(5);
        assert_eq!([0, 1, 2, 3, 4].map(|report| lists.of(report).len()), [0, 0, 2, 0, 0]);
    }
}
