//! What commands make of a user.

use super::{User, UserDetails, UserRefusal, UserState};
use crate::{Privilege, PrivilegeSet, Revision, Timestamp, UserId, role::Standing};

/// What may be done to a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Say something else of the person.
    Update,
    /// Give no authenticators any more.
    Disable,
    /// Give authenticators again.
    Enable,
}

impl Command {
    /// Every command, in the order of menus.
    pub const ALL: [Self; 3] = [Self::Update, Self::Disable, Self::Enable];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Update => "update",
            Self::Disable => "disable",
            Self::Enable => "enable",
        }
    }
}

/// What came of an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    /// Nothing is different; nothing is to be stored.
    Unchanged(User),
    /// The user as he is now.
    Changed(User),
}

impl User {
    /// A new user, active.
    #[must_use]
    pub const fn create(id: UserId, details: UserDetails, now: Timestamp) -> Self {
        Self {
            id,
            revision: Revision::FIRST,
            details,
            state: UserState::Active,
            created_at: now,
            updated_at: now,
        }
    }

    /// Says something else of the person; of who is disabled too, since people's names change when they have left.
    #[must_use]
    pub fn edit(&self, details: UserDetails, now: Timestamp) -> Edited {
        if details == self.details {
            return Edited::Unchanged(self.clone());
        }
        let changed = Self {
            details,
            ..self.clone()
        };
        Edited::Changed(changed.touched(now))
    }

    /// Gives the user no authenticators any more. Those that he has stay with him until somebody takes them.
    pub fn disable(&self, now: Timestamp) -> Result<Self, UserRefusal> {
        match self.state {
            UserState::Active => Ok(self.in_state(UserState::Disabled { at: now }, now)),
            UserState::Disabled { .. } => Err(UserRefusal::AlreadyDisabled),
        }
    }

    /// Lets the user be given authenticators again.
    pub fn enable(&self, now: Timestamp) -> Result<Self, UserRefusal> {
        match self.state {
            UserState::Disabled { .. } => Ok(self.in_state(UserState::Active, now)),
            UserState::Active => Err(UserRefusal::AlreadyActive),
        }
    }

    /// The commands that this user would take now from somebody with these privileges to whom he stands so: whoever
    /// changes the address of somebody above himself could become him.
    #[must_use]
    pub fn allowed_actions(&self, privileges: PrivilegeSet, standing: Standing) -> Vec<Command> {
        if !privileges.contains(Privilege::UserWrite) || standing == Standing::Above {
            return Vec::new();
        }
        let now = self.updated_at;
        Command::ALL
            .into_iter()
            .filter(|command| match command {
                Command::Update => true,
                Command::Disable => self.disable(now).is_ok(),
                Command::Enable => self.enable(now).is_ok(),
            })
            .collect()
    }

    fn in_state(&self, state: UserState, now: Timestamp) -> Self {
        Self { state, ..self.clone() }.touched(now)
    }

    fn touched(self, now: Timestamp) -> Self {
        Self {
            revision: self.revision.next(),
            updated_at: now,
            ..self
        }
    }
}
