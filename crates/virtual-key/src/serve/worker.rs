//! A key that works in a thread of its own, so that the reader is answered while the key waits for a touch.

use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::locked;
use super::touch_pad::TouchPad;
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
            self.pad.cancel();
            // Nothing is asked any more, so it ends by itself, with an answer or without.
            let _ = running.recv();
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
        self.pad.begin();
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
        self.pad.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Touch;
    use crate::disk::Folder;
    use crate::serve::TouchMode;
    use crate::serve::machine::Computer;

    const SELECTION: [u8; 1] = [0x0B];

    fn ended(worker: &mut Worker) -> Vec<u8> {
        loop {
            match worker.progress() {
                Progress::Done(answer) => return answer,
                Progress::Idle => panic!("it ended without an answer"),
                Progress::Works | Progress::WaitsForTouch => {}
            }
        }
    }

    #[test]
    fn a_message_taken_back_before_it_asks_for_a_touch_does_not_wait_for_one() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Folder::open(&folder.path().join("key")).unwrap();
        let pad = Arc::new(TouchPad::new(TouchMode::Ask));
        let machine = Box::new(Computer::new(Arc::clone(&pad)));
        let authenticator = Authenticator::open(Box::new(disk), machine, "4711").unwrap();
        let authenticator = Arc::new(Mutex::new(authenticator));
        let mut worker = Worker::new(Arc::clone(&authenticator), Arc::clone(&pad));
        worker.power_on();
        // While the test holds the key, the message cannot come to its question.
        let held = locked(&authenticator);
        worker.start(SELECTION.to_vec(), Link::Contact);
        worker.cancel();
        drop(held);
        assert_eq!(ended(&mut worker), [0x2D]);
        worker.start(SELECTION.to_vec(), Link::Contact);
        while !pad.answer(Touch::Given) {
            assert!(matches!(worker.progress(), Progress::Works | Progress::WaitsForTouch));
        }
        assert_eq!(ended(&mut worker), [0x00], "the next one is asked for as ever");
    }
}
