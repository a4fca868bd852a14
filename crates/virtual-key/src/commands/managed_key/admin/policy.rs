//! An organisation's policy on its way into the state.

use claviger_ctap::wire::Status;
use claviger_managed_key::message::{self, PolicyChange};

use crate::limits;
use crate::state::{Policy, State};

/// The policy as the state keeps it.
pub(in crate::commands::managed_key) fn policy(given: &message::Policy) -> Policy {
    Policy {
        min_pin_length: given.min_pin_length,
        rp_ids: given.rp_ids.clone(),
        always_uv: given.always_uv,
        enterprise_attestation: given.enterprise_attestation,
        reset_disabled: given.reset_disabled,
        unlock_only_when_blocked: given.unlock_only_when_blocked,
        allowed_rp_ids: given.allowed_rp_ids.clone(),
    }
}

/// Whether the key keeps so many relying parties.
pub(in crate::commands::managed_key) fn check_limits(rp_ids: &[String], allowed: &[String]) -> Result<(), Status> {
    let told = u32::try_from(rp_ids.len()).is_ok_and(|count| count <= limits::MIN_PIN_RP_IDS);
    if told && allowed.len() <= limits::ALLOWED_RP_IDS {
        Ok(())
    } else {
        Err(Status::InvalidParameter)
    }
}

/// Changes the policy and what it governs. What is not named stays. Unlike `authenticatorConfig`, the organisation may
/// also loosen what it tightened.
pub(super) fn set_policy(state: &mut State, change: PolicyChange) {
    let settings = &mut state.settings;
    let Some(policy) = state.management.as_mut().map(|management| &mut management.policy) else {
        return;
    };
    if let Some(length) = change.min_pin_length {
        policy.min_pin_length = length;
        settings.min_pin_length = length;
    }
    if let Some(rp_ids) = change.rp_ids {
        settings.min_pin_rp_ids.clone_from(&rp_ids);
        policy.rp_ids = rp_ids;
    }
    if let Some(always) = change.always_uv {
        policy.always_uv = always;
        settings.always_uv = always;
    }
    if let Some(is_enabled) = change.enterprise_attestation {
        policy.enterprise_attestation = is_enabled;
        settings.enterprise_attestation = is_enabled;
    }
    if let Some(force) = change.force_pin_change {
        settings.force_pin_change = force && state.pin.is_some();
    }
    policy.reset_disabled = change.reset_disabled.unwrap_or(policy.reset_disabled);
    let only_when_blocked = change.unlock_only_when_blocked;
    policy.unlock_only_when_blocked = only_when_blocked.unwrap_or(policy.unlock_only_when_blocked);
    if let Some(allowed) = change.allowed_rp_ids {
        policy.allowed_rp_ids = allowed;
    }
    state.force_change_of_short_pin();
}
