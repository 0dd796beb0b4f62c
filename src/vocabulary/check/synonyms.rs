//! Checks of `synonyms.csv`.

use std::collections::{HashMap, HashSet};

use super::actors::names;
use super::{Sink, values};
use crate::french::Analyzer;
use crate::vocabulary::compile::{CUE, actor_flags};
use crate::vocabulary::key::keys;
use crate::vocabulary::rows::{Row, Rows, SYNONYMS, SynonymRow, list};

pub(super) fn check(sink: &mut Sink, rows: &Rows) {
    let mut analyzer = Analyzer::new();
    let actors = actors(rows);
    let mut related: HashMap<(String, String), u64> = HashMap::new();
    for Row { line, cells: row } in &rows.synonyms {
        let line = *line;
        for (column, cell) in [("words", &row.words), ("to", &row.to)] {
            values(sink, SYNONYMS, line, column, cell);
        }
        if row.weight().is_none() {
            sink.error(SYNONYMS, line, format!("no weight “{}”", row.weight), "over 0 and up to 1, with a point");
        }
        let words: Vec<Member<'_>> = list(&row.words).map(|text| Member::new(&mut analyzer, text)).collect();
        let to: Vec<Member<'_>> = list(&row.to).map(|text| Member::new(&mut analyzer, text)).collect();
        count(sink, line, row, words.len());
        for member in words.iter().chain(&to) {
            if member.stems.is_empty() {
                let what = format!("“{}” is nothing but function words", member.text);
                sink.error(SYNONYMS, line, what, "it would never be found");
            }
            if let Some(id) = keys(member.text).iter().find_map(|key| actors.get(key)) {
                let what = format!("“{}” is a name of “{id}”", member.text);
                sink.warning(SYNONYMS, line, what, "names find each other by their own table");
            }
        }
        alike(sink, line, &words, &to);
        pairs(sink, line, &words, &to, &mut related);
    }
}

/// A word or an expression, and what a search makes of it.
struct Member<'r> {
    text: &'r str,
    /// The stems of its words, without function words.
    stems: String,
}

impl<'r> Member<'r> {
    fn new(analyzer: &mut Analyzer, text: &'r str) -> Self {
        let tokens = analyzer.analyze(text);
        let content = tokens.iter().filter(|token| !token.is_stop());
        let stems: Vec<&str> = content.filter_map(|token| token.stems().next()).collect();
        Self { text, stems: stems.join(" ") }
    }
}

/// Tells of rows that relate nothing.
fn count(sink: &mut Sink, line: u64, row: &SynonymRow, words: usize) {
    if words == 0 {
        sink.error(SYNONYMS, line, "no words", "a family has at least two, or one and what it finds");
    } else if words == 1 && list(&row.to).next().is_none() {
        sink.error(SYNONYMS, line, format!("“{}” is alone", row.words.trim()), "a family has at least two words");
    }
}

/// Tells of members that a search takes for one.
fn alike(sink: &mut Sink, line: u64, words: &[Member<'_>], to: &[Member<'_>]) {
    let mut seen: HashMap<&str, &str> = HashMap::new();
    for member in words.iter().chain(to).filter(|member| !member.stems.is_empty()) {
        if let Some(first) = seen.insert(&member.stems, member.text)
            && first != member.text
        {
            let what = format!("“{}” and “{first}” have one stem", member.text);
            sink.warning(SYNONYMS, line, what, "they find each other anyway");
        }
    }
}

/// Tells of words that an earlier row relates already.
fn pairs(
    sink: &mut Sink,
    line: u64,
    words: &[Member<'_>],
    to: &[Member<'_>],
    related: &mut HashMap<(String, String), u64>,
) {
    let mut told = HashSet::new();
    for (at, from) in words.iter().enumerate() {
        let others: &[Member<'_>] = if to.is_empty() { words } else { to };
        for (other_at, other) in others.iter().enumerate().filter(|(_, other)| other.stems != from.stems) {
            let first = *related.entry((from.stems.clone(), other.stems.clone())).or_insert(line);
            let mirrored = to.is_empty() && other_at < at;
            if first != line && !mirrored && told.insert((&from.stems, &other.stems)) {
                let what = format!("“{}” and “{}” again", from.text, other.text);
                sink.error(SYNONYMS, line, what, format!("line {first} says how near they are"));
            }
        }
    }
}

/// The keys of names that stand for an actor without a cue → its id.
fn actors(rows: &Rows) -> HashMap<String, &str> {
    let mut found = HashMap::new();
    for row in rows.actors.iter().map(|row| &row.cells).filter(|row| row.category != "generique") {
        for name in names(row).filter(|name| actor_flags(row, name) & CUE == 0) {
            found.extend(keys(name).into_iter().map(|key| (key, row.id.as_str())));
        }
    }
    found
}
