//! What ties an acronym to the words before or behind it: brackets, commas, dashes, « ou ».

use super::{Finder, GAP, Shape, shape};
use crate::french::Token;
use crate::french::elision::is_apostrophe;

/// Words at most between a long form and its acronym: « (ou OUA) », « (en anglais : OAU) », « (PAM, ONU) ».
const BETWEEN: usize = 6;
/// The same where no brackets hold them.
const BETWEEN_LOOSE: usize = 3;

/// Words that say that another name follows. Sorted.
const ALIAS: [&str; 8] = ["abrege", "abregee", "abreges", "dit", "dite", "dites", "dits", "ou"];

/// Words that may stand between a bracket and an acronym or its long form. Sorted.
const LEAD: [&str; 19] = [
    "abrege",
    "abregee",
    "abreges",
    "abreviation",
    "acronyme",
    "anglais",
    "arabe",
    "dit",
    "dite",
    "dites",
    "dits",
    "en",
    "francais",
    "ou",
    "pour",
    "selon",
    "sigle",
    "soit",
    "son",
];

/// Words that may follow an acronym in its brackets: « (JNIM en arabe) ». Sorted.
const FOLLOWING: [&str; 5] = ["en", "et", "ou", "pour", "selon"];

/// What ties an acronym to its long form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tie {
    /// The acronym or the long form fills a pair of brackets.
    Brackets,
    /// It stands in brackets that hold more.
    Bracket,
    /// A comma, a dash, a colon or « ou » stands between them.
    Apposition,
}

impl Finder<'_> {
    /// Where the words end to which an acronym is added.
    pub(super) fn tie_before(&self, at: usize, shape: Shape) -> Option<(usize, Tie)> {
        match self.bracket_before(at, shape) {
            None if shape == Shape::Letters => self.apposition_before(at).map(|end| (end, Tie::Apposition)),
            found => found,
        }
    }

    /// Where the words begin that are added to an acronym.
    pub(super) fn tie_after(&self, at: usize, shape: Shape) -> Option<(usize, Tie)> {
        match self.bracket_after(at) {
            None if shape == Shape::Letters => self.apposition_after(at).map(|start| (start, Tie::Apposition)),
            found => found.map(|start| (start, Tie::Bracket)),
        }
    }

    /// Where the words end behind which an acronym stands in brackets.
    fn bracket_before(&self, at: usize, shape: Shape) -> Option<(usize, Tie)> {
        let steps = if shape == Shape::Word { 0 } else { BETWEEN };
        let mut first = at;
        for _ in 0..=steps {
            let gap = self.behind(first.checked_sub(1)?);
            if let Some(inside) = opened(gap) {
                let tie = self.closes(at).filter(|&tie| shape == Shape::Letters || tie == Tie::Brackets)?;
                return lets_through(inside).then_some((first, if first == at { tie } else { Tie::Bracket }));
            }
            if !lets_through(gap) {
                return None;
            }
            let listed = gap.contains([',', ';', '/', '–', '—']) || gap.contains(" - ") || self.is_lead(first);
            let is_other = listed && self::shape(&self.tokens[first - 1]) == Some(Shape::Letters);
            if !self.is_lead(first - 1) && !is_other {
                return None;
            }
            first -= 1;
        }
        None
    }

    /// What an acronym in brackets does there, if what follows lets it be one.
    fn closes(&self, at: usize) -> Option<Tie> {
        let gap = self.behind(at);
        let mut rest = gap.chars().filter(|&c| !(c.is_whitespace() || c == '.' || is_quote(c)));
        match rest.next() {
            Some(')' | ']') => Some(Tie::Brackets),
            Some(',' | ';' | ':' | '/' | '–' | '—') => Some(Tie::Bracket),
            Some('-') => gap.starts_with([' ', '\u{a0}']).then_some(Tie::Bracket),
            Some(c) if !is_apostrophe(c) && !c.is_alphabetic() => None,
            _ => {
                let next = self.tokens.get(at + 1)?;
                FOLLOWING.binary_search(&next.terms.exact.as_str()).ok().map(|_| Tie::Bracket)
            }
        }
    }

    /// Where the words end to which an acronym is added without brackets.
    fn apposition_before(&self, at: usize) -> Option<usize> {
        let (mut first, mut alias) = (at, false);
        loop {
            let before = first.checked_sub(1)?;
            let gap = self.behind(before);
            let parted = is_apposed(gap);
            if !parted && (gap.len() > GAP || !gap.chars().all(is_light)) {
                return None;
            }
            let exact = self.tokens[before].terms.exact.as_str();
            let is_alias = ALIAS.binary_search(&exact).is_ok() || exact == "en" && alias;
            if !parted && (is_alias || is_article(exact)) && at - first < BETWEEN_LOOSE {
                alias |= is_alias;
                first = before;
                continue;
            }
            let mut rest = self.behind(at).chars().filter(|&c| !(c == ' ' || is_quote(c)));
            let mut ends = || rest.next().map_or(at + 1 == self.tokens.len(), is_end);
            return (alias || parted && ends()).then_some(first);
        }
    }

    /// Where the words begin that stand in brackets behind an acronym.
    fn bracket_after(&self, at: usize) -> Option<usize> {
        if !lets_through(opened(self.behind(at))?) {
            return None;
        }
        let is_before = |at: usize| self.is_lead(at) || self.tokens.get(at).is_some_and(Token::is_stop);
        let start = (at + 1..).take(BETWEEN).find(|&at| !is_before(at) || !lets_through(self.behind(at)));
        start.filter(|&start| start < self.tokens.len() && !is_before(start))
    }

    /// Where the words begin that are added to an acronym without brackets.
    fn apposition_after(&self, at: usize) -> Option<usize> {
        let gap = self.behind(at);
        if !is_apposed(gap) && !self.is_entry(at) {
            return None;
        }
        let article = self.tokens.get(at + 1).is_some_and(|token| is_article(&token.terms.exact));
        let start = at + 1 + usize::from(article);
        (start < self.tokens.len() && (!article || self.behind(at + 1).chars().all(is_light))).then_some(start)
    }

    /// Whether a line of a list of acronyms begins with one: « OUA : Organisation de l'unité africaine ».
    fn is_entry(&self, at: usize) -> bool {
        let colon = || self.behind(at).trim_start().starts_with([':', '=']);
        let before = || match at.checked_sub(1) {
            Some(before) => self.behind(before),
            None => &self.text[..self.tokens[at].start],
        };
        let first = || before().trim_end_matches([' ', '\u{a0}', '-', '–', '•', '*']).ends_with('\n');
        colon() && (at == 0 || first())
    }

    /// Whether a token may stand between a bracket and a name.
    fn is_lead(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            let exact = token.terms.exact.as_str();
            LEAD.binary_search(&exact).is_ok() || is_article(exact)
        })
    }
}

/// What stands behind a bracket that opens between two words, where nothing else counts before it.
fn opened(gap: &str) -> Option<&str> {
    let (before, inside) = gap.split_once(['(', '['])?;
    let plain = before.chars().all(|c| c.is_whitespace() || c == '.' || c == ',' || is_quote(c));
    (before.len() <= GAP && plain && before.matches('\n').count() < 2).then_some(inside)
}

/// Whether what stands between two words ends neither a bracket nor a sentence nor a line.
fn lets_through(gap: &str) -> bool {
    gap.len() <= 2 * GAP && !gap.contains(['(', '[', ')', ']', '.', '!', '?', '…', '\n', '|'])
}

/// Whether a comma or a dash stands between two words, and nothing else that counts.
fn is_apposed(gap: &str) -> bool {
    if gap.len() > GAP {
        return false;
    }
    let mut marks = gap.chars().filter(|&c| !is_light(c));
    let spaced = || gap.starts_with([' ', '\u{a0}']) && gap.ends_with([' ', '\u{a0}', '\'', '’']);
    let mark = matches!(marks.next(), Some(c) if matches!(c, ',' | '–' | '—') || c == '-' && spaced());
    mark && marks.next().is_none()
}

/// What may always stand between words that belong together: space, quotes, what is elided.
fn is_light(c: char) -> bool {
    c.is_whitespace() || c.is_alphabetic() || is_apostrophe(c) || is_quote(c)
}

fn is_article(exact: &str) -> bool {
    matches!(exact, "la" | "le" | "les" | "the")
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '«' | '»' | '“' | '”' | '„' | '‘' | '‹' | '›')
}

/// What ends an apposition.
fn is_end(c: char) -> bool {
    matches!(c, ',' | ';' | '.' | '!' | '?' | ')' | ']' | '–' | '—' | '…' | '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(ALIAS.is_sorted() && LEAD.is_sorted() && FOLLOWING.is_sorted());
    }
}
