//! CTAPHID framing: messages into reports of 64 bytes and back, for both sides, without I/O. CTAP §11.2.

mod assembler;
mod channel;
mod message;
mod reply;

pub use assembler::{Assembler, Step};
pub use channel::{Capabilities, ChannelRequest, ChannelResponse};
pub use message::{Command, LONGEST_PAYLOAD, Message, TooLong};
pub use reply::{Keepalive, Reply, TransportError};

/// Bytes of a report, both ways, without the report id that some systems put before it.
pub const REPORT: usize = 64;
/// Where a channel is asked for (CTAP §11.2.3).
pub const BROADCAST: u32 = 0xFFFF_FFFF;
/// The usage page of FIDO in a report descriptor, by which a device is found (CTAP §11.2.8.2).
pub const USAGE_PAGE: u16 = 0xF1D0;
/// The usage of CTAPHID on that page.
pub const USAGE: u16 = 0x01;

/// A report.
pub type Report = [u8; REPORT];

#[cfg(test)]
mod tests;
