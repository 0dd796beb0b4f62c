//! `vigie serve`: the page and the API.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::num::NonZero;
use std::thread;
use std::time::Duration;

use clap::Args;

use super::{Common, Status};
use crate::web::{self, Options};

/// Serve a page to search with, and an API, on this machine
///
/// Prints the address of the page once it can be opened, and serves until Ctrl-C or SIGTERM; open requests are answered
/// then. An index that is updated or rebuilt meanwhile is taken up by itself.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie serve
  vigie serve --listen 127.0.0.1:0 --lang fr")]
pub(super) struct Arguments {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Searches that run at the same time, 0 for one a core
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    threads: usize,
    /// Longest time for a request, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let threads = match arguments.threads {
        0 => thread::available_parallelism().map_or(1, NonZero::get),
        threads => threads,
    };
    let options = Options {
        index: common.index.clone(),
        listen: arguments.listen,
        threads,
        timeout: Duration::from_secs(arguments.timeout),
        lang: common.language(),
    };
    web::serve(options, |address| {
        let mut out = io::stdout().lock();
        writeln!(out, "http://{address}/")?;
        out.flush()
    })?;
    Ok(Status::Done)
}
