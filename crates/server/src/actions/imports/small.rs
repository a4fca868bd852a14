//! Imports that are carried out while the caller waits: everything in one commit, or nothing.

use std::sync::Arc;

use claviger_domain::TenantId;
use claviger_store::{
    Change, Tx,
    batches::{self, Batch, Mode, Status},
};

use super::{
    CHUNK, Report, Upload, View,
    check::Checked,
    read::Limits,
    record::{Draft, event},
    rows::Rows,
    view::view,
    wares::{Reading as _, Wares},
};
use crate::{Failure, auth::Caller, rest::Guard};

/// Keeps the record of a file that is refused.
pub(super) async fn refuse<P: Guard, W: Wares>(
    caller: &Caller<P>,
    upload: &Upload,
    mode: Mode,
    wares: &W,
    mut checked: Checked,
) -> Result<View, Failure> {
    // Nothing goes in, so nothing counts as accepted.
    checked.report.counts.accepted = 0;
    let batch = drafted(caller, upload, mode, wares, &checked.report, Status::Refused)?;
    let pieces = checked.rejects.pieces().map_err(Failure::internal)?;
    caller
        .answering(axum::http::StatusCode::UNPROCESSABLE_ENTITY)
        .write_on(batch.id.as_uuid(), async move |tx| {
            batches::insert(tx, &batch).await?;
            put_rejects(tx, &batch, &pieces).await?;
            let told = event(tx, &batch, "import.refused").await?;
            tx.record(told);
            shown(tx, &batch).await
        })
        .await
}

/// Puts a file's good rows in.
pub(super) async fn apply<P: Guard, W: Wares>(
    caller: &Caller<P>,
    upload: Arc<Upload>,
    mode: Mode,
    wares: W,
    checked: Checked,
) -> Result<View, Failure> {
    let Checked { report, rows, rejects } = checked;
    let pieces = rejects.pieces().map_err(Failure::internal)?;
    let rejected = report.counts.rejected > 0;
    let batch = drafted(caller, &upload, mode, &wares, &report, Status::Applying)?;
    let goods = good(caller, upload, &wares, &batch, rows).await?;
    let written = caller
        .answering(axum::http::StatusCode::CREATED)
        .write_on(batch.id.as_uuid(), async move |tx| {
            wares.still(tx).await?;
            batches::insert(tx, &batch).await?;
            let mut written = 0;
            for chunk in goods.chunks(CHUNK) {
                wares.write(tx, &batch, written, chunk.to_vec()).await?;
                written += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            }
            if rejected {
                put_rejects(tx, &batch, &pieces).await?;
            }
            batches::apply(tx, &batch).await?;
            let told = event(tx, &batch, "import.applied").await?;
            tx.record(told);
            shown(tx, &batch).await
        })
        .await;
    written.map_err(overtaken::<W>)
}

/// Another import was faster with one of the serial numbers.
pub(super) fn overtaken<W: Wares>(failure: Failure) -> Failure {
    const OVERTAKEN: &str =
        "Another import brought one of these serial numbers meanwhile. Nothing of this file was kept: send it again.";
    if matches!(&failure, Failure::Store(error) if error.is_duplicate_in(W::TABLE)) {
        return Failure::Duplicate(OVERTAKEN.to_owned());
    }
    failure
}

fn drafted<P: Guard, W: Wares>(
    caller: &Caller<P>,
    upload: &Upload,
    mode: Mode,
    wares: &W,
    report: &Report,
    status: Status,
) -> Result<Batch, Failure> {
    let (actor, now) = (caller.identity().actor(), caller.now());
    Draft {
        upload,
        goods: W::GOODS,
        mode,
        policy: wares.policy(),
        report,
        status,
        job: None,
        actor: &actor,
        now,
    }
    .record()
}

/// The rows that go in, as they are written; at most as many as are imported at once.
async fn good<P: Guard, W: Wares>(
    caller: &Caller<P>,
    upload: Arc<Upload>,
    wares: &W,
    batch: &Batch,
    rows: Rows,
) -> Result<Vec<W::New>, Failure> {
    let (tenant, limits) = (caller.tenant(), caller.app().config().import.rows());
    let (wares, batch) = (wares.clone(), batch.clone());
    let work = move || {
        let mut all = Vec::new();
        reread(&upload, &limits, (&wares, tenant), &batch, &rows, |some| {
            all.extend(some);
            true
        })?;
        Ok(all)
    };
    claviger_store::threads::spawn_blocking(work)
        .await
        .map_err(Failure::internal)?
}

/// Reads a file that was checked once more; `take` has its good rows as they are written, until it answers false. Blocks.
pub(super) fn reread<W: Wares>(
    upload: &Upload,
    limits: &Limits,
    (wares, tenant): (&W, TenantId),
    batch: &Batch,
    rows: &Rows,
    mut take: impl FnMut(Vec<W::New>) -> bool,
) -> Result<(), Failure> {
    let changed = || Failure::internal("a spooled file reads otherwise than when it was checked");
    let file = upload.open().map_err(Failure::internal)?;
    let mut reading = wares.open(file, limits).map_err(|_| changed())?;
    loop {
        let (found, ended) = reading.next_rows(CHUNK);
        if ended.is_some() {
            return Err(changed());
        }
        let last = found.len() < CHUNK;
        let mut made = Vec::with_capacity(found.len());
        for row in found {
            if let (true, Ok(given)) = (rows.contains(row.number), row.given) {
                made.push(wares.made(tenant, batch, row.number, given)?);
            }
        }
        if !take(made) || last {
            return Ok(());
        }
    }
}

async fn put_rejects(tx: &mut Tx, batch: &Batch, pieces: &[Vec<u8>]) -> Result<(), Failure> {
    for (number, piece) in (0..).zip(pieces) {
        batches::put_rejects(tx, batch.id, number, piece.clone()).await?;
    }
    Ok(())
}

async fn shown(tx: &mut Tx, batch: &Batch) -> Result<View, Failure> {
    let tenant = tx.tenant();
    let batch = batches::get(tx, tenant, batch.id).await?.ok_or(Failure::NotFound)?;
    tx.notify(Change {
        kind: "import",
        id: batch.id.as_uuid(),
        revision: batch.revision.get(),
    });
    view(tx, tenant, batch).await
}
