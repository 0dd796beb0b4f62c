//! `vigie check` alone: whether the index is sound.

use std::io::{self, Write};

use super::super::{Common, Status};
use super::Format;
use crate::index::check;
use crate::render::soundness;

pub(super) fn run(common: &Common, format: Format) -> anyhow::Result<Status> {
    let found = check(&common.index)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    if format == Format::Json {
        serde_json::to_writer(&mut out, &found).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        soundness::text(&mut out, &found, &common.index, common.verbose, common.language())?;
    }
    out.flush()?;
    Ok(if found.sound { Status::Done } else { Status::Faulty })
}
