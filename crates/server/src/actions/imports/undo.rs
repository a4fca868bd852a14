//! Undoing an import: all its keys are gone at once, and taken out of the store after that.

use claviger_domain::{BatchId, JobId, PrivilegeSet};
use claviger_store::{
    Change, Tx,
    batches::{self, Batch, Goods, Status as BatchStatus, UndoRefused},
    jobs::{self, Job, Status},
    otp_tokens::{self, Filter},
};
use serde_json::json;

use super::{
    View,
    record::event,
    view::{brought_with, view},
};
use crate::{
    Failure,
    auth::{Caller, roles},
    jobs::{UNDO, UNDO_TOKENS, errand::Errand},
    ports::new_id,
    rest::guard::ImportUndo,
};

/// Undoes an import none of whose keys was touched since.
///
/// # Errors
/// [`Failure::NotFound`]; [`Failure::Refused`] when it is not applied, brought no keys, names how many keys were
/// touched, or would take a token from somebody who may do more.
pub async fn undo(caller: &Caller<ImportUndo>, id: BatchId) -> Result<View, Failure> {
    let (errand, job) = (Errand::of(caller), JobId::from_uuid(new_id()));
    let operator = caller.identity().privileges;
    let brings: Vec<Goods> = [Goods::SecurityKeys, Goods::OtpTokens]
        .into_iter()
        .filter(|goods| caller.require(brought_with(*goods)).is_ok())
        .collect();
    let expected = caller.expected();
    let undone = caller
        .write_on(id.as_uuid(), async move |tx| {
            let tenant = tx.tenant();
            let before = batches::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
            if !brings.contains(&before.goods) {
                return Err(Failure::Lacks(brought_with(before.goods)));
            }
            expected.check(before.revision)?;
            nobody_above(tx, &before, operator).await?;
            hide(tx, &before).await?;
            let hidden = batches::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
            let after = Batch {
                job: Some(job),
                revision: hidden.revision.next(),
                ..hidden.clone()
            };
            batches::save(tx, &hidden, &after).await?;
            jobs::insert(tx, &described(tx, job, &after, &errand)).await?;
            let told = event(tx, &after, "import.undone").await?;
            tx.record(told);
            tx.notify(Change {
                kind: "import",
                id: id.as_uuid(),
                revision: after.revision.get(),
            });
            view(tx, tenant, after).await
        })
        .await?;
    caller.app().jobs().wake();
    Ok(undone)
}

/// Refuses when somebody who may do more than the operator has one of the tokens: they would be taken from him.
async fn nobody_above(tx: &mut Tx, batch: &Batch, operator: PrivilegeSet) -> Result<(), Failure> {
    if batch.goods != Goods::OtpTokens {
        return Ok(());
    }
    let tenant = tx.tenant();
    for user in roles::above(tx, tenant, operator).await? {
        let theirs = Filter {
            user: Some(user),
            batch: Some(batch.id),
            ..Filter::default()
        };
        if otp_tokens::count_exact(tx, tenant, &theirs).await? > 0 {
            let detail = "A user who may do more than you has a token of this import; ask somebody who may as much.";
            return Err(Failure::refused("applied", "undo", detail));
        }
    }
    Ok(())
}

async fn hide(tx: &mut Tx, batch: &Batch) -> Result<(), Failure> {
    if batch.status != BatchStatus::Applied {
        let detail = "Only an import that is applied can be undone.";
        return Err(Failure::refused(batch.status.as_str(), "undo", detail));
    }
    batches::begin_undo(tx, batch).await.map_err(|refused| match refused {
        UndoRefused::Touched { keys } => {
            let what = match batch.goods {
                Goods::SecurityKeys => "keys",
                Goods::OtpTokens => "tokens",
            };
            let detail = format!("{keys} {what} of this import were changed or deleted since; nothing was undone.");
            Failure::refused("applied", "undo", detail)
        }
        UndoRefused::Empty => {
            let detail = match batch.goods {
                Goods::SecurityKeys => "This import brought no keys; there is nothing to undo.",
                Goods::OtpTokens => "This import brought no tokens; there is nothing to undo.",
            };
            Failure::refused("applied", "undo", detail)
        }
        UndoRefused::Store(error) => error.into(),
    })
}

fn described(tx: &Tx, id: JobId, batch: &Batch, errand: &Errand) -> Job {
    Job {
        id,
        tenant: tx.tenant(),
        revision: 1,
        kind: match batch.goods {
            Goods::SecurityKeys => UNDO,
            Goods::OtpTokens => UNDO_TOKENS,
        }
        .to_owned(),
        status: Status::Queued,
        arguments: json!({ "file_name": batch.file_name }),
        subject: Some(batch.id.as_uuid()),
        total: batch.counts.accepted,
        done: 0,
        refused: 0,
        position: None,
        error: None,
        cancel_requested: false,
        created_at: tx.now(),
        created_by: errand.actor.label().to_owned(),
        created_by_id: errand.actor.id(),
        scope: errand.write(),
        started_at: None,
        finished_at: None,
    }
}
