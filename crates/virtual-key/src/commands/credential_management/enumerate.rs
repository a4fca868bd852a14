//! Listing relying parties and their credentials: CTAP §6.8.3, §6.8.4.

use std::collections::{BTreeSet, VecDeque};

use claviger_ctap::wire::Status;
use claviger_ctap::wire::cbor::Fault;
use claviger_ctap::wire::credential_management::{CredentialManagement, Response};
use claviger_ctap::wire::entities::{Descriptor, RelyingParty, User};
use sha2::{Digest as _, Sha256};

use crate::Authenticator;
use crate::state::Credential;
use crate::volatile::Enumeration;

impl Authenticator {
    pub(super) fn relying_parties(&mut self, request: &CredentialManagement) -> Result<Response, Status> {
        self.check_manager(request, None)?;
        let all: BTreeSet<&String> = self.state().credentials.iter().map(|own| &own.rp_id).collect();
        let all: VecDeque<String> = all.into_iter().cloned().collect();
        let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
        self.volatile()?.enumeration = Enumeration::RelyingParties(all);
        let first = self.next_relying_party().map_err(|_| Status::NoCredentials)?;
        Ok(Response {
            total_rps: Some(total),
            ..first
        })
    }

    pub(super) fn next_relying_party(&mut self) -> Result<Response, Status> {
        self.check_token_lives()?;
        let Enumeration::RelyingParties(left) = &mut self.volatile()?.enumeration else {
            return Err(Status::NotAllowed);
        };
        let id = left.pop_front().ok_or(Status::NotAllowed)?;
        let name = self.state().credentials.iter().rev().find(|own| own.rp_id == id);
        let name = name.and_then(|own| own.rp_name.clone());
        Ok(Response {
            rp_id_hash: Some(hash(&id)),
            rp: Some(RelyingParty { id, name }),
            ..Response::default()
        })
    }

    pub(super) fn credentials_of(&mut self, request: &CredentialManagement) -> Result<Response, Status> {
        let wanted = request
            .params()
            .map_err(Fault::status)?
            .rp_id_hash
            .ok_or(Status::MissingParameter)?;
        let all: VecDeque<Credential> = self
            .state()
            .credentials
            .iter()
            .filter(|own| hash(&own.rp_id) == wanted)
            .cloned()
            .collect();
        self.check_manager(request, all.front().map(|own| own.rp_id.as_str()))?;
        let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
        self.volatile()?.enumeration = Enumeration::Credentials(all);
        let first = self.next_credential().map_err(|_| Status::NoCredentials)?;
        Ok(Response {
            total_credentials: Some(total),
            ..first
        })
    }

    pub(super) fn next_credential(&mut self) -> Result<Response, Status> {
        self.check_token_lives()?;
        let Enumeration::Credentials(left) = &mut self.volatile()?.enumeration else {
            return Err(Status::NotAllowed);
        };
        let own = left.pop_front().ok_or(Status::NotAllowed)?;
        let state = self.state();
        let id = state.credential_id(&own.rp_id, &own.id).ok_or(Status::NoCredentials)?;
        Ok(Response {
            user: Some(User {
                id: own.user_id.clone(),
                name: own.user_name.clone(),
                display_name: own.user_display_name.clone(),
            }),
            credential_id: Some(Descriptor::public_key(own.id.clone())),
            public_key: Some(id.private_key(&state.master).public()),
            cred_protect: Some(id.parts.protection),
            large_blob_key: own.large_blob_key.as_ref().map(|key| (*key.bytes()).into()),
            ..Response::default()
        })
    }

    /// What follows the first answer proves nothing of its own, so it lives no longer than the token that began it.
    fn check_token_lives(&mut self) -> Result<(), Status> {
        let now = self.now();
        let volatile = self.volatile()?;
        if volatile.tokens.is_in_use(now) {
            return Ok(());
        }
        volatile.enumeration = Enumeration::Nothing;
        Err(Status::NotAllowed)
    }
}

fn hash(rp_id: &str) -> [u8; 32] {
    Sha256::digest(rp_id.as_bytes()).into()
}
