//! Settings: what the environment and `vigie.toml` give to options that the command line leaves out.
//!
//! The definitions of the command line are the only list of settings there is. Every option is one: `[search]` and
//! `limit` in the file, `VIGIE_SEARCH_LIMIT` in the environment; options of every command stand at the top of the file
//! and have variables such as `VIGIE_INDEX`. Arguments without a name, such as a query, are none. A command line is
//! read twice: once for what it says itself, then with the other settings as words of it, so that one parser reads all
//! values and what is set counts as given.

mod error;
mod file;
mod given;
mod unknown;

use std::any::TypeId;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::builder::{BoolishValueParser, Resettable};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, CommandFactory, FromArgMatches};

use super::{Cli, Common, usage};
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
    /// What is wrong with some of them, which do not hold.
    pub(super) faults: Vec<SettingsError>,
    /// Variables that look like settings and are none, one sentence each.
    pub(super) unknown: Vec<String>,
}

/// Commands that work whatever is wrong with settings; the last tells it.
const UNTOUCHED: [&str; 4] = ["help", "completions", "man", "config"];

/// Reads a command line with the settings that stand below it; and the language to say what is wrong in.
pub(super) fn read(line: &[OsString]) -> (Lang, anyhow::Result<Cli>) {
    let mut lang = Lang::of_environment().0;
    let right = lenient(Cli::command()).try_get_matches_from(line).ok();
    let is_right = right.is_some();
    let spoken = right.or_else(|| lenient(Cli::command()).ignore_errors(true).try_get_matches_from(line).ok());
    let Some(spoken) = spoken else {
        // Help, of which the plain definitions have the better words.
        return (lang, parsed(line));
    };
    let completed = |error: anyhow::Error| match error.downcast::<clap::Error>() {
        Ok(error) => usage::complete(error, spoken.subcommand_name()).into(),
        Err(error) => error,
    };
    let mut settings = Settings::collect(&spoken, &mut lang);
    let is_untouched = spoken.subcommand_name().is_some_and(|name| UNTOUCHED.contains(&name));
    if !is_untouched && !settings.faults.is_empty() {
        return (lang, Err(settings.faults.swap_remove(0).into()));
    }
    let only_typed = settings.given.iter().all(|given| given.origin == Origin::Flag);
    let read = if is_right && only_typed { settings.hold(&spoken) } else { settings.apply(line, &spoken) };
    (lang, read.map_err(completed))
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
    /// What all layers say, each value read by the parser of its option, and what is wrong with it. Sets the language as soon as it is known.
    fn collect(spoken: &ArgMatches, lang: &mut Lang) -> Self {
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
        settings.read_environment(&root);
        let variables = std::env::vars_os().filter(|(_, value)| !value.is_empty());
        settings.unknown = unknown::notes(&root, variables.filter_map(|(name, _)| name.into_string().ok()));
        settings.speak(lang);
        let named = deepest.get_one::<PathBuf>(CONFIG).cloned();
        let named = named.or_else(|| environment(&variable(None, CONFIG)).map(PathBuf::from));
        let there = || Some(PathBuf::from(FILE)).filter(|path| path.exists());
        if let Some(path) = named.or_else(there) {
            let (given, faults) = file::read(&path, &root);
            settings.given.extend(given);
            settings.faults.extend(faults);
            settings.file = Some(path);
            // A fault of the file is told in the language that was known before.
            if settings.faults.is_empty() {
                settings.speak(lang);
            }
        }
        settings
    }

    /// Tells the language, where one is given that can be read.
    fn speak(&self, lang: &mut Lang) {
        let given = self.strongest(None, "lang").and_then(|given| given.values.first()?.to_str());
        *lang = given.and_then(|name| <Lang as clap::ValueEnum>::from_str(name, false).ok()).unwrap_or(*lang);
    }

    fn read_environment(&mut self, root: &Command) {
        let is_ours = |name: &OsStr| {
            let start = name.as_encoded_bytes().get(..unknown::PREFIX.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(unknown::PREFIX.as_bytes()))
        };
        if !std::env::vars_os().any(|(name, _)| is_ours(&name)) {
            return;
        }
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
                    self.faults.push(SettingsError::value(&origin, name, value, &error));
                    continue;
                }
                let command = command.map(str::to_owned);
                self.given.push(Given { command, name: name.to_owned(), values, origin });
            }
        }
    }

    /// What is given to an option by the strongest layer that says anything of it.
    fn strongest(&self, command: Option<&str>, name: &str) -> Option<&Given> {
        self.given.iter().find(|given| given.command.as_deref() == command && given.name == name)
    }

    /// What a command line says that is right by itself, where no other layer says anything.
    fn hold(self, spoken: &ArgMatches) -> anyhow::Result<Cli> {
        let mut cli = Cli::from_arg_matches(spoken)?;
        cli.common.settings = self;
        Ok(cli)
    }

    /// Reads the command line again, with the settings of other layers that hold.
    fn apply(mut self, line: &[OsString], spoken: &ArgMatches) -> anyhow::Result<Cli> {
        let chosen = spoken.subcommand_name();
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
                    let fault = SettingsError::conflict(&given.origin, &given.name, &rival.name);
                    if !chosen.is_some_and(|name| UNTOUCHED.contains(&name)) {
                        return Err(fault.into());
                    }
                    self.faults.push(fault);
                    continue;
                }
                self.yielding.push(format!("{}: {} gives way to {}", given.origin, given.name, rival.shown()));
                continue;
            }
            holding.push(given.clone());
        }
        let matches = self.parse(line, deepest, &holding)?;
        self.hold(&matches)
    }

    /// Reads the command line with what holds as words of it. A setting that asks for an option which is not there
    /// gives way.
    fn parse(&mut self, line: &[OsString], command: &Command, holding: &[Given]) -> anyhow::Result<ArgMatches> {
        let definitions = lenient(Cli::command());
        let is_off = |given: &Given| {
            let mut named = options(command).filter(|(_, name)| *name == given.name);
            !given.is_on() && named.any(|(option, _)| is_flag(option))
        };
        let (off, on): (Vec<&Given>, Vec<&Given>) = holding.iter().partition(|given| is_off(given));
        // A flag that is turned off is not there, and excludes nothing.
        let off: Vec<OsString> =
            off.into_iter().filter(|given| given.origin == Origin::Flag).flat_map(Given::as_words).collect();
        let behind = behind_command(line).unwrap_or(line.len());
        let parse = |standing: &[&Given]| {
            let (before, after) = line.split_at(behind);
            let end = after.iter().position(|word| word == "--").unwrap_or(after.len());
            let (options, rest) = after.split_at(end);
            let kept = |words: &[OsString]| -> Vec<OsString> {
                words.iter().filter(|word| !off.contains(word)).cloned().collect()
            };
            let settings = standing.iter().flat_map(|given| given.as_words());
            let words = kept(before).into_iter().chain(settings).chain(kept(options)).chain(rest.to_vec());
            definitions.clone().try_get_matches_from(words)
        };
        let mut standing: Vec<&Given> = on.into_iter().filter(|given| given.origin != Origin::Flag).collect();
        loop {
            let error = match parse(&standing) {
                Ok(matches) => return Ok(matches),
                Err(error) => error,
            };
            let Some(missing) = lacking(&error) else {
                // Flags that can be turned off look odd in messages.
                return Err(plain_error(line).filter(|plain| plain.kind() == error.kind()).unwrap_or(error).into());
            };
            // What a setting alone makes lacking, and all that is set does not give.
            let needs = |given: &&Given| {
                let (bare, alone) = (parse(&[]).err(), parse(&[*given]).err());
                let bare = bare.as_ref().and_then(lacking).unwrap_or_default();
                let alone = alone.as_ref().and_then(lacking).unwrap_or_default();
                alone.iter().find(|name| missing.contains(name) && !bare.contains(name)).cloned()
            };
            let in_vain = (0..standing.len()).find_map(|at| Some((at, needs(&standing[at])?)));
            let Some((at, needed)) = in_vain else { return Err(error.into()) };
            let given = standing.remove(at);
            self.yielding.push(format!("{}: {} needs {}", given.origin, given.name, needed));
        }
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

/// Where in a command line the words behind the name of its command begin.
fn behind_command(line: &[OsString]) -> Option<usize> {
    let root = Common::augment_args(Command::new("vigie"))
        .allow_external_subcommands(true)
        .external_subcommand_value_parser(clap::value_parser!(OsString));
    let matches = lenient(root).ignore_errors(true).try_get_matches_from(line).ok()?;
    let behind = matches.subcommand()?.1.get_many::<OsString>("").map_or(0, Iterator::count);
    line.len().checked_sub(behind)
}

/// What a command line lacks, as its parser names it.
fn lacking(error: &clap::Error) -> Option<&[String]> {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::Strings(missing)) if error.kind() == ErrorKind::MissingRequiredArgument => Some(missing),
        _ => None,
    }
}
