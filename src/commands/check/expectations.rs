//! `vigie check --queries`: what a corpus expects of its searches.

use std::io;
use std::path::Path;

use super::super::{Common, Status};
use super::Format;

pub(super) fn run(_common: &Common, _file: &Path, _format: Format) -> anyhow::Result<Status> {
    Err(io::Error::other("to come").into())
}
