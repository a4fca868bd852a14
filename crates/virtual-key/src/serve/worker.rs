//! A key that works in a thread of its own, so that the reader is answered while the key waits for a touch.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::locked;
use super::touch_pad::TouchPad;
use crate::Touch;
use crate::authenticator::{Authenticator, Link};
use crate::card::{Processor, Progress};

/// How long a reader waits before it is told that the key is still at work.
const PULSE: Duration = Duration::from_millis(100);

/// The key and the message that it works on.
pub(super) struct Worker {
    authenticator: Arc<Mutex<Authenticator>>,
    pad: Arc<TouchPad>,
    running: Option<Receiver<Option<Vec<u8>>>>,
}

impl Worker {
    pub(super) const fn new(authenticator: Arc<Mutex<Authenticator>>, pad: Arc<TouchPad>) -> Self {
        Self {
            authenticator,
            pad,
            running: None,
        }
    }

    /// Ends what runs: nobody will come for its answer.
    fn abandon(&mut self) {
        if let Some(running) = self.running.take() {
            self.pad.answer(Touch::Cancelled);
            while let Err(RecvTimeoutError::Timeout) = running.recv_timeout(PULSE) {
                self.pad.answer(Touch::Cancelled);
            }
        }
    }
}

impl Processor for Worker {
    fn power_on(&mut self) {
        locked(&self.authenticator).power_on();
    }

    fn power_off(&mut self) {
        self.abandon();
        locked(&self.authenticator).power_off();
    }

    fn start(&mut self, message: Vec<u8>, link: Link) {
        self.abandon();
        let (answer, running) = channel();
        let authenticator = Arc::clone(&self.authenticator);
        thread::spawn(move || answer.send(locked(&authenticator).exchange(&message, link)));
        self.running = Some(running);
    }

    fn progress(&mut self) -> Progress {
        let Some(running) = &self.running else {
            return Progress::Idle;
        };
        match running.recv_timeout(PULSE) {
            Ok(answer) => {
                self.running = None;
                answer.map_or(Progress::Idle, Progress::Done)
            }
            Err(RecvTimeoutError::Timeout) if self.pad.is_waiting() => Progress::WaitsForTouch,
            Err(RecvTimeoutError::Timeout) => Progress::Works,
            Err(RecvTimeoutError::Disconnected) => {
                self.running = None;
                Progress::Idle
            }
        }
    }

    fn cancel(&mut self) {
        self.pad.answer(Touch::Cancelled);
    }
}
