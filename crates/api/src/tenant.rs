//! Tenants: separate worlds.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Time;

/// A tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tenant {
    /// Its id.
    pub id: Uuid,
    /// Its revision, for `If-Match`.
    pub revision: i64,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Time,
}

/// Makes a tenant; the caller becomes its first Owner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TenantDraft {
    /// Its name.
    pub name: String,
}

/// Changes a tenant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TenantChange {
    /// Its new name.
    pub name: String,
}
