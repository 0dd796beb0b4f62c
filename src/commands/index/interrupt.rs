//! Ctrl-C and the wish to end, while an index is written.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::index::Stop;

/// What a shell takes the number of a signal for, added to it.
const OF_SIGNALS: u8 = 128;

/// Listens for signals that ask to end. The first is heeded at the next step of a report, a second one at once.
pub(super) struct Interrupt {
    stop: Stop,
    /// The number of the signal that came.
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    /// Listens from now on, as long as the program runs.
    ///
    /// # Errors
    /// The system's own.
    pub(super) fn listen() -> io::Result<Self> {
        let interrupt = Self { stop: Arc::new(AtomicBool::new(false)), signal: Arc::default() };
        for signal in [SIGINT, SIGTERM] {
            let number = u8::try_from(signal).unwrap_or_default();
            // In this order, so that the first signal finds the flag down.
            flag::register_conditional_shutdown(signal, i32::from(OF_SIGNALS + number), interrupt.stop())?;
            flag::register_usize(signal, Arc::clone(&interrupt.signal), usize::from(number))?;
            flag::register(signal, interrupt.stop())?;
        }
        Ok(interrupt)
    }

    /// What is set once a signal came.
    pub(super) fn stop(&self) -> Stop {
        Arc::clone(&self.stop)
    }

    /// The exit status that tells of the signal that came.
    pub(super) fn status(&self) -> u8 {
        OF_SIGNALS + u8::try_from(self.signal.load(Ordering::Relaxed)).unwrap_or_default()
    }
}
