//! A file on its way out, chunk by chunk.

use claviger_domain::{DownloadId, TenantId};
use claviger_store::downloads;

use crate::{App, Failure, auth::Caller, rest::guard::Downloads};

/// The chunks of a file.
pub struct Pieces {
    app: App,
    tenant: TenantId,
    id: DownloadId,
    next: i64,
    end: i64,
}

/// A file to fetch.
///
/// # Errors
/// [`Failure::NotFound`].
pub async fn fetch(caller: &Caller<Downloads>, id: DownloadId) -> Result<(downloads::Download, Pieces), Failure> {
    let file = super::get(caller, id).await?;
    let pieces = Pieces {
        app: caller.app().clone(),
        tenant: caller.tenant(),
        id,
        next: 0,
        end: file.chunks,
    };
    Ok((file, pieces))
}

impl Pieces {
    /// The next chunk; `None` behind the last.
    ///
    /// # Errors
    /// [`Failure::NotFound`] when the file was removed meanwhile.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        if self.next >= self.end {
            return Ok(None);
        }
        let (tenant, id, number) = (self.tenant, self.id, self.next);
        self.next = number.saturating_add(1);
        let chunk = self
            .app
            .store()
            .read(async move |reader| Ok::<_, Failure>(downloads::chunk(reader, tenant, id, number).await?));
        chunk.await?.ok_or(Failure::NotFound).map(Some)
    }
}
