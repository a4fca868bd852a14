//! What the two commands that use credentials have in common: who is there, and who proved it.

use claviger_ctap::wire::auth_data::{USER_PRESENT, USER_VERIFIED};
use claviger_ctap::wire::client_pin::Permissions;
use claviger_ctap::wire::{Status, make_credential::Options};

use super::protocol;
use crate::crypto::Verified;
use crate::{Authenticator, Occasion};

/// What a request says about its user.
pub(super) struct Claim<'a> {
    pub(super) rp_id: &'a str,
    pub(super) client_data_hash: &'a [u8; 32],
    pub(super) param: Option<&'a [u8]>,
    pub(super) protocol: Option<u8>,
    pub(super) permission: Permissions,
    pub(super) occasion: Occasion,
}

impl Authenticator {
    /// An empty `pinUvAuthParam` asks for nothing but a touch, and whether there is a PIN (CTAP §6.1.2 step 1).
    pub(super) fn only_touch(&mut self, claim: &Claim<'_>) -> Result<(), Status> {
        if claim.param.is_none_or(|param| !param.is_empty()) {
            return Ok(());
        }
        self.need_touch(claim.occasion)?;
        let has_pin = self.state().pin.is_some();
        Err(if has_pin { Status::PinInvalid } else { Status::PinNotSet })
    }

    /// Whether the user was verified by a token (CTAP §6.1.2 step 11). Without one, nobody was.
    ///
    /// # Errors
    /// When the protocol is missing or unknown, or the token is not good for this.
    pub(super) fn verified_user(&mut self, claim: &Claim<'_>) -> Result<Verified, Status> {
        let Some(param) = claim.param else {
            return Ok(Verified::Nobody);
        };
        let protocol = protocol(claim.protocol)?;
        let now = self.now();
        let tokens = &mut self.volatile()?.tokens;
        let used = tokens.verified(protocol, claim.client_data_hash, param, claim.permission, now)?;
        if !used.is_verified() {
            return Err(Status::PinAuthInvalid);
        }
        used.bind(claim.rp_id)?;
        Ok(Verified::User)
    }

    /// Waits for the user, after which the token is spent (CTAP §6.1.2 step 14).
    pub(super) fn present_user(&mut self, occasion: Occasion) -> Result<(), Status> {
        self.need_touch(occasion)?;
        self.volatile()?.tokens.spend();
        Ok(())
    }
}

/// The key has no verification of its own: only tokens verify (CTAP §6.1.2 step 5).
pub(super) const fn check_uv_option(options: Options, param: Option<&[u8]>) -> Result<(), Status> {
    match (options.user_verification, param) {
        (Some(true), None) => Err(Status::InvalidOption),
        _ => Ok(()),
    }
}

/// The flags of authenticator data.
pub(super) const fn flags(is_present: bool, verified: Verified) -> u8 {
    let present = if is_present { USER_PRESENT } else { 0 };
    match verified {
        Verified::User => present | USER_VERIFIED,
        Verified::Nobody => present,
    }
}
