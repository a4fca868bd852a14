//! Invites an administrator by a one-time link.

use claviger_api::AdministratorDraft;
use claviger_domain::{
    AdministratorId, Timestamp,
    text::{DisplayName, Email},
};
use claviger_store::{
    Tx,
    administrators::{self, Administrator, grants},
    setup_tokens, tenants,
};
use serde_json::json;
use zeroize::Zeroizing;

use super::{Member, change, list};
use crate::{
    Failure,
    actions::{entries::changed, fields::Fields, setup},
    auth::{Caller, roles},
    ports,
    rest::guard::AdministratorWrite,
};

/// Somebody invited, and the only copy of his link.
#[derive(Clone)]
pub struct Invited {
    /// Who, with which role.
    pub member: Member,
    /// The link that is shown once.
    pub url: Zeroizing<String>,
    /// When it dies.
    pub expires_at: Timestamp,
}

/// Invites an administrator with a role that may do no more than the caller. One who already works in another
/// tenant of this server cannot be told from a new one here: his address is then refused as a duplicate.
///
/// # Errors
/// [`Failure::Validation`], [`Failure::Duplicate`], [`Failure::Forbidden`] for a greater role, or
/// [`Failure::StepUpRequired`] for one that sees PINs.
pub async fn invite(caller: &Caller<AdministratorWrite>, draft: AdministratorDraft) -> Result<Invited, Failure> {
    let mut fields = Fields::default();
    let email = fields.read("/email", Email::new(&draft.email));
    let name = fields.read("/display_name", DisplayName::new(&draft.display_name));
    let (email, name) = fields.all(email.zip(name))?;
    let (privileges, role) = (caller.identity().privileges, draft.role);
    let now = caller.now();
    let id = AdministratorId::from_uuid(ports::new_id());
    let who = Administrator {
        id,
        email: email.as_str().to_owned(),
        display_name: name.as_str().to_owned(),
        locale: None,
        password_hash: None,
        disabled_at: None,
        last_sign_in_at: None,
        created_at: now,
        updated_at: now,
        revision: 1,
    };
    let link = setup::make(caller.app(), setup::INVITATION, Some(id.as_uuid()))?.within(caller.tenant(), privileges)?;
    let proven = caller.proven_lately();
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        tenants::hold(tx, tenant).await?;
        let role = roles::to_hand_to_a_person(tx, tenant, privileges, "/role", &role).await?;
        proven.to_hand_out(role.privileges())?;
        administrators::insert(tx, &who).await.map_err(taken)?;
        grants::insert(tx, tenant, id, role.name()).await?;
        setup_tokens::insert(tx, &link.row).await?;
        let member = list::member(tx, tenant, id).await?;
        changed(
            tx,
            "administrator.invited",
            &change::object(&member),
            None,
            Some(json!({ "email": who.email, "role": role.name() })),
        );
        Ok(Invited {
            member,
            url: link.url.clone(),
            expires_at: link.expires_at,
        })
    };
    let (invited, _shown) = caller.write_to_show(id.as_uuid(), job).await?;
    Ok(invited)
}

/// Makes a new link for an administrator: in place of an invitation that was lost, or for one who can no longer sign in.
/// Links that he was given before die.
///
/// # Errors
/// [`Failure::Forbidden`] for somebody who may do more than the caller; [`Failure::Refused`] for one who is barred, or
/// who signs in to other tenants by the same means: whoever holds the link could do there what he may.
pub async fn invite_again(caller: &Caller<AdministratorWrite>, id: AdministratorId) -> Result<Invited, Failure> {
    let privileges = caller.identity().privileges;
    let link = setup::make(caller.app(), setup::INVITATION, Some(id.as_uuid()))?.within(caller.tenant(), privileges)?;
    let proven = caller.proven_lately();
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        tenants::hold(tx, tenant).await?;
        let member = list::member(tx, tenant, id).await?;
        change::below(tx, privileges, &member.grant).await?;
        proven.to_hand_out(roles::privileges(tx, tenant, &member.grant.role).await?)?;
        if member.grant.disabled_at.is_some() {
            return Err(Failure::refused("disabled", "invite", "Let him in again first."));
        }
        if grants::of_administrator(tx, id).await?.len() > 1 {
            return Err(Failure::refused(
                "elsewhere",
                "invite",
                "He keeps his own means of signing in. `claviger recover-owner` at the server helps when they are lost.",
            ));
        }
        setup_tokens::withdraw_of(tx, setup::INVITATION, id.as_uuid()).await?;
        setup_tokens::insert(tx, &link.row).await?;
        changed(tx, "administrator.invited_again", &change::object(&member), None, None);
        Ok(Invited {
            member,
            url: link.url.clone(),
            expires_at: link.expires_at,
        })
    };
    let (invited, _shown) = caller.write_to_show(id.as_uuid(), job).await?;
    Ok(invited)
}

fn taken(error: claviger_store::Error) -> Failure {
    if error.is_duplicate_in("administrators") {
        return Failure::Duplicate("An administrator with this address exists already.".to_owned());
    }
    error.into()
}
