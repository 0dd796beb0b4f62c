//! Quotes: which of them open, what closes them, and which can stand around a text.

/// A quote that opens, and what closes it, the usual one first.
const QUOTES: [(char, &[char]); 5] = [('"', &['"']), ('«', &['»']), ('“', &['”']), ('„', &['“', '”']), ('‟', &['”'])];

/// What closes a quote, if it is one that opens.
pub(super) fn closers(c: char) -> Option<&'static [char]> {
    QUOTES.iter().find(|(opener, _)| *opener == c).map(|(_, closers)| *closers)
}

/// Whether a character is a double quote of any kind.
pub(super) fn is_quote(c: char) -> bool {
    QUOTES.iter().any(|(opener, closers)| *opener == c || closers.contains(&c))
}

/// A text between the first quotes that it does not close itself: `"a"`, `« a "b" »`.
///
/// There is a pair for every text that was read from between quotes.
pub(super) fn quoted(text: &str) -> String {
    if !text.contains('"') {
        format!("\"{text}\"")
    } else if text.contains('»') {
        format!("“{text}”")
    } else {
        format!("« {text} »")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_text_holds_is_not_what_closes_it() {
        assert_eq!(quoted("forces armées"), "\"forces armées\"");
        assert_eq!(quoted("dit \"non\""), "« dit \"non\" »");
        assert_eq!(quoted("\" »"), "“\" »”");
    }
}
