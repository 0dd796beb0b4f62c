//! `vigie analyze`: what the analysis chain makes of a text.

use std::io::{self, Read, Write};

use clap::Args;
use serde::Serialize;

use super::Status;
use crate::corpus::normalize;
use crate::french::{Analyzer, sentences};

/// Show the tokens of a text as JSON lines
///
/// The text is normalized first, as reports are; byte ranges refer to the normalized text.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The text; - reads it from standard input
    #[arg(value_name = "TEXT", default_value = "-", hide_default_value = true)]
    text: String,
}

#[derive(Serialize)]
struct Line<'t> {
    surface: &'t str,
    start: usize,
    end: usize,
    exact: &'t str,
    stem: &'t str,
    /// Where there is more than one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stems: Vec<&'t str>,
    protected: bool,
    /// From 0.
    sentence: usize,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let mut text = arguments.text.clone();
    if text == "-" {
        text.clear();
        io::stdin().lock().read_to_string(&mut text)?;
    }
    let text = normalize(&text);
    let ends: Vec<usize> = sentences(&text).into_iter().map(|sentence| sentence.end).collect();
    let mut out = io::BufWriter::new(io::stdout().lock());
    for token in Analyzer::new().analyze(&text) {
        let stems: Vec<&str> = token.stems().collect();
        let line = Line {
            surface: token.surface,
            start: token.start,
            end: token.end,
            exact: &token.terms.exact,
            stem: stems.first().copied().unwrap_or_default(),
            stems: if stems.len() > 1 { stems.clone() } else { Vec::new() },
            protected: token.terms.protected(),
            sentence: ends.partition_point(|&end| end <= token.start),
        };
        serde_json::to_writer(&mut out, &line).map_err(io::Error::from)?;
        writeln!(out)?;
    }
    out.flush()?;
    Ok(Status::Done)
}
