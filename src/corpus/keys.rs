//! Which key or column of a record holds which field, and what is told of the others.

use std::collections::BTreeMap;

use super::Note;
use super::normalize::normalize_line;
use super::walk::Found;
use crate::french::fold;

/// The fields of a record, as `schema/record.schema.json` has them.
pub(super) const FIELDS: [&str; 11] =
    ["id", "title", "text", "source", "url", "author", "published", "lang", "groups", "regions", "dates"];

/// What an export tells beside them: it was found in title and text, and will be again.
const FOUND: [&str; 3] = ["found_groups", "found_regions", "found_dates"];

/// Other names of fields, as [`plain`] makes them, for each field the most trusted first.
const ALIASES: [(&str, &str); 23] = [
    ("titre", "title"),
    ("headline", "title"),
    ("texte", "text"),
    ("contenu", "text"),
    ("content", "text"),
    ("body", "text"),
    ("lien", "url"),
    ("link", "url"),
    ("auteur", "author"),
    ("auteurs", "author"),
    ("authors", "author"),
    ("datepublication", "published"),
    ("datedepublication", "published"),
    ("datepublished", "published"),
    ("publishedat", "published"),
    ("pubdate", "published"),
    ("publie", "published"),
    ("publiele", "published"),
    // The day of what happened has the same name in some tables, so any other counts before it.
    ("date", "published"),
    ("langue", "lang"),
    ("language", "lang"),
    ("groupes", "groups"),
    ("region", "regions"),
];

/// Different unknown keys that are told a file.
const UNKNOWN: usize = 50;

/// Names that a hint lists.
const HINTED: usize = 20;

/// Fields and the names that were mapped to them.
type Columns = [(String, String)];

/// The field that a key names by itself or by an alias, whatever its case and accents.
pub(super) fn field(key: &str) -> Option<&'static str> {
    ranked(key).map(|(_, field)| field)
}

/// The field that is read from a column: the one it is mapped to, else the one it names.
pub(super) fn field_of_column(column: &str, columns: &Columns) -> Option<&'static str> {
    let mapped = columns.iter().find(|(_, name)| name == column);
    mapped.map_or_else(|| field(column), |(of, _)| FIELDS.into_iter().find(|field| field == of))
}

/// Every field with the key that holds it: the mapped one, else the field's own, else the best alias. A key that is
/// mapped to one field is never taken for another.
pub(super) fn holders<'a>(keys: &[&'a str], columns: &Columns) -> Vec<(&'static str, &'a str)> {
    let there = |name: &str| keys.iter().copied().find(|key| *key == name);
    let is_mapped = |key: &str| columns.iter().any(|(_, name)| name == key);
    let mut held: Vec<(&'static str, &'a str)> = Vec::new();
    for field in FIELDS {
        let mapped = columns.iter().filter(|(of, _)| of == field).find_map(|(_, name)| there(name));
        held.extend(mapped.or_else(|| there(field).filter(|key| !is_mapped(key))).map(|key| (field, key)));
    }
    let free = keys.iter().filter(|key| !is_mapped(key) && held.iter().all(|(_, holder)| holder != *key));
    let mut others: Vec<_> = free.filter_map(|key| ranked(key).map(|(rank, field)| (rank, field, *key))).collect();
    others.sort_by_key(|(rank, ..)| *rank);
    for (_, field, key) in others {
        if held.iter().all(|(of, _)| *of != field) {
            held.push((field, key));
        }
    }
    held
}

/// What to do about a missing text, where there are `names` to choose from: `what` they are, then which.
pub(super) fn hint<'a>(what: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.take(HINTED).map(normalize_line).collect();
    format!("name it with --column text=NAME; {what}: {}", names.join(", "))
}

/// The field that a key names, and its rank: the lower, the more it is trusted.
fn ranked(key: &str) -> Option<(usize, &'static str)> {
    let plain = plain(key);
    FIELDS.into_iter().find(|field| *field == plain).map(|field| (0, field)).or_else(|| {
        let rank = ALIASES.iter().position(|(alias, _)| *alias == plain)?;
        ALIASES.get(rank).map(|(_, field)| (rank + 1, *field))
    })
}

/// A key without case, accents, spaces and signs: `Publié_le` is `publiele`.
fn plain(key: &str) -> String {
    fold(&key.to_lowercase()).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What is told of the keys of a file: once, however many records it has.
#[derive(Default)]
pub(super) struct Unknown {
    /// The keys that no field has, counted.
    counts: BTreeMap<String, u64>,
    /// Whether it was told already what to do about a missing text.
    hinted: bool,
}

impl Unknown {
    pub(super) fn count<'a>(&mut self, keys: impl Iterator<Item = &'a String>) {
        for key in keys.filter(|key| !FOUND.contains(&key.as_str())) {
            let told = self.counts.len() < UNKNOWN || self.counts.contains_key(key);
            *self.counts.entry(if told { key.clone() } else { "…".to_owned() }).or_default() += 1;
        }
    }

    /// The hint of the first record of a file that needs one.
    pub(super) fn once(&mut self, hint: Option<String>) -> Option<String> {
        let first = hint.filter(|_| !self.hinted);
        self.hinted |= first.is_some();
        first
    }

    /// What is to be told of them, once a file.
    pub(super) fn note(&mut self, found: &Found) -> Option<Note> {
        let keys: Vec<String> = std::mem::take(&mut self.counts)
            .into_iter()
            .map(|(key, count)| format!("{} ({count})", normalize_line(&key)))
            .collect();
        let what = || format!("keys that no field has, left out (with the number of records): {}", keys.join(", "));
        (!keys.is_empty()).then(|| Note::new(found.path.clone(), None, what()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder<'a>(field: &str, keys: &[&'a str], columns: &[(&str, &str)]) -> Option<&'a str> {
        let columns: Vec<(String, String)> =
            columns.iter().map(|(field, name)| ((*field).to_owned(), (*name).to_owned())).collect();
        holders(keys, &columns).into_iter().find(|(of, _)| *of == field).map(|(_, key)| key)
    }

    #[test]
    fn aliases_are_plain_and_name_one_field() {
        for (at, (alias, field)) in ALIASES.iter().enumerate() {
            assert_eq!(plain(alias), *alias);
            assert!(FIELDS.contains(field) && !FIELDS.contains(alias), "{alias}");
            assert!(ALIASES[..at].iter().all(|(before, _)| before != alias), "{alias}");
        }
    }

    #[test]
    fn case_accents_and_signs_do_not_count() {
        for (key, want) in [
            ("Texte", Some("text")),
            ("TEXT", Some("text")),
            ("Régions", Some("regions")),
            ("publié", Some("published")),
            ("Publié le", Some("published")),
            ("date_publication", Some("published")),
            ("pubDate", Some("published")),
            ("published-at", Some("published")),
            ("Langue", Some("lang")),
            ("contenus", None),
            ("", None),
        ] {
            assert_eq!(field(key), want, "{key}");
        }
    }

    #[test]
    fn the_mapped_key_wins_then_the_own_then_the_best_alias() {
        let keys = ["body", "contenu", "titre", "date", "pubDate"];
        assert_eq!(holder("text", &keys, &[]), Some("contenu"));
        assert_eq!(holder("published", &keys, &[]), Some("pubDate"));
        assert_eq!(holder("text", &["contenu", "text"], &[]), Some("text"));
        assert_eq!(holder("text", &["contenu", "text"], &[("text", "contenu")]), Some("contenu"));
        // A mapped key is no alias of another field, nor the field that it is named like.
        assert_eq!(holder("title", &keys, &[("text", "titre")]), None);
        assert_eq!(holder("title", &["title"], &[("text", "title")]), None);
        assert_eq!(holder("text", &keys, &[("text", "absent")]), Some("contenu"));
    }
}
