//! Roles by name, and who may hand out which.

use claviger_domain::{BuiltInRole, PrivilegeSet};

use super::Identity;
use crate::Failure;

/// What a role allows; a name that nobody knows allows nothing.
#[must_use]
pub fn privileges(role: &str) -> PrivilegeSet {
    BuiltInRole::parse(role).map_or(PrivilegeSet::EMPTY, BuiltInRole::privileges)
}

/// A role that `giver` may hand out: it exists, and allows nothing that he may not do himself.
///
/// # Errors
/// Says which of the two fails, at `/role`.
pub fn to_hand_out(giver: &Identity, role: &str) -> Result<BuiltInRole, Failure> {
    let Some(role) = BuiltInRole::parse(role) else {
        let known: Vec<&str> = BuiltInRole::ALL.iter().map(|role| role.as_str()).collect();
        return Err(Failure::invalid("/role", format!("choose one of {}", known.join(", "))));
    };
    if giver.privileges.covers(role.privileges()) {
        return Ok(role);
    }
    Err(Failure::Forbidden(
        "Nobody hands out a role that may do more than his own.",
    ))
}
