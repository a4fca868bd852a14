//! The key as a smart card: ISO 7816-4 around CTAP's messages (CTAP §11.3), and the management application.

mod direct;

use claviger_ctap::apdu::{
    self, Command, FIDO_AID, NFCCTAP_GETRESPONSE, NFCCTAP_MSG, Received, Response, SELECT, StatusWord,
};
use claviger_managed_key::message::MANAGEMENT_AID;

use crate::Link;

pub use direct::Direct;

/// What the card says when it is switched on: T=1, command chaining and extended lengths, "Claviger".
pub const ATR: [u8; 24] = [
    0x3b, 0xfe, 0x13, 0x00, 0x00, 0x81, 0x31, 0xfe, 0x15, 0x80, 0x73, 0xc0, 0x21, 0xc0, 0x58, b'C', b'l', b'a', b'v',
    b'i', b'g', b'e', b'r', 0x1d,
];

/// What a key that does not speak U2F answers to its selection (CTAP §11.3.3.1).
const FIDO_VERSION: &[u8] = b"FIDO_2_0";
/// More than any message has; a chain that grows beyond is cut off.
const LONGEST_CHAIN: usize = 8_192;
/// `NFCCTAP_CONTROL`, by which a platform says that it is done (CTAP §11.3.5.3).
const NFCCTAP_CONTROL: u8 = 0x12;
/// The card ended without an answer.
const NO_ANSWER: StatusWord = StatusWord(0x6F00);

/// What works on the card's messages.
pub trait Processor {
    /// The power comes. It may be there already.
    fn power_on(&mut self);
    /// The power goes, in the middle of whatever is done.
    fn power_off(&mut self);
    /// Begins with a message; one that is under way is given up.
    fn start(&mut self, message: Vec<u8>, link: Link);
    /// How far the work is; may wait a moment for it.
    fn progress(&mut self) -> Progress;
    /// Takes the message back, if it waits for a touch.
    fn cancel(&mut self);
}

/// How far the work on a message is.
pub enum Progress {
    /// There is none, or it ended without an answer.
    Idle,
    /// Under way.
    Works,
    /// Waiting for somebody to touch the key.
    WaitsForTouch,
    /// Done, with this answer.
    Done(Vec<u8>),
}

/// A card in a reader.
pub struct Card<P> {
    processor: P,
    selected: Option<Link>,
    apdus: apdu::Card,
}

impl<P: Processor> Card<P> {
    /// A card that lies beside the reader.
    pub const fn new(processor: P) -> Self {
        Self {
            processor,
            selected: None,
            apdus: apdu::Card::new(LONGEST_CHAIN),
        }
    }

    /// The power comes.
    pub fn power_on(&mut self) {
        self.processor.power_on();
    }

    /// The power goes.
    pub fn power_off(&mut self) {
        self.processor.power_off();
        self.warm_reset();
    }

    /// The reader resets the card without taking its power: what the key knows it still knows.
    pub fn warm_reset(&mut self) {
        self.selected = None;
        self.apdus = apdu::Card::new(LONGEST_CHAIN);
    }

    /// What works on the messages.
    pub const fn processor(&mut self) -> &mut P {
        &mut self.processor
    }

    /// Answers an APDU.
    pub fn transmit(&mut self, bytes: &[u8]) -> Vec<u8> {
        match self.apdus.receive(bytes) {
            Received::Answered(answer) => answer,
            Received::Command(command) => {
                let response = self.carried_out(&command).unwrap_or_else(Response::bare);
                self.apdus.answer(&command, response)
            }
        }
    }

    fn carried_out(&mut self, command: &Command) -> Result<Response, StatusWord> {
        match command.header {
            [0x00, SELECT, 0x04, _] => self.select(&command.data),
            [0x00, SELECT, _, _] => Err(StatusWord::NOT_FOUND),
            [0x80, NFCCTAP_MSG, p1, _] => {
                let link = self.selected.ok_or(StatusWord::CONDITIONS)?;
                self.processor.start(command.data.clone(), link);
                // CTAP §11.3.5.1: the first bit says that the reader may be told to come again.
                if p1 & 0x80 == 0 { self.awaited() } else { self.polled() }
            }
            [0x80, NFCCTAP_GETRESPONSE, p1, _] => {
                if p1 == 0x11 {
                    self.processor.cancel();
                }
                self.polled()
            }
            [0x80, NFCCTAP_CONTROL, _, _] => Ok(Response::bare(StatusWord::OK)),
            [0x00 | 0x80, ..] => Err(StatusWord::UNKNOWN_INSTRUCTION),
            _ => Err(StatusWord::UNKNOWN_CLASS),
        }
    }

    fn select(&mut self, aid: &[u8]) -> Result<Response, StatusWord> {
        let (link, version) = if aid == FIDO_AID {
            (Link::Contact, FIDO_VERSION)
        } else if aid == MANAGEMENT_AID {
            (Link::Management, &[][..])
        } else {
            return Err(StatusWord::NOT_FOUND);
        };
        self.selected = Some(link);
        Ok(Response::new(version, StatusWord::OK))
    }

    /// The answer, or what the key is at (CTAP §11.3.5.2: 1 at work, 2 waiting for a touch).
    fn polled(&mut self) -> Result<Response, StatusWord> {
        let status = match self.processor.progress() {
            Progress::Idle => return Err(NO_ANSWER),
            Progress::Done(answer) => return Ok(Response::new(answer, StatusWord::OK)),
            Progress::Works => 1,
            Progress::WaitsForTouch => 2,
        };
        Ok(Response::new([status], StatusWord::UNDER_WAY))
    }

    /// The answer, however long it takes.
    fn awaited(&mut self) -> Result<Response, StatusWord> {
        loop {
            let response = self.polled()?;
            if response.status != StatusWord::UNDER_WAY {
                return Ok(response);
            }
        }
    }
}

#[cfg(test)]
mod tests;
