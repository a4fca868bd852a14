//! Files for administrators to fetch: the workstation programs for each system.

mod fetch;
mod receive;
mod remove;

use claviger_domain::DownloadId;
use claviger_store::{
    Reader,
    downloads::{self, Download},
    pages::Total,
};

use crate::{Failure, actions::entries::Object, auth::Caller, rest::guard::Downloads};

pub use fetch::{Pieces, fetch};
pub use receive::{Label, Receiving};
pub use remove::{remove, sweep};

/// Bytes of a chunk in the database.
const CHUNK: usize = 256 * 1024;

/// The tenant's files, newest first, behind `after`; one more than `limit` when there are more; and how many there are.
///
/// # Errors
/// What the store meets.
pub async fn list(
    caller: &Caller<Downloads>,
    after: Option<DownloadId>,
    limit: u32,
) -> Result<(Vec<Download>, Total), Failure> {
    let tenant = caller.tenant();
    let read = async move |reader: &mut Reader| {
        let found = downloads::list(reader, tenant, after, limit.saturating_add(1)).await?;
        Ok((found, downloads::total(reader, tenant).await?))
    };
    caller.read(read).await
}

/// One of them.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn get(caller: &Caller<Downloads>, id: DownloadId) -> Result<Download, Failure> {
    let tenant = caller.tenant();
    caller
        .read(async move |reader| downloads::get(reader, tenant, id).await?.ok_or(Failure::NotFound))
        .await
}

fn object(download: &Download) -> Object<'_> {
    Object {
        kind: "download",
        id: download.id.as_uuid(),
        label: &download.file_name,
        revision: download.revision,
    }
}

fn said(download: &Download) -> serde_json::Value {
    serde_json::json!({
        "file_name": download.file_name, "version": download.version, "system": download.system, "kind": download.kind,
        "size": download.size, "sha256": download.sha256.map(|hash| data_encoding::HEXLOWER.encode(&hash)),
    })
}
