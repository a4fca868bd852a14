//! Attestation: who signs for a new credential (CTAP §6.1.2 steps 9 and 18, §7.1).

use claviger_ctap::wire::make_credential::{Packed, Response};
use claviger_ctap::wire::{Body as _, Status};

use crate::Authenticator;
use crate::crypto::Algorithm;

/// Which key attests.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Attesting {
    /// The model's: tells nobody which key it is.
    Model,
    /// This key's own, with its serial number.
    Enterprise,
}

impl Authenticator {
    /// Which key attests, after what the platform asked for.
    ///
    /// # Errors
    /// `INVALID_PARAMETER` while enterprise attestation is off, `INVALID_OPTION` for a kind that does not exist.
    pub(super) fn attesting(&self, asked: Option<u64>) -> Result<Attesting, Status> {
        let is_enabled = self.state().settings.enterprise_attestation;
        match asked {
            Some(_) if !is_enabled => Err(Status::InvalidParameter),
            // 1 is vendor-facilitated: this model has no relying party built in, so nobody is on the list.
            None | Some(1) => Ok(Attesting::Model),
            Some(2) => Ok(Attesting::Enterprise),
            Some(_) => Err(Status::InvalidOption),
        }
    }

    /// The response with its statement.
    pub(super) fn attested(
        &self,
        auth_data: &[u8],
        client_data_hash: &[u8; 32],
        attesting: Attesting,
        large_blob_key: Option<[u8; 32]>,
    ) -> Response {
        let attestation = match attesting {
            Attesting::Model => &self.model,
            Attesting::Enterprise => &self.own,
        };
        let statement = Packed {
            algorithm: Algorithm::Es256.cose(),
            signature: attestation.key.sign(&[auth_data, client_data_hash].concat()),
            certificates: attestation.x5c.clone(),
        };
        Response {
            format: "packed".to_owned(),
            auth_data: auth_data.to_vec(),
            statement: statement.to_value(),
            enterprise_attestation: (attesting == Attesting::Enterprise).then_some(true),
            large_blob_key: large_blob_key.map(Into::into),
        }
    }
}
