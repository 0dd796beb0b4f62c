//! `vigie info`: what an index holds.

use std::io::{self, Write};

use clap::{Args, ValueEnum};

use super::{Common, Status};
use crate::render::info;

/// Show what the index holds, its versions and its sources
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// List the names that could be places and stayed open, the most frequent first
    #[arg(long)]
    unresolved: bool,
    /// Most names to list; 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50, requires = "unresolved")]
    limit: usize,
    /// Format of the output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object, or one array of names
    Json,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let reader = common.open()?;
    let mut out = io::stdout().lock();
    if arguments.unresolved {
        let names = reader.open_names(arguments.limit)?;
        match arguments.format {
            Format::Text => info::open_names(&mut out, &names)?,
            Format::Json => {
                serde_json::to_writer_pretty(&mut out, &names)?;
                writeln!(out)?;
            }
        }
        return Ok(if names.is_empty() { Status::Nothing } else { Status::Done });
    }
    let found = reader.info()?;
    match arguments.format {
        Format::Text => info::text(&mut out, &found, &common.index)?,
        Format::Json => {
            let mut value = serde_json::to_value(&found)?;
            if found.vocabulary.builtin {
                value["sources"] = info::ATTRIBUTION.into();
            }
            serde_json::to_writer_pretty(&mut out, &value)?;
            writeln!(out)?;
        }
    }
    Ok(Status::Done)
}
