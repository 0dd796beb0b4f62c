//! `vigie check`: an index, the tables of a vocabulary, or what a corpus expects of its searches.

mod expectations;
mod soundness;
mod tables;

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::{Common, Status};

/// Check an index, the expectations of a corpus, or the tables of a vocabulary
///
/// Alone it checks the index: the checksum of every file; every report, analysed anew from its stored text, against its
/// passages, columns, facets and the places of its terms; the counts. All that is wrong is told, and exit status 1 then.
///
/// With --queries it asks the queries of a file and compares what they find with what the file expects; the files of the
/// index are not looked at. Exit status 1 means that an expectation failed.
///
/// With --schema alone it reads the tables of that folder, not an index: actors.csv, places.csv and the other tables that are
/// there. Tells what is wrong, each with its file and line: names that two rows claim, words that are not flagged,
/// parents that are not there. Exit status 1 means that there are errors; warnings alone leave it 0.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie check
  vigie check --index /srv/index --format json
  vigie check --queries expectations.toml --format junit > expectations.xml
  vigie check --schema tables

An expectation (schema/expectations.schema.json):
  [[query]]
  name = \"the attack near Diallassagou\"
  query = \"embuscade Diallassagou\"
  must = [\"e05-radio\"]        # reports, or passages such as e05-radio#1, among the first
  must_not = [\"e09-radio\"]
  first = 5                   # hits that are looked at [default: 10]
  least = 3                   # reports in all, at least
  most = 20                   # and at most")]
pub(super) struct Arguments {
    /// Ask the queries of a TOML file and compare what they find with what it expects; - reads standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    queries: Option<PathBuf>,
    /// Format of the findings; tap and junit with --queries only
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// Test Anything Protocol, version 14
    Tap,
    /// XML as CI services read it
    Junit,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    if let Some(file) = &arguments.queries {
        return expectations::run(common, file, arguments.format);
    }
    if matches!(arguments.format, Format::Tap | Format::Junit) {
        anyhow::bail!("--format: tap and junit tell of expectations; name their file with --queries FILE");
    }
    match &common.schema {
        Some(schema) => tables::run(common, schema, arguments.format),
        None => soundness::run(common, arguments.format),
    }
}
