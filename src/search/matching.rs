//! First pass: the plan as a sieve over the reports of a segment.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{EnableScoring, Occur, Query, TermSetQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{InvertedIndexReader, Searcher, SegmentOrdinal, SegmentReader, Term};

use super::dictionary::Dictionary;
use super::filters::{Asked, Clause};
use super::lists::{List, Queried};
use super::plan::{Likeness, Plan, Slot, Tree, Variant, Way};
use super::rarity::{Rarity, inverse, reports};
use super::rows::Row;
use super::sieve::{Finder, Sieve, Source};
use super::weights::{EXACT, TITLE_FIRST_PASS};
use super::worth::{Lengths, Worth};
use crate::query::Part;

/// Terms of one word that are scored one by one; of more, all count the same.
const SCORED_TERMS: usize = 16;

/// What answers a plan, and what the first pass takes it to be worth.
pub(super) struct Matching<'a> {
    plan: &'a Plan,
    dictionary: &'a Dictionary<'a>,
    clauses: &'a [Clause],
    /// Whether what one passage may have to hold is left to the passages: exclusions, and titles.
    relaxed: bool,
    /// Rarities of the plan's variants; nothing where nothing is scored.
    rarities: Option<&'a [Vec<Rarity>]>,
    /// Reports of the index, deleted ones too until they are merged away.
    reports: u64,
    /// Lengths of the fields that were scored.
    lengths: RefCell<Vec<(Field, Rc<Lengths>)>>,
}

impl<'a> Matching<'a> {
    /// What finds the reports of a plan and some clauses, and scores nothing.
    pub(super) fn new(plan: &'a Plan, dictionary: &'a Dictionary<'a>, clauses: &'a [Clause]) -> Self {
        let (lengths, reports) = (RefCell::default(), reports(dictionary.reader()));
        Self { plan, dictionary, clauses, relaxed: false, rarities: None, reports, lengths }
    }

    /// The same, which scores reports much as the second pass will: a name by the rarity that it has under all its
    /// spellings, what is only near what was asked for by no more than that has.
    pub(super) fn scored(self, rarities: &'a [Vec<Rarity>]) -> Self {
        Self { rarities: Some(rarities), ..self }
    }

    /// The same, which finds every report that may hold a passage of the plan: exclusions are left to the passages.
    pub(super) fn relaxed(self) -> Self {
        Self { relaxed: true, ..self }
    }

    pub(super) fn searcher(&self) -> &'a Searcher {
        self.dictionary.reader().searcher()
    }

    pub(super) fn is_scored(&self) -> bool {
        self.rarities.is_some()
    }

    /// The sieve over a segment.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn open(&self, number: SegmentOrdinal) -> tantivy::Result<Sieve<'a>> {
        let segment = Opened { matching: self, number, segment: self.searcher().segment_reader(number) };
        let (mut parts, mut none_of) = (vec![segment.tree(&self.plan.tree)?], Vec::new());
        for (occur, query) in self.clauses {
            let into = if *occur == Occur::MustNot { &mut none_of } else { &mut parts };
            into.push(segment.filter(query.as_ref())?);
        }
        Ok(Sieve::all(parts, none_of))
    }

    /// The lengths of a field, against their mean.
    fn lengths(&self, field: Field) -> tantivy::Result<Rc<Lengths>> {
        let mut known = self.lengths.borrow_mut();
        if let Some((_, lengths)) = known.iter().find(|(known, _)| *known == field) {
            return Ok(Rc::clone(lengths));
        }
        let mut terms = 0;
        for segment in self.searcher().segment_readers() {
            terms += segment.inverted_index(field)?.total_num_tokens();
        }
        let lengths = Rc::new(Lengths::of(terms as f32 / self.reports as f32));
        known.push((field, Rc::clone(&lengths)));
        Ok(lengths)
    }

    /// The rarity of a variant against that which a spelling of it would be scored by.
    fn against_own(&self, slot: usize, variant: usize, way: &'a Way, field: Field) -> tantivy::Result<f32> {
        let found = self.rarities.and_then(|rarities| rarities.get(slot)?.get(variant));
        let Some(rarity) = found else { return Ok(1.0) };
        if way.terms().is_some_and(|terms| terms.len() > SCORED_TERMS) {
            return Ok(rarity.report);
        }
        let mut own = 0.0;
        for term in way.steps.iter().filter_map(|step| step.terms.first()) {
            own += inverse(self.dictionary.entry(field, term)?.reports, self.reports);
        }
        Ok(if own > 0.0 { rarity.report / own } else { 1.0 })
    }
}

/// A segment that the plan is asked of.
struct Opened<'m, 'a> {
    matching: &'m Matching<'a>,
    number: SegmentOrdinal,
    segment: &'a SegmentReader,
}

impl<'a> Opened<'_, 'a> {
    fn tree(&self, tree: &Tree) -> tantivy::Result<Sieve<'a>> {
        let relaxed = self.matching.relaxed;
        let trees = |parts: &[Tree]| parts.iter().map(|part| self.tree(part)).collect::<tantivy::Result<Vec<_>>>();
        Ok(match tree {
            Tree::Everything => Sieve::everything(),
            Tree::Slot(slot) => self.slot(*slot)?,
            Tree::Filter(filter) => self.filter(self.matching.plan.filters[*filter].as_ref())?,
            Tree::Any(parts) => Sieve::several(1, trees(parts)?),
            Tree::Several(least, parts) => Sieve::several(*least, trees(parts)?),
            Tree::All(parts) => {
                let (mut all, mut none_of) = (Vec::new(), Vec::new());
                for part in parts {
                    match part {
                        Tree::Not(_) if relaxed => {}
                        Tree::Not(inner) => none_of.push(self.tree(inner)?),
                        _ => all.push(self.tree(part)?),
                    }
                }
                Sieve::all(all, none_of)
            }
            Tree::Not(_) if relaxed => Sieve::everything(),
            Tree::Not(inner) => Sieve::all(Vec::new(), vec![self.tree(inner)?]),
        })
    }

    /// A slot in the parts of a report that it is looked for in; in the text alone where passages are asked for.
    fn slot(&self, at: usize) -> tantivy::Result<Sieve<'a>> {
        let fields = self.matching.dictionary.reader().fields();
        let slot: &'a Slot = &self.matching.plan.slots[at];
        let text = (fields.body, 1.0);
        let title = (fields.title, TITLE_FIRST_PASS);
        let searched = match slot.part {
            _ if slot.named => vec![(fields.mention, 1.0)],
            Some(Part::Title) => vec![title],
            Some(Part::Text) => vec![text],
            None if self.matching.relaxed => vec![text],
            None => vec![text, title],
        };
        let stems = slot.variants.iter().any(|variant| variant.likeness == Likeness::Stem);
        // What is added to a word is another reading of it, of which the best counts; its own terms count together.
        let mut own = Vec::new();
        let mut readings = Vec::new();
        for (field, weight) in searched {
            let words = self.field(field)?;
            for (number, variant) in slot.variants.iter().enumerate() {
                let weight = weight * slot.boost * variant.weight;
                if is_other(variant) {
                    let whole = if variant.likeness == Likeness::Whole { 1.0 + EXACT } else { 1.0 };
                    for way in &variant.ways {
                        let against = self.matching.against_own(at, number, way, field)?;
                        readings.push(self.way(way, &words, weight * whole * against)?);
                    }
                } else {
                    let weight = weight * if stems && variant.likeness == Likeness::Exact { EXACT } else { 1.0 };
                    for way in &variant.ways {
                        own.extend(self.way(way, &words, weight)?);
                    }
                }
            }
        }
        readings.push(own);
        readings.retain(|reading| !reading.is_empty());
        Ok(Sieve::readings(readings))
    }

    fn field(&self, field: Field) -> tantivy::Result<Words> {
        let scored = if self.matching.is_scored() {
            let norms = self.segment.fieldnorms_readers().get_field(field)?;
            let norms = norms.unwrap_or_else(|| FieldNormReader::constant(self.segment.max_doc(), 1));
            Some((self.matching.lengths(field)?, norms))
        } else {
            None
        };
        Ok(Words { field, inverted: self.segment.inverted_index(field)?, scored })
    }

    /// A spelling in a field: what is read for it, of which all counts together.
    fn way(&self, way: &'a Way, words: &Words, weight: f32) -> tantivy::Result<Vec<Source<'a>>> {
        let Matching { dictionary, reports, .. } = self.matching;
        let of = |term| dictionary.entry(words.field, term);
        match way.terms() {
            Some(terms) if terms.len() > SCORED_TERMS => {
                let terms = TermSetQuery::new(terms.iter().map(|term| Term::from_field_text(words.field, term)));
                let worth = if words.scored.is_some() { Worth::Same(weight) } else { Worth::Untold };
                Ok(vec![Source::new(Finder::Queried(self.queried(&terms)?), worth)])
            }
            Some(terms) => {
                let mut found = Vec::with_capacity(terms.len());
                for term in terms {
                    let entry = of(term)?;
                    let Some(info) = &entry.postings[self.number as usize] else { continue };
                    let worth = words.worth(inverse(entry.reports, *reports), weight);
                    let option =
                        if words.scored.is_some() { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
                    let list = List::new(words.inverted.read_block_postings_from_terminfo(info, option)?);
                    found.push(Source::new(Finder::List(Box::new(list)), worth));
                }
                Ok(found)
            }
            None => {
                let Some(row) = Row::open(dictionary, self.number, words.field, way)? else { return Ok(Vec::new()) };
                let mut rarity = 0.0;
                for term in way.steps.iter().filter_map(|step| step.terms.first()) {
                    rarity += inverse(of(term)?.reports, *reports);
                }
                Ok(vec![Source::new(Finder::Row(Box::new(row)), words.worth(rarity, weight))])
            }
        }
    }

    fn queried(&self, query: &dyn Query) -> tantivy::Result<Queried> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(self.matching.searcher()))?;
        Ok(Queried(weight.scorer(self.segment, 1.0)?))
    }

    /// A filter, which is worth nothing.
    fn filter(&self, query: &dyn Query) -> tantivy::Result<Sieve<'a>> {
        let mut found = Vec::new();
        match query.downcast_ref::<Asked>() {
            Some(Asked::Terms(terms)) => {
                for term in terms {
                    let postings = self.segment.inverted_index(term.field())?;
                    if let Some(list) = postings.read_block_postings(term, IndexRecordOption::Basic)? {
                        found.push(Finder::List(Box::new(List::new(list))));
                    }
                }
            }
            Some(Asked::Dates(dates, mentions)) => found.push(Finder::Days(dates.open(self.segment, *mentions)?)),
            None => found.push(Finder::Queried(self.queried(query)?)),
        }
        Ok(Sieve::readings(vec![found.into_iter().map(|finder| Source::new(finder, Worth::Untold)).collect()]))
    }
}

/// A field of a segment that words are looked for in.
struct Words {
    field: Field,
    inverted: Arc<InvertedIndexReader>,
    /// What scores are told by, if any are.
    scored: Option<(Rc<Lengths>, FieldNormReader)>,
}

impl Words {
    fn worth(&self, rarity: f32, weight: f32) -> Worth {
        match &self.scored {
            Some((lengths, norms)) => Worth::of(rarity, weight, lengths, norms),
            None => Worth::Untold,
        }
    }
}

/// Whether a variant is another reading of the word.
fn is_other(variant: &Variant) -> bool {
    variant.added || variant.ways.len() > 1
}
