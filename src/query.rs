//! The query language: text → lexemes → syntax tree, and back.
//!
//! | written | means |
//! | --- | --- |
//! | `embuscade gendarme` | both words (or any of them, with `--match any`) |
//! | `"forces armées"`, `« forces armées »`, `“forces armées”`, `„forces armées“` | the exact phrase |
//! | `"gendarmes tués"~5` | these words in any order, at most five others among them |
//! | `djihad*`, `frappe~`, `frappe~2` | a beginning; one edit away, or two |
//! | `attaque OU embuscade` | either; also `OR` |
//! | `attaque ET civils` | both, whatever `--match` says; also `AND` |
//! | `-civils` | not; also `SAUF`, `NOT` |
//! | `(attaque OU embuscade) Mopti` | groups |
//! | `mot^2`, `"a b"^1,5`, `(a OU b)^2` | counts more, or less, for the rank |
//! | `groupe:JNIM`, `région:"Tin Zaouatine"`, `source:RFI`, `date:15 août 2024` | filters |
//! | `groupe:(JNIM EIGS)`, `-groupe:JNIM`, `groupe:!JNIM` | either; without |
//! | `titre:embuscade`, `texte:(a OU b)` | in one part of a report |
//!
//! NOT binds before AND, AND before words side by side, these before OR: `a b ET c OU -d` is `(a (b ET c)) OU -d`. Only
//! capitals make an operator: « et » and « ou » are words. A field is one only right before its value. Whatever else
//! stands in French prose (apostrophes, dashes, colons, slashes, a lone bracket or sign) is text, never an error.
//!
//! Filters are read, not resolved: whether a group of that name exists is known to the index alone.

mod days;
mod fields;
#[cfg(test)]
mod hostile;
mod lexer;
mod parser;
mod print;
mod quotes;
mod signs;
pub(crate) mod typed;

use std::ops::Range;
use std::slice;

use crate::facet::FacetKind;
pub use parser::parse;

/// The language told to its users, with examples: what `vigie help query` shows.
pub const HELP: &str = include_str!("query/help.md");

/// A query as written. Byte ranges refer to the query's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// A word, or several joined by hyphens and the like.
    Word {
        /// As written, without the sign of its form and the punctuation around it. It begins with a letter or a digit.
        /// An operator that joins nothing is « et », « ou » or « sauf ».
        text: String,
        /// How much of it has to stand there.
        form: Form,
        /// Where, the sign included.
        span: Range<usize>,
    },
    /// Words between quotes.
    Phrase {
        /// What stands between the quotes, with at least one letter or digit.
        text: String,
        /// How many other words may stand among them, which then come in any order; nothing asks for the exact phrase.
        slop: Option<u32>,
        /// Where, quotes and distance included.
        span: Range<usize>,
    },
    /// What has to stand in one part of a report. It holds neither a filter nor another part.
    Within {
        /// Which part.
        part: Part,
        /// What.
        inner: Box<Expr>,
        /// Where, the name of the field included.
        span: Range<usize>,
    },
    /// A filter: a facet that a report has.
    Facet {
        /// Of which kind.
        kind: FacetKind,
        /// A name, a path, or a date that [`DateRange`](crate::date::DateRange) reads; without quotes and without the
        /// sign that excludes it, which is [`Expr::Not`].
        value: String,
        /// Where, the name of the field included; in a bracket of several values, where this one stands.
        span: Range<usize>,
    },
    /// What counts more, or less, for the rank.
    Boost {
        /// What.
        inner: Box<Expr>,
        /// By how much.
        by: Factor,
    },
    /// What stands side by side without an operator: all of it, or any, as the request says.
    Side(Vec<Expr>),
    /// Joined by AND.
    And(Vec<Expr>),
    /// Joined by OR.
    Or(Vec<Expr>),
    /// Excluded.
    Not(Box<Expr>),
}

/// How much of a word has to stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Any inflection of it.
    Plain,
    /// Its beginning: `djihad*`.
    Prefix,
    /// All but so many edits of one character (1 or 2): `frappe~`.
    Fuzzy(u8),
}

/// A part of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The headline.
    Title,
    /// The text below it.
    Text,
}

/// A factor of a score, exact to a hundredth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor {
    hundredths: u32,
}

impl Factor {
    /// A factor from .01 to 1000, rounded to a hundredth; nothing where it is none of these.
    #[must_use]
    pub fn new(factor: f64) -> Option<Self> {
        let hundredths = (factor * 100.0).round();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
        (1.0..=100_000.0).contains(&hundredths).then_some(Self { hundredths: hundredths as u32 })
    }

    /// As a number.
    #[must_use]
    pub fn get(self) -> f32 {
        self.hundredths as f32 / 100.0
    }
}

/// Why a query cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// What is wrong.
    pub message: String,
    /// The bytes of the query it is about.
    pub span: Range<usize>,
    /// What to write instead.
    pub hint: Option<String>,
}

impl QueryError {
    fn new(message: impl Into<String>, span: Range<usize>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), span, hint: Some(hint.into()) }
    }
}

impl Expr {
    /// What it is made of, in the order of the tree; nothing for a word, a phrase or a filter.
    #[must_use]
    pub fn children(&self) -> &[Self] {
        match self {
            Self::Word { .. } | Self::Phrase { .. } | Self::Facet { .. } => &[],
            Self::Within { inner, .. } | Self::Boost { inner, .. } | Self::Not(inner) => slice::from_ref(inner),
            Self::Side(parts) | Self::And(parts) | Self::Or(parts) => parts,
        }
    }

    /// The bytes of the query that it stands in, half-open: from the first word of it to the last. Brackets, signs of
    /// exclusion and factors around it are left out.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        match self {
            Self::Word { span, .. }
            | Self::Phrase { span, .. }
            | Self::Within { span, .. }
            | Self::Facet { span, .. } => span.clone(),
            _ => {
                let spans = self.children().iter().map(Self::span);
                spans.reduce(|all, span| all.start.min(span.start)..all.end.max(span.end)).unwrap_or_default()
            }
        }
    }

    /// The part of the query that it was read from; nothing if that query is another and its span does not lie in it.
    #[must_use]
    pub fn source<'q>(&self, query: &'q str) -> Option<&'q str> {
        query.get(self.span())
    }

    /// The words, phrases and filters of it, in the order of the tree; what stands in one part of a report by what it
    /// asks for there.
    #[must_use]
    pub fn leaves(&self) -> Vec<&Self> {
        match self.children() {
            [] => vec![self],
            parts => parts.iter().flat_map(Self::leaves).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Examples of the page: what stands indented, up to the two spaces before its explanation.
    fn examples() -> Vec<&'static str> {
        let indented = HELP.lines().filter_map(|line| line.strip_prefix("    "));
        indented.map(|line| line.split("  ").next().unwrap_or_default()).collect()
    }

    #[test]
    fn every_example_of_the_help_is_a_query() {
        assert!(examples().len() > 25, "{:?}", examples());
        for example in examples() {
            assert!(parse(example).unwrap_or_else(|error| panic!("{example}: {error}")).is_some(), "{example}");
        }
    }

    #[test]
    fn the_help_tells_how_binding_is_read() {
        let (query, read) = ("Gao attaque OU embuscade ET civils", "(Gao attaque) OU (embuscade ET civils)");
        assert!(HELP.contains(&format!("`{query}` is read as\n{read}.")));
        assert_eq!(parse(query).unwrap().unwrap().to_string(), read);
    }

    #[test]
    fn the_help_fits_a_page() {
        assert!(HELP.lines().all(|line| line.chars().count() <= 120) && HELP.lines().count() < 75);
    }
}
