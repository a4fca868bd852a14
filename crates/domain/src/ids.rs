//! Identifiers: one type per kind of thing, so that a user's id cannot stand where a key's is meant.

use uuid::Uuid;

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Takes a UUID that is known to name this kind of thing.
            #[must_use]
            pub const fn from_uuid(id: Uuid) -> Self {
                Self(id)
            }

            /// The bare UUID, for storage and wire.
            #[must_use]
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }

            /// The UUID as a number: picks a writer's lane.
            #[must_use]
            pub const fn as_u128(&self) -> u128 {
                self.0.as_u128()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
            }
        }
    )+};
}

/// A text that is no UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no id; ids look like 0190f3a2-7c1e-7d3a-9b1f-2f6f6f0c1a2b")]
pub struct InvalidId;

id_types! {
    /// A customer's separate world.
    TenantId,
    /// A security key.
    SecurityKeyId,
    /// A policy, in all its versions.
    PolicyId,
    /// Somebody to whom authenticators are assigned.
    UserId,
    /// An import batch.
    BatchId,
    /// A long-running piece of work.
    JobId,
    /// Somebody who works in the console.
    AdministratorId,
    /// An API token.
    ApiTokenId,
    /// An administrator's session.
    SessionId,
    /// A request for a second person's agreement.
    ApprovalId,
    /// A passkey with which an administrator signs in.
    PasskeyId,
    /// An event of the audit log.
    AuditEventId,
    /// A custom role.
    RoleId,
    /// An OATH hardware token.
    OtpTokenId,
    /// A help-desk exchange.
    UnlockRequestId,
    /// A passkey ceremony that was begun.
    CeremonyId,
    /// A file for administrators to fetch.
    DownloadId,
}

impl TenantId {
    /// The system's own tenant: administrators, their sessions and passkeys live there.
    pub const SYSTEM: Self = Self(Uuid::nil());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_and_read_back_alike() {
        let id = UserId::from_uuid(Uuid::from_u128(0x0190_f3a2_7c1e_7d3a_9b1f_2f6f_6f0c_1a2b));
        assert_eq!(id.to_string(), "0190f3a2-7c1e-7d3a-9b1f-2f6f6f0c1a2b");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("nobody".parse::<UserId>(), Err(InvalidId));
    }
}
