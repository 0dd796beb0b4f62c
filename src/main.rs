//! The vigie command line: parse, run, report.

use std::ffi::OsString;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use vigie::commands::{Cli, Failure};
use vigie::lang::Lang;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // A file of an index that is damaged inside makes tantivy panic; that is told as any other error.
    panic::set_hook(Box::new(|_| {}));
    let line: Vec<OsString> = std::env::args_os().collect();
    let mut lang = Lang::default();
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        let (told, cli) = Cli::read(&line);
        lang = told;
        vigie::commands::run(cli)
    }));
    let error = match outcome.unwrap_or_else(|panic| Err(vigie::commands::Broken::from(panic).into())) {
        Ok(status) => return status.into(),
        Err(error) if Failure::is_closed_pipe(&error) => return ExitCode::SUCCESS,
        Err(error) => error,
    };
    // Nobody is left to tell if this fails.
    let _ = write!(anstream::stderr(), "{}", Failure { error: &error, lang });
    ExitCode::from(2)
}
