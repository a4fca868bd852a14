//! The one door through which a key changes.

use super::{Cause, Command, Refusal, Revocation, RevokeOrder, Secrets, SecurityKey, State, decide};
use crate::Timestamp;

impl SecurityKey {
    /// Carries a command out, or says why not. The result has the next revision; the key given stays as it was.
    pub fn apply(&self, command: &Command, now: Timestamp) -> Result<Self, Refusal> {
        self.decide(command, now)
            .map_err(|cause| Refusal::new(self.state.status(), command.verb(), cause))
    }

    fn decide(&self, command: &Command, now: Timestamp) -> Result<Self, Cause> {
        match &self.state {
            State::InStock => decide::in_stock(self, command, now),
            State::Ready { policy, holder } => decide::ready(self, *policy, *holder, command, now),
            State::Quarantined(_) => decide::quarantined(self, command, now),
            State::Configured {
                policy,
                holder,
                configured_at,
            } => decide::configured(self, (*policy, *holder, *configured_at), command, now),
            State::Enrolled { .. } => decide::enrolled(self, command, now),
            State::Suspended {
                policy,
                holder,
                configured_at,
                enrolled_at,
                ..
            } => {
                let resumed = State::Enrolled {
                    policy: *policy,
                    holder: *holder,
                    configured_at: *configured_at,
                    enrolled_at: *enrolled_at,
                };
                decide::suspended(self, resumed, command, now)
            }
            State::Revoked { revocation, .. } => decide::revoked(self, revocation, command, now),
            State::Disposed { .. } => Err(Cause::State),
        }
    }

    /// The same key, one revision on.
    pub(super) fn changed(&self, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.revision = self.revision.next();
        next.updated_at = now;
        next
    }

    pub(super) fn in_state(&self, state: State, now: Timestamp) -> Self {
        let mut next = self.changed(now);
        next.state = state;
        next
    }

    /// Ends the generation; secrets stay, and whatever is registered elsewhere has to go.
    pub(super) fn revoke(&self, order: &RevokeOrder, now: Timestamp) -> Result<Self, Cause> {
        let (policy, holder) = (self.state.policy(), self.state.holder());
        if holder.is_some() {
            super::guards::not_above(order.standing)?;
        }
        let revocation = Revocation {
            at: now,
            reason: order.reason,
            note: order.note.clone(),
        };
        let mut next = self.in_state(
            State::Revoked {
                revocation,
                policy,
                holder,
            },
            now,
        );
        next.identity_provider = self.identity_provider.after_revocation(now);
        Ok(next)
    }

    /// Destroys or wipes the key; its secrets are shredded with it.
    pub(super) fn dispose(&self, revocation: Option<Revocation>, now: Timestamp) -> Self {
        let mut next = self.in_state(
            State::Disposed {
                disposed_at: now,
                revocation,
            },
            now,
        );
        next.pending = None;
        next.secrets = match self.secrets {
            Secrets::None if self.pending.is_none() => Secrets::None,
            Secrets::None | Secrets::Held { .. } | Secrets::Shredded { .. } => Secrets::Shredded { at: now },
        };
        next
    }
}
