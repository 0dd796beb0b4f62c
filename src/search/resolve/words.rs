//! Plain words side by side: what each stands for, with slips of the keyboard mended, and what they say together.

use std::ops::Range;

use super::super::plan::{Likeness, Pair, Slot, Step, Tree, Variant, Way, join};
use super::super::spelling::near_field;
use super::super::{Match, SearchError};
use super::widen::Widening;
use super::{Place, Reach, Resolver};
use crate::corpus::normalize_line;
use crate::french::{Kind, Token, is_word};
use crate::index::{Alternative, query_terms};

/// Some words of the query as one normalized text, and where each of them stands.
pub(super) struct Row {
    pub(super) text: String,
    words: Vec<Word>,
    /// What stands before a colon within a word.
    fields: Vec<String>,
}

struct Word {
    /// The bytes of the row that it has.
    at: Range<usize>,
    /// The bytes of the query that it has.
    span: Range<usize>,
    /// Whether it stands in both alike.
    verbatim: bool,
}

impl Row {
    /// A row of words, each with its bytes in the query. What only a colon, a slash or a long dash holds together are words
    /// of their own.
    pub(super) fn new(words: &[(&str, Range<usize>)]) -> Self {
        let colon = |(text, _): &(&str, Range<usize>)| Some(text.split_once(':')?.0.to_owned());
        let fields = words.iter().filter_map(colon).collect();
        let mut row = Self { text: String::new(), words: Vec::with_capacity(words.len()), fields };
        for (text, span) in words.iter().flat_map(|(text, span)| pieces(text, span)) {
            let normal = normalize_line(text);
            if !row.text.is_empty() {
                row.text.push(' ');
            }
            let start = row.text.len();
            row.text.push_str(&normal);
            row.words.push(Word { at: start..row.text.len(), span, verbatim: normal == text });
        }
        row
    }

    /// Which word a byte of the row belongs to.
    fn word_at(&self, byte: usize) -> usize {
        self.words.partition_point(|word| word.at.end <= byte).min(self.words.len().saturating_sub(1))
    }

    /// The bytes of the query at which some bytes of the row stand.
    pub(super) fn span_of(&self, bytes: Range<usize>) -> Range<usize> {
        let of = |byte: usize, end: bool| {
            let Some(word) = self.words.get(self.word_at(byte - usize::from(end))) else { return 0 };
            match (word.verbatim, end) {
                (true, _) => word.span.start + (byte - word.at.start),
                (false, true) => word.span.end,
                (false, false) => word.span.start,
            }
        };
        of(bytes.start, false)..of(bytes.end, true)
    }
}

/// The parts of a word of the query that are words of their own. Digits stay together: `17:30`, `12/2024`.
fn pieces<'t>(text: &'t str, span: &Range<usize>) -> Vec<(&'t str, Range<usize>)> {
    // What was written otherwise than it is read has no parts to point at.
    if span.len() != text.len() {
        return vec![(text, span.clone())];
    }
    let mut found = Vec::new();
    let mut start = 0;
    for (at, sign) in text.match_indices([':', '/', '–', '—']) {
        let digits = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let end = at + sign.len();
        if !(digits(text[..at].chars().next_back()) && digits(text[end..].chars().next())) {
            found.push((&text[start..at], span.start + start..span.start + at));
            start = end;
        }
    }
    found.push((&text[start..], span.start + start..span.end));
    found.retain(|(part, _)| !part.is_empty());
    found
}

/// What became of a word: its leaf of the tree, and the slots that score, in the order of the words.
#[derive(Default)]
struct Found {
    tokens: Range<usize>,
    tree: Option<Tree>,
    scored: Vec<usize>,
    /// Function words that were left out.
    dropped: Vec<String>,
}

impl Resolver<'_> {
    /// The trees of plain words side by side.
    pub(super) fn words(&mut self, words: &[(&str, &Range<usize>)], place: Place) -> Result<Vec<Tree>, SearchError> {
        let words: Vec<(&str, Range<usize>)> = words.iter().map(|&(text, span)| (text, span.clone())).collect();
        let row = Row::new(&words);
        let mut tokens = self.analyzer.analyze(&row.text);
        for (at, token) in tokens.iter_mut().enumerate() {
            // Only the first word of a query has its capital for nothing.
            token.opens = at == 0 && row.span_of(token.start..token.end).start == self.first;
        }
        self.warn(&row, &tokens, place)?;
        let reach = if place.negated { Reach::Names } else { Reach::All };
        let widenings = self.widen(&row, &tokens, place, reach)?;
        let mut found = Vec::with_capacity(row.words.len());
        let mut first = 0;
        for word in 0..row.words.len() {
            self.clock.check()?;
            let after = first + tokens[first..].iter().take_while(|token| row.word_at(token.start) == word).count();
            found.push(self.word(&row, &tokens, first..after, &widenings, place)?);
            first = after;
        }
        self.together(&row, &tokens, found, widenings, place)
    }

    /// Tells what the words may not have been meant to say.
    fn warn(&mut self, row: &Row, tokens: &[Token<'_>], place: Place) -> Result<(), SearchError> {
        for word in &row.fields {
            if let Some(field) = near_field(word) {
                let told = format!("« {word}: » is read as a word; the field is {field}:, right before its value");
                self.plan.warnings.push(told);
            }
        }
        for word in &row.words {
            // One letter with a star is no prefix but a plain letter.
            let (query, span) = (&self.request.query, &word.span);
            let starred = query.get(span.end..).is_some_and(|rest| rest.starts_with('*'))
                && !query.get(..span.start).is_some_and(|before| before.ends_with('*'));
            let text = &row.text[word.at.clone()];
            if starred && text.chars().count() == 1 && text.chars().all(char::is_alphanumeric) {
                self.plan.warnings.push(format!("« {text}* » is no prefix: it needs two letters before the star"));
            }
        }
        if place.negated {
            for token in tokens.iter().filter(|token| !token.is_stop()) {
                let ways = self.written(token)?;
                let mut found = 0;
                for term in terms(&ways) {
                    found += self.dictionary.reports(&term, place.part)?;
                }
                if found == 0 {
                    self.plan.warnings.push(format!("« {} » is in no report, so that it excludes none", token.surface));
                }
            }
        } else if self.request.matching == Match::All
            && row.words.len() > 2
            && tokens.iter().any(|token| token.surface == "ou")
        {
            self.plan.warnings.push("« ou » is a word; OU in capitals asks for either".to_owned());
        }
        Ok(())
    }

    /// Joins what words say together to what each says by itself, and lets both count for the rank.
    fn together(
        &mut self,
        row: &Row,
        tokens: &[Token<'_>],
        found: Vec<Found>,
        widenings: Vec<Widening>,
        place: Place,
    ) -> Result<Vec<Tree>, SearchError> {
        let scored: Vec<usize> = found.iter().flat_map(|found| found.scored.iter().copied()).collect();
        if !place.negated {
            for pair in scored.windows(2).filter(|pair| pair[0] != pair[1]) {
                let pair = Pair { first: pair[0], second: pair[1] };
                if !self.plan.pairs.contains(&pair) {
                    self.plan.pairs.push(pair);
                }
            }
        }
        let mut trees = Vec::new();
        let mut found = found.into_iter().peekable();
        for widening in widenings.into_iter().filter(|widening| widening.tokens.len() > 1) {
            let before = std::iter::from_fn(|| found.next_if(|found| found.tokens.end <= widening.tokens.start));
            for found in before.collect::<Vec<_>>() {
                self.alone(found, place, &mut trees);
            }
            // A part of a hyphenated word says nothing without the others.
            if found.peek().is_none_or(|found| found.tokens.start < widening.tokens.start) {
                continue;
            }
            let inside = std::iter::from_fn(|| found.next_if(|found| found.tokens.end <= widening.tokens.end));
            let inside: Vec<Found> = inside.collect();
            if inside.last().is_none_or(|last| last.tokens.end < widening.tokens.end) {
                for found in inside {
                    self.alone(found, place, &mut trees);
                }
                continue;
            }
            let bytes = tokens[widening.tokens.start].start..tokens[widening.tokens.end - 1].end;
            let span = row.span_of(bytes.clone());
            widening.told.iter().for_each(|told| self.tell(told.clone()));
            let own = self.in_a_row(&tokens[widening.tokens.clone()])?;
            let slots: Vec<usize> = inside.iter().flat_map(|found| found.scored.iter().copied()).collect();
            let slot = self.plan.add(Slot {
                part: place.part,
                boost: place.boost,
                marked: !place.negated,
                instead_of: slots.clone(),
                ..Slot::new(&row.text[bytes], span, widening.of_several(own))
            });
            if !place.negated {
                self.count(vec![slots, vec![slot]]);
            }
            let words: Vec<Tree> = inside.into_iter().filter_map(|found| found.tree).collect();
            if self.request.matching == Match::Any {
                trees.extend(words);
                trees.push(Tree::Slot(slot));
            } else {
                let ways = join(words, Tree::All).into_iter().chain([Tree::Slot(slot)]).collect();
                trees.extend(join(ways, Tree::Any));
            }
        }
        found.for_each(|found| self.alone(found, place, &mut trees));
        Ok(trees)
    }

    /// A word that says only what it says by itself.
    fn alone(&mut self, found: Found, place: Place, trees: &mut Vec<Tree>) {
        self.plan.dropped.extend(found.dropped);
        trees.extend(found.tree);
        for slot in found.scored.into_iter().filter(|_| !place.negated) {
            self.count(vec![vec![slot]]);
        }
    }

    /// One word of the query, which hyphens may have made of several tokens.
    fn word(
        &mut self,
        row: &Row,
        all: &[Token<'_>],
        range: Range<usize>,
        widenings: &[Widening],
        place: Place,
    ) -> Result<Found, SearchError> {
        let tokens = &all[range.clone()];
        let kept: Vec<(u32, &Token<'_>)> =
            (0..).zip(tokens).filter(|(_, token)| self.keep_stops || place.negated || !token.is_stop()).collect();
        let Some((&(first, only), rest)) = kept.split_first() else {
            let dropped = tokens.iter().map(|token| token.surface.to_owned()).collect();
            return Ok(Found { tokens: range, dropped, ..Found::default() });
        };
        let mut variants = Vec::with_capacity(kept.len());
        for (at, token) in &kept {
            let mut own = self.written(token)?;
            let at = range.start + (*at as usize);
            if !place.negated && !widenings.iter().any(|widening| widening.tokens.contains(&at)) {
                own.extend(self.mended(token, row.span_of(token.start..token.end), place)?);
            }
            variants.push(own);
        }
        let slot = |token: &Token<'_>, variants: Vec<Variant>| Slot {
            part: place.part,
            boost: place.boost,
            marked: !place.negated,
            ..Slot::new(token.surface, row.span_of(token.start..token.end), variants)
        };
        if rest.is_empty() {
            let mut variants = variants.swap_remove(0);
            let at = range.start + first as usize;
            for widening in widenings.iter().filter(|widening| widening.tokens == (at..at + 1)) {
                widening.add_to(&mut variants);
                widening.told.iter().for_each(|told| self.tell(told.clone()));
            }
            let added = self.plan.add(slot(only, variants));
            return Ok(Found {
                tokens: range,
                tree: Some(Tree::Slot(added)),
                scored: vec![added],
                dropped: Vec::new(),
            });
        }
        // Parts of one word stand side by side, or are written in one, and count one by one.
        let step = |(&(at, _), variants): (&(u32, &Token<'_>), &Vec<Variant>)| Step {
            offset: at - first,
            terms: terms(variants),
        };
        let mut ways = vec![Way { steps: kept.iter().zip(&variants).map(step).collect(), slop: None }];
        if let Some((joined, _)) = tokens.first().and_then(|token| token.joined.as_deref().cloned()) {
            ways.push(Way::word(vec![joined]));
        }
        let whole = ways.into_iter().map(|way| Variant::written(way, Likeness::Whole)).collect();
        let bytes = tokens.first().map_or(0, |token| token.start)..tokens.last().map_or(0, |token| token.end);
        let tree = Tree::Slot(self.plan.add(Slot {
            part: place.part,
            boost: place.boost,
            marked: !place.negated,
            ..Slot::new(&row.text[bytes.clone()], row.span_of(bytes), whole)
        }));
        let mut scored = Vec::new();
        for ((_, token), variants) in kept.iter().zip(variants).filter(|_| !place.negated) {
            scored.push(self.plan.add(Slot { marked: false, ..slot(token, variants) }));
        }
        Ok(Found { tokens: range, tree: Some(tree), scored, dropped: Vec::new() })
    }

    /// What a word itself stands for.
    pub(super) fn written(&self, token: &Token<'_>) -> Result<Vec<Variant>, SearchError> {
        let alternatives = query_terms(token);
        let stems = alternatives.iter().any(|alternative| !alternative.exact);
        // A form that is no word may be a name that was typed without its capitals, which has no stem.
        let unknown = token.terms.kind == Kind::Word && !is_word(&token.terms.exact);
        let mut found: Vec<Variant> = Vec::with_capacity(alternatives.len());
        for Alternative { term, exact } in alternatives {
            let likeness = match (exact, stems) {
                (false, _) => Likeness::Stem,
                (true, true) if !unknown => Likeness::Exact,
                (true, _) => Likeness::Whole,
            };
            let mut variant = Variant::written(Way::word(vec![term]), likeness);
            if token.terms.kind == Kind::Word {
                self.weigh_name(&mut variant, &found)?;
            }
            if variant.weight > 0.0 {
                found.push(variant);
            }
        }
        Ok(found)
    }

    /// A name that was typed as an ordinary word counts whole, as far as the index rather has the name.
    fn weigh_name(&self, name: &mut Variant, word: &[Variant]) -> Result<(), SearchError> {
        let term = |variant: &Variant| variant.ways[0].terms().and_then(|terms| terms.first()).cloned();
        let Some(own) = term(name).filter(|term| term.starts_with('@')) else { return Ok(()) };
        let mut words = 0;
        for stem in word.iter().filter(|variant| variant.likeness == Likeness::Stem).filter_map(term) {
            words = self.dictionary.reports(&stem, None)?.max(words);
        }
        let names = self.dictionary.reports(&own, None)?;
        name.likeness = Likeness::Whole;
        name.weight = (names as f32 / (names + words).max(1) as f32).sqrt();
        Ok(())
    }
}

/// Every term of the words that variants are: their stems where they have some, which find the exact word too.
pub(super) fn terms(variants: &[Variant]) -> Vec<String> {
    let stems = variants.iter().any(|variant| variant.likeness == Likeness::Stem);
    let ways = variants.iter().flat_map(|variant| variant.ways.iter().map(move |way| (variant.likeness, way)));
    let terms = ways.flat_map(|(likeness, way)| way.terms().into_iter().flatten().map(move |term| (likeness, term)));
    let kept = terms.filter(|(likeness, _)| !stems || *likeness != Likeness::Exact);
    kept.map(|(_, term)| term.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_a_row_lead_back_to_the_query() {
        // As in « attaque  de Gao », and with a letter that normalizing composes.
        let row = Row::new(&[("attaque", 0..7), ("de\u{301}", 9..13), ("Gao", 14..17)]);
        assert_eq!(row.text, "attaque dé Gao");
        assert_eq!(row.span_of(0..7), 0..7);
        assert_eq!(row.span_of(8..11), 9..13);
        assert_eq!(row.span_of(12..15), 14..17);
        assert_eq!(row.span_of(0..15), 0..17);
    }
}
