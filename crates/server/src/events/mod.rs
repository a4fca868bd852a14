//! The events stream: one hub per process hears of every commit once and tells each console what changed.

mod elsewhere;
mod gather;
mod hub;
mod seen;

pub use elsewhere::Elsewhere;
pub use gather::Gathered;
pub use hub::{Follower, Heard, Hub};
pub use seen::{hears, seen};
