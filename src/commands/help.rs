//! `vigie help`: the help of the program, of a command, and of the query language.

use std::io::{self, Write};

use clap::{Args, CommandFactory};

use super::{Cli, Status};
use crate::query;

/// The topic that is no command.
pub(super) const QUERY: &str = "query";

/// Show this help, that of a command, or the query language
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A command; `query` for the query language
    #[arg(value_name = "TOPIC")]
    topic: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    if arguments.topic.as_deref() == Some(QUERY) {
        let mut out = io::stdout().lock();
        out.write_all(query::HELP.as_bytes())?;
        out.flush()?;
        return Ok(Status::Done);
    }
    let topic = arguments.topic.as_deref();
    let line = ["vigie"].into_iter().chain(topic).chain(["--help"]);
    match Cli::command().try_get_matches_from(line) {
        Err(error) => show(error.into()),
        Ok(_) => Ok(Status::Done),
    }
}

/// Shows help where the error is that it was asked for.
///
/// # Errors
/// Any other error, as it is.
pub(super) fn show(error: anyhow::Error) -> anyhow::Result<Status> {
    match error.downcast::<clap::Error>() {
        Ok(help) if !help.use_stderr() => {
            let mut out = anstream::stdout().lock();
            write!(out, "{}", help.render().ansi())?;
            out.flush()?;
            Ok(Status::Done)
        }
        Ok(error) => Err(error.into()),
        Err(error) => Err(error),
    }
}
