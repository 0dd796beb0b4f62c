//! `vigie man`: manual pages, of the same definitions as the help.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Command, CommandFactory, ValueHint};
use clap_mangen::Man;

use super::{Cli, Status};

/// Write the manual page of vigie, or of a command
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie man search | man -l -
  vigie man --dir ~/.local/share/man/man1")]
pub(super) struct Arguments {
    /// The command
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    command: Option<String>,
    /// Write every page into a folder, which is made where it is not there
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let mut root = Cli::command();
    root.build();
    if let Some(dir) = &arguments.dir {
        let place = || dir.display().to_string();
        fs::create_dir_all(dir).with_context(place)?;
        for command in [&root].into_iter().chain(root.get_subcommands()) {
            let file = dir.join(format!("{}.1", name(command)));
            fs::write(&file, page(command)?).with_context(|| file.display().to_string())?;
        }
        return Ok(Status::Done);
    }
    let command = match &arguments.command {
        None => &root,
        Some(name) => root.find_subcommand(name).with_context(|| format!("“{name}” is no command of vigie"))?,
    };
    let mut out = io::stdout().lock();
    out.write_all(&page(command)?)?;
    out.flush()?;
    Ok(Status::Done)
}

/// `vigie-search`.
fn name(command: &Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

/// What every page ends with.
const SETTINGS: &str = ".SH ENVIRONMENT AND FILES
Every option can be set: in the environment, VIGIE_INDEX for \\-\\-index and VIGIE_SEARCH_LIMIT for \\-\\-limit of
search; and in vigie.toml in the current directory. vigie\\-config(1) tells how, and what holds.
";

/// A page in roff. Its examples are those of the help, under a heading of their own.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    Man::new(command.clone().name(name(command)).after_help("").after_long_help("")).render(&mut page)?;
    if let Some(examples) = examples.strip_prefix("Examples:\n") {
        // No line begins with a dot or an apostrophe: all are indented.
        let examples = examples.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
        write!(page, ".SH EXAMPLES\n.nf\n{examples}\n.fi\n")?;
    }
    page.write_all(SETTINGS.as_bytes())?;
    Ok(page)
}
