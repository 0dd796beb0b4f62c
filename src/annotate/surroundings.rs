//! What stands around a name: its sentence, the words that announce it, the person it may belong to.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::matcher::{Found, is_capital};
use crate::french::{Kind, Token, is_apostrophe};
use crate::vocabulary::{Level, PlaceId, Target, Vocabulary};

/// Articles and prepositions between a cue and its name. Sorted.
const PARTICLES: [&str; 8] = ["d", "de", "des", "du", "l", "la", "le", "les"];
/// What may stand between names of one row.
const JOINTS: [&str; 12] = ["a", "ainsi", "d", "de", "des", "du", "et", "la", "le", "les", "ou", "que"];
/// Prepositions that put something somewhere. Sorted.
const LOCATIVE: [&str; 13] =
    ["a", "au", "aux", "contre", "dans", "depuis", "en", "entre", "jusqu", "par", "pour", "sur", "vers"];
/// Titles before persons' names, folded. Sorted.
const TITLES: [&str; 44] = [
    "abbe",
    "adjudant",
    "alhaji",
    "amiral",
    "ayatollah",
    "capitaine",
    "caporal",
    "ch",
    "cheick",
    "cheikh",
    "col",
    "colonel",
    "commandant",
    "commissaire",
    "docteur",
    "dr",
    "elhadj",
    "emir",
    "feu",
    "gal",
    "gen",
    "general",
    "hadj",
    "imam",
    "lieutenant",
    "m",
    "madame",
    "maitre",
    "major",
    "marechal",
    "mdl",
    "me",
    "mgr",
    "mme",
    "moctar",
    "monsieur",
    "pasteur",
    "pr",
    "president",
    "professeur",
    "sergent",
    "sheikh",
    "sieur",
    "soldat",
];
/// Words inside names of persons. Sorted.
const BONDS: [&str; 12] = ["abdel", "abou", "ag", "al", "ben", "bin", "el", "ibn", "mint", "ould", "walet", "wan"];

/// A title or a text with its tokens, the names in it, and the sentence of each token.
pub(super) struct Piece<'a, 'v> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token<'a>],
    pub(super) found: Vec<Found<'v>>,
    /// The number of the sentence of each token.
    sentences: Vec<u32>,
    /// The first token of each sentence, and the end of the last.
    starts: Vec<usize>,
    /// Whether no word of it begins with a small letter.
    pub(super) shouted: bool,
}

impl<'a, 'v> Piece<'a, 'v> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token<'a>], found: Vec<Found<'v>>) -> Self {
        let (sentences, starts) = number_sentences(text, tokens);
        let shouted = !tokens.iter().any(|token| token.surface.starts_with(char::is_lowercase));
        Self { text, tokens, found, sentences, starts, shouted }
    }

    /// The folded form of a token; nothing past either end.
    pub(super) fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.terms.exact.as_str())
    }

    /// The text between a token and the one before it.
    pub(super) fn gap(&self, at: usize) -> &'a str {
        let start = at.checked_sub(1).and_then(|before| self.tokens.get(before)).map_or(0, |token| token.end);
        let end = self.tokens.get(at).map_or(self.text.len(), |token| token.start);
        &self.text[start..end]
    }

    /// The bytes of some tokens.
    pub(super) fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        self.tokens[tokens.start].start..self.tokens[tokens.end - 1].end
    }

    /// The tokens that stand in some bytes.
    pub(super) fn tokens_of(&self, bytes: &Range<usize>) -> Range<usize> {
        let place = |byte: usize| self.tokens.partition_point(|token| token.start < byte);
        place(bytes.start)..place(bytes.end)
    }

    /// The tokens of the sentence that holds a token.
    pub(super) fn sentence(&self, at: usize) -> Range<usize> {
        let Some(&number) = self.sentences.get(at) else { return 0..self.tokens.len() };
        self.starts[number as usize]..self.starts[number as usize + 1]
    }

    /// The folded words of a sentence before a token, the nearest first, at most `most` of them.
    pub(super) fn before(&self, at: usize, most: usize) -> impl Iterator<Item = &str> {
        let start = self.sentence(at).start.max(at.saturating_sub(most));
        (start..at).rev().map(|at| self.word(at))
    }

    /// Whether nothing but words stands between two tokens.
    pub(super) fn unbroken(&self, tokens: Range<usize>) -> bool {
        tokens
            .skip(1)
            .all(|at| !self.gap(at).contains(['.', ',', ';', ':', '(', ')', '!', '?', '\n', '«', '»', '"', '“', '”']))
    }

    /// Where the words before a name begin, articles and prepositions left out; and whether there were any.
    fn skip_particles(&self, at: usize) -> (usize, bool) {
        let start = self.sentence(at).start;
        let mut before = at;
        while before > start
            && PARTICLES.binary_search(&self.word(before - 1)).is_ok()
            && !is_capital(&self.tokens[before - 1])
        {
            before -= 1;
        }
        (before, before < at || self.gap(at).ends_with(is_apostrophe))
    }

    /// The preposition right before a name, articles aside: `à`, `au`, `dans`; `de` where there is no other.
    pub(super) fn preposition(&self, at: usize) -> Option<&str> {
        let start = self.sentence(at).start;
        let mut before = at;
        while before > start {
            let word = self.word(before - 1);
            if !self.unbroken(before - 1..at + 1) {
                return None;
            }
            match word {
                "la" | "le" | "les" | "l" => before -= 1,
                _ => break,
            }
        }
        if before == start {
            return None;
        }
        let word = self.word(before - 1);
        let of = matches!(word, "de" | "du" | "des" | "d")
            || self.text[..self.tokens[before].start].ends_with(['\'', '’']) && self.gap(before).contains(['d', 'D']);
        if LOCATIVE.contains(&word) { Some(word) } else { of.then_some("de") }
    }

    /// Whether a name stands where something happens or is: after a preposition of place.
    pub(super) fn is_located(&self, at: usize) -> bool {
        self.preposition(at).is_some_and(|word| word != "de")
    }

    /// Whether two names stand in one row: `Karou, Ouatagouna et Dirga`.
    pub(super) fn in_row(&self, first: &Range<usize>, second: &Range<usize>) -> bool {
        let words = first.end..second.start;
        words.len() <= 4
            && words.clone().all(|at| JOINTS.contains(&self.word(at)))
            && (words.start..=second.start).all(|at| !self.gap(at).contains(['.', ';', ':', '(', ')', '\n']))
            && (!words.is_empty() || self.gap(second.start).contains([',', '-', '/', '–']))
    }

    /// Whether « et », « ou » or a comma stands among some tokens, or before or behind them.
    pub(super) fn is_joined(&self, tokens: Range<usize>) -> bool {
        let mut gaps = tokens.start..tokens.end + 1;
        tokens.into_iter().any(|at| matches!(self.word(at), "et" | "ou")) || gaps.any(|at| self.gap(at).contains(','))
    }

    /// Whether a name is, or stands in, the name of a person or of something else that only bears it.
    ///
    /// `known` tells the tokens that are part of other places' or actors' names.
    pub(super) fn is_borne(&self, tokens: &Range<usize>, doubtful: bool, known: impl Fn(usize) -> bool) -> bool {
        let touches = |at: usize| {
            let gap = self.gap(at);
            gap.chars().all(|c| c == ' ' || c == '\u{a0}') && !gap.is_empty()
        };
        let is_part = |at: usize| {
            let token = &self.tokens[at];
            let bond = BONDS.binary_search(&self.word(at)).is_ok();
            bond || is_capital(token) && token.terms.kind != Kind::Stop && !(token.opens && token.common().is_some())
        };
        let mut run = tokens.clone();
        let is_title = |at: usize| TITLES.binary_search(&self.word(at)).is_ok();
        while run.start > 0
            && touches(run.start)
            && is_part(run.start - 1)
            && !is_title(run.start - 1)
            && !known(run.start - 1)
        {
            run.start -= 1;
        }
        while run.end < self.tokens.len() && touches(run.end) && is_part(run.end) && !known(run.end) {
            run.end += 1;
        }
        let titled = run.start > 0
            && is_title(run.start - 1)
            && self.gap(run.start).chars().all(|c| c == ' ' || c == '.' || c == '\u{a0}');
        if run == *tokens {
            return titled;
        }
        let others = (run.start..tokens.start).chain(tokens.end..run.end);
        let named = others.clone().any(|at| BONDS.binary_search(&self.word(at)).is_ok() || self.is_surname(at));
        // « Kadidia Gao »: what is nobody's name so far is one of a person.
        let stranger = run.start < tokens.start && !self.tokens[run.start].opens && run.end == tokens.end;
        titled || named || doubtful || stranger
    }

    fn is_surname(&self, at: usize) -> bool {
        let is_one = |found: &Found<'_>| found.readings.iter().any(|reading| reading.target == Target::Surname);
        let place = self.found.partition_point(|found| found.tokens.end <= at);
        self.found.get(place).is_some_and(|found| found.tokens.contains(&at) && is_one(found))
    }
}

/// Words after which a sentence ends in any case: lists and tables have no stops.
const LONGEST_SENTENCE: usize = 200;

/// The number of the sentence of each token: a stop, a line end or a list mark before it begins another. With the first
/// token of each sentence, and the end of the last.
fn number_sentences(text: &str, tokens: &[Token<'_>]) -> (Vec<u32>, Vec<usize>) {
    let mut number = 0;
    let mut numbers = Vec::with_capacity(tokens.len());
    let mut starts = vec![0];
    let mut last: Option<&Token<'_>> = None;
    for (at, token) in tokens.iter().enumerate() {
        let begins = last.is_some_and(|last| {
            let space = token.start - last.end == 1 && text.as_bytes()[last.end] == b' ';
            // Most words stand one space apart.
            !space && ends_sentence(&text[last.end..token.start], last, token)
        });
        if begins || at - starts[starts.len() - 1] > LONGEST_SENTENCE {
            number += 1;
            starts.push(at);
        }
        numbers.push(number);
        last = Some(token);
    }
    starts.push(tokens.len());
    (numbers, starts)
}

/// Whether a sentence ends in what stands between two tokens.
fn ends_sentence(gap: &str, before: &Token<'_>, token: &Token<'_>) -> bool {
    let stop = gap.len() > 1
        && gap.contains(['.', '!', '?', '…'])
        && !token.surface.starts_with(char::is_lowercase)
        && !(gap.starts_with('.') && is_abbreviated(before));
    stop || gap.contains('\n')
}

/// Whether a stop behind a word is that of an initial or a title, not of a sentence.
fn is_abbreviated(token: &Token<'_>) -> bool {
    let surface = token.surface;
    surface.chars().count() == 1 && surface.starts_with(char::is_uppercase)
        || surface.len() < 5 && TITLES.binary_search(&token.terms.exact.as_str()).is_ok()
}

/// What announces a place, and its level.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Announced {
    /// Whether a noun does (« le village de »), not only a preposition (« près de »).
    pub(super) noun: bool,
    /// The levels it may be of, each in one country or in all.
    pub(super) levels: Vec<(Option<PlaceId>, Level)>,
}

/// The level cues, by their last word.
#[derive(Debug, Default)]
pub(super) struct Cues(FxHashMap<String, Vec<Cue>>);

#[derive(Debug)]
struct Cue {
    /// Folded words, the last first.
    words: Vec<String>,
    country: Option<PlaceId>,
    level: Level,
    noun: bool,
}

impl Cues {
    /// The cues of a vocabulary.
    pub(super) fn new(vocabulary: &Vocabulary) -> Self {
        let mut cues = Self::default();
        for (country, level, text) in vocabulary.level_cues() {
            let folded = crate::french::fold(&text.to_lowercase());
            let mut words: Vec<&str> =
                folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            let noun = words.first().is_some_and(|word| !is_relational(word));
            while words.len() > 1 && words.last().is_some_and(|word| PARTICLES.binary_search(word).is_ok()) {
                words.pop();
            }
            let (Some(level), Some(last)) = (Level::named(level), words.last()) else { continue };
            if PARTICLES.binary_search(last).is_ok() || LOCATIVE.contains(last) {
                continue;
            }
            let country = vocabulary.place(country);
            let last = (*last).to_owned();
            let words = words.iter().rev().map(|word| (*word).to_owned()).collect();
            cues.0.entry(last).or_default().push(Cue { words, country, level, noun });
        }
        cues
    }

    /// What announces the name at a token: the longest cues before it.
    pub(super) fn before(&self, piece: &Piece<'_, '_>, at: usize) -> Announced {
        let (end, of) = piece.skip_particles(at);
        let Some(last) = end.checked_sub(1).filter(|&last| piece.sentence(at).contains(&last)) else {
            return Announced::default();
        };
        if !piece.unbroken(last..at + 1) {
            return Announced::default();
        }
        let word = piece.word(last);
        let singular = word.strip_suffix(['s', 'x']).unwrap_or(word);
        let candidates =
            self.0.get(word).into_iter().chain(self.0.get(singular).filter(|_| singular != word)).flatten();
        let fits = |cue: &&Cue| {
            (of || cue.noun)
                && cue.words.iter().enumerate().all(|(back, word)| {
                    last.checked_sub(back).is_some_and(|at| {
                        let own = piece.word(at);
                        own == word || own.strip_suffix(['s', 'x']) == Some(word)
                    })
                })
        };
        let mut announced = Announced::default();
        let mut longest = 0;
        for cue in candidates.filter(fits) {
            if cue.words.len() > longest {
                longest = cue.words.len();
                announced = Announced::default();
            }
            if cue.words.len() == longest {
                announced.noun |= cue.noun;
                announced.levels.push((cue.country, cue.level));
            }
        }
        announced
    }
}

/// Whether a cue that begins with this word tells where something is, not what it is.
fn is_relational(word: &str) -> bool {
    LOCATIVE.contains(&word) || PARTICLES.binary_search(&word).is_ok() || word == "pres"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted() {
        let sorted = |words: &[&str]| words.windows(2).all(|pair| pair[0] < pair[1]);
        assert!(sorted(&PARTICLES) && sorted(&LOCATIVE) && sorted(&BONDS) && sorted(&TITLES));
    }
}
