//! What a text tells: its words and the names in it, each as a query for it would look for it, the most telling first.
//!
//! Chosen as Lucene's `MoreLikeThis` chooses: by how often the text has a word, times how rare the word is; words that no
//! other report has find nothing, and those that most reports have say nothing.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::super::dictionary::Dictionary;
use super::super::plan::{Slot, Variant};
use super::super::rarity::{inverse, reports, spelled};
use super::super::{Request, SearchError};
use super::widen::Widening;
use super::{Place, Resolver};
use crate::french::{Analyzer, Kind, Token};
use crate::vocabulary::NameKind;

/// Words of a text that are looked at, as many as Lucene looks at.
const MOST_WORDS: usize = 5000;
/// Words, each in all its inflections, whose rarity is looked up: those that stand most often, the first of equals.
const MOST_KNOWN: usize = 400;
/// Reports that may have a word, be they most of the index: in a small one, nothing is common.
const FEW: u64 = 5;

/// A word or a name of a text, wherever it stands there.
struct Told {
    /// Its part of the text and its tokens there, where it stands first.
    part: usize,
    tokens: Range<usize>,
    /// Of a name, its others.
    others: Option<Vec<String>>,
    /// How often it stands there, by the weights of the parts.
    times: f32,
}

/// What a text tells, given by its parts and how much each counts: at most so many, those that tell most first, and equals
/// in the order of their terms.
///
/// # Errors
/// If the index cannot be read.
pub(in super::super) fn telling(
    parts: &[(&str, f32)],
    most: usize,
    request: &Request,
    dictionary: &Dictionary<'_>,
    analyzer: &mut Analyzer,
) -> Result<Vec<Slot>, SearchError> {
    let mut left = MOST_WORDS;
    let mut texts: Vec<(Vec<Token<'_>>, f32)> = Vec::with_capacity(parts.len());
    for &(text, weight) in parts {
        let mut tokens = analyzer.analyze(text);
        tokens.truncate(left);
        left -= tokens.len();
        texts.push((tokens, weight));
    }
    let mut resolver = Resolver::new(request, dictionary, analyzer)?;
    let mut found: Vec<(f32, String, Slot)> = Vec::new();
    for (key, told) in resolver.told(&texts) {
        let tokens = &texts[told.part].0[told.tokens.clone()];
        let (first, last) = (&tokens[0], &tokens[tokens.len() - 1]);
        let label = &parts[told.part].0[first.start..last.end];
        // A word is as common as its stem; how common a name is, is known once it is a slot.
        let (slot, most, any) = if let Some(others) = &told.others {
            let slot = resolver.name(label, tokens, others)?;
            let (most, any) = resolver.frequencies(&slot)?;
            (Some(slot), most, any)
        } else {
            let reports = dictionary.reports(&key, None)?;
            (None, reports, reports)
        };
        let all = reports(dictionary.reader());
        if any < 2 || most > FEW.max(all / 2) {
            continue;
        }
        let slot = match slot {
            Some(slot) => slot,
            None => Slot::new(label, 0..0, resolver.written(first)?),
        };
        found.push((told.times * inverse(most, all), key, slot));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found.truncate(most);
    Ok(found.into_iter().map(|(_, _, slot)| slot).collect())
}

impl Resolver<'_> {
    /// The names and words of a text by what is looked up for each: of a name its facet, of a word its stem.
    fn told(&mut self, texts: &[(Vec<Token<'_>>, f32)]) -> Vec<(String, Told)> {
        let vocabulary = Arc::clone(&self.vocabulary);
        let mut found: Vec<(String, Told)> = Vec::new();
        let mut known: FxHashMap<String, usize> = FxHashMap::default();
        let mut meet = |key: String, part: usize, tokens: Range<usize>, others: Option<Vec<String>>, weight: f32| {
            let at = *known.entry(key.clone()).or_insert(found.len());
            match found.get_mut(at) {
                Some((_, told)) => told.times += weight,
                None => found.push((key, Told { part, tokens, others, times: weight })),
            }
        };
        for (part, (tokens, weight)) in texts.iter().enumerate() {
            let names = if self.request.expand { vocabulary.names_in(tokens, self.analyzer) } else { Vec::new() };
            let mut free = 0;
            for name in names.into_iter().filter(|name| matches!(name.kind, NameKind::Group | NameKind::Place)) {
                (free..name.tokens.start).for_each(|at| words(tokens, at, part, *weight, &mut meet));
                free = name.tokens.end;
                meet(name.path.to_string(), part, name.tokens, Some(name.others), *weight);
            }
            (free..tokens.len()).for_each(|at| words(tokens, at, part, *weight, &mut meet));
        }
        // Stable, so that of equals the first stay.
        found.sort_by(|a, b| b.1.times.total_cmp(&a.1.times));
        found.truncate(MOST_KNOWN);
        found
    }

    /// A name with its others, as a query for it finds it.
    fn name(&mut self, label: &str, tokens: &[Token<'_>], others: &[String]) -> Result<Slot, SearchError> {
        let place = Place { negated: false, part: None, boost: 1.0 };
        let mut same = Vec::new();
        for other in others {
            same.extend(self.text_in_a_row(other, place)?);
        }
        let widening = Widening { tokens: 0..tokens.len(), variants: Vec::new(), same, told: Vec::new() };
        let variants: Vec<Variant> = match tokens {
            [token] => {
                let mut variants = self.written(token)?;
                widening.add_to(&mut variants);
                variants
            }
            _ => widening.of_several(self.in_a_row(tokens)?),
        };
        Ok(Slot::new(label, 0..0, variants))
    }

    /// In how many reports the most common spelling of a slot stands, which is what makes a name rare or common where it is
    /// looked for; and in how many any of them does, at most.
    fn frequencies(&self, slot: &Slot) -> Result<(u64, u64), SearchError> {
        let (mut most, mut any) = (0, 0);
        for way in slot.ways() {
            let found = spelled(self.dictionary, way, None, reports(self.reader))?.reports;
            (most, any) = (found.max(most), any + found);
        }
        Ok((most, any))
    }
}

/// Hands on a word that is no function word by the term of its stem; letters and digits alone say nothing.
fn words(
    tokens: &[Token<'_>],
    at: usize,
    part: usize,
    weight: f32,
    meet: &mut impl FnMut(String, usize, Range<usize>, Option<Vec<String>>, f32),
) {
    let token = &tokens[at];
    if token.is_stop() || token.terms.exact.chars().count() < 2 {
        return;
    }
    let exact = &token.terms.exact;
    let key = match (token.terms.kind, token.stems().next()) {
        (Kind::Word, Some(stem)) => format!("~{stem}"),
        (Kind::SpelledName, _) => format!("@{exact}"),
        _ => exact.clone(),
    };
    meet(key, part, at..at + 1, None, weight);
}
