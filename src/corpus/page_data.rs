//! What an HTML page tells about its article: JSON-LD, `<meta>`, `<time>` and, last, its headings.

use dom_query::{Document, NodeRef};
use serde_json::Value;

use super::dateline;
use super::normalize::normalize_line;
use super::record::Draft;

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Author,
    Lang,
    Published,
    Source,
    Title,
    Url,
}

/// Names of `<meta>` (as `property`, `name`, `itemprop` or `http-equiv`), for each field the most trusted first.
const META: [(&str, Field); 37] = [
    ("author", Field::Author),
    ("article:author", Field::Author),
    ("dc.creator", Field::Author),
    ("dcterms.creator", Field::Author),
    ("citation_author", Field::Author),
    ("parsely-author", Field::Author),
    ("byl", Field::Author),
    ("og:locale", Field::Lang),
    ("inlanguage", Field::Lang),
    ("dc.language", Field::Lang),
    ("dcterms.language", Field::Lang),
    ("content-language", Field::Lang),
    ("article:published_time", Field::Published),
    ("og:published_time", Field::Published),
    ("datepublished", Field::Published),
    ("dc.date.issued", Field::Published),
    ("dcterms.issued", Field::Published),
    ("dcterms.created", Field::Published),
    ("dc.date", Field::Published),
    ("dcterms.date", Field::Published),
    ("citation_publication_date", Field::Published),
    ("parsely-pub-date", Field::Published),
    ("pubdate", Field::Published),
    ("publish_date", Field::Published),
    ("publish-date", Field::Published),
    ("date", Field::Published),
    ("og:site_name", Field::Source),
    ("dc.publisher", Field::Source),
    ("dcterms.publisher", Field::Source),
    ("application-name", Field::Source),
    ("og:title", Field::Title),
    ("headline", Field::Title),
    ("dc.title", Field::Title),
    ("dcterms.title", Field::Title),
    ("citation_title", Field::Title),
    ("twitter:title", Field::Title),
    ("og:url", Field::Url),
];

/// Ends of the JSON-LD types that articles have.
const ARTICLES: [&str; 3] = ["Article", "Posting", "Report"];

/// Signs between a title and the name of its site.
const BEFORE_SITE: [&str; 7] = [" - ", " – ", " — ", " | ", " • ", " · ", " » "];

/// Where days stand, and whether they are surely those of publication.
const DATES: [(&str, bool); 5] = [
    ("[itemprop=datePublished]", true),
    ("time[pubdate]", true),
    ("article time[datetime]", false),
    ("time[datetime]", false),
    ("time", false),
];

/// Elements that say by their kind what a `<time>` in them is: a byline or a sentence, or a cell of data.
const BLOCKS: [&str; 6] = ["caption", "dd", "li", "p", "td", "th"];

/// How many elements up those are looked for.
const NEAR: usize = 6;

/// The longest byline, in characters.
const BYLINE: usize = 140;

/// A draft without text.
pub(super) fn read(page: &Document) -> Draft {
    let mut draft = Draft { lang_of_page: true, ..Draft::default() };
    json_ld(page, &mut draft);
    meta(page, &mut draft);
    elements(page, &mut draft);
    title(page, &mut draft);
    draft
}

/// Sets a field that has no value yet.
fn set(draft: &mut Draft, field: Field, value: &str) {
    let value = normalize_line(value);
    let is_url = value.starts_with("http://") || value.starts_with("https://");
    // An author is often told by the address of a profile.
    if value.is_empty() || is_url != (field == Field::Url) {
        return;
    }
    if field == Field::Published
        && draft.published.is_none()
        && let Err(why) = super::published::day(&value)
    {
        return draft.notes.push(format!("published is left out: {why}"));
    }
    let slot = match field {
        Field::Author => &mut draft.author,
        Field::Lang => &mut draft.lang,
        Field::Published => &mut draft.published,
        Field::Source => &mut draft.source,
        Field::Title => &mut draft.title,
        Field::Url => &mut draft.url,
    };
    slot.get_or_insert(value);
}

fn json_ld(page: &Document, draft: &mut Draft) {
    let mut objects = Vec::new();
    for script in &page.select("script[type='application/ld+json']") {
        let text = script.text();
        let text = text.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>").trim_end_matches(';');
        match serde_json::from_str::<Value>(text) {
            Ok(value) => flatten(value, &mut objects),
            Err(error) => draft.notes.push(format!("JSON-LD left out: {error}")),
        }
    }
    let Some(article) = objects.iter().find(|object| is_article(object)) else { return };
    for key in ["headline", "name"] {
        set(draft, Field::Title, &names(article.get(key)));
    }
    set(draft, Field::Author, &names(resolve(article.get("author"), &objects)));
    set(draft, Field::Source, &names(resolve(article.get("publisher"), &objects)));
    for key in ["datePublished", "dateCreated"] {
        set(draft, Field::Published, &names(article.get(key)));
    }
    set(draft, Field::Lang, &names(article.get("inLanguage")));
    for key in ["url", "mainEntityOfPage", "@id"] {
        let value = article.get(key);
        set(draft, Field::Url, value.and_then(|value| value.get("@id").unwrap_or(value).as_str()).unwrap_or_default());
    }
}

/// Every object of arrays and graphs.
fn flatten(value: Value, out: &mut Vec<Value>) {
    match value {
        Value::Array(values) => values.into_iter().for_each(|value| flatten(value, out)),
        Value::Object(mut object) => {
            if let Some(graph) = object.remove("@graph") {
                flatten(graph, out);
            }
            out.push(Value::Object(object));
        }
        _ => {}
    }
}

fn is_article(object: &Value) -> bool {
    let is = |value: &Value| value.as_str().is_some_and(|kind| ARTICLES.iter().any(|end| kind.ends_with(end)));
    match object.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is),
        Some(kind) => is(kind),
        None => false,
    }
}

/// The object that a reference by `@id` alone means.
fn resolve<'a>(value: Option<&'a Value>, objects: &'a [Value]) -> Option<&'a Value> {
    let value = value?;
    match value.get("@id") {
        Some(id) if value.get("name").is_none() => objects.iter().find(|object| object.get("@id") == Some(id)),
        _ => Some(value),
    }
}

/// The string or the names that a value tells.
fn names(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(values)) => {
            let all: Vec<String> =
                values.iter().map(|value| names(Some(value))).filter(|name| !name.is_empty()).collect();
            all.join(", ")
        }
        Some(Value::Object(object)) => object.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

fn meta(page: &Document, draft: &mut Draft) {
    let mut found = Vec::new();
    for node in page.select("meta[content]").nodes() {
        let names = ["property", "name", "itemprop", "http-equiv"];
        for name in names.into_iter().filter_map(|attribute| node.attr(attribute)) {
            let name = name.trim().to_ascii_lowercase();
            if let Some(rank) = META.iter().position(|(known, _)| *known == name) {
                found.push((rank, node.attr_or("content", "")));
            }
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    for (rank, value) in found {
        if let Some((_, field)) = META.get(rank) {
            set(draft, *field, &value);
        }
    }
}

fn elements(page: &Document, draft: &mut Draft) {
    for (selector, sure) in DATES {
        let nodes = page.select(selector);
        if let Some(node) = nodes.nodes().iter().find(|node| sure || !is_event_day(node)) {
            let value = node.attr("datetime").or_else(|| node.attr("content")).unwrap_or_else(|| node.text());
            // Words such as « il y a deux jours » are no day.
            if super::published::day(&value).is_ok() {
                set(draft, Field::Published, &value);
            }
        }
    }
    for selector in ["[itemprop=author] [itemprop=name]", "[itemprop=author]", "[rel=author]"] {
        if let Some(node) = first(page, selector) {
            set(draft, Field::Author, &node.text());
        }
    }
    for (selector, attribute, field) in
        [("link[rel=canonical]", "href", Field::Url), ("html", "lang", Field::Lang), ("html", "xml:lang", Field::Lang)]
    {
        if let Some(value) = first(page, selector).and_then(|node| node.attr(attribute)) {
            set(draft, field, &value);
        }
    }
}

/// The page's own title has the name of the site in it, and its heading may be the site's: the first counts where the
/// second is part of it.
fn title(page: &Document, draft: &mut Draft) {
    let headings = page.select("h1");
    let heading = match headings.nodes() {
        [only] => normalize_line(&only.text()),
        _ => first(page, "article h1").map_or_else(String::new, |node| normalize_line(&node.text())),
    };
    set(draft, Field::Title, &heading);
    if let Some(node) = first(page, "head title") {
        set(draft, Field::Title, &node.text());
    }
    let Some(title) = draft.title.take() else { return };
    let cut = BEFORE_SITE.iter().find_map(|sign| {
        let (start, site) = title.rsplit_once(sign)?;
        let is_site = draft.source.as_deref() == Some(site) || start == heading;
        (is_site && !start.is_empty()).then(|| start.to_owned())
    });
    draft.title = Some(cut.unwrap_or(title));
}

/// Whether a `<time>` stands in a table, in a sentence or behind « Date »: it is that of an event then.
fn is_event_day(node: &NodeRef<'_>) -> bool {
    let Some(block) =
        node.ancestors_it(Some(NEAR)).find(|above| above.node_name().is_some_and(|name| BLOCKS.contains(&&*name)))
    else {
        return false;
    };
    let name = block.node_name().unwrap_or_default();
    let text = normalize_line(&block.text());
    let sentence = text.chars().count() > BYLINE || text.ends_with(['.', '!', '?', '…']);
    !matches!(&*name, "p" | "li") || sentence || dateline::is_event_day(&text)
}

fn first<'a>(page: &'a Document, selector: &str) -> Option<NodeRef<'a>> {
    page.select(selector).nodes().first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(html: &str) -> String {
        let draft = read(&Document::from(html));
        [draft.title, draft.author, draft.source, draft.published, draft.lang, draft.url]
            .map(|value| value.unwrap_or_else(|| "-".to_owned()))
            .join(" / ")
    }

    #[test]
    fn reads_every_place() {
        for (html, want) in [
            (
                "<html lang=fr><title>T | Site</title><meta property=og:site_name content=Site><h1>T</h1>",
                "T / - / Site / - / fr / -",
            ),
            (
                "<meta name=DC.title content=T><meta name=DC.date content=2025-01-09><meta name=author content=A>\
                 <meta property=article:author content='https://x.org/a'><link rel=canonical href=https://x.org/t>",
                "T / A / - / 2025-01-09 / - / https://x.org/t",
            ),
            (
                "<article><h1>T</h1><span itemprop=author><b itemprop=name>A</b></span>\
                 <time>il y a un an</time><time datetime='2025-01-09T10:00'>jeudi</time></article>",
                "T / A / - / 2025-01-09T10:00 / - / -",
            ),
            (
                r#"<script type="application/ld+json">{"@graph":[{"@type":"Organization","@id":"o","name":"Site"},
                {"@type":["NewsArticle"],"headline":"T","author":[{"name":"A"},{"name":"B"}],"publisher":{"@id":"o"},
                "datePublished":"2025-01-09","inLanguage":"fr-FR","mainEntityOfPage":{"@id":"https://x.org/t"}}]}</script>"#,
                "T / A, B / Site / 2025-01-09 / fr-FR / https://x.org/t",
            ),
            ("<p>rien", "- / - / - / - / - / -"),
            ("<p>Awa K. <time datetime=2025-01-09>jeudi</time></p>", "- / - / - / 2025-01-09 / - / -"),
            ("<table><tr><th>Date<td><time datetime=2019-03-23>23 mars</time></table>", "- / - / - / - / - / -"),
            ("<p>Date : <b><time>23 mars 2019</time></b></p>", "- / - / - / - / - / -"),
            (
                "<p>Le <time datetime=2019-03-23>23 mars</time>, un camp a été attaqué.</p><time>9 janvier 2025</time>",
                "- / - / - / 9 janvier 2025 / - / -",
            ),
        ] {
            assert_eq!(told(html), want, "{html}");
        }
    }

    #[test]
    fn the_table_has_no_duplicate() {
        for (at, (name, _)) in META.iter().enumerate() {
            assert!(META[..at].iter().all(|(before, _)| before != name), "{name}");
            assert_eq!(*name, name.to_lowercase());
        }
    }
}
