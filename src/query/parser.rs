//! Lexemes → syntax tree.

use std::ops::Range;

use super::fields::Field;
use super::lexer::{EMPTY, Lexeme, Token, as_word, lex};
use super::{Expr, Form, QueryError};
use crate::facet::FacetKind;

/// The longest query, in bytes: a page of text, which is more than anybody means.
const LONGEST: usize = 16 << 10;
/// The longest phrase, in words.
const MOST_WORDS: usize = 60;
/// The deepest nesting of brackets and negations, and of the tree that they make.
const DEEPEST: usize = 50;

/// Reads a query. `None` for one without any letter or digit, which asks for everything.
///
/// # Errors
/// If a quote or the bracket of a field is not closed, a field has no value or no date that can be read, a field stands
/// inside another, a number behind a sign is out of its range, or the query is too long or too deeply nested.
pub fn parse(text: &str) -> Result<Option<Expr>, QueryError> {
    if text.len() > LONGEST {
        let message = format!("the query has {} bytes, the longest allowed is {LONGEST}", text.len());
        return Err(QueryError { message, span: 0..text.len(), hint: None });
    }
    let mut parser = Parser { text, lexemes: lex(text)?, at: 0, depth: 0, values: None };
    let tree = parser.or()?;
    match tree {
        Some(tree) if levels(&tree) > DEEPEST => Err(too_deep(0..text.len())),
        tree => Ok(tree),
    }
}

struct Parser<'t> {
    text: &'t str,
    lexemes: Vec<Token>,
    /// The next one to read.
    at: usize,
    depth: usize,
    /// What the words of the bracket that is being read are values of.
    values: Option<FacetKind>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Lexeme> {
        self.lexemes.get(self.at).map(|(lexeme, _)| lexeme)
    }

    fn next(&mut self) -> Option<Token> {
        let next = self.lexemes.get(self.at).cloned();
        self.at += usize::from(next.is_some());
        next
    }

    /// Whether an operator stands here with something behind it.
    fn is_operator(&self, operator: &Lexeme) -> bool {
        let operand = self.lexemes.get(self.at + 1);
        self.peek() == Some(operator)
            && operand.is_some_and(|(next, _)| !matches!(next, Lexeme::Close | Lexeme::And | Lexeme::Or))
    }

    fn or(&mut self) -> Result<Option<Expr>, QueryError> {
        let mut parts: Vec<Expr> = self.side()?.into_iter().collect();
        while self.is_operator(&Lexeme::Or) {
            self.at += 1;
            parts.extend(self.side()?);
        }
        Ok(one(parts, Expr::Or))
    }

    fn side(&mut self) -> Result<Option<Expr>, QueryError> {
        let start = self.at;
        let mut parts: Vec<Expr> = Vec::new();
        loop {
            let done = self.peek().is_none_or(|next| *next == Lexeme::Close)
                || self.at > start && self.is_operator(&Lexeme::Or);
            if done {
                return Ok(if self.values.is_some() { alternatives(parts) } else { one(parts, Expr::Side) });
            }
            parts.extend(self.and()?);
        }
    }

    fn and(&mut self) -> Result<Option<Expr>, QueryError> {
        let mut parts: Vec<Expr> = self.not()?.into_iter().collect();
        while self.is_operator(&Lexeme::And) {
            self.at += 1;
            parts.extend(self.not()?);
        }
        Ok(one(parts, Expr::And))
    }

    fn not(&mut self) -> Result<Option<Expr>, QueryError> {
        if self.peek() != Some(&Lexeme::Minus) && !self.is_operator(&Lexeme::Not) {
            return self.weighted();
        }
        let span = self.next().map_or(0..0, |(_, span)| span);
        self.nested(span, |parser| Ok(parser.not()?.map(|inner| Expr::Not(Box::new(inner)))))
    }

    /// An operand and its factor.
    fn weighted(&mut self) -> Result<Option<Expr>, QueryError> {
        let inner = self.operand()?;
        let Some(&Lexeme::Factor(by)) = self.peek() else { return Ok(inner) };
        self.at += 1;
        if let Some((Lexeme::Factor(_), span)) = self.lexemes.get(self.at) {
            return Err(QueryError::new(
                format!("a second factor, {}", &self.text[span.clone()]),
                span.clone(),
                "give one factor",
            ));
        }
        Ok(inner.map(|inner| Expr::Boost { inner: Box::new(inner), by }))
    }

    fn operand(&mut self) -> Result<Option<Expr>, QueryError> {
        let Some((lexeme, span)) = self.next() else { return Ok(None) };
        Ok(match lexeme {
            Lexeme::Word { text, form } => {
                let parts = words(&text);
                Some(Expr::Word { text, form, span: short(parts, span)? })
            }
            Lexeme::Phrase { text, slop } => {
                let parts = words(&text);
                if parts == 0 { None } else { Some(Expr::Phrase { text, slop, span: short(parts, span)? }) }
            }
            Lexeme::Field(field) => return self.field(field, span).map(Some),
            Lexeme::Open => return self.bracket(span),
            Lexeme::Value(value) => self.values.map(|kind| Expr::Facet { kind, value, span }),
            Lexeme::And | Lexeme::Or | Lexeme::Not if self.values.is_some() => {
                return Err(QueryError::new(
                    format!("{} has no value to join", &self.text[span.clone()]),
                    span,
                    "write it between two values, or in quotes if it is one",
                ));
            }
            // Among words, an operator that joins nothing is one of them.
            Lexeme::And | Lexeme::Or | Lexeme::Not => {
                Some(Expr::Word { text: as_word(&lexeme).to_owned(), form: Form::Plain, span })
            }
            Lexeme::Minus | Lexeme::Close | Lexeme::Factor(_) => None,
        })
    }

    /// What an opened bracket holds, its end included.
    fn bracket(&mut self, span: Range<usize>) -> Result<Option<Expr>, QueryError> {
        self.nested(span, |parser| {
            let inner = parser.or()?;
            parser.at += usize::from(parser.peek() == Some(&Lexeme::Close));
            Ok(inner)
        })
    }

    /// The value of a field whose name stands at `span`.
    fn field(&mut self, field: Field, span: Range<usize>) -> Result<Expr, QueryError> {
        let excluded = self.peek() == Some(&Lexeme::Minus);
        self.at += usize::from(excluded);
        self.values = if let Field::Facet(kind) = field { Some(kind) } else { None };
        let inner = self.operand()?;
        self.values = None;
        let end = self.lexemes[self.at - 1].1.end;
        let Some(mut inner) = inner else {
            let name = &self.text[span.clone()];
            return Err(QueryError::new(format!("{name} has no value"), span.start..end, EMPTY));
        };
        match field {
            Field::Part(part) => inner = Expr::Within { part, inner: Box::new(inner), span: span.start..end },
            Field::Facet(_) => {
                if let Expr::Facet { span: of_value, .. } = &mut inner {
                    *of_value = span.start..end;
                }
            }
        }
        Ok(if excluded { Expr::Not(Box::new(inner)) } else { inner })
    }

    fn nested<T>(
        &mut self,
        span: Range<usize>,
        inner: impl FnOnce(&mut Self) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        if self.depth == DEEPEST {
            return Err(too_deep(span));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }
}

fn too_deep(span: Range<usize>) -> QueryError {
    QueryError::new(format!("the query nests more than {DEEPEST} levels deep"), span, "write it with fewer brackets")
}

/// How many nodes stand above the lowest leaf.
fn levels(tree: &Expr) -> usize {
    tree.children().iter().map(|child| 1 + levels(child)).max().unwrap_or(0)
}

/// The words of a text, hyphenated ones in parts.
fn words(text: &str) -> usize {
    text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).count()
}

/// The span of a word or phrase, unless that has too many parts.
fn short(parts: usize, span: Range<usize>) -> Result<Range<usize>, QueryError> {
    if parts <= MOST_WORDS {
        return Ok(span);
    }
    Err(QueryError::new(
        format!("a phrase of {parts} words; the longest allowed has {MOST_WORDS}"),
        span,
        "quote a shorter part of it",
    ))
}

/// Nothing, the one part, or all of them joined.
fn one(mut parts: Vec<Expr>, join: impl FnOnce(Vec<Expr>) -> Expr) -> Option<Expr> {
    if parts.len() > 1 { Some(join(parts)) } else { parts.pop() }
}

/// Values side by side: any of those that are wanted, none of those that are excluded.
fn alternatives(parts: Vec<Expr>) -> Option<Expr> {
    let (excluded, wanted): (Vec<Expr>, Vec<Expr>) = parts.into_iter().partition(|part| matches!(part, Expr::Not(_)));
    one(one(wanted, Expr::Or).into_iter().chain(excluded).collect(), Expr::And)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in its canonical form, or what is wrong and where.
    fn shape(text: &str) -> String {
        match parse(text) {
            Ok(tree) => tree.map_or_else(String::new, |tree| tree.to_string()),
            Err(error) => format!("{} at {}", error.message, &text[error.span]),
        }
    }

    /// Every leaf as it is written in the query.
    fn sources(text: &str) -> Vec<&str> {
        let tree = parse(text).unwrap().unwrap();
        tree.leaves().into_iter().map(|leaf| leaf.source(text).unwrap()).collect()
    }

    #[test]
    fn spans_are_byte_exact() {
        for (text, want) in [
            ("où est l’armée ?", &["où", "est", "l’armée"][..]),
            ("«\u{a0}forces armées\u{a0}»~3^2, djihad*^2", &["«\u{a0}forces armées\u{a0}»~3", "djihad*"]),
            ("…frappe~^1,5 (à Gao).", &["frappe~", "à", "Gao"]),
            ("Région:Mopti, date:15 août 2024.", &["Région:Mopti", "date:15 août 2024"]),
            ("-groupe:!«\u{a0}Katiba Macina\u{a0}» x", &["groupe:!«\u{a0}Katiba Macina\u{a0}»", "x"]),
            ("groupe:(JNIM, « EIGS » -FAMa)", &["JNIM", "« EIGS »", "FAMa"]),
            ("groupe:(JNIM)^2", &["groupe:(JNIM)"]),
            ("15 000, 1 234 567 morts", &["15 000", "1 234 567", "morts"]),
        ] {
            assert_eq!(sources(text), want, "{text}");
        }
    }

    #[test]
    fn the_span_of_a_tree_goes_from_its_first_leaf_to_its_last() {
        let source = |text: &'static str| parse(text).unwrap().unwrap().source(text).unwrap();
        assert_eq!(source(" (a OU « b » )^2 "), "a OU « b »");
        assert_eq!(source("-titre:(a -b)^2 …"), "titre:(a -b)");
        assert_eq!(source("groupe:(-A B C)"), "A B C");
        assert_eq!(parse("abc").unwrap().unwrap().source("x"), None);
    }

    #[test]
    fn errors_tell_the_place() {
        for (text, want) in [
            ("armée « malienne", "the quote « is opened and never closed at «"),
            ("à groupe:\"\"", "there is no value between the quotes at \"\""),
            ("titre:(…) x", "titre: has no value at titre:(…)"),
            ("titre:\"…\" x", "titre: has no value at titre:\"…\""),
            ("é titre:(a groupe:b)", "groupe: stands inside titre: at groupe:"),
            ("groupe:((a) titre:b)", "titre: stands inside groupe: at titre:"),
            ("titre:texte:x", "texte: stands inside titre: at texte:"),
            ("é groupe:(a b", "the bracket of groupe: is opened and never closed at groupe:"),
            ("é (groupe:(a (b)", "the bracket of groupe: is opened and never closed at groupe:"),
            ("groupe:(JNIM OU)", "OU has no value to join at OU"),
            ("date:hier soir", "“hier” is not a date at hier"),
            ("date:(2024 \"demain\")", "“demain” is not a date at \"demain\""),
            ("é mot^2^3", "a second factor, ^3 at ^3"),
            ("(é)^0,001", "^0,001 is not a factor at ^0,001"),
            ("é frappe~3", "~3 is not a number of edits at ~3"),
            ("\"é\"~", "~ is not a distance at ~"),
            ("(é)~5", "~5 has no quoted words before it at ~5"),
        ] {
            assert_eq!(shape(text), want, "{text}");
            assert!(parse(text).unwrap_err().hint.is_some(), "{text}");
        }
    }

    #[test]
    fn limits_are_told() {
        for text in [
            "(".repeat(5_000),
            format!("{}a", "NOT ".repeat(3_000)),
            format!("{}x", "a OU b (".repeat(30)),
            "a".repeat(LONGEST + 1),
            format!("\"{}\"", "a ".repeat(MOST_WORDS + 1)),
        ] {
            assert!(parse(&text).is_err(), "{text}");
        }
        // What is read can be printed and read again, however deep it is.
        for unit in ["SAUF ", "a (b OU ", "a OU b ET (", "-(a ", "(a^2 "] {
            let deepest =
                (1..=DEEPEST).rev().find_map(|times| parse(&format!("{}x", unit.repeat(times))).ok().flatten());
            let printed = deepest.unwrap().to_string();
            assert_eq!(parse(&printed).unwrap().unwrap().to_string(), printed);
        }
    }

    #[test]
    fn what_has_no_words_asks_for_everything() {
        for text in ["", " \u{a0}", "()", "\"\"", "« … »", "?!", "-", "* ~ ^ !", "-()^2", "() OU \"\"", ")(", "—"]
        {
            assert_eq!(parse(text), Ok(None), "{text}");
        }
    }
}
