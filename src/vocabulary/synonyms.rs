//! Words in a query, and what else says the same: the families of `synonyms.csv`.

use std::ops::Range;

use super::Vocabulary;
use super::compile::{ROUTE, section};
use super::forms::Form;
use super::rows::list;
use crate::french::{Analyzer, Token};

/// Words of a query that belong to families.
#[derive(Clone, Debug, PartialEq)]
pub struct SynonymsFound {
    /// Which tokens of the query.
    pub tokens: Range<usize>,
    /// What says the same or nearly: texts to be analysed, several words to be found in a row, all by their stems;
    /// each with how near it is, over 0 and up to 1. The nearest first, none twice, none that holds what was typed.
    pub others: Vec<(String, f32)>,
}

/// A family: a line of the compiled table.
struct Family<'v> {
    weight: f32,
    words: &'v str,
    to: &'v str,
}

impl Vocabulary {
    /// The families of the words of a query, leftmost-longest, without overlap. A member of several words is also
    /// found without its function words, and in any inflection. `tokens` are those of one text.
    ///
    /// Where they overlap with [`Vocabulary::names_in`], what has more tokens holds, and names where both have as many:
    /// « armée » is part of « armée malienne », and « Afrique de l'Ouest » of the full name of the Cédéao.
    #[must_use]
    pub fn synonyms_in(&self, tokens: &[Token<'_>], analyzer: &mut Analyzer) -> Vec<SynonymsFound> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let (end, others) = self.family_at(analyzer, tokens, at);
            if !others.is_empty() {
                found.push(SynonymsFound { tokens: at..end, others });
            }
            at = end;
        }
        found
    }

    /// Where the longest member that begins with a token ends, and what its families say.
    fn family_at(&self, analyzer: &mut Analyzer, tokens: &[Token<'_>], first: usize) -> (usize, Vec<(String, f32)>) {
        let mut longest = first + 1;
        let mut members: Vec<(f32, Vec<&str>)> = Vec::new();
        for family in self.families_of(&tokens[first]) {
            let ends: Vec<(&str, Option<usize>)> =
                list(family.words).map(|member| (member, end_of(&analyzer.analyze(member), tokens, first))).collect();
            let Some(end) = ends.iter().filter_map(|(_, end)| *end).max().filter(|end| *end >= longest) else {
                continue;
            };
            if end > longest {
                members.clear();
                longest = end;
            }
            let others = if family.to.is_empty() {
                ends.into_iter().filter(|(_, other)| *other != Some(end)).map(|(member, _)| member).collect()
            } else {
                list(family.to).collect()
            };
            members.push((family.weight, others));
        }
        members.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let typed = Form::new(&tokens[first..longest]);
        let mut found: Vec<(Form, String, f32)> = Vec::new();
        for (weight, others) in members {
            for other in others {
                let form = Form::new(&analyzer.analyze(other));
                if !form.holds(&typed) && !found.iter().any(|(known, ..)| known.is(&form)) {
                    found.push((form, other.to_owned(), weight));
                }
            }
        }
        (longest, found.into_iter().map(|(_, text, weight)| (text, weight)).collect())
    }

    /// The families of which a member may begin with a token, in the order of the table.
    fn families_of(&self, token: &Token<'_>) -> impl Iterator<Item = Family<'_>> {
        let stems = token.stems().map(|stem| stem.trim_start_matches('@'));
        let mut starts: Vec<u32> = Vec::new();
        if !token.is_stop() {
            for key in std::iter::once(token.terms.exact.as_str()).chain(stems) {
                let walk = self.families.walk(self.families.root(), key);
                let routes = walk.into_iter().flat_map(|walk| self.families.rows(walk));
                starts.extend(routes.map(|row| self.number(section::ROUTES, row, ROUTE, 0)));
            }
        }
        starts.sort_unstable();
        starts.dedup();
        starts.into_iter().filter_map(|start| self.family(start as usize))
    }

    /// The family whose line starts with a byte of the section.
    fn family(&self, start: usize) -> Option<Family<'_>> {
        let line = std::str::from_utf8(self.section(section::LINES).get(start..)?).ok()?.lines().next()?;
        let mut cells = line.split('\t');
        Some(Family { weight: cells.next()?.parse().ok()?, words: cells.next()?, to: cells.next()? })
    }
}

/// The stem of a lower-case word, by which the compiled table finds families.
pub(super) fn stem(word: &str) -> String {
    let tokens = Analyzer::new().analyze(word);
    tokens.first().and_then(|token| token.terms.stems.first()).map_or(word, String::as_str).to_owned()
}

/// Where a member ends that begins with a token of a query; function words do not count.
fn end_of(member: &[Token<'_>], tokens: &[Token<'_>], first: usize) -> Option<usize> {
    let mut end = first;
    for word in member.iter().filter(|word| !word.is_stop()) {
        while end > first && tokens.get(end).is_some_and(|token| token.is_stop() && !token.opens) {
            end += 1;
        }
        tokens.get(end).filter(|token| (end == first || !token.opens) && is_word_of(word, token))?;
        end += 1;
    }
    (end > first).then_some(end)
}

/// Whether a word of a query is that of a member: in any inflection, an acronym in any case.
fn is_word_of(member: &Token<'_>, typed: &Token<'_>) -> bool {
    member.terms.exact == typed.terms.exact || member.stems().any(|stem| typed.stems().any(|other| other == stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> Vec<(Range<usize>, Vec<String>)> {
        let vocabulary = Vocabulary::builtin();
        let synonyms = vocabulary.synonyms_in(&Analyzer::new().analyze(query), &mut Analyzer::new());
        synonyms
            .into_iter()
            .map(|found| (found.tokens, found.others.into_iter().map(|(text, _)| text).collect()))
            .collect()
    }

    #[test]
    fn every_member_finds_the_rest_of_its_family() {
        // What the build script took for the stem of a word has to be what the chain makes of it.
        let vocabulary = Vocabulary::builtin();
        let lines = std::str::from_utf8(vocabulary.section(section::LINES)).unwrap();
        assert!(lines.lines().count() > 100);
        let mut analyzer = Analyzer::new();
        for line in lines.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            for word in list(cells[1]) {
                let tokens = analyzer.analyze(word);
                let content = tokens.iter().position(|token| !token.is_stop()).unwrap();
                let typed = Form::new(&tokens);
                let others = vocabulary.synonyms_in(&tokens, &mut analyzer);
                let others = others.iter().find(|found| found.tokens == (content..tokens.len()));
                for other in list(cells[1]).filter(|_| cells[2].is_empty()).chain(list(cells[2])) {
                    let form = Form::new(&analyzer.analyze(other));
                    let told = others.is_some_and(|found| {
                        found.others.iter().any(|(text, _)| Form::new(&analyzer.analyze(text)).is(&form))
                    });
                    assert_ne!(told, form.holds(&typed), "{word}: {other}");
                }
            }
        }
    }

    #[test]
    fn the_longest_member_wins_in_any_inflection() {
        let (range, others) = found("des engins explosifs improvisés").remove(0);
        assert!(range == (1..4) && others.contains(&"EEI".to_owned()), "{range:?} {others:?}");
        assert_eq!(found("prise otage")[0].0, 0..2);
        assert_eq!(found("prise. D'otages")[0].0, 1..2);
        assert_eq!(found("la mine d'or")[0], found("les mines d'or")[0]);
        assert_ne!(found("la mine")[0].1, found("la mine d'or")[0].1);
    }

    #[test]
    fn the_nearest_comes_first_and_nothing_twice() {
        let tokens = "frappe aérienne";
        let found = Vocabulary::builtin().synonyms_in(&Analyzer::new().analyze(tokens), &mut Analyzer::new()).remove(0);
        assert!(found.others.len() > 3 && found.others.is_sorted_by(|a, b| a.1 >= b.1), "{:?}", found.others);
        let mut texts: Vec<&String> = found.others.iter().map(|(text, _)| text).collect();
        texts.sort();
        assert!(texts.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn one_direction_is_one_direction() {
        let finds = |query: &str, other: &str| found(query).iter().any(|(_, others)| others.iter().any(|o| o == other));
        assert!(finds("djihadistes", "groupe armé terroriste") && !finds("groupe armé terroriste", "djihadiste"));
        assert!(finds("armée", "soldat") && !finds("soldat", "armée"));
    }

    #[test]
    fn an_acronym_may_be_typed_in_any_case() {
        assert_eq!(found("EEI"), found("eei"));
        assert_eq!(found("attaque à l'ied")[1].0, 2..3);
    }

    #[test]
    fn the_tables_of_a_folder_bring_their_own() {
        let dir = tempfile::tempdir().unwrap();
        let tables = [
            ("actors.csv", "id,name,category,facet\neln,Armée de libération,rebelle,/rebelle/ELN\n"),
            ("places.csv", "path,name,level\nColombie,Colombie,country\n"),
            ("synonyms.csv", "weight,words\n0.6,prise d'otage|séquestration|PDO\n"),
        ];
        for (file, text) in tables {
            std::fs::write(dir.path().join(file), text).unwrap();
        }
        let bytes = Vocabulary::compile(dir.path()).unwrap().as_bytes().to_vec();
        let vocabulary = Vocabulary::from_bytes(bytes).unwrap();
        let found = |query: &str| vocabulary.synonyms_in(&Analyzer::new().analyze(query), &mut Analyzer::new());
        let others = [("séquestration".to_owned(), 0.6), ("PDO".to_owned(), 0.6)];
        assert_eq!(found("des prises d'otages"), [SynonymsFound { tokens: 1..3, others: others.to_vec() }]);
        assert_eq!((found("séquestrations").len(), found("pdo").len(), found("tuerie").len()), (1, 1, 0));
        std::fs::remove_file(dir.path().join("synonyms.csv")).unwrap();
        let without = Vocabulary::compile(dir.path()).unwrap();
        assert_eq!(without.synonyms_in(&Analyzer::new().analyze("séquestration"), &mut Analyzer::new()), []);
    }
}
