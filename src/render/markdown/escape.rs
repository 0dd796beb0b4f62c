//! Text that stands in Markdown as it is: what would be markup has a backslash before it.

use std::ops::Range;

use super::super::html::links;
use super::super::terminal::Shown;

/// A text on one line. It may stand at the start of one.
pub(super) fn line(text: &str) -> String {
    let shown = Shown::line(text);
    inline(&shown, 0..shown.text.len())
}

/// A text as a quote, its paragraphs parted, its marks in bold.
pub(super) fn quote(shown: &Shown) -> String {
    let mut paragraphs = Vec::new();
    let mut start = 0;
    for paragraph in shown.text.split('\n') {
        let end = start + paragraph.len();
        paragraphs.push(format!("> {}", inline(shown, start..end)));
        start = end + 1;
    }
    paragraphs.join("\n>\n")
}

/// A link behind a citation; an address that is none is a text.
pub(super) fn link(url: &str) -> String {
    let bare = links(url) && !url.contains(['<', '>', '\\', '&']) && Shown::line(url).text == url;
    if bare { format!(", <{url}>") } else { format!(", {}", line(url)) }
}

/// A part of a text without line ends, escaped, its marks in bold.
pub(super) fn inline(shown: &Shown, bytes: Range<usize>) -> String {
    let mut written = String::new();
    let mut before = None;
    let pieces = shown.pieces(bytes.clone());
    for (at, (piece, marked)) in pieces.iter().enumerate() {
        let after = pieces.get(at + 1).and_then(|(next, _)| next.chars().next());
        let bold = *marked && flanks(before, piece, after);
        if bold {
            written.push_str("**");
        }
        escape(&mut written, piece, before.is_none());
        if bold {
            written.push_str("**");
        }
        before = piece.chars().next_back();
    }
    written
}

/// Whether asterisks around a text make it bold, as `CommonMark` has it: at either end they stand beside a letter, or
/// between a sign and a space or a sign. A mark where they may not is left out, since the asterisks would be seen.
fn flanks(before: Option<char>, text: &str, after: Option<char>) -> bool {
    // Not every character that is no letter is a space or a sign to every reader.
    let apart = |c: char| c.is_whitespace() || c.is_ascii_punctuation() || "«»“”‘’…–—".contains(c);
    let leans = |inside: Option<char>, outside: Option<char>| {
        inside.is_some_and(|inside| inside.is_alphanumeric() || !inside.is_whitespace() && outside.is_none_or(apart))
    };
    leans(text.chars().next(), before) && leans(text.chars().next_back(), after)
}

/// Adds a text; `first` tells that it may stand at the start of a line.
fn escape(written: &mut String, text: &str, first: bool) {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    for (at, c) in text.char_indices() {
        let always = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '$');
        let starts = first && at == 0 && matches!(c, '#' | '+' | '-' | '=' | ':');
        let numbers = first && at == digits && digits > 0 && matches!(c, '.' | ')');
        if always || starts || numbers {
            written.push('\\');
        }
        written.push(c);
    }
}
