//! What becomes of a file that has arrived.

use std::sync::Arc;

use claviger_domain::{Privilege, policy::Policy};
use claviger_store::{Tx, batches::Mode, policies};

use super::{
    AT_ONCE, Upload, View, Wish,
    check::{Checked, Question, Unchecked, check},
    large, small,
    view::Previewed,
};
use crate::{Failure, auth::Caller, rest::guard::StockImport};

/// What became of a file.
#[derive(Debug)]
pub enum Outcome {
    /// Its keys are in stock.
    Applied(View),
    /// It is faulty, and nothing of it was kept but this record.
    Refused(View),
    /// It is long: a job carries it out.
    Begun(View),
}

/// Looks at a file; nothing is changed.
///
/// # Errors
/// [`Failure::Validation`] when there is no such policy.
pub async fn preview(caller: &Caller<StockImport>, upload: Upload, wish: Wish) -> Result<Previewed, Failure> {
    let question = question(caller, wish, None).await?;
    let policy = question.policy.clone();
    match checked(Arc::new(upload), question).await {
        Ok((upload, checked)) => Ok(Previewed::new(caller, &upload, wish.mode, policy, checked.report)),
        Err(Unchecked::Failed(failure)) => Err(failure),
        Err(Unchecked::Long | Unchecked::Stopped) => Err(Failure::internal("a preview was not carried to its end")),
    }
}

/// Imports a file: at once when it is short, by a job when it is long.
///
/// # Errors
/// [`Failure::Validation`] when there is no such policy; [`Failure::Refused`] when it is archived;
/// [`Failure::Duplicate`] when another import brought one of its keys meanwhile.
pub async fn create(caller: &Caller<StockImport>, upload: Upload, wish: Wish) -> Result<Outcome, Failure> {
    let question = question(caller, wish, Some(AT_ONCE)).await?;
    let policy = question.policy.clone();
    let upload = Arc::new(upload);
    match checked(Arc::clone(&upload), question).await {
        Ok((upload, checked)) if refuses(&checked, wish.mode) => {
            small::refuse(caller, &upload, wish.mode, policy, checked)
                .await
                .map(Outcome::Refused)
        }
        Ok((upload, checked)) => small::apply(caller, &upload, wish.mode, policy, checked)
            .await
            .map(Outcome::Applied),
        Err(Unchecked::Long) => large::begin(caller, upload, wish.mode, policy)
            .await
            .map(Outcome::Begun),
        Err(Unchecked::Failed(failure)) => Err(failure),
        Err(Unchecked::Stopped) => Err(Failure::internal("a check was stopped by nobody")),
    }
}

/// Whether nothing of the file may go in.
pub(super) fn refuses(checked: &Checked, mode: Mode) -> bool {
    checked.report.unreadable || (mode == Mode::AllOrNothing && checked.report.counts.rejected > 0)
}

async fn checked(upload: Arc<Upload>, question: Question) -> Result<(Arc<Upload>, Checked), Unchecked> {
    let runtime = tokio::runtime::Handle::current();
    let work = move || {
        let found = check(&upload, &question, runtime, |_| true)?;
        Ok((upload, found))
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(error) => Err(Unchecked::Failed(Failure::internal(error))),
    }
}

async fn question(caller: &Caller<StockImport>, wish: Wish, at_most: Option<u32>) -> Result<Question, Failure> {
    let (tenant, config) = (caller.tenant(), caller.app().config());
    let policy = match wish.policy {
        None => None,
        Some(id) => {
            caller.require(Privilege::StockLink)?;
            let found = caller
                .read(async move |reader| Ok(policies::get(reader, tenant, id).await?))
                .await?;
            Some(usable(found)?)
        }
    };
    Ok(Question {
        store: caller.app().store().clone(),
        tenant,
        policy,
        limits: config.import.rows(),
        at_most,
    })
}

fn usable(found: Option<Policy>) -> Result<Policy, Failure> {
    let policy = found.ok_or_else(|| Failure::invalid("?policy_id", "there is no such policy"))?;
    if policy.is_archived() {
        let detail = "This policy is archived; restore it first, or choose another.";
        return Err(Failure::refused("archived", "link_policy", detail));
    }
    Ok(policy)
}

/// Refuses a policy that was changed while the file was checked: rows were judged by what it was.
pub(super) async fn same_policy(tx: &mut Tx, policy: Option<&Policy>) -> Result<(), Failure> {
    let Some(before) = policy else { return Ok(()) };
    let tenant = tx.tenant();
    match policies::get(tx, tenant, before.id()).await? {
        Some(now) if now.version() == before.version() && !now.is_archived() => Ok(()),
        _ => Err(Failure::refused(
            "changed",
            "link_policy",
            "The policy was changed meanwhile; send the file again.",
        )),
    }
}
