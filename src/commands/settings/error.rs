//! What can be wrong with settings, and what to do about it.

use std::error::Error as _;
use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use clap::error::{ContextKind, ContextValue};

use super::Origin;

/// Names as alike as these are told: one is likely a slip for the other.
const ALIKE: f64 = 0.85;

/// Why settings cannot be read.
#[derive(Clone, Debug, thiserror::Error)]
pub(in crate::commands) enum SettingsError {
    #[error("{}: {source}", .path.display())]
    Unreadable { path: PathBuf, source: Arc<io::Error> },
    #[error("{place}: {why}")]
    Syntax { place: Origin, why: String, hint: &'static str },
    #[error("{place}: “{name}” is no setting")]
    Unknown { place: Origin, name: String, hint: String },
    #[error("{place}: “{name}” is no command")]
    UnknownTable { place: Origin, name: String, hint: String },
    #[error("{place}: {name} takes {wanted}, not {found}")]
    Type { place: Origin, name: String, wanted: &'static str, found: &'static str },
    #[error("{place}: “{value}” is no value of {name}: {why}")]
    Validation { place: Origin, name: String, value: String, why: String },
    #[error("{place}: “{value}” is no value of {name}")]
    Value { place: Origin, name: String, value: String, hint: Option<String> },
    #[error("{place}: {name} cannot be set beside {other}")]
    Conflict { place: Origin, name: String, other: String },
}

impl SettingsError {
    /// A value that the parser of its option does not take.
    pub(super) fn value(place: &Origin, name: &str, value: &OsStr, error: &clap::Error) -> Self {
        let (place, name, value) = (place.clone(), name.to_owned(), value.to_string_lossy().into_owned());
        if let Some(why) = error.source().map(ToString::to_string) {
            return Self::Validation { place, name, value, why };
        }
        let near = match error.get(ContextKind::SuggestedValue) {
            Some(ContextValue::String(near)) => Some(format!("did you mean {near}?")),
            _ => None,
        };
        let hint = near.or_else(|| match error.get(ContextKind::ValidValue) {
            Some(ContextValue::Strings(values)) if !values.is_empty() => {
                Some(format!("write one of {}", values.join(", ")))
            }
            _ => None,
        });
        Self::Value { place, name, value, hint }
    }

    pub(super) fn conflict(place: &Origin, name: &str, other: &str) -> Self {
        Self::Conflict { place: place.clone(), name: name.to_owned(), other: other.to_owned() }
    }

    /// What the user can do about it.
    pub(in crate::commands) fn hint(&self) -> Option<String> {
        match self {
            Self::Unreadable { .. } => Some("name a file with --config, or none".to_owned()),
            Self::Syntax { hint, .. } => Some((*hint).to_owned()),
            Self::Unknown { hint, .. } | Self::UnknownTable { hint, .. } => Some(hint.clone()),
            Self::Value { hint, .. } => hint.clone(),
            Self::Type { .. } | Self::Validation { .. } => None,
            Self::Conflict { .. } => Some("set one of them".to_owned()),
        }
    }
}

/// What a name may have been meant for.
pub(super) fn near<'k>(name: &str, known: &'k [String]) -> Option<&'k str> {
    let name = name.to_lowercase().replace('_', "-");
    let alike = |other: &&String| strsim::jaro_winkler(&name, other);
    let near = known.iter().filter(|other| alike(other) >= ALIKE).max_by(|a, b| alike(a).total_cmp(&alike(b)));
    near.map(String::as_str)
}

/// What a name may have been meant for; else all that there are.
pub(super) fn remedy(name: &str, known: &[String]) -> String {
    match near(name, known) {
        Some(near) => format!("did you mean {near}?"),
        None if known.is_empty() => "there are no settings of this command".to_owned(),
        None => format!("there is {}", known.join(", ")),
    }
}
