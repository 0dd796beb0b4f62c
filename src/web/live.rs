//! The open index, which is exchanged for the next one as soon as that is committed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use crate::annotate::Knowledge;
use crate::index::{IndexError, IndexReader, Info};
use crate::lang::Lang;

/// How long an index that could not be opened is left alone.
const PAUSE: Duration = Duration::from_secs(1);

/// An open index, and what is made of it when it is first asked for.
pub(super) struct Open {
    pub(super) reader: IndexReader,
    knowledge: OnceLock<Arc<Knowledge>>,
    info: OnceLock<Info>,
    /// Held while that is counted, so that many who ask at once do not all count.
    counting: Mutex<()>,
}

impl Open {
    /// Opens an index with all that it would read later by its name, which may be gone by then.
    fn read(dir: &Path) -> Result<Self, IndexError> {
        let reader = IndexReader::open(dir)?;
        reader.vocabulary()?;
        Ok(Self { reader, knowledge: OnceLock::new(), info: OnceLock::new(), counting: Mutex::new(()) })
    }

    /// Makes what suggestions are looked up in, beside all else: else the first of them waits for it.
    fn prepare(self: &Arc<Self>) {
        let open = Arc::clone(self);
        // What cannot be read is told to whoever asks for it; without a thread, whoever asks makes them.
        let _ = thread::Builder::new().spawn(move || open.reader.prepare_suggestions());
    }

    /// What annotation knows of the index's vocabulary.
    ///
    /// # Errors
    /// If that cannot be read.
    pub(super) fn knowledge(&self) -> Result<Arc<Knowledge>, IndexError> {
        let vocabulary = self.reader.vocabulary()?;
        Ok(Arc::clone(self.knowledge.get_or_init(|| Arc::new(Knowledge::new(vocabulary)))))
    }

    /// What the index holds; counted once.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub(super) fn info(&self) -> Result<&Info, IndexError> {
        if let Some(info) = self.info.get() {
            return Ok(info);
        }
        let _counting = self.counting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(info) = self.info.get() {
            return Ok(info);
        }
        let info = self.reader.info()?;
        Ok(self.info.get_or_init(|| info))
    }
}

/// An index that is always the one of the last commit. Whoever got it keeps what it got; no lock is held meanwhile,
/// neither here nor against who writes the index.
pub(super) struct Live {
    dir: PathBuf,
    lang: Lang,
    open: RwLock<Arc<Open>>,
    /// Held by who opens the index; when and why that last failed.
    failed: Mutex<Option<(Instant, String)>>,
    /// How often the index was exchanged.
    exchanged: AtomicU64,
}

impl Live {
    /// Opens the index of a directory; `lang` is the language of the log.
    ///
    /// # Errors
    /// As [`IndexReader::open`].
    pub(super) fn open(dir: PathBuf, lang: Lang) -> Result<Self, IndexError> {
        let open = Arc::new(Open::read(&dir)?);
        open.prepare();
        let open = RwLock::new(open);
        Ok(Self { dir, lang, open, failed: Mutex::default(), exchanged: AtomicU64::new(0) })
    }

    /// The index of the last commit; that of the one before where the last cannot be opened.
    pub(super) fn current(&self) -> Arc<Open> {
        let open = self.opened();
        if open.reader.is_current() {
            return open;
        }
        let mut failed = self.failed();
        // Who waited for another to open it finds it open.
        let open = self.opened();
        let paused = failed.as_ref().is_some_and(|(when, _)| when.elapsed() < PAUSE);
        if paused || open.reader.is_current() {
            return open;
        }
        self.exchange(&mut failed).unwrap_or(open)
    }

    /// Opens the index again, whether it has changed or not.
    pub(super) fn reopen(&self) {
        self.exchange(&mut self.failed());
    }

    /// Why the index on disk cannot be opened, where it cannot.
    pub(super) fn stale(&self) -> Option<String> {
        if self.current().reader.is_current() {
            // It may be as it was again.
            self.failed().take();
            return None;
        }
        self.failed().as_ref().map(|(_, why)| why.clone())
    }

    /// How often the index was exchanged for another.
    pub(super) fn exchanged(&self) -> u64 {
        self.exchanged.load(Ordering::Relaxed)
    }

    fn exchange(&self, failed: &mut Option<(Instant, String)>) -> Option<Arc<Open>> {
        match Open::read(&self.dir) {
            Ok(open) => {
                let open = Arc::new(open);
                open.prepare();
                *self.open.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&open);
                *failed = None;
                self.exchanged.fetch_add(1, Ordering::Relaxed);
                tracing::info!(digest = open.reader.digest(), "{}", self.lang.tell("the index was opened again"));
                Some(open)
            }
            Err(error) => {
                let why = error.to_string();
                // Once, until it is another.
                if failed.as_ref().is_none_or(|(_, known)| *known != why) {
                    let told =
                        format!("the index cannot be opened again, and the one from before still answers: {why}");
                    tracing::warn!("{}", self.lang.tell(told));
                }
                *failed = Some((Instant::now(), why));
                None
            }
        }
    }

    fn opened(&self) -> Arc<Open> {
        Arc::clone(&self.open.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn failed(&self) -> MutexGuard<'_, Option<(Instant, String)>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
