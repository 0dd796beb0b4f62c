//! Parts of a page: what stands around everything, and text of others made safe to stand inside.
//!
//! A page is one file without script or anything to fetch, and tells the browser to hold to that. Texts of reports are
//! escaped and isolated, so that they neither run nor turn the order of what stands around them; characters that would
//! are shown as U+FFFD.

use std::fmt;
use std::io::{self, Write};

use chrono::{DateTime, Utc};

use super::super::terminal::harmless;
use crate::facet::FacetPath;
use crate::hit::Mark;
use crate::lang::Lang;

const STYLE: &str = include_str!("style.css");

/// Writes what stands before the first section.
pub(super) fn open(out: &mut dyn Write, title: &str, made: DateTime<Utc>, lang: Lang) -> io::Result<()> {
    let (version, lang) = (env!("CARGO_PKG_VERSION"), lang.name());
    let title = Text(title);
    write!(
        out,
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"vigie {version}\">\n\
         <title>{title} · vigie</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n\
         <p class=\"tool\">vigie {version} · <time datetime=\"{}\">{}</time></p>\n",
        made.format("%Y-%m-%dT%H:%MZ"),
        made.format("%Y-%m-%d %H:%M UTC"),
    )
}

/// Writes what stands behind the last section.
pub(super) fn close(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"</main>\n</body>\n</html>\n")
}

/// A text, escaped for the inside of an element, or of an attribute between double quotes.
pub(crate) struct Text<T>(pub(crate) T);

impl<T: AsRef<str>> fmt::Display for Text<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().chars().try_for_each(|c| escaped(f, c))
    }
}

/// A text with marks in it. `offset` is the place of its first byte in the text that the marks refer to.
pub(crate) struct Marked<'t> {
    pub(crate) text: &'t str,
    pub(crate) offset: usize,
    pub(crate) marks: &'t [Mark],
}

impl fmt::Display for Marked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut inside = false;
        for (at, c) in self.text.char_indices() {
            let at = self.offset.saturating_add(at);
            let marked = self.marks.iter().any(|mark| (mark.start..mark.end).contains(&at));
            if marked != inside {
                f.write_str(if marked { "<mark>" } else { "</mark>" })?;
                inside = marked;
            }
            escaped(f, c)?;
        }
        f.write_str(if inside { "</mark>" } else { "" })
    }
}

fn escaped(f: &mut fmt::Formatter<'_>, c: char) -> fmt::Result {
    match c {
        '&' => f.write_str("&amp;"),
        '<' => f.write_str("&lt;"),
        '>' => f.write_str("&gt;"),
        '"' => f.write_str("&quot;"),
        c => fmt::Write::write_char(f, shown(c)),
    }
}

/// What is shown of a character: line ends and tabs as they are.
pub(crate) fn shown(c: char) -> char {
    if matches!(c, '\n' | '\t') { c } else { harmless(c) }
}

/// Whether a link may lead there.
pub(crate) fn links(url: &str) -> bool {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| scheme == "http" || scheme == "https")
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Writes names, told in a language, with their values; what has no value is left out.
pub(super) fn list(out: &mut dyn Write, class: &str, lines: &[(&str, String)], lang: Lang) -> io::Result<()> {
    let told: Vec<_> = lines.iter().filter(|(_, value)| !value.trim().is_empty()).collect();
    if told.is_empty() {
        return Ok(());
    }
    writeln!(out, "<dl class=\"{class}\">")?;
    for (name, value) in told {
        writeln!(out, "<dt>{}</dt><dd><bdi lang=\"fr\">{}</bdi></dd>", Text(lang.tell(*name)), Text(value))?;
    }
    writeln!(out, "</dl>")
}

/// A facet as its names, broadest first.
pub(super) fn steps(path: &FacetPath) -> String {
    path.names().join(" › ")
}
