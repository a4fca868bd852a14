//! `getKeyAgreement`: a public key to encrypt to, and the word of a genuine key that it is its own.

use claviger_ctap::wire::Status;
use claviger_ctap::wire::cose::KeyAgreement;
use claviger_managed_key::message::{AttestedAgreement, CoseKey, Request};
use claviger_managed_key::pin_uv::SharedSecret;

use crate::{Authenticator, Link};

impl Authenticator {
    pub(super) fn managed_agreement(&mut self, nonce: &[u8; 32], link: Link) -> Result<Vec<u8>, Status> {
        // The signature is over the serial: without it nobody could verify it, and a list of serials would find it.
        self.make_known(link)?;
        let KeyAgreement { x, y } = self.volatile()?.managed.agreement.public();
        let key_agreement = CoseKey { x, y };
        let signed = AttestedAgreement::signed(nonce, &self.serial, &key_agreement);
        let attested = AttestedAgreement {
            key_agreement,
            serial: self.serial.clone(),
            signature: self.model.key.sign(&signed),
            certificates: self.model.x5c.clone(),
        };
        Ok(attested.encode())
    }

    /// What key and caller share.
    ///
    /// # Errors
    /// `MISSING_PARAMETER` without the caller's public key, `INVALID_PARAMETER` when it is no point of the curve.
    pub(super) fn managed_secret(&mut self, request: &Request<'_>) -> Result<SharedSecret, Status> {
        let CoseKey { x, y } = request.key_agreement.ok_or(Status::MissingParameter)?;
        let point = self.volatile()?.managed.agreement.shared_point(&KeyAgreement { x, y });
        let point = point.map_err(|_| Status::InvalidParameter)?;
        Ok(SharedSecret::of_point(&point))
    }

    /// Whether the caller who agreed on the secret made this request.
    ///
    /// # Errors
    /// `PIN_AUTH_INVALID` if not; the key pair is another one then.
    pub(super) fn check_authenticated(&mut self, request: &Request<'_>, secret: &SharedSecret) -> Result<(), Status> {
        if request.is_authenticated_by(secret.mac_key()) {
            return Ok(());
        }
        self.fail_managed()
    }

    /// A proof was wrong.
    pub(super) fn fail_managed(&mut self) -> Result<(), Status> {
        let (volatile, machine) = self.parts()?;
        volatile.managed.fail(machine);
        Err(Status::PinAuthInvalid)
    }
}
