//! What time does to OTP tokens: those whose time is up expire, the seeds of compromised ones are shredded, and
//! emergency codes that nobody can use any more go.

use claviger_domain::{TenantId, otp::OtpToken};
use claviger_store::{Reader, Tx, audit::AuditEntry, emergency_codes, otp_tokens};
use serde_json::json;

use super::scope;
use crate::{
    App, Failure,
    actions::entries::{Object, changed},
};

/// Tokens that expire in one commit.
const CHUNK: i64 = 200;
/// So long a seed stays, in case that somebody has to prove which codes it made.
const SEED_DAYS: i64 = 30;

pub(super) async fn apply(app: &App, tenant: TenantId) -> Result<(), Failure> {
    let now = app.clock().now();
    loop {
        let due = async move |reader: &mut Reader| otp_tokens::due(reader, tenant, now, CHUNK).await;
        let due = app.store().read(due).await?;
        if due.is_empty() || app.is_stopping() {
            break;
        }
        let job = async move |tx: &mut Tx| {
            for token in &due {
                expire(tx, token).await?;
            }
            Ok::<_, Failure>(())
        };
        match app.store().write(scope(app, tenant), job).await {
            // Somebody used one of them meanwhile: the next turn looks again.
            Err(Failure::Stale(_)) => break,
            done => done?,
        }
    }
    let shred = async move |tx: &mut Tx| {
        let seeds = otp_tokens::shred(tx, now.plus_days(-SEED_DAYS)).await?;
        let codes = emergency_codes::remove_expired(tx, now).await?;
        if seeds > 0 {
            tx.record(AuditEntry {
                action: "otp_token.seeds_shredded",
                object_kind: "retention",
                after: Some(json!({ "seeds": seeds })),
                ..AuditEntry::default()
            });
        }
        Ok::<_, Failure>((seeds, codes))
    };
    app.store().write(scope(app, tenant), shred).await.map(drop)
}

async fn expire(tx: &mut Tx, token: &OtpToken) -> Result<(), Failure> {
    let Some(after) = token.expire(tx.now()) else {
        return Ok(());
    };
    otp_tokens::save(tx, token, &after).await?;
    let object = Object {
        kind: "otp_token",
        id: after.id().as_uuid(),
        label: after.serial_number().given(),
        revision: after.revision().get(),
    };
    let said = |token: &OtpToken| Some(json!({ "status": token.status().as_str() }));
    changed(tx, "otp_token.expired", &object, said(token), said(&after));
    Ok(())
}
