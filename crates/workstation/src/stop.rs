//! Ctrl-C while a key waits for a touch: the key is told, instead of being left blinking.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use signal_hook::{consts::SIGINT, flag};

/// The wish to stop. While a request is under way the first Ctrl-C becomes this wish; at any other time it ends the program.
#[derive(Clone, Default)]
pub struct Stop {
    wanted: Arc<AtomicBool>,
    ends: Arc<AtomicBool>,
}

/// The exit code of a program that was ended by Ctrl-C, as shells define it.
const INTERRUPTED: i32 = 130;

impl Stop {
    /// A wish that Ctrl-C makes.
    pub fn by_interrupt() -> io::Result<Self> {
        let stop = Self::default();
        stop.ends.store(true, Ordering::SeqCst);
        flag::register_conditional_shutdown(SIGINT, INTERRUPTED, Arc::clone(&stop.ends))?;
        flag::register(SIGINT, Arc::clone(&stop.wanted))?;
        Ok(stop)
    }

    /// Whether somebody wants to stop.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::SeqCst)
    }

    /// Runs `job`, during which Ctrl-C is a wish only. A wish that came too late to be heard ends the program afterwards.
    pub(crate) fn during<T>(&self, job: impl FnOnce() -> T) -> T {
        let ended = self.ends.swap(false, Ordering::SeqCst);
        let done = job();
        self.ends.store(ended, Ordering::SeqCst);
        done
    }
}
