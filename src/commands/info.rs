//! `vigie info`: what an index holds.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Common, Status};
use crate::render::info;

/// Show what the index holds, its versions and its sources
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// List the names that could be places and stayed open, the most frequent first
    #[arg(long, group = "list")]
    unresolved: bool,
    /// List the acronyms that reports explain with their long forms, those of most reports first, each with a report
    /// that does and the bytes where
    #[arg(long, group = "list")]
    acronyms: bool,
    /// Most names or acronyms to list; 0 for all
    #[arg(short = 'n', long, value_name = "N", default_value_t = 50, requires = "list")]
    limit: usize,
    /// Format of the output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object, or one array of what is listed
    Json,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let reader = common.open()?;
    let mut out = io::stdout().lock();
    if arguments.unresolved {
        let names = reader.open_names(arguments.limit)?;
        match arguments.format {
            Format::Text => info::open_names(&mut out, &names)?,
            Format::Json => array(&mut out, &names)?,
        }
        return Ok(if names.is_empty() { Status::Nothing } else { Status::Done });
    }
    if arguments.acronyms {
        let acronyms = reader.explained(arguments.limit)?;
        match arguments.format {
            Format::Text => info::acronyms(&mut out, &acronyms, common.language())?,
            Format::Json => array(&mut out, &acronyms)?,
        }
        if acronyms.is_empty() {
            common.note("no report explains an acronym")?;
            return Ok(Status::Nothing);
        }
        return Ok(Status::Done);
    }
    let found = reader.info()?;
    match arguments.format {
        Format::Text => info::text(&mut out, &found, &common.index, common.language())?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &info::json(&found)?)?;
            writeln!(out)?;
        }
    }
    Ok(Status::Done)
}

/// Writes what is listed as a JSON array.
fn array(out: &mut impl Write, list: &[impl Serialize]) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, list)?;
    writeln!(out)
}
