//! How a channel is got: `CTAPHID_INIT`, CTAP §11.2.9.1.3.

use super::{BROADCAST, Command, Message};

/// What a device can do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capabilities(pub u8);

impl Capabilities {
    /// It winks.
    pub const WINK: Self = Self(0x01);
    /// It speaks CTAP2.
    pub const CBOR: Self = Self(0x04);
    /// It does not speak CTAP1.
    pub const NO_MSG: Self = Self(0x08);

    /// Whether all of the others are among these.
    #[must_use]
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }
}

/// A platform asks for a channel; the nonce tells its answer from those to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelRequest {
    /// Eight random bytes.
    pub nonce: [u8; 8],
}

impl ChannelRequest {
    /// The message, on the broadcast channel.
    #[must_use]
    pub fn message(&self) -> Message {
        Message::new(BROADCAST, Command::Init, self.nonce)
    }

    /// Reads a request; none when it is another command or has another length, which is
    /// [`super::TransportError::InvalidLength`].
    #[must_use]
    pub fn of(message: &Message) -> Option<Self> {
        let nonce = (message.command == Command::Init).then(|| message.payload.as_slice().try_into().ok());
        nonce.flatten().map(|nonce| Self { nonce })
    }
}

/// A device answers with a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelResponse {
    /// The nonce of the request.
    pub nonce: [u8; 8],
    /// The channel; the one that asked, when it has one already.
    pub channel: u32,
    /// Major, minor and build number of the device.
    pub version: [u8; 3],
    /// What it can do.
    pub capabilities: Capabilities,
}

/// The version of CTAPHID.
const PROTOCOL: u8 = 2;

impl ChannelResponse {
    /// The message, on the channel that asked.
    #[must_use]
    pub fn message(&self, asked_on: u32) -> Message {
        let mut payload = self.nonce.to_vec();
        payload.extend(self.channel.to_be_bytes());
        payload.push(PROTOCOL);
        payload.extend(self.version);
        payload.push(self.capabilities.0);
        Message::new(asked_on, Command::Init, payload)
    }

    /// Reads the answer to a request; none when it answers another, or is too short. Bytes that later versions add are
    /// passed over.
    #[must_use]
    pub fn of(message: &Message, to: &ChannelRequest) -> Option<Self> {
        let (nonce, rest) = message.payload.split_first_chunk()?;
        let (channel, rest) = rest.split_first_chunk()?;
        let (_, rest) = rest.split_first()?;
        let (version, rest) = rest.split_first_chunk()?;
        let response = Self {
            nonce: *nonce,
            channel: u32::from_be_bytes(*channel),
            version: *version,
            capabilities: Capabilities(*rest.first()?),
        };
        let fits = message.command == Command::Init && response.nonce == to.nonce;
        (fits && response.channel != 0 && response.channel != BROADCAST).then_some(response)
    }
}
