//! Queries that nobody means: whatever is typed or pasted gives a tree or an error, soon, and never a panic.

use super::print::tests::without_spans;
use super::{Expr, parse};

/// What strings are made of: all that means something, much that looks like it, and what is written in other ways.
const PIECES: &str = "a|b|é|É|e\u{301}|œ|ß|中|ع|👍🏽|mot|armée|l'|l’|d'|aujourd'hui|N'Djamena|M23|15|000|1 234|07|2024|\
    2024-08|2024-08-15|août|17:30|http://x.y/z?a=b|O.N.U.|et|ou|ET|OU|SAUF|AND|OR|NOT|groupe:|Group:|région:|RE\u{301}GION:|\
    date:|titre:|title:|source:|texte:|lieu:|JNIM|Mali/Mopti|/|//|\"|\"|«|»|“|”|„|‟|‘|'|’|(|)|(|)|[|]|-|-|--|–|—|*|~|~1|~5|^|^2|\
    ^1,5|!|?|...|…|..|:|,|.|\u{a0}|\u{202f}|\0|\u{200b}";

/// What long strings repeat.
const UNITS: &str = "\"|«|»|“|„|‟|\"a\"|\" |«»|„“|(|)|()|(a|(a)|)(|-|--|- |-a |-(|a-|a:|:|a:a |titre:|titre: |titre:a |titre:(|\
    groupe:(a) |groupe:|groupe:(|groupe:! |date:a |date:2024 |date:2024..|date:15 |date:15 août |date:( |!groupe:a |OU |a OU |\
    a OU OU OU |ET |a ET |SAUF |a SAUF |NOT a OU |*|a*|a* |*~|~|a~|a~1|a~ |~1~|^|^2|a^2 |a^2|(a)^2 |\"a\"~2 |\"\"~2|1 000 |000 |\
    1,|1.|^1.|!|?|…|'|l'|’|é|e\u{301}|\u{301}|👍|\0|\u{a0}|/|a/|\n|a b ET c OU ";

/// A small generator, so that every run has the same strings (xorshift64*).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).unwrap() % bound
    }

    /// Some pieces, with spaces between some of them.
    fn string(&mut self, pieces: &[&str]) -> String {
        let mut text = String::new();
        for _ in 0..=self.below(14) {
            text += pieces[self.below(pieces.len())];
            text += ["", "", " "][self.below(3)];
        }
        text
    }
}

/// Parses, and checks what every answer has to keep; says whether it was a tree.
fn hold(text: &str) -> bool {
    match parse(text) {
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{text:?}: {error:?}");
            assert!(!error.message.is_empty(), "{text:?}");
            false
        }
        Ok(None) => false,
        Ok(Some(tree)) => {
            for leaf in tree.leaves() {
                let source = leaf.source(text).unwrap_or_else(|| panic!("{text:?}: {leaf:?}"));
                assert!(source.trim() == source && !source.is_empty(), "{text:?}: {leaf:?}");
                if let Expr::Phrase { text: words, .. } | Expr::Facet { value: words, .. } = leaf {
                    assert!(source.contains(words.as_str()), "{text:?}: {leaf:?}");
                }
            }
            let printed = tree.to_string();
            let again = parse(&printed).unwrap_or_else(|error| panic!("{text:?} as {printed:?}: {error:?}"));
            assert_eq!(again.as_ref().map(without_spans), Some(without_spans(&tree)), "{text:?} as {printed:?}");
            true
        }
    }
}

#[test]
fn a_hundred_thousand_strings_parse() {
    let mut dice = Dice(0x5EED_0F71_61E5_EA2C);
    let pieces: Vec<&str> = PIECES.split('|').collect();
    let trees = (0..100_000).filter(|_| hold(&dice.string(&pieces))).count();
    // The strings have to be worth parsing.
    assert!(trees > 40_000, "{trees}");
}

#[test]
fn long_repetitions_parse() {
    let mut trees = 0;
    for unit in UNITS.split('|') {
        for (before, after) in
            [("", ""), ("a ", " b"), ("groupe:(", ")"), ("titre:(", ")"), ("\"", "\""), ("date:", "")]
        {
            let text = format!("{before}{}{after}", unit.repeat((16_000 - before.len()) / unit.len()));
            // Printing may make a query too long to be read again.
            match parse(&text) {
                Ok(Some(tree)) => {
                    trees += 1;
                    assert!(tree.source(&text).is_some() && !tree.to_string().is_empty(), "{unit}");
                }
                Ok(None) => {}
                Err(error) => assert!(text.get(error.span).is_some(), "{unit}"),
            }
        }
    }
    assert!(trees > 100, "{trees}");
}
