//! ISO 7816 for CTAP over contactless and contact readers (CTAP §11.3), for both sides, without I/O: short and extended
//! APDUs, command chaining, 61xx with GET RESPONSE, and what carries a message of CTAP2 on it.

mod card;
mod command;
mod exchange;
mod response;

pub use card::{Card, Received};
pub use command::{Command, Form, Unreadable};
pub use exchange::{Failure, Sending, exchange, exchange_ctap};
pub use response::{Response, StatusWord};

/// The FIDO application (CTAP §11.3.3).
pub const FIDO_AID: [u8; 8] = [0xA0, 0x00, 0x00, 0x06, 0x47, 0x2F, 0x00, 0x01];
/// `NFCCTAP_MSG`: carries a message of CTAP2 (CTAP §11.3).
pub const NFCCTAP_MSG: u8 = 0x10;
/// `NFCCTAP_GETRESPONSE`: asks whether an answer is there (CTAP §11.3).
pub const NFCCTAP_GETRESPONSE: u8 = 0x11;
/// `GET RESPONSE` (ISO 7816-4 §11.7.1).
pub const GET_RESPONSE: u8 = 0xC0;
/// `SELECT` (ISO 7816-4 §11.2.2).
pub const SELECT: u8 = 0xA4;

/// How a platform waits for a touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// The card answers when it is done.
    Blocked,
    /// The card may answer 9100 and be asked again (P1 = 0x80).
    Polled,
}

/// `SELECT` of an application by its id.
#[must_use]
pub fn select(aid: &[u8]) -> Command {
    Command::new([0x00, SELECT, 0x04, 0x00], aid).answered(256)
}

/// `NFCCTAP_MSG` with a message of CTAP2: command byte and body.
#[must_use]
pub fn ctap(message: &[u8], waiting: Waiting) -> Command {
    let p1 = match waiting {
        Waiting::Blocked => 0x00,
        Waiting::Polled => 0x80,
    };
    Command::new([0x80, NFCCTAP_MSG, p1, 0x00], message).answered(65_536)
}

#[cfg(test)]
mod tests;
