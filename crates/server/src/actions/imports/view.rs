//! Imports as they are shown.

use claviger_domain::{BatchId, TenantId, Timestamp, policy::Policy};
use claviger_store::{
    Reader,
    batches::{self, Batch, Mode},
    pages::Total,
    policies,
};

use super::{Report, Upload};
use crate::{
    Failure,
    auth::Caller,
    rest::{
        Guard,
        guard::{InventoryRead, StockImport},
    },
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
    pub(super) fn new(
        caller: &Caller<StockImport>,
        upload: &Upload,
        mode: Mode,
        policy: Option<Policy>,
        report: Report,
    ) -> Self {
        Self {
            report,
            file_name: upload.file_name.clone(),
            file_size: upload.size,
            sha256: upload.sha256,
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

/// One import.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn get(caller: &Caller<InventoryRead>, id: BatchId) -> Result<View, Failure> {
    fetch(caller, id).await
}

pub(super) async fn fetch<P: Guard>(caller: &Caller<P>, id: BatchId) -> Result<View, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| {
            let batch = batches::get(reader, tenant, id).await?.ok_or(Failure::NotFound)?;
            view(reader, tenant, batch).await
        })
        .await
}

/// Imports from the newest on, behind `after`; one more than `limit` when there are more; and how many there are in all.
///
/// # Errors
/// What the store meets.
pub async fn list(
    caller: &Caller<InventoryRead>,
    after: Option<BatchId>,
    limit: u32,
) -> Result<(Vec<View>, Total), Failure> {
    let tenant = caller.tenant();
    let read = async move |reader: &mut Reader| {
        let mut views = Vec::new();
        for batch in batches::list(reader, tenant, after, limit.saturating_add(1)).await? {
            views.push(view(reader, tenant, batch).await?);
        }
        Ok((views, batches::total(reader, tenant).await?))
    };
    caller.read(read).await
}

/// A piece of the rejects file, from 0 on; `None` behind the last.
///
/// # Errors
/// [`Failure::NotFound`] when there is no such import.
pub async fn rejected(caller: &Caller<InventoryRead>, id: BatchId, number: u32) -> Result<Option<Vec<u8>>, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| {
            if number == 0 && batches::get(reader, tenant, id).await?.is_none() {
                return Err(Failure::NotFound);
            }
            Ok(batches::rejects(reader, tenant, id, number).await?)
        })
        .await
}
