//! The key between two cables: a message in, a message out, and the power switch.

use std::time::Duration;

use claviger_ctap::wire::{self, Command, Status};
use claviger_managed_key::{Serial, SerialFault};

use crate::attestation::Attestation;
use crate::disk::Disk;
use crate::store::{Store, StoreError};
use crate::volatile::Volatile;
use crate::{Machine, Occasion, State, Touch};

/// The longest message that is taken, in bytes (`maxMsgSize`).
pub(crate) const LONGEST_MESSAGE: u16 = 1_200;

/// How a message came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Through a USB cable.
    Usb,
    /// By contacts, to the FIDO application.
    Contact,
    /// Over the air, to the FIDO application.
    Contactless,
    /// To the management application, which knows the managed-key command alone.
    Management,
}

/// A security key.
pub struct Authenticator {
    pub(crate) machine: Box<dyn Machine + Send>,
    pub(crate) store: Store,
    pub(crate) model: Attestation,
    pub(crate) own: Attestation,
    /// What the key is called, as it enters MACs.
    pub(crate) serial: Serial,
    /// What the power keeps alive; absent without power.
    power: Option<Box<Volatile>>,
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The state cannot be had.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No key is called so.
    #[error(transparent)]
    Serial(#[from] SerialFault),
    /// The key's certificates cannot be written.
    #[error("the attestation certificate cannot be made: {0}")]
    Certificate(#[from] rcgen::Error),
}

impl Authenticator {
    /// Takes the state from the disk, or makes a new key called `serial`. The power is off.
    ///
    /// # Errors
    /// When the disk has no state and takes none.
    pub fn open(
        disk: Box<dyn Disk + Send>,
        mut machine: Box<dyn Machine + Send>,
        serial: &str,
    ) -> Result<Self, OpenError> {
        Serial::new(serial)?;
        let store = Store::open(disk, || State::new(serial, machine.as_mut()))?;
        let serial = Serial::new(&store.state().serial)?;
        Ok(Self {
            own: Attestation::of_key(serial.as_str())?,
            serial,
            machine,
            store,
            model: Attestation::of_model()?,
            power: None,
        })
    }

    /// Switches the power on. Without effect when it is on already: a warm reset forgets nothing.
    pub fn power_on(&mut self) {
        if self.power.is_none() {
            // After a write that failed the disk decides what the state is. If it cannot be read, every write refuses.
            let _ = self.store.recover();
            self.power = Some(Box::new(Volatile::new(self.machine.as_mut())));
        }
    }

    /// Switches the power off. Everything but the state is gone.
    pub fn power_off(&mut self) {
        self.power = None;
    }

    /// What the key remembers without power.
    #[must_use]
    pub const fn state(&self) -> &State {
        self.store.state()
    }

    /// Uses up the tries of the PIN, as somebody who guesses it would. Without a PIN nothing happens.
    ///
    /// # Errors
    /// When the state cannot be written.
    pub fn block_pin(&mut self) -> Result<(), StoreError> {
        let mut next = self.state().clone();
        if next.pin.is_some() {
            next.pin_retries = 0;
        }
        self.store.commit(next)
    }

    /// Answers a message: a command byte and CBOR in, a status byte and CBOR out. Without power, no answer.
    pub fn exchange(&mut self, message: &[u8], link: Link) -> Option<Vec<u8>> {
        self.power.as_ref()?;
        let answer = self.answered(message, link);
        Some(answer.unwrap_or_else(|status| vec![status.byte()]))
    }

    fn answered(&mut self, message: &[u8], link: Link) -> Result<Vec<u8>, Status> {
        if message.len() > LONGEST_MESSAGE.into() {
            return Err(Status::RequestTooLarge);
        }
        let (command, body) = wire::part_request(message).map_err(|_| Status::InvalidLength)?;
        if link == Link::Management && command != crate::commands::MANAGED_KEY {
            return Err(Status::InvalidCommand);
        }
        self.volatile()?.forget_unless_continued(command);
        self.dispatch(message, command, body, link)
    }

    fn dispatch(&mut self, message: &[u8], command: Command, body: &[u8], link: Link) -> Result<Vec<u8>, Status> {
        match command {
            Command::MakeCredential => answer(body, |request| self.make_credential(&request)),
            Command::GetAssertion => answer(body, |request| self.get_assertion(request)),
            Command::GetNextAssertion => Ok(wire::success(&self.get_next_assertion()?)),
            Command::GetInfo => Ok(wire::success(&self.get_info(link))),
            Command::ClientPin => answer(body, |request| self.client_pin(&request)),
            Command::Reset => Ok(wire::success(&self.reset()?)),
            Command::CredentialManagement => answer(body, |request| self.credential_management(&request)),
            Command::Selection => Ok(wire::success(&self.selection()?)),
            Command::LargeBlobs => answer(body, |request| self.large_blobs(request)),
            Command::Config => answer(body, |request| self.config(&request)),
            crate::commands::MANAGED_KEY => self.managed_key(message, link),
            Command::BioEnrollment | Command::Other(_) => Err(Status::InvalidCommand),
        }
    }

    /// What lives as long as the power.
    pub(crate) fn volatile(&mut self) -> Result<&mut Volatile, Status> {
        self.power.as_deref_mut().ok_or(Status::OtherError)
    }

    /// What lives as long as the power, and the machine, for what needs both.
    pub(crate) fn parts(&mut self) -> Result<(&mut Volatile, &mut dyn Machine), Status> {
        let volatile = self.power.as_deref_mut().ok_or(Status::OtherError)?;
        Ok((volatile, self.machine.as_mut()))
    }

    /// Time since the beginning that the machine counts from.
    pub(crate) fn now(&self) -> Duration {
        self.machine.now()
    }

    /// Waits for a touch (CTAP §6.1.2 step 14): refusal, time-out and cancellation each have a status.
    pub(crate) fn need_touch(&mut self, occasion: Occasion) -> Result<(), Status> {
        match self.machine.touch(occasion) {
            Touch::Given => Ok(()),
            Touch::Refused => Err(Status::OperationDenied),
            Touch::TimedOut => Err(Status::UserActionTimeout),
            Touch::Cancelled => Err(Status::KeepaliveCancel),
        }
    }

    /// Makes a changed copy of the state the state. Every write of a command goes through here.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut State)) -> Result<(), Status> {
        let mut next = self.state().clone();
        change(&mut next);
        self.replace(next)
    }

    /// Makes `next` the state.
    pub(crate) fn replace(&mut self, next: State) -> Result<(), Status> {
        self.store.commit(next).map_err(|_| Status::OtherError)
    }
}

/// Decodes a request, has it answered, and encodes the response.
fn answer<Q: wire::Request>(
    body: &[u8],
    answered: impl FnOnce(Q) -> Result<Q::Response, Status>,
) -> Result<Vec<u8>, Status> {
    let request = Q::decode_request(body).map_err(wire::cbor::Fault::status)?;
    Ok(wire::success(&answered(request)?))
}
