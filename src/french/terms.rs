//! What a word means to the index: its exact term, its stems, and whether a stemmer may touch it.

use rust_stemmers::{Algorithm, Stemmer};

use super::dates::{Core, core};
use super::elision::is_apostrophe;
use super::name_flags::{ALWAYS, COMMON, SPELLED};
use super::stopwords;
use super::tables::Tables;
use super::words::is_dotted_acronym;
use crate::fold::fold;

/// The longest term, in bytes; what is longer (a data URL, a long line of noise) is found by its beginning.
const LONGEST: usize = 96;

/// What stands before a stem in the index, which tells it from an exact term. A name has its `@`.
pub(super) const STEM: &str = "~";
/// What kind of word a surface form is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Found by its stem and, better, by its exact form.
    Word,
    /// A function word: in the index for phrases, dropped from queries.
    Stop,
    /// A number, an hour, a mix of digits and letters.
    Number,
    /// A name or acronym in whatever case: its exact form is all there is.
    Name,
    /// A name that is an ordinary word when written otherwise (Diré, dire).
    SpelledName,
}

/// The terms of a surface form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Lower case, folded, without apostrophes and acronym points.
    pub exact: String,
    /// Stems of a word (more than one where it was typed without the accents that decide); `@` and the folded name of
    /// a protected one; the exact term of stop words and numbers. Never empty.
    pub stems: Vec<String>,
    /// What kind of word it is.
    pub kind: Kind,
    /// The stem of the ordinary word that a [`Kind::SpelledName`] may be at the start of a sentence.
    pub(super) common: Option<String>,
    /// What it may make a date of.
    pub(super) core: Option<Core>,
    /// See [`written`](Self::written).
    written: Box<str>,
}

impl Terms {
    fn new(exact: String, stems: Vec<String>, kind: Kind, common: Option<String>, core: Option<Core>) -> Self {
        let mut terms = Self { exact, stems, kind, common, core, written: Box::default() };
        let mut written = String::new();
        terms.marked().for_each(|term| write_term(&mut written, term));
        terms.written = written.into_boxed_str();
        terms
    }

    /// What the index has of the word wherever it stands: [`marked`](Self::marked), each as [`write_term`] writes it.
    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    /// The terms that the index has of the word wherever it stands, each with the mark before it: the exact one, and the
    /// stems where that does not say all there is.
    pub(crate) fn marked(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let same = usize::from(!matches!(self.kind, Kind::Word | Kind::SpelledName));
        let stems = self.stems.iter().skip(same).map(String::as_str);
        std::iter::once(("", self.exact.as_str()))
            .chain(stems.map(|stem| (if stem.starts_with('@') { "" } else { STEM }, stem)))
    }

    /// Whether no stemmer touched it.
    #[must_use]
    pub fn protected(&self) -> bool {
        matches!(self.kind, Kind::Name | Kind::SpelledName)
    }
}

/// What tells the length of a written term: this and so many bytes more, up to the last of ASCII that has ink. Of a
/// longer term it is this itself; [`TERM_END`], which no term holds, tells its end.
pub(crate) const TERM_LENGTH: u8 = b' ';
/// See [`TERM_LENGTH`].
pub(crate) const TERM_END: char = '\u{1f}';
/// Bytes of the longest term of which the length is told.
const TOLD: usize = (b'~' - TERM_LENGTH) as usize;

/// Writes a term behind its length, so that it is read without a search for its end.
pub(crate) fn write_term(to: &mut String, (mark, term): (&str, &str)) {
    let length = mark.len() + term.len();
    let is_told = (1..=TOLD).contains(&length);
    let more = if is_told { u8::try_from(length).unwrap_or(0) } else { 0 };
    to.push(char::from(TERM_LENGTH + more));
    to.push_str(mark);
    to.push_str(term);
    if !is_told {
        to.push(TERM_END);
    }
}

/// The chain for one surface form: fold, protect, repair, stem, fold.
pub(super) fn terms(surface: &str, stemmer: &Stemmer) -> Terms {
    let tables = Tables::get();
    let mut lower = cut(surface).to_lowercase();
    if lower.contains('\u{2019}') {
        lower = lower.replace('\u{2019}', "'");
    }
    let exact = exact(&lower);
    let core = core(&exact);
    let kept = |kind, stem: String, common| Terms::new(exact.clone(), vec![stem], kind, common, core);
    if exact.starts_with(|c: char| c.is_ascii_digit()) {
        return kept(Kind::Number, exact.clone(), None);
    }
    let name = || format!("@{exact}");
    if tables.name(&exact) & ALWAYS != 0 || is_acronym(surface, &exact) {
        return kept(Kind::Name, name(), None);
    }
    let spelled = if surface.starts_with(char::is_uppercase) { tables.name(&lower) } else { 0 };
    if spelled & SPELLED != 0 {
        let common = (spelled & COMMON != 0).then(|| stems(&lower, stemmer).swap_remove(0));
        // A capital proves nothing where every letter is one.
        if common.is_none() || surface.chars().any(char::is_lowercase) {
            return kept(Kind::SpelledName, name(), common);
        }
    }
    if exact == "divoire" {
        let stems = vec![name(), "@ivoire".to_owned()];
        return Terms::new(exact, stems, Kind::Name, None, core);
    }
    if stopwords::is_stop_form(&lower, &exact) {
        return kept(Kind::Stop, exact.clone(), None);
    }
    Terms::new(exact, stems(&lower, stemmer), Kind::Word, None, core)
}

/// The stemmer of the chain.
pub(super) fn stemmer() -> Stemmer {
    Stemmer::create(Algorithm::French)
}

/// The folded form of a lower-case word, without apostrophes, acronym points and the spaces of numbers.
fn exact(lower: &str) -> String {
    let mut exact = fold(lower);
    let number = exact.starts_with(|c: char| c.is_ascii_digit());
    if is_dotted_acronym(&exact) || number && is_grouped(&exact) {
        exact.retain(|c| c != '.');
    }
    exact.retain(|c| !is_apostrophe(c) && !c.is_whitespace());
    if exact.is_empty() { lower.to_owned() } else { exact }
}

/// `15.000`: groups of three after the first.
fn is_grouped(number: &str) -> bool {
    let mut groups = number.split('.');
    groups.next().is_some_and(|head| head.len() <= 3 && head.bytes().all(|b| b.is_ascii_digit()))
        && groups.all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()))
}

/// The stems of an ordinary lower-case word: from the repair table, else the stemmer's, folded last.
fn stems(lower: &str, stemmer: &Stemmer) -> Vec<String> {
    let repaired: Vec<String> = Tables::get().stems(lower).map(str::to_owned).collect();
    if repaired.is_empty() { vec![exact(&stemmer.stem(lower))] } else { repaired }
}

/// Two capitals or more in a form that is no word of French, or letters with points between.
fn is_acronym(surface: &str, exact: &str) -> bool {
    let capitals = surface.chars().filter(|c| c.is_uppercase()).count();
    capitals > 1 && (is_dotted_acronym(surface) || !Tables::get().is_word(exact))
}

/// The beginning of a form, whole characters, at most [`LONGEST`] bytes.
fn cut(surface: &str) -> &str {
    &surface[..surface.floor_char_boundary(LONGEST)]
}
