//! Orders to many security keys.

use claviger_domain::{Privilege, PrivilegeSet, SecurityKeyId, TenantId};
use claviger_store::{
    Reader, Tx,
    security_keys::{self, Filter},
};
use serde_json::Value as Json;
use uuid::Uuid;

use super::Orders;
use crate::{
    Failure,
    actions::security_keys::{Order, order, permitted},
    auth::Caller,
    jobs::BULK,
};

impl Orders for Order {
    type Filter = Filter;

    fn job(&self) -> String {
        format!("{BULK}{}", self.verb().as_str())
    }

    fn privilege(&self) -> Privilege {
        Self::privilege(self)
    }

    fn write(&self) -> Json {
        order::write(self)
    }

    fn permitted<P>(caller: &Caller<P>, filter: Filter) -> Result<Filter, Failure> {
        permitted(caller, filter)
    }

    async fn check(&self, tx: &mut Tx, operator: PrivilegeSet) -> Result<(), Failure> {
        self.resolve(tx, operator, &[]).await.map(drop)
    }

    async fn matching(
        reader: &mut Reader,
        tenant: TenantId,
        filter: &Filter,
        behind: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<Uuid>, Failure> {
        let behind = behind.map(SecurityKeyId::from_uuid);
        let ids = security_keys::select_ids(reader, tenant, filter, behind, limit).await?;
        Ok(ids.iter().map(SecurityKeyId::as_uuid).collect())
    }

    async fn count(reader: &mut Reader, tenant: TenantId, filter: &Filter) -> Result<u64, Failure> {
        Ok(security_keys::count_exact(reader, tenant, filter).await?)
    }

    async fn present(reader: &mut Reader, tenant: TenantId, ids: &[Uuid]) -> Result<usize, Failure> {
        let ids: Vec<SecurityKeyId> = ids.iter().copied().map(SecurityKeyId::from_uuid).collect();
        Ok(security_keys::get_many(reader, tenant, &ids).await?.len())
    }
}
