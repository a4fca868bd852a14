//! Removes files, piece by piece beside other work.

use claviger_domain::{DownloadId, Revision, TenantId};
use claviger_store::{Actor, Scope, Tx, downloads};

use super::{object, said};
use crate::{App, Failure, actions::entries::changed, auth::Caller, rest::guard::SettingsWrite};

/// An upload that nothing was added to for so long is given up.
const PATIENCE_SECONDS: i64 = 3600;

/// Removes a file: it is in no list from then on, its bytes go soon.
///
/// # Errors
/// [`Failure::NotFound`], [`Failure::Stale`].
pub async fn remove(caller: &Caller<SettingsWrite>, id: DownloadId) -> Result<(), Failure> {
    let (tenant, expected) = (caller.tenant(), caller.expected());
    let job = async move |tx: &mut Tx| {
        let file = downloads::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
        expected.check(Revision::new(file.revision))?;
        downloads::hide(tx, &file).await?;
        changed(tx, "download.removed", &object(&file), Some(said(&file)), None);
        Ok(())
    };
    caller.write_on(id.as_uuid(), job).await?;
    clear(caller.app(), tenant, id);
    Ok(())
}

/// Removes what broken-off uploads and removals left behind, on whichever server.
///
/// # Errors
/// What the store meets.
pub async fn sweep(app: &App) -> Result<(), Failure> {
    let since = app.clock().now().plus_seconds(-PATIENCE_SECONDS);
    let left = app
        .store()
        .read(async move |reader| Ok::<_, Failure>(downloads::left_behind(reader, since).await?));
    for (tenant, id) in left.await? {
        pieces(app, tenant, id).await?;
    }
    Ok(())
}

/// Removes a file's bytes; nobody waits for it.
pub(super) fn clear(app: &App, tenant: TenantId, id: DownloadId) {
    let app = app.clone();
    tokio::spawn(async move {
        if let Err(failure) = pieces(&app, tenant, id).await {
            tracing::warn!(?failure, "a file was not removed; it is tried again later");
        }
    });
}

async fn pieces(app: &App, tenant: TenantId, id: DownloadId) -> Result<(), Failure> {
    loop {
        let scope = Scope {
            tenant,
            actor: Actor::System("tidying up".to_owned()),
            source: None,
            request_id: None,
            lane_key: id.as_u128(),
            now: app.clock().now(),
        };
        let job = async move |tx: &mut Tx| Ok::<_, Failure>(downloads::clear(tx, id).await?);
        if app.store().write(scope, job).await? {
            return Ok(());
        }
    }
}
