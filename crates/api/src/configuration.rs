//! What a workstation says of a key and is told for it: configurations, observations, credentials.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{PolicyDraft, SecurityKeyMode};

/// Asks for the secrets of a configuration, before the key is touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Configure {
    /// The policy to write, in its newest version; left out, the one that is linked, in the version it is pinned to.
    #[serde(default)]
    pub policy_id: Option<Uuid>,
    /// The serial number that the key itself tells.
    pub serial_seen: String,
    /// Whether an admin PIN is part of it; enterprise policies need one.
    #[serde(default)]
    pub admin_pin: bool,
    /// The firmware that the key tells.
    #[serde(default)]
    pub firmware: Option<String>,
    /// The AAGUID that the key tells.
    #[serde(default)]
    pub aaguid: Option<Uuid>,
}

/// What to write to a key. The secrets are kept sealed and *pending* until the configuration is confirmed.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Configuration {
    /// The generation to confirm.
    pub generation: u32,
    /// The initial user PIN.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub user_pin: String,
    /// The admin PIN, where one is part of it.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub admin_pin: Option<String>,
    /// Whether the key must demand another PIN before first use: always, for a PIN that others have seen.
    pub force_pin_change: bool,
    /// Whether these are the secrets of a configuration that was begun before.
    pub resumed: bool,
    /// The policy to write.
    pub policy: PolicyToWrite,
}

/// A policy in the version that is written to a key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PolicyToWrite {
    /// Its id.
    pub id: Uuid,
    /// The version.
    pub version: u32,
    /// What it asks for.
    #[serde(flatten)]
    pub terms: PolicyDraft,
}

/// Confirms that a key holds its configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmConfiguration {
    /// The serial number that the key itself tells.
    pub serial_seen: String,
    /// What reading back from the key showed.
    pub read_back: ReadBack,
}

/// What reading back from a key showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReadBack {
    /// What was written.
    Equal,
    /// Something else.
    Different,
}

/// What a workstation saw in one look at a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Observations {
    /// 1 to 20 things.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 20))]
    pub observations: Vec<Observation>,
}

/// One thing that a workstation saw on a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Observation {
    /// The key is there.
    Seen {},
    /// How its PIN stands.
    PinState {
        /// The state.
        state: PinState,
        /// How many tries are left, where the key tells.
        #[serde(default)]
        retries: Option<u8>,
    },
    /// Its PIN is another than the initial one, which is shredded.
    PinChanged {},
    /// A newer version of its policy was written. This needs `key.configure` too.
    PolicyApplied {
        /// Which version.
        version: u32,
        /// What reading back showed.
        read_back: ReadBack,
    },
    /// Its firmware.
    Firmware {
        /// As the key tells it.
        firmware: String,
    },
    /// Its model.
    Aaguid {
        /// As the key tells it.
        aaguid: Uuid,
    },
    /// Whose admin secret is on it.
    Mode {
        /// `managed`: ours was verified; `unmanaged`: there is none; `foreign`: somebody else's.
        mode: SecurityKeyMode,
    },
    /// A credential at an identity provider or relying party.
    CredentialSeen {
        /// Where.
        identity_provider: String,
        /// How it stands.
        state: CredentialState,
    },
    /// It was reset, and proved it: its secrets are shredded.
    ResetProven {},
}

/// How a PIN stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PinState {
    /// A PIN is set and can be tried.
    Ok,
    /// All tries are used up.
    Blocked,
    /// Three wrong tries in a row: the key wants to be plugged in again.
    ReplugNeeded,
    /// No PIN is set.
    Unset,
}

/// How a credential stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CredentialState {
    /// It is there.
    Present,
    /// Its registration has begun.
    Pending,
    /// Its registration failed.
    Failed,
}

/// Notes that a credential was registered and confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Enroll {
    /// Where; this server's own relying party when left out.
    #[serde(default)]
    pub identity_provider: Option<String>,
}

/// Brings a revoked key back in a new generation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Reinstate {
    /// Into which state.
    #[serde(default)]
    pub into: ReinstateInto,
    /// A second person's agreement; needed for keys that were stolen or compromised.
    #[serde(default)]
    pub approval_id: Option<Uuid>,
}

/// Into which state a key comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReinstateInto {
    /// Into stock; a configuration then makes its new secrets.
    #[default]
    InStock,
}
