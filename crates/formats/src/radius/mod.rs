//! RADIUS as far as a code is asked for with it: an Access-Request with PAP in, an Access-Accept or Access-Reject out
//! (RFC 2865), both signed with a Message-Authenticator (RFC 3579 §3.2). Nothing here knows of sockets.
//!
//! A request without a Message-Authenticator is refused, and an answer carries it as its first attribute: without
//! both, somebody between client and server forges an Access-Accept (CVE-2024-3596).

mod answer;
mod attributes;
mod digest;
mod request;
#[cfg(test)]
mod tests;

pub use answer::{Verdict, answer};
pub use request::{Login, Refused, Request, read};

/// Bytes that a packet may have (RFC 2865 §3).
pub const LONGEST_PACKET: usize = 4_096;

/// Bytes that a secret shared with a client has at least: anybody who sees one packet guesses shorter ones at leisure
/// (RFC 2865 §3 asks for 16).
pub const SHORTEST_SECRET: usize = 16;

/// Code, identifier, length, authenticator.
const HEADER: usize = 20;

const ACCESS_REQUEST: u8 = 1;
const ACCESS_ACCEPT: u8 = 2;
const ACCESS_REJECT: u8 = 3;

/// Types of attributes that mean something here.
mod attribute {
    pub(super) const USER_NAME: u8 = 1;
    pub(super) const USER_PASSWORD: u8 = 2;
    pub(super) const PROXY_STATE: u8 = 33;
    pub(super) const MESSAGE_AUTHENTICATOR: u8 = 80;
}
