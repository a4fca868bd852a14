//! What orders make of a token, status by status.

use super::{Command, Obstacle, OtpToken, Refusal, State, Status, Verb};
use crate::{PrivilegeSet, Timestamp, UserId, role::Standing, text::Reason, user::UserStatus};

impl OtpToken {
    /// The token after an order of somebody who stands so beside its holder and beside whoever is to have it: a token
    /// whose seed one knows signs in as its holder.
    ///
    /// # Errors
    /// What stood in the way; the token is as it was.
    pub fn apply(&self, command: &Command, standing: Standing, now: Timestamp) -> Result<Self, Refusal> {
        let reaches = self.holder().is_some() || command.verb() == Verb::Assign;
        let decided = below(standing, reaches).and_then(|()| self.decide(command, now));
        decided.map_err(|obstacle| self.refuse(command.verb(), obstacle, now))
    }

    /// The token as it is once its time is up; none while it is not, and where nothing is to be written down.
    #[must_use]
    pub fn expire(&self, now: Timestamp) -> Option<Self> {
        let over = self.status() != Status::Expired && self.status_at(now) == Status::Expired;
        over.then(|| self.becomes(State::Expired { at: now }, now))
    }

    /// The orders that it would take now from somebody with these privileges, if all outside facts are favourable.
    #[must_use]
    pub fn allowed_actions(&self, privileges: PrivilegeSet, now: Timestamp) -> Vec<Verb> {
        let held = Verb::ALL.into_iter().filter(|verb| verb.is_allowed(privileges));
        held.filter(|verb| self.takes(*verb, now).is_ok()).collect()
    }

    /// Whether the change gives its holder a token that works: emergency codes die then.
    #[must_use]
    pub fn is_activated(&self, after: &Self) -> bool {
        let works = |token: &Self| token.status() == Status::Active && token.holder().is_some();
        works(after) && !(works(self) && self.holder() == after.holder())
    }

    /// Refuses an order to the token of one who may do more than the operator.
    ///
    /// # Errors
    /// The refusal.
    pub fn refuse_above(&self, verb: Verb, standing: Standing, now: Timestamp) -> Result<(), Refusal> {
        below(standing, self.holder().is_some()).map_err(|obstacle| self.refuse(verb, obstacle, now))
    }

    fn takes(&self, verb: Verb, now: Timestamp) -> Result<(), Obstacle> {
        let command = match verb {
            Verb::Assign => Command::Assign {
                user: UserId::from_uuid(uuid::Uuid::nil()),
                status: UserStatus::Active,
            },
            Verb::Unassign => Command::Unassign,
            Verb::Disable => Command::Disable { other_active: 1 },
            Verb::Enable => Command::Enable,
            Verb::Compromise => return self.alive(),
            Verb::Unlock => Command::Unlock,
            Verb::Resync => return self.can_resync(now),
            Verb::Test => return self.can_verify(now),
        };
        self.decide(&command, now).map(drop)
    }

    fn decide(&self, command: &Command, now: Timestamp) -> Result<Self, Obstacle> {
        self.alive()?;
        match command {
            Command::Assign { user, status } => self.assign(*user, *status, now),
            Command::Unassign => self.unassign(now),
            Command::Disable { other_active } => self.disable(*other_active, now),
            Command::Enable => self.enable(now),
            Command::Compromise { reason } => Ok(self.compromise(reason, now)),
            Command::Unlock => self.unlock(now),
        }
    }

    /// Nothing leaves COMPROMISED.
    fn alive(&self) -> Result<(), Obstacle> {
        match self.status() {
            Status::Active | Status::Disabled | Status::Expired => Ok(()),
            Status::Compromised => Err(Obstacle::Compromised),
        }
    }

    pub(super) fn unexpired(&self, now: Timestamp) -> Result<(), Obstacle> {
        self.alive()?;
        if self.status_at(now) == Status::Expired {
            Err(Obstacle::Expired)
        } else {
            Ok(())
        }
    }

    fn assign(&self, user: UserId, status: UserStatus, now: Timestamp) -> Result<Self, Obstacle> {
        self.unexpired(now)?;
        match self.holder() {
            Some(holder) if holder == user => return Err(Obstacle::AlreadyAssigned),
            Some(_) => return Err(Obstacle::OtherHolder),
            None => {}
        }
        match status {
            UserStatus::Active => Ok(self.given_to(Some(user), now)),
            UserStatus::Disabled => Err(Obstacle::UserDisabled),
        }
    }

    fn unassign(&self, now: Timestamp) -> Result<Self, Obstacle> {
        self.holder().ok_or(Obstacle::NoHolder)?;
        Ok(self.given_to(None, now))
    }

    fn disable(&self, other_active: u64, now: Timestamp) -> Result<Self, Obstacle> {
        self.unexpired(now)?;
        match self.status() {
            Status::Disabled => Err(Obstacle::AlreadyDisabled),
            Status::Active if self.holder().is_some() && other_active == 0 => Err(Obstacle::LastActive),
            Status::Active | Status::Compromised | Status::Expired => Ok(self.becomes(State::Disabled, now)),
        }
    }

    fn enable(&self, now: Timestamp) -> Result<Self, Obstacle> {
        self.unexpired(now)?;
        match self.status() {
            Status::Active => Err(Obstacle::AlreadyActive),
            Status::Disabled | Status::Compromised | Status::Expired => Ok(self.becomes(State::Active, now)),
        }
    }

    fn compromise(&self, reason: &Reason, now: Timestamp) -> Self {
        let reason = reason.clone();
        self.becomes(State::Compromised { reason, at: now }, now)
    }

    fn unlock(&self, now: Timestamp) -> Result<Self, Obstacle> {
        self.unexpired(now)?;
        self.locked_since().ok_or(Obstacle::NotLocked)?;
        Ok(self.forgiven().with_time(now))
    }

    /// A new holder, or none, begins without failures; where the codes stand does not change.
    fn given_to(&self, holder: Option<UserId>, now: Timestamp) -> Self {
        let mut next = self.forgiven().with_time(now);
        next.0.holder = holder;
        next
    }

    fn becomes(&self, state: State, now: Timestamp) -> Self {
        self.with(|facts| {
            facts.state = state;
            facts.updated_at = now;
        })
    }

    fn with_time(mut self, now: Timestamp) -> Self {
        self.0.updated_at = now;
        self
    }

    pub(super) fn refuse(&self, verb: Verb, obstacle: Obstacle, now: Timestamp) -> Refusal {
        Refusal {
            status: self.status_at(now),
            verb,
            obstacle,
        }
    }
}

/// Refuses what reaches somebody who may do more.
const fn below(standing: Standing, reaches: bool) -> Result<(), Obstacle> {
    match standing {
        Standing::Above if reaches => Err(Obstacle::HolderAbove),
        Standing::Above | Standing::NotAbove => Ok(()),
    }
}
