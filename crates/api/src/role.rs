//! Roles.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A role: a named set of privileges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Role {
    /// Its id; built-in roles have none.
    pub id: Option<Uuid>,
    /// Its revision, for `If-Match`; built-in roles have none.
    pub revision: Option<i64>,
    /// Its name on the wire: what grants and API tokens name.
    pub name: String,
    /// Whether it comes with the product.
    pub built_in: bool,
    /// Whether it is meant for programs, hence for API tokens alone.
    pub for_programs: bool,
    /// What its holder may do.
    pub privileges: Vec<String>,
    /// How many administrators and API tokens hold it.
    pub holders: u64,
}

/// Makes or changes a custom role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RoleDraft {
    /// Its name, unique in the tenant whatever the case; names of built-in roles are reserved.
    pub name: String,
    /// What its holder may do: names as `GET /roles` lists them for the Owner.
    pub privileges: Vec<String>,
}
