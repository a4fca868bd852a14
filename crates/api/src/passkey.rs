//! Passkeys: ceremonies, and the list in the account.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// The first half of a ceremony: what the browser hands to the authenticator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ceremony {
    /// Names the ceremony in the second half; valid once, for 5 minutes.
    pub ceremony_id: Uuid,
    /// `PublicKeyCredentialCreationOptions` or `PublicKeyCredentialRequestOptions` as JSON (WebAuthn §5.1.8, §5.1.9), under `publicKey`.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub options: serde_json::Value,
}

/// The second half of a sign-in ceremony.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CeremonyAnswer {
    /// The ceremony answered.
    pub ceremony_id: Uuid,
    /// The authenticator's answer, as `PublicKeyCredential.toJSON()` writes it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub credential: serde_json::Value,
}

/// The second half of a registration ceremony.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasskeyRegistration {
    /// The ceremony answered.
    pub ceremony_id: Uuid,
    /// The authenticator's answer, as `PublicKeyCredential.toJSON()` writes it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub credential: serde_json::Value,
    /// What its owner calls it.
    pub name: String,
}

/// A registered passkey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Passkey {
    /// Its id.
    pub id: Uuid,
    /// What its holder calls it.
    pub name: String,
    /// When it was registered.
    pub created_at: Time,
    /// When it was last used to sign in.
    pub last_used_at: Option<Time>,
}
