//! The machine that keys are plugged into, as programs see it.

mod real;

use std::{rc::Rc, time::Duration};

pub use real::ThisMachine;

use crate::{
    link::{Link, Waiting},
    lock::Held,
    place::Place,
    stop::Stop,
    trouble::Trouble,
};

/// Who else may use the reader meanwhile. USB devices have no such question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Nobody: what one program proves to the key, another would undo.
    Alone,
    /// Others too.
    Shared,
}

/// Is told while a key has no answer yet, once for each change.
pub type Attention = Rc<dyn Fn(Waiting, &Place)>;

/// Fills a slice with random bytes.
pub type Randomness = Box<dyn FnMut(&mut [u8])>;

/// The machine that keys are plugged into.
pub trait Machine {
    /// All places where keys are or could be, in the order in which people see them.
    fn survey(&mut self) -> Result<Vec<Place>, Trouble>;

    /// Why places of some kind are missing from the survey: the service for smart cards does not run, for example.
    fn missing(&self) -> Option<Trouble>;

    /// Takes the lock of a place.
    fn take(&mut self, place: &Place) -> Result<Held, Trouble>;

    /// Opens what is in a place.
    fn open(&mut self, place: &Place, hold: Hold) -> Result<Box<dyn Link>, Trouble>;

    /// The wish to stop, which ends the waiting for a touch.
    fn stop(&self) -> Stop;

    /// Waits.
    fn pause(&mut self, time: Duration);

    /// The time since some moment in the past; it never goes back.
    fn elapsed(&self) -> Duration;

    /// A source of randomness.
    fn entropy(&self) -> Randomness;
}
