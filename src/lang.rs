//! The languages that vigie speaks to people: one table of messages (`lang/messages.tsv`), and what reads it.
//!
//! All of vigie makes its messages in English: errors and hints as they arise, text output as it is rendered. Where a
//! message leaves, [`Lang::tell`] finds the row of the table whose English it is and says its French with the same
//! values. No room below `render` knows of languages, and the formats of machines have none.
//!
//! # To add a message
//!
//! Write it in English in the code, pass it through `tell` where it leaves, and run `cargo test --lib lang`: the test
//! names the file, the line and the row that is missing. Then add the row, English, a tab (here →), French:
//!
//! ```text
//! {} [report|reports] by {*} → {0} [rapport|rapports] par {1*}
//! ```
//!
//! - `{}` is a value, in the order of the English, whatever the code calls it or how it formats it. French names it by
//!   its number from 0, or writes `{}` where it keeps the order.
//! - `{*}` is a value that is itself a message, and is told in French too. A value in quotes or of the user is not.
//! - `{,}` is a number with a decimal comma.
//! - `{#}` in English is a value that begins with a digit, where the text around it is that of other messages too.
//! - `[one|many]` goes by the number before it: 1 is one in English, 0 and 1 are in French. `[0:one|many]` goes by the
//!   value of that number wherever it stands. What is no number is one.
//! - A plain space before `: ; ? ! » %` and behind `«` becomes one that does not break.
//! - Rows below `# from elsewhere` are messages of libraries and of the system, which no source of vigie holds.

#[cfg(test)]
mod sources;
mod table;
mod template;

use std::borrow::Cow;

/// A language that vigie speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English, in which messages are made.
    #[default]
    En,
    /// French.
    Fr,
}

/// `en` and `fr` on the command line.
impl clap::ValueEnum for Lang {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::En, Self::Fr]
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.name()))
    }
}

/// The variables that tell the language of messages, the strongest first; the first that is not empty decides.
const LOCALE: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

impl Lang {
    /// The language of the environment, and the variable that tells it: French where it begins with `fr`.
    #[must_use]
    pub fn of_environment() -> (Self, Option<&'static str>) {
        Self::of_locale(|name| std::env::var(name).ok())
    }

    fn of_locale(variable: impl Fn(&str) -> Option<String>) -> (Self, Option<&'static str>) {
        let told = LOCALE.into_iter().find_map(|name| Some((name, variable(name).filter(|value| !value.is_empty())?)));
        match told {
            Some((name, value)) if value.to_lowercase().starts_with("fr") => (Self::Fr, Some(name)),
            Some((name, _)) => (Self::En, Some(name)),
            None => (Self::En, None),
        }
    }

    /// `en` or `fr`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// An English message in this language. What the table does not have stays as it is: a name, a path, the words of
    /// a library.
    #[must_use]
    pub fn tell<'m>(self, message: impl Into<Cow<'m, str>>) -> Cow<'m, str> {
        let message = message.into();
        match self {
            Self::En => message,
            Self::Fr => table::french(&message).map_or(message, Cow::Owned),
        }
    }

    /// What stands between a name and its value.
    #[must_use]
    pub fn colon(self) -> &'static str {
        match self {
            Self::En => ": ",
            Self::Fr => "\u{a0}: ",
        }
    }

    /// A number that has a decimal point, as this language writes it.
    #[must_use]
    pub fn decimal(self, number: String) -> String {
        match self {
            Self::En => number,
            Self::Fr => number.replace('.', ","),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_tells_the_language() {
        for (variables, want) in [
            (&[][..], (Lang::En, None)),
            (&[("LANG", "fr_FR.UTF-8")], (Lang::Fr, Some("LANG"))),
            (&[("LANG", "FR")], (Lang::Fr, Some("LANG"))),
            (&[("LANG", "de_DE")], (Lang::En, Some("LANG"))),
            (&[("LANG", "fr_BE"), ("LC_MESSAGES", "C")], (Lang::En, Some("LC_MESSAGES"))),
            (&[("LANG", "fr_BE"), ("LC_ALL", "")], (Lang::Fr, Some("LANG"))),
            (&[("LANG", "C"), ("LC_ALL", "fr_ML.UTF-8")], (Lang::Fr, Some("LC_ALL"))),
        ] {
            let find = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, v)| (*v).to_owned());
            assert_eq!(Lang::of_locale(find), want, "{variables:?}");
        }
    }

    #[test]
    fn numbers_agree_as_french_counts() {
        let tell = |message: &str| Lang::Fr.tell(message.to_owned()).replace('\u{a0}', "~");
        assert_eq!(tell("0 reports"), "0 rapport");
        assert_eq!(tell("1 report"), "1 rapport");
        assert_eq!(tell("2 reports"), "2 rapports");
        assert_eq!(tell("1 more passage in this report"), "1 more passage in this report");
        assert_eq!(tell("+1 more passage in this report"), "+1 autre passage dans ce rapport");
        assert_eq!(tell("+7 more passages in this report"), "+7 autres passages dans ce rapport");
    }

    #[test]
    fn values_stay_as_they_are_and_messages_within_are_told() {
        let tell = |message: &str| Lang::Fr.tell(message.to_owned()).replace('\u{a0}', "~");
        assert_eq!(tell("a/b: no such file or folder"), "a/b: fichier ou dossier introuvable");
        assert_eq!(tell("no report answers “2 reports”"), "aucun rapport ne répond à «~2 reports~»");
        assert_eq!(tell("query: (a has no value"), "requête~: (a n'a pas de valeur");
        assert_eq!(tell("une phrase qui n'est pas là"), "une phrase qui n'est pas là");
        assert_eq!(Lang::En.tell("2 reports"), "2 reports");
    }
}
