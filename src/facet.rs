//! A facet: one hierarchical value such as `/Mali/Mopti/Bankass`; and the kinds of facets.

use std::fmt::{self, Write as _};
use std::str::FromStr;
use std::sync::Arc;

use clap::ValueEnum;
use serde::{Deserialize, Serialize, Serializer};

/// A kind of facet to filter and count by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum FacetKind {
    /// Armed groups and forces
    Group,
    /// Places
    Region,
    /// Year, month, day of the events, else of publication
    Date,
    /// Who published
    Source,
}

impl FacetKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Group, Self::Region, Self::Date, Self::Source];

    /// The word for it in messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Region => "region",
            Self::Date => "date",
            Self::Source => "source",
        }
    }
}

/// A path of one or more names, broadest first: `/jihadiste/JNIM/Katiba Macina`.
///
/// Written with a leading slash; read with or without one. Names are trimmed, never empty and never hold a slash or
/// a control character. Copies share the names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct FacetPath(Arc<[String]>);

impl FacetPath {
    /// A facet of one level, for a value that may itself hold slashes (a source such as `RFI / AFP`): they become
    /// U+2215, which reads the same.
    ///
    /// # Errors
    /// As [`FacetPath::from_str`].
    pub fn leaf(name: &str) -> Result<Self, FacetError> {
        name.replace('/', "\u{2215}").parse()
    }

    /// A facet of names that were checked before.
    pub(crate) fn of(names: Vec<String>) -> Self {
        Self(names.into())
    }

    /// The names from the broadest to the narrowest.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// The narrowest name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }

    /// Whether `other` is this facet or stands below it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }
}

impl fmt::Display for FacetPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|name| {
            f.write_char('/')?;
            f.write_str(name)
        })
    }
}

/// Why a text is no facet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FacetError {
    /// Nothing, or nothing between two slashes.
    #[error("“{0}” has an empty name; write a facet as Mali/Mopti")]
    Empty(String),
    /// A control character, which no name has.
    #[error("“{}” has a control character", .0.escape_debug())]
    Control(String),
}

impl FromStr for FacetPath {
    type Err = FacetError;

    fn from_str(text: &str) -> Result<Self, FacetError> {
        if text.chars().any(char::is_control) {
            return Err(FacetError::Control(text.to_owned()));
        }
        let trimmed = text.trim();
        let inner = trimmed.strip_prefix('/').unwrap_or(trimmed);
        let names: Vec<String> = inner.split('/').map(|name| name.trim().to_owned()).collect();
        if names.iter().any(String::is_empty) {
            return Err(FacetError::Empty(text.to_owned()));
        }
        Ok(Self(names.into()))
    }
}

impl TryFrom<String> for FacetPath {
    type Error = FacetError;

    fn try_from(text: String) -> Result<Self, FacetError> {
        text.parse()
    }
}

impl Serialize for FacetPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_with_and_without_a_leading_slash() {
        let path: FacetPath = "Mali / Mopti".parse().unwrap();
        assert_eq!(path.to_string(), "/Mali/Mopti");
        assert_eq!("/Mali/Mopti".parse::<FacetPath>().unwrap(), path);
        assert_eq!(path.name(), "Mopti");
    }

    #[test]
    fn refuses_empty_names_and_control_characters() {
        for bad in ["", "/", "Mali//Mopti", "Mali/", "a\u{0}b"] {
            assert!(bad.parse::<FacetPath>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_leaf_keeps_its_slashes_readable() {
        assert_eq!(FacetPath::leaf("RFI / AFP").unwrap().names(), ["RFI ∕ AFP"]);
    }

    #[test]
    fn contains_itself_and_what_is_below_only() {
        let mali: FacetPath = "Mali".parse().unwrap();
        assert!(mali.contains(&mali));
        assert!(mali.contains(&"Mali/Gao".parse().unwrap()));
        assert!(!mali.contains(&"Malinké".parse().unwrap()));
    }
}
