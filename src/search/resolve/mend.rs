//! Slips of the keyboard: what a word that nobody knows was meant for.

use std::ops::Range;
use std::sync::Arc;

use super::super::SearchError;
use super::super::plan::{Likeness, Variant};
use super::super::spelling::{as_written, candidates};
use super::super::weights::{MENDED, ONE_LETTER};
use super::words::Row;
use super::{Place, Reach, Resolver};
use crate::french::{Kind, Token, is_french};
use crate::hit::{Expansion, ExpansionKind};

/// Words of one query that are mended: each is looked for in the whole dictionary of the index.
const MOST_MENDED: usize = 8;

impl Resolver<'_> {
    /// What a word may have been meant for that the index, the language and the names do not know.
    pub(super) fn mended(
        &mut self,
        token: &Token<'_>,
        span: Range<usize>,
        place: Place,
    ) -> Result<Vec<Variant>, SearchError> {
        let exact = &token.terms.exact;
        let acronym = token.surface.chars().filter(|c| c.is_uppercase()).count() > 1;
        let capital = token.surface.starts_with(char::is_uppercase) && !token.opens;
        let vocabulary = Arc::clone(&self.vocabulary);
        let is_name = |word: &str| !vocabulary.look_up(word).is_empty();
        let doubtful = self.request.expand
            && self.mended < MOST_MENDED
            && (token.terms.kind == Kind::Word || token.terms.kind == Kind::Name && acronym)
            && exact.chars().count() >= MENDED
            && exact.chars().all(char::is_alphabetic)
            && !is_french(exact)
            && !is_name(token.surface)
            && self.dictionary.reports(exact, None)? == 0;
        if !doubtful {
            return Ok(Vec::new());
        }
        self.mended += 1;
        let mut found: Vec<Variant> = Vec::new();
        let mut to = Vec::new();
        for candidate in candidates(exact, self.dictionary, self.analyzer)? {
            let tokens = self.analyzer.analyze(&candidate.term);
            let Some(meant) = tokens.first().filter(|meant| tokens.len() == 1 && !meant.is_stop()) else { continue };
            // Who types capitals means a name, which is no ordinary word but for an evident slip.
            let name = is_name(&candidate.term);
            let far = candidate.cost > ONE_LETTER && is_french(&candidate.term);
            let unfit = !name && (token.terms.kind == Kind::Name || capital && far);
            if unfit {
                continue;
            }
            let mut own = self.written(meant)?;
            let row = Row::new(&[(&candidate.term, 0..candidate.term.len())]);
            for widening in self.widen(&row, &tokens, place, Reach::All)? {
                widening.add_to(&mut own);
            }
            // Two inflections are one word.
            let known = |variant: &Variant| found.iter().any(|other| other.ways == variant.ways);
            if !own.iter().any(|variant| variant.likeness == Likeness::Stem && !variant.added && known(variant)) {
                to.push(as_written(&candidate.term, &vocabulary));
            }
            own.retain(|variant| !known(variant));
            let weigh =
                |variant: Variant| Variant { weight: candidate.weight * variant.weight, added: true, ..variant };
            found.extend(own.into_iter().map(weigh));
        }
        if !to.is_empty() {
            let Range { start, end } = span;
            let term = token.surface.to_owned();
            self.tell(Expansion { term, start, end, kind: ExpansionKind::Spelling, to });
        }
        Ok(found)
    }
}
