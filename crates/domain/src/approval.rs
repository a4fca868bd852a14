//! A second person's agreement: asked for by one, given by another, used once and soon.

use crate::{ApprovalId, Privilege, SecurityKeyId, Timestamp, text::Reason, words::words};
use uuid::Uuid;

/// How long a request waits for an answer, and how long an agreement can be used.
pub const LIFE_SECONDS: i64 = 15 * 60;

words! {
    /// What a second person agrees to.
    Kind {
        /// Showing the admin PIN of a key.
        AdminPin = "admin_pin",
        /// Bringing back a key that was in strange hands.
        Reinstate = "reinstate",
        /// That admin PINs are shown from now on to one person alone.
        AdminPinAlone = "admin_pin_alone",
    }
}

impl Kind {
    /// What both must hold: who may not do it himself cannot agree to it.
    #[must_use]
    pub const fn privilege(self) -> Privilege {
        match self {
            Self::AdminPin => Privilege::DeviceAdminPinRead,
            Self::Reinstate => Privilege::KeyReinstate,
            Self::AdminPinAlone => Privilege::SettingsWrite,
        }
    }

    /// Whether it is about one key; otherwise it is about the tenant, and the key's id is nil.
    #[must_use]
    pub const fn is_about_a_key(self) -> bool {
        match self {
            Self::AdminPin | Self::Reinstate => true,
            Self::AdminPinAlone => false,
        }
    }
}

words! {
    /// How a request stands.
    Status {
        /// Nobody has answered yet.
        Pending = "pending",
        /// Somebody agreed.
        Approved = "approved",
        /// Somebody disagreed.
        Declined = "declined",
        /// What was agreed to has been done.
        Used = "used",
        /// Too late.
        Expired = "expired",
    }
}

/// Somebody who asks or answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The administrator, or the API token that works for one.
    pub id: Uuid,
    /// The person: his address; for an API token, that of whoever made it.
    pub person: String,
}

/// A request for a second person's agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Its id.
    pub id: ApprovalId,
    /// What it is about.
    pub kind: Kind,
    /// Which key; nil when it is about none.
    pub security_key: SecurityKeyId,
    /// Who asks.
    pub requested_by: Party,
    /// Why.
    pub reason: Reason,
    /// When he asked.
    pub created_at: Timestamp,
    /// Until when it can be answered, or used once it is approved.
    pub expires_at: Timestamp,
    /// How it stands.
    pub state: State,
    /// Grows with each change.
    pub revision: i64,
}

/// How a request stands, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nobody has answered.
    Pending,
    /// Somebody agreed.
    Approved(Answer),
    /// Somebody disagreed.
    Declined(Answer),
    /// What was agreed to has been done.
    Used {
        /// Who agreed, and when.
        answer: Answer,
        /// When it was done.
        at: Timestamp,
    },
}

/// Who answered, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Who.
    pub by: Party,
    /// When.
    pub at: Timestamp,
}

/// Why a request stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It was answered or used.
    #[error("this request is {} already; ask anew", .0.as_str())]
    Answered(Status),
    /// Too late.
    #[error("this request has expired; ask anew")]
    Expired,
    /// Nobody approves his own request.
    #[error("nobody approves his own request; ask another person")]
    OwnRequest,
    /// Nobody agreed yet.
    #[error("nobody has approved this request yet; ask a second person to look at it")]
    NotApproved,
    /// It is about something else, or somebody else asked.
    #[error("this approval is for another request")]
    OtherRequest,
}

impl Approval {
    /// A new request.
    #[must_use]
    pub const fn ask(
        id: ApprovalId,
        kind: Kind,
        security_key: SecurityKeyId,
        requested_by: Party,
        reason: Reason,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            kind,
            security_key,
            requested_by,
            reason,
            created_at: now,
            expires_at: now.plus_seconds(LIFE_SECONDS),
            state: State::Pending,
            revision: 1,
        }
    }

    /// How it stands now.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> Status {
        let over = now >= self.expires_at;
        match &self.state {
            State::Pending | State::Approved(_) if over => Status::Expired,
            State::Pending => Status::Pending,
            State::Approved(_) => Status::Approved,
            State::Declined(_) => Status::Declined,
            State::Used { .. } => Status::Used,
        }
    }

    /// Who answered, if somebody did.
    #[must_use]
    pub const fn answer(&self) -> Option<&Answer> {
        match &self.state {
            State::Pending => None,
            State::Approved(answer) | State::Declined(answer) | State::Used { answer, .. } => Some(answer),
        }
    }

    /// Another person agrees; from now on it can be used for a quarter of an hour.
    pub fn approve(&self, by: Party, now: Timestamp) -> Result<Self, Refusal> {
        let answer = self.answered_by(by, now)?;
        Ok(Self {
            state: State::Approved(answer),
            expires_at: now.plus_seconds(LIFE_SECONDS),
            ..self.clone()
        })
    }

    /// Somebody disagrees, or whoever asked thinks better of it.
    pub fn decline(&self, by: Party, now: Timestamp) -> Result<Self, Refusal> {
        self.open(now)?;
        Ok(Self {
            state: State::Declined(Answer { by, at: now }),
            ..self.clone()
        })
    }

    /// Uses the agreement up, for what and by whom it was asked for.
    pub fn carry_out(&self, kind: Kind, key: SecurityKeyId, by: Uuid, now: Timestamp) -> Result<Self, Refusal> {
        if self.kind != kind || self.security_key != key || self.requested_by.id != by {
            return Err(Refusal::OtherRequest);
        }
        match (&self.state, self.status(now)) {
            (State::Approved(answer), Status::Approved) => Ok(Self {
                state: State::Used {
                    answer: answer.clone(),
                    at: now,
                },
                ..self.clone()
            }),
            (_, Status::Expired) => Err(Refusal::Expired),
            (_, Status::Pending) => Err(Refusal::NotApproved),
            (_, status) => Err(Refusal::Answered(status)),
        }
    }

    fn answered_by(&self, by: Party, now: Timestamp) -> Result<Answer, Refusal> {
        self.open(now)?;
        // Persons are compared, not credentials: an API token asks for whoever made it.
        if by.id == self.requested_by.id || by.person == self.requested_by.person {
            return Err(Refusal::OwnRequest);
        }
        Ok(Answer { by, at: now })
    }

    fn open(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.status(now) {
            Status::Pending => Ok(()),
            Status::Expired => Err(Refusal::Expired),
            status @ (Status::Approved | Status::Declined | Status::Used) => Err(Refusal::Answered(status)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

    fn party(id: u128, person: &str) -> Party {
        Party {
            id: Uuid::from_u128(id),
            person: person.to_owned(),
        }
    }

    fn key(id: u128) -> SecurityKeyId {
        SecurityKeyId::from_uuid(Uuid::from_u128(id))
    }

    fn asked() -> Approval {
        let id = ApprovalId::from_uuid(Uuid::from_u128(1));
        let reason = Reason::new("the reader is broken").unwrap();
        Approval::ask(id, Kind::AdminPin, key(7), party(1, "ann@example.org"), reason, NOW)
    }

    fn approved() -> Approval {
        asked().approve(party(2, "bob@example.org"), NOW).unwrap()
    }

    #[test]
    fn an_agreement_is_used_once() {
        let by = Uuid::from_u128(1);
        let used = approved().carry_out(Kind::AdminPin, key(7), by, NOW).unwrap();
        assert_eq!(used.status(NOW), Status::Used);
        assert_eq!(
            used.carry_out(Kind::AdminPin, key(7), by, NOW),
            Err(Refusal::Answered(Status::Used))
        );
    }

    #[test]
    fn nobody_approves_his_own_request_nor_that_of_his_api_token() {
        for own in [party(1, "other@example.org"), party(9, "ann@example.org")] {
            assert_eq!(asked().approve(own, NOW), Err(Refusal::OwnRequest));
        }
        assert!(asked().decline(party(1, "ann@example.org"), NOW).is_ok());
    }

    #[test]
    fn an_agreement_serves_nothing_and_nobody_else() {
        let by = Uuid::from_u128(1);
        for (kind, key, by) in [
            (Kind::Reinstate, key(7), by),
            (Kind::AdminPin, key(8), by),
            (Kind::AdminPin, key(7), Uuid::from_u128(2)),
        ] {
            assert_eq!(approved().carry_out(kind, key, by, NOW), Err(Refusal::OtherRequest));
        }
        assert_eq!(
            asked().carry_out(Kind::AdminPin, key(7), by, NOW),
            Err(Refusal::NotApproved)
        );
    }

    #[test]
    fn a_quarter_of_an_hour_is_the_end_of_it() {
        let late = NOW.plus_seconds(LIFE_SECONDS);
        assert_eq!(
            asked().approve(party(2, "bob@example.org"), late),
            Err(Refusal::Expired)
        );
        let used = approved().carry_out(Kind::AdminPin, key(7), Uuid::from_u128(1), late);
        assert_eq!(used, Err(Refusal::Expired));
        let declined = asked().decline(party(2, "bob@example.org"), NOW).unwrap();
        assert_eq!(
            (declined.status(late), declined.approve(party(3, "c"), NOW)),
            (Status::Declined, Err(Refusal::Answered(Status::Declined)))
        );
    }

    #[test]
    fn every_word_reads_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        }
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(*status));
        }
    }
}
