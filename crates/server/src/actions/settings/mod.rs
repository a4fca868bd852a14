//! Settings of a tenant: one document with one revision.

use claviger_api::{Settings, SettingsChange};
use claviger_domain::{Revision, TenantId};
use claviger_store::{Reader, Tx, settings};
use serde::{Deserialize, Serialize};

use super::{
    entries::{Object, changed},
    fields::{self, Fields},
};
use crate::{
    Failure,
    auth::Caller,
    rest::guard::{SettingsRead, SettingsWrite},
};

const NAME: &str = "tenant";

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
struct Document {
    locale: String,
    revoke_notifies: bool,
}

impl Default for Document {
    fn default() -> Self {
        Self {
            locale: "en".to_owned(),
            revoke_notifies: false,
        }
    }
}

/// The tenant's settings.
///
/// # Errors
/// What the store meets.
pub async fn show(caller: &Caller<SettingsRead>) -> Result<Settings, Failure> {
    let tenant = caller.tenant();
    let (document, revision) = caller.read(async move |reader| load(reader, tenant).await).await?;
    Ok(view(document, revision))
}

/// Changes the fields that are given.
///
/// # Errors
/// [`Failure::Validation`], [`Failure::Stale`].
pub async fn update(caller: &Caller<SettingsWrite>, change: SettingsChange) -> Result<Settings, Failure> {
    let mut fields = Fields::default();
    let locale = change
        .locale
        .as_deref()
        .map(|given| fields.read("/locale", fields::locale(given)));
    fields.all(Some(()))?;
    let (locale, notifies) = (locale.flatten(), change.revoke_notifies);
    let expected = caller.expected();
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        let (before, revision) = load(tx, tenant).await?;
        expected.check(Revision::new(revision))?;
        let after = Document {
            locale: locale.clone().unwrap_or_else(|| before.locale.clone()),
            revoke_notifies: notifies.unwrap_or(before.revoke_notifies),
        };
        let text = serde_json::to_string(&after).map_err(Failure::internal)?;
        let revision = settings::set(tx, tenant, NAME, &text, revision).await?;
        let said = (serde_json::to_value(&before).ok(), serde_json::to_value(&after).ok());
        let object = Object {
            kind: "settings",
            id: tenant.as_uuid(),
            label: "settings",
            revision,
        };
        changed(tx, "settings.changed", &object, said.0, said.1);
        Ok(view(after, revision))
    };
    caller.write(job).await
}

/// Whether users are told of a revocation when the order does not say.
pub(crate) async fn revoke_notifies(reader: &mut Reader, tenant: TenantId) -> Result<bool, Failure> {
    Ok(load(reader, tenant).await?.0.revoke_notifies)
}

async fn load(reader: &mut Reader, tenant: TenantId) -> Result<(Document, i64), Failure> {
    match settings::get(reader, tenant, NAME).await? {
        Some(kept) => Ok((
            serde_json::from_str(&kept.value).map_err(Failure::internal)?,
            kept.revision,
        )),
        None => Ok((Document::default(), 0)),
    }
}

fn view(document: Document, revision: i64) -> Settings {
    Settings {
        revision,
        locale: document.locale,
        revoke_notifies: document.revoke_notifies,
    }
}
