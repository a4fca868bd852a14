//! Whether an API token still opens what it opened: it stops with the person who made it.
//!
//! A token works while whoever made it works in the tenant, and while it may do no more than he may: the same rule as on
//! the day it was made. Nobody goes on working by his programs after he was barred, and whoever lost a right has not
//! kept it in a file. When he is let in again, so are they. A token that was made at the server's own command line is
//! nobody's, and lives until it is revoked.

use claviger_domain::{PrivilegeSet, TenantId, Timestamp};
use claviger_store::{
    Error, Reader,
    administrators::{self, grants},
    api_tokens::ApiToken,
};

use super::roles;

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// Its time is over.
    Expired,
    /// Whoever made it is barred, or holds no role in the tenant.
    MakerBarred,
    /// It could do more than whoever made it may do now.
    MakerMayLess,
}

/// Why the token opens nothing at that time; what it allows otherwise.
///
/// # Errors
/// What the store meets.
pub async fn standing(
    reader: &mut Reader,
    tenant: TenantId,
    token: &ApiToken,
    now: Timestamp,
) -> Result<Result<PrivilegeSet, Stopped>, Error> {
    if token.expires_at.is_some_and(|at| at <= now) {
        return Ok(Err(Stopped::Expired));
    }
    let allows = roles::privileges(reader, tenant, &token.role).await?;
    // Administrators stand there by their address; what the machine itself made names none.
    if !token.created_by.contains('@') {
        return Ok(Ok(allows));
    }
    let Some(maker) = of_maker(reader, tenant, &token.created_by).await? else {
        return Ok(Err(Stopped::MakerBarred));
    };
    Ok(if maker.covers(allows) {
        Ok(allows)
    } else {
        Err(Stopped::MakerMayLess)
    })
}

/// What the administrator of that address may do now; nothing for one who is barred or gone.
async fn of_maker(reader: &mut Reader, tenant: TenantId, email: &str) -> Result<Option<PrivilegeSet>, Error> {
    let Some(maker) = administrators::by_email(reader, email).await? else {
        return Ok(None);
    };
    let grant = grants::get(reader, tenant, maker.id).await?;
    let works = |barred: Option<Timestamp>| barred.is_none();
    match grant.filter(|grant| works(grant.disabled_at) && works(maker.disabled_at)) {
        Some(grant) => Ok(Some(roles::privileges(reader, tenant, &grant.role).await?)),
        None => Ok(None),
    }
}
