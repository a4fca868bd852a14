//! Tells followers what was committed.

use claviger_domain::ids::TenantId;
use tokio::sync::broadcast;

use crate::scope::Change;

/// Where committed changes are told.
pub(crate) type Changes = broadcast::Sender<(TenantId, Vec<Change>)>;

/// Tells the changes of a commit, one message per tenant, each tenant's in their order.
pub(crate) fn tell(followers: &Changes, mut changes: Vec<(TenantId, Change)>) {
    // Stable, so that each tenant's changes stay in their order.
    changes.sort_by_key(|(tenant, _)| tenant.as_uuid());
    for group in changes.chunk_by(|a, b| a.0 == b.0) {
        if let Some((tenant, _)) = group.first() {
            let all: Vec<Change> = group.iter().map(|(_, change)| change.clone()).collect();
            // No follower, no message.
            let _ = followers.send((*tenant, all));
        }
    }
}
