//! What a key answered so far, and what therefore must hold.

use claviger_managed_key::message::PolicyChange;
use claviger_virtual_key::state::{Policy, Settings};

use crate::services::Registered;

/// What holds.
#[derive(Clone)]
pub(super) struct Ledger {
    pub(super) credentials: Vec<Registered>,
    pub(super) pin: String,
    pub(super) pin_retries: u8,
    pub(super) admin_retries: u8,
    pub(super) signatures: u32,
    pub(super) unlock_seq: u32,
    /// Which policy; see [`numbered`].
    pub(super) policy: u8,
    pub(super) key_version: u32,
}

/// A policy of which every part tells its number, so that half of one is seen.
pub(super) fn numbered(number: u8) -> PolicyChange {
    PolicyChange {
        min_pin_length: Some(4 + number % 3),
        rp_ids: Some(vec![format!("{number}.example")]),
        enterprise_attestation: Some(number.is_multiple_of(2)),
        reset_disabled: Some(!number.is_multiple_of(2)),
        allowed_rp_ids: Some(vec![crate::services::RP.to_owned(), format!("{number}.example")]),
        ..PolicyChange::default()
    }
}

/// Whether policy and settings are the ones of this number, wholly.
pub(super) fn is_numbered(number: u8, policy: &Policy, settings: &Settings) -> bool {
    let wanted = numbered(number);
    Some(policy.min_pin_length) == wanted.min_pin_length
        && Some(settings.min_pin_length) == wanted.min_pin_length
        && Some(&policy.rp_ids) == wanted.rp_ids.as_ref()
        && Some(&settings.min_pin_rp_ids) == wanted.rp_ids.as_ref()
        && Some(policy.enterprise_attestation) == wanted.enterprise_attestation
        && Some(settings.enterprise_attestation) == wanted.enterprise_attestation
        && Some(policy.reset_disabled) == wanted.reset_disabled
        && Some(&policy.allowed_rp_ids) == wanted.allowed_rp_ids.as_ref()
}
