//! `vigie completions`: what a shell needs to complete commands and options.

use std::io::{self, Write};

use clap::builder::PossibleValuesParser;
use clap::{Arg, Args, Command, CommandFactory};
use clap_complete::Shell;

use super::{Cli, Status, help};

/// Write the completions of a shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie completions bash > ~/.local/share/bash-completion/completions/vigie
  vigie completions zsh > ~/.zfunc/_vigie
  vigie completions fish > ~/.config/fish/completions/vigie.fish")]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    // The generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut definitions(), "vigie", &mut script);
    let mut out = io::stdout().lock();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Status::Done)
}

/// The definitions, in which the arguments that name commands have those to choose from.
fn definitions() -> Command {
    let root = Cli::command();
    let mut names: Vec<String> = root.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let commands = PossibleValuesParser::new(names.clone());
    names.push(help::QUERY.to_owned());
    let topics = PossibleValuesParser::new(names);
    let choose = |parser: PossibleValuesParser| move |argument: Arg| argument.value_parser(parser);
    root.mut_subcommand("help", |help| help.mut_arg("topic", choose(topics)))
        .mut_subcommand("config", |config| config.mut_arg("command", choose(commands.clone())))
        .mut_subcommand("man", |man| man.mut_arg("command", choose(commands)))
}
