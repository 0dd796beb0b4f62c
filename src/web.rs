//! `vigie serve`: the page and the API, over the same calls as the commands.
//!
//! | file | owns |
//! | --- | --- |
//! | `server` | the socket: connections, their limits, the end |
//! | `guard`, `token` | who may ask, and the headers of every answer |
//! | `log`, `metrics` | what is told and counted of requests |
//! | `app` | what all requests share; how a search is run beside the network |
//! | `live` | the open index, exchanged when another is committed |
//! | `limits`, `body` | how much a request may ask for and bring along |
//! | `params` | query strings ↔ requests |
//! | `problem` | what is told where there is no answer |
//! | `api`, `near`, `annotate`, `status`, `openapi` | the routes for programs, and their description |
//! | `page` | the routes for people |
//! | `login` | the door for people, where a token is wanted |
//! | `map`, `histogram` | drawings of the page |

mod annotate;
mod api;
mod app;
mod body;
mod guard;
mod histogram;
mod limits;
mod live;
mod log;
mod login;
mod map;
mod metrics;
mod near;
mod openapi;
mod page;
mod params;
mod problem;
mod server;
mod status;
mod token;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::index::IndexError;
use crate::lang::Lang;
pub use limits::Limits;
pub use token::Token;

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// Directory of the index.
    pub index: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Names by which the server is called besides its address, each with a port or for any.
    pub hosts: Vec<String>,
    /// What whoever asks has to know. An address that can be reached from elsewhere is not served without.
    pub token: Option<Token>,
    /// Searches that run at the same time.
    pub threads: usize,
    /// Longest time for a request.
    pub timeout: Duration,
    /// Longest time that a peer may take for the head of a request, from the answer to the one before; for its body; and
    /// in which it takes nothing of an answer.
    pub patience: Duration,
    /// How much a request may ask for.
    pub limits: Limits,
    /// The language of pages for browsers that ask for none that vigie speaks, and of the log.
    pub lang: Lang,
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("{address}: {source}")]
    Listen {
        /// As given.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The address can be reached from elsewhere, and anybody might ask.
    #[error("{address}: others can reach this address, and there is no token that they must know")]
    Unlocked {
        /// As given.
        address: SocketAddr,
    },
    /// The file of the token cannot be read.
    #[error("{}: {source}", .file.display())]
    TokenFile {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What stands in the file of the token is none.
    #[error("{}: a token has {least} characters or more, letters, digits and signs without spaces", .file.display())]
    Token {
        /// The file.
        file: PathBuf,
        /// Characters of the shortest token.
        least: usize,
    },
    /// The system gives no threads, or no signals.
    #[error("the server cannot start: {0}")]
    Start(io::Error),
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl ServeError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => {
                Some("another program listens there; choose another port with --listen".to_owned())
            }
            Self::Listen { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some("choose a port from 1024 on with --listen".to_owned())
            }
            Self::Listen { .. } => Some("choose an address of this machine with --listen".to_owned()),
            Self::Unlocked { .. } => {
                Some("write a secret into a file and name it with --token-file, or listen on 127.0.0.1".to_owned())
            }
            Self::TokenFile { .. } | Self::Token { .. } => {
                Some("make one with `openssl rand -hex 24`, in a file that only you can read".to_owned())
            }
            Self::Start(_) => None,
            Self::Index(error) => error.hint(),
        }
    }
}

/// Serves until the process is asked to end; `started` is told the address that is listened on.
///
/// # Errors
/// If the index cannot be opened or the address not be listened on.
pub fn serve(options: Options, started: impl FnOnce(SocketAddr) -> io::Result<()>) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ServeError::Start)?;
    let ended = runtime.block_on(server::run(options, started));
    // Nobody waits any more for a search that still runs.
    runtime.shutdown_background();
    ended
}
