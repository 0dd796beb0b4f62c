//! Markdown: front matter in YAML or TOML, and the text without its markup, which is what people cite.
//!
//! Headings, emphasis, links, images and code leave their text; a paragraph is one line; list items, table rows and
//! hard breaks are lines of their own. Link targets, rules and HTML tags leave nothing.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde_json::{Map, Value};

use super::keys::{self, Unknown};
use super::normalize::{normalize, normalize_line};
use super::plain::{Titles, undress};
use super::record::Draft;
use super::{Task, encoding};

/// The longest front matter, in bytes.
const FRONT_MATTER: usize = 64 << 10;

/// Reads a Markdown file.
pub(super) fn read(bytes: &[u8], task: &Task) -> Result<Draft, String> {
    let (text, mut notes) = encoding::decode(bytes, task.options.encoding, None)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let (mut draft, body) = match front_matter(text) {
        None => (Draft::default(), text),
        Some((Ok(mut map), body)) => {
            map.retain(|key, _| keys::field(key) != Some("text"));
            let draft = Draft::take(&mut map, &task.options.columns)?;
            let mut unknown = Unknown::default();
            unknown.count(map.keys());
            notes.extend(unknown.note(&task.found).map(|note| note.what));
            (draft, body)
        }
        Some((Err(why), body)) => {
            notes.push(format!("front matter left out: {why}"));
            (Draft::default(), body)
        }
    };
    let (heading, text) = plain(body);
    notes.append(&mut draft.notes);
    draft.notes = notes;
    let titles = if draft.title.is_none() && heading.is_none() { Titles::Find } else { Titles::Given };
    // The heading is not repeated in the text, unless the front matter has another title: then it says something.
    match (&draft.title, heading) {
        (Some(title), Some(heading)) if *title != heading => draft.text = normalize(&format!("{heading}\n\n{text}")),
        (Some(_), _) => draft.text = text,
        (None, heading) => {
            draft.title = heading;
            draft.text = text;
        }
    }
    undress(&mut draft, titles);
    Ok(draft)
}

type FrontMatter<'a> = (Result<Map<String, Value>, String>, &'a str);

/// The front matter, or why it cannot be read, and the text below it; nothing where there is none.
fn front_matter(text: &str) -> Option<FrontMatter<'_>> {
    let (first, rest) = text.split_once('\n')?;
    let fence = first.trim_end();
    let ends: &[&str] = match fence {
        "---" => &["---", "..."],
        "+++" => &["+++"],
        _ => return None,
    };
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if ends.contains(&line.trim_end()) {
            let (block, body) = (rest.get(..at)?, rest.get(at + line.len()..)?);
            if block.len() > FRONT_MATTER {
                return Some((Err(format!("longer than {} KiB", FRONT_MATTER >> 10)), body));
            }
            return match if fence == "---" { yaml(block) } else { toml(block) } {
                // Two rules with text between them are no front matter.
                Ok(Some(map)) => Some((Ok(map), body)),
                Ok(None) => None,
                Err(why) => Some((Err(why), body)),
            };
        }
        at += line.len();
    }
    None
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

fn toml(block: &str) -> Result<Option<Map<String, Value>>, String> {
    let table: toml::Table = block.parse().map_err(|error: toml::de::Error| one_line(error.message()))?;
    Ok(Some(table.into_iter().map(|(key, value)| (key, json(value))).collect()))
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

/// The first level-one heading (or the first heading of all, where it comes first) and the text without it.
fn plain(body: &str) -> (Option<String>, String) {
    let mut options = Options::empty();
    options.insert(Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES);
    let mut out = Writer::default();
    for event in Parser::new_ext(body, options) {
        out.event(event);
    }
    (out.title, normalize(&out.text))
}

#[derive(Default)]
struct Writer {
    text: String,
    title: Option<String>,
    /// Where the text of the heading starts that is being read, where it may be the title.
    heading: Option<usize>,
    /// HTML that is being read, as a block or inline.
    html: String,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.text.push_str("\n\n");
                let first = self.text.trim().is_empty();
                let may_be = self.title.is_none() && (level == HeadingLevel::H1 || first);
                self.heading = may_be.then_some(self.text.len());
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some(start) = self.heading.take() {
                    let title = normalize_line(self.text.get(start..).unwrap_or_default());
                    if !title.is_empty() {
                        self.text.truncate(start);
                        self.title = Some(title);
                    }
                }
                self.text.push_str("\n\n");
            }
            Event::Start(Tag::Item | Tag::TableRow | Tag::TableHead) | Event::HardBreak => self.text.push('\n'),
            Event::Start(Tag::TableCell) if !self.text.ends_with('\n') => self.text.push('\t'),
            Event::Start(Tag::Paragraph) if self.text.ends_with('\n') => {}
            Event::Start(
                Tag::Paragraph | Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::Table(_) | Tag::FootnoteDefinition(_),
            )
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::BlockQuote(_)
                | TagEnd::CodeBlock
                | TagEnd::Table
                | TagEnd::List(_)
                | TagEnd::FootnoteDefinition,
            )
            | Event::Rule => self.text.push_str("\n\n"),
            Event::SoftBreak => self.text.push(' '),
            Event::Text(text) | Event::Code(text) => self.text.push_str(&text),
            Event::Html(html) => self.html.push_str(&html),
            Event::InlineHtml(tag) if tag.to_ascii_lowercase().starts_with("<br") => self.text.push('\n'),
            Event::End(TagEnd::HtmlBlock) => {
                let text = super::html::fragment(&std::mem::take(&mut self.html));
                self.text.push_str("\n\n");
                self.text.push_str(&text);
                self.text.push_str("\n\n");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str) -> String {
        plain(body).1
    }

    #[test]
    fn markup_leaves_its_text() {
        for (body, want) in [
            (
                "Un **bilan** _lourd_ et `code` [lien](http://x.org) ![légende](x.png)",
                "Un bilan lourd et code lien légende",
            ),
            ("ligne une\nligne deux\n\nautre", "ligne une ligne deux\n\nautre"),
            ("texte\n\n## Sous-titre\n\nsuite", "texte\n\nSous-titre\n\nsuite"),
            ("texte\n\n- un\n- deux\n\nsuite", "texte\n\nun\ndeux\n\nsuite"),
            ("> cité\n\n---\n\nsuite", "cité\n\nsuite"),
            ("avant<br>après <!-- rien -->fin", "avant\naprès fin"),
            ("<div><p>un</p><p>deux</p></div>\n\ntrois", "un\n\ndeux\n\ntrois"),
            ("| a | b |\n|---|---|\n| 1 | 2 |", "a\tb\n1\t2"),
            ("L’armée n'a *pas* dit 2\\*3 &amp; fin", "L'armée n'a pas dit 2*3 & fin"),
        ] {
            assert_eq!(text(body), want, "{body}");
        }
    }

    #[test]
    fn the_first_heading_is_the_title() {
        assert_eq!(plain("# Un *titre*\n\ntexte"), (Some("Un titre".to_owned()), "texte".to_owned()));
        assert_eq!(plain("Titre\n=====\n\ntexte\n\n# Autre"), (Some("Titre".to_owned()), "texte\n\nAutre".to_owned()));
        assert_eq!(plain("texte\n\n## Sous-titre").0, None);
    }

    #[test]
    fn reads_front_matter() {
        let map = |text: &str| front_matter(text).map(|(map, body)| (map.map(Value::Object), body.to_owned()));
        let want = serde_json::json!({"title": "T", "date": "2025-01-09", "groups": ["a"]});
        let yaml = "---\ntitle: T\ndate: 2025-01-09\ngroups: [a]\n---\ntexte";
        assert_eq!(map(yaml), Some((Ok(want.clone()), "texte".to_owned())));
        let toml = "+++\ntitle = \"T\"\ndate = 2025-01-09\ngroups = [\"a\"]\n+++\ntexte";
        assert_eq!(map(toml), Some((Ok(want), "texte".to_owned())));
        assert!(matches!(map("---\n: [\n---\ntexte"), Some((Err(_), _))));
        assert_eq!(map("---\nun paragraphe\n---\ntexte"), None);
        assert_eq!(map("---\ntitle: jamais fermé"), None);
    }
}
