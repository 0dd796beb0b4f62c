//! `vigie check`: what is wrong with the tables of a vocabulary.

use std::io::{self, Write};

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::{Common, Status};
use crate::render::findings;
use crate::vocabulary::check::{Severity, check};

/// Check the tables of a vocabulary
///
/// Reads the folder that --schema names: actors.csv, places.csv and the other tables that are there. Tells what is
/// wrong, each with its file and line: names that two rows claim, words that are not flagged, parents that are not
/// there. Exit status 1 means that there are errors; warnings alone leave it 0.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Format of the findings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let schema =
        common.schema.as_deref().context("nothing to check: name the folder of the tables with --schema DIR")?;
    let found = check(schema)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    match arguments.format {
        Format::Text => findings::text(&mut out, &found, schema, common.language())?,
        Format::Json => {
            serde_json::to_writer(&mut out, &found).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(if found.count(Severity::Error) == 0 { Status::Done } else { Status::Faulty })
}
