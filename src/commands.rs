//! The commands: one file each, with its arguments and what it calls. No logic of their own.

mod analyze;
mod index;
mod search;

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::corpus::CorpusError;
use crate::index::IndexError;
use crate::render::Style;
use crate::search::SearchError;

/// Full-text search over French-language conflict reporting.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command knows.
#[derive(Debug, Args)]
struct Common {
    /// Directory of the index
    #[arg(long, global = true, value_name = "DIR", env = "VIGIE_INDEX", default_value = "vigie-index")]
    index: PathBuf,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: clap::ColorChoice,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more: what was left out of inputs, every undated report
    #[arg(short, long, global = true)]
    verbose: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Index(index::Arguments),
    Search(search::Arguments),
    Analyze(analyze::Arguments),
}

/// How a command that ran to its end ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Found, or done.
    Done,
    /// Nothing found.
    Nothing,
    /// Done, but some inputs were skipped or some queries of a batch failed.
    Partial,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Done => 0,
            Status::Nothing => 1,
            Status::Partial => 3,
        })
    }
}

/// Runs a command.
///
/// # Errors
/// Whatever stops it; nothing was changed then.
pub fn run(cli: &Cli) -> anyhow::Result<Status> {
    match &cli.command {
        Command::Index(arguments) => index::run(&cli.common, arguments),
        Command::Search(arguments) => search::run(&cli.common, arguments),
        Command::Analyze(arguments) => analyze::run(arguments),
    }
}

impl Common {
    /// How results look on standard output.
    fn style(&self) -> Style {
        let color = match self.color {
            clap::ColorChoice::Always => true,
            clap::ColorChoice::Never => false,
            clap::ColorChoice::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
        };
        let width = terminal_size::terminal_size().map_or(Style::default().width, |(width, _)| usize::from(width.0));
        Style { color, width }
    }

    /// Whether progress may be shown: on a terminal, and wanted.
    fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Tells something beside the results.
    fn note(&self, message: &str) -> io::Result<()> {
        if self.quiet { Ok(()) } else { writeln!(io::stderr(), "note: {message}") }
    }
}

/// An error as people read it: one line that says what and why, then a hint where there is one.
#[derive(Debug)]
pub struct Failure<'e>(pub &'e anyhow::Error);

impl Failure<'_> {
    /// Whether nothing is wrong but that the reader of the results has gone.
    #[must_use]
    pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
        error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }

    fn hint(&self) -> Option<String> {
        let error = self.0;
        let of = |hint: Option<Option<String>>| hint.flatten();
        of(error.downcast_ref::<SearchError>().map(SearchError::hint))
            .or_else(|| of(error.downcast_ref::<IndexError>().map(IndexError::hint)))
            .or_else(|| of(error.downcast_ref::<CorpusError>().map(|error| Some(error.hint()))))
    }
}

impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "vigie: {:#}", self.0)?;
        if let Some(span) = self.0.downcast_ref::<SearchError>().and_then(SearchError::span) {
            writeln!(f, "  at byte {} of the query", span.start)?;
        }
        self.hint().iter().try_for_each(|hint| writeln!(f, "hint: {hint}"))
    }
}
