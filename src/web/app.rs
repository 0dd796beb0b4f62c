//! What all requests share, and how a search is run beside the network.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

use super::live::{Live, Open};
use super::metrics::Metrics;
use super::problem::Problem;
use super::{Options, ServeError};
use crate::french::Analyzer;
use crate::index::IndexReader;
use crate::search::{SearchError, Searcher};

/// How long after its time a search is waited for, which looks at the clock itself.
const BEHIND: Duration = Duration::from_secs(2);
/// Words that searches remember from one request to the next, a search that runs.
const REMEMBERED: usize = 20_000;

/// Shared by all requests.
pub(super) struct App {
    pub(super) options: Options,
    pub(super) live: Live,
    pub(super) metrics: Metrics,
    /// One permit for each search that may run.
    turns: Arc<Semaphore>,
    /// Searches that wait for a permit.
    waiting: AtomicUsize,
    /// Analyzers that no search uses, with the words they have met.
    analyzers: Mutex<Vec<Analyzer>>,
}

impl App {
    /// Opens the index.
    ///
    /// # Errors
    /// If that cannot be.
    pub(super) fn new(options: Options) -> Result<Self, ServeError> {
        let live = Live::open(options.index.clone(), options.lang)?;
        let turns = Arc::new(Semaphore::new(options.threads.max(1)));
        let (waiting, analyzers, metrics) = (AtomicUsize::new(0), Mutex::default(), Metrics::new());
        Ok(Self { options, live, metrics, turns, waiting, analyzers })
    }

    /// Asks the index of the last commit, on a thread that may take its time. All that is asked in one call is asked of
    /// the same state of the index. The searcher gives up when the time for a request is over.
    ///
    /// # Errors
    /// What `ask` fails with; a problem of its own where there is no turn, or the time for a request is over.
    pub(super) async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        ask: impl FnOnce(&mut Searcher<'_>, &IndexReader) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.ask_open(move |searcher, open| ask(searcher, &open.reader)).await
    }

    /// As [`App::ask`], with all that goes along with the open index.
    ///
    /// # Errors
    /// As [`App::ask`].
    pub(super) async fn ask_open<T: Send + 'static>(
        self: &Arc<Self>,
        ask: impl FnOnce(&mut Searcher<'_>, &Open) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        let deadline = Instant::now() + self.options.timeout;
        let turn = self.turn(deadline).await?;
        let app = Arc::clone(self);
        let asked = spawn_blocking(move || {
            // Held until the search ends, also where nobody waits for it any more.
            let _turn = turn;
            let open = app.live.current();
            let mut searcher = Searcher::new(&open.reader).until(deadline.into_std()).with_analyzer(app.analyzer());
            let outcome = ask(&mut searcher, &open);
            app.put_back(searcher.into_analyzer());
            outcome
        });
        let problem = match timeout_at(deadline + BEHIND, asked).await {
            Ok(Ok(Ok(answer))) => return Ok(answer),
            Ok(Ok(Err(error))) => Problem::from(error),
            Ok(Err(broken)) => match broken.try_into_panic() {
                Ok(panic) => Problem::panicked(panic),
                Err(cancelled) => Problem::broken(&cancelled.to_string()),
            },
            Err(_) => Problem::late(),
        };
        if problem.status == 503 {
            self.metrics.late.inc();
        }
        Err(problem)
    }

    /// A turn to search, where one comes in time and not too many wait for theirs.
    async fn turn(&self, deadline: Instant) -> Result<OwnedSemaphorePermit, Problem> {
        let turns = Arc::clone(&self.turns);
        if let Ok(turn) = Arc::clone(&turns).try_acquire_owned() {
            return Ok(turn);
        }
        let waiting = Waiting::new(&self.waiting);
        if waiting.place > self.options.limits.queue {
            self.metrics.refused("busy");
            return Err(Problem::busy());
        }
        if let Ok(Ok(turn)) = timeout_at(deadline, turns.acquire_owned()).await {
            return Ok(turn);
        }
        self.metrics.refused("busy");
        Err(Problem::busy())
    }

    /// Searches that run, and those that wait for their turn.
    pub(super) fn load(&self) -> (usize, usize) {
        let running = self.options.threads.max(1).saturating_sub(self.turns.available_permits());
        (running, self.waiting.load(Ordering::Relaxed))
    }

    fn analyzer(&self) -> Analyzer {
        self.analyzers.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn put_back(&self, analyzer: Analyzer) {
        // One that has met so many words is let go with them: its memory is to be bounded.
        if analyzer.remembered() <= REMEMBERED {
            self.analyzers.lock().unwrap_or_else(PoisonError::into_inner).push(analyzer);
        }
    }
}

/// One that waits, for as long as this is held.
struct Waiting<'a> {
    count: &'a AtomicUsize,
    /// How many wait, this one too.
    place: usize,
}

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        Self { count, place: count.fetch_add(1, Ordering::Relaxed) + 1 }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
    }
}
