//! What is wrong with a command line: in English in clap's own words, in French in ours.

use std::error::Error as _;
use std::fmt;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::lang::Lang;
use crate::render::verbatim;

/// Writes what is wrong, with clap's tips and the usage.
pub(super) fn write(f: &mut fmt::Formatter<'_>, error: &clap::Error, lang: Lang) -> fmt::Result {
    if let (Lang::Fr, Some(wrong)) = (lang, wrong(error)) {
        return french(f, error, lang, &wrong);
    }
    // What was typed could command the terminal: such words are shown without any colour.
    let typed = error.context().map(|(_, value)| value.to_string()).collect::<String>();
    if verbatim(&typed) == typed {
        return write!(f, "{}", error.render().ansi());
    }
    error.render().to_string().lines().try_for_each(|line| writeln!(f, "{}", verbatim(line)))
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
    let argument = of(ContextKind::InvalidArg);
    let value = || of(ContextKind::InvalidValue).unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("unexpected argument “{}”", argument?),
        ErrorKind::InvalidSubcommand => format!("“{}” is no command of vigie", of(ContextKind::InvalidSubcommand)?),
        ErrorKind::InvalidValue if value().is_empty() => format!("a value is missing for {}", argument?),
        ErrorKind::InvalidValue => format!("“{}” is no value of {}", value(), argument?),
        ErrorKind::ValueValidation => {
            let why = error.source().map(ToString::to_string).unwrap_or_default();
            format!("“{}” is no value of {}: {why}", value(), argument?)
        }
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

fn french(f: &mut fmt::Formatter<'_>, error: &clap::Error, lang: Lang, wrong: &str) -> fmt::Result {
    let tell = |message: String| verbatim(&lang.tell(message));
    writeln!(f, "{}", tell(format!("error: {wrong}")))?;
    let of = |kind| context(error, kind);
    if let Some(values) = of(ContextKind::ValidValue) {
        writeln!(f, "  {}", tell(format!("[possible values: {values}]")))?;
    }
    let similar = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let tips: Vec<String> = similar.into_iter().filter_map(of).map(|near| format!("did you mean {near}?")).collect();
    if !tips.is_empty() {
        writeln!(f)?;
    }
    tips.into_iter().try_for_each(|tip| writeln!(f, "  {}", tell(format!("hint: {tip}"))))?;
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        writeln!(f, "\n{}", lang.tell(usage.trim_end()))?;
    }
    writeln!(f, "\n{}", tell("for more, try '--help'".to_owned()))
}
