//! Roles.

use serde::{Deserialize, Serialize};

/// A role: a named set of privileges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Role {
    /// Its name on the wire.
    pub name: String,
    /// Whether it comes with the product.
    pub built_in: bool,
    /// What its holder may do.
    pub privileges: Vec<String>,
}
