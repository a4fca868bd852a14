//! Settings of a tenant: one document with one revision.

mod kept;
mod mail_test;
mod merge;
mod password;
mod second_person;

use claviger_api::{Settings, SettingsChange};
use claviger_domain::Revision;
use claviger_store::{Tx, settings};

pub(crate) use kept::{MailServer, Retention, TenantSettings, of};
pub use mail_test::try_mail;
pub(crate) use password::open as mail_password;

use super::{
    entries::{Object, changed},
    fields::Fields,
};
use crate::{
    App, Failure,
    auth::Caller,
    rest::guard::{SettingsRead, SettingsWrite},
};
use merge::Password;

/// The tenant's settings.
///
/// # Errors
/// What the store meets.
pub async fn show(caller: &Caller<SettingsRead>) -> Result<Settings, Failure> {
    let tenant = caller.tenant();
    let (kept, revision) = caller
        .read(async move |reader| kept::load(reader, tenant).await)
        .await?;
    Ok(kept::view(caller.app(), tenant, kept, revision))
}

/// Changes the fields that are given.
///
/// # Errors
/// [`Failure::Validation`], [`Failure::Stale`]; [`Failure::Sealed`] when a password comes and nothing can seal it;
/// [`Failure::StepUpRequired`] and [`Failure::Refused`] for whoever switches the second person off.
pub async fn update(caller: &Caller<SettingsWrite>, change: SettingsChange) -> Result<Settings, Failure> {
    let (expected, app) = (caller.expected(), caller.app().clone());
    let (proven, identity) = (caller.proven_lately(), caller.identity().clone());
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let (before, revision) = kept::load(tx, tenant).await?;
        expected.check(Revision::new(revision))?;
        let mut fields = Fields::default();
        let mut after = merge::merged(&app, &before, &change, &mut fields);
        fields.all(Some(()))?;
        if before.pins.admin_pin_needs_approval && !after.pins.admin_pin_needs_approval {
            proven.to_lower_a_guard()?;
            second_person::agree(tx, &identity, change.approval_id).await?;
        }
        keep_password(tx, &app, &change, &mut after).await?;
        let text = serde_json::to_string(&after).map_err(Failure::internal)?;
        let revision = settings::set(tx, tenant, kept::NAME, &text, revision).await?;
        let said = (serde_json::to_value(&before).ok(), serde_json::to_value(&after).ok());
        let object = Object {
            kind: "settings",
            id: tenant.as_uuid(),
            label: "settings",
            revision,
        };
        changed(tx, "settings.changed", &object, said.0, said.1);
        Ok(kept::view(&app, tenant, after, revision))
    };
    let settings = caller.write(job).await?;
    // Sessions may have become shorter.
    caller.app().identities().forget_all();
    Ok(settings)
}

async fn keep_password(
    tx: &mut Tx,
    app: &App,
    change: &SettingsChange,
    after: &mut TenantSettings,
) -> Result<(), Failure> {
    let set_at = match merge::password(change) {
        Password::Stays => return Ok(()),
        Password::Forgotten => {
            password::forget(tx).await?;
            None
        }
        Password::Kept => {
            let sent = change.mail.as_ref().and_then(Option::as_ref);
            let sent = sent.and_then(|mail| mail.password.as_ref()).and_then(Option::as_ref);
            password::keep(tx, app.keyring(), sent.map_or("", String::as_str)).await?;
            Some(tx.now().as_micros())
        }
    };
    if let Some(mail) = &mut after.mail {
        mail.password_set_at = set_at;
    }
    Ok(())
}
