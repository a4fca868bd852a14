//! Removes what is past its time in each tenant, in small pieces, so that no request waits for it. The audit log is
//! kept whole: its chain would be broken by what is missing.

mod otp;

use claviger_domain::{TenantId, Timestamp};
use claviger_store::{Actor, Scope, Tx, audit::AuditEntry, retention, tenants};
use serde_json::json;

use crate::{
    App, Failure,
    actions::settings::{self, Retention},
};

/// Pieces of each kind until the next turn.
const PIECES: usize = 500;

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Pieces of job results.
    pub job_results: u64,
    /// Pieces of imports' rejected rows.
    pub import_rejects: u64,
    /// Messages.
    pub messages: u64,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    JobResults,
    ImportRejects,
    Messages,
}

/// Removes what is past its time in all tenants.
///
/// # Errors
/// What the store meets.
pub async fn apply(app: &App) -> Result<Removed, Failure> {
    let all = app.store().read(async |reader| tenants::list(reader).await).await?;
    let mut sum = Removed::default();
    for tenant in all {
        if app.is_stopping() {
            break;
        }
        let removed = in_tenant(app, tenant.id).await?;
        sum.job_results += removed.job_results;
        sum.import_rejects += removed.import_rejects;
        sum.messages += removed.messages;
    }
    Ok(sum)
}

async fn in_tenant(app: &App, tenant: TenantId) -> Result<Removed, Failure> {
    otp::apply(app, tenant).await?;
    let read = async move |reader: &mut claviger_store::Reader| settings::of(reader, tenant).await;
    let Retention {
        job_days,
        import_reject_days,
        mail_days,
    } = app.store().read(read).await?.retention;
    let before = |days: u32| app.clock().now().plus_days(-i64::from(days));
    let removed = Removed {
        job_results: all(app, tenant, Kind::JobResults, before(job_days)).await?,
        import_rejects: all(app, tenant, Kind::ImportRejects, before(import_reject_days)).await?,
        messages: all(app, tenant, Kind::Messages, before(mail_days)).await?,
    };
    if removed != Removed::default() {
        note(app, tenant, removed).await?;
    }
    Ok(removed)
}

async fn all(app: &App, tenant: TenantId, kind: Kind, before: Timestamp) -> Result<u64, Failure> {
    let mut sum = 0;
    for _ in 0..PIECES {
        let piece = async move |tx: &mut Tx| match kind {
            Kind::JobResults => retention::job_results(tx, before).await,
            Kind::ImportRejects => retention::import_rejects(tx, before).await,
            Kind::Messages => retention::messages(tx, before).await,
        };
        let removed = app.store().write(scope(app, tenant), piece).await?;
        sum += removed;
        if removed == 0 || app.is_stopping() {
            break;
        }
    }
    Ok(sum)
}

async fn note(app: &App, tenant: TenantId, removed: Removed) -> Result<(), Failure> {
    let job = async move |tx: &mut Tx| -> Result<(), Failure> {
        tx.record(AuditEntry {
            action: "retention.applied",
            object_kind: "retention",
            after: Some(json!({
                "job_results": removed.job_results,
                "import_rejects": removed.import_rejects,
                "messages": removed.messages,
            })),
            ..AuditEntry::default()
        });
        Ok(())
    };
    app.store().write(scope(app, tenant), job).await
}

fn scope(app: &App, tenant: TenantId) -> Scope {
    Scope {
        tenant,
        actor: Actor::System("retention".to_owned()),
        source: None,
        request_id: None,
        lane_key: tenant.as_uuid().as_u128(),
        now: app.clock().now(),
    }
}
