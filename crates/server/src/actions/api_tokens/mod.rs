//! API tokens: how programs sign in, each scoped to one tenant and one role.

use claviger_api::ApiTokenDraft;
use claviger_domain::{ApiTokenId, text::ApiTokenName};
use claviger_store::{
    Reader, Tx,
    api_tokens::{self, ApiToken},
    tenants,
};
use serde_json::json;
use zeroize::Zeroizing;

use super::{
    entries::{Object, changed},
    fields::Fields,
};
use crate::{
    Failure,
    auth::{Caller, Who, bearer, roles, tokens, tokens::Stopped},
    ports,
    rest::guard::{ApiTokenRead, ApiTokenWrite},
};

/// A new token, and the only copy of its text.
#[derive(Clone)]
pub struct Made {
    /// What is stored.
    pub row: ApiToken,
    /// What is shown once.
    pub text: Zeroizing<String>,
}

/// A token, and why it opens nothing, if so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What is stored.
    pub row: ApiToken,
    /// Why it opens nothing now.
    pub stopped: Option<Stopped>,
}

/// The tenant's tokens that are not revoked, newest first; if asked for, only those whose maker is barred, or is not.
///
/// # Errors
/// What the store meets.
pub async fn list(caller: &Caller<ApiTokenRead>, orphaned: Option<bool>) -> Result<Vec<Listed>, Failure> {
    let (tenant, now) = (caller.tenant(), caller.now());
    let read = async move |reader: &mut Reader| {
        let mut listed = Vec::new();
        for row in api_tokens::list(reader, tenant).await? {
            if row.revoked_at.is_none() {
                let stopped = tokens::standing(reader, tenant, &row, now).await?.err();
                let barred = stopped == Some(Stopped::MakerBarred);
                if orphaned.is_none_or(|wanted| wanted == barred) {
                    listed.push(Listed { row, stopped });
                }
            }
        }
        Ok(listed)
    };
    caller.read(read).await
}

/// Makes a token with a role that may do no more than the caller. It stops with him: see [`tokens`].
///
/// # Errors
/// [`Failure::Validation`], [`Failure::Forbidden`] for a greater role, or [`Failure::StepUpRequired`] for one that sees
/// PINs.
pub async fn create(caller: &Caller<ApiTokenWrite>, draft: ApiTokenDraft) -> Result<Made, Failure> {
    let now = caller.now();
    let mut fields = Fields::default();
    let name = fields.read("/name", ApiTokenName::new(&draft.name));
    let expires_at = draft
        .expires_at
        .map(|at| claviger_domain::Timestamp::from_micros(at.as_micros()));
    if expires_at.is_some_and(|at| at <= now) {
        fields.fault("/expires_at", "choose a time to come");
    }
    let name = fields.all(name)?;
    let (privileges, proven) = (caller.identity().privileges, caller.proven_lately());
    let made_by = caller.identity().who.clone();
    let (text, token_hash) = bearer::make(caller.tenant())?;
    let row = ApiToken {
        id: ApiTokenId::from_uuid(ports::new_id()),
        name: name.as_str().to_owned(),
        role: draft.role,
        token_hash,
        created_by: caller.identity().actor().label().to_owned(),
        created_by_id: match &caller.identity().who {
            Who::Administrator(signed_in) => Some(signed_in.id),
            Who::ApiToken { .. } | Who::System(_) => None,
        },
        created_at: now,
        expires_at,
        last_used_at: None,
        revoked_at: None,
        revision: 1,
    };
    let made = Made { row, text };
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        tenants::hold(tx, tenant).await?;
        let role = roles::to_hand_out(tx, tenant, privileges, "/role", &made.row.role).await?;
        proven.to_hand_out(role.privileges())?;
        let mut made = made.clone();
        if let Who::ApiToken { id, .. } = &made_by {
            // Whoever made that one: nobody becomes another person by way of his own programs.
            let maker = api_tokens::get(tx, tenant, *id).await?.ok_or(Failure::NotFound)?;
            made.row.created_by = maker.created_by;
            made.row.created_by_id = maker.created_by_id;
        }
        role.name().clone_into(&mut made.row.role);
        api_tokens::insert(tx, &made.row).await?;
        let after = json!({ "name": made.row.name, "role": made.row.role });
        changed(tx, "api_token.created", &object(&made.row), None, Some(after));
        Ok(made)
    };
    let (made, _shown) = caller.write_to_show(caller.tenant().as_uuid(), job).await?;
    Ok(made)
}

/// Revokes a token: it opens nothing from then on.
///
/// # Errors
/// [`Failure::NotFound`] for one that the tenant has not, or that is revoked already; [`Failure::Forbidden`] for one that
/// may do more than the caller.
pub async fn revoke(caller: &Caller<ApiTokenWrite>, id: ApiTokenId) -> Result<(), Failure> {
    let (tenant, privileges) = (caller.tenant(), caller.identity().privileges);
    let job = async move |tx: &mut Tx| {
        let token = api_tokens::get(tx, tenant, id)
            .await?
            .filter(|token| token.revoked_at.is_none());
        let token = token.ok_or(Failure::NotFound)?;
        if !privileges.covers(roles::privileges(tx, tenant, &token.role).await?) {
            return Err(roles::ABOVE);
        }
        api_tokens::revoke(tx, &token).await?;
        let before = json!({ "name": token.name, "role": token.role });
        changed(tx, "api_token.revoked", &object(&token), Some(before), None);
        Ok(())
    };
    caller.write_on(id.as_uuid(), job).await?;
    caller.app().identities().forget_all();
    Ok(())
}

fn object(token: &ApiToken) -> Object<'_> {
    Object {
        kind: "api_token",
        id: token.id.as_uuid(),
        label: &token.name,
        revision: token.revision,
    }
}
