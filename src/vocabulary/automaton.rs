//! The automata: walked word by word, or looked up by a whole name.

use fst::Map;
use fst::raw::{CompiledAddr, Output};

use super::compile::{READING, section, target};
use super::key::keys;
use super::{ActorId, Bytes, PlaceId, Reading, Target, Vocabulary};

/// The bits of a target that tell its kind.
const KIND: u32 = target::SURNAME;

/// Words run together → the rows that stand for them.
pub(super) struct Automaton(Map<Bytes>);

/// How far a walk through an automaton has come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk {
    node: CompiledAddr,
    output: Output,
}

impl Automaton {
    /// The automaton of some bytes; nothing where they are none.
    pub(super) fn new(bytes: Bytes) -> Option<Self> {
        Map::new(bytes).ok().map(Self)
    }

    /// Where walks begin.
    pub(super) fn root(&self) -> Walk {
        Walk { node: self.0.as_fst().root().addr(), output: Output::zero() }
    }

    /// Walks on by a folded word; nothing where no key goes on so.
    pub(super) fn walk(&self, from: Walk, word: &str) -> Option<Walk> {
        let fst = self.0.as_fst();
        let mut node = fst.node(from.node);
        let mut output = from.output;
        for byte in word.bytes() {
            let transition = node.transition(node.find_input(byte)?);
            output = output.cat(transition.out);
            node = fst.node(transition.addr);
        }
        Some(Walk { node: node.addr(), output })
    }

    /// The rows that the walk up to here stands for; none where it is no whole key.
    pub(super) fn rows(&self, walk: Walk) -> std::ops::Range<usize> {
        let node = self.0.as_fst().node(walk.node);
        let value = if node.is_final() { walk.output.cat(node.final_output()).value() } else { 0 };
        let (start, count) = ((value >> 16) as usize, (value & 0xffff) as usize);
        start..start + count
    }
}

impl Vocabulary {
    /// Where walks through the names begin.
    pub(crate) fn root(&self) -> Walk {
        self.names.root()
    }

    /// Walks on by a folded word; nothing where no name goes on so.
    pub(crate) fn walk(&self, from: Walk, word: &str) -> Option<Walk> {
        self.names.walk(from, word)
    }

    /// What the walk up to here stands for, if it is a whole name.
    pub(crate) fn readings(&self, walk: Walk) -> impl Iterator<Item = Reading<'_>> {
        self.names.rows(walk).map(|row| self.reading(row))
    }

    /// What a name stands for, whatever its case, accents, hyphens and apostrophes.
    pub(crate) fn look_up(&self, name: &str) -> Vec<Reading<'_>> {
        let mut found: Vec<Reading<'_>> = Vec::new();
        for key in keys(name) {
            for reading in self.walk(self.root(), &key).into_iter().flat_map(|walk| self.readings(walk)) {
                if found.iter().all(|known| known.target != reading.target) {
                    found.push(reading);
                }
            }
        }
        found
    }

    pub(super) fn reading(&self, row: usize) -> Reading<'_> {
        let number = |at| self.number(section::READINGS, row, READING, at);
        let row = number(0) & !KIND;
        let target = match number(0) & KIND {
            target::ACTOR => Target::Actor(ActorId(row)),
            target::PLACE => Target::Place(PlaceId(row)),
            target::DEMONYM => Target::Demonym(PlaceId(row)),
            _ => Target::Surname,
        };
        Reading { target, spelling: self.text(number(1)), flags: number(2) }
    }
}
