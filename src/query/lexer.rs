//! Query text → lexemes with their bytes.

use std::ops::Range;

use super::fields::Field;
use super::quotes::{closers, is_quote};
use super::signs::{self, Behind, Signed, Weight};
use super::{Factor, Form, QueryError, days};
use crate::facet::FacetKind;

/// A lexeme of the query language.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lexeme {
    Word {
        text: String,
        form: Form,
    },
    /// Words between quotes, maybe none.
    Phrase {
        text: String,
        slop: Option<u32>,
    },
    /// A known field; its value follows.
    Field(Field),
    /// A value of the facet whose field or bracket it stands in.
    Value(String),
    /// Behind a word, a phrase, a value or a bracket.
    Factor(Factor),
    And,
    Or,
    Not,
    /// A dash right before what it excludes.
    Minus,
    /// Closed by the end of the query where nothing closes it.
    Open,
    /// Always of a bracket that was opened.
    Close,
}

/// A lexeme and where it stands.
pub(super) type Token = (Lexeme, Range<usize>);

/// Words that are operators where they stand in capitals.
const OPERATORS: [(&str, Lexeme); 6] = [
    ("AND", Lexeme::And),
    ("ET", Lexeme::And),
    ("NOT", Lexeme::Not),
    ("OR", Lexeme::Or),
    ("OU", Lexeme::Or),
    ("SAUF", Lexeme::Not),
];

/// The operator that a word is.
pub(super) fn operator(word: &str) -> Option<&'static Lexeme> {
    OPERATORS.iter().find(|(name, _)| *name == word).map(|(_, lexeme)| lexeme)
}

/// What to do about a field without a value.
pub(super) const EMPTY: &str = "write the value right behind the colon: groupe:JNIM, région:\"Gourma-Rharous\"";

/// The word that an operator is where it joins nothing: one that says little, and is dropped with its like.
pub(super) fn as_word(operator: &Lexeme) -> &'static str {
    match operator {
        Lexeme::And => "et",
        Lexeme::Or => "ou",
        _ => "sauf",
    }
}

/// Splits a query into lexemes. Punctuation that means nothing is left out.
///
/// # Errors
/// If a quote or the bracket of a field is never closed, or what stands at a sign or a field cannot be its value.
pub(super) fn lex(text: &str) -> Result<Vec<Token>, QueryError> {
    let mut lexer = Lexer { text, at: 0, found: Vec::new(), brackets: Vec::new() };
    while let Some(c) = lexer.peek() {
        lexer.step(c)?;
    }
    match lexer.brackets.into_iter().find_map(|bracket| bracket.field) {
        None => Ok(lexer.found),
        Some(span) => Err(QueryError::new(
            format!("the bracket of {} is opened and never closed", &text[span.clone()]),
            span,
            "close it with ) behind the last value",
        )),
    }
}

/// Whether a number goes on with a group of three digits after it: `15 000` is one, `1234 000` and `07 000` are two.
pub(super) fn takes_digit_groups(number: &str) -> bool {
    let length = number.find(is_group_space).unwrap_or(number.len());
    (1..=3).contains(&length)
        && !number.starts_with('0')
        && number.chars().all(|c| c.is_ascii_digit() || is_group_space(c))
}

pub(super) fn is_group_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

/// The byte after the groups of three digits that go on with a number, if any do, and after what is behind them.
fn digit_groups(text: &str, number: Range<usize>) -> Option<usize> {
    let mut end = number.end;
    if !takes_digit_groups(&text[number]) {
        return None;
    }
    let mut longer = None;
    while let Some(space) = text[end..].chars().next().filter(|&c| is_group_space(c)) {
        let start = end + space.len_utf8();
        end = chunk_end(text, start);
        let is_group = |group: &Signed<'_>| {
            group.form == Form::Plain && group.text.len() == 3 && group.text.bytes().all(|b| b.is_ascii_digit())
        };
        if !Signed::read(&text[start..end], start, true).is_ok_and(|group| is_group(&group)) {
            break;
        }
        longer = Some(end);
        if end - start != 3 {
            break;
        }
    }
    longer
}

/// The byte after the run of characters at `start` that no space, quote or bracket ends.
pub(super) fn chunk_end(text: &str, start: usize) -> usize {
    let ends = |c: char| c.is_whitespace() || is_quote(c) || matches!(c, '(' | ')');
    text[start..].find(ends).map_or(text.len(), |length| start + length)
}

struct Lexer<'t> {
    text: &'t str,
    /// The next byte to read.
    at: usize,
    found: Vec<Token>,
    /// Those that are open.
    brackets: Vec<Bracket>,
}

/// A bracket that is open.
struct Bracket {
    /// The name of the field that it belongs to, or that a bracket around it belongs to.
    field: Option<Range<usize>>,
    /// What its words are values of, if they are.
    values: Option<FacetKind>,
}

impl<'t> Lexer<'t> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn push(&mut self, lexeme: Lexeme, span: Range<usize>) {
        self.at = span.end;
        self.found.push((lexeme, span));
    }

    fn step(&mut self, c: char) -> Result<(), QueryError> {
        let values = self.brackets.last().and_then(|bracket| bracket.values);
        if c == '(' {
            self.open(self.outer(), values);
        } else if c == ')' {
            return self.close();
        } else if closers(c).is_some() {
            return self.quoted(c, values);
        } else if c.is_whitespace() || is_quote(c) {
            self.at += c.len_utf8();
        } else if self.is_minus(c, values) {
            self.push(Lexeme::Minus, self.at..self.at + 1);
        } else if let Some(kind) = values {
            return self.value(kind, None);
        } else {
            return self.word(None);
        }
        Ok(())
    }

    /// Whether a sign excludes what follows it: a dash at the start of a word, among values `!` too.
    fn is_minus(&self, c: char, values: Option<FacetKind>) -> bool {
        let next = &self.rest()[c.len_utf8()..];
        let starts = self.text[..self.at].ends_with(|before: char| before == '(' || before.is_whitespace());
        (starts || self.at == 0)
            && match values {
                Some(kind) => matches!(c, '-' | '!') && Field::Facet(kind).has_value_at(next),
                None => c == '-' && next.starts_with(|c: char| c.is_alphanumeric() || c == '(' || closers(c).is_some()),
            }
    }

    /// The name of the field in whose bracket this stands.
    fn outer(&self) -> Option<Range<usize>> {
        self.brackets.last().and_then(|bracket| bracket.field.clone())
    }

    fn open(&mut self, field: Option<Range<usize>>, values: Option<FacetKind>) {
        self.brackets.push(Bracket { field, values });
        self.push(Lexeme::Open, self.at..self.at + 1);
    }

    /// A closing bracket, with what is behind it; one that nothing opened is text.
    fn close(&mut self) -> Result<(), QueryError> {
        let span = self.at..self.at + 1;
        if self.brackets.pop().is_none() {
            self.at = span.end;
            return Ok(());
        }
        let behind = self.behind(span.end, false)?;
        self.push(Lexeme::Close, span);
        self.weigh(behind.weights, behind.end);
        Ok(())
    }

    /// What stands between quotes, with what is behind them: words, or a value.
    fn quoted(&mut self, quote: char, values: Option<FacetKind>) -> Result<(), QueryError> {
        let (start, inside) = (self.at, self.at + quote.len_utf8());
        let closers = closers(quote).unwrap_or_default();
        let Some((before, closer)) = self.text[inside..].char_indices().find(|(_, c)| closers.contains(c)) else {
            return Err(QueryError::new(
                format!("the quote {quote} is opened and never closed"),
                start..inside,
                format!("close it with {}, or leave it out", closers[0]),
            ));
        };
        let content = self.text[inside..inside + before].trim().to_owned();
        let end = inside + before + closer.len_utf8();
        let behind = self.behind(end, values.is_none())?;
        match values {
            None => self.push(Lexeme::Phrase { text: content, slop: behind.slop }, start..behind.slop_end),
            Some(_) if content.is_empty() => {
                return Err(QueryError::new("there is no value between the quotes".to_owned(), start..end, EMPTY));
            }
            Some(kind) => {
                if kind == FacetKind::Date {
                    days::check(&content, start..end)?;
                }
                self.push(Lexeme::Value(content), start..end);
            }
        }
        self.weigh(behind.weights, behind.end);
        Ok(())
    }

    /// The signs behind a quote or a bracket that closes.
    fn behind(&self, at: usize, phrase: bool) -> Result<Behind, QueryError> {
        Behind::read(&self.text[at..chunk_end(self.text, at)], at, phrase)
    }

    fn weigh(&mut self, weights: Vec<Weight>, end: usize) {
        self.found.extend(weights.into_iter().map(|(factor, span)| (Lexeme::Factor(factor), span)));
        self.at = end;
    }

    /// A run of characters: an operator, a field with its value, a word, or nothing but punctuation. Right behind the
    /// colon of a field stands no operator.
    fn word(&mut self, colon_of: Option<Range<usize>>) -> Result<(), QueryError> {
        let mut end = chunk_end(self.text, self.at);
        let chunk = &self.text[self.at..end];
        if let Some(operator) = operator(chunk).filter(|_| colon_of.is_none()) {
            self.push(operator.clone(), self.at..end);
            return Ok(());
        }
        let Some(lead) = chunk.find(char::is_alphanumeric) else {
            self.at = end;
            return Ok(());
        };
        let start = self.at + lead;
        if let Some((field, length)) = Field::at_start(&self.text[start..]) {
            // « !groupe:JNIM » must not find what it excludes.
            if chunk[..lead].ends_with('!') {
                self.push(Lexeme::Minus, start - 1..start);
            }
            return self.field(field, start..start + length, colon_of);
        }
        end = digit_groups(self.text, start..end).unwrap_or(end);
        let signed = Signed::read(&self.text[start..end], start, !chunk[..lead].contains('*'))?;
        // An operator among punctuation joins nothing.
        let text = match operator(signed.text) {
            Some(operator) if signed.form == Form::Plain => as_word(operator),
            _ => signed.text,
        };
        let text = text.to_owned();
        self.push(Lexeme::Word { text, form: signed.form }, start..signed.end);
        self.weigh(signed.weights, end);
        Ok(())
    }

    /// A field, the sign that excludes its value, and as much of the value as one step reads.
    fn field(&mut self, field: Field, span: Range<usize>, colon_of: Option<Range<usize>>) -> Result<(), QueryError> {
        if let Some(outer) = colon_of.or_else(|| self.outer()) {
            let (inner, outer) = (&self.text[span.clone()], &self.text[outer]);
            return Err(QueryError::new(
                format!("{inner} stands inside {outer}"),
                span,
                format!("write one after the other: {outer}… {inner}…"),
            ));
        }
        self.push(Lexeme::Field(field), span.clone());
        if self.rest().starts_with(['!', '-']) {
            self.push(Lexeme::Minus, span.end..span.end + 1);
        }
        let values = if let Field::Facet(kind) = field { Some(kind) } else { None };
        match (self.peek(), values) {
            (Some('('), _) => {
                self.open(Some(span), values);
                Ok(())
            }
            (Some(quote), _) if closers(quote).is_some() => self.quoted(quote, values),
            (_, Some(kind)) => self.value(kind, Some(span)),
            (_, None) => self.word(Some(span)),
        }
    }

    /// A value without quotes, an operator among values, or nothing but punctuation.
    fn value(&mut self, kind: FacetKind, colon_of: Option<Range<usize>>) -> Result<(), QueryError> {
        let end = chunk_end(self.text, self.at);
        let chunk = &self.text[self.at..end];
        if let Some(operator) = operator(chunk).filter(|_| colon_of.is_none()) {
            self.push(operator.clone(), self.at..end);
            return Ok(());
        }
        let field = Field::Facet(kind);
        let Some((lead, _)) = chunk.char_indices().find(|&(lead, _)| field.has_bare_value_at(&chunk[lead..])) else {
            self.at = end;
            return Ok(());
        };
        let start = self.at + lead;
        if let Some((field, length)) = Field::at_start(&self.text[start..]) {
            return self.field(field, start..start + length, colon_of);
        }
        let (value, end, weights) = if kind == FacetKind::Date {
            let (value, length, weights) = days::read(&self.text[start..], start)?;
            (value, start + length, weights)
        } else {
            let (value, weights) = signs::value(&self.text[start..end], start)?;
            (value, end, weights)
        };
        self.push(Lexeme::Value(value.to_owned()), start..start + value.len());
        self.weigh(weights, end);
        Ok(())
    }
}
