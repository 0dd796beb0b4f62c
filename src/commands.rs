//! The commands: one file each, with its arguments and what it calls. No logic of their own.

mod analyze;
mod annotate;
mod check;
mod cite;
mod completions;
mod config;
mod diff;
mod eval;
mod export;
mod facets;
mod file;
mod help;
mod index;
mod info;
mod listing;
mod man;
mod question;
mod search;
mod serve;
mod settings;
mod show;
mod similar;
mod timeline;
mod usage;
mod watch;

use std::ffi::OsString;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand, ValueHint};
use unicode_width::UnicodeWidthStr;

use crate::corpus::CorpusError;
use crate::eval::EvalError;
use crate::index::{IndexError, IndexReader};
use crate::lang::Lang;
pub use crate::render::Broken;
use crate::render::{Style, quoted, verbatim};
use crate::search::SearchError;
use crate::search::saved::SavedError;
use crate::vocabulary::{Vocabulary, VocabularyError};
use crate::web::ServeError;
use settings::{Settings, SettingsError};

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
    /// Language of messages and of text output [default: that of the environment]
    #[arg(long, global = true, value_name = "LANG")]
    lang: Option<Lang>,
    /// File of settings [default: vigie.toml where there is one]
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    config: Option<PathBuf>,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Say more: what was left out of inputs, every undated report
    #[arg(short, long, global = true)]
    verbose: bool,
    /// What the environment and the file of settings say.
    #[arg(skip)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    Index(index::Arguments),
    Search(search::Arguments),
    Show(show::Arguments),
    Similar(similar::Arguments),
    Cite(cite::Arguments),
    Facets(facets::Arguments),
    Timeline(timeline::Arguments),
    Watch(watch::Arguments),
    Export(export::Arguments),
    Serve(serve::Arguments),
    Analyze(analyze::Arguments),
    Annotate(annotate::Arguments),
    Info(info::Arguments),
    Check(check::Arguments),
    Diff(diff::Arguments),
    Eval(eval::Arguments),
    Config(config::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
    Help(help::Arguments),
}

impl Cli {
    /// Reads a command line with the settings of the environment and of the file, which hold where it says nothing;
    /// and tells the language to speak, be the command line right or wrong.
    ///
    /// # Errors
    /// What is wrong with it or with a setting; help that was asked for, as [`clap::Error`].
    pub fn read(line: &[OsString]) -> (Lang, anyhow::Result<Self>) {
        settings::read(line)
    }
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
    /// Stopped by a signal, with nothing changed; the status that tells which.
    Interrupted(u8),
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Done => 0,
            Status::Nothing | Status::Faulty => 1,
            Status::Partial => 3,
            Status::Interrupted(status) => status,
        })
    }
}

/// Runs a command as it was read by [`Cli::read`], be that to show help.
///
/// # Errors
/// Whatever stops it; nothing was changed then.
pub fn run(read: anyhow::Result<Cli>) -> anyhow::Result<Status> {
    let cli = match read {
        Ok(cli) => cli,
        Err(error) => return help::show(error),
    };
    cli.common.tell_settings()?;
    match &cli.command {
        Command::Index(arguments) => index::run(&cli.common, arguments),
        Command::Search(arguments) => search::run(&cli.common, arguments),
        Command::Show(arguments) => show::run(&cli.common, arguments),
        Command::Similar(arguments) => similar::run(&cli.common, arguments),
        Command::Cite(arguments) => cite::run(&cli.common, arguments),
        Command::Facets(arguments) => facets::run(&cli.common, arguments),
        Command::Timeline(arguments) => timeline::run(&cli.common, arguments),
        Command::Watch(arguments) => watch::run(&cli.common, arguments),
        Command::Export(arguments) => export::run(&cli.common, arguments),
        Command::Serve(arguments) => serve::run(&cli.common, arguments),
        Command::Analyze(arguments) => analyze::run(arguments),
        Command::Annotate(arguments) => annotate::run(&cli.common, arguments),
        Command::Info(arguments) => info::run(&cli.common, arguments),
        Command::Check(arguments) => check::run(&cli.common, arguments),
        Command::Diff(arguments) => diff::run(&cli.common, arguments),
        Command::Eval(arguments) => eval::run(&cli.common, arguments),
        Command::Config(arguments) => config::run(&cli.common, arguments),
        Command::Completions(arguments) => completions::run(arguments),
        Command::Man(arguments) => man::run(arguments),
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

    /// The flags that a command which is run in the same place needs to read the same settings and the same index.
    fn index_flag(&self) -> Option<String> {
        let standing = self.settings.standing("index").unwrap_or(Path::new(DEFAULT_INDEX));
        let named = self.config.as_ref().map(|file| format!("--config={}", quoted(&file.to_string_lossy())));
        let elsewhere = self.index != standing;
        let index = elsewhere.then(|| format!("--index={}", quoted(&self.index.to_string_lossy())));
        let flags: Vec<String> = named.into_iter().chain(index).collect();
        (!flags.is_empty()).then(|| flags.join(" "))
    }

    /// Which variables look like settings and are none; with `-v` which file the settings were read from, and what of
    /// them does not hold.
    fn tell_settings(&self) -> io::Result<()> {
        self.settings.unknown.iter().try_for_each(|unknown| self.note(unknown))?;
        if !self.verbose {
            return Ok(());
        }
        if let Some(file) = &self.settings.file {
            self.note(&format!("settings read from {}", file.display()))?;
        }
        self.settings.yielding.iter().try_for_each(|yielding| self.note(yielding))
    }

    /// The language of messages and text.
    fn language(&self) -> Lang {
        self.lang.unwrap_or_else(|| Lang::of_environment().0)
    }

    /// How results look on standard output.
    fn style(&self) -> Style {
        let color = match self.color {
            clap::ColorChoice::Always => true,
            clap::ColorChoice::Never => false,
            clap::ColorChoice::Auto => anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
        };
        // What a user sets goes before what the terminal tells.
        let set = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|&columns| columns > 0);
        let told = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)).filter(|&width| width > 0);
        let width = set.or_else(told).unwrap_or(Style::default().width);
        Style { color, width, lang: self.language() }
    }

    /// Whether progress may be shown: on a terminal, and wanted.
    fn shows_progress(&self) -> bool {
        let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        !self.quiet && !is_dumb && io::stderr().is_terminal()
    }

    /// Tells something beside the results.
    fn note(&self, message: &str) -> io::Result<()> {
        if self.quiet {
            return Ok(());
        }
        let lang = self.language();
        writeln!(io::stderr(), "{}", lang.tell(format!("note: {}", harmless(message))))
    }
}

/// An error as people read it: one line that says what and why, then a hint where there is one.
#[derive(Debug)]
pub struct Failure<'e> {
    /// What is wrong.
    pub error: &'e anyhow::Error,
    /// The language to say it in.
    pub lang: Lang,
}

impl Failure<'_> {
    /// Whether nothing is wrong but that the reader of the results has gone.
    #[must_use]
    pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        let kind =
            kind.or_else(|| error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind));
        kind == Some(io::ErrorKind::BrokenPipe)
    }

    /// Whether results could not be written: files that are written stand in their errors.
    fn is_about_output(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull, WriteZero};
        let kind = self.error.chain().next().and_then(|first| {
            let of_json = || first.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
            first.downcast_ref::<io::Error>().map(io::Error::kind).or_else(of_json)
        });
        kind.is_some_and(|kind| [FileTooLarge, QuotaExceeded, StorageFull, WriteZero].contains(&kind))
    }

    fn hint(&self) -> Option<String> {
        let error = self.error;
        let of = |hint: Option<Option<String>>| hint.flatten();
        of(error.downcast_ref::<SearchError>().map(SearchError::hint))
            .or_else(|| of(error.downcast_ref::<SavedError>().map(|error| error.hint.clone())))
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
            .or_else(|| of(error.downcast_ref::<ServeError>().map(ServeError::hint)))
            .or_else(|| of(error.downcast_ref::<SettingsError>().map(SettingsError::hint)))
    }
}

impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(usage) = self.error.downcast_ref::<clap::Error>() {
            return usage::write(f, usage, self.lang);
        }
        let mut line = String::from("vigie");
        let mut told = line.clone();
        if self.is_about_output() {
            told = format!("{told}: {}", self.lang.tell("standard output"));
        }
        for cause in self.error.chain().map(|cause| harmless(&cause.to_string())) {
            // Many errors tell their cause themselves.
            if !line.ends_with(&cause) {
                told = format!("{told}: {}", self.lang.tell(cause.as_str()));
                line = format!("{line}: {cause}");
            }
        }
        writeln!(f, "{told}")?;
        if let Some((query, span)) = self.error.downcast_ref::<SearchError>().and_then(SearchError::span) {
            pointer(f, query, &span, self.lang)?;
        }
        let hint = self.hint().map(|hint| format!("hint: {}", harmless(&hint)));
        hint.into_iter().try_for_each(|hint| writeln!(f, "{}", self.lang.tell(hint)))
    }
}

/// What names and texts of others carry, on one line and without power over a terminal.
fn harmless(message: &str) -> String {
    verbatim(&message.replace('\n', " "))
}

/// Columns shown around a place in a query.
const SHOWN: usize = 60;

/// The query with its wrong bytes underlined, or the part around them of a long one.
fn pointer(f: &mut fmt::Formatter<'_>, query: &str, span: &Range<usize>, lang: Lang) -> fmt::Result {
    let clean = |part: &str| -> Vec<char> {
        let spaced: String = part.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        verbatim(&spaced).chars().collect()
    };
    let (before, wrong, after) = (clean(&query[..span.start]), clean(&query[span.clone()]), clean(&query[span.end..]));
    let before: String = before[before.len().saturating_sub(SHOWN / 2)..].iter().collect();
    let wrong: String = wrong.iter().take(SHOWN).collect();
    let after: String = after.iter().take(SHOWN / 2).collect();
    let (indent, width) = (before.width(), wrong.width().max(1));
    writeln!(f, "  {before}{wrong}{after}")?;
    let place = format!("byte {} of the query", span.start);
    writeln!(f, "  {:indent$}{} {}", "", "^".repeat(width), lang.tell(place))
}
