//! What a layer gives to an option, and which layer that is.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use crate::commands::question::flag;
use crate::render::settings::Origin as Shown;

/// Where a setting comes from, the strongest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::commands) enum Origin {
    /// The command line.
    Flag,
    /// A variable of the environment.
    Variable(String),
    /// A line of a file, from 1.
    File(PathBuf, usize),
    /// Nothing else.
    Default,
}

impl Origin {
    /// Whether both are of one layer, so that neither goes before the other.
    pub(super) fn is_as_strong_as(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// `VIGIE_LANG`, `vigie.toml:3`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("the command line"),
            Self::Variable(name) => f.write_str(name),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

impl From<Origin> for Shown {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Flag => Self::Flag,
            Origin::Variable(name) => Self::Environment { name },
            Origin::File(path, line) => Self::File { path: path.to_string_lossy().into_owned(), line },
            Origin::Default => Self::Default,
        }
    }
}

/// The values that a layer gives to an option.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// The command; none where the option is of every command.
    pub(super) command: Option<String>,
    /// The long name of the option.
    pub(super) name: String,
    pub(super) values: Vec<OsString>,
    pub(super) origin: Origin,
}

impl Given {
    pub(super) fn texts(&self) -> Vec<String> {
        self.values.iter().map(|value| value.to_string_lossy().into_owned()).collect()
    }

    /// Whether it asks for anything: a flag that is off does not.
    pub(super) fn is_on(&self) -> bool {
        let off = |value: &OsString| {
            let value = value.to_string_lossy().to_lowercase();
            matches!(value.as_str(), "false" | "0" | "no" | "n" | "f" | "off")
        };
        !self.values.iter().all(off)
    }

    /// As people write it.
    pub(super) fn shown(&self) -> String {
        if self.name.starts_with('<') { self.name.clone() } else { format!("--{}", self.name) }
    }

    /// As words of a command line.
    pub(super) fn as_words(&self) -> impl Iterator<Item = OsString> {
        self.values.iter().map(|value| {
            let mut word = OsString::from(format!("--{}=", self.name));
            word.push(value);
            word
        })
    }

    /// As flags that a shell reads.
    pub(super) fn as_flags(&self) -> Vec<String> {
        if self.values == [OsString::from("true")] {
            return vec![format!("--{}", self.name)];
        }
        self.texts().iter().map(|value| flag(&self.name, value)).collect()
    }
}
