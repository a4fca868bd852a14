//! The world of a served key: the computer's clock and randomness, and a touch pad.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::touch_pad::TouchPad;
use crate::{Machine, Occasion, Touch};

/// How a served key is touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TouchMode {
    /// Every question for a touch is answered with one, at once.
    Auto,
    /// Somebody presses Enter at the terminal, or sends the order `touch`.
    Ask,
}

/// The computer that the key runs on.
pub(super) struct Computer {
    started: Instant,
    pad: Arc<TouchPad>,
}

impl Computer {
    pub(super) fn new(pad: Arc<TouchPad>) -> Self {
        Self {
            started: Instant::now(),
            pad,
        }
    }
}

impl Machine for Computer {
    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// Ends the process when the system has no randomness: a key must not go on with anything less.
    fn entropy(&mut self, target: &mut [u8]) {
        if getrandom::fill(target).is_err() {
            std::process::abort();
        }
    }

    fn touch(&mut self, occasion: Occasion) -> Touch {
        self.pad.ask(occasion)
    }
}
