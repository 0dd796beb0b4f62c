//! The settings that hold, for people and as JSON.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::Style;
use super::terminal::{BOLD, DIM, PLAIN, columns, verbatim};

/// A setting as it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Setting {
    /// The command; none where the option is of every command.
    pub(crate) command: Option<String>,
    /// The long name of the option.
    pub(crate) name: String,
    /// Its values; none where it is not set.
    pub(crate) values: Vec<String>,
    /// Where they come from.
    pub(crate) origin: Origin,
}

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Origin {
    /// The command line.
    Flag,
    /// A variable of the environment.
    Environment {
        /// Its name.
        name: String,
    },
    /// A line of a file.
    File {
        /// The file.
        path: String,
        /// From 1.
        line: usize,
    },
    /// Nothing else.
    Default,
}

#[derive(Serialize)]
struct Shown<'s> {
    file: Option<String>,
    settings: &'s [Setting],
}

/// Writes one object (`schema/settings.schema.json`).
///
/// # Errors
/// If writing fails.
pub(crate) fn json(out: &mut dyn Write, file: Option<&Path>, settings: &[Setting]) -> io::Result<()> {
    let file = file.map(|file| file.to_string_lossy().into_owned());
    serde_json::to_writer_pretty(&mut *out, &Shown { file, settings })?;
    writeln!(out)
}

/// Writes a line a setting, as the file would have it, with where it comes from behind it; the settings of a command
/// below its name.
///
/// # Errors
/// The writer's own.
pub(crate) fn text(out: &mut dyn Write, style: Style, settings: &[Setting]) -> io::Result<()> {
    let told: Vec<(String, String)> =
        settings.iter().map(|setting| (line(setting, style), origin(setting, style))).collect();
    let width = told.iter().map(|(line, _)| columns(line)).filter(|&width| width <= 50).max().unwrap_or(0);
    let mut command = &None;
    for (setting, (line, origin)) in settings.iter().zip(&told) {
        if &setting.command != command {
            command = &setting.command;
            writeln!(out)?;
            style.paint(out, BOLD, &format!("[{}]", command.as_deref().unwrap_or_default()))?;
            writeln!(out)?;
        }
        let is_default = setting.origin == Origin::Default;
        style.paint(out, if is_default { DIM } else { PLAIN }, line)?;
        let gap = width.saturating_sub(columns(line)) + 2;
        writeln!(out, "{:gap$}# {origin}", "")?;
    }
    Ok(())
}

/// `limit = 20`.
fn line(setting: &Setting, style: Style) -> String {
    let quoted: Vec<String> = setting.values.iter().map(|value| value_of(value)).collect();
    let value = match quoted.as_slice() {
        [] => style.lang.tell("(none)").into_owned(),
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    };
    verbatim(&format!("{} = {value}", setting.name))
}

/// A value as TOML writes it: bare where it is a number or true or false.
fn value_of(value: &str) -> String {
    let is_bare = value.parse::<i64>().is_ok() || matches!(value, "true" | "false");
    if is_bare { value.to_owned() } else { toml::Value::String(value.to_owned()).to_string() }
}

fn origin(setting: &Setting, style: Style) -> String {
    match &setting.origin {
        Origin::Flag => style.lang.tell("the command line").into_owned(),
        Origin::Environment { name } => verbatim(name),
        Origin::File { path, line } => verbatim(&format!("{path}:{line}")),
        Origin::Default => style.lang.tell("default").into_owned(),
    }
}
