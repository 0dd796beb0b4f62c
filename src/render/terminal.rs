//! What a terminal may be shown: text made harmless, broken into lines between words, and painted.

use std::io::{self, Write};
use std::ops::Range;

use anstyle::Effects;
use unicode_width::UnicodeWidthStr;

use super::Style;
use crate::hit::Span;
use crate::passages::paragraphs;

pub(super) const PLAIN: anstyle::Style = anstyle::Style::new();
pub(super) const BOLD: anstyle::Style = PLAIN.bold();
pub(super) const DIM: anstyle::Style = PLAIN.effects(Effects::DIMMED);

impl Style {
    /// Writes a text, in colour where that is wanted.
    pub(super) fn paint(self, out: &mut dyn Write, style: anstyle::Style, text: &str) -> io::Result<()> {
        if self.color && !text.trim().is_empty() {
            write!(out, "{style}{text}{style:#}")
        } else {
            out.write_all(text.as_bytes())
        }
    }
}

/// Text that is safe to show, with the places to mark in it. Words are parted by one space, paragraphs by a line end;
/// there is no other control character.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// The text.
    pub(super) text: String,
    /// Bytes of `text` to mark, in order, without overlap.
    pub(super) marks: Vec<Range<usize>>,
}

impl Shown {
    /// Makes a text harmless. `offset` is the place of its first byte in the text that `marks` refer to; marks outside
    /// it mark nothing.
    pub(super) fn new(text: &str, offset: usize, marks: &[Span]) -> Self {
        let mut shown = Self::default();
        let mut gap = Gap::default();
        // A heading stands on its own line; a line that was wrapped to a width of its own does not.
        let paragraphs: Vec<usize> = paragraphs(text).into_iter().map(|paragraph| paragraph.start).collect();
        let mut marks: Vec<Span> = marks.to_vec();
        marks.sort_unstable();
        let mut waiting = marks.into_iter().peekable();
        let mut marked_until = 0;
        for (start, c) in text.char_indices() {
            let at = offset.saturating_add(start);
            while let Some(mark) = waiting.next_if(|mark| mark.start <= at) {
                marked_until = marked_until.max(mark.end);
            }
            let marked = at < marked_until;
            if breaks(c) {
                gap.widen(marked);
                continue;
            }
            let parts = paragraphs.binary_search(&start).is_ok();
            if let Some(marked) = gap.close().filter(|_| !shown.text.is_empty()) {
                shown.push(if parts { '\n' } else { ' ' }, marked);
            }
            shown.push(harmless(c), marked);
        }
        shown
    }

    /// One line, without marks.
    pub(super) fn line(text: &str) -> Self {
        Self::new(text, 0, &[]).on_one_line()
    }

    /// The same without line ends.
    pub(super) fn on_one_line(mut self) -> Self {
        self.text = self.text.replace('\n', " ");
        self
    }

    /// The same between two signs, which are not marked.
    pub(super) fn between(mut self, before: &str, after: &str) -> Self {
        for mark in &mut self.marks {
            *mark = mark.start + before.len()..mark.end + before.len();
        }
        self.text = format!("{before}{}{after}", self.text);
        self
    }

    fn push(&mut self, c: char, marked: bool) {
        let start = self.text.len();
        self.text.push(c);
        let end = self.text.len();
        if marked {
            match self.marks.last_mut() {
                Some(last) if last.end == start => last.end = end,
                _ => self.marks.push(start..end),
            }
        }
    }

    /// The text of some of its bytes, cut where marks begin and end; with each piece, whether it is marked.
    pub(super) fn pieces(&self, bytes: Range<usize>) -> Vec<(&str, bool)> {
        let mut pieces = Vec::new();
        let mut at = bytes.start;
        for mark in &self.marks {
            let (start, end) = (mark.start.max(at), mark.end.min(bytes.end));
            if start < end {
                pieces.extend([(&self.text[at..start], false), (&self.text[start..end], true)]);
                at = end;
            }
        }
        pieces.push((&self.text[at..bytes.end], false));
        pieces.retain(|(piece, _)| !piece.is_empty());
        pieces
    }

    /// Lines of at most `width` columns, as bytes of the text. A word that is wider has a line of its own.
    pub(super) fn lines(&self, width: usize) -> Vec<Range<usize>> {
        let mut lines = Vec::new();
        let mut start = 0;
        for paragraph in self.text.split('\n') {
            let mut line: Option<Range<usize>> = None;
            for word in words(paragraph) {
                let word = start + word.start..start + word.end;
                match &mut line {
                    Some(line) if columns(&self.text[line.start..word.end]) <= width => line.end = word.end,
                    _ => lines.extend(line.replace(word)),
                }
            }
            lines.extend(line);
            start += paragraph.len() + 1;
        }
        lines
    }
}

/// Columns that a text takes on a terminal.
pub(super) fn columns(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// A text made harmless with every space kept, as a path or an id needs it to be copied.
pub(crate) fn verbatim(text: &str) -> String {
    text.chars().map(harmless).collect()
}

/// White space that was read and not yet written.
#[derive(Default)]
struct Gap {
    chars: usize,
    marked: usize,
}

impl Gap {
    fn widen(&mut self, marked: bool) {
        self.chars += 1;
        self.marked += usize::from(marked);
    }

    /// Whether to mark the gap, if there is one.
    fn close(&mut self) -> Option<bool> {
        let gap = std::mem::take(self);
        (gap.chars > 0).then_some(gap.marked == gap.chars)
    }
}

/// White space at which a line may be broken: not U+00A0, U+2007 and U+202F, which French puts before « ; » and inside
/// numbers. U+2060 is no white space.
fn breaks(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

/// U+FFFD for what would command the terminal or turn the order of the text around it.
pub(super) fn harmless(c: char) -> char {
    let bidi = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    if c.is_control() || bidi { char::REPLACEMENT_CHARACTER } else { c }
}

/// What a line break may not part, as bytes of a text of single spaces: its words, each with the punctuation that
/// French sets apart with a space. A line never ends with « or starts with » or ? .
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for word in text.split(' ') {
        let end = start + word.len();
        match words.last_mut() {
            Some(last) if text[last.clone()].ends_with('«') || leans(word) => last.end = end,
            _ if word.is_empty() => {}
            _ => words.push(start..end),
        }
        start = end + 1;
    }
    words
}

/// Whether a word is punctuation that belongs to the word before.
fn leans(word: &str) -> bool {
    word.starts_with(['»', ':', ';', '!', '?', '%', '…']) && !word.contains(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(text: &str, width: usize) -> Vec<String> {
        let shown = Shown::new(text, 0, &[]);
        shown.lines(width).into_iter().map(|line| shown.text[line].to_owned()).collect()
    }

    #[test]
    fn lines_break_between_words_only() {
        for (text, width, want) in [
            ("", 10, &[][..]),
            (" \n ", 10, &[]),
            ("un deux trois", 7, &["un deux", "trois"]),
            ("anticonstitutionnellement oui", 5, &["anticonstitutionnellement", "oui"]),
            ("Gourma-Rharous l'armée", 8, &["Gourma-Rharous", "l'armée"]),
            ("15\u{a0}000 et 15\u{202f}000", 6, &["15\u{a0}000", "et", "15\u{202f}000"]),
            ("a\u{2007}b\u{2060}c d", 2, &["a\u{2007}b\u{2060}c", "d"]),
            ("dit « oui » ; puis ?", 7, &["dit", "« oui » ;", "puis ?"]),
            ("un\ndeux\n\ntrois", 20, &["un deux", "trois"]),
            ("un\r\n\r\n\r\ndeux", 20, &["un", "deux"]),
            ("漢字 漢字", 5, &["漢字", "漢字"]),
            ("漢字 漢字", 9, &["漢字 漢字"]),
            ("e\u{301}te\u{301} ici", 7, &["e\u{301}te\u{301} ici"]),
        ] {
            assert_eq!(wrapped(text, width), want, "{text:?} at {width}");
        }
    }

    #[test]
    fn what_commands_the_terminal_is_replaced() {
        let every = "\0\u{7}\u{8}\u{1b}\u{7f}\u{80}\u{9b}\u{9f}\u{61c}\u{200e}\u{200f}\u{202a}\u{202e}\u{2066}\u{2069}";
        assert!(Shown::new(every, 0, &[]).text.chars().all(|c| c == '\u{fffd}'));
        assert!(verbatim(every).chars().all(|c| c == '\u{fffd}'));
        let kept = "👩🏽\u{200d}🚀 «\u{a0}é\u{a0}» می\u{200c}خواهم";
        assert_eq!(Shown::new(kept, 0, &[]).text, kept);
    }

    #[test]
    fn marks_move_with_the_text() {
        let shown = Shown::new("  la\t\u{1b} belle  ville", 100, &[Span { start: 107, end: 119 }]);
        assert_eq!(shown.text, "la \u{fffd} belle ville");
        assert_eq!(shown.pieces(0..shown.text.len()), [("la \u{fffd} ", false), ("belle ville", true)]);
        let shown = shown.between("… ", " …");
        assert_eq!(shown.pieces(0..12), [("… la \u{fffd} ", false), ("b", true)]);
    }

    proptest::proptest! {
        #[test]
        fn lines_hold_every_word_in_order_and_fit(text in "[a-zé«»:!? \u{a0}\n漢]{0,80}", width in 1_usize..30) {
            let shown = Shown::new(&text, 0, &[]);
            let lines = wrapped(&text, width);
            proptest::prop_assert_eq!(lines.join(" "), shown.text.replace('\n', " "));
            for line in lines {
                proptest::prop_assert!(columns(&line) <= width || words(&line).len() == 1, "{:?}", line);
            }
        }
    }
}
