//! Annotation: what of a report is searched, filtered and counted: its tokens, its passages, and the facets that its
//! record gives or that its text tells.
//!
//! One pass over the tokens finds every name of the vocabulary (`matcher`); what stands around a name
//! (`surroundings`) and the countries that the report speaks of (`evidence`) decide which actor (`groups`) or place
//! (`places`, `homonyms`) it is and in which role (`roles`). Dates are read by [`french`](crate::french).

mod evidence;
mod facets;
mod groups;
mod homonyms;
mod matcher;
mod places;
mod roles;
mod surroundings;

use std::ops::Range;
use std::sync::Arc;

use crate::date::DateSpan;
use crate::facet::FacetPath;
use crate::french::{Analyzer, Reading, Token, dates_outside};
use crate::passages::{Passage, passages};
use crate::report::Report;
use crate::vocabulary::{Level, PlaceId, Vocabulary};

pub use facets::{DateFacet, Facet, Own};
pub use roles::Role;

use evidence::Evidence;
use groups::{Actors, armies_of, groups, settle_armies};
use matcher::{Memory, scan};
use places::{Places, places};
use roles::date_role;
use surroundings::Piece;

/// Raised by hand whenever the same text may give other facets than before with the same tables.
pub(crate) const ANNOTATION_VERSION: u32 = 1;

/// Words between the place and the day of a dateline: « Bamako, le 9 janvier ».
const DATELINE: usize = 3;

/// A report, analysed once.
#[derive(Debug)]
pub struct Annotated<'r> {
    /// The report itself.
    pub report: &'r Report,
    /// Tokens of the title.
    pub title: Vec<Token<'r>>,
    /// Tokens of the text.
    pub tokens: Vec<Token<'r>>,
    /// Passages of the text; at least one.
    pub passages: Vec<Passage>,
    /// Armed groups and forces with all their mentions, in the order of the text.
    pub groups: Vec<Facet>,
    /// Places with all their mentions, in the order of the text.
    pub regions: Vec<Facet>,
    /// Dates with all their mentions, in the order of the text.
    pub dates: Vec<DateFacet>,
    /// What could be a name or a date and stays open.
    pub unresolved: Vec<Unresolved>,
    /// What each passage tells itself.
    pub own: Vec<Own>,
}

/// Where a mention stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// In the title.
    Title,
    /// In the text.
    Text,
}

/// A name or a date in a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where.
    pub part: Part,
    /// Its bytes there, half-open.
    pub bytes: Range<usize>,
    /// Its tokens there.
    pub tokens: Range<usize>,
    /// How it was recognized.
    pub rule: &'static str,
    /// What it is to the report.
    pub role: Role,
}

/// What could be a name or a date, and why it is neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// Where.
    pub part: Part,
    /// Its bytes there, half-open.
    pub bytes: Range<usize>,
    /// Whether it could be a date; else it could be a name.
    pub is_date: bool,
    /// Why it stays open.
    pub why: String,
}

/// How a name was recognized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    Acronym,
    Alias,
    Ancestor,
    Country,
    Cue,
    Dateline,
    Name,
    NameCue,
    Row,
}

impl Rule {
    fn name(self) -> &'static str {
        match self {
            Self::Acronym => "acronym",
            Self::Alias => "alias",
            Self::Ancestor => "ancestor",
            Self::Country => "country",
            Self::Cue => "alias+cue",
            Self::Dateline => "dateline",
            Self::Name => "name",
            Self::NameCue => "name+cue",
            Self::Row => "row",
        }
    }
}

/// A name that was settled.
#[derive(Clone, Debug)]
struct Spot<T> {
    piece: usize,
    tokens: Range<usize>,
    value: T,
    rule: Rule,
    role: Role,
}

/// A name that stayed open.
struct Open {
    piece: usize,
    tokens: Range<usize>,
    why: String,
}

/// What annotation needs to know of a vocabulary; made once and shared between threads.
#[derive(Debug)]
pub struct Knowledge {
    vocabulary: Arc<Vocabulary>,
    actors: Actors,
    places: Places,
}

impl Knowledge {
    /// Draws from a vocabulary what annotation needs.
    #[must_use]
    pub fn new(vocabulary: Arc<Vocabulary>) -> Self {
        let (actors, places) = (Actors::new(&vocabulary), Places::new(&vocabulary));
        Self { vocabulary, actors, places }
    }

    /// The vocabulary itself.
    #[must_use]
    pub fn vocabulary(&self) -> &Arc<Vocabulary> {
        &self.vocabulary
    }
}

/// Annotates reports one after the other. Not shared between threads: each has its own.
pub struct Annotator {
    knowledge: Arc<Knowledge>,
    analyzer: Analyzer,
    memory: Memory,
    paths: facets::Paths,
    /// Whether names and dates are looked for.
    finds: bool,
}

impl Annotator {
    /// An annotator that has seen nothing yet.
    #[must_use]
    pub fn new(knowledge: Arc<Knowledge>) -> Self {
        let (memory, paths) = (Memory::default(), facets::Paths::default());
        Self { knowledge, analyzer: Analyzer::new(), memory, paths, finds: true }
    }

    /// An annotator that looks for nothing unless it is to: the facets of a report are then those that its record gives.
    #[must_use]
    pub fn looking(self, finds: bool) -> Self {
        Self { finds, ..self }
    }

    /// Analyses a report, finds what it names, and collects its facets.
    pub fn annotate<'r>(&mut self, report: &'r Report) -> Annotated<'r> {
        let (title, tokens) = self.analyze(report);
        self.annotate_tokens(report, title, tokens)
    }

    /// The tokens of a report's title and of its text.
    pub fn analyze<'r>(&mut self, report: &'r Report) -> (Vec<Token<'r>>, Vec<Token<'r>>) {
        let title = report.title.as_deref().map(|title| self.analyzer.analyze(title)).unwrap_or_default();
        (title, self.analyzer.analyze(&report.text))
    }

    /// The same for a report whose title and text are analysed already.
    pub fn annotate_tokens<'r>(
        &mut self,
        report: &'r Report,
        title: Vec<Token<'r>>,
        tokens: Vec<Token<'r>>,
    ) -> Annotated<'r> {
        let found = if self.finds { self.find(report, &title, &tokens) } else { facets::Findings::default() };
        let passages = passages(&report.text, &tokens);
        let mut annotated = Annotated {
            report,
            title,
            tokens,
            passages,
            groups: Vec::new(),
            regions: Vec::new(),
            dates: Vec::new(),
            unresolved: Vec::new(),
            own: Vec::new(),
        };
        let Knowledge { vocabulary, actors, .. } = &*self.knowledge;
        facets::collect(vocabulary, actors, &mut self.paths, found, &mut annotated);
        annotated
    }

    /// Finds the names of a report's title and text.
    fn find(&mut self, report: &Report, title: &[Token<'_>], tokens: &[Token<'_>]) -> facets::Findings {
        let knowledge = &*self.knowledge;
        let vocabulary = &*knowledge.vocabulary;
        let memory = &mut self.memory;
        let heading = report.title.as_deref().unwrap_or("");
        let pieces = [(heading, title), (report.text.as_str(), tokens)]
            .map(|(text, tokens)| Piece::new(text, tokens, scan(vocabulary, memory, text, tokens)));
        let is_title = |piece: usize| piece == 0;
        let evidence = Evidence::gather(vocabulary, &knowledge.actors, &pieces, is_title);
        let mut actors = groups(vocabulary, &knowledge.actors, &pieces, &evidence);
        for (number, piece) in pieces.iter().enumerate() {
            actors.extend(armies_of(vocabulary, &knowledge.actors, piece, number));
        }
        let mut of_actors = [&pieces[0], &pieces[1]].map(|piece| vec![false; piece.tokens.len()]);
        for spot in &actors {
            of_actors[spot.piece][spot.tokens.clone()].fill(true);
        }
        let taken = |piece: usize, at: usize| of_actors[piece].get(at).is_some_and(|&taken| taken);
        let (regions, open) = places(vocabulary, &knowledge.places, &pieces, &evidence, is_title, taken);
        settle_armies(&knowledge.actors, &pieces, &mut actors, owner_of_army(vocabulary, &regions, &evidence));
        let mut unresolved: Vec<Unresolved> = open
            .into_iter()
            .map(|open| Unresolved {
                part: part(open.piece),
                bytes: pieces[open.piece].bytes(&open.tokens),
                is_date: false,
                why: open.why,
            })
            .collect();
        let mut days = Vec::new();
        let dateline = regions.iter().find(|place| place.rule == Rule::Dateline).map(|place| place.tokens.end);
        for (number, piece) in pieces.iter().enumerate() {
            // A name consumes its date: « le Mouvement du 23 mars ».
            let names: Vec<Range<usize>> =
                actors.iter().filter(|spot| spot.piece == number).map(|spot| piece.bytes(&spot.tokens)).collect();
            for date in dates_outside(piece.text, piece.tokens, report.published, &names) {
                let (part, bytes) = (part(number), date.start..date.end);
                match date.reading {
                    Reading::Days(span) => {
                        let tokens = piece.tokens_of(&bytes);
                        let role = if dateline.is_some_and(|end| number == 1 && tokens.start <= end + DATELINE) {
                            Role::Mention
                        } else {
                            date_role(piece, &tokens, span, report.published)
                        };
                        days.push((span, Mention { part, bytes, tokens, rule: date.rule.as_str(), role }));
                    }
                    Reading::Unresolved(why) => {
                        unresolved.push(Unresolved { part, bytes, is_date: true, why: why.to_string() });
                    }
                }
            }
        }
        unresolved.sort_by_key(|open| (open.part, open.bytes.start));
        facets::Findings {
            actors: actors.iter().map(|spot| (spot.value, mention(&pieces, spot))).collect(),
            places: regions.iter().map(|spot| (spot.value, mention(&pieces, spot))).collect(),
            dates: days,
            unresolved,
        }
    }
}

/// The country whose army « l'armée » is: that of the places where something happened, if it is one, else the one that
/// the report most speaks of.
fn owner_of_army(vocabulary: &Vocabulary, places: &[Spot<PlaceId>], evidence: &Evidence) -> Option<PlaceId> {
    let events = places.iter().filter(|spot| spot.role == Role::Event && vocabulary.level(spot.value) != Level::Zone);
    let mut countries: Vec<PlaceId> = events.map(|spot| vocabulary.country(spot.value)).collect();
    countries.sort_unstable();
    countries.dedup();
    if let [only] = countries[..] { Some(only) } else { evidence.leading() }
}

fn part(piece: usize) -> Part {
    if piece == 0 { Part::Title } else { Part::Text }
}

fn mention<T>(pieces: &[Piece<'_, '_>], spot: &Spot<T>) -> Mention {
    Mention {
        part: part(spot.piece),
        bytes: pieces[spot.piece].bytes(&spot.tokens),
        tokens: spot.tokens.clone(),
        rule: spot.rule.name(),
        role: spot.role,
    }
}

impl Annotated<'_> {
    /// The names that stayed open, as written.
    pub fn open_names(&self) -> impl Iterator<Item = &str> {
        self.unresolved.iter().filter(|open| !open.is_date).map(|open| self.surface(open.part, &open.bytes))
    }

    /// The bytes of the title or of the text.
    #[must_use]
    pub fn surface(&self, part: Part, bytes: &Range<usize>) -> &str {
        let text = match part {
            Part::Title => self.report.title.as_deref().unwrap_or(""),
            Part::Text => &self.report.text,
        };
        text.get(bytes.clone()).unwrap_or("")
    }

    /// The groups to filter and count by: those that are more than mentioned, given ones among them.
    #[must_use]
    pub fn group_facets(&self) -> Vec<FacetPath> {
        facets::paths(&self.groups, |role| role != Role::Mention)
    }

    /// The groups that are only mentioned.
    #[must_use]
    pub fn mentioned_groups(&self) -> Vec<FacetPath> {
        facets::paths(&self.groups, |role| role == Role::Mention)
    }

    /// The places to filter and count by, in every division they lie in, without those that hold others.
    #[must_use]
    pub fn region_facets(&self) -> Vec<FacetPath> {
        facets::paths(&self.regions, |role| role != Role::Mention)
    }

    /// The places that are only mentioned.
    #[must_use]
    pub fn mentioned_regions(&self) -> Vec<FacetPath> {
        facets::paths(&self.regions, |role| role == Role::Mention)
    }

    /// Days of what is reported, in order; empty where no event has a date.
    #[must_use]
    pub fn events(&self) -> Vec<DateSpan> {
        facets::spans(&self.dates, |role| role != Role::Mention)
    }

    /// What title and text tell, whatever the record gives, without what is only mentioned.
    #[must_use]
    pub fn found(&self) -> Own {
        facets::found(self)
    }

    /// Dates that are only mentioned.
    #[must_use]
    pub fn mentioned_dates(&self) -> Vec<DateSpan> {
        facets::spans(&self.dates, |role| role == Role::Mention)
    }

    /// The dates to filter and count by: those of the events, else the day of publication.
    #[must_use]
    pub fn days(&self) -> Vec<DateSpan> {
        let events = self.events();
        if events.is_empty() { self.report.published.map(DateSpan::day).into_iter().collect() } else { events }
    }
}
