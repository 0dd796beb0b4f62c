//! `vigie check --schema`: what is wrong with the tables of a vocabulary.

use std::io::{self, Write};
use std::path::Path;

use super::super::{Common, Status};
use super::Format;
use crate::render::findings;
use crate::vocabulary::check::{Severity, check};

pub(super) fn run(common: &Common, schema: &Path, format: Format) -> anyhow::Result<Status> {
    let found = check(schema)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    if format == Format::Json {
        serde_json::to_writer(&mut out, &found).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        findings::text(&mut out, &found, schema, common.language())?;
    }
    out.flush()?;
    Ok(if found.count(Severity::Error) == 0 { Status::Done } else { Status::Faulty })
}
