//! The vigie command line: parse, run, report.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use vigie::commands::{Cli, Failure};

fn main() -> ExitCode {
    match vigie::commands::run(&Cli::parse()) {
        Ok(status) => status.into(),
        Err(error) if Failure::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if this fails.
            let _ = write!(std::io::stderr(), "{}", Failure(&error));
            ExitCode::from(2)
        }
    }
}
