//! Alerts: hits of named requests, for machines a line each, for feed readers as RSS 2.0.

use std::io::{self, Write};

use serde::Serialize;

use crate::hit::Hit;
use crate::lang::Lang;

/// Hex digits of the hash in a guid.
const DIGITS: usize = 16;
/// RSS wants a channel to link somewhere; this leads nowhere, as the ids of the schemas do.
const LINK: &str = "https://vigie.invalid/watch";

/// A hit of a named request.
#[derive(Clone, Copy, Debug)]
pub struct Alert<'a> {
    /// The name of the request.
    pub query: &'a str,
    /// The hit.
    pub hit: &'a Hit,
}

/// An alert as JSON.
#[derive(Serialize)]
struct Line<'a> {
    query: &'a str,
    guid: String,
    hit: &'a Hit,
}

impl Alert<'_> {
    /// The id of the passage, `@`, and the first half of a hash of its text and of the request's name: the same as long as
    /// the passage says the same.
    #[must_use]
    pub fn guid(&self) -> String {
        let passage = &self.hit.passage;
        let hash = blake3::hash(format!("{}\0{}", self.query, passage.text).as_bytes()).to_hex();
        format!("{}@{}", passage.id, hash.get(..DIGITS).unwrap_or_default())
    }
}

/// Writes alerts as JSON, a line each.
///
/// # Errors
/// The writer's own.
pub fn jsonl<'a>(out: &mut dyn Write, alerts: impl Iterator<Item = Alert<'a>>) -> io::Result<()> {
    for alert in alerts {
        serde_json::to_writer(&mut *out, &Line { query: alert.query, guid: alert.guid(), hit: alert.hit })?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Writes alerts as a feed: a whole RSS 2.0 document, without items where there are none. What the feed says of itself is
/// in the language given.
///
/// # Errors
/// The writer's own.
pub fn rss<'a>(out: &mut dyn Write, alerts: impl Iterator<Item = Alert<'a>>, lang: Lang) -> io::Result<()> {
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\">\n<channel>")?;
    writeln!(out, "<title>vigie</title>\n<link>{LINK}</link>")?;
    writeln!(out, "<description>{}</description>", escaped(&lang.tell("New passages that answer saved queries")))?;
    for alert in alerts {
        item(out, alert)?;
    }
    writeln!(out, "</channel>\n</rss>")
}

fn item(out: &mut dyn Write, alert: Alert<'_>) -> io::Result<()> {
    let report = &alert.hit.report;
    let named = report.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(&report.id);
    writeln!(out, "<item>\n<title>{}</title>", escaped(named))?;
    if let Some(url) = report.url.as_deref().filter(|url| is_link(url)) {
        writeln!(out, "<link>{}</link>", escaped(url))?;
    }
    writeln!(out, "<guid isPermaLink=\"false\">{}</guid>", escaped(&alert.guid()))?;
    if let Some(day) = report.published {
        writeln!(out, "<pubDate>{}</pubDate>", day.format("%a, %d %b %Y 00:00:00 +0000"))?;
    }
    writeln!(out, "<category>{}</category>", escaped(alert.query))?;
    // The description is HTML, which is text to XML.
    let html = format!("<p>{}</p><p>{}</p>", fragment(alert.hit), escaped(&alert.hit.cite));
    writeln!(out, "<description>{}</description>\n</item>", escaped(&html))
}

/// Whether a url may be linked: nothing that a reader would run.
fn is_link(url: &str) -> bool {
    let start = |of: &str| url.get(..of.len()).is_some_and(|start| start.eq_ignore_ascii_case(of));
    start("https://") || start("http://")
}

/// The fragment of a hit as HTML, with its marks.
fn fragment(hit: &Hit) -> String {
    let passage = &hit.passage;
    let text = |start: usize, end: usize| {
        let range = start.saturating_sub(passage.start)..end.saturating_sub(passage.start);
        escaped(passage.text.get(range).unwrap_or_default())
    };
    let (mut html, mut at) = (String::new(), hit.fragment.start);
    for mark in hit.marks.iter().filter(|mark| mark.start >= hit.fragment.start && mark.end <= hit.fragment.end) {
        html.extend([&text(at, mark.start), "<mark>", &text(mark.start, mark.end), "</mark>"]);
        at = mark.end;
    }
    html + &text(at, hit.fragment.end)
}

/// A text as XML and HTML want it, without the characters that XML has no place for.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::samples::hit;
    use super::*;

    fn sample() -> Hit {
        let text = "Trois civils ont été tués dans l'embuscade ; les FAMa parlent d'un < bilan > provisoire & lourd.";
        let mut hit = hit(1, "Bilan & <suites>", text, &["embuscade", "FAMa"]);
        hit.report.url = Some("https://exemple.invalid/a?b=1&c=2".to_owned());
        hit
    }

    #[test]
    fn a_feed_is_escaped_and_marked() {
        let hit = sample();
        let alert = Alert { query: "Mali <1>", hit: &hit };
        let mut out = Vec::new();
        rss(&mut out, [alert].into_iter(), Lang::En).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap().replace(&alert.guid(), "GUID"), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <rss version="2.0">
        <channel>
        <title>vigie</title>
        <link>https://vigie.invalid/watch</link>
        <description>New passages that answer saved queries</description>
        <item>
        <title>Bilan &amp; &lt;suites&gt;</title>
        <link>https://exemple.invalid/a?b=1&amp;c=2</link>
        <guid isPermaLink="false">GUID</guid>
        <pubDate>Thu, 09 Jan 2025 00:00:00 +0000</pubDate>
        <category>Mali &lt;1&gt;</category>
        <description>&lt;p&gt;Trois civils ont été tués dans l'&lt;mark&gt;embuscade&lt;/mark&gt; ; les &lt;mark&gt;FAMa&lt;/mark&gt; parlent d'un &amp;lt; bilan &amp;gt; provisoire &amp;amp; lourd.&lt;/p&gt;&lt;p&gt;Échantillon A, « Bilan &amp;amp; &amp;lt;suites&amp;gt; », 2025-01-09, corpus/2025/depeche-1.txt#3, octets 812-911, b3:28791ce59949&lt;/p&gt;</description>
        </item>
        </channel>
        </rss>
        "#);
    }

    #[test]
    fn a_guid_stays_until_the_passage_changes() {
        let (one, mut other) = (sample(), sample());
        let guid = |query, hit: &Hit| Alert { query, hit }.guid();
        other.score += 1.0;
        assert_eq!(guid("a", &one), guid("a", &other));
        assert_ne!(guid("a", &one), guid("b", &one));
        other.passage.text.push('!');
        assert_ne!(guid("a", &one), guid("a", &other));
    }

    #[test]
    fn what_xml_has_no_place_for_and_what_a_reader_would_run_stays_out() {
        assert_eq!(escaped("a\u{1b}[31m\u{85}\u{fffe}b\nc"), "a\u{fffd}[31m\u{fffd}\u{fffd}b\nc");
        assert!(is_link("HTTPS://a.invalid") && !is_link("javascript:alert(1)") && !is_link("é"));
    }
}
