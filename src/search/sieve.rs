//! The sieve: a boolean tree over what is read of a segment, asked for one window of reports after the other.
//!
//! Each window is gone through twice: which reports answer, from the leaves up; and what each of these is worth, from the
//! root down. So a list is read once, whatever is asked of it, and what a report is worth is only told where it answers.

use tantivy::{DocId, Score, TERMINATED};

use super::lists::{Days, Found, List, Part, Queried};
use super::rows::Row;
use super::window::{Bits, WINDOW};
use super::worth::Worth;

/// What sums of bounds are taken to be more, so that no rounding puts a report above them.
const ROUNDED: Score = 1.0001;
/// A report is sought among those of a list where so many others of the list would be looked at for each.
const SOUGHT: usize = 8;

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
#[derive(Default)]
pub(super) struct Desk(Option<(Scores, Scores)>);

impl Desk {
    /// What each report is worth by the reading at hand, and by the best of those before.
    fn scores(&mut self) -> &mut (Scores, Scores) {
        self.0.get_or_insert_with(|| (Scores::new(), Scores::new()))
    }
}

/// Where reports are read from.
pub(super) enum Finder<'p> {
    List(Box<List>),
    Row(Box<Row<'p>>),
    Days(Days),
    Queried(Queried),
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
        if matches!(self.worth, Worth::Untold) {
            return;
        }
        let Found { places, times } = &self.found;
        if of.count() as usize * SOUGHT < places.len() {
            let mut at = 0;
            for place in of.places() {
                let Some(&next) = places.get(at) else { break };
                // Places differ, so that so many of them at most stand between two.
                let between = (place.saturating_sub(next) as usize).min(places.len() - at);
                at += places[at..at + between].partition_point(|&other| other < place);
                if places.get(at) == Some(&place) {
                    scores.add(place, self.worth.score(base + place, times[at]));
                }
            }
        } else {
            let found = places.iter().zip(times).filter(|&(&place, _)| of.has(place));
            found.for_each(|(&place, &times)| scores.add(place, self.worth.score(base + place, times)));
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
        let (here, best) = desk.scores();
        for reading in &self.0 {
            for source in reading {
                source.score(base, of, here);
            }
            each_met(reading, of, |place| best.raise(place, here.take(place)));
        }
        each_met(self.0.iter().flatten(), of, |place| scores.add(place, best.take(place)));
    }
}

/// Hands on all of some reports that any of some sources has, and maybe others of them or of the sources: whichever are
/// fewer. Some may come more than once.
fn each_met<'s, 'p: 's>(sources: impl IntoIterator<Item = &'s Source<'p>>, of: &Bits, each: impl FnMut(u32)) {
    let places = sources.into_iter().map(|source| source.found.places.as_slice()).collect::<Vec<_>>();
    if (of.count() as usize) < places.iter().map(|places| places.len()).sum() {
        of.places().for_each(each);
    } else {
        places.into_iter().flatten().copied().for_each(each);
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

    /// Drops those of some reports, which answer, that cannot be worth more than `least`: such as have only what is worth
    /// so little that all of it together is no more (`MaxScore`: Turtle and Flood, "Query evaluation: strategies and
    /// optimizations", 1995, here for one window at a time).
    pub(super) fn drop_hopeless(&self, least: Score, of: &mut Bits) {
        if least <= 0.0 {
            return;
        }
        let mut sources = Vec::new();
        let mut sum = self.sources(&mut sources);
        sources.sort_by(|a, b| a.worth.most().total_cmp(&b.worth.most()));
        let alone = sources.iter().take_while(|source| {
            sum += source.worth.most();
            sum * ROUNDED <= least
        });
        let alone = alone.count();
        if alone > 0 {
            let mut hopeful = Bits::NONE;
            for source in &sources[alone..] {
                hopeful.set_all(source.found.places.iter().copied());
            }
            of.keep(&hopeful);
        }
    }

    /// Collects what reports are worth something by; gives what each report is worth beside.
    fn sources<'s>(&'s self, into: &mut Vec<&'s Source<'p>>) -> Score {
        match &self.kind {
            Kind::Everything => 1.0,
            Kind::Readings(Readings(readings)) => {
                into.extend(readings.iter().flatten());
                0.0
            }
            Kind::All(checks) => wanted(checks).map(|part| part.sources(into)).sum(),
            Kind::Several(_, parts) => parts.iter().map(|part| part.sources(into)).sum(),
        }
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
