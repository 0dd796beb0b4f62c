//! Tokens → syntax tree.

use std::ops::Range;

use super::lexer::{Lexeme, lex};
use super::{Expr, Form, QueryError};

/// The longest query, in bytes: a page of text, which is more than anybody means.
const LONGEST: usize = 16 << 10;
/// The longest phrase, in words.
const MOST_WORDS: usize = 60;
/// The deepest nesting of brackets and negations.
const DEEPEST: usize = 50;

/// Reads a query. `None` for one without any word, which asks for everything.
///
/// # Errors
/// If a quote is not closed, or the query is too long or too deeply nested.
pub fn parse(text: &str) -> Result<Option<Expr>, QueryError> {
    if text.len() > LONGEST {
        return Err(QueryError {
            message: format!("the query has {} bytes, the longest allowed is {LONGEST}", text.len()),
            span: 0..text.len(),
            hint: None,
        });
    }
    let mut parser = Parser { lexemes: lex(text)?, at: 0, depth: 0 };
    let mut parts = Vec::new();
    loop {
        parts.extend(parser.or()?);
        // A closing bracket that nothing opened is text.
        if parser.next().is_none() {
            return Ok(one(parts, Expr::Side));
        }
    }
}

struct Parser {
    lexemes: Vec<(Lexeme, Range<usize>)>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Lexeme> {
        self.lexemes.get(self.at).map(|(lexeme, _)| lexeme)
    }

    fn next(&mut self) -> Option<(Lexeme, Range<usize>)> {
        let next = self.lexemes.get(self.at).cloned();
        self.at += usize::from(next.is_some());
        next
    }

    /// Whether an operator stands here with something to join behind it.
    fn operator(&self, operator: &Lexeme) -> bool {
        self.peek() == Some(operator)
            && self
                .lexemes
                .get(self.at + 1)
                .is_some_and(|(next, _)| !matches!(next, Lexeme::Close | Lexeme::And | Lexeme::Or))
    }

    fn or(&mut self) -> Result<Option<Expr>, QueryError> {
        let mut parts: Vec<Expr> = self.side()?.into_iter().collect();
        while !parts.is_empty() && self.operator(&Lexeme::Or) {
            self.at += 1;
            parts.extend(self.side()?);
        }
        Ok(one(parts, Expr::Or))
    }

    fn side(&mut self) -> Result<Option<Expr>, QueryError> {
        let mut parts: Vec<Expr> = Vec::new();
        loop {
            let done = self.peek().is_none_or(|next| *next == Lexeme::Close)
                || !parts.is_empty() && self.operator(&Lexeme::Or);
            if done {
                return Ok(one(parts, Expr::Side));
            }
            parts.extend(self.and()?);
        }
    }

    fn and(&mut self) -> Result<Option<Expr>, QueryError> {
        let mut parts: Vec<Expr> = self.not()?.into_iter().collect();
        while !parts.is_empty() && self.operator(&Lexeme::And) {
            self.at += 1;
            parts.extend(self.not()?);
        }
        Ok(one(parts, Expr::And))
    }

    fn not(&mut self) -> Result<Option<Expr>, QueryError> {
        let negates = self.peek() == Some(&Lexeme::Minus)
            || self.peek() == Some(&Lexeme::Not) && self.at + 1 < self.lexemes.len();
        if !negates {
            return self.operand();
        }
        let span = self.next().map_or(0..0, |(_, span)| span);
        self.nested(span, |parser| Ok(parser.not()?.map(|inner| Expr::Not(Box::new(inner)))))
    }

    fn operand(&mut self) -> Result<Option<Expr>, QueryError> {
        let Some((lexeme, span)) = self.next() else { return Ok(None) };
        // An operator without operands is the word it is written as.
        let word = |text: &str, span| Ok(Some(Expr::Word { text: text.to_owned(), form: Form::Plain, span }));
        match lexeme {
            Lexeme::Word(text) => short(&text, span).map(|span| Some(Expr::Word { text, form: Form::Plain, span })),
            Lexeme::Phrase(text) => short(&text, span).map(|span| Some(Expr::Phrase { text, slop: None, span })),
            Lexeme::And => word("et", span),
            Lexeme::Or => word("ou", span),
            Lexeme::Not => word("sauf", span),
            Lexeme::Minus | Lexeme::Close => Ok(None),
            Lexeme::Open => self.nested(span, |parser| {
                let inner = parser.or()?;
                if parser.peek() == Some(&Lexeme::Close) {
                    parser.at += 1;
                }
                Ok(inner)
            }),
        }
    }

    fn nested<T>(
        &mut self,
        span: Range<usize>,
        inner: impl FnOnce(&mut Self) -> Result<T, QueryError>,
    ) -> Result<T, QueryError> {
        if self.depth == DEEPEST {
            return Err(QueryError {
                message: format!("the query nests more than {DEEPEST} levels deep"),
                span,
                hint: Some("write it with fewer brackets".to_owned()),
            });
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }
}

/// The span of a word or phrase, unless that has too many parts.
fn short(text: &str, span: Range<usize>) -> Result<Range<usize>, QueryError> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).count();
    if parts <= MOST_WORDS {
        return Ok(span);
    }
    Err(QueryError {
        message: format!("a phrase of {parts} words; the longest allowed has {MOST_WORDS}"),
        span,
        hint: Some("quote a shorter part of it".to_owned()),
    })
}

/// Nothing, the one part, or all of them joined.
fn one(mut parts: Vec<Expr>, join: impl FnOnce(Vec<Expr>) -> Expr) -> Option<Expr> {
    if parts.len() > 1 { Some(join(parts)) } else { parts.pop() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree without its spans, as text.
    fn shape(text: &str) -> String {
        parse(text).map_or_else(|e| e.to_string(), |tree| tree.map_or_else(String::new, |tree| show(&tree)))
    }

    fn show(tree: &Expr) -> String {
        let all =
            |name: &str, parts: &[Expr]| format!("{name}({})", parts.iter().map(show).collect::<Vec<_>>().join(" "));
        match tree {
            Expr::Word { text, .. } => text.clone(),
            Expr::Phrase { text, .. } => format!("\"{text}\""),
            Expr::Side(parts) => all("side", parts),
            Expr::And(parts) => all("and", parts),
            Expr::Or(parts) => all("or", parts),
            Expr::Not(inner) => format!("not({})", show(inner)),
            _ => tree.to_string(),
        }
    }

    #[test]
    fn precedence() {
        assert_eq!(shape("a b OU c d"), "or(side(a b) side(c d))");
        assert_eq!(shape("a ET b OU -c ET d"), "or(and(a b) and(not(c) d))");
        assert_eq!(shape("(a OU b) c"), "side(or(a b) c)");
        assert_eq!(shape("attaque SAUF civils"), "side(attaque not(civils))");
    }

    #[test]
    fn french_prose_is_text() {
        for text in
            ["l'armée", "coup d'État", "17:30", "Bamako: attaque", "oui/non ?", "ami ou ennemi", "Gourma-Rharous"]
        {
            assert!(!shape(text).contains(['(', '"']) || shape(text).starts_with("side("), "{text}");
        }
        assert_eq!(shape("armée - malienne"), "side(armée - malienne)");
        assert_eq!(shape(":) texte )"), "side(: texte)");
        assert_eq!(shape("(a b"), "side(a b)");
    }

    #[test]
    fn every_kind_of_quote_makes_a_phrase() {
        for text in ["\"forces armées\"", "« forces armées »", "“forces armées”"] {
            assert_eq!(shape(text), "\"forces armées\"");
        }
        assert_eq!(shape("-\"a b\" c"), "side(not(\"a b\") c)");
    }

    #[test]
    fn an_open_quote_is_told_where_it_stands() {
        let error = parse("armée « malienne").unwrap_err();
        assert_eq!(&"armée « malienne"[error.span], "«");
    }

    #[test]
    fn operators_without_operands_are_words() {
        assert_eq!(shape("OU a"), "side(ou a)");
        assert_eq!(shape("a OU"), "side(a ou)");
        assert_eq!(shape("NOT"), "sauf");
        assert_eq!(shape("-"), "-");
        assert_eq!(shape("()"), "");
    }

    #[test]
    fn nesting_is_limited() {
        assert!(parse(&"(".repeat(5_000)).is_err());
        assert!(parse(&format!("{}a", "NOT ".repeat(3_000))).is_err());
    }

    /// What can stand in a tree, printed and read again.
    fn trees() -> impl proptest::strategy::Strategy<Value = String> {
        "[a-cé (){2}\"OUET-]{0,40}|([a-d]{1,3}|\"a b\"|-[a-c]|OU|ET|SAUF|\\(|\\)| ){0,20}"
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,80}") {
            let _ = parse(&text);
        }

        #[test]
        fn printing_and_parsing_gives_the_same_tree(text in trees()) {
            if let Ok(Some(tree)) = parse(&text) {
                let again = parse(&tree.to_string()).unwrap().unwrap();
                proptest::prop_assert_eq!(show(&again), show(&tree), "{}", tree);
            }
        }
    }
}
