//! `vigie serve`: the page and the API.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::num::NonZero;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use axum::http::uri::Authority;
use clap::builder::{RangedU64ValueParser, TypedValueParser};
use clap::{Args, ValueEnum, ValueHint};
use tracing_subscriber::filter::LevelFilter;

use super::{Common, Status};
use crate::web::{self, Limits, Options, Token};

/// Serve a page to search with, and an API, on this machine
///
/// Prints the address of the page once it can be opened, and serves until Ctrl-C or SIGTERM; open requests are answered
/// then. An index that is updated or rebuilt meanwhile is taken up by itself, at once on SIGHUP. With -v each request is
/// told on standard error. The API is described at /api/openapi.json.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  vigie serve
  vigie serve --listen 127.0.0.1:0 --lang fr
  vigie serve --listen 0.0.0.0:8080 --token-file token --host vigie.example.org
  curl 'http://127.0.0.1:8080/api/search?q=embuscade&region=Mopti&limit=3'")]
pub(super) struct Arguments {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Name that the server is called by besides its address, such as that of a proxy; with a port, or for any.
    /// Repeatable
    #[arg(long = "host", value_name = "NAME", value_parser = name)]
    hosts: Vec<String>,
    /// File that holds what whoever asks has to know; needed for an address that others can reach
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    token_file: Option<PathBuf>,
    /// Shape of what is told on standard error
    #[arg(long, value_name = "SHAPE", default_value = "text")]
    log: Log,
    #[command(flatten)]
    bounds: Bounds,
}

/// How much may be asked for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
struct Bounds {
    /// Searches that run at the same time, 0 for one a core
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    threads: usize,
    /// Searches that may wait for their turn; more are told to come again
    #[arg(long, value_name = "N", default_value_t = Limits::default().queue)]
    queue: usize,
    /// Longest time for a request, in seconds; then what is known is told
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// Longest time for a peer to send a request, to send the next one, and to take some of an answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=3600))]
    patience: u64,
    /// Connections that are open at the same time
    #[arg(long, value_name = "N", default_value_t = Limits::default().connections, value_parser = some())]
    connections: usize,
    /// Longest body of a request, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().body, value_parser = some())]
    max_body: usize,
    /// Longest query, in characters
    #[arg(long, value_name = "CHARACTERS", default_value_t = Limits::default().query, value_parser = some())]
    max_query: usize,
    /// Most hits in an answer
    #[arg(long, value_name = "N", default_value_t = Limits::default().hits, value_parser = some())]
    max_hits: usize,
}

/// Shapes of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Log {
    /// Lines for people
    Text,
    /// One JSON object a line
    Json,
}

/// Reads a name of a server, maybe with a port.
fn name(text: &str) -> Result<String, &'static str> {
    let wrong = "write a name, maybe with a port: vigie.example.org, vigie.example.org:8443";
    let authority: Authority = text.parse().map_err(|_| wrong)?;
    if authority.as_str().contains('@') { Err(wrong) } else { Ok(text.to_owned()) }
}

/// Reads a number that is not 0.
fn some() -> impl TypedValueParser<Value = usize> {
    RangedU64ValueParser::<usize>::new().range(1..=u64::from(u32::MAX))
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Status> {
    let bounds = &arguments.bounds;
    let threads = match bounds.threads {
        0 => thread::available_parallelism().map_or(1, NonZero::get),
        threads => threads,
    };
    let token = arguments.token_file.as_ref().map(|file| Token::read(file).map(|token| (file, token))).transpose()?;
    if let Some((file, (_, true))) = &token {
        common.note(&format!("{}: others can read this token; `chmod 600` keeps it to yourself", file.display()))?;
    }
    let options = Options {
        index: common.index.clone(),
        listen: arguments.listen,
        hosts: arguments.hosts.clone(),
        token: token.map(|(_, (token, _))| token),
        threads,
        timeout: Duration::from_secs(bounds.timeout),
        patience: Duration::from_secs(bounds.patience),
        limits: Limits {
            body: bounds.max_body,
            query: bounds.max_query,
            hits: bounds.max_hits,
            queue: bounds.queue,
            connections: bounds.connections,
        },
        lang: common.language(),
    };
    tell(common, arguments.log);
    web::serve(options, |address| {
        let mut out = io::stdout().lock();
        match writeln!(out, "http://{address}/").and_then(|()| out.flush()) {
            // Nobody wants to know.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            told => told,
        }
    })?;
    Ok(Status::Done)
}

/// Begins to tell what happens.
fn tell(common: &Common, log: Log) {
    let level = match (common.quiet, common.verbose) {
        (true, _) => LevelFilter::ERROR,
        (_, true) => LevelFilter::INFO,
        _ => LevelFilter::WARN,
    };
    let lines = tracing_subscriber::fmt().with_writer(io::stderr).with_max_level(level).with_target(false);
    match log {
        Log::Text => lines.with_ansi(false).init(),
        Log::Json => lines.json().flatten_event(true).init(),
    }
}
