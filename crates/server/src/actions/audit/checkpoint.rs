//! Checkpoints over all heads: kept in the database, and outside it where its editor cannot reach.

use std::{io::Write as _, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use claviger_domain::TenantId;
use claviger_store::{
    Actor, Scope, Tx,
    audit::{self, Checkpoint},
};
use serde_json::json;

use super::Signer;
use crate::{App, Failure, auth::Caller, local::private, rest::guard::AuditRead};

/// Name of the file in the data folder.
pub const FILE: &str = "audit-checkpoints.jsonl";

/// Signs where all lanes stand now; writes it to the database, the file and the log. `None` when nothing moved.
///
/// # Errors
/// What the store or the file meets.
pub async fn sign(app: &App, signer: &Signer) -> Result<Option<Checkpoint>, Failure> {
    let (before, heads) = app
        .store()
        .scan(async |reader| Ok::<_, Failure>((audit::latest_checkpoint(reader).await?, audit::heads(reader).await?)))
        .await?;
    let said = before.as_ref().and_then(|before| audit::read_body(&before.body));
    if said.is_some_and(|said| said.heads == heads) || heads.is_empty() {
        return Ok(None);
    }
    let (sequence, at) = (
        before.as_ref().map_or(1, |before| before.sequence + 1),
        app.clock().now(),
    );
    let body = audit::body(sequence, at, before.as_ref(), &heads);
    let checkpoint = Checkpoint {
        sequence,
        at,
        signature: signer.sign(&body),
        key_id: signer.key_id(),
        body,
    };
    let kept = checkpoint.clone();
    let scope = Scope {
        tenant: TenantId::SYSTEM,
        actor: Actor::System("audit".to_owned()),
        source: None,
        request_id: None,
        lane_key: 0,
        now: at,
    };
    app.store()
        .write(scope, async move |tx: &mut Tx| {
            Ok::<_, Failure>(audit::insert_checkpoint(tx, &kept).await?)
        })
        .await?;
    leave(&app.config().data.join(FILE), &checkpoint).map_err(Failure::internal)?;
    Ok(Some(checkpoint))
}

fn leave(path: &Path, checkpoint: &Checkpoint) -> std::io::Result<()> {
    let line = json!({
        "sequence": checkpoint.sequence,
        "at": checkpoint.at.to_string(),
        "body": STANDARD.encode(&checkpoint.body),
        "key_id": checkpoint.key_id,
        "signature": STANDARD.encode(&checkpoint.signature),
    });
    tracing::info!(target: "audit", checkpoint = %line, "audit checkpoint");
    let mut file = private::append(path)?;
    writeln!(file, "{line}")?;
    file.sync_data()
}

/// The newest checkpoints that the database holds, oldest first.
///
/// # Errors
/// What the store meets.
pub async fn list(caller: &Caller<AuditRead>) -> Result<Vec<Checkpoint>, Failure> {
    const LISTED: i64 = 100;
    caller
        .read(async |reader| {
            let newest = audit::latest_checkpoint(reader)
                .await?
                .map_or(0, |newest| newest.sequence);
            Ok(audit::checkpoints(reader, newest - LISTED, LISTED).await?)
        })
        .await
}
