//! One message, and the reports that it becomes (CTAP §11.2.4).

use super::{REPORT, Report};

/// What fits in the first report.
const FIRST: usize = REPORT - 7;
/// What fits in each of the others.
const NEXT: usize = REPORT - 5;
/// Sequence numbers go from 0x00 to 0x7F.
const MOST_NEXT: usize = 128;
/// The longest payload: one initialisation packet and 128 continuation packets.
pub const LONGEST_PAYLOAD: usize = FIRST + MOST_NEXT * NEXT;

/// A command of CTAPHID (CTAP §11.2.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// 0x01: comes back as it is.
    Ping,
    /// 0x03: a message of CTAP1.
    Msg,
    /// 0x06: asks for a channel, or ends what is under way on one.
    Init,
    /// 0x08: shows which key it is.
    Wink,
    /// 0x10: a message of CTAP2.
    Cbor,
    /// 0x11: ends what is under way; is not answered itself.
    Cancel,
    /// 0x3B: work goes on, or the user is waited for.
    Keepalive,
    /// 0x3F: the transport refuses.
    Error,
    /// Any other, of 7 bits.
    Other(u8),
}

impl Command {
    /// The number on the wire, without the bit that marks a first report.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Ping => 0x01,
            Self::Msg => 0x03,
            Self::Init => 0x06,
            Self::Wink => 0x08,
            Self::Cbor => 0x10,
            Self::Cancel => 0x11,
            Self::Keepalive => 0x3B,
            Self::Error => 0x3F,
            Self::Other(byte) => byte & 0x7F,
        }
    }
}

impl From<u8> for Command {
    fn from(byte: u8) -> Self {
        match byte & 0x7F {
            0x01 => Self::Ping,
            0x03 => Self::Msg,
            0x06 => Self::Init,
            0x08 => Self::Wink,
            0x10 => Self::Cbor,
            0x11 => Self::Cancel,
            0x3B => Self::Keepalive,
            0x3F => Self::Error,
            other => Self::Other(other),
        }
    }
}

/// A message on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The channel.
    pub channel: u32,
    /// What it is.
    pub command: Command,
    /// Its bytes.
    pub payload: Vec<u8>,
}

/// A payload that CTAPHID cannot carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} bytes are more than the {LONGEST_PAYLOAD} that CTAPHID carries")]
pub struct TooLong(pub usize);

impl Message {
    /// A message.
    #[must_use]
    pub fn new(channel: u32, command: Command, payload: impl Into<Vec<u8>>) -> Self {
        let payload = payload.into();
        Self {
            channel,
            command,
            payload,
        }
    }

    /// The reports in the order in which they are sent; what is left of the last is zero.
    pub fn reports(&self) -> Result<Vec<Report>, TooLong> {
        let too_long = TooLong(self.payload.len());
        if self.payload.len() > LONGEST_PAYLOAD {
            return Err(too_long);
        }
        let length = u16::try_from(self.payload.len()).map_err(|_| too_long)?;
        let (first, rest) = self.payload.split_at(self.payload.len().min(FIRST));
        let head = [self.command.byte() | 0x80].into_iter().chain(length.to_be_bytes());
        let mut reports = vec![self.report(head, first)];
        let next = (0..).zip(rest.chunks(NEXT));
        reports.extend(next.map(|(number, part): (u8, _)| self.report([number], part)));
        Ok(reports)
    }

    fn report(&self, head: impl IntoIterator<Item = u8>, part: &[u8]) -> Report {
        let bytes = self
            .channel
            .to_be_bytes()
            .into_iter()
            .chain(head)
            .chain(part.iter().copied());
        let mut report = [0; REPORT];
        for (place, byte) in report.iter_mut().zip(bytes) {
            *place = byte;
        }
        report
    }
}
