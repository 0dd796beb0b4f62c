//! `vigie.toml`: its keys and values with their lines, each checked against the option that it names.

use std::ffi::OsString;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use clap::{Arg, Command};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{near, remedy};
use super::{Given, Origin, SettingsError, fault, is_flag, is_path, is_repeatable, options};

/// The table of the options of every command. They can stand at the top too, but for one whose name a table takes: in
/// TOML `index` and `[index]` exclude each other.
const COMMON: &str = "common";

const FORM: &str = "write key = value, such as limit = 20 below a line [search]";
const TWICE: &str = "keep one of them; index = \"…\" beside a table [index] stands below a line [common]";

/// What a file gives to the options of `root` and its commands, and what is wrong with it: a file that cannot be read or
/// is no TOML; a key that is no option; a value that its option does not take. Paths are made relative to where vigie
/// runs.
pub(super) fn read(path: &Path, root: &Command) -> (Vec<Given>, Vec<SettingsError>) {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(source) => {
            let source = Arc::new(source);
            return (Vec::new(), vec![SettingsError::Unreadable { path: path.to_owned(), source }]);
        }
    };
    let file = File { path, text: text.strip_prefix('\u{feff}').unwrap_or(&text) };
    let table = match DeTable::parse(file.text) {
        Ok(table) => table,
        Err(error) => return (Vec::new(), vec![file.syntax(&error)]),
    };
    let mut read = Vec::new();
    for (key, value) in table.get_ref() {
        let name = key.get_ref();
        match (value.get_ref(), root.find_subcommand(name.as_ref())) {
            (DeValue::Table(table), None) if name == COMMON => {
                read.extend(table.iter().map(|(key, value)| file.setting(None, root, key, value)));
            }
            (DeValue::Table(table), Some(command)) => {
                read.extend(table.iter().map(|(key, value)| file.setting(Some(command), command, key, value)));
            }
            (DeValue::Table(_), None) if find(root, name).is_none() => {
                let commands = root.get_subcommands().map(Command::get_name);
                let known: Vec<String> = commands.chain([COMMON]).map(str::to_owned).collect();
                let (place, hint) = (file.place(&key.span()), remedy(name, &known));
                read.push(Err(SettingsError::UnknownTable { place, name: name.to_string(), hint }));
            }
            _ => read.push(file.setting(None, root, key, value)),
        }
    }
    let (mut given, mut faults) = (Vec::new(), Vec::new());
    for setting in read {
        match setting {
            Ok(setting) => given.push(setting),
            Err(fault) => faults.push(fault),
        }
    }
    (given, faults)
}

/// The option of a name, in which an underscore stands for a dash too.
fn find<'c>(command: &'c Command, name: &str) -> Option<(&'c Arg, &'c str)> {
    let name = name.replace('_', "-");
    options(command).find(|(_, known)| *known == name)
}

/// A file and its text.
struct File<'f> {
    path: &'f Path,
    text: &'f str,
}

impl File<'_> {
    /// The place of some bytes.
    fn place(&self, bytes: &Range<usize>) -> Origin {
        let before = self.text.as_bytes().get(..bytes.start).unwrap_or(self.text.as_bytes());
        Origin::File(self.path.to_owned(), before.split(|&byte| byte == b'\n').count())
    }

    fn syntax(&self, error: &toml::de::Error) -> SettingsError {
        let (place, why) = (self.place(&error.span().unwrap_or_default()), error.message().replace('\n', "; "));
        let hint = if why == "duplicate key" { TWICE } else { FORM };
        SettingsError::Syntax { place, why, hint }
    }

    fn setting(
        &self,
        command: Option<&Command>,
        definition: &Command,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Given, SettingsError> {
        let place = self.place(&key.span());
        let Some((option, name)) = find(definition, key.get_ref()) else {
            let known: Vec<String> = options(definition).map(|(_, name)| name.to_owned()).collect();
            let below = (command.is_none() && near(key.get_ref(), &known).is_none()).then(|| {
                let all = definition.get_subcommands().flat_map(options).map(|(_, name)| name.to_owned());
                let meant = near(key.get_ref(), &all.collect::<Vec<_>>())?.to_owned();
                let fitting = definition.get_subcommands().filter(|command| find(command, &meant).is_some());
                let mut tables: Vec<&str> = fitting.map(Command::get_name).collect();
                let last = format!("[{}]", tables.pop()?);
                let tables = tables.iter().rfold(last, |others, table| format!("[{table}] or {others}"));
                Some(format!("write {meant} below a line {tables}"))
            });
            let hint = below.flatten().unwrap_or_else(|| remedy(key.get_ref(), &known));
            let name = key.get_ref().to_string();
            return Err(SettingsError::Unknown { place, name, hint });
        };
        let parts = match value.get_ref() {
            DeValue::Array(parts) if is_repeatable(option) => parts.iter().collect(),
            _ => vec![value],
        };
        let mut values = Vec::new();
        for part in parts {
            let place = self.place(&part.span());
            let Some(mut value) = scalar(part.get_ref(), option) else {
                let wanted = match (is_flag(option), is_repeatable(option)) {
                    (true, _) => "true or false",
                    (false, true) => "a text, a number, or a list of them",
                    (false, false) => "a text or a number",
                };
                let (name, found) = (name.to_owned(), kind(part.get_ref()));
                return Err(SettingsError::Type { place, name, wanted, found });
            };
            if let Some(error) = fault(definition, name, &value) {
                return Err(SettingsError::value(&place, name, &value, &error));
            }
            if is_path(option) && value != "-" {
                value = self.path.parent().unwrap_or(Path::new("")).join(&value).into_os_string();
            }
            values.push(value);
        }
        let command = command.map(|command| command.get_name().to_owned());
        Ok(Given { command, name: name.to_owned(), values, origin: place })
    }
}

/// A value as the command line would have it, where its type suits the option.
fn scalar(value: &DeValue<'_>, option: &Arg) -> Option<OsString> {
    let text = match value {
        DeValue::Boolean(on) => return is_flag(option).then(|| on.to_string().into()),
        _ if is_flag(option) => return None,
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok()?.to_string(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Datetime(day) => day.to_string(),
        DeValue::Array(_) | DeValue::Table(_) => return None,
    };
    Some(text.into())
}

/// What a value is, in words.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
