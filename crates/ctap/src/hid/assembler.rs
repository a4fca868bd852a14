//! Reports into messages (CTAP §11.2.4, §11.2.5): one message at a time, whatever comes in between.

use super::message::LONGEST_PAYLOAD;
use super::{BROADCAST, Command, Message, Report, TransportError};

/// What a report led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// More reports have to come.
    Waiting,
    /// The report belongs to nothing that is under way, and is passed over.
    Ignored,
    /// The message is whole.
    Whole(Message),
    /// The report has no place here: a device answers this error on this channel, a platform gives up.
    Refused(u32, TransportError),
}

/// Puts one message at a time together. A platform names its channel and hears nothing of others; a device hears all
/// channels and refuses those that come while one is served.
#[derive(Debug, Default)]
pub struct Assembler {
    only: Option<u32>,
    under_way: Option<Partial>,
}

#[derive(Debug)]
struct Partial {
    message: Message,
    length: usize,
    next: u8,
}

impl Assembler {
    /// For a device, which hears every channel.
    #[must_use]
    pub fn device() -> Self {
        Self::default()
    }

    /// For a platform, which hears its own channel.
    #[must_use]
    pub fn platform(channel: u32) -> Self {
        Self {
            only: Some(channel),
            under_way: None,
        }
    }

    /// The channel of a message that is not whole yet. A device that waits for it longer than it likes answers
    /// [`TransportError::Timeout`] there and calls [`Assembler::forget`] (CTAP §11.2.5.2).
    #[must_use]
    pub fn under_way(&self) -> Option<u32> {
        self.under_way.as_ref().map(|partial| partial.message.channel)
    }

    /// Drops what is not whole yet.
    pub fn forget(&mut self) {
        self.under_way = None;
    }

    /// Takes a report.
    pub fn take(&mut self, report: &Report) -> Step {
        let [c0, c1, c2, c3, head, data @ ..] = report;
        let channel = u32::from_be_bytes([*c0, *c1, *c2, *c3]);
        if self.only.is_some_and(|only| only != channel) {
            return Step::Ignored;
        }
        if head & 0x80 == 0 {
            self.next(channel, *head, data)
        } else {
            self.first(channel, (*head).into(), data)
        }
    }

    fn first(&mut self, channel: u32, command: Command, data: &[u8]) -> Step {
        let is_init = command == Command::Init;
        if channel == 0 || channel == BROADCAST && !is_init {
            return Step::Refused(channel, TransportError::InvalidChannel);
        }
        // CTAP §11.2.5.1 and §11.2.5.3: INIT gets a channel out of whatever it is in; another channel has to wait.
        match self.under_way() {
            Some(own) if own != channel => return Step::Refused(channel, TransportError::ChannelBusy),
            Some(_) if !is_init => {
                self.forget();
                return Step::Refused(channel, TransportError::InvalidSequence);
            }
            Some(_) | None => self.forget(),
        }
        let Some((length, data)) = data.split_first_chunk() else {
            return Step::Refused(channel, TransportError::InvalidLength);
        };
        let length = usize::from(u16::from_be_bytes(*length));
        // What INIT carries fits in one packet, so that nothing is ever under way on the broadcast channel.
        if length > LONGEST_PAYLOAD || is_init && length > data.len() {
            return Step::Refused(channel, TransportError::InvalidLength);
        }
        let message = Message::new(channel, command, Vec::with_capacity(length));
        self.add(
            Partial {
                message,
                length,
                next: 0,
            },
            data,
        )
    }

    fn next(&mut self, channel: u32, number: u8, data: &[u8]) -> Step {
        match self.under_way.take() {
            Some(partial) if partial.message.channel == channel => {
                if number != partial.next {
                    return Step::Refused(channel, TransportError::InvalidSequence);
                }
                let next = partial.next.saturating_add(1);
                self.add(Partial { next, ..partial }, data)
            }
            // CTAP §11.2.5.4: what continues nothing is passed over.
            other => {
                self.under_way = other;
                Step::Ignored
            }
        }
    }

    fn add(&mut self, mut partial: Partial, data: &[u8]) -> Step {
        let missing = partial.length.saturating_sub(partial.message.payload.len());
        partial.message.payload.extend(data.iter().take(missing));
        if partial.message.payload.len() == partial.length {
            return Step::Whole(partial.message);
        }
        self.under_way = Some(partial);
        Step::Waiting
    }
}
