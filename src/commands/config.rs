//! `vigie config`: the settings that hold, and where each comes from.

use std::io::{self, Write};

use anyhow::Context;
use clap::{Args, CommandFactory, ValueEnum};

use super::{Cli, Common, Failure, Status};
use crate::render::settings;

/// Show the settings that hold, and where each comes from
///
/// Every option can be set, a flag to true or false: on the command line; else in the environment, VIGIE_SEARCH_LIMIT
/// for --limit of search and VIGIE_INDEX for --index; else in vigie.toml in the current directory or in the file that
/// --config or VIGIE_CONFIG names, `limit = 20` below `[search]` and `index = "…"` at its top. Paths in the file are
/// relative to its folder. Several values of an option are a list there, and parted by ; in a variable. A weaker
/// setting gives way to a stronger one that excludes it. What is wrong with settings is told, and does not hold.
#[derive(Debug, Args)]
#[allow(clippy::doc_markdown, reason = "it is shown as it stands")]
#[command(after_help = "Examples:
  vigie config --show
  vigie config --show search
  VIGIE_SEARCH_LIMIT=20 vigie config --show search --format json")]
pub(super) struct Arguments {
    /// The command whose settings to show, beside those of every command [default: all]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
    /// Show the settings, which is what it does in any case
    #[arg(long)]
    show: bool,
    /// Format of the settings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A line a setting: its name, its value, where it comes from
    Text,
    /// One object with the file that was read and the settings
    Json,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    if let Some(name) = &arguments.command {
        let root = Cli::command();
        root.find_subcommand(name).with_context(|| format!("“{name}” is no command of vigie"))?;
    }
    let holding = common.settings.holding(arguments.command.as_deref());
    let mut out = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => settings::text(&mut out, common.style(), &holding)?,
        Format::Json => settings::json(&mut out, common.settings.file.as_deref(), &holding)?,
    }
    out.flush()?;
    let Some((last, others)) = common.settings.faults.split_last() else { return Ok(Status::Done) };
    for fault in others {
        let error = anyhow::Error::from(fault.clone());
        write!(io::stderr(), "{}", Failure { error: &error, lang: common.language() })?;
    }
    Err(last.clone().into())
}
