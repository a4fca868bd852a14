//! Repetitions: a client that hears nothing sends the same packet again (RFC 2865 §2.5). The code in it is used up by
//! then, so the packet is not tried again: it gets the answer that it had.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
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

/// Packets of the last half minute.
#[derive(Default)]
pub(super) struct Repeats(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// When a packet came or was answered, and its answer; none while it is being decided.
    packets: HashMap<Mark, (Instant, Option<Vec<u8>>)>,
    /// The same times, the oldest first: what is too old is found without a look at the rest, however many there are.
    order: VecDeque<(Instant, Mark)>,
}

impl Known {
    fn forget_old(&mut self, now: Instant) {
        while let Some((at, mark)) = self.order.front().copied()
            && now.saturating_duration_since(at) >= MEMORY
        {
            self.order.pop_front();
            // One that was answered or came again since stands further behind too.
            if self.packets.get(&mark).is_some_and(|(kept, _)| *kept == at) {
                self.packets.remove(&mark);
            }
        }
    }

    fn keep(&mut self, mark: Mark, now: Instant, answer: Option<Vec<u8>>) {
        self.packets.insert(mark, (now, answer));
        self.order.push_back((now, mark));
    }
}

impl Repeats {
    /// Takes a packet in.
    pub(super) fn take(&self, mark: Mark, now: Instant) -> Turn {
        let mut known = self.known();
        known.forget_old(now);
        if let Some((_, answer)) = known.packets.get(&mark) {
            return answer.clone().map_or(Turn::Drop, Turn::Again);
        }
        // Each packet stands in the order twice, when it came and when it was answered.
        if known.packets.len() >= MOST || known.order.len() >= 2 * MOST {
            return Turn::Drop;
        }
        known.keep(mark, now, None);
        Turn::Decide
    }

    /// Remembers the answer.
    pub(super) fn answered(&self, mark: Mark, now: Instant, answer: Vec<u8>) {
        self.known().keep(mark, now, Some(answer));
    }

    /// Forgets a packet that could not be decided: its repetition is tried.
    pub(super) fn given_up(&self, mark: &Mark) {
        self.known().packets.remove(mark);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
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
    fn an_answer_is_remembered_from_when_it_was_given() {
        let (repeats, now) = (Repeats::default(), Instant::now());
        let mark = (SocketAddr::from(([10, 0, 0, 1], 1_812)), 1, [7; 16]);
        assert_eq!(repeats.take(mark, now), Turn::Decide);
        repeats.answered(mark, now + MEMORY / 2, vec![2]);
        assert_eq!(repeats.take(mark, now + MEMORY), Turn::Again(vec![2]));
        assert_eq!(repeats.take(mark, now + MEMORY + MEMORY / 2), Turn::Decide);
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
