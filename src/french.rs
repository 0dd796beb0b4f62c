//! The French analysis chain: words, elision, names, stems, folding; where sentences end, which days are named, and
//! which acronyms are explained.
//!
//! In order: words by UAX #29 and the rules of French (`words`), lower case and folding into the *exact* term, names
//! and acronyms protected, the repair table that maps a form to the stem of its lemma, else the French Snowball
//! stemmer, and folding last (`terms`).

mod acronyms;
mod analyzer;
mod dates;
mod elision;
mod memory;
mod name_flags;
mod near;
mod segments;
mod sentences;
mod stopwords;
mod tables;
mod terms;
mod words;

pub(crate) use crate::fold::{fold, fold_char};
pub use acronyms::{Acronym, acronyms};
pub use analyzer::{Analyzer, Token};
pub use dates::{DateMention, DateRule, Reading, Why, dates, dates_outside};
pub(crate) use elision::{elision, is_apostrophe};
pub use memory::{Held, Kept};
pub(crate) use near::near_words;
pub use sentences::sentences;
pub(crate) use sentences::trim;
pub(crate) use stopwords::is_stop;
pub(crate) use tables::{is_french, is_word};
pub use terms::{Kind, Terms};
pub(crate) use terms::{TERM_END, TERM_LENGTH, write_term};
