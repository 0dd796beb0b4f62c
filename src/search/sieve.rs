//! The sieve: a boolean tree over what is read of a segment, asked for one window of reports after the other.
//!
//! Each window is gone through twice: which reports answer, from the leaves up; and what each of these is worth, from the
//! root down. So a list is read once, whatever is asked of it, and what a report is worth is only told where it answers.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25Weight;
use tantivy::{DocId, Score, TERMINATED};

use super::lists::{Days, Found, List, Part, Queried};
use super::rows::Row;
use super::window::{Bits, WINDOW};

/// What each report of a window is worth.
pub(super) struct Scores(Vec<Score>);

impl Scores {
    /// Nothing for any report.
    pub(super) fn new() -> Self {
        Self(vec![0.0; WINDOW as usize])
    }

    fn add(&mut self, place: u32, score: Score) {
        self.0[(place % WINDOW) as usize] += score;
    }

    fn raise(&mut self, place: u32, score: Score) {
        let known = &mut self.0[(place % WINDOW) as usize];
        *known = known.max(score);
    }

    /// What a report is worth; it has nothing then.
    pub(super) fn take(&mut self, place: u32) -> Score {
        std::mem::take(&mut self.0[(place % WINDOW) as usize])
    }
}

/// Where readings of a slot are compared, before the best of them counts.
pub(super) struct Desk {
    reading: Scores,
    best: Scores,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self { reading: Scores::new(), best: Scores::new() }
    }
}

/// Where reports are read from.
pub(super) enum Finder<'p> {
    List(Box<List>),
    Row(Box<Row<'p>>),
    Days(Days),
    Queried(Queried),
}

/// What a report is worth that was found.
pub(super) enum Worth {
    /// Nobody asks.
    Untold,
    /// The same for each.
    Same(Score),
    /// By how often it has what was looked for, how rare that is, and how long the report is.
    Rarity(Bm25Weight, FieldNormReader),
}

/// One thing to look for.
pub(super) struct Source<'p> {
    finder: Finder<'p>,
    worth: Worth,
    found: Found,
}

impl<'p> Source<'p> {
    pub(super) fn new(finder: Finder<'p>, worth: Worth) -> Self {
        Self { finder, worth, found: Found::default() }
    }

    /// The first report, from that at hand on, that it may have.
    fn doc(&self) -> DocId {
        match &self.finder {
            Finder::List(list) => list.doc(),
            Finder::Row(row) => row.doc(),
            Finder::Days(_) => 0,
            Finder::Queried(queried) => queried.doc(),
        }
    }

    /// How many reports it has, at most and about; nothing where nobody knows.
    fn len(&self) -> Option<u32> {
        match &self.finder {
            Finder::List(list) => Some(list.len()),
            Finder::Row(row) => Some(row.len()),
            Finder::Days(_) => None,
            Finder::Queried(queried) => Some(queried.len()),
        }
    }

    fn read(&mut self, part: Part<'_>, bits: &mut Bits) {
        let found = self.found.anew();
        let found = if matches!(self.worth, Worth::Untold) { None } else { Some(found) };
        match &mut self.finder {
            Finder::List(list) => list.read(part, bits, found),
            Finder::Row(row) => row.read(part, bits, found),
            Finder::Days(days) => days.read(part, bits),
            Finder::Queried(queried) => queried.read(part, bits, found),
        }
    }

    /// Adds to each of some reports what it is worth by this.
    fn score(&self, base: DocId, of: &Bits, scores: &mut Scores) {
        let found = self.found.places.iter().zip(&self.found.times).filter(|&(&place, _)| of.has(place));
        match &self.worth {
            Worth::Untold => {}
            Worth::Same(score) => found.for_each(|(&place, _)| scores.add(place, *score)),
            Worth::Rarity(rarity, norms) => {
                found.for_each(|(&place, &times)| {
                    scores.add(place, rarity.score(norms.fieldnorm_id(base + place), times));
                });
            }
        }
    }
}

/// What a slot may be: any of its readings, of which the best counts; within one, all add up.
pub(super) struct Readings<'p>(pub(super) Vec<Vec<Source<'p>>>);

impl Readings<'_> {
    fn score(&self, base: DocId, of: &Bits, desk: &mut Desk, scores: &mut Scores) {
        if let [only] = self.0.as_slice() {
            for source in only {
                source.score(base, of, scores);
            }
            return;
        }
        for reading in &self.0 {
            for source in reading {
                source.score(base, of, &mut desk.reading);
            }
            for &place in reading.iter().flat_map(|source| &source.found.places) {
                desk.best.raise(place, desk.reading.take(place));
            }
        }
        for &place in self.0.iter().flatten().flat_map(|source| &source.found.places) {
            scores.add(place, desk.best.take(place));
        }
    }
}

/// A tree of what to look for, with what was found of it in the window at hand.
pub(super) struct Sieve<'p> {
    kind: Kind<'p>,
    bits: Bits,
}

enum Kind<'p> {
    /// Every report.
    Everything,
    /// Reports that have what is looked for.
    Readings(Readings<'p>),
    /// All of some parts and none of others, in the order in which they are asked.
    All(Vec<Check<'p>>),
    /// At least so many of some parts.
    Several(usize, Vec<Sieve<'p>>),
}

/// What a report has to answer, or must not.
struct Check<'p> {
    sieve: Sieve<'p>,
    excludes: bool,
}

impl<'p> Sieve<'p> {
    fn new(kind: Kind<'p>) -> Self {
        Self { kind, bits: Bits::NONE }
    }

    pub(super) fn everything() -> Self {
        Self::new(Kind::Everything)
    }

    pub(super) fn readings(readings: Vec<Vec<Source<'p>>>) -> Self {
        Self::new(Kind::Readings(Readings(readings)))
    }

    /// All of some parts and none of others. To be in every report adds nothing to other parts.
    pub(super) fn all(mut parts: Vec<Self>, none_of: Vec<Self>) -> Self {
        parts.retain(|part| !matches!(part.kind, Kind::Everything));
        if parts.is_empty() {
            parts.push(Self::everything());
        }
        if none_of.is_empty() && parts.len() == 1 {
            return parts.swap_remove(0);
        }
        let wanted = parts.into_iter().map(|sieve| Check { sieve, excludes: false });
        let unwanted = none_of.into_iter().map(|sieve| Check { sieve, excludes: true });
        let mut checks: Vec<Check> = wanted.chain(unwanted).collect();
        // What is read at little cost goes before, exclusions too: what they drop need not be asked for at more cost. Of
        // equal cost, the rarest goes first.
        checks.sort_by_cached_key(|check| {
            let (dear, len) = check.sieve.cost();
            (dear, check.excludes, len)
        });
        Self::new(Kind::All(checks))
    }

    /// At least so many of some parts.
    pub(super) fn several(least: usize, mut parts: Vec<Self>) -> Self {
        if least == 1 && parts.len() == 1 { parts.swap_remove(0) } else { Self::new(Kind::Several(least, parts)) }
    }

    /// Whether it is dear to ask for a report, and how many reports there are, at most and about.
    fn cost(&self) -> (u8, u32) {
        let of = |parts: &[Self]| {
            let costs = parts.iter().map(Self::cost);
            costs.fold((0, 0), |(dear, sum), (more, len)| (dear.max(more), u32::saturating_add(sum, len)))
        };
        match &self.kind {
            Kind::Everything => (0, u32::MAX),
            Kind::Readings(Readings(readings)) => {
                let sources = || readings.iter().flatten();
                let dear = sources().map(|source| match source.finder {
                    Finder::List(_) => 0,
                    Finder::Queried(_) => 1,
                    Finder::Days(_) => 2,
                    Finder::Row(_) => 3,
                });
                let len = sources().fold(0, |sum: u32, source| sum.saturating_add(source.len().unwrap_or(u32::MAX)));
                (dear.max().unwrap_or(0), len)
            }
            Kind::All(checks) => {
                let dear = checks.iter().map(|check| check.sieve.cost().0).max();
                let len = wanted(checks).map(|part| part.cost().1).min();
                (dear.unwrap_or(0), len.unwrap_or(0))
            }
            Kind::Several(_, parts) => of(parts),
        }
    }

    /// The first report, from `base` on, that may answer; [`TERMINATED`] or beyond the segment where there is none.
    pub(super) fn next(&self, base: DocId) -> DocId {
        match &self.kind {
            Kind::Everything => base,
            Kind::Readings(Readings(readings)) => {
                let docs = readings.iter().flatten().map(|source| source.doc().max(base));
                docs.min().unwrap_or(TERMINATED)
            }
            Kind::All(checks) => wanted(checks).map(|part| part.next(base)).max().unwrap_or(TERMINATED),
            Kind::Several(_, parts) => parts.iter().map(|part| part.next(base)).min().unwrap_or(TERMINATED),
        }
    }

    /// The reports of a window that answer: of those that are wanted.
    pub(super) fn find(&mut self, part: Part<'_>) -> &Bits {
        let mut bits = Bits::NONE;
        match &mut self.kind {
            Kind::Everything => bits = part.all(),
            Kind::Readings(Readings(readings)) => {
                readings.iter_mut().flatten().for_each(|source| source.read(part, &mut bits));
            }
            Kind::All(checks) => {
                bits = part.wanted.cloned().unwrap_or_else(|| part.all());
                let mut begun = part.wanted.is_some();
                for check in checks {
                    let found = check.sieve.find(Part { wanted: begun.then_some(&bits), ..part });
                    if check.excludes {
                        bits.drop(found);
                    } else {
                        bits.keep(found);
                    }
                    begun = true;
                    if bits.is_empty() {
                        break;
                    }
                }
            }
            Kind::Several(1, parts) => parts.iter_mut().for_each(|one| bits.add(one.find(part))),
            Kind::Several(least, parts) => {
                let mut times = vec![0; WINDOW as usize];
                for one in parts {
                    one.find(part).places().for_each(|place| times[place as usize] += 1);
                }
                (0..).zip(times).filter(|(_, times)| times >= least).for_each(|(place, _)| bits.set(place));
                if *least == 0 {
                    bits.keep(&part.all());
                }
            }
        }
        if let Some(wanted) = part.wanted {
            bits.keep(wanted);
        }
        self.bits = bits;
        &self.bits
    }

    /// Adds to each of some reports, which answer, what it is worth.
    pub(super) fn score(&self, base: DocId, of: &Bits, desk: &mut Desk, scores: &mut Scores) {
        match &self.kind {
            Kind::Everything => of.places().for_each(|place| scores.add(place, 1.0)),
            Kind::Readings(readings) => readings.score(base, of, desk, scores),
            Kind::All(checks) => wanted(checks).for_each(|part| part.score(base, of, desk, scores)),
            Kind::Several(_, parts) => {
                for part in parts {
                    let mut here = part.bits.clone();
                    here.keep(of);
                    if !here.is_empty() {
                        part.score(base, &here, desk, scores);
                    }
                }
            }
        }
    }
}

/// The parts that a report has to answer.
fn wanted<'c, 'p>(checks: &'c [Check<'p>]) -> impl Iterator<Item = &'c Sieve<'p>> {
    checks.iter().filter(|check| !check.excludes).map(|check| &check.sieve)
}
