//! What the derived keys say: responses and receipts of an unlock, and the authorisation of administration.

use hmac::Mac;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::mac::{hmac, keyed};
use super::{AdminKey, UnlockKey};
use crate::code::{Challenge, Receipt, Response};
use crate::{Operation, Serial};

impl UnlockKey {
    /// The answer to a challenge, for this operation of this device alone.
    #[must_use]
    pub fn response(&self, operation: Operation, serial: &Serial, challenge: &Challenge) -> Response {
        let mac = self.mac(b"clv1/response\0", operation, serial, challenge);
        Response::new(Zeroizing::new(mac.first_chunk().copied().unwrap_or_default()))
    }

    /// Whether this is the answer; takes as long wherever it differs.
    #[must_use]
    pub fn accepts(&self, operation: Operation, serial: &Serial, challenge: &Challenge, given: &[u8; 10]) -> bool {
        use subtle::ConstantTimeEq as _;
        let expected = self.response(operation, serial, challenge);
        expected.using().ct_eq(given).into()
    }

    /// What the key says once it has done so.
    #[must_use]
    pub fn receipt(&self, operation: Operation, serial: &Serial, challenge: &Challenge) -> Receipt {
        let mac = self.mac(b"clv1/receipt\0", operation, serial, challenge);
        Receipt::new(mac.first_chunk().copied().unwrap_or_default())
    }

    fn mac(&self, label: &[u8], operation: Operation, serial: &Serial, challenge: &Challenge) -> Zeroizing<[u8; 32]> {
        let challenge = challenge.text();
        hmac(
            self.using(),
            &[label, &[operation.code()], &serial.prefixed(), challenge.as_bytes()],
        )
    }
}

/// What an authorisation covers. Parameters and key agreement are CBOR as it travels, and hashed as received.
#[derive(Clone, Copy)]
pub struct Authorised<'a> {
    /// What is to be done.
    pub operation: Operation,
    /// By which key.
    pub serial: &'a Serial,
    /// What that key asked.
    pub challenge: &'a Challenge,
    /// The operation's parameters; the map `a0` when there are none.
    pub parameters: &'a [u8],
    /// Request field 5; empty when absent.
    pub key_agreement: &'a [u8],
}

impl AdminKey {
    /// `adminAuth` of an operation.
    #[must_use]
    pub fn authorise(&self, what: &Authorised<'_>) -> [u8; 32] {
        self.state(what).finalize().into_bytes().into()
    }

    /// Whether this is its `adminAuth`; takes as long wherever it differs.
    #[must_use]
    pub fn accepts(&self, what: &Authorised<'_>, given: &[u8; 32]) -> bool {
        self.state(what).verify_slice(given).is_ok()
    }

    fn state(&self, what: &Authorised<'_>) -> hmac::Hmac<Sha256> {
        let parameters = Sha256::new()
            .chain_update(what.parameters)
            .chain_update(what.key_agreement);
        keyed(self.using())
            .chain_update(b"clv1/admin\0")
            .chain_update([what.operation.code()])
            .chain_update(what.serial.prefixed())
            .chain_update(what.challenge.text())
            .chain_update(parameters.finalize())
    }
}
