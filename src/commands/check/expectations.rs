//! `vigie check --queries`: what a corpus expects of its searches.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;

use super::super::file::{self, name};
use super::super::{Common, Status};
use super::Format;
use crate::expectations::{ask, read};
use crate::render::expectations;

pub(super) fn run(common: &Common, file: &Path, format: Format) -> anyhow::Result<Status> {
    let text = file::text(file)?;
    let name = name(file);
    let wanted = read(&text).with_context(|| name.clone())?;
    let outcomes = ask(&wanted, &common.open()?).with_context(|| name.clone())?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    match format {
        Format::Text => expectations::text(&mut out, &outcomes, &name, common.language())?,
        Format::Tap => expectations::tap(&mut out, &outcomes, &name)?,
        Format::Junit => expectations::junit(&mut out, &outcomes, &name)?,
        Format::Json => {
            serde_json::to_writer(&mut out, &outcomes).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(if outcomes.failed == 0 { Status::Done } else { Status::Faulty })
}
