//! Made-up French dispatches, the same on every machine, in any number: what benches run over.
//!
//! They are like real ones in what costs time: words of every frequency (Zipf), more of them the longer one reads
//! (Heaps), function words, elisions, accents, quotes, names and dates as often as the press has them, about eight
//! paragraphs of which each is a passage. They are made of our own patterns, tables and sample corpus alone.

#![allow(clippy::expect_used, reason = "tables and patterns of our own are sound")]

pub(crate) mod grammar;
pub(crate) mod lexicon;
pub(crate) mod random;
pub(crate) mod writer;

use grammar::Grammar;
use lexicon::Lexicon;
use random::Random;
use serde::Serialize;
use writer::Writer;

/// What all dispatches are drawn by.
pub(crate) const SEED: u64 = 2012;

/// One dispatch, as a record that `vigie index` reads.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Dispatch {
    /// Its number, from 0, in a form that sorts.
    pub(crate) id: String,
    /// Headline.
    pub(crate) title: String,
    /// Paragraphs, parted by blank lines.
    pub(crate) text: String,
    /// Who published it.
    pub(crate) source: String,
    /// Where.
    pub(crate) url: String,
    /// When: `2024-08-15`.
    pub(crate) published: String,
}

/// Makes dispatches by their numbers.
pub(crate) struct Generator {
    grammar: Grammar,
    lexicon: Lexicon,
    seed: u64,
}

impl Generator {
    /// A generator whose dispatches a seed decides.
    pub(crate) fn new(seed: u64) -> Self {
        Self { grammar: Grammar::new(include_str!("dispatches.txt")), lexicon: Lexicon::new(), seed }
    }

    /// The dispatch of a number: the same whichever others are made.
    pub(crate) fn dispatch(&self, number: u64) -> Dispatch {
        let seed = Random::new(self.seed.rotate_left(32) ^ number).next();
        let mut writer = Writer::new(&self.grammar, &self.lexicon, Random::new(seed));
        let (title, text) = (writer.line("titre"), writer.text());
        let source = writer.line("publication");
        let published = writer.published.to_string();
        let url = format!("https://exemple.invalid/{}/{number}", published.replace('-', "/"));
        Dispatch { id: format!("d{number:07}"), title, text, source, url, published }
    }

    /// The first dispatches, as JSON lines.
    pub(crate) fn lines(&self, count: u64) -> impl Iterator<Item = String> + '_ {
        let line = |number| serde_json::to_string(&self.dispatch(number)).expect("plain texts become JSON") + "\n";
        (0..count).map(line)
    }
}
