//! What a key knows only while it has power.

mod enumeration;
mod managed;
mod pin_tokens;

use std::time::Duration;

use claviger_ctap::wire::Command;

use crate::Machine;
use crate::agreement::Agreement;
use crate::commands::MANAGED_KEY;

pub(crate) use enumeration::{Assertions, BlobWrite, Enumeration};
pub(crate) use managed::{Managed, Pending};
pub(crate) use pin_tokens::PinTokens;

/// Wrong PINs in a row after which the key wants to be unplugged (CTAP §6.5.5.1).
pub(crate) const MISMATCHES: u8 = 3;

/// Everything that power-off clears.
pub(crate) struct Volatile {
    /// When the power came.
    pub(crate) since: Duration,
    /// The key's half of the key agreement, one for each PIN/UV auth protocol.
    pub(crate) agreements: [Agreement; 2],
    /// The PIN/UV auth tokens.
    pub(crate) tokens: PinTokens,
    /// Wrong PINs in a row in this power cycle.
    pub(crate) pin_mismatches: u8,
    /// What the next command continues.
    pub(crate) enumeration: Enumeration,
    /// The managed-key protocol's part.
    pub(crate) managed: Managed,
}

impl Volatile {
    /// What a key knows when the power comes.
    pub(crate) fn new(machine: &mut dyn Machine) -> Self {
        Self {
            since: machine.now(),
            agreements: [Agreement::new(machine), Agreement::new(machine)],
            tokens: PinTokens::new(machine),
            pin_mismatches: 0,
            enumeration: Enumeration::Nothing,
            managed: Managed::new(machine),
        }
    }

    /// Drops what was to be continued when another command comes between (CTAP §6: stateful commands). Looking at the
    /// key is no such command: a program that watches in the background must not break another one's enumeration.
    pub(crate) fn forget_unless_continued(&mut self, command: Command) {
        let is_continued = match self.enumeration {
            Enumeration::Nothing => true,
            Enumeration::Assertions(_) => command == Command::GetNextAssertion,
            Enumeration::RelyingParties(_) | Enumeration::Credentials(_) => command == Command::CredentialManagement,
            Enumeration::Blob(_) => command == Command::LargeBlobs,
        };
        if !is_continued && command != Command::GetInfo && command != MANAGED_KEY {
            self.enumeration = Enumeration::Nothing;
        }
    }

    /// After a reset: everything anew but the time at which the power came, the failures that were counted, and the last
    /// unlock's receipt.
    pub(crate) fn renew(&mut self, machine: &mut dyn Machine) {
        let mut fresh = Self::new(machine);
        fresh.since = self.since;
        fresh.managed.keep_through_reset(&self.managed);
        *self = fresh;
    }

    /// The user's PIN is another one, or gone: nothing that the old one opened stays open (CTAP §6.5.5.6).
    pub(crate) fn pin_changed(&mut self, machine: &mut dyn Machine) {
        self.pin_mismatches = 0;
        self.end_tokens(machine);
    }

    /// Tokens that were given out are dead, and so is what they began.
    pub(crate) fn end_tokens(&mut self, machine: &mut dyn Machine) {
        self.tokens.renew(machine);
        self.enumeration = Enumeration::Nothing;
    }
}
