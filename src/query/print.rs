//! Syntax tree → the query that is read as this tree.

use std::fmt;

use super::fields::Field;
use super::lexer::{is_group_space, takes_digit_groups};
use super::quotes::quoted;
use super::{Expr, Factor, Form};
use crate::facet::FacetKind;

impl fmt::Display for Expr {
    /// Prints the query in its canonical form: what is left out in writing is told, and parsing it gives the same tree
    /// but for the spans.
    ///
    /// Brackets stand wherever operators of two kinds meet, so that no rule of precedence is needed to read it; quotes
    /// only where a value or a phrase needs them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word { text, form, .. } => match form {
                Form::Plain => f.write_str(text),
                Form::Prefix => write!(f, "{text}*"),
                Form::Fuzzy(edits) => write!(f, "{text}~{edits}"),
            },
            Self::Phrase { text, slop: None, .. } => f.write_str(&quoted(text)),
            Self::Phrase { text, slop: Some(slop), .. } => write!(f, "{}~{slop}", quoted(text)),
            Self::Within { part, inner, .. } => {
                f.write_str(Field::Part(*part).name())?;
                operand(f, inner, matches!(**inner, Self::Word { .. } | Self::Phrase { .. }))
            }
            Self::Facet { kind, value, .. } => {
                f.write_str(Field::Facet(*kind).name())?;
                value_of(f, *kind, value)
            }
            Self::Boost { inner, by } => {
                operand(f, inner, !is_joined(inner) && !matches!(**inner, Self::Not(_) | Self::Boost { .. }))?;
                write!(f, "^{by}")
            }
            Self::Side(parts) => side(f, parts),
            Self::And(parts) => join(f, parts, " ET "),
            Self::Or(parts) => match kind_of_all(parts) {
                Some(kind) => any_of(f, kind, parts),
                None => join(f, parts, " OU "),
            },
            // Two dashes are none.
            Self::Not(inner) if matches!(**inner, Self::Not(_)) => write!(f, "SAUF {inner}"),
            Self::Not(inner) => {
                f.write_str("-")?;
                operand(f, inner, !is_joined(inner))
            }
        }
    }
}

impl fmt::Display for Factor {
    /// `2`, `1.5`, `0.05`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.hundredths / 100, self.hundredths % 100);
        match (rest, rest % 10) {
            (0, _) => write!(f, "{whole}"),
            (_, 0) => write!(f, "{whole}.{}", rest / 10),
            _ => write!(f, "{whole}.{rest:02}"),
        }
    }
}

/// A part of an expression, in brackets unless it stands for itself.
fn operand(f: &mut fmt::Formatter<'_>, part: &Expr, bare: bool) -> fmt::Result {
    if bare { write!(f, "{part}") } else { write!(f, "({part})") }
}

/// Whether something is printed as several parts with operators between them.
fn is_joined(expr: &Expr) -> bool {
    match expr {
        Expr::Side(_) | Expr::And(_) => true,
        Expr::Or(parts) => kind_of_all(parts).is_none(),
        _ => false,
    }
}

fn join(f: &mut fmt::Formatter<'_>, parts: &[Expr], operator: &str) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(operator)?;
        }
        operand(f, part, !is_joined(part))?;
    }
    Ok(())
}

fn side(f: &mut fmt::Formatter<'_>, parts: &[Expr]) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            // One space would make one number of two.
            f.write_str(if ends_as_number(&parts[at - 1]) && starts_as_group(part) { "  " } else { " " })?;
        }
        operand(f, part, !is_joined(part))?;
    }
    Ok(())
}

/// Whether a part ends with a number that goes on with the three digits after it.
fn ends_as_number(part: &Expr) -> bool {
    match part {
        Expr::Word { text, form: Form::Plain, .. } => takes_digit_groups(text),
        Expr::Not(inner) | Expr::Within { inner, .. } => ends_as_number(inner),
        _ => false,
    }
}

/// Whether a part begins with three digits that go on with the number before them.
fn starts_as_group(part: &Expr) -> bool {
    match part {
        Expr::Word { text, form: Form::Plain, .. } => {
            let group = text.split(is_group_space).next().unwrap_or_default();
            group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit())
        }
        Expr::Boost { inner, .. } => starts_as_group(inner),
        _ => false,
    }
}

/// The kind of several facets, if all are facets and of one.
fn kind_of_all(parts: &[Expr]) -> Option<FacetKind> {
    let kind = |part: &Expr| if let Expr::Facet { kind, .. } = part { Some(*kind) } else { None };
    let first = parts.first().and_then(kind)?;
    (parts.len() > 1 && parts.iter().all(|part| kind(part) == Some(first))).then_some(first)
}

/// `groupe:(JNIM OU EIGS)`.
fn any_of(f: &mut fmt::Formatter<'_>, kind: FacetKind, parts: &[Expr]) -> fmt::Result {
    f.write_str(Field::Facet(kind).name())?;
    for (at, part) in parts.iter().enumerate() {
        f.write_str(if at == 0 { "(" } else { " OU " })?;
        if let Expr::Facet { value, .. } = part {
            value_of(f, kind, value)?;
        }
    }
    f.write_str(")")
}

fn value_of(f: &mut fmt::Formatter<'_>, kind: FacetKind, value: &str) -> fmt::Result {
    if Field::Facet(kind).is_bare(value) { f.write_str(value) } else { f.write_str(&quoted(value)) }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::query::{Part, parse};

    fn word(text: &str) -> Expr {
        Expr::Word { text: text.to_owned(), form: Form::Plain, span: 0..0 }
    }

    fn facet(kind: FacetKind, value: &str) -> Expr {
        Expr::Facet { kind, value: value.to_owned(), span: 0..0 }
    }

    /// A tree of which all spans are empty.
    pub(in super::super) fn without_spans(tree: &Expr) -> Expr {
        let all = |parts: &[Expr]| parts.iter().map(without_spans).collect();
        let boxed = |inner: &Expr| Box::new(without_spans(inner));
        let mut tree = tree.clone();
        match &mut tree {
            Expr::Word { span, .. } | Expr::Phrase { span, .. } | Expr::Facet { span, .. } => *span = 0..0,
            Expr::Within { inner, span, .. } => (*inner, *span) = (boxed(inner), 0..0),
            Expr::Boost { inner, .. } | Expr::Not(inner) => *inner = boxed(inner),
            Expr::Side(parts) | Expr::And(parts) | Expr::Or(parts) => *parts = all(parts),
        }
        tree
    }

    #[test]
    fn quotes_and_brackets_stand_where_they_are_needed() {
        let or = |parts| Expr::Or(parts);
        let [jnim, eigs] = ["JNIM", "EIGS"].map(|name| facet(FacetKind::Group, name));
        let not = |inner| Expr::Not(Box::new(inner));
        let within = |inner| Expr::Within { part: Part::Title, inner: Box::new(inner), span: 0..0 };
        let twice = |inner| Expr::Boost { inner: Box::new(inner), by: Factor::new(2.0).unwrap() };
        for (tree, want) in [
            (jnim.clone(), "groupe:JNIM"),
            (facet(FacetKind::Region, "Tin Zaouatine"), "région:\"Tin Zaouatine\""),
            (facet(FacetKind::Source, "ET"), "source:\"ET\""),
            (facet(FacetKind::Source, "\"rfi\""), "source:« \"rfi\" »"),
            (or(vec![jnim.clone(), eigs.clone()]), "groupe:(JNIM OU EIGS)"),
            (not(or(vec![jnim.clone(), eigs])), "-groupe:(JNIM OU EIGS)"),
            (or(vec![jnim, word("a")]), "groupe:JNIM OU a"),
            (Expr::Side(vec![or(vec![word("a"), word("b")]), not(word("c"))]), "(a OU b) -c"),
            (within(word("a")), "titre:a"),
            (within(not(word("a"))), "titre:(-a)"),
            (not(within(word("a"))), "-titre:a"),
            (not(not(word("a"))), "SAUF -a"),
            (twice(not(word("a"))), "(-a)^2"),
            (not(twice(word("a"))), "-a^2"),
            (Expr::Side(vec![word("15"), word("000")]), "15  000"),
        ] {
            assert_eq!(tree.to_string(), want);
            assert_eq!(without_spans(&parse(want).unwrap().unwrap()), tree, "{want}");
        }
    }

    #[test]
    fn factors_are_told_to_a_hundredth() {
        for (factor, want) in [(2.0, "2"), (1.5, "1.5"), (0.05, "0.05"), (1.25, "1.25"), (1000.0, "1000")] {
            assert_eq!(Factor::new(factor).unwrap().to_string(), want);
        }
    }

    /// Words that look like everything else.
    fn words() -> impl Strategy<Value = Expr> {
        let text = "[a-eéOUT0-9][a-eéOUET0-9:*~^!'’.,/«»-]{0,6}|ou|et|sauf|[0-9]{1,3}( [0-9]{3}){0,2}|titre:[?…]a|l'";
        let form = prop_oneof![3 => Just(Form::Plain), 1 => Just(Form::Prefix), 1 => (1_u8..=2).prop_map(Form::Fuzzy)];
        (text, form).prop_filter_map("no query writes it", |(text, form)| {
            let word = Expr::Word { text, form, span: 0..0 };
            // Text is what a parser makes of words, whatever surrounds them.
            let read = parse(&word.to_string()).ok().flatten()?;
            (without_spans(&read) == word).then_some(word)
        })
    }

    /// Texts that stood between one kind of quotes.
    fn inside_quotes() -> impl Strategy<Value = String> {
        let text = "[a-cé\"«»“”„^~*!:() OUET0-9-]{0,8}[a-c0-9][«»“”„\"a-c()!*.]{0,4}";
        text.prop_filter_map("no quotes hold it", |text: String| {
            let text = text.trim();
            ["\"", "»", "”"].iter().any(|closer| !text.contains(closer)).then(|| text.to_owned())
        })
    }

    fn phrases() -> impl Strategy<Value = Expr> {
        let slop = proptest::option::of(0_u32..=1000);
        (inside_quotes(), slop).prop_map(|(text, slop)| Expr::Phrase { text, slop, span: 0..0 })
    }

    fn facets() -> impl Strategy<Value = Expr> {
        let dates =
            ["2024", "2024-08", "2024-08-15", "août 2024", "15 août 2024", "2024..", "..2024", "2024-08-15 17:30"];
        let value = prop_oneof![
            "JNIM|RFI|ET|OU|SAUF|!JNIM|-a|Mali/Mopti|/Mali|@rfi|date:2024|a:b|a[.]b[.]|a\\^2|a~1|a[*]|[.][.]a",
            inside_quotes()
        ];
        let kind = prop_oneof![Just(FacetKind::Group), Just(FacetKind::Region), Just(FacetKind::Source)];
        let named = (kind, value).prop_map(|(kind, value)| facet(kind, &value));
        prop_oneof![3 => named, 1 => proptest::sample::select(dates.to_vec()).prop_map(|date| facet(FacetKind::Date, date))]
    }

    /// What operators make of some leaves.
    fn joined(leaves: impl Strategy<Value = Expr> + 'static) -> impl Strategy<Value = Expr> {
        leaves.prop_recursive(4, 24, 4, |inner| {
            let parts = || proptest::collection::vec(inner.clone(), 2..4);
            prop_oneof![
                parts().prop_map(Expr::Side),
                parts().prop_map(Expr::And),
                parts().prop_map(Expr::Or),
                inner.clone().prop_map(|inner| Expr::Not(Box::new(inner))),
                (inner.clone(), 1_u32..=100_000)
                    .prop_map(|(inner, hundredths)| Expr::Boost { inner: Box::new(inner), by: Factor { hundredths } }),
            ]
        })
    }

    fn trees() -> impl Strategy<Value = Expr> {
        let text = || prop_oneof![2 => words(), 1 => phrases()];
        let part = prop_oneof![Just(Part::Title), Just(Part::Text)];
        let within =
            (part, joined(text())).prop_map(|(part, inner)| Expr::Within { part, inner: Box::new(inner), span: 0..0 });
        joined(prop_oneof![4 => text(), 2 => facets(), 1 => within])
    }

    proptest! {
        #[test]
        fn printing_and_parsing_gives_the_same_tree(tree in trees()) {
            let printed = tree.to_string();
            let read = parse(&printed);
            prop_assert!(read.is_ok(), "{} {:?}", printed, read);
            prop_assert_eq!(without_spans(&read.unwrap().unwrap()), tree, "{}", printed);
        }
    }
}
