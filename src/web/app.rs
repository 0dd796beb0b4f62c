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
    /// The same for what takes a few milliseconds while somebody types, and is of no use if it has to wait for searches.
    brief: Arc<Semaphore>,
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
        let brief = Arc::new(Semaphore::new(options.threads.max(1)));
        let (waiting, analyzers, metrics) = (AtomicUsize::new(0), Mutex::default(), Metrics::new());
        Ok(Self { options, live, metrics, turns, brief, waiting, analyzers })
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
        self.ask_in(&self.turns, ask).await
    }

    /// As [`App::ask`], for what takes a few milliseconds: it does not wait for searches.
    ///
    /// # Errors
    /// As [`App::ask`].
    pub(super) async fn ask_briefly<T: Send + 'static>(
        self: &Arc<Self>,
        ask: impl FnOnce(&mut Searcher<'_>) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.ask_in(&self.brief, move |searcher, _| ask(searcher)).await
    }

    async fn ask_in<T: Send + 'static>(
        self: &Arc<Self>,
        turns: &Arc<Semaphore>,
        ask: impl FnOnce(&mut Searcher<'_>, &Open) -> Result<T, SearchError> + Send + 'static,
    ) -> Result<T, Problem> {
        let deadline = Instant::now() + self.options.timeout;
        let turn = self.turn(turns, deadline).await?;
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
    async fn turn(&self, turns: &Arc<Semaphore>, deadline: Instant) -> Result<OwnedSemaphorePermit, Problem> {
        let turns = Arc::clone(turns);
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc;
    use std::thread::sleep;

    use tempfile::TempDir;

    use super::*;
    use crate::corpus::{Corpus, ReadOptions};
    use crate::index::{IndexOptions, build};
    use crate::lang::Lang;
    use crate::search::Request;
    use crate::web::Limits;

    /// An index of one report, and what serves it with so much time for each search and one place to wait.
    fn app(timeout: Duration) -> (TempDir, Arc<App>) {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.txt"), "Une attaque à Mopti.").unwrap();
        let corpus = Corpus::open(&[dir.path().join("a.txt")], ReadOptions::default()).unwrap();
        let index = dir.path().join("ix");
        build(&index, corpus, &IndexOptions { memory: 32 << 20, threads: 1, ..IndexOptions::default() }, &mut |_| {})
            .unwrap();
        let options = Options {
            index,
            listen: ([127, 0, 0, 1], 0).into(),
            hosts: Vec::new(),
            token: None,
            threads: 1,
            timeout,
            patience: timeout,
            limits: Limits { queue: 1, ..Limits::default() },
            lang: Lang::En,
        };
        (dir, Arc::new(App::new(options).unwrap()))
    }

    fn wait_until(what: impl Fn() -> bool) {
        for _ in 0..12_000 {
            if what() {
                return;
            }
            sleep(Duration::from_millis(10));
        }
        panic!("never came about");
    }

    const LONG: Duration = Duration::from_mins(10);

    #[tokio::test]
    async fn a_search_without_time_tells_that_nothing_is_known() {
        let (_dir, app) = app(Duration::ZERO);
        let outcome = app.ask(|searcher, _| searcher.search(&Request::default())).await;
        let problem = outcome.unwrap_err();
        assert_eq!((problem.status, problem.kind.as_str()), (503, "https://vigie.invalid/problem/late"));
        assert_eq!(problem.known, Some(Box::new(serde_json::json!({}))));
        assert_eq!((app.metrics.late.get(), app.load()), (1, (0, 0)));
    }

    #[tokio::test]
    async fn as_many_wait_as_may_and_no_more() {
        let (_dir, app) = app(LONG);
        let (release, held) = mpsc::channel::<()>();
        let ask = |held: mpsc::Receiver<()>| {
            let app = Arc::clone(&app);
            tokio::spawn(async move {
                app.ask(move |searcher, _| {
                    let _ = held.recv();
                    searcher.count(&Request::default())
                })
                .await
            })
        };
        let at_once = || mpsc::channel().1;
        let running = ask(held);
        tokio::task::yield_now().await;
        let waiting = ask(at_once());
        tokio::task::yield_now().await;
        assert_eq!(app.load(), (1, 1));
        let refused = ask(at_once()).await.unwrap().unwrap_err();
        assert_eq!((refused.status, refused.kind.as_str()), (503, "https://vigie.invalid/problem/busy"));
        release.send(()).unwrap();
        assert_eq!(running.await.unwrap().unwrap(), 1);
        assert_eq!(waiting.await.unwrap().unwrap(), 1);
        wait_until(|| app.load() == (0, 0));
    }

    #[tokio::test]
    async fn a_search_that_panics_is_told_and_the_next_has_its_turn() {
        let (_dir, app) = app(LONG);
        let outcome = app.ask(|_, _| -> Result<(), SearchError> { panic!("a file is damaged") }).await;
        let problem = outcome.unwrap_err();
        assert_eq!((problem.status, problem.detail.as_str()), (500, "something is broken: a file is damaged"));
        assert!(problem.error.is_some_and(|fault| fault.hint.is_some()));
        assert_eq!(app.ask(|searcher, _| searcher.count(&Request::default())).await.unwrap(), 1);
    }
}
