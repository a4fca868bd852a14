//! The demonstration's first hour: its tenant, those who work in it, the workstation, the users.

use claviger_domain::{
    BuiltInRole, TenantId, Timestamp, UserId,
    text::{DisplayName, Email, Locale, UserName},
    user::{User, UserDetails},
};
use claviger_store::{
    Tx,
    administrators::{self, Administrator, grants},
    api_tokens::{self, ApiToken},
    settings, setup_tokens,
    tenants::{self, Tenant},
    users,
};
use data_encoding::BASE32_NOPAD;
use zeroize::Zeroizing;

use super::{
    BEGUN, MARK,
    cast::{COLLEAGUES, Cast, WORKSTATION},
    dice::Dice,
    people::person,
    stage::Stage,
};
use crate::{
    actions::entries::{Object, changed},
    local::LocalError,
    ports,
};

/// Name of the tenant.
pub(super) const TENANT: &str = "Claviger Demo";
/// How many users there are.
pub(super) const USERS: usize = 800;

/// A random password, in groups that can be read aloud.
pub(super) fn password() -> Result<Zeroizing<String>, LocalError> {
    let random = Zeroizing::new(ports::random::<15>()?);
    let letters = Zeroizing::new(BASE32_NOPAD.encode(random.as_slice()).to_lowercase());
    let groups: Vec<&str> = (0..4).filter_map(|nth| letters.get(nth * 6..nth * 6 + 6)).collect();
    Ok(Zeroizing::new(groups.join("-")))
}

/// Makes the tenant and everybody who acts in it.
pub(super) async fn tenant(stage: &Stage, cast: &Cast, at: Timestamp, hash: String) -> Result<(), LocalError> {
    let (owner, cast) = (cast.owner(), cast.clone());
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        setup_tokens::withdraw(tx, "first_run").await?;
        settings::set(tx, TenantId::SYSTEM, MARK, BEGUN, 0).await?;
        settings::set(tx, TenantId::SYSTEM, "first_tenant", &tenant.to_string(), 0).await?;
        tenants::insert(tx, &described(tenant, tx.now())).await?;
        told(tx, "tenant.created", "tenant", tenant.as_uuid(), TENANT);
        for (nth, (id, colleague)) in cast.colleagues.iter().zip(COLLEAGUES).enumerate() {
            let one = Administrator {
                id: *id,
                email: colleague.email.to_owned(),
                display_name: colleague.display_name.to_owned(),
                locale: Some(colleague.locale.to_owned()),
                // The others were invited and signed in with passkeys that nobody has.
                password_hash: (nth == 0).then(|| hash.clone()),
                disabled_at: None,
                last_sign_in_at: None,
                created_at: tx.now(),
                updated_at: tx.now(),
                revision: 1,
            };
            administrators::insert(tx, &one).await?;
            grants::insert(tx, tenant, one.id, colleague.role.as_str()).await?;
            told(
                tx,
                "administrator.created",
                "administrator",
                one.id.as_uuid(),
                &one.email,
            );
        }
        workstation(tx, &cast).await
    };
    stage.write(at, owner, job).await
}

fn described(id: TenantId, now: Timestamp) -> Tenant {
    Tenant {
        id,
        name: TENANT.to_owned(),
        suspended_at: None,
        created_at: now,
        updated_at: now,
        revision: 1,
    }
}

/// A token whose text nobody has: it stands for the program that did the work.
async fn workstation(tx: &mut Tx, cast: &Cast) -> Result<(), LocalError> {
    let token = ApiToken {
        id: cast.workstation,
        name: WORKSTATION.to_owned(),
        role: BuiltInRole::Workstation.as_str().to_owned(),
        token_hash: ports::random()?,
        created_by: cast.owner().label().to_owned(),
        created_by_id: None,
        created_at: tx.now(),
        expires_at: None,
        last_used_at: None,
        revoked_at: None,
        revision: 1,
    };
    api_tokens::insert(tx, &token).await?;
    told(tx, "api_token.created", "api_token", token.id.as_uuid(), WORKSTATION);
    Ok(())
}

/// The users, as a directory named them.
pub(super) async fn users(stage: &Stage, cast: &Cast, at: Timestamp) -> Result<Vec<User>, LocalError> {
    let mut dice = Dice::for_part(11);
    let made: Vec<User> = (0..USERS)
        .filter_map(|nth| user(nth, UserId::from_uuid(dice.id(at)), at))
        .collect();
    let kept = made.clone();
    let job = async move |tx: &mut Tx| {
        for user in &kept {
            users::insert(tx, user).await?;
            told(
                tx,
                "user.created",
                "user",
                user.id().as_uuid(),
                user.user_name().as_str(),
            );
        }
        Ok(())
    };
    stage.write(at, cast.owner(), job).await?;
    Ok(made)
}

fn user(nth: usize, id: UserId, at: Timestamp) -> Option<User> {
    let person = person(nth)?;
    let details = UserDetails {
        user_name: UserName::new(&person.user_name).ok()?,
        display_name: DisplayName::new(&person.display_name).ok()?,
        email: person.email.and_then(|email| Email::new(&email).ok()),
        locale: Locale::new(person.locale).ok(),
    };
    Some(User::create(id, details, at))
}

/// Disables those who left.
pub(super) async fn leave(stage: &Stage, cast: &Cast, leavers: Vec<User>, at: Timestamp) -> Result<(), LocalError> {
    let job = async move |tx: &mut Tx| {
        for before in &leavers {
            let refused = |refusal| LocalError::Refused(format!("demonstration: {refusal}"));
            let after = before.disable(tx.now()).map_err(refused)?;
            users::save(tx, before, &after).await?;
            told(
                tx,
                "user.disabled",
                "user",
                after.id().as_uuid(),
                after.user_name().as_str(),
            );
        }
        Ok(())
    };
    stage.write(at, cast.owner(), job).await
}

fn told(tx: &mut Tx, action: &'static str, kind: &'static str, id: uuid::Uuid, label: &str) {
    let object = Object {
        kind,
        id,
        label,
        revision: 1,
    };
    changed(tx, action, &object, None, None);
}
