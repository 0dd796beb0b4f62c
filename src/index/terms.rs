//! Terms: how tokens stand in the index, and which terms a word of a query asks for.
//!
//! An exact term stands as it is, a stem behind `~`, a name that could be an ordinary word behind `@`; all three share
//! one field and the positions of its words. Names, numbers and function words have their exact term only: it says
//! all there is. The first of several words joined by hyphens also has the exact terms of all of them in one.

use tantivy::tokenizer::{Token as IndexToken, TokenStream, Tokenizer};

use super::document::date_numbers;
use crate::annotate::{Annotated, Mention, Part, Role};
use crate::date::Precision;
use crate::facet::FacetPath;
use crate::french::{Kind, TERM_END, TERM_LENGTH, Token, write_term};

/// The name under which the tokenizer is registered.
pub(crate) const TOKENIZER: &str = "vigie";

/// Positions left free between two passages, so that no phrase crosses.
pub(crate) const GAP: u32 = 16;

/// Words of the text that belong to the lead of a report, after its title: in the press, they tell what it is about.
pub(crate) const LEAD: u32 = 100;

/// What ends a word in a packed text, and a passage; no term begins with either, for its length stands before it.
const WORD: char = '\n';
const BREAK: char = '\u{1d}';
/// Bytes of a packed word, about.
const PACKED_WORD: usize = 16;

/// A term that a word of a query asks for, and how much it counts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Alternative {
    pub(crate) term: String,
    /// Whether the term is the word itself, not what it has in common with others.
    pub(crate) exact: bool,
}

/// Hands on each term that a token has in the index, the exact one first, with the mark that stands before it: `~` or
/// nothing.
pub(crate) fn index_terms(token: &Token<'_>, mut each: impl FnMut(&str, &str)) {
    token.terms.marked().chain(token.marked()).for_each(|(mark, term)| each(mark, term));
}

/// Tokens as one compact text for [`PackedTokenizer`].
#[derive(Debug, Default)]
pub(crate) struct Packed {
    /// The text.
    pub(crate) text: String,
    /// The position of each passage's first token.
    pub(crate) starts: Vec<u64>,
    /// Where in the text the first [`LEAD`] words end.
    lead: usize,
    position: u64,
    words: u32,
}

impl Packed {
    /// Packs the tokens of passages, each a slice.
    pub(crate) fn of<'a, 't: 'a>(passages: impl Iterator<Item = &'a [Token<'t>]>) -> Self {
        let mut packed = Self::default();
        passages.for_each(|tokens| packed.add(tokens));
        packed
    }

    fn add(&mut self, tokens: &[Token<'_>]) {
        if !self.starts.is_empty() {
            self.text.push(BREAK);
            self.position += u64::from(GAP);
        }
        self.starts.push(self.position);
        self.text.reserve(tokens.len() * PACKED_WORD);
        for token in tokens {
            self.text.push_str(token.terms.written());
            token.marked().for_each(|term| write_term(&mut self.text, term));
            self.text.push(WORD);
            self.words += 1;
            if self.words <= LEAD {
                self.lead = self.text.len();
            }
        }
        self.position += tokens.len() as u64;
    }

    /// Where a further passage would start.
    pub(crate) fn end(&self) -> u64 {
        self.position + u64::from(GAP)
    }

    /// The lead of a report, of which this is the text: its title, packed, and its first [`LEAD`] words.
    pub(crate) fn lead(&self, title: &str) -> String {
        let words = &self.text[..self.lead];
        let mut lead = String::with_capacity(title.len() + 1 + words.len());
        lead.push_str(title);
        lead.push(BREAK);
        lead.push_str(words);
        lead
    }
}

/// Writes terms as [`Packed`] has them, one a position.
#[cfg(test)]
pub(super) fn pack_terms(terms: &[&str]) -> String {
    let mut packed = String::new();
    for term in terms {
        write_term(&mut packed, ("", term));
        packed.push(WORD);
    }
    packed
}

/// What a term of the `mention` field names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named<'n> {
    /// A group, by its path.
    Group(&'n str),
    /// A place, by its path.
    Region(&'n str),
    /// A day, month or year, by its number in the column of that precision.
    Date(Precision, i64),
}

impl Named<'_> {
    /// The term, `~` before it for what is only mentioned. Numbers are written so that their order is that of terms.
    pub(crate) fn term(self, only_mentioned: bool) -> String {
        let mark = if only_mentioned { "~" } else { "" };
        match self {
            Self::Group(path) => [mark, "group:", path].concat(),
            Self::Region(path) => [mark, "region:", path].concat(),
            Self::Date(precision, number) => {
                let precision = match precision {
                    Precision::Day => "day",
                    Precision::Month => "month",
                    Precision::Year => "year",
                };
                format!("{mark}{precision}:{number:010}")
            }
        }
    }
}

/// Writes what the text of a report names as one compact text for [`PackedTokenizer`], each facet with its ancestors
/// at the position that its first word has in `body`; nothing where nothing is named.
pub(crate) fn pack_mentions(annotated: &Annotated<'_>) -> Option<String> {
    // The terms of each name, made once for all places where it is named so.
    let mut told: Vec<(Vec<String>, Vec<usize>)> = Vec::new();
    let mut tell = |mentions: &[Mention], terms: &dyn Fn(bool) -> Vec<String>| {
        for only_mentioned in [false, true] {
            let so =
                |mention: &&Mention| mention.part == Part::Text && (mention.role == Role::Mention) == only_mentioned;
            let places: Vec<usize> = mentions.iter().filter(so).map(|mention| mention.tokens.start).collect();
            if !places.is_empty() {
                told.push((terms(only_mentioned), places));
            }
        }
    };
    for facet in &annotated.groups {
        tell(&facet.mentions, &|only| upwards(&facet.path, &|path| Named::Group(path).term(only)));
    }
    for facet in &annotated.regions {
        let divisions = || std::iter::once(&facet.path).chain(&facet.other);
        tell(&facet.mentions, &|only| {
            divisions().flat_map(|path| upwards(path, &|path| Named::Region(path).term(only))).collect()
        });
    }
    for date in &annotated.dates {
        let (precision, numbers) = date_numbers(&date.span);
        tell(&date.mentions, &|only| numbers.clone().map(|number| Named::Date(precision, number).term(only)).collect());
    }
    // Two names may have a term in common, which stands once where both do.
    let mut names: Vec<&str> = told.iter().flat_map(|(terms, _)| terms).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let mut terms: Vec<(usize, usize)> = Vec::new();
    for (own, places) in &told {
        for name in own.iter().filter_map(|name| names.binary_search(&name.as_str()).ok()) {
            terms.extend(places.iter().map(|&place| (place, name)));
        }
    }
    terms.sort_unstable();
    terms.dedup();
    let mut rest = terms.iter().peekable();
    rest.peek()?;
    let mut packed = String::new();
    for (at, passage) in annotated.passages.iter().enumerate() {
        if at > 0 {
            packed.push(BREAK);
        }
        let mut token = passage.tokens.start;
        while let Some(&(place, name)) = rest.next_if(|(place, _)| *place < passage.tokens.end) {
            packed.extend(std::iter::repeat_n(WORD, place - token));
            token = place;
            write_term(&mut packed, ("", names[name]));
        }
        packed.extend(std::iter::repeat_n(WORD, passage.tokens.end - token));
    }
    Some(packed)
}

/// The terms of a facet and of all that holds it.
fn upwards(path: &FacetPath, term: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut text = String::new();
    let grow = |name: &String| {
        text.push('/');
        text.push_str(name);
        term(&text)
    };
    path.names().iter().map(grow).collect()
}

/// The terms that find a word of a query. Any of them will do; exact ones score on top.
pub(crate) fn query_terms(token: &Token<'_>) -> Vec<Alternative> {
    let exact = |term: &str| Alternative { term: term.to_owned(), exact: true };
    let stem = |term: String| Alternative { term, exact: false };
    match token.terms.kind {
        Kind::Name | Kind::Number | Kind::Stop => {
            let others = token.terms.stems.iter().skip(1).map(|name| stem(name.clone()));
            std::iter::once(exact(&token.terms.exact)).chain(others).collect()
        }
        Kind::SpelledName => {
            let name = exact(&format!("@{}", token.terms.exact));
            let common = token.common().map(|common| [stem(format!("~{common}")), exact(&token.terms.exact)]);
            std::iter::once(name).chain(common.into_iter().flatten()).collect()
        }
        Kind::Word => {
            let mut found: Vec<_> = token.terms.stems.iter().map(|term| stem(format!("~{term}"))).collect();
            found.push(exact(&token.terms.exact));
            // Typed in a hurry, a name has no capital.
            if token.surface.starts_with(char::is_lowercase) {
                found.push(exact(&format!("@{}", token.terms.exact)));
            }
            found
        }
    }
}

/// The tokenizer of the index: reads what [`Packed`] holds, and mentions.
#[derive(Clone, Default)]
pub(crate) struct PackedTokenizer {
    token: IndexToken,
}

/// See [`PackedTokenizer`].
pub(crate) struct PackedStream<'a> {
    text: &'a str,
    /// The byte that is read next.
    at: usize,
    position: usize,
    token: &'a mut IndexToken,
}

impl Tokenizer for PackedTokenizer {
    type TokenStream<'a> = PackedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PackedStream<'a> {
        self.token.reset();
        PackedStream { text, at: 0, position: 0, token: &mut self.token }
    }
}

impl TokenStream for PackedStream<'_> {
    fn advance(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let told = loop {
            let Some(&byte) = bytes.get(self.at) else { return false };
            self.at += 1;
            match byte.checked_sub(TERM_LENGTH) {
                Some(length) => break usize::from(length),
                None => self.position += if byte == BREAK as u8 { GAP as usize } else { 1 },
            }
        };
        let start = self.at;
        let length = if told > 0 {
            told
        } else {
            let ends = bytes[start..].iter().position(|&byte| byte == TERM_END as u8);
            ends.unwrap_or(bytes.len() - start)
        };
        let end = start + length;
        self.at = end + usize::from(told == 0);
        self.token.text.clear();
        self.token.text.push_str(&self.text[start..end]);
        self.token.position = self.position;
        true
    }

    fn token(&self) -> &IndexToken {
        self.token
    }

    fn token_mut(&mut self) -> &mut IndexToken {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::french::Analyzer;

    fn read(packed: &str) -> Vec<(usize, String)> {
        let mut tokenizer = PackedTokenizer::default();
        let mut stream = tokenizer.token_stream(packed);
        let mut found = Vec::new();
        while let Some(token) = stream.next() {
            found.push((token.position, token.text.clone()));
        }
        found
    }

    #[test]
    fn the_tokenizer_reads_what_was_packed() {
        let text = "L'armée attaque Diré. Le 15 000 Mali";
        let tokens = Analyzer::new().analyze(text);
        let packed = Packed::of([&tokens[..3], &tokens[3..]].into_iter());
        let found = read(&packed.text);
        let second = 3 + GAP as usize;
        let want = [
            (0, "armee"),
            (0, "~armee"),
            (1, "attaque"),
            (1, "~attaqu"),
            (2, "dire"),
            (2, "@dire"),
            (second, "le"),
            (second + 1, "15000"),
            (second + 2, "mali"),
        ];
        assert_eq!(found, want.map(|(position, text)| (position, text.to_owned())));
        assert_eq!(packed.starts, [0, second as u64]);
        assert_eq!(packed.end(), (second + 3) as u64 + u64::from(GAP));
    }

    #[test]
    fn terms_of_any_length_are_read() {
        let terms = [1, 2, 93, 94, 95, 96, 400].map(|length| "é".repeat(length / 2) + &"x".repeat(length % 2));
        let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
        let found = read(&pack_terms(&terms));
        assert_eq!(found.iter().map(|(_, term)| term.as_str()).collect::<Vec<_>>(), terms);
        assert!(found.iter().map(|&(position, _)| position).eq(0..terms.len()));
    }

    #[test]
    fn the_lead_is_the_title_and_the_first_words() {
        let text = "Attaque à Diré, selon l'armée. ".repeat(30);
        let tokens = Analyzer::new().analyze(&text);
        let title = Packed::of([&tokens[..5]].into_iter()).text;
        let terms = |text: &str| read(text).into_iter().map(|(_, term)| term).collect::<Vec<_>>();
        for (cut, words) in [(7, LEAD as usize), (tokens.len() - 1, LEAD as usize), (60, 70)] {
            let passages = [&tokens[..cut], &tokens[cut..words.max(cut)]];
            let lead = Packed::of(passages.into_iter()).lead(&title);
            let plain = [&title, &Packed::of([&tokens[..words]].into_iter()).text].map(|text| terms(text)).concat();
            assert_eq!(terms(&lead), plain, "{cut}");
        }
    }
}
