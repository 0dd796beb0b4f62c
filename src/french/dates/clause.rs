//! Whether the clause around a date tells what has been done, or what is to come.

use super::forms::Found;
use super::lexicon::{is_future, only_ends_so, parts_clauses};
use super::reader::{Gap, Reader};

/// How many words before a date, and after it, tell whether it is to come.
const CLAUSE: (usize, usize) = (8, 5);

impl Reader<'_, '_> {
    /// Whether the clause of a date is about what is to come: a verb in the future, « prévu ».
    pub(super) fn is_to_come(&self, found: &Found) -> bool {
        // « prolongé jusqu'au 12 juillet », « reporté au 12 juillet ».
        let bound = self.back(found.tokens.0, 1) == "au";
        bound || self.is_in_clause(found, |at| self.is_future(at))
    }

    /// Whether it is about what has been done: « depuis », a verb in the past.
    pub(super) fn is_past(&self, found: &Found) -> bool {
        self.back(found.tokens.0, 1) == "depuis" || self.is_in_clause(found, |at| self.is_done(at))
    }

    fn is_in_clause(&self, found: &Found, is: impl Fn(usize) -> bool) -> bool {
        let (first, end) = found.tokens;
        let within = |at: usize| {
            matches!(self.gap(at), Gap::Space | Gap::Hyphen) && !self.elision(at).to_lowercase().starts_with("qu")
        };
        let ours = |at: usize| !parts_clauses(self.word(at));
        // « jugé pour l'attaque de lundi »: the verb is not that of Monday.
        let attribute = matches!(self.back(first, 1), "de" | "du" | "des");
        let before = (first.saturating_sub(CLAUSE.0)..first)
            .rev()
            .take_while(|&at| within(at + 1) && ours(at))
            .any(|at| is(at) && !attribute);
        // « Samedi, se tiendra … »
        let comma = |at: usize| at == end && self.gap(at) == Gap::Comma;
        let after = (end..end + CLAUSE.1).take_while(|&at| (within(at) || comma(at)) && ours(at)).any(is);
        before || after
    }

    pub(super) fn is_future(&self, at: usize) -> bool {
        let word = self.word(at);
        let verb = word.len() > 2 && (word.ends_with("ra") || word.ends_with("ront"));
        let low = self.surface(at).starts_with(char::is_lowercase);
        verb && low && !only_ends_so(word) || is_future(word)
    }
}
