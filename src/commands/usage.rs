//! What is wrong with a command line: one line and a hint, as all errors are told.

use std::error::Error as _;
use std::fmt;

use clap::CommandFactory;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{Cli, harmless};
use crate::lang::Lang;

/// What clap begins a usage with.
const USAGE: &str = "Usage: ";

/// Writes what is wrong, and what to do about it.
pub(super) fn write(f: &mut fmt::Formatter<'_>, error: &clap::Error, lang: Lang) -> fmt::Result {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return write!(f, "{}", error.render());
    }
    let wrong = wrong(error).unwrap_or_else(|| {
        let told = error.render().to_string();
        let first = told.lines().next().unwrap_or_default();
        first.strip_prefix("error: ").unwrap_or(first).to_owned()
    });
    write!(f, "vigie: {}", lang.tell(harmless(&wrong)))?;
    let why = error.source().map(|why| harmless(&why.to_string()));
    why.into_iter().try_for_each(|why| write!(f, ": {}", lang.tell(why)))?;
    writeln!(f)?;
    writeln!(f, "{}", lang.tell(format!("hint: {}", harmless(&hint(error)))))
}

/// An error with the whole usage of the command that it is about.
pub(super) fn complete(mut error: clap::Error, command: Option<&str>) -> clap::Error {
    let mut root = Cli::command();
    root.build();
    let command = command.and_then(|name| root.find_subcommand(name)).unwrap_or(&root);
    let usage = command.clone().render_usage().to_string();
    error.insert(ContextKind::Usage, ContextValue::StyledStr(StyledStr::from(usage)));
    error
}

/// What was meant; else what there is to choose from; else how the command is called.
fn hint(error: &clap::Error) -> String {
    if let Some(meant) = meant(error) {
        return format!("did you mean {meant}?");
    }
    if let Some(values) = context(error, ContextKind::ValidValue) {
        return format!("write one of {values}");
    }
    if error.kind() == ErrorKind::MissingSubcommand {
        let root = Cli::command();
        let names: Vec<&str> = root.get_subcommands().map(clap::Command::get_name).collect();
        return format!("the commands are {}", names.join(", "));
    }
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        _ => String::new(),
    };
    let usage: Vec<&str> = usage.strip_prefix(USAGE).unwrap_or(&usage).split_whitespace().collect();
    if error.kind() == ErrorKind::UnknownArgument && tips(error).iter().any(|tip| tip.contains("use '-- ")) {
        let number = |argument: String| argument.strip_prefix('-').is_some_and(|rest| rest.parse::<f64>().is_ok());
        if !context(error, ContextKind::InvalidArg).is_some_and(number) {
            return "what begins with a dash and is no option stands behind --, such as -- -x".to_owned();
        }
    }
    let not_of_usage = [
        ErrorKind::InvalidValue,
        ErrorKind::ValueValidation,
        ErrorKind::InvalidSubcommand,
        ErrorKind::MissingSubcommand,
    ];
    if usage.is_empty() || not_of_usage.contains(&error.kind()) {
        let named = usage.iter().take_while(|word| word.starts_with(char::is_alphabetic));
        let named: Vec<&str> = named.copied().collect();
        let named = if named.is_empty() { "vigie".to_owned() } else { named.join(" ") };
        return format!("for more, try `{named} --help`");
    }
    format!("usage: {}", usage.join(" "))
}

/// What something may have been meant for.
fn meant(error: &clap::Error) -> Option<String> {
    let similar = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let near = similar.into_iter().find_map(|kind| match error.get(kind)? {
        ContextValue::String(near) => Some(near.clone()),
        // The best stands last.
        ContextValue::Strings(all) => all.last().cloned(),
        _ => None,
    });
    let of_command = || {
        let tips = tips(error);
        let named = tips.iter().find_map(|tip| tip.strip_prefix('\'')?.strip_suffix("' exists"));
        named.map(|named| format!("vigie {named}"))
    };
    near.or_else(of_command)
}

/// Clap's own tips.
fn tips(error: &clap::Error) -> Vec<String> {
    match error.get(ContextKind::Suggested) {
        Some(ContextValue::StyledStrs(tips)) => tips.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

/// A value of the context, those of a list with commas between.
fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(value) => Some(value.clone()),
        ContextValue::Strings(values) => Some(values.join(", ")).filter(|values| !values.is_empty()),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What is wrong, as a message of the table; nothing where clap's words have to do.
fn wrong(error: &clap::Error) -> Option<String> {
    let of = |kind| context(error, kind);
    // A flag that can be turned off looks odd: `--strict[=<STRICT>]`.
    let argument = of(ContextKind::InvalidArg).map(|name| name.split("[=").next().unwrap_or_default().to_owned());
    let value = || of(ContextKind::InvalidValue).unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("unexpected argument “{}”", argument?),
        ErrorKind::InvalidSubcommand => format!("“{}” is no command of vigie", of(ContextKind::InvalidSubcommand)?),
        ErrorKind::InvalidValue if value().is_empty() => format!("a value is missing for {}", argument?),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("“{}” is no value of {}", value(), argument?),
        ErrorKind::MissingRequiredArgument => format!("missing on the command line: {}", argument?),
        ErrorKind::ArgumentConflict => match of(ContextKind::PriorArg) {
            Some(prior) if Some(&prior) != argument.as_ref() => format!("{} cannot stand beside {prior}", argument?),
            _ => format!("{} stands more than once", argument?),
        },
        ErrorKind::MissingSubcommand => "a command is missing".to_owned(),
        ErrorKind::NoEquals => format!("{} takes its value behind an equals sign", argument?),
        ErrorKind::TooManyValues => format!("“{}” is one value too many for {}", value(), argument?),
        _ => return None,
    })
}
