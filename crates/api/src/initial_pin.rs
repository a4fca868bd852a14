//! The initial PIN of a key: whether it can be shown, and the showing.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// Whether the initial PIN of a key can be shown to the caller. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InitialPin {
    /// What the key's configuration makes of it; nothing before it is configured.
    pub device_type: Option<DeviceType>,
    /// What the caller may see of it, by his privileges; the others are absent.
    pub fields: Vec<PinField>,
    /// The best state of those fields.
    pub state: InitialPinState,
    /// Since when the PIN is another, for `superseded`.
    pub superseded_on: Option<Time>,
    /// When it hides, or since when it is hidden; nothing while nobody has the key.
    pub hidden_on: Option<Time>,
    /// When the key was given to its user.
    pub assigned_on: Option<Time>,
    /// Whether the caller has to confirm who he is first.
    pub requires_step_up: bool,
    /// Whether the admin PIN is shown only when a second person agrees.
    pub requires_approval: bool,
    /// How many initial PINs the caller may still have shown in this hour.
    pub remaining: u32,
    /// Each of the fields by itself.
    pub details: Vec<InitialPinDetail>,
}

/// One of the initial PINs of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InitialPinDetail {
    /// Which.
    pub field: PinField,
    /// Whether it can be shown.
    pub state: InitialPinState,
    /// Since when the PIN is another, for `superseded`.
    pub superseded_on: Option<Time>,
}

/// What a key's configuration makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceType {
    /// No admin PIN.
    Standard,
    /// With an admin PIN.
    Enterprise,
}

/// What an initial PIN opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PinField {
    /// The PIN that the user changes at first use.
    UserPin,
    /// The PIN of admin mode.
    AdminPin,
}

/// Whether an initial PIN can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum InitialPinState {
    /// It can.
    Available,
    /// Its time is over; it can be extended.
    Hidden,
    /// The key has another PIN by now; this one is shredded.
    Superseded,
    /// There is none.
    None,
}

/// Asks for one of the initial PINs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ShowInitialPin {
    /// Which.
    pub field: PinField,
    /// A second person's agreement, where the tenant asks for one.
    #[serde(default)]
    pub approval_id: Option<Uuid>,
}

/// An initial PIN. Its audit event is committed before it is sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShownInitialPin {
    /// Which.
    pub field: PinField,
    /// The PIN.
    #[cfg_attr(feature = "openapi", schema(format = Password))]
    pub value: String,
    /// When a screen masks it again: after 30 seconds.
    pub expires_at: Time,
}

/// Lets the initial PIN of a key be shown for longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ExtendInitialPin {
    /// Why; 1 to 200 characters.
    pub reason: String,
    /// For how many days from now, 1 to 365.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 365))]
    pub days: u16,
}
