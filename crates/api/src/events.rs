//! The events stream: what changed, ids and revisions only.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Data of a `change` event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changes {
    /// What changed within the last quarter of a second.
    pub changes: Vec<ChangeNotice>,
    /// Whether more changed than is listed: read everything on screen again.
    pub truncated: bool,
}

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeNotice {
    /// What kind of thing.
    pub kind: String,
    /// Its id.
    pub id: Uuid,
    /// Its revision after the change; 0 where another server on the same database made it, which is to be asked for.
    pub revision: i64,
}
