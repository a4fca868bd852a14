//! The events stream: one hub per process hears of every commit once and tells each console what changed.

mod gather;
mod hub;

pub use gather::Gathered;
pub use hub::{Follower, Heard, Hub};
