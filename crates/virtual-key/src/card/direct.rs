//! A key that works while the reader waits: for tests, and for keys whose touch is given at once.

use super::{Processor, Progress};
use crate::{Authenticator, Link};

/// The key and the answer to its last message.
pub struct Direct {
    authenticator: Authenticator,
    answer: Option<Vec<u8>>,
}

impl Direct {
    /// Takes a key.
    #[must_use]
    pub const fn new(authenticator: Authenticator) -> Self {
        Self {
            authenticator,
            answer: None,
        }
    }

    /// The key.
    pub const fn authenticator(&mut self) -> &mut Authenticator {
        &mut self.authenticator
    }
}

impl Processor for Direct {
    fn power_on(&mut self) {
        self.authenticator.power_on();
    }

    fn power_off(&mut self) {
        self.answer = None;
        self.authenticator.power_off();
    }

    fn start(&mut self, message: Vec<u8>, link: Link) {
        self.answer = self.authenticator.exchange(&message, link);
    }

    fn progress(&mut self) -> Progress {
        self.answer.take().map_or(Progress::Idle, Progress::Done)
    }

    fn cancel(&mut self) {}
}
