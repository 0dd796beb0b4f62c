//! The commands: one file each, with its arguments and what it calls. No logic of their own.

mod analyze;
mod annotate;
mod check;
mod diff;
mod eval;
mod facets;
mod file;
mod help;
mod index;
mod info;
mod question;
mod search;
mod timeline;

use std::any::Any;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use unicode_width::UnicodeWidthStr;

use crate::corpus::CorpusError;
use crate::eval::EvalError;
use crate::expectations::ExpectationError;
use crate::index::{IndexError, IndexReader};
use crate::render::{Style, quoted, verbatim};
use crate::search::SearchError;
use crate::search::saved::SavedError;
use crate::vocabulary::{Vocabulary, VocabularyError};

/// Full-text search over French-language conflict reporting.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// The variable that names the index.
const INDEX_VARIABLE: &str = "VIGIE_INDEX";
/// The index where nothing names one.
const DEFAULT_INDEX: &str = "vigie-index";

/// What every command knows.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
struct Common {
    /// Directory of the index
    #[arg(long, global = true, value_name = "DIR", env = INDEX_VARIABLE, default_value = DEFAULT_INDEX)]
    index: PathBuf,
    /// Folder of the tables of names [default: those built into vigie]
    #[arg(long, global = true, value_name = "DIR")]
    schema: Option<PathBuf>,
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
    Facets(facets::Arguments),
    Timeline(timeline::Arguments),
    Analyze(analyze::Arguments),
    Annotate(annotate::Arguments),
    Info(info::Arguments),
    Check(check::Arguments),
    Diff(diff::Arguments),
    Eval(eval::Arguments),
    Help(help::Arguments),
}

/// How a command that ran to its end ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Found, or done.
    Done,
    /// Nothing found.
    Nothing,
    /// Checked or compared, and something is wrong or differs.
    Faulty,
    /// Done, but some inputs were skipped or some queries of a batch failed.
    Partial,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Done => 0,
            Status::Nothing | Status::Faulty => 1,
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
        Command::Facets(arguments) => facets::run(&cli.common, arguments),
        Command::Timeline(arguments) => timeline::run(&cli.common, arguments),
        Command::Analyze(arguments) => analyze::run(arguments),
        Command::Annotate(arguments) => annotate::run(&cli.common, arguments),
        Command::Info(arguments) => info::run(&cli.common, arguments),
        Command::Check(arguments) => check::run(&cli.common, arguments),
        Command::Diff(arguments) => diff::run(&cli.common, arguments),
        Command::Eval(arguments) => eval::run(&cli.common, arguments),
        Command::Help(arguments) => help::run(arguments),
    }
}

impl Common {
    /// The vocabulary of `--schema`, where one is given.
    fn vocabulary(&self) -> Result<Option<Arc<Vocabulary>>, VocabularyError> {
        self.schema.as_deref().map(|dir| Vocabulary::compile(dir).map(Arc::new)).transpose()
    }

    /// The index to read. Its reports have the names of its own vocabulary: another one that is given is an error.
    fn open(&self) -> anyhow::Result<IndexReader> {
        let reader = IndexReader::open(&self.index)?;
        if let Some(given) = self.vocabulary()? {
            reader.expect_vocabulary(&given)?;
        }
        Ok(reader)
    }

    /// The flag that names the index, where a command that is run in the same place needs it.
    fn index_flag(&self) -> Option<String> {
        let elsewhere = std::env::var_os(INDEX_VARIABLE).unwrap_or_else(|| DEFAULT_INDEX.into());
        (self.index != elsewhere).then(|| format!("--index={}", quoted(&self.index.to_string_lossy())))
    }

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
        if self.quiet { Ok(()) } else { writeln!(io::stderr(), "note: {}", harmless(message)) }
    }
}

/// Something that should never happen: a fault of the program, or of a file that it trusts.
#[derive(Debug, thiserror::Error)]
#[error("something is broken: {0}")]
pub struct Broken(String);

impl From<Box<dyn Any + Send>> for Broken {
    /// What a panic says of itself.
    fn from(panic: Box<dyn Any + Send>) -> Self {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Self(text.unwrap_or_else(|| "for an unknown reason".to_owned()))
    }
}

/// An error as people read it: one line that says what and why, then a hint where there is one.
#[derive(Debug)]
pub struct Failure<'e>(pub &'e anyhow::Error);

impl Failure<'_> {
    /// Whether nothing is wrong but that the reader of the results has gone.
    #[must_use]
    pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        let kind =
            kind.or_else(|| error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind));
        kind == Some(io::ErrorKind::BrokenPipe)
    }

    fn hint(&self) -> Option<String> {
        let error = self.0;
        let of = |hint: Option<Option<String>>| hint.flatten();
        of(error.downcast_ref::<SearchError>().map(SearchError::hint))
            .or_else(|| of(error.downcast_ref::<SavedError>().map(|error| error.hint.clone())))
            .or_else(|| of(error.downcast_ref::<ExpectationError>().map(ExpectationError::hint)))
            .or_else(|| of(error.downcast_ref::<EvalError>().map(EvalError::hint)))
            .or_else(|| of(error.downcast_ref::<IndexError>().map(IndexError::hint)))
            .or_else(|| {
                let broken =
                    "the index may be damaged: run `vigie index --rebuild`; if that changes nothing, report it";
                error.downcast_ref::<Broken>().map(|_| broken.to_owned())
            })
            .or_else(|| {
                let faulty = matches!(error.downcast_ref::<VocabularyError>(), Some(VocabularyError::Faulty { .. }));
                faulty.then(|| "run `vigie check --schema DIR` for all that is wrong with them".to_owned())
            })
            .or_else(|| of(error.downcast_ref::<CorpusError>().map(|error| Some(error.hint()))))
    }
}

impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(usage) = self.0.downcast_ref::<clap::Error>() {
            return write!(f, "{usage}");
        }
        let mut line = String::from("vigie");
        for cause in self.0.chain().map(|cause| harmless(&cause.to_string())) {
            // Many errors tell their cause themselves.
            if !line.ends_with(&cause) {
                line = format!("{line}: {cause}");
            }
        }
        writeln!(f, "{line}")?;
        if let Some((query, span)) = self.0.downcast_ref::<SearchError>().and_then(SearchError::span) {
            pointer(f, query, &span)?;
        }
        self.hint().iter().try_for_each(|hint| writeln!(f, "hint: {}", harmless(hint)))
    }
}

/// What names and texts of others carry, on one line and without power over a terminal.
fn harmless(message: &str) -> String {
    verbatim(&message.replace('\n', " "))
}

/// Columns shown around a place in a query.
const SHOWN: usize = 60;

/// The query with its wrong bytes underlined, or the part around them of a long one.
fn pointer(f: &mut fmt::Formatter<'_>, query: &str, span: &Range<usize>) -> fmt::Result {
    let clean = |part: &str| -> Vec<char> { part.chars().map(|c| if c.is_control() { ' ' } else { c }).collect() };
    let (before, wrong, after) = (clean(&query[..span.start]), clean(&query[span.clone()]), clean(&query[span.end..]));
    let before: String = before[before.len().saturating_sub(SHOWN / 2)..].iter().collect();
    let wrong: String = wrong.iter().take(SHOWN).collect();
    let after: String = after.iter().take(SHOWN / 2).collect();
    let (indent, width) = (before.width(), wrong.width().max(1));
    writeln!(f, "  {before}{wrong}{after}")?;
    writeln!(f, "  {:indent$}{} byte {} of the query", "", "^".repeat(width), span.start)
}
