//! `vigie serve`: the page and the API, over the same calls as the commands.
//!
//! | file | owns |
//! | --- | --- |
//! | `server` | the socket: connections, their limits, the end |
//! | `app` | what all requests share; how a search is run beside the network |
//! | `live` | the open index, exchanged when another is committed |
//! | `params` | query strings ↔ requests |
//! | `problem` | what is told where there is no answer |
//! | `api` | the routes for programs |
//! | `page` | the routes for people |
//! | `map`, `histogram` | drawings of the page |

mod api;
mod app;
mod histogram;
mod live;
mod map;
mod page;
mod params;
mod problem;
mod server;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::index::IndexError;
use crate::lang::Lang;

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// Directory of the index.
    pub index: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Searches that run at the same time.
    pub threads: usize,
    /// Longest time for a request.
    pub timeout: Duration,
    /// The language of pages for browsers that ask for none that vigie speaks.
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
    /// The system gives no threads, or no signals.
    #[error("the server cannot start: {0}")]
    Start(io::Error),
    /// The index cannot be read.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// Serves until the process is asked to end; `started` is told the address that is listened on.
///
/// # Errors
/// If the index cannot be opened or the address not be listened on.
pub fn serve(options: Options, started: impl FnOnce(SocketAddr) -> io::Result<()>) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(ServeError::Start)?;
    runtime.block_on(server::run(options, started))
}
