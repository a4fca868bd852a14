//! REVOKED: the generation is over; the hardware may live on. (DISPOSED allows nothing.)

use super::super::{
    Cause, Command as C, IdpState, Observation, PastGeneration, ReinstateOrder, Reinstatement, Revocation, Secrets,
    SecurityKey, State,
    configuration::equal,
    guards::{agreed, not_above},
};
use crate::Timestamp;

pub(in super::super) fn revoked(
    key: &SecurityKey,
    revocation: &Revocation,
    command: &C,
    now: Timestamp,
) -> Result<SecurityKey, Cause> {
    match command {
        C::Revoke(_) => Err(Cause::AlreadyRevoked),
        C::Reinstate(order) => key.reinstate(revocation, order, now),
        C::Dispose => Ok(key.dispose(Some(revocation.clone()), now)),
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
        | C::Resume { .. }
        | C::ExtendInitialPin { .. } => Err(Cause::State),
    }
}

impl SecurityKey {
    fn reinstate(&self, revocation: &Revocation, order: &ReinstateOrder, now: Timestamp) -> Result<Self, Cause> {
        if self.state.holder().is_some() {
            not_above(order.standing)?;
        }
        self.removed_everywhere()?;
        self.reset_since(revocation.at)?;
        agreed(revocation.reason, order.approval)?;
        let mut next = self.next_generation(revocation, now);
        if let Reinstatement::Configured { order, read_back } = &order.into {
            self.same_serial(&order.serial_seen)?;
            self.takes(&order.policy)?;
            self.takes_admin_pin(order)?;
            equal(*read_back)?;
            next.state = State::Configured {
                policy: order.policy.linked,
                holder: None,
                configured_at: now,
            };
            next.hold(order.policy.linked, order.admin_pin, now);
        }
        Ok(next)
    }

    /// In stock again, with the ended generation in the history and nothing left of its secrets.
    fn next_generation(&self, revocation: &Revocation, now: Timestamp) -> Self {
        let mut next = self.in_state(State::InStock, now);
        next.past.push(PastGeneration {
            generation: self.generation,
            revocation: revocation.clone(),
            policy: self.state.policy(),
            holder: self.state.holder(),
        });
        next.generation = self.generation.next();
        next.secrets = Secrets::None;
        next.pending = None;
        next.initial_pin_until = None;
        next.identity_provider = IdpState::None;
        next.observation = Observation {
            policy_version: None,
            ..self.observation.clone()
        };
        next
    }
}
