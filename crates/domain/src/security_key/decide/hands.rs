//! CONFIGURED, ENROLLED and SUSPENDED: the key is, or may be, in somebody's hands.

use super::super::{
    Cause, Command as C, Holder, IdpState, LinkedPolicy, PolicyToLink, ReadBack, SecurityKey, State,
    configuration::equal,
    guards::{active, in_use, not_above},
};
use crate::{Timestamp, UserId};

pub(in super::super) fn configured(
    key: &SecurityKey,
    (policy, holder, configured_at): (LinkedPolicy, Option<Holder>, Timestamp),
    command: &C,
    now: Timestamp,
) -> Result<SecurityKey, Cause> {
    match command {
        C::Assign { user, status, standing } => {
            active(*status)?;
            not_above(*standing)?;
            let holder = new_holder(holder, *user, now)?;
            Ok(key.assigned(
                State::Configured {
                    policy,
                    holder: Some(holder),
                    configured_at,
                },
                now,
            ))
        }
        C::Unassign { standing } => {
            holder.ok_or(Cause::NoHolder)?;
            not_above(*standing)?;
            key.without_credentials()?;
            let mut next = key.in_state(
                State::Configured {
                    policy,
                    holder: None,
                    configured_at,
                },
                now,
            );
            next.initial_pin_until = None;
            Ok(next)
        }
        C::ApplyPolicy {
            policy: newer,
            read_back,
        } => {
            let policy = key.newer(policy, newer, *read_back)?;
            Ok(key.repinned(
                State::Configured {
                    policy,
                    holder,
                    configured_at,
                },
                now,
            ))
        }
        C::Enroll {
            provider,
            service,
            status,
        } => {
            let holder = holder.ok_or(Cause::NoHolder)?;
            active(*status)?;
            in_use(*service)?;
            let mut next = key.in_state(
                State::Enrolled {
                    policy,
                    holder,
                    configured_at,
                    enrolled_at: now,
                },
                now,
            );
            next.identity_provider = IdpState::Present {
                provider: provider.clone(),
                at: now,
            };
            Ok(next)
        }
        C::ExtendInitialPin { until } => key.extend_initial_pin(*until, now),
        C::Revoke(order) => key.revoke(order, now),
        C::LinkPolicy(_)
        | C::UnlinkPolicy
        | C::Quarantine { .. }
        | C::Release
        | C::PrepareConfiguration(_)
        | C::ConfirmConfiguration(_)
        | C::AbandonConfiguration
        | C::Suspend { .. }
        | C::Resume { .. }
        | C::Reinstate(_)
        | C::Dispose => Err(Cause::State),
    }
}

pub(in super::super) fn enrolled(key: &SecurityKey, command: &C, now: Timestamp) -> Result<SecurityKey, Cause> {
    let State::Enrolled {
        policy,
        holder,
        configured_at,
        enrolled_at,
    } = key.state
    else {
        return Err(Cause::State);
    };
    match command {
        C::ApplyPolicy {
            policy: newer,
            read_back,
        } => {
            let policy = key.newer(policy, newer, *read_back)?;
            Ok(key.repinned(
                State::Enrolled {
                    policy,
                    holder,
                    configured_at,
                    enrolled_at,
                },
                now,
            ))
        }
        // A further credential, or the same one confirmed again.
        C::Enroll {
            provider,
            service,
            status,
        } => {
            active(*status)?;
            in_use(*service)?;
            Ok(key.identity_provider_said(
                IdpState::Present {
                    provider: provider.clone(),
                    at: now,
                },
                now,
            ))
        }
        C::Suspend { standing } => {
            not_above(*standing)?;
            Ok(key.in_state(
                State::Suspended {
                    policy,
                    holder,
                    configured_at,
                    enrolled_at,
                    suspended_at: now,
                },
                now,
            ))
        }
        C::ExtendInitialPin { until } => key.extend_initial_pin(*until, now),
        C::Revoke(order) => key.revoke(order, now),
        C::LinkPolicy(_)
        | C::UnlinkPolicy
        | C::Assign { .. }
        | C::Unassign { .. }
        | C::Quarantine { .. }
        | C::Release
        | C::PrepareConfiguration(_)
        | C::ConfirmConfiguration(_)
        | C::AbandonConfiguration
        | C::Resume { .. }
        | C::Reinstate(_)
        | C::Dispose => Err(Cause::State),
    }
}

pub(in super::super) fn suspended(
    key: &SecurityKey,
    resumed: State,
    command: &C,
    now: Timestamp,
) -> Result<SecurityKey, Cause> {
    match command {
        C::Resume { standing, status } => {
            not_above(*standing)?;
            active(*status)?;
            Ok(key.in_state(resumed, now))
        }
        C::ExtendInitialPin { until } => key.extend_initial_pin(*until, now),
        C::Revoke(order) => key.revoke(order, now),
        C::LinkPolicy(_)
        | C::UnlinkPolicy
        | C::Assign { .. }
        | C::Unassign { .. }
        | C::Quarantine { .. }
        | C::Release
        | C::PrepareConfiguration(_)
        | C::ConfirmConfiguration(_)
        | C::AbandonConfiguration
        | C::ApplyPolicy { .. }
        | C::Enroll { .. }
        | C::Suspend { .. }
        | C::Reinstate(_)
        | C::Dispose => Err(Cause::State),
    }
}

impl SecurityKey {
    pub(super) fn assigned(&self, state: State, now: Timestamp) -> Self {
        let mut next = self.in_state(state, now);
        next.first_assigned_at = self.first_assigned_at.or(Some(now));
        next.initial_pin_until = None;
        next
    }

    /// The newer version of the same policy, once it is proven to be on the key.
    fn newer(&self, pinned: LinkedPolicy, newer: &PolicyToLink, read_back: ReadBack) -> Result<LinkedPolicy, Cause> {
        if newer.linked.id != pinned.id {
            return Err(Cause::OtherPolicy);
        }
        if newer.linked.version < pinned.version {
            return Err(Cause::OlderPolicyVersion);
        }
        if !newer.kind.fits(&self.version) {
            return Err(Cause::PolicyDoesNotFit { kind: newer.kind });
        }
        equal(read_back)?;
        Ok(newer.linked)
    }

    fn repinned(&self, state: State, now: Timestamp) -> Self {
        let mut next = self.in_state(state, now);
        next.observation.last_seen_at = Some(now);
        next.observation.policy_version = next.state.policy().map(|policy| policy.version);
        next
    }
}

/// The user as holder, unless somebody has the key.
pub(super) fn new_holder(holder: Option<Holder>, user: UserId, now: Timestamp) -> Result<Holder, Cause> {
    match holder {
        Some(holder) if holder.user == user => Err(Cause::AlreadyAssigned),
        Some(_) => Err(Cause::OtherHolder),
        None => Ok(Holder { user, assigned_at: now }),
    }
}
