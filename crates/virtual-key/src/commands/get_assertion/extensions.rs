//! What the extensions answer to an assertion: CTAP §12.

use claviger_ctap::pin::Protocol;
use claviger_ctap::wire::Status;
use claviger_ctap::wire::auth_data::USER_VERIFIED;
use claviger_ctap::wire::extensions::{BlobOutput, HmacSecret, Outputs, SecretOutput};
use zeroize::Zeroizing;

use super::find::Found;
use super::sign::Signing;
use crate::Authenticator;
use crate::crypto::{Verified, hmac};

const SALT: usize = 32;

impl Authenticator {
    /// What authenticator data says of the extensions.
    pub(super) fn assertion_outputs(&mut self, signing: &Signing, found: &Found) -> Result<Option<Outputs>, Status> {
        let asked = &signing.extensions;
        let verified = if signing.flags & USER_VERIFIED == 0 {
            Verified::Nobody
        } else {
            Verified::User
        };
        let secrets = asked
            .hmac_secret
            .as_ref()
            .map(|asked| self.secrets(asked, found, verified))
            .transpose()?;
        let blob = found.kept.as_ref().map(|kept| kept.blob.clone()).unwrap_or_default();
        let outputs = Outputs {
            cred_blob: asked.cred_blob.filter(|wants| *wants).map(|_| BlobOutput::Blob(blob)),
            hmac_secret: secrets.map(SecretOutput::Encrypted),
            ..Outputs::default()
        };
        Ok((outputs != Outputs::default()).then_some(outputs))
    }

    /// One secret for each salt (CTAP §12.5).
    fn secrets(&mut self, asked: &HmacSecret, found: &Found, verified: Verified) -> Result<Vec<u8>, Status> {
        let protocol = Protocol::of(asked.protocol.unwrap_or(1)).ok_or(Status::InvalidParameter)?;
        let shared = self.shared(protocol, Some(&asked.key_agreement))?;
        if !shared.verify(&asked.salt_enc, &asked.salt_auth) {
            return Err(Status::PinAuthInvalid);
        }
        let salts = shared.decrypt(&asked.salt_enc)?;
        if salts.len() != SALT && salts.len() != 2 * SALT {
            return Err(Status::InvalidParameter);
        }
        let key = found.id.hmac_secret(&self.state().master, verified);
        let mut secrets = Zeroizing::new(Vec::with_capacity(salts.len()));
        for salt in salts.chunks(SALT) {
            secrets.extend_from_slice(hmac(&key, &[salt]).as_slice());
        }
        shared.encrypt(&secrets, self.machine.as_mut())
    }
}
