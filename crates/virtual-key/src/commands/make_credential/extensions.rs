//! What a relying party wants with a new credential, and what it gets: CTAP §12.

use claviger_ctap::wire::Status;
use claviger_ctap::wire::extensions::{BlobOutput, Outputs, SecretOutput};
use claviger_ctap::wire::make_credential::MakeCredential;

use crate::{Machine, Secret, State, limits};

/// The extensions of a request, checked.
#[derive(Default)]
pub(super) struct Wanted {
    /// The level of `credProtect`, 1 when nobody asked.
    pub(super) protection: u8,
    asked_protection: bool,
    blob: Option<(Vec<u8>, bool)>,
    wants_large_blob_key: bool,
    min_pin_length: Option<u32>,
    hmac_secret: Option<bool>,
}

impl Wanted {
    /// Checks what is asked for. Extensions that nobody here knows are passed over.
    ///
    /// # Errors
    /// `INVALID_OPTION` for a `largeBlobKey` that is false or whose credential is not discoverable (CTAP §12.3),
    /// `INVALID_PARAMETER` for a level of protection that does not exist.
    pub(super) fn of(request: &MakeCredential, state: &State) -> Result<Self, Status> {
        let is_discoverable = request.options.discoverable == Some(true);
        let Some(asked) = &request.extensions else {
            return Ok(Self {
                protection: 1,
                ..Self::default()
            });
        };
        let protection = asked.cred_protect.unwrap_or(1);
        if !(1..=3).contains(&protection) {
            return Err(Status::InvalidParameter);
        }
        match asked.large_blob_key {
            Some(wants) if !wants || !is_discoverable => return Err(Status::InvalidOption),
            _ => {}
        }
        let is_told = asked.min_pin_length == Some(true) && state.settings.min_pin_rp_ids.contains(&request.rp.id);
        let fits = |blob: &Vec<u8>| u32::try_from(blob.len()).is_ok_and(|length| length <= limits::CRED_BLOB);
        Ok(Self {
            protection,
            asked_protection: asked.cred_protect.is_some(),
            blob: asked.cred_blob.clone().map(|blob| {
                let is_kept = is_discoverable && fits(&blob);
                (blob, is_kept)
            }),
            wants_large_blob_key: asked.large_blob_key == Some(true),
            min_pin_length: is_told.then(|| state.settings.min_pin_length.into()),
            hmac_secret: asked.hmac_secret,
        })
    }

    /// The blob that is kept; empty when there is none.
    pub(super) fn kept_blob(&self) -> Vec<u8> {
        let kept = self.blob.as_ref().filter(|(_, is_kept)| *is_kept);
        kept.map(|(blob, _)| blob.clone()).unwrap_or_default()
    }

    /// A key for the credential's large blobs, when one is wanted.
    pub(super) fn large_blob_key(&self, machine: &mut dyn Machine) -> Option<Secret<32>> {
        self.wants_large_blob_key.then(|| Secret::random(machine))
    }

    /// What authenticator data says of it.
    pub(super) fn outputs(&self) -> Option<Outputs> {
        let outputs = Outputs {
            cred_protect: self.asked_protection.then_some(self.protection),
            cred_blob: self.blob.as_ref().map(|(_, is_kept)| BlobOutput::Kept(*is_kept)),
            min_pin_length: self.min_pin_length,
            hmac_secret: self.hmac_secret.filter(|wants| *wants).map(SecretOutput::Made),
            others: Vec::new(),
        };
        (outputs != Outputs::default()).then_some(outputs)
    }
}
