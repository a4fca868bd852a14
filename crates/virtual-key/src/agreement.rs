//! The key's half of a key agreement, with the machine's entropy and the statuses that a failure has.

use claviger_ctap::pin::{KeyPair, Protocol, SharedSecret};
use claviger_ctap::wire::Status;
use claviger_ctap::wire::cose::KeyAgreement;
use zeroize::Zeroizing;

use crate::Machine;

/// A key pair of the key's.
pub(crate) struct Agreement(KeyPair);

/// A secret that key and platform share.
pub(crate) struct Shared(SharedSecret);

impl Agreement {
    /// A new key pair (`regenerate`, CTAP §6.5.6).
    pub(crate) fn new(machine: &mut dyn Machine) -> Self {
        Self(KeyPair::generate(&mut |target: &mut [u8]| machine.entropy(target)))
    }

    /// The half that the platform is told.
    pub(crate) fn public(&self) -> KeyAgreement {
        self.0.public()
    }

    /// What key and platform share.
    ///
    /// # Errors
    /// `INVALID_PARAMETER` when the platform's half is no point of the curve.
    pub(crate) fn shared(&self, protocol: Protocol, platform: &KeyAgreement) -> Result<Shared, Status> {
        self.0
            .agree(protocol, platform)
            .map(Shared)
            .map_err(|_| Status::InvalidParameter)
    }
}

impl Shared {
    /// Encrypts for the platform. `plain` is a whole number of blocks of 16 bytes.
    pub(crate) fn encrypt(&self, plain: &[u8], machine: &mut dyn Machine) -> Result<Vec<u8>, Status> {
        self.0
            .encrypt(plain, &mut |target: &mut [u8]| machine.entropy(target))
            .map_err(|_| Status::OtherError)
    }

    /// Decrypts what the platform sent.
    ///
    /// # Errors
    /// `INVALID_PARAMETER` when it is not a whole number of blocks.
    pub(crate) fn decrypt(&self, message: &[u8]) -> Result<Zeroizing<Vec<u8>>, Status> {
        self.0.decrypt(message).map_err(|_| Status::InvalidParameter)
    }

    /// Whether the platform authenticated the message.
    pub(crate) fn verify(&self, message: &[u8], param: &[u8]) -> bool {
        self.0.verify(message, param)
    }
}
