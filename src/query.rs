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

pub use parser::parse;

/// A query as written. Byte ranges refer to the query's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// A word, or several joined by hyphens and the like.
    Word {
        /// As written.
        text: String,
        /// Where.
        span: Range<usize>,
    },
    /// Words between quotes.
    Phrase {
        /// What stands between the quotes.
        text: String,
        /// Where, quotes included.
        span: Range<usize>,
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
            Self::Word { text, .. } => write!(f, "{text}"),
            Self::Phrase { text, .. } => write!(f, "\"{text}\""),
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
