//! Security keys at a workstation: which are there, one of them opened and held, and words for what it answers.
//!
//! A key is reached over USB HID or PC/SC. Both are a [`Link`]: one CTAP2 request out, one answer back. Whatever goes
//! wrong is a [`Trouble`]; with the [`Stage`] at which it happened it says what happened, what state the key is in, and
//! what can be done next.

mod hid;
mod key;
mod link;
mod lock;
mod machine;
mod pin_state;
mod place;
mod reset;
mod smart_card;
mod stop;
mod trouble;
mod watch;

pub use key::{Credential, Key, ManagedState, Mode, Setting, WrittenPolicy};
pub use link::{Link, Waiting};
pub use lock::{Held, Locks};
pub use machine::{Attention, Hold, Machine, Randomness, ThisMachine};
pub use pin_state::{PinState, WayOut};
pub use place::{Cable, Content, Place, Wanted};
pub use reset::{Ceremony, PowerCycle, Step};
pub use stop::Stop;
pub use trouble::{Failed, Stage, Trouble};
pub use watch::{Event, Sightings};
