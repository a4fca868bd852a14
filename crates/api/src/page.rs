//! Lists: a page of items, cursors both ways, a total that may be capped.

use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// Cursor of the page after this one, absent on the last.
    pub next_cursor: Option<String>,
    /// Cursor of the page before this one, absent on the first.
    pub previous_cursor: Option<String>,
    /// How many items the whole list holds.
    pub total: Total,
}

/// How many items a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Total {
    /// The count, or the cap when `capped`.
    pub count: u64,
    /// Whether there are more than `count`.
    pub capped: bool,
}
