//! RADIUS clients: the appliances that ask for codes through RADIUS.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// A client, or all that stand in one network; the secret shared with them is never shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RadiusClient {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub name: String,
    /// Where its packets come from: an address, or a network such as `10.1.0.0/16`.
    pub network: String,
    /// When it was added.
    pub created_at: Time,
    /// Who added it, by name.
    pub created_by: String,
    /// When it got the secret that it shares now.
    pub rotated_at: Time,
    /// Its revision, for `If-Match`.
    pub revision: i64,
}

/// Adds a client.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RadiusClientDraft {
    /// What it is.
    pub name: String,
    /// Where its packets come from: an address, or a network such as `10.1.0.0/16`.
    pub network: String,
    /// The secret that it shares, 16 to 128 bytes.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub secret: String,
}

impl std::fmt::Debug for RadiusClientDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RadiusClientDraft")
            .field("name", &self.name)
            .field("network", &self.network)
            .finish_non_exhaustive()
    }
}

/// Changes a client; absent fields stay.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RadiusClientChange {
    /// See [`RadiusClient::name`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// See [`RadiusClient::network`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Another secret, 16 to 128 bytes; packets signed with the one before are dropped from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub secret: Option<String>,
}

impl std::fmt::Debug for RadiusClientChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RadiusClientChange")
            .field("name", &self.name)
            .field("network", &self.network)
            .finish_non_exhaustive()
    }
}

/// All clients of the tenant, and whether this server answers RADIUS at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RadiusClients {
    /// The clients by name.
    pub items: Vec<RadiusClient>,
    /// Where this server answers RADIUS, if it does: the setting `radius-listen`.
    pub listen: Option<String>,
}
