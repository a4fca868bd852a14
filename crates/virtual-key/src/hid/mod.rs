//! The key as a USB device: CTAPHID (CTAP §11.2) around CTAP's messages, without I/O.

use claviger_ctap::hid::{
    Assembler, BROADCAST, Capabilities, ChannelRequest, ChannelResponse, Command, Keepalive, Message, Report, Step,
    TransportError,
};

use crate::Link;
use crate::card::{Processor, Progress};

/// What the key says of itself to everybody who takes a channel: CTAP2 alone.
const CAPABILITIES: Capabilities = Capabilities(Capabilities::WINK.0 | Capabilities::CBOR.0 | Capabilities::NO_MSG.0);
/// Major, minor and build number.
const VERSION: [u8; 3] = [1, 0, 0];

/// A key at the end of a USB cable.
pub struct Device<P> {
    processor: P,
    assembler: Assembler,
    /// How many channels were given out: they are numbered from 1.
    channels: u32,
    /// Whose message is worked on.
    busy: Option<u32>,
}

impl<P: Processor> Device<P> {
    /// A key beside the computer.
    pub fn new(processor: P) -> Self {
        Self {
            processor,
            assembler: Assembler::device(),
            channels: 0,
            busy: None,
        }
    }

    /// It is plugged in.
    pub fn power_on(&mut self) {
        self.processor.power_on();
    }

    /// It is pulled out: channels and messages under way are forgotten.
    pub fn power_off(&mut self) {
        self.processor.power_off();
        self.assembler.forget();
        self.channels = 0;
        self.busy = None;
    }

    /// What works on the messages.
    pub const fn processor(&mut self) -> &mut P {
        &mut self.processor
    }

    /// Whether a message is worked on, so that [`Device::work`] has something to say.
    pub const fn is_busy(&self) -> bool {
        self.busy.is_some()
    }

    /// Whether a message has begun and is not whole yet.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.assembler.under_way().is_some()
    }

    /// Takes a report and says what goes back at once.
    pub fn take(&mut self, report: &Report) -> Vec<Report> {
        match self.assembler.take(report) {
            Step::Waiting | Step::Ignored => Vec::new(),
            Step::Refused(channel, fault) => refusal(channel, fault),
            Step::Whole(message) => self.taken(message),
        }
    }

    /// Gives up a message whose end does not come (CTAP §11.2.5.2).
    pub fn give_up(&mut self) -> Vec<Report> {
        let channel = self.assembler.under_way();
        self.assembler.forget();
        channel.map_or_else(Vec::new, |channel| refusal(channel, TransportError::Timeout))
    }

    /// The answer, or a sign of life while the key works or waits for a touch. May wait a moment for it.
    pub fn work(&mut self) -> Vec<Report> {
        let Some(channel) = self.busy else {
            return Vec::new();
        };
        let alive = match self.processor.progress() {
            Progress::Works => Keepalive::Processing,
            Progress::WaitsForTouch => Keepalive::UserPresenceNeeded,
            Progress::Done(answer) => {
                self.busy = None;
                return reports(&Message::new(channel, Command::Cbor, answer));
            }
            Progress::Idle => {
                self.busy = None;
                return refusal(channel, TransportError::Other(0x7F));
            }
        };
        reports(&Message::new(channel, Command::Keepalive, [alive.byte()]))
    }

    fn taken(&mut self, message: Message) -> Vec<Report> {
        let channel = message.channel;
        if message.command == Command::Init {
            return self.channel_for(&message);
        }
        if channel > self.channels {
            return refusal(channel, TransportError::InvalidChannel);
        }
        match (self.busy, message.command) {
            // CTAP §11.2.9.1.5: a cancel is never answered, and one for nothing is passed over.
            (busy, Command::Cancel) => {
                if busy == Some(channel) {
                    self.processor.cancel();
                }
                Vec::new()
            }
            (Some(_), _) => refusal(channel, TransportError::ChannelBusy),
            (None, Command::Ping) => reports(&message),
            (None, Command::Wink) => reports(&Message::new(channel, Command::Wink, [])),
            (None, Command::Cbor) if message.payload.is_empty() => refusal(channel, TransportError::InvalidLength),
            (None, Command::Cbor) => {
                self.processor.start(message.payload, Link::Usb);
                self.busy = Some(channel);
                Vec::new()
            }
            (None, _) => refusal(channel, TransportError::InvalidCommand),
        }
    }

    /// A new channel for whoever asks on the broadcast channel, also while the key works for another; on a channel of
    /// its own, an end to what is under way there (CTAP §11.2.9.1.3).
    fn channel_for(&mut self, message: &Message) -> Vec<Report> {
        let asked_on = message.channel;
        let Some(ChannelRequest { nonce }) = ChannelRequest::of(message) else {
            return refusal(asked_on, TransportError::InvalidLength);
        };
        if asked_on == BROADCAST {
            self.channels = self.channels.saturating_add(1).min(BROADCAST - 1);
        } else if asked_on > self.channels {
            return refusal(asked_on, TransportError::InvalidChannel);
        } else if self.busy == Some(asked_on) {
            self.processor.cancel();
            self.busy = None;
        }
        let channel = if asked_on == BROADCAST { self.channels } else { asked_on };
        let given = ChannelResponse {
            nonce,
            channel,
            version: VERSION,
            capabilities: CAPABILITIES,
        };
        reports(&given.message(asked_on))
    }
}

fn refusal(channel: u32, fault: TransportError) -> Vec<Report> {
    reports(&Message::new(channel, Command::Error, [fault.byte()]))
}

/// The reports of a message; an answer that no frames can carry becomes an error, so that nobody waits for it.
fn reports(message: &Message) -> Vec<Report> {
    message
        .reports()
        .unwrap_or_else(|_| refusal(message.channel, TransportError::InvalidLength))
}

#[cfg(test)]
mod tests;
