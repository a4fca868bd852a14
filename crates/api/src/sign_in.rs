//! Signing in by OpenID Connect: what the sign-in page shows, and a tenant's settings for its provider.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// By what means one may sign in here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInMethods {
    /// By password.
    pub password: bool,
    /// By passkey.
    pub passkey: bool,
    /// By identity providers: a button each, which leads to `/api/v1/session/oidc/{key}/start`.
    pub oidc: Vec<SignInProvider>,
}

/// A button on the sign-in page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignInProvider {
    /// What names the provider in addresses.
    pub key: String,
    /// What stands on the button.
    pub label: String,
}

/// A tenant's identity provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OidcSettings {
    /// Their revision, for `If-Match`.
    pub revision: i64,
    /// What names the provider in addresses.
    pub key: String,
    /// The address that the provider has to know as a redirect URI.
    pub redirect_uri: String,
    /// The provider's issuer identifier.
    pub issuer: String,
    /// The name by which the provider knows this server.
    pub client_id: String,
    /// Whether a client secret is kept; it is never shown.
    pub client_secret_set: bool,
    /// What the provider is asked for.
    pub scopes: Vec<String>,
    /// The claim that lists a person's groups.
    pub groups_claim: String,
    /// Which group leads to which role.
    pub group_roles: BTreeMap<String, String>,
    /// The role of those whom no group leads to one; without it they have no access.
    pub default_role: Option<String>,
    /// Whether people become administrators with their first sign-in.
    pub create_administrators: bool,
    /// What stands on the button.
    pub button_label: String,
    /// Whether the sign-in page shows the button; without it the start address is to be given to people.
    pub listed: bool,
}

/// Sets up a tenant's identity provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OidcDraft {
    /// The provider's issuer identifier: `https://…`, or `http://` on this very machine.
    pub issuer: String,
    /// The name by which the provider knows this server.
    pub client_id: String,
    /// The client secret; left out: the one that is kept stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub client_secret: Option<String>,
    /// What the provider is asked for besides `openid`.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// The claim that lists a person's groups.
    #[serde(default = "groups_claim")]
    pub groups_claim: String,
    /// Which group leads to which role, by name.
    #[serde(default)]
    pub group_roles: BTreeMap<String, String>,
    /// The role of those whom no group leads to one.
    #[serde(default)]
    pub default_role: Option<String>,
    /// Whether people become administrators with their first sign-in.
    #[serde(default = "yes")]
    pub create_administrators: bool,
    /// What stands on the button.
    pub button_label: String,
    /// Whether the sign-in page shows the button.
    #[serde(default = "yes")]
    pub listed: bool,
}

/// Asks whether a provider can be reached and says what is needed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OidcTest {
    /// The issuer; left out: the one that is set up.
    #[serde(default)]
    pub issuer: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OidcTested {
    /// Whether the provider can be used.
    pub ok: bool,
    /// What is wrong.
    pub problem: Option<String>,
    /// Where people are sent to sign in.
    pub authorization_endpoint: Option<String>,
}

fn scopes() -> Vec<String> {
    vec!["email".to_owned(), "profile".to_owned()]
}

fn groups_claim() -> String {
    "groups".to_owned()
}

const fn yes() -> bool {
    true
}
