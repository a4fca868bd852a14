//! Which credentials answer: CTAP §6.2.2 step 7.

use std::collections::VecDeque;

use claviger_ctap::wire::entities::{Descriptor, PUBLIC_KEY};

use crate::Authenticator;
use crate::crypto::{CredentialId, Verified};
use crate::state::Credential;

/// A credential that may sign.
pub(super) struct Found {
    pub(super) id: CredentialId,
    /// What is kept of it, when it is discoverable.
    pub(super) kept: Option<Credential>,
}

impl Authenticator {
    /// The credentials for a relying party: with an allow list the first that is here, without one all discoverable ones,
    /// the newest first. Protected ones show themselves as CTAP §12.1 says.
    pub(super) fn found(&self, rp_id: &str, allow_list: &[Descriptor], verified: Verified) -> VecDeque<Found> {
        if allow_list.is_empty() {
            let newest_first = self.state().credentials.iter().rev().filter(|own| own.rp_id == rp_id);
            let found = newest_first.filter_map(|own| self.own(rp_id, &own.id));
            return found
                .filter(|found| found.id.parts.protection < 2 || verified == Verified::User)
                .collect();
        }
        let of_kind = allow_list.iter().filter(|descriptor| descriptor.kind == PUBLIC_KEY);
        let found = of_kind.filter_map(|descriptor| self.own(rp_id, &descriptor.id));
        found
            .filter(|found| found.id.parts.protection < 3 || verified == Verified::User)
            .take(1)
            .collect()
    }

    /// The credential with an id, when it is here.
    pub(super) fn own(&self, rp_id: &str, id: &[u8]) -> Option<Found> {
        let state = self.state();
        let opened = state.credential_id(rp_id, id)?;
        let kept = state.credentials.iter().find(|own| own.id == id).cloned();
        Some(Found { id: opened, kept })
    }
}
