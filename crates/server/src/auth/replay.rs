//! Answers kept for replay, in the transaction of the change.

use claviger_domain::{TenantId, Timestamp};
use claviger_store::{
    Error, Reader, Tx,
    idempotency::{self, Answered},
};
use uuid::Uuid;

use crate::{
    Failure,
    failure::Stored,
    rest::{
        reply::{self, Reply},
        retry::Retry,
    },
};

const LIFE_DAYS: i64 = 1;

/// Ends the job with the kept answer when the same request was carried out before.
pub(super) async fn refuse_repeat(tx: &mut Tx, caller: Uuid, retry: &Retry) -> Result<(), Failure> {
    let (tenant, now) = (tx.tenant(), tx.now());
    let repeated = answered(tx, tenant, caller, retry, now).await?;
    repeated.map_or(Ok(()), Err)
}

/// What a request is answered whose key was used before; nothing when it was not.
pub(super) async fn answered(
    reader: &mut Reader,
    tenant: TenantId,
    caller: Uuid,
    retry: &Retry,
    now: Timestamp,
) -> Result<Option<Failure>, Error> {
    let Some(kept) = idempotency::get(reader, tenant, caller, &retry.key, now).await? else {
        return Ok(None);
    };
    if kept.fingerprint != retry.fingerprint {
        return Ok(Some(Failure::invalid(
            "header:Idempotency-Key",
            "this key was used for another request; take a new one",
        )));
    }
    let status = u16::try_from(kept.status).unwrap_or(200);
    Ok(Some(kept.response.map_or_else(
        || {
            Failure::refused(
                "carried_out",
                "repeat",
                "Already carried out; the secret is shown once.",
            )
        },
        |body| Failure::Replay(Stored { status, body }),
    )))
}

/// Keeps the answer; one that holds a secret is only noted.
pub(super) async fn keep<T: Reply>(
    tx: &mut Tx,
    caller: Uuid,
    retry: &Retry,
    status: u16,
    done: &T,
) -> Result<(), Failure> {
    let response = if T::SECRET { None } else { Some(reply::bytes(done)?) };
    let answered = Answered {
        caller,
        key: retry.key.clone(),
        fingerprint: retry.fingerprint,
        status: i64::from(status),
        response,
        expires_at: tx.now().plus_days(LIFE_DAYS),
    };
    Ok(idempotency::keep(tx, &answered).await?)
}
