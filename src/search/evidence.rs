//! Second pass: where the words of a query stand in the reports that the first pass gathered.
//!
//! One forward pass a term over the gathered reports, in the order of the index; no stored text is read. What was read
//! stands in flat lists, one a row of words; each report looks at its own part of each.

mod read;
mod sources;

use std::ops::Range;

use tantivy::{DocAddress, DocId};

use super::plan::Plan;
use super::{Clock, SearchError};
use crate::index::{GAP, IndexReader, LEAD};
use sources::{Rows, Sources};

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
    /// The variants that stand in any of the reports, in order.
    met: Vec<usize>,
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

    /// The variants that stand in the text or in the title, in order.
    pub(super) fn held(&self) -> impl Iterator<Item = usize> {
        let stands = |variant: &usize| !self.body(*variant).is_empty() || !self.title(*variant).is_empty();
        self.gathered.met.iter().copied().filter(stands)
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
        slots: plan.variants(),
        met: Vec::new(),
        filters: Vec::with_capacity(docs.len() * plan.filters.len()),
    };
    for chunk in docs.chunk_by(|a, b| a.0.segment_ord == b.0.segment_ord) {
        let number = chunk[0].0.segment_ord;
        let (segment, columns) = (reader.searcher().segment_reader(number), &reader.columns()?[number as usize]);
        gathered.read_reports(segment, reader.fields(), &columns.starts, chunk)?;
        let docs: Vec<DocId> = chunk.iter().map(|(address, _)| address.doc_id).collect();
        for (row, source) in sources.all.iter().enumerate() {
            clock.check()?;
            gathered.read_row(segment, row, source, &docs)?;
        }
        gathered.read_filters(reader, segment, plan, &docs)?;
    }
    let stands = |row: Option<usize>| row.is_some_and(|row| !gathered.rows[row].all.is_empty());
    let met = gathered.variants.iter().enumerate().filter(|(_, rows)| stands(rows.body) || stands(rows.title));
    gathered.met = met.map(|(variant, _)| variant).collect();
    Ok(gathered)
}

#[cfg(test)]
mod tests {
    use super::super::plan::{Likeness, Slot, Step, Variant, Way};
    use super::*;
    use crate::french::{Analyzer, Token};
    use crate::index::index_terms;
    use crate::query::Part;

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
            met: Vec::new(),
            filters: Vec::new(),
        }
    }

    /// Where a spelling stands in a row of tokens, looked at one by one.
    fn plainly(way: &Way, tokens: &[Token<'_>]) -> Vec<u32> {
        let is = |token: &Token<'_>, step: &Step| {
            let mut found = false;
            index_terms(token, |mark, term| found |= step.terms.contains(&format!("{mark}{term}")));
            found
        };
        let at = |first: usize, step: &Step| tokens.get(first + step.offset as usize);
        let stands = |first: &usize| way.steps.iter().all(|step| at(*first, step).is_some_and(|token| is(token, step)));
        (0..tokens.len()).filter(stands).filter_map(|first| u32::try_from(first).ok()).collect()
    }

    #[test]
    fn every_spelling_is_found_where_its_words_stand() {
        let texts = [
            ("Attaque à Mopti", "Une attaque a visé le marché. Les attaques ont visé Mopti, et une attaque Mopti."),
            ("", "Le marché de Mopti, le marché de Gao."),
            ("Gao", "Rien."),
            ("Le marché", "Attaque ! Une embuscade, une attaque, une embuscade : le marché attaque le marché."),
            ("", "Une embuscade a visé un convoi à Gao."),
        ];
        let reader = IndexReader::of_texts(&texts);
        let word = |terms: &[&str]| Way::word(terms.iter().map(|term| (*term).to_owned()).collect());
        let row = |words: &[&[&str]]| {
            let step = |(offset, terms): (u32, &&[&str])| Step {
                offset,
                terms: terms.iter().map(|term| (*term).to_owned()).collect(),
            };
            Way { steps: (0..).zip(words).map(step).collect(), slop: None }
        };
        let ways = [
            word(&["~attaqu"]),
            word(&["attaque", "embuscade", "absent"]),
            word(&["absent"]),
            row(&[&["marche"], &["de"], &["gao", "mopti"]]),
            row(&[&["~attaqu", "~embuscad"], &["a", "ont"]]),
            row(&[&["le"], &["absent"]]),
        ];
        // Each by itself, then all of them as one.
        let own = ways.iter().map(|way| vec![way.clone()]).chain([ways.to_vec()]);
        let variant = |ways| Variant { ways, ..Variant::written(word(&[]), Likeness::Whole) };
        let mut plan = Plan::default();
        plan.add(Slot::new("", 0..0, own.map(variant).collect()));
        plan.add(Slot { part: Some(Part::Title), ..Slot::new("", 0..0, vec![variant(vec![ways[0].clone()])]) });
        let docs: Vec<DocAddress> = [4, 0, 3, 1].map(|doc| DocAddress::new(0, doc)).to_vec();
        let found = gather(&reader, &plan, &docs, Clock::default()).unwrap();
        assert_eq!(found.iter().map(|evidence| evidence.place).collect::<Vec<_>>(), [1, 3, 2, 0]);
        let mut analyzer = Analyzer::new();
        let mut stands = 0;
        for evidence in found.iter() {
            let (title, text) = texts[evidence.address.doc_id as usize];
            let (title, text) = (analyzer.analyze(title), analyzer.analyze(text));
            let (mut all, mut all_titles) = (Vec::new(), Vec::new());
            for (variant, way) in ways.iter().enumerate() {
                let (in_title, in_text) = (plainly(way, &title), plainly(way, &text));
                assert_eq!((evidence.title(variant), evidence.body(variant)), (&*in_title, &*in_text), "{way:?}");
                stands += in_title.len() + in_text.len();
                all.extend(in_text);
                all_titles.extend(in_title);
            }
            for all in [&mut all, &mut all_titles] {
                all.sort_unstable();
                all.dedup();
            }
            assert_eq!((evidence.title(ways.len()), evidence.body(ways.len())), (&*all_titles, &*all));
            let titled = evidence.variants(1).start;
            assert_eq!((evidence.title(titled), evidence.body(titled)), (evidence.title(0), &[][..]));
        }
        assert!(stands > 15, "{stands}");
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
