//! Fields: what they are called, where the value of one begins, and which values need no quotes.

use unicode_normalization::char::is_combining_mark;

use super::Part;
use super::lexer::operator;
use super::quotes::closers;
use crate::facet::FacetKind;
use crate::french::fold;

/// What a query can name before a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Facet(FacetKind),
    Part(Part),
}

/// Names of fields, folded. Sorted.
const NAMES: [(&str, Field); 9] = [
    ("date", Field::Facet(FacetKind::Date)),
    ("group", Field::Facet(FacetKind::Group)),
    ("groupe", Field::Facet(FacetKind::Group)),
    ("region", Field::Facet(FacetKind::Region)),
    ("source", Field::Facet(FacetKind::Source)),
    ("text", Field::Part(Part::Text)),
    ("texte", Field::Part(Part::Text)),
    ("title", Field::Part(Part::Title)),
    ("titre", Field::Part(Part::Title)),
];
/// The longest way to write one of them, in bytes: `région` with an accent of its own.
const LONGEST_NAME: usize = 16;

impl Field {
    /// The field of a name, whatever its case and accents.
    fn named(name: &str) -> Option<Self> {
        let folded = (name.len() <= LONGEST_NAME).then(|| fold(&name.to_lowercase()))?;
        NAMES.binary_search_by_key(&folded.as_str(), |&(name, _)| name).ok().map(|at| NAMES[at].1)
    }

    /// The field that a text begins with, and the byte after its colon: only where a value follows at once, so that
    /// « Titre : embuscade » is text.
    pub(super) fn at_start(text: &str) -> Option<(Self, usize)> {
        // No name is longer, so that the colon of a long text is not looked for again and again.
        let colon = text.bytes().take(LONGEST_NAME + 1).position(|b| b == b':')?;
        let field = Self::named(&text[..colon])?;
        let rest = &text[colon + 1..];
        let rest = rest.strip_prefix(['!', '-']).unwrap_or(rest);
        field.has_value_at(rest).then_some((field, colon + 1))
    }

    /// The field that a text begins with, and the byte after its colon, whether a value follows or not yet.
    pub(super) fn before_value(text: &str) -> Option<(Self, usize)> {
        let colon = text.bytes().take(LONGEST_NAME + 1).position(|b| b == b':')?;
        Some((Self::named(&text[..colon])?, colon + 1))
    }

    /// Whether a value begins here, be it quoted, in brackets or bare.
    pub(super) fn has_value_at(self, text: &str) -> bool {
        text.starts_with(|c| c == '(' || closers(c).is_some()) || self.has_bare_value_at(text)
    }

    /// Whether a bare value begins here: `JNIM`, `/Mali/Mopti`, `@chaîne`, `..2024`.
    pub(super) fn has_bare_value_at(self, text: &str) -> bool {
        let sign_in_front = match self {
            Self::Part(_) => "",
            Self::Facet(FacetKind::Date) => "..",
            Self::Facet(_) => ["/", "@", "#"].into_iter().find(|&sign| text.starts_with(sign)).unwrap_or(""),
        };
        text.strip_prefix(sign_in_front).unwrap_or(text).starts_with(char::is_alphanumeric)
    }

    /// The name to print, with its colon.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Facet(FacetKind::Group) => "groupe:",
            Self::Facet(FacetKind::Region) => "région:",
            Self::Facet(FacetKind::Date) => "date:",
            Self::Facet(FacetKind::Source) => "source:",
            Self::Part(Part::Title) => "titre:",
            Self::Part(Part::Text) => "texte:",
        }
    }

    /// Whether a value reads the same without quotes.
    pub(super) fn is_bare(self, value: &str) -> bool {
        let plain = |c: char| c.is_alphanumeric() || is_combining_mark(c) || "-'’./&_@#".contains(c);
        // A range of dates may have an open end.
        let end = if self == Self::Facet(FacetKind::Date) { value.trim_end_matches("..") } else { value };
        self.has_bare_value_at(value)
            && value.chars().all(plain)
            && end.ends_with(|c: char| c.is_alphanumeric() || is_combining_mark(c))
            && operator(value).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded_sorted_and_none_is_longer_than_what_is_looked_at() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(NAMES.iter().all(|(name, _)| fold(name) == *name && name.len() < LONGEST_NAME));
        for (name, field) in NAMES {
            assert_eq!(Field::named(&name.to_uppercase()), Some(field));
        }
    }

    #[test]
    fn a_field_stands_right_before_its_value() {
        let region = Field::Facet(FacetKind::Region);
        for text in ["région:Mali", "RE\u{301}GION:\"Mali", "region:(", "Region:!Mali", "region:-/Mali", "region:«"] {
            assert_eq!(Field::at_start(text).map(|(field, _)| field), Some(region), "{text}");
        }
        for text in ["region: Mali", "region:", "region:…", "region:)", "région", "lieu:Mali", "region:..2024", "é:"]
        {
            assert_eq!(Field::at_start(text), None, "{text}");
        }
        assert_eq!(Field::at_start("date:..2024"), Some((Field::Facet(FacetKind::Date), 5)));
    }

    #[test]
    fn what_could_be_read_otherwise_is_quoted() {
        let source = Field::Facet(FacetKind::Source);
        for value in ["RFI", "lemonde.fr", "/Mali/Mopti", "Côte-d'Or", "@rfi", "et"] {
            assert!(source.is_bare(value), "{value}");
        }
        for value in ["ET", "RFI.", "a b", "a(b", "!RFI", "-RFI", "date:2024", "a^2", "..a", "a..", "", "'a", "a\"b"] {
            assert!(!source.is_bare(value), "{value}");
        }
        assert!(Field::Facet(FacetKind::Date).is_bare("2024-08.."));
    }
}
