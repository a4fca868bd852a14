//! Imports as they are shown.

use claviger_domain::{BatchId, Privilege, TenantId, Timestamp, policy::Policy};
use claviger_store::{
    Reader,
    batches::{self, Batch, Goods, Mode},
    pages::Total,
    policies,
};

use super::{Report, Upload};
use crate::{
    Failure,
    auth::Caller,
    rest::{Guard, guard::ImportRead},
};

/// An import with what stands around it.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The import.
    pub batch: Batch,
    /// Name of its policy.
    pub policy_name: Option<String>,
    /// Whether it can be undone.
    pub undoable: bool,
}

/// What a look at a file found.
#[derive(Debug, Clone, PartialEq)]
pub struct Previewed {
    /// What was found.
    pub report: Report,
    /// The file's name, as the sender called it.
    pub file_name: String,
    /// Its size in bytes.
    pub file_size: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// What it would bring.
    pub goods: Goods,
    /// What would be done with faulty rows.
    pub mode: Mode,
    /// The policy that would be linked.
    pub policy: Option<Policy>,
    /// When.
    pub at: Timestamp,
    /// Who looked.
    pub by: String,
}

impl Previewed {
    pub(super) fn new<P: Guard>(
        caller: &Caller<P>,
        upload: &Upload,
        mode: Mode,
        (goods, policy): (Goods, Option<Policy>),
        report: Report,
    ) -> Self {
        Self {
            report,
            file_name: upload.file_name.clone(),
            file_size: upload.size,
            sha256: upload.sha256,
            goods,
            mode,
            policy,
            at: caller.now(),
            by: caller.identity().actor().label().to_owned(),
        }
    }
}

/// An import with what stands around it.
pub(super) async fn view(reader: &mut Reader, tenant: TenantId, batch: Batch) -> Result<View, Failure> {
    let undoable = batches::undoable(reader, tenant, &batch).await?;
    let policy_name = policy_name(reader, tenant, &batch).await?;
    Ok(View {
        batch,
        policy_name,
        undoable,
    })
}

/// Name of the policy that an import links.
pub(crate) async fn policy_name(
    reader: &mut Reader,
    tenant: TenantId,
    batch: &Batch,
) -> Result<Option<String>, claviger_store::Error> {
    let policy = match batch.policy {
        Some((id, _)) => policies::get(reader, tenant, id).await?,
        None => None,
    };
    Ok(policy.map(|policy| policy.name().as_str().to_owned()))
}

/// What one must hold to see an import of these.
const fn seen_with(goods: Goods) -> Privilege {
    match goods {
        Goods::SecurityKeys => Privilege::InventoryRead,
        Goods::OtpTokens => Privilege::OtpRead,
    }
}

/// What one must hold to bring these, hence to undo it.
pub(super) const fn brought_with(goods: Goods) -> Privilege {
    match goods {
        Goods::SecurityKeys => Privilege::StockImport,
        Goods::OtpTokens => Privilege::OtpWrite,
    }
}

fn sees<P: Guard>(caller: &Caller<P>) -> Vec<Goods> {
    let all = [Goods::SecurityKeys, Goods::OtpTokens];
    let seen = all
        .into_iter()
        .filter(|goods| caller.require(seen_with(*goods)).is_ok());
    seen.collect()
}

/// One import. Those of a kind that the caller may not see are not there.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn get(caller: &Caller<ImportRead>, id: BatchId) -> Result<View, Failure> {
    let (tenant, sees) = (caller.tenant(), sees(caller));
    caller
        .read(async move |reader| {
            let batch = batches::get(reader, tenant, id).await?;
            let batch = batch.filter(|batch| sees.contains(&batch.goods));
            view(reader, tenant, batch.ok_or(Failure::NotFound)?).await
        })
        .await
}

/// Imports from the newest on, behind `after`; one more than `limit` when there are more; and how many there are in all.
///
/// # Errors
/// What the store meets.
pub async fn list(
    caller: &Caller<ImportRead>,
    after: Option<BatchId>,
    limit: u32,
) -> Result<(Vec<View>, Total), Failure> {
    let (tenant, sees) = (caller.tenant(), sees(caller));
    let read = async move |reader: &mut Reader| {
        let mut views = Vec::new();
        for batch in batches::list(reader, tenant, after, limit.saturating_add(1), &sees).await? {
            views.push(view(reader, tenant, batch).await?);
        }
        Ok((views, batches::total(reader, tenant, &sees).await?))
    };
    caller.read(read).await
}

/// A piece of the rejects file, from 0 on; `None` behind the last.
///
/// # Errors
/// [`Failure::NotFound`] when there is no such import.
pub async fn rejected(caller: &Caller<ImportRead>, id: BatchId, number: u32) -> Result<Option<Vec<u8>>, Failure> {
    let (tenant, sees) = (caller.tenant(), sees(caller));
    caller
        .read(async move |reader| {
            if number == 0 {
                let batch = batches::get(reader, tenant, id).await?;
                batch
                    .filter(|batch| sees.contains(&batch.goods))
                    .ok_or(Failure::NotFound)?;
            }
            Ok(batches::rejects(reader, tenant, id, number).await?)
        })
        .await
}
