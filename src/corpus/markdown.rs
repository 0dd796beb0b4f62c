//! Markdown: the text below the front matter, without its markup, which is what people cite.
//!
//! Headings, emphasis, links, images and code leave their text; a paragraph is one line; list items, table rows and
//! hard breaks are lines of their own. Link targets, rules and HTML tags leave nothing.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::keys::{self, Unknown};
use super::normalize::{normalize, normalize_line};
use super::plain::{Titles, undress};
use super::record::Draft;
use super::{Task, encoding, front_matter};

/// Reads a Markdown file.
pub(super) fn read(bytes: &[u8], task: &Task) -> Result<Draft, String> {
    let (text, mut notes) = encoding::decode(bytes, task.options.encoding, None)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let (mut draft, body) = match front_matter::read(text) {
        None => (Draft::default(), text),
        Some(front) => {
            notes.extend(front.notes);
            let mut map = front.map;
            // The text stands below.
            map.retain(|key, _| {
                let is_text = keys::field_of_column(key, &task.options.columns) == Some("text");
                if is_text {
                    notes.push(format!("front matter: left out: {}", normalize_line(key)));
                }
                !is_text
            });
            let mut draft = Draft::take(&mut map, &task.options.columns)?;
            draft.hint = None;
            let mut unknown = Unknown::default();
            unknown.count(map.keys());
            notes.extend(unknown.note(&task.found).map(|note| note.what));
            (draft, front.body)
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
}
