//! What becomes of a file that has arrived.

use std::sync::Arc;

use claviger_domain::{Privilege, policy::Policy};
use claviger_store::{Tx, batches::Mode, policies};

use super::{
    AT_ONCE, Upload, View, Wish,
    check::{Checked, Question, Unchecked, check},
    keys::Keys,
    large, small,
    view::Previewed,
    wares::Wares,
};
use crate::{
    Failure,
    auth::Caller,
    rest::{Guard, guard::StockImport},
};

/// What became of a file.
#[derive(Debug)]
pub enum Outcome {
    /// What it brings is in.
    Applied(View),
    /// It is faulty, and nothing of it was kept but this record.
    Refused(View),
    /// It is long: a job carries it out.
    Begun(View),
}

/// Looks at a file of either kind; nothing is changed.
pub(super) async fn look<P: Guard, W: Wares>(
    caller: &Caller<P>,
    upload: Upload,
    mode: Mode,
    wares: W,
) -> Result<Previewed, Failure> {
    let question = question(caller, wares, None);
    let policy = question.wares.policy().cloned();
    match checked(Arc::new(upload), question).await {
        Ok((upload, checked)) => Ok(Previewed::new(
            caller,
            &upload,
            mode,
            (W::GOODS, policy),
            checked.report,
        )),
        Err(Unchecked::Failed(failure)) => Err(failure),
        Err(Unchecked::Long | Unchecked::Stopped) => Err(Failure::internal("a preview was not carried to its end")),
    }
}

/// Imports a file of either kind: at once when it is short, by a job when it is long.
pub(super) async fn bring<P: Guard, W: Wares>(
    caller: &Caller<P>,
    upload: Upload,
    mode: Mode,
    wares: W,
) -> Result<Outcome, Failure> {
    let question = question(caller, wares.clone(), Some(AT_ONCE));
    let upload = Arc::new(upload);
    match checked(Arc::clone(&upload), question).await {
        Ok((upload, checked)) if refuses(&checked, mode) => small::refuse(caller, &upload, mode, &wares, checked)
            .await
            .map(Outcome::Refused),
        Ok((upload, checked)) => small::apply(caller, upload, mode, wares, checked)
            .await
            .map(Outcome::Applied),
        Err(Unchecked::Long) => large::begin(caller, upload, mode, wares).await.map(Outcome::Begun),
        Err(Unchecked::Failed(failure)) => Err(failure),
        Err(Unchecked::Stopped) => Err(Failure::internal("a check was stopped by nobody")),
    }
}

/// Looks at a delivery; nothing is changed.
///
/// # Errors
/// [`Failure::Validation`] when there is no such policy.
pub async fn preview(caller: &Caller<StockImport>, upload: Upload, wish: Wish) -> Result<Previewed, Failure> {
    look(caller, upload, wish.mode, keys(caller, wish).await?).await
}

/// Imports a delivery: at once when it is short, by a job when it is long.
///
/// # Errors
/// [`Failure::Validation`] when there is no such policy; [`Failure::Refused`] when it is archived;
/// [`Failure::Duplicate`] when another import brought one of its keys meanwhile.
pub async fn create(caller: &Caller<StockImport>, upload: Upload, wish: Wish) -> Result<Outcome, Failure> {
    bring(caller, upload, wish.mode, keys(caller, wish).await?).await
}

/// Whether nothing of the file may go in.
pub(super) fn refuses(checked: &Checked, mode: Mode) -> bool {
    checked.report.unreadable || (mode == Mode::AllOrNothing && checked.report.counts.rejected > 0)
}

async fn checked<W: Wares>(upload: Arc<Upload>, question: Question<W>) -> Result<(Arc<Upload>, Checked), Unchecked> {
    let runtime = tokio::runtime::Handle::current();
    let work = move || {
        let found = check(&upload, &question, runtime, |_| true)?;
        Ok((upload, found))
    };
    match claviger_store::threads::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(error) => Err(Unchecked::Failed(Failure::internal(error))),
    }
}

fn question<P: Guard, W: Wares>(caller: &Caller<P>, wares: W, at_most: Option<u32>) -> Question<W> {
    Question {
        store: caller.app().store().clone(),
        tenant: caller.tenant(),
        wares,
        limits: caller.app().config().import.rows(),
        at_most,
    }
}

async fn keys(caller: &Caller<StockImport>, wish: Wish) -> Result<Keys, Failure> {
    let Some(id) = wish.policy else {
        return Ok(Keys { policy: None });
    };
    caller.require(Privilege::StockLink)?;
    let tenant = caller.tenant();
    let found = caller
        .read(async move |reader| Ok(policies::get(reader, tenant, id).await?))
        .await?;
    let policy = Some(usable(found)?);
    Ok(Keys { policy })
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
