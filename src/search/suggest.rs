//! Suggestions while a query is typed: how the word at the cursor may go on, so that it finds something.
//!
//! Names come from the groups, places and sources that reports have, under all their names; words from the dictionary of
//! the index, as a report writes them.

mod words;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Instant;

use super::{SearchError, Searcher, micros};
use crate::facet::{FacetKind, FacetPath};
use crate::index::{Fit, NameMatch, Roster, key};
use crate::query::typed::{Inside, Typed, Word, filter, typed, value};
use crate::suggestions::{Completion, CompletionKind, Suggestions};
use words::Written;

/// Of so many suggestions, one is a word of the reports, where names would take all places.
const WORDS: usize = 3;

impl Searcher<'_> {
    /// How the word that ends at a byte of a query may go on, at most so many ways: names of groups, places and sources
    /// that reports have, those that most have first, then words of the reports, likewise. A cursor within a word asks for
    /// what begins as the part before it; one within a character stands before that.
    ///
    /// A name begins with the word, or one of its later words does; it may have several words, and be another name of what
    /// it stands for. Case, accents, hyphens and apostrophes do not count. Within the value of a filter only its kind is
    /// suggested, between quotes and behind `titre:` and `texte:` only words. Nothing is suggested for an empty word, for a
    /// date, and for what only has digits. A query that cannot be read is no error.
    ///
    /// # Errors
    /// If the index cannot be read, or the time is over.
    pub fn suggest(&mut self, typed_text: &str, cursor: usize, limit: usize) -> Result<Suggestions, SearchError> {
        let started = Instant::now();
        self.clock.check()?;
        let cursor = typed_text.floor_char_boundary(cursor);
        let typed = typed(typed_text, cursor);
        let mut found = Vec::new();
        if let Some(Word { at: word, .. }) = typed.words.last().copied() {
            let names = self.names(typed_text, cursor, &typed, limit)?;
            let words = match typed.inside {
                Inside::Value(..) => Vec::new(),
                _ => self.words(typed_text, word..cursor, limit, typed.inside == Inside::Words)?,
            };
            found = join(names, words, word..typed.end, limit);
        }
        Ok(Suggestions { typed: typed_text.to_owned(), cursor, took_us: micros(started), suggestions: found })
    }

    /// A filter of the query language that is of one facet alone, as suggestions write it.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(crate) fn field(&self, kind: FacetKind, path: &FacetPath) -> Result<String, SearchError> {
        Ok(filter(kind, &written(self.reader.roster()?, kind, path)))
    }

    /// The names that the last words before the cursor begin, as they are wanted there, the best first.
    fn names(&self, text: &str, cursor: usize, typed: &Typed, limit: usize) -> Result<Vec<Completion>, SearchError> {
        let wanted = match &typed.inside {
            Inside::Plain => None,
            Inside::Value(FacetKind::Date, _) | Inside::Words => return Ok(Vec::new()),
            Inside::Value(kind, _) => Some(*kind),
        };
        let roster = self.reader.roster()?;
        let mut found: Vec<(usize, NameMatch<'_>)> = Vec::new();
        for word in &typed.words {
            let start = match (&typed.inside, word.filter) {
                (Inside::Value(..), _) => word.at,
                (_, Some(start)) => start,
                (_, None) => continue,
            };
            let (looked_up, _) = key(&text[word.at..cursor]);
            // The best name of each facet.
            let mut best: BTreeMap<(FacetKind, &FacetPath), NameMatch<'_>> = BTreeMap::new();
            let names = roster.beginning(&looked_up);
            for name in names.filter(|name| wanted.is_none_or(|wanted| wanted == name.value.kind)) {
                let known = best.entry((name.value.kind, &name.value.path)).or_insert(name);
                if rank(&name) < rank(known) {
                    *known = name;
                }
            }
            let mut names: Vec<NameMatch<'_>> = best.into_values().collect();
            if let Inside::Value(_, bytes) = &typed.inside {
                // Of a path, what is typed before tells what it lies in.
                let (above, _) = key(&text[bytes.start..word.at]);
                names.retain(|name| above.is_empty() || lies_in(&name.value.path, &above));
            }
            found.extend(names.into_iter().map(|name| (start, name)));
        }
        found.sort_by(|a, b| order(a).cmp(&order(b)));
        let mut completions: Vec<Completion> = Vec::new();
        for (start, name) in found {
            let completion = complete(roster, &name, typed, start);
            let known = |known: &Completion| (known.kind, &known.path) == (completion.kind, &completion.path);
            if completions.len() < limit && !completions.iter().any(known) {
                completions.push(completion);
            }
        }
        tell_apart(&mut completions);
        Ok(completions)
    }
}

/// The order of names: beginnings before later words; what more of the typed words begin; names before other names; what
/// more reports have.
fn order<'n>((start, name): &(usize, NameMatch<'n>)) -> impl Ord + use<'n> {
    let NameMatch { value, fit, .. } = name;
    let other = name.name != value.path.name();
    (*fit == Fit::Later, *start, *fit, other, Reverse(value.reports), value.kind, &value.path)
}

/// Tells all that a place lies in where a place of the same name lies in another of the same name.
fn tell_apart(completions: &mut [Completion]) {
    let told: Vec<_> = completions.iter().map(|told| (told.name.clone(), told.within.clone())).collect();
    for (at, completion) in completions.iter_mut().enumerate() {
        let same = told.iter().enumerate().any(|(other, known)| other != at && *known == told[at]);
        if let Some([country, between @ .., _]) = completion.path.as_ref().map(FacetPath::names)
            && same
            && completion.kind == CompletionKind::Region
        {
            let between: Vec<&str> = between.iter().rev().map(String::as_str).collect();
            completion.within = Some(format!("{} ({country})", between.join(", ")));
        }
    }
}

/// What is less is the better name of a facet: its own before others, then the shorter.
fn rank<'n>(name: &NameMatch<'n>) -> (Fit, bool, usize, &'n str) {
    (name.fit, name.name != name.value.path.name(), name.name.len(), name.name)
}

/// Whether the last words of what a path lies in are some, as they are looked up.
fn lies_in(path: &FacetPath, words: &str) -> bool {
    let names = path.names();
    let above = key(&names[..names.len() - 1].join("/")).0;
    above.strip_suffix(words).is_some_and(|before| before.is_empty() || before.ends_with(' '))
}

/// A name as a suggestion.
fn complete(roster: &Roster, name: &NameMatch<'_>, typed: &Typed, start: usize) -> Completion {
    let (kind, path) = (name.value.kind, &name.value.path);
    let written = written(roster, kind, path);
    let (start, end, insert) = match &typed.inside {
        Inside::Value(_, bytes) => (bytes.start, bytes.end, value(kind, &written)),
        _ => (start, typed.end, filter(kind, &written)),
    };
    let own = path.name();
    Completion {
        kind: match kind {
            FacetKind::Group => CompletionKind::Group,
            FacetKind::Source => CompletionKind::Source,
            FacetKind::Region | FacetKind::Date => CompletionKind::Region,
        },
        name: own.to_owned(),
        alias: (name.name != own).then(|| name.name.to_owned()),
        within: if kind == FacetKind::Region { within(path) } else { None },
        path: Some(path.clone()),
        reports: name.value.reports,
        start,
        end,
        insert,
    }
}

/// How a filter names a facet so that no other is meant: by its name where it is the only one, else by its path.
fn written(roster: &Roster, kind: FacetKind, path: &FacetPath) -> String {
    let whole = path.to_string();
    match kind {
        FacetKind::Source => path.name().to_owned(),
        FacetKind::Region if path.names().len() > 1 => whole.trim_start_matches('/').to_owned(),
        _ if roster.is_unique(kind, path.name()) => path.name().to_owned(),
        _ => whole,
    }
}

/// What a place lies in: the next above it, and its country.
fn within(path: &FacetPath) -> Option<String> {
    match path.names() {
        [] | [_] => None,
        [country, _] => Some(country.clone()),
        [country, .., next, _] => Some(format!("{next} ({country})")),
    }
}

/// Names, then words, as many as there may be: words have a share of the places at least.
fn join(
    mut names: Vec<Completion>,
    words: Vec<Written>,
    bytes: std::ops::Range<usize>,
    limit: usize,
) -> Vec<Completion> {
    // A word that says what a name says leads to nothing else.
    let known = |word: &Written| {
        let (word, _) = key(&word.text);
        names.iter().any(|name| key(name.alias.as_deref().unwrap_or(&name.name)).0 == word)
    };
    let mut words: Vec<Written> = words.into_iter().filter(|word| !known(word)).collect();
    names.truncate(limit.saturating_sub(words.len().min(limit.div_ceil(WORDS))));
    words.truncate(limit - names.len());
    let word = |word: Written| Completion {
        kind: CompletionKind::Word,
        name: word.text.clone(),
        alias: None,
        within: None,
        path: None,
        reports: word.reports,
        start: bytes.start,
        end: bytes.end,
        insert: word.text,
    };
    names.extend(words.into_iter().map(word));
    names
}
