//! The sensor that a person or a test touches from outside while the key waits.

use std::io::{self, BufRead as _};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use super::{TouchMode, locked, say};
use crate::{Occasion, Touch};

/// How long the key waits for a touch (CTAP §6.1.2: 30 seconds).
const PATIENCE: Duration = Duration::from_secs(30);

/// A question for a touch and its answer, from one thread to another.
pub(super) struct TouchPad {
    mode: TouchMode,
    question: Mutex<Question>,
    changed: Condvar,
}

/// The question of the message that the key works on.
struct Question {
    asked: Asked,
    /// The message was taken back, so that nothing is asked for it any more.
    is_cancelled: bool,
}

/// Where the question stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Nothing,
    Waiting,
    Answered(Touch),
}

impl TouchPad {
    pub(super) const fn new(mode: TouchMode) -> Self {
        Self {
            mode,
            question: Mutex::new(Question {
                asked: Asked::Nothing,
                is_cancelled: false,
            }),
            changed: Condvar::new(),
        }
    }

    /// The key begins with a message, which nobody took back yet.
    pub(super) fn begin(&self) {
        locked(&self.question).is_cancelled = false;
    }

    /// Takes the message back, whether the key waits for a touch or would come to ask for one.
    pub(super) fn cancel(&self) {
        locked(&self.question).is_cancelled = true;
        self.answer(Touch::Cancelled);
    }

    /// Asks, and waits for the answer.
    pub(super) fn ask(&self, occasion: Occasion) -> Touch {
        let mut question = locked(&self.question);
        if question.is_cancelled {
            return Touch::Cancelled;
        }
        if self.mode == TouchMode::Auto {
            return Touch::Given;
        }
        question.asked = Asked::Waiting;
        say(&format!("Touch to {}: press Enter, or type no.", words(occasion)));
        let waited = self
            .changed
            .wait_timeout_while(question, PATIENCE, |question| question.asked == Asked::Waiting);
        let (mut question, _) = waited.unwrap_or_else(std::sync::PoisonError::into_inner);
        match std::mem::replace(&mut question.asked, Asked::Nothing) {
            Asked::Answered(touch) => touch,
            Asked::Waiting | Asked::Nothing => Touch::TimedOut,
        }
    }

    /// Answers the question that waits. False when none does: a touch before the question counts for nothing.
    pub(super) fn answer(&self, touch: Touch) -> bool {
        let mut question = locked(&self.question);
        let is_waiting = question.asked == Asked::Waiting;
        if is_waiting {
            question.asked = Asked::Answered(touch);
            self.changed.notify_all();
        }
        is_waiting
    }

    /// Whether a question waits.
    pub(super) fn is_waiting(&self) -> bool {
        locked(&self.question).asked == Asked::Waiting
    }

    /// Takes lines from the terminal as touches until there are no more.
    pub(super) fn listen_to_terminal(&self) {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            let touch = match line.trim() {
                "" => Touch::Given,
                _ => Touch::Refused,
            };
            if !self.answer(touch) {
                say("Nothing waits for a touch.");
            }
        }
    }
}

const fn words(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::Register => "register this key with a service",
        Occasion::SignIn => "sign in",
        Occasion::Select => "choose this key",
        Occasion::Reset => "forget all credentials and the PIN",
        Occasion::Enrol => "put this key under an organisation's management",
        Occasion::Unlock => "set a new PIN with a response code",
        Occasion::Administer => "carry out an order of the organisation",
        Occasion::RenewChallenge => "throw the pending challenge away",
        Occasion::ShowSerial => "tell the serial number",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;

    #[test]
    fn a_touch_before_the_question_counts_for_nothing() {
        let pad = TouchPad::new(TouchMode::Ask);
        assert!(!pad.answer(Touch::Given));
    }

    #[test]
    fn a_message_that_was_taken_back_asks_for_nothing_and_the_next_one_does() {
        for mode in [TouchMode::Ask, TouchMode::Auto] {
            let pad = TouchPad::new(mode);
            pad.cancel();
            assert_eq!([(); 2].map(|()| pad.ask(Occasion::Reset)), [Touch::Cancelled; 2]);
        }
        let pad = Arc::new(TouchPad::new(TouchMode::Ask));
        pad.cancel();
        pad.begin();
        let other = Arc::clone(&pad);
        let asking = thread::spawn(move || other.ask(Occasion::SignIn));
        while !pad.answer(Touch::Given) {
            assert!(!asking.is_finished(), "it was not asked");
            thread::yield_now();
        }
        assert_eq!(asking.join().unwrap(), Touch::Given);
    }

    #[test]
    fn a_question_gets_the_answer_that_was_given_to_it() {
        for touch in [Touch::Given, Touch::Refused, Touch::Cancelled] {
            let pad = Arc::new(TouchPad::new(TouchMode::Ask));
            let other = Arc::clone(&pad);
            let asking = thread::spawn(move || other.ask(Occasion::SignIn));
            while !pad.answer(touch) {
                thread::yield_now();
            }
            assert_eq!(asking.join().unwrap(), touch);
            assert!(!pad.is_waiting());
        }
    }
}
