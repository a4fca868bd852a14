//! `authenticatorGetNextAssertion`: CTAP §6.3.

use std::collections::VecDeque;
use std::time::Duration;

use claviger_ctap::wire::Status;
use claviger_ctap::wire::get_assertion::Response;

use super::find::Found;
use super::sign::Signing;
use crate::Authenticator;
use crate::volatile::{Assertions, Enumeration};

/// How long the next assertion may be asked for.
const PATIENCE: Duration = Duration::from_secs(30);

impl Authenticator {
    /// Keeps the other credentials for `getNextAssertion`.
    pub(super) fn remember(&mut self, signing: Signing, found: VecDeque<Found>) -> Result<(), Status> {
        let since = self.now();
        self.volatile()?.enumeration = Enumeration::Assertions(Box::new(Assertions {
            left: found.into_iter().filter_map(|found| found.kept).collect(),
            signing,
            since,
        }));
        Ok(())
    }

    /// The next assertion of those that an assertion announced.
    ///
    /// # Errors
    /// `NOT_ALLOWED` when none is left, or the last one was 30 seconds ago.
    pub(crate) fn get_next_assertion(&mut self) -> Result<Response, Status> {
        let now = self.now();
        let taken = std::mem::replace(&mut self.volatile()?.enumeration, Enumeration::Nothing);
        let Enumeration::Assertions(mut assertions) = taken else {
            return Err(Status::NotAllowed);
        };
        if now.saturating_sub(assertions.since) >= PATIENCE {
            return Err(Status::NotAllowed);
        }
        if !self.state().serves(&assertions.signing.rp_id) {
            return Err(Status::OperationDenied);
        }
        let next = assertions.left.pop_front().ok_or(Status::NotAllowed)?;
        let found = self
            .own(&assertions.signing.rp_id, &next.id)
            .ok_or(Status::NotAllowed)?;
        let response = self.signed(&assertions.signing, &found, true)?;
        assertions.since = now;
        self.volatile()?.enumeration = Enumeration::Assertions(assertions);
        Ok(response)
    }
}
