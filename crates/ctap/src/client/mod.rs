//! A client of CTAP2 over any transport: it knows what a key can do, asks in the key's own dialect, and says what a
//! refusal means. One client speaks to one key; what it knows of the key is read anew after everything that changes it.

mod config;
mod credentials;
mod error;
mod large_blobs;
mod management;
mod pin;
mod transport;

pub use error::{Error, PinRefusal};
pub use management::{Credential, Metadata, Party};
pub use pin::PinRetries;
pub use transport::{Notice, Transport};

use std::ops::ControlFlow;

use crate::hid::Keepalive;
use crate::pin::Entropy;
use crate::wire::cbor::Fault;
use crate::wire::get_info::Info;
use crate::wire::{Body, Command, Request, Status, part_response};

/// The longest message where a key does not say (CTAP §6.4, `maxMsgSize`).
const USUAL_LONGEST: u32 = 1_024;
/// Lists of a key are not followed any longer than this: no key holds as many credentials.
const MOST_LISTED: u32 = 4_096;

/// A client of one key.
pub struct Client<T> {
    transport: T,
    info: Info,
    entropy: Box<Entropy<'static>>,
    notice: Box<Notice<'static>>,
}

impl<T: Transport> Client<T> {
    /// Asks a key what it is. `entropy` fills slices with random bytes; `notice` hears that the key is still at it or
    /// waits for a touch, and may break off what is under way.
    pub fn open(
        transport: T,
        entropy: impl FnMut(&mut [u8]) + 'static,
        notice: impl FnMut(Keepalive) -> ControlFlow<()> + 'static,
    ) -> Result<Self, Error<T::Error>> {
        let mut client = Self {
            transport,
            info: Info::default(),
            entropy: Box::new(entropy),
            notice: Box::new(notice),
        };
        client.refresh()?;
        Ok(client)
    }

    /// What the key said of itself, last.
    #[must_use]
    pub const fn info(&self) -> &Info {
        &self.info
    }

    /// The transport, for what is not CTAP2.
    pub const fn transport(&mut self) -> &mut T {
        &mut self.transport
    }

    /// Asks the key anew what it is.
    pub fn refresh(&mut self) -> Result<&Info, Error<T::Error>> {
        let asked = "getInfo";
        let body = self.exchange(asked, &[Command::GetInfo.byte()])?;
        self.info = Info::decode_response(&body).map_err(|fault| Error::Malformed { asked, fault })?;
        Ok(&self.info)
    }

    /// Asks the key anew after an order that it carried out. That this fails does not undo the order.
    fn reread(&mut self) -> Result<(), Error<T::Error>> {
        self.refresh().map(drop).map_err(Error::unread)
    }

    /// `authenticatorSelection`: waits for a touch of this key (CTAP §6.9).
    pub fn select(&mut self) -> Result<(), Error<T::Error>> {
        self.exchange("selection", &[Command::Selection.byte()]).map(drop)
    }

    /// `authenticatorReset` (CTAP §6.6): credentials, PIN and configuration are gone for good. Keys take it only in the
    /// first 10 seconds after they got power, else they refuse with [`Status::NotAllowed`]. The transport is renewed, and
    /// the key asked anew what it is.
    pub fn reset(&mut self) -> Result<(), Error<T::Error>> {
        self.exchange("reset", &[Command::Reset.byte()])?;
        self.transport
            .renew()
            .map_err(|error| Error::Transport(error).unread())?;
        self.reread()
    }

    /// A command of a vendor: the byte and what follows it. Gives back what follows the status.
    pub fn vendor(&mut self, command: u8, body: &[u8]) -> Result<Vec<u8>, Error<T::Error>> {
        let mut message = vec![command];
        message.extend(body);
        self.exchange("a vendor command", &message)
    }

    fn ask<R: Request>(&mut self, asked: &'static str, request: &R) -> Result<R::Response, Error<T::Error>> {
        self.ask_message::<R>(asked, &request.message())
    }

    fn ask_message<R: Request>(&mut self, asked: &'static str, message: &[u8]) -> Result<R::Response, Error<T::Error>> {
        let body = self.exchange(asked, message)?;
        R::Response::decode_response(&body).map_err(|fault| Error::Malformed { asked, fault })
    }

    /// Sends a message; gives back the body of a response that agrees.
    fn exchange(&mut self, asked: &'static str, message: &[u8]) -> Result<Vec<u8>, Error<T::Error>> {
        let longest = self.longest();
        if message.len() > longest {
            return Err(Error::TooLong { asked, longest });
        }
        let answer = self
            .transport
            .exchange(message, &mut self.notice)
            .map_err(Error::Transport)?;
        match part_response(&answer).map_err(|fault: Fault| Error::Malformed { asked, fault })? {
            (Status::Ok, body) => Ok(body.to_vec()),
            (status, _) => Err(Error::Refused { asked, status }),
        }
    }

    fn longest(&self) -> usize {
        usize::try_from(self.info.max_msg_size.unwrap_or(USUAL_LONGEST)).unwrap_or(usize::MAX)
    }
}
