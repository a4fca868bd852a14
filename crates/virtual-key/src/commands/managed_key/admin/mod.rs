//! `adminCommand`: orders of the organisation, proven by an answered challenge or by an admin token.

mod orders;
mod policy;

use claviger_ctap::wire::Status;
use claviger_managed_key::Operation;
use claviger_managed_key::keys::Authorised;
use claviger_managed_key::message::{AdminOrder, Request, StatusCode, succeeded};

use super::status;
use crate::{Authenticator, Occasion};

pub(super) use policy::{check_limits, policy};

impl Authenticator {
    pub(super) fn admin_command(&mut self, request: &Request<'_>, order: &AdminOrder) -> Result<Vec<u8>, Status> {
        self.management()?;
        let operation = order.operation();
        self.check_proof(request, operation)?;
        let order = self.readied(request, order)?;
        if operation.needs_touch() {
            self.need_touch(Occasion::Administer)?;
        }
        // An answer to a challenge serves once, whether or not the order is carried out.
        if request.admin_auth.is_some() {
            self.volatile()?.managed.drop_challenge(operation);
        }
        self.carry_out(order)?;
        Ok(succeeded(&[]))
    }

    /// Whether the organisation gave this order. A wrong answer costs its challenge and nothing else: 256 bits are not
    /// guessed.
    fn check_proof(&mut self, request: &Request<'_>, operation: Operation) -> Result<(), Status> {
        let Some(given) = &request.admin_auth else {
            return self.check_admin_token(request, operation);
        };
        let now = self.now();
        let pending = self.volatile()?.managed.pending(operation, now);
        let challenge = pending
            .map(|pending| pending.challenge)
            .ok_or(status(StatusCode::NoChallenge))?;
        let authorised = Authorised {
            operation,
            serial: &self.serial,
            challenge: &challenge,
            parameters: request.operation_parameters(),
            key_agreement: request.raw_key_agreement(),
        };
        if self.device_key()?.admin_key(&self.serial).accepts(&authorised, given) {
            return Ok(());
        }
        self.volatile()?.managed.drop_challenge(operation);
        self.fail_managed()
    }

    fn check_admin_token(&mut self, request: &Request<'_>, operation: Operation) -> Result<(), Status> {
        let now = self.now();
        let session = self.volatile()?.managed.session.as_ref();
        let secret = session.and_then(|session| session.secret(now));
        let is_right = secret.is_some_and(|secret| request.is_authenticated_by(secret.bytes()));
        if is_right && operation.takes_admin_token() {
            Ok(())
        } else {
            self.fail_managed()
        }
    }
}
