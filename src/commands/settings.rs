//! Settings: what the environment and `vigie.toml` give to options that the command line leaves out.
//!
//! The definitions of the command line are the only list of settings there is. Every option is one: `[search]` and
//! `limit` in the file, `VIGIE_SEARCH_LIMIT` in the environment; options of every command stand at the top of the file
//! and have variables such as `VIGIE_INDEX`. Arguments without a name, such as a query, are none. A command line is
//! read twice: once for what it says itself, then with the other settings as the defaults of its options, so that one
//! parser reads all values.

mod error;
mod file;
mod given;

use std::any::TypeId;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::builder::{BoolishValueParser, Resettable};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory, FromArgMatches};

use super::Cli;
use crate::lang::Lang;
use crate::render::settings::Setting;

pub(super) use error::SettingsError;
use given::{Given, Origin};

/// The file that is read where it is there and no other is named.
const FILE: &str = "vigie.toml";
/// The option that names the file, which can therefore not stand in it.
const CONFIG: &str = "config";
/// Parts the values of a variable whose option may be repeated.
const BETWEEN: char = ';';

/// What the layers below the command line say, and what of it they say in vain.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    /// The file that was read.
    pub(super) file: Option<PathBuf>,
    /// Those of the command line first, then those of the environment, then those of the file.
    given: Vec<Given>,
    /// Settings that give way to others, one sentence each.
    pub(super) yielding: Vec<String>,
    /// Flags of the command line, as a shell reads them, that stand against settings of other layers.
    pub(super) overriding: Vec<String>,
}

/// Reads a command line with the settings that stand below it; and the language to say what is wrong in.
pub(super) fn read(line: &[OsString]) -> (Lang, anyhow::Result<Cli>) {
    let mut lang = Lang::of_environment().0;
    let Ok(spoken) = lenient(Cli::command()).ignore_errors(true).try_get_matches_from(line) else {
        // Help, of which the plain definitions have the better words.
        return (lang, parsed(line));
    };
    let cli = Settings::collect(&spoken, &mut lang).and_then(|settings| settings.apply(line, &spoken));
    (lang, cli)
}

/// What the plain definitions find wrong with a command line; help counts as wrong. In a usage, a variable would look
/// like something typed.
fn plain_error(line: &[OsString]) -> Option<clap::Error> {
    let error = without_variables(Cli::command()).try_get_matches_from(line).err()?;
    if error.use_stderr() { Some(error) } else { Cli::command().try_get_matches_from(line).err() }
}

/// The definitions without variables, which are read here.
fn without_variables(command: Command) -> Command {
    let reset = |option: Arg| match option.get_env() {
        Some(_) => option.env(Resettable::<clap::builder::OsStr>::Reset),
        None => option,
    };
    command.mut_args(reset).mut_subcommands(move |command| command.mut_args(reset))
}

fn parsed(line: &[OsString]) -> anyhow::Result<Cli> {
    Ok(Cli::from_arg_matches(&Cli::command().try_get_matches_from(line)?)?)
}

/// The options of a command that are settings.
pub(super) fn options(command: &Command) -> impl Iterator<Item = (&Arg, &str)> {
    command.get_arguments().filter_map(|option| {
        let name = option.get_long().filter(|name| *name != CONFIG)?;
        let asks = matches!(
            option.get_action(),
            ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
        );
        (!asks).then_some((option, name))
    })
}

/// The options of every command, then those of each command.
pub(super) fn tables(root: &Command) -> impl Iterator<Item = (Option<&str>, &Command)> {
    [(None, root)].into_iter().chain(root.get_subcommands().map(|command| (Some(command.get_name()), command)))
}

/// The variable of an option: `VIGIE_SEARCH_LIMIT`.
pub(super) fn variable(command: Option<&str>, name: &str) -> String {
    let parts: Vec<String> = ["vigie"].into_iter().chain(command).chain([name]).map(str::to_uppercase).collect();
    parts.join("_").replace('-', "_")
}

/// A variable of the environment. An empty one counts as none.
fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn is_repeatable(option: &Arg) -> bool {
    matches!(option.get_action(), ArgAction::Append)
}

fn is_flag(option: &Arg) -> bool {
    !option.get_action().takes_values()
}

fn is_path(option: &Arg) -> bool {
    option.get_value_parser().type_id() == TypeId::of::<PathBuf>()
}

/// The definitions with flags that can also be turned off, `--strict=false`.
fn lenient(command: Command) -> Command {
    let turns_off = |option: Arg| match option.get_action() {
        ArgAction::SetTrue => option
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .default_value("false")
            .value_parser(BoolishValueParser::new()),
        _ => option,
    };
    let command = without_variables(command);
    command.mut_args(turns_off).mut_subcommands(move |command| command.mut_args(turns_off))
}

/// What the parser of an option says of a value, if it does not take it.
fn fault(command: &Command, name: &str, value: &OsStr) -> Option<clap::Error> {
    let mut word = OsString::from(format!("--{name}="));
    word.push(value);
    let error = lenient(command.clone()).try_get_matches_from([OsString::from("vigie"), word]).err()?;
    // What else a command line would need is not there, and nothing of the value.
    let about_value = matches!(
        error.kind(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::InvalidUtf8 | ErrorKind::NoEquals
    );
    about_value.then_some(error)
}

/// What was typed of a command: options, and arguments without a name, which settings can stand against.
fn typed(command: Option<&str>, definition: &Command, matches: &ArgMatches) -> Vec<Given> {
    let bare = definition.get_positionals().map(|argument| (argument, format!("<{}>", argument.get_id())));
    let given =
        options(definition).map(|(option, name)| (option, name.to_owned())).chain(bare).filter_map(|(option, name)| {
            let id = option.get_id().as_str();
            let is_typed = matches.value_source(id) == Some(ValueSource::CommandLine);
            is_typed.then(|| Given {
                command: command.map(str::to_owned),
                name,
                values: matches.get_raw(id).into_iter().flatten().map(OsStr::to_owned).collect(),
                origin: Origin::Flag,
            })
        });
    given.collect()
}

impl Settings {
    /// What all layers say, each value read by the parser of its option. Sets the language as soon as it is known.
    fn collect(spoken: &ArgMatches, lang: &mut Lang) -> anyhow::Result<Self> {
        let root = Cli::command();
        let chosen = spoken.subcommand();
        let deepest = chosen.map_or(spoken, |(_, matches)| matches);
        let mut given = typed(None, &root, deepest);
        if let Some((name, matches)) = chosen
            && let Some(definition) = root.find_subcommand(name)
        {
            given.extend(typed(Some(name), definition, matches));
        }
        let mut settings = Self { given, ..Self::default() };
        settings.speak(lang);
        settings.read_environment(&root)?;
        settings.speak(lang);
        let named = deepest.get_one::<PathBuf>(CONFIG).cloned();
        let named = named.or_else(|| environment(&variable(None, CONFIG)).map(PathBuf::from));
        let there = || Some(PathBuf::from(FILE)).filter(|path| path.exists());
        if let Some(path) = named.or_else(there) {
            settings.given.extend(file::read(&path, &root)?);
            settings.file = Some(path);
            settings.speak(lang);
        }
        Ok(settings)
    }

    /// Tells the language, where one is given that can be read.
    fn speak(&self, lang: &mut Lang) {
        let given = self.strongest(None, "lang").and_then(|given| given.values.first()?.to_str());
        *lang = given.and_then(|name| <Lang as clap::ValueEnum>::from_str(name, false).ok()).unwrap_or(*lang);
    }

    fn read_environment(&mut self, root: &Command) -> Result<(), SettingsError> {
        for (command, definition) in tables(root) {
            for (option, name) in options(definition) {
                let variable = variable(command, name);
                let Some(value) = environment(&variable) else { continue };
                let values = match value.to_str().filter(|_| is_repeatable(option)) {
                    Some(list) => list.split(BETWEEN).map(|value| OsString::from(value.trim())).collect(),
                    None => vec![value],
                };
                let origin = Origin::Variable(variable);
                if let Some((value, error)) =
                    values.iter().find_map(|value| Some((value, fault(definition, name, value)?)))
                {
                    return Err(SettingsError::value(&origin, name, value, &error));
                }
                let command = command.map(str::to_owned);
                self.given.push(Given { command, name: name.to_owned(), values, origin });
            }
        }
        Ok(())
    }

    /// What is given to an option by the strongest layer that says anything of it.
    fn strongest(&self, command: Option<&str>, name: &str) -> Option<&Given> {
        self.given.iter().find(|given| given.command.as_deref() == command && given.name == name)
    }

    /// Reads the command line again, the settings of other layers as its defaults.
    fn apply(mut self, line: &[OsString], spoken: &ArgMatches) -> anyhow::Result<Cli> {
        let chosen = spoken.subcommand_name();
        let mut definitions = lenient(Cli::command());
        let mut built = Cli::command();
        built.build();
        let Some(deepest) = chosen.map_or(Some(&built), |name| built.find_subcommand(name)) else {
            return parsed(line);
        };
        let mut holding: Vec<Given> = Vec::new();
        let of_command = |given: &&Given| given.command.is_none() || given.command.as_deref() == chosen;
        for given in self.given.iter().filter(of_command) {
            if let Some(stronger) = holding.iter().find(|held| held.command == given.command && held.name == given.name)
            {
                if stronger.origin == Origin::Flag {
                    self.overriding.extend(stronger.as_flags());
                }
                continue;
            }
            let rival = holding.iter().find(|held| held.is_on() && given.is_on() && exclude(deepest, held, given));
            // Of what is typed the parser itself says that it does not go together.
            if let Some(rival) = rival.filter(|_| given.origin != Origin::Flag) {
                if rival.origin.is_as_strong_as(&given.origin) {
                    return Err(SettingsError::conflict(&given.origin, &given.name, &rival.name).into());
                }
                self.yielding.push(format!("{}: {} gives way to {}", given.origin, given.name, rival.shown()));
                continue;
            }
            if given.origin != Origin::Flag {
                definitions = with_default(definitions, given);
            }
            holding.push(given.clone());
        }
        let matches = definitions.try_get_matches_from(line).map_err(|error| {
            // Flags that can be turned off look odd in messages.
            plain_error(line).filter(|plain| plain.kind() == error.kind()).unwrap_or(error)
        })?;
        let mut cli = Cli::from_arg_matches(&matches)?;
        cli.common.settings = self;
        Ok(cli)
    }

    /// Every setting that holds for one command, or for all of them; with options of every command first.
    pub(super) fn holding(&self, only: Option<&str>) -> Vec<Setting> {
        let root = Cli::command();
        // What `vigie config` itself was asked for is nothing to show with all else.
        let all = |command: &str| only.is_none() && command != "config";
        let wanted = |command: Option<&str>| command.is_none_or(|name| all(name) || Some(name) == only);
        let mut holding = Vec::new();
        for (command, definition) in tables(&root).filter(|(command, _)| wanted(*command)) {
            for (option, name) in options(definition) {
                let (values, origin) = match self.strongest(command, name) {
                    Some(given) => (given.texts(), given.origin.clone()),
                    None if (command, name) == (None, "lang") => {
                        let (lang, variable) = Lang::of_environment();
                        let origin = variable.map_or(Origin::Default, |name| Origin::Variable(name.to_owned()));
                        (vec![lang.name().to_owned()], origin)
                    }
                    None if is_flag(option) => (vec!["false".to_owned()], Origin::Default),
                    None => {
                        let values = option.get_default_values().iter();
                        (values.map(|value| value.to_string_lossy().into_owned()).collect(), Origin::Default)
                    }
                };
                let (command, name) = (command.map(str::to_owned), name.to_owned());
                holding.push(Setting { command, name, values, origin: origin.into() });
            }
        }
        holding
    }

    /// The value that an option of every command has where the command line says nothing.
    pub(super) fn standing(&self, name: &str) -> Option<&Path> {
        let mut given = self.given.iter().filter(|given| given.command.is_none() && given.name == name);
        given.find(|given| given.origin != Origin::Flag)?.values.first().map(Path::new)
    }
}

/// Whether two options are never given together.
fn exclude(command: &Command, one: &Given, other: &Given) -> bool {
    let is = |option: &Arg, name: &str| match name.strip_prefix('<') {
        Some(id) => option.is_positional() && id.strip_suffix('>') == Some(option.get_id().as_str()),
        None => option.get_long() == Some(name),
    };
    let find = |given: &Given| command.get_arguments().find(|option| is(option, &given.name));
    let (Some(one), Some(other)) = (find(one), find(other)) else { return false };
    let against = |one: &Arg, other: &Arg| {
        command.get_arg_conflicts_with(one).iter().any(|conflict| conflict.get_id() == other.get_id())
    };
    let one_of = command.get_groups().any(|group| {
        let member = |option: &Arg| group.get_args().any(|id| id == option.get_id());
        !group.clone().is_multiple() && member(one) && member(other)
    });
    one_of || against(one, other) || against(other, one)
}

/// The definitions with other defaults for an option.
fn with_default(definitions: Command, given: &Given) -> Command {
    let set = |definition: Command| {
        let id = options(&definition).find(|(_, name)| *name == given.name).map(|(option, _)| option.get_id().clone());
        match id {
            Some(id) => definition.mut_arg(id, |option| option.required(false).default_values(given.values.clone())),
            None => definition,
        }
    };
    match &given.command {
        None => set(definitions),
        Some(command) => definitions.mut_subcommand(command, set),
    }
}
