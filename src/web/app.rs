//! What all requests share, and how a search is run beside the network.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

use super::live::Live;
use super::problem::Problem;
use super::{Options, ServeError};
use crate::index::IndexReader;
use crate::search::{SearchError, Searcher};

/// Shared by all requests.
pub(super) struct App {
    pub(super) options: Options,
    live: Live,
    /// One permit for each search that may run.
    turns: Arc<Semaphore>,
}

impl App {
    /// Opens the index.
    ///
    /// # Errors
    /// If that cannot be.
    pub(super) fn new(options: Options) -> Result<Self, ServeError> {
        let live = Live::open(options.index.clone())?;
        let turns = Arc::new(Semaphore::new(options.threads.max(1)));
        Ok(Self { options, live, turns })
    }

    /// Asks the index of the last commit, on a thread that may take its time. All that is asked in one call is asked of
    /// the same state of the index.
    ///
    /// # Errors
    /// What `ask` fails with; a problem of its own where the time for a request is over.
    pub(super) async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        ask: impl FnOnce(&mut Searcher<'_>, &IndexReader) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        let deadline = Instant::now() + self.options.timeout;
        let turn = timeout_at(deadline, Arc::clone(&self.turns).acquire_owned());
        let turn = turn.await.map_err(|_| Problem::busy())?.map_err(|_| Problem::busy())?;
        let app = Arc::clone(self);
        let asked = spawn_blocking(move || {
            // Held until the search ends, also where nobody waits for it any more.
            let _turn = turn;
            let (reader, _stale) = app.live.current();
            ask(&mut Searcher::new(&reader), &reader)
        });
        match timeout_at(deadline, asked).await {
            Ok(Ok(outcome)) => outcome.map_err(Problem::from),
            Ok(Err(broken)) => Err(Problem::broken(&broken.to_string())),
            Err(_) => Err(Problem::late()),
        }
    }
}
