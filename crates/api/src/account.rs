//! One's own account: name, language, password, sessions.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{SignInMethod, Time};

/// A change of one's own name or language; absent fields stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountChange {
    /// The new name.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The new language, a BCP 47 tag.
    #[serde(default)]
    pub locale: Option<String>,
}

/// A change of one's own password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password that holds now; absent where none is set.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub current_password: Option<String>,
    /// The new one, at least 12 characters.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub new_password: String,
}

/// One of one's own sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountSession {
    /// Its id.
    pub id: Uuid,
    /// Whether this request was made in it.
    pub current: bool,
    /// How it began.
    pub method: SignInMethod,
    /// The browser, as it calls itself.
    pub user_agent: String,
    /// The address it was last used from.
    pub address: String,
    /// When it began.
    pub created_at: Time,
    /// When it was last used, to the minute.
    pub last_seen_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
}
