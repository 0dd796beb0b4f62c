//! The query language: text → tokens → syntax tree.
//!
//! | written | means |
//! | --- | --- |
//! | `embuscade gendarme` | both words (or any of them, with `--match any`) |
//! | `"forces armées"`, `« forces armées »`, `“forces armées”` | the exact phrase |
//! | `attaque OU embuscade` | either; also `OR` |
//! | `attaque ET civils` | both, whatever `--match` says; also `AND` |
//! | `-civils` | not; also `SAUF`, `NOT` |
//! | `(attaque OU embuscade) Mopti` | groups |
//!
//! NOT binds before AND, AND before OR. Only capitals make an operator: « et » and « ou » are words. Whatever else
//! stands in French prose (apostrophes, dashes, colons, slashes, a lone bracket) is text, never an error.

mod lexer;
mod parser;

use std::fmt;
use std::ops::Range;

use crate::facet::FacetKind;
pub use parser::parse;

/// A query as written. Byte ranges refer to the query's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// A word, or several joined by hyphens and the like.
    Word {
        /// As written, without the sign of its form.
        text: String,
        /// How much of it has to stand there.
        form: Form,
        /// Where, the sign included.
        span: Range<usize>,
    },
    /// Words between quotes.
    Phrase {
        /// What stands between the quotes.
        text: String,
        /// How many other words may stand among them, which then come in any order; nothing asks for the exact phrase.
        slop: Option<u32>,
        /// Where, quotes and distance included.
        span: Range<usize>,
    },
    /// What has to stand in one part of a report.
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
        /// A name, a path or a date, without quotes.
        value: String,
        /// Where, the name of the field included.
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

impl fmt::Display for Expr {
    /// Prints the query so that parsing it again gives the same tree.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word { text, form, .. } => match form {
                Form::Plain => write!(f, "{text}"),
                Form::Prefix => write!(f, "{text}*"),
                Form::Fuzzy(edits) => write!(f, "{text}~{edits}"),
            },
            Self::Phrase { text, slop: None, .. } => write!(f, "\"{text}\""),
            Self::Phrase { text, slop: Some(slop), .. } => write!(f, "\"{text}\"~{slop}"),
            Self::Within { part: Part::Title, inner, .. } => write!(f, "titre:({inner})"),
            Self::Within { part: Part::Text, inner, .. } => write!(f, "texte:({inner})"),
            Self::Facet { kind: FacetKind::Group, value, .. } => write!(f, "groupe:\"{value}\""),
            Self::Facet { kind: FacetKind::Region, value, .. } => write!(f, "région:\"{value}\""),
            Self::Facet { kind: FacetKind::Date, value, .. } => write!(f, "date:\"{value}\""),
            Self::Facet { kind: FacetKind::Source, value, .. } => write!(f, "source:\"{value}\""),
            Self::Boost { inner, by } => {
                operand(f, inner)?;
                write!(f, "^{}", by.get())
            }
            Self::Side(parts) => join(f, parts, " "),
            Self::And(parts) => join(f, parts, " ET "),
            Self::Or(parts) => join(f, parts, " OU "),
            Self::Not(inner) => {
                write!(f, "SAUF ")?;
                operand(f, inner)
            }
        }
    }
}

fn join(f: &mut fmt::Formatter<'_>, parts: &[Expr], operator: &str) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(operator)?;
        }
        operand(f, part)?;
    }
    Ok(())
}

/// Brackets wherever a part is itself joined of parts, so that no rule of precedence is needed to read it.
fn operand(f: &mut fmt::Formatter<'_>, part: &Expr) -> fmt::Result {
    match part {
        Expr::Side(_) | Expr::And(_) | Expr::Or(_) => write!(f, "({part})"),
        _ => write!(f, "{part}"),
    }
}
