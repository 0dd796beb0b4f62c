//! `vigie index`: reports into an index.

mod interrupt;

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use chrono::NaiveDate;
use clap::{Args, ValueEnum, ValueHint};
use encoding_rs::Encoding;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Common, Failure, Status};
use crate::corpus::{Corpus, ReadOptions};
use crate::date::DateSpan;
use crate::index::{IndexError, IndexOptions, Summary, build};
use crate::render::summary;
use interrupt::Interrupt;

/// Add or update reports
///
/// Reads text, Markdown, HTML, JSON, JSON lines, CSV and TSV, each also as .gz or .zst; folders are walked. A report
/// that is in the index with the same content is left as it is, and a file whose bytes are as they were is not read
/// again. Ctrl-C leaves the index as it was.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Arguments {
    /// Files and folders; - reads JSON lines from standard input
    #[arg(required = true, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// Start afresh beside the old index, then swap
    #[arg(long)]
    rebuild: bool,
    /// Drop reports whose file is gone; of standard input, what it does not hold any more
    #[arg(long, conflicts_with = "rebuild")]
    prune: bool,
    /// Publication date of reports without one
    #[arg(long, value_name = "DATE", value_parser = day)]
    published: Option<NaiveDate>,
    /// Encoding of the inputs, instead of detecting it
    #[arg(long, value_name = "LABEL", value_parser = encoding)]
    encoding: Option<&'static Encoding>,
    /// Column of CSV and TSV files that holds a field, such as text=contenu
    #[arg(long = "column", value_name = "FIELD=COLUMN", value_parser = column)]
    columns: Vec<(String, String)>,
    /// Look for no names and dates in the texts: groups, regions and dates are those that the records give. An index
    /// goes on as it began
    #[arg(long)]
    no_annotate: bool,
    /// Threads that analyse [default: one a core]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    threads: usize,
    /// Memory to write with; 16M is the least that is used
    #[arg(long, value_name = "SIZE", default_value = "256M", value_parser = size)]
    memory: usize,
    /// Fail and change nothing if an input is skipped, or a record lost to one of its id
    #[arg(long)]
    strict: bool,
    /// Fail and change nothing if more inputs than this are skipped
    #[arg(long, value_name = "N", conflicts_with = "strict")]
    max_skips: Option<usize>,
    /// Tell what would be done, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Format of the closing summary
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: SummaryFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SummaryFormat {
    Text,
    Json,
}

/// Examples, for people who learn by them.
const EXAMPLES: &str = "\
Examples:
  vigie index reports/                          add what is new, update what has changed
  vigie index --prune --strict reports/         drop what is gone too; fail on any bad input
  vigie index --prune --max-skips 10 reports/   the same, but put up with ten of them
  zcat dump.jsonl.gz | vigie index --rebuild -  afresh, from a pipe";

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let interrupt = Interrupt::listen()?;
    let reading = ReadOptions {
        encoding: arguments.encoding,
        columns: arguments.columns.clone(),
        published: arguments.published,
        plain_input: false,
        stop: Some(interrupt.stop()),
    };
    let corpus = Corpus::open(&arguments.paths, reading)?;
    let options = IndexOptions {
        rebuild: arguments.rebuild,
        prune: arguments.prune,
        max_skips: if arguments.strict { Some(0) } else { arguments.max_skips },
        distinct: arguments.strict,
        dry_run: arguments.dry_run,
        threads: arguments.threads,
        annotate: !arguments.no_annotate,
        memory: arguments.memory,
        vocabulary: common.vocabulary()?,
        stop: Some(interrupt.stop()),
    };
    let bar = if common.shows_progress() { ProgressBar::new(corpus.total_bytes()) } else { ProgressBar::hidden() };
    let look = "{bar:30} {msg} {binary_bytes_per_sec} {eta} left";
    bar.set_style(ProgressStyle::with_template(look).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let lang = common.language();
    let summary = build(&common.index, corpus, &options, &mut |progress| {
        bar.set_message(lang.tell(format!("{} reports", progress.reports)).into_owned());
        bar.set_position(progress.bytes);
    });
    bar.finish_and_clear();
    let summary = match summary {
        Err(error @ IndexError::Stopped) => {
            writeln!(io::stderr(), "vigie: {}", common.language().tell(error.to_string()))?;
            return Ok(Status::Interrupted(interrupt.status()));
        }
        summary => summary?,
    };
    match tell(common, arguments.format, &summary) {
        // The status 2 would say that nothing was changed.
        Err(error) if summary.written && !Failure::is_closed_pipe(&error) => {
            let lang = common.language();
            let told = format!("the index was written, but its summary cannot be: {error}");
            // What cannot be told here is told by the status.
            let _ = writeln!(io::stderr(), "vigie: {}", lang.tell(told));
            return Ok(Status::Partial);
        }
        told => told?,
    }
    if arguments.prune && summary.read() == 0 {
        common
            .note("nothing was pruned: no report was read, and a folder that is not mounted looks like an empty one")?;
    }
    Ok(if !summary.skipped.is_empty() {
        Status::Partial
    } else if summary.read() + summary.removed == 0 {
        Status::Nothing
    } else {
        Status::Done
    })
}

/// Writes the closing summary.
fn tell(common: &Common, format: SummaryFormat, summary: &Summary) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        SummaryFormat::Text if common.quiet => {}
        SummaryFormat::Text => summary::text(&mut out, summary, &common.index, common.verbose, common.language())?,
        SummaryFormat::Json => {
            serde_json::to_writer_pretty(&mut out, summary)?;
            writeln!(out)?;
        }
    }
    Ok(out.flush()?)
}

pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    let span: DateSpan = text.parse().map_err(|error: crate::date::DateError| error.to_string())?;
    if span.from == span.to { Ok(span.from) } else { Err("one day is needed, such as 2025-01-09".to_owned()) }
}

fn encoding(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes())
        .ok_or_else(|| "no such encoding; try utf-8, windows-1252, latin1, utf-16le".to_owned())
}

fn column(text: &str) -> Result<(String, String), String> {
    let (field, column) = text.split_once('=').ok_or("write FIELD=COLUMN, such as text=contenu")?;
    Ok((field.trim().to_owned(), column.trim().to_owned()))
}

/// A number of bytes, with K, M or G for its multiples of 1024.
fn size(text: &str) -> anyhow::Result<usize> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let shift = match text[digits.len()..].to_ascii_uppercase().trim_end_matches("IB").trim_end_matches('B') {
        "" => 0,
        "K" => 10,
        "M" => 20,
        "G" => 30,
        unit => anyhow::bail!("“{unit}” is no unit; write 512M or 2G"),
    };
    let number: usize = digits.parse().context("write a size as 512M or 2G")?;
    number.checked_mul(1 << shift).context("too large")
}
