//! The vigie command line: parse, run, report.

use std::io::Write;
use std::panic;
use std::process::ExitCode;

use clap::Parser;
use vigie::commands::{Cli, Failure};

fn main() -> ExitCode {
    let cli = Cli::parse();
    // A file of an index that is damaged inside makes tantivy panic; that is told as any other error.
    panic::set_hook(Box::new(|_| {}));
    let outcome = panic::catch_unwind(|| vigie::commands::run(&cli));
    let error = match outcome.unwrap_or_else(|panic| Err(vigie::commands::Broken::from(panic).into())) {
        Ok(status) => return status.into(),
        Err(error) if Failure::is_closed_pipe(&error) => return ExitCode::SUCCESS,
        Err(error) => error,
    };
    // Nobody is left to tell if this fails.
    let _ = write!(std::io::stderr(), "{}", Failure(&error));
    ExitCode::from(2)
}
