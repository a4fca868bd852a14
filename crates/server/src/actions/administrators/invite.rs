//! Invites an administrator by a one-time link.

use claviger_api::AdministratorDraft;
use claviger_domain::{
    AdministratorId, Timestamp,
    text::{DisplayName, Email},
};
use claviger_store::{
    Tx,
    administrators::{self, Administrator, grants},
    setup_tokens,
};
use serde_json::json;
use zeroize::Zeroizing;

use super::Member;
use crate::{
    Failure,
    actions::{
        entries::{Object, changed},
        fields::Fields,
        setup,
    },
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
/// [`Failure::Validation`], [`Failure::Duplicate`], or [`Failure::Forbidden`] for a greater role.
pub async fn invite(caller: &Caller<AdministratorWrite>, draft: AdministratorDraft) -> Result<Invited, Failure> {
    let mut fields = Fields::default();
    let email = fields.read("/email", Email::new(&draft.email));
    let name = fields.read("/display_name", DisplayName::new(&draft.display_name));
    let (email, name) = fields.all(email.zip(name))?;
    let role = roles::to_hand_out(caller.identity(), &draft.role)?;
    if role.is_for_programs() {
        return Err(Failure::invalid(
            "/role",
            "this role is for programs; make an API token",
        ));
    }
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
    let link = setup::make(caller.app(), setup::INVITATION, Some(id.as_uuid()))?;
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        administrators::insert(tx, &who).await.map_err(taken)?;
        grants::insert(tx, tenant, id, role.as_str()).await?;
        setup_tokens::insert(tx, &link.row).await?;
        let grant = grants::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
        let object = Object {
            kind: "administrator",
            id: id.as_uuid(),
            label: &who.email,
            revision: 1,
        };
        changed(
            tx,
            "administrator.invited",
            &object,
            None,
            Some(json!({ "email": who.email, "role": role.as_str() })),
        );
        Ok(Invited {
            member: Member {
                who: who.clone(),
                grant,
            },
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
