//! A key over USB: CTAPHID (CTAP 2.1 §11.2) on a channel of our own, with keepalives and cancel.

mod raw;

use std::time::Duration;

use claviger_ctap::{
    client::Notice,
    hid::{
        Assembler, BROADCAST, Capabilities, ChannelRequest, ChannelResponse, Command, Message, Reply, Report, Step,
        TransportError,
    },
};

use crate::{
    link::{Link, is_stopped},
    place::Place,
    trouble::Trouble,
};

pub(crate) use raw::{RawReports, survey};

/// How long one look for a report takes, so that Ctrl-C is heard.
const GLANCE: Duration = Duration::from_millis(50);
/// How many looks without a report a key may let pass: 5 s. One that computes or waits says so every 100 ms (CTAP 2.1
/// §11.2.9.1.7).
const LOOKS: u32 = 100;
/// How often, and for how long each time, it is waited for another program's turn to end: 10 s.
const BUSY_TRIES: u32 = 100;
const BUSY: Duration = Duration::from_millis(100);
/// How many answers to others go by before a channel is given up.
const STRANGERS: u32 = 100;
/// The most keepalives that are listened to for one request: some five minutes.
const KEEPALIVES: u32 = 3_000;

/// Reports to and from a device.
pub(crate) trait Reports {
    /// Sends one report.
    fn send(&mut self, report: &Report) -> Result<(), Trouble>;

    /// The next report, if one comes within this time.
    fn receive(&mut self, wait: Duration) -> Result<Option<Report>, Trouble>;
}

/// A channel to a key over USB.
pub(crate) struct HidLink<R> {
    reports: R,
    channel: u32,
    place: Place,
    request: ChannelRequest,
}

impl<R: Reports> HidLink<R> {
    /// Asks for a channel. The nonce tells our answer from that of another program.
    pub(crate) fn open(reports: R, place: &Place, nonce: [u8; 8]) -> Result<Self, Trouble> {
        let mut link = Self {
            reports,
            channel: BROADCAST,
            place: place.clone(),
            request: ChannelRequest { nonce },
        };
        link.take_channel()?;
        Ok(link)
    }

    fn take_channel(&mut self) -> Result<(), Trouble> {
        self.channel = BROADCAST;
        self.send(&self.request.message())?;
        for _ in 0..STRANGERS {
            let message = self.message()?;
            if let Some(given) = ChannelResponse::of(&message, &self.request) {
                if !given.capabilities.contains(Capabilities::CBOR) {
                    return Err(self.not_a_key());
                }
                self.channel = given.channel;
                return Ok(());
            }
        }
        // Answers to other programs go by on the same channel; these were too many.
        Err(malformed("it answered others and not us"))
    }

    fn send(&mut self, message: &Message) -> Result<(), Trouble> {
        let reports = message.reports().map_err(|fault| Trouble::Machine {
            what: fault.to_string(),
        })?;
        reports.iter().try_for_each(|report| self.reports.send(report))
    }

    /// The next whole message on our channel.
    fn message(&mut self) -> Result<Message, Trouble> {
        let mut assembler = Assembler::platform(self.channel);
        let mut looks = 0;
        while looks < LOOKS {
            let Some(report) = self.reports.receive(GLANCE)? else {
                looks += 1;
                continue;
            };
            match assembler.take(&report) {
                Step::Whole(message) => return Ok(message),
                Step::Refused(_, fault) => return Err(malformed(&fault.to_string())),
                Step::Waiting => looks = 0,
                // The talk of others is no sign of life.
                Step::Ignored => looks += 1,
            }
        }
        Err(self.silent())
    }

    /// The answer to a request that was sent.
    fn answer(&mut self, notice: &mut Notice<'_>) -> Result<Result<Vec<u8>, TransportError>, Trouble> {
        let mut cancelled = false;
        for _ in 0..KEEPALIVES {
            match Reply::from(self.message()?) {
                Reply::Cbor(answer) if cancelled && is_stopped(&answer) => return Err(Trouble::Stopped),
                Reply::Cbor(answer) if answer.is_empty() => return Err(malformed("an answer without a status")),
                Reply::Cbor(answer) => return Ok(Ok(answer)),
                Reply::Keepalive(state) => {
                    if notice(state).is_break() && !cancelled {
                        // The key then answers the request itself (CTAP 2.1 §11.2.9.1.5).
                        self.cancel()?;
                        cancelled = true;
                    }
                }
                Reply::Error(fault) => return Ok(Err(fault)),
                Reply::Other(_) => return Err(malformed("an answer to a question that was not asked")),
            }
        }
        // It would go on for ever otherwise.
        self.cancel()?;
        Err(self.silent())
    }

    fn cancel(&mut self) -> Result<(), Trouble> {
        self.send(&Message::new(self.channel, Command::Cancel, []))
    }

    fn asked(&mut self, request: &[u8], notice: &mut Notice<'_>) -> Result<Vec<u8>, Trouble> {
        let message = Message::new(self.channel, Command::Cbor, request);
        for _ in 0..BUSY_TRIES {
            self.send(&message)?;
            match self.answer(notice)? {
                Ok(answer) => return Ok(answer),
                // Another program has its turn; what comes meanwhile is not for us.
                Err(TransportError::ChannelBusy) => drop(self.reports.receive(BUSY)?),
                // The key was reset and forgot our channel.
                Err(TransportError::InvalidChannel) => return Err(Trouble::Interrupted),
                Err(TransportError::InvalidCommand) => return Err(self.not_a_key()),
                Err(fault) => return Err(malformed(&fault.to_string())),
            }
        }
        Err(Trouble::InUse {
            place: self.place.shown(),
            by: Some("a program of somebody else's".to_owned()),
        })
    }

    fn silent(&self) -> Trouble {
        Trouble::Silent {
            place: self.place.shown(),
        }
    }

    fn not_a_key(&self) -> Trouble {
        Trouble::NotAKey {
            place: self.place.shown(),
        }
    }
}

impl<R: Reports> Link for HidLink<R> {
    fn exchange(&mut self, request: &[u8], notice: &mut Notice<'_>) -> Result<Vec<u8>, Trouble> {
        self.asked(request, notice)
    }

    fn renew(&mut self) -> Result<(), Trouble> {
        self.take_channel()
    }

    fn power_cycle(&mut self) -> Result<bool, Trouble> {
        Ok(false)
    }
}

fn malformed(what: &str) -> Trouble {
    Trouble::Malformed { what: what.to_owned() }
}

#[cfg(test)]
mod tests;
