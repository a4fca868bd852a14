//! IN STOCK, READY and QUARANTINED.

use super::{
    super::{
        Cause, Command as C, Holder, LinkedPolicy, Quarantine, SecurityKey, State,
        guards::{active, not_above},
    },
    hands::new_holder,
};
use crate::Timestamp;

pub(in super::super) fn in_stock(key: &SecurityKey, command: &C, now: Timestamp) -> Result<SecurityKey, Cause> {
    match command {
        C::LinkPolicy(policy) => {
            key.settled()?;
            key.takes(policy)?;
            Ok(key.in_state(
                State::Ready {
                    policy: policy.linked,
                    holder: None,
                },
                now,
            ))
        }
        C::Quarantine { reason } => {
            key.settled()?;
            Ok(key.in_state(
                State::Quarantined(Quarantine {
                    reason: reason.clone(),
                    since: now,
                }),
                now,
            ))
        }
        C::PrepareConfiguration(order) => key.prepare(order, now),
        C::ConfirmConfiguration(proof) => key.confirm(proof, None, now),
        C::AbandonConfiguration => key.abandon(now),
        C::Revoke(order) => key.revoke(order, now),
        C::Dispose => Ok(key.dispose(None, now)),
        C::UnlinkPolicy
        | C::Assign { .. }
        | C::Unassign { .. }
        | C::Release
        | C::ApplyPolicy { .. }
        | C::Enroll { .. }
        | C::Suspend { .. }
        | C::Resume { .. }
        | C::ExtendInitialPin { .. }
        | C::Reinstate(_) => Err(Cause::State),
    }
}

pub(in super::super) fn ready(
    key: &SecurityKey,
    policy: LinkedPolicy,
    holder: Option<Holder>,
    command: &C,
    now: Timestamp,
) -> Result<SecurityKey, Cause> {
    match command {
        C::LinkPolicy(other) if other.linked == policy => Err(Cause::AlreadyLinked),
        C::LinkPolicy(other) => {
            key.settled()?;
            key.takes(other)?;
            Ok(key.in_state(
                State::Ready {
                    policy: other.linked,
                    holder,
                },
                now,
            ))
        }
        C::UnlinkPolicy => {
            key.free(holder)?;
            Ok(key.in_state(State::InStock, now))
        }
        C::Assign { user, status, standing } => {
            active(*status)?;
            not_above(*standing)?;
            let holder = new_holder(holder, *user, now)?;
            Ok(key.assigned(
                State::Ready {
                    policy,
                    holder: Some(holder),
                },
                now,
            ))
        }
        C::Unassign { standing } => {
            holder.ok_or(Cause::NoHolder)?;
            not_above(*standing)?;
            key.without_credentials()?;
            Ok(key.in_state(State::Ready { policy, holder: None }, now))
        }
        C::Quarantine { reason } => {
            key.free(holder)?;
            Ok(key.in_state(
                State::Quarantined(Quarantine {
                    reason: reason.clone(),
                    since: now,
                }),
                now,
            ))
        }
        C::PrepareConfiguration(order) => key.prepare(order, now),
        C::ConfirmConfiguration(proof) => key.confirm(proof, holder, now),
        C::AbandonConfiguration => key.abandon(now),
        C::Revoke(order) => key.revoke(order, now),
        C::Dispose if holder.is_some() => Err(Cause::HasHolder),
        C::Dispose => Ok(key.dispose(None, now)),
        C::Release
        | C::ApplyPolicy { .. }
        | C::Enroll { .. }
        | C::Suspend { .. }
        | C::Resume { .. }
        | C::ExtendInitialPin { .. }
        | C::Reinstate(_) => Err(Cause::State),
    }
}

pub(in super::super) fn quarantined(key: &SecurityKey, command: &C, now: Timestamp) -> Result<SecurityKey, Cause> {
    match command {
        C::Release => Ok(key.in_state(State::InStock, now)),
        C::Revoke(order) => key.revoke(order, now),
        C::Dispose => Ok(key.dispose(None, now)),
        C::LinkPolicy(_)
        | C::UnlinkPolicy
        | C::Assign { .. }
        | C::Unassign { .. }
        | C::Quarantine { .. }
        | C::PrepareConfiguration(_)
        | C::ConfirmConfiguration(_)
        | C::AbandonConfiguration
        | C::ApplyPolicy { .. }
        | C::Enroll { .. }
        | C::Suspend { .. }
        | C::Resume { .. }
        | C::ExtendInitialPin { .. }
        | C::Reinstate(_) => Err(Cause::State),
    }
}

impl SecurityKey {
    /// Nobody has it, and nothing is half written to it.
    fn free(&self, holder: Option<Holder>) -> Result<(), Cause> {
        if holder.is_some() {
            Err(Cause::HasHolder)
        } else {
            self.settled()
        }
    }
}
