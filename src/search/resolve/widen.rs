//! What else says the same: other names, acronyms that the corpus explains, synonyms, countries and their people.

use std::ops::Range;
use std::sync::Arc;

use super::super::SearchError;
use super::super::plan::{Likeness, Step, Variant, Way};
use super::super::weights::{ACRONYM, DEMONYM, FORMS, RARELY, SIGHTINGS};
use super::words::{Row, terms};
use super::{Place, Reach, Resolver};
use crate::french::{Kind, Token, is_word};
use crate::hit::{Expansion, ExpansionKind};
use crate::index::Learned;
use crate::vocabulary::NameKind;

/// Most words that an acronym stands for, function words aside.
const LONGEST: usize = 8;

/// What some tokens of a row stand for beside themselves.
pub(super) struct Widening {
    pub(super) tokens: Range<usize>,
    pub(super) variants: Vec<Variant>,
    /// Other spellings of the very thing.
    pub(super) same: Vec<Way>,
    /// What is to be told where it is used.
    pub(super) told: Vec<Expansion>,
}

impl Widening {
    /// Adds what was found to the variants of the word itself.
    pub(super) fn add_to(&self, variants: &mut Vec<Variant>) {
        if !self.same.is_empty() {
            // Names have one rarity, however they are written.
            match variants.iter_mut().find(|variant| variant.likeness == Likeness::Whole && !variant.added) {
                Some(name) => name.ways.extend(self.same.iter().cloned()),
                None => variants.push(Variant::added(self.same.clone(), 1.0, Likeness::Whole)),
            }
        }
        variants.extend(self.variants.iter().cloned());
    }

    /// What several words are at once: the words in a row, or what else was found.
    pub(super) fn of_several(self, own: Option<Way>) -> Vec<Variant> {
        let ways = own.into_iter().chain(self.same).collect();
        std::iter::once(Variant::added(ways, 1.0, Likeness::Whole)).chain(self.variants).collect()
    }
}

impl Resolver<'_> {
    /// What the words of a row stand for beside themselves, in their order; those of several words do not overlap.
    pub(super) fn widen(
        &mut self,
        row: &Row,
        tokens: &[Token<'_>],
        place: Place,
        reach: Reach,
    ) -> Result<Vec<Widening>, SearchError> {
        if !self.request.expand {
            return Ok(Vec::new());
        }
        let mut found: Vec<Widening> = Vec::new();
        self.names(row, tokens, place, reach, &mut found)?;
        self.acronyms(row, tokens, place, &mut found)?;
        if reach == Reach::All {
            self.synonyms(row, tokens, place, &mut found)?;
        }
        // A name without others only kept its words from being widened one by one.
        found.retain(|widening| !(widening.same.is_empty() && widening.variants.is_empty()));
        found.sort_by_key(|widening| widening.tokens.start);
        Ok(found)
    }

    fn names(
        &mut self,
        row: &Row,
        tokens: &[Token<'_>],
        place: Place,
        reach: Reach,
        found: &mut Vec<Widening>,
    ) -> Result<(), SearchError> {
        let vocabulary = Arc::clone(&self.vocabulary);
        for name in vocabulary.names_in(tokens, self.analyzer) {
            let same = matches!(name.kind, NameKind::Group | NameKind::Place);
            let whole = name.tokens.len() == tokens.len();
            if !same && reach != Reach::All || reach == Reach::Acronyms && !whole {
                continue;
            }
            let (mut ways, mut to) = (Vec::new(), Vec::new());
            for other in name.others {
                let way = self.text_in_a_row(&other, place)?;
                if let Some(way) = way.filter(|way| way.steps.len() == 1 || reach != Reach::Acronyms) {
                    ways.push(way);
                    to.push(other);
                }
            }
            let kind = if same { ExpansionKind::Name } else { ExpansionKind::Demonym };
            let told = told(row, &tokens[name.tokens.clone()], kind, to);
            let variant = |ways| Variant::added(ways, DEMONYM, Likeness::Stem);
            let (same, variants) = if same {
                (ways, Vec::new())
            } else {
                (Vec::new(), ways.into_iter().map(|way| variant(vec![way])).collect())
            };
            join_to(found, Widening { tokens: name.tokens, variants, same, told });
        }
        Ok(())
    }

    /// Acronyms of the corpus: of one word, what it stands for; of several, the letters that stand for them.
    fn acronyms(
        &mut self,
        row: &Row,
        tokens: &[Token<'_>],
        place: Place,
        found: &mut Vec<Widening>,
    ) -> Result<(), SearchError> {
        let sure = |learned: &Learned| learned.strict || learned.reports >= SIGHTINGS;
        // Parts of a known name stand for nothing of their own; the whole may have letters that only the corpus knows.
        let known = found.iter().map(|widening| widening.tokens.clone()).collect::<Vec<_>>();
        let apart = |range: &Range<usize>| known.iter().all(|known| known == range || !overlaps(known, range));
        for (at, token) in tokens.iter().enumerate() {
            if token.is_stop() || !apart(&(at..at + 1)) {
                continue;
            }
            let written = token.terms.kind == Kind::Name || !is_word(&token.terms.exact);
            let forms = if written { self.reader.long_forms(&token.terms.exact)? } else { Vec::new() };
            // What letters stand for now and then is mostly not meant.
            let sightings: u64 = forms.iter().map(|learned| learned.reports).sum();
            let usual = forms.into_iter().filter(sure).filter(|learned| learned.reports * RARELY >= sightings);
            let forms = usual.take(FORMS).map(|learned| (learned.long.clone(), learned)).collect();
            self.add_forms(row, tokens, at..at + 1, forms, place, found)?;
        }
        let content: Vec<usize> = (0..tokens.len()).filter(|&at| !tokens[at].is_stop()).collect();
        let mut first = 0;
        while first < content.len() {
            let mut next = first + 1;
            for last in (first + 1..content.len().min(first + LONGEST)).rev() {
                let range = content[first]..content[last] + 1;
                if !apart(&range) {
                    continue;
                }
                let words: Vec<&str> =
                    content[first..=last].iter().map(|&at| tokens[at].terms.exact.as_str()).collect();
                let forms = self.reader.short_forms(&words)?;
                let mut shorts: Vec<(Vec<String>, Learned)> = Vec::new();
                for learned in forms.into_iter().filter(sure) {
                    // Letters that mostly stand for something else would bring that along.
                    let sightings: u64 = self.reader.long_forms(&learned.short)?.iter().map(|form| form.reports).sum();
                    let known = shorts.iter().any(|(_, known)| known.short == learned.short);
                    if !known && learned.reports * RARELY >= sightings {
                        shorts.push((vec![learned.short.clone()], learned));
                    }
                }
                if !shorts.is_empty() {
                    self.add_forms(row, tokens, range, shorts, place, found)?;
                    next = last + 1;
                    break;
                }
            }
            first = next;
        }
        Ok(())
    }

    /// Adds forms, each by the exact terms of its words and the pair that it is told in, as what some tokens also are.
    fn add_forms(
        &mut self,
        row: &Row,
        tokens: &[Token<'_>],
        range: Range<usize>,
        forms: Vec<(Vec<String>, Learned)>,
        place: Place,
        found: &mut Vec<Widening>,
    ) -> Result<(), SearchError> {
        let (mut ways, mut to) = (Vec::new(), Vec::new());
        for (words, learned) in forms {
            let folded = words.join(" ");
            let steps = (0..).zip(words).map(|(offset, term)| Step { offset, terms: vec![term] });
            let way = Way { steps: steps.collect(), slop: None };
            if self.stands(&way, place)? {
                ways.push(way);
                // As the reports write it, unless no text is to be read.
                let textless = self.request.is_textless();
                let told = if textless { None } else { self.reader.as_told(&learned, self.analyzer)? };
                to.push(told.map_or(folded, |(letters, long)| if range.len() == 1 { long } else { letters }));
            }
        }
        if !ways.is_empty() {
            let told = told(row, &tokens[range.clone()], ExpansionKind::Acronym, to);
            let variants = vec![Variant::added(ways, ACRONYM, Likeness::Whole)];
            join_to(found, Widening { tokens: range, variants, same: Vec::new(), told });
        }
        Ok(())
    }

    fn synonyms(
        &mut self,
        row: &Row,
        tokens: &[Token<'_>],
        place: Place,
        found: &mut Vec<Widening>,
    ) -> Result<(), SearchError> {
        let vocabulary = Arc::clone(&self.vocabulary);
        for synonyms in vocabulary.synonyms_in(tokens, self.analyzer) {
            let range = synonyms.tokens;
            // A word within a name is a part of it.
            if found.iter().any(|known| overlaps(&known.tokens, &range) && known.tokens != range) {
                continue;
            }
            let (mut variants, mut to) = (Vec::new(), Vec::new());
            for (other, weight) in synonyms.others {
                let Some(way) = self.text_in_a_row(&other, place)? else { continue };
                variants.push(Variant::added(vec![way], weight, Likeness::Stem));
                to.push(other);
            }
            if !variants.is_empty() {
                let told = told(row, &tokens[range.clone()], ExpansionKind::Synonym, to);
                join_to(found, Widening { tokens: range, variants, same: Vec::new(), told });
            }
        }
        Ok(())
    }

    /// A text as a row of words, each in any inflection; nothing where the index lacks one of them.
    pub(super) fn text_in_a_row(&mut self, text: &str, place: Place) -> Result<Option<Way>, SearchError> {
        let tokens = self.analyzer.analyze(text);
        let way = self.in_a_row(&tokens)?;
        Ok(match way {
            Some(way) if self.stands(&way, place)? => Some(way),
            _ => None,
        })
    }

    /// Tokens as a row of words, each in any inflection.
    pub(super) fn in_a_row(&self, tokens: &[Token<'_>]) -> Result<Option<Way>, SearchError> {
        let mut steps: Vec<Step> = Vec::with_capacity(tokens.len());
        for (offset, token) in (0..).zip(tokens) {
            steps.push(Step { offset, terms: terms(&self.written(token)?) });
        }
        Ok((!steps.is_empty()).then_some(Way { steps, slop: None }))
    }

    /// Whether the index has every word of a row.
    fn stands(&self, way: &Way, place: Place) -> Result<bool, SearchError> {
        for step in &way.steps {
            let mut found = false;
            for term in &step.terms {
                found = found || self.dictionary.reports(term, place.part)? > 0;
            }
            if !found {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// What is to be told of some tokens of a row that are widened; nothing where nothing was found.
fn told(row: &Row, tokens: &[Token<'_>], kind: ExpansionKind, to: Vec<String>) -> Vec<Expansion> {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return Vec::new() };
    let bytes = first.start..last.end;
    let term = row.text[bytes.clone()].to_owned();
    let Range { start, end } = row.span_of(bytes);
    if to.is_empty() { Vec::new() } else { vec![Expansion { term, start, end, kind, to }] }
}

/// Adds a widening to that of the same tokens, where there is one.
fn join_to(found: &mut Vec<Widening>, widening: Widening) {
    match found.iter_mut().find(|known| known.tokens == widening.tokens) {
        Some(known) => {
            known.variants.extend(widening.variants);
            known.same.extend(widening.same);
            known.told.extend(widening.told);
        }
        None => found.push(widening),
    }
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}
