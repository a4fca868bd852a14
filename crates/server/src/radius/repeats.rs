//! Repetitions: a client that hears nothing sends the same packet again (RFC 2865 §2.5). The code in it is used up by
//! then, so the packet is not tried again: it gets the answer that it had.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a client may repeat itself.
const MEMORY: Duration = Duration::from_secs(30);

/// Packets that are remembered; more than a server of this kind decides in that time.
const MOST: usize = 100_000;

/// What tells a repetition from a new request: who sent it, its identifier, its random bytes.
pub(super) type Mark = (SocketAddr, u8, [u8; 16]);

/// What is to be done with a packet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It is new: decide it, and tell [`Repeats::answered`] or [`Repeats::given_up`].
    Decide,
    /// It was decided: send this again.
    Again(Vec<u8>),
    /// It is being decided, or there are too many: it is dropped.
    Drop,
}

/// When a packet came and its answer; none while it is being decided.
type Known = (Instant, Option<Vec<u8>>);

/// Packets of the last half minute.
#[derive(Default)]
pub(super) struct Repeats(Mutex<HashMap<Mark, Known>>);

impl Repeats {
    /// Takes a packet in.
    pub(super) fn take(&self, mark: Mark, now: Instant) -> Turn {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, answer)) = known.get(&mark) {
            return answer.clone().map_or(Turn::Drop, Turn::Again);
        }
        if known.len() >= MOST / 2 {
            known.retain(|_, (at, _)| now.duration_since(*at) < MEMORY);
        }
        if known.len() >= MOST {
            return Turn::Drop;
        }
        known.insert(mark, (now, None));
        Turn::Decide
    }

    /// Remembers the answer.
    pub(super) fn answered(&self, mark: Mark, now: Instant, answer: Vec<u8>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(mark, (now, Some(answer)));
    }

    /// Forgets a packet that could not be decided: its repetition is tried.
    pub(super) fn given_up(&self, mark: &Mark) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(mark);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repetition_gets_the_answer_that_there_was() {
        let (repeats, now) = (Repeats::default(), Instant::now());
        let mark = |identifier| (SocketAddr::from(([10, 0, 0, 1], 1_812)), identifier, [7; 16]);
        assert_eq!(repeats.take(mark(1), now), Turn::Decide);
        assert_eq!(repeats.take(mark(1), now), Turn::Drop);
        assert_eq!(repeats.take(mark(2), now), Turn::Decide);
        repeats.answered(mark(1), now, vec![2]);
        repeats.given_up(&mark(2));
        assert_eq!(repeats.take(mark(1), now), Turn::Again(vec![2]));
        assert_eq!(repeats.take(mark(2), now), Turn::Decide);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (repeats, now) = (Repeats::default(), Instant::now());
        let mark = |number: u32| {
            let port = u16::try_from(number % 60_000).unwrap();
            let host = u8::try_from(number / 60_000).unwrap();
            (SocketAddr::from(([10, 0, 0, host], port)), 1, [7; 16])
        };
        let most = u32::try_from(MOST).unwrap();
        assert!((0..most).all(|number| repeats.take(mark(number), now) == Turn::Decide));
        assert_eq!(repeats.take(mark(most), now), Turn::Drop);
        assert_eq!(repeats.take(mark(most), now + MEMORY), Turn::Decide);
    }
}
