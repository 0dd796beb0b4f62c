//! Front matter: the fields that stand above the text of a Markdown file, in YAML or TOML, or nearly.
//!
//! A French headline such as `title: Mali : trois morts` is no YAML. What a parser refuses is read line by line, so
//! that one such line costs no other field.

use serde_json::{Map, Value};

use super::keys;

/// The longest front matter, in bytes.
const LONGEST: usize = 64 << 10;

/// The longest key, in words and in characters: more is a sentence with a colon in it.
const KEY: (usize, usize) = (3, 40);

/// Lines that were not understood, told one by one.
const TOLD: usize = 20;

/// Fields whose values may be lists.
const LISTS: [&str; 4] = ["author", "dates", "groups", "regions"];

/// What stands above the text, and the text.
#[derive(Debug, Default, PartialEq)]
pub(super) struct FrontMatter<'a> {
    pub(super) map: Map<String, Value>,
    pub(super) notes: Vec<String>,
    pub(super) body: &'a str,
}

/// The front matter of a text; nothing where there is none.
pub(super) fn read(text: &str) -> Option<FrontMatter<'_>> {
    let (first, rest) = text.split_once('\n')?;
    let fence = Fence::of(first)?;
    let mut why = "it is not closed".to_owned();
    if let Some((block, body)) = fence.split(rest) {
        let blank = above(block, str::is_empty).is_some();
        // Below a blank line, what is no list of keys and values is text, and the fence a rule in it.
        match fence.parse(block) {
            Ok(Some(map)) if blank && !map.keys().all(|key| is_key(key)) => {}
            Ok(map) => return map.map(|map| FrontMatter { map, notes: Vec::new(), body }),
            Err(error) => {
                why = error;
                let lines = Lines::read(block, fence);
                if lines.is_front_matter() && (lines.strange.is_empty() || !blank) {
                    return Some(lines.told(&why, body));
                }
            }
        }
    }
    // A comment and a heading look the same: where nothing closes the block, it is the heading.
    let (block, body) = above(rest, |line| line.is_empty() || line.starts_with('#'))?;
    let lines = Lines::read(block, fence);
    (lines.is_front_matter() && lines.strange.is_empty() && lines.known > 0).then(|| lines.told(&why, body))
}

/// What stands above the first line that ends it, and the rest.
fn above(text: &str, is_end: impl Fn(&str) -> bool) -> Option<(&str, &str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if is_end(line.trim()) {
            return text.split_at_checked(at);
        }
        at += line.len();
    }
    None
}

/// How front matter begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fence {
    Yaml,
    Toml,
}

impl Fence {
    fn of(line: &str) -> Option<Self> {
        match line.trim_end() {
            "---" => Some(Self::Yaml),
            "+++" => Some(Self::Toml),
            _ => None,
        }
    }

    fn is_end(self, line: &str) -> bool {
        match self {
            Self::Yaml => matches!(line, "---" | "..."),
            Self::Toml => line == "+++",
        }
    }

    /// What stands before the closing fence, and what below it.
    fn split(self, rest: &str) -> Option<(&str, &str)> {
        let mut at = 0;
        for line in rest.split_inclusive('\n') {
            if self.is_end(line.trim_end()) {
                return Some((rest.get(..at)?, rest.get(at + line.len()..)?));
            }
            at += line.len();
            if at > LONGEST {
                break;
            }
        }
        None
    }

    /// Nothing for text between two rules.
    fn parse(self, block: &str) -> Result<Option<Map<String, Value>>, String> {
        match self {
            Self::Yaml => yaml(block),
            Self::Toml => toml(block).map(Some),
        }
    }

    fn separator(self) -> char {
        match self {
            Self::Yaml => ':',
            Self::Toml => '=',
        }
    }
}

fn yaml(block: &str) -> Result<Option<Map<String, Value>>, String> {
    let value: serde_yaml_ng::Value = serde_yaml_ng::from_str(block).map_err(|error| one_line(&error.to_string()))?;
    Ok(match value {
        serde_yaml_ng::Value::Null => Some(Map::new()),
        serde_yaml_ng::Value::Mapping(mapping) => {
            let entry = |(key, value): (serde_yaml_ng::Value, serde_yaml_ng::Value)| {
                let key = key.as_str().map_or_else(|| format!("{key:?}"), str::to_owned);
                (key, serde_json::to_value(value).unwrap_or(Value::Null))
            };
            Some(mapping.into_iter().map(entry).collect())
        }
        _ => None,
    })
}

fn toml(block: &str) -> Result<Map<String, Value>, String> {
    let table: toml::Table = block.parse().map_err(|error: toml::de::Error| one_line(error.message()))?;
    Ok(table.into_iter().map(|(key, value)| (key, json(value))).collect())
}

/// TOML has dates, which records write as strings.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::Datetime(moment) => Value::String(moment.to_string()),
        toml::Value::Array(values) => Value::Array(values.into_iter().map(json).collect()),
        other => serde_json::to_value(other).unwrap_or(Value::Null),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Front matter that is read line by line.
#[derive(Default)]
struct Lines {
    map: Map<String, Value>,
    /// How many keys name a field.
    known: usize,
    /// What is no key with a value, nor part of one.
    strange: Vec<String>,
    /// The key that what stands below it belongs to.
    last: Option<String>,
    /// The table of TOML that keys are in.
    table: String,
}

impl Lines {
    fn read(block: &str, fence: Fence) -> Self {
        let mut lines = Self::default();
        for line in block.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#')) {
            let within = line.starts_with(char::is_whitespace) && lines.last.is_some();
            let line = line.trim();
            let item = line.strip_prefix("- ").or_else(|| line.strip_prefix('•')).map(str::trim);
            let section = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
            match (item, section, pair(line, fence)) {
                (Some(item), ..) if lines.last.is_some() => lines.item(item),
                _ if within => lines.more(line),
                (_, Some(section), _) if fence == Fence::Toml => {
                    lines.table = format!("{}.", section.trim_matches(['[', ']']));
                    lines.last = None;
                }
                (.., Some((key, value))) => lines.pair(key, value),
                _ => lines.strange.push(one_line(line)),
            }
        }
        lines
    }

    fn pair(&mut self, key: &str, text: &str) {
        let field = if self.table.is_empty() { keys::field(key) } else { None };
        self.known += usize::from(field.is_some());
        let key = format!("{}{key}", self.table);
        if self.map.contains_key(&key) {
            self.strange.push(format!("{key}: {}", one_line(text)));
            return;
        }
        // Signs that say how the lines below are to be joined.
        let text = if matches!(text, "|" | ">" | "|-" | ">-") { "" } else { text };
        self.map.insert(key.clone(), value(text, field.is_some_and(|field| LISTS.contains(&field))));
        self.last = Some(key);
    }

    /// `- a` below a key.
    fn item(&mut self, text: &str) {
        let Some(value) = self.last.as_ref().and_then(|key| self.map.get_mut(key)) else { return };
        let item = Value::String(unquoted(text).to_owned());
        match value {
            Value::Array(items) => items.push(item),
            Value::String(text) if text.is_empty() => *value = Value::Array(vec![item]),
            _ => self.strange.push(one_line(text)),
        }
    }

    /// A line that goes on with the value above it.
    fn more(&mut self, line: &str) {
        if let Some(Value::String(text)) = self.last.as_ref().and_then(|key| self.map.get_mut(key)) {
            text.push_str(if text.is_empty() { "" } else { " " });
            text.push_str(line);
        } else {
            self.strange.push(one_line(line));
        }
    }

    /// Prose has a colon now and then, front matter in nearly every line.
    fn is_front_matter(&self) -> bool {
        !self.map.is_empty() && self.strange.len() <= self.map.len() && (self.known > 0 || self.strange.is_empty())
    }

    fn told<'a>(self, why: &str, body: &'a str) -> FrontMatter<'a> {
        let mut notes = vec![format!("front matter read line by line: {why}")];
        let told = self.strange.iter().take(TOLD);
        notes.extend(told.map(|line| format!("front matter: not understood, left out: “{line}”")));
        if self.strange.len() > TOLD {
            notes.push(format!("front matter: {} more lines not understood", self.strange.len() - TOLD));
        }
        FrontMatter { map: self.map, notes, body }
    }
}

/// A key and its value: cut at the first separator with a space after it or nothing, or without where the key names a
/// field, so that an address is none.
fn pair(line: &str, fence: Fence) -> Option<(&str, &str)> {
    let mut cuts = line.match_indices(fence.separator()).filter_map(|(at, _)| {
        let (key, rest) = (line.get(..at)?, line.get(at + 1..)?);
        let key = unquoted(key.trim());
        let apart = rest.is_empty() || rest.starts_with(char::is_whitespace) || fence == Fence::Toml;
        (apart || keys::field(key).is_some()).then_some((key, rest.trim()))
    });
    cuts.next().filter(|(key, _)| is_key(key))
}

fn is_key(key: &str) -> bool {
    let starts = key.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts && key.split_whitespace().count() <= KEY.0 && key.chars().count() <= KEY.1
}

fn value(text: &str, list: bool) -> Value {
    let items = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).filter(|_| list);
    let Some(items) = items else { return Value::String(unquoted(text).to_owned()) };
    let items = items.split(',').map(|item| unquoted(item.trim())).filter(|item| !item.is_empty());
    Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
}

/// A value without the quotes around it.
fn unquoted(text: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
        .filter(|inner| !inner.is_empty())
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(text: &str) -> Option<(Value, &str)> {
        read(text).map(|front| (Value::Object(front.map), front.body))
    }

    #[test]
    fn reads_what_is_right() {
        let want = serde_json::json!({"title": "T", "date": "2025-01-09", "groups": ["a"]});
        let yaml = "---\ntitle: T\ndate: 2025-01-09\ngroups: [a]\n---\ntexte";
        assert_eq!(map(yaml), Some((want.clone(), "texte")));
        let toml = "+++\ntitle = \"T\"\ndate = 2025-01-09\ngroups = [\"a\"]\n+++\ntexte";
        assert_eq!(map(toml), Some((want, "texte")));
        assert!(read(yaml).unwrap().notes.is_empty() && read(toml).unwrap().notes.is_empty());
    }

    #[test]
    fn a_french_headline_costs_nothing() {
        let yaml = "---\ntitle: Mali : trois morts à Gossi\ndate: '2025-01-09'\nsource : \"Échantillon\"\nlayout: post\n\
            groups: [JNIM, \"FAMa\"]\nregions:\n  - Mali/Gao\n- Mali/Mopti\nlien:https://exemple.invalid/a\nétrange\n---\ntexte";
        let want = serde_json::json!({
            "title": "Mali : trois morts à Gossi", "date": "2025-01-09", "source": "Échantillon", "layout": "post",
            "groups": ["JNIM", "FAMa"], "regions": ["Mali/Gao", "Mali/Mopti"], "lien": "https://exemple.invalid/a",
        });
        assert_eq!(map(yaml), Some((want, "texte")));
        let notes = read(yaml).unwrap().notes;
        assert!(notes[0].starts_with("front matter read line by line: "), "{notes:?}");
        assert_eq!(notes[1..], ["front matter: not understood, left out: “étrange”"]);
        let toml = "+++\ntitle = Mali : a = b\ndate = 2025-01-09\n[params]\ntitle = \"x\"\n+++\ntexte";
        let want = serde_json::json!({"title": "Mali : a = b", "date": "2025-01-09", "params.title": "x"});
        assert_eq!(map(toml), Some((want, "texte")));
    }

    #[test]
    fn lines_within_belong_to_their_key() {
        let yaml = "---\ntitle: >\n  Mali : trois\n  morts\nparams:\n  title: autre\nsource: a : b\n---\ntexte";
        let map = read(yaml).unwrap().map;
        assert_eq!((&map["title"], &map["source"]), (&"Mali : trois morts".into(), &"a : b".into()));
    }

    #[test]
    fn a_block_that_is_not_closed_ends_at_a_blank_line() {
        let want = serde_json::json!({"title": "Mali : trois morts", "date": "2025-01-09"});
        for body in [
            "# Titre\n\ntexte\n",
            "\nUne phrase qui dit ceci : la suite.\n\n---\n",
            "\nUn paragraphe : le premier.\n",
            "\nUn paragraphe.\n\n---\n\nUn autre : \"le\" second.\n",
        ] {
            let text = format!("---\ntitle: Mali : trois morts\ndate: 2025-01-09\n{body}");
            assert_eq!(map(&text), Some((want.clone(), body)));
        }
    }

    #[test]
    fn text_between_rules_is_text() {
        for text in [
            "---\nun paragraphe\n---\ntexte",
            "---\n: [\n---\ntexte",
            "---\nUne phrase, qui dit ceci : « \"cela ».\net une autre\n---\ntexte",
            "---\nUn paragraphe de prose.\n\nUn autre.\n",
            "---\nBilan : lourd\n\nUn autre.\n",
            "---\ntitle: jamais fermé",
            "---\n",
        ] {
            assert_eq!(map(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(---|\\+\\+\\+)\n(title|date|é|- | |:|=|\\[|\\]|\"|'|\n|---\n){0,20}") {
            let _ = read(&text);
        }
    }
}
