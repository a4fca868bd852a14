//! `getChallenge`: what a response or an authorisation answers.

use claviger_ctap::wire::Status;
use claviger_managed_key::Operation;
use claviger_managed_key::code::Challenge;
use claviger_managed_key::message::Challenged;

use crate::volatile::Pending;
use crate::{Authenticator, Link, Occasion};

impl Authenticator {
    /// The challenge that waits, or a new one. Throwing one away needs a touch: somebody may be on the phone with it.
    pub(super) fn challenge(&mut self, operation: Operation, renew: bool, link: Link) -> Result<Vec<u8>, Status> {
        self.management()?;
        // The challenge holds a tag of the serial.
        self.make_known(link)?;
        let now = self.now();
        let waiting = self
            .volatile()?
            .managed
            .pending(operation, now)
            .map(|pending| pending.challenge);
        if renew && waiting.is_some() {
            self.need_touch(Occasion::RenewChallenge)?;
        }
        let challenge = match waiting.filter(|_| !renew) {
            Some(challenge) => challenge,
            None => self.new_challenge(operation)?,
        };
        let challenged = Challenged {
            challenge,
            serial: self.serial.clone(),
        };
        Ok(challenged.encode())
    }

    fn new_challenge(&mut self, operation: Operation) -> Result<Challenge, Status> {
        let mut nonce = [0; 13];
        self.machine.entropy(&mut nonce);
        let challenge = Challenge::new(&self.serial, self.state().unlock_seq, nonce);
        let since = self.now();
        self.volatile()?.managed.issue(Pending {
            operation,
            challenge,
            since,
        });
        Ok(challenge)
    }
}
