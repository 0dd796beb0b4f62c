//! HTML: the article of a page as paragraphs, by a readability port, checked against the page's own `<article>`.

use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};
use encoding_rs::Encoding;

use super::normalize::normalize;
use super::plain::{Titles, undress};
use super::record::Draft;
use super::{Task, encoding, marks, page_data};

/// Elements that stand in a paragraph of their own.
const BLOCKS: [&str; 33] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
];

/// Elements that start a line.
const LINES: [&str; 3] = ["br", "li", "tr"];

/// Elements without text for readers.
const SILENT: [&str; 18] = [
    "audio", "button", "canvas", "datalist", "embed", "head", "iframe", "input", "noscript", "object", "script",
    "select", "style", "svg", "template", "textarea", "title", "video",
];

/// Elements around an article, where the page itself says what its article is.
const AROUND: [&str; 4] = ["aside", "footer", "form", "nav"];

/// Pages with more elements, or nested deeper, are not weighed but read from top to bottom: weighing goes down by
/// recursion and looks at elements many times.
const ELEMENTS: usize = 100_000;
const DEPTH: usize = 400;

/// The deepest nest that is parsed at all.
const NEST: usize = 5_000;

/// Elements that are opened anew in every paragraph until they are closed, if they differ by their attributes.
const STYLES: [&str; 12] = ["b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"];

/// The deepest nest of those.
const STYLE_NEST: usize = 300;

/// Elements that pages leave open, and that do not nest.
const UNCLOSED: [&str; 20] = [
    "br", "col", "colgroup", "dd", "dt", "hr", "img", "input", "li", "link", "meta", "option", "p", "source", "tbody",
    "td", "th", "thead", "tr", "wbr",
];

/// Bytes at the start of a page in which it may declare its encoding.
const DECLARATION: usize = 4_096;

/// Reads a page.
pub(super) fn read(bytes: &[u8], task: &Task) -> Result<Draft, String> {
    let (html, notes) = encoding::decode(bytes, task.options.encoding, declared(bytes))?;
    if is_nested_too_deep(&html) {
        return Err("HTML nested too deep to be a page".to_owned());
    }
    // A fault of the readability port in a page that nobody thought of costs that page only.
    let mut draft = catch_unwind(AssertUnwindSafe(|| article(&html))).map_err(|_| "HTML that cannot be read")?;
    if draft.text.is_empty() {
        return Err("no text in the page".to_owned());
    }
    draft.notes.splice(0..0, notes);
    let (text, marks) = marks::without(&draft.text);
    if marks > 0 {
        draft.text = normalize(&text);
        draft.notes.push(format!("left out: marks within the text, such as [1]: {marks}"));
    }
    undress(&mut draft, Titles::Given);
    Ok(draft)
}

/// Whether elements are nested so deep that parsing, which looks up the nest at every tag and opens styles anew in
/// every paragraph, would not come to an end.
fn is_nested_too_deep(html: &str) -> bool {
    let (mut depth, mut styles) = (0_usize, 0_usize);
    html.split('<').skip(1).any(|tag| {
        let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
        if !name.is_empty() && !UNCLOSED.contains(&name.as_str()) {
            depth = if closing { depth.saturating_sub(1) } else { depth + 1 };
        }
        if STYLES.contains(&name.as_str()) {
            let differs = tag.as_bytes().get(name.len()).is_some_and(u8::is_ascii_whitespace);
            styles = if closing { styles.saturating_sub(1) } else { styles + usize::from(differs) };
        }
        depth > NEST || styles > STYLE_NEST
    })
}

/// The text of a piece of HTML.
pub(super) fn fragment(html: &str) -> String {
    catch_unwind(|| text(&Document::fragment(html).root(), &[])).unwrap_or_default()
}

fn article(html: &str) -> Draft {
    let page = Document::from(html);
    let mut draft = page_data::read(&page);
    let marked = marked_article(&page);
    let whole = text(&page.root(), &AROUND);
    let weighed = if is_weighable(&page) { weigh(page) } else { String::new() };
    draft.text = choose(weighed, marked, whole);
    draft
}

/// The weighed text is the best where it agrees with the page's own mark: on short pages it tends to take in menus,
/// on others to lose the half.
fn choose(weighed: String, marked: Option<String>, whole: String) -> String {
    let marked = marked.filter(|text| text.len() >= 100);
    match marked {
        Some(marked) if weighed.len() * 5 < marked.len() * 3 || weighed.len() > marked.len() + 20 => marked,
        None if weighed.is_empty() => whole,
        _ => weighed,
    }
}

/// The text of what the page marks as its article, where it marks one.
fn marked_article(page: &Document) -> Option<String> {
    ["[itemprop=articleBody]", "article", "main", "[role=main]"].into_iter().find_map(|selector| {
        let found = page.select(selector);
        let mut texts: Vec<String> = found.nodes().iter().take(50).map(|node| text(node, &AROUND)).collect();
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        // Teasers of other articles are marked as articles too; of several of one length, none is meant.
        let second = texts.get(1).map_or(0, String::len);
        texts.into_iter().next().filter(|text| !text.is_empty() && text.len() >= 2 * second)
    })
}

fn is_weighable(page: &Document) -> bool {
    let mut count = 0;
    let mut stack = vec![(page.root(), 0)];
    while let Some((node, depth)) = stack.pop() {
        count += 1;
        if count > ELEMENTS || depth > DEPTH {
            return false;
        }
        stack.extend(node.children_it(false).filter(NodeRef::is_element).map(|child| (child, depth + 1)));
    }
    true
}

fn weigh(page: Document) -> String {
    let config = Config { disable_json_ld: true, char_threshold: 200, ..Config::default() };
    let article = Readability::with_document(page, None, Some(config)).ok().and_then(|mut page| page.parse().ok());
    article.map_or_else(String::new, |article| text(&Document::fragment(article.content).root(), &[]))
}

/// The text below a node: blocks apart by blank lines, white space collapsed as a browser does.
fn text(root: &NodeRef<'_>, left_out: &[&str]) -> String {
    enum Step<'a> {
        Enter(NodeRef<'a>),
        Break(&'static str),
        Pre(bool),
    }
    let mut out = Flow::default();
    let mut stack = vec![Step::Enter(*root)];
    while let Some(step) = stack.pop() {
        let node = match step {
            Step::Break(text) => {
                out.push_break(text);
                continue;
            }
            Step::Pre(pre) => {
                out.pre = pre;
                continue;
            }
            Step::Enter(node) => node,
        };
        if node.is_text() {
            out.push(&node.text());
            continue;
        }
        let name = node.node_name().unwrap_or_default();
        let name = &*name;
        if SILENT.contains(&name) || left_out.contains(&name) || is_hidden(&node) {
            continue;
        }
        let block = BLOCKS.contains(&name);
        if block {
            out.push_break("\n\n");
            stack.push(Step::Break("\n\n"));
        } else if LINES.contains(&name) {
            out.push_break("\n");
        } else if matches!(name, "td" | "th") {
            out.push_break("\t");
        }
        if name == "pre" {
            stack.push(Step::Pre(out.pre));
            out.pre = true;
        }
        // The last child first onto the stack.
        stack.extend(node.children_it(true).map(Step::Enter));
    }
    normalize(&out.text)
}

fn is_hidden(node: &NodeRef<'_>) -> bool {
    let style = |style: &str| style.replace(' ', "").contains("display:none");
    node.is_element() && (node.has_attr("hidden") || node.attr("style").is_some_and(|value| style(&value)))
}

/// Text in which white space collapses.
#[derive(Default)]
struct Flow {
    text: String,
    /// Whether white space came since the last ink.
    space: bool,
    pre: bool,
}

impl Flow {
    fn push(&mut self, text: &str) {
        if self.pre {
            self.text.push_str(text);
            return;
        }
        for c in text.chars() {
            // A no-break space is no white space to HTML.
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{0C}') {
                self.space = true;
            } else {
                if std::mem::take(&mut self.space) && !self.text.is_empty() && !self.text.ends_with(['\n', '\t']) {
                    self.text.push(' ');
                }
                self.text.push(c);
            }
        }
    }

    fn push_break(&mut self, text: &str) {
        self.space = false;
        if text == "\t" && (self.text.is_empty() || self.text.ends_with('\n')) {
            return;
        }
        self.text.push_str(text);
    }
}

/// The encoding that a page declares: `<meta charset>`, `<meta http-equiv … charset=…>` or the XML declaration.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.get(..DECLARATION.min(bytes.len()))?.to_ascii_lowercase();
    let start = String::from_utf8_lossy(&start);
    let label = |after: &str| {
        let after = after.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c)).unwrap_or(after.len());
        Encoding::for_label(after.get(..end)?.as_bytes())
    };
    let meta = start.match_indices("<meta").find_map(|(at, _)| {
        let tag = start.get(at..)?.split('>').next()?;
        tag.match_indices("charset").find_map(|(at, word)| label(tag.get(at + word.len()..)?))
    });
    meta.or_else(|| {
        let xml = start.trim_start().strip_prefix("<?xml")?.split('>').next()?;
        label(xml.split_once("encoding")?.1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [&BLOCKS[..], &LINES, &SILENT, &AROUND, &STYLES, &UNCLOSED] {
            assert!(table.is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn keeps_paragraphs_apart() {
        for (html, want) in [
            ("<p>un\n  deux<p>trois", "un deux\n\ntrois"),
            ("<h2>Titre</h2><p>a<br>b</p><ul><li>x<li>y</ul>z", "Titre\n\na\nb\n\nx\ny\n\nz"),
            ("<p>l&rsquo;<b>arm&eacute;e</b>, <i>dit</i>-il</p><script>x</script>", "l'armée, dit-il"),
            ("<table><tr><td>a<td>b<tr><td>c</table>", "a\tb\nc"),
            ("<pre>a\n  b</pre>", "a\n  b"),
            ("a<p hidden>b</p><p style='display: none'>c</p>d", "ad"),
            ("15&nbsp;000", "15\u{A0}000"),
        ] {
            assert_eq!(fragment(html), want, "{html}");
        }
    }

    #[test]
    fn reads_what_a_page_declares() {
        for (html, want) in [
            ("<html><head><meta charset=\"iso-8859-15\">", Some("ISO-8859-15")),
            ("<META http-equiv='Content-Type' content='text/html; charset=windows-1252'>", Some("windows-1252")),
            ("<?xml version='1.0' encoding='ISO-8859-2'?><html>", Some("ISO-8859-2")),
            ("<meta name=charset content=x><p>charset=utf-8", None),
            ("", None),
        ] {
            assert_eq!(declared(html.as_bytes()).map(Encoding::name), want, "{html}");
        }
    }

    #[test]
    fn a_bottomless_page_is_no_page() {
        let html = |depth| format!("{}<p>fond</p>", "<div>".repeat(depth));
        assert!(!is_nested_too_deep(&"<p>a<br><b>c</b>".repeat(9_000)));
        assert!(!is_nested_too_deep(&html(1_000)));
        assert_eq!(article(&html(1_000)).text, "fond");
        assert!(is_nested_too_deep(&html(9_000)));
        assert!(is_nested_too_deep(&"<p><font size=3>x</p>".repeat(400)));
    }

    #[test]
    fn the_article_is_the_longest_that_is_marked() {
        let body =
            "Des combats ont repris dans la nuit autour du camp, selon des habitants joints par téléphone. ".repeat(4);
        let teaser = "<article><h2>Autre titre</h2><p>Une accroche.</p></article>";
        let html = format!("<main><article><p>{body}</p><p>Fin.</p></article>{teaser}{teaser}</main>");
        assert_eq!(article(&html).text, format!("{}\n\nFin.", body.trim()));
    }
}
