//! Rows of users as the domain knows them, and the values that a row is written from.

use claviger_domain::ids::{TenantId, UserId};
use claviger_domain::text::{DisplayName, Email, Locale, UserName};
use claviger_domain::user::{User, UserDetails, UserFacts, UserState, UserStatus};
use claviger_domain::{Revision, Timestamp};
use uuid::Uuid;

use crate::error::Error;
use crate::row::Row;
use crate::value::Value;

/// The user of a row with all columns; a row that contradicts itself is named.
pub(super) fn user(row: &Row) -> Result<User, Error> {
    let id: Uuid = row.get("id")?;
    let bad = |column: &str| Error::inconsistent(format!("users.{column} of {id}"));
    let email: Option<String> = row.get("email")?;
    let locale: Option<String> = row.get("locale")?;
    let status = UserStatus::parse(row.text("status")?).ok_or_else(|| bad("status"))?;
    Ok(User::from_facts(UserFacts {
        id: UserId::from_uuid(id),
        revision: Revision::new(row.get("revision")?),
        details: UserDetails {
            user_name: UserName::new(row.text("user_name")?).map_err(|_| bad("user_name"))?,
            display_name: DisplayName::new(row.text("display_name")?).map_err(|_| bad("display_name"))?,
            email: email
                .map(|email| Email::new(&email))
                .transpose()
                .map_err(|_| bad("email"))?,
            locale: locale
                .map(|locale| Locale::new(&locale))
                .transpose()
                .map_err(|_| bad("locale"))?,
        },
        state: state(status, row.get("disabled_at")?).ok_or_else(|| bad("disabled_at"))?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    }))
}

fn state(status: UserStatus, disabled_at: Option<Timestamp>) -> Option<UserState> {
    match (status, disabled_at) {
        (UserStatus::Active, None) => Some(UserState::Active),
        (UserStatus::Disabled, Some(at)) => Some(UserState::Disabled { at }),
        (UserStatus::Active, Some(_)) | (UserStatus::Disabled, None) => None,
    }
}

/// The text that a search looks through.
pub(super) fn searchable(user: &User) -> String {
    let email = user.email().map(Email::folded).unwrap_or_default();
    format!(
        "{}\n{}\n{email}",
        user.user_name().folded(),
        user.display_name().folded()
    )
}

/// Tenant and id, then what a change may write, in the order of the statements.
pub(super) fn values(tenant: TenantId, user: &User) -> Vec<Value> {
    vec![
        tenant.as_uuid().into(),
        user.id().as_uuid().into(),
        user.user_name().as_str().into(),
        user.user_name().folded().into(),
        user.display_name().as_str().into(),
        user.display_name().folded().into(),
        user.email().map(Email::as_str).into(),
        user.email().map(Email::folded).into(),
        user.locale().map(Locale::as_str).into(),
        searchable(user).into(),
        user.status().as_str().into(),
        user.disabled_at().into(),
        user.updated_at().into(),
        user.revision().get().into(),
    ]
}
