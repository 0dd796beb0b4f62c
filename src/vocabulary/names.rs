//! Names in a query, typed as people type them, and the other names of what they stand for.

use std::ops::Range;

use super::bearers::Bearer;
use super::forms::{Form, distinct, is_ordinary};
use super::key::{is_link, keys, spelled};
use super::{ACCENTS, CAPITAL, CAPITALS, CUE, EXACT, Level, Reading, SPELLED, Target, Vocabulary};
use crate::facet::FacetPath;
use crate::french::{Analyzer, Token};

/// Most words of a name.
const LONGEST: usize = 14;

/// What a name in a query stands for, and what its other names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A group; the others are its other names.
    Group,
    /// A place; the others are its other names.
    Place,
    /// A country; the others are the adjectives of its people.
    Country,
    /// The adjective of a people; the others are names of its country.
    Demonym,
}

/// A name in a query.
#[derive(Clone, Debug, PartialEq)]
pub struct NameFound {
    /// Which tokens of the query.
    pub tokens: Range<usize>,
    /// What it stands for.
    pub kind: NameKind,
    /// The facet of the group or the place; of the country, for the adjective of a people.
    pub path: FacetPath,
    /// Texts to be analysed, several words to be found in a row, all by their stems. The best known first, none twice,
    /// none that holds the name as it was typed. May be empty.
    pub others: Vec<String>,
}

impl Vocabulary {
    /// The names in a query, leftmost-longest; `tokens` are those of one text. A country stands in two rows, as a place
    /// and with its adjectives; other names do not overlap.
    ///
    /// Case, accents, hyphens, apostrophes and the function words of longer names do not count, but a word that is also
    /// an ordinary one has to be written as the name is. Names that need a cue are told only where the query has one;
    /// names of several things, and words for nobody in particular, are not told at all.
    #[must_use]
    pub fn names_in(&self, tokens: &[Token<'_>], analyzer: &mut Analyzer) -> Vec<NameFound> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let Some((end, bearer)) = self.longest(tokens, at) else {
                at += 1;
                continue;
            };
            self.tell(&bearer, tokens, at..end, analyzer, &mut found);
            at = end;
        }
        found
    }

    /// The longest name that begins with a token: one past its last token, and who bears it.
    fn longest(&self, tokens: &[Token<'_>], first: usize) -> Option<(usize, Bearer)> {
        let mut whole = Some(self.names.root());
        let mut bare = Some(self.bare.root()).filter(|_| !is_link(&tokens[first].terms.exact));
        let mut best = None;
        for (at, token) in tokens.iter().enumerate().skip(first).take(LONGEST) {
            if at > first && token.opens {
                break;
            }
            let word = token.terms.exact.as_str();
            let link = is_link(word);
            whole = whole.and_then(|walk| self.names.walk(walk, word));
            if !link {
                bare = bare.and_then(|walk| self.bare.walk(walk, word));
            }
            if whole.is_none() && bare.is_none() {
                break;
            }
            let range = first..at + 1;
            let rows = whole.map_or(0..0, |walk| self.names.rows(walk));
            let bearer = self.borne_in(rows, tokens, &range).or_else(|| {
                let rows = bare.filter(|_| !link).map_or(0..0, |walk| self.bare.rows(walk));
                self.borne_in(rows, tokens, &range)
            });
            best = bearer.map(|bearer| (at + 1, bearer)).or(best);
        }
        best
    }

    /// Who bears a name as it was typed.
    fn borne_in(&self, rows: Range<usize>, tokens: &[Token<'_>], range: &Range<usize>) -> Option<Bearer> {
        let readings: Vec<Reading<'_>> =
            rows.map(|row| self.reading(row)).filter(|reading| self.is_typed(reading, tokens, range)).collect();
        let bearer = self.bearer(&readings, tokens[range.start].surface.starts_with(char::is_uppercase))?;
        // Rivers have the names of countries.
        let before = tokens[..range.start].iter().rev().take(4).map(|token| token.terms.exact.as_str());
        let river = matches!(bearer, Bearer::Places(_)) && behind_water(before);
        Some(if river { Bearer::Open } else { bearer })
    }

    /// Whether a reading holds for what was typed.
    fn is_typed(&self, reading: &Reading<'_>, tokens: &[Token<'_>], range: &Range<usize>) -> bool {
        let typed = &tokens[range.clone()];
        // Keys run words together: `Bouar à` is not Bouara.
        if spaces(typed) >= reading.words() {
            return false;
        }
        let (before, behind) = (&tokens[..range.start], &tokens[range.end..]);
        let village = matches!(reading.target, Target::Place(place) if self.tier(place) > 2);
        if (village || !self.is_sure(reading)) && !self.is_backed(reading, before, behind) {
            return false;
        }
        let flags = reading.flags;
        if flags & EXACT != 0 && written(typed) == spelled(reading.spelling) {
            return true;
        }
        let level = if let Target::Place(place) = reading.target { Some(self.level(place)) } else { None };
        let broad = matches!(level, Some(Level::Country | Level::Zone));
        if flags & (ACCENTS | SPELLED) != 0 {
            let (typed, own) = (written(typed), spelled(reading.spelling));
            if typed.to_lowercase() != own.to_lowercase() || flags & SPELLED != 0 && typed != own {
                return false;
            }
        }
        flags & (EXACT | CAPITAL | CAPITALS) == 0 || broad && typed.len() > 1 || is_name(typed)
    }

    /// Whether a query makes a doubtful name sure: by a cue of the actor, by a place that the village lies in.
    fn is_backed(&self, reading: &Reading<'_>, before: &[Token<'_>], behind: &[Token<'_>]) -> bool {
        let cues: Vec<&str> = match reading.target {
            Target::Actor(actor) => self.cues(actor).collect(),
            Target::Place(place) if reading.flags & CUE == 0 => {
                let above = self.upwards(place).skip(1).filter(|&place| self.level(place) != Level::Country);
                above.map(|place| self.place_name(place)).collect()
            }
            _ => Vec::new(),
        };
        let stands = |cue: &str| [before, behind].iter().any(|tokens| holds(tokens, cue));
        cues.into_iter().flat_map(keys).any(|cue| stands(&cue))
    }

    /// Tells a name, unless it stays open whose it is.
    fn tell(
        &self,
        bearer: &Bearer,
        tokens: &[Token<'_>],
        range: Range<usize>,
        analyzer: &mut Analyzer,
        found: &mut Vec<NameFound>,
    ) {
        let typed = Form::new(&tokens[range.clone()]);
        let mut others = |main: &str, bearer: &Bearer| {
            let safe = |analyzer: &mut Analyzer, name: &str| self.is_safe(analyzer, name, bearer);
            distinct(analyzer, &typed, main, self.names_of(bearer), safe)
        };
        let mut add = |kind, path, others| found.push(NameFound { tokens: range.clone(), kind, path, others });
        match bearer {
            Bearer::Open => {}
            Bearer::Actor(actor) => {
                if let Some(path) = self.actor_path(*actor) {
                    add(NameKind::Group, path, others(self.actor_name(*actor), bearer));
                }
            }
            Bearer::Places(places) => {
                let (place, path) = (places[0], self.place_path(places[0]));
                add(NameKind::Place, path.clone(), others(self.place_name(place), bearer));
                if self.level(place) == Level::Country {
                    let adjectives = others("", &Bearer::Demonym(place));
                    if !adjectives.is_empty() {
                        add(NameKind::Country, path, adjectives);
                    }
                }
            }
            Bearer::Demonym(country) => {
                let names = others(self.place_name(*country), &Bearer::Places(vec![*country]));
                add(NameKind::Demonym, self.place_path(*country), names);
            }
        }
    }
}

/// Whether what follows some words, the nearest first, names a river or a lake: `le fleuve Niger`, `le delta du Niger`.
pub(crate) fn behind_water<'w>(mut before: impl Iterator<Item = &'w str>) -> bool {
    const WATERS: [&str; 12] = [
        "affluent", "bassin", "boucle", "cours", "delta", "fleuve", "lac", "marigot", "mare", "rive", "riviere",
        "rives",
    ];
    before
        .find(|word| !matches!(*word, "du" | "de" | "le" | "la" | "d" | "interieur" | "superieur" | "inferieur"))
        .is_some_and(|word| WATERS.contains(&word))
}

/// Whether the words of a key stand somewhere in a row.
fn holds(tokens: &[Token<'_>], key: &str) -> bool {
    (0..tokens.len()).any(|first| {
        let mut rest = key;
        for token in &tokens[first..] {
            match rest.strip_prefix(token.terms.exact.as_str()) {
                Some("") => return true,
                Some(further) => rest = further,
                None => return false,
            }
        }
        false
    })
}

/// How many spaces stand between the words, hyphens aside.
fn spaces(tokens: &[Token<'_>]) -> usize {
    let mut joined = 0;
    let mut spaces = 0;
    for token in tokens {
        spaces += usize::from(token.start >= joined);
        joined = token.joined.as_deref().map_or(joined.max(token.end), |(_, end)| *end);
    }
    spaces.saturating_sub(1)
}

/// What was typed, run together as [`spelled`] does.
fn written(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| spelled(token.surface)).collect()
}

/// Whether the words, as they were typed, are no ordinary ones: one of them is none, or all that carry a meaning have
/// a capital.
fn is_name(tokens: &[Token<'_>]) -> bool {
    let capital = |token: &&Token<'_>| token.surface.starts_with(char::is_uppercase);
    let mut content = tokens.iter().filter(|token| !is_link(&token.terms.exact));
    tokens.iter().any(|token| !is_ordinary(token)) || tokens.len() > 1 && content.all(|token| capital(&token))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::vocabulary::compile::compile;
    use crate::vocabulary::rows::{ActorRow, DemonymRow, PlaceRow, Row, Rows};

    /// A small vocabulary: id, acronym, full name, aliases, those that need a cue, cues; path, level, tier, aliases,
    /// flags.
    fn vocabulary(actors: &[[&str; 6]], places: &[[&str; 5]], demonyms: &[[&str; 2]]) -> Vocabulary {
        let row = |cells| Row { line: 0, cells };
        let demonym = |&[path, forms]: &[&str; 2]| DemonymRow {
            path: path.to_owned(),
            forms: forms.to_owned(),
            capital: String::new(),
        };
        let actor = |&[id, acronym, name, aliases, context_aliases, cues]: &[&str; 6]| ActorRow {
            id: id.to_owned(),
            acronym: acronym.to_owned(),
            name: name.to_owned(),
            aliases: aliases.to_owned(),
            context_aliases: context_aliases.to_owned(),
            cues: cues.to_owned(),
            facet: format!("/rebelle/{id}"),
            category: "rebelle".to_owned(),
            ..ActorRow::default()
        };
        let place = |&[path, level, tier, aliases, ambiguity_all]: &[&str; 5]| PlaceRow {
            path: path.to_owned(),
            name: path.rsplit('/').next().unwrap().to_owned(),
            level: level.to_owned(),
            tier: tier.to_owned(),
            aliases: aliases.to_owned(),
            ambiguity_all: ambiguity_all.to_owned(),
            ..PlaceRow::default()
        };
        let rows = Rows {
            actors: actors.iter().map(|cells| Row { line: 0, cells: actor(cells) }).collect(),
            places: places.iter().map(|cells| Row { line: 0, cells: place(cells) }).collect(),
            demonyms: demonyms.iter().map(demonym).map(row).collect(),
            ..Rows::default()
        };
        Vocabulary::from_bytes(compile(&rows, &str::to_owned).unwrap()).unwrap()
    }

    /// What is found in a query that begins behind another word: paths, and the other names.
    fn found(vocabulary: &Vocabulary, query: &str) -> Vec<(String, Vec<String>)> {
        let names = vocabulary.names_in(&Analyzer::new().analyze(query), &mut Analyzer::new());
        names.into_iter().map(|name| (name.path.to_string(), name.others)).collect()
    }

    fn one(vocabulary: &Vocabulary, query: &str) -> String {
        found(vocabulary, query).iter().map(|(_, others)| others.join(" | ")).collect::<Vec<_>>().join(" + ")
    }

    #[test]
    fn an_acronym_that_is_a_word_has_its_capitals() {
        let sabre = vocabulary(&[["a", "SABRE", "Section d'appui", "Sabords|Ligne bleue", "", ""]], &[], &[]);
        assert_eq!(one(&sabre, "la SABRE"), "Section d'appui | Ligne bleue");
        assert_eq!(found(&sabre, "le sabre, un Sabre"), []);
        // A search does not see the capital of « Sabords »; of « SABRE » it sees the capitals no better.
        assert_eq!(one(&sabre, "ligne bleue"), "Section d'appui");
    }

    #[test]
    fn doubtful_names_need_their_cue() {
        let ligue =
            vocabulary(&[["a", "LDX", "Ligue du désert", "Chevaliers", "LDX|Chevaliers", "Sahara central"]], &[], &[]);
        assert_eq!(found(&ligue, "attaque LDX"), []);
        assert_eq!(one(&ligue, "attaque ldx au Sahara central"), "Ligue du désert");
        assert_eq!(one(&ligue, "Ligue du désert"), "");
        assert_eq!(found(&ligue, "ligue désert").len(), 1);
    }

    #[test]
    fn what_several_bear_is_nobodys() {
        let [a, b] =
            [["a", "FXX", "Front rouge", "les Fauves", "", ""], ["b", "FYY", "Front vert", "les Fauves", "", ""]];
        let fronts = vocabulary(&[a, b], &[], &[]);
        assert_eq!(found(&fronts, "les Fauves"), []);
        assert_eq!(one(&fronts, "FXX contre front vert"), "Front rouge + FYY");
    }

    #[test]
    fn places_of_one_name_in_one_another_are_one() {
        let rows = [
            ["Sablonie", "country", "1", "", ""],
            ["Sablonie/Dounol", "region", "1", "Dunol", ""],
            ["Sablonie/Dounol/Dounol", "commune", "1", "Dounolle", ""],
            ["Sablonie/Est/Ziguel", "locality", "1", "Zigouel", ""],
            ["Sablonie/Est", "region", "1", "", "common_word_exact"],
            ["Sablonie/Dounol/Ziguel", "locality", "1", "Ziguelle", ""],
            ["Sablonie/Dounol/Karabo", "locality", "3", "Carabo|Dunol", ""],
        ];
        let sablonie = vocabulary(&[], &rows, &[["Sablonie", "sablonien|sablonienne"]]);
        assert_eq!(
            found(&sablonie, "dunol")[0],
            ("/Sablonie/Dounol".to_owned(), vec!["Dounol".into(), "Dounolle".into()])
        );
        assert_eq!(one(&sablonie, "Dounolle"), "Dounol | Dunol");
        assert_eq!(found(&sablonie, "Ziguel"), []);
        assert_eq!(one(&sablonie, "Zigouel"), "");
        // A village is one where what it lies in is named; « Dunol » is more than a village.
        assert_eq!(found(&sablonie, "Karabo"), []);
        assert_eq!(one(&sablonie, "Karabo Dounol"), "Carabo + Dunol | Dounolle");
        assert_eq!(one(&sablonie, "Sablonie"), " + sablonien");
        assert_eq!(found(&sablonie, "vers l'Est"), []);
    }

    #[test]
    fn rivers_are_no_countries() {
        let own = |query| Vocabulary::builtin().names_in(&Analyzer::new().analyze(query), &mut Analyzer::new()).len();
        assert_eq!([own("fleuve Niger"), own("les rives du fleuve Sénégal"), own("attaque au Niger")], [0, 0, 2]);
    }

    #[test]
    fn only_hyphens_run_words_together() {
        let place = vocabulary(&[], &[["Bouara", "locality", "1", "Boara", ""]], &[]);
        assert_eq!((found(&place, "Bouar à").len(), found(&place, "Bou-ara").len()), (0, 1));
    }

    proptest! {
        #[test]
        fn ranges_are_in_order_and_inside(
            words in prop::collection::vec("JNIM|mali|de|l'|Guinée|-|groupe|soutien|islam|musulmans|armée|malienne|coup|d'État|prise|otages|[a-zé'. -]{1,9}", 0..9)
        ) {
            let query = words.join(" ");
            let mut analyzer = Analyzer::new();
            let tokens = analyzer.analyze(&query);
            let (mut end, mut last) = (0, 0..0);
            for name in Vocabulary::builtin().names_in(&tokens, &mut analyzer) {
                prop_assert!(name.tokens == last || name.tokens.start >= end);
                prop_assert!(name.tokens.start < name.tokens.end && name.tokens.end <= tokens.len());
                (end, last) = (name.tokens.end, name.tokens);
            }
            end = 0;
            for family in Vocabulary::builtin().synonyms_in(&tokens, &mut analyzer) {
                prop_assert!(family.tokens.start >= end && family.tokens.start < family.tokens.end);
                prop_assert!(family.tokens.end <= tokens.len() && !family.others.is_empty());
                end = family.tokens.end;
            }
        }
    }
}
