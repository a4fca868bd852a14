//! Imports that are carried out while the caller waits: everything in one commit, or nothing.

use claviger_domain::policy::Policy;
use claviger_store::{
    Change, Tx,
    batches::{self, Batch, Mode, NewKey, Status},
};

use super::{
    CHUNK, Upload, View,
    check::Checked,
    read::Delivery,
    record::{Draft, event},
    rows::Rows,
    start::same_policy,
    view::view,
};
use crate::{Failure, auth::Caller, rest::guard::StockImport};

/// Keeps the record of a file that is refused.
pub(super) async fn refuse(
    caller: &Caller<StockImport>,
    upload: &Upload,
    mode: Mode,
    policy: Option<Policy>,
    mut checked: Checked,
) -> Result<View, Failure> {
    // Nothing goes in, so nothing counts as accepted.
    checked.report.counts.accepted = 0;
    let batch = record(caller, upload, mode, policy.as_ref(), &checked, Status::Refused)?;
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
pub(super) async fn apply(
    caller: &Caller<StockImport>,
    upload: &Upload,
    mode: Mode,
    policy: Option<Policy>,
    checked: Checked,
) -> Result<View, Failure> {
    let batch = record(caller, upload, mode, policy.as_ref(), &checked, Status::Applying)?;
    let keys = good(upload, &caller.app().config().import.rows(), &checked.rows)?;
    let pieces = checked.rejects.pieces().map_err(Failure::internal)?;
    let rejected = checked.report.counts.rejected > 0;
    let written = caller
        .answering(axum::http::StatusCode::CREATED)
        .write_on(batch.id.as_uuid(), async move |tx| {
            same_policy(tx, policy.as_ref()).await?;
            batches::insert(tx, &batch).await?;
            let mut written = 0;
            for chunk in keys.chunks(CHUNK) {
                batches::insert_chunk(tx, &batch, written, chunk.to_vec()).await?;
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
    written.map_err(overtaken)
}

/// Another import was faster with one of the serial numbers.
pub(super) fn overtaken(failure: Failure) -> Failure {
    const OVERTAKEN: &str =
        "Another import brought one of these serial numbers meanwhile. Nothing of this file was kept: send it again.";
    if matches!(&failure, Failure::Store(error) if error.is_duplicate_in("security_keys")) {
        return Failure::Duplicate(OVERTAKEN.to_owned());
    }
    failure
}

fn record(
    caller: &Caller<StockImport>,
    upload: &Upload,
    mode: Mode,
    policy: Option<&Policy>,
    checked: &Checked,
    status: Status,
) -> Result<Batch, Failure> {
    let actor = caller.identity().actor();
    let (report, now) = (&checked.report, caller.now());
    Draft {
        upload,
        mode,
        policy,
        report,
        status,
        job: None,
        actor: &actor,
        now,
    }
    .record()
}

/// The rows that go in; at most as many as are imported at once.
fn good(upload: &Upload, limits: &super::read::Limits, rows: &Rows) -> Result<Vec<NewKey>, Failure> {
    let file = upload.open().map_err(Failure::internal)?;
    let changed = |_| Failure::internal("a spooled file reads otherwise than when it was checked");
    let mut delivery = Delivery::open(file, limits).map_err(changed)?;
    let mut keys = Vec::new();
    loop {
        let found = match delivery.next_rows(CHUNK) {
            Ok(found) => found,
            Err((_, unreadable)) => return Err(changed(unreadable)),
        };
        let last = found.len() < CHUNK;
        keys.extend(
            found
                .into_iter()
                .filter(|row| rows.contains(row.number))
                .filter_map(|row| row.key.ok()),
        );
        if last {
            return Ok(keys);
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
