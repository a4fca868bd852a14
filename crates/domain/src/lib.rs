//! claviger-domain

pub mod ids;
mod timestamp;

pub use timestamp::Timestamp;
