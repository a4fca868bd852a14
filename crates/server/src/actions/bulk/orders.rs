//! What a bulk action has to know of the kind of things that it is for.

use claviger_domain::{Privilege, PrivilegeSet, TenantId};
use claviger_store::{Reader, Tx};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{Failure, auth::Caller};

/// An order that many things of a kind take.
pub(crate) trait Orders: Clone + Send + Sync + 'static {
    /// What chooses things of the kind.
    type Filter: Clone + Send + Sync + 'static;

    /// The kind of its jobs.
    fn job(&self) -> String;

    /// What one must hold to give it.
    fn privilege(&self) -> Privilege;

    /// As a job keeps it.
    fn write(&self) -> Json;

    /// The filter as the caller may use it.
    fn permitted<P>(caller: &Caller<P>, filter: Self::Filter) -> Result<Self::Filter, Failure>;

    /// Says at once, not row by row, that something that the order refers to does not exist.
    async fn check(&self, tx: &mut Tx, operator: PrivilegeSet) -> Result<(), Failure>;

    /// Ids of the things that match, rising, behind one of them.
    async fn matching(
        reader: &mut Reader,
        tenant: TenantId,
        filter: &Self::Filter,
        behind: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<Uuid>, Failure>;

    /// How many match, exactly.
    async fn count(reader: &mut Reader, tenant: TenantId, filter: &Self::Filter) -> Result<u64, Failure>;

    /// How many of these there are. At most 500 at once.
    async fn present(reader: &mut Reader, tenant: TenantId, ids: &[Uuid]) -> Result<usize, Failure>;
}
